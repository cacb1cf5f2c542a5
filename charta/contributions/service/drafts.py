# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Uploaded tables between the steps of an import: only who uploaded one sees it, and only for a day."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select

from charta.accounts.service import reread
from charta.contributions.models import ImportDraft
from charta.db import Transaction, session, transaction, utcnow
from charta.errors import NotFound
from charta.permissions import Actor, Permission, require

KEPT_FOR = timedelta(days=1)
FILE_NAME_MAX = 200


def keep(
    actor: Actor,
    *,
    permission: Permission,
    kind: str,
    forum_id: int,
    file_name: str,
    columns: list[str],
    rows: list[list[str]],
    numbers: list[int],
    mapping: Mapping[str, Any],
) -> int:
    """Keep a table that was read; return the id of the draft.

    `numbers` are the row numbers a spreadsheet shows: each row is stored with its own in front.
    """
    with transaction() as tx:
        actor = reread(tx, actor)
        require(actor, permission)
        assert actor.id is not None
        made = ImportDraft(
            kind=kind,
            forum_id=forum_id,
            created_by_id=actor.id,
            file_name=file_name.replace("\0", "")[:FILE_NAME_MAX],
            columns=columns,
            rows=[[number, *row] for number, row in zip(numbers, rows, strict=True)],
            mapping=dict(mapping),
            created_at=tx.now,
            expires_at=tx.now + KEPT_FOR,
        )
        tx.session.add(made)
        tx.session.flush()
        return made.id


def mine(actor: Actor, draft_id: int, *, kind: str, forum_id: int) -> ImportDraft:
    """Return a draft of the actor; raise `NotFound` for another's, an expired and an unknown one."""
    found = session.get(ImportDraft, draft_id)
    if (
        found is None
        or (found.created_by_id, found.kind, found.forum_id) != (actor.id, kind, forum_id)
        or found.expires_at <= utcnow()
    ):
        raise NotFound(kind="import_draft", id=draft_id)
    return found


def set_mapping(actor: Actor, draft_id: int, *, permission: Permission, mapping: Mapping[str, Any]) -> None:
    """Store which column means what."""
    with transaction() as tx:
        _own(tx, actor, draft_id, permission).mapping = dict(mapping)


def finish(actor: Actor, draft_id: int, *, permission: Permission) -> None:
    """Note that the rows were taken in, and let go of them; twice is no error."""
    with transaction() as tx:
        found = _own(tx, actor, draft_id, permission)
        found.done_at = found.done_at or tx.now
        found.rows = []


def remove_expired() -> int:
    """Delete drafts whose day is over; return how many."""
    if session.scalar(select(ImportDraft.id).where(ImportDraft.expires_at <= utcnow()).limit(1)) is None:
        session.rollback()
        return 0
    with transaction() as tx:
        done = tx.session.execute(delete(ImportDraft).where(ImportDraft.expires_at <= tx.now))
        return cast("CursorResult[Any]", done).rowcount


def _own(tx: Transaction, actor: Actor, draft_id: int, permission: Permission) -> ImportDraft:
    actor = reread(tx, actor)
    require(actor, permission)
    found = tx.lock(ImportDraft, draft_id)
    if found is None or found.created_by_id != actor.id:
        raise NotFound(kind="import_draft", id=draft_id)
    return found
