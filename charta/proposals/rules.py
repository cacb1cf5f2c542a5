# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""States of a proposal, the table of transitions, and merge states of the tree. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from charta.errors import InvalidInput, WrongState

ADAPTATION_DAYS = timedelta(days=7)
DECISION_DAYS = timedelta(days=14)
BULK_MAX = 50


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


TEXT_KINDS = frozenset({ProposalKind.CHANGE, ProposalKind.NEW_SECTION, ProposalKind.NEW_MEASURE})
NEW_KINDS = frozenset({ProposalKind.NEW_SECTION, ProposalKind.NEW_MEASURE})
OPEN = frozenset({State.SUBMITTED, State.CHANGES_REQUESTED})
DECIDED = frozenset({State.APPROVED, State.REJECTED})
CLOSED = DECIDED | {State.WITHDRAWN}
EDITABLE = frozenset({State.DRAFT, State.SUBMITTED, State.CHANGES_REQUESTED})
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
    (State.SUBMITTED, Verb.RESUBMIT): State.SUBMITTED,  # a better wording, or an overlap resolved
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


def days(number: int) -> timedelta:
    """Return a span of whole days."""
    return timedelta(days=number)


def seen_head(kind: ProposalKind, head_number: int, structure_number: int) -> int:
    """Return the number a decision has to name as seen: the text's head, of a move the place, else 0."""
    if kind in NEW_KINDS:
        return 0
    return structure_number if kind is ProposalKind.MOVE else head_number


def check_reason(verb: Verb, reason: str) -> None:
    """Raise `InvalidInput("reason", "reason_required")` when this deed needs a reason and has none."""
    if verb in REASON_NEEDED and not reason.strip():
        raise InvalidInput("reason", "reason_required")


def decide_until(
    now: datetime, *, editorial_at: datetime | None = None, days: timedelta = DECISION_DAYS
) -> datetime:
    """Return until when a proposal handed in now is decided: `days` on, at the latest when editing ends."""
    until = now + days
    return min(until, editorial_at) if editorial_at is not None and editorial_at > now else until


# ------------------------------------------------------------------------------------ fitting into the tree


@dataclass(frozen=True, slots=True)
class Place:
    """Where a section stands now: its parent, whether it was taken out, and how often it was placed."""

    parent_id: int | None
    is_deleted: bool
    structure_number: int


Tree = Mapping[int, Place]


def deletion_fits(tree: Tree, section_id: int, *, base_is_head: bool) -> MergeState:
    """Say how a deletion fits: gone already, edited since it was proposed, or clean."""
    place = tree.get(section_id)
    if place is None or place.is_deleted:
        return MergeState.ALREADY_CONTAINED
    return MergeState.CLEAN if base_is_head else MergeState.EDITED_SINCE


def placing_fits(tree: Tree, parent_id: int | None, after_id: int | None) -> MergeState:
    """Say whether a new section finds its place; without its neighbour it goes to the end of the parent."""
    if parent_id is not None and (parent_id not in tree or tree[parent_id].is_deleted):
        return MergeState.TARGET_GONE
    if after_id is None or _stands_under(tree, after_id, parent_id):
        return MergeState.CLEAN
    return MergeState.MOVED


def move_fits(
    tree: Tree,
    section_id: int,
    *,
    parent_id: int | None,
    after_id: int | None,
    base_structure: int | None,
) -> MergeState:
    """Say how a move fits the tree as it stands."""
    place = tree.get(section_id)
    if place is None or place.is_deleted:
        return MergeState.TARGET_GONE
    fit = placing_fits(tree, parent_id, after_id)
    if fit is MergeState.TARGET_GONE:
        return fit
    if parent_id is not None and section_id in ancestors(tree, parent_id):
        return MergeState.CYCLE
    if base_structure is not None and place.structure_number != base_structure:
        return MergeState.BOTH_MOVED
    return fit


def ancestors(tree: Tree, section_id: int) -> Iterable[int]:
    """Return the section and everything above it, nearest first."""
    found: list[int] = []
    at: int | None = section_id
    while at is not None and at in tree and at not in found:
        found.append(at)
        at = tree[at].parent_id
    return found


def _stands_under(tree: Tree, section_id: int, parent_id: int | None) -> bool:
    place = tree.get(section_id)
    return place is not None and not place.is_deleted and place.parent_id == parent_id


# --------------------------------------------------------------------------------------------- names shown
