# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a person was told: the number at the bell, the list by day, marking as read."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from charta.activity.queries import log_position
from charta.comments.service import moderating
from charta.db import session, transaction
from charta.notifications.models import Notice
from charta.notifications.rules import NoticeReason
from tests import factories, proposing
from tests.factories import Account
from tests.inspecting import InspectingClient, Page
from tests.proposing import World
from tests.talking import said
from tests.told import told, unread_of

pytestmark = pytest.mark.both_databases

ADDRESS = "/mein-bereich/nachrichten"
AsPerson = Callable[[Account], InspectingClient]


@pytest.fixture
def world(app: Flask) -> World:
    return proposing.world(attendees_may_comment=True)


@pytest.fixture
def as_(new_client: Callable[[], InspectingClient]) -> AsPerson:
    return lambda account: new_client().sign_in(account)


def proposed(world: World, number: int = 0) -> int:
    section = proposing.section(f"Abschnitt {number}") if number else world.section
    return proposing.submitted(world.author, section, summary=f"Besser werden {number}")


def bell(page: Page) -> str:
    """Return what the bell in the head of a page says to a screen reader."""
    return str(page.elements("a", class_="ch-bell")[0].get("aria-label"))


def shown(page: Page) -> list[str]:
    return [page.words(item) for item in page.elements("li", data_notice="")]


def test_the_bell_counts_what_one_has_not_read(world: World, as_: AsPerson, client: InspectingClient) -> None:
    number = proposed(world)
    told(world.stranger, "submit_proposal", number)
    browser = as_(world.stranger)
    for path in ("/", "/charta", ADDRESS):
        page = browser.get(path)
        assert bell(page) == "Nachrichten, 1 ungelesen"
    assert bell(as_(world.colleague).get("/charta")) == "Nachrichten, alle gelesen"
    assert client.get("/").elements("a", class_="ch-bell") == []


def test_the_bell_stops_counting_at_ninety_nine(world: World, as_: AsPerson) -> None:
    with transaction() as tx:
        tx.session.add_all(
            Notice(
                person_id=world.stranger.id,
                seq=10_000 + number,
                reason=NoticeReason.WATCHED,
                watched_kind="section",
                watched_id=1,
                created_at=tx.now,
            )
            for number in range(120)
        )
    browser = as_(world.stranger)
    assert bell(browser.get("/charta")) == "Nachrichten, 99+ ungelesen"
    assert browser.get(ADDRESS).has_text("Mehr als 99 Nachrichten sind ungelesen.")


def test_a_page_kept_by_the_browser_is_not_shown_with_an_old_number(world: World, as_: AsPerson) -> None:
    browser = as_(world.stranger)
    tag = browser.get("/charta").headers.get("ETag")
    number = proposed(world)
    told(world.stranger, "submit_proposal", number)
    if tag:
        assert browser.get("/charta").headers.get("ETag") != tag


def test_the_list_says_what_happened_and_why_one_hears_of_it(world: World, as_: AsPerson) -> None:
    number = proposed(world)
    told(world.stranger, "submit_proposal", number, watched=("section", world.section))
    comment = said(world.colleague, proposal_id=number)
    told(world.stranger, "write_comment", comment, is_read=True, reason=NoticeReason.MENTIONED)
    page = as_(world.stranger).get(ADDRESS)
    newest, oldest = shown(page)
    assert f"zu Vorschlag {number} kommentiert." in newest
    assert "Neu" not in newest
    assert f"Neu Kammer Chemnitz hat Vorschlag {number} eingereicht." in oldest
    assert "Sie beobachten den Abschnitt „1 Gute Arbeit“." in oldest
    assert page.has_text("1 Nachricht ist ungelesen.")
    assert page.links[f"Vorschlag {number}"]


def test_looking_at_the_list_marks_nothing_the_button_does(world: World, as_: AsPerson) -> None:
    number = proposed(world)
    first = told(world.stranger, "submit_proposal", number)
    second = told(world.stranger, "write_comment", said(world.colleague, proposal_id=number))
    browser = as_(world.stranger)
    page = browser.get(f"{ADDRESS}?nur=ungelesen")
    assert unread_of(world.stranger) == [first, second]
    page = browser.submit(page.form(action=f"{ADDRESS}/{first}/gelesen"))
    assert page.url.endswith(f"{ADDRESS}?nur=ungelesen")
    assert unread_of(world.stranger) == [second]
    assert len(shown(page)) == 1
    page = browser.submit(page.form(action=f"{ADDRESS}/gelesen"))
    assert unread_of(world.stranger) == []
    assert page.has_text("Nichts ungelesen")
    assert len(shown(browser.get(ADDRESS))) == 2


def test_all_read_leaves_what_came_in_meanwhile(world: World, as_: AsPerson) -> None:
    number = proposed(world)
    told(world.stranger, "submit_proposal", number)
    browser = as_(world.stranger)
    page = browser.get(ADDRESS)
    later = told(world.stranger, "write_comment", said(world.colleague, proposal_id=number))
    browser.submit(page.form(action=f"{ADDRESS}/gelesen"))
    assert unread_of(world.stranger) == [later]


def test_nobody_reads_or_marks_the_notices_of_others(world: World, as_: AsPerson) -> None:
    number = proposed(world)
    notice = told(world.stranger, "submit_proposal", number)
    browser = as_(world.colleague)
    page = browser.get(ADDRESS)
    assert page.has_text("Noch keine Nachrichten")
    for path in (f"{ADDRESS}/{notice}/gelesen", f"{ADDRESS}/999999/gelesen", f"{ADDRESS}/gelesen"):
        browser.post(path, {"bis": "99999999"})
    assert unread_of(world.stranger) == [notice]


def test_what_may_not_be_seen_any_more_tells_nothing(world: World, as_: AsPerson) -> None:
    comment = said(world.colleague, "Ganz geheime Worte.", section_id=world.section)
    told(world.stranger, "write_comment", comment)
    moderating.hide(world.moderator.actor, comment, reason="Beleidigend.")
    page = as_(world.stranger).get(ADDRESS)
    (line,) = shown(page)
    assert "Worum es hier ging, ist nicht mehr zu sehen." in line
    assert "kommentiert" not in line
    assert "Gelesen" in line


def test_an_attendee_reads_of_no_proposal_that_is_not_theirs_to_read(
    world: World, as_: AsPerson, make: Any
) -> None:
    make.settings(attendees_see_proposals=False)
    number = proposed(world)
    told(world.attendee, "submit_proposal", number)
    page = as_(world.attendee).get(ADDRESS)
    assert not page.has_text("eingereicht")
    assert page.has_text("nicht mehr zu sehen")


def test_the_list_goes_on_by_key_and_costs_the_same(world: World, as_: AsPerson) -> None:
    number = proposed(world)
    told(world.stranger, "submit_proposal", number)
    browser = as_(world.stranger)
    small = browser.get(ADDRESS).statements
    for _each in range(52):
        told(world.stranger, "write_comment", said(world.colleague, proposal_id=number))
    page = browser.get(ADDRESS)
    assert len(page.statements) == len(small) <= 4, page.statements
    assert len(shown(page)) == 50
    rest = browser.get(page.links["Weiter"])
    assert len(shown(rest)) == 3
    assert "Alle gelesen" not in rest.main_text
    assert len(rest.statements) == len(small)


def test_reading_leaves_no_trace_in_the_log(world: World, as_: AsPerson) -> None:
    told(world.stranger, "submit_proposal", proposed(world))
    browser = as_(world.stranger)
    page = browser.get(ADDRESS)
    before = log_position()
    session.rollback()
    browser.submit(page.form(action=f"{ADDRESS}/gelesen"))
    assert log_position() == before


def test_a_hidden_comment_names_no_proposal_that_is_not_to_be_seen_any_more(
    world: World, as_: AsPerson
) -> None:
    factories.settings(attendees_see_proposals=True)
    comment = said(world.attendee, proposal_id=proposed(world))
    factories.settings(attendees_see_proposals=False)
    moderating.hide(world.moderator.actor, comment, reason="Werbung.")
    told(world.attendee, "hide_comment", comment, watched=("comment", comment))
    page = as_(world.attendee).get(ADDRESS)
    assert page.has_text("Worum es hier ging, ist nicht mehr zu sehen.")
    assert "Besser werden" not in page.text
