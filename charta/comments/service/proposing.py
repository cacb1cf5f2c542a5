# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""From a comment to a proposal: a draft is begun from a thread, and a proposal names the threads it answers.

What became of a comment is never stored with it: the thread reads it from the proposals that answer it.
"""

from dataclasses import dataclass

from sqlalchemy import func, select

from charta.activity import service as activity
from charta.comments.models import Comment, CommentAnchor, CommentProposal
from charta.comments.queries import subjects
from charta.comments.rules import ANSWERED_MAX, reason_from
from charta.db import Transaction, transaction
from charta.errors import InvalidInput, NotFound, WrongState
from charta.permissions import Actor, Permission, require
from charta.proposals.models import Proposal
from charta.proposals.rules import EDITABLE, ProposalKind, State
from charta.proposals.service import steps
from charta.proposals.service.beginning import begin
from charta.proposals.service.steps import Context
from charta.text import render


@dataclass(frozen=True, slots=True)
class Made:
    """The draft that a comment led to; `is_new`: its words are those of the text, nothing was typed yet."""

    number: int
    section_id: int
    is_new: bool


def make(actor: Actor, comment_id: int, *, once_key: str | None = None) -> Made:
    """Begin a change of the section a comment (any of its thread) hangs on; its words become the reason.

    An own draft on the section is found instead (see `proposals.service.start`): it keeps its words and
    answers the comment as well. The same `once_key` finds the same proposal.
    Raises `InvalidInput` for a comment that is hidden or deleted, and what `start` raises.
    """
    with transaction() as tx:
        context = steps.enter(tx, actor)
        comment, quote = _answerable(tx, context, comment_id)
        assert comment.section_id is not None
        begun = begin(tx, context, kind=ProposalKind.CHANGE, section_id=comment.section_id, once_key=once_key)
        if begun.draft is not None:
            begun.draft.reason = reason_from(render.to_plain(comment.body), quote)
        proposal = begun.proposal or steps.lock_alone(tx, context, begun.number)
        if proposal.state in EDITABLE:  # else the same form again: what it began is decided meanwhile
            _link(tx, context, proposal, comment)
        return Made(begun.number, comment.section_id, begun.draft is not None)


def take_up(actor: Actor, number: int, comment_id: int) -> bool:
    """Say that a proposal answers a comment (any of its thread); False when it is said already.

    Raises `WrongState` once it is decided, `InvalidInput("comment", ...)` for one that is hidden or deleted
    or hangs on something else than a section, and when it would be too many.
    """
    with transaction() as tx:
        context = steps.enter(tx, actor)
        proposal = _editable(tx, context, number, "take_up_comment")
        comment, _ = _answerable(tx, context, comment_id)
        return _link(tx, context, proposal, comment)


def leave_out(actor: Actor, number: int, comment_id: int) -> None:
    """Take back that a proposal answers a comment; where that is not said, nothing changes."""
    with transaction() as tx:
        context = steps.enter(tx, actor)
        proposal = _editable(tx, context, number, "leave_out_comment")
        link = tx.session.get(CommentProposal, (comment_id, number))
        if link is None:
            return
        tx.session.delete(link)
        _record(tx, context, proposal, "leave_out_comment", comment_id)


def _editable(tx: Transaction, context: Context, number: int, deed: str) -> Proposal:
    """Lock a proposal that the actor writes and that is not decided."""
    proposal = steps.lock_alone(tx, context, number)
    require(context.actor, Permission.EDIT_DRAFT, proposal, policy=context.policy)
    if proposal.state not in EDITABLE:
        raise WrongState(deed, proposal.state.value)
    return proposal


def _answerable(tx: Transaction, context: Context, comment_id: int) -> tuple[Comment, str]:
    """Return the first comment of a thread on a section and the words of the text it was written on."""
    require(context.actor, Permission.READ_DRAFT, policy=context.policy)
    root_id = select(func.coalesce(Comment.thread_id, Comment.id)).where(Comment.id == comment_id)
    found = tx.session.execute(
        select(Comment, CommentAnchor)
        .outerjoin(CommentAnchor, CommentAnchor.comment_id == Comment.id)
        .where(Comment.id == root_id.scalar_subquery(), subjects.visible_to(context.actor, context.settings))
    ).one_or_none()
    if found is None:
        raise NotFound(kind="comment", id=comment_id)
    comment: Comment = found[0]
    anchor: CommentAnchor | None = found[1]
    if comment.section_id is None:
        raise InvalidInput("comment", "not_on_section")
    if comment.hidden_at is not None or comment.deleted_at is not None:
        raise InvalidInput("comment", "comment_gone")
    return comment, anchor.anchor["quote"] if anchor is not None else ""


def _link(tx: Transaction, context: Context, proposal: Proposal, comment: Comment) -> bool:
    tx.session.flush()
    known = set(
        tx.session.scalars(
            select(CommentProposal.comment_id).where(CommentProposal.proposal_id == proposal.id)
        )
    )
    if comment.id in known:
        return False
    if len(known) >= ANSWERED_MAX:
        raise InvalidInput("comment", "too_many", limit=ANSWERED_MAX)
    tx.session.add(CommentProposal(comment_id=comment.id, proposal_id=proposal.id, at=tx.now))
    _record(tx, context, proposal, "take_up_comment", comment.id)
    return True


def _record(tx: Transaction, context: Context, proposal: Proposal, verb: str, comment_id: int) -> None:
    """Write the deed into the log once others can read the proposal; call it last."""
    if proposal.state is State.DRAFT:
        return
    proposal.changed_at = tx.now
    activity.record(
        tx,
        context.actor,
        verb,
        "proposal",
        proposal.id,
        section_id=proposal.section_id,
        comment_id=comment_id,
    )
