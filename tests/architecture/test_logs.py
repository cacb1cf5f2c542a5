# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Logs carry ids: never a password, a key, a token, a name, an address or what somebody wrote."""

import logging
from collections.abc import Iterator

import pytest
from flask import Flask

from charta.accounts import service as accounts
from charta.accounts.models import Person
from charta.accounts.rules import TokenPurpose
from charta.db import transaction
from tests import factories
from tests.inspecting import InspectingClient

PASSWORD = "Geheimwort-4711-abc"
ADDRESS = "geheime.adresse@example.org"
NAME = "Gundula Geheim"


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Everything that is logged, at the most talkative level the program knows."""
    with caplog.at_level(logging.INFO):
        logging.getLogger("charta").setLevel(logging.DEBUG)
        yield caplog


def assert_silent_about(log: pytest.LogCaptureFixture, *secrets: str) -> None:
    text = log.text + "".join(str(record.__dict__) for record in log.records)
    assert [secret for secret in secrets if secret in text] == []


def test_signing_in_leaves_no_secret(
    app: Flask, client: InspectingClient, log: pytest.LogCaptureFixture
) -> None:
    factories.person("partner", email=ADDRESS, name=NAME, password=PASSWORD)
    page = client.get("/anmelden")
    client.submit(page.form(field="password"), email=ADDRESS, password="Falschwort-0815", status=422)
    client.submit(client.get("/anmelden").form(field="password"), email=ADDRESS, password=PASSWORD)
    with client.app.app_context(), client.browser.session_transaction() as cookie:
        key = cookie["_user_id"]
    assert_silent_about(log, PASSWORD, "Falschwort-0815", ADDRESS, NAME, key)


def test_a_refused_form_leaves_no_secret(client: InspectingClient, log: pytest.LogCaptureFixture) -> None:
    client.post(
        "/anmelden",
        {"email": ADDRESS, "password": PASSWORD, "csrf_token": "falsch"},
        with_token=False,
        status=400,
    )
    assert_silent_about(log, PASSWORD, ADDRESS)


def test_an_unexpected_error_leaves_no_secret(
    app: Flask, client: InspectingClient, log: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The trace of an error names places in the code, not values."""

    def broken(*_: object, **__: object) -> str:
        raise ZeroDivisionError

    monkeypatch.setattr("charta.accounts.service.signing_in.check_throttle", broken)
    token = client.token()
    with app.app_context():
        answer = client.browser.post(
            "/anmelden", data={"email": ADDRESS, "password": PASSWORD, "csrf_token": token}
        )
    assert answer.status_code == 500
    assert "ZeroDivisionError" in log.text
    assert_silent_about(log, PASSWORD, ADDRESS)
    assert PASSWORD not in answer.get_data(as_text=True)
    assert "Traceback" not in answer.get_data(as_text=True)


def test_links_by_mail_leave_no_token(
    app: Flask, client: InspectingClient, log: pytest.LogCaptureFixture
) -> None:
    account = factories.person("attendee", email=ADDRESS, name=NAME)
    with transaction() as tx:
        assert tx.lock(Person, account.id)
        key = accounts.make_token(tx, account.id, TokenPurpose.PASSWORD_RESET, created_by_id=None)
    page = client.open("GET", f"/passwort/{key}")
    assert page.status in {200, 303}
    assert_silent_about(log, key, ADDRESS, NAME)
    assert key not in page.headers.get("Location", "")


def test_the_error_page_gives_text_back_but_no_password(client: InspectingClient) -> None:
    page = client.post(
        "/anmelden",
        {"email": ADDRESS, "password": PASSWORD, "csrf_token": "falsch"},
        with_token=False,
        status=400,
    )
    assert PASSWORD not in page.body
