# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Writing mails into the outbox, inside the deed's transaction; nothing is rendered or sent here."""

from typing import Any

from charta.accounts.models import Person
from charta.db import Transaction
from charta.notifications.models import OutboxMail


def enqueue(
    tx: Transaction,
    person: Person,
    template: str,
    *,
    once_key: str | None = None,
    secret: str | None = None,
    address: str | None = None,
    **data: Any,
) -> OutboxMail | None:
    """Put one mail to `person` into the outbox; None when the person has no address or is deactivated.

    `template` names a pair of files in `templates/emails/`; `data` is what they are filled with (JSON).
    `secret` is the key of a link and leaves the table with the mail. `address` replaces the person's own
    (to confirm a new one). `once_key` makes the mail unique over retries of the deed.
    """
    to = address or person.email
    if not to or not person.is_active:
        return None
    mail = OutboxMail(
        person_id=person.id,
        address=to,
        template=template,
        locale=person.locale,
        data=data,
        secret=secret,
        once_key=once_key,
        created_at=tx.now,
        next_attempt_at=tx.now,
    )
    tx.session.add(mail)
    tx.after_commit.append(wake)
    return mail


def wake() -> None:
    """Tell the worker of this process that the outbox has something new; others find it by polling."""
    for listener in _listeners:
        listener()


_listeners: list[Any] = []


def on_wake(listener: Any) -> None:
    """Register what `wake` calls: the embedded worker's event."""
    _listeners.append(listener)
