# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Lists of proposals by keyset, the queue, the desk of one person, and counts."""

from collections.abc import Collection
from enum import StrEnum

from sqlalchemy import ColumnElement, ScalarSelect, and_, case, func, or_, select, tuple_

from charta.db import session
from charta.permissions import Actor, Role
from charta.proposals.models import Proposal
from charta.proposals.queries.rows import PAGE_SIZE, ProposalRow, as_row, first, read, select_rows, visible_to
from charta.proposals.rules import NEEDS_HELP, OPEN, MergeState, ProposalKind, State
from charta.site.rules import SiteSettings


def listing(
    viewer: Actor,
    settings: SiteSettings,
    *,
    states: Collection[State] | None = None,
    field_id: int | None = None,
    mine: bool = False,
    search: str = "",
    before: int | None = None,
    limit: int = PAGE_SIZE,
) -> list[ProposalRow]:
    """Return up to `limit` + 1 proposals the viewer may see, newest first, before the number `before`.

    Without `states` drafts are left out unless `mine`; `search` looks into summaries, a number is found too.
    """
    statement = select(Proposal.id).where(visible_to(viewer, settings))
    if mine:
        statement = statement.where(Proposal.author_id == viewer.id)
    if states is not None:
        statement = statement.where(Proposal.state.in_(sorted(states)))
    elif not mine:
        statement = statement.where(Proposal.state != State.DRAFT)
    if field_id is not None:
        statement = statement.where(Proposal.field_id == field_id)
    if search:
        found: list[ColumnElement[bool]] = [Proposal.summary.icontains(search, autoescape=True)]
        if search.isascii() and search.isdigit() and len(search) < 10:
            found.append(Proposal.id == int(search))
        statement = statement.where(or_(*found))
    if before is not None:
        statement = statement.where(Proposal.id < before)
    return first(viewer, statement, Proposal.id.desc(), limit=limit)


def of_section(
    viewer: Actor, settings: SiteSettings, section_id: int, *, limit: int = PAGE_SIZE
) -> list[ProposalRow]:
    """Return up to `limit` + 1 proposals of a section: open ones first, then newest first; no drafts."""
    statement = select(Proposal.id).where(
        Proposal.section_id == section_id, Proposal.state != State.DRAFT, visible_to(viewer, settings)
    )
    open_first = case((Proposal.state.in_(sorted(OPEN)), 0), else_=1)
    return first(viewer, statement, open_first, Proposal.id.desc(), limit=limit)


_AWAITS_DECISION = and_(Proposal.state == State.SUBMITTED, Proposal.adapted_version.is_(None))


class QueueOrder(StrEnum):
    """In which order the queue is read."""

    OLDEST = "oldest"
    NEWEST = "newest"


def queue(
    viewer: Actor,
    *,
    field_id: int | None = None,
    merge_states: Collection[MergeState] | None = None,
    order: QueueOrder = QueueOrder.OLDEST,
    after: int | None = None,
    limit: int = PAGE_SIZE,
) -> list[ProposalRow]:
    """Return up to `limit` + 1 proposals that await a decision, in `order`, after the number `after`.

    For moderators only (Permission.READ_QUEUE). Those whose author is asked about an adapted version wait
    for the author and are not in it; held ones are, with `is_held`.
    """
    statement = select_rows().where(_AWAITS_DECISION)
    if field_id is not None:
        statement = statement.where(Proposal.field_id == field_id)
    if merge_states is not None:
        statement = statement.where(Proposal.merge_state.in_(sorted(merge_states)))
    if after is not None:
        key = select(Proposal.submitted_at).where(Proposal.id == after).scalar_subquery()
        here, last = tuple_(Proposal.submitted_at, Proposal.id), tuple_(key, after)
        statement = statement.where(here > last if order is QueueOrder.OLDEST else here < last)
    if order is QueueOrder.OLDEST:
        statement = statement.order_by(Proposal.submitted_at, Proposal.id)
    else:
        statement = statement.order_by(Proposal.submitted_at.desc(), Proposal.id.desc())
    return read(viewer, statement.limit(limit + 1))


def queue_counts(*, field_id: int | None = None) -> dict[MergeState, int]:
    """Return how many proposals await a decision, by merge state."""
    statement = (
        select(Proposal.merge_state, func.count()).where(_AWAITS_DECISION).group_by(Proposal.merge_state)
    )
    if field_id is not None:
        statement = statement.where(Proposal.field_id == field_id)
    return {row[0]: row[1] for row in session.execute(statement)}


def drafts(viewer: Actor, settings: SiteSettings) -> list[ProposalRow]:
    """Return the drafts the viewer may edit, own ones and those shared in the organisation, newest first."""
    statement = (
        select_rows()
        .where(Proposal.state == State.DRAFT, visible_to(viewer, settings))
        .order_by(Proposal.changed_at.desc(), Proposal.id.desc())
        .limit(PAGE_SIZE)
    )
    return read(viewer, statement)


def own_desk(viewer: Actor, *, limit: int = PAGE_SIZE) -> list[ProposalRow]:
    """Return up to `limit` + 1 proposals of the viewer, and drafts that colleagues share, in one statement.

    What waits for the viewer comes first, then drafts, then the rest, each newest first.
    """
    waits = or_(
        Proposal.state == State.CHANGES_REQUESTED,
        and_(
            Proposal.state == State.SUBMITTED,
            or_(Proposal.adapted_version.is_not(None), Proposal.merge_state.in_(sorted(NEEDS_HELP))),
        ),
    )
    mine: ColumnElement[bool] = Proposal.author_id == viewer.id
    if viewer.role is Role.PARTNER and viewer.organisation_id is not None:
        mine = or_(
            mine,
            and_(
                Proposal.state == State.DRAFT,
                Proposal.is_shared.is_(True),
                Proposal.organisation_id == viewer.organisation_id,
            ),
        )
    statement = (
        select_rows()
        .where(mine)
        .order_by(
            case((waits, 0), (Proposal.state == State.DRAFT, 1), else_=2),
            Proposal.changed_at.desc(),
            Proposal.id.desc(),
        )
        .limit(limit + 1)
    )
    return read(viewer, statement)


def awaiting_count() -> ScalarSelect[int]:
    """Return how many await a decision, as a part of somebody else's statement."""
    return select(func.count(Proposal.id)).where(_AWAITS_DECISION).scalar_subquery()


def assigned_to(viewer: Actor) -> list[ProposalRow]:
    """Return the open proposals that this moderator has taken on, oldest first."""
    statement = (
        select_rows()
        .where(Proposal.assignee_id == viewer.id, Proposal.state.in_(sorted(OPEN)))
        .order_by(Proposal.submitted_at, Proposal.id)
        .limit(PAGE_SIZE)
    )
    return read(viewer, statement)


def by_number(viewer: Actor, settings: SiteSettings, number: int) -> ProposalRow | None:
    """Return one proposal, or None when it does not exist or the viewer may not see it."""
    found = session.execute(
        select_rows().where(Proposal.id == number, visible_to(viewer, settings))
    ).one_or_none()
    return None if found is None else as_row(viewer, found)


def own_draft(viewer: Actor, section_id: int, kind: ProposalKind) -> int | None:
    """Return the number of the viewer's own draft of this kind on a section."""
    return session.scalar(
        select(Proposal.id)
        .where(
            Proposal.author_id == viewer.id,
            Proposal.section_id == section_id,
            Proposal.kind == kind,
            Proposal.state == State.DRAFT,
        )
        .order_by(Proposal.id.desc())
        .limit(1)
    )


def rivals(viewer: Actor, settings: SiteSettings, section_id: int) -> int:
    """Return how many open proposals of other people on this section the viewer may see."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Proposal)
            .where(
                Proposal.section_id == section_id,
                Proposal.state.in_(sorted(OPEN)),
                Proposal.author_id != viewer.id,
                visible_to(viewer, settings),
            )
        )
        or 0
    )
