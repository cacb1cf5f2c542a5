# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What can be asked in a hall, what counts as an answer, and how answers are added up."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charta.errors import InvalidInput, WrongState
from charta.votes import poll_rules as rules
from charta.votes.poll_rules import PollVerb
from charta.votes.rules import PollMethod, PollState

OPTIONS = ["a", "b", "c"]
NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "method, choices, expected",
    [
        (PollMethod.SINGLE, [1], [1]),
        (PollMethod.SINGLE, [1, 1], [1]),  # the same twice is one
        (PollMethod.SCALE, [4], [4]),  # a scale has five places without options
        (PollMethod.MULTIPLE, [2, 0], [0, 2]),
        (PollMethod.POINTS, [3, 0, 2], [3, 0, 2]),
        (PollMethod.POINTS, [1, 0, 0], [1, 0, 0]),  # not all points have to be given
        (PollMethod.WORDS, [1], []),
    ],
)
def test_answers_are_stored_as_places_or_points(
    method: PollMethod, choices: list[int], expected: list[int]
) -> None:
    assert rules.clean_choices(method, OPTIONS, 5, choices) == expected


@pytest.mark.parametrize(
    "method, choices, code",
    [
        (PollMethod.SINGLE, [], "required"),
        (PollMethod.SINGLE, [3], "invalid"),
        (PollMethod.SINGLE, [-1], "invalid"),
        (PollMethod.SINGLE, [0, 1], "one_only"),
        (PollMethod.SCALE, [5], "invalid"),
        (PollMethod.POINTS, [0, 0, 0], "required"),
        (PollMethod.POINTS, [3, 3, 0], "over_budget"),
        (PollMethod.POINTS, [6, -1, 0], "invalid"),
        (PollMethod.POINTS, [1, 1], "invalid"),
    ],
)
def test_what_is_no_answer_is_refused(method: PollMethod, choices: list[int], code: str) -> None:
    with pytest.raises(InvalidInput) as error:
        rules.clean_choices(method, OPTIONS, 5, choices)
    assert (error.value.field, error.value.code) == ("choices", code)


@pytest.mark.parametrize(
    "values, expected",
    [
        ({"text": " "}, ("question", "required")),
        ({"text": "x" * 301}, ("question", "too_long")),
        ({"options": ["a"]}, ("options", "too_few_options")),
        ({"options": ["a", "A"]}, ("options", "twice")),
        ({"options": [str(n) for n in range(21)]}, ("options", "too_many")),
        ({"options": ["a", "x" * 121]}, ("options", "too_long")),
        ({"method": PollMethod.SCALE, "options": ["a", "b"]}, ("options", "scale_options")),
        ({"method": PollMethod.POINTS}, ("points", "required")),
        ({"method": PollMethod.POINTS, "points": 101}, ("points", "between")),
    ],
)
def test_questions_that_cannot_be_asked(values: dict[str, Any], expected: tuple[str, str]) -> None:
    with pytest.raises(InvalidInput) as error:
        rules.question(**({"text": "Was?", "method": PollMethod.SINGLE, "options": OPTIONS} | values))
    assert (error.value.field, error.value.code) == expected


def test_a_tally_counts_votes_or_points_and_a_scale_has_a_mean() -> None:
    assert rules.tally(PollMethod.MULTIPLE, OPTIONS, [([0, 2], 2), ([2], 1)]) == [2, 0, 3]
    assert rules.tally(PollMethod.POINTS, OPTIONS, [([3, 0, 2], 2), ([0, 1, 0], 1)]) == [6, 1, 4]
    assert rules.mean(PollMethod.SCALE, [1, 0, 0, 0, 1]) == 3
    assert rules.mean(PollMethod.SINGLE, [1, 0]) is None
    assert rules.percents([1, 2], 3) == [33, 67]
    assert rules.percents([0], 0) == [0]


@given(st.lists(st.tuples(st.sampled_from(["answer", "stop", "look"]), st.integers(1, 7)), max_size=60))
def test_what_is_shown_moves_by_five_answers_or_more_and_never_back(deeds: list[tuple[str, int]]) -> None:
    shown = given = 0
    for deed, number in deeds:
        given += number if deed == "answer" else 0
        after = (rules.shown_at_end if deed == "stop" else rules.shown_while_running)(shown, given)
        assert after == shown or shown + 5 <= after <= given
        if deed == "stop" and given - shown >= 5:
            assert after == given
        shown = after


@given(st.integers(0, 400))
def test_a_first_run_ends_exact_from_ten_answers_on(given: int) -> None:
    shown = 0
    for so_far in range(1, given + 1):
        shown = rules.shown_while_running(shown, so_far)
    assert rules.shown_at_end(shown, given) == (given if given >= 10 or given == 5 else 5 if given > 5 else 0)


def test_only_a_running_poll_or_an_online_one_before_its_end_takes_answers() -> None:
    later, earlier = NOW + timedelta(days=1), NOW - timedelta(days=1)
    assert rules.takes_answers(PollState.RUNNING, None, NOW)
    assert rules.takes_answers(PollState.FOLLOW_UP, later, NOW)
    assert not rules.takes_answers(PollState.FOLLOW_UP, earlier, NOW)
    assert not rules.takes_answers(PollState.STOPPED, later, NOW)
    assert rules.is_online_over(PollState.FOLLOW_UP, earlier, NOW)
    assert not rules.is_online_over(PollState.FOLLOW_UP, later, NOW)
    assert not rules.is_online_over(PollState.STOPPED, None, NOW)


@pytest.mark.parametrize("state", PollState)
@pytest.mark.parametrize("verb", PollVerb)
def test_every_deed_fits_only_its_states(state: PollState, verb: PollVerb) -> None:
    if (state, verb) in rules.TRANSITIONS:
        assert rules.after(state, verb) is rules.TRANSITIONS[state, verb]
    else:
        with pytest.raises(WrongState):
            rules.after(state, verb)
