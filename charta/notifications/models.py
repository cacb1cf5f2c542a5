# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The outbox: mails written in the deed's transaction and sent after it by the worker.

And what mails to people without an account need: personal links, and who wants to hear about what.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
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
    # A mail because of a subscription carries the link that ends it (also as List-Unsubscribe header).
    subscription_id: Mapped[int | None] = mapped_column(
        ForeignKey("subscription.id", ondelete="SET NULL"), index=True
    )
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


class Subscription(Base):
    """Somebody wants to hear what becomes of a subject: a person, or a bare address that was confirmed.

    Subjects are (kind, id) pairs: they stand in features above.
    """

    __tablename__ = "subscription"
    __table_args__ = (
        UniqueConstraint("subject_kind", "subject_id", "person_id"),
        UniqueConstraint("subject_kind", "subject_id", "address"),
        CheckConstraint("(person_id IS NULL) <> (address IS NULL)", name="one_recipient"),
        CheckConstraint("address = lower(address)", name="address_lower"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(24))
    subject_id: Mapped[int]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    address: Mapped[str | None] = mapped_column(String(254), index=True)
    locale: Mapped[str] = mapped_column(String(5), default="de")
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class MailLink(Base):
    """A personal link of a mail; each mail carries a key of its own, all of them work until they expire.

    Only the hash is kept. Unlike `Token` it may be used again: answering an invitation can be repented of.
    """

    __tablename__ = "mail_link"
    __table_args__ = (Index("ix_mail_link_subject", "subject_kind", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    subject_kind: Mapped[str] = mapped_column(String(24))
    subject_id: Mapped[int]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
