# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading for the screening desk: the list with its filters, and the open one.

For moderators only (Permission.READ_SCREENING): nothing here asks who may see what.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, or_, select
from sqlalchemy.orm import aliased

from charta.accounts.models import Person
from charta.contributions.models import Contribution, ContributionEvent, Topic
from charta.contributions.queries import listing
from charta.contributions.queries.listing import Row, as_row, select_rows
from charta.contributions.rules import Kind, State, Verb
from charta.db import session
from charta.permissions import Actor

PAGE_SIZE = 50


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
