# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""How many comments there are to read."""

from sqlalchemy import func, select

from charta.comments.models import Comment
from charta.comments.queries.subjects import Subject, of, visible_to
from charta.db import session
from charta.permissions import Actor
from charta.site.rules import SiteSettings

# Counting stops here: „500+“ says as much as the number, and costs the same whatever was written.
COUNT_MAX = 500


def count(viewer: Actor, settings: SiteSettings, subject: Subject) -> int:
    """Return how many comments somebody can read about a subject, `COUNT_MAX` at most (one statement)."""
    few = (
        select(Comment.id)
        .where(
            of(subject),
            Comment.deleted_at.is_(None),
            Comment.hidden_at.is_(None),
            visible_to(viewer, settings),
        )
        .limit(COUNT_MAX)
        .subquery()
    )
    return session.scalar(select(func.count()).select_from(few)) or 0
