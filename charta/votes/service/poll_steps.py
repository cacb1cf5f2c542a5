# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Steps that the commands on polls share; each takes the transaction it runs in."""

import hashlib
import json
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, func, select, update

from charta.accounts import service as accounts
from charta.activity import service as activity
from charta.db import Transaction
from charta.errors import NotFound
from charta.forums.models import Forum
from charta.permissions import Actor, Permission, require
from charta.votes import poll_rules
from charta.votes.models import Poll, PollAnswer
from charta.votes.rules import PollMethod


def run_by(tx: Transaction, actor: Actor, poll_id: int) -> tuple[Actor, Forum, Poll]:
    """Return actor, forum and poll, both locked in this order; raise `NotFound`, `NotPermitted`."""
    actor = accounts.reread(tx, actor)
    require(actor, Permission.RUN_POLL)
    row = tx.session.execute(
        select(Forum, Poll)
        .join(Poll, Poll.forum_id == Forum.id)
        .where(Poll.id == poll_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound(kind="poll", id=poll_id)
    forum, poll = row
    return actor, forum, poll


def forum_run_by(tx: Transaction, actor: Actor, forum_id: int) -> tuple[Actor, Forum]:
    """Return actor and forum under its lock; raise `NotFound`, `NotPermitted`."""
    actor = accounts.reread(tx, actor)
    require(actor, Permission.RUN_POLL)
    forum = tx.lock(Forum, forum_id)
    if forum is None:
        raise NotFound(kind="forum", id=forum_id)
    return actor, forum


def given_in_hall(tx: Transaction, poll: Poll) -> int:
    """Return how many have answered in the hall, shown or not."""
    return tx.session.scalar(select(func.count()).where(_in_hall(poll))) or 0


def move_on(tx: Transaction, poll: Poll) -> None:
    """Show more of a running poll when the rule allows it; the caller holds its lock."""
    if poll.shows_results:
        given = given_in_hall(tx, poll)
        _show(tx, poll, poll_rules.shown_while_running(poll.tally_answers, given))


def stop(tx: Transaction, poll: Poll) -> None:
    """End the poll in the hall and show all answers if the rule allows it; the caller holds its lock."""
    poll.state = poll_rules.after(poll.state, poll_rules.PollVerb.STOP)
    given = given_in_hall(tx, poll)
    is_words = poll.method is PollMethod.WORDS  # of words only the number is counted here
    _show(tx, poll, given if is_words else poll_rules.shown_at_end(poll.tally_answers, given))
    poll.stopped_at = tx.now
    poll.version += 1
    tx.session.flush()


def settle_online(tx: Transaction, poll: Poll) -> None:
    """Mark what is shown of a follow-up that is over, so that another one cannot show a single answer.

    Nothing happens before its end; the caller holds the lock.
    """
    if poll.method is PollMethod.WORDS:
        return
    if not poll_rules.is_online_over(poll.state, poll.follow_up_until, tx.now):
        return
    is_online = and_(PollAnswer.poll_id == poll.id, PollAnswer.is_follow_up.is_(True))
    numbers = select(PollAnswer.is_hidden, func.count()).where(is_online).group_by(PollAnswer.is_hidden)
    found = {row[0]: row[1] for row in tx.session.execute(numbers)}
    shown, behind = found.get(False, 0), found.get(True, 0)
    if poll_rules.shown_at_end(shown, shown + behind) > shown:
        tx.session.execute(
            update(PollAnswer)
            .where(is_online)
            .values(is_hidden=False)
            .execution_options(synchronize_session=False)
        )


def _in_hall(poll: Poll) -> ColumnElement[bool]:
    return and_(PollAnswer.poll_id == poll.id, PollAnswer.is_follow_up.is_(False))


def _show(tx: Transaction, poll: Poll, target: int) -> None:
    """Let so many answers of the hall be shown; which ones of those behind is left to chance."""
    if target <= poll.tally_answers:
        return
    if poll.method is PollMethod.WORDS:
        poll.tally, poll.tally_answers = [], target
        return
    chosen = (
        select(PollAnswer.id)
        .where(_in_hall(poll), PollAnswer.is_hidden.is_(True))
        .order_by(PollAnswer.id)
        .limit(target - poll.tally_answers)
    )
    tx.session.execute(
        update(PollAnswer)
        .where(PollAnswer.id.in_(chosen))
        .values(is_hidden=False)
        .execution_options(synchronize_session=False)
    )
    poll.tally, poll.tally_answers = _count_shown(tx, poll)


def _count_shown(tx: Transaction, poll: Poll) -> tuple[list[int], int]:
    """Return the tally of what is shown of the hall and how many answers are in it (one statement)."""
    text = cast(PollAnswer.choices, Text)  # PostgreSQL does not compare JSON
    rows = tx.session.execute(
        select(text, func.count()).where(_in_hall(poll), PollAnswer.is_hidden.is_(False)).group_by(text)
    ).all()
    answers = [(json.loads(raw), number) for raw, number in rows]
    return poll_rules.tally(poll.method, poll.options, answers), sum(number for _raw, number in answers)


def record(tx: Transaction, actor: Actor, verb: str, poll: Poll, **data: Any) -> None:
    """Write a deed on a poll into the log; call it last."""
    activity.record(tx, actor, verb, "forum", poll.forum_id, poll=poll.id, **data)


def tally_hash(poll: Poll) -> str:
    """Return the SHA-256 of what was counted, for the log.

    Below five answers the numbers stay out of it: so few could be found by trying all of them.
    """
    counted = poll.tally if poll.tally_answers >= poll_rules.STEP else None
    line = json.dumps([poll.id, poll.tally_answers, counted], separators=(",", ":"))
    return hashlib.sha256(line.encode()).hexdigest()
