# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Casting: the ballot is held shared, the database's clock is read after that, and one row is updated.

Closing holds the ballot exclusively: a vote either stands before it and is counted, or comes after it and its
voter is told so. Nothing of a single vote enters the log; closing chains the checksum of all of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, bindparam, func, select, update

from charta.accounts import queries as accounts_queries
from charta.accounts import service as accounts
from charta.db import Transaction, database_now, transaction
from charta.errors import EditConflict, NotFound, NotPermitted, WrongState
from charta.notifications.service import enqueue_many
from charta.permissions import Actor, Permission, Reason, require
from charta.votes import rules
from charta.votes.models import Ballot, ParticipantSeat, PartnerSeat
from charta.votes.poll_keys import voter_key
from charta.votes.rules import Standing
from charta.votes.service import steps

# Built once, and asked without the ORM: building them would cost more than the database does.
_BALLOT = (
    select(
        Ballot.id,
        Ballot.state,
        Ballot.opens_at,
        Ballot.closes_at,
        Ballot.time_zone,
        Ballot.key,
        Ballot.rules,
        Ballot.title,
        Ballot.is_test,
        Ballot.has_partners,
        Ballot.has_participants,
    )
    .where(Ballot.id == bindparam("ballot_id"))
    .with_for_update(read=True)
)
_CAST = (
    update(ParticipantSeat)
    .where(
        ParticipantSeat.ballot_id == bindparam("of_ballot"),
        ParticipantSeat.voter_key == bindparam("of_voter"),
    )
    .values(
        choices=bindparam("answers"),
        receipt=func.coalesce(ParticipantSeat.receipt, bindparam("new_receipt")),
        version=ParticipantSeat.version + 1,
    )
    .returning(ParticipantSeat.receipt, ParticipantSeat.version)
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the voter takes home: `code` stays the same when the vote is changed."""

    code: str
    version: int

    @property
    def is_changed(self) -> bool:
        """Whether an earlier vote was replaced."""
        return self.version > 1


def cast(actor: Actor, ballot_id: int, *, answers: Sequence[Any]) -> Receipt:
    """Store a participant's vote, or replace it; four statements.

    Answers per question: "yes", "no" or "abstain"; 1 to 5; points per option; positions of the options (from
    0), best first. None abstains, except from a yes or no.
    Raises `InvalidInput` ("question_1" ...), `WrongState("cast", ...)` unless the ballot is open,
    `NotPermitted` for who is not on the roll or was deactivated.
    """
    with transaction() as tx:
        ballot = _open(tx, ballot_id)
        actor = accounts.reread(tx, actor)
        require(actor, Permission.CAST_VOTE)
        if ballot.key is None or actor.id is None or not ballot.has_participants:
            raise NotPermitted(Reason.NOT_ON_ROLL)
        clean = rules.clean_answers(ballot.rules["questions"], answers)
        row = (
            tx.session.connection()
            .execute(
                _CAST,
                {
                    "of_ballot": ballot_id,
                    "of_voter": voter_key(ballot.key, actor.id),
                    "answers": clean,
                    "new_receipt": steps.draw_receipt(),
                },
            )
            .one_or_none()
        )
        if row is None:
            raise NotPermitted(Reason.NOT_ON_ROLL)
        return Receipt(row.receipt, row.version)


def cast_for_partner(
    actor: Actor,
    ballot_id: int,
    *,
    choices: Sequence[str],
    reasons: Sequence[str],
    seen_version: int,
    reservation_until: date | None = None,
) -> Receipt:
    """Store the vote of the actor's organisation, or replace it; member and deputy are both mailed.

    `seen_version` is the seat's version on the form: a stale one raises `EditConflict` with the other's vote,
    unless it is the same form sent twice. Raises further like `cast`.
    """
    with transaction() as tx:
        ballot = _open(tx, ballot_id)
        actor, seat = _seat(tx, actor, ballot)
        clean, because = rules.clean_partner_vote(ballot.rules["questions"], choices, reasons)
        _check_reservation(tx, ballot, reservation_until)
        values = (clean, because, reservation_until)
        known = seat.receipt
        is_again = seat.version == seen_version + 1 and seat.cast_by_id == actor.id
        if known and is_again and (seat.choices, seat.reasons, seat.reservation_until) == values:
            return Receipt(known, seat.version)  # the same form sent twice
        _check_seen(ballot_id, seat, seen_version)
        seat.choices, seat.reasons, seat.reservation_until = values
        seat.receipt = seat.receipt or steps.draw_receipt()
        seat.cast_by_id, seat.cast_at = actor.id, tx.now
        seat.version += 1
        _tell_members(tx, ballot, actor, seat)
        return Receipt(seat.receipt, seat.version)


def reserve(actor: Actor, ballot_id: int, *, until: date | None, seen_version: int) -> None:
    """Say until when the own board decides („Gremienvorbehalt“), without a vote; None takes it back."""
    with transaction() as tx:
        ballot = _open(tx, ballot_id)
        actor, seat = _seat(tx, actor, ballot)
        _check_reservation(tx, ballot, until)
        if seat.reservation_until == until:
            return
        _check_seen(ballot_id, seat, seen_version)
        seat.reservation_until = until
        seat.version += 1


def _open(tx: Transaction, ballot_id: int) -> Row[Any]:
    """Hold the ballot shared and return its frozen part; raise unless it takes votes at this moment."""
    ballot = tx.session.connection().execute(_BALLOT, {"ballot_id": ballot_id}).one_or_none()
    if ballot is None:
        raise NotFound(kind="ballot", id=ballot_id)
    where = rules.standing(ballot.state, ballot.opens_at, ballot.closes_at, database_now(tx))
    if where is not Standing.OPEN:
        raise WrongState("cast", where.value, ballot_id=ballot_id)
    return ballot


def _seat(tx: Transaction, actor: Actor, ballot: Row[Any]) -> tuple[Actor, PartnerSeat]:
    """Return the actor as it stands now and the locked seat of its organisation."""
    actor = accounts.reread(tx, actor)
    require(actor, Permission.CAST_FOR_PARTNER)
    seat = tx.session.scalar(
        select(PartnerSeat)
        .where(PartnerSeat.ballot_id == ballot.id, PartnerSeat.organisation_id == actor.organisation_id)
        .with_for_update()
    )
    if seat is None or actor.id not in seat.member_ids:
        raise NotPermitted(Reason.NOT_ON_ROLL)
    return actor, seat


def _check_reservation(tx: Transaction, ballot: Row[Any], until: date | None) -> None:
    zone = ZoneInfo(ballot.time_zone)
    rules.check_reservation(until, tx.now.astimezone(zone).date(), ballot.closes_at.astimezone(zone).date())


def _check_seen(ballot_id: int, seat: PartnerSeat, seen_version: int) -> None:
    if seat.version == seen_version:
        return
    by = accounts_queries.names({seat.cast_by_id}) if seat.cast_by_id is not None else {}
    raise EditConflict(
        subject="partner_seat",
        ballot_id=ballot_id,
        version=seat.version,
        choices=seat.choices,
        reasons=seat.reasons,
        reservation_until=seat.reservation_until,
        by_name=next(iter(by.values()), ""),
        at=seat.cast_at,
    )


def _tell_members(tx: Transaction, ballot: Row[Any], actor: Actor, seat: PartnerSeat) -> None:
    """Mail to everybody who acts for the organisation now what it voted; a rehearsal writes to nobody."""
    if ballot.is_test:
        return
    members = steps.people(tx, seat.member_ids)
    # Whoever just voted knows it: the frozen roll lets them, whatever became of their mandate.
    people = [
        person for person in members if person.id == actor.id or steps.acts_for(person, seat.organisation_id)
    ]
    by = next((person.name for person in people if person.id == actor.id), "")
    questions = [question["text"] for question in ballot.rules["questions"]]
    data = {
        "ballot_id": ballot.id,
        "title": ballot.title,
        "closes_at": ballot.closes_at.isoformat(),
        "organisation": seat.name,
        "by": by,
        "votes": [
            {"question": question, "choice": choice, "reason": reason}
            for question, choice, reason in zip(questions, seat.choices or [], seat.reasons, strict=True)
        ],
        "reservation_until": seat.reservation_until.isoformat() if seat.reservation_until else None,
        "is_changed": seat.version > 1,
    }
    enqueue_many(tx, "ballot_cast", [(person, data) for person in people])
