# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The log: one row a deed, chained by hash; triggers of the migrations refuse UPDATE and DELETE."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from charta.db import Base


class ActivityEntry(Base):
    """What one person did to one subject.

    `actor_id` and `subject_id` are plain numbers, no foreign keys: the log outlives what it speaks of.
    """

    __tablename__ = "activity_entry"
    __table_args__ = (
        Index("ix_activity_entry_subject", "subject_kind", "subject_id", "seq"),
        Index("ix_activity_entry_section_id_seq", "section_id", "seq"),
    )

    seq: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=False
    )
    at: Mapped[datetime]
    actor_id: Mapped[int | None]
    verb: Mapped[str] = mapped_column(String(48))
    subject_kind: Mapped[str] = mapped_column(String(24))
    subject_id: Mapped[int]
    section_id: Mapped[int | None]
    data: Mapped[dict[str, Any]]
    line: Mapped[str] = mapped_column(Text)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class LogHead(Base):
    """The one row that every writer locks: number and hash of the newest entry, salt of personal content."""

    __tablename__ = "log_head"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    seq: Mapped[int] = mapped_column(BigInteger().with_variant(Integer(), "sqlite"), default=0)
    hash: Mapped[str] = mapped_column(String(64))
    salt: Mapped[str] = mapped_column(String(64))
