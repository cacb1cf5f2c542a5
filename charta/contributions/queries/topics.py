# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading topics for moderators: the board, one topic, prepared answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import aliased

from charta.accounts.models import Person
from charta.contributions.models import CannedAnswer, Contribution, Topic
from charta.contributions.queries.around import OPEN_TOPIC
from charta.contributions.queries.listing import FieldRef
from charta.contributions.rules import State
from charta.db import session
from charta.fields.models import FieldOfAction

PAGE_SIZE = 50


class Shown(StrEnum):
    """Which topics the board shows."""

    OPEN = "open"
    ANSWERED = "answered"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class TopicLine:
    """A topic with what stands in it."""

    id: int
    title: str
    text: str
    field: FieldRef | None
    answer: str
    answered_at: datetime | None
    assignee_id: int | None
    assignee_name: str
    merged_into_id: int | None
    version: int
    contributions: int
    own_answers: int
    supporters: int

    @property
    def is_answered(self) -> bool:
        """Whether all of it has an answer."""
        return self.answered_at is not None


def board(
    *,
    shown: Shown = Shown.OPEN,
    field_id: int | None = None,
    before: int | None = None,
    limit: int = PAGE_SIZE,
) -> list[TopicLine]:
    """Return up to `limit` + 1 topics, newest first, before the id `before` (one statement)."""
    wanted: list[ColumnElement[bool]] = [Topic.merged_into_id.is_(None)]
    if shown is Shown.OPEN:
        # An empty one is shown as long as it is new: somebody is about to fill it.
        wanted.append(Topic.answered_at.is_(None))
    elif shown is Shown.ANSWERED:
        wanted.append(Topic.answered_at.is_not(None))
    if field_id is not None:
        wanted.append(Topic.field_id == field_id)
    if before is not None:
        wanted.append(Topic.id < before)
    return _read(*wanted, limit=limit + 1)


def topic(topic_id: int) -> TopicLine | None:
    """Return one topic, also one that became part of another, or None."""
    return next(iter(_read(Topic.id == topic_id, limit=1)), None)


def next_open(after_id: int) -> int | None:
    """Return the id of the topic to answer next: the next older one, else the newest."""
    return session.scalar(
        select(Topic.id)
        .where(OPEN_TOPIC, Topic.id != after_id)
        .order_by(case((Topic.id < after_id, 0), else_=1), Topic.id.desc())
        .limit(1)
    )


def _read(*wanted: ColumnElement[bool], limit: int) -> list[TopicLine]:
    chosen = select(Topic.id).where(*wanted).order_by(Topic.id.desc()).limit(limit).subquery()
    counted = (
        select(
            Contribution.topic_id.label("topic_id"),
            func.count().label("total"),
            func.sum(case((Contribution.answer != "", 1), else_=0)).label("own"),
            func.sum(Contribution.supporters).label("supporters"),
        )
        .where(Contribution.topic_id.in_(select(chosen.c.id)), Contribution.state == State.ACCEPTED)
        .group_by(Contribution.topic_id)
        .subquery()
    )
    assignee = aliased(Person)
    rows = session.execute(
        select(
            Topic,
            FieldOfAction,
            func.coalesce(assignee.name, ""),
            func.coalesce(counted.c.total, 0),
            func.coalesce(counted.c.own, 0),
            func.coalesce(counted.c.supporters, 0),
        )
        .join(chosen, chosen.c.id == Topic.id)
        .outerjoin(FieldOfAction, FieldOfAction.id == Topic.field_id)
        .outerjoin(assignee, assignee.id == Topic.assignee_id)
        .outerjoin(counted, counted.c.topic_id == Topic.id)
        .order_by(Topic.id.desc())
    )
    return [
        TopicLine(
            id=item.id,
            title=item.title,
            text=item.text,
            field=FieldRef(field.id, field.number, field.name, field.short_name, field.slug)
            if field
            else None,
            answer=item.answer,
            answered_at=item.answered_at,
            assignee_id=item.assignee_id,
            assignee_name=name,
            merged_into_id=item.merged_into_id,
            version=item.version,
            contributions=int(total),
            own_answers=int(own),
            supporters=int(supporters),
        )
        for item, field, name, total, own, supporters in rows
    ]


def id_of(title: str) -> int | None:
    """Return the id of the topic that is called so, whatever the capitals; the newest of several."""
    if "\0" in title:
        return None  # no title holds it, and PostgreSQL refuses to look for it
    wanted = " ".join(title.split()).casefold()
    found = session.execute(
        select(Topic.id, Topic.title)
        .where(
            Topic.merged_into_id.is_(None),
            or_(Topic.title == " ".join(title.split()), func.lower(Topic.title) == wanted),
        )
        .order_by(Topic.id.desc())
        .limit(1)
    ).first()
    return found[0] if found else None


def canned_answers() -> Sequence[CannedAnswer]:
    """Return the prepared answers by purpose and place."""
    return session.scalars(
        select(CannedAnswer).order_by(CannedAnswer.purpose, CannedAnswer.position, CannedAnswer.id)
    ).all()
