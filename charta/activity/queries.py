# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading and checking the log."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from charta.activity.models import ActivityEntry, LogHead
from charta.activity.rules import GENESIS, chain_hash, entry_line
from charta.db import session

PAGE_SIZE = 50


def newest(
    *, before_seq: int | None = None, subject: tuple[str, int] | None = None, section_id: int | None = None
) -> Sequence[ActivityEntry]:
    """Return up to `PAGE_SIZE` + 1 entries, newest first, before `before_seq` (keyset)."""
    statement = select(ActivityEntry).order_by(ActivityEntry.seq.desc()).limit(PAGE_SIZE + 1)
    if before_seq is not None:
        statement = statement.where(ActivityEntry.seq < before_seq)
    if subject is not None:
        statement = statement.where(
            ActivityEntry.subject_kind == subject[0], ActivityEntry.subject_id == subject[1]
        )
    if section_id is not None:
        statement = statement.where(ActivityEntry.section_id == section_id)
    return session.scalars(statement).all()


def log_position() -> int:
    """Return the number of the newest deed: while it stands, no page of public things has changed."""
    return session.scalar(select(LogHead.seq)) or 0


def log_position_with(*more: Any) -> tuple[int, tuple[Any, ...]]:
    """Return the `log_position`, and the values of further columns that a page wants to know with it."""
    row = session.execute(select(select(LogHead.seq).scalar_subquery(), *more)).one()
    return row[0] or 0, tuple(row[1:])


@dataclass(frozen=True, slots=True)
class Verification:
    """What `verify` found: how many entries hold, and the first that does not."""

    entries: int
    head: str
    broken_at: int | None = None
    problem: str = ""

    def __bool__(self) -> bool:
        return self.broken_at is None


def verify() -> Verification:
    """Recompute the whole chain from the stored lines and compare it with the head."""
    previous, count = GENESIS, 0
    statement = select(ActivityEntry).order_by(ActivityEntry.seq).execution_options(yield_per=500)
    with closing(session.scalars(statement)) as entries:
        for entry in entries:
            count += 1
            if entry.seq != count:
                return Verification(count - 1, previous, count, "missing entry")
            if entry.previous_hash != previous or chain_hash(previous, entry.line) != entry.hash:
                return Verification(count - 1, previous, entry.seq, "hash does not match")
            # Pages show the columns, the hash covers the line: both must say the same.
            if entry.line != entry_line(
                seq=entry.seq,
                at=entry.at,
                actor_id=entry.actor_id,
                verb=entry.verb,
                subject=(entry.subject_kind, entry.subject_id),
                section_id=entry.section_id,
                data=entry.data,
            ):
                return Verification(count - 1, previous, entry.seq, "columns do not match the line")
            previous = entry.hash
    head = session.get(LogHead, 1)
    if head is None and count:
        return Verification(count, previous, count, "the head is missing")
    if head is not None and (head.seq, head.hash) != (count, previous):
        return Verification(count, previous, count, "head does not match the last entry")
    return Verification(count, previous)
