# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The blocks of a document as a flat list of items, and which item of one text is which of another.

Pairs whole items; the words inside them are compared elsewhere.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from charta.text import lcs
from charta.text.align import MOST_PAIRS, bag, similar_pairs, similarity
from charta.text.document import Block, Inlines, parse, plain

# The share of characters two items must have in common to be shown as one changed item.
_SAME_ITEM = 0.4
# An only child of its gap is compared with its only counterpart even when less is left of it.
_SAME_LONELY_ITEM = 0.25
# Shorter items stand everywhere and are not called moved.
_LONG_ITEM = 25
_SAME_MOVED_ITEM = 0.6
_MOST_MOVE_CANDIDATES = 60


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


@dataclass(frozen=True)
class Side:
    """Where a block stands on one side.

    `paragraph` is its Randnummer index (-1 for none), `level` the heading level or the depth of a list item
    from 0, `number` that of a numbered item or the footnote's label.
    """

    type: BlockType
    paragraph: int
    level: int = 0
    number: str = ""


@dataclass(frozen=True)
class Item:
    """A paragraph, one list item, one table row, one footnote; `cells` has one entry except for rows."""

    side: Side
    cells: tuple[Inlines, ...]
    is_first: bool = False

    @property
    def words(self) -> str:
        """The plain words, the cells of a row with a blank between them."""
        return " ".join(plain(cell) for cell in self.cells)


@dataclass(frozen=True)
class Link:
    """An old and a new item that belong together, or one alone; `partner` is the other end of a move."""

    old: int | None
    new: int | None
    partner: int | None = None


def items(text: str) -> list[Item]:
    """Return the items of a Markdown text in reading order, footnotes last."""
    document = parse(text)
    result: list[Item] = []
    paragraph = 0
    for block in document.blocks:
        numbered = block.kind != "heading"
        result += _flattened(block, paragraph if numbered else -1, 0)
        paragraph += numbered
    result += [Item(Side(BlockType.FOOTNOTE, -1, 0, note.label), (note.inlines,)) for note in document.notes]
    return result


def aligned(old: list[Item], new: list[Item]) -> Iterator[Link]:
    """Yield the links in reading order; equal items are found first, then moves, then similar items."""
    ids_old, ids_new = lcs.number(
        [(item.side.type, item.cells) for item in old], [(item.side.type, item.cells) for item in new]
    )
    equal = _firmly_equal(ids_old, ids_new)
    words_old, words_new = [item.words for item in old], [item.words for item in new]
    moved = _moved(words_old, words_new, equal)
    pairs = sorted([*equal, *_changed(words_old, words_new, equal, moved)])
    pairs_moved = _moved_and_edited(words_old, words_new, pairs, moved)
    to_new = moved | pairs_moved
    to_old = {j: i for i, j in to_new.items()}
    i = j = 0
    for next_i, next_j in [*pairs, (len(old), len(new))]:
        for alone in range(i, next_i):
            yield Link(alone, None, to_new.get(alone))
        for alone in range(j, next_j):
            yield Link(None, alone, to_old.get(alone))
        if next_i < len(old):
            yield Link(next_i, next_j)
        i, j = next_i + 1, next_j + 1


def _firmly_equal(old: list[int], new: list[int]) -> list[tuple[int, int]]:
    """Return pairs of equal items: those at both ends, and all in order when there are too many to weigh.

    In a text of usual length the similar and the equal items between the ends are weighed against each other,
    so that one moved paragraph does not tear apart everything it was moved over.
    """
    pairs = lcs.matches(old, new) or []
    head = 0
    while head < len(pairs) and pairs[head] == (head, head):
        head += 1
    tail = 0
    while tail < len(pairs) - head and pairs[-1 - tail] == (len(old) - 1 - tail, len(new) - 1 - tail):
        tail += 1
    if (len(old) - head - tail) * (len(new) - head - tail) > MOST_PAIRS:
        return pairs
    return pairs[:head] + pairs[len(pairs) - tail :]


def _flattened(block: Block, paragraph: int, depth: int) -> Iterator[Item]:
    if block.kind == "heading":
        yield Item(Side(BlockType.HEADING, paragraph, block.level), (block.inlines,))
    elif block.kind == "paragraph":
        yield Item(Side(BlockType.PARAGRAPH, paragraph, depth), (block.inlines,))
    elif block.kind == "quote":
        for child in block.items[0]:
            for item in _flattened(child, paragraph, depth):
                if item.side.type == BlockType.PARAGRAPH:
                    item = replace(item, side=replace(item.side, type=BlockType.QUOTE))
                yield item
    elif block.kind == "list":
        yield from _list_items(block, paragraph, depth)
    else:
        for position, row in enumerate(block.rows):
            kind = BlockType.TABLE_ROW if position else BlockType.TABLE_HEADER
            yield Item(Side(kind, paragraph), row)


def _list_items(block: Block, paragraph: int, depth: int) -> Iterator[Item]:
    kind = BlockType.NUMBERED_ITEM if block.ordered else BlockType.BULLET_ITEM
    for number, children in enumerate(block.items, block.first_number):
        for position, child in enumerate(children):
            if position == 0 and child.kind == "paragraph":
                label = str(number) if block.ordered else ""
                yield Item(
                    Side(kind, paragraph, depth, label),
                    (child.inlines,),
                    is_first=number == block.first_number,
                )
            else:
                yield from _flattened(child, paragraph, depth + 1)


def _moved(old: list[str], new: list[str], equal: list[tuple[int, int]]) -> dict[int, int]:
    """Return old -> new for long items that stand once on each side, word for word, but in another place."""
    done_old, done_new = {i for i, _ in equal}, {j for _, j in equal}
    once = {words for words, count in Counter(old).items() if count == 1}
    once &= {words for words, count in Counter(new).items() if count == 1}
    places = {words: j for j, words in enumerate(new) if words in once and j not in done_new}
    candidates = [(i, places[words]) for i, words in enumerate(old) if words in places and i not in done_old]
    # What stands in order with the equal items around it, and most of the rest, has not moved.
    settled = [(i, j) for i, j in candidates if all((i < a) == (j < b) for a, b in equal)]
    staying = _heaviest_chain(settled, [len(old[i]) for i, _ in settled])
    return {i: j for i, j in candidates if (i, j) not in staying and len(old[i]) >= _LONG_ITEM}


def _heaviest_chain(pairs: list[tuple[int, int]], weights: list[int]) -> set[tuple[int, int]]:
    """Return the pairs, rising in both places, that carry the greatest weight together."""
    if len(pairs) > _MOST_MOVE_CANDIDATES:
        return set()
    best: list[tuple[int, int]] = []
    for k, (_, j) in enumerate(pairs):
        before = [(best[m][0], m) for m in range(k) if pairs[m][1] < j]
        weight, previous = max(before, default=(0, -1))
        best.append((weight + weights[k], previous))
    chain: set[tuple[int, int]] = set()
    at = max(range(len(best)), key=lambda k: best[k][0], default=-1)
    while at >= 0:
        chain.add(pairs[at])
        at = best[at][1]
    return chain


def _changed(
    old: list[str], new: list[str], equal: list[tuple[int, int]], moved: dict[int, int]
) -> Iterator[tuple[int, int]]:
    moved_here = set(moved.values())
    i = j = 0
    for next_i, next_j in [*equal, (len(old), len(new))]:
        rest_old = [k for k in range(i, next_i) if k not in moved]
        rest_new = [k for k in range(j, next_j) if k not in moved_here]
        lonely = len(rest_old) == len(rest_new) == 1
        threshold = _SAME_LONELY_ITEM if lonely else _SAME_ITEM
        for a, b in similar_pairs([old[k] for k in rest_old], [new[k] for k in rest_new], threshold):
            yield rest_old[a], rest_new[b]
        i, j = next_i + 1, next_j + 1


def _moved_and_edited(
    old: list[str], new: list[str], pairs: list[tuple[int, int]], moved: dict[int, int]
) -> dict[int, int]:
    """Return old -> new for long items without a counterpart that are similar over any distance."""
    done_old = {i for i, _ in pairs} | set(moved)
    done_new = {j for _, j in pairs} | set(moved.values())
    rest_old = [i for i, words in enumerate(old) if i not in done_old and len(words) >= _LONG_ITEM]
    rest_new = [j for j, words in enumerate(new) if j not in done_new and len(words) >= _LONG_ITEM]
    if max(len(rest_old), len(rest_new)) > _MOST_MOVE_CANDIDATES:
        return {}
    bags_new = {j: bag(new[j]) for j in rest_new}
    found: dict[int, int] = {}
    for i in rest_old:
        own = bag(old[i])
        scored = [(similarity(own, theirs), -j) for j, theirs in bags_new.items() if j not in found.values()]
        best, j = max(scored, default=(0.0, 0))
        if best >= _SAME_MOVED_ITEM:
            found[i] = -j
    return found
