# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands about one's own account, and the shared steps: sessions, tokens, making people and organisations.

Commands that come by a link of a mail stand in `links.py`, those of the administration in `people.py`.
"""

import hashlib
import secrets

from sqlalchemy import delete, func, select, update

from charta import events
from charta.accounts import passwords, queries
from charta.accounts.models import Attempt, Organisation, Person, Token, UserSession
from charta.accounts.rules import (
    LOCALES,
    SESSION_LIFETIME,
    TOKEN_LIFETIME,
    Group,
    PublicName,
    TokenPurpose,
    Voting,
    check_password,
    clean_email,
    clean_name,
)
from charta.accounts.throttle import FreeAttempts, wait_seconds, window_start
from charta.activity import service as activity
from charta.db import Transaction, session, transaction, utcnow
from charta.errors import InvalidInput, NotFound, NotPermitted, TooManyAttempts, WrongState
from charta.permissions import Actor, Permission, Reason, Role, require


def reread(tx: Transaction, actor: Actor) -> Actor:
    """Return the actor as it stands inside the lock; raise `NotPermitted` when it was deactivated."""
    if actor.id is None:
        return actor
    del tx  # shows that the caller holds the transaction
    found = queries.actor_by_id(actor.id)
    if found is None or not found.is_active:
        raise NotPermitted(Reason.DEACTIVATED)
    return found


def sign_in(
    email: str,
    password: str,
    *,
    address: str,
    user_agent: str,
    free: FreeAttempts,
    demo_may_sign_in: bool = True,
) -> str:
    """Check address and password and open a session; return its secret key for the cookie.

    Raises `InvalidInput("password", "wrong_password")` alike for an unknown address, a wrong password and a
    deactivated account, after the same work; `TooManyAttempts` while the throttle asks to wait.
    """
    try:
        cleaned = clean_email(email)
    except InvalidInput:
        cleaned = ""
    account, client = throttle_key("account", cleaned), throttle_key("address", address)
    check_throttle(account, client, free)
    person = queries.person_by_email(cleaned) if cleaned else None
    may_sign_in = person is not None and person.is_active and (demo_may_sign_in or not person.is_demo)
    stored = person.password_hash if person and may_sign_in else None
    # Hashing takes long: it happens before the write lock is taken.
    good = passwords.verify_password(stored, password)
    new_hash = (
        passwords.hash_password(password) if good and stored and passwords.needs_new_hash(stored) else None
    )
    if not good or person is None:
        with transaction() as tx:
            for key in (account, client):
                tx.session.add(Attempt(kind="sign_in", key_hash=key, at=tx.now))
        raise InvalidInput("password", "wrong_password")
    with transaction() as tx:
        found = tx.lock(Person, person.id)
        if found is None or not found.is_active or found.password_hash != stored:
            raise InvalidInput("password", "wrong_password")
        if new_hash:
            found.password_hash = new_hash
        tx.session.execute(delete(Attempt).where(Attempt.key_hash == account))
        return open_session(tx, found, user_agent=user_agent)


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


def sign_out(key: str) -> None:
    """End the session of this key; an unknown key is no error."""
    with transaction() as tx:
        tx.session.execute(delete(UserSession).where(UserSession.key_hash == queries.hash_key(key)))


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


def seen(session_id: int) -> None:
    """Store that a session was seen; called by writes, at most once a minute per session."""
    with transaction() as tx:
        tx.session.execute(
            update(UserSession).where(UserSession.id == session_id).values(last_seen_at=tx.now)
        )


def throttle_key(kind: str, value: str) -> str:
    """Return the hash under which attempts of an account or address are counted."""
    return hashlib.sha256(f"{kind}\x1f{value}".encode()).hexdigest()


def check_throttle(account: str, client: str, free: FreeAttempts) -> None:
    """Raise `TooManyAttempts` while recent failures of the account or the address ask to wait."""
    now = utcnow()
    for key, allowed in ((account, free.per_account), (client, free.per_address)):
        count, last = session.execute(
            select(func.count(), func.max(Attempt.at)).where(
                Attempt.key_hash == key, Attempt.at >= window_start(now)
            )
        ).one()
        seconds = wait_seconds(count, last, now, free=allowed)
        if seconds:
            raise TooManyAttempts(seconds)


def create_organisation(actor: Actor, *, name: str, short: str, group: Group, is_partner: bool) -> int:
    """Make an organisation and return its id; `InvalidInput("name", "taken")` when the name is in use."""
    cleaned, cleaned_short = clean_name(name), clean_name(short, field="short", limit=24)
    with transaction() as tx:
        actor = reread(tx, actor)
        require(actor, Permission.MANAGE_ORGANISATIONS)
        if tx.session.scalar(select(Organisation.id).where(Organisation.name == cleaned)):
            raise InvalidInput("name", "taken")
        organisation = Organisation(
            name=cleaned, short=cleaned_short, group=group, is_partner=is_partner, created_at=tx.now
        )
        tx.session.add(organisation)
        tx.session.flush()
        activity.record(tx, actor, "create_organisation", "organisation", organisation.id, name=cleaned)
        return organisation.id


def create_person(
    actor: Actor,
    *,
    email: str,
    name: str,
    role: Role,
    organisation_id: int | None,
    voting: Voting = Voting.NONE,
    password: str | None = None,
    is_demo: bool = False,
) -> int:
    """Make an account and return its id; with a password the person has joined at once."""
    cleaned, cleaned_name = clean_email(email), clean_name(name)
    hashed = None
    if password is not None:
        check_password(password, email=cleaned)
        hashed = passwords.hash_password(password)
    with transaction() as tx:
        actor = reread(tx, actor)
        require(actor, Permission.MANAGE_PEOPLE)
        return add_person(
            tx,
            actor,
            email=cleaned,
            name=cleaned_name,
            role=role,
            organisation_id=organisation_id,
            voting=voting,
            password_hash=hashed,
            is_demo=is_demo,
        ).id


def add_person(
    tx: Transaction,
    actor: Actor | None,
    *,
    email: str,
    name: str,
    role: Role,
    organisation_id: int | None,
    voting: Voting,
    password_hash: str | None,
    is_demo: bool,
) -> Person:
    """Add a person inside a transaction; `InvalidInput("email", "taken")` when the address is in use."""
    person = new_person(
        tx,
        email=email,
        name=name,
        role=role,
        organisation_id=organisation_id,
        voting=voting,
        password_hash=password_hash,
        is_demo=is_demo,
    )
    record_new_person(tx, actor, person)
    return person


def new_person(
    tx: Transaction,
    *,
    email: str | None,
    name: str,
    role: Role,
    organisation_id: int | None,
    voting: Voting,
    password_hash: str | None = None,
    is_demo: bool = False,
) -> Person:
    """Store a person without writing the log yet: who makes many stores all before the first entry.

    `email` is None for somebody who joins in the hall by code and may add an address later.
    """
    if email is not None and tx.session.scalar(select(Person.id).where(Person.email == email)):
        raise InvalidInput("email", "taken")
    if organisation_id is not None and tx.session.get(Organisation, organisation_id) is None:
        raise InvalidInput("organisation_id", "invalid")
    person = Person(
        email=email,
        name=name,
        password_hash=password_hash,
        role=role,
        organisation_id=organisation_id,
        voting=voting,
        is_demo=is_demo,
        created_at=tx.now,
        joined_at=tx.now if password_hash else None,
    )
    tx.session.add(person)
    tx.session.flush()
    return person


def record_new_person(tx: Transaction, actor: Actor | None, person: Person) -> None:
    """Write into the log that a person was made."""
    activity.record(
        tx,
        actor,
        "create_person",
        "person",
        person.id,
        personal={"name": person.name, "email": person.email or ""},
        role=person.role.value,
    )


def create_first_administrator(*, email: str, name: str, password: str) -> int:
    """Make the first account of an empty installation; `NotPermitted` once anybody has one."""
    cleaned, cleaned_name = clean_email(email), clean_name(name)
    check_password(password, email=cleaned)
    hashed = passwords.hash_password(password)
    with transaction() as tx:
        if queries.has_people():
            raise NotPermitted(Reason.ROLE)
        return add_person(
            tx,
            None,
            email=cleaned,
            name=cleaned_name,
            role=Role.ADMINISTRATOR,
            organisation_id=None,
            voting=Voting.NONE,
            password_hash=hashed,
            is_demo=False,
        ).id


def end_session(actor: Actor, session_id: int) -> None:
    """End one session of the actor; one that has ended already is no error."""
    with transaction() as tx:
        actor = reread(tx, actor)
        require(actor, Permission.USE_ACCOUNT)
        tx.session.execute(
            delete(UserSession).where(UserSession.id == session_id, UserSession.person_id == actor.id)
        )


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


def make_token(
    tx: Transaction,
    person_id: int,
    purpose: TokenPurpose,
    *,
    created_by_id: int | None,
    new_email: str | None = None,
) -> str:
    """Make a single-use token with 128 random bits and return its secret; older ones of the kind end."""
    if tx.session.get(Person, person_id) is None:
        raise NotFound(kind="person", id=person_id)
    end_tokens(tx, person_id, purpose)
    key = secrets.token_urlsafe(16)
    tx.session.add(
        Token(
            purpose=purpose,
            token_hash=queries.hash_key(key),
            person_id=person_id,
            created_by_id=created_by_id,
            new_email=new_email,
            created_at=tx.now,
            expires_at=tx.now + TOKEN_LIFETIME[purpose],
        )
    )
    return key


def end_tokens(tx: Transaction, person_id: int, purpose: TokenPurpose) -> None:
    """Let the unused links of this kind end, and mails with them that have not left.

    Templates of mails with a link are named after its purpose.
    """
    tx.session.execute(
        update(Token)
        .where(Token.person_id == person_id, Token.purpose == purpose, Token.used_at.is_(None))
        .values(used_at=tx.now)
    )
    events.publish(tx, events.MailObsolete(person_id, purpose.value))


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
