# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What ballots on proposals and texts came to, for the pages of these: one statement, public results only."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from charta.db import session
from charta.votes.models import Ballot
from charta.votes.rules import BallotState

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Decided:
    """A counted ballot; numbers are those of its first question.

    `is_adopted` tells whether the partners adopted every question; None where only participants voted.
    """

    id: int
    title: str
    section_id: int | None
    proposal_id: int | None
    proposal_version: int | None
    closed_at: datetime
    questions: int
    is_adopted: bool | None
    partners_yes: int
    partners_entitled: int
    outcome: str


def of_proposals(numbers: Collection[int]) -> dict[int, Decided]:
    """Return the newest counted ballot on each of these proposals (one statement, none without numbers)."""
    found: dict[int, Decided] = {}
    if numbers:
        for one in reversed(_read(Ballot.proposal_id.in_(sorted(numbers)))):
            if one.proposal_id is not None:
                found[one.proposal_id] = one
    return found


def of_section(section_id: int, numbers: Collection[int] = ()) -> list[Decided]:
    """Return the counted ballots on a text and on these proposals, newest first (one statement)."""
    on_text: ColumnElement[bool] = Ballot.section_id == section_id
    return _read(or_(on_text, Ballot.proposal_id.in_(sorted(numbers))) if numbers else on_text)


def _read(condition: ColumnElement[bool]) -> list[Decided]:
    rows = session.execute(
        select(
            Ballot.id,
            Ballot.title,
            Ballot.section_id,
            Ballot.proposal_id,
            Ballot.proposal_version,
            Ballot.closed_at,
            Ballot.tally,
            Ballot.outcome,
        )
        .where(Ballot.state == BallotState.CLOSED, Ballot.is_test.is_(False), condition)
        .order_by(Ballot.id.desc())
        .limit(SHOWN)
    )
    return [decided(*row) for row in rows]


def decided(
    ident: int,
    title: str,
    section_id: int | None,
    proposal_id: int | None,
    version: int | None,
    closed_at: Any,
    tally: Any,
    outcome: str,
) -> Decided:
    """Return what a ballot came to from its stored columns."""
    asked = json.loads(tally)["questions"]
    partners = [one["partners"] for one in asked if one["partners"]]
    return Decided(
        id=ident,
        title=title,
        section_id=section_id,
        proposal_id=proposal_id,
        proposal_version=version,
        closed_at=closed_at,
        questions=len(asked),
        is_adopted=all(one["outcome"] == "adopted" for one in partners) if partners else None,
        partners_yes=partners[0]["yes"] if partners else 0,
        partners_entitled=partners[0]["entitled"] if partners else 0,
        outcome=outcome,
    )
