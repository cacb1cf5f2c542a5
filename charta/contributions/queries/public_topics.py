# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Topics as everybody reads them: those with at least one accepted contribution."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from charta.contributions.models import Contribution, Topic
from charta.contributions.queries.listing import FieldRef
from charta.contributions.rules import State
from charta.db import session
from charta.fields.models import FieldOfAction

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic as a line of a list, and as the head of its page."""

    id: int
    title: str
    text: str
    answer: str
    answered_at: datetime | None
    field: FieldRef | None
    contributions: int
    supporters: int
    changed_at: datetime


_BUNDLED = (
    select(
        Contribution.topic_id.label("topic_id"),
        func.count().label("contributions"),
        func.sum(Contribution.supporters).label("supporters"),
    )
    .where(Contribution.state == State.ACCEPTED, Contribution.topic_id.is_not(None))
    .group_by(Contribution.topic_id)
    .subquery()
)


def topics(
    *,
    field_id: int | None = None,
    is_answered: bool | None = None,
    search: str = "",
    before: int | None = None,
    limit: int = PAGE_SIZE,
) -> list[TopicRow]:
    """Return up to `limit` + 1 topics, newest first, before the one with this id (one statement)."""
    wanted: list[ColumnElement[bool]] = []
    if field_id is not None:
        wanted.append(Topic.field_id == field_id)
    if is_answered is not None:
        wanted.append(Topic.answer != "" if is_answered else Topic.answer == "")
    if before is not None:
        wanted.append(Topic.id < before)
    wanted += [
        or_(Topic.title.icontains(word, autoescape=True), Topic.text.icontains(word, autoescape=True))
        for word in search.split()[:6]
    ]
    return _read(wanted, limit + 1)


def topic(topic_id: int) -> TopicRow | None:
    """Return one topic, or None while nobody may read anything in it (one statement)."""
    found = _read([Topic.id == topic_id], 1)
    return found[0] if found else None


def _read(wanted: Sequence[ColumnElement[bool]], limit: int) -> list[TopicRow]:
    rows = session.execute(
        select(Topic, FieldOfAction, _BUNDLED.c.contributions, _BUNDLED.c.supporters)
        .join(_BUNDLED, _BUNDLED.c.topic_id == Topic.id)
        .outerjoin(FieldOfAction, FieldOfAction.id == Topic.field_id)
        .where(Topic.merged_into_id.is_(None), *wanted)
        .order_by(Topic.id.desc())
        .limit(limit)
    )
    return [
        TopicRow(
            id=topic.id,
            title=topic.title,
            text=topic.text,
            answer=topic.answer,
            answered_at=topic.answered_at,
            field=None
            if field is None
            else FieldRef(field.id, field.number, field.name, field.short_name, field.slug),
            contributions=count,
            supporters=int(supporters or 0),
            changed_at=topic.changed_at,
        )
        for topic, field, count, supporters in rows
    ]


def merged_into(topic_id: int) -> int | None:
    """Return the topic that another one became part of."""
    return session.scalar(select(Topic.merged_into_id).where(Topic.id == topic_id))
