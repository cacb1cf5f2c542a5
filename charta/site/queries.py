# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading settings, the round in force, pages, news and dates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Row, and_, bindparam, case, func, literal, or_, select, true

from charta.db import UtcDateTime, session, utcnow
from charta.permissions import Policy
from charta.site.models import CalendarDate, NewsItem, Page, Round, Setting
from charta.site.rules import RoundStatus, SiteSettings, round_status

PAGE_SIZE = 50

__all__ = [
    "InForce",
    "RoundInForce",
    "SiteSettings",
    "current_round",
    "in_force",
    "news",
    "page",
    "policy",
    "settings",
]


def settings() -> SiteSettings:
    """Return the settings of the installation, defaults where no row exists (one statement)."""
    return _settings({row.key: row.value["value"] for row in session.scalars(select(Setting))})


def _settings(stored: Mapping[str, Any]) -> SiteSettings:
    values: dict[str, Any] = {}
    for item in fields(SiteSettings):
        if item.name not in stored:
            continue
        value, default = stored[item.name], item.default
        if isinstance(default, StrEnum):
            value = type(default)(value)
        elif isinstance(default, tuple):
            value = tuple(tuple(part) for part in value)
        values[item.name] = value
    return SiteSettings(**values)


@dataclass(frozen=True, slots=True)
class RoundInForce:
    """The round today's status sentences speak of, with where it stands."""

    id: int
    name: str
    status: RoundStatus
    opens_at: datetime
    closes_at: datetime
    editorial_at: datetime
    answer_at: datetime
    field_numbers: tuple[int, ...]
    partners_may_propose: bool
    attendees_may_propose: bool
    attendees_may_comment: bool
    decision_days: int

    @property
    def is_open(self) -> bool:
        """Whether changes can be proposed now."""
        return self.status is RoundStatus.OPEN

    def covers(self, field_number: int | None) -> bool:
        """Whether a section of this field (None: of the Charta as a whole) is part of the round."""
        return not self.field_numbers or field_number in self.field_numbers


class InForce(NamedTuple):
    """What every page and every command asks first."""

    settings: SiteSettings
    round: RoundInForce | None


# Built once, and asked without the ORM: both cost more than the database, and every page asks.
_NOW = bindparam("now", type_=UtcDateTime())
_CURRENT_ROUND = (
    select(Round)
    .order_by(
        case(((Round.opens_at <= _NOW) & (Round.closes_at > _NOW), 0), (Round.opens_at > _NOW, 1), else_=2),
        Round.opens_at.desc(),
        Round.id.desc(),
    )
    .limit(1)
    .subquery()
)
_IN_FORCE = (
    select(Setting.key, Setting.value, *_CURRENT_ROUND.c)
    .select_from(select(literal(1).label("always")).subquery())
    .outerjoin(_CURRENT_ROUND, true())
    .outerjoin(Setting, true())
)


def in_force() -> InForce:
    """Return the settings and the round: the open one, else the next, else the last (one statement)."""
    now = utcnow()
    rows = session.connection().execute(_IN_FORCE, {"now": now}).all()
    settings = _settings({row[0]: row[1]["value"] for row in rows if row[0] is not None})
    return InForce(settings, None if rows[0].id is None else as_round_in_force(rows[0], now))


def current_round() -> RoundInForce | None:
    """Return the open round, else the next one, else the last one; None when there is none at all."""
    return in_force().round


def as_round_in_force(found: Round | Row[Any], now: datetime) -> RoundInForce:
    """Return a stored round as it stands at `now`."""
    return RoundInForce(
        id=found.id,
        name=found.name,
        status=round_status(found.opens_at, found.closes_at, found.editorial_at, now),
        opens_at=found.opens_at,
        closes_at=found.closes_at,
        editorial_at=found.editorial_at,
        answer_at=found.answer_at,
        field_numbers=tuple(int(number) for number in found.field_numbers),
        partners_may_propose=found.partners_may_propose,
        attendees_may_propose=found.attendees_may_propose,
        attendees_may_comment=found.attendees_may_comment,
        decision_days=found.decision_days,
    )


def policy(values: SiteSettings, round_: RoundInForce | None) -> Policy:
    """Return what the permissions need to know of settings and round."""
    return Policy(
        four_eyes=values.four_eyes,
        draft_is_public=values.draft_is_public,
        round_is_open=round_ is not None and round_.is_open,
        partners_may_propose=round_ is not None and round_.partners_may_propose,
        attendees_may_propose=round_ is not None and round_.attendees_may_propose,
        attendees_may_comment=round_ is not None and round_.attendees_may_comment,
    )


def rounds() -> Sequence[Round]:
    """Return all rounds, newest first."""
    return session.scalars(select(Round).order_by(Round.opens_at.desc())).all()


def round_by_id(round_id: int) -> Round | None:
    """Return one round."""
    return session.get(Round, round_id)


def page(slug: str, locale: str) -> Page | None:
    """Return a page in the wanted language, else in German."""
    found = session.scalars(select(Page).where(Page.slug == slug, Page.locale.in_([locale, "de"]))).all()
    return next((entry for entry in found if entry.locale == locale), found[0] if found else None)


def pages() -> Sequence[Page]:
    """Return every stored page in every language."""
    return session.scalars(select(Page).order_by(Page.slug, Page.locale)).all()


def news(*, limit: int = 20, before: datetime | None = None) -> Sequence[NewsItem]:
    """Return published news, newest first."""
    statement = select(NewsItem).where(NewsItem.published_at <= utcnow())
    if before is not None:
        statement = statement.where(NewsItem.published_at < before)
    return session.scalars(statement.order_by(NewsItem.published_at.desc()).limit(limit)).all()


def news_page(*, before_id: int | None = None, with_planned: bool = False) -> Sequence[NewsItem]:
    """Return up to `PAGE_SIZE` + 1 pieces of news, newest first, older than the one of `before_id`."""
    statement = select(NewsItem)
    if not with_planned:
        statement = statement.where(NewsItem.published_at <= utcnow())
    if before_id is not None:
        last = select(NewsItem.published_at).where(NewsItem.id == before_id).scalar_subquery()
        statement = statement.where(
            or_(NewsItem.published_at < last, and_(NewsItem.published_at == last, NewsItem.id < before_id))
        )
    return session.scalars(
        statement.order_by(NewsItem.published_at.desc(), NewsItem.id.desc()).limit(PAGE_SIZE + 1)
    ).all()


def news_item(news_id: int) -> NewsItem | None:
    """Return one piece of news, also one that is planned."""
    return session.get(NewsItem, news_id)


def coming_dates(*, limit: int = 20) -> Sequence[CalendarDate]:
    """Return dates that are not over yet, soonest first."""
    over_at = func.coalesce(CalendarDate.ends_at, CalendarDate.starts_at)
    return session.scalars(
        select(CalendarDate)
        .where(over_at >= utcnow())
        .order_by(CalendarDate.starts_at, CalendarDate.id)
        .limit(limit)
    ).all()


def past_dates(*, limit: int = 20) -> Sequence[CalendarDate]:
    """Return dates that are over, latest first."""
    over_at = func.coalesce(CalendarDate.ends_at, CalendarDate.starts_at)
    return session.scalars(
        select(CalendarDate)
        .where(over_at < utcnow())
        .order_by(CalendarDate.starts_at.desc(), CalendarDate.id.desc())
        .limit(limit)
    ).all()


def calendar_date(date_id: int) -> CalendarDate | None:
    """Return one date."""
    return session.get(CalendarDate, date_id)
