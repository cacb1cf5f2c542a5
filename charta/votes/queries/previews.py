# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What opening a draft would freeze: its subject, the exact text, and how many are on each roll."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select

from charta.accounts.models import Organisation, Person
from charta.accounts.rules import Voting
from charta.db import session
from charta.editions.models import Edition
from charta.editions.rules import EditionState
from charta.errors import NotFound
from charta.forums.models import Attendance
from charta.measures.models import Measure
from charta.permissions import Role
from charta.proposals.models import Proposal, ProposalVersion
from charta.proposals.rules import State
from charta.sections.models import Revision, Section
from charta.votes import recount
from charta.votes.queries.one_ballot import BallotPage, Subject
from charta.votes.rules import ID_MAX, Scope


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be frozen now; `is_outdated`: the proposal has a newer version than the draft knows, or the
    edition was composed anew.
    """

    text_title: str
    text_body: str
    text_hash: str | None
    partners: int
    partners_without_member: int
    participants: int
    is_outdated: bool = False


def subject(
    *, section_id: int | None = None, proposal_id: int | None = None, edition_id: int | None = None
) -> Subject:
    """Return what a new ballot would be about (one statement); raise `NotFound` when it is not there."""
    for kind, number in (("section", section_id), ("proposal", proposal_id), ("edition", edition_id)):
        if number is not None and not 0 < number <= ID_MAX:  # no database takes it
            raise NotFound(kind=kind, id=None)
    if section_id is not None:
        found = session.execute(
            select(Section.title, Section.is_deleted, Section.head_id, Measure.id.label("measure_id"))
            .outerjoin(Measure, Measure.section_id == Section.id)
            .where(Section.id == section_id)
        ).one_or_none()
        if found is None or found.is_deleted or found.head_id is None:
            raise NotFound(kind="section", id=section_id)
        if found.measure_id is not None:
            return Subject("measure", found.measure_id, found.title, section_id=section_id)
        return Subject("section", section_id, found.title, section_id=section_id)
    if proposal_id is not None:
        row = session.execute(
            select(Proposal.summary, Proposal.state, Proposal.version).where(Proposal.id == proposal_id)
        ).one_or_none()
        if row is None or row.state is State.DRAFT:
            raise NotFound(kind="proposal", id=proposal_id)
        return Subject("proposal", proposal_id, row.summary, proposal_version=row.version)
    if edition_id is not None:
        edition = session.execute(
            select(Edition.name, Edition.title, Edition.state).where(Edition.id == edition_id)
        ).one_or_none()
        if edition is None or edition.state is not EditionState.COMPOSED:
            raise NotFound(kind="edition", id=edition_id)
        return Subject("edition", edition_id, edition.title, edition_name=edition.name)
    return Subject("free", 0, "")


def preview(ballot: BallotPage) -> Preview:
    """Return what opening a draft would freeze now (three statements at most)."""
    title, body, text_hash, is_outdated = _text(ballot)
    partners, without_member = _partners() if ballot.has_partners else (0, 0)
    return Preview(
        text_title=title,
        text_body=body,
        text_hash=text_hash,
        partners=partners,
        partners_without_member=without_member,
        participants=_participants(ballot) if ballot.has_participants else 0,
        is_outdated=is_outdated,
    )


def _text(ballot: BallotPage) -> tuple[str, str, str | None, bool]:
    """Return title, body and hash of the text, and whether it is another one than the draft was made for.

    An edition has no body here: its pages show it, and its hash stands with it.
    """
    about = ballot.subject
    if about.kind == "edition":
        edition = session.execute(
            select(Edition.title, Edition.content_hash).where(Edition.id == about.id)
        ).one()
        return edition.title, "", edition.content_hash, edition.content_hash != ballot.text_hash
    title, body, is_outdated = _wording(ballot)
    return title, body, recount.text_hash(title, body) if body else None, is_outdated


def _wording(ballot: BallotPage) -> tuple[str, str, bool]:
    about = ballot.subject
    if about.kind == "proposal":
        row = session.execute(
            select(
                ProposalVersion.title,
                ProposalVersion.body,
                ProposalVersion.summary,
                ProposalVersion.reason,
                Proposal.version,
            )
            .join(Proposal, Proposal.id == ProposalVersion.proposal_id)
            .where(ProposalVersion.proposal_id == about.id, ProposalVersion.number == Proposal.version)
        ).one()
        return row.title or row.summary, row.body or row.reason, row.version != about.proposal_version
    if about.section_id is not None:
        head = session.execute(
            select(Revision.title, Revision.body)
            .join(Section, Section.head_id == Revision.id)
            .where(Section.id == about.section_id)
        ).one()
        return head.title, head.body, False
    return "", "", False  # a free question: what is voted on are the questions, and they are shown below


def _partners() -> tuple[int, int]:
    """Return how many partners have a seat, and for how many of them nobody could vote."""
    can_vote = (
        select(Person.id)
        .where(
            Person.organisation_id == Organisation.id,
            Person.voting != Voting.NONE,
            Person.deactivated_at.is_(None),
        )
        .exists()
    )
    rows = session.execute(
        select(can_vote.label("can_vote"), func.count())
        .select_from(Organisation)
        .where(Organisation.is_partner.is_(True), Organisation.archived_at.is_(None))
        .group_by("can_vote")
    ).all()
    counts = {bool(can): count for can, count in rows}
    return sum(counts.values()), counts.get(False, 0)


def _participants(ballot: BallotPage) -> int:
    """Count the verified participants, by the same rule as `service.opening` seats them."""
    was_there = select(Attendance.id).where(
        Attendance.person_id == Person.id, Attendance.checked_in_at.is_not(None)
    )
    if ballot.scope is Scope.FORUMS:
        verified: ColumnElement[bool] = was_there.where(Attendance.forum_id.in_(ballot.forum_ids)).exists()
    else:
        with_address = Person.email.is_not(None) & Person.joined_at.is_not(None)
        verified = or_(was_there.exists(), with_address)
    return (
        session.scalar(
            select(func.count())
            .select_from(Person)
            .where(Person.role == Role.ATTENDEE, Person.deactivated_at.is_(None), verified)
        )
        or 0
    )
