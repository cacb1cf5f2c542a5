# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Parts of the addresses of editions, from the demonstration; one that is not published is made."""

from typing import Any

from sqlalchemy import select

from charta.accounts import queries as accounts
from charta.db import session
from charta.editions import service
from charta.editions.models import Edition
from charta.permissions import Actor


def read() -> dict[str, list[dict[str, Any]]]:
    """Return values for the parts of each address."""
    # Several tests of one process walk over the same demonstration.
    known = session.scalar(select(Edition.id).where(Edition.name == "2.0"))
    session.rollback()
    edition_id = known or service.compose(_moderator(), name="2.0", title="Charta 2.0")
    waiting = [{"edition_id": edition_id, "who": "moderator"}]
    return {
        "editions.show": [{"name": "1.0", "who": ""}, {"name": "2.0", "who": "moderator"}],
        "editions.index": [{"who": "moderator"}],
        "editions.compare": [
            {"old_name": "1.0", "new_name": "arbeitsfassung", "who": ""},
            {"old_name": "1.0", "new_name": "2.0", "ansicht": "gegenueber", "who": "moderator"},
        ],
        "editions.publish": waiting,
        "editions.discard": waiting,
    }


def _moderator() -> Actor:
    person = accounts.person_by_email("moderation@example.org")
    assert person is not None
    found = accounts.actor_by_id(person.id)
    assert found is not None
    session.rollback()
    return found
