# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The outbox: mails written in the deed's transaction and sent after it by the worker."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from charta.db import Base


class OutboxMail(Base):
    """One mail to one address; the worker renders `template` with `data` when it sends it.

    `secret` holds the link token of invitation and reset mails and is emptied once the mail has left.
    """

    __tablename__ = "outbox_mail"
    __table_args__ = (Index("ix_outbox_mail_due", "sent_at", "failed_at", "next_attempt_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    address: Mapped[str] = mapped_column(String(254))
    template: Mapped[str] = mapped_column(String(48))
    locale: Mapped[str] = mapped_column(String(5))
    data: Mapped[dict[str, Any]]
    secret: Mapped[str | None] = mapped_column(String(64))
    once_key: Mapped[str | None] = mapped_column(String(120), unique=True)
    created_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(String(120))
    sent_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
