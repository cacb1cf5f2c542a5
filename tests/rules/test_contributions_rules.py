# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""States of a contribution, and words taken out of one."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charta.contributions import redaction, rules
from charta.contributions.redaction import phrases_of, redacted
from charta.contributions.rules import GAP, LISTED, UNSCREENED, State, Verb
from charta.errors import InvalidInput, WrongState

# What can be done in each state; everything else is refused.
POSSIBLE = {
    State.RECEIVED: {Verb.ACCEPT, Verb.ASK, Verb.DECLINE, Verb.MERGE, Verb.SPLIT},
    State.ASKED: {Verb.ACCEPT, Verb.REPLY, Verb.DECLINE, Verb.MERGE, Verb.SPLIT},
    State.ACCEPTED: {Verb.DECLINE, Verb.REOPEN, Verb.MERGE, Verb.SPLIT},
    State.DECLINED: {Verb.ACCEPT, Verb.REOPEN},
    State.MERGED: {Verb.UNMERGE},
    State.SPLIT: set(),
}


@pytest.mark.parametrize("state", State)
def test_each_state_allows_these_deeds_and_no_others(state: State) -> None:
    for verb in Verb:
        if verb in POSSIBLE[state]:
            assert rules.after(state, verb) in State
        else:
            with pytest.raises(WrongState) as refused:
                rules.after(state, verb)
            assert (refused.value.action, refused.value.state) == (verb.value, state.value)


def test_nothing_stays_unread_that_a_moderator_decided() -> None:
    for verb in (Verb.ACCEPT, Verb.DECLINE, Verb.MERGE, Verb.SPLIT):
        for state in State:
            if verb in POSSIBLE[state]:
                assert rules.after(state, verb) not in UNSCREENED
    assert {State.ACCEPTED} == LISTED


@pytest.mark.parametrize("module", [rules, redaction])
def test_examples_run(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text, phrases, shown",
    [
        # However it is capitalised, wherever it stands.
        ("Muster, MUSTER und muster.", ["Muster"], f"{GAP}, {GAP} und {GAP}."),
        # Over a line break, as somebody marks it with the mouse.
        ("Frau Erika\nMuster fehlt.", ["Erika Muster"], f"Frau {GAP} fehlt."),
        # Gaps that touch become one: their number would say something.
        ("Erika Maria Muster fehlt.", ["Erika", "Maria", "Muster"], f"{GAP} fehlt."),
        # The long one first, or its middle would be gone.
        ("Muster GmbH und Muster.", ["Muster", "Muster GmbH"], f"{GAP} und {GAP}."),
        # Signs of patterns are only signs.
        ("Es kostet (fast) 5.000 Euro.", ["(fast) 5.000"], f"Es kostet {GAP} Euro."),
        ("Nichts davon.", ["", "  "], "Nichts davon."),
    ],
)
def test_words_are_taken_out(text: str, phrases: list[str], shown: str) -> None:
    assert redacted(text, phrases) == shown


def test_what_does_not_stand_there_is_named() -> None:
    with pytest.raises(InvalidInput) as refused:
        redacted("Herr Muster fehlt.", ["Meier"])
    assert (refused.value.code, refused.value.data["words"]) == ("words_missing", "Meier")
    with pytest.raises(InvalidInput, match="too_many"):
        redacted("a", ["a"] * 51)


@given(st.lists(st.sampled_from(["Herr", "Muster", "kommt", "um", "acht", "Uhr"]), min_size=2, max_size=12))
def test_the_words_behind_gaps_are_found_again(words: list[str]) -> None:
    text = " ".join(words)
    shown = redacted(text, [words[0]])
    assert redacted(text, phrases_of(text, shown)) == shown
