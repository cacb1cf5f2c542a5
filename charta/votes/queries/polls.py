# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The results of polls, of one forum and as a trend over several.

What a reader sees of the answers is decided here: nothing below five, the hall in steps of five while it is
asked, the online follow-up only after its end.
"""

import dataclasses
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Text, cast, func, select

from charta.db import session, utcnow
from charta.errors import NotFound
from charta.forums.models import Forum
from charta.votes import poll_rules
from charta.votes.models import Poll, PollAnswer, RecurringQuestion
from charta.votes.poll_rules import STEP
from charta.votes.rules import PollMethod, PollState

PAGE_WORDS = 300
TREND_MAX = 50


@dataclass(frozen=True, slots=True)
class Part:
    """What is shown of answers: `counts` per option, and how many `answers` are in them; none below five."""

    method: PollMethod
    counts: Sequence[int]
    answers: int

    @property
    def is_shown(self) -> bool:
        """Whether there are enough answers to show anything of them."""
        return self.answers >= STEP

    @property
    def percents(self) -> list[int]:
        """Share of each option: of the answers, with points of all points."""
        is_points = self.method is PollMethod.POINTS
        return poll_rules.percents(self.counts, sum(self.counts) if is_points else self.answers)

    @property
    def widths(self) -> list[int]:
        """Length of each bar: the longest fills its row."""
        return poll_rules.percents(self.counts, max(self.counts, default=0))

    @property
    def top(self) -> int:
        """The largest number; bars of that number are marked."""
        return max(self.counts, default=0)

    @property
    def mean(self) -> float | None:
        """The mean of a scale, 5 to 1."""
        return poll_rules.mean(self.method, self.counts)


@dataclass(slots=True)
class Result:
    """A poll as everybody may see it; `online` is the follow-up, once it is over."""

    poll: Poll
    hall: Part
    online: Part | None = None
    words: list[str] = dataclasses.field(default_factory=list)
    online_words: list[str] = dataclasses.field(default_factory=list)

    @property
    def is_running(self) -> bool:
        """Whether the hall is being asked right now."""
        return self.poll.state is PollState.RUNNING

    @property
    def shows(self) -> bool:
        """Whether anything of the answers may be seen now."""
        return self.hall.is_shown and (self.poll.shows_results or not self.is_running)


def hall_part(poll: Poll) -> Part:
    """Return what is shown of the hall: none below five."""
    if poll.tally_answers < STEP or poll.tally is None:
        return Part(poll.method, [], 0)
    return Part(poll.method, poll.tally, poll.tally_answers)


def results(forum_id: int, *, limit: int = poll_rules.POLLS_MAX) -> list[Result]:
    """Return the polls of a forum that were launched, in the order of the list (three statements at most)."""
    polls = session.scalars(
        select(Poll)
        .where(Poll.forum_id == forum_id, Poll.state != PollState.READY)
        .order_by(Poll.position, Poll.id)
        .limit(limit)
    ).all()
    return _results(polls)


def result(poll: Poll) -> Result:
    """Return one poll with its results (two statements at most)."""
    return _results([poll])[0]


def trend(recurring_id: int) -> tuple[RecurringQuestion, list[tuple[Forum, Result]]]:
    """Return a recurring question with its results, one forum after the other; raise `NotFound`."""
    asked = session.get(RecurringQuestion, recurring_id)
    if asked is None:
        raise NotFound(kind="recurring_question", id=recurring_id)
    rows = session.execute(
        select(Forum, Poll)
        .join(Poll, Poll.forum_id == Forum.id)
        .where(Poll.recurring_id == recurring_id, Poll.state != PollState.READY)
        .order_by(Poll.launched_at, Poll.id)
        .limit(TREND_MAX)
    ).all()
    found = _results([row[1] for row in rows])
    return asked, [(row[0], one) for row, one in zip(rows, found, strict=True)]


def recurring() -> Sequence[RecurringQuestion]:
    """Return the questions that are asked at several forums, the oldest first."""
    return session.scalars(select(RecurringQuestion).order_by(RecurringQuestion.id).limit(TREND_MAX)).all()


def asked_recurring() -> list[tuple[RecurringQuestion, int]]:
    """Return recurring questions that were put to a hall, with at how many forums (one statement)."""
    rows = session.execute(
        select(RecurringQuestion, func.count(func.distinct(Poll.forum_id)))
        .join(Poll, Poll.recurring_id == RecurringQuestion.id)
        .where(Poll.state != PollState.READY)
        .group_by(RecurringQuestion.id)
        .order_by(RecurringQuestion.id)
        .limit(TREND_MAX)
    )
    return [(row[0], row[1]) for row in rows]


def has_results(forum_id: int) -> bool:
    """Whether a poll of this forum was launched."""
    statement = select(Poll.id).where(Poll.forum_id == forum_id, Poll.state != PollState.READY).limit(1)
    return session.scalar(statement) is not None


def _results(polls: Sequence[Poll]) -> list[Result]:
    now = utcnow()
    made = {poll.id: Result(poll, hall_part(poll)) for poll in polls}
    over = [poll for poll in polls if poll_rules.is_online_over(poll.state, poll.follow_up_until, now)]
    for poll_id, part in _online(over).items():
        made[poll_id].online = part
    with_words = [
        one.poll.id
        for one in made.values()
        if one.poll.method is PollMethod.WORDS and (one.shows or (one.online and one.online.is_shown))
    ]
    for row in _words(with_words):
        one = made[row.poll_id]
        if row.is_follow_up:
            if one.online is not None and one.online.is_shown:
                one.online_words.append(row.words)
        elif one.shows:
            one.words.append(row.words)
    return list(made.values())


def _online(polls: Sequence[Poll]) -> dict[int, Part]:
    """Return the follow-ups of these polls, counted (one statement, none without polls)."""
    if not polls:
        return {}
    text = cast(PollAnswer.choices, Text)  # PostgreSQL does not compare JSON
    answers: dict[int, list[tuple[list[int], int]]] = {poll.id: [] for poll in polls}
    for poll_id, raw, number in session.execute(
        select(PollAnswer.poll_id, text, func.count())
        .where(PollAnswer.poll_id.in_(answers), PollAnswer.is_follow_up.is_(True))
        .group_by(PollAnswer.poll_id, text)
    ):
        answers[poll_id].append((json.loads(raw), number))
    made = {}
    for poll in polls:
        count = sum(number for _choices, number in answers[poll.id])
        counts = poll_rules.tally(poll.method, poll.options, answers[poll.id]) if count >= STEP else []
        made[poll.id] = Part(poll.method, counts, count if count >= STEP else 0)
    return made


def _words(poll_ids: Collection[int]) -> Sequence[Any]:
    if not poll_ids:
        return []
    return session.execute(
        select(PollAnswer.poll_id, PollAnswer.words, PollAnswer.is_follow_up)
        .where(PollAnswer.poll_id.in_(poll_ids), PollAnswer.is_hidden.is_(False))
        .order_by(PollAnswer.id)
        .limit(PAGE_WORDS)
    ).all()
