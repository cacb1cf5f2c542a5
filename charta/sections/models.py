# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tables of sections, immutable revisions, the versioned tree, sources, and the shared text caches."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from charta.db import Base, enum_type
from charta.sections.rules import Cause, SectionKind, SourceKind, StructureCause


class Section(Base):
    """A block of text with a place in the tree.

    Place and head are kept here as they stand now; `StructureRevision` and `Revision` hold how they came.
    `number` is the shown number ("3.2", "A"); `paragraph_count` lets a page number its paragraphs
    (Randnummern) without reading the texts before it.
    """

    __tablename__ = "section"
    __table_args__ = (
        Index("ix_section_tree", "parent_id", "position"),
        CheckConstraint("parent_id IS NULL OR parent_id <> id", name="not_own_parent"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[SectionKind] = mapped_column(enum_type(SectionKind, "kind"))
    field_id: Mapped[int | None] = mapped_column(ForeignKey("field_of_action.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("section.id"))
    position: Mapped[int]
    number: Mapped[str] = mapped_column(String(24), default="")
    title: Mapped[str] = mapped_column(String(200))
    head_id: Mapped[int | None] = mapped_column(
        ForeignKey("revision.id", use_alter=True, name="fk_section_head_id_revision"), index=True
    )
    head_number: Mapped[int] = mapped_column(default=0)
    structure_number: Mapped[int] = mapped_column(default=0)
    paragraph_count: Mapped[int] = mapped_column(default=0)
    is_deleted: Mapped[bool] = mapped_column(default=False)
    open_proposals: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class Revision(Base):
    """One immutable wording of a section; `number` counts from 1 per section („Textstand 7“)."""

    __tablename__ = "revision"
    __table_args__ = (
        UniqueConstraint("section_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"), index=True)
    number: Mapped[int]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    content_hash: Mapped[str] = mapped_column(String(64), index=True)
    cause: Mapped[Cause] = mapped_column(enum_type(Cause, "cause"))
    proposal_id: Mapped[int | None]  # a number, not a key: references point down, proposals stand above
    proposal_version_number: Mapped[int | None]
    summary: Mapped[str] = mapped_column(String(200), default="")
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]


class RevisionProvenance(Base):
    """Where each passage of a revision comes from: runs of code points, and the state to go on from.

    `runs` is a list of [start, end, origin]; an origin is a key of `origins`
    ({"source_ids": [...], "proposal_id": ..., "revision_id": ...}).
    """

    __tablename__ = "revision_provenance"

    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), primary_key=True)
    engine_version: Mapped[int]
    runs: Mapped[list[Any]]
    origins: Mapped[dict[str, Any]]
    state: Mapped[dict[str, Any]]


class StructureRevision(Base):
    """One immutable place of a section in the tree; a tombstone when it was taken out."""

    __tablename__ = "structure_revision"
    __table_args__ = (UniqueConstraint("section_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"), index=True)
    number: Mapped[int]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("section.id"), index=True)
    field_id: Mapped[int | None] = mapped_column(ForeignKey("field_of_action.id"), index=True)
    position: Mapped[int]
    is_tombstone: Mapped[bool] = mapped_column(default=False)
    cause: Mapped[StructureCause] = mapped_column(enum_type(StructureCause, "cause"))
    proposal_id: Mapped[int | None]
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]


class Source(Base):
    """Where text comes from; `number` (1-6 and on) gives colour, pattern and the printed figure."""

    __tablename__ = "source"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    kind: Mapped[SourceKind] = mapped_column(enum_type(SourceKind, "kind"))
    name: Mapped[str] = mapped_column(String(120), unique=True)
    short: Mapped[str] = mapped_column(String(40))
    dated_on: Mapped[date | None]


class RenderedText(Base):
    """Rendered HTML by (content hash, renderer version): a cache shared by all processes."""

    __tablename__ = "rendered_text"

    content_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    renderer_version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    paragraphs: Mapped[list[Any]]
    created_at: Mapped[datetime]


class ComparisonCache(Base):
    """Comparisons by (old hash, new hash, algorithm version): a cache, never the truth."""

    __tablename__ = "comparison_cache"

    old_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    new_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    algorithm_version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    comparison: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
