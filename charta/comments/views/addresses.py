# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where a comment stands: the page of what it is about."""

from flask import url_for

from charta.comments.queries.rows import Row
from charta.comments.queries.subjects import Subject
from charta.comments.rules import SubjectKind
from charta.contributions.queries import page as contributions
from charta.web.urls import local_target


def subject_url(subject: Subject, comment_id: int | None = None, *, code: str = "") -> str:
    """Return the page that lists the comments on something, at one of them.

    `code` is that of a contribution where it is known; it saves a statement.
    """
    anchor = f"k{comment_id}" if comment_id else "kommentare"
    if subject.kind is SubjectKind.SECTION:
        return url_for("comments.of_section", section_id=subject.id, _anchor=anchor)
    if subject.kind is SubjectKind.PROPOSAL:
        return url_for("proposals.show", number=subject.id, _anchor=anchor)
    return url_for("contributions.show", code=code or contributions.code_of(subject.id), _anchor=anchor)


def after(weiter: str | None, comment: Row | None, comment_id: int) -> str:
    """Return where a deed on a comment leads: the page it was done on, else the comment's own."""
    own = url_for("comments.show", comment_id=comment_id)
    target = local_target(weiter, own if comment is None else subject_url(comment.subject))
    return f"{target.partition('#')[0]}#k{comment_id}"
