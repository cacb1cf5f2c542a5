# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Forums to test with: small functions that store one through the commands and return it."""

import itertools
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from charta.accounts.throttle import FreeAttempts
from charta.db import session, transaction, utcnow
from charta.forums.models import Forum, ForumSeries, Registration
from charta.forums.rules import ForumState, RegistrationState
from charta.forums.service import arranging, planning, registering
from charta.forums.service.planning import Details
from charta.notifications.models import OutboxMail
from charta.permissions import ANONYMOUS, Actor
from tests import factories

FREE = FreeAttempts(5, 200)
_numbers = itertools.count(1)


def series(title: str = "") -> int:
    """Return the id of a series; without a title the first one there is, or a new one."""
    found = None if title else session.scalar(select(ForumSeries.id).limit(1))
    session.rollback()
    return found or arranging.make_series(factories.moderator().actor, title=title or "Zukunftsforen")


def forum(title: str = "", *, state: ForumState = ForumState.CONFIRMED, **details: Any) -> Forum:
    """Store a forum; without `starts_at` it begins in thirty days and lasts four hours."""
    number = next(_numbers)
    if state is not ForumState.PLANNED:
        details.setdefault("starts_at", utcnow() + timedelta(days=30))
    if details.get("starts_at"):
        details.setdefault("ends_at", details["starts_at"] + timedelta(hours=4))
    details.setdefault("series_id", series())
    made = planning.make_forum(
        factories.moderator().actor, Details(title=title or f"Zukunftsforum {number}", **details)
    )
    with transaction() as tx:
        found = tx.lock(Forum, made.id)
        assert found is not None
        found.state = state
    return again(made.id)


def again(forum_id: int) -> Forum:
    """Read a forum anew."""
    session.rollback()
    session.expunge_all()
    found = session.get(Forum, forum_id)
    assert found is not None
    session.expunge(found)  # keeps its values whatever happens in the session
    return found


def begin(found: Forum) -> Forum:
    """Let the hall open now: the forum began an hour ago and lasts three more."""
    with transaction() as tx:
        row = tx.lock(Forum, found.id)
        assert row is not None
        row.starts_at, row.ends_at = tx.now - timedelta(hours=1), tx.now + timedelta(hours=3)
        row.registration_closes_at = None
    return again(found.id)


def registered(found: Forum, name: str = "", *, email: str = "", actor: Actor = ANONYMOUS) -> tuple[int, str]:
    """Register somebody and confirm by the link of the mail; return the id and the key of that link."""
    number = next(_numbers)
    email = email or f"gast{number}@example.org"
    registering.register(
        actor, found.id, name=name or f"Gast {number}", email=email, address="127.0.0.1", free=FREE
    )
    key = mail_to(email).secret
    assert key is not None
    return registering.confirm(key).id, key


def mail_to(email: str) -> OutboxMail:
    """Return the newest mail to an address."""
    session.rollback()
    return session.scalars(
        select(OutboxMail).where(OutboxMail.address == email).order_by(OutboxMail.id.desc()).limit(1)
    ).one()


def states(forum_id: int) -> dict[str, RegistrationState]:
    """Return the state of each registration by name."""
    session.rollback()
    session.expunge_all()
    rows = session.execute(
        select(Registration.name, Registration.state)
        .where(Registration.forum_id == forum_id)
        .order_by(Registration.id)
    )
    return {row[0]: row[1] for row in rows}
