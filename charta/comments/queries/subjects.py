# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What comments hang on, and who sees which comment, once as SQL."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select

from charta.comments.models import Comment
from charta.comments.rules import SubjectKind
from charta.contributions.models import Contribution
from charta.contributions.queries import listing as contributions
from charta.db import session
from charta.permissions import Actor
from charta.proposals.models import Proposal
from charta.proposals.queries import rows as proposals
from charta.site.rules import SiteSettings


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


def subject_of(comment: Comment) -> Subject:
    """Return what a comment hangs on."""
    if comment.section_id is not None:
        return Subject(SubjectKind.SECTION, comment.section_id)
    if comment.proposal_id is not None:
        return Subject(SubjectKind.PROPOSAL, comment.proposal_id)
    assert comment.contribution_id is not None
    return Subject(SubjectKind.CONTRIBUTION, comment.contribution_id)


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
