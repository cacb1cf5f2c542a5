# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Hearing about a contribution: an address with double opt-in, or the own account by its code; ending it."""

from datetime import timedelta

from sqlalchemy import func, select, update

from charta.accounts.models import Attempt, Person
from charta.accounts.rules import clean_email
from charta.accounts.service import check_throttle, reread, throttle_key
from charta.accounts.throttle import FreeAttempts
from charta.contributions.models import Contribution
from charta.contributions.rules import clean_code
from charta.contributions.service.telling import SUBJECT
from charta.db import Transaction, transaction
from charta.errors import NotFound
from charta.notifications.models import MailLink, Subscription
from charta.notifications.subscriptions import (
    SUBSCRIPTION,
    enqueue_to,
    linked_id,
    subscribe_address,
    subscribe_person,
)
from charta.permissions import Actor, Permission, require

# Confirmation mails to one address within a day: more would only fill somebody's inbox.
CONFIRMATIONS_PER_DAY = 5
_DAY = timedelta(days=1)


def subscribe(actor: Actor, code: str, *, email: str, locale: str, address: str, free: FreeAttempts) -> None:
    """Send the mail that confirms that somebody wants to hear about a contribution.

    Whether the address is known already looks the same to the caller. `address` is the client's, for the
    throttle. Raises `InvalidInput("email", ...)`, `TooManyAttempts`, `NotFound`.
    """
    cleaned = clean_email(email)
    client = throttle_key("subscribe-client", address)
    check_throttle(throttle_key("subscribe", cleaned), client, free)
    with transaction() as tx:
        actor = reread(tx, actor)
        require(actor, Permission.SUBSCRIBE)
        found = _subject(tx, code)
        for key in (throttle_key("subscribe", cleaned), client):
            tx.session.add(Attempt(kind="subscribe", key_hash=key, at=tx.now))
        sent = tx.session.scalar(
            select(func.count())
            .select_from(MailLink)
            .join(Subscription, Subscription.id == MailLink.subject_id)
            .where(
                MailLink.subject_kind == SUBSCRIPTION,
                MailLink.created_at > tx.now - _DAY,
                Subscription.address == cleaned,
                Subscription.confirmed_at.is_(None),
            )
        )
        if (sent or 0) >= CONFIRMATIONS_PER_DAY:
            return
        key_of_mail = subscribe_address(tx, cleaned, SUBJECT, found.id, locale=locale)
        if key_of_mail is not None:
            enqueue_to(
                tx,
                cleaned,
                "subscription_confirm",
                locale=locale,
                secret=key_of_mail,
                code=found.code,
            )


def follow(actor: Actor, code: str) -> None:
    """Let the actor's account watch a contribution whose code they know; twice is no error.

    It hears of it by notices and the digest, so it needs no address. Raises `NotPermitted`, `NotFound`.
    """
    with transaction() as tx:
        actor = reread(tx, actor)
        require(actor, Permission.SUBSCRIBE)
        require(actor, Permission.WATCH)
        person = tx.session.get_one(Person, actor.id)
        found = _subject(tx, code)
        subscribe_person(tx, person.id, SUBJECT, found.id, locale=person.locale)


def unfollow(actor: Actor, code: str) -> None:
    """End what the actor's account hears about a contribution; without it nothing changes, also for authors.

    An author who has not been told anything yet gets an ended subscription, so that it stays quiet.
    """
    with transaction() as tx:
        actor = reread(tx, actor)
        require(actor, Permission.SUBSCRIBE)
        if actor.id is None:
            return
        found = _subject(tx, code)
        known = tx.session.scalar(
            select(Subscription).where(
                Subscription.subject_kind == SUBJECT,
                Subscription.subject_id == found.id,
                Subscription.person_id == actor.id,
            )
        )
        if known is None:
            known = Subscription(
                subject_kind=SUBJECT, subject_id=found.id, person_id=actor.id, created_at=tx.now
            )
            tx.session.add(known)
        known.ended_at = known.ended_at or tx.now


def end_all(key: str) -> int:
    """End everything that the recipient of a mail hears about contributions; return how many there were.

    The link of one mail stands for the mailbox it went to. Raises `NotFound` for a wrong or expired key.
    """
    with transaction() as tx:
        ident = linked_id(SUBSCRIPTION, key)
        found = tx.lock(Subscription, ident) if ident is not None else None
        if found is None:
            raise NotFound(kind="subscription", id=None)
        whose = (
            Subscription.person_id == found.person_id
            if found.person_id is not None
            else Subscription.address == found.address
        )
        ended = tx.session.scalars(
            update(Subscription)
            .where(whose, Subscription.subject_kind == SUBJECT, Subscription.ended_at.is_(None))
            .values(ended_at=tx.now)
            .returning(Subscription.id)
            .execution_options(synchronize_session=False)
        ).all()
        return len(ended)


def _subject(tx: Transaction, code: str) -> Contribution:
    found = tx.session.scalar(select(Contribution).where(Contribution.code == (clean_code(code) or "")))
    if found is None:
        raise NotFound(kind="contribution", code=code)
    return found
