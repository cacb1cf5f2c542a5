# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading who registered and who came: never public, for moderators and for the link of one's own mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, or_, select

from charta.accounts.models import Person
from charta.accounts.rules import Group
from charta.db import session, utcnow
from charta.forums.models import Attendance, Forum, Registration
from charta.forums.rules import CONFIRM_WITHIN, LIST_MAX, LinkKind, RegistrationState
from charta.notifications.subscriptions import linked_id

# Names on one page of the check-in list; with more the search finds them.
SHOWN = 200
_NEARLY_EQUAL = 88


def by_key(key: str) -> tuple[Registration, Forum] | None:
    """Return the registration that the link of a mail opens, with its forum."""
    ident = linked_id(LinkKind.REGISTRATION.value, key)
    if ident is None:
        return None
    row = session.execute(
        select(Registration, Forum)
        .join(Forum, Forum.id == Registration.forum_id)
        .where(Registration.id == ident)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def of_address(forum_id: int, email: str) -> Registration | None:
    """Return the registration of an address, if any; only for the person it belongs to."""
    if not email:
        return None
    return session.scalar(
        select(Registration).where(Registration.forum_id == forum_id, Registration.email == email)
    )


def queue_place(registration: Registration) -> int:
    """Return the place in the queue, beginning with 1; 0 for somebody who does not wait."""
    if registration.state is not RegistrationState.WAITING or registration.waiting_since is None:
        return 0
    before = session.scalar(
        select(func.count()).where(
            Registration.forum_id == registration.forum_id,
            Registration.state == RegistrationState.WAITING,
            or_(
                Registration.waiting_since < registration.waiting_since,
                (Registration.waiting_since == registration.waiting_since)
                & (Registration.id < registration.id),
            ),
        )
    )
    return 1 + (before or 0)


@dataclass(frozen=True, slots=True)
class Phone:
    """Somebody who joined by code and is linked to no registration yet."""

    attendance_id: int
    name: str
    organisation_name: str
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class Guest:
    """One line of the list of a forum; `phone_name` is what the linked phone calls itself."""

    id: int
    name: str
    email: str
    organisation_name: str
    group: Group | None
    state: RegistrationState
    created_at: datetime
    confirmed_at: datetime | None
    checked_in_at: datetime | None
    is_by_hand: bool
    is_invited: bool
    attendance_id: int | None
    phone_name: str

    @property
    def has_phone(self) -> bool:
        """Whether a phone is linked."""
        return self.attendance_id is not None


def guests(
    forum_id: int,
    *,
    search: str = "",
    states: Sequence[RegistrationState] = (),
    limit: int = LIST_MAX,
) -> list[Guest]:
    """Return the list of a forum by name, in one statement; those who wait come after those with a place.

    Nobody's organisation is looked up: what stands here is what people wrote themselves.
    """
    statement = (
        select(Registration, Attendance.id, Person.name)
        .outerjoin(Attendance, Attendance.registration_id == Registration.id)
        .outerjoin(Person, Person.id == Attendance.person_id)
        .where(Registration.forum_id == forum_id)
    )
    if states:
        statement = statement.where(Registration.state.in_([state.value for state in states]))
    if search:
        # SQLite lowers ASCII letters only, so the search as typed is asked for too.
        statement = statement.where(
            or_(
                func.lower(Registration.name).contains(search.lower(), autoescape=True),
                Registration.name.contains(search, autoescape=True),
                func.lower(Registration.organisation_name).contains(search.lower(), autoescape=True),
                Registration.organisation_name.contains(search, autoescape=True),
            )
        )
    rank = case(
        (Registration.state == RegistrationState.REGISTERED, 0),
        (Registration.state == RegistrationState.WAITING, 1),
        (Registration.state == RegistrationState.INTERESTED, 2),
        (Registration.state == RegistrationState.UNCONFIRMED, 3),
        else_=4,
    )
    rows = session.execute(
        statement.order_by(
            rank,
            case((Registration.state == RegistrationState.WAITING, Registration.waiting_since)),
            func.lower(Registration.name),
            Registration.id,
        ).limit(limit)
    )
    return [_guest(one, attendance_id, phone) for one, attendance_id, phone in rows]


def _guest(one: Registration, attendance_id: int | None, phone_name: str | None) -> Guest:
    return Guest(
        id=one.id,
        name=one.name,
        email=one.email or "",
        organisation_name=one.organisation_name,
        group=one.group,
        state=one.state,
        created_at=one.created_at,
        confirmed_at=one.confirmed_at,
        checked_in_at=one.checked_in_at,
        is_by_hand=one.email is None,
        is_invited=one.invitation_id is not None,
        attendance_id=attendance_id,
        phone_name=phone_name or "",
    )


def guest(forum_id: int, registration_id: int) -> Guest | None:
    """Return one line of the list."""
    row = session.execute(
        select(Registration, Attendance.id, Person.name)
        .outerjoin(Attendance, Attendance.registration_id == Registration.id)
        .outerjoin(Person, Person.id == Attendance.person_id)
        .where(Registration.forum_id == forum_id, Registration.id == registration_id)
    ).one_or_none()
    return None if row is None else _guest(row[0], row[1], row[2])


def phones(forum_id: int, *, limit: int = LIST_MAX) -> list[Phone]:
    """Return those who joined by code and are not linked, the newest first."""
    rows = session.execute(
        select(Attendance.id, Person.name, Attendance.organisation_name, Attendance.joined_at)
        .join(Person, Person.id == Attendance.person_id)
        .where(Attendance.forum_id == forum_id, Attendance.registration_id.is_(None))
        .order_by(Attendance.joined_at.desc(), Attendance.id.desc())
        .limit(limit)
    )
    return [Phone(row[0], row[1], row[2], row[3]) for row in rows]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many stand in which state, how many came, how many phones joined."""

    registered: int
    waiting: int
    interested: int
    unconfirmed: int
    checked_in: int
    phones: int


def counts(forum_id: int) -> Counts:
    """Return the numbers above the list, in one statement."""
    state = Registration.state
    row = session.execute(
        select(
            func.count().filter(state == RegistrationState.REGISTERED),
            func.count().filter(state == RegistrationState.WAITING),
            func.count().filter(state == RegistrationState.INTERESTED),
            func.count().filter(state == RegistrationState.UNCONFIRMED),
            func.count().filter(Registration.checked_in_at.is_not(None)),
            select(func.count()).where(Attendance.forum_id == forum_id).scalar_subquery(),
        ).where(Registration.forum_id == forum_id)
    ).one()
    return Counts(*row)


def nearest(name: str, candidates: Sequence[Phone], *, limit: int = 5) -> list[Phone]:
    """Return the phones whose names are equal or nearly equal, best first.

    >>> at = datetime(2026, 1, 1)
    >>> [
    ...     one.name
    ...     for one in nearest(
    ...         "Dr. Kim Beispiel", [Phone(1, "kim beispiel", "", at), Phone(2, "Jo Muster", "", at)]
    ...     )
    ... ]
    ['kim beispiel']
    """
    from rapidfuzz import fuzz  # only the check-in page pays for it

    wanted = _comparable(name)
    scored = [(fuzz.token_set_ratio(wanted, _comparable(one.name)), one) for one in candidates]
    best = sorted((pair for pair in scored if pair[0] >= _NEARLY_EQUAL), key=lambda pair: -pair[0])
    return [one for _score, one in best[:limit]]


def _comparable(name: str) -> str:
    return " ".join(name.casefold().replace(".", " ").replace("-", " ").split())


def has_overdue() -> bool:
    """Whether a registration has waited too long for its confirmation."""
    found = session.scalar(
        select(Registration.id)
        .where(
            Registration.state == RegistrationState.UNCONFIRMED,
            Registration.created_at < utcnow() - CONFIRM_WITHIN,
        )
        .limit(1)
    )
    session.rollback()
    return found is not None
