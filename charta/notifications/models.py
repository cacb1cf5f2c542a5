# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The outbox: mails written in the deed's transaction and sent after it by the worker.

And what mails to people without an account need: personal links, and who wants to hear about what. Notices
are what people with an account find on their page and in the digest.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from charta.db import Base, enum_type
from charta.notifications.rules import Digest, NoticeReason


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
    # Watched because it is one's own (a proposal, a contribution, a conversation), not by a click.
    is_own: Mapped[bool] = mapped_column(default=False)
    muted_at: Mapped[datetime | None]  # listed still, but nothing comes of it


class Notice(Base):
    """A person is told of one deed of the log, once, for the nearest of the reasons there are.

    What it says is read from the log when it is shown, as far as the person may see it by then. `watched_*`
    is what the person watches and why this came. `is_mailed`: a mail of its own left for it, so the digest
    leaves it out. `digested_at` is set when it left in a digest, or need not any more.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("person_id", "seq"),
        Index("ix_notice_unread", "person_id", "read_at"),
        Index("ix_notice_digest", "digested_at", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    seq: Mapped[int] = mapped_column(BigInteger, index=True)
    reason: Mapped[NoticeReason] = mapped_column(enum_type(NoticeReason, "reason"))
    watched_kind: Mapped[str] = mapped_column(String(24))
    watched_id: Mapped[int]
    is_mailed: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    digested_at: Mapped[datetime | None]


class NoticeCursor(Base):
    """The one row that says up to which deed of the log people have been told."""

    __tablename__ = "notice_cursor"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    seq: Mapped[int] = mapped_column(BigInteger, default=0)


class MailPreference(Base):
    """How a person wants mail; without a row: at once about one's own things, a digest each day.

    `bounced_at` stops all mails but those that keep the account usable, until the person says that the
    address is in order again, or changes it.
    """

    __tablename__ = "mail_preference"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    digest: Mapped[Digest] = mapped_column(enum_type(Digest, "digest"), default=Digest.DAILY)
    wants_own: Mapped[bool] = mapped_column(default=True)  # at once, about one's own things
    digested_at: Mapped[datetime | None]
    bounced_at: Mapped[datetime | None]


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
