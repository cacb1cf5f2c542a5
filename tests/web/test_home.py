# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The front page: made of the installation's own data, and good to look at when there is none."""

from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest
from flask import Flask

from charta.db import transaction, utcnow
from charta.permissions import Role
from charta.proposals import service
from charta.proposals.rules import ProposalKind
from charta.site.models import CalendarDate, NewsItem
from charta.site.rules import ProposalsPublic
from charta.votes.rules import PollMethod
from charta.votes.service import polling
from tests import halls, polls, proposing
from tests.inspecting import InspectingClient, Page
from tests.proposing import World

PHASES = [
    ["Entwurf", "Alle schreiben."],
    ["Konsolidierung", "Partner beschließen."],
    ["Verstetigung", "Umsetzen."],
]


@pytest.fixture
def world(app: Flask) -> World:
    return proposing.world()


def approve_one(world: World, new: str = "sehr gute Arbeit", **details: Any) -> int:
    number = proposing.submitted(world.author, world.section, new=new, **details)
    service.approve(world.moderator.actor, number, **proposing.seen(number))
    return number


def main_buttons(page: Page) -> list[str]:
    return [
        page.words(link)
        for link in page.main.iter()
        if "ch-btn--primary" in (link.get("class") or "").split()
    ]


def add(*rows: object) -> None:
    with transaction() as tx:
        tx.session.add_all(rows)


# ------------------------------------------------------------------------------------------ what it shows


def test_it_shows_claim_and_lede_of_the_settings(
    client: InspectingClient, world: World, make: ModuleType
) -> None:
    make.settings(claim="Wir schreiben selbst.", lede="Bis 2035 wächst alles zusammen.", draft_is_public=True)
    page = client.get("/")
    assert page.h1 == "Wir schreiben selbst."
    assert page.has_text("Bis 2035 wächst alles zusammen.")
    assert main_buttons(page) == ["Arbeitsfassung lesen"]


def test_the_newest_changed_sentence_says_where_it_comes_from(
    client: InspectingClient, world: World, make: ModuleType
) -> None:
    make.settings(draft_is_public=True)
    source = make.source("Zukunftsforum Zwickau")
    number = approve_one(
        world, "gute Arbeit in kleinen und großen Betrieben", summary="Größe nennen", source_ids=[source]
    )
    page = client.get("/")
    assert "kleinen und großen Betrieben" in " ".join(page.words(mark) for mark in page.elements("mark"))
    assert page.links["Randnummer 1"] == f"/abschnitte/{world.section}#rn1"
    steps = [page.words(step) for step in page.elements("ol", class_="ch-line")[0]]
    assert steps[0].startswith("Zukunftsforum Zwickau")
    assert steps[1].startswith(f"Vorschlag {number}")
    assert "Größe nennen" in steps[1]
    assert steps[2].startswith("Textstand 2")
    assert steps[3].startswith("Charta 2.0 · folgt")
    assert page.links[f"Vorschlag {number}"] == f"/vorschlaege/{number}"
    assert page.links["Textstand 2"] == f"/abschnitte/{world.section}"


def test_a_sentence_that_was_rewritten_since_is_no_specimen(
    client: InspectingClient, world: World, make: ModuleType
) -> None:
    make.settings(draft_is_public=True)
    approve_one(world, "gute Arbeit in kleinen und großen Betrieben")
    proposing.rewrite(world.section, "kurz sind", "kürzer sind")
    assert not client.get("/").has_text("Woher kommt dieser Satz?")


def test_the_number_of_the_paragraph_counts_through_the_whole_charta(
    client: InspectingClient, world: World, make: ModuleType
) -> None:
    make.settings(draft_is_public=True)
    second = proposing.section("Zweiter", "Ein Absatz.\n\nNoch einer mit einem Ende.\n")
    number = proposing.submitted(world.author, second, "einem Ende", "einem guten und offenen Ende für alle")
    service.approve(world.moderator.actor, number, **proposing.seen(number))
    assert "Randnummer 5" in client.get("/").links


def test_the_present_phase_says_what_is_possible_until_when(
    client: InspectingClient, world: World, make: ModuleType, frozen: Any
) -> None:
    make.settings(draft_is_public=True, phases=PHASES, phase=1)
    make.open_round(
        opens_at=utcnow(), closes_at=utcnow() + timedelta(days=7), editorial_at=utcnow() + timedelta(days=9),
        answer_at=utcnow() + timedelta(days=12),
    )  # fmt: skip
    page = client.get("/")
    phases = page.elements("ol", class_="ch-phases")[0]
    now = next(item for item in phases if item.get("aria-current") == "step")
    assert "Entwurf" in page.words(now)
    assert "Änderungsvorschläge bis 17. März" in page.words(now)
    assert "Heute, 10. März" in page.words(now)
    assert "Partner beschließen." in page.words(phases)


def test_the_next_date_stands_out_and_links_to_all_dates(
    client: InspectingClient, world: World, frozen: Any
) -> None:
    add(
        CalendarDate(title="Schon vorbei", starts_at=utcnow() - timedelta(days=2)),
        CalendarDate(
            title="Zukunftsforum Chemnitz", place="Chemnitz", starts_at=utcnow() + timedelta(days=1, hours=4),
            ends_at=utcnow() + timedelta(days=1, hours=8, minutes=30),
        ),
        CalendarDate(title="Kongress", starts_at=utcnow() + timedelta(days=30)),
    )  # fmt: skip
    page = client.get("/")
    band = page.words(page.elements("section", class_="ch-next")[0])
    assert band == "11 März 2026 Zukunftsforum Chemnitz Mittwoch, 14 bis 18:30 Uhr · Chemnitz"
    assert page.links["Kongress"].startswith("/termine#t")
    assert not page.has_text("Schon vorbei")


def test_news_of_tomorrow_wait_until_tomorrow(client: InspectingClient, world: World) -> None:
    add(
        NewsItem(title="Runde eröffnet", body="Ja.\n", published_at=utcnow() - timedelta(days=1)),
        NewsItem(title="Noch geheim", body="Ja.\n", published_at=utcnow() + timedelta(days=1)),
    )
    page = client.get("/")
    assert page.has_text("Runde eröffnet")
    assert not page.has_text("Noch geheim")


def test_each_field_counts_its_measures_and_open_proposals(
    client: InspectingClient, world: World, make: ModuleType
) -> None:
    make.settings(draft_is_public=True)
    lead = make.organisation("Kammer der Betriebe")
    field = make.field_of_action("Arbeit und Beschäftigung", lead_organisation_id=lead)
    make.measure("Lernfabrik", field_id=field)
    make.measure("Lotsennetz", field_id=field)
    section = proposing.section("Im Feld", field_id=field)
    proposing.submitted(world.author, section)
    page = client.get("/")
    row = next(row for row in page.elements("tr") if "Arbeit und Beschäftigung" in page.words(row))
    assert page.words(row) == "Arbeit und Beschäftigung Federführung: Kammer der Betriebe 2 1 0"


# ------------------------------------------------------------------------------------------- who sees what


def test_a_stranger_reads_no_word_of_a_draft_that_is_not_public(
    client: InspectingClient, world: World, make: ModuleType
) -> None:
    make.settings(draft_is_public=False)
    approve_one(world, "gute Arbeit in kleinen und großen Betrieben")
    page = client.get("/")
    assert not page.has_text("kleinen und großen Betrieben")
    assert main_buttons(page) == ["Anmelden und mitlesen"]
    assert "/abschnitte/" not in page.body


def test_a_person_with_an_account_reads_it(world: World, sign_in: Any) -> None:
    approve_one(world, "gute Arbeit in kleinen und großen Betrieben")
    assert sign_in("attendee").get("/").has_text("in kleinen und großen Betrieben")


def test_proposals_nobody_may_see_are_not_linked(
    client: InspectingClient, world: World, make: ModuleType
) -> None:
    make.settings(draft_is_public=True, proposals_public=ProposalsPublic.NONE)
    number = approve_one(world, "gute Arbeit in kleinen und großen Betrieben")
    page = client.get("/")
    assert page.has_text(f"Vorschlag {number}")
    assert f"/vorschlaege/{number}" not in page.body
    assert "Vorschläge ansehen" not in page.links


# --------------------------------------------------------------------------------------------- empty states


def test_without_any_account_it_says_how_to_begin(client: InspectingClient) -> None:
    page = client.get("/")
    assert page.has_text("charta init")
    assert main_buttons(page) == []


def test_without_text_a_stranger_is_asked_to_sign_in(client: InspectingClient, make: ModuleType) -> None:
    make.administrator()
    page = client.get("/")
    assert page.has_text("Hier entsteht der erste Text")
    assert main_buttons(page) == ["Anmelden"]


def test_without_text_an_administrator_sees_the_first_steps(sign_in: Any, make: ModuleType) -> None:
    make.settings(region="Südwestsachsen")
    page = sign_in(Role.ADMINISTRATOR).get("/")
    assert page.has_text("Die ersten Schritte")
    assert main_buttons(page) == ["Organisationen und Personen einladen"]
    steps = [page.words(item) for item in page.elements("ol", class_="ch-list")[0]]
    assert [("erledigt" in step, "offen" in step) for step in steps] == [
        (True, False),
        (False, True),
        (False, True),
        (False, True),
        (False, True),
    ]


def test_without_text_a_partner_reads_that_it_is_on_its_way(sign_in: Any) -> None:
    page = sign_in(Role.PARTNER).get("/")
    assert page.has_text("Hier entsteht der erste Text")
    assert main_buttons(page) == []


# ----------------------------------------------------------------------------------------------------- cost


def test_an_unchanged_page_is_not_sent_again(client: InspectingClient, world: World, frozen: Any) -> None:
    first = client.get("/")
    again = client.open("GET", "/", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status == 304
    assert again.statements <= 3, again.statements


def test_a_deed_makes_the_page_new(client: InspectingClient, world: World, make: ModuleType) -> None:
    make.settings(draft_is_public=True)
    first = client.get("/")
    approve_one(world)
    again = client.open("GET", "/", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status == 200


def test_a_message_is_shown_although_the_page_is_unchanged(sign_in: Any, world: World) -> None:
    browser = sign_in(Role.PARTNER)
    first = browser.get("/")
    assert browser.open("GET", "/", headers={"If-None-Match": first.headers["ETag"]}).status == 304
    with browser.app.app_context(), browser.browser.session_transaction() as cookie:
        cookie["_flashes"] = [("success", "Gespeichert.")]
    page = browser.open("GET", "/", headers={"If-None-Match": first.headers["ETag"]})
    assert page.status == 200
    assert page.has_text("Gespeichert.")
    assert "ETag" not in page.headers


def test_the_cost_does_not_grow_with_what_there_is(
    client: InspectingClient, world: World, make: ModuleType
) -> None:
    make.settings(draft_is_public=True)
    approve_one(world)
    few = client.get("/").statements
    for number in range(10):
        section = proposing.section(f"Abschnitt {number}", field_id=make.field_of_action())
        proposing.submitted(world.author, section)
        add(CalendarDate(title=f"Termin {number}", starts_at=utcnow() + timedelta(days=number + 1)))
    many = client.get("/").statements
    assert len(many) == len(few) <= 8, many


def test_the_question_to_all_forums_stands_there_once_it_has_a_result(
    client: InspectingClient, make: ModuleType
) -> None:
    moderator = make.moderator().actor
    first = polls.poll(halls.begin(halls.forum("Forum Zwickau")), PollMethod.SCALE, is_recurring=True)
    hall = halls.begin(halls.forum("Forum Chemnitz"))
    second = polling.prepare(moderator, hall.id, None, recurring_id=polls.again(first).recurring_id)
    polling.launch(moderator, second)
    polls.answer_all(second, polls.people(hall, 5), choice=1)
    assert not client.get("/").has_text(polls.READY)  # it still runs
    polling.stop(moderator, second)
    page = client.get("/")
    assert page.has_text("Das haben die Menschen im Saal geantwortet.")
    assert page.has_text("5 Antworten · Mittelwert 4")
    assert len(page.statements) <= 8, page.statements


def test_the_kinds_of_proposals_that_make_no_sentence_are_no_specimen(
    client: InspectingClient, world: World, make: ModuleType
) -> None:
    make.settings(draft_is_public=True)
    number = service.start(world.author.actor, kind=ProposalKind.DELETION, section_id=world.section)
    service.save_draft(world.author.actor, number, summary="Weg", reason="Doppelt.", seen_edit=0)
    service.submit(world.author.actor, number)
    proposing.section("Bleibt")
    service.approve(world.moderator.actor, number, **proposing.seen(number))
    assert not client.get("/").has_text("Woher kommt dieser Satz?")


def test_it_speaks_english(client: InspectingClient, world: World) -> None:
    client.use_language("en")
    page = client.get("/")
    assert page.status == 200
