# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Writing: a comment on a section, a proposal or a contribution, an answer, fifteen minutes of changes."""

import hashlib
from datetime import timedelta

from sqlalchemy import case, delete, func, insert, or_, select
from sqlalchemy.orm import aliased

from charta import events
from charta.accounts.service import reread
from charta.comments import placing, texts
from charta.comments.models import Comment, CommentMention, CommentReport
from charta.comments.queries import mentioning, subjects
from charta.comments.rules import MOST_PER_HOUR, Place, clean_body, may_still_edit
from charta.comments.service import steps, telling
from charta.contributions.models import Contribution
from charta.contributions.queries import listing as contributions
from charta.contributions.rules import SCREENED
from charta.db import Transaction, transaction
from charta.errors import InvalidInput, NotFound, TooManyAttempts, WrongState
from charta.permissions import Actor, Permission, require
from charta.proposals.models import Proposal
from charta.proposals.queries import rows as proposals
from charta.proposals.rules import State
from charta.sections.models import Section
from charta.site import queries as site
from charta.site.rules import SiteSettings


def write(
    actor: Actor,
    *,
    body: str,
    once_key: str,
    section_id: int | None = None,
    proposal_id: int | None = None,
    version: int | None = None,
    contribution_id: int | None = None,
    place: Place = Place.WHOLE,
    paragraph: int | None = None,
    start: int | None = None,
    end: int | None = None,
    seen_revision_id: int | None = None,
    thread_id: int | None = None,
) -> Comment:
    """Write a comment and return it; the same words with the same `once_key` return the first one.

    The subject is exactly one of section, proposal (`version` is the one that was read, else the one under
    decision) and contribution; with `thread_id` (any comment of the thread) it is the thread's. `paragraph`
    counts from 0, `start` and `end` are code points of the text that was seen.
    Raises `InvalidInput` (body, place), `NotFound`, `NotPermitted`, `TooManyAttempts`, and
    `WrongState("comment", ...)` for what was deleted or is still a draft.
    """
    clean = clean_body(body)
    html_hash = texts.hash_of(clean)
    rendered = texts.rendered(html_hash, clean)
    with transaction() as tx:
        actor = reread(tx, actor)
        settings, round_ = site.in_force()
        require(actor, Permission.COMMENT, policy=site.policy(settings, round_))
        assert actor.id is not None
        # With the words: who goes back in the browser and writes something else writes a second comment.
        key = hashlib.sha256(f"{actor.id}:{once_key}:{html_hash}:{thread_id}".encode()).hexdigest()
        root = None
        if thread_id is not None:
            root = _enter_thread(tx, actor, settings, thread_id)
            section_id, proposal_id = root.section_id, root.proposal_id
            contribution_id, version = root.contribution_id, root.proposal_version
        elif section_id is not None:
            _enter_section(tx, section_id)
        elif proposal_id is not None:
            version = _enter_proposal(tx, actor, settings, proposal_id, version)
        elif contribution_id is not None:
            _enter_contribution(tx, actor, contribution_id)
        else:
            raise NotFound(kind="subject")
        written = _written(tx, actor.id, key)
        if written is not None:  # the form was sent twice; the lock above lets the first one finish
            return written
        comment = Comment(
            section_id=section_id,
            proposal_id=proposal_id,
            proposal_version=version if proposal_id is not None else None,
            contribution_id=contribution_id,
            thread_id=root.id if root else None,
            author_id=actor.id,
            organisation_id=actor.organisation_id,
            body=clean,
            html_hash=html_hash,
            place=Place.WHOLE if root or contribution_id is not None else place,
            once_key=key,
            last_at=tx.now,
            created_at=tx.now,
        )
        tx.session.add(comment)
        steps.keep_rendered(tx, html_hash, rendered)
        tx.session.flush()
        if root is not None:
            root.answers += 1
            root.last_at = tx.now
        elif comment.place is not Place.WHOLE:
            placing.anchored(
                tx, comment, paragraph=paragraph, start=start, end=end, seen_revision_id=seen_revision_id
            )
        telling.tell_written(tx, comment, root, _mention(tx, actor, comment))
        events.publish(tx, events.CommentWritten(comment.id, comment.thread_id))
        steps.record(tx, actor, "answer_comment" if root else "write_comment", comment)
        return comment


def edit(actor: Actor, comment_id: int, *, body: str) -> Comment:
    """Change the words of the own comment within fifteen minutes; the same words change nothing.

    Raises `InvalidInput`, `NotFound`, `NotPermitted`, `WrongState("edit_comment", ...)`.
    """
    clean = clean_body(body)
    html_hash = texts.hash_of(clean)
    rendered = texts.rendered(html_hash, clean)
    with transaction() as tx:
        actor = reread(tx, actor)
        comment = steps.locked(tx, actor, comment_id)
        require(actor, Permission.EDIT_COMMENT, comment)
        if comment.deleted_at is not None:
            raise WrongState("edit_comment", "deleted")
        if comment.hidden_at is not None:
            raise WrongState("edit_comment", "hidden")
        if not may_still_edit(tx.now, comment.created_at):
            raise WrongState("edit_comment", "too_late")
        if comment.html_hash == html_hash:
            return comment
        comment.body, comment.html_hash, comment.edited_at = clean, html_hash, tx.now
        steps.keep_rendered(tx, html_hash, rendered)
        tx.session.execute(delete(CommentMention).where(CommentMention.comment_id == comment.id))
        _mention(tx, actor, comment)
        steps.record(tx, actor, "edit_comment", comment)
        return comment


def remove(actor: Actor, comment_id: int) -> Comment:
    """Take the own words back for good: a gap stays where answers hang on it; twice is no error."""
    with transaction() as tx:
        actor = reread(tx, actor)
        comment = steps.locked(tx, actor, comment_id)
        require(actor, Permission.EDIT_COMMENT, comment)
        if comment.deleted_at is not None:
            return comment
        comment.body, comment.html_hash, comment.deleted_at = "", texts.hash_of(""), tx.now
        comment.edited_at = None
        tx.session.execute(delete(CommentMention).where(CommentMention.comment_id == comment_id))
        # There is nothing left that the moderation could look at.
        tx.session.execute(delete(CommentReport).where(CommentReport.comment_id == comment_id))
        steps.record(tx, actor, "delete_comment", comment)
        return comment


def _enter_thread(tx: Transaction, actor: Actor, settings: SiteSettings, comment_id: int) -> Comment:
    """Lock and return the first comment of a thread; raises for what nobody can answer.

    What it hangs on needs no lock: an answer has no place of its own in the text.
    """
    root = aliased(Comment)
    found = tx.session.execute(
        select(root, Comment, Section.is_deleted)
        .join(root, root.id == func.coalesce(Comment.thread_id, Comment.id))
        .outerjoin(Section, Section.id == Comment.section_id)
        .where(Comment.id == comment_id, subjects.visible_to(actor, settings))
        .with_for_update(of=root)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound(kind="comment", id=comment_id)
    first, answered, section_is_deleted = found
    if section_is_deleted:
        raise WrongState("comment", "deleted", kind="section")
    if answered.hidden_at is not None or first.hidden_at is not None:
        raise InvalidInput("body", "comment_hidden")
    if answered.deleted_at is not None and answered.answers == 0:
        raise InvalidInput("body", "comment_deleted")
    thread: Comment = first
    return thread


def _enter_section(tx: Transaction, section_id: int) -> None:
    """Lock a section: its text stands still until the comment has its place."""
    section = tx.lock(Section, section_id)
    if section is None:
        raise NotFound(kind="section", id=section_id)
    if section.is_deleted:
        raise WrongState("comment", "deleted", kind="section")


def _enter_proposal(
    tx: Transaction, actor: Actor, settings: SiteSettings, number: int, version: int | None
) -> int:
    """Lock a proposal and return the version the comment hangs on."""
    visible = tx.session.scalar(
        select(Proposal.id).where(Proposal.id == number, proposals.visible_to(actor, settings))
    )
    proposal = tx.lock(Proposal, number) if visible else None
    if proposal is None:
        raise NotFound(kind="proposal", id=number)
    if proposal.state is State.DRAFT:
        raise WrongState("comment", proposal.state.value, kind="proposal")
    version = version or proposal.candidate
    if not 1 <= version <= proposal.candidate:
        raise NotFound(kind="proposal_version", id=number, version=version)
    return version


def _enter_contribution(tx: Transaction, actor: Actor, contribution_id: int) -> None:
    visible = tx.session.scalar(
        select(Contribution.id).where(Contribution.id == contribution_id, contributions.visible_to(actor))
    )
    contribution = tx.lock(Contribution, contribution_id) if visible else None
    if contribution is None:
        raise NotFound(kind="contribution", id=contribution_id)
    if contribution.state not in SCREENED:
        raise WrongState("comment", contribution.state.value, kind="contribution")


def _written(tx: Transaction, person_id: int, key: str) -> Comment | None:
    """Return what the same form wrote already; raises `TooManyAttempts` when a script writes."""
    since = tx.now - timedelta(hours=1)
    is_recent = Comment.created_at > since
    count, first, written = tx.session.execute(
        select(
            func.count().filter(is_recent),
            func.min(Comment.created_at).filter(is_recent),
            func.max(case((Comment.once_key == key, Comment.id))),
        ).where(Comment.author_id == person_id, or_(is_recent, Comment.once_key == key))
    ).one()
    if written is not None:
        return tx.session.get_one(Comment, written)
    if count >= MOST_PER_HOUR:
        raise TooManyAttempts(max(1, int((first - since).total_seconds())))
    return None


def _mention(tx: Transaction, actor: Actor, comment: Comment) -> list[int]:
    """Store whom a comment names and return their ids: only people whose name its author may see."""
    people = mentioning.named_in(actor, comment.body, thread_id=comment.thread_id or comment.id)
    rows = [{"comment_id": comment.id, "person_id": person.id} for person in people]
    if rows:
        tx.session.execute(insert(CommentMention), rows)
    return [person.id for person in people]
