# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Signing in with address and password; who fails often waits."""

from sqlalchemy import delete

from charta.accounts import passwords, queries
from charta.accounts.models import Attempt, Person
from charta.accounts.rules import clean_email
from charta.accounts.service.sessions import open_session
from charta.accounts.service.throttling import check_throttle, throttle_key
from charta.accounts.throttle import FreeAttempts
from charta.db import transaction
from charta.errors import InvalidInput


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
