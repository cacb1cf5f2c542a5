# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Comments as a viewer may read them: a gap where the words are gone or not for this viewer."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy import Select, Text, and_, cast, select

from charta.accounts.models import Organisation, Person
from charta.accounts.rules import Byline, byline
from charta.comments import texts
from charta.comments.models import Comment
from charta.comments.queries.subjects import Subject, subject_of, visible_to
from charta.comments.rules import Place
from charta.comments.texts import RenderedComment
from charta.db import session
from charta.permissions import Actor, Role
from charta.sections.models import RenderedText
from charta.site.rules import SiteSettings
from charta.text import render


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


COLUMNS = (
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
        select(*COLUMNS, *more)
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


def row(viewer: Actor, settings: SiteSettings, comment_id: int) -> Row | None:
    """Return one comment the viewer may see, uncut, or None (two statements at most)."""
    found = session.execute(
        select_rows().where(Comment.id == comment_id, visible_to(viewer, settings))
    ).one_or_none()
    return None if found is None else as_rows(viewer, [found], whole=[comment_id])[0]


def _may_read(viewer: Actor, comment: Comment) -> bool:
    """Say whether the words are for this viewer: hidden ones for their author and moderators."""
    if comment.deleted_at is not None:
        return False
    return comment.hidden_at is None or _sees_hidden(viewer, comment)


def _sees_hidden(viewer: Actor, comment: Comment) -> bool:
    return viewer.role is Role.MODERATOR or (viewer.id is not None and comment.author_id == viewer.id)


def _as_row(viewer: Actor, line: Any, is_whole: bool) -> Row:
    comment, name, role, public_name, short, organisation, kept = line[: len(COLUMNS)]
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


def _rendered(comment: Comment, kept: str | None) -> RenderedComment:
    """Return the HTML of a comment: from memory, else from the shared cache, else rendered."""
    found = texts.in_memory(comment.html_hash)
    if found is not None:
        return found
    if kept is not None:
        return texts.keep(comment.html_hash, json.loads(kept))
    return texts.rendered(comment.html_hash, comment.body)
