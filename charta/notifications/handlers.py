# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the outbox does when accounts, which lie below it, want a mail to leave or not to leave."""

from sqlalchemy import delete

from charta.accounts.models import Person
from charta.db import Transaction
from charta.events import AddressChanged, Handler, MailDue, MailObsolete
from charta.notifications.models import OutboxMail
from charta.notifications.preferences import forget_bounce
from charta.notifications.service import enqueue


def put_into_outbox(tx: Transaction, event: MailDue) -> None:
    """Put the wanted mail into the outbox."""
    person = tx.session.get(Person, event.person_id)
    if person is not None:
        enqueue(tx, person, event.template, secret=event.secret, address=event.address)


def take_out_of_outbox(tx: Transaction, event: MailObsolete) -> None:
    """Remove mails whose link no longer works, unless they have left."""
    tx.session.execute(
        delete(OutboxMail).where(
            OutboxMail.person_id == event.person_id,
            OutboxMail.template == event.template,
            OutboxMail.sent_at.is_(None),
        )
    )


def try_the_new_address(tx: Transaction, event: AddressChanged) -> None:
    """Write again: what the old address refused says nothing about the new one."""
    forget_bounce(tx, event.person_id)


HANDLERS: tuple[tuple[type, Handler], ...] = (
    (MailDue, put_into_outbox),
    (MailObsolete, take_out_of_outbox),
    (AddressChanged, try_the_new_address),
)
