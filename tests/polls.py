# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Polls to test with: a hall that is open, people in it, questions that run."""

from collections.abc import Sequence
from typing import Any

from charta.db import session, transaction
from charta.forums.models import Attendance, Forum
from charta.permissions import Actor
from charta.votes import poll_rules
from charta.votes.models import Poll
from charta.votes.rules import PollMethod
from charta.votes.service import poll_answering, polling
from tests import factories

READY = "Wie veränderungsbereit sind wir?"


def poll(
    forum: Forum,
    method: PollMethod = PollMethod.SINGLE,
    options: Sequence[str] = ("Ja", "Nein", "Weiß nicht"),
    *,
    question: str = READY,
    points: int | None = None,
    runs: bool = True,
    **details: Any,
) -> int:
    """Store a poll of a forum and return its id; it runs unless `runs` says no."""
    moderator = factories.moderator().actor
    asked = poll_rules.question(
        question, method, () if method in {PollMethod.SCALE, PollMethod.WORDS} else options, points
    )
    made = polling.prepare(moderator, forum.id, asked, **details)
    if runs:
        polling.launch(moderator, made)
    return made


def people(forum: Forum, count: int) -> list[Actor]:
    """Let so many attendees join a forum, without the work of a form."""
    found = [factories.attendee() for _number in range(count)]
    with transaction() as tx:
        tx.session.add_all(
            [Attendance(forum_id=forum.id, person_id=one.id, joined_at=tx.now) for one in found]
        )
    return [one.actor for one in found]


def answer_all(poll_id: int, actors: Sequence[Actor], choice: int = 0) -> None:
    """Let everybody give the same answer."""
    for actor in actors:
        poll_answering.answer(actor, poll_id, choices=[choice])


def again(poll_id: int) -> Poll:
    """Read a poll anew."""
    session.rollback()
    session.expunge_all()
    found = session.get(Poll, poll_id)
    assert found is not None
    session.expunge(found)
    return found
