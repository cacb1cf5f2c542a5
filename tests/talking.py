# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Comments to test with, made through the service."""

import itertools
from typing import Any

from charta.comments.models import Comment
from charta.comments.queries import threads as queries
from charta.comments.queries.threads import Subject, Thread
from charta.comments.rules import SubjectKind
from charta.comments.service import writing
from charta.db import session
from charta.permissions import ANONYMOUS, Actor
from charta.site import queries as site
from tests.factories import Account

_keys = itertools.count(1)


def said(author: Account, body: str = "Das sehe ich anders.", **where: Any) -> int:
    """Write a comment (section_id=…, proposal_id=…, contribution_id=… or thread_id=…); return its id."""
    where.setdefault("once_key", f"test-{next(_keys)}")
    return writing.write(author.actor, body=body, **where).id


def stored(comment_id: int) -> Comment:
    """Return a comment as it is stored now."""
    session.rollback()
    found = session.get(Comment, comment_id, populate_existing=True)
    assert found is not None
    return found


def on_section(section_id: int) -> Subject:
    """Return a section as the subject of comments."""
    return Subject(SubjectKind.SECTION, section_id)


def read(viewer: Actor = ANONYMOUS, *, section_id: int) -> list[Thread]:
    """Return the threads of a section as this viewer reads them."""
    session.rollback()
    return queries.threads(viewer, site.settings(), on_section(section_id))
