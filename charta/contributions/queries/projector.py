# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the projector shows: the hall in one statement, the contributions in a second.

A projector asks each second: the first statement is all a page that has not changed costs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from charta.contributions.models import Contribution
from charta.contributions.rules import LISTED, Kind, first_words
from charta.db import session
from charta.errors import NotFound
from charta.fields.models import FieldOfAction
from charta.forums.models import Attendance, Forum, JoinCode
from charta.forums.rules import ForumState, join_window, may_join_at

# As many as fit on the largest wall; what does not fit is left out by the page.
STREAM = 24
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Hall:
    """A forum as its projector shows it; `signature` changes whenever anything on the wall does."""

    forum: Forum
    code: str | None
    people: int
    field_number: int | None
    field_name: str
    count: int
    window: tuple[datetime, datetime] | None
    is_open: bool
    signature: str

    @property
    def is_coming(self) -> bool:
        """Whether the hall will open later."""
        return self.forum.starts_at is not None and self.forum.state not in {
            ForumState.CANCELLED,
            ForumState.HELD,
        }


@dataclass(frozen=True, slots=True)
class Entry:
    """One contribution on the wall."""

    id: int
    code: str
    title: str
    text: str
    kind: Kind | None
    field_number: int | None
    field_name: str
    supporters: int

    @property
    def words(self) -> str:
        """How it is called: its title, else its first words."""
        return self.title or first_words(self.text)

    @property
    def large(self) -> tuple[str, str]:
        """Its headline and the words below it; no headline when the first sentence is too long for one."""
        if self.title:
            return self.title, self.text
        words = self.words
        return (words, self.text[len(words) :].strip()) if self.text.startswith(words) else ("", self.text)


# Built once: a projector asks each second, and building it takes longer than answering it. Polls, which stand
# above, join themselves to it.
_PINNED = aliased(Contribution)
HALL = (
    select(
        Forum,
        select(JoinCode.code)
        .where(JoinCode.forum_id == Forum.id, JoinCode.table_id.is_(None))
        .limit(1)
        .correlate(Forum)
        .scalar_subquery(),
        select(func.count())
        .select_from(Attendance)
        .where(Attendance.forum_id == Forum.id)
        .correlate(Forum)
        .scalar_subquery(),
        FieldOfAction.number,
        FieldOfAction.name,
        func.count(Contribution.id),
        func.coalesce(func.sum(Contribution.version), 0),
        func.coalesce(func.sum(Contribution.supporters), 0),
        func.max(Contribution.id),
        func.max(Contribution.changed_at),
        _PINNED.version,
        _PINNED.supporters,
    )
    .outerjoin(FieldOfAction, FieldOfAction.id == Forum.projector_field_id)
    .outerjoin(
        Contribution,
        and_(
            Contribution.forum_id == Forum.id,
            Contribution.state.in_(LISTED),
            or_(Forum.projector_field_id.is_(None), Contribution.field_id == Forum.projector_field_id),
        ),
    )
    .outerjoin(
        _PINNED,
        and_(
            _PINNED.id == Forum.projector_pinned_id,
            _PINNED.forum_id == Forum.id,
            _PINNED.state.in_(LISTED),
        ),
    )
    .where(Forum.slug == bindparam("slug"))
    .group_by(Forum.id, FieldOfAction.id, _PINNED.id)
)


def hall(slug: str, now: datetime) -> Hall:
    """Return what the projector of a forum shows around the contributions; raise `NotFound`."""
    row = session.execute(HALL, {"slug": slug}).one_or_none()
    if row is None:
        raise NotFound(kind="forum", slug=slug)
    return hall_of(row, now)


def hall_of(row: Any, now: datetime) -> Hall:
    """Return the hall of a row of `HALL`; a feature above may have joined columns of its own behind."""
    forum: Forum = row[0]
    window = join_window(
        forum.starts_at, forum.ends_at, opens_at=forum.join_opens_at, closes_at=forum.join_closes_at
    )
    is_open = may_join_at(now, forum.state, window, is_always_open=forum.is_always_open)
    return Hall(
        forum=forum,
        code=row[1],
        people=row[2],
        field_number=row[3],
        field_name=row[4] or "",
        count=row[5],
        window=window,
        is_open=is_open,
        signature="|".join(
            str(part)
            for part in (forum.id, forum.projector_version, forum.version, forum.state, is_open, *row[1:])
        ),
    )


def entries(found: Hall, *, limit: int = STREAM) -> tuple[Entry | None, Sequence[Entry]]:
    """Return the pinned contribution and the newest others, the last accepted first (one statement)."""
    forum = found.forum
    is_pinned = Contribution.id == (forum.projector_pinned_id or 0)
    statement = _listed(forum.id)
    if forum.projector_field_id is not None:
        statement = statement.where(or_(Contribution.field_id == forum.projector_field_id, is_pinned))
    shown = func.coalesce(Contribution.screened_at, Contribution.received_at)
    rows = [
        _entry(row)
        for row in session.execute(
            statement.order_by(is_pinned.desc(), shown.desc(), Contribution.id.desc()).limit(limit + 1)
        )
    ]
    pinned = next((item for item in rows if item.id == forum.projector_pinned_id), None)
    return pinned, [item for item in rows if item is not pinned][:limit]


def screened(forum_id: int, *, after_id: int | None = None) -> Sequence[Entry]:
    """Return up to `PAGE_SIZE` + 1 contributions that can be pinned, newest first, below `after_id`."""
    statement = _listed(forum_id)
    if after_id is not None:
        statement = statement.where(Contribution.id < after_id)
    rows = session.execute(statement.order_by(Contribution.id.desc()).limit(PAGE_SIZE + 1))
    return [_entry(row) for row in rows]


def is_listed(forum_id: int, contribution_id: int) -> bool:
    """Whether this is a contribution of the forum that may stand on the wall."""
    statement = select(Contribution.id).where(
        Contribution.id == contribution_id,
        Contribution.forum_id == forum_id,
        Contribution.state.in_(LISTED),
    )
    return session.scalar(statement) is not None


def _listed(forum_id: int) -> Any:
    return (
        select(
            Contribution.id,
            Contribution.code,
            Contribution.title,
            Contribution.text,
            Contribution.kind,
            FieldOfAction.number,
            FieldOfAction.name,
            Contribution.supporters,
        )
        .outerjoin(FieldOfAction, FieldOfAction.id == Contribution.field_id)
        .where(Contribution.forum_id == forum_id, Contribution.state.in_(LISTED))
    )


def _entry(row: Any) -> Entry:
    return Entry(row[0], row[1], row[2], row[3], row[4], row[5], row[6] or "", row[7])
