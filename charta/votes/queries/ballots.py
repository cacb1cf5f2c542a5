# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Lists of ballots: all that a viewer may see, those that wait for a vote, the one open on a text."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, false, literal, or_, select, true

from charta.accounts.models import Person
from charta.db import session, utcnow
from charta.permissions import Actor, Role
from charta.sections.models import Section
from charta.sections.rules import SectionKind
from charta.votes.held_keys import KEYS
from charta.votes.models import Ballot, ParticipantSeat, PartnerSeat
from charta.votes.poll_keys import voter_key
from charta.votes.rules import BallotState, Standing, standing

PAGE_SIZE = 50
ENDED = frozenset({BallotState.CLOSED, BallotState.CANCELLED})
OPEN_MAX = 200  # more are never open at once


@dataclass(frozen=True, slots=True)
class BallotRow:
    """A ballot as a line; `own_state`: voted, reserved, open, or None for who is not on the roll."""

    id: int
    title: str
    standing: Standing
    is_test: bool
    subject_kind: str  # section, measure, proposal, edition, free
    has_partners: bool
    has_participants: bool
    opens_at: datetime | None
    closes_at: datetime
    own_state: str | None
    reserved_until: date | None  # "Gremienvorbehalt" of the viewer's organisation
    outcomes: tuple[str, ...]  # adopted, not_adopted per question, once the partners' result is stored


@dataclass(frozen=True, slots=True)
class Listing:
    """The page of ballots: running and scheduled ones, drafts of the moderation, and what is over."""

    current: list[BallotRow]
    drafts: list[BallotRow]
    over: list[BallotRow]
    has_more: bool


_COLUMNS = (
    Ballot.id,
    Ballot.title,
    Ballot.state,
    Ballot.is_test,
    Ballot.section_id,
    Ballot.proposal_id,
    Ballot.edition_id,
    Ballot.has_partners,
    Ballot.has_participants,
    Ballot.opens_at,
    Ballot.closes_at,
    Ballot.key,
    Ballot.tally,
    Section.kind.label("section_kind"),
    PartnerSeat.member_ids,
    PartnerSeat.reservation_until,
    PartnerSeat.cast_at.label("partner_cast_at"),
)


def listing(viewer: Actor, *, before_id: int | None = None) -> Listing:
    """Return what the viewer may see: all current ones, and a page of what is over, newest first.

    Three statements at most, however many ballots there are.
    """
    now = utcnow()
    current: list[BallotRow] = []
    drafts: list[BallotRow] = []
    if before_id is None:
        active = or_(
            Ballot.state == BallotState.DRAFT, and_(Ballot.state == BallotState.OPEN, Ballot.closes_at > now)
        )
        seen = [
            row for row in _rows(viewer, active, limit=OPEN_MAX, soonest_first=True) if _is_for(viewer, row)
        ]
        for row in _with_own(viewer, seen):
            (drafts if row.standing is Standing.DRAFT else current).append(row)
    ended = or_(
        Ballot.state.in_([BallotState.CLOSED, BallotState.CANCELLED]),
        and_(Ballot.state == BallotState.OPEN, Ballot.closes_at <= now),
    )
    if before_id is not None:
        ended = and_(ended, Ballot.id < before_id)
    found = _rows(viewer, ended, limit=PAGE_SIZE + 1, soonest_first=False)
    over = [_line(row, None, now) for row in found[:PAGE_SIZE] if _is_for(viewer, row)]
    return Listing(current, drafts, over, has_more=len(found) > PAGE_SIZE and bool(over))


def _is_for(viewer: Actor, row: Row[Any]) -> bool:
    """Whether a rehearsal is the viewer's business: of a partner only who acts for it is on the roll."""
    return not row.is_test or viewer.role is not Role.PARTNER or viewer.id in (row.member_ids or ())


def to_vote(viewer: Actor) -> list[BallotRow]:
    """Return the open ballots in which the viewer, or the own organisation, has not voted yet."""
    return to_vote_with(viewer, literal(0))[0]


def to_vote_with(viewer: Actor, more: ColumnElement[Any]) -> tuple[list[BallotRow], Any]:
    """Return what `to_vote` does, and the value of the expression `more`, for pages with much else.

    One statement; for a participant one more where the process meets a ballot for the first time.
    """
    if viewer.id is None or viewer.role not in {Role.PARTNER, Role.ATTENDEE}:  # nobody else is on a roll
        return [], session.scalar(select(more))
    now = utcnow()
    running = and_(
        Ballot.state == BallotState.OPEN,
        Ballot.closes_at > now,
        or_(Ballot.opens_at.is_(None), Ballot.opens_at <= now),
        Ballot.is_test.is_(False),
    )
    known = KEYS.all() if viewer.role is Role.ATTENDEE else {}
    own = [voter_key(key, viewer.id) for key in known.values()]
    found = session.execute(
        select(more.label("more"), *_COLUMNS, ParticipantSeat.version.label("seat_version"))
        .select_from(Person)  # so that there is a row without any ballot
        .outerjoin(Ballot, running)
        .outerjoin(PartnerSeat, _own_seat(viewer))
        .outerjoin(Section, Section.id == Ballot.section_id)
        .outerjoin(
            ParticipantSeat,
            and_(ParticipantSeat.ballot_id == Ballot.id, ParticipantSeat.voter_key.in_(own)),
        )
        .where(Person.id == viewer.id)
        .order_by(Ballot.closes_at, Ballot.id)
        .limit(OPEN_MAX)
    ).all()
    rows = [row for row in found if row.id is not None]
    if viewer.role is Role.PARTNER:
        lines = _with_own(viewer, rows)
    elif all(known.get(row.id) == row.key for row in rows):
        seated = [row for row in rows if row.seat_version is not None]
        lines = [_line(row, "voted" if row.seat_version else "open", now) for row in seated]
    else:
        for row in rows:
            if row.key is not None:
                KEYS.keep(row.id, row.key)
        lines = _with_own(viewer, rows)
    return [line for line in lines if line.own_state in {"open", "reserved"}], found[
        0
    ].more if found else None


def open_on(
    viewer: Actor, *, section_id: int | None = None, proposal_id: int | None = None
) -> BallotRow | None:
    """Return the ballot that is open on a text or a proposal, when the viewer may see it."""
    if viewer.role is Role.READER:  # they see the result
        return None
    condition = (
        Ballot.section_id == section_id if section_id is not None else Ballot.proposal_id == proposal_id
    )
    running = and_(
        condition,
        Ballot.state == BallotState.OPEN,
        Ballot.closes_at > utcnow(),
        Ballot.is_test.is_(False),
    )
    rows = _with_own(viewer, _rows(viewer, running, limit=1, soonest_first=True))
    return rows[0] if rows else None


def listed(viewer: Actor, condition: ColumnElement[bool], *, limit: int) -> list[BallotRow]:
    """Return the ballots under a condition that the viewer may see (two statements at most)."""
    now = utcnow()
    rows = _rows(viewer, condition, limit=limit, soonest_first=True)
    running = [row for row in rows if row.state is BallotState.OPEN and row.closes_at > now]
    ended = [row for row in rows if row.state in ENDED or row.closes_at <= now]
    return _with_own(viewer, running) + [_line(row, None, now) for row in ended]


def _rows(
    viewer: Actor, condition: ColumnElement[bool], *, limit: int, soonest_first: bool
) -> Sequence[Row[Any]]:
    order = (Ballot.closes_at, Ballot.id) if soonest_first else (Ballot.id.desc(),)
    return session.execute(
        select(*_COLUMNS)
        .select_from(Ballot)
        .outerjoin(PartnerSeat, _own_seat(viewer))
        .outerjoin(Section, Section.id == Ballot.section_id)
        .where(condition, _may_be_seen(viewer))
        .order_by(*order)
        .limit(limit)
    ).all()


def _own_seat(viewer: Actor) -> ColumnElement[bool]:
    if not viewer.organisation_is_partner:
        return false()
    return and_(PartnerSeat.ballot_id == Ballot.id, PartnerSeat.organisation_id == viewer.organisation_id)


def _may_be_seen(viewer: Actor) -> ColumnElement[bool]:
    """Return what the role shows; attendees' running ones are cut to their rolls by `_with_own`."""
    if viewer.role is Role.MODERATOR:
        return true()
    if viewer.role is Role.ADMINISTRATOR:
        return Ballot.state != BallotState.DRAFT
    is_over = or_(
        Ballot.state == BallotState.CLOSED,
        and_(Ballot.state == BallotState.OPEN, Ballot.closes_at <= utcnow()),
    )
    if viewer.role is Role.READER:
        return and_(is_over, Ballot.is_test.is_(False))
    if viewer.role is Role.PARTNER:
        no_rehearsal = or_(Ballot.is_test.is_(False), PartnerSeat.id.is_not(None))
        return and_(Ballot.state != BallotState.DRAFT, no_rehearsal)
    running = and_(Ballot.state == BallotState.OPEN, Ballot.closes_at > utcnow())
    return or_(running, and_(Ballot.state != BallotState.DRAFT, Ballot.is_test.is_(False)))


def undescribed() -> ColumnElement[bool]:
    """Return which ballots are over without words of the moderation about what follows."""
    return and_(Ballot.state == BallotState.CLOSED, Ballot.is_test.is_(False), Ballot.outcome_at.is_(None))


def known_to(viewer: Actor) -> ColumnElement[bool]:
    """Return which ballots somebody of this role may know of, on a roll or not; never drafts and rehearsals.

    A running one is known to partners and the office; its participants are written to.
    """
    known = and_(Ballot.state != BallotState.DRAFT, Ballot.is_test.is_(False))
    if viewer.role in {Role.MODERATOR, Role.ADMINISTRATOR, Role.PARTNER}:
        return known
    is_over = or_(Ballot.state == BallotState.CLOSED, Ballot.closes_at <= utcnow())
    if viewer.role is Role.ATTENDEE:
        return and_(known, or_(is_over, Ballot.state == BallotState.CANCELLED))
    return and_(known, is_over, Ballot.state != BallotState.CANCELLED)


def _with_own(viewer: Actor, rows: Sequence[Row[Any]]) -> list[BallotRow]:
    """Return lines with the viewer's own state; an attendee sees only the own rolls' (one statement)."""
    now = utcnow()
    keys: dict[str, int] = {}
    if viewer.role is Role.ATTENDEE and viewer.id is not None:
        keys = {voter_key(row.key, viewer.id): row.id for row in rows if row.key is not None}
    seats: dict[int, bool] = {}
    if keys:
        found = session.execute(
            select(ParticipantSeat.ballot_id, ParticipantSeat.version).where(
                ParticipantSeat.voter_key.in_(sorted(keys))
            )
        )
        seats = {row.ballot_id: row.version > 0 for row in found}
    lines = []
    for row in rows:
        if viewer.role is Role.ATTENDEE:
            if row.id in seats:
                lines.append(_line(row, "voted" if seats[row.id] else "open", now))
            continue
        lines.append(_line(row, _partner_state(viewer, row), now))
    return lines


def _partner_state(viewer: Actor, row: Row[Any]) -> str | None:
    if row.member_ids is None or viewer.id not in row.member_ids:
        return None
    if row.partner_cast_at is not None:
        return "voted"
    return "open" if row.reservation_until is None else "reserved"


def _line(row: Row[Any], own_state: str | None, now: datetime) -> BallotRow:
    kind = "free"
    if row.proposal_id is not None:
        kind = "proposal"
    elif row.edition_id is not None:
        kind = "edition"
    elif row.section_id is not None:
        kind = "measure" if row.section_kind is SectionKind.MEASURE else "section"
    asked = json.loads(row.tally)["questions"] if row.tally else []
    return BallotRow(
        id=row.id,
        title=row.title,
        standing=standing(row.state, row.opens_at, row.closes_at, now),
        is_test=row.is_test,
        subject_kind=kind,
        has_partners=row.has_partners,
        has_participants=row.has_participants,
        opens_at=row.opens_at,
        closes_at=row.closes_at,
        own_state=own_state,
        reserved_until=row.reservation_until,
        outcomes=tuple(one["partners"]["outcome"] for one in asked if one["partners"]),
    )
