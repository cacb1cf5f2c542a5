# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Measures the bars of the text engine against plain diff-match-patch in one process; prints a table.

    python benchmarks/text_bars.py [FOLDER]

Without a folder it generates its own documents; with one it also reads `diff_pairs.jsonl` (lines with "old"
and "new") from there. Times are printed as ratios, because only those compare between machines.
"""

import json
import random
import resource
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

from diff_match_patch import diff_match_patch

from charta.text import anchor, diff, lcs, merge, provenance, render
from charta.text.tokens import tokens

_random = random.Random(11)
_STEMS = [
    "Region",
    "Arbeit",
    "Betrieb",
    "Ausbildung",
    "Verkehr",
    "Energie",
    "Forschung",
    "Gemeinde",
    "Wirtschaft",
    "Zukunft",
]
_ENDS = ["splan", "sförderung", "sraum", "swandel", "skraft", "sziel", "snetz", "sstandort"]
_SMALL = ["und", "die", "der", "in", "mit", "für", "bis", "von", "den", "eine", "zu", "nicht", "wird", "ist"]


def _word() -> str:
    if _random.randrange(100) < 45:
        return _random.choice(_SMALL)
    return _random.choice(_STEMS) + _random.choice(_ENDS)


def _sentence() -> str:
    return "Die " + " ".join(_word() for _ in range(_random.randint(6, 18))) + "."


def _document(size: int) -> str:
    text = ""
    while len(text) < size:
        text += " ".join(_sentence() for _ in range(_random.randint(2, 6))) + "\n\n"
    return text.strip() + "\n"


def _edited(text: str) -> str:
    """Return the text with a share of its sentences changed, added or removed, and one paragraph moved."""
    paragraphs = text.strip().split("\n\n")
    share = _random.choice((0.02, 0.1, 0.4))
    result: list[str] = []
    for paragraph in paragraphs:
        sentences: list[str] = []
        for sentence in paragraph.split(". "):
            dice = _random.random()
            if dice < share / 3:
                sentences += [sentence, _sentence().rstrip(".")]
            elif dice < share:
                words = sentence.split(" ")
                words[_random.randrange(len(words))] = _word()
                sentences.append(" ".join(words))
            elif dice < share * 1.2:
                continue
            else:
                sentences.append(sentence)
        result.append(". ".join(sentences))
    if _random.randrange(10) < 3:
        result.insert(_random.randrange(len(result)), result.pop(_random.randrange(len(result))))
    return "\n\n".join(part for part in result if part) + "\n"


def _seconds(function: Callable[[], object]) -> float:
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def _minimal(old: str, new: str) -> int:
    """Return the characters of all tokens outside of a longest common subsequence."""
    words_old, words_new = tokens(old), tokens(new)
    kept = lcs.matches(*lcs.number(words_old, words_new), budget=10**12) or []
    return len(old) + len(new) - 2 * sum(len(words_old[i]) for i, _ in kept)


def _differences(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    plain = diff_match_patch()
    ours = sum(_seconds(lambda pair=pair: diff.word_diff(*pair)) for pair in pairs)  # type: ignore[misc]
    theirs = sum(_seconds(lambda pair=pair: plain.diff_main(*pair)) for pair in pairs)  # type: ignore[misc]
    exact = edits = slivers = changed = minimal = 0
    for old, new in pairs:
        runs = diff.word_diff(old, new)
        exact += "".join(t for op, t in runs if op != "+") == old
        edits += sum(op != "=" for op, _ in runs)
        changed += sum(len(t) for op, t in runs if op != "=")
        minimal += _minimal(old, new)
        slivers += sum(
            a[0] != "=" and b[0] == "=" and c[0] != "=" and len(b[1].strip()) <= 3
            for a, b, c in zip(runs, runs[1:], runs[2:], strict=False)
        )
    count = len(pairs)
    return [
        ("pairs rebuilt exactly", f"{exact} of {count}"),
        ("edit runs per pair", f"{edits / count:.2f}"),
        ("slivers per pair", f"{slivers / count:.2f}"),
        ("changed characters against the minimal word difference", f"{changed / max(1, minimal):.3f}"),
        ("total time against plain diff-match-patch (its limit of 1 s at work)", f"{ours / theirs:.4f}"),
    ]


def _relations() -> list[tuple[str, str]]:
    """Return the times of the other functions against the word difference of the same 10 kB text."""
    old = _document(10_000)
    new, other = _edited(old), _edited(old)
    unrelated = _document(10_000)
    anchors = [anchor.make_anchor(old, at, at + 40) for at in range(0, 9000, 500)]
    state = provenance.update(provenance.empty_state(), old, 0)
    functions: list[tuple[str, Callable[[], object]]] = [
        ("word_diff", lambda: diff.word_diff(old, new)),
        ("word_diff, unrelated text", lambda: diff.word_diff(old, unrelated)),
        ("compare", lambda: diff.compare(old, new)),
        ("compare, unrelated text", lambda: diff.compare(old, unrelated)),
        ("merge3", lambda: merge.merge3(old, new, other)),
        ("locate_all, 18 anchors", lambda: anchor.locate_all(anchors, new, old)),
        ("provenance.update", lambda: provenance.update(state, new, 1)),
        ("to_html", lambda: render.to_html(new)),
    ]
    times = {name: statistics.median(_seconds(f) for _ in range(9)) for name, f in functions}
    unit = times["word_diff"]
    return [
        (
            f"{name}, 10 kB (word_diff of the edited text = 1)",
            f"{seconds / unit:.2f} ({seconds * 1000:.1f} ms)",
        )
        for name, seconds in times.items()
    ]


def _memory() -> list[tuple[str, str]]:
    old = " ".join(_word() for _ in range(10_500))
    new = " ".join(_word() for _ in range(10_500))
    tracemalloc.start()
    diff.word_diff(old, new)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        (f"memory of word_diff, two unrelated texts of {len(old) // 1000} kB", f"{peak / 2**20:.1f} MiB"),
        ("peak resident memory of this whole run", f"{resident:.0f} MiB"),
    ]


def main() -> None:
    """Print the table."""
    documents = [_document(_random.choice((800, 3000, 10_000))) for _ in range(40)]
    rows = [
        (f"generated: {name}", value) for name, value in _differences([(d, _edited(d)) for d in documents])
    ]
    for folder in sys.argv[1:]:
        lines = (Path(folder) / "diff_pairs.jsonl").read_text(encoding="utf-8").splitlines()
        pairs = [(record["old"], record["new"]) for record in map(json.loads, lines)]
        rows += [(f"{len(pairs)} real pairs: {name}", value) for name, value in _differences(pairs)]
    rows += _relations() + _memory()
    sys.stdout.write("| measure | value |\n| --- | --- |\n")
    sys.stdout.writelines(f"| {name} | {value} |\n" for name, value in rows)


if __name__ == "__main__":
    main()
