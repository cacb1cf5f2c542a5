# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Parts of the addresses of ballots, from the demonstration; a draft and a reading link are made."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from charta.accounts import queries as accounts
from charta.db import session, utcnow
from charta.notifications.models import MailLink
from charta.permissions import Actor
from charta.votes import service
from charta.votes.board_keys import key_of, kind
from charta.votes.models import Ballot, DissentNote
from charta.votes.rules import BallotInput, BallotState, QuestionInput
from charta.votes.service import boards

PARTNER, GUEST, MODERATOR = "ihk@example.org", "teilnahme1@example.org", "moderation@example.org"


def read() -> dict[str, list[dict[str, Any]]]:
    """Return values for the parts of each address, one ballot of each state."""
    running = _ballot(BallotState.OPEN)
    closed = _ballot(BallotState.CLOSED)
    questions = (QuestionInput("Soll die Maßnahme in die Charta?"),)
    draft = service.prepare(
        _actor(MODERATOR), BallotInput("Entwurf", questions, utcnow() + timedelta(days=9), has_partners=True)
    )
    note = session.scalar(select(DissentNote.id).limit(1))
    of_closed = [{"ballot_id": closed, "who": ""}]
    return {
        "votes.show": [{"ballot_id": running, "who": who} for who in ("partner", "attendee", "moderator")]
        + [{"ballot_id": draft, "who": "moderator"}],
        "votes.result": of_closed,
        "votes.check": of_closed,
        "votes.edit": [{"ballot_id": draft, "who": "moderator"}],
        "votes.prepare": [{"who": "moderator"}],
        "votes.cancel": [{"ballot_id": running, "who": "moderator"}],
        "votes.outcome": [{"ballot_id": closed, "who": "moderator"}],
        "votes.board": [{"ballot_id": running, "who": "moderator"}],
        "votes.read_board": [{"key": _shared(running), "who": ""}],
        "votes.note": [
            {
                "section_id": session.scalar(select(DissentNote.section_id).limit(1)),
                "absatz": 1,
                "who": "igmetall@example.org",
            }
        ],
        "votes.withdraw_note": [{"note_id": note, "who": "igmetall@example.org"}],
    }


def _ballot(state: BallotState) -> int:
    found = session.scalar(select(Ballot.id).where(Ballot.state == state).limit(1))
    assert found is not None
    return found


def _actor(email: str) -> Actor:
    person = accounts.person_by_email(email)
    assert person is not None
    found = accounts.actor_by_id(person.id)
    assert found is not None
    return found


def _shared(ballot_id: int) -> str:
    partner = _actor(PARTNER)
    organisation = partner.organisation_id or 0
    boards.share(partner, ballot_id)
    row = session.execute(
        select(Ballot.key, MailLink.created_at)
        .join(MailLink, MailLink.subject_id == Ballot.id)
        .where(Ballot.id == ballot_id, MailLink.subject_kind == kind(organisation))
    ).one()
    return key_of(row.key or "", organisation, row.created_at)
