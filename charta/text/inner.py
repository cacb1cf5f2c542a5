# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The second emphasis inside a replaced word: which letters of „Zulieferer“ and „Automobilzulieferer“ differ.

The difference itself replaces whole words (`charta.text.words`). Inside one such pair diff-match-patch finds
the letters, on two short strings, so its work is bounded and its time limit can stay off.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from diff_match_patch import diff_match_patch

from charta.text.compare import Run

LONGEST_WORD = 60
# Two words with a smaller share of the shorter one in common have little to do with each other.
LEAST_COMMON = 0.6
MOST_PIECES = 5

Piece = tuple[bool, str]

_dmp = diff_match_patch()
_dmp.Diff_Timeout = 0  # the same answer on every machine; the length bounds the work


@dataclass(frozen=True, slots=True)
class Shown:
    """A run with its pieces; a piece is (is emphasised, text), and the texts together are the run's text."""

    run: Run
    pieces: tuple[Piece, ...]


@lru_cache(maxsize=4096)
def pieces(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]] | None:
    """Return the pieces of a replaced word on both sides; None when nothing in it deserves an emphasis.

    Both have to be single words of at most `LONGEST_WORD` letters, most letters of the shorter one in common.

    >>> pieces("Zulieferer", "Zulieferern")
    (((False, 'Zulieferer'),), ((False, 'Zulieferer'), (True, 'n')))
    >>> pieces("werben", "sorgen") is None
    True
    """
    a, b = old.strip(), new.strip()
    if not (a.isalnum() and b.isalnum()) or max(len(a), len(b)) > LONGEST_WORD:
        return None
    parts = _dmp.diff_main(old, new, False)
    _dmp.diff_cleanupSemantic(parts)
    common = sum(len(text) for op, text in parts if op == 0)
    if common < LEAST_COMMON * min(len(a), len(b)) or len(parts) > MOST_PIECES:
        return None
    left = tuple((op != 0, text) for op, text in parts if op <= 0)
    right = tuple((op != 0, text) for op, text in parts if op >= 0)
    return left, right


def emphasised(runs: Sequence[Run]) -> list[Shown]:
    """Return the runs of one cell with the letters that differ inside replaced words.

    >>> [shown.pieces for shown in emphasised([Run("-", "Lotse"), Run("+", "Lotsin")])]
    [((False, 'Lots'), (True, 'e')), ((False, 'Lots'), (True, 'in'))]
    """
    shown = [Shown(run, ((False, run.text),)) for run in runs]
    for index, (first, second) in enumerate(itertools.pairwise(runs)):
        kinds: tuple[Literal["=", "-", "+"], ...] = (first.op, second.op)
        after = runs[index + 2].op if index + 2 < len(runs) else "="
        before = runs[index - 1].op if index else "="
        if kinds != ("-", "+") or before != "=" or after != "=":
            continue  # several runs of one fate side by side are more than one word
        found = pieces(first.text, second.text)
        if found is not None:
            shown[index], shown[index + 1] = Shown(first, found[0]), Shown(second, found[1])
    return shown
