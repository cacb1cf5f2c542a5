# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The results of polls, of one forum and as a trend over several.

What a reader sees of the answers is decided here by `poll_rules`: nothing below five, the hall in steps of
five while it is asked, the online follow-up only after its end.
"""

import dataclasses
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Text, case, cast, func, null, select

from charta.db import session, utcnow
from charta.errors import NotFound
from charta.forums.models import Forum
from charta.votes import poll_rules
from charta.votes.models import Poll, PollAnswer, RecurringQuestion
from charta.votes.poll_rules import STEP
from charta.votes.rules import PollMethod, PollState

PAGE_WORDS = 300
TREND_MAX = 50
FRONT_MAX = 6
# What was chosen online, how often, and whether these answers are behind what was shown before.
OnlineAnswers = tuple[list[int], int, bool]


@dataclass(frozen=True, slots=True)
class Part:
    """What is shown of answers: `counts` per option, and how many `answers` are in them; none below five.

    `given` is how many answered, where that is known and said.
    """

    method: PollMethod
    counts: Sequence[int]
    answers: int
    given: int = 0

    @property
    def is_shown(self) -> bool:
        """Whether there are enough answers to show anything of them."""
        return self.answers >= STEP

    @property
    def is_partial(self) -> bool:
        """Whether answers were left out because there were too few of them to be added."""
        return self.is_shown and self.answers < self.given

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


def hall_part(poll: Poll, given: int = 0) -> Part:
    """Return what is shown of the hall: none below five."""
    if poll.tally_answers < STEP or poll.tally is None:
        return Part(poll.method, [], 0, given)
    return Part(poll.method, poll.tally, poll.tally_answers, given)


def results(forum_id: int) -> list[Result]:
    """Return the polls of a forum that were launched, in the order of the list (one statement)."""
    rows = session.execute(_asked().where(Forum.id == forum_id, Poll.id.is_not(None)))
    return [one for _forum, one in _put_together(rows) if one is not None]


def with_forum(slug: str) -> tuple[Forum, list[Result]]:
    """Return a forum and its polls that were launched in one statement; raise `NotFound`."""
    found = _put_together(session.execute(_asked().where(Forum.slug == slug)))
    if not found:
        raise NotFound(kind="forum", slug=slug)
    return found[0][0], [one for _forum, one in found if one is not None]


def trend(recurring_id: int) -> tuple[RecurringQuestion, list[tuple[Forum, Result]]]:
    """Return a recurring question with its results, one forum after the other; raise `NotFound`."""
    asked = session.get(RecurringQuestion, recurring_id)
    if asked is None:
        raise NotFound(kind="recurring_question", id=recurring_id)
    rows = session.execute(_asked(Poll.launched_at, Poll.id).where(Poll.recurring_id == recurring_id))
    return asked, [(forum, one) for forum, one in _put_together(rows) if one is not None]


def newest_scale() -> tuple[RecurringQuestion, list[tuple[Forum, Result]]] | None:
    """Return the recurring scale shown last with its results, the oldest forum first (one statement).

    At most the newest `FRONT_MAX`, without online follow-ups; None while no such question has a result.
    """
    is_shown = Poll.state.in_([PollState.STOPPED, PollState.FOLLOW_UP]) & (Poll.tally_answers >= STEP)
    newest = (
        select(Poll.recurring_id)
        .where(is_shown, Poll.recurring_id.is_not(None), Poll.method == PollMethod.SCALE)
        .order_by(Poll.launched_at.desc(), Poll.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(
        select(RecurringQuestion, Forum, Poll)
        .join(Poll, Poll.recurring_id == RecurringQuestion.id)
        .join(Forum, Forum.id == Poll.forum_id)
        .where(RecurringQuestion.id == newest, is_shown)
        .order_by(Poll.launched_at.desc(), Poll.id.desc())
        .limit(FRONT_MAX)
    ).all()
    if not rows:
        return None
    return rows[0][0], [(forum, Result(poll, hall_part(poll))) for _asked, forum, poll in reversed(rows)]


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


def _asked(*order: Any) -> Any:
    """Select forums with their launched polls, and what has to be counted or listed of the answers.

    The hall's own tally stands on the poll: of its answers only the number is looked up, and words.
    """
    is_online, is_shown = PollAnswer.is_follow_up.is_(True), PollAnswer.is_hidden.is_(False)
    # PostgreSQL does not compare JSON.
    choices = case((is_online, cast(PollAnswer.choices, Text)), else_=null())
    words = case((is_shown, PollAnswer.words), else_=null())
    return (
        select(
            Forum,
            Poll,
            PollAnswer.is_follow_up,
            PollAnswer.is_hidden,
            choices.label("choices"),
            words.label("shown_words"),
            func.count(PollAnswer.id),
        )
        .outerjoin(Poll, (Poll.forum_id == Forum.id) & (Poll.state != PollState.READY))
        .outerjoin(PollAnswer, PollAnswer.poll_id == Poll.id)
        .group_by(Forum.id, Poll.id, PollAnswer.is_follow_up, PollAnswer.is_hidden, choices, words)
        .order_by(*(order or (Poll.position, Poll.id)), words)
    )


def _put_together(rows: Iterable[Any]) -> list[tuple[Forum, Result | None]]:
    """Make results of the rows of `_asked`; a forum without a poll stands there alone."""
    now = utcnow()
    found: dict[int | None, tuple[Forum, Result | None]] = {}
    given: dict[int, int] = {}
    online: dict[int, list[OnlineAnswers]] = {}
    for forum, poll, is_follow_up, is_hidden, choices, words, number in rows:
        if poll is None:
            found.setdefault(None, (forum, None))
            continue
        one = found.setdefault(poll.id, (forum, Result(poll, hall_part(poll))))[1]
        assert one is not None
        if is_follow_up:
            online.setdefault(poll.id, []).append((json.loads(choices), number, is_hidden))
        else:
            given[poll.id] = given.get(poll.id, 0) + number
        if words:
            listed = one.online_words if is_follow_up else one.words
            if len(listed) < PAGE_WORDS:
                listed.append(words)
    for _forum, one in found.values():
        if one is not None:
            one.hall = hall_part(one.poll, given.get(one.poll.id, 0))
            _decide(one, online.get(one.poll.id, []), now)
    return list(found.values())


def online_part(poll: Poll, online: Sequence[OnlineAnswers]) -> Part:
    """Return what is shown of a follow-up that is over: all, or what an earlier one showed already."""
    is_words = poll.method is PollMethod.WORDS
    given = sum(number for _choices, number, _is_behind in online)
    shown = sum(number for _choices, number, is_behind in online if not is_behind)
    answers = given if is_words else poll_rules.shown_at_end(shown, given)
    if answers < STEP:
        return Part(poll.method, [], 0, given)
    counted = [
        (choices, number) for choices, number, is_behind in online if answers == given or not is_behind
    ]
    return Part(poll.method, poll_rules.tally(poll.method, poll.options, counted), answers, given)


def _decide(one: Result, online: Sequence[OnlineAnswers], now: datetime) -> None:
    """Leave out what may not be seen: words below five answers, the follow-up before its end."""
    poll = one.poll
    if poll_rules.is_online_over(poll.state, poll.follow_up_until, now):
        one.online = online_part(poll, online)
    if not one.shows:
        one.words.clear()
    if one.online is None or not one.online.is_shown:
        one.online_words.clear()
