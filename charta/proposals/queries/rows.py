# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who sees which proposal, once as SQL; and the rows that carry all a line of a list shows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import aliased

from charta.accounts.models import Organisation, Person
from charta.accounts.rules import Byline, byline
from charta.db import session
from charta.fields.models import FieldOfAction
from charta.permissions import Actor, Role
from charta.proposals.models import Proposal
from charta.proposals.rules import CLOSED, NEEDS_HELP, OPEN, MergeState, ProposalKind, State, seen_head
from charta.sections.models import Section
from charta.site.rules import ProposalsPublic, SiteSettings

PAGE_SIZE = 50

_Assignee = aliased(Person)


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


COLUMNS = (
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


def select_rows(*more: Any) -> Select[Any]:
    """Return the statement that reads what `as_row` needs, with `more` columns after it."""
    return (
        select(*COLUMNS, *more)
        .join(Person, Person.id == Proposal.author_id)
        .outerjoin(Section, Section.id == Proposal.section_id)
        .outerjoin(FieldOfAction, FieldOfAction.id == Proposal.field_id)
        .outerjoin(Organisation, Organisation.id == Proposal.organisation_id)
        .outerjoin(_Assignee, _Assignee.id == Proposal.assignee_id)
    )


def as_row(viewer: Actor, found: Sequence[Any]) -> ProposalRow:
    """Return a found line as this viewer may read it."""
    proposal, section, field, name, role, public_name, short, organisation, assignee = found[: len(COLUMNS)]
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


def read(viewer: Actor, statement: Select[Any]) -> list[ProposalRow]:
    """Return the rows of a statement made by `select_rows`."""
    return [as_row(viewer, found) for found in session.execute(statement)]


def first(viewer: Actor, ids: Select[Any], *order: ColumnElement[Any], limit: int) -> list[ProposalRow]:
    """Return the first `limit` + 1 of the chosen proposals: what is sorted are numbers, not whole lines."""
    chosen = ids.order_by(*order).limit(limit + 1).subquery()
    return read(viewer, select_rows().join(chosen, chosen.c.id == Proposal.id).order_by(*order))
