# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pairs edited pieces of two texts by the words they share; order is kept, nothing is moved."""

from collections import Counter
from collections.abc import Sequence

from charta.text.tokens import tokens

# Above this many comparisons the pieces count as unrelated; counted in pairs, so that it is deterministic.
_MOST_PAIRS = 10_000

Bag = Counter[str]


def bag(text: str) -> Bag:
    """Return the words and signs of a text with their counts, blanks left out."""
    return Counter(token for token in tokens(text) if not token.isspace())


def similarity(a: Bag, b: Bag) -> float:
    """Return the share of characters that two bags have in common, 0 to 1 (Dice coefficient).

    >>> similarity(bag("Die Frist endet 2030."), bag("Die Frist endet 2035."))
    0.7777777777777778
    """
    size = sum(len(word) * count for bag_ in (a, b) for word, count in bag_.items())
    if len(a) > len(b):
        a, b = b, a
    shared = sum(len(word) * min(count, b[word]) for word, count in a.items() if word in b)
    return 2 * shared / size if size else 1.0


def similar_pairs(old: Sequence[str], new: Sequence[str], threshold: float) -> list[tuple[int, int]]:
    """Return rising index pairs of pieces that are versions of one another, with the greatest total similarity.

    Pieces of blanks never pair. No pairs when there are too many pieces to compare.
    """
    if not old or not new or len(old) * len(new) > _MOST_PAIRS:
        return []
    bags_old, bags_new = [bag(text) for text in old], [bag(text) for text in new]
    # best[i][j]: the greatest sum for old[i:], new[j:]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    scores: dict[tuple[int, int], float] = {}
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            score = similarity(bags_old[i], bags_new[j]) if bags_old[i] and bags_new[j] else 0.0
            here = max(best[i + 1][j], best[i][j + 1])
            if score >= threshold and score + best[i + 1][j + 1] > here:
                scores[i, j] = score
                here = score + best[i + 1][j + 1]
            best[i][j] = here
    pairs: list[tuple[int, int]] = []
    i = j = 0
    while i < len(old) and j < len(new):
        if (i, j) in scores and best[i][j] == scores[i, j] + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i + 1][j] >= best[i][j + 1]:
            i += 1
        else:
            j += 1
    return pairs
