# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Errors become pages: the right status, German words, and what was typed is given back."""

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from charta.errors import Busy
from tests import factories
from tests.inspecting import InspectingClient

LONG = "Ein langer Text, der nicht verloren gehen darf. " * 5


def gone(*_: object, **__: object) -> None:
    raise OperationalError("SELECT 1", {}, Exception("the server went away"))


def test_an_unknown_address_is_a_page(client: InspectingClient) -> None:
    page = client.get("/gibt-es-nicht", status=404)
    assert page.h1 == "Diese Seite gibt es nicht"
    assert page.links["Impressum"] == "/impressum", "legal pages are linked from errors too"


@pytest.mark.parametrize(
    "path", ["/abschnitte/0", "/abschnitte/-1", "/abschnitte/2147483648", "/abschnitte/99999999999999999999"]
)
def test_an_impossible_id_is_not_found(client: InspectingClient, path: str) -> None:
    client.get(path, status=404)


def test_a_wrong_method_says_which_are_right(client: InspectingClient) -> None:
    page = client.open("PUT", "/anmelden")
    assert page.status == 405
    assert "POST" in page.headers["Allow"]


def test_a_wrong_csrf_token_gives_the_text_back_to_be_sent_again(client: InspectingClient) -> None:
    page = client.post("/sprache", {"locale": "en", "note": LONG}, with_token=False, status=400)
    assert LONG.strip() in page.text
    again = client.submit(page.form("/sprache"), status=200)
    assert again.root.get("lang") == "en"


def test_a_body_over_the_limit_is_refused_unread(client: InspectingClient) -> None:
    page = client.post("/anmelden", {"email": "x" * 1_100_000}, with_token=False, status=413)
    assert page.has_text("1 MB")


def test_a_visitor_is_led_to_sign_in_and_back(client: InspectingClient) -> None:
    factories.person("partner", email="p@example.org", password="ein langes Passwort")
    page = client.get("/mein-bereich")
    assert page.path == "/anmelden"
    page = client.submit(page.form(field="password"), email="p@example.org", password="ein langes Passwort")
    assert page.path == "/mein-bereich"


def test_a_visitor_who_posts_is_told_to_sign_in(client: InspectingClient) -> None:
    assert client.post("/abmelden", status=401).h1 == "Bitte melden Sie sich an"


def test_a_busy_database_is_503_with_the_text_kept(
    client: InspectingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> str:
        raise Busy(cause="test")

    monkeypatch.setattr("charta.accounts.service.sign_in", busy)
    page = client.get("/anmelden")
    page = client.submit(page.form(field="password"), email="p@example.org", password="x" * 12, status=503)
    assert page.headers["Retry-After"] == "2"
    assert page.has_text("noch einmal")
    assert "x" * 12 not in page.body


def test_a_database_that_is_gone_is_503_with_a_bare_page(
    client: InspectingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even the frame of a page needs the database: the error page does without."""
    monkeypatch.setattr("charta.site.queries.settings", gone)
    monkeypatch.setattr("charta.accounts.queries.session_by_key", gone)
    factories_client = client.sign_in(factories.person("partner"))
    page = factories_client.get("/mein-bereich", status=503)
    assert page.h1 == "Gerade ist zu viel los"


def test_a_defect_is_500_in_german_without_a_trace(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("geheime Einzelheit")

    monkeypatch.setattr("charta.site.queries.in_force", broken)
    answer = app.test_client().get("/hilfe")
    text = answer.get_data(as_text=True)
    assert answer.status_code == 500
    assert "Da ist uns ein Fehler passiert" in text
    assert "geheime Einzelheit" not in text
    assert "Traceback" not in text


def test_health_needs_no_database(client: InspectingClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("charta.site.queries.settings", gone)
    assert client.get("/healthz", status=200).body == "ok\n"
