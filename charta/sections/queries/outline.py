# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The tree with its Randnummern: all living sections in reading order, kept per version by the process."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from charta.accounts.models import Organisation
from charta.activity.models import LogHead
from charta.db import session
from charta.fields.models import FieldOfAction
from charta.sections import texts
from charta.sections.models import Revision, Section
from charta.sections.rules import Place, SectionKind, in_reading_order


@dataclass(frozen=True, slots=True)
class FieldLabel:
    """A field of action as it stands above a text."""

    number: int
    name: str
    slug: str
    lead_name: str | None


@dataclass(frozen=True, slots=True)
class Outline:
    """One living section in reading order; `first_rn` is the Randnummer of its first paragraph.

    Randnummern run through the sections of the whole Charta. Measures come after all sections, are cited by
    their own number („Maßnahme 3.2“), and each counts its paragraphs from 1.
    """

    id: int
    number: str
    title: str
    depth: int
    kind: SectionKind
    parent_id: int | None
    field_id: int | None
    field_number: int | None
    field_slug: str | None
    field_name: str | None
    lead_name: str | None
    first_rn: int
    paragraph_count: int
    open_proposals: int
    head_id: int
    head_number: int
    content_hash: str
    changed_at: datetime
    made_by: tuple[int | None, int | None] = (None, None)  # number and version of the proposal

    @property
    def field(self) -> "FieldLabel | None":
        """What a page shows of the field, None for a section of the Charta as a whole."""
        if self.field_number is None:
            return None
        return FieldLabel(self.field_number, self.field_name or "", self.field_slug or "", self.lead_name)

    @property
    def last_rn(self) -> int:
        """The Randnummer of the last paragraph; below `first_rn` when there is none."""
        return self.first_rn + self.paragraph_count - 1


# Built once, and asked without the ORM: both cost more than the database.
_TREE = (
    select(
        Section.id,
        Section.kind,
        Section.parent_id,
        Section.field_id,
        FieldOfAction.number,
        Section.position,
        Section.number,
        Section.title,
        Section.paragraph_count,
        Section.open_proposals,
        Section.head_id,
        Section.head_number,
        Section.changed_at,
        Revision.content_hash,
        FieldOfAction.slug,
        FieldOfAction.name,
        Organisation.name.label("lead"),
        Revision.proposal_id,
        Revision.proposal_version_number,
    )
    .join(Revision, Revision.id == Section.head_id)
    .outerjoin(FieldOfAction, FieldOfAction.id == Section.field_id)
    .outerjoin(Organisation, Organisation.id == FieldOfAction.lead_organisation_id)
    .where(Section.is_deleted.is_(False), Section.structure_number > 0)
)
VERSION = select(
    # Names of fields and organisations stand in the tree too: every deed about them moves the log.
    select(LogHead.seq).scalar_subquery(),
    func.count(Section.id),
    func.max(Section.changed_at),
    func.max(Section.head_id),
    func.sum(Section.head_number),
    func.sum(Section.structure_number),
    func.sum(Section.open_proposals * Section.id),
)
_trees: texts.Memo[tuple[Outline, ...]] = texts.Memo(4)


def tree(*, with_measures: bool = False, at: str | None = None) -> Sequence[Outline]:
    """Return all living sections depth first, measures after them when asked for.

    The process keeps the tree of the present version: one small statement, two after a change. A caller that
    has asked for the `version` already gives it as `at`, one that knows the head of the log `version_at` it.
    """
    key = (repr(session.get_bind()), at or version())
    found = _trees.get(key)
    if found is None:
        found = _trees.keep(key, tuple(_outlines()))
    if with_measures:
        return found
    return [entry for entry in found if entry.kind is SectionKind.SECTION]


def _outlines() -> Iterator[Outline]:
    rows = {row.id: row for row in session.connection().execute(_TREE)}
    rn = 1
    for place, depth, number in in_reading_order(Place(*row[:7]) for row in rows.values()):
        row = rows[place.id]
        is_measure = place.kind is SectionKind.MEASURE
        yield Outline(
            id=place.id,
            number=number,
            title=row.title,
            depth=depth,
            kind=place.kind,
            parent_id=place.parent_id,
            field_id=place.field_id,
            field_number=place.field_number,
            field_slug=row.slug,
            field_name=row.name,
            lead_name=row.lead,
            first_rn=1 if is_measure else rn,
            paragraph_count=row.paragraph_count,
            open_proposals=row.open_proposals,
            head_id=row.head_id,
            head_number=row.head_number,
            content_hash=row.content_hash,
            changed_at=row.changed_at,
            made_by=(row.proposal_id, row.proposal_version_number),
        )
        rn += 0 if is_measure else row.paragraph_count


def version() -> str:
    """Return a text that changes with any section, place or count of open proposals (one statement)."""
    return "/".join(str(value) for value in session.connection().execute(VERSION).one())


def version_with(*more: Any) -> tuple[str, tuple[Any, ...]]:
    """Return the `version`, and the values of further columns that a page wants to know with it."""
    row = tuple(session.connection().execute(VERSION.add_columns(*more)).one())
    own = len(row) - len(more)
    return "/".join(str(value) for value in row[:own]), row[own:]


def log_of(version: str) -> int:
    """Return the head of the log a `version` was read with."""
    seq = version.partition("/")[0]
    return int(seq) if seq.isdigit() else 0


def version_at(log: int) -> str:
    """Return what stands for the `version` where the head of the log is known: every deed moves it."""
    return f"log {log}"
