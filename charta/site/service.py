# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands of the installation: settings, rounds, pages, news and dates."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from charta.accounts.rules import clean_name
from charta.accounts.service import reread
from charta.activity import service as activity
from charta.db import transaction
from charta.errors import EditConflict, InvalidInput, NotFound
from charta.permissions import Actor, Permission, require
from charta.site.models import CalendarDate, NewsItem, Page, Round, Setting
from charta.site.rules import (
    DECISION_DAYS_MAX,
    NEWS_MAX,
    PAGE_MAX,
    PLACE_MAX,
    check_length,
    clean_body,
    clean_setting,
    clean_title,
)
from charta.text.normalise import single_line


def change_settings(actor: Actor, **values: Any) -> None:
    """Store settings by name; what stays the same is not written.

    Raises `InvalidInput` with the name of the setting as its field.
    """
    cleaned = {key: clean_setting(key, value) for key, value in values.items()}
    with transaction() as tx:
        actor = reread(tx, actor)
        require(actor, Permission.MANAGE_SITE)
        stored = {
            row.key: row
            for row in tx.session.scalars(select(Setting).where(Setting.key.in_(cleaned)).with_for_update())
        }
        changed = []
        for key, value in cleaned.items():
            row = stored.get(key)
            if row is None:
                tx.session.add(Setting(key=key, value={"value": value}))
            elif row.value["value"] != value:
                row.value = {"value": value}
            else:
                continue
            changed.append(key)
        if changed:
            tx.session.flush()
            activity.record(tx, actor, "change_settings", "site", 1, keys=sorted(changed))


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
    decision_days: int = 14,
) -> int:
    """Make or change a participation round and return its id; the four dates must follow one another."""
    cleaned = clean_name(name)
    if not opens_at < closes_at:
        raise InvalidInput("closes_at", "before_opening")
    if closes_at > editorial_at:
        raise InvalidInput("editorial_at", "before_closing")
    if editorial_at > answer_at:
        raise InvalidInput("answer_at", "before_editorial")
    if not 1 <= decision_days <= DECISION_DAYS_MAX:
        raise InvalidInput("decision_days", "invalid")
    with transaction() as tx:
        actor = reread(tx, actor)
        require(actor, Permission.MANAGE_ROUNDS)
        entry = tx.lock(Round, round_id) if round_id else Round()
        if entry is None:
            raise NotFound(kind="round", id=round_id)
        entry.name = cleaned
        entry.opens_at, entry.closes_at = opens_at, closes_at
        entry.editorial_at, entry.answer_at = editorial_at, answer_at
        entry.field_numbers = sorted(field_numbers)
        entry.partners_may_propose = partners_may_propose
        entry.attendees_may_propose = attendees_may_propose
        entry.attendees_may_comment = attendees_may_comment
        entry.decision_days = decision_days
        tx.session.add(entry)
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
    cleaned, text = clean_title(title), clean_body(body, PAGE_MAX)
    with transaction() as tx:
        actor = reread(tx, actor)
        require(actor, Permission.MANAGE_SITE)
        found = tx.session.scalar(
            select(Page).where(Page.slug == slug, Page.locale == locale).with_for_update()
        )
        if found is None:
            found = Page(slug=slug, locale=locale, version=0)
            tx.session.add(found)
        elif (found.title, found.body, found.is_template) == (cleaned, text, is_template):
            return  # the second click of two
        if found.version != seen_version:
            raise EditConflict(subject="page", title=found.title, body=found.body, version=found.version)
        found.title, found.body, found.is_template = cleaned, text, is_template
        found.version += 1
        found.updated_at = tx.now
        tx.session.flush()
        activity.record(tx, actor, "save_page", "page", found.id, slug=slug, locale=locale)


def publish_news(actor: Actor, *, title: str, body: str, published_at: datetime) -> int:
    """Publish a piece of news and return its id."""
    cleaned, text = clean_title(title), clean_body(body, NEWS_MAX)
    with transaction() as tx:
        actor = reread(tx, actor)
        require(actor, Permission.MANAGE_SITE)
        item = NewsItem(title=cleaned, body=text, published_at=published_at)
        tx.session.add(item)
        tx.session.flush()
        activity.record(tx, actor, "publish_news", "news", item.id)
        return item.id


def change_news(actor: Actor, news_id: int, *, title: str, body: str, published_at: datetime) -> None:
    """Change a piece of news."""
    cleaned, text = clean_title(title), clean_body(body, NEWS_MAX)
    with transaction() as tx:
        actor = reread(tx, actor)
        require(actor, Permission.MANAGE_SITE)
        item = tx.lock(NewsItem, news_id)
        if item is None:
            raise NotFound(kind="news", id=news_id)
        if (item.title, item.body, item.published_at) == (cleaned, text, published_at):
            return
        item.title, item.body, item.published_at = cleaned, text, published_at
        activity.record(tx, actor, "change_news", "news", item.id)


def delete_news(actor: Actor, news_id: int) -> None:
    """Delete a piece of news; one that is gone already is no error."""
    with transaction() as tx:
        actor = reread(tx, actor)
        require(actor, Permission.MANAGE_SITE)
        item = tx.lock(NewsItem, news_id)
        if item is not None:
            tx.session.delete(item)
            activity.record(tx, actor, "delete_news", "news", news_id)


def announce_date(
    actor: Actor, *, title: str, place: str, starts_at: datetime, ends_at: datetime | None = None
) -> int:
    """Put a date into the calendar and return its id."""
    cleaned, cleaned_place = _date_words(title, place, starts_at, ends_at)
    with transaction() as tx:
        actor = reread(tx, actor)
        require(actor, Permission.MANAGE_SITE)
        item = CalendarDate(title=cleaned, place=cleaned_place, starts_at=starts_at, ends_at=ends_at)
        tx.session.add(item)
        tx.session.flush()
        activity.record(tx, actor, "announce_date", "date", item.id)
        return item.id


def change_date(
    actor: Actor, date_id: int, *, title: str, place: str, starts_at: datetime, ends_at: datetime | None
) -> None:
    """Change a date."""
    cleaned, cleaned_place = _date_words(title, place, starts_at, ends_at)
    with transaction() as tx:
        actor = reread(tx, actor)
        require(actor, Permission.MANAGE_SITE)
        item = tx.lock(CalendarDate, date_id)
        if item is None:
            raise NotFound(kind="date", id=date_id)
        if (item.title, item.place, item.starts_at, item.ends_at) == (
            cleaned,
            cleaned_place,
            starts_at,
            ends_at,
        ):
            return
        item.title, item.place = cleaned, cleaned_place
        item.starts_at, item.ends_at = starts_at, ends_at
        activity.record(tx, actor, "change_date", "date", item.id)


def delete_date(actor: Actor, date_id: int) -> None:
    """Delete a date; one that is gone already is no error."""
    with transaction() as tx:
        actor = reread(tx, actor)
        require(actor, Permission.MANAGE_SITE)
        item = tx.lock(CalendarDate, date_id)
        if item is not None:
            tx.session.delete(item)
            activity.record(tx, actor, "delete_date", "date", date_id)


def _date_words(title: str, place: str, starts_at: datetime, ends_at: datetime | None) -> tuple[str, str]:
    cleaned = clean_title(title)
    cleaned_place = check_length(single_line(place, "place"), PLACE_MAX, "place")
    if ends_at is not None and ends_at < starts_at:
        raise InvalidInput("ends_at", "ends_before_start")
    return cleaned, cleaned_place
