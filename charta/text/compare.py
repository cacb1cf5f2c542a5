# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Compares two texts block by block for reading: formatted words, moves, and names for changes of structure.

The view model of the inline and the side-by-side view; JSON-ready. Never shows Markdown signs.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, Literal

from charta.text import lcs
from charta.text.document import Block as DocumentBlock
from charta.text.document import Inline, Inlines, parse
from charta.text.tokens import tokens
from charta.text.words import Span, spans_of, token_spans

Op = Literal["=", "-", "+"]


class BlockKind(StrEnum):
    """What happened to a block."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    INSERTED = "inserted"
    DELETED = "deleted"
    MOVED = "moved"


class BlockType(StrEnum):
    """What a block is on one side."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    BULLET_ITEM = "bullet_item"
    NUMBERED_ITEM = "numbered_item"
    QUOTE = "quote"
    TABLE_HEADER = "table_header"
    TABLE_ROW = "table_row"
    FOOTNOTE = "footnote"


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
class Side:
    """Where a block stands on one side: `paragraph` is its Randnummer index (-1 for none), `level` the heading
    level or the depth of a list item from 0, `number` the number of a numbered item or the footnote's label."""

    type: BlockType
    paragraph: int
    level: int = 0
    number: str = ""


@dataclass(frozen=True)
class Block:
    """One aligned block. `old` or `new` is None where the block does not exist on that side.

    `cells` holds the runs of both sides: one cell per table column, otherwise exactly one cell.
    A move appears twice, at its old place (`new` is None) and at its new place (with all changes); `partner`
    is the position of the other end in `Comparison.blocks`.
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
    """The aligned blocks in reading order, and how many words were inserted and deleted (moves count none)."""

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


@dataclass(frozen=True)
class _Item:
    """A block of one side, flattened: a paragraph, one list item, one table row, one footnote."""

    side: Side
    cells: tuple[Inlines, ...]

    @property
    def key(self) -> tuple[BlockType, tuple[Inlines, ...]]:
        return self.side.type, self.cells


def compare(old: str, new: str) -> Comparison:
    """Return the comparison of two Markdown texts for people to read.

    >>> found = compare("Die Frist ist 2030.\\n", "Die **Frist** ist 2035.\\n")
    >>> [
    ...     (run.op, run.text, sorted(run.marks)) for run in found.blocks[0].runs
    ... ]  # doctest: +NORMALIZE_WHITESPACE
    [('=', 'Die ', []), ('=', 'Frist', ['strong']), ('=', ' ist ', []),
     ('-', '2030', []), ('+', '2035', []), ('=', '.', [])]
    >>> [str(code) for code in found.blocks[0].structure]
    ['formatting']
    """
    old_items, new_items = list(_items(old)), list(_items(new))
    ids_old, ids_new = lcs.number([i.key for i in old_items], [i.key for i in new_items])
    pairs = lcs.matches(ids_old, ids_new) or []
    blocks: list[Block] = []
    for i, j in _aligned(old_items, new_items, pairs):
        if i is None and j is not None:
            blocks.append(_one_sided(new_items[j], "+"))
        elif j is None and i is not None:
            blocks.append(_one_sided(old_items[i], "-"))
        elif i is not None and j is not None:
            blocks.append(_both(old_items[i], new_items[j]))
    words = [(run.op, len([t for t in tokens(run.text) if t[0].isalnum()])) for b in blocks for run in b.runs]
    return Comparison(
        tuple(blocks), sum(n for op, n in words if op == "+"), sum(n for op, n in words if op == "-")
    )


def _aligned(
    old: list[_Item], new: list[_Item], pairs: list[tuple[int, int]]
) -> Iterator[tuple[int | None, int | None]]:
    i = j = 0
    for next_i, next_j in [*pairs, (len(old), len(new))]:
        while i < next_i or j < next_j:
            yield (i if i < next_i else None, j if j < next_j else None)
            i, j = min(i + 1, next_i), min(j + 1, next_j)
        if next_i < len(old):
            yield i, j
            i, j = i + 1, j + 1


def _items(text: str) -> Iterator[_Item]:
    document = parse(text)
    paragraph = 0
    for block in document.blocks:
        numbered = block.kind != "heading"
        yield from _flattened(block, paragraph if numbered else -1, 0)
        paragraph += numbered
    for note in document.notes:
        yield _Item(Side(BlockType.FOOTNOTE, -1, 0, note.label), (note.inlines,))


def _flattened(block: DocumentBlock, paragraph: int, depth: int) -> Iterator[_Item]:
    if block.kind == "heading":
        yield _Item(Side(BlockType.HEADING, paragraph, block.level), (block.inlines,))
    elif block.kind == "paragraph":
        yield _Item(Side(BlockType.PARAGRAPH, paragraph, depth), (block.inlines,))
    elif block.kind == "quote":
        for child in block.items[0]:
            for item in _flattened(child, paragraph, depth):
                plain = item.side.type == BlockType.PARAGRAPH
                yield replace(item, side=replace(item.side, type=BlockType.QUOTE)) if plain else item
    elif block.kind == "list":
        kind = BlockType.NUMBERED_ITEM if block.ordered else BlockType.BULLET_ITEM
        for number, item_blocks in enumerate(block.items, block.first_number):
            for position, child in enumerate(item_blocks):
                if position == 0 and child.kind == "paragraph":
                    label = str(number) if block.ordered else ""
                    yield _Item(Side(kind, paragraph, depth, label), (child.inlines,))
                else:
                    yield from _flattened(child, paragraph, depth + 1)
    else:
        for position, row in enumerate(block.rows):
            kind = BlockType.TABLE_ROW if position else BlockType.TABLE_HEADER
            yield _Item(Side(kind, paragraph), row)


def _one_sided(item: _Item, op: Op) -> Block:
    cells = tuple(tuple(_run(inline, op) for inline in cell) for cell in item.cells)
    if op == "+":
        return Block(BlockKind.INSERTED, None, item.side, cells)
    return Block(BlockKind.DELETED, item.side, None, cells)


def _run(inline: Inline, op: Op) -> Run:
    return Run(op, inline.text, frozenset(inline.marks), inline.href, inline.note)


def _both(old: _Item, new: _Item) -> Block:
    if old.cells == new.cells:
        cells = tuple(tuple(_run(inline, "=") for inline in cell) for cell in new.cells)
        return Block(BlockKind.UNCHANGED, old.side, new.side, cells)
    cells = tuple(
        (*(_run(x, "-") for x in a), *(_run(x, "+") for x in b))
        for a, b in zip(old.cells, new.cells, strict=False)
    )
    return Block(BlockKind.CHANGED, old.side, new.side, cells)


def _block_to_dict(block: Block) -> dict[str, Any]:
    return {}


def _block_from_dict(data: dict[str, Any]) -> Block:
    raise NotImplementedError
