# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the parts of the demonstration share: steps, moments, and finding things by their natural names."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from sqlalchemy import select

from charta.accounts import queries as accounts
from charta.accounts.models import Organisation, Person
from charta.db import session
from charta.demo import files
from charta.errors import NotFound
from charta.fields.models import FieldOfAction
from charta.forums.models import Forum
from charta.permissions import Actor
from charta.sections.models import Section, Source

ADMINISTRATOR = "admin@example.org"
MODERATION = "moderation@example.org"
ZONE = ZoneInfo("Europe/Berlin")
PASSWORD = "charta-demo"  # noqa: S105 -- printed at every start, refused in production
EPOCH = datetime(2023, 9, 29, 8, tzinfo=UTC)  # the day before Charta 1.0 was published
PUBLISHED = datetime(2023, 9, 30, 10, tzinfo=UTC)


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Step:
    """One command of the demonstration, the moment it happened, and how to see that it did."""

    at: datetime
    run: Callable[[], object]
    is_done: Callable[[], bool] = _never


def days_before(started_at: datetime, days: float, *, step: int = 0) -> datetime:
    """Return a moment in working hours some days before loading; `step` keeps an order within a day."""
    moment = started_at - timedelta(days=days)
    if days < 1:
        return moment - timedelta(hours=1) + timedelta(seconds=step)  # not in the future
    return moment.replace(hour=8, minute=0, second=0, microsecond=0) + timedelta(minutes=7 * step)


def day_of(started_at: datetime, days: int) -> date:
    """Return the date in Germany so many days before loading."""
    return (started_at.astimezone(ZONE) - timedelta(days=days)).date()


def at_clock(day: date, clock: str) -> datetime:
    """Return a moment by the clocks on the wall in Germany, in UTC as everything that is stored."""
    return datetime.combine(day, time.fromisoformat(clock), ZONE).astimezone(UTC)


def actor(email: str) -> Actor:
    """Return the actor of a demonstration address."""
    person = accounts.person_by_email(email)
    found = accounts.actor_by_id(person.id) if person else None
    if found is None:
        raise NotFound(kind="person", email=email)
    return found


def has_person(email: str) -> bool:
    """Whether the address has an account."""
    return session.scalar(select(Person.id).where(Person.email == email)) is not None


@cache
def _names(table: str) -> dict[str, str]:
    attribute = {"section": "title", "measure": "title"}.get(table, "name")
    file = {
        "organisation": "organisations",
        "source": "sources",
        "section": "charta_1_0",
        "measure": "measures",
    }[table]
    return {row["key"]: row[attribute] for row in files.rows(file, table)}


def organisation_id(key: str) -> int | None:
    """Return the id of an organisation by its key; None for an empty key or one not made yet."""
    if not key:
        return None
    return session.scalar(select(Organisation.id).where(Organisation.name == _names("organisation")[key]))


def source_id(key: str) -> int | None:
    """Return the id of a source by its key."""
    return session.scalar(select(Source.id).where(Source.name == _names("source")[key])) if key else None


def field_id(slug: str) -> int | None:
    """Return the id of a field of action by its slug."""
    return session.scalar(select(FieldOfAction.id).where(FieldOfAction.slug == slug)) if slug else None


def section_id(key: str) -> int | None:
    """Return the id of a section or of a measure's section by its key."""
    if not key:
        return None
    title = _names("section").get(key) or _names("measure").get(key)
    return session.scalar(select(Section.id).where(Section.title == title).order_by(Section.id).limit(1))


def forum(slug: str) -> Forum | None:
    """Return a forum by its address."""
    return session.scalar(select(Forum).where(Forum.slug == slug))


def forum_id(slug: str) -> int:
    """Return the id of a forum that is there."""
    found = forum(slug)
    if found is None:
        raise NotFound(kind="forum", slug=slug)
    return found.id
