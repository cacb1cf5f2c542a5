# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The secrets behind links of mails: they work once and for a while, only the hash is stored."""

import secrets

from sqlalchemy import update

from charta import events
from charta.accounts import queries
from charta.accounts.models import Person, Token
from charta.accounts.rules import TOKEN_LIFETIME, TokenPurpose
from charta.db import Transaction
from charta.errors import NotFound


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
