# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The one statement that reads a ballot with its subject, the viewer's seats and, for some, the turnout."""

from typing import Any

from sqlalchemy import Row, and_, bindparam, func, select
from sqlalchemy.orm import aliased

from charta.accounts.models import Person
from charta.db import session
from charta.editions.models import Edition
from charta.measures.models import Measure
from charta.notifications.subscriptions import watch_state
from charta.permissions import Actor, Role
from charta.proposals.models import Proposal
from charta.sections.models import Revision, Section
from charta.votes.models import Ballot, ParticipantSeat, PartnerSeat
from charta.votes.poll_keys import voter_key

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
            Edition.name.label("edition_name"),
            Edition.title.label("edition_title"),
            Edition.state.label("edition_state"),
            Edition.content_hash.label("edition_hash"),
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
        .outerjoin(Edition, Edition.id == Ballot.edition_id)
        .where(Ballot.id == bindparam("ballot_id"))
        .execution_options(populate_existing=True)
    )


_TURNOUT = select(Ballot.state, Ballot.opens_at, Ballot.closes_at, *_COUNTS).where(
    Ballot.id == bindparam("ballot_id"), Ballot.opened_at.is_not(None)
)


def turnout_of(ballot_id: int) -> Row[Any] | None:
    """Return where an opened ballot stands and how many could vote and did (one statement)."""
    found: Row[Any] | None = session.execute(_TURNOUT, {"ballot_id": ballot_id}).one_or_none()
    return found


# Built once. Numbers only for those who see them: counting costs more than all the rest.
_PLAIN, _COUNTED = _statement(), _statement(*_COUNTS)


def row_of(viewer: Actor, ballot_id: int, own_key: str) -> Row[Any] | None:
    """Return a ballot with the viewer's seats and its subject (one statement); `own_key` may be empty."""
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
