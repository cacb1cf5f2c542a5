# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Anchors: where a passage of one revision stands in another one; never on wrong words."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

_CONTEXT = 32


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
    # The words the anchor was set on, to be shown when they are gone.
    quote: str


def make_anchor(text: str, start: int, end: int) -> dict[str, Any]:
    """Return a JSON-ready anchor for text[start:end]: position, quote and 32 characters around it.

    Raises ValueError when the range is empty or outside the text.
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

    With `old_text`, the text the anchor was made on, the place is found through the difference of both.
    """
    found = locate(anchor, new_text, old_text)
    return None if found.start is None or found.end is None else (found.start, found.end)


def locate(anchor: dict[str, Any], new_text: str, old_text: str | None = None) -> Location:
    """Return where the anchored words stand in `new_text` and what happened to them."""
    quote = anchor["quote"]
    if new_text[anchor["start"] : anchor["end"]] == quote:
        return Location(AnchorState.IN_PLACE, anchor["start"], anchor["end"], quote)
    if new_text.count(quote) == 1:
        at = new_text.index(quote)
        return Location(AnchorState.MOVED, at, at + len(quote), quote)
    return Location(AnchorState.ORPHAN, None, None, quote)
