# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""An edition in force and one that is not published, and many more, for tests that walk over all pages."""

from datetime import timedelta
from typing import Any

from sqlalchemy import insert

from charta.db import session, transaction
from charta.editions import queries, service
from charta.editions.models import Edition
from charta.editions.rules import EditionState
from charta.permissions import Actor

PUBLISHED, COMPOSED = "1.0", "2.0"


def build(moderator: Actor, *, count: int = 0) -> dict[str, Any]:
    """Store both from the present texts, and `count` older ones without texts; return id and names."""
    first = service.compose(moderator, name=PUBLISHED, title="Charta 1.0", note="Die erste Fassung.")
    service.publish(moderator, first, seen_version=_version(first), reason="Vom Konsortium beschlossen.")
    second = service.compose(moderator, name=COMPOSED, title="Charta 2.0")
    with transaction() as tx:
        older = {
            "state": EditionState.PUBLISHED,
            "content_hash": "0" * 64,
            "composed_at": tx.now,
            "published_at": tx.now - timedelta(days=400),
        }
        if count:
            tx.session.execute(
                insert(Edition),
                [{**older, "name": f"1.0.{n}", "title": f"Charta 1.0.{n}"} for n in range(1, count + 1)],
            )
    return {
        "edition_id": second,
        "published_id": first,
        "edition": PUBLISHED,
        "composed_edition": COMPOSED,
    }


def by_endpoint(ids: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the parts of the addresses of editions."""
    return {
        "editions.": {
            "name": ids["edition"],
            "old_name": ids["edition"],
            "new_name": ids["composed_edition"],
        }
    }


def _version(edition_id: int) -> int:
    row = queries.by_id(edition_id)
    session.rollback()
    assert row is not None
    return row.version
