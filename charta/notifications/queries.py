# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""How the outbox stands: what waits, what is overdue, what was given up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from charta.db import session, utcnow
from charta.notifications.models import OutboxMail
from charta.notifications.rules import OVERDUE


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
