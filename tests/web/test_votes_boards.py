# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a partner's board reads: the file, and the link without an account that says nothing of votes."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from charta.activity.models import ActivityEntry
from charta.db import as_of, session, utcnow
from charta.errors import NotPermitted
from charta.notifications.models import MailLink
from charta.votes import service
from charta.votes.rules import BallotState
from charta.votes.service import boards
from tests import factories, proposing, voting
from tests.web.test_pdf import words_of


@pytest.fixture
def world(app: Flask) -> voting.World:
    factories.settings(draft_is_public=True)
    return voting.world(1)


def _on_changed_section(world: voting.World) -> int:
    section = proposing.section(title="Gute Arbeit")
    proposing.rewrite(section, "Bis 2030", "Bis 2035")
    return voting.opened(world.moderator, title="Gute <b>Arbeit</b>", section_id=section)


def _share(client: Any, ballot: int) -> str:
    """Make the read-only link with the button and return its path."""
    page = client.get(f"/abstimmungen/{ballot}/gremienvorlage")
    page = client.submit(page.form(button="Leselink erstellen"), "Leselink erstellen")
    link = next(href for href in page.links if "/vorlage/" in href)
    return f"/vorlage/{link.rpartition(chr(47))[2]}"


def test_a_board_reads_text_change_and_rules_without_an_account(
    world: voting.World, new_client: Any, client: Any
) -> None:
    ballot = _on_changed_section(world)
    voting.for_partner(world.partners[0], ballot, "objection", "Viel zu teuer.")
    partner = new_client().sign_in(world.partners[1])
    path = _share(partner, ballot)
    page = client.get(path)
    assert page.statements <= 5, page.statements
    for words in ("Bis 2035 gilt der Plan", "Verglichen mit Textstand 1.", "Mindestens 4 Partner"):
        assert page.has_text(words), words
    for secret in ("teuer", "Einwand und", "AMZ", "Quittung"):
        assert not page.has_text(secret), secret
    assert page.response.headers["Cache-Control"] == "no-store"
    assert "noindex" in page.response.headers["X-Robots-Tag"]
    # The link is shown again, not made again; somebody else's organisation has its own.
    assert _path_shown(partner, ballot) == path
    other = new_client().sign_in(world.partners[2])
    assert _share(other, ballot) != path


def _path_shown(client: Any, ballot: int) -> str:
    page = client.get(f"/abstimmungen/{ballot}/gremienvorlage")
    assert page.statements <= 6, page.statements
    link = next(href for href in page.links if "/vorlage/" in href)
    return f"/vorlage/{link.rpartition(chr(47))[2]}"


def test_the_link_ends_by_button_and_thirty_days_after_the_ballot(
    world: voting.World, new_client: Any, client: Any
) -> None:
    ballot = _on_changed_section(world)
    partner = new_client().sign_in(world.partners[1])
    path = _share(partner, ballot)
    client.get("/vorlage/falsch", status=404)
    voting.closed(ballot)
    assert client.get(path).has_text("Bis 2035 gilt der Plan")
    with as_of(utcnow() + timedelta(days=31)):
        client.get(path, status=404)
    page = partner.get(f"/abstimmungen/{ballot}/gremienvorlage")
    page = partner.submit(page.form(button="Leselink beenden"), "Leselink beenden")
    assert page.has_text("Es gibt keinen Leselink.")
    client.get(path, status=404)
    session.rollback()
    verbs = session.scalars(select(ActivityEntry.verb).where(ActivityEntry.verb.like("%share_ballot"))).all()
    assert verbs == ["share_ballot", "unshare_ballot"]


def test_a_new_link_after_the_old_one_has_another_key(world: voting.World, new_client: Any) -> None:
    ballot = _on_changed_section(world)
    partner = new_client().sign_in(world.partners[1])
    first = _share(partner, ballot)
    page = partner.get(f"/abstimmungen/{ballot}/gremienvorlage")
    partner.submit(page.form(button="Leselink beenden"), "Leselink beenden")
    assert _share(partner, ballot) != first


def test_calling_off_ends_the_links_and_they_say_why_without_the_text(
    world: voting.World, new_client: Any, client: Any
) -> None:
    ballot = _on_changed_section(world)
    path = _share(new_client().sign_in(world.partners[1]), ballot)
    ends_at = voting.stored(ballot).closes_at
    service.cancel(world.moderator.actor, ballot, reason="Die Frage war falsch.")
    page = client.get(path, status=410)
    assert page.has_text("Diese Abstimmung wurde abgebrochen")
    assert page.has_text("Gute <b>Arbeit</b>")
    assert page.has_text("Die Frage war falsch.")
    assert not page.has_text("Bis 2035")
    assert page.response.headers["Cache-Control"] == "no-store"
    session.rollback()
    links = session.scalars(select(MailLink).where(MailLink.subject_id == ballot)).all()
    assert [link.expires_at <= utcnow() for link in links] == [True]
    session.rollback()
    with as_of(ends_at + timedelta(days=31)):
        client.get(path, status=404)


def test_the_link_of_a_ballot_that_was_called_off_can_be_ended(
    world: voting.World, new_client: Any, client: Any
) -> None:
    ballot = _on_changed_section(world)
    partner = new_client().sign_in(world.partners[1])
    path = _share(partner, ballot)
    form = partner.get(f"/abstimmungen/{ballot}/gremienvorlage").form(button="Leselink beenden")
    service.cancel(world.moderator.actor, ballot, reason="Die Frage war falsch.")
    page = partner.submit(form, "Leselink beenden")
    assert page.has_text("Der Leselink gilt nicht mehr.")
    client.get(path, status=404)
    # Whoever does not act for the organisation cannot.
    with pytest.raises(NotPermitted):
        boards.unshare(world.moderator.actor, ballot)


def test_the_file_holds_text_change_reasons_and_checksums(
    world: voting.World, new_client: Any, client: Any
) -> None:
    ballot = _on_changed_section(world)
    address = f"/abstimmungen/{ballot}/gremienvorlage.pdf"
    response = new_client().sign_in(world.partners[1]).get(address).response
    assert response.content_type == "application/pdf"
    words = words_of(response.data)
    stored = voting.stored(ballot)
    assert "Gute <b>Arbeit</b>" in words
    assert "Bis 2035 gilt der Plan" in words
    assert "Verglichen mit Textstand 1." in words
    assert (stored.text_hash or "-") in words.replace(" ", "")
    assert (stored.rules_hash or "-") in words.replace(" ", "")
    new_client().sign_in(world.attendees[0]).get(address, status=404)
    client.get(address, status=404)


def test_the_file_of_a_proposal_names_its_reason(world: voting.World, new_client: Any) -> None:
    factories.open_round()
    number = proposing.submitted(
        factories.partner(), proposing.section(), "Bis 2030", "Bis 2031", reason="Weil **Zeit** fehlt."
    )
    ballot = voting.opened(world.moderator, proposal_id=number)
    client = new_client().sign_in(world.moderator)
    words = words_of(client.get(f"/abstimmungen/{ballot}/gremienvorlage.pdf").response.data)
    assert "Weil Zeit fehlt." in words
    assert f"Vorschlag {number}" in words
    assert client.get(f"/abstimmungen/{ballot}/gremienvorlage").has_text("Weil Zeit fehlt.")


def test_free_questions_and_drafts(world: voting.World, new_client: Any) -> None:
    draft = voting.prepared(world.moderator)
    client = new_client().sign_in(world.moderator)
    client.get(f"/abstimmungen/{draft}/gremienvorlage", status=404)
    service.open_ballot(world.moderator.actor, draft, seen_version=1)
    assert voting.stored(draft).state is BallotState.OPEN
    words = words_of(client.get(f"/abstimmungen/{draft}/gremienvorlage.pdf").response.data)
    assert "Soll die Maßnahme in die Charta?" in words
