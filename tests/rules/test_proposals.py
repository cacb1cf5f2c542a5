# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The rules of proposals as tables: transitions, reasons, places in the tree."""

from datetime import UTC, datetime, timedelta

import pytest

from charta.errors import InvalidInput, WrongState
from charta.proposals import rules
from charta.proposals.rules import MergeState, Place, ProposalKind, State, Verb

ALLOWED = {
    (State.DRAFT, Verb.SUBMIT): State.SUBMITTED,
    (State.SUBMITTED, Verb.RESUBMIT): State.SUBMITTED,
    (State.SUBMITTED, Verb.WITHDRAW): State.WITHDRAWN,
    (State.SUBMITTED, Verb.REQUEST_CHANGES): State.CHANGES_REQUESTED,
    (State.SUBMITTED, Verb.APPROVE): State.APPROVED,
    (State.SUBMITTED, Verb.ADAPT): State.SUBMITTED,
    (State.SUBMITTED, Verb.AGREE): State.APPROVED,
    (State.SUBMITTED, Verb.REFUSE): State.SUBMITTED,
    (State.SUBMITTED, Verb.REJECT): State.REJECTED,
    (State.CHANGES_REQUESTED, Verb.RESUBMIT): State.SUBMITTED,
    (State.CHANGES_REQUESTED, Verb.WITHDRAW): State.WITHDRAWN,
}


@pytest.mark.parametrize("verb", list(Verb))
@pytest.mark.parametrize("state", list(State))
def test_every_deed_in_every_state(state: State, verb: Verb) -> None:
    if (state, verb) in ALLOWED:
        assert rules.after(state, verb) is ALLOWED[state, verb]
    else:
        with pytest.raises(WrongState) as refused:
            rules.after(state, verb)
        assert (refused.value.action, refused.value.state) == (verb.value, state.value)


def test_nothing_follows_a_decision() -> None:
    assert not [key for key in rules.TRANSITIONS if key[0] in rules.CLOSED]


@pytest.mark.parametrize("verb", list(Verb))
def test_a_reason_is_needed_for_everything_that_is_not_plain_approval(verb: Verb) -> None:
    needs = {Verb.REQUEST_CHANGES, Verb.REJECT, Verb.ADAPT, Verb.REFUSE}
    if verb in needs:
        with pytest.raises(InvalidInput, match="reason_required"):
            rules.check_reason(verb, " \n ")
    else:
        rules.check_reason(verb, "")


NOW = datetime(2026, 3, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "editorial, expected",
    [
        (None, NOW + timedelta(days=14)),  # no round: fourteen days
        (NOW + timedelta(days=40), NOW + timedelta(days=14)),  # long before editing ends
        (NOW + timedelta(days=3), NOW + timedelta(days=3)),  # editing ends earlier
        (NOW - timedelta(days=1), NOW + timedelta(days=14)),  # it has ended: no date in the past
    ],
)
def test_a_decision_comes_before_editing_ends(editorial: datetime | None, expected: datetime) -> None:
    assert rules.decide_until(NOW, editorial_at=editorial) == expected


# 1 has the children 2 and 3, 2 has 4; 5 stands alone, 6 was taken out.
TREE = {
    1: Place(None, False, 1),
    2: Place(1, False, 1),
    3: Place(1, False, 2),
    4: Place(2, False, 1),
    5: Place(None, False, 1),
    6: Place(1, True, 3),
}


@pytest.mark.parametrize(
    "section, base_is_head, expected",
    [
        (2, True, MergeState.CLEAN),
        (2, False, MergeState.EDITED_SINCE),
        (6, True, MergeState.ALREADY_CONTAINED),  # gone already
        (99, True, MergeState.ALREADY_CONTAINED),
    ],
)
def test_how_a_deletion_fits(section: int, base_is_head: bool, expected: MergeState) -> None:
    assert rules.deletion_fits(TREE, section, base_is_head=base_is_head) is expected


@pytest.mark.parametrize(
    "parent, after, expected",
    [
        (1, None, MergeState.CLEAN),
        (1, 3, MergeState.CLEAN),
        (None, 5, MergeState.CLEAN),  # on the top level
        (1, 4, MergeState.MOVED),  # the neighbour stands elsewhere now: to the end
        (1, 6, MergeState.MOVED),  # the neighbour was taken out
        (6, None, MergeState.TARGET_GONE),
        (99, None, MergeState.TARGET_GONE),
    ],
)
def test_how_a_new_section_finds_its_place(
    parent: int | None, after: int | None, expected: MergeState
) -> None:
    assert rules.placing_fits(TREE, parent, after) is expected


@pytest.mark.parametrize(
    "section, parent, after, base, expected",
    [
        (3, 5, None, 2, MergeState.CLEAN),
        (3, 5, None, 1, MergeState.BOTH_MOVED),  # it was moved since
        (3, 6, None, 2, MergeState.TARGET_GONE),
        (6, 5, None, 3, MergeState.TARGET_GONE),  # itself taken out
        (2, 4, None, 1, MergeState.CYCLE),  # below its own child
        (2, 2, None, 1, MergeState.CYCLE),  # below itself
        (3, 5, 2, 2, MergeState.MOVED),  # the neighbour is not there
    ],
)
def test_how_a_move_fits(
    section: int, parent: int, after: int | None, base: int, expected: MergeState
) -> None:
    found = rules.move_fits(TREE, section, parent_id=parent, after_id=after, base_structure=base)
    assert found is expected


def test_a_broken_tree_does_not_turn_in_circles() -> None:
    circle = {1: Place(2, False, 1), 2: Place(1, False, 1)}
    assert rules.ancestors(circle, 1) == [1, 2]


@pytest.mark.parametrize(
    "kind, expected",
    [
        (ProposalKind.CHANGE, 7),
        (ProposalKind.DELETION, 7),
        (ProposalKind.MOVE, 3),
        (ProposalKind.NEW_SECTION, 0),
        (ProposalKind.NEW_MEASURE, 0),
    ],
)
def test_what_a_decision_names_as_seen(kind: ProposalKind, expected: int) -> None:
    assert rules.seen_head(kind, 7, 3) == expected
