# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Ballots to test with, made through the services: five partners, some participants, a moderator."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import update

from charta.accounts.models import Organisation, Person
from charta.accounts.rules import Group, Voting
from charta.db import as_of, session, transaction, utcnow
from charta.permissions import Role
from charta.votes import service
from charta.votes.models import Ballot, ParticipantSeat
from charta.votes.queries import one_ballot
from charta.votes.rules import BallotInput, Method, QuestionInput
from tests.factories import Account

NAMES = ("AMZ", "IHK", "IG Metall", "Arbeitsagentur", "CWE")
YES_NO = (QuestionInput("Soll die Maßnahme in die Charta?"),)
ALL_METHODS = (
    QuestionInput("Einverstanden?"),
    QuestionInput("Wie sehr?", Method.SCALE),
    QuestionInput("Wofür zuerst?", Method.POINTS, ("Rad", "Bus", "Bahn"), 10),
    QuestionInput("In welcher Folge?", Method.RANKING, ("Rad", "Bus", "Bahn")),
)


@dataclass
class World:
    """Everybody around a ballot; `partners` in the order of `NAMES`, the deputy is IHK's."""

    moderator: Account
    partners: list[Account]
    deputy: Account
    attendees: list[Account]


def world(attendees: int = 6, *, group: Group = Group.COMPANY) -> World:
    """Store the moderator, five partners with a voting member each, IHK's deputy, and participants.

    One transaction: factories would take twenty.
    """
    with transaction() as tx:

        def organisation(name: str, **details: Any) -> Organisation:
            values = {"short": name[:24], "group": Group.CHAMBER, "is_partner": True, "created_at": tx.now}
            made = Organisation(name=name, **(values | details))
            tx.session.add(made)
            tx.session.flush()
            return made

        def person(role: Role, name: str, of: Organisation | None = None, **details: Any) -> Person:
            made = Person(
                role=role,
                name=name,
                email=f"{name.replace(' ', '.').lower()}@example.org",
                organisation_id=of.id if of else None,
                created_at=tx.now,
                joined_at=tx.now,
                **details,
            )
            tx.session.add(made)
            return made

        partners = [organisation(name) for name in NAMES]
        company = organisation("Zulieferer GmbH", is_partner=False, group=group)
        moderator = person(Role.MODERATOR, "Mara Moderation")
        members = [
            person(Role.PARTNER, f"Mitglied {one.name}", one, voting=Voting.MEMBER) for one in partners
        ]
        deputy = person(Role.PARTNER, "Stellvertretung IHK", partners[1], voting=Voting.DEPUTY)
        guests = [person(Role.ATTENDEE, f"Teilnahme {n}", company) for n in range(attendees)]
        tx.session.flush()
        return World(
            moderator=_account(moderator),
            partners=[_account(one) for one in members],
            deputy=_account(deputy),
            attendees=[_account(one) for one in guests],
        )


def _account(made: Person) -> Account:
    is_partner = made.role is Role.PARTNER
    return Account(
        id=made.id,
        email=made.email or "",
        name=made.name,
        actor=made.as_actor(organisation_is_partner=is_partner),
        organisation_id=made.organisation_id,
    )


def prepared(by: Account, questions: Any = YES_NO, *, hours: float = 2, **details: Any) -> int:
    """Prepare a ballot that ends in some hours; return its id."""
    values = BallotInput(
        title=details.pop("title", "Lernfabrik"),
        questions=questions,
        closes_at=details.pop("closes_at", utcnow() + timedelta(hours=hours)),
        **details,
    )
    return service.prepare(by.actor, values)


def opened(by: Account, questions: Any = YES_NO, **details: Any) -> int:
    """Prepare a ballot and open it; return its id."""
    ballot_id = prepared(by, questions, **details)
    service.open_ballot(by.actor, ballot_id, seen_version=1)
    return ballot_id


def for_partner(
    who: Account, ballot_id: int, choice: str = "yes", reason: str = "", *, seen: int = 0, **more: Any
) -> service.Receipt:
    """Vote on the one question of a ballot for the organisation."""
    return service.cast_for_partner(
        who.actor, ballot_id, choices=[choice], reasons=[reason], seen_version=seen, **more
    )


def over(ballot_id: int) -> None:
    """Let the end of a ballot lie a minute back, as if time had passed."""
    with transaction() as tx:
        tx.session.execute(
            update(Ballot)
            .where(Ballot.id == ballot_id)
            .values(closes_at=tx.now - timedelta(minutes=1), opens_at=None)
        )


def closed(ballot_id: int) -> None:
    """End a ballot and count it."""
    with as_of(stored(ballot_id).closes_at + timedelta(seconds=1)):
        assert service.close(ballot_id)


def stored(ballot_id: int) -> Ballot:
    """Return the ballot as it is stored now."""
    session.rollback()
    found = session.get(Ballot, ballot_id, populate_existing=True)
    assert found is not None
    session.expunge(found)
    session.rollback()
    return found


def seats(ballot_id: int, model: Any = ParticipantSeat) -> list[Any]:
    """Return the seats of one electorate as they are stored now."""
    session.rollback()
    found = list(session.query(model).filter_by(ballot_id=ballot_id).populate_existing())
    session.expunge_all()
    session.rollback()
    return found


def own(who: Account, ballot_id: int) -> one_ballot.OwnVote:
    """Return the seat of somebody as the page shows it."""
    session.rollback()
    found = one_ballot.load(who.actor, ballot_id).own
    session.rollback()
    assert found is not None
    return found
