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
from charta.comments.models import CommentProposal
from charta.comments.service import moderating
from charta.contributions.service import screening
from charta.db import transaction, utcnow
from charta.notifications.models import MailPreference, OutboxMail
from charta.permissions import Role
from charta.proposals import service
from charta.watching import worker
from tests import contributing, proposing
from tests.inspecting import InspectingClient, Page
from tests.proposing import World
from tests.talking import said
from tests.told import told

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


# ----------------------------------------------------------------------------- contributions, conversations


def test_a_question_of_the_moderation_comes_before_drafts(world: World, as_: Any) -> None:
    proposing.draft(world.attendee, world.section, summary="Mein Entwurf")
    asked, waiting = contributing.received(
        ["Mehr Lotsen für kleine Betriebe.", "Busse auch am Abend."], author_id=world.attendee.id
    )
    screening.ask(world.moderator.actor, asked, seen=contributing.version(asked), reason="Wo genau?")
    page = as_(world.attendee).get(ADDRESS)
    first, second = tasks(page)
    assert "Mehr Lotsen für kleine Betriebe." in first
    assert "Die Moderation hat eine Frage dazu." in first
    assert "Mein Entwurf" in second
    listed = items(page, "beitraege")
    assert len(listed) == 2
    assert any(
        "Busse auch am Abend." in line and "Die Moderation liest den Beitrag." in line for line in listed
    )
    assert contributing.again(waiting).code in page.text


@pytest.mark.both_databases
def test_answers_are_a_task_until_they_are_read(world: World, as_: Any) -> None:
    thread = said(world.stranger, "Ab wann gilt das?", section_id=world.section)
    answer = said(world.colleague, "Ab Januar.", thread_id=thread)
    while worker.run_due():
        pass
    browser = as_(world.stranger)
    page = browser.get(ADDRESS)
    assert page.links["1 neue Antwort in Ihren Gesprächen"] == f"/kommentare/{answer}"
    assert "1 Antwort Das Gespräch ist offen." in items(page, "kommentare")[0]
    news = page.words(page.elements("aside", aria_labelledby="neues")[0])
    assert "auf einen Kommentar zu Abschnitt 1 geantwortet." in news
    assert "Sie nehmen an diesem Gespräch teil." in news
    page = browser.submit(page.form(button="Gelesen"))
    assert page.path == ADDRESS
    assert tasks(page) == []
    assert page.has_text("Neu in der Charta")


@pytest.mark.both_databases
def test_open_conversations_about_an_own_proposal_wait_for_an_answer(world: World, as_: Any) -> None:
    number = proposing.submitted(world.author, world.section, summary="Besser werden")
    first = said(world.stranger, "Warum?", proposal_id=number)
    assert "wartet ein Gespräch auf Ihre Antwort" in tasks(as_(world.author).get(ADDRESS))[0]
    second = said(world.attendee, "Und wie?", proposal_id=number)
    (task,) = tasks(as_(world.author).get(ADDRESS))
    assert f"Zu Ihrem Vorschlag {number} warten 2 Gespräche auf Ihre Antwort." in task
    said(world.author, "Darum.", thread_id=first)
    moderating.resolve(world.author.actor, second)
    assert tasks(as_(world.author).get(ADDRESS)) == []
    assert tasks(as_(world.colleague).get(ADDRESS)) == []


@pytest.mark.both_databases
def test_own_comments_say_what_became_of_them(world: World, as_: Any) -> None:
    alone = said(world.stranger, "**Noch** allein.", section_id=world.section)
    settled = said(world.stranger, "Schon geklärt.", section_id=world.section)
    moderating.resolve(world.stranger.actor, settled)
    hidden = said(world.stranger, "Zu laut.", section_id=world.section)
    moderating.hide(world.moderator.actor, hidden, reason="Ton.")
    taken_up = said(world.stranger, "Das gehört geändert.", section_id=world.section)
    number = proposing.submitted(world.author, world.section)
    with transaction() as tx:
        tx.session.add(CommentProposal(comment_id=taken_up, proposal_id=number, at=tx.now))
    page = as_(world.stranger).get(ADDRESS)
    lines = items(page, "kommentare")
    assert [line.split(".")[0] for line in lines] == [
        "Das gehört geändert",
        "Zu laut",
        "Schon geklärt",
        "Noch allein",
    ]
    assert f"Vorschlag {number} antwortet darauf. Die Entscheidung steht noch aus." in lines[0]
    assert "Ausgeblendet" in lines[1]
    assert "Erledigt" in lines[2]
    assert "Noch keine Antwort" in lines[3]
    assert page.links["Noch allein."] == f"/kommentare/{alone}"
    service.approve(world.moderator.actor, number, **proposing.seen(number))
    assert "in die Charta übernommen" in items(as_(world.stranger).get(ADDRESS), "kommentare")[0]
    assert items(as_(world.colleague).get(ADDRESS), "kommentare") == []


def test_nobody_reads_here_what_a_draft_makes_of_a_comment(world: World, as_: Any) -> None:
    comment = said(world.stranger, section_id=world.section)
    number = proposing.draft(world.author, world.section)
    with transaction() as tx:
        tx.session.add(CommentProposal(comment_id=comment, proposal_id=number, at=tx.now))
    assert "Noch keine Antwort" in items(as_(world.stranger).get(ADDRESS), "kommentare")[0]


def test_who_joined_by_code_only_is_told_how_to_keep_the_account(world: World, as_: Any) -> None:
    assert not as_(world.attendee).get(ADDRESS).has_text("Ihr Zugang gilt nur auf diesem Gerät")
    with transaction() as tx:
        person = tx.lock(Person, world.attendee.id)
        assert person is not None
        person.email = None
    page = as_(world.attendee).get(ADDRESS)
    assert page.has_text("Ihr Zugang gilt nur auf diesem Gerät")
    assert page.has_text("Gerade wartet nichts auf Sie")
    assert page.links["Konto behalten"]


def test_an_address_that_refuses_mail_is_named(world: World, as_: Any) -> None:
    with transaction() as tx:
        tx.session.add(MailPreference(person_id=world.author.id, bounced_at=tx.now))
    page = as_(world.author).get(ADDRESS)
    assert page.has_text("Ihre E-Mails kommen nicht an")
    assert world.author.email in page.text
    assert page.links["Adresse prüfen"] == "/konto/mails"


# ------------------------------------------------------------------------------- moderators, administrators


@pytest.mark.both_databases
def test_reported_comments_wait_for_the_moderation(world: World, as_: Any) -> None:
    comment = said(world.stranger, section_id=world.section)
    moderating.report(world.colleague.actor, comment, reason="Ton")
    page = as_(world.moderator).get(ADDRESS)
    assert page.links["1 gemeldeter Kommentar"] == "/moderation/kommentare"
    moderating.settle_all(world.moderator.actor, [comment])
    assert tasks(as_(world.moderator).get(ADDRESS)) == []


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
def test_the_cost_does_not_grow_with_what_there_is(world: World, as_: Any, role: Role) -> None:
    who = world.author if role is Role.PARTNER else world.moderator

    def more(section: int) -> None:
        number = proposing.submitted(world.author, section)
        service.take_on(world.moderator.actor, number)
        contributing.received(author_id=who.id)
        said(world.stranger, thread_id=said(who, proposal_id=number))
        said(world.stranger, proposal_id=number)
        told(who, "submit_proposal", number)

    more(world.section)
    small = as_(who).get(ADDRESS).statements
    for number in range(10):
        more(proposing.section(f"Abschnitt {number}"))
        proposing.draft(world.author, proposing.section(f"Entwurf {number}"))
    large = as_(who).get(ADDRESS).statements
    assert len(large) == len(small) <= 8, large
