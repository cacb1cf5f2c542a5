# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Notices to test with, stored without the worker that makes them."""

from collections.abc import Iterable

from sqlalchemy import func, insert, select

from charta.activity import service as activity
from charta.activity.models import ActivityEntry
from charta.db import Transaction, session, transaction
from charta.notifications.models import Notice
from charta.notifications.rules import NoticeReason
from tests.factories import Account


def seq_of(verb: str, subject_id: int) -> int:
    """Return the log number of the newest deed of this verb on a subject."""
    session.rollback()
    found = session.scalar(
        select(func.max(ActivityEntry.seq)).where(
            ActivityEntry.verb == verb, ActivityEntry.subject_id == subject_id
        )
    )
    assert found is not None, f"nothing in the log: {verb} {subject_id}"
    return found


def told(
    who: Account,
    verb: str,
    subject_id: int,
    *,
    reason: NoticeReason = NoticeReason.WATCHED,
    watched: tuple[str, int] = ("section", 1),
    is_read: bool = False,
) -> int:
    """Tell somebody of a deed of the log; return the id of the notice."""
    seq = seq_of(verb, subject_id)
    with transaction() as tx:
        notice = Notice(
            person_id=who.id,
            seq=seq,
            reason=reason,
            watched_kind=watched[0],
            watched_id=watched[1],
            created_at=tx.now,
            read_at=tx.now if is_read else None,
        )
        tx.session.add(notice)
        tx.session.flush()
        return notice.id


def build(tx: Transaction, count: int, *, people: Iterable[int], proposal_id: int) -> None:
    """Record `count` deeds on a proposal and tell each of these people of all of them, without the worker."""
    deeds = [
        activity.record(tx, None, "submit_proposal", "proposal", proposal_id).seq for _each in range(count)
    ]
    why = {"reason": NoticeReason.WATCHED, "watched_kind": "proposal", "watched_id": proposal_id}
    rows = [
        {**why, "person_id": person_id, "seq": seq, "created_at": tx.now}
        for person_id in people
        for seq in deeds
    ]
    tx.session.execute(insert(Notice), rows)


def unread_of(who: Account) -> list[int]:
    """Return the ids of somebody's unread notices, oldest first."""
    session.rollback()
    return list(
        session.scalars(
            select(Notice.id).where(Notice.person_id == who.id, Notice.read_at.is_(None)).order_by(Notice.id)
        )
    )
