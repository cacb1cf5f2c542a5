# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading forums: one by its address, all as lists, places left, and when the hall is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from charta.db import session, utcnow
from charta.errors import NotFound
from charta.forums import rules
from charta.forums.models import Forum, ForumSeries, ForumTable, JoinCode, Registration
from charta.forums.rules import ForumState, RegistrationState, join_window, may_join_at

PAGE_SIZE = 50
# More coming forums than any region holds; the list says nothing about the rest.
COMING_MAX = 200


def by_slug(slug: str) -> Forum | None:
    """Return the forum of an address, or None."""
    return session.scalar(select(Forum).where(Forum.slug == slug))


def load(slug: str) -> Forum:
    """Return the forum of an address; raise `NotFound` when there is none."""
    found = by_slug(slug)
    if found is None:
        raise NotFound(kind="forum", slug=slug)
    return found


def by_id(forum_id: int) -> Forum | None:
    """Return one forum."""
    return session.get(Forum, forum_id)


def window(forum: Forum) -> tuple[datetime, datetime] | None:
    """Return from when until when the code opens the hall; None without a date and an own window."""
    return join_window(
        forum.starts_at, forum.ends_at, opens_at=forum.join_opens_at, closes_at=forum.join_closes_at
    )


def is_open(forum: Forum, now: datetime) -> bool:
    """Whether the code of the forum opens the hall at `now`."""
    return may_join_at(now, forum.state, window(forum), is_always_open=forum.is_always_open)


def takes_registrations(forum: Forum, now: datetime) -> bool:
    """Whether somebody can register now: for a place, or as interested while there is no sure date."""
    return rules.takes_registrations(
        now,
        forum.state,
        forum.starts_at,
        forum.registration_closes_at,
        is_always_open=forum.is_always_open,
    )


@dataclass(frozen=True, slots=True)
class ForumRow:
    """A forum in a list, with its series and how many want to come."""

    forum: Forum
    series_title: str
    registered: int
    waiting: int
    interested: int

    @property
    def places_left(self) -> int | None:
        """How many places are free; None when there is no limit."""
        return None if self.forum.capacity is None else max(0, self.forum.capacity - self.registered)


@dataclass(frozen=True, slots=True)
class Listing:
    """All forums: with a date to come (soonest first), without a date, and past ones (latest first)."""

    coming: Sequence[ForumRow]
    without_date: Sequence[ForumRow]
    past: Sequence[ForumRow]
    next_past_id: int | None

    @property
    def is_empty(self) -> bool:
        """Whether there is no forum at all."""
        return not (self.coming or self.without_date or self.past)


def _counted() -> Select[Forum, str, Any, Any, Any]:
    """Return the statement of the rows; the counts of all forums come from one pass over the table."""
    counts = (
        select(
            Registration.forum_id,
            func.sum(case((Registration.state == RegistrationState.REGISTERED, 1), else_=0)).label("r"),
            func.sum(case((Registration.state == RegistrationState.WAITING, 1), else_=0)).label("w"),
            func.sum(case((Registration.state == RegistrationState.INTERESTED, 1), else_=0)).label("i"),
        )
        .group_by(Registration.forum_id)
        .subquery()
    )
    return (
        select(
            Forum,
            ForumSeries.title,
            func.coalesce(counts.c.r, 0),
            func.coalesce(counts.c.w, 0),
            func.coalesce(counts.c.i, 0),
        )
        .join(ForumSeries, ForumSeries.id == Forum.series_id)
        .outerjoin(counts, counts.c.forum_id == Forum.id)
    )


def _rows(statement: Select[Forum, str, Any, Any, Any]) -> list[ForumRow]:
    return [
        ForumRow(row[0], row[1], int(row[2]), int(row[3]), int(row[4])) for row in session.execute(statement)
    ]


def _is_over(now: datetime) -> ColumnElement[bool]:
    return and_(
        Forum.is_always_open.is_(False),
        or_(Forum.state == ForumState.HELD, func.coalesce(Forum.ends_at, Forum.starts_at) < now),
    )


def listing(*, before_id: int | None = None) -> Listing:
    """Return all forums that are not over and one page of the past ones; two statements.

    `before_id` goes on after the last past forum of the page before.
    """
    now = utcnow()
    ahead = _rows(
        _counted()
        .where(~func.coalesce(_is_over(now), False))
        .order_by(Forum.starts_at.is_(None), Forum.starts_at, ForumSeries.position, Forum.id)
        .limit(COMING_MAX)
    )
    over = _counted().where(_is_over(now))
    if before_id is not None:
        last = select(Forum.starts_at).where(Forum.id == before_id).scalar_subquery()
        over = over.where(or_(Forum.starts_at < last, and_(Forum.starts_at == last, Forum.id < before_id)))
    past = _rows(over.order_by(Forum.starts_at.desc(), Forum.id.desc()).limit(PAGE_SIZE + 1))
    is_dated = [row.forum.starts_at is not None or row.forum.is_always_open for row in ahead]
    return Listing(
        coming=[row for row, dated in zip(ahead, is_dated, strict=True) if dated],
        without_date=[row for row, dated in zip(ahead, is_dated, strict=True) if not dated],
        past=past[:PAGE_SIZE],
        next_past_id=past[PAGE_SIZE - 1].forum.id if len(past) > PAGE_SIZE else None,
    )


def row(slug: str) -> ForumRow:
    """Return one forum with its series and counts in one statement; raise `NotFound`."""
    found = _rows(_counted().where(Forum.slug == slug))
    if not found:
        raise NotFound(kind="forum", slug=slug)
    return found[0]


def dated(*, limit: int = 100) -> Sequence[Forum]:
    """Return the forums of the calendar: sure ones and cancelled ones with a date, the latest first."""
    return session.scalars(
        select(Forum)
        .where(
            Forum.is_always_open.is_(False),
            Forum.starts_at.is_not(None),
            Forum.state != ForumState.PLANNED,
        )
        .order_by(Forum.starts_at.desc(), Forum.id.desc())
        .limit(limit)
    ).all()


def code_of(forum_id: int) -> str | None:
    """Return the code on the wall of a forum."""
    return session.scalar(
        select(JoinCode.code).where(JoinCode.forum_id == forum_id, JoinCode.table_id.is_(None)).limit(1)
    )


def tables(forum_id: int) -> list[tuple[ForumTable, str]]:
    """Return the tables of a forum by number, each with its code."""
    rows = session.execute(
        select(ForumTable, JoinCode.code)
        .outerjoin(JoinCode, JoinCode.table_id == ForumTable.id)
        .where(ForumTable.forum_id == forum_id)
        .order_by(ForumTable.number)
    )
    return [(found[0], found[1] or "") for found in rows]


def series() -> Sequence[ForumSeries]:
    """Return the series in their order."""
    return session.scalars(select(ForumSeries).order_by(ForumSeries.position, ForumSeries.id)).all()


def series_by_id(series_id: int) -> ForumSeries | None:
    """Return one series."""
    return session.get(ForumSeries, series_id)


def count_by_series() -> dict[int, int]:
    """Return how many forums each series holds."""
    rows = session.execute(select(Forum.series_id, func.count()).group_by(Forum.series_id))
    return {found[0]: found[1] for found in rows}
