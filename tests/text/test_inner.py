# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The second emphasis inside a replaced word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charta.text.compare import Run
from charta.text.inner import LONGEST_WORD, emphasised, pieces

WORD = st.text(alphabet="abcäöüßéñ", min_size=1, max_size=20)


@pytest.mark.parametrize(
    "old, new, emphasised_new",
    [
        ("Zulieferer", "Zulieferern", ["n"]),
        ("überprüft", "geprüft", ["ge"]),
        ("qualifizierten", "qualifizierenden", ["end"]),
        ("Lotse", "Lotsin", ["in"]),
        ("Zulieferer", "Automobilzulieferer", ["Automobilz"]),  # one compound: the letter changes its case
    ],
)
def test_the_letters_that_differ_are_emphasised(old: str, new: str, emphasised_new: list[str]) -> None:
    found = pieces(old, new)
    assert found is not None
    assert [text for strong, text in found[1] if strong] == emphasised_new


@pytest.mark.parametrize(
    "old, new",
    [
        ("werben", "sorgen"),  # nothing to do with each other
        ("zwei Wochen", "zwei Monaten"),  # more than one word
        ("a" * (LONGEST_WORD + 1), "a" * LONGEST_WORD),  # too long: the work stays bounded
        ("**", "***"),  # no word at all
    ],
)
def test_pairs_without_anything_to_show_get_no_emphasis(old: str, new: str) -> None:
    assert pieces(old, new) is None


@given(WORD, WORD)
def test_the_pieces_are_the_words_again(old: str, new: str) -> None:
    found = pieces(old, new)
    if found is not None:
        assert "".join(text for _, text in found[0]) == old
        assert "".join(text for _, text in found[1]) == new


def test_only_a_replaced_word_of_its_own_is_looked_into() -> None:
    runs = [Run("=", "Die "), Run("-", "Lotse"), Run("+", "Lotsin"), Run("=", " kommt.")]
    assert [piece for shown in emphasised(runs) for piece in shown.pieces if piece[0]] == [
        (True, "e"),
        (True, "in"),
    ]
    several = [Run("-", "Lotse"), Run("+", "Lotsin"), Run("+", "nen", frozenset({"strong"}))]
    assert not [piece for shown in emphasised(several) for piece in shown.pieces if piece[0]]
