# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reads pasted HTML (browser, Word, office suites) into the document model; it is never shown as HTML."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from typing import Union

from charta.text.document import (
    LOWEST_HEADING,
    Align,
    Block,
    Document,
    Inline,
    Inlines,
    Mark,
    allowed_href,
    strong,
    tidy,
)


def _tags(names: str) -> frozenset[str]:
    return frozenset(names.split())


_SKIPPED = _tags(
    "script style head title template noscript iframe object svg math select textarea button audio video"
)
_VOID = _tags("area base br col embed hr img input link meta param source track wbr o:p")
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = _tags(
    """
    address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer
    form header hr html legend li main nav ol p pre section summary table tbody td tfoot th thead tr ul
    """
) | set(_HEADINGS)
# An opening tag ends the open elements in its set, up to the nearest element in the second set.
_ENDED_BY: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "li": (frozenset({"li"}), frozenset({"ul", "ol"})),
    "dt": (frozenset({"dt", "dd"}), frozenset({"dl"})),
    "dd": (frozenset({"dt", "dd"}), frozenset({"dl"})),
    "td": (frozenset({"td", "th"}), frozenset({"tr", "table"})),
    "th": (frozenset({"td", "th"}), frozenset({"tr", "table"})),
    "tr": (frozenset({"tr", "td", "th"}), frozenset({"table"})),
    "tbody": (frozenset({"thead", "tbody", "tr", "td", "th"}), frozenset({"table"})),
}
_CLOSES_PARAGRAPH = _BLOCKS - {"td", "th", "tr", "tbody", "li", "html", "body"}

# Deeper elements are read as if they stood directly in the deepest one allowed.
_MOST_DEPTH = 80
# Marks the end of a line inside a paragraph; two of them end the paragraph.
_LINE_END = "\ue00b"

# The declarations around the bullet that Word writes as text; every other one is a comment to us.
_WORD_SECTIONS = ("<![if !supportLists]>", "<![endif]>")
# Longer ones carry whole pictures; they keep their name only.
_LONGEST_TAG = 2_000
_WHOLE_TAG = re.compile(r"""<(/?[a-zA-Z][^\s<>"'/]*+)(?:"[^"]*+"|'[^']*+'|[^<>"'])*+>""")

_CONTROL = dict.fromkeys([*range(32), *range(0x7F, 0xA0)], " ")
_NO_MARK = re.compile(r"font-weight\s*:\s*(normal|[1-5]00)\b|font-style\s*:\s*normal\b")
_BOLD = re.compile(r"font-weight\s*:\s*(bold|bolder|[6-9]00)\b")
_ITALIC = re.compile(r"font-style\s*:\s*(italic|oblique)\b")
_WORD_LIST = re.compile(r"mso-list\s*:[^;]*\blevel(\d)")
_NUMBER = re.compile(r"\s*\(?\w{1,4}[.)]")


@dataclass
class _Node:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Union["_Node", str]] = field(default_factory=list)
    # The bullet or number that Word writes as text before a list item.
    marker: str = ""


def read_html(html: str) -> Document:
    """Return the words of `html` in the closed set of blocks and marks; never raises."""
    reader = _Reader()
    reader.feed("".join(_tamed(html.translate(_CONTROL))))
    reader.close()
    return Document(tuple(_with_word_lists(_blocks(reader.root))))


def _tamed(html: str) -> Iterator[str]:
    """Yield `html` with only whole tags left as tags, in linear time.

    The parser of the library looks for the end of a half tag or comment again and again, which takes minutes
    for a page made of them, and raises for some declarations.
    """
    at = 0
    while (start := html.find("<", at)) >= 0:
        yield html[at:start]
        if html.startswith(("<!", "<?"), start):
            end = "-->" if html.startswith("<!--", start) else ">"
            found = html.find(end, start)
            if found < 0:
                return  # browsers take the rest for a comment too
            at = found + len(end)
            if html[start:at] in _WORD_SECTIONS:
                yield html[start:at]
        elif tag := _WHOLE_TAG.match(html, start):
            yield tag.group() if len(tag.group()) <= _LONGEST_TAG else f"<{tag.group(1)}>"
            at = tag.end()
        else:
            yield "&lt;"
            at = start + 1
    yield html[at:]


class _Reader(HTMLParser):
    """Builds the tree; tolerant like a browser, but without its repairs of misnested tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = _Node("body")
        self._open = [self.root]
        self._skipped = 0
        self._in_marker = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SKIPPED:
            self._skipped += 1
        if self._skipped:
            return
        if tag in _VOID:
            self._void(tag)
            return
        self._close_implied(tag)
        node = _Node(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(node)
        if len(self._open) < _MOST_DEPTH:
            self._open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        # "<script/>" skips nothing, and a self-closed element holds nothing.
        if tag in _VOID and not self._skipped:
            self._void(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SKIPPED:
            self._skipped = max(0, self._skipped - 1)
            return
        for at in range(len(self._open) - 1, 0, -1):
            if self._open[at].tag == tag:
                del self._open[at:]
                return
            if self._open[at].tag in ("table", "td", "th") and tag not in ("table", "tr", "tbody"):
                return

    def handle_data(self, data: str) -> None:
        if self._in_marker:
            paragraph = next((node for node in reversed(self._open) if node.tag == "p"), self.root)
            paragraph.marker += data
        elif not self._skipped:
            self._open[-1].children.append(data)

    def unknown_decl(self, data: str) -> None:
        """Follow Word's conditional sections: the bullet of a list item stands between if and endif."""
        if "supportLists" in data:
            self._in_marker = True
        elif data.startswith("endif"):
            self._in_marker = False

    def _void(self, tag: str) -> None:
        if tag == "br":
            self._open[-1].children.append(_LINE_END)
        elif tag == "hr":
            self._open[-1].children.append(_Node("hr"))

    def _close_implied(self, tag: str) -> None:
        if tag in _CLOSES_PARAGRAPH and self._open[-1].tag == "p":
            self._open.pop()
        ended, bounds = _ENDED_BY.get(tag, (frozenset(), frozenset()))
        for at in range(len(self._open) - 1, 0, -1):
            if self._open[at].tag in bounds:
                return
            if self._open[at].tag in ended:
                del self._open[at:]


def _blocks(node: _Node, top: bool = True) -> Iterator[Block]:
    """Yield the blocks of an element's children; words outside of blocks form paragraphs."""
    loose: list[Inline] = []
    for child in node.children:
        if isinstance(child, str) or not _holds_blocks(child):
            loose += _inlines(child, frozenset(), None)
            continue
        yield from _paragraphs(loose)
        loose = []
        yield from _block(child, top)
    yield from _paragraphs(loose)


def _block(node: _Node, top: bool) -> Iterator[Block]:
    if node.tag in _HEADINGS:
        inlines = tidy(_flat(node))
        level = max(_HEADINGS[node.tag], LOWEST_HEADING)
        if inlines:
            yield Block("heading", inlines, level=level) if top else Block("paragraph", strong(inlines))
    elif node.tag in ("ul", "ol"):
        yield from _list(node)
    elif node.tag == "blockquote":
        children = tuple(_blocks(node, top=False))
        if children:
            yield Block("quote", items=(children,))
    elif node.tag == "table":
        yield from _table(node, top)
    elif node.tag == "p" and (found := _WORD_LIST.search(node.attributes.get("style", ""))):
        inlines = tidy(_flat(node))
        if inlines:
            # The level waits in `level` until neighbouring items are put together.
            item: tuple[Block, ...] = (Block("paragraph", inlines),)
            ordered = bool(_NUMBER.match(node.marker)) and node.marker.strip() not in ("o", "§")
            yield Block("list", ordered=ordered, items=(item,), level=int(found[1]))
    else:
        yield from _blocks(node, top)


def _list(node: _Node) -> Iterator[Block]:
    items: list[tuple[Block, ...]] = []
    for child in node.children:
        if isinstance(child, str):
            continue
        blocks = tuple(_blocks(child if child.tag == "li" else _Node("li", children=[child]), top=False))
        # Some editors put the inner list beside its item instead of inside.
        if child.tag in ("ul", "ol") and items and blocks:
            items[-1] += blocks
        elif blocks:
            items.append(blocks)
    if items:
        start = node.attributes.get("start", "1")
        first = int(start) if start.isascii() and start.isdigit() and len(start) < 9 else 1
        yield Block("list", ordered=node.tag == "ol", first_number=first, items=tuple(items))


def _table(node: _Node, top: bool) -> Iterator[Block]:
    rows = [row for row in _rows(node) if row]
    columns = max(map(len, rows), default=0)
    if columns < 2 or len(rows) < 2 or not top:
        # A table for layout: its cells are paragraphs.
        for row in rows:
            for cell in row:
                yield from _paragraphs(list(cell))
        return
    padded = tuple(row + ((),) * (columns - len(row)) for row in rows)
    no_align: Align = ""
    yield Block("table", rows=padded, aligns=(no_align,) * columns)


def _rows(node: _Node) -> Iterator[tuple[Inlines, ...]]:
    for child in node.children:
        if isinstance(child, str):
            continue
        if child.tag == "tr":
            cells = [cell for cell in child.children if isinstance(cell, _Node) and cell.tag in ("td", "th")]
            yield tuple(tidy(_line_ends_as_blanks(_flat(cell))) for cell in cells)
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from _rows(child)


def _holds_blocks(node: _Node) -> bool:
    if node.tag in _BLOCKS:
        return True
    return any(isinstance(child, _Node) and _holds_blocks(child) for child in node.children)


def _flat(node: _Node) -> Iterator[Inline]:
    for child in node.children:
        if isinstance(child, _Node) and child.tag in _BLOCKS:
            yield Inline(" ")
        yield from _inlines(child, frozenset(), None)
        if isinstance(child, _Node) and child.tag in _BLOCKS:
            yield Inline(" ")


def _inlines(node: _Node | str, marks: frozenset[Mark], href: str | None) -> Iterator[Inline]:
    if isinstance(node, str):
        yield Inline(node, marks, href)
        return
    style = node.attributes.get("style", "").lower()
    if (node.tag in ("b", "strong") and not _NO_MARK.search(style)) or _BOLD.search(style):
        marks |= {"strong"}
    if (node.tag in ("i", "em") and not _NO_MARK.search(style)) or _ITALIC.search(style):
        marks |= {"em"}
    if node.tag == "a":
        href = allowed_href(node.attributes.get("href", ""))
    for child in node.children:
        block = isinstance(child, _Node) and child.tag in _BLOCKS
        if block:
            yield Inline(" ")
        yield from _inlines(child, marks, href)
        if block:
            yield Inline(" ")


def _line_ends_as_blanks(inlines: Iterable[Inline]) -> Iterator[Inline]:
    for run in inlines:
        yield replace(run, text=run.text.replace(_LINE_END, " "))


def _paragraphs(loose: list[Inline]) -> Iterator[Block]:
    """Yield a paragraph for every stretch between two line ends that follow one another."""
    stretch: list[Inline] = []
    line_ends = 0
    for run in [*loose, Inline(_LINE_END), Inline(_LINE_END)]:
        if run.text == _LINE_END:
            line_ends += 1
            stretch.append(Inline(" "))
        elif run.text.strip():
            line_ends = 0
            stretch.append(run)
        else:
            stretch.append(run)
        if line_ends == 2:
            inlines = tidy(stretch)
            if "".join(part.text for part in inlines).strip():
                yield Block("paragraph", inlines)
            stretch = []
            line_ends = 0


def _with_word_lists(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield the blocks with the single items that Word writes put into lists by their level."""
    pending: list[Block] = []
    for block in blocks:
        if block.kind == "list" and block.level:
            pending.append(block)
            continue
        yield from _nested(pending, 1)
        pending = []
        yield block
    yield from _nested(pending, 1)


def _nested(entries: list[Block], level: int) -> Iterator[Block]:
    items: list[tuple[Block, ...]] = []
    ordered = entries[0].ordered if entries else False
    at = 0
    while at < len(entries):
        end = at + 1
        while end < len(entries) and entries[end].level > level:
            end += 1
        items.append(entries[at].items[0] + tuple(_nested(entries[at + 1 : end], level + 1)))
        at = end
    if items:
        yield Block("list", ordered=ordered, items=tuple(items))
