# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Steps that the commands on polls share; each takes the transaction it runs in."""

import hashlib
import json
from typing import Any

from sqlalchemy import Text, cast, func, select

from charta.accounts import service as accounts
from charta.activity import service as activity
from charta.db import Transaction
from charta.errors import NotFound
from charta.forums.models import Forum
from charta.permissions import Actor, Permission, require
from charta.votes import poll_rules
from charta.votes.models import Poll, PollAnswer


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


def count_hall(tx: Transaction, poll: Poll) -> tuple[list[int], int]:
    """Return the tally of the hall and how many answers are in it (one statement)."""
    text = cast(PollAnswer.choices, Text)  # PostgreSQL does not compare JSON
    rows = tx.session.execute(
        select(text, func.count())
        .where(PollAnswer.poll_id == poll.id, PollAnswer.is_follow_up.is_(False))
        .group_by(text)
    ).all()
    answers = [(json.loads(raw), number) for raw, number in rows]
    return poll_rules.tally(poll.method, poll.options, answers), sum(number for _raw, number in answers)


def stop(tx: Transaction, poll: Poll) -> None:
    """End the poll in the hall and count all answers; the caller holds its lock."""
    poll.state = poll_rules.after(poll.state, poll_rules.PollVerb.STOP)
    poll.tally, poll.tally_answers = count_hall(tx, poll)
    poll.stopped_at = tx.now
    poll.version += 1
    tx.session.flush()


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
