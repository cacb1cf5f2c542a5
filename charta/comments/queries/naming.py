# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the subject of a comment is called."""

from dataclasses import dataclass

from sqlalchemy import select

from charta.comments.queries.subjects import Subject
from charta.comments.rules import SubjectKind
from charta.contributions.models import Contribution
from charta.contributions.rules import GAP, first_words
from charta.db import session
from charta.permissions import Actor, Role
from charta.proposals.models import Proposal
from charta.sections.models import Section


@dataclass(frozen=True, slots=True)
class SubjectName:
    """The title of a section with its number, the summary of a proposal, the title of a contribution.

    Of a contribution without a title its first words, and its code where the words are not for the viewer.
    `code` is that of a contribution, else empty. `is_closed`: the section was taken out.
    """

    title: str
    code: str = ""
    is_closed: bool = False


def name_of(viewer: Actor, subject: Subject) -> SubjectName:
    """Return what a subject that exists is called (one statement); the caller has asked who may know it."""
    if subject.kind is SubjectKind.SECTION:
        number, title, is_deleted = session.execute(
            select(Section.number, Section.title, Section.is_deleted).where(Section.id == subject.id)
        ).one()
        return SubjectName(f"{number or ''} {title}".strip(), is_closed=is_deleted)
    if subject.kind is SubjectKind.PROPOSAL:
        summary = session.scalar(select(Proposal.summary).where(Proposal.id == subject.id))
        return SubjectName(summary or "")
    item = session.execute(
        select(
            Contribution.title,
            Contribution.text,
            Contribution.code,
            Contribution.is_hidden,
            Contribution.author_id,
        ).where(Contribution.id == subject.id)
    ).one()
    is_own = viewer.id is not None and item.author_id == viewer.id
    if item.is_hidden and not is_own and viewer.role is not Role.MODERATOR:
        return SubjectName(item.code, item.code)
    title = (item.title or first_words(item.text)).replace(GAP, "…")
    return SubjectName(title or item.code, item.code)
