# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages of invitation lists: a table is read with a preview, a wave leaves, and somebody answers by link."""

import io
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from charta.db import session
from charta.forums.invitees import clean_invitee
from charta.forums.models import Forum, Invitation
from charta.forums.queries import invitations
from charta.forums.rules import InvitationState
from charta.forums.service import inviting, waves
from charta.notifications.models import OutboxMail
from charta.notifications.worker import Rendered
from charta.web import mails, tables
from tests import factories, halls
from tests.inspecting import InspectingClient

TABLE = (
    "Firma;Vorname;Nachname;E-Mail;Beschäftigte\n"
    "Presswerk;Anna;Eins;anna@example.org;120\n"
    "=1+1;Bert;Zwei;bert@example.org;viele\n"
    "Werk;Cora;Drei;keine-adresse;9\n"
)


@pytest.fixture
def forum(app: Flask) -> Forum:
    return halls.forum("Zukunftsforum Zwickau", place="Zwickau")


def on_list(forum: Forum, count: int) -> None:
    people = [
        clean_invitee(email=f"g{n}@example.org", name=f"Gast {n}", company="Werk") for n in range(count)
    ]
    inviting.put_on_list(factories.moderator().actor, forum.id, people)


def rendered(address: str) -> Rendered:
    """Return the newest mail to an address as the worker makes it; it leads to the personal page."""
    row = halls.mail_to(address)
    mail = mails.render(row.template, locale="de", recipient="", secret=row.secret, data=dict(row.data))
    assert f"/foren/einladung/{row.secret}" in mail.text
    assert f"/foren/einladung/{row.secret}" in mail.html
    return mail


def key_of(forum: Forum) -> str:
    moderator = factories.moderator().actor
    on_list(forum, 1)
    number = waves.plan_wave(moderator, forum.id, subject="Einladung", letter="Kommen Sie.")
    waves.send_wave(moderator, invitations.wave(forum.id, number).wave.id)
    return halls.mail_to("g0@example.org").secret or ""


def test_a_table_is_read_with_a_preview_and_reasons(forum: Forum, sign_in: Any) -> None:
    client = sign_in("moderator")
    page = client.get(f"/foren/{forum.slug}/einladungen")
    assert page.has_text("Noch steht niemand auf der Liste")
    client.click("Tabelle einlesen")
    page = client.submit(client.page.form(field="text"), text="", status=422)
    page = client.post(page.url, {"file": (io.BytesIO(TABLE.encode("utf-16-le")), "liste.csv")}, status=422)
    assert page.has_text("Die Umlaute dieser Datei lassen sich nicht sicher lesen.")
    page = client.submit(page.form(field="text"), text=TABLE)
    assert page.has_text("2 Personen kommen neu auf die Liste")
    assert page.has_text("1 Zeile kann nicht gelesen werden")
    assert page.has_text("Bei 1 Person ist die Größe nicht lesbar")
    assert page.has_text("E-Mail-Adresse: Diese Angabe ist nicht gültig.")
    assert session.scalar(select(func.count()).select_from(Invitation)) == 0
    preview = page.url
    page = client.submit(page.form(field="email"), "Neu lesen", company=None, first_name="")
    page = client.submit(page.form(field="email"), "2 Personen auf die Liste setzen")
    assert page.has_text("2 Personen stehen neu auf der Liste.")
    assert page.has_text("Eins")
    assert client.get(preview).has_text("Diese Tabelle ist bereits eingelesen.")
    sign_in("moderator").get(preview, status=404)  # another's upload
    for kind in ("csv", "xlsx"):
        answer = client.get(f"/foren/{forum.slug}/einladungen.{kind}").response
        table = tables.read_table(answer.get_data(), "liste")
        assert len(table.rows) == 2
    sign_in("partner").get(f"/foren/{forum.slug}/einladungen.csv", status=403)


def test_a_wave_is_looked_at_sent_and_sent_only_once(forum: Forum, sign_in: Any) -> None:
    on_list(forum, 3)
    client = sign_in("moderator")
    client.get(f"/foren/{forum.slug}/einladungen")
    page = client.click("Neue Welle vorbereiten")
    page = client.submit(page.form(field="letter"), letter="", status=422)
    page = client.submit(page.form(field="letter"), letter="Wir **brauchen** Sie.\n\nBis bald.")
    assert page.has_text("Guten Tag Gast 0,")
    assert page.has_text("Wir brauchen Sie.")
    send = page.form(button="3 Einladungen verschicken")
    page = client.submit(send, "3 Einladungen verschicken")
    assert page.has_text("3 Einladungen gehen hinaus.")
    page = client.submit(send, "3 Einladungen verschicken")
    assert page.has_text("Diese Welle ist schon hinausgegangen.")
    assert session.scalar(select(func.count()).select_from(OutboxMail)) == 3
    page = client.submit(page.form(field="remind_at"), remind_at="2020-01-01T10:00", status=422)
    assert page.errors
    page = client.submit(page.form(button="Ja, jetzt erinnern"), "Ja, jetzt erinnern")
    assert page.has_text("3 Erinnerungen gehen hinaus.")
    for late in (page.path, f"{page.path}/erinnerung"):  # the forms are gone
        assert client.post(late, {}).has_text("Das ist nicht mehr möglich.")
    assert "Erinnerung: Einladung" in rendered("g1@example.org").subject


@pytest.mark.both_databases
def test_the_list_costs_the_same_at_ten_times_the_people(forum: Forum, sign_in: Any) -> None:
    on_list(forum, 3)
    client = sign_in("moderator")
    page = client.get(f"/foren/{forum.slug}/einladungen")
    assert page.headers["Cache-Control"] == "no-store", "addresses of people"
    few = page.statements
    on_list(forum, 40)
    many = client.get(f"/foren/{forum.slug}/einladungen?stand=draft&welle=0&kreis=-").statements
    assert len(few) == len(many) <= 8, many.texts


def test_an_invitation_is_answered_without_an_account(forum: Forum, client: InspectingClient) -> None:
    address = f"/foren/einladung/{key_of(forum)}"
    page = client.get(address)
    assert page.headers["Cache-Control"] == "no-store"
    assert len(page.statements) <= 5, page.statements.texts
    page = client.submit(page.form(button="Ja, ich komme"), "Ja, ich komme")
    assert page.has_text("Ihr Platz ist reserviert.")
    page = client.submit(page.form(button="Absagen"), "Absagen", reason="x" * 2001, status=422)
    page = client.submit(page.form(button="Absagen"), "Absagen", reason="Messe")
    assert page.has_text("Abgesagt")
    page = client.submit(
        page.form(field="email"), "Vertretung nennen", name="Emil", email="g0@example.org", status=422
    )
    assert page.has_text("Das ist Ihre eigene Adresse.")
    page = client.submit(page.form(field="email"), "Vertretung nennen", email="emil@example.org")
    assert page.has_text("Emil hat eine eigene Einladung bekommen.")
    assert rendered("emil@example.org").subject == "Als Vertretung eingeladen: Zukunftsforum Zwickau"
    page = client.submit(page.form(button="Keine Einladungen mehr"), "Keine Einladungen mehr")
    assert page.has_text("keine Einladungen zu weiteren Foren")
    client.get("/foren/einladung/unbekannt", status=404)
    halls.begin(forum)
    page = client.get(address)
    assert page.has_text("Ihre Antwort lässt sich nicht mehr ändern.")
    assert not [form for form in page.forms if form.action.endswith("zusagen")]
    for deed in ("zusagen", "absagen", "vertretung"):
        client.post(f"{address}/{deed}", {}, status=409)


def test_a_mail_program_ends_invitations_with_one_click(
    forum: Forum, app: Flask, client: InspectingClient
) -> None:
    key = key_of(forum)
    end = f"/foren/einladung/{key}/abbestellen"
    assert rendered("g0@example.org").unsubscribe_url.endswith(end)
    assert client.get(end).path == f"/foren/einladung/{key}", "opening the link ends nothing"
    assert not invitations.is_closed("g0@example.org")
    for _twice in range(2):
        answer = app.test_client().post(end, data={"List-Unsubscribe": "One-Click"})
        assert (answer.status_code, answer.text) == (200, "OK\n")
    session.rollback()
    assert invitations.is_closed("g0@example.org")
    assert app.test_client().post("/foren/einladung/falsch/abbestellen").status_code == 404


def test_a_guessed_answer_needs_the_link(forum: Forum, client: InspectingClient) -> None:
    on_list(forum, 1)
    client.post("/foren/einladung/1/zusagen", {}, status=404)
    assert session.scalar(select(Invitation.state)) is InvitationState.DRAFT
