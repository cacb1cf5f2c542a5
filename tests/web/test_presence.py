# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who else is writing on a section right now: said on the edit page, and with each save while typing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from charta.accounts.models import Organisation
from charta.db import session, transaction
from charta.permissions import Role
from charta.proposals import queries, service
from charta.proposals.models import ProposalDraft
from tests import factories, proposing
from tests.factories import Account
from tests.inspecting import InspectingClient, Page
from tests.proposing import World

pytestmark = pytest.mark.both_databases

AsPerson = Callable[[Account], InspectingClient]
SECRET = "geheimes Wort"


@pytest.fixture
def world(app: Flask) -> World:
    return proposing.world()


@pytest.fixture
def as_(new_client: Callable[[], InspectingClient]) -> AsPerson:
    return lambda account: new_client().sign_in(account)


def drafted(world: World, author: Account, **details: Any) -> int:
    return proposing.draft(author, world.section, new=SECRET, **details)


def hint(page: Page) -> str:
    found = next(item for item in page.elements("p") if item.get("data-presence") is not None)
    assert (found.get("hidden") is not None) == (not page.words(found))
    return page.words(found)


def desk(world: World) -> str:
    return f"/abschnitte/{world.section}/aendern"


def test_a_partner_is_told_by_its_organisation_and_for_five_minutes(world: World, as_: AsPerson) -> None:
    drafted(world, world.author)
    page = as_(world.stranger).get(desk(world))
    assert hint(page) == "Kammer Chemnitz bearbeitet diesen Abschnitt gerade."
    assert SECRET not in page.text
    assert world.author.name not in page.text
    assert hint(as_(world.author).get(desk(world))) == ""
    with transaction() as tx:
        tx.session.execute(update(ProposalDraft).values(saved_at=tx.now - timedelta(minutes=5, seconds=1)))
    assert hint(as_(world.stranger).get(desk(world))) == ""


def test_an_attendee_is_never_named(world: World, as_: AsPerson) -> None:
    drafted(world, world.attendee)
    page = as_(world.moderator).get(desk(world))
    assert hint(page) == "Eine teilnehmende Person bearbeitet diesen Abschnitt gerade."
    assert world.attendee.name not in page.text
    drafted(world, world.author)
    drafted(world, world.second)
    words = hint(as_(world.stranger).get(desk(world)))
    assert words == (
        "Die Moderation, Kammer Chemnitz und eine teilnehmende Person bearbeiten diesen Abschnitt gerade."
    )


def test_a_colleague_is_named_only_where_the_draft_is_shared(world: World, as_: AsPerson) -> None:
    number = drafted(world, world.author)
    assert hint(as_(world.colleague).get(desk(world))).startswith("Kammer Chemnitz bearbeitet")
    service.share(world.author.actor, number)
    assert hint(as_(world.colleague).get(desk(world))).startswith("Anna Verfasserin bearbeitet")
    assert hint(as_(world.stranger).get(desk(world))).startswith("Kammer Chemnitz bearbeitet")


def test_each_save_while_typing_brings_the_hint_anew(world: World, as_: AsPerson) -> None:
    number = drafted(world, world.author)
    client = as_(world.author)
    page = client.get(f"/vorschlaege/{number}/bearbeiten")
    assert hint(page) == ""
    drafted(world, world.stranger)
    form = page.form(field="body")
    answer = client.post(
        f"/vorschlaege/{number}/bearbeiten",
        data=form.data(None, {"summary": "Noch besser"}),
        headers={"Accept": "application/json"},
    )
    organisation = session.get(Organisation, world.stranger.organisation_id)
    assert organisation is not None
    assert answer.json["presence"] == f"{organisation.name} bearbeitet diesen Abschnitt gerade."


def test_it_is_one_statement_however_many_write(world: World, statements: Any) -> None:
    for _ in range(3):
        drafted(world, factories.partner())
    with statements() as counted:
        found = queries.writing_now(world.moderator.actor, section_id=world.section)
    assert counted == 1
    assert len(found) == 3
    assert {one.role for one in found} == {Role.PARTNER}
    assert queries.writing_now(world.moderator.actor, number=0) == ()
