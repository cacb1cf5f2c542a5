# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the composed pages cut out and count: an excerpt of a changed paragraph, the place of today. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from charta.text import sentences
from charta.text.diff import Block, BlockKind, BlockType, Comparison

EXCERPT_MAX = 320
WORTH_SHOWING = 20
_READABLE = frozenset(
    {BlockType.PARAGRAPH, BlockType.BULLET_ITEM, BlockType.NUMBERED_ITEM, BlockType.QUOTE}
)  # a heading or the row of a table says little alone


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of an excerpt; `is_new` when a proposal brought them."""

    text: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A paragraph of a text, shortened to whole sentences; `paragraph` counts in its section from 0."""

    paragraph: int
    pieces: tuple[Piece, ...]
    cut_before: bool
    cut_after: bool


def most_telling(comparison: Comparison) -> Excerpt | None:
    """Return the paragraph that gained most words, its new words marked; None when nothing was added."""
    candidates = [
        block
        for block in comparison.blocks
        if block.new is not None
        and block.new.paragraph >= 0
        and block.new.type in _READABLE
        and block.kind is not BlockKind.UNCHANGED
    ]
    # Best shows an edited paragraph, because new words among old ones explain themselves; then a new one.
    best = max(candidates, key=lambda block: (_is_edited(block), _gained(block)), default=None)
    if best is None or best.new is None or not _gained(best):
        return None
    return _excerpt(best, best.new.paragraph)


def _is_edited(block: Block) -> bool:
    return block.kind is BlockKind.CHANGED and _gained(block) >= WORTH_SHOWING


def _gained(block: Block) -> int:
    return sum(len(run.text) for run in block.runs if run.op == "+")


def _excerpt(block: Block, paragraph: int) -> Excerpt:
    pieces = _joined(Piece(run.text, run.op == "+") for run in block.runs if run.op != "-" and run.text)
    text = "".join(piece.text for piece in pieces)
    start, end = _window(text, pieces)
    return Excerpt(
        paragraph, tuple(_cut(pieces, start, end)), bool(text[:start].strip()), bool(text[end:].strip())
    )


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Join neighbours of one kind; a blank counts as new between two new words only, never at their edge."""
    parts = list(_trimmed(pieces))
    joined: list[Piece] = []
    for at, piece in enumerate(parts):
        is_new = piece.is_new
        if not piece.text.strip():
            is_new = 0 < at < len(parts) - 1 and parts[at - 1].is_new and parts[at + 1].is_new
        if joined and joined[-1].is_new == is_new:
            joined[-1] = Piece(joined[-1].text + piece.text, is_new)
        else:
            joined.append(Piece(piece.text, is_new))
    return joined


def _trimmed(pieces: Iterable[Piece]) -> Iterable[Piece]:
    """Split the blanks off the edges of new words, so that no mark begins or ends with one."""
    for piece in pieces:
        if not piece.is_new or not piece.text.strip():
            yield piece
            continue
        words = piece.text.strip()
        before, after = piece.text.split(words, 1)
        yield from (
            part for part in (Piece(before, False), Piece(words, True), Piece(after, False)) if part.text
        )


def _window(text: str, pieces: list[Piece]) -> tuple[int, int]:
    """Return the span of whole sentences around the first new words, within `EXCERPT_MAX` where that fits."""
    if len(text) <= EXCERPT_MAX:
        return 0, len(text)
    first_new = 0
    for piece in pieces:
        if piece.is_new:
            break
        first_new += len(piece.text)
    spans = sentences.split(text)
    at = next(index for index, (_start, end) in enumerate(spans) if end > first_new)
    start, end = spans[at]
    if at and end - spans[at - 1][0] <= EXCERPT_MAX:
        start = spans[at - 1][0]
    for _next_start, next_end in spans[at + 1 :]:
        if next_end - start > EXCERPT_MAX:
            break
        end = next_end
    shown = text[start:end]
    return start + len(shown) - len(shown.lstrip()), end - (len(shown) - len(shown.rstrip()))


def _cut(pieces: list[Piece], start: int, end: int) -> Iterable[Piece]:
    at = 0
    for piece in pieces:
        part = piece.text[max(start - at, 0) : max(end - at, 0)]
        at += len(piece.text)
        if part:
            yield Piece(part, piece.is_new)


def elapsed_percent(start: datetime, end: datetime, now: datetime) -> int:
    """Return how much of a span of time is over, from 4 to 96: the mark of today stays inside its phase."""
    whole = (end - start).total_seconds()
    share = (now - start).total_seconds() / whole if whole > 0 else 0.5
    return round(min(max(share, 0.04), 0.96) * 100)
