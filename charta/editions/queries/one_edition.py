# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""One edition: its texts as they were frozen, and the notes printed with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from charta.db import session
from charta.editions.models import Edition, EditionEntry, EditionNote
from charta.editions.queries.document import bodies
from charta.editions.queries.rows import ROW, EditionRow, row_of, visible_states
from charta.editions.rules import EditionState, is_name
from charta.editions.wording import Entry, whole_text
from charta.errors import NotFound
from charta.permissions import STRICT, Actor, Policy
from charta.sections.models import Revision
from charta.sections.queries import rendered_texts
from charta.sections.texts import RenderedParagraph


@dataclass(frozen=True, slots=True)
class Following:
    """The edition that came into force after one."""

    name: str
    published_at: datetime


_next = aliased(Edition)
_FOLLOWING = (
    select(_next.id)
    .where(_next.state == EditionState.PUBLISHED, _next.published_at > Edition.published_at)
    .order_by(_next.published_at, _next.id)
    .limit(1)
    .correlate(Edition)
    .scalar_subquery()
)
_after = aliased(Edition)


def named(viewer: Actor, name: str, *, policy: Policy = STRICT) -> tuple[EditionRow, Following | None]:
    """Return an edition by its name, and the one that came into force after it (one statement).

    Raises `NotFound` when there is none that the viewer may read.
    """
    if not is_name(name):
        raise NotFound(kind="edition", name=name)
    row = session.execute(
        ROW.add_columns(_after.name.label("after_name"), _after.published_at.label("after_at"))
        .outerjoin(_after, _after.id == _FOLLOWING)
        .where(Edition.name == name, Edition.state.in_(visible_states(viewer, policy)))
    ).one_or_none()
    if row is None:
        raise NotFound(kind="edition", name=name)
    return row_of(row), None if row.after_name is None else Following(row.after_name, row.after_at)


def entries(edition_id: int) -> Sequence[Entry]:
    """Return the texts of an edition in their order, without their bodies (one statement)."""
    rows = session.execute(
        select(EditionEntry, Revision.title, Revision.content_hash)
        .join(Revision, Revision.id == EditionEntry.revision_id)
        .where(EditionEntry.edition_id == edition_id)
        .order_by(EditionEntry.position)
    )
    return [
        Entry(
            section_id=one.section_id,
            kind=one.kind,
            number=one.number,
            title=title,
            depth=one.depth,
            parent_id=one.parent_id,
            field_number=one.field_number,
            field_name=one.field_name,
            first_rn=one.first_rn,
            revision_id=one.revision_id,
            content_hash=content_hash,
            facts=one.facts,
            paragraph_count=one.paragraph_count,
        )
        for one, title, content_hash in rows
    ]


def text_of(edition_id: int) -> str:
    """Return the whole text of an edition: what is voted on and hashed (two statements)."""
    found = entries(edition_id)
    return whole_text(found, bodies({one.revision_id for one in found}))


@dataclass(frozen=True, slots=True)
class EditionPage:
    """An edition as one text: paragraphs and printed notes by section."""

    row: EditionRow
    following: Following | None
    entries: Sequence[Entry]
    blocks: Mapping[int, Sequence[RenderedParagraph]]
    notes: Mapping[int, Sequence[EditionNote]]


def edition(viewer: Actor, name: str, *, policy: Policy = STRICT) -> EditionPage:
    """Return a whole edition by its name; raises `NotFound` (five statements at most, whatever its size)."""
    row, following = named(viewer, name, policy=policy)
    return read(row, following)


def read(row: EditionRow, following: Following | None) -> EditionPage:
    """Return the texts of an edition that was looked up already (four statements at most)."""
    found = entries(row.id)
    blocks = rendered_texts({one.content_hash: one.revision_id for one in found})
    return EditionPage(
        row, following, found, {one.section_id: blocks[one.content_hash] for one in found}, notes(row.id)
    )


def notes(edition_id: int) -> Mapping[int, Sequence[EditionNote]]:
    """Return the notes printed with an edition, by section (one statement)."""
    found: dict[int, list[EditionNote]] = {}
    rows = session.scalars(
        select(EditionNote)
        .where(EditionNote.edition_id == edition_id)
        .order_by(EditionNote.organisation_name, EditionNote.id)
    )
    for one in rows:
        found.setdefault(one.section_id, []).append(one)
    return found
