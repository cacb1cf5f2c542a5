# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Short forms of dates for narrow columns; for views and templates only."""

from datetime import UTC, datetime

from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from markupsafe import Markup

from charta.db import utcnow
from charta.web.dates import exact, local


def short_day(moment: datetime) -> str:
    """Return „24. Dez.“ for a narrow column, the year after a blank when it is not the present one."""
    value = local(moment).date()
    text = str(format_date(value, _("d. MMM"))).replace(" ", "\u00a0")
    return text if value.year == local(utcnow()).year else f"{text} {value.year}"


def age(moment: datetime) -> Markup:
    """Return a `<time>` element like „5 Tage“ or „8 Std.“ whose title is the exact time."""
    passed = utcnow() - moment
    hours = int(passed.total_seconds()) // 3600
    days = (local(utcnow()).date() - local(moment).date()).days
    if hours < 1:
        text = _("eben")
    elif days < 1:
        text = _("%(hours)s Std.", hours=hours)
    elif days == 1:
        text = _("gestern")
    elif days < 31:
        text = ngettext("%(num)s Tag", "%(num)s Tage", days)
    else:
        text = short_day(moment)
    stamp = moment.astimezone(UTC).isoformat(timespec="seconds")
    return Markup('<time datetime="{}" title="{}">{}</time>').format(stamp, exact(moment), text)
