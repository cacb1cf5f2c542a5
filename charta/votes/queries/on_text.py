# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The ballot on a text, for the line on the text's own page: no statement while nothing changes."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from charta.db import session, utcnow
from charta.permissions import Actor, Role
from charta.sections import texts
from charta.votes.models import Ballot, ParticipantSeat
from charta.votes.poll_keys import voter_key
from charta.votes.rules import BallotState

OPEN_MAX = 1_000
_open: texts.Memo[tuple["OpenBallot", ...]] = texts.Memo(16)


@dataclass(frozen=True, slots=True)
class OpenBallot:
    """A ballot that is open or scheduled on a text."""

    id: int
    section_id: int | None
    proposal_id: int | None
    opens_at: datetime | None
    closes_at: datetime
    key: str


def on_text(
    viewer: Actor, *, section_id: int | None = None, proposal_id: int | None = None, at: Hashable
) -> OpenBallot | None:
    """Return the ballot on a text or a proposal when the viewer may know of it.

    `at` changes with every deed in the log. One statement after a change, one more for an attendee where
    there is a ballot: partners and the office know of all, attendees of those they can vote in.
    """
    if viewer.role is Role.READER:  # they see the result
        return None
    known = _open.get(at)
    if known is None:
        known = _open.keep(at, _read())
    now = utcnow()
    for ballot in known:
        is_meant = (
            ballot.section_id == section_id if section_id is not None else ballot.proposal_id == proposal_id
        )
        if is_meant and ballot.closes_at > now and _may_know(viewer, ballot):
            return ballot
    return None


def _read() -> tuple[OpenBallot, ...]:
    rows = session.execute(
        select(
            Ballot.id, Ballot.section_id, Ballot.proposal_id, Ballot.opens_at, Ballot.closes_at, Ballot.key
        )
        .where(Ballot.state == BallotState.OPEN, Ballot.is_test.is_(False), Ballot.key.is_not(None))
        .order_by(Ballot.closes_at)
        .limit(OPEN_MAX)
    )
    return tuple(OpenBallot(*row) for row in rows)


def _may_know(viewer: Actor, ballot: OpenBallot) -> bool:
    if viewer.role is not Role.ATTENDEE:
        return True
    assert viewer.id is not None
    own = ParticipantSeat.voter_key == voter_key(ballot.key, viewer.id)
    seat = select(ParticipantSeat.id).where(ParticipantSeat.ballot_id == ballot.id, own)
    return session.scalar(seat) is not None
