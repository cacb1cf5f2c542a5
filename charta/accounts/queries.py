# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading people, organisations and sessions; plain rows and small frozen dataclasses."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from charta.accounts.models import Organisation, Person, Token, UserSession
from charta.accounts.rules import LAST_SEEN_STEP, TokenPurpose
from charta.db import session, utcnow
from charta.permissions import Actor, Role

PAGE_SIZE = 50


def hash_key(key: str) -> str:
    """Return the SHA-256 under which session keys and link tokens are stored."""
    return hashlib.sha256(key.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A live session with its person and organisation."""

    session_id: int
    actor: Actor
    name: str
    email: str
    locale: str
    organisation_name: str
    organisation_short: str
    last_seen_at: datetime

    def is_due_for_last_seen(self, now: datetime) -> bool:
        """Whether the next write should store that this session was seen."""
        return now - self.last_seen_at >= LAST_SEEN_STEP


def session_by_key(key: str) -> SessionRow | None:
    """Return the live session of a cookie key with its active person, in one statement."""
    row = session.execute(
        select(UserSession, Person, Organisation)
        .join(Person, Person.id == UserSession.person_id)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(
            UserSession.key_hash == hash_key(key),
            UserSession.expires_at > utcnow(),
            Person.deactivated_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        return None
    live, person = row[0], row[1]
    organisation: Organisation | None = row[2]
    return SessionRow(
        session_id=live.id,
        actor=person.as_actor(organisation_is_partner=organisation is not None and organisation.is_partner),
        name=person.name,
        email=person.email or "",
        locale=person.locale,
        organisation_name=organisation.name if organisation is not None else "",
        organisation_short=organisation.short if organisation is not None else "",
        last_seen_at=live.last_seen_at,
    )


def actor_by_id(person_id: int) -> Actor | None:
    """Return the actor snapshot of a person, or None for an unknown id."""
    row = session.execute(
        select(Person, Organisation.is_partner)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(Person.id == person_id)
    ).one_or_none()
    return None if row is None else row[0].as_actor(organisation_is_partner=bool(row[1]))


def person_by_email(email: str) -> Person | None:
    """Return the person with this (already cleaned) address."""
    return session.scalar(select(Person).where(Person.email == email))


def person(person_id: int) -> Person | None:
    """Return a person with the organisation loaded."""
    return session.scalar(
        select(Person).options(joinedload(Person.organisation)).where(Person.id == person_id)
    )


def people(*, search: str = "", role: Role | None = None, after_id: int = 0) -> Sequence[Person]:
    """Return up to `PAGE_SIZE` + 1 people by id after `after_id` (keyset), with organisations."""
    statement = select(Person).options(joinedload(Person.organisation)).where(Person.id > after_id)
    if search:
        pattern = f"%{search.lower()}%"
        statement = statement.where(or_(func.lower(Person.name).like(pattern), Person.email.like(pattern)))
    if role:
        statement = statement.where(Person.role == role)
    return session.scalars(statement.order_by(Person.id).limit(PAGE_SIZE + 1)).all()


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


def usable_token(purpose: TokenPurpose, key: str) -> Token | None:
    """Return the unused, unexpired token of this purpose whose secret is `key`."""
    return session.scalar(
        select(Token).where(
            Token.token_hash == hash_key(key),
            Token.purpose == purpose,
            Token.used_at.is_(None),
            Token.expires_at > utcnow(),
        )
    )


def open_invitations(*, limit: int = 200) -> Sequence[tuple[Token, Person]]:
    """Return invitations that are neither used nor expired, newest first, with their people."""
    rows = session.execute(
        select(Token, Person)
        .join(Person, Person.id == Token.person_id)
        .options(joinedload(Person.organisation))
        .where(
            Token.purpose == TokenPurpose.INVITATION,
            Token.used_at.is_(None),
            Token.expires_at > utcnow(),
            Person.joined_at.is_(None),
        )
        .order_by(Token.id.desc())
        .limit(limit)
    )
    return [(row[0], row[1]) for row in rows]
