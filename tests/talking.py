# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Comments to test with, made through the service."""

import itertools
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from charta.comments import texts
from charta.comments.models import Comment, CommentAnchor, CommentMention, CommentProposal, CommentReport
from charta.comments.queries import threads as queries
from charta.comments.queries.subjects import Subject
from charta.comments.queries.threads import Thread
from charta.comments.rules import Place, PlaceState, SubjectKind
from charta.comments.service import writing
from charta.db import Transaction, session
from charta.permissions import ANONYMOUS, Actor
from charta.sections.models import Revision, Section
from charta.site import queries as site
from charta.text.anchor import ANCHOR_VERSION, make_anchor
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


def build(
    tx: Transaction,
    count: int,
    *,
    section_id: int,
    proposal_id: int,
    contribution_ids: Sequence[int],
    author_id: int,
    other_id: int,
) -> dict[str, int]:
    """Store `count` threads on each kind of subject, with answers, places and open reports, without services.

    Returns ids for the parts of addresses: `comment_id` (a thread with a place and `count` answers).
    """
    now, each = tx.now, range(count)
    section = tx.session.get_one(Section, section_id)
    revision = tx.session.get_one(Revision, section.head_id)
    subjects: list[dict[str, Any]] = [{"section_id": section_id} for _ in each]
    subjects += [{"proposal_id": proposal_id, "proposal_version": 1} for _ in each]
    subjects += [{"contribution_id": contribution_ids[0]} for _ in each]
    first = [_row(f"Kommentar {n}.", author_id, now, **one) for n, one in enumerate(subjects)]
    for thread in first[:count]:
        thread.place = Place.PARAGRAPH
    tx.session.add_all(first)
    tx.session.flush()
    answers = [
        _row(f"Antwort {n}.", other_id, now, section_id=section_id, thread_id=first[0].id) for n in each
    ]
    tx.session.add_all(answers)
    first[0].answers = count
    tx.session.flush()
    end = len(revision.body.split("\n\n")[0].strip())
    place: dict[str, Any] = {
        "section_id": section_id,
        "made_on_revision_id": revision.id,
        "revision_id": revision.id,
    }
    place |= {"anchor": make_anchor(revision.body, 0, end), "engine_version": ANCHOR_VERSION}
    place |= {"start_at": 0, "end_at": end, "state": PlaceState.IN_PLACE}
    tx.session.execute(insert(CommentAnchor), [{**place, "comment_id": one.id} for one in first[:count]])
    tx.session.execute(
        insert(CommentReport),
        [{"comment_id": one.id, "person_id": author_id, "reason": "Ton", "at": now} for one in answers],
    )
    tx.session.execute(
        insert(CommentMention), [{"comment_id": one.id, "person_id": author_id} for one in answers]
    )
    tx.session.execute(
        insert(CommentProposal),
        [{"comment_id": one.id, "proposal_id": proposal_id, "at": now} for one in first[:count]],
    )
    return {"comment_id": first[0].id}


def _row(body: str, author_id: int, now: datetime, **values: Any) -> Comment:
    return Comment(
        author_id=author_id,
        body=body,
        html_hash=texts.hash_of(body),
        last_at=now,
        created_at=now,
        **values,
    )
