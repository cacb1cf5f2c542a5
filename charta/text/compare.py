# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Compares two texts block by block for reading: formatted words, moves, and names for changes of structure.

The view model of the inline and the side-by-side view; JSON-ready. Never shows Markdown signs.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from charta.text import lcs
from charta.text.document import Inline, Inlines, plain
from charta.text.formatted import Op, cell_difference
from charta.text.items import BlockType, Item, Side, aligned, items
from charta.text.tokens import tokens


class BlockKind(StrEnum):
    """What happened to a block."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    INSERTED = "inserted"
    DELETED = "deleted"
    MOVED = "moved"


class Structure(StrEnum):
    """A change that is not a change of words; the words for it are translated elsewhere."""

    NOW_PARAGRAPH = "now_paragraph"
    NOW_HEADING = "now_heading"
    NOW_BULLET_LIST = "now_bullet_list"
    NOW_NUMBERED_LIST = "now_numbered_list"
    NOW_QUOTE = "now_quote"
    NOW_TABLE = "now_table"
    NOW_FOOTNOTE = "now_footnote"
    HEADING_LEVEL = "heading_level"
    INDENTATION = "indentation"
    NUMBERING = "numbering"
    FORMATTING = "formatting"
    LINK = "link"
    FOOTNOTE_REFERENCE = "footnote_reference"
    COLUMNS = "columns"


@dataclass(frozen=True)
class Run:
    """Words of one look and one fate; `note` is the number of a footnote reference (then `text` is empty)."""

    op: Op
    text: str
    marks: frozenset[str] = frozenset()
    href: str | None = None
    note: str | None = None


Cell = tuple[Run, ...]


@dataclass(frozen=True)
class Block:
    """One aligned block; `old` or `new` is None where it does not exist on that side.

    `cells` holds the runs of both sides: one cell per table column, otherwise exactly one cell.
    A move appears twice: at its old place (`new` is None) and at its new place, with all changes and with
    `old` telling where it stood. `partner` is the position of the other end in `Comparison.blocks`.
    """

    kind: BlockKind
    old: Side | None
    new: Side | None
    cells: tuple[Cell, ...]
    structure: tuple[Structure, ...] = ()
    partner: int | None = None
    # The look of unchanged words on the old side, where it differs from the new one.
    old_cells: tuple[Cell, ...] | None = None

    @property
    def runs(self) -> Cell:
        """All runs of all cells, for blocks that are not table rows."""
        return tuple(run for cell in self.cells for run in cell)

    @property
    def old_side(self) -> tuple[Cell, ...]:
        """The cells of the old side: unchanged and deleted words."""
        cells = self.cells if self.old_cells is None else self.old_cells
        return tuple(tuple(run for run in cell if run.op != "+") for cell in cells)

    @property
    def new_side(self) -> tuple[Cell, ...]:
        """The cells of the new side: unchanged and inserted words."""
        return tuple(tuple(run for run in cell if run.op != "-") for cell in self.cells)


@dataclass(frozen=True)
class Comparison:
    """The aligned blocks in reading order, and the words inserted and deleted; moved words are neither."""

    blocks: tuple[Block, ...]
    words_inserted: int
    words_deleted: int
    coarse: bool = False

    @property
    def is_unchanged(self) -> bool:
        """Whether a reader would see no difference."""
        return all(block.kind == BlockKind.UNCHANGED for block in self.blocks)

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison as plain JSON values; `from_dict` is the way back."""
        return {
            "blocks": [_block_to_dict(block) for block in self.blocks],
            "words_inserted": self.words_inserted,
            "words_deleted": self.words_deleted,
            "coarse": self.coarse,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Comparison":
        """Return the comparison that `to_dict` was called on."""
        blocks = tuple(_block_from_dict(block) for block in data["blocks"])
        return cls(blocks, data["words_inserted"], data["words_deleted"], data["coarse"])


def compare(old: str, new: str) -> Comparison:
    """Return the comparison of two Markdown texts for people to read.

    >>> found = compare("Die Frist ist 2030.", "Die **Frist** ist 2035.")
    >>> [
    ...     (run.op, run.text, sorted(run.marks)) for run in found.blocks[0].runs
    ... ]  # doctest: +NORMALIZE_WHITESPACE
    [('=', 'Die ', []), ('=', 'Frist', ['strong']), ('=', ' ist ', []),
     ('-', '2030', []), ('+', '2035', []), ('=', '.', [])]
    >>> [str(code) for code in found.blocks[0].structure]
    ['formatting']
    """
    old_items, new_items = items(old), items(new)
    blocks: list[Block] = []
    ends: dict[tuple[int, int], list[int]] = {}
    coarse = False
    for link in aligned(old_items, new_items):
        before = None if link.old is None else old_items[link.old]
        after = None if link.new is None else new_items[link.new]
        if link.partner is not None:
            pair = (link.partner, link.new) if link.old is None else (link.old, link.partner)
            ends.setdefault((pair[0] or 0, pair[1] or 0), []).append(len(blocks))
        if link.partner is not None and before is not None:
            blocks.append(Block(BlockKind.MOVED, before.side, None, _cells(before, "=")))
        elif link.partner is not None and after is not None:
            block, block_coarse = _both(old_items[link.partner], after)
            blocks.append(replace(block, kind=BlockKind.MOVED))
            coarse = coarse or block_coarse
        elif before is not None and after is not None:
            block, block_coarse = _both(before, after)
            blocks.append(block)
            coarse = coarse or block_coarse
        elif before is not None:
            blocks.append(Block(BlockKind.DELETED, before.side, None, _cells(before, "-")))
        elif after is not None:
            blocks.append(Block(BlockKind.INSERTED, None, after.side, _cells(after, "+")))
    for one, other in ends.values():
        blocks[one], blocks[other] = replace(blocks[one], partner=other), replace(blocks[other], partner=one)
    return Comparison(tuple(blocks), _words(blocks, "+"), _words(blocks, "-"), coarse)


def _words(blocks: list[Block], op: Op) -> int:
    edited = [run.text for block in blocks for run in block.runs if run.op == op]
    return sum(token[0].isalnum() for text in edited for token in tokens(text))


def _cells(item: Item, op: Op) -> tuple[Cell, ...]:
    return tuple(tuple(_run(op, inline) for inline in cell) for cell in item.cells)


def _run(op: Op, inline: Inline) -> Run:
    return Run(op, inline.text, frozenset(inline.marks), inline.href, inline.note)


def _both(old: Item, new: Item) -> tuple[Block, bool]:
    """Return the block for two versions of one item, and whether it is coarse."""
    structure = _structure(old, new)
    if old.cells == new.cells:
        kind = BlockKind.CHANGED if structure else BlockKind.UNCHANGED
        return Block(kind, old.side, new.side, _cells(new, "="), structure), False
    cells: list[Cell] = []
    old_cells: list[Cell] = []
    codes: set[Structure] = set(structure)
    coarse = False
    for a, b in _aligned_cells(old.cells, new.cells):
        difference = cell_difference(a, b)
        cells.append(tuple(Run(op, *look) for op, look in difference.runs))
        old_cells.append(tuple(Run(op, *look) for op, look in difference.old_runs))
        codes |= {Structure(code) for code in difference.codes}
        coarse = coarse or difference.coarse
    changed = codes or any(run.op != "=" for cell in cells for run in cell)
    block = Block(
        BlockKind.CHANGED if changed else BlockKind.UNCHANGED,
        old.side,
        new.side,
        tuple(cells),
        tuple(code for code in Structure if code in codes),
        old_cells=None if old_cells == cells else tuple(old_cells),
    )
    return block, coarse


def _structure(old: Item, new: Item) -> tuple[Structure, ...]:
    codes: list[Structure] = []
    if old.side.type != new.side.type:
        now = _NOW[new.side.type]
        if _NOW[old.side.type] != now:
            codes.append(now)
    elif old.side.level != new.side.level:
        codes.append(Structure.HEADING_LEVEL if new.side.type == BlockType.HEADING else Structure.INDENTATION)
    elif old.is_first and new.is_first and old.side.number != new.side.number:
        codes.append(Structure.NUMBERING)
    if len(old.cells) != len(new.cells):
        codes.append(Structure.COLUMNS)
    return tuple(codes)


_NOW = {
    BlockType.PARAGRAPH: Structure.NOW_PARAGRAPH,
    BlockType.HEADING: Structure.NOW_HEADING,
    BlockType.BULLET_ITEM: Structure.NOW_BULLET_LIST,
    BlockType.NUMBERED_ITEM: Structure.NOW_NUMBERED_LIST,
    BlockType.QUOTE: Structure.NOW_QUOTE,
    BlockType.TABLE_HEADER: Structure.NOW_TABLE,
    BlockType.TABLE_ROW: Structure.NOW_TABLE,
    BlockType.FOOTNOTE: Structure.NOW_FOOTNOTE,
}


def _aligned_cells(old: tuple[Inlines, ...], new: tuple[Inlines, ...]) -> Iterator[tuple[Inlines, Inlines]]:
    """Yield the cells of two rows side by side; with different column counts equal cells find each other."""
    if len(old) == len(new):
        yield from zip(old, new, strict=True)
        return
    ids_old, ids_new = lcs.number([plain(cell) for cell in old], [plain(cell) for cell in new])
    i = j = 0
    for next_i, next_j in [*(lcs.matches(ids_old, ids_new) or []), (len(old), len(new))]:
        while i < next_i or j < next_j:
            yield (old[i] if i < next_i else ()), (new[j] if j < next_j else ())
            i, j = min(i + 1, next_i), min(j + 1, next_j)
        if next_i < len(old):
            yield old[next_i], new[next_j]
        i, j = next_i + 1, next_j + 1


def _block_to_dict(block: Block) -> dict[str, Any]:
    return {
        "kind": block.kind.value,
        "old": None if block.old is None else asdict(block.old),
        "new": None if block.new is None else asdict(block.new),
        "cells": _cells_to_list(block.cells),
        "structure": [code.value for code in block.structure],
        "partner": block.partner,
        "old_cells": None if block.old_cells is None else _cells_to_list(block.old_cells),
    }


def _cells_to_list(cells: tuple[Cell, ...]) -> list[Any]:
    return [[[run.op, run.text, sorted(run.marks), run.href, run.note] for run in cell] for cell in cells]


def _cells_from_list(cells: list[Any]) -> tuple[Cell, ...]:
    return tuple(
        tuple(Run(op, text, frozenset(marks), href, note) for op, text, marks, href, note in cell)
        for cell in cells
    )


def _block_from_dict(data: dict[str, Any]) -> Block:
    sides = [
        None if side is None else Side(**{**side, "type": BlockType(side["type"])})
        for side in (data["old"], data["new"])
    ]
    return Block(
        BlockKind(data["kind"]),
        sides[0],
        sides[1],
        _cells_from_list(data["cells"]),
        tuple(Structure(code) for code in data["structure"]),
        data["partner"],
        None if data["old_cells"] is None else _cells_from_list(data["old_cells"]),
    )
