# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Three-way merge by sentences with explicit conflicts; it never guesses and never drops words.

A diff3 over sentences (Khanna, Kunal, Pierce, "A formal investigation of diff3", 2007) with three additions:
edits that touch without a gap between them are a conflict, a sentence moved by one side and edited by the
other is carried along, and the result is checked: when a check fails the whole text is one conflict.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from charta.text import lcs
from charta.text.align import bag, similar_pairs, similarity
from charta.text.tokens import tokens
from charta.text.units import units
from charta.text.words import Span, add_span, spans_of, token_spans

# Recorded with every merged revision; raise it when a result can change.
MERGE_VERSION = 1

# A unit of this many characters is taken for the same sentence wherever it stands, if it stands only once.
_LONG_UNIT = 25
# The share of characters two sentences must have in common to be versions of one sentence.
_SAME_SENTENCE = 0.5


@dataclass(frozen=True)
class Segment:
    """A piece of a merged text: settled text, or a conflict with its three sides and a proposal."""

    kind: Literal["text", "conflict"]
    text: str = ""
    base: str = ""
    ours: str = ""
    theirs: str = ""
    # The word-level merge of the three sides where there is exactly one. A person decides.
    suggestion: str | None = None


@dataclass(frozen=True)
class MergeResult:
    """The outcome of a merge; `text` is None unless `clean`."""

    clean: bool
    text: str | None
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class _Hunk:
    """One side replaces base[low:high] by side[start:end], all in units."""

    low: int
    high: int
    start: int
    end: int
    # The stretch of the base in which an insertion or deletion of repeated text could equally well stand.
    reach: tuple[int, int] = (0, 0)
    # An insertion or deletion that begins or ends with a gap stands apart from an edit of its neighbour.
    begins_apart: bool = False
    ends_apart: bool = False
    edits_one: bool = False
    # The other side did something to a sentence in it that only a person can reconcile.
    is_disputed: bool = False


def merge3(base: str, ours: str, theirs: str) -> MergeResult:
    """Merge two edits of `base`, all three canonical; what both sides changed becomes a conflict.

    Symmetric: with the sides swapped the same segments come back with their sides swapped.

    >>> merge3("A ist. B ist. C ist.", "A war. B ist. C ist.", "A ist. B ist. C wird.").text
    'A war. B ist. C wird.'
    >>> merge3("Bis 2030 gilt das.", "Bis 2035 gilt das.", "Bis 2028 gilt das.").segments[0].kind
    'conflict'
    """
    if theirs in (ours, base):
        return _result([Segment("text", text=ours)])
    if ours == base:
        return _result([Segment("text", text=theirs)])
    pieces = _Pieces(units(base), units(ours), units(theirs))
    for triple in (_carried(pieces), pieces):
        if triple is None:
            continue
        result = _result(_segments(triple))
        if (result.clean or triple is pieces) and _is_sound(result, base, ours, theirs):
            return result
    return _result([_conflict(base, ours, theirs)])


def resolve(result: MergeResult, choices: Sequence[str]) -> str:
    """Return the text of `result` with the conflicts replaced by `choices`, in order.

    Raises ValueError when the number of choices is not the number of conflicts.

    >>> resolve(merge3("Bis 2030.", "Bis 2035.", "Bis 2028."), ["Bis 2032."])
    'Bis 2032.'
    """
    conflicts = sum(segment.kind == "conflict" for segment in result.segments)
    if conflicts != len(choices):
        raise ValueError(f"{len(choices)} choices for {conflicts} conflicts")
    chosen = iter(choices)
    return "".join(segment.text if segment.kind == "text" else next(chosen) for segment in result.segments)


def _result(segments: list[Segment]) -> MergeResult:
    joined: list[Segment] = []
    for segment in segments:
        if segment.kind == "text" and joined and joined[-1].kind == "text":
            segment = Segment("text", text=joined.pop().text + segment.text)
        if segment.kind == "conflict" or segment.text or not segments[1:]:
            joined.append(segment)
    clean = all(segment.kind == "text" for segment in joined)
    text = "".join(segment.text for segment in joined) if clean else None
    return MergeResult(clean, text, tuple(joined))


class _Pieces:
    """The three texts in units, and the two sides aligned with the base."""

    def __init__(self, base: list[str], ours: list[str], theirs: list[str]) -> None:
        self.base, self.sides = base, (ours, theirs)
        self.spans = (_spans(base, ours), _spans(base, theirs))


def _segments(pieces: _Pieces) -> list[Segment]:
    base, (ours, theirs), spans = pieces.base, pieces.sides, pieces.spans
    hunks = [
        _hunks(spans[0], base, ours, spans[1], theirs),
        _hunks(spans[1], base, theirs, spans[0], ours),
    ]
    segments: list[Segment] = []
    at = 0
    for low, high, group in _groups(hunks):
        segments.append(Segment("text", text="".join(base[at:low])))
        segments += _settled(base[low:high], *_sides(low, high, group, base, ours, theirs), group)
        at = high
    segments.append(Segment("text", text="".join(base[at:])))
    return segments


def _spans(base: Sequence[str], side: Sequence[str]) -> list[Span]:
    """Align base and side; ambiguous insertions and deletions go as far down as they can, on both sides."""
    ids_base, ids_side = lcs.number(base, side)
    full_base = [i for i, unit in enumerate(base) if not unit.isspace()]
    full_side = [j for j, unit in enumerate(side) if not unit.isspace()]
    pairs = lcs.matches([ids_base[i] for i in full_base], [ids_side[j] for j in full_side]) or []
    spans: list[Span] = []
    for span in spans_of(base, side, [(full_base[i], full_side[j]) for i, j in pairs]):
        for piece in [span] if span[0] else _split_by_sentence(span, base, side):
            add_span(spans, *piece)
    return _slid_down(spans, base, side)


def _split_by_sentence(span: Span, base: Sequence[str], side: Sequence[str]) -> Iterator[Span]:
    """Pair the edited sentences of a changed span, so that the gaps between two pairs count as unchanged."""
    _, i, i2, j, j2 = span
    pairs = similar_pairs(base[i:i2], side[j:j2], _SAME_SENTENCE)
    for next_i, next_j in [*((i + a, j + b) for a, b in pairs), (i2, j2)]:
        for unchanged, a1, a2, b1, b2 in spans_of(base[i:next_i], side[j:next_j], []):
            yield unchanged, i + a1, i + a2, j + b1, j + b2
        if next_i < i2:
            yield False, next_i, next_i + 1, next_j, next_j + 1
        i, j = next_i + 1, next_j + 1


def _slid_down(spans: list[Span], base: Sequence[str], side: Sequence[str]) -> list[Span]:
    slid = list(spans)
    for k in range(len(slid) - 2, 0, -1):
        unchanged, i1, i2, j1, j2 = slid[k]
        if unchanged or (i1 < i2 and j1 < j2):
            continue
        text, start, end = (side, j1, j2) if i1 == i2 else (base, i1, i2)
        room = slid[k + 1][2] - slid[k + 1][1]
        shift = 0
        while shift < room and text[start + shift] == text[end + shift]:
            shift += 1
        before, after = slid[k - 1], slid[k + 1]
        slid[k - 1] = (True, before[1], before[2] + shift, before[3], before[4] + shift)
        slid[k] = (False, i1 + shift, i2 + shift, j1 + shift, j2 + shift)
        slid[k + 1] = (True, after[1] + shift, after[2], after[3] + shift, after[4])
    return [span for span in slid if span[1] < span[2] or span[3] < span[4]]


def _hunks(
    spans: list[Span], base: list[str], side: list[str], other_spans: list[Span], other: list[str]
) -> list[_Hunk]:
    """Return the hunks of one side; disputed if it moved a sentence that the other side removed or moved."""
    own_places, other_places = Counter(side), Counter(other)
    once_in_base = {unit for unit, count in Counter(base).items() if count == 1 and len(unit) >= _LONG_UNIT}
    removed_by_other = once_in_base.intersection(
        unit for unchanged, i1, i2, _, _ in other_spans if not unchanged for unit in base[i1:i2]
    )
    replaced = {
        unit for unchanged, i1, i2, j1, j2 in other_spans if not unchanged and j1 < j2 for unit in base[i1:i2]
    }
    hunks: list[_Hunk] = []
    for span in spans:
        unchanged, i1, i2, j1, j2 = span
        if unchanged:
            continue
        moved_here = {unit for unit in side[j1:j2] if unit in removed_by_other and own_places[unit] == 1}
        disputed = any(other_places[unit] > 0 or unit not in replaced for unit in moved_here)
        reach = i1 - _room_above(span, base, side), i2
        alone = side[j1:j2] if i1 == i2 else base[i1:i2] if j1 == j2 else ["-"]
        hunks.append(
            _Hunk(
                *(i1, i2, j1, j2),
                reach,
                begins_apart=alone[0].isspace(),
                ends_apart=alone[-1].isspace(),
                edits_one=i2 - i1 == j2 - j1 == 1,
                is_disputed=disputed,
            )
        )
    return hunks


def _room_above(span: Span, base: Sequence[str], side: Sequence[str]) -> int:
    """Return by how many units a pure insertion or deletion could stand further up with the same result."""
    _, i1, i2, j1, j2 = span
    if i1 < i2 and j1 < j2:
        return 0
    text, start, end = (side, j1, j2) if i1 == i2 else (base, i1, i2)
    room = 0
    while room < min(i1, j1) and text[start - room - 1] == text[end - room - 1]:
        room += 1
    # Standing before or behind a mere gap is no ambiguity.
    return room if any(not unit.isspace() for unit in base[i1 - room : i1]) else 0


_Group = tuple[list[_Hunk], list[_Hunk]]


def _groups(hunks: list[list[_Hunk]]) -> list[tuple[int, int, _Group]]:
    """Return (low, high, hunks of ours and theirs) for every stretch of the base whose hunks touch."""
    ordered = sorted(
        [(*hunk.reach, side, hunk) for side in (0, 1) for hunk in hunks[side]],
        key=lambda entry: entry[:3],
    )
    groups: list[tuple[int, int, _Group]] = []
    for low, high, side, hunk in ordered:
        if groups and low <= groups[-1][1] and not _stand_apart(groups[-1], hunk, side):
            last_low, last_high, group = groups.pop()
            groups.append((last_low, max(high, last_high), group))
        else:
            group = ([], [])
            groups.append((low, high, group))
        group[side].append(hunk)
    return groups


def _stand_apart(last: tuple[int, int, _Group], hunk: _Hunk, side: int) -> bool:
    """Return whether a hunk only touches the group before it, with a gap between the two edits."""
    _, high, group = last
    if hunk.reach[0] != high or hunk.low != high or group[side]:
        return False
    before = group[1 - side][-1]
    if before.high != high:
        return False
    # Next to anything but the edit of a single sentence the same words could come in twice.
    return (hunk.begins_apart and before.edits_one) or (before.ends_apart and hunk.edits_one)


def _sides(
    low: int, high: int, group: _Group, base: list[str], ours: list[str], theirs: list[str]
) -> tuple[list[str], list[str]]:
    """Return what each side makes of base[low:high]."""
    results: list[list[str]] = []
    for hunks, side in zip(group, (ours, theirs), strict=True):
        text: list[str] = []
        at = low
        for hunk in hunks:
            text += base[at : hunk.low] + side[hunk.start : hunk.end]
            at = hunk.high
        results.append(text + base[at:high])
    return results[0], results[1]


def _settled(base: list[str], ours: list[str], theirs: list[str], group: _Group) -> list[Segment]:
    disputed = any(hunk.is_disputed for hunks in group for hunk in hunks)
    if ours == theirs:
        return [Segment("text", text="".join(ours))]
    if not disputed and not group[0]:
        return [Segment("text", text="".join(theirs))]
    if not disputed and not group[1]:
        return [Segment("text", text="".join(ours))]
    head = _common(ours, theirs)
    tail = _common(ours[head:][::-1], theirs[head:][::-1])
    before, after = ours[:head], ours[len(ours) - tail :]
    # What both sides did alike is settled; it leaves the base side of the conflict when it stood there.
    base = base[_common(base, before) :]
    base = base[: len(base) - _common(base[::-1], after[::-1])]
    return [
        Segment("text", text="".join(before)),
        _conflict(
            "".join(base), "".join(ours[head : len(ours) - tail]), "".join(theirs[head : len(theirs) - tail])
        ),
        Segment("text", text="".join(after)),
    ]


def _common(a: list[str], b: list[str]) -> int:
    count = 0
    while count < min(len(a), len(b)) and a[count] == b[count]:
        count += 1
    return count


def _conflict(base: str, ours: str, theirs: str) -> Segment:
    return Segment(
        "conflict", base=base, ours=ours, theirs=theirs, suggestion=_suggestion(base, ours, theirs)
    )


def _suggestion(base: str, ours: str, theirs: str) -> str | None:
    """Return the merge by words when no two edits touch, else None."""
    words = [tokens(text) for text in (base, ours, theirs)]
    spans = [token_spans(words[0], side) for side in words[1:]]
    if not base or spans[0] is None or spans[1] is None:
        return None
    hunks = [[_Hunk(*span[1:], reach=span[1:3]) for span in found or [] if not span[0]] for found in spans]
    result: list[str] = []
    at = 0
    for low, high, group in _groups(hunks):
        sides = _sides(low, high, group, words[0], words[1], words[2])
        if group[0] and group[1] and sides[0] != sides[1]:
            return None
        result += words[0][at:low] + (sides[0] if group[0] else sides[1])
        at = high
    return "".join(result + words[0][at:])


def _carried(pieces: _Pieces) -> _Pieces | None:
    """Return the three texts with each sentence that one side moved and the other edited in its new form.

    With the edit already in base and on the moving side, it is no change any more and follows the move.
    """
    renamed: list[dict[str, str]] = [{}, {}]
    for mover, editor in ((0, 1), (1, 0)):
        renamed[mover] = dict(_edited_elsewhere(pieces, mover, editor))
    if not renamed[0] and not renamed[1]:
        return None
    both = renamed[0] | renamed[1]
    return _Pieces(
        [both.get(unit, unit) for unit in pieces.base],
        [renamed[0].get(unit, unit) for unit in pieces.sides[0]],
        [renamed[1].get(unit, unit) for unit in pieces.sides[1]],
    )


def _edited_elsewhere(pieces: _Pieces, mover: int, editor: int) -> Iterator[tuple[str, str]]:
    """Yield (old, new) for the long sentences that side `mover` moved whole and side `editor` edited."""
    base, moving, editing = pieces.base, pieces.sides[mover], pieces.sides[editor]
    in_base, in_moving = Counter(base), Counter(moving)
    moved = {
        unit
        for unchanged, i1, i2, _, _ in pieces.spans[mover]
        if not unchanged
        for unit in base[i1:i2]
        if len(unit) >= _LONG_UNIT and in_base[unit] == in_moving[unit] == 1
    }
    for unchanged, i1, i2, j1, j2 in pieces.spans[editor]:
        if unchanged or i2 - i1 != j2 - j1:
            continue
        for old, new in zip(base[i1:i2], editing[j1:j2], strict=True):
            known = in_base[new] or in_moving[new]
            if old in moved and not known and similarity(bag(old), bag(new)) >= _SAME_SENTENCE:
                yield old, new


def _is_sound(result: MergeResult, base: str, ours: str, theirs: str) -> bool:
    """Check that no inserted word is lost, none is invented, and no long sentence was doubled."""
    texts = [segment.text for segment in result.segments]
    sides = [side for segment in result.segments for side in (segment.ours, segment.theirs)]
    have = set(tokens("\n".join(texts + sides)))
    known = [set(tokens(text)) for text in (base, ours, theirs)]
    if not (known[1] | known[2]) - known[0] <= have or not have - {"\n"} <= known[0] | known[1] | known[2]:
        return False
    counts = [Counter(units(text)) for text in (base, ours, theirs)]
    merged = Counter(units("".join(texts)))
    return all(
        count <= max(count_of[unit] for count_of in counts)
        for unit, count in merged.items()
        if count > 1 and len(unit) >= _LONG_UNIT
    )
