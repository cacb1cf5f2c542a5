# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What stands around the screening desk: what its filters and fields offer, what waits, what happened.

For moderators only (Permission.READ_SCREENING): nothing here asks who may see what.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    String,
    and_,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from charta.accounts.models import Person
from charta.contributions.models import CannedAnswer, Contribution, ContributionEvent, Topic
from charta.contributions.queries.listing import ANSWERED
from charta.contributions.rules import CannedFor, State, Verb
from charta.db import UtcDateTime, session
from charta.fields.models import FieldOfAction
from charta.forums.models import Forum
from charta.permissions import Actor

TOPICS_OFFERED = 300


# What counts as done in „Heute gesichtet“.
SCREENING = frozenset({Verb.ACCEPT, Verb.ASK, Verb.DECLINE, Verb.MERGE, Verb.SPLIT})


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose in a filter or a field; `number` gives a field its silhouette and its key."""

    id: int
    number: int
    name: str


@dataclass(frozen=True, slots=True)
class Canned:
    """A prepared answer to insert."""

    id: int
    title: str
    text: str
    purpose: CannedFor


@dataclass(frozen=True, slots=True)
class Around:
    """What the pages of the desk offer and count."""

    fields: Sequence[Choice]
    forums: Sequence[Choice]
    topics: Sequence[Choice]
    canned: Sequence[Canned]
    states: Mapping[State, int]
    unanswered: int
    open_topics: int
    proposals: int
    done_today: int

    @property
    def waiting(self) -> int:
        """How many contributions wait for their first decision."""
        return self.states.get(State.RECEIVED, 0)


# A topic that still waits for its answer; one without contributions waits for nothing.
OPEN_TOPIC: ColumnElement[bool] = and_(
    Topic.answered_at.is_(None),
    Topic.merged_into_id.is_(None),
    select(Contribution.id)
    .where(Contribution.topic_id == Topic.id, Contribution.state == State.ACCEPTED)
    .exists(),
)


def around(viewer: Actor, *, since: datetime, waiting_proposals: ScalarSelect[int]) -> Around:
    """Return choices, prepared answers and counts in one statement.

    `since` is when today began; `waiting_proposals` counts what stands above contributions, for the switch
    between the queues.
    """
    nothing = literal("")
    parts = [
        _part("proposals", literal(0), literal(0), nothing, nothing, total=waiting_proposals),
        _part("field", FieldOfAction.id, FieldOfAction.number, FieldOfAction.name, nothing),
        _part("forum", Forum.id, literal(0), Forum.title, nothing),
        _part("canned", CannedAnswer.id, CannedAnswer.position, CannedAnswer.title, CannedAnswer.text,
              code=cast(CannedAnswer.purpose, String)),
        _part("state", literal(0), literal(0), nothing, nothing, total=func.count(),
              code=cast(Contribution.state, String)).group_by(Contribution.state),
        _part("unanswered", literal(0), literal(0), nothing, nothing, total=func.count())
        .select_from(Contribution).outerjoin(Topic, Topic.id == Contribution.topic_id)
        .where(Contribution.state == State.ACCEPTED, ~ANSWERED),
        _part("open_topics", literal(0), literal(0), nothing, nothing, total=func.count(Topic.id))
        .where(OPEN_TOPIC),
        _part("today", literal(0), literal(0), nothing, nothing, total=func.count(ContributionEvent.id))
        .where(ContributionEvent.by_id == viewer.id, ContributionEvent.at >= since,
               ContributionEvent.verb.in_(sorted(SCREENING))),
    ]  # fmt: skip
    offered = (
        select(Topic.id, Topic.title)
        .where(Topic.merged_into_id.is_(None))
        .order_by(Topic.id.desc())
        .limit(TOPICS_OFFERED)
        .subquery()
    )
    parts.append(_part("topic", offered.c.id, literal(0), offered.c.title, nothing))
    rows = session.execute(union_all(*parts)).all()
    of = {name: [row for row in rows if row.part == name] for name in {row.part for row in rows}}
    count = {name: of[name][0].total if of.get(name) else 0 for name in ("proposals", "unanswered", "today")}

    def choices(name: str) -> list[Choice]:
        return [Choice(row.id, row.number, row.name) for row in of.get(name, ())]

    return Around(
        fields=sorted(choices("field"), key=lambda item: item.number),
        forums=sorted(choices("forum"), key=lambda item: item.name),
        topics=sorted(choices("topic"), key=lambda item: item.name.casefold()),
        canned=[
            Canned(row.id, row.name, row.text, CannedFor(row.code))
            for row in sorted(of.get("canned", ()), key=lambda row: (row.number, row.id))
        ],
        states={State(row.code): row.total for row in of.get("state", ())},
        unanswered=count["unanswered"],
        open_topics=of["open_topics"][0].total,
        proposals=count["proposals"],
        done_today=count["today"],
    )


def _part(
    part: str, ident: Any, number: Any, name: Any, text: Any, *, total: Any = None, code: Any = None
) -> Select[Any]:
    return select(
        literal(part).label("part"),
        ident.label("id"),
        number.label("number"),
        name.label("name"),
        text.label("text"),
        (literal("") if code is None else code).label("code"),
        (literal(0) if total is None else total).label("total"),
    )


def received_count() -> ScalarSelect[int]:
    """Return how many wait for their first decision, as a part of somebody else's statement."""
    waiting = Contribution.state == State.RECEIVED
    return select(func.count(Contribution.id)).where(waiting).scalar_subquery()


def open_topic_count() -> ScalarSelect[int]:
    """Return how many topics wait for an answer, as a part of somebody else's statement."""
    return select(func.count(Topic.id)).where(OPEN_TOPIC).scalar_subquery()


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of the history of a contribution, also one of its whole topic."""

    verb: Verb
    reason: str
    by: str
    other_code: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Story:
    """What happened to a contribution, oldest first, and the topics of those that are similar to it."""

    deeds: Sequence[Deed]
    topics: Mapping[int, Choice]


def story(contribution_id: int, topic_id: int | None, similar_ids: Collection[int]) -> Story:
    """Return the history of a contribution and the topics of its likes by their ids (one statement)."""
    by, other = aliased(Person), aliased(Contribution)
    deeds = (
        select(
            literal("deed").label("part"),
            ContributionEvent.id.label("id"),
            cast(ContributionEvent.verb, String).label("code"),
            ContributionEvent.reason.label("text"),
            func.coalesce(by.name, "").label("name"),
            func.coalesce(other.code, "").label("other"),
            ContributionEvent.at.label("at"),
            literal(0).label("topic_id"),
        )
        .outerjoin(by, by.id == ContributionEvent.by_id)
        .outerjoin(other, other.id == ContributionEvent.other_id)
        .where(
            or_(
                ContributionEvent.contribution_id == contribution_id,
                and_(
                    ContributionEvent.topic_id == (topic_id or 0),
                    ContributionEvent.contribution_id.is_(None),
                ),
            )
        )
    )
    topics = (
        select(
            literal("topic"),
            Contribution.id,
            literal(""),
            Topic.title,
            literal(""),
            literal(""),
            cast(null(), UtcDateTime()),
            Topic.id,
        )
        .select_from(Contribution)
        .join(Topic, Topic.id == Contribution.topic_id)
        .where(Contribution.id.in_(sorted(similar_ids) or [0]), Topic.merged_into_id.is_(None))
    )
    rows = session.execute(union_all(deeds, topics)).all()
    return Story(
        deeds=[
            Deed(Verb(row.code), row.text, row.name, row.other, row.at)
            for row in sorted((row for row in rows if row.part == "deed"), key=lambda row: row.id)
        ],
        topics={row.id: Choice(row.topic_id, 0, row.text) for row in rows if row.part == "topic"},
    )
