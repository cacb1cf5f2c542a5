# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""States of a proposal, the table of transitions, and the merge states. Pure."""

from datetime import timedelta
from enum import StrEnum

from charta.errors import WrongState

ADAPTATION_DAYS = timedelta(days=7)


class ProposalKind(StrEnum):
    """What a proposal wants."""

    CHANGE = "change"
    NEW_SECTION = "new_section"
    NEW_MEASURE = "new_measure"
    DELETION = "deletion"
    MOVE = "move"


class State(StrEnum):
    """Where a proposal stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Verb(StrEnum):
    """What can be done to a proposal."""

    SUBMIT = "submit"
    RESUBMIT = "resubmit"
    WITHDRAW = "withdraw"
    REQUEST_CHANGES = "request_changes"
    APPROVE = "approve"
    ADAPT = "adapt"
    AGREE = "agree"
    REFUSE = "refuse"
    REJECT = "reject"


class MergeState(StrEnum):
    """How an open proposal fits the current text or tree."""

    CLEAN = "clean"
    MOVED = "moved"
    CONFLICT = "conflict"
    ALREADY_CONTAINED = "already_contained"
    TARGET_GONE = "target_gone"
    BOTH_MOVED = "both_moved"
    EDITED_SINCE = "edited_since"
    CYCLE = "cycle"


OPEN = frozenset({State.SUBMITTED, State.CHANGES_REQUESTED})
DECIDED = frozenset({State.APPROVED, State.REJECTED})
EDITABLE = frozenset({State.DRAFT, State.CHANGES_REQUESTED})
MERGEABLE = frozenset({MergeState.CLEAN, MergeState.MOVED})
NEEDS_HELP = frozenset(
    {
        MergeState.CONFLICT,
        MergeState.TARGET_GONE,
        MergeState.BOTH_MOVED,
        MergeState.EDITED_SINCE,
        MergeState.CYCLE,
    }
)

TRANSITIONS: dict[tuple[State, Verb], State] = {
    (State.DRAFT, Verb.SUBMIT): State.SUBMITTED,
    (State.CHANGES_REQUESTED, Verb.RESUBMIT): State.SUBMITTED,
    (State.SUBMITTED, Verb.RESUBMIT): State.SUBMITTED,  # an overlap resolved by its author
    (State.SUBMITTED, Verb.WITHDRAW): State.WITHDRAWN,
    (State.CHANGES_REQUESTED, Verb.WITHDRAW): State.WITHDRAWN,
    (State.SUBMITTED, Verb.REQUEST_CHANGES): State.CHANGES_REQUESTED,
    (State.SUBMITTED, Verb.APPROVE): State.APPROVED,
    (State.SUBMITTED, Verb.ADAPT): State.SUBMITTED,  # the author is asked first
    (State.SUBMITTED, Verb.AGREE): State.APPROVED,
    (State.SUBMITTED, Verb.REFUSE): State.SUBMITTED,
    (State.SUBMITTED, Verb.REJECT): State.REJECTED,
}

REASON_NEEDED = frozenset({Verb.REQUEST_CHANGES, Verb.ADAPT, Verb.REJECT, Verb.REFUSE})


def after(state: State, verb: Verb) -> State:
    """Return the state that follows; raise `WrongState` when the deed does not fit."""
    try:
        return TRANSITIONS[state, verb]
    except KeyError:
        raise WrongState(verb.value, state.value) from None
