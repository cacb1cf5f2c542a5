# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What stands beside a text: how many comments each paragraph has, and those on the one that is open.

For views only, like `talking`: it knows the viewer and the address of the request. `von` and `bis` in the
address are words somebody has chosen, counted in letters and digits of the open paragraph as a reader sees
it: what a browser knows of a text is not its Markdown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _
from sqlalchemy import ColumnElement

from charta.comments import talking
from charta.comments.queries import places
from charta.comments.queries.places import Counted
from charta.comments.queries.subjects import Subject
from charta.comments.queries.threads import Thread
from charta.comments.rules import Place, SubjectKind
from charta.comments.talking import Talk
from charta.db import session
from charta.sections import marking, texts
from charta.sections.texts import Memo, RenderedParagraph
from charta.text.anchor import locate_along, make_anchor

_signed: Memo[tuple[str, ...]] = Memo(64)
_counted: Memo[tuple[int, Counted]] = Memo(512)


def known_counts(section_id: int, head_id: int, blocks: Sequence[RenderedParagraph], *, log: int) -> Counted:
    """Return the comments on a section, kept by the process until somebody comments on it (one statement).

    `log` is the head of the log that was read before: 10,000 comments are counted once, not for each page.
    """
    key = (repr(session.get_bind()), section_id, head_id)
    known = _counted.get(key)
    if known is not None and (known[0] == log or not places.is_touched(section_id, since=known[0])):
        found = known[1]
    else:
        subject, place = Subject(SubjectKind.SECTION, section_id), places.in_section(section_id, head_id)
        found = places.counted(blocks, places.starts(subject, *place))
    return _counted.keep(key, (log, found))[1]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Words of the open paragraph somebody wants to say something about; code points of the body."""

    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Beside:
    """The comments beside a text.

    `counts` by paragraph (from 0), `total` on the whole subject. With a paragraph open: its `talk`, the words
    `chosen` in it, the blocks of the text with the words marked that people speak of, and whether there are
    `more` than shown.
    """

    counts: Mapping[int, int]
    total: int
    blocks: Sequence[RenderedParagraph]
    index: int | None = None
    talk: Talk | None = None
    chosen: Chosen | None = None
    more: bool = False


def beside(
    subject: Subject,
    place: tuple[ColumnElement[bool], ...],
    *,
    content_hash: str,
    body: str,
    blocks: Sequence[RenderedParagraph],
    index: int | None,
    back: str,
    version: int | None = None,
    is_closed: bool = False,
    counted: Counted | None = None,
    answered_by: int | None = None,
) -> Beside:
    """Return the comments beside a text; `index` is the paragraph that is open, None for none.

    One statement (none with `counted`), one more for the threads of the open paragraph.
    """
    if counted is None:
        counted = places.counted(blocks, places.starts(subject, *place))
    counts, total = counted.by_paragraph, counted.total
    opened = next((block for block in blocks if index is not None and block.index == index >= 0), None)
    if opened is None:
        return Beside(counts, total, blocks)
    talk = talking.talk(
        subject,
        back=back,
        ids=None if counts.get(opened.index) else [],
        at=places.within(_begin(blocks, opened), opened.end, *place),
        version=version,
        is_closed=is_closed,
        answered_by=answered_by,
    )
    chosen = chosen_words(body, opened)
    return Beside(
        counts=counts,
        total=total,
        blocks=_marked(content_hash, body, blocks, talk.page.items, chosen),
        index=opened.index,
        talk=talk,
        chosen=chosen,
        more=talk.page.next_key is not None,
    )


def chosen_words(body: str, block: RenderedParagraph) -> Chosen | None:
    """Return the words of a paragraph the address names, whole ones; None for none, or for nonsense."""
    raws = request.args.get("von", ""), request.args.get("bis", "")
    if not all(raw.isascii() and raw.isdigit() and len(raw) < 7 for raw in raws):
        return None
    first, last = (int(raw) for raw in raws)
    seen = marking.letter_places(body, block.start, block.end)
    if not 0 <= first < last <= len(seen):
        return None
    start, end = _whole_words(body, seen[first], seen[last - 1] + 1)
    return Chosen(start, end, body[start:end])


def _whole_words(body: str, start: int, end: int) -> tuple[int, int]:
    """Return a range widened to the words it begins and ends in: few people mean half of one."""
    while start > 0 and body[start - 1].isalnum():
        start -= 1
    while end < len(body) and body[end].isalnum():
        end += 1
    return start, end


def _begin(blocks: Sequence[RenderedParagraph], opened: RenderedParagraph) -> int:
    """Return where the words that belong to a paragraph begin: with the headings above it."""
    before = [block.end for block in blocks if block.index >= 0 and block.end <= opened.start]
    return before[-1] if before else 0


def _marked(
    content_hash: str,
    body: str,
    blocks: Sequence[RenderedParagraph],
    found: Sequence[Thread],
    chosen: Chosen | None,
) -> Sequence[RenderedParagraph]:
    """Return the blocks with chosen words marked; whole paragraphs need no mark."""
    anchors = [thread.anchor for thread in found if thread.anchor and thread.first.place is Place.RANGE]
    spans = [(one.start_at, one.end_at) for one in anchors if one.start_at is not None and one.end_at]
    runs = _runs(len(body), [*spans, *([(chosen.start, chosen.end)] if chosen else [])])
    if len(runs) < 2:
        return blocks
    key = (content_hash, tuple(runs))
    signed = _signed.get(key)
    if signed is None:
        prefix = texts.prefix_of(content_hash)
        signed = _signed.keep(key, marking.signed(body, runs, prefix=prefix))
    mark = marking.Mark(0, _("hervorgehoben"))
    return marking.painted(blocks, signed, runs, lambda origin: mark if origin else None)


def _runs(length: int, spans: Sequence[tuple[int, int]]) -> list[marking.Run]:
    """Return runs over a whole text that tell words inside of any span from the others."""
    runs: list[marking.Run] = []
    at = 0
    for start, end in sorted(spans):
        start = max(start, at)
        if start >= end:
            continue
        if start > at:
            runs.append((at, start, ""))
        runs.append((start, end, "x"))
        at = end
    if at < length:
        runs.append((at, length, ""))
    return runs


def paragraphs_over(
    shown_hash: str, shown: str, version_hash: str, version: str, blocks: Sequence[RenderedParagraph]
) -> dict[int, int]:
    """Return for the paragraphs of a shown text those of the version they come from, both from 0.

    A proposal is shown as it would stand in the text of today; its comments stand in the version itself.
    `blocks` are those of the version.
    """
    own = [block for block in blocks if block.index >= 0]
    if shown_hash == version_hash:
        return {block.index: block.index for block in own}
    there = [block for block in texts.rendered(shown_hash, shown) if block.index >= 0]
    change = texts.change(version_hash, version, shown_hash, shown)
    made = [make_anchor(version, block.start, block.end) for block in own]
    found: dict[int, int] = {}
    for block, place in zip(own, locate_along(made, change), strict=True):
        start = place.start
        at = next((one.index for one in there if start is not None and one.start <= start < one.end), None)
        if at is not None:
            found.setdefault(at, block.index)
    return found
