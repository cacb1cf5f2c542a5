# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The documentation of a forum: the moderator's words, and the one deed that shows and mails it."""

import hashlib
from datetime import timedelta

from charta.accounts import service as accounts
from charta.activity import service as activity
from charta.db import Transaction, transaction
from charta.errors import InvalidInput, NotFound, WrongState
from charta.forums.models import Forum
from charta.forums.queries import documentation
from charta.forums.rules import TEXT_MAX, ForumState
from charta.notifications.models import OutboxMail
from charta.notifications.service import wake
from charta.permissions import Actor, Permission, require
from charta.text.normalise import normalise


def write(actor: Actor, forum_id: int, *, text: str) -> None:
    """Store what the moderator writes into the documentation; the same words change nothing.

    Raises `InvalidInput("text", ...)`.
    """
    words = normalise(text, "text").strip()
    if len(words) > TEXT_MAX:
        raise InvalidInput("text", "too_long", limit=TEXT_MAX, length=len(words))
    with transaction() as tx:
        actor, forum = _entered(tx, actor, forum_id)
        if forum.documentation_text == words:
            return
        forum.documentation_text = words
        activity.record(tx, actor, "write_documentation", "forum", forum.id)


def publish(actor: Actor, forum_id: int) -> int:
    """Show the documentation to everybody and mail its address to all who came; return how many mails.

    Twice sends nothing. Raises `WrongState` before the forum is over, and for one that was cancelled.
    """
    with transaction() as tx:
        actor, forum = _entered(tx, actor, forum_id)
        if forum.documentation_at is not None:
            return 0
        last = forum.ends_at or (forum.starts_at + timedelta(hours=4) if forum.starts_at else None)
        is_over = forum.state is ForumState.HELD or (last is not None and last < tx.now)
        if not is_over or forum.state in {ForumState.CANCELLED, ForumState.PLANNED}:
            raise WrongState("publish_documentation", forum.state)
        forum.documentation_at = tx.now
        found = documentation.recipients(forum.id)
        if found:
            tx.insert_all(
                OutboxMail,
                [
                    {
                        "person_id": one.person_id,
                        "address": one.address,
                        "template": "forum_documentation",
                        "locale": one.locale,
                        "data": {"recipient_name": one.name, "title": forum.title, "slug": forum.slug},
                        "once_key": f"forum_documentation:{forum.id}:{_digest(one.address)}",
                        "created_at": tx.now,
                        "next_attempt_at": tx.now,
                    }
                    for one in found
                ],
            )
            tx.after_commit.append(wake)
        activity.record(tx, actor, "publish_documentation", "forum", forum.id, count=len(found))
        return len(found)


def _digest(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()[:32]


def _entered(tx: Transaction, actor: Actor, forum_id: int) -> tuple[Actor, Forum]:
    actor = accounts.reread(tx, actor)
    forum = tx.lock(Forum, forum_id)
    if forum is None:
        raise NotFound(kind="forum", id=forum_id)
    require(actor, Permission.RUN_FORUM, forum)
    return actor, forum
