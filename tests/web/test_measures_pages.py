# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages of measures and fields of action."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from charta.db import session
from charta.measures import queries, service
from charta.measures.models import Measure
from charta.measures.rules import IndicatorFigures, MeasureStatus
from charta.sections.models import Section
from tests import factories, voting
from tests.inspecting import InspectingClient

FIGURES = (IndicatorFigures("Beratene Anfragen", "Anzahl", Decimal(0), Decimal(200), Decimal(124)),)


@pytest.fixture
def public(app: Flask) -> None:
    """The draft may be read by everybody, and a round is open."""
    factories.settings(draft_is_public=True)
    factories.open_round()


def test_measures_are_listed_by_field_with_status_time_and_progress(
    public: None, client: InspectingClient
) -> None:
    field = factories.field_of_action("Innovation")
    factories.measure(
        "Helpdesk", field_id=field, status=MeasureStatus.RUNNING, indicators=FIGURES,
        starts_on=date(2024, 1, 1), ends_on=date(2026, 12, 31),
    )  # fmt: skip
    page = client.get("/massnahmen")
    for words in (
        "Innovation",
        "1.1 Helpdesk",
        "läuft",
        "2024 bis 2026",
        "62 %",
        "Beratene Anfragen: 124 von 200",
    ):
        assert page.has_text(words), words


def test_no_measure_yet_is_said_in_words(public: None, client: InspectingClient) -> None:
    assert client.get("/massnahmen").has_text("Es gibt noch keine Maßnahme")


def test_the_filter_stands_in_the_address(public: None, client: InspectingClient) -> None:
    one, two, organisation = (
        factories.field_of_action(),
        factories.field_of_action(),
        factories.organisation(),
    )
    factories.measure("Erste", field_id=one, status=MeasureStatus.DONE)
    factories.measure("Zweite", field_id=two, responsible_id=organisation)
    page = client.get("/massnahmen")
    page = client.submit(page.form(field="stand"), stand="done")
    assert page.has_text("Erste")
    assert not page.has_text("Zweite")
    assert not client.get("/massnahmen?feld=handlungsfeld-2").has_text("Erste")
    assert not client.get(f"/massnahmen?verantwortlich={organisation}").has_text("Erste")
    assert client.get("/massnahmen?feld=handlungsfeld-2&stand=done").has_text("Keine Maßnahme passt")
    assert client.get("/massnahmen?feld=unsinn&stand=unsinn&verantwortlich=x").has_text("Zweite")


def test_the_list_costs_the_same_at_ten_times_the_measures(public: None, sign_in: Any) -> None:
    field = factories.field_of_action()
    factories.measure("Erste", field_id=field, indicators=FIGURES)
    partner = sign_in("partner")
    few = partner.get("/massnahmen").statements
    for number in range(9):
        factories.measure(f"Maßnahme {number}", field_id=field, indicators=FIGURES)
    many = partner.get("/massnahmen").statements
    assert len(few) == len(many) <= 8, many.texts


def test_a_measure_shows_who_what_and_how_far(public: None, client: InspectingClient) -> None:
    lead, other = factories.organisation("AMZ Sachsen"), factories.organisation("IHK Chemnitz")
    measure_id = factories.measure(
        "Helpdesk", "Betriebe stellen eine Frage.\n\nEr ist kostenfrei.", status=MeasureStatus.RUNNING,
        responsible_id=lead, participant_ids=[other], indicators=FIGURES, ends_on=date(2036, 12, 31),
    )  # fmt: skip
    page = client.get(f"/massnahmen/{measure_id}?rn=2")
    for words in ("Betriebe stellen eine Frage.", "AMZ Sachsen", "IHK Chemnitz", "Beratene Anfragen", "124",
                  "200", "Die Arbeit läuft bis 31. Dezember 2036.", "Absatz 2"):  # fmt: skip
        assert words in page.text.replace("\u00a0", " "), words
    assert len(page.statements) <= 8, page.statements.texts


def test_the_section_of_a_measure_leads_to_the_measure(public: None, client: InspectingClient) -> None:
    measure_id = factories.measure()
    found = queries.measure_page(measure_id)
    assert found is not None
    assert client.get(f"/abschnitte/{found.section.id}").path == f"/massnahmen/{measure_id}"
    for tab in ("vorschlaege", "entstehung", "vergleich"):
        page = client.get(f"/abschnitte/{found.section.id}/{tab}")
        assert page.has_text("Lernfabrik")


def test_partners_change_the_wording_by_a_proposal(public: None, sign_in: Any) -> None:
    measure_id = factories.measure()
    page = sign_in("partner").get(f"/massnahmen/{measure_id}")
    section_id = session.scalar(select(Section.id))
    assert page.links["Wortlaut ändern"] == f"/abschnitte/{section_id}/aendern"
    assert "Angaben bearbeiten" not in page.links


def test_moderators_edit_the_attributes(public: None, sign_in: Any) -> None:
    organisation = factories.organisation("AMZ Sachsen")
    measure_id = factories.measure(indicators=FIGURES)
    moderator = sign_in("moderator")
    moderator.get(f"/massnahmen/{measure_id}")
    page = moderator.click("Angaben bearbeiten")
    page = moderator.submit(
        page.form(button="Angaben speichern"),
        "Angaben speichern",
        **{
            "measure_status": "running", "responsible_id": str(organisation),
            "participant_ids": [str(organisation)], "starts_on": "2024-01-01", "ends_on": "2026-12-31",
            "indicators-0-current": "1.130,5",
            "indicators-1-name": "Antwort in fünf Tagen", "indicators-1-target": "90",
        },
    )  # fmt: skip
    assert page.path == f"/massnahmen/{measure_id}"
    for words in (
        "Die Angaben sind gespeichert.",
        "AMZ Sachsen",
        "1.130,5",
        "Antwort in fünf Tagen",
        "läuft",
    ):
        assert page.has_text(words), words


def test_what_was_typed_stays_when_it_is_refused(public: None, sign_in: Any) -> None:
    measure_id = factories.measure()
    moderator = sign_in("moderator")
    for typed, words in (
        ({"starts_on": "2024-02-01", "ends_on": "2024-01-01"}, "Das Ende liegt vor dem Beginn."),
        ({"indicators-0-target": "viele", "indicators-0-name": "Lotsen"}, "Bitte geben Sie eine Zahl ein"),
        ({"indicators-0-target": "12"}, "Bitte füllen Sie dieses Feld aus."),
    ):
        page = moderator.get(f"/massnahmen/{measure_id}/bearbeiten")
        page = moderator.submit(
            page.form(button="Angaben speichern"), "Angaben speichern", status=422, **typed
        )
        assert page.has_text(words), words
        form = page.form(button="Angaben speichern")
        for name, value in typed.items():
            assert form.fields[name] == [value]


def test_a_second_editor_is_told_and_nothing_is_lost(public: None, sign_in: Any) -> None:
    measure_id = factories.measure()
    moderator = sign_in("moderator")
    page = moderator.get(f"/massnahmen/{measure_id}/bearbeiten")
    form = page.form(button="Angaben speichern")
    service.change_attributes(
        factories.moderator().actor, measure_id, responsible_id=None, participant_ids=[],
        status=MeasureStatus.DONE, starts_on=None, ends_on=None, indicators=(), seen_version=1,
    )  # fmt: skip
    page = moderator.submit(form, "Angaben speichern", status=409, **{"indicators-0-name": "Lotsen"})
    assert page.has_text("Inzwischen hat jemand anderes hier etwas geändert.")
    assert page.form(button="Angaben speichern").fields["indicators-0-name"] == ["Lotsen"]


def test_what_a_measure_promises_waits_for_the_end_of_its_ballot(public: None, sign_in: Any) -> None:
    factories.partner()
    measure_id = factories.measure()
    measure = session.get_one(Measure, measure_id)
    voting.opened(factories.moderator(), section_id=measure.section_id)
    moderator = sign_in("moderator")
    page = moderator.get(f"/massnahmen/{measure_id}/bearbeiten")
    page = moderator.submit(
        page.form(button="Angaben speichern"), "Angaben speichern", status=409, ends_on="2030-01-01"
    )
    assert page.has_text("Über diese Maßnahme wird gerade abgestimmt.")
    assert page.form(button="Angaben speichern").fields["ends_on"] == ["2030-01-01"]


@pytest.mark.parametrize("role", ["attendee", "partner", "administrator"])
def test_others_cannot_edit_attributes(public: None, sign_in: Any, role: str) -> None:
    sign_in(role).get(f"/massnahmen/{factories.measure()}/bearbeiten", status=403)


def test_an_unchanged_measure_is_not_sent_again_and_a_changed_one_is(
    public: None, client: InspectingClient
) -> None:
    measure_id = factories.measure(indicators=FIGURES)
    address = f"/massnahmen/{measure_id}"

    def ask(tag: str) -> int:
        return client.open("GET", address, headers={"If-None-Match": tag}).status

    tag = client.get(address).headers["ETag"]
    assert ask(tag) == 304
    page = queries.measure_page(measure_id)
    assert page is not None
    service.change_attributes(
        factories.moderator().actor,
        measure_id,
        responsible_id=None,
        participant_ids=[],
        status=MeasureStatus.RUNNING,
        starts_on=None,
        ends_on=None,
        indicators=page.indicators,
        seen_version=page.version,
    )
    assert ask(tag) == 200
    assert client.get(address).has_text("läuft")


def test_the_panel_of_a_measure_says_where_the_paragraph_comes_from(
    public: None, client: InspectingClient
) -> None:
    page = client.get(f"/massnahmen/{factories.measure()}?rn=1")
    panel = page.words(next(iter(page.elements("aside", class_="ch-panel"))))
    assert "Woher dieser Absatz kommt" in panel
    assert "ohne Quellenangabe 100 %" in panel


def test_a_field_shows_its_sections_measures_and_lead(public: None, client: InspectingClient) -> None:
    field = factories.field_of_action("Arbeit", lead_organisation_id=factories.organisation("IG Metall"))
    root = factories.section("Gute Arbeit", field_id=field)
    factories.section("Wandel im Betrieb", parent_id=root)
    factories.measure("Lotsen ausbauen", field_id=field)
    factories.section("Fremder Abschnitt")
    page = client.get("/handlungsfelder/handlungsfeld-1")
    for words in (
        "Federführung: IG Metall",
        "1.1 Wandel im Betrieb",
        "Lotsen ausbauen",
        "Zurzeit ist kein Vorschlag offen.",
    ):
        assert page.has_text(words), words
    assert not page.has_text("Fremder Abschnitt")
    assert len(page.statements) <= 8, page.statements.texts
