# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the page of a code shows: the contribution, its events, its relatives; or a card not typed in yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, exists, false, func, literal, or_, select
from sqlalchemy.orm import aliased

from charta.activity.models import LogHead
from charta.contributions.models import (
    Contribution,
    ContributionCard,
    ContributionEvent,
    ContributionSupport,
    Topic,
)
from charta.contributions.queries.listing import COLUMNS, Row, as_row, select_rows
from charta.contributions.rules import SCREENED, State, Verb, first_words
from charta.db import session
from charta.forums.models import Forum
from charta.notifications.subscriptions import watch_state
from charta.permissions import Actor, Role

# More than a page can show with sense; the topic's own page lists all.
RELATIVES_MAX = 40
_Target = aliased(Contribution)
_Parent = aliased(Contribution)


@dataclass(frozen=True, slots=True)
class Detail:
    """A contribution as its page needs it; `log` is the head of the log, for the entity tag."""

    row: Row
    author_id: int | None
    original_text: str
    merged_into: str
    split_from: str
    is_supported: bool
    watch_state: str | None  # None: nothing was ordered or ended yet
    log: int


def detail(viewer: Actor, code: str) -> Detail | None:
    """Return the contribution of a (clean) code: whoever knows the code may read it (one statement).

    Its words are empty where they are not for this viewer.
    """
    supported = exists().where(
        ContributionSupport.contribution_id == Contribution.id, ContributionSupport.person_id == viewer.id
    )
    followed = watch_state(viewer.id, "contribution", Contribution.id)
    log = select(LogHead.seq).limit(1).scalar_subquery()
    found = session.execute(
        select_rows(_Target.code, _Parent.code, supported, followed, log)
        .outerjoin(_Target, _Target.id == Contribution.merged_into_id)
        .outerjoin(_Parent, _Parent.id == Contribution.split_from_id)
        .where(Contribution.code == code)
    ).one_or_none()
    if found is None:
        return None
    merged_into, split_from, is_supported, watched, log_seq = found[len(COLUMNS) :]
    item: Contribution = found[0]
    return Detail(
        row=as_row(viewer, found),
        author_id=item.author_id,
        original_text=(item.original_text or "") if viewer.role is Role.MODERATOR else "",
        merged_into=merged_into or "",
        split_from=split_from or "",
        is_supported=bool(is_supported),
        watch_state=watched,
        log=log_seq or 0,
    )


@dataclass(frozen=True, slots=True)
class EventRow:
    """One deed; `other_code` is the contribution merged into or split from."""

    verb: Verb
    reason: str
    at: datetime
    topic_id: int | None
    topic_title: str
    other_code: str
    is_about_topic: bool


# What was asked and replied stays between the author and the moderation.
_PRIVATE = (Verb.ASK, Verb.REPLY)


def events(viewer: Actor, found: Detail, *, is_private: bool = False) -> list[EventRow]:
    """Return what happened to a contribution and its present topic, oldest first (one statement).

    Question and reply only for the author and moderators, and with `is_private` for who holds the link.
    """
    row = found.row
    about = [ContributionEvent.contribution_id == row.id]
    if row.topic is not None:
        about.append(
            and_(ContributionEvent.topic_id == row.topic.id, ContributionEvent.contribution_id.is_(None))
        )
    statement = (
        select(ContributionEvent, Topic.title, _Target.code)
        .outerjoin(Topic, Topic.id == ContributionEvent.topic_id)
        .outerjoin(_Target, _Target.id == ContributionEvent.other_id)
        .where(or_(*about))
        .order_by(ContributionEvent.at, ContributionEvent.id)
    )
    if not (is_private or row.is_own or viewer.role is Role.MODERATOR):
        statement = statement.where(ContributionEvent.verb.not_in(_PRIVATE))
    return [
        EventRow(
            verb=entry.verb,
            reason=entry.reason,
            at=entry.at,
            topic_id=entry.topic_id,
            topic_title=title or "",
            other_code=other or "",
            is_about_topic=entry.contribution_id is None,
        )
        for entry, title, other in session.execute(statement)
    ]


@dataclass(frozen=True, slots=True)
class Relative:
    """Another contribution: of the same topic, a part of this one, or one that was merged into it."""

    code: str
    title: str


@dataclass(frozen=True, slots=True)
class Relatives:
    """The others around a contribution; `in_topic` counts all of the topic, this one left out."""

    topic: Sequence[Relative]
    parts: Sequence[Relative]
    merged: Sequence[Relative]
    in_topic: int


def relatives(found: Detail) -> Relatives:
    """Return the contributions around one (one statement, nothing that is still to be screened)."""
    row = found.row
    is_part = Contribution.split_from_id == row.id
    is_merged = Contribution.merged_into_id == row.id
    same_topic: ColumnElement[bool] = false()
    count: ColumnElement[int] = literal(0)
    if row.topic is not None:
        same_topic = and_(
            Contribution.topic_id == row.topic.id,
            Contribution.state == State.ACCEPTED,
            Contribution.id != row.id,
        )
        other = aliased(Contribution)
        count = (
            select(func.count())
            .select_from(other)
            .where(other.topic_id == row.topic.id, other.state == State.ACCEPTED, other.id != row.id)
            .scalar_subquery()
        )
    kind = case((is_merged, 2), (is_part, 1), else_=0)
    lines = session.execute(
        select(
            Contribution.code,
            Contribution.title,
            Contribution.text,
            Contribution.is_hidden,
            kind.label("kind"),
            count.label("total"),
        )
        .where(or_(is_part, is_merged, same_topic), Contribution.state.in_(sorted(SCREENED)))
        .order_by(kind.desc(), Contribution.id)
        .limit(RELATIVES_MAX)
    ).all()
    by_kind: dict[int, list[Relative]] = {0: [], 1: [], 2: []}
    for line in lines:
        title = "" if line.is_hidden else (line.title or first_words(line.text))
        by_kind[line.kind].append(Relative(line.code, title))
    in_topic = lines[0].total if lines else 0
    return Relatives(topic=by_kind[0], parts=by_kind[1], merged=by_kind[2], in_topic=in_topic)


@dataclass(frozen=True, slots=True)
class Card:
    """A printed card that nobody has typed in yet."""

    code: str
    number: int
    forum_title: str
    forum_slug: str


def card(code: str) -> Card | None:
    """Return the printed card of a (clean) code that is not typed in yet, else None."""
    found = session.execute(
        select(ContributionCard.code, ContributionCard.number, Forum.title, Forum.slug)
        .join(Forum, Forum.id == ContributionCard.forum_id)
        .where(ContributionCard.code == code, ContributionCard.contribution_id.is_(None))
    ).one_or_none()
    return None if found is None else Card(*found)


def exists_code(code: str) -> bool:
    """Whether there is a contribution of this (clean) code."""
    return session.scalar(select(Contribution.id).where(Contribution.code == code)) is not None


def code_of(contribution_id: int) -> str:
    """Return the code of a contribution; empty when there is none."""
    return session.scalar(select(Contribution.code).where(Contribution.id == contribution_id)) or ""
