# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Longest common subsequences, exact and fast in pure Python; knows numbers only, no text.

The rows of the dynamic programme are Python integers of one bit per token (Hyyrö, "Bit-parallel LCS-length
computation revisited", 2004), so that one row costs a handful of big-integer operations. Some rows are kept
and the others computed again block by block on the way back: time O(n m / 64), memory O((n + m) sqrt n).
"""

from collections.abc import Hashable, Sequence

# The largest product of two lengths that is compared exactly: two different texts of 31,000 words (200 kB),
# a quarter of a second. Counted in tokens, not in seconds, so that every machine shows the same difference.
WORK_BUDGET = 1_000_000_000

_BLOCK = 256


def number(*sequences: Sequence[Hashable]) -> list[list[int]]:
    """Return the sequences with equal items replaced by equal numbers, the same numbers in all of them.

    >>> number(["a", "b", "a"], ["b"])
    [[0, 1, 0], [1]]
    """
    ids: dict[Hashable, int] = {}
    return [[ids.setdefault(item, len(ids)) for item in sequence] for sequence in sequences]


def matches(a: Sequence[int], b: Sequence[int], budget: int = WORK_BUDGET) -> list[tuple[int, int]] | None:
    """Return the index pairs of one longest common subsequence in rising order; None if over the budget.

    Deterministic. `budget` counts pairs of items that occur on both sides, after equal ends are cut.

    >>> matches([1, 2, 3, 4], [2, 9, 4])
    [(1, 0), (3, 2)]
    """
    shortest = min(len(a), len(b))
    head = 0
    while head < shortest and a[head] == b[head]:
        head += 1
    tail = 0
    while tail < shortest - head and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    end_a, end_b = len(a) - tail, len(b) - tail
    common = set(a[head:end_a]).intersection(b[head:end_b])
    kept_a = [i for i in range(head, end_a) if a[i] in common]
    kept_b = [j for j in range(head, end_b) if b[j] in common]
    if len(kept_a) * len(kept_b) > budget:
        return None
    inner = _trace([a[i] for i in kept_a], [b[j] for j in kept_b])
    return (
        [(i, i) for i in range(head)]
        + [(kept_a[i], kept_b[j]) for i, j in inner]
        + [(end_a + i, end_b + i) for i in range(tail)]
    )


def _trace(a: list[int], b: list[int]) -> list[tuple[int, int]]:
    if not a or not b:
        return []
    masks: dict[int, int] = {}
    for i, item in enumerate(a):
        masks[item] = masks.get(item, 0) | (1 << i)
    full = (1 << len(a)) - 1
    checkpoints = [full]
    row = full
    # The last block need not be crossed here: it is computed once, on the way back.
    for start in range(0, len(b) - _BLOCK, _BLOCK):
        row = _rows(row, masks, b[start : start + _BLOCK])[-1] & full
        checkpoints.append(row)
    pairs: list[tuple[int, int]] = []
    i = len(a) - 1
    for block in range(len(checkpoints) - 1, -1, -1):
        start = block * _BLOCK
        rows = _rows(checkpoints[block], masks, b[start : start + _BLOCK])
        j = len(rows) - 1
        # rows[j] is the state after j items of the block; a zero bit i says "item i adds one to the length".
        while j > 0 and i >= 0:
            if rows[j] >> i & 1:
                i -= 1
            elif not rows[j - 1] >> i & 1:
                j -= 1
            else:
                pairs.append((i, start + j - 1))
                i -= 1
                j -= 1
    pairs.reverse()
    return pairs


def _rows(row: int, masks: dict[int, int], items: list[int]) -> list[int]:
    # Carries run out above the last token and never come back, so that they need no cutting within a block.
    rows = [row]
    for item in items:
        hit = row & masks[item]
        row = (row + hit) | (row - hit)
        rows.append(row)
    return rows
