# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""People of all roles, the round they take part in, and browsers that are signed in already."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from flask import Flask
from sqlalchemy import func, select

from charta.accounts.models import Organisation, Person, UserSession
from charta.accounts.queries import hash_key
from charta.accounts.rules import SESSION_LIFETIME, Group, PublicName, Voting
from charta.demo.seed import words
from charta.demo.seed.run import Row, Run
from charta.permissions import Role
from charta.site.models import Round, Setting

# In turn: of ten people one moderates, one administrates, four act for a partner, four attend.
_ROLES = (Role.MODERATOR, Role.PARTNER, Role.ATTENDEE, Role.ADMINISTRATOR, *(Role.PARTNER, Role.ATTENDEE) * 3)
_PARTNERS = 5
_FEWEST = 4  # one of each role


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person of the crowd."""

    id: int
    email: str
    role: Role
    organisation_id: int | None


@dataclass(frozen=True)
class Crowd:
    """Everybody who was made, with the organisations of the partners."""

    people: Sequence[Somebody]
    partners: Sequence[int]

    @cached_property
    def moderator_id(self) -> int:
        """Who decides."""
        return next(one.id for one in self.people if one.role is Role.MODERATOR)

    @cached_property
    def writers(self) -> list[Somebody]:
        """Who proposes."""
        return [one for one in self.people if one.role in {Role.PARTNER, Role.ATTENDEE}]


@dataclass(frozen=True, slots=True)
class ReadySession:
    """A browser that is signed in: it sends `cookie` as the session cookie; nothing is hashed for it."""

    email: str
    role: Role
    cookie: str


def open_a_round(run: Run) -> None:
    """Open a round and let everybody read, unless the installation has rounds already."""
    if run.tx.session.scalar(select(Round.id).limit(1)) is not None:
        return
    now = run.tx.now
    run.tx.session.add(
        Round(
            name="1. Beteiligungsrunde",
            opens_at=now - timedelta(days=40),
            closes_at=now + timedelta(days=40),
            editorial_at=now + timedelta(days=50),
            answer_at=now + timedelta(days=60),
            field_numbers=[],
            attendees_may_propose=True,
        )
    )
    for key, value in (("draft_is_public", True), ("proposals_public", "submitted")):
        run.tx.session.merge(Setting(key=key, value={"value": value}))
    run.tx.session.flush()


def make(run: Run) -> Crowd:
    """Make partners and people; all are demonstration accounts, so production refuses them."""
    start = (run.tx.session.scalar(select(func.max(Person.id))) or 0) + 1
    partners = run.insert(
        Organisation,
        [
            {
                "name": f"Partner {start + n} der Messung",
                "short": f"Partner {start + n}",
                "group": Group.CHAMBER,
                "is_partner": True,
                "created_at": run.began,
            }
            for n in range(_PARTNERS)
        ],
    )
    rows = [_person(run, start, n, partners) for n in range(max(run.amount.people, _FEWEST))]
    ids = run.insert(Person, rows)
    people = [
        Somebody(ident, row["email"], row["role"], row["organisation_id"])
        for ident, row in zip(ids, rows, strict=True)
    ]
    return Crowd(people, partners)


def _person(run: Run, start: int, n: int, partners: Sequence[int]) -> Row:
    role = _ROLES[n % len(_ROLES)]
    return {
        "email": f"messung-{start + n:06}@example.org",
        "name": words.name(run.random),
        "password_hash": None,  # nobody signs in with a password
        "role": role,
        "organisation_id": partners[n % len(partners)] if role is Role.PARTNER else None,
        "voting": Voting.NONE,
        "public_name": PublicName.NAME if n % 3 == 0 else PublicName.NONE,
        "locale": "de",
        "is_demo": True,
        "created_at": run.began,
        "joined_at": run.began,
    }


def sign_in(run: Run, crowd: Crowd, app: Flask) -> list[ReadySession]:
    """Open sessions for the first people of the crowd; the table holds only the hashes of their keys."""
    now = run.tx.now
    chosen = [crowd.people[n % len(crowd.people)] for n in range(run.amount.sessions)]
    keys = [secrets.token_urlsafe(32) for _ in chosen]
    run.insert_plain(
        UserSession,
        [
            {
                "key_hash": hash_key(key),
                "person_id": somebody.id,
                "data": {},
                "user_agent": "charta seed",
                "created_at": now,
                "last_seen_at": now,
                "expires_at": now + SESSION_LIFETIME,
            }
            for key, somebody in zip(keys, chosen, strict=True)
        ],
    )
    return [
        ReadySession(somebody.email, somebody.role, _cookie(app, key))
        for key, somebody in zip(keys, chosen, strict=True)
    ]


def _cookie(app: Flask, key: str) -> str:
    """Return the value that the session cookie has after signing in."""
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    value: str = signer.dumps({"_user_id": key, "_fresh": True, "_permanent": True})
    return value
