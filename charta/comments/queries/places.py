# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which comments stand where in a text: counts per paragraph, and those on one paragraph."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select

from charta.activity.models import ActivityEntry
from charta.comments.models import Comment, CommentAnchor
from charta.comments.queries.subjects import Subject, of
from charta.comments.queries.threads import Thread
from charta.db import session
from charta.proposals.models import ProposalVersion
from charta.sections.models import Revision
from charta.sections.texts import RenderedParagraph

# More deeds than this since the last look: counting anew is cheaper.
_DEEDS_READ = 100


def in_section(section_id: int, revision_id: int) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a place is in this text of a section."""
    return CommentAnchor.section_id == section_id, CommentAnchor.revision_id == revision_id


def in_version(number: int, version: int) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a place is in this version of a proposal."""
    return CommentAnchor.proposal_id == number, CommentAnchor.version == version


def _shown() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions under which a thread can be read: not hidden, not taken back without answers."""
    return Comment.hidden_at.is_(None), or_(Comment.deleted_at.is_(None), Comment.answers > 0)


def starts(subject: Subject, *place: ColumnElement[bool]) -> list[tuple[int | None, int]]:
    """Return (code point, comments) for the places of a text at which threads begin (one statement).

    Comments that stand nowhere in this text are counted under None: the sum is all of the subject.
    """
    rows = session.execute(
        select(CommentAnchor.start_at, func.count() + func.sum(Comment.answers))
        .select_from(Comment)
        .outerjoin(CommentAnchor, and_(CommentAnchor.comment_id == Comment.id, *place))
        .where(of(subject), Comment.thread_id.is_(None), *_shown())
        .group_by(CommentAnchor.start_at)
    )
    return [(start, int(count)) for start, count in rows]


def starts_of(threads: Sequence[Thread], version: int) -> list[tuple[int | None, int]]:
    """Return what `starts` does for a version of a proposal whose threads are all there (no statement)."""
    return [
        (
            thread.anchor.start_at if thread.anchor and thread.anchor.version == version else None,
            1 + thread.first.answers,
        )
        for thread in threads
        if not thread.first.is_hidden
    ]


@dataclass(frozen=True, slots=True)
class Counted:
    """How many comments stand on each paragraph (from 0), and on the whole subject."""

    by_paragraph: Mapping[int, int]
    total: int


def counted(blocks: Sequence[RenderedParagraph], found: Sequence[tuple[int | None, int]]) -> Counted:
    """Return the counts of `starts`; what stands on a heading counts for the paragraph after it."""
    paragraphs = [block for block in blocks if block.index >= 0]
    ends = [block.end for block in paragraphs]
    counts: Counter[int] = Counter()
    for start, count in found:
        if start is None:
            continue
        at = min(bisect_right(ends, start), len(paragraphs) - 1)
        if at >= 0:
            counts[paragraphs[at].index] += count
    return Counted(counts, sum(count for _, count in found))


def is_touched(section_id: int, *, since: int) -> bool:
    """Say whether something was done to comments of a section after a number of the log (one statement)."""
    deeds = session.execute(
        select(ActivityEntry.section_id, ActivityEntry.data)
        .where(ActivityEntry.seq > since, ActivityEntry.subject_kind == "comment")
        .limit(_DEEDS_READ)
    ).all()
    # A deed on several comments names them, not their sections.
    return len(deeds) == _DEEDS_READ or any(
        where == section_id or "comments" in data for where, data in deeds
    )


def within(start: int, end: int, *place: ColumnElement[bool]) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a place begins in text[start:end]."""
    return *place, CommentAnchor.start_at >= start, CommentAnchor.start_at < end


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
