# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Polls of the demonstration's forums: one question asked at five of them, one that runs in the open hall.

Questions are prepared, launched and stopped by the commands. Answers of halls full of people who have no
account here are written by the step that all answers go through in the end: as rows under a key of nobody.
"""

import random
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import func, select

from charta.db import as_of, session, transaction
from charta.demo import files
from charta.demo.keys import MODERATION, ZONE, Step, actor, at_clock, days_before, forum, forum_id
from charta.errors import NotFound
from charta.votes import poll_rules
from charta.votes.models import Poll, PollAnswer, RecurringQuestion
from charta.votes.poll_keys import voter_key
from charta.votes.rules import PollMethod, PollState
from charta.votes.service import poll_steps, polling

Row = dict[str, Any]

_MINUTES = timedelta(minutes=6)


def steps(started_at: datetime) -> list[Step]:
    """Return the steps in the order of the file: what runs is launched last."""
    found = []
    for row in files.rows("polls", "poll"):
        run = partial(_ask, started_at, row)
        found.append(Step(started_at, run, partial(_is_there, row)))
    return found


def _ask(started_at: datetime, row: Row) -> None:
    """Prepare one question; launch it, let the hall answer and stop it when it was asked already."""
    found = forum(row["forum"])
    if found is None:
        raise NotFound(kind="forum", slug=row["forum"])
    begins_at = _moment(started_at, row, found.starts_at)
    who, state = actor(MODERATION), row.get("state", "stopped")
    with as_of(begins_at - timedelta(hours=1) if state != "ready" else started_at):
        poll_id = _poll_id(row) or _prepare(row)
    if state == "ready":
        return
    with as_of(begins_at):
        polling.launch(who, poll_id)
    with as_of(begins_at + _MINUTES / 2):
        _answer(poll_id, _rows(row, "answers"), is_follow_up=False)
        _move_on(poll_id)
    if state == "running":
        return
    with as_of(begins_at + _MINUTES):
        polling.stop(who, poll_id)
        # The result of the past is no picture for the wall of today.
        polling.take_down(who, poll_id)
    if "online" in row:
        with as_of(begins_at + timedelta(hours=6)):
            polling.open_online(who, poll_id, until=begins_at + timedelta(days=10))
            _answer(poll_id, _rows(row, "online"), is_follow_up=True)
        with as_of(begins_at + timedelta(days=10)):
            polling.close_online(who, poll_id)


def _moment(started_at: datetime, row: Row, starts_at: datetime | None) -> datetime:
    """Return when a question was put to the hall: on the day of its forum, in the open one just now."""
    if row["forum"] == "demonstration" or starts_at is None:
        return days_before(started_at, 1 if row.get("state", "stopped") == "stopped" else 0.01)
    return at_clock(starts_at.astimezone(ZONE).date(), row["starts"]) if "starts" in row else started_at


def _prepare(row: Row) -> int:
    who, ident = actor(MODERATION), forum_id(row["forum"])
    if "recurring" not in row:
        return polling.prepare(who, ident, _question(row))
    asked = next(one for one in files.rows("polls", "recurring") if one["key"] == row["recurring"])
    known = session.scalar(select(RecurringQuestion.id).where(RecurringQuestion.text == asked["text"]))
    if known is None:
        return polling.prepare(who, ident, _question(asked | {"question": asked["text"]}), is_recurring=True)
    return polling.prepare(who, ident, None, recurring_id=known)


def _question(row: Row) -> poll_rules.Question:
    return poll_rules.question(
        row["question"], PollMethod(row["method"]), row.get("options", ()), row.get("points")
    )


def _text(row: Row) -> str:
    if "question" in row:
        return str(row["question"])
    return next(
        str(one["text"]) for one in files.rows("polls", "recurring") if one["key"] == row["recurring"]
    )


def _poll_id(row: Row) -> int | None:
    return session.scalar(
        select(Poll.id).where(Poll.forum_id == forum_id(row["forum"]), Poll.question == _text(row)).limit(1)
    )


def _is_there(row: Row) -> bool:
    """Whether the question stands where the file says; somebody may have gone on with it meanwhile."""
    ident = _poll_id(row)
    found = session.get(Poll, ident) if ident is not None else None
    if found is None:
        return False
    if row.get("state") == "ready":
        return True
    wanted = PollState(row.get("state", "stopped"))
    return found.state is wanted and ("online" not in row or found.follow_up_until is not None)


# ------------------------------------------------------------------------------------------------- answers


def _rows(row: Row, name: str) -> list[tuple[list[int], str, bool]]:
    """Return choices, words and whether they wait, one of each answer, in an order of chance that stays.

    What was chosen waits until it is counted among what is shown.
    """
    if row.get("method") == "words":
        found: list[tuple[list[int], str, bool]] = [([], words, False) for words in row.get("words", ())]
        return found + [([], words, True) for words in row.get("waiting", ())]
    numbers: Sequence[int] = row[name]
    if row.get("method") != "multiple":
        return [([place], "", True) for place, number in enumerate(numbers) for _one in range(number)]
    chance = random.Random(_text(row))  # noqa: S311 -- the same demonstration every time
    people: list[list[int]] = [[] for _one in range(row["people"])]
    for place, number in enumerate(numbers):
        for chosen in chance.sample(range(len(people)), number):
            people[chosen].append(place)
    return [(choices or [0], "", True) for choices in people if choices]


def _answer(poll_id: int, answers: Sequence[tuple[list[int], str, bool]], *, is_follow_up: bool) -> None:
    """Write answers under keys of numbers that no person has; what is there already stays."""
    with transaction() as tx:
        poll = tx.lock(Poll, poll_id)
        assert poll is not None
        assert poll.key is not None
        there = tx.session.scalar(
            select(func.count()).where(
                PollAnswer.poll_id == poll_id, PollAnswer.is_follow_up.is_(is_follow_up)
            )
        )
        if there:
            return
        tx.session.add_all(
            [
                PollAnswer(
                    id=secrets.token_hex(16),
                    poll_id=poll_id,
                    voter_key=voter_key(poll.key, -1 - number - (10_000 if is_follow_up else 0)),
                    choices=choices,
                    words=words,
                    is_follow_up=is_follow_up,
                    is_hidden=is_hidden,
                )
                for number, (choices, words, is_hidden) in enumerate(answers)
            ]
        )


def _move_on(poll_id: int) -> None:
    """Let the bars of a running poll stand where a hall would have brought them: at a whole five."""
    with transaction() as tx:
        poll = tx.lock(Poll, poll_id)
        assert poll is not None
        poll_steps.move_on(tx, poll)
