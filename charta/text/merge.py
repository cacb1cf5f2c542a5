# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Three-way merge by sentences with explicit conflicts; it never guesses and never drops words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


# Recorded with every merged revision; raise it when a result can change.
MERGE_VERSION = 1


@dataclass(frozen=True)
class Segment:
    """A piece of a merged text: settled text, or a conflict with its three sides and a proposal."""

    kind: Literal["text", "conflict"]
    text: str = ""
    base: str = ""
    ours: str = ""
    theirs: str = ""
    # The word-level merge of the three sides, only where it is unambiguous. A person decides.
    suggestion: str | None = None


@dataclass(frozen=True)
class MergeResult:
    """The outcome of a merge; `text` is None unless `clean`."""

    clean: bool
    text: str | None
    segments: tuple[Segment, ...]


def merge3(base: str, ours: str, theirs: str) -> MergeResult:
    """Merge two edits of `base`; sentences changed on both sides become conflicts.

    >>> merge3("A ist. B ist. C ist.", "A war. B ist. C ist.", "A ist. B ist. C wird.").text
    'A war. B ist. C wird.'
    """
    if ours == theirs or theirs == base:
        return _result([Segment("text", text=ours)])
    if ours == base:
        return _result([Segment("text", text=theirs)])
    return _result([Segment("conflict", base=base, ours=ours, theirs=theirs)])


def resolve(result: MergeResult, choices: Sequence[str]) -> str:
    """Return the text of `result` with the conflicts replaced by `choices`, in order.

    Raises ValueError when the number of choices is not the number of conflicts.
    """
    conflicts = sum(segment.kind == "conflict" for segment in result.segments)
    if conflicts != len(choices):
        raise ValueError(f"{len(choices)} choices for {conflicts} conflicts")
    chosen = iter(choices)
    return "".join(segment.text if segment.kind == "text" else next(chosen) for segment in result.segments)


def _result(segments: list[Segment]) -> MergeResult:
    clean = all(segment.kind == "text" for segment in segments)
    text = "".join(segment.text for segment in segments) if clean else None
    return MergeResult(clean, text, tuple(segments))
