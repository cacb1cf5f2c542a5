# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The comments that proposals answer, as lines of pages that tell how a text came about."""

from collections import defaultdict
from collections.abc import Iterable

from charta.comments.models import Comment, CommentAnchor, CommentProposal
from charta.comments.queries.proposing import readable
from charta.comments.queries.rows import as_rows, select_rows
from charta.comments.queries.subjects import visible_to
from charta.comments.queries.threads import Thread
from charta.db import session
from charta.permissions import Actor
from charta.site.rules import SiteSettings


def of_proposals(viewer: Actor, settings: SiteSettings, numbers: Iterable[int]) -> dict[int, list[Thread]]:
    """Return the comments that proposals answer, by number, the oldest first (one statement, or none).

    For pages that only those open who may read the draft of the Charta. Answers are left out.
    """
    wanted = sorted(set(numbers))
    if not wanted:
        return {}
    lines = session.execute(
        select_rows(CommentAnchor, CommentProposal.proposal_id)
        .join(CommentProposal, CommentProposal.comment_id == Comment.id)
        .outerjoin(CommentAnchor, CommentAnchor.comment_id == Comment.id)
        .where(CommentProposal.proposal_id.in_(wanted), *readable(), visible_to(viewer, settings))
        .order_by(Comment.id)
    ).all()
    found: dict[int, list[Thread]] = defaultdict(list)
    for row, line in zip(as_rows(viewer, lines), lines, strict=True):
        found[line[-1]].append(Thread(row, [], line[-2]))
    return found
