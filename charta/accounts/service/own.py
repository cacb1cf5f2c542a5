# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What people change about their own account: name, language, password."""

from charta import events
from charta.accounts import passwords, queries
from charta.accounts.models import Person
from charta.accounts.rules import LOCALES, PublicName, check_password, clean_name
from charta.accounts.service.sessions import end_sessions, open_session, reread
from charta.activity import service as activity
from charta.db import transaction
from charta.errors import InvalidInput, WrongState
from charta.permissions import Actor, Permission, require


def change_profile(actor: Actor, *, name: str, locale: str, public_name: PublicName) -> None:
    """Store how the actor is called, in which language pages and mails come, and what the public reads."""
    cleaned = clean_name(name)
    if locale not in LOCALES:
        raise InvalidInput("locale", "invalid")
    with transaction() as tx:
        actor = reread(tx, actor)
        require(actor, Permission.USE_ACCOUNT)
        person = tx.lock(Person, actor.id)
        assert person is not None
        if (person.name, person.locale, person.public_name) == (cleaned, locale, public_name):
            return
        person.name, person.locale, person.public_name = cleaned, locale, public_name
        activity.record(
            tx,
            actor,
            "change_profile",
            "person",
            person.id,
            personal={"name": cleaned},
            shown=public_name.value,
        )


def set_locale(actor: Actor, locale: str) -> None:
    """Store the language of the actor's pages and mails ("de" or "en")."""
    if locale not in LOCALES:
        raise InvalidInput("locale", "invalid")
    with transaction() as tx:
        actor = reread(tx, actor)
        require(actor, Permission.USE_ACCOUNT)
        person = tx.lock(Person, actor.id)
        assert person is not None
        person.locale = locale


def change_password(actor: Actor, *, current: str, new: str, user_agent: str) -> str:
    """Set a new password, end every session of the actor and return the key of a new one.

    Raises `InvalidInput` (current: not_your_password; password: too_short, too_long, like_email).
    """
    person = queries.person(actor.id) if actor.id is not None else None
    require(actor, Permission.USE_ACCOUNT)
    assert person is not None
    stored = person.password_hash
    check_password(new, email=person.email or "")
    if not passwords.verify_password(stored, current):
        raise InvalidInput("current", "not_your_password")
    hashed = passwords.hash_password(new)
    with transaction() as tx:
        actor = reread(tx, actor)
        require(actor, Permission.USE_ACCOUNT)
        found = tx.lock(Person, actor.id)
        assert found is not None
        if found.password_hash != stored:
            raise InvalidInput("current", "not_your_password")
        found.password_hash = hashed
        end_sessions(tx, found.id)
        key = open_session(tx, found, user_agent=user_agent)
        events.publish(tx, events.MailDue(found.id, "password_changed"))
        activity.record(tx, actor, "change_password", "person", found.id)
        return key


def set_first_password(actor: Actor, *, new: str) -> None:
    """Choose a password where there was none: who joined in the hall by code makes the account last.

    Sessions stay: nothing was known to anybody that is not known any more. Raises `InvalidInput` (password)
    and `WrongState` when there is a password already ("has_password") or no address yet ("no_email").
    """
    person = queries.person(actor.id) if actor.id is not None else None
    require(actor, Permission.USE_ACCOUNT)
    assert person is not None
    check_password(new, email=person.email or "")
    hashed = passwords.hash_password(new)
    with transaction() as tx:
        actor = reread(tx, actor)
        require(actor, Permission.USE_ACCOUNT)
        found = tx.lock(Person, actor.id)
        assert found is not None
        if found.email is None:
            raise WrongState("set_first_password", "no_email")
        if found.password_hash is not None:
            raise WrongState("set_first_password", "has_password")
        found.password_hash = hashed
        found.joined_at = found.joined_at or tx.now
        events.publish(tx, events.MailDue(found.id, "password_changed"))
        activity.record(tx, actor, "set_first_password", "person", found.id)
