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
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Any, Protocol

from flask import current_app
from sqlalchemy import select

from charta.accounts.models import Person
from charta.db import session, transaction, utcnow
from charta.notifications.models import OutboxMail
from charta.notifications.rules import LEASE, delay_after
from charta.notifications.transports import Refused, Transport, Unreachable, from_settings

log = logging.getLogger(__name__)

# Mails of one round, so that other work of the same worker is not kept waiting.
ROUND = 50


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail in words; `calendar` is an iCalendar file to attach, with its method."""

    subject: str
    text: str
    html: str
    calendar: str = ""
    calendar_method: str = ""


class Renderer(Protocol):
    """Turns a template's name and its data into words (`charta.web.mails.render`)."""

    def __call__(
        self, template: str, *, locale: str, recipient: str, secret: str | None, data: dict[str, Any]
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


@dataclass(frozen=True, slots=True)
class _Failure:
    """Why a mail did not leave, in words of ours for the administration; never what it says."""

    reason: str
    is_final: bool = False


_renderers: list[Renderer] = []
_unsubscribe_addresses: list[Callable[[str], str]] = []


def render_with(renderer: Renderer) -> None:
    """Set who renders mails; called once by `create_app`."""
    _renderers[:] = [renderer]


def unsubscribe_at(address: Callable[[str], str]) -> None:
    """Set where the key of a subscription ends it with one POST (RFC 8058); called once by `create_app`."""
    _unsubscribe_addresses[:] = [address]


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
            if not _send(claim, transport):
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


def _claim() -> Claim | None:
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
        mail.attempts += 1
        mail.next_attempt_at = tx.now + LEASE
        recipient = tx.session.scalar(select(Person.name).where(Person.id == mail.person_id))
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
        )


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
        _store(claim, _Failure(f"refused: {error.code}", is_final=error.is_final))
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
    if claim.subscription_id is not None and claim.secret and _unsubscribe_addresses:
        message["List-Unsubscribe"] = f"<{_unsubscribe_addresses[0](claim.secret)}>"
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
