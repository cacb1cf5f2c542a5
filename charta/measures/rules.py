# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""States of a measure and checks of its attributes. Pure."""

from datetime import date
from enum import StrEnum

from charta.errors import InvalidInput

INDICATORS_MAX = 12


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
