# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""HTML and plain words of a text; the only place where user text becomes HTML."""

import re
from collections.abc import Iterable
from itertools import groupby

import nh3
from markupsafe import Markup, escape

from charta.text.document import Block, Document, Inline, Inlines, parse, plain
from charta.text.markdown import Paragraph, blocks_of

# Part of the key under which rendered HTML is kept; raise it whenever the output can change.
RENDERER_VERSION = 1

# Signs that turn the direction of the text around them can make a sentence read as its opposite.
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")

_TAGS = {
    "p", "h3", "h4", "h5", "h6", "strong", "em", "ul", "ol", "li", "blockquote", "a", "sup", "section",
    "table", "thead", "tbody", "tr", "th", "td", "span", "div",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "id", "class", "rel"},
    "ol": {"start", "class"},
    "li": {"id"},
    "th": {"scope", "class"},
    "td": {"class"},
    "sup": {"class"},
    "section": {"class"},
    "div": {"class"},
    "span": {"class", "title"},
}


def to_html(text: str, prefix: str = "") -> Markup:
    """Return the text as safe HTML; `prefix` keeps the ids of footnotes apart when a page shows many texts.

    >>> to_html("### Ziel\\n\\n**Gute** Arbeit <b>\\n")
    Markup('<h3>Ziel</h3>\\n<p><strong>Gute</strong> Arbeit &lt;b&gt;</p>\\n')
    """
    return Markup("").join(html for _, html in paragraphs_html(text, prefix))


def paragraphs_html(text: str, prefix: str = "") -> list[tuple[Paragraph, Markup]]:
    """Return every block of the text with its own HTML, headings and the footnotes (index -1) included."""
    document = parse(text)
    writer = _Writer(document, prefix)
    htmls = [writer.block(block) for block in document.blocks]
    if document.notes:
        htmls.append(writer.notes())
    return [(place, _safe(html)) for place, html in zip(blocks_of(document, text), htmls, strict=True)]


def to_plain(text: str) -> str:
    """Return the words of the text without any Markdown, one line per paragraph, item and row.

    >>> to_plain("### Ziel\\n\\n- **gute** Arbeit\\n- [mehr](https://example.org)\\n")
    'Ziel\\n\\ngute Arbeit\\nmehr\\n'
    """
    document = parse(text)
    parts = ["\n".join(_plain_lines(block)) for block in document.blocks]
    parts += [plain(note.inlines) for note in document.notes]
    return "\n\n".join(parts) + "\n" if parts else ""


def _plain_lines(block: Block) -> Iterable[str]:
    if block.inlines:
        yield plain(block.inlines)
    for item in block.items:
        for child in item:
            yield from _plain_lines(child)
    for row in block.rows:
        yield "\t".join(plain(cell) for cell in row)


def _safe(html: str) -> Markup:
    """Pass the HTML through the second gate; the writer escapes already, this one is for its mistakes."""
    clean = nh3.clean(
        html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"https", "mailto"}, link_rel=None
    )
    return Markup(clean)  # noqa: S704 - the one place where user text becomes markup


class _Writer:
    """Writes the blocks of one document; knows how often each footnote was referred to."""

    def __init__(self, document: Document, prefix: str) -> None:
        self._document = document
        self._prefix = prefix
        self._references: dict[str, int] = {}

    def block(self, block: Block) -> str:
        if block.kind == "heading":
            return f"<h{block.level}>{self.inlines(block.inlines)}</h{block.level}>\n"
        if block.kind == "paragraph":
            return f"<p>{self.inlines(block.inlines)}</p>\n"
        if block.kind == "quote":
            return "<blockquote>\n" + "".join(map(self.block, block.items[0])) + "</blockquote>\n"
        if block.kind == "list":
            return self._list(block)
        return self._table(block)

    def _list(self, block: Block) -> str:
        tag = "ol" if block.ordered else "ul"
        start = f' start="{block.first_number}"' if block.ordered and block.first_number != 1 else ""
        items = "".join(f"<li>{self._item(item)}</li>\n" for item in block.items)
        return f"<{tag}{start}>\n{items}</{tag}>\n"

    def _item(self, item: tuple[Block, ...]) -> str:
        paragraphs = sum(child.kind == "paragraph" for child in item)
        if paragraphs == 1 and item[0].kind == "paragraph":
            return self.inlines(item[0].inlines) + "".join("\n" + self.block(child) for child in item[1:])
        return "\n" + "".join(map(self.block, item))

    def _table(self, block: Block) -> str:
        head = self._row(block, block.rows[0], 'th scope="col"')
        body = "".join(self._row(block, row, "td") for row in block.rows[1:])
        body = f"<tbody>\n{body}</tbody>\n" if body else ""
        return f'<div class="ch-table"><table>\n<thead>\n{head}</thead>\n{body}</table></div>\n'

    def _row(self, block: Block, row: tuple[Inlines, ...], tag: str) -> str:
        cells = []
        for cell, align in zip(row, block.aligns, strict=False):
            look = f' class="ch-{align}"' if align in ("center", "right") else ""
            cells.append(f"<{tag}{look}>{self.inlines(cell)}</{tag[:2]}>")
        return "<tr>" + "".join(cells) + "</tr>\n"

    def notes(self) -> str:
        items = []
        for note in self._document.notes:
            back = f' <a href="#{self._prefix}fnref-{note.label}" class="ch-fnback">↩</a>'
            items.append(f'<li id="{self._prefix}fn-{note.label}">{self.inlines(note.inlines)}{back}</li>\n')
        return '<section class="ch-footnotes"><ol>\n' + "".join(items) + "</ol></section>\n"

    def inlines(self, inlines: Inlines) -> str:
        parts: list[str] = []
        for href, group in groupby(inlines, key=lambda run: run.href):
            words = "".join(map(self._run, group))
            rel = ' rel="nofollow noopener"' if href and href.startswith("https") else ""
            parts.append(f'<a href="{escape(href)}"{rel}>{words}</a>' if href else words)
        return "".join(parts)

    def _run(self, run: Inline) -> str:
        if run.note is not None:
            return self._reference(run.note)
        html = visible(run.text)
        if "em" in run.marks:
            html = Markup("<em>%s</em>") % html
        if "strong" in run.marks:
            html = Markup("<strong>%s</strong>") % html
        return html

    def _reference(self, label: str) -> str:
        count = self._references.get(label, 0)
        self._references[label] = count + 1
        own_id = f' id="{self._prefix}fnref-{label}"' if count == 0 else ""
        return f'<sup class="ch-fnref"><a href="#{self._prefix}fn-{label}"{own_id}>{label}</a></sup>'


def visible(text: str) -> Markup:
    """Return escaped text in which every sign that turns the reading direction is shown as a mark.

    >>> visible("a\\u202eb")
    Markup('a<span class="ch-bidi" title="U+202E">⭾</span>b')
    """
    parts: list[Markup] = []
    at = 0
    for found in _BIDI.finditer(text):
        parts.append(escape(text[at : found.start()]))
        code_point = f"U+{ord(found.group()):04X}"
        parts.append(Markup('<span class="ch-bidi" title="%s">⭾</span>') % code_point)
        at = found.end()
    return Markup("").join([*parts, escape(text[at:])])
