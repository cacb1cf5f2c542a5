# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Ballots on editions as pages: from the edition to its result, and the paper a board reads before."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from charta.db import session, utcnow
from charta.editions import queries as editions
from charta.editions import service as edition_service
from charta.proposals import service as proposals
from charta.proposals.rules import ProposalKind
from charta.web.dates import ZONE
from tests import factories, proposing, voting
from tests.factories import Account
from tests.inspecting import InspectingClient
from tests.web.test_pdf import words_of

SAVE, OPEN = "Entwurf speichern", "Jetzt öffnen"


@pytest.fixture
def world(app: Flask) -> voting.World:
    factories.settings(draft_is_public=True)
    return voting.world(1)


@pytest.fixture
def section_id(world: voting.World) -> int:
    """A section that changed since Charta 1.0."""
    found = proposing.section(title="Gute Arbeit")
    publish(world, compose(world, "1.0"))
    proposing.rewrite(found, "Bis 2030", "Bis 2035")
    return found


def compose(world: voting.World, name: str) -> int:
    made = edition_service.compose(world.moderator.actor, name=name, title=f"Charta {name}")
    session.rollback()
    return made


def publish(world: voting.World, edition_id: int) -> None:
    row = editions.by_id(edition_id)
    session.rollback()
    assert row is not None
    edition_service.publish(
        world.moderator.actor, edition_id, seen_version=row.version, reason="Vom Konsortium beschlossen."
    )


def opened(world: voting.World, **about: Any) -> int:
    ballot = voting.opened(world.moderator, title="Freigabe", **about)
    session.rollback()
    return ballot


def test_from_the_page_of_an_edition_to_its_result(
    world: voting.World, section_id: int, client: InspectingClient, new_client: Any
) -> None:
    edition_id = compose(world, "2.0")
    moderator = client.sign_in(world.moderator)
    page = moderator.get("/charta/2.0")
    assert f"/abstimmungen/vorbereiten?fassung={edition_id}" in page.links.values()
    page = moderator.get(f"/abstimmungen/vorbereiten?fassung={edition_id}")
    assert page.form(button=SAVE).fields["title"] == ["Freigabe der Fassung 2.0"]
    ends = (utcnow() + timedelta(hours=3)).astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")
    page = moderator.submit(page.form(button=SAVE), SAVE, closes_at=ends)
    assert page.has_text("Abschnitte: 1 geändert.")
    assert "/charta/1.0/vergleich/2.0" in page.links.values()
    ballot = int(page.path.rpartition("/")[2])
    proposing.rewrite(section_id, "Bis 2035", "Bis 2040")
    row = editions.by_id(edition_id)
    session.rollback()
    assert row is not None
    edition_service.recompose(world.moderator.actor, edition_id, seen_version=row.version)
    # The draft says that the edition is another one now, and takes it over when it is saved again.
    page = moderator.get(page.path)
    assert page.has_text("Die Fassung wurde inzwischen neu zusammengestellt")
    moderator.submit(page.form(button=OPEN), OPEN, status=409)
    page = moderator.get(f"/abstimmungen/{ballot}/bearbeiten")
    page = moderator.submit(page.form(button=SAVE), SAVE)
    assert not page.has_text("inzwischen neu zusammengestellt")
    moderator.submit(page.form(button=OPEN), OPEN)
    page = moderator.get("/charta/2.0")
    assert page.has_text("Über diese Fassung wird bis")
    assert not page.has_text("Abstimmung vorbereiten")
    reader = new_client()
    assert f"/abstimmungen/{ballot}" not in reader.get("/charta/2.0").links.values()
    for partner in world.partners:
        voting.for_partner(partner, ballot)
    attendee = new_client().sign_in(world.attendees[0])
    page = attendee.get(f"/abstimmungen/{ballot}")
    assert page.has_text("Was sich gegenüber Fassung 1.0 ändert")
    assert not page.has_text("Bis 2040 gilt der Plan")  # the whole text has its own page
    voting.closed(ballot)
    page = reader.get("/charta/2.0")
    assert page.has_text("Abstimmung: angenommen, 5 von 5 Partnern")
    page = reader.get(f"/abstimmungen/{ballot}/ergebnis")
    assert {"/charta/2.0", "/charta/1.0/vergleich/2.0"} <= set(page.links.values())
    publish(world, compose(world, "1.1"))  # later than the ballot: it was about the change since 1.0
    assert "/charta/1.0/vergleich/2.0" in reader.get(page.path).links.values()
    proposing.rewrite(section_id, "Bis 2040", "Bis 2045")
    row = editions.by_id(edition_id)
    session.rollback()
    assert row is not None
    edition_service.recompose(world.moderator.actor, edition_id, seen_version=row.version)
    page = reader.get(page.path)
    assert page.has_text("Die Fassung wurde danach neu zusammengestellt")
    assert "/charta/1.0/vergleich/2.0" not in page.links.values(), "it compares another text"
    assert reader.get("/charta/2.0").has_text("über eine frühere Zusammenstellung")


def test_after_the_end_everybody_reads_the_edition_that_was_voted_on(
    world: voting.World, section_id: int, client: InspectingClient
) -> None:
    factories.settings(draft_is_public=False)
    edition_id = compose(world, "2.0")
    ballot = opened(world, edition_id=edition_id)
    address = f"/abstimmungen/{ballot}/ergebnis"
    client.get(address, status=404)
    voting.closed(ballot)
    page = client.get(address)
    assert page.has_text("Bis 2035 gilt der Plan")
    assert not any("2.0" in link for link in page.links.values()), "they may not open its page yet"
    publish(world, edition_id)
    page = client.get(address)
    assert {"/charta/2.0", "/charta/1.0/vergleich/2.0"} <= set(page.links.values())
    assert not page.has_text("Bis 2035 gilt der Plan")
    for link in ("/charta/2.0", "/charta/1.0/vergleich/2.0"):
        client.get(link)


def test_no_ballot_is_prepared_on_an_edition_that_is_in_force_or_thrown_away(
    world: voting.World, section_id: int, client: InspectingClient
) -> None:
    client.sign_in(world.moderator)
    edition_id = compose(world, "2.0")
    client.get(f"/abstimmungen/vorbereiten?fassung={edition_id}")
    edition_service.discard(world.moderator.actor, edition_id)
    client.get(f"/abstimmungen/vorbereiten?fassung={edition_id}", status=404)
    client.get("/abstimmungen/vorbereiten?fassung=1", status=404)


# ------------------------------------------------------------------------------------------ a board's paper


def test_a_board_reads_what_changes_against_the_edition_in_force(
    world: voting.World, section_id: int, client: InspectingClient
) -> None:
    proposing.rewrite(section_id, "gilt der Plan", "gilt ein Plan")  # two texts later: both are told
    ballot = opened(world, section_id=section_id)
    publish(world, compose(world, "1.1"))  # what is published afterwards does not change the paper
    client.sign_in(world.partners[0])
    page = client.get(f"/abstimmungen/{ballot}/gremienvorlage")
    assert page.has_text("Verglichen mit Fassung 1.0.")
    assert page.has_text("2030")
    assert "Verglichen mit Fassung 1.0." in words_of(
        client.get(f"/abstimmungen/{ballot}/gremienvorlage.pdf").response.data
    )
    fresh = opened(world, section_id=proposing.section(title="Neu seit 1.0"))
    assert not client.get(f"/abstimmungen/{fresh}/gremienvorlage").has_text("Verglichen mit")


def test_a_board_reads_each_change_of_an_edition(
    world: voting.World, section_id: int, client: InspectingClient, new_client: Any
) -> None:
    proposing.section(title="Junge Menschen", body="Jeder Betrieb bildet aus.\n")
    ballot = opened(world, edition_id=compose(world, "2.0"))
    client.sign_in(world.partners[0])
    page = client.get(f"/abstimmungen/{ballot}/gremienvorlage")
    told = (
        "Verglichen mit Fassung 1.0.",
        "Abschnitte: 1 geändert, 1 neu.",
        "Gute Arbeit",
        "2030",
        "2035",
    )
    for words in (*told, "Jeder Betrieb bildet aus.", "Ganzer Wortlaut"):
        assert page.has_text(words), words
    assert page.statements <= 8, page.statements
    file = words_of(client.get(f"/abstimmungen/{ballot}/gremienvorlage.pdf").response.data)
    for words in (*told, "/charta/2.0"):
        assert words in file, words
    page = client.get(f"/abstimmungen/{ballot}/gremienvorlage")
    page = client.submit(page.form(button="Leselink erstellen"), "Leselink erstellen")
    link = next(href for href in page.links.values() if "/vorlage/" in href)
    file = words_of(client.get(f"/abstimmungen/{ballot}/gremienvorlage.pdf").response.data)
    assert "Den ganzen Wortlaut lesen Sie hier" in file
    assert "/charta/2.0" not in file, "who gets the file on paper has no account"
    factories.settings(draft_is_public=False)
    page = new_client().get(f"/vorlage/{link.rpartition('/')[2]}")
    # Without an account everything is there, and nothing leads to a page that asks for one.
    assert page.has_text("Jeder Betrieb bildet aus.")
    assert not [href for href in page.links.values() if "/charta/2.0" in href or "/abschnitte/" in href]


def wanted(author: Account, kind: ProposalKind, section_id: int, **place: Any) -> int:
    number = proposals.start(author.actor, kind=kind, section_id=section_id)
    proposals.save_draft(author.actor, number, summary="Baum", reason="Passt.", seen_edit=0, **place)
    proposals.submit(author.actor, number)
    return number


def test_a_board_reads_what_a_deletion_takes_and_where_a_move_leads(
    world: voting.World, client: InspectingClient
) -> None:
    factories.open_round()
    author = world.partners[1]
    first, second = proposing.section(title="Erstens"), proposing.section(title="Zweitens")
    gone = opened(world, proposal_id=wanted(author, ProposalKind.DELETION, first))
    moved = opened(world, proposal_id=wanted(author, ProposalKind.MOVE, second, target_parent_id=first))
    client.sign_in(world.partners[0])
    page = client.get(f"/abstimmungen/{gone}/gremienvorlage")
    assert page.has_text("Der ganze Text soll entfallen.")
    assert page.has_text("Bis 2030")
    page = client.get(f"/abstimmungen/{moved}/gremienvorlage")
    for words in ("Sein Wortlaut bleibt", "Bisheriger Platz", "oberste Ebene", "Neuer Platz", "Erstens"):
        assert page.has_text(words), words
    file = words_of(client.get(f"/abstimmungen/{moved}/gremienvorlage.pdf").response.data)
    assert "Neuer Platz" in file
