# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Counts a ballot from its exported file: `python recount.py FILE`. Standard library only, runs alone.

The file is canonical JSON (sorted keys, no blanks, UTF-8, one newline at the end). What comes out is the
tally, canonical JSON too: the same file gives the same bytes, today and in ten years. Whole numbers only.

Partners: quorum (partners that voted) and rule; a serious objection counts as a no where it does not block.
Participants are advisory; fewer votes than the published minimum `k` are not told apart. Rankings are counted
by the method of Schulze (2011), strength of a path by winning votes. Tables by group are taken from the file
as they were published: the anonymous votes no longer know their group.
"""

import hashlib
import json
import sys
from collections import Counter
from itertools import permutations
from pathlib import Path
from typing import Any

FORMAT = "charta-ballot/1"
TALLY_FORMAT = "charta-tally/1"
CHOICES = ("yes", "no", "abstain", "objection")


class BrokenFile(ValueError):
    """The file does not agree with itself: a checksum or a count in it is wrong."""


def canonical(value: Any) -> bytes:
    """Return the one form in which files and tallies are written and hashed."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode() + b"\n"


def digest(value: Any) -> str:
    """Return the SHA-256 of the canonical form."""
    return hashlib.sha256(canonical(value)).hexdigest()


def text_hash(title: str, body: str) -> str:
    """Return the hash of a text as Charta makes it: a prefix, the length of the title, title and body."""
    raw = title.encode()
    return hashlib.sha256(
        b"charta/content/1\0" + len(raw).to_bytes(8, "big") + raw + body.encode()
    ).hexdigest()


def sealed(export: dict[str, Any]) -> dict[str, Any]:
    """Return the export with its checksum: SHA-256 of everything else in it."""
    rest = {name: value for name, value in export.items() if name != "checksum"}
    return rest | {"checksum": digest(rest)}


def check(export: dict[str, Any]) -> None:
    """Raise `BrokenFile` when a hash or a count of the file is wrong."""
    if export.get("format") != FORMAT:
        raise BrokenFile(f"not a file of the kind {FORMAT}")
    if sealed(export)["checksum"] != export["checksum"]:
        raise BrokenFile("the checksum does not fit the content")
    if digest(export["rules"]) != export["rules_hash"]:
        raise BrokenFile("the rules are not those that were frozen")
    text = export["ballot"]["text"]
    if text_hash(text["title"], text["body"]) != export["rules"]["text_hash"]:
        raise BrokenFile("the text is not the one that was voted on")
    roll, votes = export["roll"], export["partners"]
    if [one["organisation"] for one in roll["partners"] if one["voted"]] != [
        vote["organisation"] for vote in votes
    ]:
        raise BrokenFile("the partners' votes are not those of the roll")
    if roll["participants"]["voted"] != len(export["participants"]):
        raise BrokenFile("the number of participants' votes is not that of the roll")
    receipts = [vote["receipt"] for vote in (*votes, *export["participants"])]
    if len(set(receipts)) != len(receipts):
        raise BrokenFile("a receipt occurs twice")


def tally(export: dict[str, Any]) -> bytes:
    """Return the tally of a sealed export in its canonical bytes."""
    rules, roll = export["rules"], export["roll"]
    partners = rules["electorates"]["partners"]
    participants = rules["electorates"]["participants"]
    shown = len(export["participants"]) >= rules["k"]
    questions = []
    for number, question in enumerate(rules["questions"]):
        bodies = partner_result(export, number) if partners else None
        people = None
        if participants:
            votes = [vote["choices"][number] for vote in export["participants"]] if shown else None
            people = participant_result(question, votes, voted=len(export["participants"]))
        questions.append(
            {
                "text": question["text"],
                "partners": bodies,
                "participants": people,
                "groups": [_group(one, number) for one in export["groups"]],
                "voices": voices(bodies, people),
            }
        )
    return canonical(
        {
            "format": TALLY_FORMAT,
            "title": export["ballot"]["title"],
            "checksum": export["checksum"],
            "rules_hash": export["rules_hash"],
            "text_hash": rules["text_hash"],
            "closed_at": export["closed_at"],
            "turnout": {
                "partners": {"entitled": len(roll["partners"]), "voted": len(export["partners"])},
                "participants": {
                    "entitled": roll["participants"]["entitled"],
                    "voted": roll["participants"]["voted"],
                },
            },
            "questions": questions,
        }
    )


def _group(published: dict[str, Any], number: int) -> dict[str, Any]:
    return {name: published[name] for name in ("group", "entitled", "voted")} | {
        "cell": published["cells"][number]
    }


# -------------------------------------------------------------------------------------------- the partners


def partner_result(export: dict[str, Any], number: int) -> dict[str, Any]:
    """Return the partners' result of one question: counts, outcome, why, and who said what."""
    rules = export["rules"]
    cast = {vote["organisation"]: vote for vote in export["partners"]}
    counts = Counter(vote["choices"][number] for vote in export["partners"])
    entitled = len(export["roll"]["partners"])
    outcome, because = decide(
        rules["rule"], {choice: counts[choice] for choice in CHOICES}, entitled, rules["quorum"]
    )
    named = []
    for one in export["roll"]["partners"]:
        vote = cast.get(one["organisation"])
        named.append(
            {
                "organisation": one["organisation"],
                "choice": vote["choices"][number] if vote else None,
                "reason": vote["reasons"][number] if vote else "",
                "reservation_until": one["reservation_until"],
            }
        )
    return {
        **{choice: counts[choice] for choice in CHOICES},
        "not_voted": entitled - len(cast),
        "entitled": entitled,
        "outcome": outcome,
        "because": because,
        "named": named,
    }


def decide(rule: str, counts: dict[str, int], entitled: int, quorum: int) -> tuple[str, str]:
    """Return ("adopted" or "not_adopted", why) by a rule.

    Why: adopted, no_quorum, objection, no_majority, tie, no_two_thirds, not_all.
    """
    yes, objections = counts["yes"], counts["objection"]
    against = counts["no"] + objections
    if yes + against + counts["abstain"] < quorum:
        return "not_adopted", "no_quorum"
    if rule == "unanimity":
        return ("adopted", "adopted") if yes == entitled > 0 else ("not_adopted", "not_all")
    if rule == "consent" and objections:
        return "not_adopted", "objection"
    if rule == "qualified":
        is_enough = yes > 0 and 3 * yes >= 2 * (yes + against)
        return ("adopted", "adopted") if is_enough else ("not_adopted", "no_two_thirds")
    if rule not in {"consent", "simple"}:
        raise BrokenFile(f"unknown rule {rule!r}")
    if yes > against:
        return "adopted", "adopted"
    return "not_adopted", "tie" if yes == against else "no_majority"


# ---------------------------------------------------------------------------------------- the participants


def participant_result(question: dict[str, Any], votes: list[Any] | None, *, voted: int) -> dict[str, Any]:
    """Return the participants' result of one question; `votes` None: too few to be told apart."""
    method = question["method"]
    head: dict[str, Any] = {"method": method, "voted": voted}
    if votes is None:
        return head | {"direction": "too_few"}
    if method == "yes_no":
        counts = Counter(votes)
        direction = _direction(counts["yes"], counts["no"])
        return head | {name: counts[name] for name in CHOICES[:3]} | {"direction": direction}
    given = [vote for vote in votes if vote is not None]
    head |= {"answered": len(given), "abstain": len(votes) - len(given)}
    if method == "scale":
        counts = Counter(given)
        return head | {
            "counts": [counts[step] for step in range(1, 6)],
            "sum": sum(given),
            "direction": _direction(sum(given), 3 * len(given)),
        }
    size = len(question["options"])
    if method == "points":
        sums = [sum(vote[place] for vote in given) for place in range(size)]
        return head | {"sums": sums, "order": _by_size(sums), "direction": "none"}
    if method == "ranking":
        wins = pairwise(given, size)
        return head | {"pairwise": wins, "order": schulze(wins), "direction": "none"}
    raise BrokenFile(f"unknown method {method!r}")


def _direction(one: int, other: int) -> str:
    if one == other:
        return "balanced"
    return "for" if one > other else "against"


def _by_size(sums: list[int]) -> list[list[int]]:
    return [
        [place for place, value in enumerate(sums) if value == wanted]
        for wanted in sorted(set(sums), reverse=True)
    ]


def pairwise(rankings: list[list[int]], size: int) -> list[list[int]]:
    """Return how many rankings put the option of the row before that of the column."""
    wins = [[0] * size for _ in range(size)]
    for ranking in rankings:
        for place, better in enumerate(ranking):
            for worse in ranking[place + 1 :]:
                wins[better][worse] += 1
    return wins


def schulze(wins: list[list[int]]) -> list[list[int]]:
    """Return the options from best to worst by Schulze's method; equal ones stand together.

    >>> schulze([[0, 2, 3], [1, 0, 3], [0, 0, 0]])
    [[0], [1], [2]]
    """
    options = range(len(wins))
    path = [[wins[one][two] if wins[one][two] > wins[two][one] else 0 for two in options] for one in options]
    for middle, start, end in ((m, s, e) for m in options for s, e in permutations(options, 2)):
        if middle not in (start, end):
            path[start][end] = max(path[start][end], min(path[start][middle], path[middle][end]))
    left, order = list(options), []
    while left:
        best = [one for one in left if all(path[one][two] >= path[two][one] for two in left)]
        order.append(best)
        left = [one for one in left if one not in best]
    return order


def voices(partners: dict[str, Any] | None, participants: dict[str, Any] | None) -> str:
    """Say whether both electorates point the same way: agree, differ, or none when one says nothing."""
    if partners is None or participants is None or partners["because"] == "no_quorum":
        return "none"
    if participants["direction"] not in {"for", "against"}:
        return "none"
    return "agree" if (partners["outcome"] == "adopted") == (participants["direction"] == "for") else "differ"


def recount(content: bytes) -> bytes:
    """Check a file and return its tally; raise `BrokenFile`."""
    try:
        export = json.loads(content)
        if canonical(export) != content:
            raise BrokenFile("the file is not in its canonical form")
        check(export)
        return tally(export)
    except (LookupError, TypeError, AttributeError, ValueError) as error:
        if isinstance(error, BrokenFile):
            raise
        raise BrokenFile(f"the file cannot be read: {type(error).__name__}") from error


def main(arguments: list[str]) -> int:
    """Print the tally of a file; 1 when the file is broken, 2 when called wrongly."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python recount.py FILE\n")
        return 2
    try:
        sys.stdout.buffer.write(recount(Path(arguments[0]).read_bytes()))
    except (BrokenFile, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
