# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What somebody watches: how they stand to one subject, and the list."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import SQLColumnExpression, case, func, literal, or_, select

from charta.db import session
from charta.notifications.models import Subscription
from charta.notifications.subscriptions import watch_state
from charta.permissions import Actor
from charta.site.rules import SiteSettings
from charta.watching.queries import subjects
from charta.watching.queries.subjects import Subject
from charta.watching.rules import WatchKind, WatchState

PAGE_SIZE = 50

# The order of the list: what is large first, then single things and conversations.
KINDS = (
    WatchKind.FIELD,
    WatchKind.SECTION,
    WatchKind.PROPOSAL,
    WatchKind.CONTRIBUTION,
    WatchKind.TOPIC,
    WatchKind.FORUM,
    WatchKind.BALLOT,
    WatchKind.COMMENT,
)


def state(viewer: Actor, kind: WatchKind, subject_id: int | SQLColumnExpression[int]) -> WatchState:
    """Return how the viewer stands to a subject, named by id or by a column (one statement)."""
    ident = literal(subject_id) if isinstance(subject_id, int) else subject_id
    found = session.scalar(select(watch_state(viewer.id, kind.value, ident)))
    return WatchState(found or WatchState.NONE)


@dataclass(frozen=True, slots=True)
class Line:
    """One watched thing; `subject` is None for what the viewer may not see (any more)."""

    id: int
    kind: WatchKind
    subject_id: int
    is_own: bool
    is_muted: bool
    since: datetime
    subject: Subject | None


_RANK = case(
    {kind.value: place for place, kind in enumerate(KINDS)}, value=Subscription.subject_kind, else_=99
)


def lines(
    viewer: Actor,
    settings: SiteSettings,
    *,
    reads_text: bool,
    kind: WatchKind | None = None,
    only_muted: bool = False,
    after: int | None = None,
) -> list[Line]:
    """Return up to `PAGE_SIZE` + 1 watched things by kind, newest first, after the line with this id.

    One statement, and one for each kind among them.
    """
    wanted = [
        Subscription.person_id == viewer.id,
        Subscription.ended_at.is_(None),
        Subscription.confirmed_at.is_not(None),
        Subscription.subject_kind.in_([one.value for one in KINDS]),
    ]
    if kind is not None:
        wanted.append(Subscription.subject_kind == kind.value)
    if only_muted:
        wanted.append(Subscription.muted_at.is_not(None))
    if after is not None:
        last = select(_RANK).where(Subscription.id == after).correlate(None).scalar_subquery()
        wanted.append(or_(last < _RANK, (last == _RANK) & (Subscription.id < after)))
    rows = session.execute(
        select(
            Subscription.id,
            Subscription.subject_kind,
            Subscription.subject_id,
            Subscription.is_own,
            Subscription.muted_at,
            Subscription.created_at,
        )
        .where(*wanted)
        .order_by(_RANK, Subscription.id.desc())
        .limit(PAGE_SIZE + 1)
    ).all()
    names = subjects.titles(viewer, settings, [(row[1], row[2]) for row in rows], reads_text=reads_text)
    return [
        Line(
            id=ident,
            kind=WatchKind(raw),
            subject_id=subject_id,
            is_own=is_own,
            is_muted=muted_at is not None,
            since=since,
            subject=names.get((WatchKind(raw), subject_id)),
        )
        for ident, raw, subject_id, is_own, muted_at, since in rows
    ]


def counts(viewer: Actor) -> tuple[dict[WatchKind, int], int]:
    """Return how much of each kind the viewer watches, and how much of it is muted (one statement)."""
    rows = session.execute(
        select(
            Subscription.subject_kind,
            func.count(),
            func.count().filter(Subscription.muted_at.is_not(None)),
        )
        .where(
            Subscription.person_id == viewer.id,
            Subscription.ended_at.is_(None),
            Subscription.confirmed_at.is_not(None),
            Subscription.subject_kind.in_([one.value for one in KINDS]),
        )
        .group_by(Subscription.subject_kind)
    ).all()
    return {WatchKind(row[0]): row[1] for row in rows}, sum(row[2] for row in rows)
