# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading for the moderation queue: counts, what a version takes up, what became of a bulk deed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, func, literal, select, union_all

from charta.contributions.models import Contribution
from charta.contributions.queries.around import open_topic_count, received_count
from charta.db import session
from charta.fields.models import FieldOfAction
from charta.permissions import Actor
from charta.proposals.models import (
    Proposal,
    ProposalContribution,
    ProposalDecision,
    ProposalSource,
    ProposalVersion,
)
from charta.proposals.rules import MERGEABLE, MergeState, State, Verb
from charta.sections.models import Revision, Section, Source

# What counts as decided in „Heute entschieden“.
DECIDING = frozenset({Verb.APPROVE, Verb.ADAPT, Verb.REQUEST_CHANGES, Verb.REJECT})


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
