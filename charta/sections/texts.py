# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Heavy work on texts, done once per content: canonical form, HTML, comparison. Memory only, no database.

Everything here is a function of immutable content, so a small memory per process is always right. Commands
call `prepare` before they take the lock; inside the lock the same call costs nothing.
"""

import threading
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from markupsafe import Markup

from charta.sections.rules import BODY_MAX, TITLE_MAX, check_length, clean_line
from charta.text import anchor, diff, hashing, markdown, render
from charta.text.diff import Comparison
from charta.text.normalise import normalise

T = TypeVar("T")


class Memo(Generic[T]):
    """The newest `size` results of one kind, shared by the threads of a process."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._items: OrderedDict[Hashable, T] = OrderedDict()
        self._guard = threading.Lock()

    def get(self, key: Hashable) -> T | None:
        """Return what was kept under `key`, or None."""
        with self._guard:
            found = self._items.get(key)
            if found is not None:
                self._items.move_to_end(key)
            return found

    def keep(self, key: Hashable, item: T) -> T:
        """Keep `item`, forget the one that was asked for longest ago, and return `item`."""
        with self._guard:
            self._items[key] = item
            self._items.move_to_end(key)
            while len(self._items) > self._size:
                self._items.popitem(last=False)
        return item


@dataclass(frozen=True, slots=True)
class RenderedParagraph:
    """One block of a text as HTML; `index` counts the Randnummern of its section from 0, -1 has none.

    `start` and `end` are code points of the body.
    """

    index: int
    start: int
    end: int
    kind: str
    html: Markup


@dataclass(frozen=True, slots=True)
class Prepared:
    """A title and body in the form in which they are stored, with everything a revision needs."""

    title: str
    body: str
    content_hash: str
    paragraph_count: int


_prepared: Memo[Prepared] = Memo(64)
_rendered: Memo[tuple[RenderedParagraph, ...]] = Memo(512)
_compared: Memo[Comparison] = Memo(64)
_changes: Memo[anchor.Change] = Memo(64)


def prepare(title: str, body: str) -> Prepared:
    """Return title and body normalised, canonical and hashed; the HTML is ready afterwards too.

    Raises `InvalidInput` for "title" and "body" (codes required, too_long, forbidden_character).
    """
    found = _prepared.get((title, body))
    if found is not None:
        return found
    clean_title = clean_line(title, "title", TITLE_MAX)
    check_length(body, "body", 2 * BODY_MAX)  # what is far too long is not even read
    clean_body = markdown.canonical(normalise(body, "body"))
    check_length(clean_body, "body", BODY_MAX)
    digest = hashing.content_hash(clean_title, clean_body)
    blocks = rendered(digest, clean_body)
    count = sum(block.index >= 0 for block in blocks)
    return _prepared.keep((title, body), Prepared(clean_title, clean_body, digest, count))


def prefix_of(content_hash: str) -> str:
    """Return what the ids of footnotes of a text begin with, so that many sections can stand on one page."""
    return f"t{content_hash[:8]}-"


def rendered(content_hash: str, body: str) -> tuple[RenderedParagraph, ...]:
    """Return the body as HTML, block by block."""
    found = _rendered.get(content_hash)
    if found is not None:
        return found
    return _rendered.keep(
        content_hash,
        tuple(
            RenderedParagraph(block.index, block.start, block.end, block.kind, html)
            for block, html in render.paragraphs_html(body, prefix=prefix_of(content_hash))
        ),
    )


def rendered_in_memory(content_hash: str) -> tuple[RenderedParagraph, ...] | None:
    """Return the HTML of a text when this process has it."""
    return _rendered.get(content_hash)


def rendered_as_rows(paragraphs: Sequence[RenderedParagraph]) -> list[Any]:
    """Return rendered paragraphs as plain JSON values."""
    return [[block.index, block.start, block.end, block.kind, str(block.html)] for block in paragraphs]


def keep_rendered(content_hash: str, rows: list[Any]) -> tuple[RenderedParagraph, ...]:
    """Keep and return what `rendered_as_rows` was called on."""
    blocks = tuple(
        # Our own renderer wrote this HTML; the cache row only carried it.
        RenderedParagraph(index, start, end, kind, Markup(html))  # noqa: S704
        for index, start, end, kind, html in rows
    )
    return _rendered.keep(content_hash, blocks)


def compared(old_hash: str, old_body: str, new_hash: str, new_body: str) -> Comparison:
    """Return the comparison of two bodies, kept by their hashes."""
    found = compared_in_memory(old_hash, new_hash)
    return found if found is not None else keep_compared(old_hash, new_hash, diff.compare(old_body, new_body))


def compared_in_memory(old_hash: str, new_hash: str) -> Comparison | None:
    """Return a comparison when this process has it."""
    return _compared.get((old_hash, new_hash, diff.ALGORITHM_VERSION))


def keep_compared(old_hash: str, new_hash: str, comparison: Comparison) -> Comparison:
    """Keep and return a comparison that was read from the shared cache."""
    return _compared.keep((old_hash, new_hash, diff.ALGORITHM_VERSION), comparison)


def change(old_hash: str, old_body: str, new_hash: str, new_body: str) -> anchor.Change:
    """Return the way that leads passages of one body to the other, kept by their hashes.

    Commands that write a text ask for it before the lock; inside it the comments of the text follow it.
    """
    key = (old_hash, new_hash, anchor.ANCHOR_VERSION)
    found = _changes.get(key)
    return found if found is not None else _changes.keep(key, anchor.change_of(old_body, new_body))
