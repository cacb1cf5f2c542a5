# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Steps that the commands on ballots share; they take `tx` and never commit.

Lock order: section, proposal, edition, ballot, head of the log.
"""

import secrets
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from charta.accounts import service as accounts
from charta.accounts.models import Person
from charta.accounts.rules import Voting
from charta.activity import service as activity
from charta.activity.models import ActivityEntry
from charta.db import Transaction
from charta.editions.models import Edition
from charta.errors import EditConflict, NotFound
from charta.forums.rules import CODE_ALPHABET
from charta.notifications.service import enqueue_many
from charta.permissions import Actor, Permission, Role, require
from charta.proposals.models import Proposal
from charta.sections.models import Section
from charta.votes.models import Ballot, ParticipantSeat, PartnerSeat
from charta.votes.poll_keys import voter_key
from charta.votes.rules import RECEIPT_LENGTH


def draw_receipt() -> str:
    """Return a new receipt: nobody can guess another one's."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(RECEIPT_LENGTH))


def manager(tx: Transaction, actor: Actor) -> Actor:
    """Read the actor again; raise `NotPermitted` for who does not manage ballots."""
    actor = accounts.reread(tx, actor)
    require(actor, Permission.MANAGE_BALLOTS)
    return actor


def locked(tx: Transaction, ballot_id: int) -> tuple[Ballot, Section | None]:
    """Lock the subject of a ballot and then the ballot; raise `NotFound`."""
    found = tx.session.execute(
        select(Ballot.section_id, Ballot.proposal_id, Ballot.edition_id).where(Ballot.id == ballot_id)
    ).one_or_none()
    if found is None:
        raise NotFound(kind="ballot", id=ballot_id)
    section = tx.lock(Section, found.section_id) if found.section_id is not None else None
    if found.proposal_id is not None:
        tx.lock(Proposal, found.proposal_id)
    if found.edition_id is not None:
        tx.lock(Edition, found.edition_id)
    ballot = tx.lock(Ballot, ballot_id)
    if ballot is None:
        raise NotFound(kind="ballot", id=ballot_id)
    if (ballot.section_id, ballot.proposal_id, ballot.edition_id) != tuple(found):
        raise EditConflict(subject="ballot", ballot_id=ballot_id, version=ballot.version)
    return ballot, section


def check_seen(ballot: Ballot, seen_version: int) -> None:
    """Raise `EditConflict` when somebody changed the ballot meanwhile."""
    if ballot.version != seen_version:
        raise EditConflict(subject="ballot", ballot_id=ballot.id, version=ballot.version)


def members(tx: Transaction, ballot: Ballot, *, without_vote: bool = False) -> list[tuple[Person, str]]:
    """Return who acts for the partners of the roll now, each with the partner's name (two statements)."""
    seats = tx.session.execute(
        select(
            PartnerSeat.name, PartnerSeat.member_ids, PartnerSeat.choices, PartnerSeat.organisation_id
        ).where(PartnerSeat.ballot_id == ballot.id)
    ).all()
    names = {
        person_id: (seat.name, seat.organisation_id)
        for seat in seats
        if not (without_vote and seat.choices is not None)
        for person_id in seat.member_ids
    }
    return [
        (person, names[person.id][0]) for person in people(tx, names) if acts_for(person, names[person.id][1])
    ]


def acts_for(person: Person, organisation_id: int) -> bool:
    """Whether somebody of the roll is written to: who left, or lost the vote, learns no more of its vote."""
    return person.organisation_id == organisation_id and person.voting is not Voting.NONE


def people(tx: Transaction, person_ids: Iterable[int]) -> Sequence[Person]:
    """Return people by id, those who can still sign in."""
    wanted = sorted(set(person_ids))
    if not wanted:
        return []
    return tx.session.scalars(
        select(Person).where(Person.id.in_(wanted), Person.deactivated_at.is_(None)).order_by(Person.id)
    ).all()


def participants(tx: Transaction, ballot: Ballot, *, without_vote: bool = False) -> list[Person]:
    """Return the people on the roll of participants who can be written to; [] when the key is gone."""
    if ballot.key is None or not ballot.has_participants:
        return []
    statement = select(ParticipantSeat.voter_key).where(ParticipantSeat.ballot_id == ballot.id)
    if without_vote:
        statement = statement.where(ParticipantSeat.choices.is_(None))
    keys = set(tx.session.scalars(statement))
    candidates = tx.session.scalars(
        select(Person).where(
            Person.role == Role.ATTENDEE, Person.email.is_not(None), Person.deactivated_at.is_(None)
        )
    )
    return [person for person in candidates if voter_key(ballot.key, person.id) in keys]


def mail_roll(
    tx: Transaction, ballot: Ballot, template: str, *, without_vote: bool = False, **data: Any
) -> None:
    """Put one mail to everybody on the roll into the outbox; a rehearsal writes to nobody."""
    if ballot.is_test:
        return
    data |= {"ballot_id": ballot.id, "title": ballot.title, "closes_at": ballot.closes_at.isoformat()}
    mails = [
        (person, data | {"organisation": name})
        for person, name in members(tx, ballot, without_vote=without_vote)
    ]
    mails += [
        (person, data | {"organisation": ""})
        for person in participants(tx, ballot, without_vote=without_vote)
    ]
    enqueue_many(tx, template, mails)


def record(tx: Transaction, actor: Actor | None, verb: str, ballot: Ballot, **data: Any) -> ActivityEntry:
    """Append a deed on a ballot to the log (last)."""
    if ballot.is_test:
        data["is_test"] = True
    if ballot.edition_id is not None:
        data["edition_id"] = ballot.edition_id
    return activity.record(tx, actor, verb, "ballot", ballot.id, section_id=ballot.section_id, **data)
