# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Notes of dissent and the partners' standing, where they belong: beside the paragraph."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from charta.activity.models import ActivityEntry
from charta.db import session
from charta.errors import InvalidInput, NotPermitted, WrongState
from charta.proposals import service as proposals
from charta.votes.models import DissentNote
from charta.votes.rules import NoteState
from charta.votes.service import dissent
from tests import factories, proposing, voting

TEXT = "Wir tragen den Plan mit.\nDie Frist ist uns <b>zu lang</b>."


@pytest.fixture
def world(app: Flask) -> voting.World:
    factories.settings(draft_is_public=True)
    return voting.world(1)


@pytest.fixture
def section(world: voting.World) -> int:
    return proposing.section()


def noted(world: voting.World, section: int, paragraph: int = 1, text: str = TEXT) -> int:
    return dissent.note(
        world.partners[2].actor, section, paragraph=paragraph,
        seen_revision_id=proposing.head(section).id, text=text,
    )  # fmt: skip


def stored(note_id: int) -> DissentNote:
    session.rollback()
    found = session.get(DissentNote, note_id, populate_existing=True)
    assert found is not None
    return found


def words(note_id: int, section: int) -> str:
    found, body = stored(note_id), proposing.head(section).body
    return body[found.start_at or 0 : found.end_at or 0]


def test_a_partner_notes_and_withdraws_and_everybody_reads_it(
    world: voting.World, section: int, new_client: Any, client: Any
) -> None:
    partner = new_client().sign_in(world.partners[2])
    page = partner.get(f"/abschnitte/{section}?rn=2")
    page = partner.click("Protokollnotiz hinterlegen")
    assert page.has_text("Bis 2030 gilt der Plan")
    form = page.form(button="Notiz hinterlegen")
    page = partner.submit(form, "Notiz hinterlegen", status=422)
    page = partner.submit(form, "Notiz hinterlegen", body=TEXT)
    assert page.has_text("Die Frist ist uns <b>zu lang</b>.")
    assert page.has_text("IG Metall")
    partner.submit(form, "Notiz hinterlegen", body=TEXT)  # the same form twice
    client.get(f"/abschnitte/{section}")
    page = client.get(f"/abschnitte/{section}")
    assert page.has_text("Protokollnotiz: IG Metall")
    assert page.statements <= 8, page.statements
    page = client.get(f"/abschnitte/{section}?rn=2")
    assert page.has_text("Die Frist ist uns <b>zu lang</b>.")
    assert not page.has_text("Zurückziehen")
    page = partner.get(f"/abschnitte/{section}?rn=2")
    page = partner.click("Zurückziehen (Protokollnotiz 1)")
    partner.submit(page.form(button="Zurückziehen"), "Zurückziehen")
    assert not client.get(f"/abschnitte/{section}?rn=2").has_text("IG Metall")
    session.rollback()
    verbs = session.scalars(
        select(ActivityEntry.verb).where(ActivityEntry.verb.in_(["note_dissent", "withdraw_note"]))
    ).all()
    assert verbs == ["note_dissent", "withdraw_note"]


@pytest.mark.both_databases
def test_a_note_goes_along_with_its_text(world: voting.World, section: int, client: Any) -> None:
    note = noted(world, section)
    proposing.rewrite(section, "Die Partner", "Alle Partner")
    assert (stored(note).state, stored(note).revision_id) == (
        NoteState.IN_PLACE, proposing.head(section).id,
    )  # fmt: skip
    assert words(note, section).startswith("Bis 2030 gilt")
    proposing.rewrite(section, "für alle Betriebe", "für viele Betriebe")
    assert stored(note).state is NoteState.CHANGED
    assert client.get(f"/abschnitte/{section}?rn=2").has_text("Die Stelle lautete, als die Notiz entstand:")
    proposing.rewrite(section, "für viele Betriebe", "für alle Betriebe")
    assert stored(note).state is NoteState.IN_PLACE


def test_a_note_on_words_that_are_gone_is_listed(world: voting.World, section: int, client: Any) -> None:
    note = noted(world, section)
    gone = "Bis 2030 gilt der Plan für alle Betriebe. Danach wird er geprüft.\n\n"
    proposing.rewrite(section, gone, "")
    assert stored(note).state is NoteState.ORPHAN
    assert client.get(f"/abschnitte/{section}").has_text("Protokollnotizen zu früherem Text")


def test_a_note_on_an_older_text_comes_to_stand_in_the_present_one(world: voting.World, section: int) -> None:
    seen = proposing.head(section).id
    proposing.rewrite(section, "Die Partner fördern", "Neu. Die Partner fördern")
    note = dissent.note(world.partners[0].actor, section, paragraph=1, seen_revision_id=seen, text=TEXT)
    assert words(note, section).startswith("Bis 2030 gilt")


def test_only_partners_note_and_only_the_own_is_withdrawn(
    world: voting.World, section: int, new_client: Any
) -> None:
    note = noted(world, section)
    seen = proposing.head(section).id
    for who in (world.moderator, world.attendees[0]):
        with pytest.raises(NotPermitted):
            dissent.note(who.actor, section, paragraph=0, seen_revision_id=seen, text=TEXT)
    with pytest.raises(NotPermitted):
        dissent.withdraw(world.partners[0].actor, note)
    new_client().sign_in(world.partners[0]).get(f"/protokollnotizen/{note}/zurueckziehen", status=404)
    for paragraph, text in ((9, TEXT), (-1, TEXT), (0, ""), (0, "x" * 1001)):
        with pytest.raises(InvalidInput):
            noted(world, section, paragraph, text)


def test_a_closed_ballot_says_how_many_partners_agree(
    world: voting.World, section: int, client: Any, new_client: Any
) -> None:
    ballot = voting.opened(world.moderator, section_id=section)
    for who in world.partners:
        voting.for_partner(who, ballot)
    with pytest.raises(WrongState):
        proposing.rewrite(section, "Bis 2030", "Bis 2031")
    assert not client.get(f"/abschnitte/{section}").has_text("einverstanden")
    voting.closed(ballot)
    page = client.get(f"/abschnitte/{section}")
    assert page.has_text("5 von 5 Partnern einverstanden")
    page = client.get(f"/abschnitte/{section}?rn=2")
    assert page.statements <= 8, page.statements
    proposing.rewrite(section, "Bis 2030", "Bis 2031")
    assert not client.get(f"/abschnitte/{section}").has_text("einverstanden")


@pytest.mark.both_databases
def test_the_vote_on_a_proposal_stands_beside_the_text_it_made(
    world: voting.World, section: int, client: Any
) -> None:
    factories.open_round()
    number = proposing.submitted(factories.partner(), section, "Bis 2030", "Bis 2031")
    ballot = voting.opened(world.moderator, proposal_id=number)
    for who in world.partners[:4]:
        voting.for_partner(who, ballot)
    voting.closed(ballot)
    proposals.approve(world.moderator.actor, number, reason="", **proposing.seen(number))
    assert client.get(f"/abschnitte/{section}").has_text("4 von 6 Partnern einverstanden")


@pytest.mark.both_databases
def test_open_proposals_are_named_at_the_paragraph_they_change(
    world: voting.World, section: int, new_client: Any
) -> None:
    factories.open_round()
    author = world.partners[0]
    first = proposing.submitted(author, section, "Bis 2030", "Bis 2031")
    second = proposing.submitted(world.partners[1], section, "geprüft", "gründlich geprüft")
    proposals.support(world.partners[3].actor, second)
    client = new_client().sign_in(world.partners[4])
    client.get(f"/abschnitte/{section}?rn=2")
    page = client.get(f"/abschnitte/{section}?rn=2")
    assert page.statements <= 8, page.statements
    assert page.has_text("2 Vorschläge ändern diesen Absatz")
    assert page.has_text("Dafür: AMZ, Arbeitsagentur, IHK")
    assert page.has_text(f"Vorschlag {first}")
    proposing.rewrite(section, "Die Partner fördern", "Neu. Die Partner fördern")
    assert client.get(f"/abschnitte/{section}?rn=2").has_text("2 Vorschläge ändern diesen Absatz")
    assert not client.get(f"/abschnitte/{section}?rn=3").has_text("ändern diesen Absatz")


@pytest.mark.both_databases
def test_the_whole_charta_shows_standing_notes_and_conflicts(
    world: voting.World, section: int, client: Any, new_client: Any
) -> None:
    factories.open_round()
    other = proposing.section(title="Zweiter Abschnitt")
    ballot = voting.opened(world.moderator, section_id=other)
    for who in world.partners:
        voting.for_partner(who, ballot)
    voting.closed(ballot)
    noted(world, section)
    reader = new_client().sign_in(world.partners[4])
    first = reader.get("/charta")
    assert first.statements <= 8, first.statements
    assert first.has_text("5 von 5 Partnern einverstanden")
    assert first.has_text("Protokollnotiz: IG Metall")
    assert not first.has_text("ändern diesen Absatz")
    proposing.submitted(world.partners[0], section, "Bis 2030", "Bis 2031")
    proposing.submitted(world.partners[1], section, "gilt der Plan", "gilt der neue Plan")
    proposing.submitted(world.partners[2], section, "geprüft", "gründlich geprüft")
    page = reader.get("/charta")
    assert page.statements <= 8, page.statements
    assert page.response.headers["ETag"] != first.response.headers["ETag"]
    assert page.has_text("3 offene Vorschläge ändern diesen Absatz Randnummer 2")
    assert page.text.count("ändern diesen Absatz") == 1
    # Who may not know of open proposals learns nothing of their conflicts.
    factories.settings(draft_is_public=True, proposals_public="none")
    assert not client.get("/charta").has_text("ändern diesen Absatz")
    proposing.rewrite(section, "Die Partner fördern", "Neu.\n\nDie Partner fördern")
    assert reader.get("/charta").has_text("3 offene Vorschläge ändern diesen Absatz Randnummer 3")
