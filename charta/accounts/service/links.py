# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands that come by a link of a mail: accepting an invitation, a new password, a new address.

A link works once and for a while. What became of it (`queries.link`) is asked again under the lock of the
token, so that of two clicks at the same moment one succeeds and the other learns that the link is used.
"""

from datetime import timedelta

from sqlalchemy import delete, func, select

from charta import events
from charta.accounts import passwords, queries
from charta.accounts.models import Attempt, Person, Token
from charta.accounts.rules import (
    CHANGE_MAILS_PER_HOUR,
    RESET_MAILS_PER_HOUR,
    LinkState,
    TokenPurpose,
    check_password,
    clean_email,
    clean_name,
)
from charta.accounts.service.sessions import end_sessions, open_session, reread
from charta.accounts.service.throttling import check_throttle, throttle_key
from charta.accounts.service.tokens import end_tokens, make_token
from charta.accounts.throttle import FreeAttempts
from charta.activity import service as activity
from charta.db import Transaction, transaction
from charta.errors import InvalidInput, TooManyAttempts, WrongState
from charta.permissions import Actor, Permission, require

_HOUR_SECONDS = 3_600


def accept_invitation(key: str, *, name: str, password: str, user_agent: str) -> str:
    """Join with a name and a password; return the key of the new session.

    Raises `InvalidInput` (name, password) and `WrongState` when the link is used, expired or unknown.
    """
    link = _usable(TokenPurpose.INVITATION, key)
    cleaned = clean_name(name)
    check_password(password, email=link.email)
    hashed = passwords.hash_password(password)
    with transaction() as tx:
        token, person = _take(tx, TokenPurpose.INVITATION, key)
        token.used_at = tx.now
        person.name, person.password_hash = cleaned, hashed
        person.joined_at = person.joined_at or tx.now
        session_key = open_session(tx, person, user_agent=user_agent)
        activity.record(tx, person.as_actor(), "accept_invitation", "person", person.id)
        return session_key


def request_password_reset(email: str, *, address: str, free: FreeAttempts) -> None:
    """Send a link for a new password when there is such an account; nobody learns whether there is one.

    Both cases ask and write the same rows but for the token and the mail. Who has not accepted an invitation
    yet gets a new one instead. Raises `InvalidInput` for what is no address, `TooManyAttempts`.
    """
    cleaned = clean_email(email)
    account, client = throttle_key("reset", cleaned), throttle_key("reset_address", address)
    check_throttle(account, client, free)
    with transaction() as tx:
        person = tx.session.scalar(
            select(Person).where(Person.email == cleaned, Person.deactivated_at.is_(None)).with_for_update()
        )
        recent = tx.session.scalar(
            select(func.count())
            .select_from(Token)
            .where(
                Token.person_id == (person.id if person else 0),
                Token.purpose == TokenPurpose.PASSWORD_RESET,
                Token.created_at > tx.now - timedelta(hours=1),
            )
        )
        for key in (account, client):
            tx.session.add(Attempt(kind="reset", key_hash=key, at=tx.now))
        if person is None or (recent or 0) >= RESET_MAILS_PER_HOUR:
            return
        if person.joined_at is None:
            secret = make_token(tx, person.id, TokenPurpose.INVITATION, created_by_id=None)
            events.publish(tx, events.MailDue(person.id, "invitation", secret))
        else:
            secret = make_token(tx, person.id, TokenPurpose.PASSWORD_RESET, created_by_id=None)
            events.publish(tx, events.MailDue(person.id, "password_reset", secret))


def reset_password(key: str, *, password: str) -> None:
    """Set a new password by the link of a mail; every session of the person ends.

    Raises `InvalidInput` (password) and `WrongState` when the link is used, expired or unknown.
    """
    link = _usable(TokenPurpose.PASSWORD_RESET, key)
    check_password(password, email=link.email)
    hashed = passwords.hash_password(password)
    with transaction() as tx:
        token, person = _take(tx, TokenPurpose.PASSWORD_RESET, key)
        token.used_at = tx.now
        person.password_hash = hashed
        end_sessions(tx, person.id)
        # Whoever holds the link owns the account: failures before it no longer slow the person down.
        tx.session.execute(
            delete(Attempt).where(Attempt.key_hash == throttle_key("account", person.email or ""))
        )
        events.publish(tx, events.MailDue(person.id, "password_changed"))
        activity.record(tx, person.as_actor(), "reset_password", "person", person.id)


def request_email_change(actor: Actor, *, email: str, password: str = "") -> None:
    """Send a link to the new address; the present one stays until the link is opened.

    Who has no password yet (joined in the hall by code) proves nothing but the session. An address of
    somebody else is answered in the same way; its owner gets a mail that says so, no link. Raises
    `InvalidInput` (email: required, too_long, invalid, unchanged_email; password: not_your_password) and
    `TooManyAttempts`.
    """
    cleaned = clean_email(email)
    person = queries.person(actor.id) if actor.id is not None else None
    require(actor, Permission.USE_ACCOUNT)
    assert person is not None
    if cleaned == person.email:
        raise InvalidInput("email", "unchanged_email")
    stored = person.password_hash
    if stored is not None and not passwords.verify_password(stored, password):
        raise InvalidInput("password", "not_your_password")
    with transaction() as tx:
        actor = reread(tx, actor)
        require(actor, Permission.USE_ACCOUNT)
        assert actor.id is not None
        found = tx.lock(Person, actor.id)
        if found is None or found.password_hash != stored:
            raise InvalidInput("password", "not_your_password")
        asker, address = throttle_key("change", str(actor.id)), throttle_key("change_to", cleaned)
        rows = tx.session.execute(
            select(Attempt.key_hash, func.count())
            .where(Attempt.key_hash.in_((asker, address)), Attempt.at > tx.now - timedelta(hours=1))
            .group_by(Attempt.key_hash)
        )
        asked: dict[str, int] = {row[0]: row[1] for row in rows}
        if asked.get(asker, 0) >= CHANGE_MAILS_PER_HOUR:
            raise TooManyAttempts(_HOUR_SECONDS)
        for key in (asker, address):
            tx.session.add(Attempt(kind="email_change", key_hash=key, at=tx.now))
        owner = tx.session.scalar(select(Person).where(Person.email == cleaned))
        if owner is not None:
            if asked.get(address, 0) < RESET_MAILS_PER_HOUR:
                events.publish(tx, events.MailDue(owner.id, "email_known"))
        elif asked.get(address, 0) < RESET_MAILS_PER_HOUR:
            secret = make_token(
                tx, actor.id, TokenPurpose.EMAIL_CHANGE, created_by_id=actor.id, new_email=cleaned
            )
            events.publish(tx, events.MailDue(actor.id, "email_change", secret, cleaned))
        activity.record(tx, actor, "request_email_change", "person", actor.id, personal={"email": cleaned})


def confirm_email(key: str) -> None:
    """Let the new address take the place of the old one, which gets a last mail.

    Raises `WrongState` when the link is used, expired or unknown, or the address was taken meanwhile.
    """
    with transaction() as tx:
        token, person = _take(tx, TokenPurpose.EMAIL_CHANGE, key)
        assert token.new_email is not None
        if tx.session.scalar(select(Person.id).where(Person.email == token.new_email)):
            raise WrongState("confirm_email", LinkState.UNKNOWN)
        old = person.email
        token.used_at = tx.now
        # Links for a new password that lie in the old inbox must not work any more.
        end_tokens(tx, person.id, TokenPurpose.PASSWORD_RESET)
        if old:
            events.publish(tx, events.MailDue(person.id, "email_changed", None, old))
        person.email = token.new_email
        events.publish(tx, events.AddressChanged(person.id))
        activity.record(
            tx, person.as_actor(), "change_email", "person", person.id, personal={"email": token.new_email}
        )


def _usable(purpose: TokenPurpose, key: str) -> queries.Link:
    """Return the link, or raise `WrongState` before any hashing is done for it."""
    link = queries.link(purpose, key)
    if not link:
        raise WrongState(purpose.value, link.state)
    return link


def _take(tx: Transaction, purpose: TokenPurpose, key: str) -> tuple[Token, Person]:
    """Lock a usable token, then its person, who is active."""
    token = tx.session.scalar(
        select(Token)
        .where(Token.token_hash == queries.hash_key(key), Token.purpose == purpose)
        .with_for_update()
    )
    person = tx.lock(Person, token.person_id) if token else None
    if token is None or person is None or not person.is_active:
        raise WrongState(purpose.value, LinkState.UNKNOWN)
    if token.used_at is not None:
        raise WrongState(purpose.value, LinkState.USED)
    if token.expires_at <= tx.now:
        raise WrongState(purpose.value, LinkState.EXPIRED)
    return token, person
