# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The ballots on an edition, for the edition's own page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from charta.db import session, utcnow
from charta.permissions import Actor, Permission, Role, may
from charta.votes.models import Ballot, ParticipantSeat
from charta.votes.poll_keys import voter_key
from charta.votes.queries.decided import Decided, decided
from charta.votes.rules import BallotState

_STATES = (BallotState.DRAFT, BallotState.OPEN, BallotState.CLOSED)
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Vote:
    """A ballot that is prepared, open or waits for its tally."""

    id: int
    title: str
    opens_at: datetime | None
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class OnEdition:
    """What the page of an edition says about votes, as the viewer may know.

    `over` takes no votes any more and is counted within seconds. `result` is the newest counted ballot,
    `is_on_this` whether it was about exactly this composition. `drafts` are the moderation's.
    """

    edition_id: int
    open: Vote | None = None
    over: Vote | None = None
    result: Decided | None = None
    is_on_this: bool = False
    drafts: tuple[Vote, ...] = ()


def on_edition(viewer: Actor, edition_id: int, content_hash: str) -> OnEdition:
    """Return the ballots on an edition (one statement, two for an attendee while one is open)."""
    rows: Sequence[Any] = session.execute(
        select(
            Ballot.id,
            Ballot.title,
            Ballot.state,
            Ballot.opens_at,
            Ballot.closes_at,
            Ballot.closed_at,
            Ballot.key,
            Ballot.tally,
            Ballot.outcome,
            Ballot.text_hash,
        )
        .where(Ballot.edition_id == edition_id, Ballot.is_test.is_(False), Ballot.state.in_(_STATES))
        .order_by(Ballot.id.desc())
        .limit(SHOWN)
    ).all()
    now = utcnow()
    running = next((row for row in rows if row.state is BallotState.OPEN), None)
    counted = next((row for row in rows if row.state is BallotState.CLOSED), None)
    is_over = running is not None and running.closes_at <= now
    prepares = bool(may(viewer, Permission.MANAGE_BALLOTS))
    return OnEdition(
        edition_id=edition_id,
        open=_vote(running) if running is not None and not is_over and _is_known(viewer, running) else None,
        over=_vote(running) if running is not None and is_over else None,
        result=_result(counted) if counted is not None else None,
        is_on_this=counted is not None and counted.text_hash == content_hash,
        drafts=tuple(_vote(row) for row in rows if row.state is BallotState.DRAFT) if prepares else (),
    )


def _vote(row: Any) -> Vote:
    return Vote(row.id, row.title, row.opens_at, row.closes_at)


def _result(row: Any) -> Decided:
    return decided(row.id, row.title, None, None, None, row.closed_at, row.tally, row.outcome)


def _is_known(viewer: Actor, row: Any) -> bool:
    if viewer.role is not Role.ATTENDEE:
        return viewer.role is not Role.READER  # they see the result
    if viewer.id is None or row.key is None:
        return False
    own = ParticipantSeat.voter_key == voter_key(row.key, viewer.id)
    seat = select(ParticipantSeat.id).where(ParticipantSeat.ballot_id == row.id, own)
    return session.scalar(seat) is not None
