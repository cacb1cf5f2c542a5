# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which proposals answer a comment and what became of them; which comments a proposal answers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, select

from charta.comments.models import Comment, CommentProposal
from charta.db import session
from charta.permissions import Actor
from charta.proposals.models import Proposal, ProposalDecision
from charta.proposals.queries import rows as proposals
from charta.proposals.rules import EDITABLE, ProposalKind, State
from charta.sections.models import Revision
from charta.site.rules import SiteSettings


@dataclass(frozen=True, slots=True)
class Outcome:
    """A proposal that answers a comment, as it stands now; `revision_number` once its text was taken over."""

    number: int
    state: State
    section_id: int | None
    revision_number: int | None


def outcomes_column(viewer: Actor, settings: SiteSettings) -> ColumnElement[str | None]:
    """Return what `as_outcomes` reads as a column of a select of comments: only what the viewer may see.

    Drafts are left out, whoever asks: they may never be handed in.
    """
    revision = (
        select(func.max(Revision.number))
        .join(ProposalDecision, ProposalDecision.revision_id == Revision.id)
        .where(ProposalDecision.proposal_id == Proposal.id)
        .correlate(Proposal)
        .scalar_subquery()
    )
    line: ColumnElement[str] = cast(Proposal.id, String)
    for part in (cast(Proposal.state, String), cast(Proposal.section_id, String), cast(revision, String)):
        line = line.concat(":").concat(func.coalesce(part, ""))
    return (
        select(func.aggregate_strings(line, ","))
        .select_from(CommentProposal)
        .join(Proposal, Proposal.id == CommentProposal.proposal_id)
        .where(
            CommentProposal.comment_id == Comment.id,
            Proposal.state != State.DRAFT,
            proposals.visible_to(viewer, settings),
        )
        .correlate(Comment)
        .scalar_subquery()
    )


def as_outcomes(raw: str | None) -> tuple[Outcome, ...]:
    """Return what `outcomes_column` read, by number."""
    if not raw:
        return ()
    lines = [line.split(":") for line in raw.split(",")]
    found = [
        Outcome(
            int(number),
            State(state),
            int(section_id) if section_id else None,
            int(revision) if revision else None,
        )
        for number, state, section_id, revision in lines
    ]
    return tuple(sorted(found, key=lambda one: one.number))


@dataclass(frozen=True, slots=True)
class OwnProposal:
    """A proposal of the viewer that can still answer a comment."""

    number: int
    summary: str
    is_draft: bool
    is_linked: bool


def own_on_section(viewer: Actor, section_id: int, comment_id: int) -> list[OwnProposal]:
    """Return the own drafts of a change and open proposals on a section, drafts first (one statement)."""
    linked = (
        select(CommentProposal.comment_id)
        .where(CommentProposal.proposal_id == Proposal.id, CommentProposal.comment_id == comment_id)
        .exists()
    )
    found = session.execute(
        select(Proposal.id, Proposal.summary, Proposal.state, Proposal.kind, linked)
        .where(
            Proposal.author_id == viewer.id,
            Proposal.section_id == section_id,
            Proposal.state.in_(sorted(EDITABLE)),
        )
        .order_by(Proposal.id.desc())
        .limit(20)
    )
    own = [
        OwnProposal(number, summary, state is State.DRAFT, bool(is_linked))
        for number, summary, state, kind, is_linked in found
        if state is not State.DRAFT or kind is ProposalKind.CHANGE
    ]
    return sorted(own, key=lambda one: not one.is_draft)


def answered(number: int, *, reads_text: bool) -> Select[Any]:
    """Return the select of the ids of the comments a proposal answers, of those that can be read.

    `reads_text`: whether the viewer may read the draft of the Charta, which comments on it show.
    """
    found = select(Comment.id).join(CommentProposal, CommentProposal.comment_id == Comment.id)
    found = found.where(CommentProposal.proposal_id == number, *readable())
    return found if reads_text else found.where(Comment.section_id.is_(None))


def counts(numbers: Collection[int]) -> dict[int, int]:
    """Return how many comments that can be read proposals answer, by number (one statement)."""
    if not numbers:
        return {}
    found = session.execute(
        select(CommentProposal.proposal_id, func.count())
        .join(Comment, Comment.id == CommentProposal.comment_id)
        .where(CommentProposal.proposal_id.in_(sorted(numbers)), *readable())
        .group_by(CommentProposal.proposal_id)
    )
    return {row[0]: row[1] for row in found}


def readable() -> Sequence[ColumnElement[bool]]:
    """Return the conditions under which a comment that was answered is named: its words are there."""
    return Comment.hidden_at.is_(None), Comment.deleted_at.is_(None)
