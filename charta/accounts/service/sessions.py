# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Sessions: opened for somebody who is known, seen, ended; and the actor as it stands inside the lock."""

import secrets

from sqlalchemy import delete, update

from charta.accounts import queries
from charta.accounts.models import Person, UserSession
from charta.accounts.rules import SESSION_LIFETIME
from charta.activity import service as activity
from charta.db import Transaction, transaction
from charta.errors import NotPermitted
from charta.permissions import Actor, Permission, Reason, require


def reread(tx: Transaction, actor: Actor) -> Actor:
    """Return the actor as it stands inside the lock; raise `NotPermitted` when it was deactivated."""
    if actor.id is None:
        return actor
    del tx  # shows that the caller holds the transaction
    found = queries.actor_by_id(actor.id)
    if found is None or not found.is_active:
        raise NotPermitted(Reason.DEACTIVATED)
    return found


def open_session(tx: Transaction, person: Person, *, user_agent: str, key: str | None = None) -> str:
    """Make a session row for a person and return the secret key; only its hash is stored.

    `key` is given by a command whose form may be sent twice and then opens the same session.
    """
    key = key or secrets.token_urlsafe(32)
    person.last_sign_in_at = tx.now
    tx.session.execute(
        delete(UserSession).where(UserSession.person_id == person.id, UserSession.expires_at <= tx.now)
    )
    tx.session.add(
        UserSession(
            key_hash=queries.hash_key(key),
            person_id=person.id,
            data={},
            user_agent=user_agent[:200],
            created_at=tx.now,
            last_seen_at=tx.now,
            expires_at=tx.now + SESSION_LIFETIME,
        )
    )
    tx.session.flush()
    return key


def seen(session_id: int) -> None:
    """Store that a session was seen; called by writes, at most once a minute per session."""
    with transaction() as tx:
        tx.session.execute(
            update(UserSession).where(UserSession.id == session_id).values(last_seen_at=tx.now)
        )


def sign_out(key: str) -> None:
    """End the session of this key; an unknown key is no error."""
    with transaction() as tx:
        tx.session.execute(delete(UserSession).where(UserSession.key_hash == queries.hash_key(key)))


def end_session(actor: Actor, session_id: int) -> None:
    """End one session of the actor; one that has ended already is no error."""
    with transaction() as tx:
        actor = reread(tx, actor)
        require(actor, Permission.USE_ACCOUNT)
        tx.session.execute(
            delete(UserSession).where(UserSession.id == session_id, UserSession.person_id == actor.id)
        )


def sign_out_everywhere(actor: Actor) -> None:
    """End every session of the actor on every device."""
    with transaction() as tx:
        actor = reread(tx, actor)
        require(actor, Permission.USE_ACCOUNT)
        assert actor.id is not None
        end_sessions(tx, actor.id)
        activity.record(tx, actor, "sign_out_everywhere", "person", actor.id)


def end_sessions(tx: Transaction, person_id: int) -> None:
    """End every session of a person: after a new password, another role, a deactivation."""
    tx.session.execute(delete(UserSession).where(UserSession.person_id == person_id))
