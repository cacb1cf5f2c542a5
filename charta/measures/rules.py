# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""States of a measure and checks of its attributes. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from charta.errors import InvalidInput
from charta.text.normalise import single_line

INDICATORS_MAX = 12
INDICATOR_NAME_MAX = 120
INDICATOR_UNIT_MAX = 40
PARTICIPANTS_MAX = 60
_FIGURE_LIMIT = Decimal(10) ** 12  # NUMERIC(14, 2)


class MeasureStatus(StrEnum):
    """Where a measure stands."""

    PROPOSED = "proposed"
    ADOPTED = "adopted"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


def check_horizon(starts_on: date | None, ends_on: date | None) -> None:
    """Raise `InvalidInput` when a measure would end before it starts."""
    if starts_on and ends_on and ends_on < starts_on:
        raise InvalidInput("ends_on", "ends_before_start")


@dataclass(frozen=True, slots=True)
class IndicatorFigures:
    """A figure by which a measure can be judged, as it is typed."""

    name: str
    unit: str = ""
    baseline: Decimal | None = None
    target: Decimal | None = None
    current: Decimal | None = None

    @property
    def percent(self) -> int | None:
        """How far it has come from baseline to target, 0 to 100; None where it cannot be said.

        A target below the baseline works too: fewer weeks are better weeks.
        """
        if self.target is None or self.current is None:
            return None
        start = self.baseline if self.baseline is not None else Decimal(0)
        way = self.target - start
        if way == 0:
            return 100 if self.current == self.target else None
        return max(0, min(100, round(100 * (self.current - start) / way)))


def clean_indicators(indicators: Sequence[IndicatorFigures]) -> list[IndicatorFigures]:
    """Return the indicators with clean names and units; rows without any entry are left out.

    Raises `InvalidInput("indicators", ...)`: too_many, required (a figure without a name), too_long, twice,
    invalid (not a finite number, or too large to be stored).
    """
    cleaned: list[IndicatorFigures] = []
    for one in indicators:
        name, unit = single_line(one.name, "indicators"), single_line(one.unit, "indicators")
        figures = (one.baseline, one.target, one.current)
        if not name:
            if unit or any(figure is not None for figure in figures):
                raise InvalidInput("indicators", "required")
            continue
        for text, limit in ((name, INDICATOR_NAME_MAX), (unit, INDICATOR_UNIT_MAX)):
            if len(text) > limit:
                raise InvalidInput("indicators", "too_long", limit=limit, length=len(text))
        for figure in figures:
            if figure is not None and (not figure.is_finite() or abs(figure) >= _FIGURE_LIMIT):
                raise InvalidInput("indicators", "invalid")
        if any(other.name == name for other in cleaned):
            raise InvalidInput("indicators", "twice")
        cleaned.append(IndicatorFigures(name, unit, *figures))
    if len(cleaned) > INDICATORS_MAX:
        raise InvalidInput("indicators", "too_many", limit=INDICATORS_MAX)
    return cleaned
