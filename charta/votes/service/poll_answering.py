# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Answering a poll: one answer a person, in the hall while it runs, or online afterwards."""

import secrets
from collections.abc import Sequence

from sqlalchemy import and_, case, select
from sqlalchemy.dialects import postgresql, sqlite

from charta.accounts import service as accounts
from charta.db import Transaction, transaction
from charta.errors import NotFound, WrongState
from charta.forums.models import Attendance
from charta.permissions import Actor, Permission, require
from charta.votes import poll_rules
from charta.votes.models import Poll, PollAnswer
from charta.votes.poll_keys import voter_key
from charta.votes.rules import PollMethod, PollState
from charta.votes.service import poll_steps as steps


def answer(actor: Actor, poll_id: int, *, choices: Sequence[int] = (), words: str = "") -> None:
    """Store the actor's answer, or change it; a second tap stores the same one.

    Nothing of it is logged. Raises `InvalidInput` (choices, words), `NotFound`, and `WrongState` "over",
    "not_there" (who has not joined the forum), "answered" (online, by who has answered in the hall),
    "shown" (changing what is part of a tally that was shown).
    """
    with transaction() as tx:
        actor = accounts.reread(tx, actor)
        require(actor, Permission.ANSWER_POLL)
        # Shared with other answers, against whoever stops the poll: it counts after all that got in.
        poll = tx.session.get(
            Poll, poll_id, with_for_update={"key_share": True, "read": True}, populate_existing=True
        )
        if poll is None or poll.state is PollState.READY:
            raise NotFound(kind="poll", id=poll_id)
        if poll.key is None or not poll_rules.takes_answers(poll.state, poll.follow_up_until, tx.now):
            raise WrongState("answer_poll", "over")
        if not tx.session.scalar(
            select(Attendance.id).where(
                Attendance.forum_id == poll.forum_id, Attendance.person_id == (actor.id or 0)
            )
        ):
            raise WrongState("answer_poll", "not_there")
        cleaned = poll_rules.clean_choices(poll.method, poll.options, poll.points, choices)
        cleaned_words = poll_rules.clean_words(poll.method, words)
        key = voter_key(poll.key, actor.id or 0)
        if not _store(tx, poll, key, cleaned, cleaned_words):
            _refuse(tx, poll, key, cleaned)
            return
        if poll.state is PollState.RUNNING and poll.shows_results:
            _move_on(tx, poll)


def _store(tx: Transaction, poll: Poll, key: str, choices: list[int], words: str) -> bool:
    """Write the one answer of this key in one statement; False when the one that is there has to stay."""
    is_follow_up = poll.state is PollState.FOLLOW_UP
    is_words = poll.method is PollMethod.WORDS
    insert = postgresql.insert if tx.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(PollAnswer).values(
        id=secrets.token_hex(16),
        poll_id=poll.id,
        voter_key=key,
        choices=choices,
        words=words,
        is_follow_up=is_follow_up,
        is_hidden=True,  # until it is counted among those shown, or the moderation lets words through
    )
    is_changeable = [PollAnswer.is_follow_up.is_(is_follow_up)]
    if not is_words:
        is_changeable.append(PollAnswer.is_hidden.is_(True))  # poll_rules.may_change
    changed = {
        "choices": statement.excluded.choices,
        "words": statement.excluded.words,
        "is_hidden": case((PollAnswer.words == statement.excluded.words, PollAnswer.is_hidden), else_=True),
    }
    stored = tx.session.execute(
        statement.on_conflict_do_update(
            index_elements=["poll_id", "voter_key"],
            set_=changed,
            where=and_(*is_changeable),
        ).returning(PollAnswer.id)
    )
    return stored.first() is not None


def _refuse(tx: Transaction, poll: Poll, key: str, choices: list[int]) -> None:
    """Say why the answer that is there stays; a second tap with the same one is no error."""
    there = tx.session.execute(
        select(PollAnswer.is_follow_up, PollAnswer.choices).where(
            PollAnswer.poll_id == poll.id, PollAnswer.voter_key == key
        )
    ).one()
    if there.is_follow_up is not (poll.state is PollState.FOLLOW_UP):
        raise WrongState("answer_poll", "answered")
    if there.choices != choices:
        raise WrongState("answer_poll", "shown")


def _move_on(tx: Transaction, poll: Poll) -> None:
    """Show more of the answers when enough have come; without waiting for who does the same."""
    given = steps.given_in_hall(tx, poll)
    if poll_rules.shown_while_running(poll.tally_answers, given) == poll.tally_answers:
        return
    locked = tx.session.scalar(
        select(Poll)
        .where(Poll.id == poll.id)
        .with_for_update(key_share=True, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if locked is None or locked.state is not PollState.RUNNING:
        return
    steps.move_on(tx, locked)
