# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Counting: every ballot of five partners under every rule against a second implementation; Schulze; groups.

The second implementation below is written from TRUST.md section 3 alone, with fractions and sets, and knows
nothing of `charta.votes.recount`.
"""

import itertools
import json
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from charta.errors import InvalidInput
from charta.votes import anonymity, recount, rules
from charta.votes.anonymity import Voter
from charta.votes.rules import DecisionRule, moment_of

CHOICES = ("yes", "no", "abstain", "objection", None)
QUORUM = 4


# --------------------------------------------------------------------------------- the second implementation


def adopted_by_the_book(rule: str, ballots: tuple[str | None, ...], quorum: int) -> bool:
    """Say whether five partners have adopted something, from the sentences of TRUST.md."""
    present = [choice for choice in ballots if choice is not None]
    if len(present) < quorum:
        return False
    deciding = [choice == "yes" for choice in present if choice != "abstain"]
    match rule:
        case "consent":
            return "objection" not in present and 2 * sum(deciding) > len(deciding)
        case "simple":
            return bool(deciding) and Fraction(sum(deciding), len(deciding)) > Fraction(1, 2)
        case "qualified":
            return bool(deciding) and Fraction(sum(deciding), len(deciding)) >= Fraction(2, 3)
        case "unanimity":
            return set(ballots) == {"yes"}
    raise AssertionError(rule)


def decided(rule: str, ballots: tuple[str | None, ...], quorum: int = QUORUM) -> tuple[str, str]:
    counts = {choice: ballots.count(choice) for choice in recount.CHOICES}
    return recount.decide(rule, counts, len(ballots), quorum)


@pytest.mark.parametrize("rule", [rule.value for rule in DecisionRule])
def test_every_ballot_of_five_partners_comes_out_as_by_the_book(rule: str) -> None:
    found = 0
    for ballots in itertools.product(CHOICES, repeat=5):
        for quorum in (0, QUORUM, 5):
            outcome, why = decided(rule, ballots, quorum)
            assert (outcome == "adopted") == adopted_by_the_book(rule, ballots, quorum), (ballots, quorum)
            assert (why == "adopted") == (outcome == "adopted")
            found += 1
    assert found == 3 * 5**5


@given(
    rule=st.sampled_from([rule.value for rule in DecisionRule]),
    ballots=st.lists(st.sampled_from(CHOICES), min_size=1, max_size=12),
    place=st.integers(0, 11),
    quorum=st.integers(0, 12),
)
@settings(max_examples=300, deadline=None)
def test_saying_yes_instead_never_undoes_an_adoption(
    rule: str, ballots: list[str | None], place: int, quorum: int
) -> None:
    place %= len(ballots)
    outcome, _ = decided(rule, tuple(ballots), quorum)
    # One step nearer to yes, or from silence to yes.
    nearer = {"objection": "no", "no": "abstain", "abstain": "yes", "yes": "yes", None: "yes"}
    better = tuple(nearer[one] if n == place else one for n, one in enumerate(ballots))
    if outcome == "adopted":
        assert decided(rule, better, quorum)[0] == "adopted"


@pytest.mark.parametrize(
    "rule, ballots, why",
    [
        ("consent", ("yes", "yes", "yes", None, None), "no_quorum"),
        ("consent", ("yes", "yes", "yes", "yes", "objection"), "objection"),
        ("consent", ("yes", "yes", "no", "no", "abstain"), "tie"),
        ("simple", ("yes", "yes", "yes", "no", "objection"), "adopted"),  # an objection counts as a no here
        ("simple", ("abstain",) * 5, "tie"),
        ("qualified", ("yes", "yes", "no", "abstain", "abstain"), "adopted"),  # two of three
        ("qualified", ("abstain",) * 5, "no_two_thirds"),
        ("unanimity", ("yes", "yes", "yes", "yes", "abstain"), "not_all"),
    ],
)
def test_the_reason_of_an_outcome_is_named(rule: str, ballots: tuple[str, ...], why: str) -> None:
    assert decided(rule, ballots)[1] == why


# ----------------------------------------------------------------------------------------------- rankings


def test_schulze_orders_the_example_of_his_article() -> None:
    # Schulze 2011, section 3, 45 voters over A to E: the published order is E > A > C > B > D.
    profile = [
        (5, "ACBED"), (5, "ADECB"), (8, "BEDAC"), (3, "CABED"),
        (7, "CAEBD"), (2, "CBADE"), (7, "DCEBA"), (8, "EBADC"),
    ]  # fmt: skip
    votes = [["ABCDE".index(name) for name in ranking] for count, ranking in profile for _ in range(count)]
    order = recount.schulze(recount.pairwise(votes, 5))
    assert ["".join("ABCDE"[one] for one in group) for group in order] == ["E", "A", "C", "B", "D"]


@given(st.lists(st.permutations(range(4)), max_size=12))
@settings(max_examples=200, deadline=None)
def test_a_ranking_names_every_option_once_and_a_condorcet_winner_wins(votes: list[list[int]]) -> None:
    wins = recount.pairwise(votes, 4)
    order = recount.schulze(wins)
    assert sorted(one for group in order for one in group) == [0, 1, 2, 3]
    for one in range(4):
        if all(wins[one][two] > wins[two][one] for two in range(4) if two != one):
            assert order[0] == [one]


# ------------------------------------------------------------------------------------------ small groups

YES_NO = {"text": "?", "method": "yes_no", "options": [], "points": None}


def table(groups: dict[str, list[str | None]], k: int = 5) -> list[dict[str, Any]]:
    voters = [
        Voter(name, None if choice is None else [choice])
        for name, choices in groups.items()
        for choice in choices
    ]
    return anonymity.tables(voters, [YES_NO], k)


def test_small_groups_are_folded_so_that_none_can_be_computed() -> None:
    shown = table({"company": ["yes", "no"] * 5, "science": ["yes", "no"] * 3, "youth": ["yes", "no"]})
    # Two youths alone could be computed from the total, so science goes with them.
    assert [(one["group"], one["voted"]) for one in shown] == [("company", 10), ("rest", 8)]
    assert shown[1]["cells"] == [{"counts": {"yes": 4, "no": 4, "abstain": 0}}]


def test_two_small_groups_together_are_large_enough() -> None:
    shown = table({"company": ["yes", "no"] * 5, "youth": ["yes"] * 2 + ["no"], "science": ["yes", "no"]})
    assert [(one["group"], one["voted"]) for one in shown] == [("company", 10), ("rest", 5)]


def test_a_unanimous_group_is_shown_as_at_least_eighty_percent_and_another_is_hidden() -> None:
    shown = table(
        {"company": ["yes", "no"] * 5, "science": ["yes"] * 5, "youth": ["yes", "no", "abstain"] * 2}
    )
    cells = {one["group"]: one["cells"][0] for one in shown}
    assert cells["science"] == {"at_least": {"choice": "yes", "percent": 80}}
    assert cells["youth"] == {"hidden": True}  # else the total would give science away
    assert cells["company"]["counts"] == {"yes": 5, "no": 5, "abstain": 0}


@given(
    st.dictionaries(
        st.sampled_from(["company", "science", "youth", "union", "none"]),
        st.lists(st.sampled_from(["yes", "no", "abstain", None]), max_size=12),
    ),
    st.integers(5, 8),
)
@settings(max_examples=300, deadline=None)
def test_nothing_is_published_of_fewer_than_k(groups: dict[str, list[str | None]], k: int) -> None:
    shown = table(groups, k)
    total = sum(choice is not None for choices in groups.values() for choice in choices)
    assert all(one["voted"] >= k for one in shown)
    assert sum(one["voted"] for one in shown) in {0, total}
    for one in shown:
        counts = one["cells"][0].get("counts")
        if counts is not None:  # nobody's vote follows from it: fewer than (k-1)/k say the same
            assert max(counts.values()) * k < one["voted"] * (k - 1)
    assert [bool(one["cells"][0].get("hidden")) for one in shown].count(True) in {0, 1, len(shown)}
    exact = [one for one in shown if "counts" in one["cells"][0]]
    hidden = [one for one in shown if "counts" not in one["cells"][0]]
    assert len(hidden) != 1 or not exact  # one alone could be computed from the total


def spread(size: int, kinds: int) -> Iterator[tuple[int, ...]]:
    """Yield every way in which so many people can say so many things."""
    if kinds == 1:
        yield (size,)
        return
    for first in range(size + 1):
        for others in spread(size - first, kinds - 1):
            yield (first, *others)


@pytest.mark.parametrize(
    "sizes, answers, questions",
    [
        ((3, 3), 3, 1),
        ((3, 6), 3, 1),
        ((3, 3, 3), 3, 1),
        ((4, 5, 5), 2, 1),
        ((2, 2, 5, 5), 2, 1),  # two are folded, and the sizes are known all the same
        ((4, 4, 4, 4), 2, 1),
        ((4, 5), 2, 2),
    ],
)
def test_nobody_can_compute_what_all_of_a_group_said(
    sizes: tuple[int, ...], answers: int, questions: int
) -> None:
    """Every result there can be: who knows this program, all votes and all tables cannot tell them apart."""
    said = list(itertools.product(("yes", "no", "abstain")[:answers], repeat=questions))
    told: dict[Any, list[Any]] = {}
    for result in itertools.product(*(list(spread(size, len(said))) for size in sizes)):
        voters = [
            Voter(f"group {group}", said[kind])
            for group, counts in enumerate(result)
            for kind, count in enumerate(counts)
            for _ in range(count)
        ]
        published = repr(anonymity.tables(voters, [YES_NO] * questions, 3))
        total = tuple(map(sum, zip(*result, strict=True)))
        told.setdefault((published, total), []).append(result)
    assert len(told) > len({total for _, total in told})  # something is published at all
    for (published, total), results in told.items():
        for number, answer in itertools.product(range(questions), ("yes", "no", "abstain")):
            others = [kind for kind, one in enumerate(said) if one[number] != answer]
            if any(total[kind] for kind in others):  # else the total says it of everybody
                for group in range(len(sizes)):
                    known = all(not any(result[group][kind] for kind in others) for result in results)
                    assert not known, (published, total, group, answer)


# ----------------------------------------------------------------------------------------------- the file


def exported(**changes: Any) -> dict[str, Any]:
    text = {"title": "Lernfabrik", "body": "Die Partner bauen eine Lernfabrik.\n"}
    frozen = {
        "format": "charta-rules/1",
        "electorates": {"partners": True, "participants": True},
        "rule": "consent",
        "quorum": 1,
        "k": 5,
        "text_hash": recount.text_hash(**text),
        "questions": [YES_NO],
    }
    choices = ["yes", "yes", "yes", "no", "abstain", "yes"]
    export = {
        "format": recount.FORMAT,
        "ballot": {"number": 1, "title": "Lernfabrik", "text": text},
        "rules": frozen,
        "rules_hash": recount.digest(frozen),
        "closed_at": "2026-12-01T11:00:00.000000+00:00",
        "roll": {
            "partners": [
                {"organisation": "AMZ", "voted": True, "reservation_until": None},
                {"organisation": "IHK", "voted": False, "reservation_until": None},
            ],
            "participants": {"entitled": 9, "voted": 6},
        },
        "partners": [{"organisation": "AMZ", "choices": ["yes"], "reasons": [""], "receipt": "P" * 20}],
        "participants": [
            {"receipt": f"R{number}", "choices": [choice]} for number, choice in enumerate(choices)
        ],
        "groups": [],
    }
    return recount.sealed(export | changes)


def test_the_recount_runs_alone_and_gives_the_same_bytes(tmp_path: Path) -> None:
    file, program = tmp_path / "ballot.json", tmp_path / "recount.py"
    file.write_bytes(recount.canonical(exported()))
    program.write_bytes(Path(recount.__file__).read_bytes())
    ran = subprocess.run(
        [sys.executable, "-I", str(program), str(file)], capture_output=True, check=True, cwd=tmp_path
    )
    assert ran.stdout == recount.tally(exported())
    question = json.loads(ran.stdout)["questions"][0]
    assert question["partners"]["outcome"] == "adopted"
    assert (question["participants"]["yes"], question["participants"]["direction"]) == (4, "for")
    assert question["voices"] == "agree"


def test_a_file_that_was_changed_is_refused() -> None:
    content = recount.canonical(exported())
    for old, new in ((b'"abstain"]', b'"yes"]'), (b"Die Partner bauen", b"Die Partner planen")):
        assert old in content
        with pytest.raises(recount.BrokenFile):
            recount.recount(content.replace(old, new))
    resealed = exported(roll={"partners": [], "participants": {"entitled": 9, "voted": 6}})
    for broken in (recount.canonical(resealed), b"[]\n", b"{", content + b"\n", b"\xff"):
        with pytest.raises(recount.BrokenFile):
            recount.recount(broken)


def test_fewer_than_k_participants_are_not_told_apart() -> None:
    few = exported(
        participants=[{"receipt": f"R{n}", "choices": None} for n in range(4)],
        roll={
            "partners": exported()["roll"]["partners"],
            "participants": {"entitled": 9, "voted": 4},
        },
    )
    question = json.loads(recount.recount(recount.canonical(few)))["questions"][0]
    assert question["participants"] == {"method": "yes_no", "voted": 4, "direction": "too_few"}
    assert question["voices"] == "none"


# ----------------------------------------------------------------------------------------- what is typed


@pytest.mark.parametrize(
    "method, answer, code",
    [
        ("yes_no", "", "answer_required"),
        ("yes_no", "objection", "invalid"),  # a partner's word
        ("scale", 6, "invalid"),
        ("scale", True, "invalid"),
        ("points", [6, 5, 0], "over_budget"),
        ("points", [-1, 2, 0], "invalid"),
        ("points", [1, 2], "invalid"),
        ("ranking", [0, 1], "ranking_incomplete"),
        ("ranking", [0, 0, 1], "invalid"),
        ("ranking", [0, 1, 3], "invalid"),
        ("ranking", "012", "invalid"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused(method: str, answer: object, code: str) -> None:
    question = {"text": "?", "method": method, "options": ["a", "b", "c"], "points": 10}
    with pytest.raises(InvalidInput) as refused:
        rules.clean_answers([question], [answer])
    assert (refused.value.field, refused.value.code) == ("question_1", code)


def test_a_serious_objection_needs_a_reason() -> None:
    with pytest.raises(InvalidInput) as refused:
        rules.clean_partner_vote([YES_NO], ["objection"], ["  "])
    assert (refused.value.field, refused.value.code) == ("reason_1", "objection_reason")
    assert rules.clean_partner_vote([YES_NO], ["objection"], ["Zu teuer."]) == (["objection"], ["Zu teuer."])


def test_closing_times_in_the_nights_of_the_clock_change() -> None:
    from datetime import datetime

    twice, never = datetime(2026, 10, 25, 2, 30), datetime(2026, 3, 29, 2, 30)  # noqa: DTZ001 -- wall clock
    with pytest.raises(InvalidInput) as asked:
        moment_of(twice)
    assert asked.value.code == "ambiguous_time"
    assert moment_of(twice, fold=0).isoformat() == "2026-10-25T00:30:00+00:00"
    assert moment_of(twice, fold=1).isoformat() == "2026-10-25T01:30:00+00:00"
    for fold in (None, 0, 1):
        with pytest.raises(InvalidInput) as refused:
            moment_of(never, fold=fold)
        assert refused.value.code == "no_such_time"
