# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The life of a proposal: one public function per deed, each one transaction.

Lock order: the tree (only for deeds that change it), section, proposal, head of the log. Merges and other
heavy work are done before the lock and only looked up inside.
"""

from charta.proposals.service.adapting import (
    adapt,
    agree,
    due_adaptations,
    refuse,
    settle_adaptation,
)
from charta.proposals.service.beginning import start
from charta.proposals.service.deciding import BulkResult, approve, approve_clean, reject, request_changes
from charta.proposals.service.drafting import discard_draft, save_draft, share, unshare
from charta.proposals.service.handing_in import resubmit, submit
from charta.proposals.service.overlapping import resolve_overlap
from charta.proposals.service.standing import (
    hand_back,
    hold,
    release,
    support,
    take_on,
    withdraw,
    withdraw_support,
)
from charta.proposals.service.taking_over import Approved
from charta.proposals.service.taking_up import Prefilled, leave_out, start_from, take_up

__all__ = [
    "Approved",
    "BulkResult",
    "Prefilled",
    "adapt",
    "agree",
    "approve",
    "approve_clean",
    "discard_draft",
    "due_adaptations",
    "hand_back",
    "hold",
    "leave_out",
    "refuse",
    "reject",
    "release",
    "request_changes",
    "resolve_overlap",
    "resubmit",
    "save_draft",
    "settle_adaptation",
    "share",
    "start",
    "start_from",
    "submit",
    "support",
    "take_on",
    "take_up",
    "unshare",
    "withdraw",
    "withdraw_support",
]
