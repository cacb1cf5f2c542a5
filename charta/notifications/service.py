# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Writing mails into the outbox, inside the deed's transaction; nothing is rendered or sent here.

And two commands of the administration for mails that were given up.
"""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import CursorResult, update

from charta.accounts.models import Person
from charta.accounts.service import reread
from charta.activity import service as activity
from charta.db import Transaction, transaction
from charta.notifications.models import OutboxMail
from charta.permissions import Actor, Permission, require


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


def enqueue_many(tx: Transaction, template: str, mails: Sequence[tuple[Person, dict[str, Any]]]) -> None:
    """Put one mail to each person into the outbox in one statement; who has no address is left out."""
    rows = [
        {
            "person_id": person.id,
            "address": person.email,
            "template": template,
            "locale": person.locale,
            "data": data,
            "created_at": tx.now,
            "next_attempt_at": tx.now,
        }
        for person, data in mails
        if person.email and person.is_active
    ]
    if rows:
        tx.insert_all(OutboxMail, rows)
        tx.after_commit.append(wake)


def send_again(actor: Actor, mail_id: int | None = None) -> int:
    """Let given-up mails (one, or all of them) be tried from the start; return how many there are."""
    with transaction() as tx:
        actor = reread(tx, actor)
        require(actor, Permission.MANAGE_SITE)
        statement = (
            update(OutboxMail)
            .where(OutboxMail.failed_at.is_not(None), OutboxMail.sent_at.is_(None))
            .values(failed_at=None, attempts=0, next_attempt_at=tx.now, last_error=None)
        )
        if mail_id is not None:
            statement = statement.where(OutboxMail.id == mail_id)
        count = cast("CursorResult[Any]", tx.session.execute(statement)).rowcount
        tx.after_commit.append(wake)
        if count:
            activity.record(tx, actor, "send_mails_again", "outbox", mail_id or 0, count=count)
        return count


def discard(actor: Actor, mail_id: int) -> None:
    """Delete a given-up mail; one that is gone or was sent is no error."""
    with transaction() as tx:
        actor = reread(tx, actor)
        require(actor, Permission.MANAGE_SITE)
        mail = tx.lock(OutboxMail, mail_id)
        if mail is not None and mail.failed_at is not None and mail.sent_at is None:
            tx.session.delete(mail)
            activity.record(tx, actor, "discard_mail", "outbox", mail_id)


def wake() -> None:
    """Tell the worker of this process that the outbox has something new; others find it by polling."""
    for listener in _listeners:
        listener()


_listeners: list[Any] = []


def on_wake(listener: Any) -> None:
    """Register what `wake` calls: the embedded worker's event."""
    _listeners.append(listener)
