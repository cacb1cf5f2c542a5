# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of proposals, as people without scripts use them."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from charta.proposals import queries, service
from charta.proposals.rules import MergeState, ProposalKind, State
from charta.sections.rules import SourceKind
from charta.sections.service import add_source
from tests import factories, proposing
from tests.factories import Account
from tests.inspecting import InspectingClient, Page
from tests.proposing import BODY, World, draft, head, rewrite, seen, stored, submitted

NEW_BODY = BODY.replace("gute Arbeit", "sehr gute Arbeit")
AsPerson = Callable[[Account], InspectingClient]


@pytest.fixture
def world(app: Flask) -> World:
    return proposing.world()


@pytest.fixture
def as_(new_client: Callable[[], InspectingClient]) -> AsPerson:
    return lambda account: new_client().sign_in(account)


def marks(page: Page, tag: str) -> list[str]:
    """Return the words of the marks without what is only spoken."""
    texts = [page.words(mark) for mark in page.elements(tag)]
    spoken = {"ins": "eingefügt: ", "del": "gestrichen: "}[tag]
    return [text.removeprefix(spoken).removesuffix(" Ende.") for text in texts if text.startswith(spoken)]


def json_post(client: InspectingClient, url: str, **values: Any) -> Page:
    values.setdefault("csrf_token", client.token())
    return client.open("POST", url, data=values, headers={"Accept": "application/json"})


# ------------------------------------------------------------------------------------- the way through


def test_a_partner_changes_a_text_and_a_moderator_takes_it_over(world: World, as_: AsPerson) -> None:
    author = as_(world.author)
    page = author.get(f"/abschnitte/{world.section}/aendern")
    page = author.submit(
        page.form(field="body"),
        "Einreichen",
        body=NEW_BODY,
        summary="Die Arbeit soll sehr gut sein",
        reason="Gut reicht nicht.",
    )
    assert page.path == "/vorschlaege/1"
    assert page.h1 == "Die Arbeit soll sehr gut sein"
    assert marks(page, "ins") == ["sehr"]
    assert page.has_text("Gut reicht nicht.")
    assert page.has_text("Die Moderation entscheidet bis")

    moderator = as_(world.moderator)
    page = moderator.get("/vorschlaege/1")
    assert page.has_text("Beim Übernehmen entsteht Textstand 2.")
    page = moderator.submit(page.form("entscheiden"), "entscheiden", decision="approve")
    assert page.has_text("Vorschlag 1 ist übernommen. Textstand 2 ist entstanden.")
    assert "sehr gute Arbeit" in head(world.section).body


def test_opening_the_form_writes_nothing_and_the_first_save_makes_the_draft(
    world: World, as_: AsPerson
) -> None:
    author = as_(world.author)
    page = author.get(f"/abschnitte/{world.section}/aendern")
    assert queries.own_draft(world.author.actor, world.section, ProposalKind.CHANGE) is None
    page = author.submit(page.form(field="body"), "Entwurf speichern", body=NEW_BODY)
    assert page.path == "/vorschlaege/1/bearbeiten"
    assert page.has_text("Entwurf gespeichert.")
    assert marks(page, "ins") == ["sehr"]
    assert author.get(f"/abschnitte/{world.section}/aendern").path == "/vorschlaege/1/bearbeiten"


def test_nothing_typed_is_lost_when_something_is_missing(world: World, as_: AsPerson) -> None:
    author = as_(world.author)
    page = author.get(f"/abschnitte/{world.section}/aendern")
    page = author.submit(page.form(field="body"), "Einreichen", status=422, body=NEW_BODY, reason="Darum.")
    assert page.errors == ["Bitte füllen Sie dieses Feld aus."]
    form = page.form(field="body")
    assert "sehr gute Arbeit" in form.fields["body"][0]
    assert form.fields["reason"][0].strip() == "Darum."
    page = author.submit(form, "Einreichen", summary="Jetzt vollständig")
    assert page.path == "/vorschlaege/1"
    assert stored(1).state is State.SUBMITTED


def test_the_same_form_sent_twice_makes_one_proposal(world: World, as_: AsPerson) -> None:
    author = as_(world.author)
    form = author.get(f"/abschnitte/{world.section}/aendern").form(field="body")
    first = author.submit(form, "Einreichen", body=NEW_BODY, summary="Einmal")
    second = author.submit(form, "Einreichen", body=NEW_BODY, summary="Einmal")
    assert first.path == second.path == "/vorschlaege/1"
    assert stored(1).version == 1


@pytest.mark.parametrize(
    "field, value, sentence",
    [
        ("summary", "ä" * 201, "Der Text hat 201 Zeichen, erlaubt sind 200."),
        ("title", "ä" * 201, "Der Text hat 201 Zeichen, erlaubt sind 200."),
        ("reason", "ä" * 5001, "erlaubt sind 5.000"),
        ("body", "ä" * 100_001, "erlaubt sind 100.000"),
    ],
)
def test_over_a_limit_both_numbers_are_named_and_the_text_stays(
    world: World, as_: AsPerson, field: str, value: str, sentence: str
) -> None:
    author = as_(world.author)
    form = author.get(f"/abschnitte/{world.section}/aendern").form(field="body")
    page = author.submit(form, "Entwurf speichern", status=422, **{field: value})
    assert any(sentence in error for error in page.errors), page.errors
    assert value in page.form(field="body").fields[field][0]


def test_an_unchanged_text_is_not_handed_in(world: World, as_: AsPerson) -> None:
    author = as_(world.author)
    form = author.get(f"/abschnitte/{world.section}/aendern").form(field="body")
    page = author.submit(form, "Einreichen", status=422, summary="Nichts")
    assert "noch unverändert" in page.errors[0]


def test_one_paragraph_can_be_changed_alone(world: World, as_: AsPerson) -> None:
    author = as_(world.author)
    page = author.get(f"/abschnitte/{world.section}/aendern?absatz=2")
    form = page.form(field="body")
    assert form.fields["body"][0].strip().startswith("Bis 2030 gilt der Plan")
    page = author.submit(form, "Nächster Absatz", body="Bis 2040 gilt der Plan.\n\nEin Absatz mehr.")
    assert page.path == "/vorschlaege/1/bearbeiten"
    assert page.form(field="body").fields["body"][0].strip() == "Ein Absatz mehr."
    page = author.submit(page.form(field="body"), "Einreichen", summary="Bis 2040")
    assert "2040" in marks(page, "ins")[0]
    version = queries.version(1, 1)
    assert version is not None
    assert version.body.startswith("Die Partner fördern gute Arbeit")
    assert version.body.endswith("wenn die Wege kurz sind.\n")


def test_an_older_text_is_restored_as_a_proposal(world: World, as_: AsPerson) -> None:
    rewrite(world.section, "gute Arbeit", "schlechte Arbeit")
    author = as_(world.author)
    page = author.get(f"/abschnitte/{world.section}/aendern?ab=1")
    assert page.h1 == "Textstand 1 wiederherstellen"
    page = author.submit(page.form(field="body"), "Einreichen")
    assert marks(page, "ins") == ["gute"]
    assert author.get(f"/abschnitte/{world.section}/aendern?ab=99", status=404).status == 404


# ------------------------------------------------------------------------------------------ the script


def test_the_script_saves_while_typing(world: World, as_: AsPerson) -> None:
    author = as_(world.author)
    answer = json_post(
        author, f"/abschnitte/{world.section}/aendern", title="Gute Arbeit", body=NEW_BODY, page_key="p"
    )
    assert answer.json["number"] == 1
    assert answer.json["saved"].startswith("gespeichert ")
    again = json_post(author, answer.json["url"], title="Gute Arbeit", body=BODY, page_key="p", seen_edit="1")
    assert again.json["edit"] == 2


def test_the_script_is_told_when_a_colleague_was_quicker(world: World, as_: AsPerson) -> None:
    number = draft(world.author, world.section)
    service.share(world.author.actor, number)
    service.save_draft(world.colleague.actor, number, title="A", body="Karls Text\n", seen_edit=1)
    author = as_(world.author)
    url = f"/vorschlaege/{number}/bearbeiten"
    answer = json_post(author, url, title="A", body="Annas Text\n", seen_edit="1", page_key="x")
    assert answer.status == 409
    assert "an anderer Stelle gespeichert" in answer.json["errors"][0]
    page = author.post(
        url, {"title": "A", "body": "Annas Text\n", "seen_edit": "1", "page_key": "x"}, status=409
    )
    assert "Annas Text" in page.form(field="body").fields["body"][0]
    assert marks(page, "del")[0].startswith("Karls")
    page = author.submit(page.form(field="body"), "Entwurf speichern")
    assert "Annas Text" in page.form(field="body").fields["body"][0]


def test_the_live_comparison_writes_nothing(world: World, as_: AsPerson) -> None:
    author = as_(world.author)
    answer = json_post(
        author, "/vorschlaege/vorschau", section_id=world.section, title="Gute Arbeit", body=NEW_BODY
    )
    assert "<ins>" in answer.json["html"]
    assert not answer.statements.writes
    assert json_post(author, "/vorschlaege/vorschau", section_id="x", body="y").status == 422
    assert json_post(author, "/vorschlaege/vorschau", number=99, body="y").status == 404


def test_a_change_beyond_the_budget_of_the_comparison_says_so_everywhere(
    app: Flask, world: World, as_: AsPerson
) -> None:
    old, new = "a b " * 22_500, "b c a " * 15_000
    section_id = factories.section("Lang", old)
    words = "Sehr umfangreiche Änderung"
    author, moderator = as_(world.author), as_(world.moderator)
    answer = json_post(author, "/vorschlaege/vorschau", section_id=section_id, title="Lang", body=new)
    assert words in answer.json["html"]
    number = submitted(world.author, section_id, old.strip(), new.strip())
    for address in (
        f"/vorschlaege/{number}",
        f"/vorschlaege/{number}?ansicht=gegen",
        f"/moderation?nr={number}",
    ):
        assert moderator.get(address).has_text(words), address


def test_pasted_formatting_becomes_markdown(world: World, as_: AsPerson) -> None:
    author = as_(world.author)
    html = "<p>Gute <b>Arbeit</b><script>alert(1)</script></p><ul><li>eins</li></ul>"
    answer = json_post(author, "/text/einfuegen", html=html)
    assert (answer.status, answer.json) == (200, {"text": "Gute **Arbeit**\n\n- eins\n"})
    assert not answer.statements.writes
    assert json_post(author, "/text/einfuegen", html="x" * 200_001).status == 413
    assert json_post(author, "/text/einfuegen", html=html, csrf_token="x").status == 400
    assert json_post(as_(factories.administrator()), "/text/einfuegen", html=html).status == 403


def test_every_form_with_a_text_takes_formatted_words(world: World, as_: AsPerson) -> None:
    author = as_(world.author)
    for address in (f"/abschnitte/{world.section}/aendern", "/vorschlaege/neu/abschnitt"):
        assert 'data-paste="/text/einfuegen"' in author.get(address).body


def test_typed_markup_is_shown_as_text(world: World, as_: AsPerson) -> None:
    author = as_(world.author)
    form = author.get(f"/abschnitte/{world.section}/aendern").form(field="body")
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    page = author.submit(form, "Einreichen", body=BODY + f"\n{evil}\n", summary=evil, reason=evil)
    assert not list(page.main.iter("script"))
    assert not page.elements("img")
    assert page.h1 == evil


# -------------------------------------------------------------------------------------- who may open what


@pytest.mark.parametrize("path", ["/vorschlaege/1", "/vorschlaege/1/bearbeiten"])
def test_a_draft_does_not_exist_for_others(world: World, as_: AsPerson, path: str) -> None:
    draft(world.author, world.section)
    for other in (world.stranger, world.moderator, world.colleague):
        as_(other).get(path, status=404)
    assert as_(world.author).get(path).path == "/vorschlaege/1/bearbeiten"


def test_visitors_are_asked_to_sign_in_before_they_write(client: InspectingClient, world: World) -> None:
    page = client.get(f"/abschnitte/{world.section}/aendern")
    assert page.path == "/anmelden"


def test_outside_the_round_the_page_says_why_not(app: Flask, as_: AsPerson) -> None:
    factories.closed_round()
    section = proposing.section()
    page = as_(factories.partner()).get(f"/abschnitte/{section}/aendern", status=403)
    assert page.has_text("Zurzeit ist keine Beteiligungsrunde geöffnet.")


@pytest.mark.parametrize("deed", ["aendern", "streichen", "verschieben"])
def test_a_field_outside_the_round_is_refused_before_anything_is_typed(
    app: Flask, as_: AsPerson, deed: str
) -> None:
    factories.open_round(field_numbers=[1])
    factories.field_of_action()
    outside = proposing.section("Netze", field_id=factories.field_of_action())
    as_(factories.partner()).get(f"/abschnitte/{outside}/{deed}", status=403)
    as_(factories.moderator()).get(f"/abschnitte/{outside}/{deed}")


@pytest.mark.parametrize(
    "path",
    [
        "/abschnitte/99/aendern",
        "/abschnitte/99/streichen",
        "/abschnitte/99/verschieben",
        "/vorschlaege/99",
        "/vorschlaege/99/bearbeiten",
        "/vorschlaege/0",
        "/vorschlaege/99999999999",
    ],
)
def test_unknown_things_are_not_found(world: World, as_: AsPerson, path: str) -> None:
    as_(world.author).get(path, status=404)


def test_a_wrong_token_changes_nothing_and_gives_the_text_back(world: World, as_: AsPerson) -> None:
    author = as_(world.author)
    author.get(f"/abschnitte/{world.section}/aendern")
    page = author.post(
        f"/abschnitte/{world.section}/aendern",
        {"csrf_token": "falsch", "body": NEW_BODY, "title": "T"},
        status=400,
    )
    assert "sehr gute Arbeit" in page.body


# ---------------------------------------------------------------------------------------------- deciding


def decide(client: InspectingClient, number: int, status: int | None = None, **values: Any) -> Page:
    page = client.get(f"/vorschlaege/{number}")
    return client.submit(page.form("entscheiden"), "entscheiden", status=status, **values)


def test_no_decision_is_chosen_beforehand(world: World, as_: AsPerson) -> None:
    number = submitted(world.author, world.section)
    moderator = as_(world.moderator)
    page = moderator.get(f"/vorschlaege/{number}")
    assert "decision" not in page.form("entscheiden").fields
    page = decide(moderator, number, 422, reason="Getippt")
    assert page.errors == ["Bitte wählen Sie eine Entscheidung."]
    assert "Getippt" in page.form("entscheiden").fields["reason"][0]


@pytest.mark.parametrize("decision", ["reject", "request_changes"])
def test_turning_down_without_a_reason_is_said_at_the_field(
    world: World, as_: AsPerson, decision: str
) -> None:
    number = submitted(world.author, world.section)
    page = decide(as_(world.moderator), number, 422, decision=decision)
    assert "Bitte begründen Sie" in page.errors[0]
    page = decide(as_(world.moderator), number, decision=decision, reason="Bitte genauer.")
    assert page.has_text("Bitte genauer.")


def test_the_slower_moderator_is_told_and_keeps_the_reason(world: World, as_: AsPerson) -> None:
    number = submitted(world.author, world.section)
    slow = as_(world.second)
    form = slow.get(f"/vorschlaege/{number}").form("entscheiden")
    service.reject(world.moderator.actor, number, seen_version=1, reason="Schneller")
    page = slow.submit(form, "entscheiden", status=409, decision="approve", reason="Meine Begründung")
    assert page.has_text("Über den Vorschlag ist schon entschieden")
    assert "Meine Begründung" in page.body


def test_a_text_that_moved_on_is_shown_before_it_is_decided(world: World, as_: AsPerson) -> None:
    number = submitted(world.author, world.section)
    moderator = as_(world.moderator)
    form = moderator.get(f"/vorschlaege/{number}").form("entscheiden")
    rewrite(world.section, "Junge Menschen", "Viele Menschen")
    page = moderator.submit(form, "entscheiden", status=409, decision="approve", reason="Gut")
    assert "Inzwischen hat jemand anderes" in page.errors[0]
    again = page.form("entscheiden")
    assert again.fields["seen_head"] == ["2"]
    assert "decision" not in again.fields
    page = moderator.submit(again, "entscheiden", decision="approve")
    assert page.has_text("Textstand 3 ist entstanden.")


def test_the_author_reads_why_there_is_nothing_to_decide(world: World, as_: AsPerson) -> None:
    number = submitted(world.moderator, world.section)
    page = as_(world.moderator).get(f"/vorschlaege/{number}")
    assert page.has_text("Über den eigenen Vorschlag entscheidet immer eine zweite Person.")
    assert not [form for form in page.forms if "entscheiden" in form.action]
    answer = as_(world.moderator).post(
        f"/vorschlaege/{number}/entscheiden",
        {"decision": "approve", "seen_version": 1, "seen_head": 1},
        status=403,
    )
    assert answer.has_text("zweite Person")


def test_an_overlap_leads_to_its_page(world: World, as_: AsPerson) -> None:
    number = submitted(world.author, world.section)
    rewrite(world.section, "gute Arbeit", "faire Arbeit")
    page = as_(world.author).get(f"/vorschlaege/{number}")
    assert page.has_text("Ihre Hilfe ist nötig")
    assert "Überschneidung auflösen" in page.links
    page = as_(world.moderator).get(f"/vorschlaege/{number}")
    assert page.has_text("Überschneidet sich mit dem aktuellen Text")
    assert not page.has_text("Ihre Hilfe ist nötig")
    page = decide(as_(world.moderator), number, 409, decision="approve")
    assert "überschneidet sich" in page.errors[0]
    page = as_(world.stranger).get(f"/vorschlaege/{number}")
    assert "Überschneidung auflösen" not in page.links


def test_a_proposal_is_adapted_and_its_author_agrees(world: World, as_: AsPerson) -> None:
    number = submitted(world.author, world.section)
    moderator = as_(world.moderator)
    page = decide(moderator, number, decision="adapt", reason="Noch klarer")
    assert page.h1 == "Angepasst übernehmen"
    form = page.form("anpassen")
    assert "sehr gute Arbeit" in form.fields["body"][0]
    assert "Noch klarer" in form.fields["reason"][0]
    page = moderator.submit(form, "Änderungen ansehen", body=BODY.replace("gute", "gute und faire"))
    assert marks(page, "ins") == ["und faire"]
    page = moderator.submit(page.form("anpassen"), "vorlegen")
    assert page.has_text("Angepasste Fassung liegt vor")

    author = as_(world.author)
    page = author.get(f"/vorschlaege/{number}")
    assert page.has_text("Bitte antworten Sie bis")
    page = author.submit(page.form("antworten"), "Antwort senden", status=422)
    page = author.submit(page.form("antworten"), "Antwort senden", status=422, answer="refuse")
    page = author.submit(page.form("antworten"), "Antwort senden", answer="agree")
    assert page.has_text("Die angepasste Fassung ist übernommen.")
    assert "gute und faire Arbeit" in head(world.section).body


def test_an_unchanged_adaptation_is_refused_with_the_text_kept(world: World, as_: AsPerson) -> None:
    number = submitted(world.author, world.section)
    moderator = as_(world.moderator)
    page = moderator.get(f"/vorschlaege/{number}/anpassen")
    page = moderator.submit(page.form("anpassen"), "vorlegen", status=422, reason="Grund")
    assert "noch unverändert" in page.errors[0]
    assert "Grund" in page.form("anpassen").fields["reason"][0]


def test_the_deeds_of_the_author(world: World, as_: AsPerson) -> None:
    number = submitted(world.author, world.section)
    author = as_(world.author)
    page = author.get(f"/vorschlaege/{number}")
    page = author.get(page.links["Neue Fassung schreiben"])
    page = author.submit(
        page.form(field="body"), "Neue Fassung einreichen", body=BODY.replace("gute", "beste")
    )
    assert page.has_text("zweite Fassung")
    page = author.get(f"/vorschlaege/{number}?fassungen=1-2")
    assert page.has_text("Von „Erste Fassung“ zu „Zweite Fassung“")
    page = author.submit(page.form("zurueckziehen"))
    assert page.has_text("Zurückgezogen")
    assert not [form for form in page.forms if "zurueckziehen" in form.action]


def test_supporting_and_taking_it_back(world: World, as_: AsPerson) -> None:
    number = submitted(world.author, world.section)
    stranger = as_(world.stranger)
    page = stranger.get(f"/vorschlaege/{number}")
    page = stranger.submit(page.form("unterstuetzen"))
    assert page.has_text("1 Person unterstützt diesen Vorschlag.")
    page = stranger.submit(page.form("unterstuetzen"), "zurücknehmen")
    assert page.has_text("Noch unterstützt niemand")
    assert not [
        form for form in as_(world.author).get(f"/vorschlaege/{number}").forms if "unterst" in form.action
    ]


def test_who_is_on_it(world: World, as_: AsPerson) -> None:
    number = submitted(world.author, world.section)
    moderator = as_(world.moderator)
    page = moderator.get(f"/vorschlaege/{number}")
    page = moderator.submit(page.form("in-arbeit"))
    assert page.has_text("Bei Ihnen in Arbeit")
    assert as_(world.second).get(f"/vorschlaege/{number}").has_text("In Arbeit bei Mara Moderation")


def test_names_of_attendees_are_only_for_the_office(
    world: World, as_: AsPerson, client: InspectingClient
) -> None:
    factories.settings(proposals_public="submitted", draft_is_public=True)
    number = submitted(world.attendee, world.section)
    for viewer in (client, as_(world.stranger)):
        page = viewer.get(f"/vorschlaege/{number}")
        assert not page.has_text("Theo Teilnehmer")
        assert page.has_text("Eine teilnehmende Person")
        assert not viewer.get("/vorschlaege").has_text("Theo Teilnehmer")
    assert as_(world.moderator).get(f"/vorschlaege/{number}").has_text("Theo Teilnehmer")


def test_an_unchanged_page_is_not_sent_again(world: World, as_: AsPerson) -> None:
    number = submitted(world.author, world.section)
    client = as_(world.stranger)
    client.get(f"/vorschlaege/{number}")
    first = client.get(f"/vorschlaege/{number}")
    tag = first.headers["ETag"]
    again = client.open("GET", f"/vorschlaege/{number}", headers={"If-None-Match": tag})
    assert again.status == 304
    service.support(world.attendee.actor, number)
    assert client.open("GET", f"/vorschlaege/{number}", headers={"If-None-Match": tag}).status == 200


# ------------------------------------------------------------------------------------------ the tree


def test_a_new_section_by_form(world: World, as_: AsPerson) -> None:
    author = as_(world.author)
    page = author.get("/vorschlaege/neu/abschnitt")
    form = page.form(field="target")
    values = {"title": "Sicherheit", "body": "Arbeit ist sicher.", "summary": "Sicherheit ergänzen"}
    page = author.submit(form, "Einreichen", status=422, **values)
    assert page.form(field="target").fields["title"] == ["Sicherheit"]
    page = author.submit(page.form(field="target"), "Einreichen", target=f"{world.section}-0")
    assert page.has_text("Neuer Abschnitt unter „1 Gute Arbeit“, an erster Stelle.")
    page = decide(as_(world.moderator), 1, decision="approve")
    assert page.has_text("Vorschlag 1 ist übernommen.")


def test_a_new_measure_in_a_short_form(world: World, as_: AsPerson) -> None:
    attendee = as_(world.attendee)
    page = attendee.get("/vorschlaege/neu/massnahme")
    form = page.form(field="target_field_id")
    page = attendee.submit(form, "Einreichen", status=422, title="Lotsen ausbilden", body="Zwanzig im Jahr.")
    page = attendee.submit(page.form(field="target_field_id"), "Einreichen", target_field_id=1)
    assert page.h1 == "Lotsen ausbilden"
    assert page.has_text("Neue Maßnahme")


def test_what_is_missing_in_the_short_form_is_said_beside_a_field_that_is_there(
    world: World, as_: AsPerson
) -> None:
    attendee = as_(world.attendee)
    form = attendee.get("/vorschlaege/neu/massnahme").form(field="target_field_id")
    page = attendee.submit(form, "Einreichen", status=422, body="Zwanzig im Jahr.", target_field_id=1)
    assert "Bitte füllen Sie dieses Feld aus." in page.words(page.by_id("title-error"))
    assert page.form(field="body").fields["body"] == ["Zwanzig im Jahr."]


def test_the_first_section_of_an_empty_installation_needs_no_neighbour(app: Flask, as_: AsPerson) -> None:
    author = as_(factories.moderator(email="a@example.org"))
    form = author.get("/vorschlaege/neu/abschnitt").form(field="target")
    values = {"title": "Vorwort", "body": "So beginnt es.", "summary": "Anfangen"}
    author.submit(form, "Einreichen", target="0-0", **values)
    page = decide(as_(factories.moderator(email="b@example.org")), 1, decision="approve")
    assert page.has_text("Vorschlag 1 ist übernommen.")
    assert author.get("/charta").has_text("So beginnt es.")


def test_a_deletion_by_form(world: World, as_: AsPerson) -> None:
    author = as_(world.author)
    page = author.get(f"/abschnitte/{world.section}/streichen")
    page = author.submit(page.form(field="summary"), "Einreichen", reason="Steht schon woanders.")
    assert page.h1 == "„Gute Arbeit“ streichen"
    decide(as_(world.moderator), 1, decision="approve")
    assert as_(world.author).get(f"/abschnitte/{world.section}/aendern", status=404)


def test_a_move_by_form(world: World, as_: AsPerson) -> None:
    other = proposing.section("Netze")
    author = as_(world.author)
    page = author.get(f"/abschnitte/{other}/verschieben")
    page = author.submit(page.form(field="target"), "Einreichen", status=422)
    page = author.submit(page.form(field="target"), "Einreichen", target=f"{world.section}-0")
    assert page.has_text("Soll stehen unter")
    page = decide(as_(world.moderator), 1, decision="approve")
    assert page.has_text("Der Abschnitt steht jetzt an der neuen Stelle.")


@pytest.mark.parametrize("target", ["", "x", "0-0", "99-0", "-", "1-", "9999999999999999999-1"])
def test_a_place_that_makes_no_sense_is_refused(world: World, as_: AsPerson, target: str) -> None:
    other = proposing.section("Netze")
    page = as_(world.author).post(
        f"/abschnitte/{other}/verschieben",
        {"target": target, "summary": "Weg", "tun": "submit", "page_key": "k"},
        status=422,
    )
    assert page.errors


def test_a_draft_is_discarded_after_a_question(world: World, as_: AsPerson) -> None:
    number = draft(world.author, world.section)
    author = as_(world.author)
    page = author.get(f"/vorschlaege/{number}/bearbeiten")
    assert page.has_text(f"Entwurf {number} und alles, was Sie darin geschrieben haben, wird gelöscht.")
    page = author.submit(page.form("verwerfen"))
    assert page.path == f"/abschnitte/{world.section}"
    author.get(f"/vorschlaege/{number}/bearbeiten", status=404)


def test_a_shared_draft_is_edited_by_a_colleague(world: World, as_: AsPerson) -> None:
    number = draft(world.author, world.section)
    author = as_(world.author)
    page = author.get(f"/vorschlaege/{number}/bearbeiten")
    page = author.submit(page.form(field="body"), "In der Organisation teilen")
    assert page.has_text("In Ihrer Organisation geteilt")
    colleague = as_(world.colleague)
    page = colleague.get(f"/vorschlaege/{number}")
    assert "Einreichen" not in [words for words, _, _ in page.form(field="body").buttons]
    page = colleague.submit(page.form(field="body"), "Entwurf speichern", reason="Von Karl")
    assert author.get(f"/vorschlaege/{number}/bearbeiten").has_text("Zuletzt hat Karl Kollege")


# --------------------------------------------------------------------------------------------- the list


def test_the_list_and_its_filters(world: World, as_: AsPerson) -> None:
    number = submitted(world.author, world.section, summary="Arbeit verbessern")
    other = submitted(world.stranger, proposing.section("Netze"), summary="Netze bauen")
    service.reject(world.moderator.actor, other, seen_version=1, reason="Nein.")
    client = as_(world.author)
    assert client.get("/vorschlaege").has_text("Netze bauen")
    for query, shown in [
        ("stand=offen", ["Arbeit verbessern"]),
        ("stand=nicht-uebernommen", ["Netze bauen"]),
        ("stand=unsinn", ["Arbeit verbessern", "Netze bauen"]),
        ("eigene=1", ["Arbeit verbessern"]),
        ("suche=netze", ["Netze bauen"]),
        (f"suche={number}", ["Arbeit verbessern"]),
        ("feld=handlungsfeld-1", ["Arbeit verbessern"]),
        ("vor=unsinn", ["Arbeit verbessern", "Netze bauen"]),
    ]:
        page = client.get(f"/vorschlaege?{query}")
        titles = {page.words(title) for title in page.elements("h2")}
        assert titles == set(shown), query
    assert client.get("/vorschlaege?suche=gibtesnicht").has_text("Nichts gefunden")


def test_empty_lists_say_what_will_appear(world: World, client: InspectingClient, as_: AsPerson) -> None:
    assert client.get("/vorschlaege").has_text("Noch kein Vorschlag zu sehen")
    assert as_(world.author).get("/vorschlaege").has_text("Sobald jemand einen Vorschlag einreicht")


def test_pages_cost_the_same_with_one_and_with_many(world: World, as_: AsPerson) -> None:
    add_source(world.moderator.actor, number=1, kind=SourceKind.FORUM, name="Forum", short="F")
    client = as_(world.moderator)
    submitted(world.author, world.section)
    paths = ["/vorschlaege", "/vorschlaege/1", f"/abschnitte/{world.section}/aendern"]
    before = [client.get(path).statements for path in paths]
    for _ in range(10):
        submitted(factories.partner(), world.section)
    after = [client.get(path).statements for path in paths]
    for path, few, many in zip(paths, before, after, strict=True):
        assert few == many, (path, few, many)
        assert many <= 8, (path, many)


def test_the_english_pages_hold(world: World, as_: AsPerson) -> None:
    number = submitted(world.author, world.section)
    rewrite(world.section, "gute Arbeit", "faire Arbeit")
    client = as_(world.author).use_language("en")
    for path in (
        "/vorschlaege",
        f"/vorschlaege/{number}",
        f"/vorschlaege/{number}/bearbeiten",
        f"/vorschlaege/{number}/ueberschneidung",
    ):
        client.get(path)


# ------------------------------------------------------------------------------------------- overlaps


def test_an_overlap_is_settled_choice_by_choice(world: World, as_: AsPerson) -> None:
    number = submitted(world.author, world.section)
    rewrite(world.section, "gute Arbeit", "faire Arbeit")
    author = as_(world.author)
    page = author.get(f"/vorschlaege/{number}/ueberschneidung")
    form = page.form(field="wahl-1")
    page = author.submit(form, "Neue Fassung einreichen", status=422)
    assert page.errors == ["Bitte entscheiden Sie jede Überschneidung."]
    own = {"wahl-1": "own", "eigen-1": "Die Partner fördern sehr faire Arbeit in der Region."}
    page = author.submit(page.form(field="wahl-1"), "Ergebnis ansehen", **own)
    assert page.has_text("Alles entschieden")
    assert stored(number).version == 1
    page = author.submit(page.form(field="wahl-1"), "Neue Fassung einreichen")
    assert page.has_text("Die Überschneidung ist aufgelöst.")
    assert stored(number).merge_state is MergeState.CLEAN
    assert marks(page, "ins") == ["sehr"]


def test_the_script_asks_for_the_result(world: World, as_: AsPerson) -> None:
    number = submitted(world.author, world.section)
    rewrite(world.section, "gute Arbeit", "faire Arbeit")
    url = f"/vorschlaege/{number}/ueberschneidung"
    values = {"wahl-1": "proposal", "seen_version": 1, "seen_head": 2}
    answer = json_post(as_(world.author), url, **values)
    assert answer.json["open"] == 0
    assert not answer.statements.writes


def test_a_moderator_settles_an_overlap_as_an_adapted_version(world: World, as_: AsPerson) -> None:
    number = submitted(world.author, world.section)
    rewrite(world.section, "gute Arbeit", "faire Arbeit")
    moderator = as_(world.moderator)
    page = moderator.get(f"/vorschlaege/{number}/ueberschneidung")
    page = moderator.submit(
        page.form(field="wahl-1"), "vorlegen", status=422, **{"wahl-1": "proposal", "reason": ""}
    )
    assert "Bitte begründen Sie" in page.errors[0]
    page = moderator.submit(page.form(field="wahl-1"), "vorlegen", reason="So passt es.")
    assert page.has_text("Angepasste Fassung liegt vor")


def test_others_do_not_open_the_overlap(world: World, as_: AsPerson) -> None:
    number = submitted(world.author, world.section)
    rewrite(world.section, "gute Arbeit", "faire Arbeit")
    as_(world.stranger).get(f"/vorschlaege/{number}/ueberschneidung", status=403)
    clean = submitted(world.author, proposing.section("Netze"))
    assert as_(world.author).get(f"/vorschlaege/{clean}/ueberschneidung").path == f"/vorschlaege/{clean}"


def test_a_deletion_of_an_edited_text_is_confirmed(world: World, as_: AsPerson) -> None:
    author = as_(world.author)
    page = author.get(f"/abschnitte/{world.section}/streichen")
    author.submit(page.form(field="summary"), "Einreichen")
    rewrite(world.section, "gute Arbeit", "faire Arbeit")
    page = author.get("/vorschlaege/1")
    page = author.get(page.links["Prüfen und bestätigen"])
    assert page.has_text("Soll er trotzdem wegfallen?")
    page = author.submit(page.form(), "Ja, so einreichen")
    assert seen(1)["seen_head"] == 2
    assert stored(1).merge_state is MergeState.CLEAN
