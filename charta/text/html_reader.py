# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reads pasted HTML (browser, Word, PDF viewer) into the document model; nothing of it is ever shown as HTML."""

from html.parser import HTMLParser

from charta.text.document import Block, Document, Inline, tidy


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read_html(html: str) -> Document:
    """Return the words of `html` in the closed set of blocks and marks; never raises."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    inlines = tidy([Inline("".join(reader.words))])
    return Document((Block("paragraph", inlines),) if inlines else ())
