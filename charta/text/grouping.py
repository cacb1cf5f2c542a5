# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Groups of texts that say nearly the same, found among many at once. Pure.

Pairs are found through the terms they share, the rarest terms first and within a budget of work that counts
pairs, not seconds, so that every machine suggests the same groups. Then the closest pairs join their groups
while the average closeness of all pairs across stays high enough.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from charta.text.similar import THRESHOLD, closeness, rarities_among, vector

MOST_IN_A_GROUP = 12
_BUDGET = 400_000  # pairs looked at: about 0.2 s
_ACROSS = 0.75 * THRESHOLD


@dataclass(frozen=True, slots=True)
class Group:
    """Texts that belong together, the most central first, and how close they are on average, up to 1."""

    ids: tuple[int, ...]
    score: float


def groups(documents: Mapping[int, Mapping[str, int]], *, most: int = MOST_IN_A_GROUP) -> list[Group]:
    """Return groups of two to `most` texts out of texts given by their terms, the largest and closest first.

    A text is in one group at most; what is like nothing else is in none.
    """
    rarities = rarities_among(list(documents.values()))
    vectors = {ident: vector(counts, rarities) for ident, counts in documents.items()}
    close = _close_pairs(vectors)
    home: dict[int, list[int]] = {}
    for one, other in sorted(close, key=lambda pair: (-close[pair], pair)):
        left, right = home.get(one, [one]), home.get(other, [other])
        if left is right or len(left) + len(right) > most:
            continue
        across = sum(close.get((min(a, b), max(a, b)), 0.0) for a in left for b in right)
        if across / (len(left) * len(right)) >= _ACROSS:
            joined = left + right
            home.update(dict.fromkeys(joined, joined))
    found = {id(members): members for members in home.values()}.values()
    return sorted(
        (_described(members, close) for members in found),
        key=lambda group: (-len(group.ids), -group.score, group.ids),
    )


def _close_pairs(vectors: Mapping[int, Mapping[str, float]]) -> dict[tuple[int, int], float]:
    """Return the pairs above the threshold, smaller id first."""
    holding: dict[str, list[int]] = defaultdict(list)
    for ident in sorted(vectors):
        for term in vectors[ident]:
            holding[term].append(ident)
    cosine: dict[tuple[int, int], float] = defaultdict(float)
    work = 0
    for term in sorted(holding, key=lambda one: (len(holding[one]), one)):
        ids = holding[term]
        work += len(ids) * (len(ids) - 1) // 2
        if work > _BUDGET:
            break
        for n, one in enumerate(ids):
            weight = vectors[one][term]
            for other in ids[n + 1 :]:
                cosine[one, other] += weight * vectors[other][term]
    # Half of the threshold: common terms beyond the budget are not in the sum yet.
    likely = ((pair, rough) for pair, rough in cosine.items() if rough >= THRESHOLD / 2)
    exact = ((pair, closeness(vectors[pair[0]], vectors[pair[1]])) for pair, _ in likely)
    return {pair: score for pair, score in exact if score >= THRESHOLD}


def _described(members: list[int], close: Mapping[tuple[int, int], float]) -> Group:
    of_each = {
        one: sum(close.get((min(one, other), max(one, other)), 0.0) for other in members if other != one)
        for one in members
    }
    pairs = len(members) * (len(members) - 1)
    return Group(tuple(sorted(members, key=lambda one: (-of_each[one], one))), sum(of_each.values()) / pairs)
