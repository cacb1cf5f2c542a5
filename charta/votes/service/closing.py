# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The end of a ballot: counted once, under an exclusive lock; or cancelled before the end, and not counted.

Nobody has to close anything: where a ballot stands follows from the time, readers see the computed tally, and
the worker or the next write stores it. There is no reopening: a new ballot is a new ballot.
"""

import hashlib
import json
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from charta.db import Transaction, database_now, session, transaction, utcnow
from charta.editions.rules import Decision
from charta.editions.service import steps as edition_steps
from charta.errors import InvalidInput, NotFound, WrongState
from charta.notifications.service import enqueue_many
from charta.permissions import Actor
from charta.proposals import service as proposals
from charta.votes import export, recount, rules
from charta.votes.models import Ballot, ParticipantSeat, PartnerSeat
from charta.votes.rules import KEY_DAYS, BallotState, Standing
from charta.votes.service import boards, steps

REMIND_BEFORE = timedelta(hours=48)
# A reminder goes out once however often the button is pressed.
REMIND_AGAIN = timedelta(minutes=10)


def close(ballot_id: int) -> bool:
    """Count a ballot whose time is over and store the tally; False when there is nothing (more) to do."""
    with transaction() as tx:
        ballot, _section = steps.locked(tx, ballot_id)
        now = database_now(tx)
        if rules.standing(ballot.state, ballot.opens_at, ballot.closes_at, now) is not Standing.OVER:
            return False
        _count(tx, None, ballot, closed_at=ballot.closes_at)
        return True


def close_over() -> int:
    """Close every ballot whose time is over and return how many there were; what the worker does."""
    over = session.scalars(
        select(Ballot.id)
        .where(Ballot.state == BallotState.OPEN, Ballot.closes_at <= utcnow())
        .order_by(Ballot.closes_at)
    ).all()
    return sum(close(ballot_id) for ballot_id in over)


def end_rehearsal(actor: Actor, ballot_id: int) -> None:
    """Count a test ballot before its time; one that is closed already is no error.

    Raises `WrongState("end_rehearsal", "not_a_test")` for a real one: its end is frozen.
    """
    with transaction() as tx:
        actor = steps.manager(tx, actor)
        ballot, _section = steps.locked(tx, ballot_id)
        if not ballot.is_test:
            raise WrongState("end_rehearsal", "not_a_test")
        if ballot.state is BallotState.CLOSED:
            return
        if ballot.state is not BallotState.OPEN:
            raise WrongState("end_rehearsal", ballot.state.value)
        _count(tx, actor, ballot, closed_at=min(database_now(tx), ballot.closes_at))


def _count(tx: Transaction, actor: Actor | None, ballot: Ballot, *, closed_at: datetime) -> None:
    """Write tally, state, hold, log and mails; the ballot is held exclusively, no vote is under way."""
    sealed = export.build(tx.session, ballot, closed_at=closed_at)
    content = recount.tally(sealed)
    ballot.tally = content.decode()
    ballot.tally_hash = hashlib.sha256(content).hexdigest()
    ballot.state = BallotState.CLOSED
    ballot.closed_at = closed_at
    ballot.changed_at = tx.now
    ballot.version += 1
    _release(tx, ballot)
    entry = steps.record(
        tx,
        actor,
        "close_ballot",
        ballot,
        tally_hash=ballot.tally_hash,
        rules_hash=ballot.rules_hash,
        checksum=sealed["checksum"],
    )
    if not ballot.is_test:
        data = {
            "ballot_id": ballot.id,
            "title": ballot.title,
            "tally_hash": ballot.tally_hash,
            "head_number": entry.seq,
            "head_hash": entry.hash,  # whoever keeps this mail can show that the log was not rewritten
        }
        enqueue_many(
            tx,
            "ballot_closed",
            [(person, data | {"organisation": name}) for person, name in steps.members(tx, ballot)],
        )


def _release(tx: Transaction, ballot: Ballot) -> None:
    if ballot.is_test:
        return
    if ballot.proposal_id is not None:
        proposals.release(tx, ballot.proposal_id)
    if ballot.edition_id is not None:
        edition_steps.release(tx, ballot.edition_id, ballot.id, _decision(ballot))


def _decision(ballot: Ballot) -> Decision:
    """Return what the partners decided: adopted only when they adopted every question."""
    asked = json.loads(ballot.tally)["questions"] if ballot.tally is not None else []
    outcomes = [one["partners"]["outcome"] for one in asked if one["partners"]]
    if not outcomes:
        return Decision.NONE
    return Decision.ADOPTED if all(one == "adopted" for one in outcomes) else Decision.NOT_ADOPTED


def cancel(actor: Actor, ballot_id: int, *, reason: str) -> None:
    """Call a ballot off before its end: nothing is counted, the votes are deleted, the reason is mailed.

    The read-only links of boards end with it.
    Raises `InvalidInput("reason", ...)`, `WrongState("cancel", ...)` for a draft and after the end. Doing it
    twice is no error.
    """
    words = rules.clean_text(reason, "reason", rules.REASON_MAX)
    if not words:
        raise InvalidInput("reason", "required")
    with transaction() as tx:
        actor = steps.manager(tx, actor)
        ballot, _section = steps.locked(tx, ballot_id)
        if ballot.state is BallotState.CANCELLED:
            return
        where = rules.standing(ballot.state, ballot.opens_at, ballot.closes_at, database_now(tx))
        if where not in {Standing.OPEN, Standing.SCHEDULED}:
            raise WrongState("cancel", where.value)
        steps.mail_roll(tx, ballot, "ballot_cancelled", reason=words)
        tx.session.execute(delete(ParticipantSeat).where(ParticipantSeat.ballot_id == ballot.id))
        tx.session.execute(delete(PartnerSeat).where(PartnerSeat.ballot_id == ballot.id))
        ballot.state = BallotState.CANCELLED
        ballot.key = None
        ballot.outcome, ballot.outcome_at, ballot.outcome_by_id = words, tx.now, actor.id
        ballot.closed_at = ballot.changed_at = tx.now
        ballot.version += 1
        _release(tx, ballot)
        boards.end_all(tx, ballot)
        steps.record(tx, actor, "cancel_ballot", ballot, personal={"reason": words})


def state_outcome(actor: Actor, ballot_id: int, *, words: str, seen_version: int) -> None:
    """Write what follows from a result; the first time it is mailed to everybody who could vote.

    `seen_version` is that of the ballot on the form; storing a tally that was due does not make it stale.
    Raises `WrongState("outcome", ...)` before the end, `InvalidInput("words", ...)`, `EditConflict`.
    """
    clean = rules.clean_text(words, "words", rules.OUTCOME_MAX)
    if not clean:
        raise InvalidInput("words", "required")
    if _is_over(ballot_id) and close(ballot_id):
        seen_version += 1
    with transaction() as tx:
        actor = steps.manager(tx, actor)
        ballot, _section = steps.locked(tx, ballot_id)
        if ballot.state is not BallotState.CLOSED:
            raise WrongState("outcome", ballot.state.value)
        if ballot.outcome == clean:
            return
        steps.check_seen(ballot, seen_version)
        is_first = ballot.outcome_at is None
        ballot.outcome, ballot.outcome_at, ballot.outcome_by_id = clean, tx.now, actor.id
        ballot.changed_at = tx.now
        ballot.version += 1
        if is_first:
            steps.mail_roll(tx, ballot, "ballot_outcome", words=clean)
        steps.record(tx, actor, "state_outcome", ballot, personal={"outcome": clean})


def _is_over(ballot_id: int) -> bool:
    ends_at = session.scalar(
        select(Ballot.closes_at).where(Ballot.id == ballot_id, Ballot.state == BallotState.OPEN)
    )
    return ends_at is not None and ends_at <= utcnow()


# -------------------------------------------------------------------------------------- around the end


def remind(actor: Actor, ballot_id: int) -> None:
    """Write once more to everybody on the roll who has not voted; never who that is, and to nobody else."""
    with transaction() as tx:
        actor = steps.manager(tx, actor)
        ballot = tx.lock(Ballot, ballot_id)
        if ballot is None:
            raise NotFound(kind="ballot", id=ballot_id)
        where = rules.standing(ballot.state, ballot.opens_at, ballot.closes_at, database_now(tx))
        if where is not Standing.OPEN:
            raise WrongState("remind", where.value)
        if ballot.reminded_at is not None and tx.now - ballot.reminded_at < REMIND_AGAIN:
            return  # pressed twice, or the worker was quicker: everybody has the mail
        _remind(tx, ballot)
        steps.record(tx, actor, "remind_ballot", ballot)


def remind_due() -> int:
    """Remind once of every ballot that ends within two days and was open for one; return how many."""
    now = utcnow()
    due = session.scalars(
        select(Ballot.id).where(
            Ballot.state == BallotState.OPEN,
            Ballot.is_test.is_(False),
            Ballot.reminded_at.is_(None),
            Ballot.closes_at > now,
            Ballot.closes_at <= now + REMIND_BEFORE,
            Ballot.opened_at <= now - timedelta(days=1),
        )
    ).all()
    done = 0
    for ballot_id in due:
        with transaction() as tx:
            ballot = tx.lock(Ballot, ballot_id)
            if ballot is None or ballot.reminded_at is not None:
                continue
            if rules.standing(ballot.state, ballot.opens_at, ballot.closes_at, tx.now) is Standing.OPEN:
                _remind(tx, ballot)
                done += 1
    return done


def _remind(tx: Transaction, ballot: Ballot) -> None:
    ballot.reminded_at = tx.now
    steps.mail_roll(tx, ballot, "ballot_reminder", without_vote=True)


def destroy_keys() -> int:
    """Destroy the keys of ballots closed two weeks ago: from now on no vote can be traced to a person."""
    before = utcnow() - timedelta(days=KEY_DAYS)
    due = (Ballot.state == BallotState.CLOSED, Ballot.key.is_not(None), Ballot.closed_at <= before)
    ids = session.scalars(select(Ballot.id).where(*due)).all()
    if not ids:
        return 0
    with transaction() as tx:
        tx.session.execute(
            update(Ballot)
            .where(Ballot.id.in_(ids), *due)
            .values(key=None)
            .execution_options(synchronize_session=False)
        )
    return len(ids)
