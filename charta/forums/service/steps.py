# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Steps that the commands of planning forums share; each takes the transaction it runs in."""

from sqlalchemy import func, select

from charta.accounts.service import reread
from charta.db import Transaction
from charta.errors import EditConflict, InvalidInput, NotFound
from charta.forums import rules
from charta.forums.models import Forum, JoinCode
from charta.permissions import Actor, Permission, require
from charta.text.normalise import normalise, single_line

_CODE_ATTEMPTS = 20


def manager(tx: Transaction, actor: Actor) -> Actor:
    """Return the actor as it stands now; raise `NotPermitted` unless it may manage forums."""
    actor = reread(tx, actor)
    require(actor, Permission.MANAGE_FORUMS)
    return actor


def entered(tx: Transaction, actor: Actor, forum_id: int) -> tuple[Actor, Forum]:
    """Return the actor who may invite to a forum, and the forum under its lock."""
    actor = reread(tx, actor)
    forum = tx.lock(Forum, forum_id)
    if forum is None:
        raise NotFound(kind="forum", id=forum_id)
    require(actor, Permission.INVITE_TO_FORUM, forum)
    return actor, forum


def seen(tx: Transaction, forum_id: int, seen_version: int) -> Forum:
    """Return a forum under its lock; `EditConflict` unless it is the version the person had on the screen."""
    forum = tx.lock(Forum, forum_id)
    if forum is None:
        raise NotFound(kind="forum", id=forum_id)
    if forum.version != seen_version:
        raise EditConflict(subject="forum", version=forum.version)
    return forum


def touch(tx: Transaction, forum: Forum) -> None:
    """Mark a forum as changed now: pages open on the old version are told."""
    forum.version += 1
    forum.changed_at = tx.now
    tx.session.flush()


def clean_title(raw: str) -> str:
    """Return a title on one line; `InvalidInput` (required, too_long, forbidden_character)."""
    title = clean_line(raw, rules.TITLE_MAX, "title")
    if not title:
        raise InvalidInput("title", "required")
    return title


def clean_line(raw: str, limit: int, field: str) -> str:
    """Return a line of text, perhaps empty; `InvalidInput` (too_long, forbidden_character)."""
    text = single_line(raw, field)
    if len(text) > limit:
        raise InvalidInput(field, "too_long", limit=limit, length=len(text))
    return text


def clean_long(raw: str, field: str) -> str:
    """Return a longer text, perhaps empty; `InvalidInput` (too_long, forbidden_character)."""
    text = normalise(raw, field)
    if len(text) > rules.TEXT_MAX:
        raise InvalidInput(field, "too_long", limit=rules.TEXT_MAX, length=len(text))
    return text


def clean_reason(raw: str) -> str:
    """Return a reason; `InvalidInput("reason", ...)` when it is missing or too long."""
    text = normalise(raw, "reason").strip()
    if not text:
        raise InvalidInput("reason", "required")
    if len(text) > rules.REASON_MAX:
        raise InvalidInput("reason", "too_long", limit=rules.REASON_MAX, length=len(text))
    return text


def free_codes(tx: Transaction, count: int) -> list[str]:
    """Draw codes nobody has; one statement unless two of nine hundred million fall together."""
    for _attempt in range(_CODE_ATTEMPTS):
        drawn = {rules.draw_code() for _number in range(count)}
        taken = tx.session.scalar(select(func.count()).where(JoinCode.code.in_(drawn)))
        if len(drawn) == count and not taken:
            return sorted(drawn)
    raise RuntimeError("no free join code")
