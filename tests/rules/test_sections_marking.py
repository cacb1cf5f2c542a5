# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Passages are marked in the HTML without changing a word of it."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charta.sections.marking import Mark, marked, percentages, shares
from charta.text import markdown, render

TEXT = markdown.canonical(
    """Erster Satz. Zweiter **fetter Satz.** Dritter [Satz mit Link](https://example.org/a_b) hier.[^1]

- Eins „zitiert“
- Zwei

> Wie weiter?

1. Zuerst
2. Danach

### Zwischentitel

| Kennzahl | 2023 | Ziel |
| --- | --- | --- |
| Lotsen & mehr | 18 | 150 |

[^1]: Eine Note mit [Ziel](https://example.org).
"""
)
_SPAN = re.compile(r'<span class="ch-vh">[^<]*</span>|<span class="ch-src[^>]*>|</span>')


def mark_of(origin: str) -> Mark | None:
    return Mark(int(origin), f"Quelle {origin}") if origin != "0" else None


def without_marks(html: str) -> str:
    return _SPAN.sub("", html)


def plain(body: str) -> str:
    return _SPAN.sub("", "".join(html for _, html in render.paragraphs_html(body)))


def runs_at(body: str, cuts: list[int]) -> list[tuple[int, int, str]]:
    borders = [0, *sorted({cut for cut in cuts if 0 < cut < len(body)}), len(body)]
    pairs = itertools.pairwise(borders)
    return [(start, end, str(at % 4)) for at, (start, end) in enumerate(pairs)]


@given(st.lists(st.integers(1, len(TEXT) - 1), max_size=25))
def test_marks_never_change_the_text_wherever_the_passages_are_cut(cuts: list[int]) -> None:
    blocks = marked(TEXT, runs_at(TEXT, cuts), mark_of)
    assert without_marks("".join(block.html for block in blocks)) == plain(TEXT)


@given(st.text(alphabet="ab *_[]()|>-1.\n&;\\`„“^:", max_size=60), st.lists(st.integers(1, 60), max_size=6))
def test_marks_never_change_any_text(raw: str, cuts: list[int]) -> None:
    body = markdown.canonical(raw)
    blocks = marked(body, runs_at(body, cuts), mark_of)
    assert without_marks("".join(block.html for block in blocks)) == plain(body)


def test_every_kind_of_block_is_marked() -> None:
    cuts = [found.start() for found in re.finditer(r"Zweiter|Eins|Wie|Zuerst|Lotsen|18", TEXT)]
    borders = [0, *cuts, len(TEXT)]
    runs = [(a, b, str(1 + n)) for n, (a, b) in enumerate(itertools.pairwise(borders))]
    html = "".join(block.html for block in marked(TEXT, runs, mark_of))
    ends = re.findall(r'data-n="(\d)">([^<]*)', html)
    assert ends == [
        ("1", "Satz."),
        ("2", "hier."),
        ("3", "Zwei"),
        ("4", "weiter?"),
        ("5", "Danach"),
        ("5", "Zwischentitel"),
        ("5", "Ziel"),
        ("6", "mehr"),
        ("7", "150"),
        ("7", "."),
    ]  # fmt: skip -- a number at the end of each passage in each block


def test_each_passage_ends_with_its_number_and_spoken_source() -> None:
    body = "Erster Satz. Zweiter Satz.\n"
    html = marked(body, [(0, 13, "1"), (13, 27, "2")], mark_of)[0].html
    assert html == (
        '<p><span class="ch-src ch-s1">Erster <span class="ch-src__end" data-n="1">Satz.'
        '<span class="ch-vh"> (Quelle 1)</span></span></span> '
        '<span class="ch-src ch-s2">Zweiter <span class="ch-src__end" data-n="2">Satz.'
        '<span class="ch-vh"> (Quelle 2)</span></span></span></p>\n'
    )


def test_a_passage_over_bold_words_has_one_number() -> None:
    html = marked("Ein **fetter** Satz.\n", [(0, 21, "1")], mark_of)[0].html
    assert html.count("data-n=") == 1
    assert '<strong><span class="ch-src ch-s1">fetter</span></strong>' in html


def test_words_of_an_origin_without_a_source_are_not_marked() -> None:
    assert "ch-src" not in marked("Ein Satz.\n", [(0, 10, "0")], mark_of)[0].html


def test_a_seventh_source_begins_again_with_the_first_pattern() -> None:
    assert "ch-s1" in marked("Ein Satz.\n", [(0, 10, "7")], mark_of)[0].html


def test_shares_count_words_not_blanks() -> None:
    body = "ab cd\n\nefgh\n"
    runs = [(0, 3, "1"), (3, 12, "2")]
    assert shares(body, runs) == {"1": 2, "2": 6}
    assert shares(body, runs, 7, 11) == {"2": 4}


@pytest.mark.parametrize(
    "counts, wanted",
    [
        ([1, 1, 1], [34, 33, 33]),  # always a hundred together
        ([2, 1], [67, 33]),
        ([0, 5], [0, 100]),
        ([], []),
        ([0], [0]),
    ],
)
def test_percentages_add_up(counts: list[int], wanted: list[int]) -> None:
    assert percentages(counts) == wanted
