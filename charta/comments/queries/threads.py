# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Threads: who sees which comment, once as SQL; the newest fifty of a subject in one statement."""

import json
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy import CTE, ColumnElement, Select, Text, and_, cast, func, or_, select, union_all
from sqlalchemy.orm import aliased

from charta.accounts.models import Organisation, Person
from charta.accounts.rules import Byline, byline
from charta.comments import texts
from charta.comments.models import Comment, CommentAnchor
from charta.comments.queries import proposing
from charta.comments.queries.proposing import Outcome
from charta.comments.rules import Place, SubjectKind
from charta.comments.texts import RenderedComment
from charta.contributions.models import Contribution
from charta.contributions.queries import listing as contributions
from charta.db import session
from charta.permissions import Actor, Role
from charta.proposals.models import Proposal
from charta.proposals.queries import rows as proposals
from charta.sections.models import RenderedText
from charta.site.rules import SiteSettings
from charta.text import render

PAGE_SIZE = 50
# What a list shows of one thread; the thread's own page has all.
ANSWERS_SHOWN = 10
# Counting stops here: „500+“ says as much as the number, and costs the same whatever was written.
COUNT_MAX = 500


@dataclass(frozen=True, slots=True)
class Subject:
    """What a comment hangs on: the id of a section or contribution, the number of a proposal."""

    kind: SubjectKind
    id: int


def of(subject: Subject) -> ColumnElement[bool]:
    """Return the condition that a comment hangs on this subject."""
    return {
        SubjectKind.SECTION: Comment.section_id,
        SubjectKind.PROPOSAL: Comment.proposal_id,
        SubjectKind.CONTRIBUTION: Comment.contribution_id,
    }[subject.kind] == subject.id


def visible_to(viewer: Actor, settings: SiteSettings) -> ColumnElement[bool]:
    """Return the condition under which a comment is known to the viewer: as what it hangs on.

    Those on sections as the text of the Charta (the gate of the page asks), those on proposals and
    contributions as these. Words of hidden and deleted ones are left out by `as_row`, not here: a gap stays.
    """
    proposal = select(Proposal.id).where(
        Proposal.id == Comment.proposal_id, proposals.visible_to(viewer, settings)
    )
    contribution = select(Contribution.id).where(
        Contribution.id == Comment.contribution_id, contributions.visible_to(viewer)
    )
    return or_(
        Comment.section_id.is_not(None),
        # Asked of each comment by key: a list of all visible proposals would grow with the house.
        proposal.correlate(Comment).exists(),
        contribution.correlate(Comment).exists(),
    )


def is_visible(viewer: Actor, settings: SiteSettings, comment_id: int) -> bool:
    """Say whether the viewer may know of a comment (one statement)."""
    return (
        session.scalar(select(Comment.id).where(Comment.id == comment_id, visible_to(viewer, settings)))
        is not None
    )


# ----------------------------------------------------------------------------------------------------- rows


@dataclass(frozen=True, slots=True)
class Row:
    """One comment as this viewer may read it; usable as a subject of permissions.

    `html` is what a list shows, empty where the words are gone or not for this viewer (`is_gap`); `is_cut`
    says that the comment's own page shows more. `hidden_reason` is for moderators and the author.
    """

    id: int
    thread_id: int | None
    subject: Subject
    version: int | None
    author_id: int
    byline: Byline
    place: Place
    body: str
    html: Markup
    is_cut: bool
    is_hidden: bool
    is_deleted: bool
    hidden_reason: str
    created_at: datetime
    edited_at: datetime | None
    resolved_at: datetime | None
    answers: int

    @property
    def is_gap(self) -> bool:
        """Whether there is nothing to read for this viewer."""
        return not self.html

    @property
    def is_own(self) -> bool:
        """Whether the viewer wrote it."""
        return self.byline.is_self


@dataclass(frozen=True, slots=True)
class Thread:
    """The first comment, its newest answers in the order they were written, and the words it stands on.

    `outcomes` are the proposals that answer it, of those the viewer may see.
    """

    first: Row
    answers: Sequence[Row]
    anchor: CommentAnchor | None
    outcomes: Sequence[Outcome] = ()

    @property
    def id(self) -> int:
        """The id of the first comment, which is the key of the list."""
        return self.first.id

    @property
    def is_resolved(self) -> bool:
        """Whether somebody called it settled."""
        return self.first.resolved_at is not None

    @property
    def more(self) -> int:
        """How many older answers are not shown."""
        return max(0, self.first.answers - len(self.answers))


_COLUMNS = (
    Comment,
    Person.name,
    Person.role,
    Person.public_name,
    Organisation.short,
    Organisation.name,
    # As text: read out only when this process has not got the HTML yet.
    cast(RenderedText.paragraphs, Text),
)


def select_rows(*more: Any) -> Select[Any]:
    """Return the statement that reads what `as_rows` needs, with `more` columns after it."""
    return (
        select(*_COLUMNS, *more)
        .join(Person, Person.id == Comment.author_id)
        .outerjoin(Organisation, Organisation.id == Comment.organisation_id)
        .outerjoin(
            RenderedText,
            and_(
                RenderedText.content_hash == Comment.html_hash,
                RenderedText.renderer_version == render.RENDERER_VERSION,
            ),
        )
    )


def as_rows(viewer: Actor, found: Sequence[Any], *, whole: Collection[int] = ()) -> list[Row]:
    """Make rows of what `select_rows` read; `whole` are ids of comments that are shown uncut."""
    return [_as_row(viewer, line, line[0].id in whole) for line in found]


def _may_read(viewer: Actor, comment: Comment) -> bool:
    """Say whether the words are for this viewer: hidden ones for their author and moderators."""
    if comment.deleted_at is not None:
        return False
    return comment.hidden_at is None or _sees_hidden(viewer, comment)


def _sees_hidden(viewer: Actor, comment: Comment) -> bool:
    return viewer.role is Role.MODERATOR or (viewer.id is not None and comment.author_id == viewer.id)


def _as_row(viewer: Actor, line: Any, is_whole: bool) -> Row:
    comment, name, role, public_name, short, organisation, kept = line[: len(_COLUMNS)]
    readable = _may_read(viewer, comment)
    rendered = _rendered(comment, kept) if readable else None
    html = Markup("") if rendered is None else rendered.html if is_whole else rendered.short
    return Row(
        id=comment.id,
        thread_id=comment.thread_id,
        subject=subject_of(comment),
        version=comment.proposal_version,
        author_id=comment.author_id,
        byline=byline(
            viewer,
            person_id=comment.author_id,
            name=name,
            role=role,
            public_name=public_name,
            organisation_short=short or "",
            organisation_name=organisation or "",
        ),
        place=comment.place,
        body=comment.body if readable else "",
        html=html,
        is_cut=rendered is not None and rendered.is_cut and not is_whole,
        is_hidden=comment.hidden_at is not None,
        is_deleted=comment.deleted_at is not None,
        hidden_reason=comment.hidden_reason if _sees_hidden(viewer, comment) else "",
        created_at=comment.created_at,
        edited_at=comment.edited_at,
        resolved_at=comment.resolved_at,
        answers=comment.answers,
    )


def subject_of(comment: Comment) -> Subject:
    """Return what a comment hangs on."""
    if comment.section_id is not None:
        return Subject(SubjectKind.SECTION, comment.section_id)
    if comment.proposal_id is not None:
        return Subject(SubjectKind.PROPOSAL, comment.proposal_id)
    assert comment.contribution_id is not None
    return Subject(SubjectKind.CONTRIBUTION, comment.contribution_id)


def _rendered(comment: Comment, kept: str | None) -> RenderedComment:
    """Return the HTML of a comment: from memory, else from the shared cache, else rendered."""
    found = texts.in_memory(comment.html_hash)
    if found is not None:
        return found
    if kept is not None:
        return texts.keep(comment.html_hash, json.loads(kept))
    return texts.rendered(comment.html_hash, comment.body)


# -------------------------------------------------------------------------------------------------- threads


def threads(
    viewer: Actor,
    settings: SiteSettings,
    subject: Subject,
    *,
    before: int | None = None,
    ids: Collection[int] | None = None,
    at: Sequence[ColumnElement[bool]] = (),
    limit: int = PAGE_SIZE,
    besides: Select[Any] | None = None,
) -> list[Thread]:
    """Return up to `limit` + 1 threads about a subject the viewer may see, newest first, before id `before`.

    `ids` asks for these threads only, `at` for those whose anchors meet these conditions.
    Each with its newest `ANSWERS_SHOWN` answers,
    so that a long thread costs as much as a short one. One statement, whatever the number. A deleted comment
    without answers leaves no gap. `besides` selects ids of first comments about something else, which come
    along without their answers.
    """
    statement = select(Comment.id.label("id"), Comment.answers.label("answers")).where(
        of(subject),
        Comment.thread_id.is_(None),
        or_(Comment.deleted_at.is_(None), Comment.answers > 0),
        visible_to(viewer, settings),
    )
    if before is not None:
        statement = statement.where(Comment.id < before)
    if ids is not None:
        statement = statement.where(Comment.id.in_(sorted(ids)))
    if at:
        statement = statement.where(Comment.id.in_(select(CommentAnchor.comment_id).where(*at)))
    roots = statement.order_by(Comment.id.desc()).limit(limit + 1).cte("roots")
    parts = [select(roots.c.id), _newest_answers(roots)]
    if besides is not None:
        parts.append(besides.where(visible_to(viewer, settings)))
    chosen = union_all(*parts).subquery()
    found = session.execute(
        select_rows(CommentAnchor, proposing.outcomes_column(viewer, settings))
        .join(chosen, chosen.c.id == Comment.id)
        .outerjoin(CommentAnchor, CommentAnchor.comment_id == Comment.id)
        .order_by(Comment.id)
    ).all()
    first = [line for line in reversed(found) if line[0].thread_id is None]
    return _threads(viewer, first, [line for line in found if line[0].thread_id is not None])


def thread(
    viewer: Actor, settings: SiteSettings, comment_id: int, *, before: int | None = None
) -> Thread | None:
    """Return the whole thread a comment belongs to, up to `PAGE_SIZE` answers before id `before`, uncut."""
    root_id = select(func.coalesce(Comment.thread_id, Comment.id)).where(Comment.id == comment_id)
    first = session.execute(
        select_rows(CommentAnchor, proposing.outcomes_column(viewer, settings))
        .outerjoin(CommentAnchor, CommentAnchor.comment_id == Comment.id)
        .where(Comment.id == root_id.scalar_subquery(), visible_to(viewer, settings))
    ).one_or_none()
    if first is None:
        return None
    answers = select_rows().where(Comment.thread_id == first[0].id)
    if before is not None:
        answers = answers.where(Comment.id < before)
    lines = session.execute(answers.order_by(Comment.id.desc()).limit(PAGE_SIZE)).all()
    whole = {line[0].id for line in (first, *lines)}
    return _threads(viewer, [first], lines[::-1], whole=whole)[0]


def _newest_answers(roots: CTE) -> Select[Any]:
    """Return the statement that chooses the ids of the newest answers of each thread."""
    answer, other = aliased(Comment), aliased(Comment)
    oldest_shown = (
        select(other.id)
        .where(other.thread_id == roots.c.id)
        .order_by(other.id.desc())
        .offset(ANSWERS_SHOWN - 1)
        .limit(1)
        .correlate(roots)
        .scalar_subquery()
    )
    return (
        select(answer.id)
        .join(roots, answer.thread_id == roots.c.id)
        .where(roots.c.answers > 0, answer.id >= func.coalesce(oldest_shown, 0))
    )


def _threads(
    viewer: Actor, first: Sequence[Any], answers: Sequence[Any], *, whole: Collection[int] = ()
) -> list[Thread]:
    rows = as_rows(viewer, [*first, *answers], whole=whole)
    below: dict[int, list[Row]] = defaultdict(list)
    for row in rows[len(first) :]:
        assert row.thread_id is not None
        below[row.thread_id].append(row)
    return [
        Thread(
            row,
            below.get(row.id, []),
            line[len(_COLUMNS)],
            proposing.as_outcomes(line[len(_COLUMNS) + 1]),
        )
        for row, line in zip(rows[: len(first)], first, strict=True)
    ]


def count(viewer: Actor, settings: SiteSettings, subject: Subject) -> int:
    """Return how many comments somebody can read about a subject, `COUNT_MAX` at most (one statement)."""
    few = (
        select(Comment.id)
        .where(
            of(subject),
            Comment.deleted_at.is_(None),
            Comment.hidden_at.is_(None),
            visible_to(viewer, settings),
        )
        .limit(COUNT_MAX)
        .subquery()
    )
    return session.scalar(select(func.count()).select_from(few)) or 0


def counts(viewer: Actor, settings: SiteSettings, kind: SubjectKind, ids: Collection[int]) -> dict[int, int]:
    """Return how many comments can be read about each of several subjects of one kind (one statement)."""
    if not ids:
        return {}
    column = {
        SubjectKind.SECTION: Comment.section_id,
        SubjectKind.PROPOSAL: Comment.proposal_id,
        SubjectKind.CONTRIBUTION: Comment.contribution_id,
    }[kind]
    found = session.execute(
        select(column, func.count())
        .where(
            and_(column.in_(sorted(ids)), Comment.deleted_at.is_(None), Comment.hidden_at.is_(None)),
            visible_to(viewer, settings),
        )
        .group_by(column)
    )
    return {row[0]: row[1] for row in found if row[0] is not None}


def row(viewer: Actor, settings: SiteSettings, comment_id: int) -> Row | None:
    """Return one comment the viewer may see, uncut, or None (two statements at most)."""
    found = session.execute(
        select_rows().where(Comment.id == comment_id, visible_to(viewer, settings))
    ).one_or_none()
    return None if found is None else as_rows(viewer, [found], whole=[comment_id])[0]
