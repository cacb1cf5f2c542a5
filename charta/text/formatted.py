# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The word difference of two formatted lines: words are compared, their look is carried along."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from charta.text.document import Inline, Inlines
from charta.text.tokens import tokens
from charta.text.words import token_spans

Op = Literal["=", "-", "+"]

# (text, marks, address of the link, number of the footnote)
Look = tuple[str, frozenset[str], str | None, str | None]

# Stands for a footnote reference while words are compared, so that a new number alone is no change.
_NOTE = "\ufffc"


@dataclass(frozen=True)
class CellDifference:
    """Runs for the inline view, runs with the old look for the old side, and codes of changes of look."""

    runs: list[tuple[Op, Look]]
    old_runs: list[tuple[Op, Look]]
    codes: set[str]
    coarse: bool


def cell_difference(old: Inlines, new: Inlines) -> CellDifference:
    """Return the difference of two lines; coarse when the work budget was not enough to compare the words."""
    line_old, line_new = _Line(old), _Line(new)
    words_old, words_new = tokens(line_old.text), tokens(line_new.text)
    spans = token_spans(words_old, words_new)
    coarse = spans is None
    if spans is None:
        spans = [(False, 0, len(words_old), 0, len(words_new))]
    runs: list[tuple[Op, Look]] = []
    old_runs: list[tuple[Op, Look]] = []
    codes: set[str] = set()
    i = j = 0
    for unchanged, i1, i2, j1, j2 in spans:
        next_i = i + sum(map(len, words_old[i1:i2]))
        next_j = j + sum(map(len, words_new[j1:j2]))
        before, after = list(line_old.looks(i, next_i)), list(line_new.looks(j, next_j))
        if unchanged:
            runs += [("=", look) for look in after]
            old_runs += [("=", look) for look in before]
            codes |= _codes(before, after)
        else:
            edited: list[tuple[Op, Look]] = [("-", look) for look in before]
            edited += [("+", look) for look in after]
            runs += edited
            old_runs += edited
            if any(look[3] is not None for look in before + after):
                codes.add("footnote_reference")
        i, j = next_i, next_j
    return CellDifference(runs, old_runs, codes, coarse)


def _codes(before: list[Look], after: list[Look]) -> set[str]:
    """Return what changed in the look of words that stayed."""
    codes: set[str] = set()
    for code, part in (("formatting", 1), ("link", 2)):
        if _stretches(before, part) != _stretches(after, part):
            codes.add(code)
    return codes


def _stretches(looks: list[Look], part: int) -> list[list[object]]:
    """Return [value, length] of one part of the look along the text."""
    stretches: list[list[object]] = []
    for look in looks:
        length = len(look[0]) or 1
        if stretches and stretches[-1][0] == look[part]:
            stretches[-1][1] = int(str(stretches[-1][1])) + length
        else:
            stretches.append([look[part], length])
    return stretches


class _Line:
    """The words of a line as one text, and the look of every stretch of it."""

    def __init__(self, inlines: Inlines) -> None:
        self.text = ""
        self._places: list[tuple[int, int, Inline]] = []
        for inline in inlines:
            text = _NOTE if inline.note is not None else inline.text
            self._places.append((len(self.text), len(self.text) + len(text), inline))
            self.text += text

    def looks(self, start: int, end: int) -> Iterator[Look]:
        """Yield the looks of text[start:end]."""
        for low, high, inline in self._places:
            first, last = max(low, start), min(high, end)
            if first >= last:
                continue
            text = "" if inline.note is not None else self.text[first:last]
            yield text, frozenset(inline.marks), inline.href, inline.note
