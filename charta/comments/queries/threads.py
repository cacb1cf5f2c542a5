# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Threads: who sees which comment, once as SQL; the newest fifty of a subject in one statement."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, func, or_, select, union_all
from sqlalchemy.orm import aliased

from charta.comments.models import Comment, CommentAnchor
from charta.comments.queries import proposing
from charta.comments.queries.proposing import Outcome
from charta.comments.queries.rows import COLUMNS, Row, as_rows, select_rows
from charta.comments.queries.subjects import Subject, of, visible_to
from charta.db import session
from charta.permissions import Actor
from charta.site.rules import SiteSettings

PAGE_SIZE = 50


# What a list shows of one thread; the thread's own page has all.
ANSWERS_SHOWN = 10


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
            line[len(COLUMNS)],
            proposing.as_outcomes(line[len(COLUMNS) + 1]),
        )
        for row, line in zip(rows[: len(first)], first, strict=True)
    ]
