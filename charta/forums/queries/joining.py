# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading what a phone in the hall needs: which hall a code opens, and where the viewer sits."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from charta.accounts.models import Person
from charta.db import session
from charta.errors import InvalidInput, NotFound
from charta.forums.models import Attendance, Forum, ForumTable, JoinCode, Registration
from charta.forums.rules import LinkKind, clean_code
from charta.notifications.subscriptions import linked_id
from charta.permissions import Actor

FORUMS_MAX = 100


def by_code(raw: str) -> tuple[Forum, ForumTable | None] | None:
    """Return the forum that a code opens, with the table when it is the code of one; None for a wrong one."""
    try:
        code = clean_code(raw)
    except InvalidInput:
        return None
    row = session.execute(
        select(Forum, ForumTable)
        .join(JoinCode, JoinCode.forum_id == Forum.id)
        .outerjoin(ForumTable, ForumTable.id == JoinCode.table_id)
        .where(JoinCode.code == code)
    ).one_or_none()
    return (row[0], row[1]) if row is not None else None


def attendance(actor: Actor, forum_id: int) -> Attendance | None:
    """Return how the actor is in this hall; None for who has not joined."""
    if actor.id is None:
        return None
    return session.scalar(
        select(Attendance).where(Attendance.forum_id == forum_id, Attendance.person_id == actor.id)
    )


@dataclass(frozen=True, slots=True)
class Seat:
    """A forum with how the viewer is in it; without an attendance the viewer has not joined."""

    forum: Forum
    attendance: Attendance | None
    table: ForumTable | None

    @property
    def is_scribe(self) -> bool:
        """Whether the viewer writes for the whole table."""
        return self.attendance is not None and self.attendance.is_scribe and self.table is not None


def seat(actor: Actor, slug: str) -> Seat:
    """Return forum, attendance and table of the actor in one statement; raise `NotFound`."""
    row = session.execute(
        select(Forum, Attendance, ForumTable)
        .outerjoin(Attendance, (Attendance.forum_id == Forum.id) & (Attendance.person_id == (actor.id or 0)))
        .outerjoin(ForumTable, ForumTable.id == Attendance.table_id)
        .where(Forum.slug == slug)
    ).one_or_none()
    if row is None:
        raise NotFound(kind="forum", slug=slug)
    return Seat(row[0], row[1], row[2])


def joined_by(person_id: int) -> Sequence[Forum]:
    """Return the forums a person has joined, the latest first."""
    return session.scalars(
        select(Forum)
        .join(Attendance, Attendance.forum_id == Forum.id)
        .where(Attendance.person_id == person_id)
        .order_by(Attendance.joined_at.desc(), Attendance.id.desc())
        .limit(FORUMS_MAX)
    ).all()


def registered_as(person_id: int) -> Sequence[tuple[Forum, Registration]]:
    """Return the forums the address of a person is registered for, or that they came to as registered."""
    mine = select(Attendance.registration_id).where(
        Attendance.person_id == person_id, Attendance.registration_id.is_not(None)
    )
    address = select(Person.email).where(Person.id == person_id, Person.email.is_not(None)).scalar_subquery()
    rows = session.execute(
        select(Forum, Registration)
        .join(Registration, Registration.forum_id == Forum.id)
        .where(
            Registration.confirmed_at.is_not(None),
            (Registration.email == address) | Registration.id.in_(mine),
        )
        .order_by(Registration.id.desc())
        .limit(FORUMS_MAX)
    )
    return [(row[0], row[1]) for row in rows]


def registration_by_key(key: str) -> tuple[Forum, Registration] | None:
    """Return the registration that a personal link opens, with its forum; None for a wrong or old link."""
    ident = linked_id(LinkKind.REGISTRATION, key)
    if ident is None:
        return None
    row = session.execute(
        select(Forum, Registration)
        .join(Registration, Registration.forum_id == Forum.id)
        .where(Registration.id == ident)
    ).one_or_none()
    return (row[0], row[1]) if row is not None else None
