# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""One ballot as its page shows it to a viewer: at most two statements, however many vote.

Who sees what (PRODUCT.md section 3): drafts the moderation; a ballot in progress who is on the roll, partners
and the office; the other partners' votes who has cast the own; numbers of turnout the moderation; after the
end everybody everything, except rehearsals.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select

from charta.db import session, utcnow
from charta.editions.rules import EditionState
from charta.errors import NotFound
from charta.permissions import ANONYMOUS, Actor, Permission, Role, may
from charta.sections.rules import SectionKind
from charta.votes.held_keys import KEYS
from charta.votes.models import Ballot, BallotQuestion, ParticipantSeat, PartnerSeat
from charta.votes.poll_keys import voter_key
from charta.votes.queries.ballot_page import BallotPage, OwnVote, PartnerRow, QuestionRow, Subject, Turnout
from charta.votes.queries.ballot_rows import participant_seat, row_of, turnout_of
from charta.votes.rules import BallotState, Method, Standing, standing

__all__ = [
    "OVER",
    "BallotPage",
    "OwnVote",
    "PartnerRow",
    "QuestionRow",
    "Subject",
    "Turnout",
    "load",
    "running_turnout",
    "without_votes",
]

OFFICE = frozenset({Role.MODERATOR, Role.ADMINISTRATOR})
OVER = frozenset({Standing.OVER, Standing.CLOSED})


def load(viewer: Actor, ballot_id: int) -> BallotPage:
    """Return a ballot as the viewer may see it; raise `NotFound` when it is none of the viewer's business."""
    known = KEYS.get(ballot_id)
    own_key = voter_key(known, viewer.id) if known is not None and viewer.id is not None else ""
    row = row_of(viewer, ballot_id, own_key)
    if row is None:
        raise NotFound(kind="ballot", id=ballot_id)
    ballot: Ballot = row.Ballot
    where = standing(ballot.state, ballot.opens_at, ballot.closes_at, utcnow())
    if ballot.state is BallotState.OPEN and ballot.key is not None:
        KEYS.keep(ballot.id, ballot.key)
    else:
        KEYS.drop(ballot.id)
    seat: ParticipantSeat | None = row.ParticipantSeat
    if seat is None and ballot.key is not None and ballot.key != known and viewer.role is Role.ATTENDEE:
        seat = participant_seat(ballot, viewer)
    own = _own(viewer, row, seat)
    if not _is_visible(viewer, ballot, where, is_on_roll=own is not None):
        raise NotFound(kind="ballot", id=ballot_id)
    manages = bool(may(viewer, Permission.MANAGE_BALLOTS))
    counted = manages or where in OVER
    return _page(
        row,
        where,
        own=own,
        turnout=_turnout(row) if counted else None,
        partners=_partners(ballot) if _sees_partners(own, where) else None,
    )


def running_turnout(ballot_id: int) -> Turnout:
    """Return how many have voted in a ballot that runs (one statement); raise `NotFound` when it does not.

    For the moderation: totals only, never who.
    """
    row = turnout_of(ballot_id)
    if row is None or standing(row.state, row.opens_at, row.closes_at, utcnow()) is not Standing.OPEN:
        raise NotFound(kind="turnout", id=ballot_id)
    return Turnout(
        row.partners_entitled, row.partners_voted, row.participants_entitled, row.participants_voted
    )


def without_votes(ballot_id: int) -> BallotPage:
    """Return a ballot with nothing of any vote on it, for who holds its read-only link (one statement).

    Raises `NotFound`. The caller has checked the link.
    """
    row = row_of(ANONYMOUS, ballot_id, "")
    if row is None:
        raise NotFound(kind="ballot", id=ballot_id)
    ballot: Ballot = row.Ballot
    where = standing(ballot.state, ballot.opens_at, ballot.closes_at, utcnow())
    return _page(row, where, own=None, turnout=None, partners=None)


def _page(
    row: Row[Any],
    where: Standing,
    *,
    own: OwnVote | None,
    turnout: Turnout | None,
    partners: tuple[PartnerRow, ...] | None,
) -> BallotPage:
    ballot: Ballot = row.Ballot
    return BallotPage(
        id=ballot.id,
        title=ballot.title,
        intro=ballot.intro,
        state=ballot.state,
        standing=where,
        is_test=ballot.is_test,
        subject=_subject(row),
        questions=_questions(ballot),
        has_partners=ballot.has_partners,
        has_participants=ballot.has_participants,
        rule=ballot.rule,
        quorum=ballot.quorum,
        scope=ballot.scope,
        forum_ids=tuple(ballot.forum_ids),
        opens_at=ballot.opens_at,
        closes_at=ballot.closes_at,
        time_zone=ballot.time_zone,
        opened_at=ballot.opened_at,
        closed_at=ballot.closed_at,
        text_title=ballot.text_title,
        text_body=ballot.text_body,
        text_hash=ballot.text_hash,
        rules=ballot.rules,
        rules_hash=ballot.rules_hash,
        tally=ballot.tally,
        tally_hash=ballot.tally_hash,
        outcome=ballot.outcome,
        outcome_at=ballot.outcome_at,
        version=ballot.version,
        own=own,
        turnout=turnout,
        partners=partners,
        watch_state=row.watch_state,
    )


def _is_visible(viewer: Actor, ballot: Ballot, where: Standing, *, is_on_roll: bool) -> bool:
    if viewer.role in OFFICE and (where is not Standing.DRAFT or viewer.role is Role.MODERATOR):
        return True
    if where is Standing.DRAFT:
        return False
    if is_on_roll:
        return True
    if ballot.is_test:
        return False
    if where in OVER:
        return True
    if where is Standing.CANCELLED:
        return viewer.id is not None
    return viewer.role is Role.PARTNER


def _own(viewer: Actor, row: Row[Any], seat: ParticipantSeat | None) -> OwnVote | None:
    partner: PartnerSeat | None = row.PartnerSeat
    if partner is not None and viewer.id in partner.member_ids:
        return OwnVote(
            kind="partner",
            answers=None if partner.choices is None else tuple(partner.choices),
            version=partner.version,
            receipt=partner.receipt,
            reasons=tuple(partner.reasons),
            organisation=partner.name,
            reservation_until=partner.reservation_until,
            cast_at=partner.cast_at,
            cast_by_name=row.cast_by_name or "",
        )
    if seat is None or viewer.role is not Role.ATTENDEE:
        return None
    answers = None if seat.choices is None else tuple(seat.choices)
    return OwnVote(kind="participant", answers=answers, version=seat.version, receipt=seat.receipt)


def _subject(row: Row[Any]) -> Subject:
    ballot: Ballot = row.Ballot
    if ballot.proposal_id is not None:
        return Subject("proposal", ballot.proposal_id, row.summary, proposal_version=ballot.proposal_version)
    if ballot.edition_id is not None:
        name = "" if row.edition_state is EditionState.DISCARDED else row.edition_name
        return Subject(
            "edition",
            ballot.edition_id,
            row.edition_title,
            edition_name=name,
            edition_hash=row.edition_hash,
            edition_is_published=row.edition_state is EditionState.PUBLISHED,
        )
    if row.section_id is None:
        return Subject("free", 0, ballot.title)
    is_measure = row.section_kind is SectionKind.MEASURE and row.measure_id is not None
    return Subject(
        "measure" if is_measure else "section",
        row.measure_id if is_measure else row.section_id,
        row.section_title,
        section_id=row.section_id,
        revision_number=row.revision_number,
    )


def _questions(ballot: Ballot) -> tuple[QuestionRow, ...]:
    """Return the frozen questions; a draft's are read (one statement)."""
    if ballot.rules is not None:
        return tuple(
            QuestionRow(number, one["text"], Method(one["method"]), tuple(one["options"]), one["points"])
            for number, one in enumerate(ballot.rules["questions"], start=1)
        )
    found = session.scalars(
        select(BallotQuestion).where(BallotQuestion.ballot_id == ballot.id).order_by(BallotQuestion.position)
    )
    return tuple(
        QuestionRow(one.position, one.text, one.method, tuple(one.options), one.points) for one in found
    )


def _turnout(row: Row[Any]) -> Turnout | None:
    if "partners_entitled" not in row._fields:  # attendees read it in the result
        return None
    return Turnout(
        row.partners_entitled, row.partners_voted, row.participants_entitled, row.participants_voted
    )


def _sees_partners(own: OwnVote | None, where: Standing) -> bool:
    return own is not None and own.kind == "partner" and own.answers is not None and where is Standing.OPEN


def _partners(ballot: Ballot) -> tuple[PartnerRow, ...]:
    found: Sequence[PartnerSeat] = session.scalars(
        select(PartnerSeat).where(PartnerSeat.ballot_id == ballot.id).order_by(PartnerSeat.name)
    ).all()
    return tuple(
        PartnerRow(
            organisation_id=seat.organisation_id,
            name=seat.name,
            has_voted=seat.choices is not None,
            reservation_until=seat.reservation_until,
            choices=None if seat.choices is None else tuple(seat.choices),
            reasons=tuple(seat.reasons),
        )
        for seat in found
    )
