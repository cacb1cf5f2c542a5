# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the documentation of a forum needs to know of the hall: who came, by group, and who is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, func, select, union_all

from charta.accounts.models import Person
from charta.accounts.rules import Group
from charta.db import session, utcnow
from charta.forums.models import Attendance, Forum, Registration
from charta.forums.rules import COMING

# Fewer than this and a group could be a face.
SMALLEST_GROUP = 5
COMING_SHOWN = 10


@dataclass(frozen=True, slots=True)
class GroupCount:
    """One line of the attendance; `group` None with `is_rest` are small groups and those who named none."""

    group: Group | None
    count: int
    is_rest: bool = False


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who came and left an address."""

    address: str
    name: str
    locale: str
    person_id: int | None


def folded(counts: Mapping[Group | None, int]) -> list[GroupCount]:
    """Return the groups of at least `SMALLEST_GROUP`, the largest first, and the rest as one number.

    >>> [(one.group, one.count) for one in folded({Group.COMPANY: 9, Group.UNION: 4, None: 7})]
    [(<Group.COMPANY: 'company'>, 9), (None, 11)]
    """
    shown = [(group, count) for group, count in counts.items() if group and count >= SMALLEST_GROUP]
    shown.sort(key=lambda pair: (-pair[1], pair[0].value))
    rest = sum(counts.values()) - sum(count for _group, count in shown)
    lines = [GroupCount(group, count) for group, count in shown]
    return [*lines, GroupCount(None, rest, is_rest=True)] if rest else lines


def attendance(forum_id: int) -> list[GroupCount]:
    """Return who came by group: phones, and people checked in without one (one statement)."""
    group = func.coalesce(Attendance.group, Registration.group)
    phones = (
        select(group.label("named"), func.count().label("number"))
        .select_from(Attendance)
        .outerjoin(Registration, Registration.id == Attendance.registration_id)
        .where(Attendance.forum_id == forum_id)
        .group_by(group)
    )
    others = (
        select(Registration.group, func.count())
        .where(
            Registration.forum_id == forum_id,
            Registration.checked_in_at.is_not(None),
            ~exists().where(Attendance.registration_id == Registration.id),
        )
        .group_by(Registration.group)
    )
    counts: dict[Group | None, int] = {}
    rows: Sequence[Any] = session.execute(union_all(phones, others)).all()
    for named, number in rows:
        key = Group(named) if named is not None else None
        counts[key] = counts.get(key, 0) + number
    return folded(counts)


def recipients(forum_id: int) -> Sequence[Recipient]:
    """Return everybody who came and can be written to, each address once (two statements)."""
    found: dict[str, Recipient] = {}
    for person in session.execute(
        select(Person.id, Person.email, Person.name, Person.locale)
        .join(Attendance, Attendance.person_id == Person.id)
        .where(Attendance.forum_id == forum_id, Person.email.is_not(None), Person.deactivated_at.is_(None))
        .order_by(Person.id)
    ):
        found[person.email] = Recipient(person.email, person.name, person.locale, person.id)
    for one in session.execute(
        select(Registration.email, Registration.name, Registration.locale)
        .where(
            Registration.forum_id == forum_id,
            Registration.checked_in_at.is_not(None),
            Registration.email.is_not(None),
        )
        .order_by(Registration.id)
    ):
        found.setdefault(one.email, Recipient(one.email, one.name, one.locale, None))
    return list(found.values())


def coming_after(forum_id: int) -> Sequence[Forum]:
    """Return the next forums with a sure date, soonest first."""
    return session.scalars(
        select(Forum)
        .where(
            Forum.id != forum_id,
            Forum.is_always_open.is_(False),
            Forum.state.in_(sorted(COMING)),
            Forum.starts_at > utcnow(),
        )
        .order_by(Forum.starts_at, Forum.id)
        .limit(COMING_SHOWN)
    ).all()
