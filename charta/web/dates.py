# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Dates that people read: „vor 3 Tagen“, „24. Mai“, always with the exact time as title."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from flask_babel import format_date, format_datetime, format_timedelta, get_locale
from flask_babel import gettext as _
from markupsafe import Markup

from charta.db import utcnow

ZONE = ZoneInfo("Europe/Berlin")


def local(moment: datetime) -> datetime:
    """Return the moment in German time."""
    return moment.astimezone(ZONE)


# The same few moments stand on every page; Babel takes 15 to 25 µs to write one. `locale` is part of the key
# only: the functions below write in the language of the request they are called in.
_KEPT = 4_096


def day(moment: datetime | date) -> str:
    """Return „24. Mai“, with the year when it is not the present one; joined by no-break spaces."""
    value = local(moment).date() if isinstance(moment, datetime) else moment
    return _day(value, value.year == local(utcnow()).year, get_locale())


@lru_cache(maxsize=_KEPT)
def _day(value: date, is_this_year: bool, locale: Locale | None) -> str:
    del locale
    pattern = _("d. MMMM") if is_this_year else _("d. MMMM y")
    return str(format_date(value, pattern)).replace(" ", "\u00a0")


def moment(text: str) -> datetime:
    """Return the moment that mails carry as text (ISO 8601, aware)."""
    return datetime.fromisoformat(text)


def exact(moment: datetime) -> str:
    """Return the full date with time of day."""
    return _exact(moment, get_locale())


def whole_day(moment: datetime | date) -> str:
    """Return „24. Mai 2026“: with the year, for the ends of a period."""
    value = local(moment).date() if isinstance(moment, datetime) else moment
    return str(format_date(value, _("d. MMMM y"))).replace(" ", "\u00a0")


@lru_cache(maxsize=_KEPT)
def _exact(moment: datetime, locale: Locale | None) -> str:
    del locale
    return str(format_datetime(moment, _("EEEE, d. MMMM y, HH:mm 'Uhr'")))


def clock(moment: datetime) -> str:
    """Return the time of day: 14:02."""
    return str(format_datetime(moment, "HH:mm"))


def ago(moment: datetime) -> Markup:
    """Return a `<time>` element like „vor 3 Tagen“ whose title is the exact time."""
    seconds = (utcnow() - moment).total_seconds()
    if 0 <= seconds < 60:
        text = _("gerade eben")
    elif abs(seconds) < 60:
        text = str(format_timedelta(timedelta(seconds=-seconds), add_direction=True))
    elif abs(seconds) < 14 * 86_400:
        text = _span(int(-seconds / 60), get_locale())
    else:
        text = day(moment)
    stamp = moment.astimezone(UTC).isoformat(timespec="seconds")
    return Markup('<time datetime="{}" title="{}">{}</time>').format(stamp, exact(moment), text)


@lru_cache(maxsize=_KEPT)
def _span(minutes: int, locale: Locale | None) -> str:
    """Return „vor 3 Stunden“ for a number of whole minutes, below zero for the past; days are never weeks."""
    del locale
    days = round(abs(minutes) / 1440)
    if days > 6:  # Babel would round eleven days to two weeks
        template = _("vor %(days)s Tagen") if minutes < 0 else _("in %(days)s Tagen")
        return template % {"days": days}
    return str(format_timedelta(timedelta(minutes=minutes), add_direction=True, threshold=1))
