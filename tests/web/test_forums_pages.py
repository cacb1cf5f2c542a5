# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages of forums: list, the page of one, registering by mail, planning, and the list at the door."""

import io
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from charta.db import transaction, utcnow
from charta.forums.models import Attendance
from charta.forums.queries import forums
from charta.forums.rules import ForumState, RegistrationState
from charta.forums.service import planning, registering
from charta.notifications.worker import Claim, compose
from tests import factories, halls
from tests.inspecting import InspectingClient


def test_forums_stand_in_three_lists(app: Flask, client: InspectingClient) -> None:
    assert client.get("/foren").has_text("Es gibt noch kein Forum")
    halls.forum("Zukunftsforum Zwickau", place="Zwickau", capacity=20)
    halls.forum("Zukunftsforum Freiberg", state=ForumState.PLANNED)
    halls.forum("Zukunftsforum Plauen", state=ForumState.HELD, starts_at=utcnow() - timedelta(days=9))
    page = client.get("/foren")
    text = page.main_text
    assert (
        text.index("Kommende Foren")
        < text.index("Zukunftsforum Zwickau")
        < text.index("Noch ohne Termin")
        < text.index("Zukunftsforum Freiberg")
        < text.index("Vergangene Foren")
        < text.index("Zukunftsforum Plauen")
    )
    assert page.has_text("Noch 20 von 20 Plätzen frei.")


def test_the_list_costs_the_same_at_ten_times_the_forums(app: Flask, client: InspectingClient) -> None:
    halls.forum()
    few = client.get("/foren").statements
    for _number in range(9):
        halls.registered(halls.forum(capacity=5))
    many = client.get("/foren").statements
    assert len(few) == len(many) <= 6, many.texts


def test_somebody_registers_confirms_and_cancels(app: Flask, client: InspectingClient) -> None:
    forum = halls.forum("Zukunftsforum Zwickau", capacity=1, place="Zwickau")
    page = client.get(f"/foren/{forum.slug}")
    page = client.get(page.links["Zum Forum anmelden"])
    page = client.submit(page.form(), name="Kim <script>alert(1)</script>", email="kim@example.org")
    assert page.has_text("Bitte öffnen Sie Ihre E-Mails")
    key = halls.mail_to("kim@example.org").secret
    page = client.get(f"/foren/anmeldung/{key}")
    assert page.has_text("Noch nicht bestätigt")
    assert page.has_text("Kim <script>alert(1)</script>")
    assert "<script>alert" not in page.body
    assert page.headers["Referrer-Policy"] == "no-referrer"
    page = client.submit(page.form(button="Anmeldung bestätigen"))
    assert page.has_text("Ihr Platz ist reserviert.")
    page = client.submit(page.form(button="Ja, ich sage ab"))
    assert page.has_text("Sie sind abgemeldet")
    assert client.submit(page.form(button="Doch wieder anmelden")).has_text("Angemeldet")


def test_a_half_address_and_a_missing_name_are_named_at_once(app: Flask, client: InspectingClient) -> None:
    forum = halls.forum("Zukunftsforum Zwickau", place="Zwickau")
    page = client.get(f"/foren/{forum.slug}/anmelden")
    page = client.submit(page.form(), status=422, email="kim@", organisation_name="Feinblech GmbH")
    assert page.has_text("Das ist keine vollständige E-Mail-Adresse.")
    assert "#name" in page.body
    assert "kim@" in page.body
    assert "Feinblech GmbH" in page.body


def test_a_known_address_is_not_given_away(app: Flask, client: InspectingClient) -> None:
    forum = halls.forum()
    halls.registered(forum, email="kim@example.org")
    pages = []
    for email in ("kim@example.org", "neu@example.org"):
        page = client.get(f"/foren/{forum.slug}/anmelden")
        pages.append(client.submit(page.form(), name="Kim", email=email).main_text)
    assert pages[0] == pages[1]


def test_what_was_typed_stays_beside_the_error(app: Flask, client: InspectingClient) -> None:
    forum = halls.forum()
    page = client.get(f"/foren/{forum.slug}/anmelden")
    page = client.submit(
        page.form(), name="", email="kim@example.org", organisation_name="Werk Süd", status=422
    )
    assert page.form().fields["organisation_name"] == ["Werk Süd"]


def test_who_is_signed_in_lands_on_the_own_page(app: Flask, sign_in: Any) -> None:
    forum = halls.forum()
    partner = sign_in("partner")
    page = partner.get(f"/foren/{forum.slug}/anmelden")
    page = partner.submit(page.form())
    assert page.path.startswith("/foren/anmeldung/")
    assert page.has_text("Ihr Platz ist reserviert.")
    assert partner.get(f"/foren/{forum.slug}").has_text("Angemeldet")


def test_the_hall_shows_its_code_only_while_it_is_open(app: Flask, client: InspectingClient) -> None:
    forum = halls.forum(code="ZWK27", agenda="- 14:00 **Beginn** <b>x</b>\n")
    page = client.get(f"/foren/{forum.slug}")
    assert not page.has_text("ZWK27")
    assert page.has_text("14:00 Beginn <b>x</b>")
    _id, key = halls.registered(forum)
    assert not client.get(f"/foren/anmeldung/{key}").has_text("Ich bin da")
    halls.begin(forum)
    page = client.get(f"/foren/{forum.slug}")
    assert page.has_text("Code ZWK27")
    assert page.links["Jetzt mitmachen"] == "/f/ZWK27"
    assert client.get(f"/foren/anmeldung/{key}").has_text("Ich bin da: jetzt mitmachen")


def test_the_calendar_entry_keeps_its_name_when_the_forum_moves(app: Flask, client: InspectingClient) -> None:
    forum = halls.forum(place="Zwickau")
    before = client.get(f"/foren/{forum.slug}.ics").body
    starts_at = forum.starts_at
    assert starts_at is not None
    planning.move(
        factories.moderator().actor,
        forum.id,
        starts_at=starts_at + timedelta(days=7),
        ends_at=None,
        place="Chemnitz",
        address="",
        reason="Der Saal ist zu klein.",
        seen_version=forum.version,
    )
    after = client.get(f"/foren/{forum.slug}.ics").body
    assert f"UID:forum-{forum.id}@" in before
    assert f"UID:forum-{forum.id}@" in after
    assert f"SEQUENCE:{forum.version}\r\n" in before
    assert f"SEQUENCE:{forum.version + 1}\r\n" in after
    assert f"UID:forum-{forum.id}@" in client.get("/termine.ics").body
    page = client.get(f"/foren/{forum.slug}")
    assert page.has_text("Der bisherige Termin gilt nicht mehr")
    assert page.has_text("Der Saal ist zu klein.")


@pytest.mark.parametrize("locale", ["de", "en"])
@pytest.mark.parametrize("deed", ["new", "waiting", "moved", "cancelled", "left"])
def test_mails_carry_their_calendar_entry(app: Flask, deed: str, locale: str) -> None:
    forum = halls.forum("Forum <Süd>", capacity=1, place="Zwickau")
    moderator = factories.moderator().actor
    if deed == "waiting":
        halls.registered(forum)
    _id, key = halls.registered(forum, "Kim", email="kim@example.org")
    if deed == "moved":
        assert forum.starts_at is not None
        planning.move(
            moderator, forum.id, starts_at=forum.starts_at + timedelta(days=1), ends_at=None,
            place="Zwickau", address="", reason="Grund", seen_version=forum.version,
        )  # fmt: skip
    elif deed == "cancelled":
        planning.cancel(moderator, forum.id, reason="Grund", seen_version=forum.version)
    elif deed == "left":
        registering.cancel(key)
    mail = halls.mail_to("kim@example.org")
    message = compose(
        Claim(
            id=mail.id, attempts=1, address=mail.address, recipient="Kim", template=mail.template,
            locale=locale, data=dict(mail.data), secret=mail.secret, created_at=mail.created_at,
        )
    )  # fmt: skip
    assert "Forum <Süd>" in message["Subject"]
    files = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    if deed == "waiting":
        assert not files
        return
    (file,) = files
    method = "CANCEL" if deed in {"cancelled", "left"} else "REQUEST"
    assert file.get_param("method") == method
    text = file.get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert f"METHOD:{method}\r\n" in text
    assert f"UID:forum-{forum.id}@" in text
    body = message.get_body(("plain",))
    assert body is not None
    assert f"/foren/anmeldung/{mail.secret}" in body.get_content()


def test_a_moderator_plans_confirms_and_calls_off(app: Flask, sign_in: Any) -> None:
    moderator = sign_in("moderator")
    page = moderator.get("/foren/neu")
    assert page.path == "/foren/reihen"
    moderator.submit(page.form(button="Reihe anlegen"), title="Zukunftsforen 2027")
    page = moderator.submit(moderator.get("/foren/neu").form(), title="Zukunftsforum Müglitz")
    assert page.path == "/foren/zukunftsforum-mueglitz/leitung"
    page = moderator.submit(page.form(button="Ja, zusagen"), status=422)
    assert page.has_text("Das geht noch nicht")
    page = moderator.get("/foren/zukunftsforum-mueglitz/bearbeiten")
    page = moderator.submit(page.form(), starts_at="24.04.2027 14:00", ends_at="24.04.2027 18:00")
    page = moderator.submit(page.form(button="Ja, zusagen"))
    assert page.has_text("24. April 2027, 14:00 bis 18:00 Uhr")
    page = moderator.get("/foren/zukunftsforum-mueglitz/absagen")
    moderator.submit(page.form(), reason="", status=422)
    page = moderator.submit(page.form(), reason="Der Saal ist gesperrt.")
    assert page.has_text("abgesagt")


def test_who_edited_later_keeps_the_typed_text(app: Flask, sign_in: Any) -> None:
    forum = halls.forum("Zukunftsforum Zwickau")
    moderator = sign_in("moderator")
    page = moderator.get(f"/foren/{forum.slug}/bearbeiten")
    planning.change_forum(
        factories.moderator().actor,
        forum.id,
        planning.Details(series_id=forum.series_id, title="Anders"),
        seen_version=forum.version,
    )
    page = moderator.submit(page.form(), title="Mein Titel", status=409)
    assert page.form().fields["title"] == ["Mein Titel"]


def test_bad_values_of_the_form_are_said_beside_them(app: Flask, sign_in: Any) -> None:
    halls.forum(code="ZWK27")
    moderator = sign_in("moderator")
    form = moderator.get("/foren/neu").form()
    for field, value, sentence in (
        ("code", "ZWK27", "bereits vergeben"),
        ("code", "a", "4 bis 12"),
        ("slug", "neu", "Kleinbuchstaben"),
        ("capacity", "0", "von 1 bis"),
        ("starts_at", "28.03.2027 02:30", "gibt es an diesem Tag nicht"),
        ("join_opens_at", "24.04.2027 14:00", "Beginn und Ende"),
    ):
        page = moderator.submit(form, title="Forum", status=422, **{field: value})
        assert any(sentence in error for error in page.errors), (field, page.errors)


def test_tables_have_codes_and_sheets_to_print(app: Flask, sign_in: Any) -> None:
    forum = halls.forum(code="ZWK27")
    field = factories.field_of_action("Arbeit")
    moderator = sign_in("moderator")
    page = moderator.get(f"/foren/{forum.slug}/tische")
    page = moderator.submit(page.form("tische/neu"), count="2")
    (one, code), (two, other) = forums.tables(forum.id)
    assert len({code, other, "ZWK27"}) == 3
    page = moderator.post(
        f"/foren/{forum.slug}/tische",
        {"table": [one.id, two.id], f"name-{one.id}": "Fenster", f"field-{one.id}": field},
    )
    assert page.has_text("Fenster") or "Fenster" in page.body
    for name in ("aushang", "tischschilder"):
        found = moderator.get(f"/foren/{forum.slug}/{name}.pdf")
        assert found.response.data.startswith(b"%PDF"), name
    page = moderator.submit(page.form(f"tische/{two.id}/entfernen"))
    assert len(forums.tables(forum.id)) == 1


def test_the_door_is_one_tap_a_person(app: Flask, sign_in: Any) -> None:
    forum = halls.forum(capacity=1)
    kim, _key = halls.registered(forum, "Kim Beispiel")
    jo, _key = halls.registered(forum, "Jo Muster")
    halls.begin(forum)
    moderator = sign_in("moderator")
    address = f"/foren/{forum.slug}/anmeldungen"
    page = moderator.get(f"{address}?suche=kim")
    assert not page.has_text("Jo Muster")
    page = moderator.submit(page.form(f"{kim}/da"))
    assert page.has_text("1 von 1 sind da")
    page = moderator.submit(moderator.get(address).form(f"{jo}/da"))
    assert page.has_text("2 von 2 sind da")
    page = moderator.submit(page.form(f"{jo}/doch-nicht-da"))
    assert halls.states(forum.id)["Jo Muster"] is RegistrationState.WAITING
    page = moderator.submit(page.form("hinzufuegen"), name="Toni Tür")
    assert page.has_text("an der Tür ergänzt")
    assert moderator.get(f"{address}/drucken").has_text("Toni Tür")


def test_a_phone_is_linked_and_somebody_taken_off_on_pages(app: Flask, sign_in: Any) -> None:
    forum = halls.forum()
    kim, _key = halls.registered(forum, "Kim Beispiel", email="kim@example.org")
    guest = factories.attendee(name="kim beispiel")
    with transaction() as tx:
        tx.session.add(Attendance(id=7, forum_id=forum.id, person_id=guest.id, joined_at=tx.now))
    moderator = sign_in("moderator")
    address = f"/foren/{forum.slug}/anmeldungen"
    page = moderator.get(f"{address}/{kim}/telefon")
    assert page.has_text("Gleicher oder ähnlicher Name")
    moderator.submit(page.form(), status=422, telefon=None)
    page = moderator.submit(page.form(), telefon=7)
    assert page.has_text("Telefon: kim beispiel")
    moderator.submit(page.form(f"{kim}/doch-nicht-da"))
    page = moderator.get(f"{address}/{kim}")
    assert page.has_text("kim@example.org")
    moderator.submit(page.form(button="Ja, abmelden"))
    assert halls.states(forum.id) == {"Kim Beispiel": RegistrationState.CANCELLED}


def test_the_export_calculates_nothing(app: Flask, sign_in: Any) -> None:
    from openpyxl import load_workbook

    forum = halls.forum()
    halls.registered(forum, "=1+1")
    moderator = sign_in("moderator")
    text = moderator.get(f"/foren/{forum.slug}/anmeldungen.csv").response.data.decode("utf-8-sig")
    assert "'=1+1" in text
    book = load_workbook(io.BytesIO(moderator.get(f"/foren/{forum.slug}/anmeldungen.xlsx").response.data))
    assert book.active is not None
    assert book.active.cell(2, 1).value == "'=1+1"


def test_attendance_is_never_public(app: Flask, client: InspectingClient, sign_in: Any) -> None:
    forum = halls.forum()
    halls.registered(forum, "Kim Beispiel")
    partner = sign_in("partner")
    for end in ("", "/drucken", ".csv", ".xlsx"):
        assert client.get(f"/foren/{forum.slug}/anmeldungen{end}").path == "/anmelden"
        partner.get(f"/foren/{forum.slug}/anmeldungen{end}", status=403)
    client.get("/foren/anmeldung/unsinn", status=404)
    assert not client.get(f"/foren/{forum.slug}").has_text("Kim Beispiel")


def test_the_front_page_shows_the_next_forum(app: Flask, client: InspectingClient) -> None:
    forum = halls.forum("Zukunftsforum Zwickau", capacity=80)
    page = client.get("/")
    assert page.has_text("Zukunftsforum Zwickau")
    assert page.has_text("Noch 80 von 80 Plätzen frei.")
    assert page.links["Zum Forum anmelden"] == f"/foren/{forum.slug}/anmelden"
    assert page.links["Foren"] == "/foren"
    assert client.get("/termine").has_text("Zukunftsforum Zwickau")
