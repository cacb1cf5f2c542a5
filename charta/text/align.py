# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pairs edited pieces of two texts by the words they share; order is kept, nothing is moved."""

from collections import Counter
from collections.abc import Sequence

from charta.text.tokens import tokens

# Above this many comparisons the pieces count as unrelated; counted in pairs, so that it is deterministic.
MOST_PAIRS = 4_000

# The bound above counts blanks, similarity does not; this leaves room for the difference.
_BLANKS_ASIDE = 0.7

# Texts up to this many characters are also compared by their letters.
_SHORT = 40

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


def likeness(a: str, b: str, bag_a: Bag, bag_b: Bag) -> float:
    """Return the similarity of two texts, 0 to 1; short ones also count as similar by their letters."""
    score = similarity(bag_a, bag_b)
    if len(a) > _SHORT or len(b) > _SHORT or score == 1.0:
        return score
    # One changed ending ("Ziel", "Ziele") leaves no word in common.
    shortest = min(len(a), len(b))
    head = 0
    while head < shortest and a[head] == b[head]:
        head += 1
    tail = 0
    while tail < shortest - head and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    return max(score, 2 * (head + tail) / (len(a) + len(b)))


def similar_pairs(old: Sequence[str], new: Sequence[str], threshold: float) -> list[tuple[int, int]]:
    """Return rising index pairs of pieces that are versions of one another, with the most text in common.

    Pieces of blanks never pair. No pairs when there are too many pieces to compare.
    """
    if not old or not new or len(old) * len(new) > MOST_PAIRS:
        return []
    bags_old, bags_new = [bag(text) for text in old], [bag(text) for text in new]
    # best[i][j]: the greatest amount of common text for old[i:], new[j:]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    gains: dict[tuple[int, int], float] = {}
    sizes_old, sizes_new = [len(text) for text in old], [len(text) for text in new]
    for i in range(len(old) - 1, -1, -1):
        row, below = best[i], best[i + 1]
        for j in range(len(new) - 1, -1, -1):
            here = max(below[j], row[j + 1])
            # Common text can gain no more than twice the shorter piece; most pairs end here.
            most = 2 * min(sizes_old[i], sizes_new[j])
            possible = most >= threshold * (sizes_old[i] + sizes_new[j]) * _BLANKS_ASIDE
            if possible and most * 2 + below[j + 1] > here and bags_old[i] and bags_new[j]:
                score = likeness(old[i], new[j], bags_old[i], bags_new[j])
                gain = score * (len(old[i]) + len(new[j]))
                if score >= threshold and gain + below[j + 1] > here:
                    gains[i, j] = gain
                    here = gain + below[j + 1]
            row[j] = here
    pairs: list[tuple[int, int]] = []
    i = j = 0
    while i < len(old) and j < len(new):
        if (i, j) in gains and best[i][j] == gains[i, j] + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i + 1][j] >= best[i][j + 1]:
            i += 1
        else:
            j += 1
    return pairs
