# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The word-level difference of two plain texts; knows neither Markdown nor blocks.

Common lines are found first, then words inside the lines that differ, then a cleanup that removes slivers:
matches of single small words that a reader would not call unchanged.
"""

import re
from collections.abc import Sequence

from charta.text import lcs
from charta.text.sentences import split
from charta.text.tokens import tokens

# A stretch of old tokens and of new tokens: (unchanged, old start, old end, new start, new end).
Span = tuple[bool, int, int, int, int]

_LONG_WORD = re.compile(r"\w{4}")
_SLIVER_CHARACTERS = 12
_SENTENCE_END = frozenset(".!?…:;")


def diff_runs(old: str, new: str) -> tuple[list[tuple[str, str]], bool]:
    """Return the runs [(op, text)] from `old` to `new`, and whether the work budget made them coarse.

    op is "=", "-" or "+"; a "-" stands before its "+"; no run is empty; neighbours have different ops.
    """
    old_lines, new_lines = lines_of(old), lines_of(new)
    runs: list[tuple[str, str]] = []
    coarse = False
    for unchanged, i1, i2, j1, j2 in line_spans(old_lines, new_lines):
        removed, added = "".join(old_lines[i1:i2]), "".join(new_lines[j1:j2])
        if unchanged:
            runs.append(("=", removed))
        elif not removed or not added:
            runs += [("-", removed), ("+", added)]
        else:
            inner, inner_coarse = _region_runs(removed, added)
            runs += inner
            coarse = coarse or inner_coarse
    return join_runs(runs), coarse


def token_spans(old: Sequence[str], new: Sequence[str]) -> list[Span] | None:
    """Return the spans that lead from the tokens `old` to the tokens `new`; None if over the work budget."""
    ids_old, ids_new = lcs.number(old, new)
    words_old = [i for i, token in enumerate(old) if not token.isspace()]
    words_new = [j for j, token in enumerate(new) if not token.isspace()]
    pairs = lcs.matches([ids_old[i] for i in words_old], [ids_new[j] for j in words_new])
    if pairs is None:
        return None
    spans = spans_of(old, new, [(words_old[i], words_new[j]) for i, j in pairs])
    return _absorb(_slide(spans, old, new), old)


def join_runs(runs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the runs with empty ones left out, neighbours of one op joined and "-" put before "+"."""
    joined: list[tuple[str, str]] = []
    removed: list[str] = []
    added: list[str] = []
    kept: list[str] = []

    def flush_edits() -> None:
        if removed:
            joined.append(("-", "".join(removed)))
        if added:
            joined.append(("+", "".join(added)))
        removed.clear()
        added.clear()

    for op, text in runs:
        if not text:
            continue
        if op == "=":
            flush_edits()
            kept.append(text)
            continue
        if kept:
            joined.append(("=", "".join(kept)))
            kept.clear()
        (removed if op == "-" else added).append(text)
    flush_edits()
    if kept:
        joined.append(("=", "".join(kept)))
    return joined


def spans_of(old: Sequence[str], new: Sequence[str], pairs: list[tuple[int, int]]) -> list[Span]:
    """Return alternating spans from matched places; equal items at the ends of a gap count as unchanged."""
    spans: list[Span] = []
    i = j = 0
    for next_i, next_j in [*pairs, (len(old), len(new))]:
        head = 0
        shortest = min(next_i - i, next_j - j)
        while head < shortest and old[i + head] == new[j + head]:
            head += 1
        tail = 0
        while tail < shortest - head and old[next_i - 1 - tail] == new[next_j - 1 - tail]:
            tail += 1
        add_span(spans, True, i, i + head, j, j + head)
        add_span(spans, False, i + head, next_i - tail, j + head, next_j - tail)
        end = 1 if next_i < len(old) else 0  # the last turn of the loop has no matched item
        add_span(spans, True, next_i - tail, next_i + end, next_j - tail, next_j + end)
        i, j = next_i + end, next_j + end
    return spans


def add_span(spans: list[Span], unchanged: bool, i1: int, i2: int, j1: int, j2: int) -> None:
    """Append a span unless it is empty; neighbours of one kind become one span."""
    if i1 == i2 and j1 == j2:
        return
    if spans and spans[-1][0] == unchanged:
        i1, j1 = spans[-1][1], spans[-1][3]
        spans.pop()
    spans.append((unchanged, i1, i2, j1, j2))


def lines_of(text: str) -> list[str]:
    """Return the lines of a text, each with its line feed; nothing else counts as a line end."""
    lines = [line + "\n" for line in text.split("\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines


def line_spans(old: list[str], new: list[str]) -> list[Span]:
    """Return the spans between two lists of lines; one changed span over everything when over the budget."""
    ids_old, ids_new = lcs.number(old, new)
    full_old = [i for i, line in enumerate(old) if not line.isspace()]
    full_new = [j for j, line in enumerate(new) if not line.isspace()]
    pairs = lcs.matches([ids_old[i] for i in full_old], [ids_new[j] for j in full_new])
    return spans_of(old, new, [(full_old[i], full_new[j]) for i, j in pairs or []])


def _region_runs(old: str, new: str) -> tuple[list[tuple[str, str]], bool]:
    """Return the runs inside two differing regions: by words, over the budget by sentences, else replaced."""
    for level, cut in enumerate((tokens, _sentence_texts)):
        pieces_old, pieces_new = cut(old), cut(new)
        spans = token_spans(pieces_old, pieces_new)
        if spans is not None:
            return _runs_of(spans, pieces_old, pieces_new), level > 0
    return [("-", old), ("+", new)], True


def _sentence_texts(text: str) -> list[str]:
    return [text[start:end] for start, end in split(text)]


def _runs_of(spans: list[Span], old: Sequence[str], new: Sequence[str]) -> list[tuple[str, str]]:
    runs: list[tuple[str, str]] = []
    for unchanged, i1, i2, j1, j2 in spans:
        if unchanged:
            runs.append(("=", "".join(old[i1:i2])))
        else:
            runs += [("-", "".join(old[i1:i2])), ("+", "".join(new[j1:j2]))]
    return runs


def _absorb(spans: list[Span], old: Sequence[str]) -> list[Span]:
    """Turn slivers, unchanged spans between two edits that a reader would not call unchanged, into edits."""
    kept: list[Span] = []
    for k, (unchanged, i1, i2, j1, j2) in enumerate(spans):
        inner = unchanged and 0 < k < len(spans) - 1
        if inner and _is_sliver(old[i1:i2], max(_size(spans[k - 1]), _size(spans[k + 1]))):
            unchanged = False
        add_span(kept, unchanged, i1, i2, j1, j2)
    return kept


def _size(span: Span) -> int:
    return span[2] - span[1] + span[4] - span[3]


def _is_sliver(run: Sequence[str], edited: int) -> bool:
    """Return whether a run between edits of at most `edited` tokens is too little to be read as unchanged.

    A line break never is. Words below four letters are; a single longer one is when the edits outweigh it.
    """
    if "\n" in run:
        return False
    long_words = sum(1 for token in run if _LONG_WORD.match(token))
    if not long_words:
        return True
    return long_words == 1 and len(run) <= edited and sum(map(len, run)) <= _SLIVER_CHARACTERS


def _slide(spans: list[Span], old: Sequence[str], new: Sequence[str]) -> list[Span]:
    """Move pure insertions and deletions to the best border among their equivalent places."""
    moved = list(spans)
    for k in range(1, len(moved) - 1):
        unchanged, i1, i2, j1, j2 = moved[k]
        if unchanged or (i1 < i2 and j1 < j2):
            continue
        side, start, end = (new, j1, j2) if i1 == i2 else (old, i1, i2)
        before, after = moved[k - 1], moved[k + 1]
        lowest = -min(before[2] - before[1], 64)
        highest = min(after[2] - after[1], 64)
        shift = _best_shift(side, start, end, lowest, highest)
        if shift:
            moved[k - 1] = (True, before[1], before[2] + shift, before[3], before[4] + shift)
            moved[k] = (False, i1 + shift, i2 + shift, j1 + shift, j2 + shift)
            moved[k + 1] = (True, after[1] + shift, after[2], after[3] + shift, after[4])
    again: list[Span] = []
    for span in moved:
        add_span(again, *span)
    return again


def _best_shift(side: Sequence[str], start: int, end: int, lowest: int, highest: int) -> int:
    best, best_score = 0, _border(side, start) + _border(side, end)
    for direction, limit in ((-1, -lowest), (1, highest)):
        shift = 0
        while shift < limit:
            if direction < 0 and side[start - shift - 1] != side[end - shift - 1]:
                break
            if direction > 0 and side[start + shift] != side[end + shift]:
                break
            shift += 1
            at = shift * direction
            score = _border(side, start + at) + _border(side, end + at)
            if score > best_score:
                best, best_score = at, score
    return best


def _border(side: Sequence[str], at: int) -> int:
    """Return how natural a cut before token `at` is, from 4 (end of a line) to 0 (between two words)."""
    if at == 0 or at == len(side) or side[at - 1] == "\n":
        return 4
    if side[at] == "\n":
        return 3
    if side[at - 1].isspace():
        return 2 if at < 2 or side[at - 2] not in _SENTENCE_END else 3
    return 1 if side[at].isspace() else 0
