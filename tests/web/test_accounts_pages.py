# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages behind links of mails, and „Mein Konto“."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from charta.accounts import queries
from charta.accounts.models import Person, Token
from charta.accounts.rules import PublicName
from charta.accounts.service import links, people
from charta.accounts.service.people import Invitee
from charta.accounts.throttle import FreeAttempts
from charta.db import session, transaction
from charta.notifications.models import OutboxMail
from charta.permissions import Role

PASSWORD = "ein Passwort hier"


@pytest.fixture
def invitation(make):
    admin = make.administrator()
    invitee = Invitee("kim@example.org", "Kim Beispiel")
    return people.invite(admin.actor, [invitee], role=Role.ATTENDEE, organisation_id=None)[0]


def expire_all():
    with transaction() as tx:
        for token in tx.session.scalars(select(Token)):
            token.expires_at = tx.now - timedelta(seconds=1)


def secret(template):
    session.rollback()
    return session.scalars(
        select(OutboxMail.secret).where(OutboxMail.template == template).order_by(OutboxMail.id.desc())
    ).first()


def test_an_invited_person_joins_and_is_signed_in(client, invitation):
    page = client.get(f"/einladung/{invitation.key}")
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    form = page.form(button="Einladung annehmen")
    assert form.fields["name"] == ["Kim Beispiel"]
    client.submit(form, name="Kim B.", password=PASSWORD, follow=False)
    assert client.get("/konto").has_text("kim@example.org")
    page = client.get(f"/einladung/{invitation.key}", status=410)
    assert page.has_text("Dieser Link wurde schon benutzt")
    assert page.has_text("Neuen Link anfordern")


def test_a_short_password_keeps_name_and_link(client, invitation):
    page = client.get(f"/einladung/{invitation.key}")
    page = client.submit(page.form(button="Einladung annehmen"), name="Kim Neu", password="kurz", status=422)
    assert page.has_text("mindestens 10 Zeichen")
    assert page.form(button="Einladung annehmen").fields["name"] == ["Kim Neu"]
    assert "kurz" not in page.form(button="Einladung annehmen").fields["password"]
    client.submit(page.form(button="Einladung annehmen"), password=PASSWORD, follow=False)
    assert client.get("/konto").path == "/konto"


def test_two_tabs_of_one_invitation(client, invitation):
    page = client.get(f"/einladung/{invitation.key}")
    form = page.form(button="Einladung annehmen")
    links.accept_invitation(invitation.key, name="Kim", password=PASSWORD, user_agent="")
    page = client.submit(form, password=PASSWORD, status=410)
    assert page.has_text("melden Sie sich mit Ihrem Passwort an")


@pytest.mark.parametrize("address", ["/einladung/{}", "/passwort/{}", "/konto/e-mail/{}"])
@pytest.mark.parametrize("key", ["unbekannt", "x" * 3000, "%00", "%F0%9F%98%80", "..%2F"])
def test_an_unknown_link_is_no_error_of_ours(client, address, key):
    page = client.get(address.format(key), status=404)
    assert page.status == 404


def test_an_expired_invitation_offers_a_new_one(client, invitation):
    expire_all()
    page = client.get(f"/einladung/{invitation.key}", status=410)
    assert page.has_text("Dieser Link ist abgelaufen")
    page = client.click("Neuen Link anfordern")
    page = client.submit(page.form(button="Link schicken"), email="kim@example.org")
    new = secret("invitation")
    assert new != invitation.key
    client.get(f"/einladung/{new}", status=200)


def test_a_wrong_csrf_token_on_an_invitation_gives_the_name_back(client, invitation):
    page = client.post(
        f"/einladung/{invitation.key}",
        {"name": "Kim Neu", "password": PASSWORD, "csrf_token": "falsch"},
        status=400,
    )
    assert PASSWORD not in page.body
    page = client.submit(page.form(button="Noch einmal absenden"), status=422)
    assert page.form(button="Einladung annehmen").fields["name"] == ["Kim Neu"]


def test_joining_ends_the_session_of_whoever_was_signed_in(sign_in, invitation):
    client = sign_in("partner")
    page = client.get(f"/einladung/{invitation.key}")
    client.submit(page.form(button="Einladung annehmen"), password=PASSWORD, follow=False)
    assert queries.sessions_of(client.account.id) == []
    assert client.get("/konto").has_text("kim@example.org")


def test_a_forgotten_password_is_replaced(client, make):
    person = make.partner(password=PASSWORD)
    page = client.get("/passwort-vergessen")
    page = client.submit(page.form(button="Link schicken"), email=person.email)
    assert page.has_text("Wenn es zu dieser Adresse ein Konto gibt")
    key = secret("password_reset")
    page = client.get(f"/passwort/{key}")
    page = client.submit(page.form(button="Passwort speichern"), password="ein neues Passwort")
    assert page.path == "/anmelden"
    assert page.has_text("Ihr neues Passwort gilt.")
    page = client.submit(
        page.form(button="Anmelden"), "Anmelden", email=person.email, password="ein neues Passwort"
    )
    assert page.path == "/"
    client.get(f"/passwort/{key}", status=410)


def test_strangers_read_the_same_words(client, make):
    person = make.partner(password=PASSWORD)
    texts = set()
    for email in (person.email, "niemand@example.org"):
        page = client.get("/passwort-vergessen")
        texts.add(client.submit(page.form(button="Link schicken"), email=email).main_text)
    assert len(texts) == 1


@pytest.mark.parametrize("email", ["", "kein", "a@b@c", "kim@" + "x" * 300 + ".de", "kim@exa mple.org"])
def test_what_is_no_address_comes_back_with_a_sentence(client, email):
    page = client.get("/passwort-vergessen")
    page = client.submit(page.form(button="Link schicken"), email=email, status=422)
    assert page.errors
    assert page.form(button="Link schicken").fields["email"] == [email]


def test_asking_too_often_answers_429(client, make, app):
    for _ in range(app.config["SIGN_IN_FREE_ATTEMPTS"]):
        links.request_password_reset("kim@example.org", address="a", free=FreeAttempts())
    page = client.get("/passwort-vergessen")
    page = client.submit(page.form(button="Link schicken"), email="kim@example.org", status=429)
    assert page.has_text("Zu viele Versuche")


def test_the_profile_is_changed_with_name_language_and_public_name(sign_in):
    client = sign_in("partner")
    page = client.get("/konto")
    form = page.form("/konto")
    page = client.submit(
        form, **{"profile-name": "Neuer Name", "profile-public_name": "organisation", "profile-locale": "de"}
    )
    assert page.has_text("Ihre Angaben sind gespeichert.")
    person = session.get(Person, client.account.id)
    assert (person.name, person.public_name) == ("Neuer Name", PublicName.ORGANISATION)


@pytest.mark.parametrize(
    "values",
    [
        {"profile-name": ""},
        {"profile-name": "x" * 121},
        {"profile-name": "Kіm"},  # a Cyrillic i
        {"profile-public_name": "alles"},
        {"profile-locale": "fr"},
    ],
)
def test_a_refused_profile_keeps_what_was_typed(sign_in, values):
    client = sign_in("partner")
    form = client.get("/konto").form("/konto")
    page = client.submit(form, status=422, **values)
    name = values.get("profile-name", client.account.name)
    assert page.form("/konto").fields["profile-name"] == [name]
    assert session.get(Person, client.account.id).name == client.account.name


def test_the_language_of_the_profile_counts_at_once(sign_in):
    client = sign_in("partner")
    page = client.submit(client.get("/konto").form("/konto"), **{"profile-locale": "en"})
    assert page.by_id("inhalt") is not None
    assert page.root.get("lang") == "en" or 'lang="en"' in page.body


def test_a_new_address_is_confirmed_by_its_link(client, make):
    person = make.partner(password=PASSWORD, email="alt@example.org")
    client.sign_in(person)
    form = client.get("/konto").form("/konto/e-mail")
    page = client.submit(form, **{"email-email": "neu@example.org", "email-password": PASSWORD})
    assert page.has_text("Wenn die Adresse frei ist")
    page = client.get(f"/konto/e-mail/{secret('email_change')}")
    assert page.has_text("neu@example.org ersetzt alt@example.org")
    page = client.submit(page.form(button="Neue Adresse bestätigen"))
    assert page.has_text("Ihre neue E-Mail-Adresse gilt ab jetzt.")
    assert page.has_text("neu@example.org")


def test_a_wrong_password_sends_no_link(client, make):
    client.sign_in(make.partner(password=PASSWORD))
    form = client.get("/konto").form("/konto/e-mail")
    page = client.submit(form, status=422, **{"email-email": "neu@example.org", "email-password": "falsch"})
    assert page.has_text("Das ist nicht Ihr bisheriges Passwort.")
    assert page.form("/konto/e-mail").fields["email-email"] == ["neu@example.org"]
    assert secret("email_change") is None


def test_a_new_password_keeps_this_browser_and_ends_the_others(client, new_client, make):
    person = make.partner(password=PASSWORD)
    client.sign_in(person)
    other = new_client().sign_in(person)
    form = client.get("/konto").form("/konto/passwort")
    page = client.submit(form, **{"password-current": PASSWORD, "password-password": "ein neues Passwort"})
    assert page.has_text("Ihr Passwort ist geändert.")
    assert other.get("/konto").path == "/anmelden"


@pytest.mark.parametrize(
    "current, new, words",
    [("falsch", "ein neues Passwort", "nicht Ihr bisheriges"), (PASSWORD, "kurz", "mindestens 10 Zeichen")],
)
def test_a_refused_password_says_why_and_shows_neither(client, make, current, new, words):
    client.sign_in(make.partner(password=PASSWORD))
    form = client.get("/konto").form("/konto/passwort")
    page = client.submit(form, status=422, **{"password-current": current, "password-password": new})
    assert page.has_text(words)
    assert PASSWORD not in page.body


def test_no_password_of_the_profile_stands_on_the_page_after_a_wrong_csrf_token(sign_in):
    client = sign_in("partner")
    page = client.post(
        "/konto/passwort",
        {"password-current": "altaltalt", "password-password": "neuneuneu", "csrf_token": "x"},
        status=400,
    )
    assert "altaltalt" not in page.body
    assert "neuneuneu" not in page.body


def test_signing_out_everywhere_ends_this_browser_too(client, new_client, make):
    person = make.partner()
    client.sign_in(person)
    other = new_client().sign_in(person)
    page = client.get("/konto")
    page = client.submit(page.form("/konto/ueberall-abmelden"))
    assert page.has_text("Sie sind auf allen Geräten abgemeldet.")
    assert client.get("/konto").path == "/anmelden"
    assert other.get("/konto").path == "/anmelden"


def test_one_other_session_is_ended(client, new_client, make):
    person = make.partner()
    client.sign_in(person)
    other = new_client().sign_in(person)
    page = client.get("/konto")
    client.submit(page.form(button="Beenden"))
    assert other.get("/konto").path == "/anmelden"
    assert client.get("/konto").path == "/konto"


def test_sessions_of_others_cannot_be_ended(client, new_client, make):
    other = new_client().sign_in(make.partner())
    row = queries.sessions_of(other.account.id)[0]
    client.sign_in(make.partner())
    client.post(f"/konto/sitzungen/{row.id}/beenden")
    assert other.get("/konto").path == "/konto"


def test_names_are_shown_not_executed(client, make):
    client.sign_in(make.partner(name="<script>alert(1)</script>"))
    assert "<script>alert" not in client.get("/konto").body


@pytest.mark.parametrize("locale", ["de", "en"])
@pytest.mark.parametrize(
    "address", ["/anmelden", "/passwort-vergessen", "/passwort-vergessen/unterwegs", "/sprache"]
)
def test_public_account_pages_in_both_languages(client, address, locale):
    page = client.use_language(locale).get(address)
    assert page.statements <= 4, page.statements
