# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which comments stand where in a text: counts per paragraph, and those on one paragraph."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select

from charta.comments.models import Comment, CommentAnchor
from charta.comments.queries.threads import PAGE_SIZE
from charta.comments.rules import Place
from charta.db import session
from charta.proposals.models import ProposalVersion
from charta.sections.models import Revision
from charta.sections.texts import RenderedParagraph


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of a text with a comment; `is_range` tells chosen words from a whole paragraph."""

    comment_id: int
    start: int
    end: int
    is_range: bool


def in_section(section_id: int, revision_id: int) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a place is in this text of a section."""
    return CommentAnchor.section_id == section_id, CommentAnchor.revision_id == revision_id


def in_version(number: int, version: int) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a place is in this version of a proposal."""
    return CommentAnchor.proposal_id == number, CommentAnchor.version == version


def _shown() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions under which a thread can be read: not hidden, not taken back without answers."""
    return Comment.hidden_at.is_(None), or_(Comment.deleted_at.is_(None), Comment.answers > 0)


def starts(*place: ColumnElement[bool]) -> list[tuple[int, int]]:
    """Return (code point, comments) for the places of a text at which threads begin (one statement)."""
    rows = session.execute(
        select(CommentAnchor.start_at, func.count() + func.sum(Comment.answers))
        .join(Comment, Comment.id == CommentAnchor.comment_id)
        .where(*place, CommentAnchor.start_at.is_not(None), *_shown())
        .group_by(CommentAnchor.start_at)
    )
    return [(int(start), int(count)) for start, count in rows if start is not None]


def per_paragraph(blocks: Sequence[RenderedParagraph], found: Sequence[tuple[int, int]]) -> Mapping[int, int]:
    """Return how many comments stand on each paragraph (from 0); those on a heading on the one after it."""
    counted = [block for block in blocks if block.index >= 0]
    ends = [block.end for block in counted]
    counts: Counter[int] = Counter()
    for start, count in found:
        at = min(bisect_right(ends, start), len(counted) - 1)
        if at >= 0:
            counts[counted[at].index] += count
    return counts


def passages(start: int, end: int, *place: ColumnElement[bool]) -> list[Passage]:
    """Return the newest threads that begin in text[start:end], one more than a page shows."""
    rows = session.execute(
        select(CommentAnchor.comment_id, CommentAnchor.start_at, CommentAnchor.end_at, Comment.place)
        .join(Comment, Comment.id == CommentAnchor.comment_id)
        .where(*place, CommentAnchor.start_at >= start, CommentAnchor.start_at < end, *_shown())
        .order_by(CommentAnchor.comment_id.desc())
        .limit(PAGE_SIZE + 1)
    )
    return [Passage(row[0], row[1] or 0, row[2] or 0, row[3] is Place.RANGE) for row in rows]


@dataclass(frozen=True, slots=True)
class Wordings:
    """The two texts to compare for a comment: the one it was written on, and the one it stands in now."""

    section_id: int | None
    proposal_id: int | None
    old: int
    new: int


def wordings(comment_id: int) -> Wordings | None:
    """Return the numbers of the wordings a thread was written on and stands in; None without a place."""
    made, head = Revision.__table__.alias("made"), Revision.__table__.alias("head")
    newest = select(func.max(head.c.number)).where(head.c.section_id == CommentAnchor.section_id)
    last = select(func.max(ProposalVersion.number)).where(
        ProposalVersion.proposal_id == CommentAnchor.proposal_id
    )
    row = session.execute(
        select(
            CommentAnchor,
            made.c.number,
            newest.scalar_subquery(),
            last.scalar_subquery(),
        )
        .outerjoin(made, made.c.id == CommentAnchor.made_on_revision_id)
        .where(CommentAnchor.comment_id == comment_id)
    ).one_or_none()
    if row is None:
        return None
    anchor, number, newest_number, last_version = row
    if anchor.section_id is not None:
        return Wordings(anchor.section_id, None, number, newest_number)
    return Wordings(None, anchor.proposal_id, anchor.made_on_version, anchor.version or last_version)
