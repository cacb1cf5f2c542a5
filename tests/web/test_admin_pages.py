# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Every page of the administration opens for whom it is meant, and costs the same for one and for many."""

import pytest

from charta.permissions import Role

ADMINISTRATION = [
    "/verwaltung",
    "/verwaltung/personen",
    "/verwaltung/personen?suche=nummer&rolle=partner&gesperrt=1",
    "/verwaltung/einladungen",
    "/verwaltung/einladungen/neu",
    "/verwaltung/organisationen",
    "/verwaltung/organisationen/neu",
    "/verwaltung/handlungsfelder",
    "/verwaltung/handlungsfelder/neu",
    "/verwaltung/einstellungen",
    "/verwaltung/seiten",
    "/verwaltung/seiten/impressum/de",
    "/verwaltung/seiten/ueber-uns/en",
    "/verwaltung/aktuelles",
    "/verwaltung/aktuelles/neu",
    "/verwaltung/termine",
    "/verwaltung/termine/neu",
    "/verwaltung/betrieb",
]
OFFICE = [
    "/verwaltung/runden",
    "/verwaltung/runden/neu",
    "/verwaltung/protokoll",
    "/verwaltung/protokoll?pruefen=1",
]


@pytest.mark.parametrize("address", ADMINISTRATION + OFFICE)
def test_administration_opens_every_page_and_no_cache_keeps_it(sign_in, make, address):
    make.open_round()
    client = sign_in("administrator")
    page = client.get(address)
    assert page.headers["Cache-Control"] == "no-store"
    assert page.statements <= 8, page.statements


@pytest.mark.parametrize("address", OFFICE)
def test_moderation_opens_rounds_and_the_log(sign_in, address):
    page = sign_in("moderator").get(address)
    assert not page.has_text("Personen einladen")


def test_moderation_finds_rounds_and_the_log_in_its_area(sign_in):
    links = sign_in("moderator").get("/mein-bereich").links
    assert links["Beteiligungsrunden"] == "/verwaltung/runden"
    assert links["Protokoll"] == "/verwaltung/protokoll"
    assert not {"Beteiligungsrunden", "Protokoll"} & set(sign_in("partner").get("/mein-bereich").links)


def test_moderation_may_begin_an_empty_charta_from_the_front_page(sign_in):
    page = sign_in("moderator").get("/")
    assert page.links["Ersten Abschnitt vorschlagen"] == "/vorschlaege/neu/abschnitt"
    assert "Ersten Abschnitt vorschlagen" not in sign_in("partner").get("/").links


def test_the_operation_names_things_in_words(sign_in):
    page = sign_in("administrator").get("/verwaltung/betrieb")
    assert page.has_text("SQLite")
    assert page.has_text("als Dateien auf diesem Rechner")
    page = sign_in("administrator").use_language("en").get("/verwaltung/seiten")
    assert "Deutsch" not in page.main_text


@pytest.mark.parametrize("address", ADMINISTRATION)
@pytest.mark.parametrize("role", ["attendee", "partner", "moderator"])
def test_others_are_refused(sign_in, address, role):
    sign_in(role).get(address, status=403)


@pytest.mark.parametrize("address", ADMINISTRATION + OFFICE)
def test_visitors_are_led_to_the_sign_in_page(client, address):
    page = client.get(address)
    assert page.path == "/anmelden"


@pytest.mark.parametrize(
    "address",
    [
        "/verwaltung/personen/999",
        "/verwaltung/personen/99999999999",
        "/verwaltung/organisationen/999",
        "/verwaltung/runden/999",
        "/verwaltung/aktuelles/999",
        "/verwaltung/termine/999",
        "/verwaltung/seiten/nichts/de",
        "/verwaltung/seiten/impressum/fr",
    ],
)
def test_what_does_not_exist_is_not_found(sign_in, address):
    sign_in(Role.ADMINISTRATOR).get(address, status=404)


@pytest.mark.parametrize(
    "address",
    [
        "/verwaltung/personen?nach=unsinn&rolle=kaiser",
        "/verwaltung/personen?nach=99999999999999999999",
        "/verwaltung/personen?nach=999999999999999999",
        "/verwaltung/einladungen?nach=-1",
        "/verwaltung/aktuelles?nach=abc",
        "/verwaltung/protokoll?art=nichts&nach=0&person=%25",
    ],
)
def test_nonsense_in_the_address_gives_the_ordinary_page(sign_in, address):
    sign_in(Role.ADMINISTRATOR).get(address, status=200)


@pytest.mark.parametrize(
    "address",
    [
        "/verwaltung/personen",
        "/verwaltung/einladungen",
        "/verwaltung/organisationen",
        "/verwaltung/protokoll",
        "/verwaltung",
    ],
)
def test_pages_take_the_same_statements_for_many(sign_in, make, address):
    client = sign_in("administrator")
    few = len(client.get(address).statements)
    for _ in range(60):
        make.person("attendee")
    for _ in range(5):
        make.partner()
    assert len(client.get(address).statements) == few
