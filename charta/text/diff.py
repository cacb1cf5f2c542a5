# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Differences of two texts: words of plain text, and blocks of a document for reading."""

from charta.text.compare import Block, BlockKind, Comparison, Run, Structure, compare
from charta.text.items import BlockType, Side
from charta.text.words import diff_runs

__all__ = [
    "ALGORITHM_VERSION",
    "Block",
    "BlockKind",
    "BlockType",
    "Comparison",
    "Run",
    "Side",
    "Structure",
    "compare",
    "word_diff",
]

# Part of the key of every cached difference; raise it whenever a result can change.
ALGORITHM_VERSION = 1


def word_diff(old: str, new: str) -> list[tuple[str, str]]:
    """Return the runs [(op, text)] that lead from `old` to `new`, cut at word borders only.

    op is "=" (in both), "-" (only in `old`) or "+" (only in `new`). Lossless and deterministic; no run is
    empty. Equal texts give one "=" run, two empty texts give no run.

    >>> word_diff("Die Frist endet 2030.", "Die Frist endet 2035.")
    [('=', 'Die Frist endet '), ('-', '2030'), ('+', '2035'), ('=', '.')]
    """
    return diff_runs(old, new)[0]
