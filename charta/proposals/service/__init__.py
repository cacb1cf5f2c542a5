# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The life of a proposal: one public function per deed, each one transaction.

Lock order: the tree (only for deeds that change it), section, proposal, head of the log. Merges and other
heavy work are done before the lock and only looked up inside.
"""

from charta.proposals.service.deciding import (
    Approved,
    BulkResult,
    adapt,
    agree,
    approve,
    approve_clean,
    due_adaptations,
    refuse,
    reject,
    request_changes,
    resolve_overlap,
    settle_adaptation,
)
from charta.proposals.service.drafting import (
    discard_draft,
    resubmit,
    save_draft,
    share,
    start,
    submit,
    unshare,
)
from charta.proposals.service.standing import (
    hand_back,
    hold,
    release,
    support,
    take_on,
    withdraw,
    withdraw_support,
)

__all__ = [
    "Approved",
    "BulkResult",
    "adapt",
    "agree",
    "approve",
    "approve_clean",
    "discard_draft",
    "due_adaptations",
    "hand_back",
    "hold",
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
    "submit",
    "support",
    "take_on",
    "unshare",
    "withdraw",
    "withdraw_support",
]
