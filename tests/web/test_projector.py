# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The projector: what is on the wall for whom, and what asking each second costs."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from charta.contributions.models import Contribution
from charta.contributions.rules import Kind, Origin, State
from charta.db import transaction
from charta.forums.models import Forum
from charta.forums.queries import forums
from tests import factories, halls
from tests.inspecting import InspectingClient


def contribution(forum: Forum, text: str, *, state: State = State.ACCEPTED, **details: Any) -> int:
    with transaction() as tx:
        number = tx.session.query(Contribution).count()
        made = Contribution(
            code=f"ABCD{number:02d}".replace("0", "X").replace("1", "Y"),
            forum_id=forum.id, origin=Origin.PHONE, text=text, state=state, kind=Kind.NEED,
            received_at=tx.now, screened_at=tx.now, changed_at=tx.now, **details,
        )  # fmt: skip
        tx.session.add(made)
        tx.session.flush()
        return made.id


def ask(client: InspectingClient, address: str, tag: str = "") -> Any:
    client.inspects = False  # a piece of a page
    return client.get(address, headers={"If-None-Match": tag} if tag else {})


@pytest.fixture
def forum(app: Flask) -> Forum:
    return halls.begin(halls.forum("Zukunftsforum Zwickau"))


def test_only_what_is_screened_is_on_the_wall(forum: Forum, client: InspectingClient) -> None:
    contribution(forum, "Ein Werksbus für drei Betriebe", supporters=31)
    contribution(forum, "Noch nicht gesichtet", state=State.RECEIVED)
    contribution(forum, "Abgelehnt", state=State.DECLINED)
    page = client.get(f"/beamer/{forum.slug}")
    assert page.h1 == "Zukunftsforum Zwickau"
    assert page.has_text("Ein Werksbus für drei Betriebe")
    assert page.has_text("31")
    assert not page.has_text("Noch nicht gesichtet")
    assert not page.has_text("Abgelehnt")


def test_the_code_is_on_the_wall_only_while_the_hall_is_open(
    forum: Forum, client: InspectingClient, sign_in: Any
) -> None:
    code = forums.code_of(forum.id)
    assert code
    assert client.get(f"/beamer/{forum.slug}").has_text(code)
    with transaction() as tx:
        row = tx.lock(Forum, forum.id)
        assert row is not None
        row.starts_at, row.ends_at = tx.now + timedelta(days=3), tx.now + timedelta(days=3, hours=4)
    assert code not in client.get(f"/beamer/{forum.slug}").body
    assert code not in ask(client, f"/beamer/{forum.slug}/stand").body
    assert code not in sign_in("partner").get(f"/beamer/{forum.slug}").body
    assert code in sign_in("moderator").get(f"/beamer/{forum.slug}").body


@pytest.mark.both_databases
def test_asking_costs_one_statement_until_something_changes(
    forum: Forum, client: InspectingClient, sign_in: Any
) -> None:
    first = contribution(forum, "Der erste Beitrag")
    address = f"/beamer/{forum.slug}/stand"
    page = ask(client, address)
    assert len(page.statements) <= 2, page.statements.texts
    tag = page.headers["ETag"]
    again = ask(client, address, tag)
    assert (again.status, len(again.statements)) == (304, 1), again.statements.texts
    moderator = sign_in("moderator")
    assert len(ask(moderator, address).statements) <= 3
    for change in ("supporters", "version"):  # support does not raise the version
        with transaction() as tx:
            row = tx.lock(Contribution, first)
            assert row is not None
            setattr(row, change, getattr(row, change) + 1)
        page = ask(client, address, tag)
        assert page.status == 200
        tag = page.headers["ETag"]
    for _more in range(30):
        contribution(forum, "Noch ein Beitrag")
    page = ask(client, address, tag)
    assert (page.status, len(page.statements)) == (200, 2), page.statements.texts


def test_a_moderator_steers_it_from_a_phone(forum: Forum, client: InspectingClient, sign_in: Any) -> None:
    field = factories.field_of_action("Arbeit")
    contribution(forum, "Aus der Arbeit", field_id=field)
    contribution(forum, "Ohne Handlungsfeld. Das steht darunter.")
    moderator = sign_in("moderator")
    control = f"/foren/{forum.slug}/beamer"
    page = moderator.get(control)
    assert len(page.statements) <= 8, page.statements.texts
    page = moderator.submit(page.form(button="Pause"), "Pause")
    assert client.get(f"/beamer/{forum.slug}").has_text("Wir machen gleich weiter")
    page = moderator.submit(page.form(field="field_id"), "Anzeigen", field_id=field)
    page = moderator.submit(page.form(button="Ohne Handlungsfeld"), "Ohne Handlungsfeld")
    wall = client.get(f"/beamer/{forum.slug}")
    assert wall.has_text("Das steht darunter.")
    assert wall.has_text("Aus der Arbeit")
    page = moderator.submit(page.form(button="Nicht mehr groß"), "Nicht mehr groß zeigen")
    assert not client.get(f"/beamer/{forum.slug}").has_text("Das steht darunter.")
    foreign = contribution(halls.forum("Ein anderes"), "Fremd")
    token = {"csrf_token": moderator.token(), "anheften": str(foreign)}
    assert moderator.post(control, data=token, status=404)
    sign_in("partner").get(control, status=403)
    client.get("/beamer/gibt-es-nicht", status=404)
