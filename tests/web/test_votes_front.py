# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The front page says that it is voted, to those who may know of it."""

from typing import Any

import pytest
from flask import Flask

from tests import factories, proposing, voting


@pytest.mark.both_databases
def test_a_running_ballot_stands_on_the_front_page_of_those_it_concerns(
    app: Flask, client: Any, new_client: Any
) -> None:
    factories.settings(draft_is_public=True)
    world = voting.world(1)
    proposing.section()
    partners = [new_client().sign_in(who) for who in (world.partners[0], world.attendees[0])]
    assert not partners[0].get("/").has_text("Jetzt wird abgestimmt")
    ballot = voting.opened(world.moderator, title="Lernfabrik")
    late = factories.attendee()  # the roll was made before
    office = new_client().sign_in(world.moderator).get("/")
    assert office.has_text("Abstimmung läuft bis")
    assert not office.has_text("Jetzt abstimmen")
    factories.organisation("Neu im Verzeichnis")  # the next deed: ballots are known
    for one in partners:
        page = one.get("/")
        assert page.statements <= 8, page.statements
        assert page.has_text("Jetzt wird abgestimmt Lernfabrik Abstimmung läuft bis")
        assert page.has_text("Jetzt abstimmen")
        assert f"/abstimmungen/{ballot}" in page.links.values()
    for one in (client, new_client().sign_in(late)):
        assert not one.get("/").has_text("Abstimmung läuft bis")
    voting.closed(ballot)
    assert not partners[0].get("/").has_text("Abstimmung läuft bis")
