# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading for pages that compose features: a few statements a page, however much there is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, and_, case, cast, func, literal, null, select, union_all
from sqlalchemy.orm import aliased

from charta.accounts.models import Organisation, Person
from charta.activity.models import LogHead
from charta.contributions.models import Contribution
from charta.contributions.queries.screening import open_topic_count, received_count
from charta.contributions.rules import State as ContributionState
from charta.db import session, utcnow
from charta.fields.models import FieldOfAction
from charta.forums.models import Forum, Registration
from charta.forums.rules import COMING, RegistrationState
from charta.notifications.models import OutboxMail
from charta.permissions import Actor
from charta.proposals.models import (
    Proposal,
    ProposalContribution,
    ProposalDecision,
    ProposalSource,
    ProposalVersion,
)
from charta.proposals.rules import MERGEABLE, OPEN, MergeState, State, Verb
from charta.sections.models import Revision, Section, Source
from charta.sections.rules import Cause, SectionKind
from charta.site.models import CalendarDate, NewsItem, Round

SPECIMEN_CANDIDATES = 4
NEWS_SHOWN = 3
DATES_SHOWN = 4
# What counts as decided in „Heute entschieden“.
DECIDING = frozenset({Verb.APPROVE, Verb.ADAPT, Verb.REQUEST_CHANGES, Verb.REJECT})


def log_position() -> int:
    """Return the number of the newest deed: while it stands, no page of public things has changed."""
    return session.scalar(select(LogHead.seq)) or 0


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


def failed_mails() -> int:
    """Return how many mails were given up."""
    return (
        session.scalar(
            select(func.count())
            .select_from(OutboxMail)
            .where(OutboxMail.failed_at.is_not(None), OutboxMail.sent_at.is_(None))
        )
        or 0
    )


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


# --------------------------------------------------------------------------------------------- the queue


@dataclass(frozen=True, slots=True)
class QueueField:
    """A field of action as a filter of the queue, with how many proposals of it await a decision."""

    id: int
    number: int
    name: str
    waiting: int


@dataclass(frozen=True, slots=True)
class QueueOverview:
    """What stands around the queue, whatever part of it is shown.

    `takeable` counts those this moderator could take over together: they fit and are not held or own ones.
    """

    fields: tuple[QueueField, ...]
    waiting: int
    overlaps: int
    takeable: dict[int | None, int]
    decided_today: int
    contributions: int
    topics: int

    def takeable_in(self, field_id: int | None) -> int:
        """How many could be taken over together in a field, or in all of them."""
        return sum(self.takeable.values()) if field_id is None else self.takeable.get(field_id, 0)


def queue_overview(viewer: Actor, *, since: datetime, four_eyes: bool) -> QueueOverview:
    """Return the counts around the queue and what `viewer` decided since `since`, in one statement."""
    own = and_(literal(four_eyes), Proposal.author_id == viewer.id)
    can_be_taken = and_(Proposal.merge_state.in_(sorted(MERGEABLE)), Proposal.is_held.is_(False), ~own)
    waiting = (
        select(
            literal("waiting").label("part"),
            Proposal.field_id.label("field_id"),
            literal(0).label("number"),
            literal("").label("name"),
            func.count().label("total"),
            func.sum(case((Proposal.merge_state == MergeState.CONFLICT, 1), else_=0)).label("overlaps"),
            func.sum(case((can_be_taken, 1), else_=0)).label("takeable"),
        )
        .where(Proposal.state == State.SUBMITTED, Proposal.adapted_version.is_(None))
        .group_by(Proposal.field_id)
    )
    fields = select(
        literal("field"),
        FieldOfAction.id,
        FieldOfAction.number,
        FieldOfAction.name,
        literal(0),
        literal(0),
        literal(0),
    )
    today = select(
        literal("today"), literal(0), literal(0), literal(""), func.count(), literal(0), literal(0)
    ).where(
        ProposalDecision.by_id == viewer.id,
        ProposalDecision.at >= since,
        ProposalDecision.verb.in_(sorted(DECIDING)),
    )
    # The switch to the other queues says how much waits there.
    contributions, topics = (
        select(literal(part), literal(0), literal(0), literal(""), count, literal(0), literal(0))
        for part, count in (("contributions", received_count()), ("topics", open_topic_count()))
    )
    rows: list[Any] = list(session.execute(union_all(waiting, fields, today, contributions, topics)))
    counts = {row.field_id: row for row in rows if row.part == "waiting"}
    return QueueOverview(
        fields=tuple(
            sorted(
                (
                    QueueField(
                        row.field_id,
                        row.number,
                        row.name,
                        counts[row.field_id].total if row.field_id in counts else 0,
                    )
                    for row in rows
                    if row.part == "field"
                ),
                key=lambda field: field.number,
            )
        ),
        waiting=sum(row.total for row in counts.values()),
        overlaps=sum(row.overlaps for row in counts.values()),
        takeable={field_id: row.takeable for field_id, row in counts.items()},
        decided_today=sum(row.total for row in rows if row.part == "today"),
        contributions=sum(row.total for row in rows if row.part == "contributions"),
        topics=sum(row.total for row in rows if row.part == "topics"),
    )


def taken_up_by(version_id: int) -> tuple[list[Source], list[str]]:
    """Return the sources a version names, by number, and the codes of what its proposal takes up.

    One statement; at most a dozen codes are of use to who shows them.
    """
    codes = (
        select(func.aggregate_strings(Contribution.code, ","))
        .join(ProposalContribution, ProposalContribution.contribution_id == Contribution.id)
        .where(ProposalContribution.proposal_id == ProposalVersion.proposal_id)
        .correlate(ProposalVersion)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Source, codes)
        .select_from(ProposalVersion)
        .outerjoin(ProposalSource, ProposalSource.version_id == ProposalVersion.id)
        .outerjoin(Source, Source.id == ProposalSource.source_id)
        .where(ProposalVersion.id == version_id)
        .order_by(Source.number)
    ).all()
    found = sorted(rows[0][1].split(",")) if rows and rows[0][1] else []
    return [row[0] for row in rows if row[0] is not None], found


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a proposal stands after a bulk approval, with the text it made."""

    number: int
    summary: str
    state: State
    merge_state: MergeState
    is_held: bool
    author_id: int
    awaits_author: bool
    section_id: int | None
    section_title: str
    revision_number: int | None


def outcomes(numbers: Sequence[int]) -> list[Outcome]:
    """Return where these proposals stand now, by number; drafts are left out (one statement)."""
    rows = session.execute(
        select(Proposal, Section.title, func.max(Revision.number))
        .outerjoin(Section, Section.id == Proposal.section_id)
        .outerjoin(
            Revision,
            and_(Revision.section_id == Proposal.section_id, Revision.proposal_id == Proposal.id),
        )
        .where(Proposal.id.in_(numbers), Proposal.state != State.DRAFT)
        .group_by(Proposal.id, Section.title)
        .order_by(Proposal.id)
    )
    return [
        Outcome(
            number=proposal.id,
            summary=proposal.summary,
            state=proposal.state,
            merge_state=proposal.merge_state,
            is_held=proposal.is_held,
            author_id=proposal.author_id,
            awaits_author=proposal.adapted_version is not None,
            section_id=proposal.section_id,
            section_title=title or "",
            revision_number=revision_number,
        )
        for proposal, title, revision_number in rows
    ]
