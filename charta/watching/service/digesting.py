# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Storing a digest: the mail and that its notices are told, in one small transaction a person."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, or_, select, update

from charta.accounts.models import Person
from charta.db import transaction
from charta.notifications.models import MailPreference, Notice, OutboxMail
from charta.notifications.rules import Digest, digest_day
from charta.notifications.service import enqueue
from charta.watching.queries.digests import Reader

# Notices of one transaction that are put aside, so that nobody waits long for the write lock.
PUT_ASIDE = 2_000


def store(reader: Reader, data: Mapping[str, Any] | None) -> bool:
    """Put the digest into the outbox and note that its notices are told; return whether a mail was written.

    Without `data` there was nothing the person may see. Another worker may have been quicker: then nothing is
    left to note, and no second mail. What comes later than the mail of the day waits for the next.
    """
    key = f"digest:{reader.id}:{digest_day(reader.until).isoformat()}"
    with transaction() as tx:
        if tx.session.scalar(select(OutboxMail.id).where(OutboxMail.once_key == key)):
            return False
        told = tx.session.execute(
            update(Notice)
            .where(
                Notice.person_id == reader.id,
                Notice.digested_at.is_(None),
                Notice.created_at < reader.until,
            )
            .values(digested_at=tx.now)
        )
        if not cast("CursorResult[Any]", told).rowcount or data is None:
            return False
        person = tx.session.get_one(Person, reader.id)
        return enqueue(tx, person, "digest", once_key=key, **data) is not None


def put_aside(until: datetime) -> int:
    """Note of notices older than `until` that no digest need tell them; return how many, `PUT_ASIDE` at most.

    They were read, or a mail of their own left, or their person gets no digest. Those of a dead address stay:
    they are told when it works again.
    """
    with transaction() as tx:
        chosen = (
            select(Notice.id)
            .join(Person, Person.id == Notice.person_id)
            .outerjoin(MailPreference, MailPreference.person_id == Person.id)
            .where(
                Notice.digested_at.is_(None),
                Notice.created_at < until,
                or_(
                    Notice.read_at.is_not(None),
                    Notice.is_mailed.is_(True),
                    Person.email.is_(None),
                    Person.deactivated_at.is_not(None),
                    MailPreference.digest == Digest.NEVER,
                ),
            )
            .limit(PUT_ASIDE)
        )
        done = tx.session.execute(update(Notice).where(Notice.id.in_(chosen)).values(digested_at=tx.now))
        return cast("CursorResult[Any]", done).rowcount
