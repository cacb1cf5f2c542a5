# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands of the installation: settings, rounds, pages, news and dates."""

from dataclasses import fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from charta.activity import service as activity
from charta.db import transaction
from charta.errors import EditConflict, InvalidInput
from charta.permissions import Actor, Permission, require
from charta.site.models import CalendarDate, NewsItem, Page, Round, Setting
from charta.site.rules import SiteSettings

_KEYS = {item.name for item in fields(SiteSettings)}


def change_settings(actor: Actor, **values: Any) -> None:
    """Store settings by name; unknown names raise `InvalidInput`."""
    with transaction() as tx:
        require(actor, Permission.MANAGE_SITE)
        for key, value in values.items():
            if key not in _KEYS:
                raise InvalidInput(key, "unknown_setting")
            stored = tx.session.get(Setting, key)
            plain = {"value": value.value if isinstance(value, StrEnum) else value}
            if stored is None:
                tx.session.add(Setting(key=key, value=plain))
            else:
                stored.value = plain
        activity.record(tx, actor, "change_settings", "site", 1, keys=sorted(values))


def save_round(
    actor: Actor,
    round_id: int | None,
    *,
    name: str,
    opens_at: datetime,
    closes_at: datetime,
    editorial_at: datetime,
    answer_at: datetime,
    field_numbers: list[int],
    partners_may_propose: bool,
    attendees_may_propose: bool,
    attendees_may_comment: bool,
) -> int:
    """Make or change a participation round and return its id; the four dates must follow one another."""
    if not opens_at < closes_at:
        raise InvalidInput("closes_at", "before_opening")
    if closes_at > editorial_at:
        raise InvalidInput("editorial_at", "before_closing")
    if editorial_at > answer_at:
        raise InvalidInput("answer_at", "before_editorial")
    with transaction() as tx:
        require(actor, Permission.MANAGE_ROUNDS)
        entry = tx.lock(Round, round_id) if round_id else None
        if entry is None:
            entry = Round()
            tx.session.add(entry)
        entry.name = name
        entry.opens_at, entry.closes_at = opens_at, closes_at
        entry.editorial_at, entry.answer_at = editorial_at, answer_at
        entry.field_numbers = sorted(field_numbers)
        entry.partners_may_propose = partners_may_propose
        entry.attendees_may_propose = attendees_may_propose
        entry.attendees_may_comment = attendees_may_comment
        tx.session.flush()
        activity.record(tx, actor, "save_round", "round", entry.id, closes_at=closes_at.isoformat())
        return entry.id


def save_page(
    actor: Actor,
    slug: str,
    locale: str,
    *,
    title: str,
    body: str,
    seen_version: int,
    is_template: bool = False,
) -> None:
    """Store a page; `seen_version` 0 means it did not exist. Raises `EditConflict` when it moved on."""
    with transaction() as tx:
        require(actor, Permission.MANAGE_SITE)
        found = tx.session.query(Page).filter_by(slug=slug, locale=locale).with_for_update().one_or_none()
        if found is None:
            found = Page(slug=slug, locale=locale, version=0)
            tx.session.add(found)
        if found.version != seen_version:
            raise EditConflict(subject="page", body=found.body)
        found.title, found.body, found.is_template = title, body, is_template
        found.version += 1
        found.updated_at = tx.now
        tx.session.flush()
        activity.record(tx, actor, "save_page", "page", found.id, slug=slug, locale=locale)


def publish_news(actor: Actor, *, title: str, body: str, published_at: datetime) -> int:
    """Publish a piece of news and return its id."""
    with transaction() as tx:
        require(actor, Permission.MANAGE_SITE)
        item = NewsItem(title=title, body=body, published_at=published_at)
        tx.session.add(item)
        tx.session.flush()
        activity.record(tx, actor, "publish_news", "news", item.id)
        return item.id


def announce_date(
    actor: Actor, *, title: str, place: str, starts_at: datetime, ends_at: datetime | None = None
) -> int:
    """Put a date into the calendar and return its id."""
    with transaction() as tx:
        require(actor, Permission.MANAGE_SITE)
        item = CalendarDate(title=title, place=place, starts_at=starts_at, ends_at=ends_at)
        tx.session.add(item)
        tx.session.flush()
        activity.record(tx, actor, "announce_date", "date", item.id)
        return item.id
