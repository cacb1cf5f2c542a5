# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading proposals: visibility once as SQL, lists by keyset, the page of one proposal.

Lists come back as frozen rows that carry all a line shows: one statement however long the list.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from charta.accounts.models import Organisation, Person
from charta.accounts.rules import Byline, byline
from charta.db import session
from charta.fields.models import FieldOfAction
from charta.permissions import Actor, Role
from charta.proposals.merging import Wording
from charta.proposals.models import (
    DraftSource,
    Proposal,
    ProposalDecision,
    ProposalDraft,
    ProposalSource,
    ProposalSupport,
    ProposalVersion,
)
from charta.proposals.rules import (
    CLOSED,
    NEEDS_HELP,
    OPEN,
    MergeState,
    ProposalKind,
    State,
    Verb,
    seen_head,
)
from charta.sections.models import Revision, Section, Source
from charta.site.rules import ProposalsPublic, SiteSettings

PAGE_SIZE = 50

_Assignee = aliased(Person)
_Base = aliased(Revision)
_Head = aliased(Revision)


def visible_states(viewer: Actor, settings: SiteSettings) -> frozenset[State]:
    """Return the states in which the viewer may see a proposal whoever wrote it: never drafts."""
    public: Collection[State] = {
        ProposalsPublic.NONE: frozenset[State](),
        ProposalsPublic.DECIDED: CLOSED,
        ProposalsPublic.SUBMITTED: CLOSED | OPEN,
    }[settings.proposals_public]
    if viewer.role in {Role.PARTNER, Role.MODERATOR, Role.ADMINISTRATOR} or (
        viewer.role is Role.ATTENDEE and settings.attendees_see_proposals
    ):
        return CLOSED | OPEN
    return frozenset(public)


def visible_to(viewer: Actor, settings: SiteSettings) -> ColumnElement[bool]:
    """Return the condition under which a proposal may be seen: the table of PRODUCT.md section 3.

    Drafts: their author, and partners of the author's organisation when shared; moderators do not. Handed-in
    ones: partners, moderators, administration; attendees and the public by setting. A withdrawn proposal is
    as visible as a decided one.
    """
    states = visible_states(viewer, settings)
    conditions: list[ColumnElement[bool]] = [Proposal.state.in_(sorted(states)) if states else false()]
    if states == CLOSED | OPEN:
        # The same in other words: for a list of states SQLite would collect and sort nearly all rows.
        conditions = [Proposal.state != State.DRAFT]
    if viewer.id is not None:
        conditions.append(Proposal.author_id == viewer.id)
    if viewer.role is Role.PARTNER and viewer.organisation_id is not None:
        conditions.append(
            and_(Proposal.is_shared.is_(True), Proposal.organisation_id == viewer.organisation_id)
        )
    return or_(*conditions)


# ----------------------------------------------------------------------------------------------------- rows


@dataclass(frozen=True, slots=True)
class SectionRef:
    """The section a proposal is about, as it stands now."""

    id: int
    number: str
    title: str
    head_number: int
    structure_number: int
    is_deleted: bool


@dataclass(frozen=True, slots=True)
class FieldRef:
    """The field of action a proposal belongs to."""

    id: int
    number: int
    name: str
    short_name: str
    slug: str


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """One proposal as a line of a list shows it; usable as a subject of permissions."""

    number: int
    kind: ProposalKind
    state: State
    merge_state: MergeState
    summary: str
    version: int
    candidate: int
    supporters: int
    is_shared: bool
    is_held: bool
    author_id: int
    organisation_id: int | None
    author: Byline
    section: SectionRef | None
    field: FieldRef | None
    assignee_id: int | None
    assignee_name: str
    assigned_at: datetime | None
    adapted_version: int | None
    adapted_by_id: int | None
    adapted_until: datetime | None
    created_at: datetime
    changed_at: datetime
    submitted_at: datetime | None
    decide_until: datetime | None
    decided_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether a decision is still to come."""
        return self.state in OPEN

    @property
    def needs_help(self) -> bool:
        """Whether the author has to do something before this can be taken over."""
        return self.state in OPEN and self.merge_state in NEEDS_HELP

    @property
    def awaits_author(self) -> bool:
        """Whether a moderator's adapted version waits for the author's answer."""
        return self.state is State.SUBMITTED and self.adapted_version is not None

    @property
    def seen_head(self) -> int:
        """What a decision on this page names as the text (or place) that was seen."""
        if self.section is None:
            return 0
        return seen_head(self.kind, self.section.head_number, self.section.structure_number)


_COLUMNS = (
    Proposal,
    Section,
    FieldOfAction,
    Person.name,
    Person.role,
    Person.public_name,
    Organisation.short,
    Organisation.name,
    _Assignee.name,
)


def _rows(*more: Any) -> Select[Any]:
    return (
        select(*_COLUMNS, *more)
        .join(Person, Person.id == Proposal.author_id)
        .outerjoin(Section, Section.id == Proposal.section_id)
        .outerjoin(FieldOfAction, FieldOfAction.id == Proposal.field_id)
        .outerjoin(Organisation, Organisation.id == Proposal.organisation_id)
        .outerjoin(_Assignee, _Assignee.id == Proposal.assignee_id)
    )


def _row(viewer: Actor, found: Sequence[Any]) -> ProposalRow:
    proposal, section, field, name, role, public_name, short, organisation, assignee = found[: len(_COLUMNS)]
    return ProposalRow(
        number=proposal.id,
        kind=proposal.kind,
        state=proposal.state,
        merge_state=proposal.merge_state,
        summary=proposal.summary,
        version=proposal.version,
        candidate=proposal.candidate,
        supporters=proposal.supporters,
        is_shared=proposal.is_shared,
        is_held=proposal.is_held,
        author_id=proposal.author_id,
        organisation_id=proposal.organisation_id,
        author=byline(
            viewer,
            person_id=proposal.author_id,
            name=name,
            role=role,
            public_name=public_name,
            organisation_short=short or "",
            organisation_name=organisation or "",
        ),
        section=None
        if section is None
        else SectionRef(
            section.id,
            section.number,
            section.title,
            section.head_number,
            section.structure_number,
            section.is_deleted,
        ),
        field=None
        if field is None
        else FieldRef(field.id, field.number, field.name, field.short_name, field.slug),
        assignee_id=proposal.assignee_id,
        assignee_name=assignee or "",
        assigned_at=proposal.assigned_at,
        adapted_version=proposal.adapted_version,
        adapted_by_id=proposal.adapted_by_id,
        adapted_until=proposal.adapted_until,
        created_at=proposal.created_at,
        changed_at=proposal.changed_at,
        submitted_at=proposal.submitted_at,
        decide_until=proposal.decide_until,
        decided_at=proposal.decided_at,
    )


def _read(viewer: Actor, statement: Select[Any]) -> list[ProposalRow]:
    return [_row(viewer, found) for found in session.execute(statement)]


def _first(viewer: Actor, ids: Select[Any], *order: ColumnElement[Any], limit: int) -> list[ProposalRow]:
    """Return the first `limit` + 1 of the chosen proposals: what is sorted are numbers, not whole lines."""
    chosen = ids.order_by(*order).limit(limit + 1).subquery()
    return _read(viewer, _rows().join(chosen, chosen.c.id == Proposal.id).order_by(*order))


# ---------------------------------------------------------------------------------------------------- lists


def listing(
    viewer: Actor,
    settings: SiteSettings,
    *,
    states: Collection[State] | None = None,
    field_id: int | None = None,
    mine: bool = False,
    search: str = "",
    before: int | None = None,
    limit: int = PAGE_SIZE,
) -> list[ProposalRow]:
    """Return up to `limit` + 1 proposals the viewer may see, newest first, before the number `before`.

    Without `states` drafts are left out unless `mine`; `search` looks into summaries, a number is found too.
    """
    statement = select(Proposal.id).where(visible_to(viewer, settings))
    if mine:
        statement = statement.where(Proposal.author_id == viewer.id)
    if states is not None:
        statement = statement.where(Proposal.state.in_(sorted(states)))
    elif not mine:
        statement = statement.where(Proposal.state != State.DRAFT)
    if field_id is not None:
        statement = statement.where(Proposal.field_id == field_id)
    if search:
        found: list[ColumnElement[bool]] = [Proposal.summary.icontains(search, autoescape=True)]
        if search.isascii() and search.isdigit() and len(search) < 10:
            found.append(Proposal.id == int(search))
        statement = statement.where(or_(*found))
    if before is not None:
        statement = statement.where(Proposal.id < before)
    return _first(viewer, statement, Proposal.id.desc(), limit=limit)


def of_section(
    viewer: Actor, settings: SiteSettings, section_id: int, *, limit: int = PAGE_SIZE
) -> list[ProposalRow]:
    """Return up to `limit` + 1 proposals of a section: open ones first, then newest first; no drafts."""
    statement = select(Proposal.id).where(
        Proposal.section_id == section_id, Proposal.state != State.DRAFT, visible_to(viewer, settings)
    )
    open_first = case((Proposal.state.in_(sorted(OPEN)), 0), else_=1)
    return _first(viewer, statement, open_first, Proposal.id.desc(), limit=limit)


_AWAITS_DECISION = and_(Proposal.state == State.SUBMITTED, Proposal.adapted_version.is_(None))


class QueueOrder(StrEnum):
    """In which order the queue is read."""

    OLDEST = "oldest"
    NEWEST = "newest"


def queue(
    viewer: Actor,
    *,
    field_id: int | None = None,
    merge_states: Collection[MergeState] | None = None,
    order: QueueOrder = QueueOrder.OLDEST,
    after: int | None = None,
    limit: int = PAGE_SIZE,
) -> list[ProposalRow]:
    """Return up to `limit` + 1 proposals that await a decision, in `order`, after the number `after`.

    For moderators only (Permission.READ_QUEUE). Those whose author is asked about an adapted version wait
    for the author and are not in it; held ones are, with `is_held`.
    """
    statement = _rows().where(_AWAITS_DECISION)
    if field_id is not None:
        statement = statement.where(Proposal.field_id == field_id)
    if merge_states is not None:
        statement = statement.where(Proposal.merge_state.in_(sorted(merge_states)))
    if after is not None:
        key = select(Proposal.submitted_at).where(Proposal.id == after).scalar_subquery()
        here, last = tuple_(Proposal.submitted_at, Proposal.id), tuple_(key, after)
        statement = statement.where(here > last if order is QueueOrder.OLDEST else here < last)
    if order is QueueOrder.OLDEST:
        statement = statement.order_by(Proposal.submitted_at, Proposal.id)
    else:
        statement = statement.order_by(Proposal.submitted_at.desc(), Proposal.id.desc())
    return _read(viewer, statement.limit(limit + 1))


def queue_counts(*, field_id: int | None = None) -> dict[MergeState, int]:
    """Return how many proposals await a decision, by merge state."""
    statement = (
        select(Proposal.merge_state, func.count()).where(_AWAITS_DECISION).group_by(Proposal.merge_state)
    )
    if field_id is not None:
        statement = statement.where(Proposal.field_id == field_id)
    return {row[0]: row[1] for row in session.execute(statement)}


def author_tasks(viewer: Actor) -> list[ProposalRow]:
    """Return the viewer's proposals that wait for the viewer: an answer, a new wording, a solved overlap."""
    statement = (
        _rows()
        .where(
            Proposal.author_id == viewer.id,
            or_(
                Proposal.state == State.CHANGES_REQUESTED,
                and_(
                    Proposal.state == State.SUBMITTED,
                    or_(Proposal.adapted_version.is_not(None), Proposal.merge_state.in_(sorted(NEEDS_HELP))),
                ),
            ),
        )
        .order_by(Proposal.changed_at, Proposal.id)
        .limit(PAGE_SIZE)
    )
    return _read(viewer, statement)


def drafts(viewer: Actor, settings: SiteSettings) -> list[ProposalRow]:
    """Return the drafts the viewer may edit, own ones and those shared in the organisation, newest first."""
    statement = (
        _rows()
        .where(Proposal.state == State.DRAFT, visible_to(viewer, settings))
        .order_by(Proposal.changed_at.desc(), Proposal.id.desc())
        .limit(PAGE_SIZE)
    )
    return _read(viewer, statement)


def own_desk(viewer: Actor, *, limit: int = PAGE_SIZE) -> list[ProposalRow]:
    """Return up to `limit` + 1 proposals of the viewer, and drafts that colleagues share, in one statement.

    What waits for the viewer comes first, then drafts, then the rest, each newest first.
    """
    waits = or_(
        Proposal.state == State.CHANGES_REQUESTED,
        and_(
            Proposal.state == State.SUBMITTED,
            or_(Proposal.adapted_version.is_not(None), Proposal.merge_state.in_(sorted(NEEDS_HELP))),
        ),
    )
    mine: ColumnElement[bool] = Proposal.author_id == viewer.id
    if viewer.role is Role.PARTNER and viewer.organisation_id is not None:
        mine = or_(
            mine,
            and_(
                Proposal.state == State.DRAFT,
                Proposal.is_shared.is_(True),
                Proposal.organisation_id == viewer.organisation_id,
            ),
        )
    statement = (
        _rows()
        .where(mine)
        .order_by(
            case((waits, 0), (Proposal.state == State.DRAFT, 1), else_=2),
            Proposal.changed_at.desc(),
            Proposal.id.desc(),
        )
        .limit(limit + 1)
    )
    return _read(viewer, statement)


@dataclass(frozen=True, slots=True)
class QueueSummary:
    """What awaits a decision: how many by merge state, and since when the oldest."""

    counts: dict[MergeState, int]
    oldest_at: datetime | None

    @property
    def total(self) -> int:
        """How many await a decision."""
        return sum(self.counts.values())

    @property
    def overlaps(self) -> int:
        """How many of them overlap with the present text."""
        return self.counts.get(MergeState.CONFLICT, 0)


def queue_summary() -> QueueSummary:
    """Return how much awaits a decision and since when (one statement)."""
    found = session.execute(
        select(Proposal.merge_state, func.count(), func.min(Proposal.submitted_at))
        .where(_AWAITS_DECISION)
        .group_by(Proposal.merge_state)
    ).all()
    return QueueSummary(
        {row[0]: row[1] for row in found}, min((row[2] for row in found if row[2] is not None), default=None)
    )


def assigned_to(viewer: Actor) -> list[ProposalRow]:
    """Return the open proposals that this moderator has taken on, oldest first."""
    statement = (
        _rows()
        .where(Proposal.assignee_id == viewer.id, Proposal.state.in_(sorted(OPEN)))
        .order_by(Proposal.submitted_at, Proposal.id)
        .limit(PAGE_SIZE)
    )
    return _read(viewer, statement)


def by_number(viewer: Actor, settings: SiteSettings, number: int) -> ProposalRow | None:
    """Return one proposal, or None when it does not exist or the viewer may not see it."""
    found = session.execute(_rows().where(Proposal.id == number, visible_to(viewer, settings))).one_or_none()
    return None if found is None else _row(viewer, found)


def own_draft(viewer: Actor, section_id: int, kind: ProposalKind) -> int | None:
    """Return the number of the viewer's own draft of this kind on a section."""
    return session.scalar(
        select(Proposal.id)
        .where(
            Proposal.author_id == viewer.id,
            Proposal.section_id == section_id,
            Proposal.kind == kind,
            Proposal.state == State.DRAFT,
        )
        .order_by(Proposal.id.desc())
        .limit(1)
    )


def rivals(viewer: Actor, settings: SiteSettings, section_id: int) -> int:
    """Return how many open proposals of other people on this section the viewer may see."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Proposal)
            .where(
                Proposal.section_id == section_id,
                Proposal.state.in_(sorted(OPEN)),
                Proposal.author_id != viewer.id,
                visible_to(viewer, settings),
            )
        )
        or 0
    )


# ------------------------------------------------------------------------------------------ one proposal


@dataclass(frozen=True, slots=True)
class Detail:
    """One proposal with the version a decision is about, its base and the present text.

    `next_number` and `previous_number` are its neighbours in the queue (for moderators, else None).
    """

    row: ProposalRow
    version: ProposalVersion | None
    base: Revision | None
    head: Revision | None
    supported: bool
    has_draft: bool
    next_number: int | None
    previous_number: int | None


def detail(viewer: Actor, settings: SiteSettings, number: int) -> Detail | None:
    """Return all the page of a proposal needs of texts and people in one statement, or None."""
    supported = exists().where(
        ProposalSupport.proposal_id == Proposal.id, ProposalSupport.person_id == viewer.id
    )
    has_draft = exists().where(ProposalDraft.proposal_id == Proposal.id)
    statement = _rows(
        ProposalVersion,
        _Base,
        _Head,
        supported,
        has_draft,
        *_neighbours(viewer),
    )
    found = session.execute(
        statement.outerjoin(
            ProposalVersion,
            and_(
                ProposalVersion.proposal_id == Proposal.id,
                ProposalVersion.number == func.coalesce(Proposal.adapted_version, Proposal.version),
            ),
        )
        .outerjoin(_Base, _Base.id == ProposalVersion.base_id)
        .outerjoin(_Head, _Head.id == Section.head_id)
        .where(Proposal.id == number, visible_to(viewer, settings))
    ).one_or_none()
    if found is None:
        return None
    version, base, head, is_supported, drafted, following, preceding = found[len(_COLUMNS) :]
    return Detail(
        _row(viewer, found), version, base, head, bool(is_supported), bool(drafted), following, preceding
    )


def _neighbours(viewer: Actor) -> tuple[ColumnElement[int | None], ColumnElement[int | None]]:
    """Return the numbers after and before a proposal in the queue, as columns of its own select."""
    if viewer.role is not Role.MODERATOR:
        nothing = select(Proposal.id).where(false()).correlate(None).scalar_subquery()
        return nothing, nothing
    other = aliased(Proposal)
    waiting = select(other.id).where(
        other.state == State.SUBMITTED, other.adapted_version.is_(None), other.id != Proposal.id
    )
    place, here = tuple_(other.submitted_at, other.id), tuple_(Proposal.submitted_at, Proposal.id)
    following = waiting.where(place > here).order_by(other.submitted_at, other.id).limit(1)
    preceding = waiting.where(place < here).order_by(other.submitted_at.desc(), other.id.desc()).limit(1)
    return following.correlate(Proposal).scalar_subquery(), preceding.correlate(Proposal).scalar_subquery()


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version without its text: what the list of versions shows."""

    number: int
    author: Byline
    created_at: datetime
    summary: str
    reason: str
    base_number: int | None
    sources: tuple[Source, ...]
    is_adapted: bool  # written by a moderator about somebody else's proposal


def versions(viewer: Actor, number: int) -> list[VersionRow]:
    """Return the versions of a proposal with their sources, oldest first; `detail` says if it is visible."""
    found = session.execute(
        select(
            ProposalVersion.number,
            ProposalVersion.author_id,
            ProposalVersion.created_at,
            ProposalVersion.summary,
            ProposalVersion.reason,
            Revision.number,
            Person.name,
            Person.role,
            Person.public_name,
            Organisation.short,
            Organisation.name,
            Source,
            Proposal.author_id,
        )
        .join(Proposal, Proposal.id == ProposalVersion.proposal_id)
        .join(Person, Person.id == ProposalVersion.author_id)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(Revision, Revision.id == ProposalVersion.base_id)
        .outerjoin(ProposalSource, ProposalSource.version_id == ProposalVersion.id)
        .outerjoin(Source, Source.id == ProposalSource.source_id)
        .where(ProposalVersion.proposal_id == number)
        .order_by(ProposalVersion.number, Source.number)
    ).all()
    sources: dict[int, list[Source]] = defaultdict(list)
    for line in found:
        if line[11] is not None:
            sources[line[0]].append(line[11])
    seen: dict[int, VersionRow] = {}
    for line in found:
        seen.setdefault(
            line[0],
            VersionRow(
                number=line[0],
                author=byline(
                    viewer,
                    person_id=line[1],
                    name=line[6],
                    role=line[7],
                    public_name=line[8],
                    organisation_short=line[9] or "",
                    organisation_name=line[10] or "",
                ),
                created_at=line[2],
                summary=line[3],
                reason=line[4],
                base_number=line[5],
                sources=tuple(sources[line[0]]),
                is_adapted=line[1] != line[12],
            ),
        )
    return list(seen.values())


def version(number: int, version_number: int) -> ProposalVersion | None:
    """Return one version with its text; `detail` says if it is visible."""
    return session.scalar(
        select(ProposalVersion).where(
            ProposalVersion.proposal_id == number, ProposalVersion.number == version_number
        )
    )


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One deed of the life of a proposal; `by` is None when time ran out."""

    verb: Verb
    version: int
    reason: str
    at: datetime
    by: Byline | None
    revision_number: int | None


def decisions(viewer: Actor, number: int) -> list[DecisionRow]:
    """Return what happened to a proposal, oldest first; `detail` says if it is visible."""
    found = session.execute(
        select(
            ProposalDecision,
            Person.name,
            Person.role,
            Person.public_name,
            Organisation.short,
            Organisation.name,
            Revision.number,
        )
        .outerjoin(Person, Person.id == ProposalDecision.by_id)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(Revision, Revision.id == ProposalDecision.revision_id)
        .where(ProposalDecision.proposal_id == number)
        .order_by(ProposalDecision.id)
    )
    return [
        DecisionRow(
            verb=entry.verb,
            version=entry.version,
            reason=entry.reason,
            at=entry.at,
            by=None
            if entry.by_id is None
            else byline(
                viewer,
                person_id=entry.by_id,
                name=name,
                role=role,
                public_name=public_name,
                organisation_short=short or "",
                organisation_name=organisation or "",
            ),
            revision_number=revision_number,
        )
        for entry, name, role, public_name, short, organisation, revision_number in found
    ]


# --------------------------------------------------------------------------------------------- one draft


@dataclass(frozen=True, slots=True)
class Editing:
    """What the edit page works on: the proposal, the draft (or None), its base and the present text."""

    row: ProposalRow
    draft: ProposalDraft | None
    version: ProposalVersion | None
    base: Revision | None
    head: Revision | None
    saved_by: str


def editing(viewer: Actor, settings: SiteSettings, number: int) -> Editing | None:
    """Return the draft of a proposal with its base and the present text in one statement, or None.

    Without a draft row the version under decision is what would be edited next.
    """
    saver = aliased(Person)
    found = session.execute(
        _rows(ProposalDraft, ProposalVersion, _Base, _Head, saver.name)
        .outerjoin(ProposalDraft, ProposalDraft.proposal_id == Proposal.id)
        .outerjoin(
            ProposalVersion,
            and_(
                ProposalVersion.proposal_id == Proposal.id,
                ProposalVersion.number == func.coalesce(Proposal.adapted_version, Proposal.version),
            ),
        )
        .outerjoin(_Base, _Base.id == func.coalesce(ProposalDraft.base_id, ProposalVersion.base_id))
        .outerjoin(_Head, _Head.id == Section.head_id)
        .outerjoin(saver, saver.id == ProposalDraft.saved_by_id)
        .where(Proposal.id == number, visible_to(viewer, settings))
    ).one_or_none()
    if found is None:
        return None
    draft, candidate, base, head, saved_by = found[len(_COLUMNS) :]
    return Editing(_row(viewer, found), draft, candidate, base, head, saved_by or "")


def draft_sources(number: int) -> set[int]:
    """Return the ids of the sources a draft names so far."""
    return set(session.scalars(select(DraftSource.source_id).where(DraftSource.proposal_id == number)))


def version_sources(version_id: int) -> set[int]:
    """Return the ids of the sources a version names."""
    return set(
        session.scalars(select(ProposalSource.source_id).where(ProposalSource.version_id == version_id))
    )


def wording(text: Revision | ProposalVersion | None) -> Wording:
    """Return title, body and hash of a revision or version; of nothing the empty wording."""
    if text is None:
        return Wording("", "", "")
    return Wording(text.title, text.body, text.content_hash)
