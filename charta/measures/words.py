# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The words for states, times and figures of measures; for views and templates only."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from charta.measures.rules import IndicatorFigures, MeasureStatus
from charta.web.dates import day

STATUS = {
    MeasureStatus.PROPOSED: _l("vorgeschlagen"),
    MeasureStatus.ADOPTED: _l("beschlossen"),
    MeasureStatus.RUNNING: _l("läuft"),
    MeasureStatus.DONE: _l("umgesetzt"),
    MeasureStatus.STOPPED: _l("eingestellt"),
}


HELD = _l(
    "Über diese Maßnahme wird gerade abgestimmt. Bis dahin ändern sich nur ihr Stand und die jetzigen Werte "
    "der Kennzahlen."
)


@dataclass(frozen=True, slots=True)
class Look:
    """How a state is shown: kind of colour, icon, kind of its part in a bar."""

    kind: str
    icon: str
    bar: str


LOOK = {
    MeasureStatus.PROPOSED: Look("", "edit", "abst"),
    MeasureStatus.ADOPTED: Look("", "clock", "plan"),
    MeasureStatus.RUNNING: Look("run", "play", "run"),
    MeasureStatus.DONE: Look("ok", "done", "done"),
    MeasureStatus.STOPPED: Look("stop", "stop", "stop"),
}
# In a bar what is reached stands first.
BAR_ORDER = (
    MeasureStatus.DONE,
    MeasureStatus.RUNNING,
    MeasureStatus.ADOPTED,
    MeasureStatus.PROPOSED,
    MeasureStatus.STOPPED,
)


def counted(status: MeasureStatus, number: int) -> str:
    """Return how many measures stand in a status: „11 laufen“."""
    match status:
        case MeasureStatus.PROPOSED:
            return ngettext("%(num)s vorgeschlagen", "%(num)s vorgeschlagen", number)
        case MeasureStatus.ADOPTED:
            return ngettext("%(num)s beschlossen", "%(num)s beschlossen", number)
        case MeasureStatus.RUNNING:
            return ngettext("%(num)s läuft", "%(num)s laufen", number)
        case MeasureStatus.DONE:
            return ngettext("%(num)s umgesetzt", "%(num)s umgesetzt", number)
        case _:
            return ngettext("%(num)s eingestellt", "%(num)s eingestellt", number)


def horizon(starts_on: date | None, ends_on: date | None) -> str:
    """Return the years of a measure: „2024 bis 2026“, „ab 2024“, „bis 2026“, or nothing."""
    if starts_on and ends_on:
        if starts_on.year == ends_on.year:
            return str(starts_on.year)
        return _("%(first)s bis %(last)s", first=starts_on.year, last=ends_on.year)
    if starts_on:
        return _("ab %(year)s", year=starts_on.year)
    return _("bis %(year)s", year=ends_on.year) if ends_on else ""


def sentence(status: MeasureStatus, starts_on: date | None, ends_on: date | None) -> str:
    """Return what happens next with a measure and until when."""
    match status:
        case MeasureStatus.PROPOSED:
            return _("Die Partner haben über diese Maßnahme noch nicht entschieden.")
        case MeasureStatus.ADOPTED if starts_on:
            return _("Die Partner haben sie beschlossen. Sie beginnt am %(day)s.", day=day(starts_on))
        case MeasureStatus.ADOPTED:
            return _("Die Partner haben sie beschlossen. Der Beginn steht noch nicht fest.")
        case MeasureStatus.RUNNING if ends_on:
            return _("Die Arbeit läuft bis %(day)s.", day=day(ends_on))
        case MeasureStatus.RUNNING:
            return _("Die Arbeit läuft. Ein Ende ist nicht festgelegt.")
        case MeasureStatus.DONE:
            return _("Die Maßnahme ist abgeschlossen.")
        case _:
            return _("Die Arbeit an dieser Maßnahme ist beendet, ohne dass sie umgesetzt wurde.")


def figure(value: Decimal | None) -> str:
    """Return a figure in the reader's format without needless zeros; a dash for none."""
    if value is None:
        return "–"
    whole = value == value.to_integral_value()
    return str(format_decimal(value.quantize(Decimal(1)) if whole else value.normalize()))


def progress(indicator: IndicatorFigures) -> str:
    """Return how far an indicator is, in one line: „Beratene Anfragen: 124 von 200“."""
    if indicator.baseline:
        return _(
            "%(name)s: %(current)s, Ziel %(target)s, zu Beginn %(baseline)s",
            name=indicator.name,
            current=figure(indicator.current),
            target=figure(indicator.target),
            baseline=figure(indicator.baseline),
        )
    return _(
        "%(name)s: %(current)s von %(target)s",
        name=indicator.name,
        current=figure(indicator.current),
        target=figure(indicator.target),
    )
