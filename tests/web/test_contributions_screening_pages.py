# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of the screening desk, the topics and the prepared answers, without a script."""

from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from charta.contributions.models import Contribution
from charta.contributions.rules import CannedFor, Kind, State
from charta.contributions.service import canned, replying, screening, topics
from charta.db import session
from tests import contributing
from tests.contributing import accepted, again, received, seen
from tests.inspecting import InspectingClient, Page

DESK, BOARD, CANNED = "/moderation/beitraege", "/moderation/themen", "/moderation/antworten"


@pytest.fixture
def moderator(app: Flask, sign_in: Any) -> InspectingClient:
    return sign_in("moderator")  # type: ignore[no-any-return]


def listed(page: Page) -> list[int]:
    return [int(link.get("data-number", "0")) for link in page.elements("a", class_="ch-q")]


def opened(page: Page) -> str:
    found = [element for element in page.elements("h2") if element.get("id") == "beitrag"]
    return page.words(found[0]) if found else ""


def decision(page: Page, ident: int) -> Any:
    return next(form for form in page.forms if form.action.split("?")[0] == f"{DESK}/{ident}")


@pytest.mark.parametrize("role", ["attendee", "partner", "administrator"])
def test_only_moderators_see_the_desk(app: Flask, sign_in: Any, role: str) -> None:
    [ident] = received()
    client = sign_in(role)
    for address in (
        DESK, f"{DESK}/tasten", f"{DESK}/{ident}/aufteilen", f"{DESK}/{ident}/worte-entfernen", BOARD, CANNED,
    ):  # fmt: skip
        client.get(address, status=403)
    client.post(f"{DESK}/{ident}", {"tat": "aufnehmen", "seen": "1"}, status=403)
    assert contributing.state(ident) is State.RECEIVED


def test_an_empty_desk_says_what_will_appear(moderator: InspectingClient) -> None:
    page = moderator.get(DESK)
    assert page.has_text("Alles ist gesichtet")
    assert moderator.get(BOARD).has_text("Kein Beitrag ist mehr ohne Thema")
    assert moderator.get(CANNED).has_text("Noch keine.")


@pytest.mark.both_databases
def test_the_switch_leads_to_every_queue_with_its_number(moderator: InspectingClient) -> None:
    received(["Mehr Busse am Abend.", "Ein Nachtbus wäre gut."])
    for address in ("/moderation", DESK, BOARD):
        page = moderator.get(address)
        assert page.links["Beiträge 2"] == DESK
        assert page.links["Themen 0"] == BOARD
        assert page.links["Vorschläge 0"] == "/moderation"


def test_accepting_opens_the_next_and_can_be_taken_back(
    make: ModuleType, moderator: InspectingClient
) -> None:
    field = make.field_of_action()
    first, second, third = received([f"Beitrag Nummer {n} über Busse." for n in (1, 2, 3)])
    page = moderator.get(DESK)
    assert listed(page) == [first, second, third]
    page = moderator.submit(
        decision(page, first), "Aufnehmen", field=field, kind="need", title="Busse", reason=""
    )
    assert opened(page) == "Beitrag Nummer 2 über Busse."
    assert listed(page) == [second, third]
    row = again(first)
    assert (row.state, row.field_id, row.kind, row.title) == (State.ACCEPTED, field, Kind.NEED, "Busse")
    page = moderator.submit(page.form("zurueck"), "zurücknehmen")
    assert contributing.state(first) is State.RECEIVED
    assert opened(page) == "Busse"


def test_declining_needs_a_reason_and_keeps_what_was_typed(moderator: InspectingClient) -> None:
    [ident] = received()
    page = moderator.submit(
        decision(moderator.get(DESK), ident), "Nicht aufnehmen", title="Mein Titel", status=422
    )
    assert page.errors
    assert decision(page, ident).fields["title"] == ["Mein Titel"]
    page = moderator.submit(decision(page, ident), "Nicht aufnehmen", reason="Steht schon da.", hide="y")
    assert again(ident).is_hidden
    page = moderator.get(f"{DESK}?stand=nicht")
    assert page.has_text("Worte nicht öffentlich")
    assert page.has_text("Steht schon da.")


def test_who_was_asked_and_answered_stands_out(make: ModuleType, moderator: InspectingClient) -> None:
    author = make.attendee()
    [ident] = received(author_id=author.id)
    screening.ask(make.moderator().actor, ident, seen=1, reason="Welche Betriebe meinen Sie?")
    replying.reply(author.actor, again(ident).code, text="Die mit weniger als 50 Leuten.")
    page = moderator.get(DESK)
    assert page.has_text("hat geantwortet")
    assert page.has_text("Die mit weniger als 50 Leuten.")


def test_an_answer_without_words_is_asked_for_beside_the_field(moderator: InspectingClient) -> None:
    [ident] = received()
    page = moderator.submit(decision(moderator.get(DESK), ident), "Beantworten", reason=" ", status=422)
    assert page.errors == ["Bitte füllen Sie dieses Feld aus."]
    page = moderator.submit(decision(page, ident), "Beantworten", reason="Das steht in Maßnahme 3.")
    assert again(ident).answer == "Das steht in Maßnahme 3."


def test_words_typed_while_accepting_are_not_dropped_in_silence(moderator: InspectingClient) -> None:
    [ident] = received()
    page = moderator.get(DESK)
    page = moderator.submit(decision(page, ident), "Aufnehmen", reason="Danke!", title="Titel", status=422)
    assert decision(page, ident).fields["reason"] == ["Danke!"]
    moderator.submit(decision(page, ident), "Beantworten")
    assert (again(ident).answer, again(ident).title) == ("Danke!", "Titel")


def test_a_stale_page_says_so_and_keeps_the_reason(make: ModuleType, moderator: InspectingClient) -> None:
    [ident] = received()
    page = moderator.get(DESK)
    screening.accept(make.moderator().actor, ident, seen=1)
    page = moderator.submit(decision(page, ident), "Nachfragen", reason="Wie meinen Sie das?", status=409)
    assert page.errors
    assert decision(page, ident).fields["reason"] == ["Wie meinen Sie das?"]


@pytest.mark.both_databases
def test_filters_narrow_the_list(make: ModuleType, moderator: InspectingClient) -> None:
    field = make.field_of_action()
    [plain] = received("Ein Beitrag über Busse.")
    [sorted_] = received("Ein Beitrag über Lotsen.", field_id=field, kind=Kind.NEED)
    [asked] = received("Etwas Unklares.", forum_id=contributing.forum("Zukunftsforum Chemnitz"))
    screening.ask(make.moderator().actor, asked, seen=1, reason="Was meinen Sie?")
    for query, wanted in {
        "": [plain, sorted_],
        "?feld=1": [sorted_],
        "?feld=ohne": [plain],
        "?art=need": [sorted_],
        "?art=offen": [plain],
        "?stand=rueckfrage": [asked],
        f"?stand=alle&forum={contributing.forum('Zukunftsforum Chemnitz')}": [asked],
        "?suche=Lotsen": [sorted_],
        "?sortierung=neueste": [sorted_, plain],
        "?bei=mir": [],
        "?stand=alle&ohne=thema": [plain, sorted_, asked],
        "?stand=Unsinn&feld=x&forum=y&ab=z&nr=": [plain, sorted_],
    }.items():
        assert listed(moderator.get(DESK + query)) == wanted, query
    moderator.get(f"{DESK}?nr=4711", status=404)


def test_one_of_another_pile_opens_by_its_number(make: ModuleType, moderator: InspectingClient) -> None:
    [done], [waiting] = accepted("Ein erledigter Beitrag."), received("Ein neuer Beitrag.")
    page = moderator.get(f"{DESK}?nr={done}")
    assert opened(page) == "Ein erledigter Beitrag."
    assert listed(page) == [waiting]
    # Coming from a deed, what somebody else did meanwhile is passed over.
    assert opened(moderator.get(f"{DESK}?nr={done}&nach=0")) == "Ein neuer Beitrag."


def test_many_pages_by_key(moderator: InspectingClient) -> None:
    ids = received([f"Beitrag Nummer {n} von vielen." for n in range(60)])
    page = moderator.get(DESK)
    assert listed(page) == ids[:50]
    assert listed(moderator.click("Weitere anzeigen")) == ids[50:]


def test_ticked_ones_are_done_together_with_each_result(
    make: ModuleType, moderator: InspectingClient
) -> None:
    ids = received([f"Beitrag Nummer {n} über Busse." for n in (1, 2, 3)])
    page = moderator.get(DESK)
    screening.decline(make.moderator().actor, ids[2], seen=1, reason="Nein.")
    page = moderator.submit(
        page.form("gemeinsam"), "Bündeln", auswahl=[f"{ident}:1" for ident in ids], topic="Nahverkehr"
    )
    assert page.has_text("2 Beiträge sind gebündelt.")
    assert page.has_text(f"Unverändert: {again(ids[2]).code}.")
    assert again(ids[0]).topic_id == again(ids[1]).topic_id is not None
    page = moderator.submit(page.form("zurueck"), "zurücknehmen")
    assert again(ids[0]).topic_id is None
    moderator.post(f"{DESK}/gemeinsam", {"tat": "aufnehmen"})
    assert moderator.page is not None
    assert moderator.page.has_text("Bitte wählen Sie mindestens einen Beitrag.")


@pytest.mark.both_databases
def test_similar_ones_are_offered_to_merge_and_their_topic_to_bundle(
    make: ModuleType, moderator: InspectingClient
) -> None:
    actor = make.moderator().actor
    [known] = accepted("Kleine Zulieferer brauchen Begleitung bei der Umstellung der Fertigung.")
    topic, _ = topics.create(actor, title="Begleitung kleiner Betriebe", items=seen([known]))
    first, second = received(
        [
            "Kleine Zulieferer brauchen Begleitung bei der Umstellung der Fertigung auf neue Teile.",
            "Die Zulieferer brauchen bei der Umstellung ihrer Fertigung eine Begleitung.",
        ]
    )
    page = moderator.get(DESK)
    page = moderator.submit(page.form("zusammenlegen"), "Damit zusammenlegen")
    assert again(first).merged_into_id == known
    page = moderator.submit(page.form(f"{second}/thema"), "Begleitung kleiner Betriebe")
    assert again(second).topic_id == topic
    assert page.has_text("gehört zum Thema „Begleitung kleiner Betriebe“.")
    page = moderator.get(f"{DESK}?stand=zusammen&nr={first}")
    moderator.submit(decision(page, first), "Wieder trennen")
    assert contributing.state(first) is State.ACCEPTED


def test_ticked_ones_are_merged_with_the_open_one(moderator: InspectingClient) -> None:
    first, second, third = received(["Mehr Busse.", "Mehr Busse abends.", "Mehr Busse am Abend."])
    page = moderator.get(f"{DESK}?nr={third}")
    ticked = [f"{ident}:1" for ident in (first, second, third)]
    page = moderator.submit(page.form("gemeinsam"), f"Mit {again(third).code}", auswahl=ticked)
    assert page.has_text("2 Beiträge sind zusammengelegt.")
    assert again(first).merged_into_id == again(second).merged_into_id == third
    assert contributing.state(third) is State.ACCEPTED


def test_merging_a_merged_one_again_says_why_not(make: ModuleType, moderator: InspectingClient) -> None:
    [known], [double] = accepted("Mehr Busse am Abend."), accepted("Mehr Busse abends.")
    moderator.get(f"{DESK}?nr={double}")
    data = {"seen": "2", "mit": str(known)}
    moderator.post(f"{DESK}/{double}/zusammenlegen", data)
    page = moderator.post(f"{DESK}/{double}/zusammenlegen", data | {"seen": "3"}, status=409)
    assert page.errors == ["Dieser Beitrag ist schon mit einem anderen zusammengelegt."]
    page = moderator.post(f"{DESK}/{known}/zusammenlegen", {"seen": "3", "mit": str(double)}, status=422)
    assert "Beides ist dasselbe" in page.errors[0]


def test_splitting_on_its_own_page(moderator: InspectingClient) -> None:
    [ident] = received("Wir brauchen Lotsen.\n\nUnd mehr Busse.")
    page = moderator.get(f"{DESK}/{ident}/aufteilen")
    form = page.form(button="Noch ein Teil")
    assert form.fields["teil"][:2] == ["Wir brauchen Lotsen.", "Und mehr Busse."]
    page = moderator.submit(form, "Aufteilen", teil=["Nur einer.", "", ""], status=422)
    assert page.errors == ["Bitte schreiben Sie mindestens 2 Teile."]
    moderator.submit(form, "Aufteilen")
    assert contributing.state(ident) is State.SPLIT


def test_taking_words_out_on_its_own_page(moderator: InspectingClient) -> None:
    [ident] = received("Herr Muster sagt, dass es an Zeit fehlt.")
    page = moderator.get(f"{DESK}/{ident}/worte-entfernen")
    page = moderator.submit(page.form(button="Worte entfernen"), phrases="Meier", reason="Name", status=422)
    assert page.errors == ["„Meier“ steht nicht im Text. Bitte schreiben Sie es genau so wie dort."]
    page = moderator.submit(page.form(button="Worte entfernen"), phrases="Muster", reason="Name")
    assert page.has_text("[hier hat die Moderation Worte entfernt]")
    assert page.has_text("Herr Muster sagt"), "moderators read all of it"
    page = moderator.get(f"{DESK}/{ident}/worte-entfernen")
    assert page.form(button="Worte entfernen").fields["phrases"] == ["Muster"]


def test_what_has_a_gap_can_be_split_and_no_part_holds_the_words(moderator: InspectingClient) -> None:
    [ident] = received("Herr Muster braucht Lotsen.\n\nUnd wir brauchen Busse.")
    page = moderator.get(f"{DESK}/{ident}/worte-entfernen")
    moderator.submit(page.form(button="Worte entfernen"), phrases="Muster", reason="Name")
    page = moderator.get(f"{DESK}/{ident}/aufteilen")
    moderator.submit(page.form(button="Noch ein Teil"), "Aufteilen")
    assert contributing.state(ident) is State.SPLIT
    parts = session.scalars(select(Contribution.text).where(Contribution.split_from_id == ident))
    assert sorted(parts) == ["Herr … braucht Lotsen.", "Und wir brauchen Busse."]


@pytest.mark.both_databases
def test_a_topic_nobody_can_have_named_is_not_found(moderator: InspectingClient) -> None:
    [ident] = accepted()
    page = moderator.post(BOARD, {"auswahl": f"{ident}:{contributing.version(ident)}", "topic": "a\0b"})
    assert page.status == 200
    assert again(ident).topic_id is None


@pytest.mark.both_databases
def test_the_board_offers_bundles_and_takes_ticked_ones(
    make: ModuleType, moderator: InspectingClient
) -> None:
    accepted(
        [
            "Kleine Zulieferer brauchen Begleitung bei der Umstellung der Fertigung.",
            "Zulieferer brauchen Begleitung, wenn sie die Fertigung umstellen.",
            "Die Umstellung der Fertigung bei Zulieferern braucht Begleitung.",
        ]
    )
    [loose] = accepted("Ein Nachtbus nach Zwickau.")
    page = moderator.get(BOARD)
    assert page.has_text("Vorgeschlagene Bündel")
    page = moderator.submit(page.form(button="Annehmen"), topic="Begleitung")
    assert page.has_text("Beiträge sind gebündelt.")
    page = moderator.submit(page.form(button="Hierher"), "Hierher", auswahl=[f"{loose}:2"])
    assert again(loose).topic_id is not None
    assert page.has_text("Kein Beitrag ist mehr ohne Thema")


@pytest.mark.both_databases
def test_a_topic_is_answered_and_the_next_one_opens(make: ModuleType, moderator: InspectingClient) -> None:
    actor = make.moderator().actor
    [one], [two] = accepted("Mehr Busse am Abend."), accepted("Mehr Lotsen im Betrieb.")
    first, _ = topics.create(actor, title="Busse", items=seen([one]))
    second, _ = topics.create(actor, title="Lotsen", items=seen([two]))
    canned.create(actor, purpose=CannedFor.ANSWER, title="Aufgegriffen", text="Das greifen wir auf.")
    page = moderator.get(f"{BOARD}/{second}")
    page = moderator.submit(page.form(button="Alle beantworten"), answer=" ", status=422)
    page = moderator.submit(page.form(button="Alle beantworten"), answer="Kommt in Maßnahme 3.")
    assert page.h1 == "Busse"
    page = moderator.submit(page.form(f"{one}/antwort"), answer="Ihr Satz steht in Maßnahme 3.")
    assert again(one).answer == "Ihr Satz steht in Maßnahme 3."
    page = moderator.submit(page.form(button="Speichern"), title="Nahverkehr", text="", field="")
    assert page.h1 == "Nahverkehr"
    page = moderator.submit(page.form("zustaendig"), "Ich kümmere mich")
    page = moderator.submit(
        page.form(button="Verschieben"),
        "Verschieben",
        auswahl=[f"{one}:{again(one).version}"],
        topic="lotsen",
    )
    assert again(one).topic_id == second
    page = moderator.submit(page.form("zusammenlegen"), thema=second)
    assert page.h1 == "Lotsen"
    assert moderator.get(f"{BOARD}/{first}").path == f"{BOARD}/{second}"


def test_prepared_answers_are_edited_and_offered(moderator: InspectingClient) -> None:
    page = moderator.get(CANNED)
    page = moderator.submit(
        page.form(button="Speichern"), purpose="decline", title="", text="Danke.", status=422
    )
    page = moderator.submit(page.form(button="Speichern"), purpose="decline", title="Schon da", text="Danke.")
    page = moderator.click("Ändern")
    page = moderator.submit(page.form(button="Speichern"), title="Steht schon da")
    received()
    assert moderator.get(DESK).has_text("Steht schon da")
    page = moderator.get(CANNED)
    page = moderator.submit(page.form("platz"), "Löschen")
    assert not page.has_text("Steht schon da")
