# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Results: the stored tally, or the computed one while it is not stored yet; the file to recount."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from charta.db import session
from charta.errors import NotFound
from charta.permissions import Actor
from charta.votes import export, recount
from charta.votes.models import Ballot
from charta.votes.queries import one_ballot
from charta.votes.queries.one_ballot import OVER, BallotPage
from charta.votes.rules import BallotState


@dataclass(frozen=True, slots=True)
class Result:
    """A result: `tally` is the JSON that `recount` makes; `is_stored` False: counted for this page only."""

    ballot: BallotPage
    tally: dict[str, Any]
    tally_hash: str
    is_stored: bool


def result(viewer: Actor, ballot_id: int) -> Result:
    """Return the result of a ballot that is over; raise `NotFound` before."""
    ballot = one_ballot.load(viewer, ballot_id)
    if ballot.standing not in OVER:
        raise NotFound(kind="result", id=ballot_id)
    if ballot.tally is not None:
        return Result(ballot, json.loads(ballot.tally), ballot.tally_hash or "", is_stored=True)
    stored = session.get(Ballot, ballot_id)
    assert stored is not None
    content = recount.tally(export.build(session(), stored, closed_at=stored.closes_at))
    return Result(ballot, json.loads(content), hashlib.sha256(content).hexdigest(), is_stored=False)


def export_for(viewer: Actor, ballot_id: int) -> bytes:
    """Return the file of a closed ballot that the viewer may see; raise `NotFound`."""
    one_ballot.load(viewer, ballot_id)
    return export_of(ballot_id)


def export_of(ballot_id: int) -> bytes:
    """Return the file of a closed ballot; the same bytes each time. Raises `NotFound` until it is stored."""
    ballot = session.scalar(select(Ballot).where(Ballot.id == ballot_id, Ballot.state == BallotState.CLOSED))
    if ballot is None or ballot.closed_at is None:
        raise NotFound(kind="ballot", id=ballot_id)
    return recount.canonical(export.build(session(), ballot, closed_at=ballot.closed_at))
