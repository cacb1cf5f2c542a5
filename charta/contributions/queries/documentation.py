# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the documentation of a forum says about its contributions: the same for every reader."""

import dataclasses
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from charta.contributions.models import Contribution, ContributionEvent
from charta.contributions.queries.listing import FieldRef, Row, TopicRef, rows
from charta.contributions.rules import SCREENED, UNSCREENED, Kind, Origin, State, Verb
from charta.db import session
from charta.permissions import ANONYMOUS

# More than any hall writes in an afternoon.
MANY = 2_000


@dataclass(frozen=True, slots=True)
class Reason:
    """Why contributions were declined, with how many share it; empty where none is stored."""

    text: str
    count: int


@dataclass(slots=True)
class TopicPart:
    """A topic with the contributions of this forum."""

    topic: TopicRef
    rows: list[Row] = dataclasses.field(default_factory=list)


@dataclass(slots=True)
class FieldPart:
    """The contributions of one field of action (None: of none), and how many there are of each kind."""

    field: FieldRef | None
    rows: list[Row] = dataclasses.field(default_factory=list)
    kinds: Counter[Kind | None] = dataclasses.field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Contents:
    """The contributions of a forum, sorted for reading."""

    listed: Sequence[Row]
    handed_in: int
    declined: int
    merged: int
    fields: Sequence[FieldPart]
    topics: Sequence[TopicPart]


def contents(forum_id: int) -> Contents:
    """Return the screened contributions of a forum as everybody may read them (one statement)."""
    found = rows(ANONYMOUS, forum_id=forum_id, states=SCREENED, limit=MANY)
    listed = [row for row in reversed(found) if row.state is State.ACCEPTED]
    by_state = Counter(row.state for row in found)
    fields: dict[int | None, FieldPart] = {}
    topics: dict[int, TopicPart] = {}
    for row in listed:
        part = fields.setdefault(row.field.id if row.field else None, FieldPart(row.field))
        part.rows.append(row)
        part.kinds[row.kind] += 1
        if row.topic is not None:
            topics.setdefault(row.topic.id, TopicPart(row.topic)).rows.append(row)
    return Contents(
        listed=listed,
        # Parts of a split one were handed in as one.
        handed_in=sum(row.origin is not Origin.SPLIT for row in found),
        declined=by_state[State.DECLINED],
        merged=by_state[State.MERGED],
        fields=sorted(
            fields.values(), key=lambda part: (part.field is None, part.field and part.field.number)
        ),
        topics=sorted(topics.values(), key=lambda part: (-len(part.rows), part.topic.id)),
    )


def reasons(forum_id: int) -> list[Reason]:
    """Return why contributions of a forum were declined, the most frequent reason first (one statement)."""
    last = (
        select(func.max(ContributionEvent.id).label("id"))
        .join(Contribution, Contribution.id == ContributionEvent.contribution_id)
        .where(
            Contribution.forum_id == forum_id,
            Contribution.state == State.DECLINED,
            ContributionEvent.verb == Verb.DECLINE,
        )
        .group_by(Contribution.id)
        .subquery()
    )
    found = session.scalars(
        select(ContributionEvent.reason).join(last, last.c.id == ContributionEvent.id).order_by(last.c.id)
    )
    return _counted(found)


def _counted(texts: Iterable[str]) -> list[Reason]:
    counts = Counter(" ".join(text.split()) for text in texts)
    return [Reason(text, count) for text, count in counts.most_common() if text]


def unscreened(forum_id: int) -> int:
    """Return how many contributions of a forum wait for screening."""
    return (
        session.scalar(
            select(func.count()).where(
                Contribution.forum_id == forum_id, Contribution.state.in_(sorted(UNSCREENED))
            )
        )
        or 0
    )
