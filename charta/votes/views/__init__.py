# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages of ballots and polls; each module adds its addresses to the blueprint."""

from charta.votes.views import (
    ballots,
    boards,
    notes,
    poll_answering,
    poll_steering,
    polls,
    preparing,
    result,
)
from charta.votes.views.blueprint import blueprint

__all__ = [
    "ballots",
    "blueprint",
    "boards",
    "notes",
    "poll_answering",
    "poll_steering",
    "polls",
    "preparing",
    "result",
]
