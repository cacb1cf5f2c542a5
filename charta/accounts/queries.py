# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading people, organisations and sessions; plain rows and small frozen dataclasses."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ScalarSelect, Select, and_, bindparam, func, literal, or_, select
from sqlalchemy.orm import joinedload

from charta.accounts.models import Organisation, Person, Token, UserSession
from charta.accounts.rules import LAST_SEEN_STEP, LinkState, TokenPurpose
from charta.db import session, utcnow
from charta.permissions import Actor, Role

PAGE_SIZE = 50


def hash_key(key: str) -> str:
    """Return the SHA-256 under which session keys and link tokens are stored."""
    return hashlib.sha256(key.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A live session with its person and organisation; `more` is what the caller asked for besides."""

    session_id: int
    actor: Actor
    name: str
    email: str
    locale: str
    organisation_name: str
    organisation_short: str
    is_demo: bool
    last_seen_at: datetime
    more: int

    def is_due_for_last_seen(self, now: datetime) -> bool:
        """Whether the next write should store that this session was seen."""
        return now - self.last_seen_at >= LAST_SEEN_STEP


# Built once, and asked without the ORM: every page of somebody who is signed in begins with it.
_LIVE_SESSION = (
    select(
        UserSession.id,
        UserSession.last_seen_at,
        Person.id.label("person_id"),
        Person.name,
        Person.email,
        Person.locale,
        Person.role,
        Person.is_demo,
        Person.organisation_id,
        Organisation.name.label("organisation_name"),
        Organisation.short.label("organisation_short"),
        Organisation.is_partner,
    )
    .join(Person, Person.id == UserSession.person_id)
    .outerjoin(Organisation, Organisation.id == Person.organisation_id)
    .where(
        UserSession.key_hash == bindparam("key_hash"),
        UserSession.expires_at > bindparam("now"),
        Person.deactivated_at.is_(None),
    )
)


@lru_cache(maxsize=4)
def _live_session(more: ScalarSelect[int] | None) -> Select[Any]:
    return _LIVE_SESSION.add_columns((literal(0) if more is None else more).label("more"))


def session_by_key(key: str, *, more: ScalarSelect[int] | None = None) -> SessionRow | None:
    """Return the live session of a cookie key with its active person, in one statement.

    `more` is a number that a layer above wants with it, about `Person.id`; give the same object each time.
    """
    row = (
        session.connection()
        .execute(_live_session(more), {"key_hash": hash_key(key), "now": utcnow()})
        .one_or_none()
    )
    if row is None:
        return None
    return SessionRow(
        session_id=row.id,
        actor=Actor(
            id=row.person_id,
            role=row.role,
            organisation_id=row.organisation_id,
            organisation_is_partner=bool(row.is_partner),
        ),
        name=row.name,
        email=row.email or "",
        locale=row.locale,
        organisation_name=row.organisation_name or "",
        organisation_short=row.organisation_short or "",
        is_demo=row.is_demo,
        last_seen_at=row.last_seen_at,
        more=row.more,
    )


_ACTOR = (  # every command begins with it
    select(Person, Organisation.is_partner)
    .outerjoin(Organisation, Organisation.id == Person.organisation_id)
    .where(Person.id == bindparam("person_id"))
)


def actor_by_id(person_id: int) -> Actor | None:
    """Return the actor snapshot of a person, or None for an unknown id."""
    row = session.execute(_ACTOR, {"person_id": person_id}).one_or_none()
    return None if row is None else row[0].as_actor(organisation_is_partner=bool(row[1]))


def person_by_email(email: str) -> Person | None:
    """Return the person with this (already cleaned) address."""
    return session.scalar(select(Person).where(Person.email == email))


def person(person_id: int) -> Person | None:
    """Return a person with the organisation loaded."""
    return session.scalar(
        select(Person).options(joinedload(Person.organisation)).where(Person.id == person_id)
    )


def people(
    *,
    search: str = "",
    role: Role | None = None,
    organisation_id: int | None = None,
    is_deactivated: bool = False,
    after_id: int | None = None,
) -> Sequence[Person]:
    """Return up to `PAGE_SIZE` + 1 people by name with organisations, after the person `after_id`."""
    by_name = func.lower(Person.name)
    statement = select(Person).options(joinedload(Person.organisation))
    if after_id is not None:
        last = select(func.lower(Person.name)).where(Person.id == after_id).scalar_subquery()
        statement = statement.where(or_(by_name > last, and_(by_name == last, Person.id > after_id)))
    if search:
        # SQLite lowers ASCII letters only, so the search as typed is asked for too.
        statement = statement.where(
            or_(
                by_name.contains(search.lower(), autoescape=True),
                Person.name.contains(search, autoescape=True),
                Person.email.contains(search.lower(), autoescape=True),
            )
        )
    if role:
        statement = statement.where(Person.role == role)
    if organisation_id is not None:
        statement = statement.where(Person.organisation_id == organisation_id)
    if is_deactivated:
        statement = statement.where(Person.deactivated_at.is_not(None))
    return session.scalars(statement.order_by(by_name, Person.id).limit(PAGE_SIZE + 1)).all()


def names(person_ids: set[int]) -> dict[int, str]:
    """Return the names of people by id; who is gone is missing."""
    if not person_ids:
        return {}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(person_ids)))
    return {row[0]: row[1] for row in rows}


def count_of_members() -> dict[int, int]:
    """Return how many active people each organisation has."""
    rows = session.execute(
        select(Person.organisation_id, func.count())
        .where(Person.organisation_id.is_not(None), Person.deactivated_at.is_(None))
        .group_by(Person.organisation_id)
    )
    return {row[0]: row[1] for row in rows if row[0] is not None}


def taken_emails(emails: set[str]) -> set[str]:
    """Return those of the (cleaned) addresses that belong to an account already."""
    if not emails:
        return set()
    return {email for email in session.scalars(select(Person.email).where(Person.email.in_(emails))) if email}


def has_people() -> bool:
    """Whether anybody has an account yet."""
    return session.scalar(select(Person.id).limit(1)) is not None


def organisations(*, with_archived: bool = False) -> Sequence[Organisation]:
    """Return the organisations, partners first, then by name."""
    statement = select(Organisation).order_by(Organisation.is_partner.desc(), Organisation.name)
    if not with_archived:
        statement = statement.where(Organisation.archived_at.is_(None))
    return session.scalars(statement).all()


def organisation(organisation_id: int) -> Organisation | None:
    """Return one organisation."""
    return session.get(Organisation, organisation_id)


def sessions_of(person_id: int) -> Sequence[UserSession]:
    """Return the live sessions of a person, newest first."""
    return session.scalars(
        select(UserSession)
        .where(UserSession.person_id == person_id, UserSession.expires_at > utcnow())
        .order_by(UserSession.last_seen_at.desc())
    ).all()


@dataclass(frozen=True, slots=True)
class Link:
    """What stands behind a link of a mail; without a person when the link is unknown."""

    state: LinkState
    person_id: int = 0
    name: str = ""
    email: str = ""
    new_email: str = ""
    organisation_name: str = ""

    def __bool__(self) -> bool:
        return self.state is LinkState.USABLE


def link(purpose: TokenPurpose, key: str) -> Link:
    """Return what stands behind a link; one of a deactivated account looks unknown."""
    row = session.execute(
        select(Token, Person, Organisation.name)
        .join(Person, Person.id == Token.person_id)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(Token.token_hash == hash_key(key), Token.purpose == purpose, Person.deactivated_at.is_(None))
    ).one_or_none()
    if row is None:
        return Link(LinkState.UNKNOWN)
    token, person, organisation_name = row
    if token.used_at is not None:
        state = LinkState.USED
    else:
        state = LinkState.USABLE if token.expires_at > utcnow() else LinkState.EXPIRED
    return Link(
        state,
        person_id=person.id,
        name=person.name,
        email=person.email or "",
        new_email=token.new_email or "",
        organisation_name=organisation_name or "",
    )


def open_invitation(person_id: int) -> Token | None:
    """Return the newest unused invitation of a person, expired or not."""
    return session.scalar(
        select(Token)
        .where(
            Token.person_id == person_id, Token.purpose == TokenPurpose.INVITATION, Token.used_at.is_(None)
        )
        .order_by(Token.id.desc())
        .limit(1)
    )


def open_invitations(*, before_id: int | None = None) -> Sequence[tuple[Token, Person]]:
    """Return up to `PAGE_SIZE` + 1 unused invitations, also expired ones, newest first, with people."""
    statement = (
        select(Token, Person)
        .join(Person, Person.id == Token.person_id)
        .options(joinedload(Person.organisation))
        .where(
            Token.purpose == TokenPurpose.INVITATION,
            Token.used_at.is_(None),
            Person.joined_at.is_(None),
            Person.deactivated_at.is_(None),
        )
    )
    if before_id is not None:
        statement = statement.where(Token.id < before_id)
    rows = session.execute(statement.order_by(Token.id.desc()).limit(PAGE_SIZE + 1))
    return [(row[0], row[1]) for row in rows]


def count_of_open_invitations() -> tuple[int, int]:
    """Return how many invitations are open and how many of them have expired."""
    row = session.execute(
        select(func.count(), func.count().filter(Token.expires_at <= utcnow()))
        .select_from(Token)
        .join(Person, Person.id == Token.person_id)
        .where(
            Token.purpose == TokenPurpose.INVITATION,
            Token.used_at.is_(None),
            Person.joined_at.is_(None),
            Person.deactivated_at.is_(None),
        )
    ).one()
    return row[0], row[1]


def count_of_people() -> int:
    """Return how many people can sign in."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Person)
            .where(Person.joined_at.is_not(None), Person.deactivated_at.is_(None))
        )
        or 0
    )
