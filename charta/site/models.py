# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tables of the installation: settings, rounds, pages, news and dates."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from charta.db import Base


class Setting(Base):
    """One value of `rules.SiteSettings` that differs from its default."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[dict[str, Any]]  # {"value": ...}: JSON columns want an object on both databases


class Round(Base):
    """A participation round: what is open, for whom, and until when.

    `field_numbers` empty means the whole Charta is open.
    """

    __tablename__ = "round"
    __table_args__ = (
        CheckConstraint("opens_at < closes_at", name="opens_before_closes"),
        CheckConstraint("closes_at <= editorial_at", name="closes_before_editorial"),
        CheckConstraint("editorial_at <= answer_at", name="editorial_before_answer"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    opens_at: Mapped[datetime] = mapped_column(index=True)
    closes_at: Mapped[datetime]
    editorial_at: Mapped[datetime]
    answer_at: Mapped[datetime]
    field_numbers: Mapped[list[Any]]
    partners_may_propose: Mapped[bool] = mapped_column(default=True)
    attendees_may_propose: Mapped[bool] = mapped_column(default=False)
    attendees_may_comment: Mapped[bool] = mapped_column(default=True)
    decision_days: Mapped[int] = mapped_column(default=14)


class Page(Base):
    """A page administrators edit: imprint, privacy, accessibility, about, contact."""

    __tablename__ = "page"
    __table_args__ = (UniqueConstraint("slug", "locale"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(32))
    locale: Mapped[str] = mapped_column(String(5))
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    is_template: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime]


class NewsItem(Base):
    """A short piece of news on the front page."""

    __tablename__ = "news_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime] = mapped_column(index=True)


class CalendarDate(Base):
    """A date that is not a forum: a congress, a deadline, a meeting."""

    __tablename__ = "calendar_date"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    place: Mapped[str] = mapped_column(String(120), default="")
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime | None]
