# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Marking notices as read. What somebody has read is nobody's business: the log does not hear of it."""

from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, update

from charta.accounts.service import reread
from charta.db import Transaction, transaction
from charta.notifications.models import Notice
from charta.permissions import Actor, Permission, require


def mark_read(actor: Actor, notice_id: int) -> None:
    """Mark one of the actor's notices as read; one of somebody else, or read already, changes nothing."""
    with transaction() as tx:
        _mark(tx, _reader(tx, actor), Notice.id == notice_id)


def mark_all_read(actor: Actor, *, until: int) -> int:
    """Mark the actor's notices up to log number `until` (the newest one seen) as read; return how many."""
    with transaction() as tx:
        return _mark(tx, _reader(tx, actor), Notice.seq <= until)


def _reader(tx: Transaction, actor: Actor) -> Actor:
    actor = reread(tx, actor)
    require(actor, Permission.WATCH)
    return actor


def _mark(tx: Transaction, actor: Actor, which: ColumnElement[bool]) -> int:
    done = tx.session.execute(
        update(Notice)
        .where(Notice.person_id == actor.id, Notice.read_at.is_(None), which)
        .values(read_at=tx.now)
        .execution_options(synchronize_session=False)
    )
    return cast("CursorResult[Any]", done).rowcount
