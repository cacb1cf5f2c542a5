# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What ballots on proposals and texts came to, for the pages of these: one statement, public results only."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from charta.db import session
from charta.proposals.models import Proposal
from charta.sections.models import Revision
from charta.votes.models import Ballot
from charta.votes.rules import BallotState

SHOWN = 50
_COLUMNS = (
    Ballot.id,
    Ballot.title,
    Ballot.section_id,
    Ballot.proposal_id,
    Ballot.proposal_version,
    Ballot.closed_at,
    Ballot.tally,
    Ballot.outcome,
)
WIDTH = len(_COLUMNS)


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


def of_section(section_id: int, numbers: Collection[int] = ()) -> list[Decided]:
    """Return the counted ballots on a text and on these proposals, newest first (one statement)."""
    on_text: ColumnElement[bool] = Ballot.section_id == section_id
    return _read(or_(on_text, Ballot.proposal_id.in_(sorted(numbers))) if numbers else on_text)


_Other = aliased(Ballot)


def of_revision() -> tuple[Any, ...]:
    """Return the newest counted ballot on a `Revision`, or on the proposal that made it, as columns about it.

    `decided_in` reads their values.
    """
    return _columns(
        or_(_Other.proposal_id == Revision.proposal_id, _Other.revision_id == Revision.id), Revision
    )


def of_proposal() -> tuple[Any, ...]:
    """Return the newest counted ballot on a `Proposal` as columns about it, for `decided_in`."""
    return _columns(_Other.proposal_id == Proposal.id, Proposal)


def _columns(is_about: ColumnElement[bool], subject: type[Revision] | type[Proposal]) -> tuple[Any, ...]:
    newest = (
        select(func.max(_Other.id))
        .where(_Other.state == BallotState.CLOSED, _Other.is_test.is_(False), is_about)
        .correlate(subject)
        .scalar_subquery()
    )
    return tuple(
        select(column).where(Ballot.id == newest).correlate(subject).scalar_subquery() for column in _COLUMNS
    )


def decided_in(values: Sequence[Any]) -> Decided | None:
    """Return the ballot whose columns have these values."""
    return decided(*values) if values and values[0] is not None else None


def _is_public() -> ColumnElement[bool]:
    return and_(Ballot.state == BallotState.CLOSED, Ballot.is_test.is_(False))


def _read(condition: ColumnElement[bool]) -> list[Decided]:
    rows = session.execute(
        select(*_COLUMNS).where(_is_public(), condition).order_by(Ballot.id.desc()).limit(SHOWN)
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
