# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The comments a moderator looks through: reported ones first, hidden ones, all; with the reports."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import and_, exists, func, select

from charta.accounts.models import Person
from charta.comments.models import Comment, CommentReport
from charta.comments.queries.rows import Row, as_rows, select_rows
from charta.comments.queries.threads import PAGE_SIZE
from charta.contributions.models import Contribution
from charta.db import session
from charta.permissions import Actor
from charta.proposals.models import Proposal
from charta.sections.models import Section


class Shown(StrEnum):
    """Which comments the list shows."""

    REPORTED = "reported"
    HIDDEN = "hidden"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Report:
    """Why somebody asks the moderation to look."""

    name: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One comment with what it is about (in the words of its subject) and its open reports."""

    row: Row
    title: str
    code: str  # of a contribution
    reports: Sequence[Report]


_REPORTED = exists().where(CommentReport.comment_id == Comment.id, CommentReport.settled_at.is_(None))


def lines(viewer: Actor, shown: Shown, *, before: int | None = None) -> list[Line]:
    """Return up to `PAGE_SIZE` + 1 comments, newest first, before id `before`; for moderators only.

    Three statements at most, whatever the number.
    """
    statement = (
        select_rows(Section.number, Section.title, Proposal.summary, Contribution.title, Contribution.code)
        .outerjoin(Section, Section.id == Comment.section_id)
        .outerjoin(Proposal, Proposal.id == Comment.proposal_id)
        .outerjoin(Contribution, Contribution.id == Comment.contribution_id)
        .where(Comment.deleted_at.is_(None))
    )
    if shown is Shown.REPORTED:
        statement = statement.where(_REPORTED)
    elif shown is Shown.HIDDEN:
        statement = statement.where(Comment.hidden_at.is_not(None))
    if before is not None:
        statement = statement.where(Comment.id < before)
    found = session.execute(statement.order_by(Comment.id.desc()).limit(PAGE_SIZE + 1)).all()
    reports = _reports([line[0].id for line in found])
    return [
        Line(
            row=row,
            title=f"{line[-5] or ''} {line[-4] or line[-3] or line[-2] or ''}".strip(),
            code=line[-1] or "",
            reports=reports.get(row.id, []),
        )
        for row, line in zip(as_rows(viewer, found), found, strict=True)
    ]


def _reports(comment_ids: Sequence[int]) -> dict[int, list[Report]]:
    if not comment_ids:
        return {}
    found = session.execute(
        select(CommentReport.comment_id, Person.name, CommentReport.reason, CommentReport.at)
        .join(Person, Person.id == CommentReport.person_id)
        .where(CommentReport.comment_id.in_(comment_ids), CommentReport.settled_at.is_(None))
        .order_by(CommentReport.at)
    )
    kept: dict[int, list[Report]] = defaultdict(list)
    for comment_id, name, reason, at in found:
        kept[comment_id].append(Report(name, reason, at))
    return kept


def count_of_reported() -> int:
    """Return how many comments wait for the moderation (one statement)."""
    return (
        session.scalar(
            select(func.count(func.distinct(CommentReport.comment_id)))
            .join(Comment, Comment.id == CommentReport.comment_id)
            .where(and_(CommentReport.settled_at.is_(None), Comment.deleted_at.is_(None)))
        )
        or 0
    )


def is_reported_by(viewer: Actor, comment_id: int) -> bool:
    """Say whether this person has reported the comment already (one statement)."""
    return (
        session.scalar(
            select(CommentReport.comment_id).where(
                CommentReport.comment_id == comment_id, CommentReport.person_id == viewer.id
            )
        )
        is not None
    )
