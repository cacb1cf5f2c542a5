# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The page on which one says which mails one wants, and the links of mails that end them."""

from collections.abc import Callable
from types import ModuleType

from flask import Flask

from charta.accounts.models import Person
from charta.db import session, transaction
from charta.notifications import preferences, queries
from charta.notifications.rules import Digest, Unsubscribe
from charta.web.mail_keys import unsubscribe_key
from tests.inspecting import InspectingClient

SignIn = Callable[..., InspectingClient]


def state(person_id: int) -> queries.MailState:
    session.rollback()
    session.expunge_all()
    return queries.mail_state(person_id)


def test_one_chooses_how_often_and_sees_when_the_next_one_comes(frozen: object, sign_in: SignIn) -> None:
    client = sign_in("partner")
    page = client.get("/konto/mails")
    assert page.statements <= 4, page.statements
    assert page.has_text("Die nächste kommt am Mittwoch, 11. März 2026, 07:00 Uhr, wenn es Neues gibt.")
    page = client.submit(page.form(field="digest"), digest="weekly", wants_own=False)
    assert page.has_text("Montag, 16. März 2026, 07:00 Uhr")
    account = client.account
    assert account is not None
    assert (state(account.id).digest, state(account.id).wants_own) == (Digest.WEEKLY, False)
    page = client.submit(page.form(field="digest"), digest="never", wants_own=True)
    assert page.has_text("keine Übersicht")


def test_a_refused_address_is_shown_and_can_be_said_to_be_fine(frozen: object, sign_in: SignIn) -> None:
    client = sign_in("attendee")
    account = client.account
    assert account is not None
    with transaction() as tx:
        preferences.note_bounce(tx, account.id)
    page = client.get("/konto/mails")
    assert page.has_text("Am 10. März kam eine Nachricht zurück")
    page = client.submit(page.form(button="Adresse ist in Ordnung"))
    assert page.has_text("Wir schreiben Ihnen wieder an diese Adresse.")
    assert state(account.id).bounced_at is None


def test_who_joined_by_code_is_told_how_to_get_mail(sign_in: SignIn) -> None:
    client = sign_in("attendee")
    assert client.account is not None
    with transaction() as tx:
        tx.session.get_one(Person, client.account.id).email = None
    assert client.get("/konto/mails").has_text("Sie haben noch keine E-Mail-Adresse hinterlegt.")


def test_the_administration_sees_addresses_that_are_dead(sign_in: SignIn, make: ModuleType) -> None:
    kim = make.partner(email="kim@example.org", name="Kim Müller")
    with transaction() as tx:
        preferences.note_bounce(tx, kim.id)
    page = sign_in("administrator").get("/verwaltung/betrieb")
    assert page.has_text("Kim Müller")
    assert page.has_text("kim@example.org")


def test_opening_the_link_ends_nothing_and_the_button_does(
    client: InspectingClient, make: ModuleType
) -> None:
    kim = make.partner()
    url = f"/abbestellen/{unsubscribe_key(kim.id, Unsubscribe.DIGEST)}"
    page = client.get(url)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page.headers["Cache-Control"]
    assert state(kim.id).digest is Digest.DAILY
    page = client.submit(page.form(button="Abbestellen"))
    assert page.has_text("Abbestellt. Sie bekommen keine Übersicht mehr.")
    assert state(kim.id).digest is Digest.NEVER
    page = client.submit(page.form(button="Doch wieder schicken"), "Doch wieder schicken")
    assert state(kim.id).digest is Digest.DAILY


def test_a_mail_program_ends_it_without_cookie_and_token(app: Flask, make: ModuleType) -> None:
    kim, other = make.partner(), make.partner()
    url = f"/abbestellen/{unsubscribe_key(kim.id, Unsubscribe.OWN)}"
    answer = app.test_client().post(url, data={"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, answer.text) == (200, "OK\n")
    assert state(kim.id).wants_own is False
    signed_in = InspectingClient(app).sign_in(other)
    page = signed_in.get(url)
    assert page.has_text("Wir schreiben Ihnen nicht mehr sofort")
    signed_in.submit(page.form(button="Doch wieder schicken"), "Doch wieder schicken")
    assert state(kim.id).wants_own is True
    assert state(other.id).wants_own is True, "the key says whose mails, not who is signed in"


def test_a_wrong_key_opens_nothing(client: InspectingClient, make: ModuleType) -> None:
    kim = make.partner()
    key = unsubscribe_key(kim.id, Unsubscribe.OWN)
    for wrong in (f"{key}x", key.partition(".")[0], "x", unsubscribe_key(4711, Unsubscribe.OWN)):
        assert client.get(f"/abbestellen/{wrong}", status=404).status == 404
