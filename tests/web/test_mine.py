# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Mein Bereich: what waits for a person, by role; what became of the own proposals; what is new."""

from collections.abc import Callable
from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest
from flask import Flask

from charta.accounts import service as accounts
from charta.accounts.models import Person
from charta.accounts.rules import TokenPurpose
from charta.db import transaction, utcnow
from charta.notifications.models import OutboxMail
from charta.permissions import Role
from charta.proposals import service
from tests import proposing
from tests.inspecting import InspectingClient, Page
from tests.proposing import World

ADDRESS = "/mein-bereich"


@pytest.fixture
def world(app: Flask) -> World:
    return proposing.world()


@pytest.fixture
def as_(new_client: Callable[[], InspectingClient]) -> Callable[..., InspectingClient]:
    return lambda account: new_client().sign_in(account)


def tasks(page: Page) -> list[str]:
    """Return the words of each task."""
    return items(page, "aufgaben")


def own(page: Page) -> list[str]:
    """Return the words of each line of „Meine Vorschläge“."""
    return items(page, "eigene")


def items(page: Page, label: str) -> list[str]:
    section = page.elements("section", aria_labelledby=label)
    if not section:
        return []
    return [page.words(item) for item in section[0].iter("li")]


# ------------------------------------------------------------------------------------------------- partners


def test_nobody_sees_it_without_an_account(client: InspectingClient) -> None:
    assert client.get(ADDRESS).path == "/anmelden"


def test_a_partner_without_tasks_reads_until_when_changes_are_possible(world: World, as_: Any) -> None:
    page = as_(world.author).get(ADDRESS)
    assert page.has_text("Gerade wartet nichts auf Sie")
    assert page.has_text("Änderungen können Sie bis")
    assert page.links["Text lesen und Änderung vorschlagen"] == "/charta"
    assert page.has_text("Was Sie einreichen, steht hier mit seinem Stand")


def test_between_rounds_nobody_is_asked_to_propose(app: Flask, make: ModuleType, sign_in: Any) -> None:
    make.closed_round()
    page = sign_in(Role.PARTNER).get(ADDRESS)
    assert "Text lesen und Änderung vorschlagen" not in page.links
    assert page.links["Arbeitsfassung lesen"] == "/charta"


def test_an_own_draft_waits_to_be_handed_in(world: World, as_: Any) -> None:
    number = proposing.draft(world.author, world.section, summary="Besser werden")
    page = as_(world.author).get(ADDRESS)
    assert len(tasks(page)) == 1
    assert "Entwurf" in tasks(page)[0]
    assert "Einreichen ist bis" in tasks(page)[0]
    assert page.links["Besser werden"] == f"/vorschlaege/{number}/bearbeiten"


def test_a_draft_without_a_summary_can_be_found_too(world: World, as_: Any) -> None:
    proposing.draft(world.author, world.section, summary="")
    assert "Noch ohne Zusammenfassung" in as_(world.author).get(ADDRESS).links


def test_a_shared_draft_is_a_task_of_the_colleagues_only(world: World, as_: Any) -> None:
    number = proposing.draft(world.author, world.section)
    assert tasks(as_(world.colleague).get(ADDRESS)) == []
    service.share(world.author.actor, number)
    assert "Mit Ihnen geteilt" in tasks(as_(world.colleague).get(ADDRESS))[0]
    assert tasks(as_(world.stranger).get(ADDRESS)) == []


def test_a_request_for_changes_is_a_task_with_a_date(world: World, as_: Any) -> None:
    number = proposing.submitted(world.author, world.section)
    service.request_changes(world.moderator.actor, number, seen_version=1, reason="Bitte genauer.")
    found = tasks(as_(world.author).get(ADDRESS))
    assert len(found) == 1
    assert "Überarbeitung erbeten" in found[0]
    assert "Redaktionsschluss ist am" in found[0]


def test_an_overlap_asks_the_author_for_help(world: World, as_: Any) -> None:
    proposing.submitted(world.author, world.section, "gute Arbeit", "sehr gute Arbeit")
    rival = proposing.submitted(world.stranger, world.section, "gute Arbeit", "gesunde Arbeit")
    service.approve(world.moderator.actor, rival, **proposing.seen(rival))
    found = tasks(as_(world.author).get(ADDRESS))
    assert len(found) == 1
    assert "Ihre Hilfe ist nötig" in found[0]


def test_an_adapted_version_asks_until_when(world: World, as_: Any) -> None:
    number = proposing.submitted(world.author, world.section)
    service.adapt(
        world.moderator.actor,
        number,
        **proposing.seen(number),
        title="Gute Arbeit",
        body=proposing.BODY.replace("gute Arbeit", "ausgezeichnete Arbeit"),
        reason="Kürzer.",
    )
    found = tasks(as_(world.author).get(ADDRESS))
    assert len(found) == 1
    assert "Angepasste Fassung liegt vor" in found[0]
    assert "Bitte antworten Sie bis" in found[0]


def test_decided_proposals_say_what_became_of_them(world: World, as_: Any) -> None:
    taken = proposing.submitted(world.author, world.section, summary="Wird übernommen")
    service.approve(world.moderator.actor, taken, **proposing.seen(taken))
    refused = proposing.submitted(world.author, world.section, "früh", "sofort", summary="Wird abgelehnt")
    service.reject(world.moderator.actor, refused, **proposing.seen(refused), reason="Zu früh.")
    waiting = proposing.submitted(world.author, world.section, "2030", "2031", summary="Wartet noch")
    page = as_(world.author).get(ADDRESS)
    assert tasks(page) == []
    lines = own(page)
    assert len(lines) == 3
    assert any("Wird übernommen" in line and "Übernommen" in line for line in lines)
    assert any("Wird abgelehnt" in line and "Nicht übernommen" in line for line in lines)
    assert any("Wartet noch" in line and "Die Moderation entscheidet bis" in line for line in lines)
    assert page.links["Wartet noch"] == f"/vorschlaege/{waiting}"


def test_nobody_finds_the_proposals_of_others_here(world: World, as_: Any) -> None:
    proposing.submitted(world.author, world.section, summary="Nur meiner")
    assert not as_(world.stranger).get(ADDRESS).has_text("Nur meiner")
    assert not as_(world.colleague).get(ADDRESS).has_text("Nur meiner")


def test_news_name_the_newest_changes_with_their_proposals(world: World, as_: Any) -> None:
    number = proposing.submitted(world.author, world.section, summary="Besser werden")
    service.approve(world.moderator.actor, number, **proposing.seen(number))
    page = as_(world.attendee).get(ADDRESS)
    news = page.words(page.elements("aside", aria_labelledby="neues")[0])
    assert "Besser werden" in news
    assert page.links[f"Vorschlag {number}"] == f"/vorschlaege/{number}"


# ------------------------------------------------------------------------------- moderators, administrators


def test_a_moderator_without_work_reads_that_all_is_decided(world: World, as_: Any) -> None:
    page = as_(world.moderator).get(ADDRESS)
    assert page.has_text("Alles ist entschieden")
    assert not page.has_text("Meine Vorschläge")


def test_a_moderator_sees_how_many_wait_and_since_when(frozen: Any, world: World, as_: Any) -> None:
    proposing.submitted(world.author, world.section)
    frozen.shift(timedelta(days=3))
    proposing.submitted(world.stranger, world.section, "2030", "2031")
    page = as_(world.moderator).get(ADDRESS)
    assert page.links["2 Vorschläge zu entscheiden"] == "/moderation"
    assert page.has_text("Der älteste wartet seit dem 10. März.")


def test_overlaps_are_a_task_of_their_own(world: World, as_: Any) -> None:
    proposing.submitted(world.author, world.section, "gute Arbeit", "sehr gute Arbeit")
    rival = proposing.submitted(world.stranger, world.section, "gute Arbeit", "gesunde Arbeit")
    service.approve(world.moderator.actor, rival, **proposing.seen(rival))
    page = as_(world.moderator).get(ADDRESS)
    assert page.links["1 Überschneidung"] == "/moderation?passung=ueberschneidung"
    assert client_shows_one(as_(world.moderator).get(page.links["1 Überschneidung"]))


def client_shows_one(page: Page) -> bool:
    return len(page.elements("a", class_="ch-q")) == 1


def test_what_a_moderator_has_taken_on_is_a_task(world: World, as_: Any) -> None:
    number = proposing.submitted(world.author, world.section, summary="Besser werden")
    service.take_on(world.moderator.actor, number)
    page = as_(world.moderator).get(ADDRESS)
    assert any("von Ihnen in Arbeit" in task for task in tasks(page))
    assert page.links["Besser werden"] == f"/moderation?nr={number}"
    assert not as_(world.second).get(ADDRESS).has_text("von Ihnen in Arbeit")


def test_an_administrator_sees_open_invitations_and_mails_that_failed(
    app: Flask, make: ModuleType, sign_in: Any
) -> None:
    browser = sign_in(Role.ADMINISTRATOR)
    page = browser.get(ADDRESS)
    assert page.has_text("Gerade wartet nichts auf Sie")
    assert "Zur Verwaltung" in page.links
    invited = make.attendee()
    with transaction() as tx:
        person = tx.lock(Person, invited.id)
        assert person is not None
        person.joined_at = None
        accounts.make_token(tx, invited.id, TokenPurpose.INVITATION, created_by_id=browser.account.id)
        tx.session.add(
            OutboxMail(
                address="weg@example.org", template="invitation", locale="de", data={}, created_at=utcnow(),
                next_attempt_at=utcnow(), attempts=8, failed_at=utcnow(), last_error="refused",
            )
        )  # fmt: skip
    page = browser.get(ADDRESS)
    assert len(tasks(page)) == 2
    assert "1 E-Mail konnte nicht zugestellt werden" in page.links
    assert "1 offene Einladung" in page.links
    assert not page.has_text("Meine Vorschläge")


# ----------------------------------------------------------------------------------------------------- cost


@pytest.mark.parametrize("role", [Role.PARTNER, Role.MODERATOR])
def test_the_cost_does_not_grow_with_the_number_of_proposals(world: World, as_: Any, role: Role) -> None:
    who = world.author if role is Role.PARTNER else world.moderator
    few = [proposing.submitted(world.author, world.section)]
    service.take_on(world.moderator.actor, few[0])
    small = as_(who).get(ADDRESS).statements
    for number in range(10):
        section = proposing.section(f"Abschnitt {number}")
        made = proposing.submitted(world.author, section)
        service.take_on(world.moderator.actor, made)
        proposing.draft(world.author, proposing.section(f"Entwurf {number}"))
    large = as_(who).get(ADDRESS).statements
    assert len(large) == len(small) <= 8, large
