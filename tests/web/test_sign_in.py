# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Signing in and out, and what slows down whom."""

import statistics
import time

import pytest
from sqlalchemy import select

from charta.accounts import service
from charta.accounts.models import Attempt, Person, UserSession
from charta.accounts.service import people
from charta.db import session, transaction
from charta.permissions import Role

PASSWORD = "ein Passwort hier"


def enter(client, email, password=PASSWORD, *, status=None, **options):
    page = client.get("/anmelden")
    return client.submit(
        page.form(button="Anmelden"), "Anmelden", email=email, password=password, status=status
    )


def test_a_person_signs_in_and_out(client, make):
    person = make.partner(password=PASSWORD)
    page = enter(client, person.email)
    assert page.path == "/"
    page = client.get("/konto")
    assert page.headers["Cache-Control"] == "no-store"
    client.submit(page.form("/abmelden"))
    assert session.scalars(select(UserSession)).all() == []
    assert client.get("/konto").path == "/anmelden"


def test_after_signing_in_the_wanted_page_opens(client, make):
    person = make.partner(password=PASSWORD)
    page = client.get("/konto")
    assert page.path == "/anmelden"
    page = client.submit(page.form(button="Anmelden"), email=person.email, password=PASSWORD)
    assert page.path == "/konto"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/gibt-es-nicht",
        "",
    ],
)
def test_nobody_is_led_out_of_the_house(client, make, target):
    person = make.partner(password=PASSWORD)
    page = client.get("/anmelden", query_string={"weiter": target})
    page = client.submit(page.form(button="Anmelden"), email=person.email, password=PASSWORD)
    assert page.path == "/"


@pytest.mark.parametrize("email", ["da@example.org", "weg@example.org", "kein", "gesperrt@example.org", ""])
def test_every_failure_says_the_same(client, make, email):
    make.partner(email="da@example.org", password=PASSWORD)
    make.partner(email="gesperrt@example.org", password=PASSWORD, is_active=False)
    page = enter(client, email, "falsch" if email == "da@example.org" else PASSWORD, status=422)
    if email:
        assert page.has_text("E-Mail-Adresse oder Passwort sind nicht richtig.")
        assert page.form(button="Anmelden").fields["email"] == [email]
    assert PASSWORD not in page.body


def test_a_failure_takes_the_same_time_with_and_without_an_account(client, make, app):
    app.config["SIGN_IN_FREE_ATTEMPTS"] = 1000
    make.partner(email="da@example.org", password=PASSWORD)
    times = {"da@example.org": [], "weg@example.org": []}
    for _ in range(7):
        for email, taken in times.items():
            page = client.get("/anmelden")
            started = time.perf_counter()
            client.submit(page.form(button="Anmelden"), email=email, password="falsch", status=422)
            taken.append(time.perf_counter() - started)
    known, unknown = (statistics.median(taken) for taken in times.values())
    assert 0.6 < known / unknown < 1.67, times


def test_a_hundred_good_sign_ins_from_one_address_pass(new_client, make, app):
    person = make.partner(password=PASSWORD)
    hashed = session.get(Person, person.id).password_hash
    accounts = [make.person("attendee") for _ in range(99)]
    with transaction() as tx:
        for account in accounts:
            tx.session.get(Person, account.id).password_hash = hashed
    for account in [person, *accounts]:
        browser = new_client().browser
        with app.app_context():  # a request has a context of its own, as on the server
            token = _token(browser)
        with app.app_context():
            answer = browser.post(
                "/anmelden",
                data={"csrf_token": token, "email": account.email, "password": PASSWORD, "weiter": ""},
            )
        assert answer.status_code == 303


def _token(browser):
    page = browser.get("/anmelden").get_data(as_text=True)
    return page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]


def test_wrong_passwords_slow_down_one_account_and_no_other(client, new_client, make, frozen):
    person, other = make.partner(password=PASSWORD), make.partner(password=PASSWORD)
    for _ in range(5):
        enter(client, person.email, "falsch", status=422)
    page = enter(client, person.email, status=429)
    assert page.has_text("Bitte warten Sie 1 Sekunden.") or page.has_text("Bitte warten Sie eine Sekunde.")
    assert enter(new_client(), other.email).path == "/", "the same address, another account"
    frozen.shift(2)
    assert enter(client, person.email).path == "/", "a delay, not a lock-out"
    assert session.scalars(select(Attempt.kind)).all().count("sign_in") == 5, "those of the address stay"


def test_signing_in_makes_a_new_session_and_ends_the_old_one(client, make):
    person = make.partner(password=PASSWORD)
    enter(client, person.email)
    first = client.browser.get_cookie("charta").value
    page = client.get("/anmelden")
    assert page.path == "/", "who is signed in need not sign in"
    token = client.token()
    client.post("/anmelden", {"email": person.email, "password": PASSWORD, "weiter": "", "csrf_token": token})
    assert client.browser.get_cookie("charta").value != first
    assert len(session.scalars(select(UserSession)).all()) == 1


def test_demonstration_accounts_cannot_sign_in_in_production(client, make, app):
    admin = make.administrator()
    service.create_person(
        admin.actor,
        email="demo@example.org",
        name="Demo",
        role=Role.ATTENDEE,
        organisation_id=None,
        password=PASSWORD,
        is_demo=True,
    )
    enter(client, "demo@example.org")
    assert client.get("/konto").path == "/konto"
    app.config["CHARTA_MODE"] = "production"
    assert client.get("/konto").path == "/anmelden", "an old session does not help"
    enter(client, "demo@example.org", status=422)


def test_a_deactivated_person_is_out_at_the_next_request(sign_in, make):
    client = sign_in("partner")
    assert client.get("/konto").path == "/konto"
    people.deactivate(make.administrator().actor, client.account.id)
    assert client.get("/konto").path == "/anmelden"


def test_a_wrong_csrf_token_gives_the_address_back_but_not_the_password(client, make):
    client.get("/anmelden")
    page = client.post(
        "/anmelden", {"email": "kim@example.org", "password": PASSWORD, "csrf_token": "falsch"}, status=400
    )
    assert PASSWORD not in page.body
    page = client.submit(page.form(button="Noch einmal absenden"), status=422)
    assert page.form(button="Anmelden").fields["email"] == ["kim@example.org"]


def test_the_form_names_its_errors_and_leads_to_the_fields(client):
    page = enter(client, "", "", status=422)
    assert page.title.startswith("Fehler:")
    assert len(page.errors) >= 2


def test_readers_get_no_cookie_before_they_open_a_form(client):
    assert "Set-Cookie" not in client.get("/hilfe").headers
