# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What time does to ballots and polls: they end, voters are reminded, and keys are destroyed."""

from sqlalchemy import func, select

from charta.db import session, utcnow
from charta.votes import held_keys
from charta.votes.models import Poll
from charta.votes.poll_rules import FOLLOW_UP_WITHIN
from charta.votes.service import closing, polling


def run_due() -> int:
    """Do what is due and return how many things were done; safe to run at any time."""
    held_keys.drop_past()
    done = closing.close_over() + closing.remind_due() + closing.destroy_keys()
    # Look without a lock first: a worker that polls must not queue for the write lock every few seconds.
    return done + (polling.forget_keys() if _has_old_poll_keys() else 0)


def _has_old_poll_keys() -> bool:
    ended_at = func.coalesce(Poll.follow_up_until, Poll.stopped_at)
    old = select(Poll.id).where(Poll.key.is_not(None), ended_at < utcnow() - FOLLOW_UP_WITHIN)
    return session.scalar(old.limit(1)) is not None
