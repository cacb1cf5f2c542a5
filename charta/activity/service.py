# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Writing the log: one canonical line a deed, chained by SHA-256, in the deed's own transaction."""

import hashlib
import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import text

from charta.activity.models import ActivityEntry, LogHead
from charta.activity.rules import GENESIS, chain_hash, entry_line
from charta.db import Transaction
from charta.permissions import Actor


def record(
    tx: Transaction,
    actor: Actor | None,
    verb: str,
    subject_kind: str,
    subject_id: int,
    *,
    section_id: int | None = None,
    personal: Mapping[str, str] | None = None,
    **data: Any,
) -> ActivityEntry:
    """Append one entry to the log and move its head; call it last in a command (lock order).

    `data` holds ids, numbers and words of ours, never what a person wrote; `personal` texts are stored as
    salted hashes only.
    """
    head = tx.lock(LogHead, 1) or _first_head(tx)
    for name, words in (personal or {}).items():
        data[f"{name}_hash"] = hashlib.sha256(f"{head.salt}{words}".encode()).hexdigest()
    seq = head.seq + 1
    line = entry_line(
        seq=seq,
        at=tx.now,
        actor_id=actor.id if actor else None,
        verb=verb,
        subject=(subject_kind, subject_id),
        section_id=section_id,
        data=data,
    )
    entry = ActivityEntry(
        seq=seq,
        at=tx.now,
        actor_id=actor.id if actor else None,
        verb=verb,
        subject_kind=subject_kind,
        subject_id=subject_id,
        section_id=section_id,
        data=data,
        line=line,
        previous_hash=head.hash,
        hash=chain_hash(head.hash, line),
    )
    tx.session.add(entry)
    head.seq, head.hash = seq, entry.hash
    tx.session.flush()
    return entry


def _first_head(tx: Transaction) -> LogHead:
    # Two writers may open an empty log at once: one row comes of it, and both wait for its lock.
    tx.session.execute(
        text(
            "INSERT INTO log_head (id, seq, hash, salt) VALUES (1, 0, :hash, :salt) "
            "ON CONFLICT (id) DO NOTHING"
        ),
        {"hash": GENESIS, "salt": secrets.token_hex(32)},
    )
    head = tx.lock(LogHead, 1)
    assert head is not None
    return head
