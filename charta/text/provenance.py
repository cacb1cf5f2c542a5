# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Provenance: which revision, and through it which contribution, each passage of a text comes from.

Passages are recognised by the identity of paragraphs and sentences over all earlier revisions, so that moved
and returned words keep their origin; only the rest is compared by words, at the place where it stands.
Knows texts and opaque origins only.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from charta.text import lcs
from charta.text.align import bag, similarity
from charta.text.units import units
from charta.text.words import diff_runs, line_spans, lines_of, spans_of

# Part of every stored state; a state of another version is to be computed anew from the history.
PROVENANCE_VERSION = 1

Origin = int | str
# (start, end, origin) in code points
PassageRun = tuple[int, int, Origin]
# JSON-ready: {"version", "text", "runs": [[start, end, origin]], "memory": {unit key: [[length, origin]]}}
State = dict[str, Any]

# (length, origin); the origin is None as long as it is unknown.
_Piece = tuple[int, Origin | None]

# Shorter units stand everywhere and are only recognised at their place.
_LONG_UNIT = 25
# A moved sentence that was edited on the way is still the same sentence.
_SAME_SENTENCE = 0.6
_MOST_CANDIDATES = 200


def empty_state() -> State:
    """Return the state before the first revision."""
    return {"version": PROVENANCE_VERSION, "text": "", "runs": [], "memory": {}}


def update(
    state: State,
    new_text: str,
    origin: Origin,
    *,
    inherit: Iterable[State] = (),
    sources: Iterable[PassageRun] = (),
) -> State:
    """Return the state after one more revision whose new words come from `origin`; `state` is not changed.

    `inherit`: states from which words may come besides the head; for a merged revision the state of the base
    with the proposal. `sources`: passages of `new_text` with an explicit source; it overrides what was found.

    >>> first = update(empty_state(), "Die Frist endet 2030.", "Entwurf")
    >>> runs(update(first, "Die Frist endet 2035.", "Vorschlag 12"))
    [(0, 16, 'Entwurf'), (16, 20, 'Vorschlag 12'), (20, 21, 'Entwurf')]
    """
    others = list(inherit)
    sources = list(sources)
    if new_text == state["text"] and not sources:
        return state
    pieces = _traced(state, new_text)
    for other in others:
        pieces = _filled(pieces, _traced(other, new_text))
    new_runs = _joined(
        _overridden([(n, origin if of is None else of) for n, of in pieces], sources), new_text
    )
    memory: dict[str, Any] = {}
    for other in reversed(others):
        memory.update(other["memory"])
    memory.update(state["memory"])
    # With explicit sources units that were known may have changed their origin.
    known = [] if others or sources else lines_of(state["text"])
    _remember(memory, known, new_text, new_runs)
    return {"version": PROVENANCE_VERSION, "text": new_text, "runs": new_runs, "memory": memory}


def runs(state: State) -> list[PassageRun]:
    """Return the passages of the state's text as (start, end, origin), in order and without gaps."""
    return [(start, end, origin) for start, end, origin in state["runs"]]


def blame(revisions: Sequence[str]) -> list[tuple[str, int]]:
    """Return the last revision as runs (text, index of the revision its words come from); joined lossless.

    >>> blame(["Eins gilt.", "Eins gilt. Zwei gilt auch."])
    [('Eins gilt. ', 0), ('Zwei gilt auch.', 1)]
    """
    state = empty_state()
    for index, text in enumerate(revisions):
        state = update(state, text, index)
    return [(state["text"][start:end], int(origin)) for start, end, origin in runs(state)]


@dataclass
class _Part:
    """A stretch of the new text in order; `pieces` is None while its origin is looked for."""

    text: str
    pieces: list[_Piece] | None


class _Past:
    """The old text with its runs, and what is remembered of all texts before it."""

    def __init__(self, state: State) -> None:
        self.memory: dict[str, list[_Piece]] = state["memory"]
        self._runs: list[PassageRun] = state["runs"]
        self._starts = [run[0] for run in self._runs]

    def between(self, start: int, end: int) -> Iterator[_Piece]:
        """Yield the pieces of the old text between two offsets."""
        k = bisect_right(self._starts, start) - 1
        while start < end:
            stop = min(self._runs[k][1], end)
            yield stop - start, self._runs[k][2]
            start, k = stop, k + 1

    def remembered(self, unit: str) -> list[_Piece] | None:
        """Return the pieces of a long unit that stood in any earlier revision."""
        if len(unit) < _LONG_UNIT:
            return None
        found = self.memory.get(_key(unit))
        return [(length, origin) for length, origin in found] if found else None


def _traced(state: State, new: str) -> list[_Piece]:
    """Return the pieces of `new` with the origin of everything that is found in the past of `state`."""
    past = _Past(state)
    old_lines, new_lines = lines_of(state["text"]), lines_of(new)
    parts: list[_Part] = []
    # Old units that stand nowhere in the new text any more, with their offsets: edited and perhaps moved.
    gone: list[tuple[int, str]] = []
    at = 0
    for unchanged, i1, i2, j1, j2 in line_spans(old_lines, new_lines):
        old_text = "".join(old_lines[i1:i2])
        if unchanged:
            parts.append(_Part(old_text, list(past.between(at, at + len(old_text)))))
        else:
            parts += _region(past, at, old_text, new_lines[j1:j2], new, gone)
        at += len(old_text)
    for part in parts:
        if part.pieces is None:
            part.pieces = _from_gone(past, part.text, gone)
    return [piece for part in parts for piece in part.pieces or []]


def _region(
    past: _Past, offset: int, old_text: str, new_lines: list[str], new: str, gone: list[tuple[int, str]]
) -> Iterator[_Part]:
    """Yield the parts of changed lines: remembered units, and words that survived at their place."""
    new_units = [unit for line in new_lines for unit in _line_units(past, line)]
    old_units = units(old_text)
    starts = [offset]
    for unit in old_units:
        starts.append(starts[-1] + len(unit))
    ids_old, ids_new = lcs.number(old_units, new_units)
    full_old = [i for i, unit in enumerate(old_units) if not unit.isspace()]
    full_new = [j for j, unit in enumerate(new_units) if not unit.isspace()]
    pairs = lcs.matches([ids_old[i] for i in full_old], [ids_new[j] for j in full_new]) or []
    for unchanged, i1, i2, j1, j2 in spans_of(
        old_units, new_units, [(full_old[i], full_new[j]) for i, j in pairs]
    ):
        if unchanged:
            yield _Part("".join(new_units[j1:j2]), list(past.between(starts[i1], starts[i2])))
            continue
        # Words that live on as a whole unit elsewhere cannot also live on here.
        rest = [i for i in range(i1, i2) if len(old_units[i]) < _LONG_UNIT or old_units[i] not in new]
        yield from _edited(past, [(starts[i], old_units[i]) for i in rest], new_units[j1:j2], gone)


def _line_units(past: _Past, line: str) -> list[str]:
    """Return a whole line as one unit when it is remembered as such, else its sentences and gaps."""
    body = line.rstrip("\n")
    if body != line and past.remembered(body) is not None:
        return [body, line[len(body) :]]
    return units(line)


def _edited(
    past: _Past, old_units: list[tuple[int, str]], new_units: list[str], gone: list[tuple[int, str]]
) -> Iterator[_Part]:
    """Yield the parts of new units: remembered ones whole, the others by words against the old ones here."""
    found = [past.remembered(unit) for unit in new_units]
    pending = "".join(unit for unit, pieces in zip(new_units, found, strict=True) if pieces is None)
    survivors = iter(_by_words(past, old_units, pending))
    gone += [(start, unit) for start, unit in old_units if len(unit) >= _LONG_UNIT]
    length, origin = 0, None
    for unit, pieces in zip(new_units, found, strict=True):
        if pieces is not None:
            yield _Part(unit, pieces)
            continue
        own: list[_Piece] = []
        missing = len(unit)
        while missing:
            if not length:
                length, origin = next(survivors)
            taken = min(length, missing)
            own.append((taken, origin))
            length, missing = length - taken, missing - taken
        unknown = all(of is None for _, of in own)
        yield _Part(unit, None if unknown and len(unit) >= _LONG_UNIT else own)


def _by_words(past: _Past, old_units: list[tuple[int, str]], new: str) -> Iterator[_Piece]:
    at_unit, at = 0, 0
    for op, text in diff_runs("".join(unit for _, unit in old_units), new)[0]:
        if op == "+":
            yield len(text), None
            continue
        left = len(text)
        while left:
            start, unit = old_units[at_unit]
            taken = min(left, len(unit) - at)
            if op == "=":
                yield from past.between(start + at, start + at + taken)
            left, at = left - taken, at + taken
            if at == len(unit):
                at_unit, at = at_unit + 1, 0


def _from_gone(past: _Past, unit: str, gone: list[tuple[int, str]]) -> list[_Piece]:
    """Compare a new unit with the most similar unit that disappeared anywhere."""
    own = bag(unit)
    scored = [(similarity(own, bag(old)), -k) for k, (_, old) in enumerate(gone[:_MOST_CANDIDATES])]
    best, k = max(scored, default=(0.0, 0))
    if best < _SAME_SENTENCE:
        return [(len(unit), None)]
    return list(_by_words(past, [gone[-k]], unit))


def _filled(pieces: list[_Piece], others: list[_Piece]) -> list[_Piece]:
    """Return `pieces` with unknown origins taken from `others`; both cover the same text."""
    result: list[_Piece] = []
    queue = iter(others)
    length, origin = 0, None
    for missing, of in pieces:
        while missing:
            if not length:
                length, origin = next(queue)
            taken = min(length, missing)
            result.append((taken, origin if of is None else of))
            length, missing = length - taken, missing - taken
    return result


def _overridden(pieces: list[_Piece], sources: list[PassageRun]) -> list[_Piece]:
    for start, end, source in sources:
        cover: list[_Piece] = [(start, None), (end - start, source)]
        cover.append((sum(length for length, _ in pieces) - end, None))
        pieces = _filled([piece for piece in cover if piece[0] > 0], pieces)
    return pieces


def _joined(pieces: list[_Piece], text: str) -> list[list[Any]]:
    """Return runs [start, end, origin]; blanks never make a run of their own."""
    joined: list[list[Any]] = []
    at = 0
    for length, origin in pieces:
        end = at + length
        if joined and (joined[-1][2] == origin or (length < 8 and text[at:end].isspace())):
            joined[-1][1] = end
        elif length:
            joined.append([at, end, origin])
        at = end
    return joined


def _remember(memory: dict[str, Any], old_lines: list[str], text: str, new_runs: list[list[Any]]) -> None:
    """Enter the long paragraphs and sentences of the lines that are not among `old_lines` into the memory."""
    known = set(old_lines)
    past = _Past({"memory": memory, "runs": new_runs})
    at = 0
    for line in lines_of(text):
        if len(line) >= _LONG_UNIT and line not in known:
            body = line.rstrip("\n")
            memory[_key(body)] = [list(piece) for piece in past.between(at, at + len(body))]
            start = at
            for unit in units(line):
                if len(unit) >= _LONG_UNIT:
                    memory[_key(unit)] = [list(piece) for piece in past.between(start, start + len(unit))]
                start += len(unit)
        at += len(line)


def _key(unit: str) -> str:
    """Return the name under which a unit is remembered; blanks of all kinds count as the same."""
    return blake2b(unit.translate(_BLANKS).encode(), digest_size=9).hexdigest()


_BLANKS = str.maketrans("\u00a0\u202f\n\t", "    ")
