# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The ballot on a text, for the line on the text's own page: no statement while nothing changes."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, String, and_, case, cast, literal, null, or_, select, union_all

from charta.db import session, utcnow
from charta.permissions import Actor, Role
from charta.votes.held_keys import Held
from charta.votes.models import Ballot, DissentNote, ParticipantSeat
from charta.votes.poll_keys import voter_key
from charta.votes.rules import BallotState

OPEN_MAX = 1_000
# It holds keys: so never for long.
_known: Held[Hashable, "Known"] = Held(16)


@dataclass(frozen=True, slots=True)
class OpenBallot:
    """A ballot that is open or scheduled on a text."""

    id: int
    section_id: int | None
    proposal_id: int | None
    opens_at: datetime | None
    closes_at: datetime
    key: str


@dataclass(frozen=True, slots=True)
class Known:
    """What votes there are about texts: the open ballots, and which texts have more in their margin."""

    ballots: tuple[OpenBallot, ...]
    noted: frozenset[int]  # sections with notes of partners
    voted_sections: frozenset[int]
    voted_proposals: frozenset[int]


def on_text(
    viewer: Actor, *, section_id: int | None = None, proposal_id: int | None = None, at: Hashable
) -> OpenBallot | None:
    """Return the ballot on a text or a proposal when the viewer may know of it.

    `at` changes with every deed in the log. One statement after a change, one more for an attendee where
    there is a ballot: partners and the office know of all, attendees of those they can vote in.
    """
    if viewer.role is Role.READER:  # they see the result
        return None
    now = utcnow()
    for ballot in known(at).ballots:
        is_meant = (
            ballot.section_id == section_id if section_id is not None else ballot.proposal_id == proposal_id
        )
        if is_meant and ballot.closes_at > now and _may_know(viewer, ballot):
            return ballot
    return None


def known(at: Hashable) -> Known:
    """Return what votes there are about texts: one statement after a deed in the log, else none."""
    found = _known.get(at)
    return found if found is not None else _known.keep(at, _read())


def _read() -> Known:
    is_open = and_(Ballot.state == BallotState.OPEN, Ballot.key.is_not(None))
    is_decided = and_(Ballot.state == BallotState.CLOSED, Ballot.has_partners.is_(True))
    ballots = select(
        case((Ballot.state == BallotState.OPEN, "open"), else_="decided").label("kind"),
        Ballot.id,
        Ballot.section_id,
        Ballot.proposal_id,
        Ballot.opens_at,
        Ballot.closes_at,
        case((Ballot.state == BallotState.OPEN, Ballot.key)).label("key"),
    ).where(or_(is_open, is_decided), Ballot.is_test.is_(False))
    notes = (
        select(
            literal("noted"),
            cast(null(), Integer),
            DissentNote.section_id,
            cast(null(), Integer),
            cast(null(), Ballot.opens_at.type),
            cast(null(), Ballot.closes_at.type),
            cast(null(), String),
        )
        .where(DissentNote.withdrawn_at.is_(None))
        .distinct()
    )
    rows = session.execute(union_all(ballots, notes)).all()
    opened = sorted((row for row in rows if row.kind == "open"), key=lambda row: row.closes_at)
    decided = [row for row in rows if row.kind == "decided"]
    return Known(
        ballots=tuple(
            OpenBallot(row.id, row.section_id, row.proposal_id, row.opens_at, row.closes_at, row.key)
            for row in opened[:OPEN_MAX]
        ),
        noted=frozenset(row.section_id for row in rows if row.kind == "noted"),
        voted_sections=frozenset(row.section_id for row in decided if row.section_id is not None),
        voted_proposals=frozenset(row.proposal_id for row in decided if row.proposal_id is not None),
    )


def _may_know(viewer: Actor, ballot: OpenBallot) -> bool:
    if viewer.role is not Role.ATTENDEE:
        return True
    assert viewer.id is not None
    own = ParticipantSeat.voter_key == voter_key(ballot.key, viewer.id)
    seat = select(ParticipantSeat.id).where(ParticipantSeat.ballot_id == ballot.id, own)
    return session.scalar(seat) is not None
