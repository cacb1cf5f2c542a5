# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""One edition: its texts as they were frozen, and the notes printed with them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from charta.db import session
from charta.editions.models import EditionEntry, EditionNote
from charta.editions.queries.document import bodies
from charta.editions.queries.rows import EditionRow, editions, living
from charta.editions.wording import Entry, whole_text
from charta.errors import NotFound
from charta.permissions import STRICT, Actor, Policy
from charta.sections.models import Revision
from charta.sections.queries import rendered_texts
from charta.sections.texts import RenderedParagraph


def named(viewer: Actor, name: str, *, policy: Policy = STRICT) -> tuple[EditionRow, EditionRow | None]:
    """Return an edition by its name, and the one that came into force after it (one statement).

    Raises `NotFound` when there is none that the viewer may read.
    """
    return among(editions(viewer, policy=policy), name)


def among(rows: Sequence[EditionRow], name: str) -> tuple[EditionRow, EditionRow | None]:
    """Return what `named` does out of editions that were read already."""
    row = next((one for one in living(rows) if one.name == name), None)
    if row is None:
        raise NotFound(kind="edition", name=name)
    later = [
        (one.published_at, one.id, one)
        for one in rows
        if one.published_at is not None
        and row.published_at is not None
        and (one.published_at, one.id) > (row.published_at, row.id)
    ]
    return row, min(later)[2] if later else None


def entries(edition_id: int) -> Sequence[Entry]:
    """Return the texts of an edition in their order, without their bodies (one statement)."""
    return entries_of([edition_id]).get(edition_id, ())


def entries_of(edition_ids: Collection[int]) -> Mapping[int, Sequence[Entry]]:
    """Return the texts of several editions by id, each in its order (one statement)."""
    found: dict[int, list[Entry]] = {}
    rows = session.execute(
        select(EditionEntry, Revision.title, Revision.content_hash)
        .join(Revision, Revision.id == EditionEntry.revision_id)
        .where(EditionEntry.edition_id.in_(edition_ids))
        .order_by(EditionEntry.edition_id, EditionEntry.position)
    )
    for one, title, content_hash in rows:
        found.setdefault(one.edition_id, []).append(_entry(one, title, content_hash))
    return found


def _entry(one: EditionEntry, title: str, content_hash: str) -> Entry:
    return Entry(
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


def text_of(edition_id: int) -> str:
    """Return the whole text of an edition: what is voted on and hashed (two statements)."""
    found = entries(edition_id)
    return whole_text(found, bodies({one.revision_id for one in found}))


@dataclass(frozen=True, slots=True)
class EditionPage:
    """An edition as one text: paragraphs and printed notes by section."""

    row: EditionRow
    following: EditionRow | None
    entries: Sequence[Entry]
    blocks: Mapping[int, Sequence[RenderedParagraph]]
    notes: Mapping[int, Sequence[EditionNote]]


def edition(viewer: Actor, name: str, *, policy: Policy = STRICT) -> EditionPage:
    """Return a whole edition by its name; raises `NotFound` (five statements at most)."""
    row, following = named(viewer, name, policy=policy)
    return read(row, following)


def read(row: EditionRow, following: EditionRow | None) -> EditionPage:
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
