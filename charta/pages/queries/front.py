# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading for the front page, and for a moderator what the installation still needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, and_, cast, func, literal, null, select, union_all
from sqlalchemy.orm import aliased

from charta.accounts.models import Organisation, Person
from charta.contributions.models import Contribution
from charta.contributions.rules import State as ContributionState
from charta.db import session, utcnow
from charta.fields.models import FieldOfAction
from charta.forums.models import Forum, Registration
from charta.forums.rules import COMING, RegistrationState
from charta.proposals.models import (
    Proposal,
    ProposalSource,
    ProposalVersion,
)
from charta.proposals.rules import OPEN
from charta.sections.models import Revision, Section, Source
from charta.sections.rules import Cause, SectionKind
from charta.site.models import CalendarDate, NewsItem, Round

SPECIMEN_CANDIDATES = 4
NEWS_SHOWN = 3
DATES_SHOWN = 4


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A field of action as the front page lists it."""

    number: int
    slug: str
    name: str
    lead_name: str
    measures: int
    open_proposals: int
    contributions: int


def fields_overview() -> list[FieldRow]:
    """Return the fields in order, with how much stands in them and is open (one statement).

    How many proposals are open is told to everybody; what they say follows their own visibility.
    """
    measures = (
        select(func.count())
        .where(
            Section.field_id == FieldOfAction.id,
            Section.kind == SectionKind.MEASURE,
            Section.is_deleted.is_(False),
        )
        .scalar_subquery()
    )
    proposals = (
        select(func.count())
        .where(Proposal.field_id == FieldOfAction.id, Proposal.state.in_(sorted(OPEN)))
        .scalar_subquery()
    )
    contributions = (
        select(func.count())
        .where(Contribution.field_id == FieldOfAction.id, Contribution.state == ContributionState.ACCEPTED)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            FieldOfAction.number,
            FieldOfAction.slug,
            FieldOfAction.name,
            func.coalesce(Organisation.name, ""),
            measures,
            proposals,
            contributions,
        )
        .outerjoin(Organisation, Organisation.id == FieldOfAction.lead_organisation_id)
        .order_by(FieldOfAction.number)
    )
    return [FieldRow(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class SpecimenRow:
    """A head that a proposal brought, with the text before it and what the proposal named as its source."""

    section: Section
    revision: Revision
    previous: Revision | None
    proposal: Proposal
    source: Source | None


def newest_changes() -> list[SpecimenRow]:
    """Return the newest present texts that a proposal brought, newest first, a handful (one statement)."""
    before = aliased(Revision)
    other = aliased(Source)
    first_source = (
        select(func.min(other.number))
        .join(ProposalSource, ProposalSource.source_id == other.id)
        .where(ProposalSource.version_id == ProposalVersion.id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Section, Revision, before, Proposal, Source)
        .select_from(Section)
        .join(Revision, Revision.id == Section.head_id)
        .join(Proposal, Proposal.id == Revision.proposal_id)
        .outerjoin(before, before.id == Revision.parent_id)
        .outerjoin(
            ProposalVersion,
            and_(
                ProposalVersion.proposal_id == Revision.proposal_id,
                ProposalVersion.number == Revision.proposal_version_number,
            ),
        )
        .outerjoin(Source, Source.number == first_source)
        .where(
            Revision.cause == Cause.PROPOSAL,
            Section.kind == SectionKind.SECTION,
            Section.is_deleted.is_(False),
        )
        # The same order as that of the revisions, but read from the few heads and not from all wordings.
        .order_by(Section.head_id.desc())
        .limit(SPECIMEN_CANDIDATES)
    )
    return [SpecimenRow(row[0], row[1], row[2], row[3], row[4]) for row in rows]


@dataclass(frozen=True, slots=True)
class Notice:
    """A piece of news, a date or a forum; `place` and `ends_at` belong to dates, what follows to forums."""

    kind: str
    id: int
    title: str
    place: str
    at: datetime
    ends_at: datetime | None
    slug: str
    closes_at: datetime | None
    capacity: int | None
    taken: int

    @property
    def places_left(self) -> int | None:
        """How many places a forum still has; None without a limit."""
        return None if self.capacity is None else max(0, self.capacity - self.taken)


def notices() -> tuple[list[Notice], list[Notice]]:
    """Return the newest news and the next dates with the sure forums, together in one statement."""
    now = utcnow()
    no_forum = (
        literal("").label("slug"),
        cast(null(), CalendarDate.ends_at.type).label("closes_at"),
        cast(null(), Integer).label("capacity"),
        literal(0).label("taken"),
    )
    news = (
        select(
            literal("news").label("kind"),
            NewsItem.id,
            NewsItem.title,
            literal("").label("place"),
            NewsItem.published_at.label("at"),
            cast(null(), CalendarDate.ends_at.type).label("ends_at"),
            *no_forum,
        )
        .where(NewsItem.published_at <= now)
        .order_by(NewsItem.published_at.desc())
        .limit(NEWS_SHOWN)
        .subquery()
    )
    dates = (
        select(
            literal("date").label("kind"),
            CalendarDate.id,
            CalendarDate.title,
            CalendarDate.place,
            CalendarDate.starts_at.label("at"),
            CalendarDate.ends_at,
            *no_forum,
        )
        .where(func.coalesce(CalendarDate.ends_at, CalendarDate.starts_at) >= now)
        .order_by(CalendarDate.starts_at)
        .limit(DATES_SHOWN)
        .subquery()
    )
    forums = (
        select(
            literal("forum").label("kind"),
            Forum.id,
            Forum.title,
            Forum.place,
            Forum.starts_at.label("at"),
            Forum.ends_at,
            Forum.slug,
            Forum.registration_closes_at.label("closes_at"),
            Forum.capacity,
            select(func.count())
            .where(Registration.forum_id == Forum.id, Registration.state == RegistrationState.REGISTERED)
            .scalar_subquery()
            .label("taken"),
        )
        .where(
            Forum.is_always_open.is_(False),
            Forum.state.in_(sorted(COMING)),
            func.coalesce(Forum.ends_at, Forum.starts_at) >= now,
        )
        .order_by(Forum.starts_at)
        .limit(DATES_SHOWN)
        .subquery()
    )
    rows = session.execute(union_all(select(dates), select(news), select(forums)))
    found = [Notice(*row) for row in rows]
    return (
        sorted((item for item in found if item.kind == "news"), key=lambda item: item.at, reverse=True),
        sorted((item for item in found if item.kind != "news"), key=lambda item: item.at)[:DATES_SHOWN],
    )


@dataclass(frozen=True, slots=True)
class SetUp:
    """What an administrator has done already in a new installation."""

    people: int
    organisations: int
    sections: int
    rounds: int


def set_up() -> SetUp:
    """Return how far a new installation is (one statement)."""
    row = session.execute(
        select(
            *(
                select(func.count()).select_from(model).scalar_subquery()
                for model in (Person, Organisation, Section, Round)
            )
        )
    ).one()
    return SetUp(*row)


@dataclass(frozen=True, slots=True)
class NewText:
    """A present text that a proposal brought, as a line of news."""

    section_id: int
    section_number: str
    section_title: str
    proposal_number: int
    summary: str
    revision_number: int
    at: datetime


def newest_texts(*, limit: int = 5) -> Sequence[NewText]:
    """Return what the newest taken-over proposals changed, newest first."""
    rows = session.execute(
        select(
            Section.id,
            Section.number,
            Section.title,
            Proposal.id,
            Proposal.summary,
            Revision.number,
            Revision.created_at,
        )
        .select_from(Revision)
        .join(Section, Section.id == Revision.section_id)
        .join(Proposal, Proposal.id == Revision.proposal_id)
        .where(Revision.cause == Cause.PROPOSAL, Section.is_deleted.is_(False))
        .order_by(Revision.id.desc())
        .limit(limit)
    )
    return [NewText(*row) for row in rows]
