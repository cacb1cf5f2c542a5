# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Mails to those who registered, each with a personal link and, for a place, the calendar entry."""

import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from charta.db import Transaction
from charta.forums.models import Forum, Registration
from charta.forums.rules import ForumState, LinkKind, RegistrationState
from charta.notifications.models import MailLink, OutboxMail
from charta.notifications.service import wake
from charta.notifications.subscriptions import LINK_LIFETIME, hash_key

_KIND = LinkKind.REGISTRATION.value


def tell_state(tx: Transaction, forum: Forum, registration: Registration, occasion: str) -> str:
    """Mail somebody how the registration stands; `occasion`: new, again. Return the key of the link."""
    if registration.state is RegistrationState.INTERESTED and forum.state is not ForumState.PLANNED:
        return tell(tx, forum, [registration], "forum_date_set")[0]
    place = 0
    if registration.state is RegistrationState.WAITING:
        place = 1 + (
            tx.session.scalar(
                select(func.count()).where(
                    Registration.forum_id == forum.id,
                    Registration.state == RegistrationState.WAITING,
                    (Registration.waiting_since < registration.waiting_since)
                    | (
                        (Registration.waiting_since == registration.waiting_since)
                        & (Registration.id < registration.id)
                    ),
                )
            )
            or 0
        )
    keys = tell(
        tx,
        forum,
        [registration],
        "forum_registration",
        method="REQUEST",
        occasion=occasion,
        queue_place=place,
    )
    return keys[0]


def tell(
    tx: Transaction,
    forum: Forum,
    registrations: Sequence[Registration],
    template: str,
    *,
    method: str = "",
    **data: Any,
) -> list[str]:
    """Put a mail with a personal link to each into the outbox, two statements whatever their number.

    `method` REQUEST attaches the calendar entry for those with a place, CANCEL takes it back from those who
    have or had one. Returns the keys of the links; who was put on the list by hand has no address.
    """
    facts = _facts(forum) | data
    links, mails, keys = [], [], []
    for one in registrations:
        if one.email is None:
            continue
        key = secrets.token_urlsafe(16)
        keys.append(key)
        links.append(
            {
                "key_hash": hash_key(key),
                "subject_kind": _KIND,
                "subject_id": one.id,
                "created_at": tx.now,
                "expires_at": max(tx.now, forum.starts_at or tx.now) + LINK_LIFETIME,
            }
        )
        holds = one.state in {RegistrationState.REGISTERED, RegistrationState.CANCELLED}
        entry = _calendar_entry(forum, one.email, method) if method and holds and forum.starts_at else None
        mails.append(
            {
                "address": one.email,
                "template": template,
                "locale": one.locale,
                "data": facts
                | {"recipient_name": one.name, "state": one.state.value}
                | ({"calendar": entry} if entry else {}),
                "secret": key,
                "created_at": tx.now,
                "next_attempt_at": tx.now,
            }
        )
    if mails:
        tx.insert_all(MailLink, links)
        tx.insert_all(OutboxMail, mails)
        tx.after_commit.append(wake)
    return keys


def _facts(forum: Forum) -> dict[str, Any]:
    """Return what mails say about a forum; a date that is only planned is not said."""
    starts_at, ends_at = (
        (None, None) if forum.state is ForumState.PLANNED else (forum.starts_at, forum.ends_at)
    )
    return {
        "title": forum.title,
        "slug": forum.slug,
        "place": forum.place,
        "street": forum.address,
        "starts_at": starts_at.isoformat() if starts_at else "",
        "ends_at": ends_at.isoformat() if ends_at else "",
    }


def _calendar_entry(forum: Forum, address: str, method: str) -> dict[str, Any]:
    """Return what `web.mails` makes the attached file of; the version of the forum is its SEQUENCE."""
    assert forum.starts_at is not None
    return {
        "kind": "forum",
        "id": forum.id,
        "method": method,
        "sequence": forum.version,
        "title": forum.title,
        "place": ", ".join(part for part in (forum.place, forum.address) if part),
        "starts_at": forum.starts_at.isoformat(),
        "ends_at": forum.ends_at.isoformat() if forum.ends_at else None,
        "endpoint": "forums.show",
        "values": {"slug": forum.slug},
        "address": address,
    }
