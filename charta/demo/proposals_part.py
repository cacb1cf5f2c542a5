# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rounds, changes since Charta 1.0 and proposals in all states, in the order in which they happened."""

from datetime import datetime

from charta.demo import people_part
from charta.demo.keys import Step


def steps(started_at: datetime) -> list[Step]:
    """Return the steps of this part, sorted by their moments."""
    return sorted(people_part.process_steps(started_at), key=lambda step: step.at)
