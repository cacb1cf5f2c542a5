# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Mails to people on the list of a forum, each with a personal link; what they say of the forum."""

import secrets
from collections.abc import Sequence
from typing import Any

from charta.db import Transaction
from charta.errors import WrongState
from charta.forums.models import Forum, Invitation, InvitationWave
from charta.forums.rules import ForumState, LinkKind
from charta.notifications.models import MailLink, OutboxMail
from charta.notifications.service import wake
from charta.notifications.subscriptions import LINK_LIFETIME, hash_key
from charta.text.render import to_plain

_KIND = LinkKind.INVITATION.value
_OVER = frozenset({ForumState.CANCELLED, ForumState.HELD})


def write(
    tx: Transaction,
    forum: Forum,
    invitations: Sequence[Invitation],
    template: str,
    *,
    once: str,
    **data: Any,
) -> None:
    """Put one mail with a personal link to each into the outbox; two statements however many there are."""
    facts = _facts(forum) | data
    links, mails = [], []
    for one in invitations:
        key = secrets.token_urlsafe(16)
        links.append(
            {
                "key_hash": hash_key(key),
                "subject_kind": _KIND,
                "subject_id": one.id,
                "created_at": tx.now,
                "expires_at": max(tx.now, forum.starts_at or tx.now) + LINK_LIFETIME,
            }
        )
        mails.append(
            {
                "address": one.email,
                "template": template,
                "locale": one.locale,
                "data": facts | {"recipient_name": one.name, "company": one.company},
                "secret": key,
                "once_key": f"forum_invitation:{one.id}:{once}",
                "created_at": tx.now,
                "next_attempt_at": tx.now,
            }
        )
    if mails:
        tx.insert_all(MailLink, links)
        tx.insert_all(OutboxMail, mails)
        tx.after_commit.append(wake)


def check_coming(tx: Transaction, forum: Forum, deed: str) -> None:
    """Raise `WrongState` once a forum has begun, is over or is cancelled."""
    if is_over(tx, forum):
        raise WrongState(deed, forum.state)


def is_over(tx: Transaction, forum: Forum) -> bool:
    """Say whether a forum has begun, is over or is cancelled."""
    return forum.state in _OVER or (forum.starts_at is not None and forum.starts_at <= tx.now)


def _facts(forum: Forum) -> dict[str, Any]:
    return {
        "title": forum.title,
        "slug": forum.slug,
        "place": forum.place,
        "street": forum.address,
        "starts_at": forum.starts_at.isoformat() if forum.starts_at else "",
        "ends_at": forum.ends_at.isoformat() if forum.ends_at else "",
    }


def preview(forum: Forum, wave: InvitationWave) -> dict[str, Any]:
    """Return what the mail of a wave is filled with, for looking at it before it leaves."""
    return _facts(forum) | letter_of(wave)


def letter_of(wave: InvitationWave) -> dict[str, Any]:
    """Return what a mail shows of the letter of its wave."""
    return {"subject_line": wave.subject, "paragraphs": _paragraphs(wave.letter)}


def _paragraphs(letter: str) -> list[str]:
    """Return the paragraphs of a letter as mails show them: plain words, without Markdown."""
    return [part.strip() for part in to_plain(letter).split("\n\n") if part.strip()]
