# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""How the outbox stands, how people want mail, and which addresses take none any more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ScalarSelect, func, select

from charta.accounts.models import Person
from charta.db import session, utcnow
from charta.notifications.models import MailPreference, Notice, OutboxMail
from charta.notifications.rules import OVERDUE, Digest

# Counting stops here: „99+“ says as much as the number.
UNREAD_MAX = 100


@dataclass(frozen=True, slots=True)
class OutboxState:
    """Counts of the outbox; `oldest_waiting_at` is None when nothing waits."""

    waiting: int
    failed: int
    oldest_waiting_at: datetime | None
    last_sent_at: datetime | None

    @property
    def is_overdue(self) -> bool:
        """Whether a mail has waited too long: probably no worker runs or the mail server is away."""
        return self.oldest_waiting_at is not None and utcnow() - self.oldest_waiting_at > OVERDUE


def outbox_state() -> OutboxState:
    """Return how the outbox stands, in one statement."""
    is_waiting = OutboxMail.sent_at.is_(None) & OutboxMail.failed_at.is_(None)
    row = session.execute(
        select(
            func.count().filter(is_waiting),
            func.count().filter(OutboxMail.failed_at.is_not(None)),
            func.min(OutboxMail.created_at).filter(is_waiting),
            func.max(OutboxMail.sent_at),
        )
    ).one()
    return OutboxState(*row)


def unsent(*, limit: int = 50) -> Sequence[OutboxMail]:
    """Return mails that have not left, given-up ones first, then those that failed at least once."""
    return session.scalars(
        select(OutboxMail)
        .where(OutboxMail.sent_at.is_(None), OutboxMail.failed_at.is_not(None) | (OutboxMail.attempts > 0))
        .order_by(OutboxMail.failed_at.is_(None), OutboxMail.id.desc())
        .limit(limit)
    ).all()


def unread_count() -> ScalarSelect[int]:
    """Return how many notices a person has not read, at most `UNREAD_MAX`; part of a statement on people."""
    few = (
        select(Notice.id)
        .where(Notice.person_id == Person.id, Notice.read_at.is_(None))
        .limit(UNREAD_MAX)
        .correlate(Person)
        .subquery()
    )
    return select(func.count()).select_from(few).scalar_subquery()


@dataclass(frozen=True, slots=True)
class MailState:
    """How a person wants mail and whether it arrives; `address` is empty for who joined by code only."""

    address: str
    digest: Digest
    wants_own: bool
    bounced_at: datetime | None


def mail_state(person_id: int) -> MailState:
    """Return how mail of a person stands (one statement); without a row, the defaults."""
    row = session.execute(
        select(Person.email, MailPreference)
        .outerjoin(MailPreference, MailPreference.person_id == Person.id)
        .where(Person.id == person_id)
    ).one_or_none()
    address, preference = (row[0], row[1]) if row is not None else (None, None)
    if preference is None:
        return MailState(address or "", Digest.DAILY, True, None)
    return MailState(address or "", preference.digest, preference.wants_own, preference.bounced_at)


def bounced(person_id: int) -> ScalarSelect[datetime | None]:
    """Return since when the address of a person is dead, as part of another statement."""
    return select(MailPreference.bounced_at).where(MailPreference.person_id == person_id).scalar_subquery()


@dataclass(frozen=True, slots=True)
class DeadAddress:
    """An address of an account that refused a mail for good."""

    person_id: int
    name: str
    address: str
    bounced_at: datetime


def dead_addresses(*, limit: int = 50) -> list[DeadAddress]:
    """Return addresses that get no mail but what keeps the account usable, newest first."""
    rows = session.execute(
        select(Person.id, Person.name, Person.email, MailPreference.bounced_at)
        .join(Person, Person.id == MailPreference.person_id)
        .where(
            MailPreference.bounced_at.is_not(None), Person.email.is_not(None), Person.deactivated_at.is_(None)
        )
        .order_by(MailPreference.bounced_at.desc(), Person.id)
        .limit(limit)
    )
    return [DeadAddress(row[0], row[1], row[2] or "", row[3] or utcnow()) for row in rows]
