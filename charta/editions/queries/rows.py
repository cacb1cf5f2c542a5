# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Editions as lists and other pages name them; who may see which of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import aliased

from charta.db import session
from charta.editions.models import Edition, EditionEntry
from charta.editions.rules import Decision, EditionState, order_of
from charta.permissions import STRICT, Actor, Permission, Policy, may
from charta.sections.models import Revision
from charta.sections.rules import SectionKind


@dataclass(frozen=True, slots=True)
class EditionRow:
    """One edition without its text.

    `previous_name` is the edition that was in force before it, or ""; of one that waits the edition in force
    now: another one may have been published since it was composed.
    """

    id: int
    name: str
    title: str
    state: EditionState
    note: str
    content_hash: str
    paragraph_count: int
    held_by_ballot: int | None
    decision: Decision
    decided_by_ballot: int | None
    release_reason: str
    composed_at: datetime
    published_at: datetime | None
    version: int
    previous_id: int | None
    previous_name: str
    section_count: int
    measure_count: int


def _count(kind: SectionKind) -> Any:
    return (
        select(func.count())
        .select_from(EditionEntry)
        .where(EditionEntry.edition_id == Edition.id, EditionEntry.kind == kind)
        .correlate(Edition)
        .scalar_subquery()
    )


_previous, _published = aliased(Edition), aliased(Edition)
_IN_FORCE = (
    select(_published.id)
    .where(_published.state == EditionState.PUBLISHED)
    .order_by(_published.published_at.desc(), _published.id.desc())
    .limit(1)
    .scalar_subquery()
)
ROW = select(
    Edition.id,
    Edition.name,
    Edition.title,
    Edition.state,
    Edition.note,
    Edition.content_hash,
    Edition.paragraph_count,
    Edition.held_by_ballot,
    Edition.decision,
    Edition.decided_by_ballot,
    Edition.release_reason,
    Edition.composed_at,
    Edition.published_at,
    Edition.version,
    _previous.id.label("previous_id"),
    func.coalesce(_previous.name, "").label("previous_name"),
    _count(SectionKind.SECTION).label("section_count"),
    _count(SectionKind.MEASURE).label("measure_count"),
).outerjoin(
    _previous,
    _previous.id == case((Edition.state == EditionState.COMPOSED, _IN_FORCE), else_=Edition.previous_id),
)


def row_of(row: Any) -> EditionRow:
    """Return what `ROW` read, the first columns of a statement."""
    return EditionRow(*row[: len(EditionRow.__dataclass_fields__)])


def visible_states(viewer: Actor, policy: Policy = STRICT) -> frozenset[EditionState]:
    """Return the states in which a viewer may read an edition: published ones are for everybody."""
    if may(viewer, Permission.READ_DRAFT, policy=policy):
        return frozenset({EditionState.PUBLISHED, EditionState.COMPOSED})
    return frozenset({EditionState.PUBLISHED})


def editions(viewer: Actor, *, policy: Policy = STRICT) -> Sequence[EditionRow]:
    """Return the editions a viewer may know of, the highest name first; discarded ones for who composes."""
    states = set(visible_states(viewer, policy))
    if may(viewer, Permission.COMPOSE_EDITION):
        states.add(EditionState.DISCARDED)
    found = [row_of(row) for row in session.execute(ROW.where(Edition.state.in_(states)))]
    return sorted(found, key=lambda one: (order_of(one.name), one.id), reverse=True)


def by_id(edition_id: int) -> EditionRow | None:
    """Return one edition in any state (one statement); who shows it asks whether it may be seen."""
    row = session.execute(ROW.where(Edition.id == edition_id)).one_or_none()
    return None if row is None else row_of(row)


def latest_published() -> EditionRow | None:
    """Return the edition in force: the one that was published last (one statement)."""
    row = session.execute(
        ROW.where(Edition.state == EditionState.PUBLISHED)
        .order_by(Edition.published_at.desc(), Edition.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else row_of(row)


def revision_in(edition_id: int, section_id: int) -> Revision | None:
    """Return the wording a section has in an edition, None when it does not stand there (one statement)."""
    return session.scalar(
        select(Revision)
        .join(EditionEntry, EditionEntry.revision_id == Revision.id)
        .where(EditionEntry.edition_id == edition_id, EditionEntry.section_id == section_id)
    )


def in_force(rows: Iterable[EditionRow]) -> EditionRow | None:
    """Return the one of these editions that was published last."""
    published = [(one.published_at, one.id, one) for one in rows if one.published_at is not None]
    return max(published)[2] if published else None


def living(rows: Iterable[EditionRow]) -> Sequence[EditionRow]:
    """Return the editions that have a page."""
    return [one for one in rows if one.state is not EditionState.DISCARDED]
