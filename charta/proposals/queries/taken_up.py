# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which proposals take up which contributions, and what became of it: both ways, bounded statements."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from charta.accounts.models import Organisation
from charta.contributions.models import Contribution, Topic
from charta.contributions.rules import SCREENED, Outcome, first_words
from charta.contributions.rules import State as ContributionState
from charta.db import session
from charta.forums.models import Forum
from charta.measures.models import Measure
from charta.measures.rules import MeasureStatus
from charta.permissions import Actor
from charta.proposals.models import Proposal, ProposalContribution, ProposalDecision
from charta.proposals.queries.rows import COLUMNS, ProposalRow, as_row, select_rows, visible_to
from charta.proposals.rules import CLOSED, State, Verb
from charta.sections.models import Revision, Section
from charta.site.rules import SiteSettings

_CLOSING = (Verb.APPROVE, Verb.AGREE, Verb.REJECT, Verb.WITHDRAW)
# How many proposals one contribution's page tells of, and one proposal's page of contributions.
MANY = 50


@dataclass(frozen=True, slots=True)
class MeasureRef:
    """The measure whose wording a proposal made or changed."""

    id: int
    number: str
    title: str
    status: MeasureStatus
    starts_on: date | None
    ends_on: date | None
    responsible_name: str


@dataclass(frozen=True, slots=True)
class TakingUp:
    """A proposal that takes up a contribution, with what became of it.

    Of a proposal that the viewer may not see (yet) only `row.state` and the times may be shown.
    """

    row: ProposalRow
    is_visible: bool
    at: datetime
    reason: str
    revision_id: int | None
    revision_number: int | None
    section_id: int | None
    head_id: int | None
    measure: MeasureRef | None
    more: tuple[Any, ...] = ()


def of_contribution(
    viewer: Actor, settings: SiteSettings, contribution_id: int, *more: Any
) -> list[TakingUp]:
    """Return the proposals that take up a contribution or one merged into it, oldest first (one statement).

    Drafts are left out, whoever asks: they may never be handed in.
    `more`: further columns about the proposals.
    """
    merged = select(Contribution.id).where(Contribution.merged_into_id == contribution_id)
    linked = (
        select(ProposalContribution.proposal_id, func.min(ProposalContribution.at).label("at"))
        .where(
            or_(
                ProposalContribution.contribution_id == contribution_id,
                ProposalContribution.contribution_id.in_(merged),
            )
        )
        .group_by(ProposalContribution.proposal_id)
        .subquery()
    )
    decision = aliased(ProposalDecision)
    last = (
        select(func.max(decision.id))
        .where(decision.proposal_id == Proposal.id, decision.verb.in_(_CLOSING))
        .correlate(Proposal)
        .scalar_subquery()
    )
    responsible = aliased(Organisation)
    found = session.execute(
        select_rows(
            visible_to(viewer, settings),
            linked.c.at,
            ProposalDecision.reason,
            ProposalDecision.revision_id,
            Revision.number,
            Section.head_id,
            Measure,
            responsible.name,
            *more,
        )
        .join(linked, linked.c.proposal_id == Proposal.id)
        .outerjoin(ProposalDecision, ProposalDecision.id == last)
        .outerjoin(Revision, Revision.id == ProposalDecision.revision_id)
        .outerjoin(Measure, Measure.section_id == Proposal.section_id)
        .outerjoin(responsible, responsible.id == Measure.responsible_id)
        .where(Proposal.state != State.DRAFT)
        .order_by(Proposal.submitted_at, Proposal.id)
        .limit(MANY)
    )
    result = []
    for line in found:
        is_visible, at, reason, revision_id, revision_number, head_id, measure, name, *rest = line[
            len(COLUMNS) :
        ]
        row = as_row(viewer, line)
        result.append(
            TakingUp(
                row=row,
                is_visible=bool(is_visible),
                at=max(at, row.submitted_at or at),
                reason=reason or "",
                revision_id=revision_id,
                revision_number=revision_number,
                section_id=row.section.id if row.section else None,
                head_id=head_id,
                measure=None
                if measure is None or row.section is None
                else MeasureRef(
                    measure.id,
                    row.section.number,
                    row.section.title,
                    measure.status,
                    measure.starts_on,
                    measure.ends_on,
                    name or "",
                ),
                more=tuple(rest),
            )
        )
    return result


def outcomes(contribution_ids: Collection[int]) -> dict[int, frozenset[Outcome]]:
    """Return what became of contributions in the text, by id; nothing for those nobody took up.

    One statement. It says no more than that a proposal exists: which one, its page says to who may see it.
    """
    if not contribution_ids:
        return {}
    found: dict[int, set[Outcome]] = defaultdict(set)
    for contribution_id, state in session.execute(
        select(ProposalContribution.contribution_id, Proposal.state)
        .join(Proposal, Proposal.id == ProposalContribution.proposal_id)
        .where(
            ProposalContribution.contribution_id.in_(contribution_ids),
            Proposal.state.not_in([State.DRAFT, State.WITHDRAWN]),
        )
    ):
        found[contribution_id].add(outcome_of(state))
    return {ident: frozenset(values) for ident, values in found.items()}


def outcome_columns(contribution_id: SQLColumnExpression[int]) -> tuple[ColumnElement[bool], ...]:
    """Return what `outcomes` says as columns of a statement about contributions: one for each `Outcome`."""
    told = {state: outcome_of(state) for state in State if state not in {State.DRAFT, State.WITHDRAWN}}
    return tuple(
        exists()
        .where(
            ProposalContribution.contribution_id == contribution_id,
            Proposal.id == ProposalContribution.proposal_id,
            Proposal.state.in_([state for state, outcome in told.items() if outcome is one]),
        )
        .label(f"is_{one.value}")
        for one in Outcome
    )


def outcomes_in(values: Sequence[bool]) -> frozenset[Outcome]:
    """Return what the values of `outcome_columns` say."""
    return frozenset(one for one, value in zip(Outcome, values, strict=True) if value)


def outcome_of(state: State) -> Outcome:
    """Return what the state of a proposal means for the contributions it takes up."""
    if state is State.APPROVED:
        return Outcome.IN_CHARTA
    return Outcome.REJECTED if state in CLOSED else Outcome.PROPOSED


@dataclass(frozen=True, slots=True)
class Linked:
    """A contribution that a proposal takes up; `title` is empty where its words are hidden."""

    id: int
    code: str
    title: str
    supporters: int
    forum_title: str
    received_at: datetime
    topic_id: int | None
    topic_title: str


def of_proposals(numbers: Iterable[int]) -> dict[int, list[Linked]]:
    """Return the contributions that proposals take up, by number, in the order linked (one statement).

    One that waits for screening again is not among them meanwhile, whoever asks; its link stays.
    """
    wanted = sorted(set(numbers))
    if not wanted:
        return {}
    found: dict[int, list[Linked]] = defaultdict(list)
    for number, item, forum_title, topic_id, topic_title in session.execute(
        select(
            ProposalContribution.proposal_id,
            Contribution,
            Forum.title,
            ProposalContribution.topic_id,
            Topic.title,
        )
        .join(Contribution, Contribution.id == ProposalContribution.contribution_id)
        .join(Forum, Forum.id == Contribution.forum_id)
        .outerjoin(Topic, Topic.id == ProposalContribution.topic_id)
        .where(ProposalContribution.proposal_id.in_(wanted), Contribution.state.in_(sorted(SCREENED)))
        .order_by(ProposalContribution.proposal_id, ProposalContribution.at, Contribution.id)
    ):
        title = "" if item.is_hidden else (item.title or first_words(item.text))
        found[number].append(
            Linked(
                item.id,
                item.code,
                title,
                item.supporters,
                forum_title,
                item.received_at,
                topic_id,
                topic_title or "",
            )
        )
    return found


def of_topic(viewer: Actor, settings: SiteSettings, topic_id: int) -> list[ProposalRow]:
    """Return the visible proposals that take up contributions of a topic, newest first (one statement)."""
    linked = (
        select(ProposalContribution.proposal_id)
        .join(Contribution, Contribution.id == ProposalContribution.contribution_id)
        .where(
            or_(
                ProposalContribution.topic_id == topic_id,
                and_(Contribution.topic_id == topic_id, Contribution.state == ContributionState.ACCEPTED),
            )
        )
    )
    found = session.execute(
        select_rows()
        .where(Proposal.id.in_(linked), Proposal.state != State.DRAFT, visible_to(viewer, settings))
        .order_by(Proposal.id.desc())
        .limit(MANY)
    )
    return [as_row(viewer, line) for line in found]
