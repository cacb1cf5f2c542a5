# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tables of editions, their entries in reading order, and the notes printed with them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy import text as sql_text
from sqlalchemy.orm import Mapped, mapped_column

from charta.db import Base, enum_type
from charta.editions.rules import Decision, EditionState
from charta.sections.rules import SectionKind


class Edition(Base):
    """An ordered set of wordings under one name; frozen once it is published.

    `content_hash` is the hash of `title` and the whole text (`editions.wording`): whoever votes on an edition
    votes on that. `held_by_ballot` is the number of the ballot that is open on it: until its end the
    composition stands still. `decision` is the outcome of the last ballot on exactly this composition.
    """

    __tablename__ = "edition"
    __table_args__ = (
        CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", name="published_at_a_moment"),
        CheckConstraint("held_by_ballot IS NULL OR state = 'composed'", name="held_while_composed"),
        CheckConstraint("(decision = 'none') = (decided_by_ballot IS NULL)", name="decided_by_a_ballot"),
        # A name that was thrown away may be used again; two living editions never share one.
        Index(
            "uq_edition_name",
            "name",
            unique=True,
            sqlite_where=sql_text("state <> 'discarded'"),
            postgresql_where=sql_text("state <> 'discarded'"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(12))
    title: Mapped[str] = mapped_column(String(200))
    state: Mapped[EditionState] = mapped_column(
        enum_type(EditionState, "state"), default=EditionState.COMPOSED
    )
    note: Mapped[str] = mapped_column(Text, default="")  # plain words that stand before the text
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id"), index=True)
    content_hash: Mapped[str] = mapped_column(String(64))
    paragraph_count: Mapped[int] = mapped_column(default=0)
    held_by_ballot: Mapped[int | None]  # a number, not a key: ballots stand above editions
    decision: Mapped[Decision] = mapped_column(enum_type(Decision, "decision"), default=Decision.NONE)
    decided_by_ballot: Mapped[int | None]
    release_reason: Mapped[str] = mapped_column(Text, default="")  # why it was published without a decision
    composed_at: Mapped[datetime]
    composed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)


class EditionEntry(Base):
    """One wording in its place; number, title of the field and the facts of a measure are frozen with it.

    `first_rn` is the Randnummer of its first paragraph in this edition (measures count from 1, as in the
    working draft). `facts` of a measure: {"responsible": str, "participants": [str], "starts_on",
    "ends_on": "2026-03-01" | None, "indicators": [{"name", "unit", "baseline", "target": "12.50" | None}]}.
    """

    __tablename__ = "edition_entry"
    __table_args__ = (
        UniqueConstraint("edition_id", "position"),
        UniqueConstraint("edition_id", "section_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    position: Mapped[int]
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), index=True)
    kind: Mapped[SectionKind] = mapped_column(enum_type(SectionKind, "kind"))
    depth: Mapped[int]
    parent_id: Mapped[int | None]  # number of the section above, as it was then
    number: Mapped[str] = mapped_column(String(24), default="")
    field_number: Mapped[int | None]
    field_name: Mapped[str] = mapped_column(String(120), default="")
    first_rn: Mapped[int]
    paragraph_count: Mapped[int]
    facts: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class EditionNote(Base):
    """A partner's note of dissent ("Protokollnotiz") as it is printed with the edition.

    `start_at` and `end_at` are code points in the body of the entry's revision; None for the whole passage.
    """

    __tablename__ = "edition_note"
    __table_args__ = (Index("ix_edition_note_edition_id", "edition_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("edition.id", ondelete="CASCADE"))
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"), index=True)
    organisation_name: Mapped[str] = mapped_column(String(120))
    quote: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text)
    start_at: Mapped[int | None]
    end_at: Mapped[int | None]
