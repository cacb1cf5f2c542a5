# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Texts made to hurt: they cost bounded work, counted and not timed, and come out whole."""

import random
import sys
import time
from collections.abc import Callable
from types import FrameType

import pytest

from charta.text import align, diff, lcs, markdown, merge, provenance, render, sentences
from charta.text.html_reader import read_html

_random = random.Random(7)


def _words(vocabulary: list[str], count: int) -> str:
    return " ".join(_random.choice(vocabulary) for _ in range(count))


_LEXICON = [f"Wort{number}" for number in range(3000)]
_UNRELATED = _words(_LEXICON, 13_000)
_PARAGRAPHS = [_words(_LEXICON, 10) + "." for _ in range(1200)]

PAIRS = [
    pytest.param(_words(["a", "b"], 50_000), _words(["a", "b"], 50_000), id="two words only"),
    pytest.param(_UNRELATED, _UNRELATED.replace("Wort", "Xort"), id="nothing in common"),
    pytest.param("\n\n".join(_PARAGRAPHS), "\n\n".join(_PARAGRAPHS[::-1]), id="reversed paragraphs"),
    pytest.param("a" * 100_000, "b" * 100_000, id="one long word"),
    pytest.param("!?." * 33_000, ".?!" * 33_000, id="signs only"),
    pytest.param("a\n" * 50_000, "b\na\n" * 25_000, id="short lines"),
]


@pytest.mark.parametrize("old, new", PAIRS)
def test_a_hostile_pair_stays_within_the_work_budget_and_is_lossless(
    old: str, new: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    spent = 0
    rows = lcs._rows

    def counted(row: int, masks: dict[int, int], items: list[int]) -> list[int]:
        nonlocal spent
        spent += row.bit_length() * len(items)
        return rows(row, masks, items)

    monkeypatch.setattr(lcs, "_rows", counted)
    runs = diff.word_diff(old, new)
    assert "".join(text for op, text in runs if op != "+") == old
    assert "".join(text for op, text in runs if op != "-") == new
    # Every row is computed at most twice, in at most three passes: lines, words, sentences.
    assert spent <= 3 * 2 * lcs.WORK_BUDGET


def test_over_the_budget_the_comparison_says_that_it_is_coarse(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lcs.matches, "__defaults__", (10,))
    found = diff.compare("Eins zwei drei vier fünf sechs.\n", "Eins drei zwei vier sechs fünf sieben.\n")
    assert found.coarse
    assert not found.is_unchanged


def test_comparing_many_paragraphs_does_not_compare_each_with_each(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = 0
    original = align.similarity

    def counted(a: align.Bag, b: align.Bag) -> float:
        nonlocal calls
        calls += 1
        return original(a, b)

    monkeypatch.setattr(align, "similarity", counted)
    diff.compare(
        "\n\n".join(_PARAGRAPHS), "\n\n".join(p.replace("Wort1", "Satz1") for p in _PARAGRAPHS[::-1])
    )
    assert calls <= 2 * align.MOST_PAIRS


def _calls(function: Callable[[], object]) -> int:
    """Count the Python and C calls of a function: its work, the same on every machine."""
    count = 0

    def profile(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        function()
    finally:
        sys.setprofile(before)
    return count


def _compared(text: str) -> object:
    return diff.compare(text, "x" + text)


SEEDS = [
    "*a ", "**a ", "[", "[a](", "[^1]", "> ", "- ", "1. ", "|a", "a|b\n-|-\n", "\\", "_", "\n", " ",
    "(a. ", "„x! ",
    "a\u0301", "👩‍", "\u202e", "A. ", "z. B. ", "<b>", "&amp;", "~~~\n", "#", "- a\n",
]  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    "function",
    [
        markdown.canonical,
        render.to_html,
        sentences.split,
        markdown.from_html,
        lambda t: diff.compare(t, "x" + t),
    ],
)
def test_work_grows_with_the_length_and_not_with_its_square(
    seed: str, function: Callable[[str], object]
) -> None:
    short, long = seed * (800 // len(seed)), seed * (3200 // len(seed))
    assert _calls(lambda: function(long)) <= 6 * _calls(lambda: function(short)) + 2000


@pytest.mark.parametrize("old, new", PAIRS[2:4])
def test_merge_and_provenance_of_hostile_texts_lose_nothing(old: str, new: str) -> None:
    result = merge.merge3(old, new, old + " Ende.")
    assert result.segments
    assert "".join(text for text, _ in provenance.blame([old, new])) == new


def test_signs_of_all_kinds_survive_a_difference() -> None:
    old = "Bu\u0308ro 👩‍👧 \uffff \U0001f600 👍🏽 \u202eאב\u202c \u200d \u0301x"
    new = old.replace("👩‍👧", "👨‍👧").replace("x", "y")
    runs = diff.word_diff(old, new)
    assert "".join(text for op, text in runs if op != "+") == old
    assert all("👩‍👧" in text for _, text in runs if "👩" in text)


def test_bidi_controls_are_shown_and_nothing_active_passes() -> None:
    html = str(render.to_html("\u202eabc\u2066 <img src=x onerror=alert(1)> [x](javascript:alert(1))\n"))
    assert html.count('class="ch-bidi"') == 2
    assert "\u202e" not in html
    assert "<img" not in html
    assert "href" not in html


@pytest.mark.parametrize("seed", ["<a ", '<a b="', "<!--", "<![x", "</", "<?", "<", "<a b=\"<a b='", "<td>"])
def test_half_tags_cost_work_in_proportion(seed: str) -> None:
    def work(length: int) -> int:
        return _calls(lambda: read_html(seed * (length // len(seed))))

    assert work(8000) <= 5 * work(2000) + 2000
    # Work inside a regular expression is no call: only the clock sees it.
    started = time.process_time()
    read_html(seed * (50_000 // len(seed)))
    assert time.process_time() - started < 5  # the parser of the library alone takes up to half a minute


def test_tags_that_are_whole_stay_tags() -> None:
    html = """<!--StartFragment--><p title='a > b' class="x">1 < 2 <b>fett</b><![if !x]>!<![endif]></p>"""
    assert markdown.from_html(html + f'<img src="data:{"x" * 5000}"><p>Ende') == "1 < 2 **fett**!\n\nEnde\n"
