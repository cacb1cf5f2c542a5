# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tables by stakeholder group from which no single vote can be read. Pure.

Groups with fewer than `k` votes are folded into „weitere Gruppen“, with the next smallest one when the rest
itself would be smaller than `k` (it could be computed from the total). Where (k-1)/k of a group or more say
the same, only "at least so many percent" is shown, and the smallest other group is hidden with it, because
the total would give the exact figure away.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

NO_GROUP = "none"
REST = "rest"


@dataclass(frozen=True, slots=True)
class Voter:
    """One seat of the roll: its group ("none" for no statement), and the answers; None: did not vote."""

    group: str
    choices: Sequence[Any] | None


def tables(voters: Iterable[Voter], questions: Sequence[Mapping[str, Any]], k: int) -> list[dict[str, Any]]:
    """Return the published groups, by name, the rest last; [] when all would be one table.

    Each is {group, entitled, voted, cells: one per question}; a cell holds {counts},
    {at_least: {choice, percent}} or {hidden: true}.
    """
    entitled: Counter[str] = Counter()
    votes: dict[str, list[Sequence[Any]]] = {}
    for voter in voters:
        entitled[voter.group] += 1
        if voter.choices is not None:
            votes.setdefault(voter.group, []).append(voter.choices)
    shown = folded({group: len(votes.get(group, ())) for group in entitled}, k)
    if len(shown) < 2:
        return []
    found = []
    for name, members in shown.items():
        cast = [vote for group in members for vote in votes.get(group, ())]
        found.append((name, sum(entitled[group] for group in members), cast))
    columns = [
        _cells([[vote[number] for vote in cast] for _, _, cast in found], question, k)
        for number, question in enumerate(questions)
    ]
    return [
        {
            "group": name,
            "entitled": count,
            "voted": len(cast),
            "cells": [column[place] for column in columns],
        }
        for place, (name, count, cast) in enumerate(found)
    ]


def folded(sizes: Mapping[str, int], k: int) -> dict[str, list[str]]:
    """Return the published groups with the groups in each, by name, the rest last.

    Nothing is published under its name that has fewer than `k` votes, and neither is a rest of fewer.

    >>> folded({"company": 9, "science": 6, "youth": 2}, 5)
    {'company': ['company'], 'rest': ['science', 'youth']}
    """
    by_size = sorted(sizes, key=lambda group: (sizes[group], group))
    rest = [group for group in by_size if sizes[group] < k]
    others = by_size[len(rest) :]
    while others and rest and 0 < sum(sizes[group] for group in rest) < k:
        rest.append(others.pop(0))
    shown = {group: [group] for group in sorted(others)}
    return shown | ({REST: sorted(rest)} if sum(sizes[group] for group in rest) else {})


def _cells(answers: Sequence[Sequence[Any]], question: Mapping[str, Any], k: int) -> list[dict[str, Any]]:
    cells = [_cell(given, question, k) for given in answers]
    coded = [place for place, cell in enumerate(cells) if "at_least" in cell]
    exact = [place for place, cell in enumerate(cells) if "at_least" not in cell]
    if coded and exact:
        smallest = min(exact, key=lambda place: (len(answers[place]), place))
        cells[smallest] = {"hidden": True}
    return cells


def _cell(given: Sequence[Any], question: Mapping[str, Any], k: int) -> dict[str, Any]:
    method = question["method"]
    # Of a ranking only the first places are shown by group, of points the sums.
    kinds = [vote[0] if method == "ranking" and vote else vote for vote in given]
    top, count = Counter(tuple(one) if isinstance(one, list) else one for one in kinds).most_common(1)[0]
    if count * k >= len(given) * (k - 1):
        choice = None if method == "points" else top
        return {"at_least": {"choice": choice, "percent": 100 * (k - 1) // k}}
    if method == "yes_no":
        return {"counts": {name: kinds.count(name) for name in ("yes", "no", "abstain")}}
    if method == "scale":
        steps = [kinds.count(step) for step in range(1, 6)]
        return {"counts": steps, "abstain": kinds.count(None)}
    places = range(len(question["options"]))
    if method == "points":
        sums = [sum(vote[place] for vote in given if vote is not None) for place in places]
        return {"sums": sums, "abstain": kinds.count(None)}
    return {"first": [kinds.count(place) for place in places], "abstain": kinds.count(None)}
