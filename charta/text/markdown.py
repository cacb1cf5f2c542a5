# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Canonical Markdown: one spelling for one document, and the paragraphs that carry a number.

Writes Markdown from the document model and addresses its blocks; HTML is written in `render`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from charta.text.document import Block, Document, Inline, Inlines, Mark, parse, parse_inline, plain, tidy
from charta.text.html_reader import read_html
from charta.text.normalise import normalise

ParagraphKind = Literal["heading", "paragraph", "list", "quote", "table", "footnotes"]

# Writing and reading again settles after one or two turns; the bound only guards against a surprise.
_MOST_TURNS = 6


@dataclass(frozen=True)
class Paragraph:
    """A block of a section: text[start:end] in code points, without the blank lines around it.

    `index` counts the blocks that carry a number (Randnummer) from 0; it is -1 for headings and footnotes.
    """

    index: int
    start: int
    end: int
    kind: ParagraphKind

    @property
    def is_numbered(self) -> bool:
        """Whether the block carries a Randnummer."""
        return self.index >= 0


def canonical(text: str) -> str:
    """Return `text` in its one canonical spelling; normalises first. Idempotent.

    Raises InvalidInput like `normalise`.

    >>> canonical("# Ziel\\n* __neu__\\n* alt <b>")
    '### Ziel\\n\\n- **neu**\\n- alt <b>\\n'
    """
    text = normalise(text)
    for _ in range(_MOST_TURNS):
        written = normalise(write(parse(text)))
        if written == text:
            break
        text = written
    return text


def from_html(html: str) -> str:
    """Return pasted HTML as canonical Markdown; what the closed set does not know keeps its words only.

    >>> from_html("<p>Gute <b>Arbeit</b></p><ul><li>eins</li></ul>")
    'Gute **Arbeit**\\n\\n- eins\\n'
    """
    return canonical(write(read_html(html)))


def paragraphs(text: str) -> list[Paragraph]:
    """Return the blocks of `text` that carry a Randnummer, in order; headings and footnotes do not.

    >>> [(p.index, p.kind, p.start, p.end) for p in paragraphs("### Ziel\\n\\nText\\n\\n- a\\n- b\\n")]
    [(0, 'paragraph', 10, 14), (1, 'list', 16, 23)]
    """
    return [block for block in blocks(text) if block.is_numbered]


def blocks(text: str) -> list[Paragraph]:
    """Return all blocks of `text` in order, also the headings and, last, the footnotes (index -1)."""
    return blocks_of(parse(text), text)


def blocks_of(document: Document, text: str) -> list[Paragraph]:
    """Return the blocks of a document that was read from `text`."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    result: list[Paragraph] = []
    index = 0
    for block in document.blocks:
        start, end = _span(text, starts, block.lines)
        numbered = block.kind != "heading"
        result.append(Paragraph(index if numbered else -1, start, end, block.kind))
        index += numbered
    if document.notes:
        spans = [_span(text, starts, note.lines) for note in document.notes]
        result.append(Paragraph(-1, min(s for s, _ in spans), max(e for _, e in spans), "footnotes"))
    return result


def write(document: Document) -> str:
    """Return the Markdown of a document; one line per paragraph, list item and table row."""
    parts = ["\n".join(lines) for lines in _written(document.blocks)]
    parts += [f"[^{note.label}]: {_paragraph(note.inlines)}".rstrip() for note in document.notes]
    return "\n\n".join(parts) + "\n" if parts else ""


def _span(text: str, starts: list[int], lines: tuple[int, int]) -> tuple[int, int]:
    start, end = starts[lines[0]], min(starts[lines[1]], len(text))
    return start, start + len(text[start:end].rstrip())


def _written(blocks: Iterable[Block]) -> Iterator[list[str]]:
    for block in blocks:
        if block.kind == "heading":
            yield ["#" * block.level + " " + _escaped_tail(_line(block.inlines))]
        elif block.kind == "paragraph":
            yield [_paragraph(block.inlines)]
        elif block.kind == "list":
            yield list(_list_lines(block))
        elif block.kind == "quote":
            inner = "\n\n".join("\n".join(lines) for lines in _written(block.items[0]))
            yield [f"> {line}" if line else ">" for line in inner.split("\n")]
        else:
            yield _table_lines(block)


def _list_lines(block: Block) -> Iterator[str]:
    for number, item in enumerate(block.items, block.first_number):
        marker = f"{number}. " if block.ordered else "- "
        indent = " " * len(marker)
        prefix = marker
        previous = ""
        for child, lines in zip(item, _written(item), strict=True):
            # A list may follow a paragraph at once; two other blocks need a blank line between them.
            if previous and not (previous == "paragraph" and child.kind == "list"):
                yield ""
            for line in lines:
                yield (prefix + line) if line else ""
                prefix = indent
            previous = child.kind


def _table_lines(block: Block) -> list[str]:
    rules = {"": "---", "left": ":---", "center": ":---:", "right": "---:"}
    rows = ["| " + " | ".join(_line(cell).replace("|", "\\|") for cell in row) + " |" for row in block.rows]
    return [rows[0], "| " + " | ".join(rules[align] for align in block.aligns) + " |", *rows[1:]]


_Part = tuple[frozenset[Mark], str]

_BLOCK_START = re.compile(r"#{1,6}(?= |$)|>|[-+*](?= |$)|\d{1,9}(?=[.)](?: |$))|\[\^\d+\](?=:)")
_SPECIAL = re.compile(r"\\|\*|_|\[(?=\^)")
_SPECIAL_BRACKETS = re.compile(r"[\\*_\[\]]")


def _paragraph(inlines: Inlines) -> str:
    line = _line(inlines)
    found = _BLOCK_START.match(line)
    if not found:
        return line
    if found.group()[0].isdigit() or found.group()[0] == "[":
        return line[: found.end()] + "\\" + line[found.end() :]
    return "\\" + line


def _escaped_tail(line: str) -> str:
    """Protect a number sign at the end of a heading, which Markdown would take for its closing sequence."""
    return line[:-1] + "\\#" if line.endswith("#") else line


def _line(inlines: Inlines) -> str:
    line = _spelled(inlines)
    if all(not run.marks for run in inlines) or parse_inline(_unnoted(line)) == _without_notes(inlines):
        return line
    # Markdown cannot spell every mark, for example bold that ends with a bracket inside a word.
    return _spelled(tuple(Inline(run.text, frozenset(), run.href, run.note) for run in inlines))


# Like the brackets of a reference it is punctuation, on which the rules for asterisks depend.
_NOTE_STAND_IN = "‖"
_NOTE_SPELLED = re.compile(r"(?<!\\)\[\^\d+\]")


def _unnoted(line: str) -> str:
    return _NOTE_SPELLED.sub(_NOTE_STAND_IN, line)


def _without_notes(inlines: Inlines) -> Inlines:
    return tidy(Inline(_NOTE_STAND_IN) if run.note is not None else run for run in inlines)


def _spelled(inlines: Inlines) -> str:
    brackets = "](" in plain(inlines)
    parts: list[_Part] = []
    for href, group in groupby(inlines, key=lambda run: run.href):
        runs = [(run.marks, _run(run, brackets or href is not None)) for run in group]
        if href is None:
            parts += runs
        else:
            shared = frozenset[Mark].intersection(*(marks for marks, _ in runs))
            words = _nested([(marks - shared, text) for marks, text in runs])
            parts.append((shared, f"[{words}]({_address(href)})"))
    return _nested(parts)


def _nested(parts: list[_Part]) -> str:
    """Return the parts with their marks; the mark that reaches further is written outside."""
    written: list[str] = []
    at = 0
    while at < len(parts):
        marks, text = parts[at]
        if not marks:
            written.append(text)
            at += 1
            continue
        end, mark = max((_reach(parts, at, mark), mark) for mark in marks)
        inner = _nested([(marks - {mark}, text) for marks, text in parts[at:end]])
        sign = "**" if mark == "strong" else "*"
        written.append(sign + inner + sign)
        at = end
    return "".join(written)


def _reach(parts: list[_Part], at: int, mark: Mark) -> int:
    while at < len(parts) and mark in parts[at][0]:
        at += 1
    return at


def _run(run: Inline, brackets: bool) -> str:
    return _escaped(run.text, brackets) if run.note is None else f"[^{run.note}]"


def _escaped(text: str, brackets: bool) -> str:
    pattern = _SPECIAL_BRACKETS if brackets else _SPECIAL
    return pattern.sub(lambda found: _escape_sign(text, found.start()), text)


def _escape_sign(text: str, at: int) -> str:
    """Return the sign at `at`, with a backslash unless it is plainly harmless where it stands."""
    sign = text[at]
    before, after = text[at - 1] if at else "", text[at + 1] if at + 1 < len(text) else ""
    if sign in "*_" and ((before.isalnum() and after.isalnum()) or before == after == " "):
        return sign
    return "\\" + sign


def _address(href: str) -> str:
    return href.replace("(", "%28").replace(")", "%29").replace("|", "%7C")
