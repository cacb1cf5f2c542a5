# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""One ballot as its page shows it to a viewer: at most two statements, however many vote.

Who sees what (PRODUCT.md section 3): drafts the moderation; a ballot in progress who is on the roll, partners
and the office; the other partners' votes who has cast the own; numbers of turnout the moderation; after the
end everybody everything, except rehearsals.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, func, select
from sqlalchemy.orm import aliased

from charta.accounts.models import Person
from charta.db import session, utcnow
from charta.errors import NotFound
from charta.measures.models import Measure
from charta.notifications.subscriptions import watch_state
from charta.permissions import ANONYMOUS, Actor, Permission, Role, may
from charta.proposals.models import Proposal
from charta.sections.models import Revision, Section
from charta.sections.rules import SectionKind
from charta.votes.models import Ballot, BallotQuestion, ParticipantSeat, PartnerSeat
from charta.votes.poll_keys import voter_key
from charta.votes.rules import BallotState, DecisionRule, Method, Scope, Standing, standing

OFFICE = frozenset({Role.MODERATOR, Role.ADMINISTRATOR})
OVER = frozenset({Standing.OVER, Standing.CLOSED})
KEYS_MAX = 64


@dataclass(frozen=True, slots=True)
class Subject:
    """What is voted on; `id` is that of the section or the measure, the proposal's number, or 0."""

    kind: str  # section, measure, proposal, free
    id: int
    title: str
    section_id: int | None = None
    proposal_version: int | None = None
    revision_number: int | None = None


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question; `options` and `points` belong to points and ranking."""

    position: int
    text: str
    method: Method
    options: tuple[str, ...] = ()
    points: int | None = None


@dataclass(frozen=True, slots=True)
class PartnerRow:
    """One partner of the roll with its vote, as the viewer may see it."""

    organisation_id: int
    name: str
    has_voted: bool
    reservation_until: date | None
    choices: tuple[str, ...] | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnVote:
    """The viewer's seat: `answers` is None until cast; `version` belongs into a partner's form."""

    kind: str  # partner, participant
    answers: tuple[Any, ...] | None
    version: int
    receipt: str | None = None
    reasons: tuple[str, ...] = ()
    organisation: str = ""
    reservation_until: date | None = None
    cast_at: datetime | None = None
    cast_by_name: str = ""

    @property
    def is_partner(self) -> bool:
        """Whether the seat is that of an organisation."""
        return self.kind == "partner"


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many could vote and how many did."""

    partners_entitled: int
    partners_voted: int
    participants_entitled: int
    participants_voted: int


@dataclass(frozen=True, slots=True)
class BallotPage:
    """A ballot with what its page needs; `own` is None for who is not on the roll."""

    id: int
    title: str
    intro: str
    state: BallotState
    standing: Standing
    is_test: bool
    subject: Subject
    questions: tuple[QuestionRow, ...]
    has_partners: bool
    has_participants: bool
    rule: DecisionRule
    quorum: int
    scope: Scope
    forum_ids: tuple[int, ...]
    opens_at: datetime | None
    closes_at: datetime
    time_zone: str
    opened_at: datetime | None
    closed_at: datetime | None
    text_title: str
    text_body: str
    text_hash: str | None
    rules: dict[str, Any] | None
    rules_hash: str | None
    tally: str | None
    tally_hash: str | None
    outcome: str
    outcome_at: datetime | None
    version: int
    own: OwnVote | None
    turnout: Turnout | None
    partners: tuple[PartnerRow, ...] | None
    watch_state: str | None = None

    @property
    def takes_vote(self) -> bool:
        """Whether the viewer can vote now."""
        return self.own is not None and self.standing is Standing.OPEN


_CastBy = aliased(Person)


def _count(model: type[PartnerSeat] | type[ParticipantSeat], *, cast: bool) -> Any:
    statement = select(func.count()).select_from(model).where(model.ballot_id == Ballot.id)
    if cast:
        statement = statement.where(model.choices.is_not(None))
    return statement.correlate(Ballot).scalar_subquery()


_COUNTS = (
    _count(PartnerSeat, cast=False).label("partners_entitled"),
    _count(PartnerSeat, cast=True).label("partners_voted"),
    _count(ParticipantSeat, cast=False).label("participants_entitled"),
    _count(ParticipantSeat, cast=True).label("participants_voted"),
)

# Keys of ballots that are open, so that a voter's seat can be read with the ballot in one statement.
_keys: dict[int, str] = {}


def load(viewer: Actor, ballot_id: int) -> BallotPage:
    """Return a ballot as the viewer may see it; raise `NotFound` when it is none of the viewer's business."""
    known = _keys.get(ballot_id)
    own_key = voter_key(known, viewer.id) if known is not None and viewer.id is not None else ""
    row = _row(viewer, ballot_id, own_key)
    if row is None:
        raise NotFound(kind="ballot", id=ballot_id)
    ballot: Ballot = row.Ballot
    where = standing(ballot.state, ballot.opens_at, ballot.closes_at, utcnow())
    _remember(ballot)
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


def without_votes(ballot_id: int) -> BallotPage:
    """Return a ballot with nothing of any vote on it, for who holds its read-only link (one statement).

    Raises `NotFound`. The caller has checked the link.
    """
    row = _row(ANONYMOUS, ballot_id, "")
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


def _statement(*counts: Any) -> Any:
    looking: Any = bindparam("viewer_id")
    return (
        select(
            Ballot,
            PartnerSeat,
            ParticipantSeat,
            _CastBy.name.label("cast_by_name"),
            Section.id.label("section_id"),
            Section.kind.label("section_kind"),
            Section.title.label("section_title"),
            Measure.id.label("measure_id"),
            Revision.number.label("revision_number"),
            Proposal.summary,
            watch_state(looking, "ballot", Ballot.id).label("watch_state"),
            *counts,
        )
        .select_from(Ballot)
        .outerjoin(
            PartnerSeat,
            and_(
                PartnerSeat.ballot_id == Ballot.id,
                PartnerSeat.organisation_id == bindparam("organisation_id"),
            ),
        )
        .outerjoin(
            ParticipantSeat,
            and_(
                ParticipantSeat.ballot_id == Ballot.id,
                ParticipantSeat.voter_key == bindparam("own_key"),
            ),
        )
        .outerjoin(_CastBy, _CastBy.id == PartnerSeat.cast_by_id)
        .outerjoin(Section, Section.id == Ballot.section_id)
        .outerjoin(Measure, Measure.section_id == Section.id)
        .outerjoin(Revision, Revision.id == Ballot.revision_id)
        .outerjoin(Proposal, Proposal.id == Ballot.proposal_id)
        .where(Ballot.id == bindparam("ballot_id"))
        .execution_options(populate_existing=True)
    )


# Built once. Numbers only for those who see them: counting costs more than all the rest.
_PLAIN, _COUNTED = _statement(), _statement(*_COUNTS)


def _row(viewer: Actor, ballot_id: int, own_key: str) -> Row[Any] | None:
    found: Row[Any] | None = session.execute(
        _PLAIN if viewer.role is Role.ATTENDEE else _COUNTED,
        {
            "ballot_id": ballot_id,
            "viewer_id": viewer.id,
            "own_key": own_key,
            "organisation_id": viewer.organisation_id if viewer.organisation_is_partner else None,
        },
    ).one_or_none()
    return found


def participant_seat(ballot: Ballot, viewer: Actor) -> ParticipantSeat | None:
    """Return the viewer's seat among the participants (one statement)."""
    if ballot.key is None or viewer.id is None:
        return None
    return session.scalar(
        select(ParticipantSeat)
        .where(
            ParticipantSeat.ballot_id == ballot.id,
            ParticipantSeat.voter_key == voter_key(ballot.key, viewer.id),
        )
        .execution_options(populate_existing=True)
    )


def _remember(ballot: Ballot) -> None:
    if ballot.state is not BallotState.OPEN or ballot.key is None:
        _keys.pop(ballot.id, None)
        return
    if len(_keys) >= KEYS_MAX and ballot.id not in _keys:
        _keys.clear()
    _keys[ballot.id] = ballot.key


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
