# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The worker of the outbox: claims, renders and sends what is due, and stores what came of it.

A mail is claimed in one short transaction (its next attempt moves to the end of a lease), sent outside of any
transaction, and the result is stored in another. Workers in parallel never hold the same mail (PostgreSQL:
SKIP LOCKED; SQLite: the write lock). Only when a process dies, or the connection breaks, between the server's
"accepted" and our note of it, a mail leaves twice: an invitation that comes twice harms less than one that
never comes. The Message-ID is the same both times, so many servers drop the second.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Any, Protocol, cast

from flask import current_app
from sqlalchemy import select

from charta.accounts.models import Person
from charta.db import Transaction, session, transaction, utcnow
from charta.notifications.models import MailPreference, OutboxMail, Subscription
from charta.notifications.preferences import note_bounce
from charta.notifications.rules import LEASE, UNSUBSCRIBED, Digest, MailClass, delay_after, mail_class
from charta.notifications.transports import Refused, Transport, Unreachable, from_settings

log = logging.getLogger(__name__)

# Mails of one round, so that other work of the same worker is not kept waiting.
ROUND = 50


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail in words; `calendar` is an iCalendar file to attach, with its method.

    `unsubscribe_url` ends this kind of mail with one POST (RFC 8058); empty where a mail cannot be refused.
    """

    subject: str
    text: str
    html: str
    calendar: str = ""
    calendar_method: str = ""
    unsubscribe_url: str = ""


class Renderer(Protocol):
    """Turns a template's name and its data into words (`charta.web.mails.render`)."""

    def __call__(
        self,
        template: str,
        *,
        locale: str,
        recipient: str,
        secret: str | None,
        data: dict[str, Any],
        person_id: int | None = None,
        subscription_id: int | None = None,
    ) -> Rendered: ...


@dataclass(frozen=True, slots=True)
class Claim:
    """A mail that is ours until the lease ends; `attempts` tells a later claim of the same mail apart."""

    id: int
    attempts: int
    address: str
    recipient: str
    template: str
    locale: str
    data: dict[str, Any]
    secret: str | None
    created_at: datetime
    subscription_id: int | None = None
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Failure:
    """Why a mail did not leave, in words of ours for the administration; never what it says."""

    reason: str
    is_final: bool = False
    is_bounce: bool = False


_renderers: list[Renderer] = []


def render_with(renderer: Renderer) -> None:
    """Set who renders mails; called once by `create_app`."""
    _renderers[:] = [renderer]


def run_due() -> int:
    """Send what is due, at most `ROUND` mails, and return how many were handled.

    When the server cannot be reached the round ends: the others would only wait for the same.
    """
    if not _is_something_due():
        return 0
    handled = 0
    with from_settings(current_app.config) as transport:
        while handled < ROUND:
            claim = _claim()
            if claim is None:
                break
            handled += 1
            if isinstance(claim, Claim) and not _send(claim, transport):
                break
    return handled


def _is_something_due() -> bool:
    """Look without a lock first: a worker that polls must not queue for the write lock every few seconds."""
    found = session.scalar(
        select(OutboxMail.id)
        .where(
            OutboxMail.sent_at.is_(None),
            OutboxMail.failed_at.is_(None),
            OutboxMail.next_attempt_at <= utcnow(),
        )
        .limit(1)
    )
    session.rollback()
    return found is not None


class _Dropped:
    """A mail that was due and is not wanted, or not taken, by its person any more."""


def _claim() -> Claim | _Dropped | None:
    """Take the mail that has waited longest; nobody else gets it until the lease ends."""
    with transaction() as tx:
        mail = tx.session.scalar(
            select(OutboxMail)
            .where(
                OutboxMail.sent_at.is_(None),
                OutboxMail.failed_at.is_(None),
                OutboxMail.next_attempt_at <= tx.now,
            )
            .order_by(OutboxMail.next_attempt_at, OutboxMail.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if mail is None:
            return None
        person = _recipient(tx, mail)
        if person is not None and _is_dropped(tx, mail, person):
            log.info("mail %d dropped (%s)", mail.id, mail.template)
            return _Dropped()
        mail.attempts += 1
        mail.next_attempt_at = tx.now + LEASE
        recipient = person.name if person is not None else None
        return Claim(
            id=mail.id,
            attempts=mail.attempts,
            address=mail.address,
            recipient=recipient or str(mail.data.get("recipient_name", "")),
            template=mail.template,
            locale=mail.locale,
            data=dict(mail.data),
            secret=mail.secret,
            created_at=mail.created_at,
            subscription_id=mail.subscription_id,
            person_id=mail.person_id,
        )


@dataclass(frozen=True, slots=True)
class _Recipient:
    """The person a mail is for, and how mail is wanted there; the defaults stand where nobody chose."""

    name: str
    address: str | None
    is_active: bool
    digest: Digest = Digest.DAILY
    wants_own: bool = True
    is_dead: bool = False


def _recipient(tx: Transaction, mail: OutboxMail) -> _Recipient | None:
    if mail.person_id is None:
        return None
    row = tx.session.execute(
        select(Person.name, Person.email, Person.deactivated_at, MailPreference)
        .outerjoin(MailPreference, MailPreference.person_id == Person.id)
        .where(Person.id == mail.person_id)
    ).one_or_none()
    if row is None:
        return None
    name, address, deactivated_at = row[:3]
    chosen = cast("MailPreference | None", row[3])  # an outer join: mypy sees no None
    if chosen is None:
        return _Recipient(name, address, deactivated_at is None)
    return _Recipient(
        name,
        address,
        deactivated_at is None,
        chosen.digest,
        chosen.wants_own,
        chosen.bounced_at is not None,
    )


def _is_dropped(tx: Transaction, mail: OutboxMail, person: _Recipient) -> bool:
    """Take a mail out of the outbox that nobody wants or that cannot arrive; return whether it was.

    What is about one's own things comes in the digest then, and stands among the notices: it is deleted. Of
    other mails to a dead address the administration is told.
    """
    kind = mail_class(mail.template)
    if kind is MailClass.ACCOUNT:
        return False
    is_dead = person.is_dead and mail.address == person.address
    is_unwanted = (kind is MailClass.OWN and not person.wants_own) or (
        kind is MailClass.DIGEST and person.digest is Digest.NEVER
    )
    if kind in UNSUBSCRIBED and (is_unwanted or is_dead or not person.is_active):
        tx.session.delete(mail)
        return True
    if is_dead:
        mail.failed_at, mail.last_error = tx.now, "bounced"
        return True
    return False


def _send(claim: Claim, transport: Transport) -> bool:
    """Render and hand over one mail and store the result; False when the server cannot be reached."""
    try:
        message = compose(claim)
        session.rollback()  # rendering has read the settings: nothing stays open while the server is slow
        transport.deliver(message)
    except Unreachable as error:
        _store(claim, _Failure(f"unreachable: {error}"))
        log.warning("mail server out of reach (%s)", error)
        return False
    except Refused as error:
        _store(
            claim,
            _Failure(f"refused: {error.code}", is_final=error.is_final, is_bounce=error.is_bounce),
        )
        log.warning("mail %d refused with %d", claim.id, error.code)
    except Exception as error:
        # A template that fails: this mail waits for a repaired program, the others go on.
        _store(claim, _Failure(f"error: {type(error).__name__}"))
        log.exception("mail %d could not be made", claim.id)
    else:
        _store(claim, None)
        log.info("mail %d sent (%s)", claim.id, claim.template)
    return True


def compose(claim: Claim) -> EmailMessage:
    """Return the finished mail; the headers cannot be broken by a name or a subject (policy SMTP)."""
    config = current_app.config
    words = _renderers[0](
        claim.template,
        locale=claim.locale,
        recipient=claim.recipient,
        secret=claim.secret,
        data=claim.data,
        person_id=claim.person_id,
        subscription_id=claim.subscription_id,
    )
    name, sender = parseaddr(config["MAIL_FROM"])
    domain = sender.rpartition("@")[2] or "localhost"
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(display_name=name, addr_spec=sender)
    message["To"] = _address(claim.address)
    message["Subject"] = words.subject
    message["Date"] = format_datetime(utcnow())
    message["Message-ID"] = f"<charta-{claim.id}-{int(claim.created_at.timestamp())}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    if words.unsubscribe_url:
        message["List-Unsubscribe"] = f"<{words.unsubscribe_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(words.text)
    message.add_alternative(words.html, subtype="html")
    if words.calendar:
        message.add_attachment(
            words.calendar.encode(),
            maintype="text",
            subtype="calendar",
            filename="termin.ics",
            params={"charset": "utf-8", "method": words.calendar_method},
        )
    message["Content-Language"] = claim.locale  # last: add_alternative moves Content-* into the first part
    return message


def _address(address: str) -> Address:
    """Return the bare address, its domain in the form every server reads (IDNA)."""
    local, _at, domain = address.rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        pass  # the server will say what it thinks of it
    return Address(username=local, domain=domain)


def _store(claim: Claim, failure: _Failure | None) -> None:
    """Write the result unless the lease has ended meanwhile and somebody else took the mail over."""
    with transaction() as tx:
        mail = tx.lock(OutboxMail, claim.id)
        if mail is None or mail.attempts != claim.attempts or mail.sent_at is not None:
            return
        if failure is None:
            mail.sent_at, mail.secret, mail.last_error = tx.now, None, None
            return
        mail.last_error = failure.reason[:120]
        delay = None if failure.is_final else delay_after(mail.attempts)
        if delay is None:
            mail.failed_at = tx.now
        else:
            mail.next_attempt_at = tx.now + delay
        if failure.is_bounce:
            _note_bounce(tx, mail)


def _note_bounce(tx: Transaction, mail: OutboxMail) -> None:
    """Write no more to an address that does not exist, unless it is not the person's own (to be confirmed).

    A bare address has nobody to tell: what it ordered ends.
    """
    if mail.person_id is not None:
        person = tx.session.get(Person, mail.person_id)
        if person is not None and person.email == mail.address:
            note_bounce(tx, mail.person_id)
    elif mail.subscription_id is not None:
        found = tx.session.get(Subscription, mail.subscription_id)
        if found is not None:
            found.ended_at = found.ended_at or tx.now
