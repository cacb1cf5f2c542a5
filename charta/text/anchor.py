# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Anchors: where a passage of one revision stands in another one; rather nowhere than on wrong words.

An anchor is made once and kept for ever; only its resolutions change. Both ends are carried through the word
difference; the exact words elsewhere, and similar words in the same paragraph, come second and third.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from typing import Any

from charta.text.align import bag, similarity
from charta.text.sentences import split
from charta.text.words import diff_runs

# Recorded with every stored resolution; raise it when one can come out differently.
ANCHOR_VERSION = 1

_CONTEXT = 32
# Words this short stand everywhere; without their context they are not found again elsewhere.
_DISTINCT = 20
# The share of its words that must survive for a changed passage to be the same passage.
_SURVIVING = 0.5
# The share of the letters around short words that must survive for them to be the same words.
_COMPANY = 0.15
# The similarity that words found without a difference must have.
_FUZZY = 0.75


class AnchorState(StrEnum):
    """What became of the words an anchor was set on."""

    IN_PLACE = "in_place"
    CHANGED = "changed"
    MOVED = "moved"
    ORPHAN = "orphan"


@dataclass(frozen=True)
class Location:
    """Where an anchor stands now; `start` and `end` are None exactly when the state is ORPHAN."""

    state: AnchorState
    start: int | None
    end: int | None
    # The words the anchor was set on, to be shown when they have changed or are gone.
    quote: str


def make_anchor(text: str, start: int, end: int) -> dict[str, Any]:
    """Return a JSON-ready anchor for text[start:end]: position, quote and 32 characters on both sides.

    Raises ValueError when the range is empty or outside the text.

    >>> make_anchor("Die Frist endet 2030.", 4, 9)
    {'start': 4, 'end': 9, 'quote': 'Frist', 'before': 'Die ', 'after': ' endet 2030.'}
    """
    if not 0 <= start < end <= len(text):
        raise ValueError(f"no range: {start} to {end} of {len(text)}")
    return {
        "start": start,
        "end": end,
        "quote": text[start:end],
        "before": text[max(0, start - _CONTEXT) : start],
        "after": text[end : end + _CONTEXT],
    }


def resolve(anchor: dict[str, Any], new_text: str, old_text: str | None = None) -> tuple[int, int] | None:
    """Return where the anchored words stand in `new_text`, or None when they are gone.

    `old_text` is the text the anchor was made on; without it only the quote and its context are searched.
    """
    found = locate(anchor, new_text, old_text)
    return None if found.start is None or found.end is None else (found.start, found.end)


def locate(anchor: dict[str, Any], new_text: str, old_text: str | None = None) -> Location:
    """Return where the anchored words stand in `new_text` and what happened to them.

    >>> old, new = "Die Frist endet bald.", "Neu: Die Frist endet bald."
    >>> locate(make_anchor(old, 4, 9), new, old)
    Location(state=<AnchorState.IN_PLACE: 'in_place'>, start=9, end=14, quote='Frist')
    """
    return locate_all([anchor], new_text, old_text)[0]


def locate_all(
    anchors: Iterable[dict[str, Any]], new_text: str, old_text: str | None = None
) -> list[Location]:
    """Return what `locate` returns for each anchor; the difference of the two texts is computed once."""
    new = _folded(new_text)
    change = None if old_text is None else Change(_folded(old_text), new)
    return [_located(anchor, new, change) for anchor in anchors]


def change_of(old_text: str, new_text: str) -> "Change":
    """Return the way from one text to the other, for `locate_along`: the heavy half of `locate_all`."""
    return Change(_folded(old_text), _folded(new_text))


def locate_along(anchors: Iterable[dict[str, Any]], change: "Change") -> list[Location]:
    """Return what `locate_all` returns for anchors made on the older text of `change`."""
    return [_located(anchor, change.new, change) for anchor in anchors]


def is_same(words: str, other: str) -> bool:
    """Return whether two passages read the same: all blanks are alike."""
    return _folded(words) == _folded(other)


def _folded(text: str) -> str:
    """Return the text with all blanks alike, offsets unchanged."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


class Change:
    """The difference of two texts as a map of positions."""

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new
        runs = diff_runs(old, new)[0]
        old_ends = accumulate(len(text) if op != "+" else 0 for op, text in runs)
        new_ends = accumulate(len(text) if op != "-" else 0 for op, text in runs)
        # (op, start and end in old, start and end in new); a run missing on a side is empty there.
        self.runs: list[tuple[str, int, int, int, int]] = []
        i = j = 0
        for (op, _), i2, j2 in zip(runs, old_ends, new_ends, strict=True):
            self.runs.append((op, i, i2, j, j2))
            i, j = i2, j2
        self._ends = [run[2] for run in self.runs]

    def image(self, start: int, end: int) -> tuple[int, int, float]:
        """Return the new range of old[start:end] and the share of its letters and digits that survived."""
        first = last = None
        surviving = 0
        for k in range(bisect_right(self._ends, start), len(self.runs)):
            op, i1, i2, j1, _ = self.runs[k]
            if i1 >= end:
                break
            low, high = max(i1, start), min(i2, end)
            if op == "+" or low >= high:
                continue
            if op == "=":
                first = j1 + low - i1 if first is None else first
                last = j1 + high - i1
                surviving += _letters(self.old[low:high])
            else:
                first = j1 if first is None else first
                # What replaced the words belongs to the range when they were replaced as a whole.
                follower = self.runs[k + 1] if k + 1 < len(self.runs) else None
                replaced = follower is not None and follower[0] == "+" and start <= i1 and i2 <= end
                last = follower[4] if replaced and follower else j1
        letters = _letters(self.old[start:end])
        return first or 0, last or 0, surviving / letters if letters else 0.0

    def keeps_company(self, start: int, end: int) -> bool:
        """Return whether some of the letters around old[start:end] survived as well, or there are none."""
        before, after = max(0, start - _CONTEXT), min(len(self.old), end + _CONTEXT)
        around = _letters(self.old[before:start]) + _letters(self.old[end:after])
        own = _letters(self.old[start:end])
        _, _, share = self.image(before, after)
        return around == 0 or share * (around + own) - own >= _COMPANY * around


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _located(anchor: dict[str, Any], new: str, change: Change | None) -> Location:
    quote = anchor["quote"]
    words = _folded(quote)
    start, end = anchor["start"], anchor["end"]
    if change is not None and change.old[start:end] == words:
        low, high, surviving = change.image(start, end)
        if new[low:high] == words and (len(words) >= _DISTINCT or change.keeps_company(start, end)):
            return Location(AnchorState.IN_PLACE, low, high, quote)
        at = _only_place(new, words) if len(words) >= _DISTINCT else None
        # The exact words beside their computed place were only cut differently by the difference.
        if at is not None and at < high and low < at + len(words):
            return Location(AnchorState.IN_PLACE, at, at + len(words), quote)
        if at is None and surviving >= _SURVIVING and new[low:high] != words:
            return _changed(new, *_whole_sentences(change, start, end, low, high), quote)
    at = _place_by_context(new, words, _folded(anchor["before"]), _folded(anchor["after"]))
    if at is not None:
        state = AnchorState.IN_PLACE if change is None and at == start else AnchorState.MOVED
        return Location(state, at, at + len(words), quote)
    if change is None:
        return _between_context(anchor, new, quote)
    return Location(AnchorState.ORPHAN, None, None, quote)


def _whole_sentences(change: Change, start: int, end: int, low: int, high: int) -> tuple[int, int]:
    """Widen new[low:high] to sentence borders at each end at which old[start:end] had one."""
    starts, ends = _sentence_borders(change.old, start, end)
    new_starts, new_ends = _sentence_borders(change.new, low, high)
    if start in starts:
        low = max((at for at in new_starts if at <= low), default=low)
    if end in ends:
        high = min((at for at in new_ends if at >= high), default=high)
    return low, high


def _sentence_borders(text: str, low: int, high: int) -> tuple[set[int], set[int]]:
    """Return where sentences start and end in the paragraphs around text[low:high]."""
    first, last = _paragraph_around(text, low, high)
    paragraph = text[first:last]
    spans = split(paragraph)
    # A sentence carries the blanks before it.
    starts = {first + end - len(paragraph[start:end].lstrip()) for start, end in spans}
    return starts, {first + start + len(paragraph[start:end].rstrip()) for start, end in spans}


def _changed(new: str, low: int, high: int, quote: str) -> Location:
    """Return the changed range without blanks at its ends, unless the quote had them too."""
    text = new[low:high]
    if not quote[0].isspace():
        low += len(text) - len(text.lstrip())
    if not quote[-1].isspace():
        high -= len(text) - len(text.rstrip())
    if low >= high:
        return Location(AnchorState.ORPHAN, None, None, quote)
    return Location(AnchorState.CHANGED, low, high, quote)


def _paragraph_around(text: str, low: int, high: int) -> tuple[int, int]:
    start = text.rfind("\n", 0, low) + 1
    end = text.find("\n", high)
    return start, len(text) if end < 0 else end


def _only_place(text: str, words: str) -> int | None:
    at = text.find(words)
    return at if at >= 0 and text.find(words, at + 1) < 0 else None


def _place_by_context(new: str, words: str, before: str, after: str) -> int | None:
    """Return the one place of the exact words; among several, or for short words, the context must agree."""
    places: list[int] = []
    at = new.find(words)
    # A quote that stands a thousand times says nothing; the bound keeps hostile texts cheap.
    while at >= 0 and len(places) < 1000:
        places.append(at)
        at = new.find(words, at + 1)
    if len(places) == 1 and len(words) >= _DISTINCT:
        return places[0]
    fitting = [
        place
        for place in places
        if before + after
        and new.endswith(before[-12:], 0, place)
        and new.startswith(after[:12], place + len(words))
    ]
    return fitting[0] if len(fitting) == 1 else None


def _between_context(anchor: dict[str, Any], new: str, quote: str) -> Location:
    """Find changed words between their unchanged context; only when both contexts stand exactly once."""
    before, after = _folded(anchor["before"]), _folded(anchor["after"])
    left, right = _only_place(new, before), _only_place(new, after)
    if before and after and left is not None and right is not None:
        low, high = left + len(before), right
        if low < high <= low + 2 * len(quote) and similarity(bag(new[low:high]), bag(quote)) >= _FUZZY:
            return _changed(new, low, high, quote)
    return Location(AnchorState.ORPHAN, None, None, quote)
