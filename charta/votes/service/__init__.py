# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands of ballots, polls and notes of dissent.

Lock order: section, proposal, ballot, head of the log. Commands on polls stand in `polling` and
`poll_answering`.
"""

from charta.votes.service.casting import Receipt, cast, cast_for_partner, reserve
from charta.votes.service.closing import (
    cancel,
    close,
    close_over,
    end_rehearsal,
    remind,
    state_outcome,
)
from charta.votes.service.opening import open_ballot, rehearse
from charta.votes.service.preparing import change, discard, prepare

__all__ = [
    "Receipt",
    "cancel",
    "cast",
    "cast_for_partner",
    "change",
    "close",
    "close_over",
    "discard",
    "end_rehearsal",
    "open_ballot",
    "prepare",
    "rehearse",
    "remind",
    "reserve",
    "state_outcome",
]
