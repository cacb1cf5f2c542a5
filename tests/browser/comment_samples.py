# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Parts of the addresses of comments, from the demonstration: the states worth a look."""

from typing import Any

from sqlalchemy import ColumnElement, select

from charta.accounts.models import Person
from charta.comments.models import Comment, CommentAnchor, CommentProposal
from charta.comments.rules import PlaceState
from charta.db import session
from charta.proposals.models import Proposal
from charta.proposals.rules import State


def read() -> dict[str, list[dict[str, Any]]]:
    """Return values for the parts of each address."""
    answered = _one(Comment.answers > 1, Comment.section_id.is_not(None))
    hidden = _one(Comment.hidden_at.is_not(None))
    own, author = session.execute(
        select(Comment.id, Person.email)
        .join(Person, Person.id == Comment.author_id)
        .where(Comment.edited_at.is_not(None))
        .limit(1)
    ).one()
    in_states = [
        {"comment_id": found}
        for state in PlaceState
        if (
            found := session.scalar(
                select(CommentAnchor.comment_id).where(
                    CommentAnchor.state == state, CommentAnchor.section_id.is_not(None)
                )
            )
        )
    ]
    section_id = session.scalar(select(Comment.section_id).where(Comment.id == answered))
    # A comment that an open proposal answers, seen by whoever wrote the proposal.
    led_to, number, proposer = session.execute(
        select(CommentProposal.comment_id, Proposal.id, Person.email)
        .join(Proposal, Proposal.id == CommentProposal.proposal_id)
        .join(Person, Person.id == Proposal.author_id)
        .where(Proposal.state == State.SUBMITTED)
        .limit(1)
    ).one()
    return {
        "comments.propose": [{"comment_id": led_to, "who": proposer}, {"comment_id": led_to}],
        "comments.answers": [{"number": number, "who": proposer}],
        "comments.show": [
            *in_states,
            {"comment_id": hidden, "who": "moderator"},
            {"comment_id": answered},
            {"comment_id": led_to, "who": proposer},
        ],
        "comments.of_section": [{"section_id": section_id}, {"section_id": section_id, "who": "attendee"}],
        "comments.edit": [{"comment_id": own, "who": author}],
        "comments.report": [{"comment_id": answered}],
        "comments.hide": [{"comment_id": answered}],
    }


def _one(*where: ColumnElement[bool]) -> int | None:
    return session.scalar(select(Comment.id).where(*where).order_by(Comment.id).limit(1))
