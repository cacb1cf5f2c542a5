# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tables by stakeholder group from which no single vote can be read. Pure.

Groups with fewer than `k` votes are folded into „weitere Gruppen“, with the next smallest one when the rest
itself would be smaller than `k` (it could be computed from the total). Where (k-1)/k of a group or more say
the same, only "at least so many percent" is shown, and the smallest other group is hidden with it, because
the total would give the exact figure away. Where even that gives it away, no group's answers are shown.

Everybody knows this program, the totals, and each anonymous vote with its answers to all questions. Several
questions therefore have tables only where no group is nearly of one mind in any of them: an exact figure of
one question would tell which votes cannot be a group's, and so what it said to another.
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
    """Return the published groups, by name, the rest last; [] when all would be one table, or told too much.

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
    if len(questions) > 1 and any("hidden" in cell for column in columns for cell in column):
        return []
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
    kinds = [Counter(_kinds(given, question)) for given in answers]
    tops = {place: top for place, of_group in enumerate(kinds) if (top := _top(of_group, k)) is not None}
    exact = sorted(set(range(len(answers))) - set(tops), key=lambda place: (len(answers[place]), place))
    if not tops:
        return [_counted(given, question) for given in answers]
    # What is not shown must hold two groups of different kinds, and leave one that is shown: fewer could be
    # told apart by the total, and by the very fact that they are hidden.
    hidden = set(exact[:1])
    if len(set().union(*kinds)) == 1:
        hidden = set()  # everybody says the same, and the total says so
    elif len(exact) < 2 or _is_known({place: kinds[place] for place in {*tops, *hidden}}, tops, k):
        hidden = set(range(len(answers)))
    cells: list[dict[str, Any]] = []
    for place, given in enumerate(answers):
        if place in hidden:
            cells.append({"hidden": True})
        elif place in tops:
            choice = None if question["method"] == "points" else tops[place][0]
            cells.append({"at_least": {"choice": choice, "percent": 100 * (k - 1) // k}})
        else:
            cells.append(_counted(given, question))
    return cells


def _kinds(given: Sequence[Any], question: Mapping[str, Any]) -> list[Any]:
    """Return what counts as the same answer: of a ranking only the first place."""
    heads = [vote[0] if question["method"] == "ranking" and vote else vote for vote in given]
    return [tuple(one) if isinstance(one, list) else one for one in heads]


def _top(kinds: Counter[Any], k: int) -> tuple[Any] | None:
    """Return what (k-1)/k of a group or more say (None is an answer too), in a tuple; None when nothing."""
    top, count = kinds.most_common(1)[0]
    return (top,) if count >= _nearly_all(kinds.total(), k) else None


def _nearly_all(size: int, k: int) -> int:
    """Return from how many on a group of this size is nearly of one mind."""
    return -(-size * (k - 1) // k)


def _is_known(kinds: Mapping[int, Counter[Any]], tops: Mapping[int, tuple[Any]], k: int) -> bool:
    """Whether the sum of the groups that are not shown tells how many of one of them say the same.

    For each group in `tops` it asks how many the others can and must have of its answer; those that are not
    in `tops` have less than (k-1)/k of any answer.
    """
    total: Counter[Any] = sum(kinds.values(), Counter())
    sizes = {place: of_group.total() for place, of_group in kinds.items()}
    nearly = {place: _nearly_all(size, k) for place, size in sizes.items()}
    for group, (answer,) in tops.items():
        most = least = 0
        for other in kinds.keys() - {group}:
            if other not in tops:
                rest = sum(min(n, nearly[other] - 1) for kind, n in total.items() if kind != answer)
                most += nearly[other] - 1
                least += max(0, sizes[other] - rest)
            elif tops[other] == (answer,):
                most += sizes[other]
                least += nearly[other]
            else:
                most += sizes[other] - nearly[other]
        if max(nearly[group], total[answer] - most) >= min(sizes[group], total[answer] - least):
            return True
    return False


def _counted(given: Sequence[Any], question: Mapping[str, Any]) -> dict[str, Any]:
    method = question["method"]
    if method == "yes_no":
        return {"counts": {name: given.count(name) for name in ("yes", "no", "abstain")}}
    if method == "scale":
        return {"counts": [given.count(step) for step in range(1, 6)], "abstain": given.count(None)}
    places = range(len(question["options"]))
    abstain = sum(vote is None for vote in given)
    if method == "points":
        return {
            "sums": [sum(vote[place] for vote in given if vote is not None) for place in places],
            "abstain": abstain,
        }
    firsts = _kinds(given, question)
    return {"first": [firsts.count(place) for place in places], "abstain": abstain}
