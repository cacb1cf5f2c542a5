# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Polls while a forum goes on: on the phone, on the wall, and on the moderator's device."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, case, cast, func, select

from charta.contributions.queries import projector
from charta.contributions.queries.projector import Hall
from charta.db import session
from charta.errors import NotFound
from charta.forums.models import Attendance, Forum
from charta.permissions import Actor
from charta.votes import poll_rules
from charta.votes.models import Poll, PollAnswer
from charta.votes.poll_keys import voter_key
from charta.votes.poll_rules import Question
from charta.votes.queries.polls import Result, hall_part
from charta.votes.rules import PollState

# As many words as fit on a wall.
WALL_WORDS = 60
PAGE_SIZE = 50
FOLLOW_UPS_MAX = 10

# How many have answered in the hall.
_COUNT = (
    select(func.count())
    .select_from(PollAnswer)
    .where(PollAnswer.poll_id == Poll.id, PollAnswer.is_follow_up.is_(False))
    .correlate(Poll)
    .scalar_subquery()
)


@dataclass(frozen=True, slots=True)
class OnPhone:
    """A poll as the phone of somebody at the forum shows it; `own` is the answer given, None before."""

    result: Result
    own: Sequence[int] | None
    own_words: str
    own_is_online: bool
    takes_answers: bool
    # Whether the own answer is part of a tally that was shown, and therefore stays.
    is_settled: bool = False

    @property
    def has_answered(self) -> bool:
        """Whether the viewer has answered."""
        return self.own is not None


@dataclass(frozen=True, slots=True)
class Phone:
    """The forum, how the viewer is in it, and the polls that concern the phone, the running one first."""

    forum: Forum
    attendance: Attendance | None
    polls: Sequence[OnPhone]

    @property
    def signature(self) -> str:
        """Changes whenever the phone has something else to show."""
        return "|".join(
            f"{one.result.poll.id}.{one.result.poll.version}.{one.takes_answers}.{one.own}.{one.own_words}"
            f".{one.is_settled}.{one.result.hall.answers if one.has_answered else ''}"
            for one in self.polls
        )


@dataclass(frozen=True, slots=True)
class Wall:
    """A poll as the projector shows it; `count` is how many have answered so far."""

    result: Result
    count: int

    @property
    def signature(self) -> str:
        """Changes whenever anything of it on the wall does."""
        poll = self.result.poll
        return f"{poll.id}.{poll.version}.{poll.state}.{poll.tally_answers}.{self.count}"


@dataclass(frozen=True, slots=True)
class Listed:
    """A poll on the moderator's list, with how many have answered in the hall and online."""

    poll: Poll
    count: int
    online: int
    waiting_words: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """How the running poll goes, as the moderator's phone shows it; `people` have joined the forum."""

    poll: Poll
    count: int
    waiting_words: int
    people: int
    is_on_wall: bool

    @property
    def shown(self) -> int:
        """How many answers the bars on the wall show now; none while they are held back."""
        part = hall_part(self.poll)
        return part.answers if self.poll.shows_results else 0

    @property
    def signature(self) -> str:
        """Changes whenever one of the numbers does."""
        return (
            f"{self.poll.id}.{self.poll.version}.{self.count}.{self.waiting_words}.{self.people}"
            f".{self.is_on_wall}.{self.shown}"
        )


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody answered in words, as the moderation sees it."""

    id: str
    words: str
    is_hidden: bool
    is_follow_up: bool


def question_of(poll: Poll) -> Question:
    """Return what a poll asks, as it is stored."""
    return Question(poll.question, poll.method, tuple(poll.options), poll.points)


def load(poll_id: int, slug: str) -> tuple[Poll, Forum]:
    """Return a poll of this forum, launched or not; raise `NotFound`."""
    row = session.execute(
        select(Poll, Forum)
        .join(Forum, Forum.id == Poll.forum_id)
        .where(Poll.id == poll_id, Forum.slug == slug)
    ).one_or_none()
    if row is None:
        raise NotFound(kind="poll", id=poll_id)
    return row[0], row[1]


# ------------------------------------------------------------------------------------------------ the phone


def on_phone(actor: Actor, slug: str, now: datetime) -> Phone:
    """Return the polls that somebody at the forum can answer or has just answered (two statements).

    Those are the running one, the one on the wall, and those open online. Raises `NotFound` without a forum.
    """
    is_mine = (Attendance.forum_id == Forum.id) & (Attendance.person_id == (actor.id or 0))
    concerns = (Poll.state == PollState.RUNNING) | (
        (Poll.state == PollState.FOLLOW_UP) & (Poll.follow_up_until > now)
    )
    on_the_wall = (Poll.id == Forum.projector_poll_id) & (Poll.state != PollState.READY)
    # While it runs a phone is not told of each answer of somebody else.
    given = case((Poll.state == PollState.RUNNING, 0), else_=_COUNT)
    rows = session.execute(
        select(Forum, Attendance, Poll, given)
        .outerjoin(Attendance, is_mine)
        .outerjoin(Poll, (Poll.forum_id == Forum.id) & (concerns | on_the_wall))
        .where(Forum.slug == slug)
        .order_by((Poll.state == PollState.RUNNING).desc(), Poll.position)
        .limit(FOLLOW_UPS_MAX)
    ).all()
    if not rows:
        raise NotFound(kind="forum", slug=slug)
    forum: Forum = rows[0][0]
    attendance: Attendance | None = rows[0][1]
    if attendance is None:
        return Phone(forum, None, [])
    # One row without a poll when there is none.
    polls: dict[Poll, int] = {row[2]: row[3] for row in rows if row[2] is not None}
    return Phone(forum, attendance, of_person(actor, polls, now))


def of_person_at(actor: Actor, forum: Forum, poll: Poll, now: datetime) -> Phone:
    """Return one poll as the phone shows it, whatever its state (two statements)."""
    attendance = session.scalar(
        select(Attendance).where(Attendance.forum_id == forum.id, Attendance.person_id == (actor.id or 0))
    )
    return Phone(forum, attendance, of_person(actor, {poll: 0}, now))


def of_person(actor: Actor, polls: Mapping[Poll, int], now: datetime) -> list[OnPhone]:
    """Return these polls with the actor's own answers (one statement).

    Each comes with how many answered in the hall, 0 where that is not said.
    """
    keys = {poll.id: voter_key(poll.key, actor.id or 0) for poll in polls if poll.key}
    own: dict[int, Any] = {}
    if keys:
        found = session.execute(
            select(
                PollAnswer.poll_id,
                PollAnswer.choices,
                PollAnswer.words,
                PollAnswer.is_follow_up,
                PollAnswer.is_hidden,
            ).where(PollAnswer.poll_id.in_(keys), PollAnswer.voter_key.in_(keys.values()))
        )
        own = {row.poll_id: row for row in found}
    made = []
    for poll, given in polls.items():
        row = own.get(poll.id)
        is_settled = row is not None and not poll_rules.may_change(poll.method, row.is_hidden)
        takes = poll.key is not None and poll_rules.takes_answers(poll.state, poll.follow_up_until, now)
        made.append(
            OnPhone(
                result=Result(poll, hall_part(poll, given)),
                own=row.choices if row else None,
                own_words=row.words if row else "",
                own_is_online=bool(row and row.is_follow_up),
                # What was said in the hall stays what was said in the hall.
                takes_answers=takes
                and not is_settled
                and (row is None or row.is_follow_up is (poll.state is PollState.FOLLOW_UP)),
                is_settled=is_settled,
            )
        )
    return made


# ------------------------------------------------------------------------------------------------- the wall


# Built once: a projector asks each second.
_WALL = (
    projector.HALL.add_columns(Poll, _COUNT)
    .outerjoin(Poll, (Poll.id == Forum.projector_poll_id) & (Poll.forum_id == Forum.id))
    .group_by(Poll.id)
)


def wall(slug: str, now: datetime) -> tuple[Hall, Wall | None]:
    """Return what the projector shows around the contributions, and its poll, in one statement.

    Raises `NotFound` without a forum.
    """
    row = session.execute(_WALL, {"slug": slug}).one_or_none()
    if row is None:
        raise NotFound(kind="forum", slug=slug)
    poll, count = row[-2], row[-1]
    hall = projector.hall_of(row[:-2], now)
    if poll is None or poll.state is PollState.READY:
        return hall, None
    return hall, Wall(Result(poll, hall_part(poll, count)), count)


def wall_words(poll: Poll) -> list[str]:
    """Return the words that the moderation lets stand on the wall, in no order of time (one statement)."""
    return list(
        session.scalars(
            select(PollAnswer.words)
            .where(
                PollAnswer.poll_id == poll.id,
                PollAnswer.is_hidden.is_(False),
                PollAnswer.is_follow_up.is_(False),
            )
            .order_by(PollAnswer.id)
            .limit(WALL_WORDS)
        )
    )


# ------------------------------------------------------------------------------------- the moderator's list


# Built once: the phone of who runs a poll asks each second.
_NUMBERS = (
    select(
        Forum,
        Poll,
        _COUNT,
        select(func.count())
        .select_from(PollAnswer)
        .where(PollAnswer.poll_id == Poll.id, PollAnswer.is_hidden.is_(True))
        .correlate(Poll)
        .scalar_subquery(),
        select(func.count())
        .select_from(Attendance)
        .where(Attendance.forum_id == Forum.id)
        .correlate(Forum)
        .scalar_subquery(),
    )
    .outerjoin(Poll, (Poll.forum_id == Forum.id) & (Poll.state == PollState.RUNNING))
    .where(Forum.slug == bindparam("slug"))
)


def listed(forum_id: int) -> list[Listed]:
    """Return all polls of a forum with their numbers, in their order (one statement)."""
    online = func.coalesce(func.sum(cast(PollAnswer.is_follow_up, Integer)), 0)
    waiting = func.coalesce(func.sum(cast(PollAnswer.is_hidden, Integer)), 0)
    rows = session.execute(
        select(Poll, func.count(PollAnswer.id), online, waiting)
        .outerjoin(PollAnswer, PollAnswer.poll_id == Poll.id)
        .where(Poll.forum_id == forum_id)
        .group_by(Poll.id)
        .order_by(Poll.position, Poll.id)
        .limit(poll_rules.POLLS_MAX)
    )
    return [Listed(row[0], row[1] - row[2], row[2], row[3]) for row in rows]


def numbers_of(one: Listed | None, hall: Hall) -> Numbers | None:
    """Return the numbers of a poll on the list; None when none runs."""
    if one is None:
        return None
    is_on_wall = hall.forum.projector_poll_id == one.poll.id
    return Numbers(one.poll, one.count, one.waiting_words, hall.people, is_on_wall)


def numbers(slug: str) -> Numbers | None:
    """Return the numbers of the poll that runs at a forum, None when none does (one statement).

    Raises `NotFound` without a forum.
    """
    row = session.execute(_NUMBERS, {"slug": slug}).one_or_none()
    if row is None:
        raise NotFound(kind="forum", slug=slug)
    forum, poll, count, waiting, people = row
    if poll is None:
        return None
    return Numbers(poll, count, waiting, people, forum.projector_poll_id == poll.id)


def words_of(poll_id: int, *, is_hidden: bool, after: str = "") -> list[Words]:
    """Return up to `PAGE_SIZE` + 1 answers in words, those that wait or those that are shown, after an id."""
    rows = session.execute(
        select(PollAnswer.id, PollAnswer.words, PollAnswer.is_hidden, PollAnswer.is_follow_up)
        .where(
            PollAnswer.poll_id == poll_id,
            PollAnswer.is_hidden.is_(is_hidden),
            PollAnswer.id > after,
        )
        .order_by(PollAnswer.id)
        .limit(PAGE_SIZE + 1)
    )
    return [Words(*row) for row in rows]
