# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Keeping order: settled threads, reports to the moderation, hiding with a reason, one or up to fifty."""

from collections.abc import Sequence

from sqlalchemy import select, update

from charta.accounts.service import reread
from charta.comments.models import Comment, CommentReport
from charta.comments.rules import BULK_MAX, REASON_MAX
from charta.comments.service import steps, telling
from charta.db import Transaction, transaction
from charta.errors import InvalidInput, WrongState
from charta.permissions import Actor, Permission, require
from charta.site import queries as site
from charta.text.normalise import normalise


def resolve(actor: Actor, comment_id: int) -> Comment:
    """Call a thread settled: whoever began it, partners, moderators; twice is no error."""
    with transaction() as tx:
        actor = reread(tx, actor)
        thread = _thread(tx, actor, comment_id)
        if thread.resolved_at is None:
            thread.resolved_at, thread.resolved_by_id = tx.now, actor.id
            steps.record(tx, actor, "resolve_comment", thread)
        return thread


def reopen(actor: Actor, comment_id: int) -> Comment:
    """Say that a thread is not settled after all; twice is no error."""
    with transaction() as tx:
        actor = reread(tx, actor)
        thread = _thread(tx, actor, comment_id)
        if thread.resolved_at is not None:
            thread.resolved_at = thread.resolved_by_id = None
            steps.record(tx, actor, "reopen_comment", thread)
        return thread


def report(actor: Actor, comment_id: int, *, reason: str = "") -> None:
    """Ask the moderation to look at a comment; a second time by the same person changes nothing.

    Raises `InvalidInput` (reason), `NotFound`, `WrongState("report_comment", "deleted")`.
    """
    clean = _clean_reason(reason)
    with transaction() as tx:
        actor = reread(tx, actor)
        require(actor, Permission.REPORT_COMMENT)
        comment = steps.locked(tx, actor, comment_id)
        if comment.deleted_at is not None:
            raise WrongState("report_comment", "deleted")
        if tx.session.get(CommentReport, (comment_id, actor.id)) is not None:
            return
        tx.session.add(
            CommentReport(comment_id=comment_id, person_id=actor.id, reason=clean, at=tx.now, settled_at=None)
        )
        tx.session.flush()
        steps.record(tx, actor, "report_comment", comment)


def hide(actor: Actor, comment_id: int, *, reason: str) -> Comment:
    """Show a comment to its author and moderators only, with the reason; settles what was reported.

    Hiding a hidden one changes nothing. Raises `InvalidInput` (reason), `NotFound`,
    `WrongState("hide_comment", "deleted")`.
    """
    clean = _required_reason(reason)
    with transaction() as tx:
        actor = _moderator(tx, actor)
        comment = steps.locked(tx, actor, comment_id)
        if comment.deleted_at is not None:
            raise WrongState("hide_comment", "deleted")
        if comment.hidden_at is None:
            _hide(tx, actor, [comment], clean)
            steps.record(tx, actor, "hide_comment", comment)
        return comment


def hide_all(actor: Actor, comment_ids: Sequence[int], *, reason: str) -> int:
    """Hide up to `BULK_MAX` comments for one reason; return how many were to be seen before."""
    clean = _required_reason(reason)
    with transaction() as tx:
        actor = _moderator(tx, actor)
        comments = [
            comment
            for comment in _several(tx, comment_ids)
            if comment.hidden_at is None and comment.deleted_at is None
        ]
        if comments:
            _hide(tx, actor, comments, clean)
            # One entry for each author: each is told of their own, and of nobody else's.
            for author_id in sorted({comment.author_id for comment in comments}):
                theirs = [comment for comment in comments if comment.author_id == author_id]
                steps.record_all(tx, actor, "hide_comment", theirs)
        return len(comments)


def show(actor: Actor, comment_id: int) -> Comment:
    """Show a hidden comment again; one that is shown changes nothing."""
    with transaction() as tx:
        actor = _moderator(tx, actor)
        comment = steps.locked(tx, actor, comment_id)
        if comment.hidden_at is not None:
            comment.hidden_at = comment.hidden_by_id = None
            comment.hidden_reason = ""
            steps.record(tx, actor, "show_comment", comment)
        return comment


def settle_all(actor: Actor, comment_ids: Sequence[int]) -> int:
    """Say that reported comments are in order; return about how many of them a report was open."""
    with transaction() as tx:
        actor = _moderator(tx, actor)
        comments = _several(tx, comment_ids)
        reported = set(
            tx.session.scalars(
                select(CommentReport.comment_id).where(
                    CommentReport.comment_id.in_([comment.id for comment in comments]),
                    CommentReport.settled_at.is_(None),
                )
            )
        )
        settled = [comment for comment in comments if comment.id in reported]
        if settled:
            _settle(tx, settled)
            steps.record_all(tx, actor, "settle_comment", settled)
        return len(settled)


def _moderator(tx: Transaction, actor: Actor) -> Actor:
    actor = reread(tx, actor)
    require(actor, Permission.HIDE_COMMENT)
    return actor


def _thread(tx: Transaction, actor: Actor, comment_id: int) -> Comment:
    """Return the first comment of a thread under its lock, if the actor may call it settled or not."""
    settings = site.settings()
    comment = steps.seen(tx, actor, comment_id, settings)
    comment = steps.locked(tx, actor, comment.thread_id or comment.id, settings)
    require(actor, Permission.RESOLVE_COMMENT, comment)
    return comment


def _several(tx: Transaction, comment_ids: Sequence[int]) -> list[Comment]:
    """Return several comments under their locks, in rising order; what does not exist is left out."""
    wanted = sorted(set(comment_ids))
    if not wanted:
        raise InvalidInput("comments", "comments_required")
    if len(wanted) > BULK_MAX:
        raise InvalidInput("comments", "too_many_comments", limit=BULK_MAX, number=len(wanted))
    return list(
        tx.session.scalars(
            select(Comment)
            .where(Comment.id.in_(wanted))
            .order_by(Comment.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def _hide(tx: Transaction, actor: Actor, comments: Sequence[Comment], reason: str) -> None:
    for comment in comments:
        comment.hidden_at, comment.hidden_by_id, comment.hidden_reason = tx.now, actor.id, reason
    tx.session.flush()
    _settle(tx, comments)
    telling.tell_hidden(tx, comments, reason)


def _settle(tx: Transaction, comments: Sequence[Comment]) -> None:
    tx.session.execute(
        update(CommentReport)
        .where(
            CommentReport.comment_id.in_([comment.id for comment in comments]),
            CommentReport.settled_at.is_(None),
        )
        .values(settled_at=tx.now)
        .execution_options(synchronize_session=False)
    )


def _clean_reason(raw: str) -> str:
    if len(raw) > 4 * REASON_MAX:  # before any work on it
        raise InvalidInput("reason", "too_long", limit=REASON_MAX, length=len(raw))
    reason = normalise(raw, "reason").strip()
    if len(reason) > REASON_MAX:
        raise InvalidInput("reason", "too_long", limit=REASON_MAX, length=len(reason))
    return reason


def _required_reason(raw: str) -> str:
    reason = _clean_reason(raw)
    if not reason:
        raise InvalidInput("reason", "required")
    return reason
