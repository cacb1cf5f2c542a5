# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Ballots of the demonstration (one runs, one has a result) and a partner's note on a passage.

Everything goes through the commands. So that groups are large enough to be shown there are guests: accounts
without a password, made in one go, that do nothing but vote. The accounts people sign in with have not voted
in the ballot that runs.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import func, insert, select, update

from charta.accounts.models import Person
from charta.db import session, transaction
from charta.demo import files
from charta.demo.keys import (
    EPOCH,
    MODERATION,
    Step,
    actor,
    at_clock,
    day_of,
    days_before,
    has_person,
    organisation_id,
    section_id,
)
from charta.demo.proposals_part import proposal_of
from charta.errors import NotFound
from charta.notifications.models import OutboxMail
from charta.permissions import Actor, Role
from charta.sections.models import Section
from charta.votes import service
from charta.votes.models import Ballot, ParticipantSeat, PartnerSeat
from charta.votes.rules import BallotInput, BallotState, QuestionInput
from charta.votes.service import dissent

Row = dict[str, Any]

_CHOICES = ("yes", "no", "abstain")
_END = "18:00"


def steps(started_at: datetime) -> list[Step]:
    """Return the steps: the guests, then each ballot as far as it has come."""
    found = [Step(EPOCH, _invite_guests, partial(has_person, _email(next(iter(_guests())), 1)))]
    for row in files.rows("votes", "ballot"):
        opened_at = days_before(started_at, row["opened"])
        closes_at = at_clock(day_of(started_at, row["closes"]), _END)
        found.append(Step(opened_at, partial(_open, row, closes_at), partial(_was_opened, row)))
        votes_at = opened_at + timedelta(hours=5)
        found.append(Step(votes_at, partial(_vote, row, started_at), partial(_has_votes, row)))
        if closes_at <= started_at:
            found.append(Step(closes_at + timedelta(seconds=1), partial(_close, row)))
        if "outcome" in row:
            at = days_before(started_at, row["outcome_days"])
            found.append(Step(at, partial(_state_outcome, row), partial(_has_outcome, row)))
    for row in files.rows("votes", "note"):
        at = days_before(started_at, row["days_ago"], step=30)
        found.append(Step(at, partial(_note, row)))
    found.append(Step(started_at, _count_mails_as_sent))
    return found


# -------------------------------------------------------------------------------------------------- guests


def _guests() -> dict[str, int]:
    found: dict[str, int] = files.read("votes")["guests"]
    return found


def _email(organisation: str, number: int) -> str:
    return f"gast-{organisation}-{number}@example.org"


def guests_count() -> int:
    """Return how many accounts only vote."""
    return sum(_guests().values())


def _invite_guests() -> None:
    """Make the accounts in one go: a command for each, with its mail, would take a second."""
    with transaction() as tx:
        rows = [
            {
                "email": _email(key, number),
                "name": f"Demo Gast {key.capitalize()} {number}",
                "role": Role.ATTENDEE,
                "organisation_id": organisation_id(key),
                "is_demo": True,
                "created_at": tx.now,
                "joined_at": tx.now,
            }
            for key, count in _guests().items()
            for number in range(1, count + 1)
        ]
        tx.session.execute(insert(Person), rows)


def _voters(row: Row) -> Iterator[tuple[str, str]]:
    """Yield address and choice of each guest who votes."""
    for key, counts in row["guests"].items():
        choices = [choice for choice, count in zip(_CHOICES, counts, strict=True) for _ in range(count)]
        for number, choice in enumerate(choices, start=1):
            yield _email(key, number), choice


def _actors(emails: list[str]) -> dict[str, Actor]:
    people = session.scalars(select(Person).where(Person.email.in_(emails)))
    return {person.email or "": person.as_actor() for person in people}


# ------------------------------------------------------------------------------------------------- ballots


def _ballot(row: Row) -> Ballot | None:
    return session.scalar(
        select(Ballot).where(Ballot.title == row["title"], Ballot.is_test.is_(False)).order_by(Ballot.id)
    )


def _known(row: Row) -> Ballot:
    found = _ballot(row)
    if found is None:
        raise NotFound(kind="ballot", key=row["key"])
    return found


def _was_opened(row: Row) -> bool:
    found = _ballot(row)
    return found is not None and found.state is not BallotState.DRAFT


def _open(row: Row, closes_at: datetime) -> None:
    who, found = actor(MODERATION), _ballot(row)
    proposal = proposal_of(f"demo-proposal-{row['proposal']}") if "proposal" in row else None
    values = BallotInput(
        title=row["title"],
        intro=row["intro"],
        questions=[QuestionInput(row["question"])],
        closes_at=closes_at,
        section_id=section_id(row["measure"]) if "measure" in row else None,
        proposal_id=proposal.id if proposal is not None else None,
    )
    ballot_id = found.id if found is not None else service.prepare(who, values)
    service.open_ballot(who, ballot_id, seen_version=found.version if found is not None else 1)


def _vote(row: Row, started_at: datetime) -> None:
    """Let partners and guests vote; somebody who has voted already keeps that vote."""
    ballot = _known(row)
    seats = {
        seat.organisation_id: seat
        for seat in session.scalars(select(PartnerSeat).where(PartnerSeat.ballot_id == ballot.id))
    }
    for one in row["partner"]:
        who = actor(one["by"])
        if seats[who.organisation_id or 0].choices is None:
            service.cast_for_partner(
                who, ballot.id, choices=[one["choice"]], reasons=[one.get("reason", "")], seen_version=0
            )
    for one in row.get("reservation", ()):
        who = actor(one["by"])
        if seats[who.organisation_id or 0].version == 0:
            service.reserve(who, ballot.id, until=day_of(started_at, one["until"]), seen_version=0)
    voters = list(_voters(row))
    people = _actors([email for email, _choice in voters])
    for email, choice in voters:
        service.cast(people[email], ballot.id, answers=[choice])


def _has_votes(row: Row) -> bool:
    """Whether all of them have voted; also true for a ballot somebody has called off or ended."""
    found = _ballot(row)
    if found is None or found.state is not BallotState.OPEN:
        return found is not None
    cast = session.scalar(
        select(func.count()).where(
            ParticipantSeat.ballot_id == found.id, ParticipantSeat.choices.is_not(None)
        )
    )
    return (cast or 0) >= len(list(_voters(row)))


def _close(row: Row) -> None:
    service.close(_known(row).id)


def _has_outcome(row: Row) -> bool:
    found = _ballot(row)
    return found is not None and (found.outcome_at is not None or found.state is not BallotState.CLOSED)


def _state_outcome(row: Row) -> None:
    ballot = _known(row)
    service.state_outcome(actor(MODERATION), ballot.id, words=row["outcome"], seen_version=ballot.version)


def _note(row: Row) -> None:
    """Note what a partner sees otherwise; the command knows its own note again."""
    ident = section_id(row["section"])
    section = session.get(Section, ident) if ident is not None else None
    if section is None or section.head_id is None:
        raise NotFound(kind="section", key=row["section"])
    dissent.note(
        actor(row["by"]),
        section.id,
        paragraph=row["paragraph"],
        seen_revision_id=section.head_id,
        text=row["text"],
    )


def _count_mails_as_sent() -> None:
    """Nobody is to get mail about a pretended past."""
    with transaction() as tx:
        tx.session.execute(
            update(OutboxMail)
            .where(OutboxMail.sent_at.is_(None), OutboxMail.template.startswith("ballot_"))
            .values(sent_at=tx.now, secret=None)
        )
