# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The past of a section: the wordings and the places it has had."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from charta.accounts.models import Organisation, Person
from charta.accounts.rules import Byline, byline
from charta.db import session
from charta.permissions import Actor
from charta.sections.models import Revision, StructureRevision
from charta.sections.rules import Cause

PAGE_SIZE = 50


def revision(section_id: int, number: int) -> Revision | None:
    """Return one wording of a section by its number („Textstand 7“)."""
    return session.scalar(
        select(Revision).where(Revision.section_id == section_id, Revision.number == number)
    )


def revisions_between(section_id: int, numbers: Sequence[int]) -> Mapping[int, Revision]:
    """Return the wordings with these numbers, by number (one statement)."""
    found = session.scalars(
        select(Revision).where(Revision.section_id == section_id, Revision.number.in_(numbers))
    )
    return {item.number: item for item in found}


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One wording in the history of a section, without its text; `author` shows what the viewer may know."""

    id: int
    number: int
    title: str
    cause: Cause
    proposal_id: int | None
    summary: str
    created_at: datetime
    author: Byline
    approver_name: str
    more: tuple[Any, ...] = ()


_Approver = aliased(Person)
_HISTORY = (
    select(
        Revision.id,
        Revision.number,
        Revision.title,
        Revision.cause,
        Revision.proposal_id,
        Revision.summary,
        Revision.created_at,
        Revision.author_id,
        Person.name.label("author"),
        Person.role,
        Person.public_name,
        Organisation.name.label("organisation"),
        Organisation.short,
        _Approver.name.label("approver"),
    )
    .join(Person, Person.id == Revision.author_id)
    .outerjoin(Organisation, Organisation.id == Person.organisation_id)
    .outerjoin(_Approver, _Approver.id == Revision.approved_by_id)
)


def history(
    viewer: Actor, section_id: int, *, before_number: int | None = None, limit: int = PAGE_SIZE
) -> Sequence[HistoryEntry]:
    """Return up to `limit` + 1 wordings, newest first, below `before_number` (keyset, one statement)."""
    statement = (
        _HISTORY.where(Revision.section_id == section_id).order_by(Revision.number.desc()).limit(limit + 1)
    )
    if before_number is not None:
        statement = statement.where(Revision.number < before_number)
    return [_entry(viewer, row) for row in session.execute(statement)]


def history_of(viewer: Actor, revision_ids: Collection[int], *more: Any) -> Mapping[int, HistoryEntry]:
    """Return these wordings by id (one statement); `more` are columns about them that a page wants too."""
    found = session.execute(_HISTORY.add_columns(*more).where(Revision.id.in_(revision_ids)))
    return {row.id: _entry(viewer, row) for row in found}


def _entry(viewer: Actor, row: Any) -> HistoryEntry:
    return HistoryEntry(
        id=row.id,
        number=row.number,
        title=row.title,
        cause=row.cause,
        proposal_id=row.proposal_id,
        summary=row.summary,
        created_at=row.created_at,
        author=byline(
            viewer,
            person_id=row.author_id,
            name=row.author,
            role=row.role,
            public_name=row.public_name,
            organisation_short=row.short or "",
            organisation_name=row.organisation or "",
        ),
        approver_name=row.approver or "",
        more=tuple(row[len(_HISTORY.selected_columns) :]),
    )


def structure_history(section_id: int, *, limit: int = PAGE_SIZE) -> Sequence[StructureRevision]:
    """Return the places a section has had, newest first."""
    return session.scalars(
        select(StructureRevision)
        .where(StructureRevision.section_id == section_id)
        .order_by(StructureRevision.number.desc())
        .limit(limit)
    ).all()


def tombstone(section_id: int) -> StructureRevision | None:
    """Return how a section was taken out, or None while it lives."""
    newest = next(iter(structure_history(section_id, limit=1)), None)
    return newest if newest is not None and newest.is_tombstone else None
