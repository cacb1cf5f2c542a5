# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Comments as HTML: rendered once by hash, without headings and ids, and shortened for lists. No database.

Everything here is a function of the words, so a memory per process is always right; `RenderedText` carries
it between processes.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from charta.sections.texts import Memo
from charta.text import hashing, render

# What a list shows of one comment, in characters of HTML and in tags (hundreds of lines of one letter are
# long as well): a hundred hostile ones cost a page at most twice what a hundred ordinary ones do.
SHOWN_MAX = 2_000
TAGS_MAX = 120
_PLAIN_MAX = 1_200

# Only the renderer writes a bare `<`, so these match its own tags and never a person's words.
_HEADING = re.compile(r"<(/?)h[3-6]>")
_ID = re.compile(r'(<(?:a|li|sup|section)\b[^<>]*?) id="[^"<>]*"')
_INNER_LINK = re.compile(r'<a href="#[^"<>]*"[^<>]*>(.*?)</a>', re.DOTALL)


@dataclass(frozen=True, slots=True)
class RenderedComment:
    """A comment as HTML; `short` is what lists show, the same object when nothing was left out."""

    html: Markup
    short: Markup

    @property
    def is_cut(self) -> bool:
        """Whether lists show only its beginning."""
        return self.short is not self.html


_rendered: Memo[RenderedComment] = Memo(2_048)


def hash_of(body: str) -> str:
    """Return the hash under which the HTML of a (canonical) comment is kept, apart from all texts."""
    return hashing.content_hash("comment", body)


def in_memory(html_hash: str) -> RenderedComment | None:
    """Return the HTML of a comment when this process has it."""
    return _rendered.get(html_hash)


def rendered(html_hash: str, body: str) -> RenderedComment:
    """Return a comment as HTML."""
    found = _rendered.get(html_hash)
    if found is not None:
        return found
    blocks = [_tamed(html) for _, html in render.paragraphs_html(body)]
    whole = Markup("").join(blocks)
    return _rendered.keep(html_hash, _with_short(whole, blocks, body))


def as_rows(comment: RenderedComment) -> list[Any]:
    """Return a rendered comment as plain JSON values."""
    return [str(comment.html), str(comment.short) if comment.is_cut else None]


def keep(html_hash: str, rows: list[Any]) -> RenderedComment:
    """Keep and return what `as_rows` was called on."""
    # Our own renderer wrote this HTML; the cache row only carried it.
    html = Markup(rows[0])  # noqa: S704
    short = html if rows[1] is None else Markup(rows[1])  # noqa: S704
    return _rendered.keep(html_hash, RenderedComment(html, short))


def _tamed(html: Markup) -> Markup:
    """Return HTML that may stand on a page a hundred times: no heading, no id, no link inside the page."""
    text = _HEADING.sub(lambda found: "</strong></p>" if found[1] else "<p><strong>", str(html))
    text = _INNER_LINK.sub(r"\1", _ID.sub(r"\1", text))
    return Markup(text)  # noqa: S704


def _with_short(whole: Markup, blocks: list[Markup], body: str) -> RenderedComment:
    if len(whole) <= SHOWN_MAX and whole.count("<") <= TAGS_MAX:
        return RenderedComment(whole, whole)
    kept: list[Markup] = []
    size = tags = 0
    for block in blocks:
        size, tags = size + len(block), tags + block.count("<")
        if size > SHOWN_MAX or tags > TAGS_MAX:
            break
        kept.append(block)
    if not kept:
        plain = render.to_plain(body)[:_PLAIN_MAX].rstrip()
        # Signs that turn the reading direction are left out: each would be shown as a mark of fifty letters.
        plain = "".join(char for char in plain if unicodedata.category(char) != "Cf")
        kept = [Markup("<p>%s …</p>") % plain]
    return RenderedComment(whole, Markup("").join(kept))
