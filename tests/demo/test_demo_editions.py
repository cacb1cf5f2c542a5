# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Charta 1.0 of the demonstration: the same for a new one and for one that has gone on for weeks."""

from flask import Flask
from sqlalchemy import delete, text

from charta.db import session, transaction
from charta.demo import loader
from charta.demo.keys import PUBLISHED
from charta.editions import queries
from charta.editions.models import Edition, EditionEntry
from charta.editions.rules import EditionState
from charta.permissions import ANONYMOUS
from charta.site.models import Setting
from tests.inspecting import InspectingClient


def first_edition() -> queries.EditionRow:
    found = next(one for one in queries.editions(ANONYMOUS) if one.name == "1.0")
    session.rollback()
    return found


def test_an_older_demonstration_gets_charta_1_as_it_was(demo_app: Flask) -> None:
    fresh = first_edition()
    assert fresh.state is EditionState.PUBLISHED
    assert fresh.published_at is not None
    assert fresh.published_at.date() == PUBLISHED.date()
    with transaction() as tx:  # as if the part had not been there when it was loaded
        for table in ("edition", "edition_entry"):  # the database guards what is published
            tx.session.execute(text(f"DROP TRIGGER {table}_no_delete"))
        tx.session.execute(delete(EditionEntry))
        tx.session.execute(delete(Edition))
        progress = tx.session.get_one(Setting, "demo_progress")
        stored = progress.value["value"]
        counts = {name: count for name, count in stored["counts"].items() if name != "editions"}
        progress.value = {"value": stored | {"counts": counts}}
    loader.load()
    later = first_edition()
    assert (later.content_hash, later.paragraph_count) == (fresh.content_hash, fresh.paragraph_count)
    page = InspectingClient(demo_app).get("/charta/1.0")
    assert page.has_text("Freigegeben am 30. September 2023")
