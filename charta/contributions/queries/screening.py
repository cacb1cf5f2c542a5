# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading for the screening desk: the list with its filters, the open one, what stands around it.

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
from charta.contributions.queries import listing
from charta.contributions.queries.listing import ANSWERED, Row, as_row, select_rows
from charta.contributions.rules import CannedFor, Kind, State, Verb
from charta.db import UtcDateTime, session
from charta.fields.models import FieldOfAction
from charta.forums.models import Forum
from charta.permissions import Actor

PAGE_SIZE = 50
TOPICS_OFFERED = 300
# What counts as done in „Heute gesichtet“.
SCREENING = frozenset({Verb.ACCEPT, Verb.ASK, Verb.DECLINE, Verb.MERGE, Verb.SPLIT})

_Assignee = aliased(Person)
_Target = aliased(Contribution)
_Origin = aliased(Contribution)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of the desk asks for; None is everything, 0 as a field is „none yet“."""

    states: Collection[State] = tuple(State)
    forum_id: int | None = None
    field_id: int | None = None
    kinds: Collection[Kind | None] | None = None
    is_unanswered: bool = False
    is_unbundled: bool = False
    assignee_id: int | None = None
    search: str = ""
    newest_first: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One contribution as a moderator sees it: a row, and what only moderators see."""

    row: Row
    own_title: str
    original_text: str | None
    assignee_id: int | None
    assignee_name: str
    merged_into_code: str
    split_from_code: str
    has_reply: bool
    version: int


@dataclass(frozen=True, slots=True)
class Desk:
    """Up to one line more than a page, and the one that was asked for by number, wherever it stands."""

    lines: Sequence[Line]
    asked_for: Line | None


def desk(viewer: Actor, wanted: Wanted, *, after: int | None = None, number: int | None = None) -> Desk:
    """Return a page of the list after the id `after`, and the contribution `number` (one statement)."""
    order = Contribution.id.desc() if wanted.newest_first else Contribution.id
    chosen = select(Contribution.id).where(*conditions(viewer, wanted))
    if wanted.is_unanswered:
        chosen = chosen.outerjoin(Topic, Topic.id == Contribution.topic_id)
    if after is not None:
        chosen = chosen.where(Contribution.id < after if wanted.newest_first else Contribution.id > after)
    chosen = chosen.order_by(order).limit(PAGE_SIZE + 1)
    found = _read(
        viewer, or_(Contribution.id.in_(chosen), Contribution.id == (number or 0)), order=order, page=chosen
    )
    lines = [line for line, is_listed in found if is_listed]
    return Desk(lines, next((line for line, _ in found if line.row.id == number), None))


def by_ids(viewer: Actor, ids: Collection[int]) -> dict[int, Line]:
    """Return these contributions by id (one statement)."""
    found = _read(viewer, Contribution.id.in_(sorted(ids)), order=Contribution.id, page=None) if ids else []
    return {line.row.id: line for line, _ in found}


def one(viewer: Actor, contribution_id: int) -> Line | None:
    """Return one contribution, or None."""
    return by_ids(viewer, [contribution_id]).get(contribution_id)


def _read(
    viewer: Actor, condition: ColumnElement[bool], *, order: Any, page: Select[Any] | None
) -> list[tuple[Line, bool]]:
    has_reply = (
        select(ContributionEvent.id)
        .where(ContributionEvent.contribution_id == Contribution.id, ContributionEvent.verb == Verb.REPLY)
        .exists()
    )
    is_listed = literal(True) if page is None else Contribution.id.in_(page)
    statement = (
        select_rows(
            func.coalesce(_Assignee.name, ""),
            func.coalesce(_Target.code, ""),
            func.coalesce(_Origin.code, ""),
            has_reply,
            is_listed,
        )
        .outerjoin(_Assignee, _Assignee.id == Contribution.assignee_id)
        .outerjoin(_Target, _Target.id == Contribution.merged_into_id)
        .outerjoin(_Origin, _Origin.id == Contribution.split_from_id)
        .where(condition)
        .order_by(order)
    )
    found = []
    for line in session.execute(statement):
        item, (assignee, target, origin, replied, listed) = line[0], line[len(listing.COLUMNS) :]
        found.append(
            (
                Line(
                    row=as_row(viewer, line),
                    own_title=item.title,
                    original_text=item.original_text,
                    assignee_id=item.assignee_id,
                    assignee_name=assignee,
                    merged_into_code=target,
                    split_from_code=origin,
                    has_reply=bool(replied),
                    version=item.version,
                ),
                bool(listed),
            )
        )
    return found


def conditions(viewer: Actor, wanted: Wanted) -> list[ColumnElement[bool]]:
    """Return the filters as SQL; a statement that asks for unanswered ones needs `Topic` joined."""
    found = listing.conditions(
        viewer,
        forum_id=wanted.forum_id,
        field_id=wanted.field_id or None,
        states=wanted.states,
        is_answered=False if wanted.is_unanswered else None,
        search=wanted.search,
    )
    if wanted.field_id == 0:
        found.append(Contribution.field_id.is_(None))
    if wanted.kinds is not None:
        known = sorted(kind for kind in wanted.kinds if kind is not None)
        parts: list[ColumnElement[bool]] = [Contribution.kind.in_(known)]
        if None in wanted.kinds:
            parts.append(Contribution.kind.is_(None))
        found.append(or_(*parts))
    if wanted.is_unbundled:
        found.append(Contribution.topic_id.is_(None))
    if wanted.assignee_id is not None:
        found.append(Contribution.assignee_id == wanted.assignee_id)
    return found


# ---------------------------------------------------------------------------------------- around the desk


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


# A topic that still waits for its answer; one without contributions waits for nothing.
OPEN_TOPIC: ColumnElement[bool] = and_(
    Topic.answered_at.is_(None),
    Topic.merged_into_id.is_(None),
    select(Contribution.id)
    .where(Contribution.topic_id == Topic.id, Contribution.state == State.ACCEPTED)
    .exists(),
)


def received_count() -> ScalarSelect[int]:
    """Return how many wait for their first decision, as a part of somebody else's statement."""
    waiting = Contribution.state == State.RECEIVED
    return select(func.count(Contribution.id)).where(waiting).scalar_subquery()


def open_topic_count() -> ScalarSelect[int]:
    """Return how many topics wait for an answer, as a part of somebody else's statement."""
    return select(func.count(Topic.id)).where(OPEN_TOPIC).scalar_subquery()


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
