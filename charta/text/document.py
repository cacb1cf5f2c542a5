# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The document model: what a text may consist of, and how typed Markdown becomes it.

The closed set: headings from level 3, paragraphs, bold, italic, lists, block quotes, links (https, mailto),
footnotes, tables. Everything else is read as plain text. Writing Markdown and HTML is done elsewhere.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal
from urllib.parse import quote

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

Mark = Literal["strong", "em"]
BlockKind = Literal["heading", "paragraph", "list", "quote", "table"]
Align = Literal["", "left", "center", "right"]

LOWEST_HEADING = 3
_HIGHEST_HEADING = 6
# Deeper nesting is cut off by the parser; people do not write it, attackers do.
_MAX_NESTING = 24

_ALLOWED_HREF = re.compile(r"https://[^\s/?#]+[^\s]*|mailto:[^\s@]+@[^\s@]+", re.IGNORECASE)
# "Bürger*innen und Mieter*innen": CommonMark would take the stars for italics.
_GENDER_STAR = re.compile(r"(?<=[^\W_])\*(?=[^\W_])")
_BLANKS = re.compile(r"[ \t\n]+")


@dataclass(frozen=True)
class Inline:
    """A run of words of one look; `note` is the label of a footnote reference (then `text` is empty)."""

    text: str
    marks: frozenset[Mark] = frozenset()
    href: str | None = None
    note: str | None = None


Inlines = tuple[Inline, ...]


@dataclass(frozen=True)
class Block:
    """One block; which fields are filled depends on `kind`."""

    kind: BlockKind
    inlines: Inlines = ()
    level: int = 0
    ordered: bool = False
    first_number: int = 1
    # list: one tuple of blocks per item; quote: a single tuple
    items: tuple[tuple["Block", ...], ...] = ()
    # table: the first row is the header
    rows: tuple[tuple[Inlines, ...], ...] = ()
    aligns: tuple[Align, ...] = ()
    # Lines of the source, half open; only set on blocks of the top level.
    lines: tuple[int, int] = field(default=(0, 0), compare=False)


@dataclass(frozen=True)
class Note:
    """A footnote; `lines` are the source lines of its definition."""

    label: str
    inlines: Inlines
    lines: tuple[int, int] = field(default=(0, 0), compare=False)


@dataclass(frozen=True)
class Document:
    """Blocks in order, and the footnotes that are referred to in the order of their first reference."""

    blocks: tuple[Block, ...]
    notes: tuple[Note, ...] = ()


def parse(text: str) -> Document:
    """Read Markdown into the document model; never raises, unknown syntax stays visible as text.

    One star inside a word is a gender star and never begins italics.
    """
    # Carriage returns of a text that was not normalised would shift the line numbers of the parser.
    tokens = _Tokens(_PARSER.parse(_GENDER_STAR.sub(r"\*", text.replace("\r", " "))))
    blocks = _children(tokens, top=True)
    return _with_notes(blocks, tokens.notes)


def parse_inline(text: str) -> Inlines:
    """Read one line of Markdown without block syntax, for example a caption; without footnotes."""
    return tidy(_inlines(_PARSER.parseInline(_GENDER_STAR.sub(r"\*", text))[0].children or []))


def tidy(runs: Iterable[Inline]) -> Inlines:
    """Return the runs with blanks made single, none at either end and none just inside of a mark."""
    pieces: list[Inline] = []
    for run in runs:
        text = _BLANKS.sub(" ", run.text)
        if run.note is not None or not text:
            pieces += [run] if run.note is not None else []
            continue
        core = text.strip(" ")
        if not core:
            pieces.append(Inline(" "))
            continue
        if text[0] == " ":
            pieces.append(Inline(" "))
        pieces.append(replace(run, text=core))
        if text[-1] == " ":
            pieces.append(Inline(" "))
    return _joined(pieces)


def plain(inlines: Inlines) -> str:
    """Return the words of the runs without marks, links and footnote references."""
    return "".join(run.text for run in inlines)


def allowed_href(href: str) -> str | None:
    """Return the address in the form in which it is stored, or None when its scheme is not allowed."""
    href = quote(href.strip(), safe="%/:?#@!$&'*+,;=~-._")
    return href if _ALLOWED_HREF.fullmatch(href) else None


def _joined(pieces: list[Inline]) -> Inlines:
    """Join neighbours of one look; a blank takes what the looks on its two sides have in common."""
    joined: list[Inline] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if piece.text == " " and piece.note is None and (last is None or last.text.endswith(" ")):
            continue
        joined.append(piece)
    while joined and joined[-1].text == " ":
        joined.pop()
    for k in range(1, len(joined) - 1):
        before, after = joined[k - 1], joined[k + 1]
        if joined[k].text == " " and before.note is None and after.note is None:
            href = before.href if before.href == after.href else None
            joined[k] = Inline(" ", before.marks & after.marks, href)
    merged: list[Inline] = []
    for piece in joined:
        last = merged[-1] if merged else None
        if (
            last
            and last.note is None
            and piece.note is None
            and (last.marks, last.href) == (piece.marks, piece.href)
        ):
            merged[-1] = replace(last, text=last.text + piece.text)
        else:
            merged.append(piece)
    return tuple(merged)


class _Tokens:
    """The token stream of the parser with one place to read from, and the footnotes met so far."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self.notes: dict[str, Note] = {}

    def peek(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def next(self) -> Token:
        self._at += 1
        return self._tokens[self._at - 1]


def _children(tokens: _Tokens, top: bool = False) -> list[Block]:
    """Return the blocks of a container with neighbouring lists of one kind joined.

    Markdown tells such lists apart by their sign ("-", "*"); the canonical form has one sign only.
    """
    joined: list[Block] = []
    for block in _blocks(tokens, top):
        last = joined[-1] if joined else None
        if last is not None and last.kind == block.kind == "list" and last.ordered == block.ordered:
            lines = (last.lines[0], block.lines[1])
            joined[-1] = replace(last, items=last.items + block.items, lines=lines)
        else:
            joined.append(block)
    return joined


def _blocks(tokens: _Tokens, top: bool = False) -> Iterator[Block]:
    """Yield the blocks up to the closing token of the container, which is left in the stream."""
    while (token := tokens.peek()) is not None and token.nesting >= 0:
        tokens.next()
        lines = (token.map[0], token.map[1]) if token.map else (0, 0)
        if token.type == "heading_open":
            words = tidy(_inlines(tokens.next().children or []))
            tokens.next()
            level = min(max(int(token.tag[1]), LOWEST_HEADING), _HIGHEST_HEADING)
            if words and top:
                yield Block("heading", words, level=level, lines=lines)
            elif words:
                yield Block("paragraph", strong(words))
        elif token.type == "paragraph_open":
            words = tidy(_inlines(tokens.next().children or []))
            tokens.next()
            if words:
                yield Block("paragraph", words, lines=lines)
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            yield from _list(tokens, token, lines)
        elif token.type == "blockquote_open":
            children = tuple(_children(tokens))
            tokens.next()
            if children:
                yield Block("quote", items=(children,), lines=lines)
        elif token.type == "table_open":
            yield _table(tokens, lines)
        elif token.type == "footnote_reference_open":
            yield from _note(tokens, token, lines)


def _list(tokens: _Tokens, opening: Token, lines: tuple[int, int]) -> Iterator[Block]:
    items: list[tuple[Block, ...]] = []
    while tokens.next().type == "list_item_open":
        item = tuple(_children(tokens))
        tokens.next()
        if item:
            items.append(item)
    if items:
        ordered = opening.type == "ordered_list_open"
        first = int(opening.attrGet("start") or 1) if ordered else 1
        if ordered and opening.attrGet("start") == 0:
            first = 0
        yield Block("list", ordered=ordered, first_number=first, items=tuple(items), lines=lines)


def _table(tokens: _Tokens, lines: tuple[int, int]) -> Block:
    rows: list[tuple[Inlines, ...]] = []
    cells: list[Inlines] = []
    aligns: list[Align] = []
    while (token := tokens.next()).type != "table_close":
        if token.type == "th_open":
            style = str(token.attrGet("style") or "")
            aligns.append(next((side for side in _SIDES if style.endswith(side)), ""))
        elif token.type == "inline":
            cells.append(tidy(_inlines(token.children or [])))
        elif token.type == "tr_close":
            rows.append(tuple(cells))
            cells = []
    return Block("table", rows=tuple(rows), aligns=tuple(aligns), lines=lines)


_SIDES: tuple[Align, ...] = ("left", "center", "right")


def _note(tokens: _Tokens, opening: Token, lines: tuple[int, int]) -> Iterator[Block]:
    """Read a footnote definition; a second definition of the same label stays visible as a paragraph."""
    label = str(opening.meta["label"])
    inlines = tidy(_flat(_blocks(tokens)))
    tokens.next()
    if label in tokens.notes:
        yield Block("paragraph", _visible_note(label, inlines), lines=lines)
    else:
        tokens.notes[label] = Note(label, inlines, lines)


def _flat(blocks: Iterable[Block]) -> Iterator[Inline]:
    """Yield all words of the blocks as one run of text: a footnote is one paragraph."""
    for block in blocks:
        yield Inline(" ")
        yield from block.inlines
        for item in block.items:
            yield from _flat(item)
        for row in block.rows:
            for cell in row:
                yield Inline(" ")
                yield from cell


def _visible_note(label: str, inlines: Inlines) -> Inlines:
    return tidy((Inline(f"[^{label}]: "), *inlines))


def strong(inlines: Inlines) -> Inlines:
    """Return the runs in bold; a heading inside a list or quote becomes such a line."""
    return tidy(replace(run, marks=run.marks | {"strong"}) if run.note is None else run for run in inlines)


def _inlines(tokens: Sequence[Token]) -> Iterator[Inline]:
    marks: list[Mark] = []
    # The address of the open link, and whether it is one that may be stored.
    address, allowed, words = "", False, ""
    for token in tokens:
        look = frozenset(marks)
        if token.type == "text":
            words += token.content
            yield Inline(token.content, look, address if allowed else None)
        elif token.type in ("softbreak", "hardbreak"):
            yield Inline(" ", look, address if allowed else None)
        elif token.type in ("strong_open", "em_open"):
            marks.append("strong" if token.tag == "strong" else "em")
        elif token.type in ("strong_close", "em_close"):
            marks.reverse()
            marks.remove("strong" if token.tag == "strong" else "em")
            marks.reverse()
        elif token.type == "link_open":
            raw = str(token.attrGet("href") or "")
            stored = allowed_href(raw)
            address, allowed, words = stored or raw, stored is not None, ""
        elif token.type == "link_close":
            # An address that may not be linked, or has no words, stays readable: nothing typed disappears.
            if not words.strip():
                yield Inline(address, look, address if allowed else None)
            elif address and not allowed and words.strip() != address:
                yield Inline(f" ({address})", look)
            address, allowed = "", False
        elif token.type == "footnote_ref":
            yield Inline("", note=str(token.meta["label"]))


def _with_notes(blocks: list[Block], notes: dict[str, Note]) -> Document:
    """Number the footnotes by their first reference; definitions nobody refers to become paragraphs."""
    order: dict[str, str] = {}

    def renumbered(inlines: Inlines, inside_note: bool = False) -> Inlines:
        result: list[Inline] = []
        for run in inlines:
            if run.note is None:
                result.append(run)
            elif run.note in notes and not inside_note:
                result.append(replace(run, note=order.setdefault(run.note, str(len(order) + 1))))
            else:
                result.append(Inline(f"[^{run.note}]"))
        return tidy(result)

    def visited(block: Block) -> Block:
        return replace(
            block,
            inlines=renumbered(block.inlines),
            items=tuple(tuple(visited(child) for child in item) for item in block.items),
            rows=tuple(tuple(renumbered(cell) for cell in row) for row in block.rows),
        )

    done = [visited(block) for block in blocks] if notes else blocks
    used = tuple(
        Note(new, renumbered(notes[old].inlines, True), notes[old].lines) for old, new in order.items()
    )
    for label, note in notes.items():
        if label not in order:
            words = renumbered(_visible_note(label, note.inlines), True)
            done.append(Block("paragraph", words, lines=note.lines))
    return Document(tuple(done), used)


def _make_parser() -> MarkdownIt:
    parser = MarkdownIt("zero", {"html": False, "maxNesting": _MAX_NESTING}).use(footnote_plugin)
    parser.enable(["heading", "list", "blockquote", "table", "emphasis", "link", "escape", "newline"])
    parser.disable(["footnote_inline", "footnote_tail"])
    # Addresses are judged in `allowed_href`, so that a refused one stays readable.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    return parser


_PARSER = _make_parser()
