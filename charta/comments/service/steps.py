# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Steps that the commands on comments share; each takes the transaction it runs in.

Lock order: comments by rising id, section, proposal or contribution, head of the log. Of a thread only the
first comment is locked. Whoever holds a section (a new revision) touches anchors only, never comments.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from charta.activity import service as activity
from charta.comments import texts
from charta.comments.models import Comment
from charta.comments.queries import subjects
from charta.comments.rules import SubjectKind
from charta.comments.texts import RenderedComment
from charta.db import Transaction
from charta.errors import NotFound
from charta.permissions import Actor
from charta.sections.models import RenderedText
from charta.site import queries as site
from charta.site.rules import SiteSettings
from charta.text import render


def seen(tx: Transaction, actor: Actor, comment_id: int, settings: SiteSettings) -> Comment:
    """Return a comment without a lock; raises `NotFound` when there is none the actor may see."""
    found = tx.session.scalar(
        select(Comment).where(Comment.id == comment_id, subjects.visible_to(actor, settings))
    )
    if found is None:
        raise NotFound(kind="comment", id=comment_id)
    return found


def locked(tx: Transaction, actor: Actor, comment_id: int, settings: SiteSettings | None = None) -> Comment:
    """Return a comment under its lock; raises `NotFound` when there is none the actor may see."""
    found = tx.session.scalar(
        select(Comment)
        .where(Comment.id == comment_id, subjects.visible_to(actor, settings or site.settings()))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(kind="comment", id=comment_id)
    return found


def keep_rendered(tx: Transaction, html_hash: str, rendered: RenderedComment) -> None:
    """Store the HTML of a comment for all processes; the same words again are stored once."""
    insert = postgresql.insert if tx.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    tx.session.execute(
        insert(RenderedText)
        .values(
            content_hash=html_hash,
            renderer_version=render.RENDERER_VERSION,
            paragraphs=texts.as_rows(rendered),
            created_at=tx.now,
        )
        .on_conflict_do_nothing()
    )


def subject_of(comment: Comment) -> tuple[SubjectKind, int]:
    """Return what a comment hangs on."""
    if comment.section_id is not None:
        return SubjectKind.SECTION, comment.section_id
    if comment.proposal_id is not None:
        return SubjectKind.PROPOSAL, comment.proposal_id
    assert comment.contribution_id is not None
    return SubjectKind.CONTRIBUTION, comment.contribution_id


def record(tx: Transaction, actor: Actor, verb: str, comment: Comment, **data: Any) -> None:
    """Write a deed on a comment into the log; call it last."""
    kind, subject_id = subject_of(comment)
    activity.record(
        tx,
        actor,
        verb,
        "comment",
        comment.id,
        section_id=comment.section_id,
        about=kind.value,
        about_id=subject_id,
        **data,
    )


def record_all(tx: Transaction, actor: Actor, verb: str, comments: Sequence[Comment]) -> None:
    """Write one deed on several comments into the log, as one entry; call it last."""
    if len(comments) == 1:
        record(tx, actor, verb, comments[0])
        return
    ids = [comment.id for comment in comments]
    activity.record(tx, actor, verb, "comment", ids[0], count=len(ids), comments=ids)
