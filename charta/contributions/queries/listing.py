# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Lists of contributions: who sees which one, once as SQL; rows that carry all a line shows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select, true

from charta.accounts.models import Person
from charta.accounts.rules import Byline, Group, byline
from charta.contributions.models import Contribution, Topic
from charta.contributions.rules import GAP, LISTED, SCREENED, Kind, Origin, State, clean_code, first_words
from charta.db import session
from charta.fields.models import FieldOfAction
from charta.forums.models import Forum, ForumTable
from charta.permissions import Actor, Role

PAGE_SIZE = 50
SEARCH_MAX = 120


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """Return the condition under which a contribution stands among others: the table of PRODUCT.md section 3.

    Before screening: the own ones; moderators all. After it: everybody. (By its code everybody reads the page
    of any contribution: whoever knows the code was given it.)
    """
    if actor.role is Role.MODERATOR:
        return true()
    screened = Contribution.state.in_(sorted(SCREENED))
    return screened if actor.id is None else or_(screened, Contribution.author_id == actor.id)


@dataclass(frozen=True, slots=True)
class FieldRef:
    """The field of action of a contribution."""

    id: int
    number: int
    name: str
    short_name: str
    slug: str


@dataclass(frozen=True, slots=True)
class ForumRef:
    """The forum a contribution was handed in at."""

    id: int
    title: str
    slug: str
    place: str
    starts_at: datetime | None


@dataclass(frozen=True, slots=True)
class TopicRef:
    """The topic a contribution belongs to."""

    id: int
    title: str
    answer: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Row:
    """One contribution as a line of a list shows it.

    `text` and `title` are empty where the words are not for this viewer (`is_hidden`).
    """

    id: int
    code: str
    title: str
    text: str
    kind: Kind | None
    origin: Origin
    state: State
    is_hidden: bool
    is_own: bool
    field: FieldRef | None
    forum: ForumRef
    topic: TopicRef | None
    table_number: int | None
    people: int | None
    supporters: int
    byline: Byline
    group: Group | None
    answer: str
    answered_at: datetime | None
    answer_until: datetime | None
    received_at: datetime
    screened_at: datetime | None
    changed_at: datetime
    version: int

    @property
    def is_answered(self) -> bool:
        """Whether it has an answer: its own sentence, that of its topic, or a reason why not."""
        topic = self.topic
        return bool(self.answer or (topic and topic.answer)) or self.state is State.DECLINED

    @property
    def has_gap(self) -> bool:
        """Whether words were taken out of the text."""
        return GAP in self.text


COLUMNS = (Contribution, FieldOfAction, Forum, Topic, Person.name, Person.role, ForumTable.number)


def select_rows(*more: Any) -> Select[Any]:
    """Return the statement that reads what `as_row` needs, with `more` columns after it."""
    return (
        select(*COLUMNS, *more)
        .join(Forum, Forum.id == Contribution.forum_id)
        .outerjoin(FieldOfAction, FieldOfAction.id == Contribution.field_id)
        .outerjoin(Topic, Topic.id == Contribution.topic_id)
        .outerjoin(Person, Person.id == Contribution.author_id)
        .outerjoin(ForumTable, ForumTable.id == Contribution.table_id)
    )


def as_row(viewer: Actor, found: Sequence[Any]) -> Row:
    """Return a found line as this viewer may read it."""
    item, field, forum, topic, name, _role, table_number = found[: len(COLUMNS)]
    is_own = viewer.id is not None and item.author_id == viewer.id
    readable = not item.is_hidden or is_own or viewer.role is Role.MODERATOR
    return Row(
        id=item.id,
        code=item.code,
        title=(item.title or first_words(item.text)) if readable else "",
        text=item.text if readable else "",
        kind=item.kind,
        origin=item.origin,
        state=item.state,
        is_hidden=item.is_hidden,
        is_own=is_own,
        field=None
        if field is None
        else FieldRef(field.id, field.number, field.name, field.short_name, field.slug),
        forum=ForumRef(forum.id, forum.title, forum.slug, forum.place, forum.starts_at),
        topic=None if topic is None else TopicRef(topic.id, topic.title, topic.answer, topic.answered_at),
        table_number=table_number,
        people=item.people,
        supporters=item.supporters,
        byline=who_wrote(viewer, item, name or item.author_name),
        group=item.group,
        answer=item.answer,
        answered_at=item.answered_at,
        answer_until=item.answer_until,
        received_at=item.received_at,
        screened_at=item.screened_at,
        changed_at=item.changed_at,
        version=item.version,
    )


def who_wrote(viewer: Actor, item: Contribution, name: str) -> Byline:
    """Return who is shown beside a contribution: only what was chosen for this one.

    In the hall everybody takes part as a person: also of partners only what they chose here is shown.
    """
    return byline(
        viewer,
        person_id=item.author_id or 0,  # from a card: nobody's account
        name=name,
        role=Role.ATTENDEE,
        public_name=item.public_name,
        organisation_short="",
        organisation_name=item.organisation_name,
    )


def conditions(
    actor: Actor,
    *,
    forum_id: int | None = None,
    field_id: int | None = None,
    kind: Kind | None = None,
    states: Collection[State] = LISTED,
    topic_id: int | None = None,
    is_answered: bool | None = None,
    is_mine: bool = False,
    search: str = "",
    codes: Collection[str] | None = None,
) -> list[ColumnElement[bool]]:
    """Return what a list asks for; `search` finds words of text and title, and a code.

    A statement that counts `is_answered` needs `Topic` joined.
    """
    wanted = [visible_to(actor), Contribution.state.in_(sorted(states))]
    if is_mine:
        wanted.append(Contribution.author_id == actor.id)
    if codes is not None:
        wanted.append(Contribution.code.in_(sorted(codes)))
    if forum_id is not None:
        wanted.append(Contribution.forum_id == forum_id)
    if field_id is not None:
        wanted.append(Contribution.field_id == field_id)
    if kind is not None:
        wanted.append(Contribution.kind == kind)
    if topic_id is not None:
        wanted.append(Contribution.topic_id == topic_id)
    if is_answered is not None:
        wanted.append(ANSWERED if is_answered else ~ANSWERED)
    wanted += [_has_word(actor, word) for word in search[:SEARCH_MAX].split()[:6]]
    return wanted


# An answer of its own, or that of its topic.
ANSWERED: ColumnElement[bool] = (Contribution.answer != "") | (func.coalesce(Topic.answer, "") != "")


def _has_word(actor: Actor, word: str) -> ColumnElement[bool]:
    words = or_(
        Contribution.text.icontains(word, autoescape=True),
        Contribution.title.icontains(word, autoescape=True),
    )
    if actor.role is not Role.MODERATOR:
        # What nobody may read is not found by its words either.
        mine = Contribution.author_id == actor.id if actor.id is not None else Contribution.id < 0
        words = words & (Contribution.is_hidden.is_(False) | mine)
    code = clean_code(word)
    return words if code is None else or_(words, Contribution.code == code)


def rows(
    actor: Actor,
    *,
    forum_id: int | None = None,
    field_id: int | None = None,
    kind: Kind | None = None,
    states: Collection[State] = LISTED,
    topic_id: int | None = None,
    is_answered: bool | None = None,
    is_mine: bool = False,
    search: str = "",
    codes: Collection[str] | None = None,
    after: int | None = None,
    limit: int = PAGE_SIZE,
) -> list[Row]:
    """Return up to `limit` + 1 contributions the viewer may see, newest first, after the one with id `after`.

    `states` is which states the list shows: accepted ones unless said otherwise (`State.DECLINED` only where
    the reader asked for them). One statement however long the list.
    """
    statement = select_rows().where(
        *conditions(
            actor,
            forum_id=forum_id,
            field_id=field_id,
            kind=kind,
            states=states,
            topic_id=topic_id,
            is_answered=is_answered,
            is_mine=is_mine,
            search=search,
            codes=codes,
        )
    )
    if after is not None:
        statement = statement.where(Contribution.id < after)
    found = session.execute(statement.order_by(Contribution.id.desc()).limit(limit + 1))
    return [as_row(actor, line) for line in found]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many contributions a list holds: accepted ones, those with an answer, those not accepted."""

    listed: int
    answered: int
    declined: int

    @property
    def unanswered(self) -> int:
        """How many still wait for their answer."""
        return self.listed - self.answered


def counts(
    actor: Actor,
    *,
    forum_id: int | None = None,
    field_id: int | None = None,
    kind: Kind | None = None,
    search: str = "",
) -> Counts:
    """Return how many contributions the filters leave, by what became of them (one statement)."""
    accepted = Contribution.state == State.ACCEPTED
    found = session.execute(
        select(
            func.coalesce(func.sum(case((accepted, 1), else_=0)), 0),
            func.coalesce(func.sum(case((accepted & ANSWERED, 1), else_=0)), 0),
            func.coalesce(func.sum(case((Contribution.state == State.DECLINED, 1), else_=0)), 0),
        )
        .select_from(Contribution)
        .outerjoin(Topic, Topic.id == Contribution.topic_id)
        .where(
            *conditions(
                actor,
                forum_id=forum_id,
                field_id=field_id,
                kind=kind,
                search=search,
                states=(State.ACCEPTED, State.DECLINED),
            )
        )
    ).one()
    return Counts(int(found[0]), int(found[1]), int(found[2]))


def forums_heard() -> Sequence[ForumRef]:
    """Return the forums that have screened contributions, newest first: what a list can be filtered by."""
    found = session.execute(
        select(Forum.id, Forum.title, Forum.slug, Forum.place, Forum.starts_at)
        .where(Forum.id.in_(select(Contribution.forum_id).where(Contribution.state.in_(sorted(SCREENED)))))
        .order_by(Forum.starts_at.desc(), Forum.id.desc())
    )
    return [ForumRef(*row) for row in found]
