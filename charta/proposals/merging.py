# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Merging a proposal onto the current text, remembered by content hashes. Pure, apart from the memory.

Commands compute the merge before they take the lock; inside it the same question is answered from memory,
unless the head moved in between, and then it is computed again.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from charta.errors import InvalidInput
from charta.proposals.rules import MergeState
from charta.text import markdown
from charta.text.diff import ALGORITHM_VERSION, Comparison, compare
from charta.text.merge import MERGE_VERSION, Segment, merge3


@dataclass(frozen=True, slots=True)
class Wording:
    """A title and a body with the hash that names them."""

    title: str
    body: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class Merged:
    """What becomes of the head when the proposal is taken over; `title` and `body` only where it fits."""

    state: MergeState
    title: str
    body: str
    title_conflict: Segment | None
    segments: tuple[Segment, ...]

    @property
    def is_clean(self) -> bool:
        """Whether nothing has to be resolved by a person."""
        return self.state is not MergeState.CONFLICT

    @property
    def conflicts(self) -> list[Segment]:
        """The open questions in reading order: the title first, then the text."""
        return [
            *([self.title_conflict] if self.title_conflict else []),
            *(segment for segment in self.segments if segment.kind == "conflict"),
        ]

    def resolved(self, choices: Sequence[str]) -> tuple[str, str]:
        """Return title and body with each conflict replaced by its choice.

        Raises `InvalidInput("choices", "unresolved")` when the number of choices does not fit.
        """
        if len(choices) != len(self.conflicts):
            raise InvalidInput("choices", "unresolved")
        left = list(choices)
        title = left.pop(0) if self.title_conflict else self.title
        parts = [left.pop(0) if part.kind == "conflict" else part.text for part in self.segments]
        return title, "".join(parts)


class Memory:
    """The newest answers by key; threads share it, and a lost race only costs the work twice."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._entries: OrderedDict[object, object] = OrderedDict()
        self._guard = threading.Lock()

    def get(self, key: object) -> object | None:
        """Return what is remembered under `key`, or None."""
        with self._guard:
            if key in self._entries:
                self._entries.move_to_end(key)
            return self._entries.get(key)

    def put(self, key: object, value: object) -> None:
        """Remember `value`; the oldest entry goes when there are too many."""
        with self._guard:
            self._entries[key] = value
            self._entries.move_to_end(key)
            while len(self._entries) > self._size:
                self._entries.popitem(last=False)


_merges = Memory(512)
_comparisons = Memory(128)


def merged(base: Wording, head: Wording, proposed: Wording) -> Merged:
    """Return what the proposal makes of the head, with its merge state."""
    key = (MERGE_VERSION, base.content_hash, head.content_hash, proposed.content_hash)
    found = _merges.get(key)
    if not isinstance(found, Merged):
        found = _merge(base, head, proposed)
        _merges.put(key, found)
    return found


def _merge(base: Wording, head: Wording, proposed: Wording) -> Merged:
    title, title_conflict = _merged_title(base.title, head.title, proposed.title)
    result = merge3(base.body, head.body, proposed.body)
    if title_conflict or not result.clean:
        return Merged(MergeState.CONFLICT, title, "", title_conflict, result.segments)
    # Joined sentences may leave a blank line too many: what is stored is canonical.
    body = markdown.canonical(result.text or "")
    if (title, body) == (head.title, head.body):
        state = MergeState.ALREADY_CONTAINED
    elif base.content_hash == head.content_hash:
        state = MergeState.CLEAN
    else:
        state = MergeState.MOVED
    return Merged(state, title, body, None, result.segments)


def _merged_title(base: str, head: str, proposed: str) -> tuple[str, Segment | None]:
    if proposed in {base, head}:
        return head, None
    if head == base:
        return proposed, None
    return head, Segment("conflict", base=base, ours=head, theirs=proposed)


def compared(old: Wording, new: Wording) -> Comparison:
    """Return the comparison of two bodies for reading, remembered by their hashes."""
    key = (ALGORITHM_VERSION, old.content_hash, new.content_hash)
    found = _comparisons.get(key)
    if not isinstance(found, Comparison):
        found = compare(old.body, new.body)
        _comparisons.put(key, found)
    return found
