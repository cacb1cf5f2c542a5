# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Dates that people read: „vor 3 Tagen“, „24. Mai“, always with the exact time as title."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask_babel import format_date, format_datetime, format_timedelta
from flask_babel import gettext as _
from markupsafe import Markup

from charta.db import utcnow

ZONE = ZoneInfo("Europe/Berlin")


def local(moment: datetime) -> datetime:
    """Return the moment in German time."""
    return moment.astimezone(ZONE)


def day(moment: datetime | date) -> str:
    """Return „24. Mai“, with the year when it is not the present one; joined by no-break spaces."""
    value = local(moment) if isinstance(moment, datetime) else moment
    same_year = value.year == local(utcnow()).year
    pattern = _("d. MMMM") if same_year else _("d. MMMM y")
    return str(format_date(value.date() if isinstance(value, datetime) else value, pattern)).replace(
        " ", "\u00a0"
    )


def moment(text: str) -> datetime:
    """Return the moment that mails carry as text (ISO 8601, aware)."""
    return datetime.fromisoformat(text)


def exact(moment: datetime) -> str:
    """Return the full date with time of day."""
    return str(format_datetime(moment, _("EEEE, d. MMMM y, HH:mm 'Uhr'")))


def clock(moment: datetime) -> str:
    """Return the time of day: 14:02."""
    return str(format_datetime(moment, "HH:mm"))


def ago(moment: datetime) -> Markup:
    """Return a `<time>` element like „vor 3 Tagen“ whose title is the exact time."""
    seconds = (utcnow() - moment).total_seconds()
    if 0 <= seconds < 60:
        text = _("gerade eben")
    elif abs(seconds) < 14 * 86_400:
        text = str(format_timedelta(moment - utcnow(), add_direction=True, threshold=1.1))
    else:
        text = day(moment)
    stamp = moment.astimezone(UTC).isoformat(timespec="seconds")
    return Markup('<time datetime="{}" title="{}">{}</time>').format(stamp, exact(moment), text)
