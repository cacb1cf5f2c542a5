# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""People without an account: mails to a bare address, personal links, and who wants to hear about what.

Shared steps of commands above (they take `tx`), and at the end what the link of a mail opens.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    SQLColumnExpression,
    case,
    exists,
    false,
    or_,
    select,
)

from charta.accounts.models import Person
from charta.accounts.rules import clean_email
from charta.db import Transaction, session, transaction, utcnow
from charta.errors import NotFound
from charta.notifications.models import MailLink, OutboxMail, Subscription
from charta.notifications.service import wake

LINK_LIFETIME = timedelta(days=365)
# The kind of the links that mails about a subject carry.
SUBSCRIPTION = "subscription"


def hash_key(key: str) -> str:
    """Return what is stored of the key of a link."""
    return hashlib.sha256(key.encode()).hexdigest()


def make_link(tx: Transaction, kind: str, subject_id: int, *, until: datetime | None = None) -> str:
    """Make a personal link to a subject and return its key (128 random bits); earlier ones keep working."""
    key = secrets.token_urlsafe(16)
    tx.session.add(
        MailLink(
            key_hash=hash_key(key),
            subject_kind=kind,
            subject_id=subject_id,
            created_at=tx.now,
            expires_at=until or tx.now + LINK_LIFETIME,
        )
    )
    return key


def linked_id(kind: str, key: str) -> int | None:
    """Return the id of the subject of this kind that a key opens; None for a wrong or expired one."""
    return session.scalar(
        select(MailLink.subject_id).where(
            MailLink.key_hash == hash_key(key), MailLink.subject_kind == kind, MailLink.expires_at > utcnow()
        )
    )


def enqueue_to(
    tx: Transaction,
    address: str,
    template: str,
    *,
    locale: str,
    recipient_name: str = "",
    secret: str | None = None,
    once_key: str | None = None,
    **data: Any,
) -> None:
    """Put one mail to a bare address into the outbox; who has an account gets theirs by `enqueue`."""
    if recipient_name:
        data["recipient_name"] = recipient_name
    tx.session.add(
        OutboxMail(
            address=address,
            template=template,
            locale=locale,
            data=data,
            secret=secret,
            once_key=once_key,
            created_at=tx.now,
            next_attempt_at=tx.now,
        )
    )
    tx.after_commit.append(wake)


def subscribe_person(
    tx: Transaction, person_id: int, kind: str, subject_id: int, *, locale: str, is_own: bool = False
) -> None:
    """Let a person hear about a subject; twice is no error, and an ended or muted one begins again.

    `is_own`: because it is theirs, not because of a click.
    """
    found = tx.session.scalar(_of(kind, subject_id).where(Subscription.person_id == person_id))
    if found is None:
        tx.session.add(
            Subscription(
                subject_kind=kind,
                subject_id=subject_id,
                person_id=person_id,
                locale=locale,
                created_at=tx.now,
                confirmed_at=tx.now,
                is_own=is_own,
            )
        )
    else:
        found.ended_at = found.muted_at = None
        found.is_own = found.is_own or is_own


def subscribe_address(
    tx: Transaction, raw_address: str, kind: str, subject_id: int, *, locale: str
) -> str | None:
    """Note that an address wants to hear about a subject; return the key of the link that confirms it.

    None when it is confirmed already; pages say the same either way, so nobody learns whose address it is.
    Raises `InvalidInput("email", ...)`.
    """
    address = clean_email(raw_address)
    found = tx.session.scalar(_of(kind, subject_id).where(Subscription.address == address))
    if found is not None and found.confirmed_at is not None and found.ended_at is None:
        return None
    if found is None:
        found = Subscription(
            subject_kind=kind, subject_id=subject_id, address=address, locale=locale, created_at=tx.now
        )
        tx.session.add(found)
        tx.session.flush()
    else:
        found.confirmed_at = found.ended_at = None
        found.locale = locale
    return make_link(tx, SUBSCRIPTION, found.id)


def watch_state(person_id: int | None, kind: str, subject_id: SQLColumnExpression[int]) -> ScalarSelect[Any]:
    """Return a column that says how a person stands to a subject: none, watched, muted; or null.

    Pages read it with the subject itself. The words are those of `charta.watching.rules.WatchState`.
    """
    # Nobody must not mean the rows without a person: those belong to bare addresses.
    own = false() if person_id is None else Subscription.person_id == person_id
    return (
        select(
            case(
                (Subscription.ended_at.is_not(None), "none"),
                (Subscription.muted_at.is_not(None), "muted"),
                else_="watched",
            )
        )
        .where(
            Subscription.subject_kind == kind,
            Subscription.subject_id == subject_id,
            own,
        )
        .scalar_subquery()
    )


def is_quiet(kind: str, subject_id: int | SQLColumnExpression[int]) -> ColumnElement[bool]:
    """Return the condition that `Person` muted a subject or watches it no more: no mail of their own then."""
    return exists().where(
        Subscription.subject_kind == kind,
        Subscription.subject_id == subject_id,
        Subscription.person_id == Person.id,
        or_(Subscription.muted_at.is_not(None), Subscription.ended_at.is_not(None)),
    )


def _of(kind: str, subject_id: int) -> Any:
    return select(Subscription).where(
        Subscription.subject_kind == kind, Subscription.subject_id == subject_id
    )


def subscription_by_key(key: str) -> Subscription | None:
    """Return the subscription that the link of a mail opens."""
    found = linked_id(SUBSCRIPTION, key)
    return None if found is None else session.get(Subscription, found)


def confirm(key: str) -> Subscription:
    """Confirm an address by the link of its mail; twice is no error. Raises `NotFound`."""
    with transaction() as tx:
        found = _by_key(tx, key)
        found.confirmed_at = found.confirmed_at or tx.now
        found.ended_at = None
        return found


def unsubscribe(key: str) -> Subscription:
    """End a subscription by the link of a mail; twice is no error. Raises `NotFound`."""
    with transaction() as tx:
        found = _by_key(tx, key)
        found.ended_at = found.ended_at or tx.now
        return found


def _by_key(tx: Transaction, key: str) -> Subscription:
    ident = linked_id(SUBSCRIPTION, key)
    found = tx.lock(Subscription, ident) if ident is not None else None
    if found is None:
        raise NotFound(kind=SUBSCRIPTION, id=None)
    return found
