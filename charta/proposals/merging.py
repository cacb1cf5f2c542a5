# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Merging a proposal onto the current text, remembered by content hashes. Pure, apart from the memory.

Commands compute the merge before they take the lock; inside it the same question is answered from memory,
unless the head moved in between, and then it is computed again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from charta.errors import InvalidInput
from charta.proposals.rules import MergeState
from charta.sections.texts import Memo, Prepared, prepare
from charta.text.merge import MERGE_VERSION, Segment, merge3


@dataclass(frozen=True, slots=True)
class Wording:
    """A title and a body with the hash that names them."""

    title: str
    body: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class Merged:
    """What becomes of the head when the proposal is taken over; `body` and its hash only where it fits.

    Most merges are only asked for their state: the text is made canonical when somebody wants it.
    """

    state: MergeState
    joined_title: str
    joined_body: str
    title_conflict: Segment | None
    segments: tuple[Segment, ...]

    @property
    def title(self) -> str:
        """The title as it would be stored; of an overlap the present one."""
        return self._ready.title if self.is_clean else self.joined_title

    @property
    def body(self) -> str:
        """The body as it would be stored, "" for an overlap."""
        return self._ready.body if self.is_clean else ""

    @property
    def content_hash(self) -> str:
        """The hash of title and body, "" for an overlap."""
        return self._ready.content_hash if self.is_clean else ""

    @property
    def _ready(self) -> Prepared:
        # Joined sentences may leave a blank line too many: what is stored is canonical.
        return prepare(self.joined_title, self.joined_body)

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


_merges: Memo[Merged] = Memo(512)


def merged(base: Wording, head: Wording, proposed: Wording) -> Merged:
    """Return what the proposal makes of the head, with its merge state."""
    key = (MERGE_VERSION, base.content_hash, head.content_hash, proposed.content_hash)
    found = _merges.get(key)
    return found if found is not None else _merges.keep(key, _merge(base, head, proposed))


def _merge(base: Wording, head: Wording, proposed: Wording) -> Merged:
    title, title_conflict = _merged_title(base.title, head.title, proposed.title)
    result = merge3(base.body, head.body, proposed.body)
    if title_conflict or not result.clean:
        return Merged(MergeState.CONFLICT, title, "", title_conflict, result.segments)
    body = result.text or ""
    if _is_contained(title, body, head):
        state = MergeState.ALREADY_CONTAINED
    elif base.content_hash == head.content_hash:
        state = MergeState.CLEAN
    else:
        state = MergeState.MOVED
    return Merged(state, title, body, None, result.segments)


def _is_contained(title: str, body: str, head: Wording) -> bool:
    """Whether the head would stay as it is; other words are told apart without making the text canonical."""
    if title != head.title or body.split() != head.body.split():
        return False
    return prepare(title, body).content_hash == head.content_hash


def _merged_title(base: str, head: str, proposed: str) -> tuple[str, Segment | None]:
    if proposed in {base, head}:
        return head, None
    if head == base:
        return proposed, None
    return head, Segment("conflict", base=base, ours=head, theirs=proposed)
