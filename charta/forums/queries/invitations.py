# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading invitation lists: for who may invite, and for the link of one's own mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, select

from charta.db import session, utcnow
from charta.errors import NotFound
from charta.forums.models import Forum, Invitation, InvitationWave, Registration
from charta.forums.rules import LIST_MAX, CompanySize, InvitationState, LinkKind, RegistrationState
from charta.notifications.models import Subscription
from charta.notifications.subscriptions import linked_id

PAGE_SIZE = 50
# An ended subscription of this kind is a wish: no more invitations, to no forum.
NO_INVITATIONS = "no_invitations"


def may_be_written_to(forum_id: int) -> ColumnElement[bool]:
    """Return the condition: not registered in this forum (nor cancelled), and open to invitations."""
    registered = exists().where(
        Registration.forum_id == forum_id,
        Registration.email == Invitation.email,
        Registration.state != RegistrationState.UNCONFIRMED,
    )
    return ~registered & ~is_closed_to_invitations(Invitation.email)


def is_closed_to_invitations(email: Any) -> ColumnElement[bool]:
    """Return the condition: whoever has this address wants no invitations any more."""
    return exists().where(
        Subscription.subject_kind == NO_INVITATIONS,
        Subscription.address == email,
        Subscription.ended_at.is_not(None),
    )


@dataclass(frozen=True, slots=True)
class Filters:
    """The part of a list that is shown; empty means everything. `wave` 0: in no wave yet."""

    district: str | None = None
    size: CompanySize | None = None
    without_size: bool = False
    state: InvitationState | None = None
    wave: int | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return what a statement over invitations and their waves asks for."""
        wanted: list[ColumnElement[bool]] = []
        if self.district is not None:
            wanted.append(Invitation.district == self.district)
        if self.without_size:
            wanted.append(Invitation.size.is_(None))
        elif self.size is not None:
            wanted.append(Invitation.size == self.size)
        if self.state is not None:
            wanted.append(Invitation.state == self.state)
        if self.wave == 0:
            wanted.append(Invitation.wave_id.is_(None))
        elif self.wave is not None:
            wanted.append(InvitationWave.number == self.wave)
        return wanted


@dataclass(frozen=True, slots=True)
class Line:
    """One invitation in the list; `registered` is what became of the place; `is_closed`: wants no more."""

    invitation: Invitation
    wave_number: int | None
    registered: RegistrationState | None
    is_closed: bool


def lines(
    forum_id: int, filters: Filters, *, after_id: int | None = None, limit: int = PAGE_SIZE
) -> list[Line]:
    """Return up to `limit` + 1 invitations in the order they came onto the list (one statement)."""
    statement = _lines().where(Invitation.forum_id == forum_id, *filters.conditions())
    if after_id is not None:
        statement = statement.where(Invitation.id > after_id)
    return [_line(row) for row in session.execute(statement.order_by(Invitation.id).limit(limit + 1))]


def all_lines(forum_id: int, filters: Filters) -> list[Line]:
    """Return the whole list, for a table to take along."""
    return lines(forum_id, filters, limit=LIST_MAX)


def _lines() -> Any:
    return (
        select(
            Invitation, InvitationWave.number, Registration.state, is_closed_to_invitations(Invitation.email)
        )
        .outerjoin(InvitationWave, InvitationWave.id == Invitation.wave_id)
        .outerjoin(
            Registration,
            and_(
                Registration.forum_id == Invitation.forum_id,
                Registration.email == Invitation.email,
                Registration.state != RegistrationState.UNCONFIRMED,
            ),
        )
    )


def _line(row: Any) -> Line:
    return Line(row[0], row[1], row[2], bool(row[3]))


@dataclass(frozen=True, slots=True)
class Totals:
    """How many invitations stand in which state, by size class (None: unknown)."""

    by_size: dict[CompanySize | None, dict[InvitationState, int]]

    def count(self, state: InvitationState | None = None, size: object = "all") -> int:
        """Return one number of the table; without a state or size their sum."""
        return sum(
            number
            for one_size, states in self.by_size.items()
            if size in ("all", one_size)
            for one_state, number in states.items()
            if state in (None, one_state)
        )

    @property
    def sizes(self) -> list[CompanySize | None]:
        """The size classes on the list, the smallest first."""
        return [size for size in (*CompanySize, None) if size in self.by_size]


def totals(forum_id: int) -> Totals:
    """Return the numbers above the list in one statement."""
    found: dict[CompanySize | None, dict[InvitationState, int]] = {}
    for size, state, number in session.execute(
        select(Invitation.size, Invitation.state, func.count())
        .where(Invitation.forum_id == forum_id)
        .group_by(Invitation.size, Invitation.state)
    ):
        found.setdefault(size, {})[state] = number
    return Totals(found)


def districts(forum_id: int) -> list[tuple[str, int]]:
    """Return the districts on the list with how many stand there, by name; "" is none."""
    rows = session.execute(
        select(Invitation.district, func.count())
        .where(Invitation.forum_id == forum_id)
        .group_by(Invitation.district)
        .order_by(Invitation.district)
    )
    return [(row[0], row[1]) for row in rows]


def known_addresses(forum_id: int) -> set[str]:
    """Return every address on the list."""
    return set(session.scalars(select(Invitation.email).where(Invitation.forum_id == forum_id)))


@dataclass(frozen=True, slots=True)
class WaveRow:
    """A wave with what came of it."""

    wave: InvitationWave
    people: int
    yes: int
    no: int
    substitutes: int
    silent: int


def waves(forum_id: int) -> list[WaveRow]:
    """Return the waves of a forum with their answers, the first one first (one statement)."""
    return [_wave_row(row) for row in session.execute(_waves().where(InvitationWave.forum_id == forum_id))]


def wave(forum_id: int, number: int) -> WaveRow:
    """Return one wave; raise `NotFound`."""
    statement = _waves().where(InvitationWave.forum_id == forum_id, InvitationWave.number == number)
    row = session.execute(statement).one_or_none()
    if row is None:
        raise NotFound(kind="invitation_wave", number=number)
    return _wave_row(row)


def _waves() -> Any:
    def counted(state: InvitationState) -> Any:
        return func.coalesce(func.sum(case((Invitation.state == state, 1), else_=0)), 0)

    return (
        select(
            InvitationWave,
            func.count(Invitation.id),
            counted(InvitationState.YES),
            counted(InvitationState.NO),
            counted(InvitationState.SUBSTITUTE),
            counted(InvitationState.SENT),
        )
        .outerjoin(Invitation, Invitation.wave_id == InvitationWave.id)
        .group_by(InvitationWave.id)
        .order_by(InvitationWave.number)
    )


def _wave_row(row: Any) -> WaveRow:
    return WaveRow(row[0], *(int(number) for number in row[1:6]))


def recipients(forum_id: int, wave_id: int) -> int:
    """Return how many of a wave that has not left yet can be written to now."""
    return (
        session.scalar(select(func.count()).where(Invitation.wave_id == wave_id, may_be_written_to(forum_id)))
        or 0
    )


def sample(wave_id: int) -> Invitation | None:
    """Return the first person of a wave, for the preview of the mail."""
    return session.scalar(
        select(Invitation).where(Invitation.wave_id == wave_id).order_by(Invitation.id).limit(1)
    )


def by_key(key: str) -> tuple[Invitation, Forum, Registration | None] | None:
    """Return the invitation that the link of a mail opens, its forum, and what became of the place."""
    ident = linked_id(LinkKind.INVITATION.value, key)
    if ident is None:
        return None
    row = session.execute(
        select(Invitation, Forum, Registration)
        .join(Forum, Forum.id == Invitation.forum_id)
        .outerjoin(
            Registration,
            and_(Registration.forum_id == Invitation.forum_id, Registration.email == Invitation.email),
        )
        .where(Invitation.id == ident)
    ).one_or_none()
    return None if row is None else (row[0], row[1], row[2])


def is_closed(email: str) -> bool:
    """Whether this address wants no invitations any more."""
    return bool(session.scalar(select(is_closed_to_invitations(email))))


def due_reminders() -> Sequence[int]:
    """Return the waves whose reminder is due."""
    return session.scalars(
        select(InvitationWave.id).where(
            InvitationWave.remind_at <= utcnow(),
            InvitationWave.reminded_at.is_(None),
            InvitationWave.sent_at.is_not(None),
        )
    ).all()
