# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What administrators do on pages: each deed once well, once refused, with the typed text kept."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from charta.accounts import queries
from charta.accounts.models import Organisation, Person
from charta.accounts.rules import TokenPurpose
from charta.accounts.service import people
from charta.accounts.service.people import Invitee
from charta.db import session, transaction, utcnow
from charta.notifications.models import OutboxMail
from charta.permissions import Role
from charta.site import queries as site
from charta.site.models import CalendarDate, NewsItem, Page, Round


@pytest.fixture
def admin(sign_in):
    return sign_in("administrator")


def count(model):
    session.rollback()
    return session.scalar(select(func.count()).select_from(model))


# ------------------------------------------------------------------------------------- inviting


def check_list(admin, text, *, status=None, **values):
    page = admin.get("/verwaltung/einladungen/neu")
    form = page.form(button="Liste prüfen")
    return admin.submit(form, "Liste prüfen", people=text, role="attendee", status=status, **values)


def test_many_are_invited_after_a_preview_and_the_links_appear_once(admin, new_client):
    page = check_list(
        admin, "Name;E-Mail\nKim Beispiel <kim@example.org>\nAlex;alex@example.org\nno.name@example.org"
    )
    assert count(OutboxMail) == 0, "the preview sends nothing"
    page = admin.submit(page.form(button="3 Einladungen schicken"), "3 Einladungen schicken", status=200)
    links = re.findall(r'value="(http://localhost/einladung/[^"]+)"', page.body)
    assert len(links) == 3
    assert page.headers["Cache-Control"] == "no-store"
    assert queries.person_by_email("no.name@example.org").name == "No Name"
    page = new_client().get(links[0].removeprefix("http://localhost"))
    assert page.has_text("Willkommen bei der Charta")
    assert links[0] not in admin.get("/verwaltung/einladungen").body


@pytest.mark.parametrize(
    "line, words",
    [
        ("Kim ohne Adresse", "Hier fehlt die E-Mail-Adresse."),
        ("Kim <kim@>", "Diese E-Mail-Adresse ist nicht vollständig."),
        ("Kіm <kim@example.org>", "Dieser Name kann so nicht gespeichert werden."),
        ("da@example.org", "Zu dieser Adresse gibt es schon ein Konto."),
        ("gut@example.org", "Diese Adresse steht schon weiter oben."),
    ],
)
def test_a_wrong_line_is_named_and_nobody_is_invited(admin, make, line, words):
    make.person("attendee", email="da@example.org")
    text = f"gut@example.org\n{line}"
    page = check_list(admin, text, status=422)
    assert page.has_text(words)
    assert page.form(button="Liste prüfen").fields["people"] == [text]
    assert count(OutboxMail) == 0


@pytest.mark.parametrize(
    "text", ["", " \n \n", "Name;E-Mail", "\n".join(f"p{n}@example.org" for n in range(201))]
)
def test_an_empty_or_endless_list_is_refused(admin, text):
    check_list(admin, text, status=422)


def test_partners_need_an_organisation(admin):
    page = check_list(admin, "kim@example.org")
    page = admin.submit(
        page.form(button="1 Einladung schicken"), "1 Einladung schicken", role="partner", status=422
    )
    assert page.has_text("Konsortialpartner gehören zu einer Organisation.")
    assert count(OutboxMail) == 0


def test_a_second_click_invites_nobody_twice(admin):
    page = check_list(admin, "kim@example.org")
    form = page.form(button="1 Einladung schicken")
    admin.submit(form, "1 Einladung schicken", status=200)
    page = admin.submit(form, "1 Einladung schicken", status=422)
    assert page.has_text("Zu dieser Adresse gibt es schon ein Konto.")
    assert count(OutboxMail) == 1


def test_a_wrong_csrf_token_gives_the_list_back(admin):
    text = "Kim Beispiel <kim@example.org>\nAlex <alex@example.org>"
    page = admin.post(
        "/verwaltung/einladungen/neu",
        {"people": text, "role": "attendee", "voting": "none", "organisation_id": "", "csrf_token": "x"},
        status=400,
    )
    page = admin.submit(page.form(button="Noch einmal absenden"))
    assert page.form(button="2 Einladungen schicken").fields["people"] == [text.replace("\n", "\r\n")] or text


def test_an_invitation_is_renewed_and_taken_back(admin):
    made = people.invite(
        admin.account.actor, [Invitee("kim@example.org", "Kim")], role=Role.ATTENDEE, organisation_id=None
    )[0]
    page = admin.get("/verwaltung/einladungen")
    page = admin.submit(page.form(button="Erneuern"), status=200)
    assert page.has_text("Die Links erscheinen nur hier und nur jetzt")
    assert not queries.link(TokenPurpose.INVITATION, made.key)
    page = admin.get(f"/verwaltung/personen/{made.person_id}")
    page = admin.submit(page.form("/einladung/zurueckziehen"))
    assert page.has_text("Die Einladung ist zurückgezogen")
    assert session.get(Person, made.person_id) is None


# ------------------------------------------------------------------------------------- people


def test_role_and_organisation_of_a_person_are_changed(admin, make):
    person, organisation_id = make.attendee(), make.organisation()
    page = admin.get(f"/verwaltung/personen/{person.id}")
    page = admin.submit(
        page.form(button="Angaben speichern"),
        name="Neuer Name",
        role="partner",
        organisation_id=organisation_id,
        voting="member",
    )
    assert page.has_text("Die Angaben sind gespeichert.")
    changed = session.get(Person, person.id)
    assert (changed.name, changed.role, changed.organisation_id) == (
        "Neuer Name",
        Role.PARTNER,
        organisation_id,
    )


@pytest.mark.parametrize(
    "values",
    [{"name": ""}, {"name": "x" * 121}, {"voting": "member"}, {"role": "partner"}],
)
def test_a_refused_person_keeps_what_was_typed(admin, make, values):
    person = make.attendee()
    page = admin.get(f"/verwaltung/personen/{person.id}")
    page = admin.submit(page.form(button="Angaben speichern"), status=422, **values)
    assert page.errors
    for name, value in values.items():
        assert page.form(button="Angaben speichern").fields[name] == [value]


@pytest.mark.parametrize(
    "values",
    [{"role": "kaiser"}, {"role": "reader"}, {"organisation_id": "4711"}, {"organisation_id": "x"}, {}],
)
def test_forged_values_are_refused(admin, make, values):
    person = make.attendee()
    sent = {"name": "Kim", "role": "attendee", "organisation_id": "", "voting": "none"} if values else {}
    admin.post(f"/verwaltung/personen/{person.id}", sent | values, status=422)


def test_a_person_is_locked_out_and_let_in_again_by_name(admin, make):
    person = make.partner(name="Kim Beispiel")
    page = admin.get(f"/verwaltung/personen/{person.id}")
    assert page.has_text("Kim Beispiel wird sofort überall abgemeldet")
    page = admin.submit(page.form("/sperren"))
    assert page.has_text("Gesperrt")
    page = admin.submit(page.form("/freigeben"))
    assert page.has_text("Aktiv")


def test_the_own_account_has_no_button_to_lock_it(admin):
    page = admin.get(f"/verwaltung/personen/{admin.account.id}")
    assert not page.has_text("Konto sperren")
    admin.post(f"/verwaltung/personen/{admin.account.id}/sperren", status=403)


def test_a_reset_link_is_shown_once_and_works(admin, new_client, make):
    person = make.partner()
    page = admin.get(f"/verwaltung/personen/{person.id}")
    page = admin.submit(page.form("/passwort-link"), status=200)
    link = re.search(r'value="http://localhost(/passwort/[^"]+)"', page.body)[1]
    assert new_client().get(link).has_text("Neues Passwort wählen")


def test_somebody_is_signed_out_everywhere(admin, new_client, make):
    other = new_client().sign_in(make.partner())
    page = admin.get(f"/verwaltung/personen/{other.account.id}")
    admin.submit(page.form("/abmelden", button="Überall abmelden"))
    assert other.get("/konto").path == "/anmelden"


@pytest.mark.parametrize(
    "deed", ["sperren", "freigeben", "abmelden", "passwort-link", "einladung", "einladung/zurueckziehen"]
)
@pytest.mark.parametrize("role", ["partner", "moderator"])
def test_others_may_do_none_of_it(sign_in, make, deed, role):
    person = make.attendee()
    sign_in(role).post(f"/verwaltung/personen/{person.id}/{deed}", status=403)


@pytest.mark.parametrize("deed", ["einladung", "einladung/zurueckziehen"])
def test_who_has_joined_cannot_be_invited_again(admin, make, deed):
    admin.post(f"/verwaltung/personen/{make.partner().id}/{deed}", status=409)


# ------------------------------------------------------------------------------------- organisations


def test_an_organisation_is_made_changed_and_archived(admin):
    page = admin.get("/verwaltung/organisationen/neu")
    page = admin.submit(
        page.form(button="Speichern"), name="Demo Werk GmbH", short="DW", group="company", is_partner=True
    )
    assert page.has_text("Demo Werk GmbH")
    ident = session.scalar(select(Organisation.id))
    page = admin.get(f"/verwaltung/organisationen/{ident}")
    page = admin.submit(page.form(button="Speichern"), name="Demo Werk Nord", is_partner=None)
    assert not session.get(Organisation, ident).is_partner
    page = admin.get(f"/verwaltung/organisationen/{ident}")
    page = admin.submit(page.form("/archivieren"))
    assert page.has_text("archiviert")
    page = admin.submit(admin.get(f"/verwaltung/organisationen/{ident}").form("/aufnehmen"))
    assert page.has_text("Die Organisation steht wieder zur Auswahl.")


@pytest.mark.parametrize(
    "values, words",
    [
        ({"name": "Eins"}, "Das ist bereits vergeben."),
        ({"name": ""}, "Bitte"),
        ({"short": "x" * 25}, "erlaubt sind 24"),
    ],
)
def test_a_refused_organisation_keeps_what_was_typed(admin, make, values, words):
    make.organisation("Eins")
    page = admin.get("/verwaltung/organisationen/neu")
    sent = {"name": "Zwei", "short": "Z", "group": "union"} | values
    page = admin.submit(page.form(button="Speichern"), status=422, **sent)
    assert page.form(button="Speichern").fields["short"] == [sent["short"]]
    assert page.has_text(words) or page.errors


# ------------------------------------------------------------------------------------- rounds

ROUND = {
    "name": "Runde 2",
    "opens_at": "2026-03-01T09:00",
    "closes_at": "2026-04-01T18:00",
    "editorial_at": "2026-04-15T18:00",
    "answer_at": "2026-05-01T18:00",
}


def save_round(client, *, status=None, **values):
    page = client.get("/verwaltung/runden/neu")
    return client.submit(page.form(button="Runde speichern"), status=status, **(ROUND | values))


@pytest.mark.parametrize("role", ["moderator", "administrator"])
def test_a_round_is_made_in_german_time(sign_in, make, role):
    make.field_of_action("Industriepolitik")
    page = save_round(sign_in(role), field_numbers=["1"])
    assert page.has_text("Runde 2")
    found = session.scalars(select(Round)).one()
    assert found.opens_at == datetime(2026, 3, 1, 8, 0, tzinfo=UTC), "winter time"
    assert found.closes_at == datetime(2026, 4, 1, 16, 0, tzinfo=UTC), "summer time"
    assert found.field_numbers == [1]


def test_a_round_is_changed_and_shows_its_times_again(admin, make):
    save_round(admin)
    ident = session.scalar(select(Round.id))
    page = admin.get(f"/verwaltung/runden/{ident}")
    form = page.form(button="Runde speichern")
    assert form.fields["closes_at"] == ["2026-04-01T18:00"]
    admin.submit(form, name="Runde zwei")
    assert session.get(Round, ident).name == "Runde zwei"
    assert count(Round) == 1


@pytest.mark.parametrize(
    "field, value, words",
    [
        ("closes_at", "2026-03-29T02:30", "Diese Uhrzeit gibt es an diesem Tag nicht"),
        ("closes_at", "2026-10-25T02:30", "gibt es an diesem Tag zweimal"),
        ("closes_at", "2026-02-01T09:00", "Das Ende der Runde liegt vor ihrem Beginn."),
        ("editorial_at", "2026-03-31T18:00", "Der Redaktionsschluss liegt vor dem Ende der Runde."),
        ("answer_at", "2026-04-14T18:00", "Der Termin der Antwort liegt vor dem Redaktionsschluss."),
        ("opens_at", "gestern", "Bitte geben Sie Tag und Uhrzeit an"),
        ("opens_at", "0001-01-01T00:00", "Bitte geben Sie Tag und Uhrzeit an"),
        ("opens_at", "", ""),
        ("name", "", ""),
        ("decision_days", "0", ""),
        ("decision_days", "viele", ""),
        ("decision_days", "9" * 30, ""),
    ],
)
def test_a_refused_round_says_why_and_keeps_what_was_typed(admin, field, value, words):
    page = save_round(admin, status=422, **{field: value})
    assert page.has_text(words)
    assert page.errors
    assert page.form(button="Runde speichern").fields[field] == [value]
    assert count(Round) == 0


def test_partners_manage_no_rounds(sign_in):
    sign_in("partner").post("/verwaltung/runden/neu", ROUND, status=403)


# ------------------------------------------------------------------------------------- settings


def test_settings_count_at_once(admin, client):
    page = admin.get("/verwaltung/einstellungen")
    page = admin.submit(
        page.form(button="Einstellungen speichern"),
        name="Charta Nord",
        claim="Gemeinsam <b>weiter</b>",
        four_eyes=None,
        draft_is_public=True,
        proposals_public="submitted",
        phases="Entwurf: Sammeln\nBeschluss",
        phase="2",
    )
    assert page.has_text("Die Einstellungen sind gespeichert")
    values = site.settings()
    assert (values.name, values.four_eyes, values.draft_is_public, values.phase) == (
        "Charta Nord",
        False,
        True,
        2,
    )
    assert values.phases == (("Entwurf", "Sammeln"), ("Beschluss", ""))
    page = client.get("/hilfe")
    assert page.has_text("Charta Nord")


@pytest.mark.parametrize(
    "values",
    [
        {"name": ""},
        {"name": "x" * 41},
        {"lede": "x" * 601},
        {"phase": "9"},
        {"phases": "Eins", "phase": "2"},
        {"phases": "\n".join("abcdefg")},
        {"phases": ": nur ein Satz"},
    ],
)
def test_refused_settings_change_nothing_and_keep_what_was_typed(admin, values):
    page = admin.get("/verwaltung/einstellungen")
    sent = {"region": "Nordland"} | values
    page = admin.submit(page.form(button="Einstellungen speichern"), status=422, **sent)
    assert page.form(button="Einstellungen speichern").fields["region"] == ["Nordland"]
    assert site.settings().region == ""


def test_the_same_settings_again_write_no_entry(admin):
    page = admin.get("/verwaltung/einstellungen")
    page = admin.submit(page.form(button="Einstellungen speichern"), region="Nordland")
    before = admin.get("/verwaltung/protokoll").main_text.count("hat Einstellungen geändert")
    page = admin.get("/verwaltung/einstellungen")
    admin.submit(page.form(button="Einstellungen speichern"))
    assert admin.get("/verwaltung/protokoll").main_text.count("hat Einstellungen geändert") == before


# ------------------------------------------------------------------------------------- pages


def test_a_page_is_previewed_and_saved(admin, client):
    page = admin.get("/verwaltung/seiten/kontakt/de")
    form = page.form(button="Seite speichern")
    text = "### Telefon\n\nBitte **anrufen** <script>alert(1)</script>\n"
    page = admin.submit(form, "Vorschau", body=text, status=200)
    assert page.has_text("Vorschau, noch nicht gespeichert")
    assert "<strong>anrufen</strong>" in page.body
    assert "<script>alert" not in page.body
    assert count(Page) == 0
    page = admin.submit(page.form(button="Seite speichern"), "Seite speichern", is_checked=True)
    page = client.get("/kontakt")
    assert "<h2>Telefon</h2>" in page.body
    assert not page.has_text("Vorlage, noch zu prüfen")


def test_who_saves_second_sees_the_other_text_and_keeps_the_own(admin, sign_in):
    second = sign_in("administrator")
    form = second.get("/verwaltung/seiten/kontakt/de").form(button="Seite speichern")
    first_form = admin.get("/verwaltung/seiten/kontakt/de").form(button="Seite speichern")
    admin.submit(first_form, "Seite speichern", body="Erster Text")
    page = second.submit(form, "Seite speichern", body="Zweiter Text", status=409)
    assert page.has_text("Erster Text")
    form = page.form(button="Seite speichern")
    assert form.fields["body"] == ["Zweiter Text"]
    second.submit(form, "Seite speichern")
    assert site.page("kontakt", "de").body == "Zweiter Text\n"


def test_a_second_click_saves_a_page_once(admin):
    form = admin.get("/verwaltung/seiten/kontakt/de").form(button="Seite speichern")
    admin.submit(form, "Seite speichern", body="Text")
    admin.submit(form, "Seite speichern", body="Text")
    assert site.page("kontakt", "de").version == 1


@pytest.mark.parametrize(
    "values", [{"body": ""}, {"body": "x" * 50_001}, {"title": ""}, {"title": "x" * 201}, {"body": "a\x07b"}]
)
def test_a_refused_page_keeps_what_was_typed(admin, values):
    form = admin.get("/verwaltung/seiten/kontakt/de").form(button="Seite speichern")
    sent = {"title": "Kontakt", "body": "Text"} | values
    page = admin.submit(form, "Seite speichern", status=422, **sent)
    if "\x07" not in sent["body"]:
        assert page.form(button="Seite speichern").fields["body"] == [sent["body"]]
    assert count(Page) == 0


@pytest.mark.parametrize("seen", ["", "-1", "unsinn", "9" * 30])
def test_a_forged_version_is_a_conflict_not_an_error(admin, seen):
    form = admin.get("/verwaltung/seiten/kontakt/de").form(button="Seite speichern")
    admin.submit(form, "Seite speichern", body="Text", seen_version=seen, status=409 if seen != "0" else None)


# ------------------------------------------------------------------------------------- news and dates


def test_news_are_written_planned_changed_and_deleted(admin, client):
    page = admin.get("/verwaltung/aktuelles/neu")
    later = (utcnow() + timedelta(days=2)).strftime("%Y-%m-%dT12:00")
    page = admin.submit(
        page.form(button="Nachricht speichern"),
        "Nachricht speichern",
        title="Neu",
        body="Text",
        published_at=later,
    )
    assert page.has_text("geplant")
    assert not client.get("/aktuelles").has_text("Neu ")
    ident = session.scalar(select(NewsItem.id))
    page = admin.get(f"/verwaltung/aktuelles/{ident}")
    admin.submit(
        page.form(button="Nachricht speichern"),
        "Nachricht speichern",
        published_at="2026-01-02T10:00",
        title="Da",
    )
    assert client.get("/aktuelles").has_text("Da")
    page = admin.get(f"/verwaltung/aktuelles/{ident}")
    assert page.has_text("„Da“ verschwindet von allen Seiten")
    form = page.form("/loeschen")
    admin.submit(form)
    admin.submit(form)  # a second click is no error
    assert count(NewsItem) == 0


def test_a_refused_piece_of_news_keeps_what_was_typed(admin):
    page = admin.get("/verwaltung/aktuelles/neu")
    page = admin.submit(
        page.form(button="Nachricht speichern"),
        "Nachricht speichern",
        title="x" * 201,
        body="Text bleibt",
        status=422,
    )
    assert page.form(button="Nachricht speichern").fields["body"] == ["Text bleibt"]


def test_dates_are_announced_changed_and_deleted(admin, client):
    page = admin.get("/verwaltung/termine/neu")
    day = (utcnow() + timedelta(days=20)).strftime("%Y-%m-%d")
    admin.submit(
        page.form(button="Termin speichern"),
        title="Forum",
        place="Zwickau",
        starts_at=f"{day}T14:00",
        ends_at=f"{day}T18:00",
    )
    assert client.get("/termine").has_text("Zwickau")
    ident = session.scalar(select(CalendarDate.id))
    page = admin.get(f"/verwaltung/termine/{ident}")
    admin.submit(page.form(button="Termin speichern"), place="Plauen", ends_at="")
    assert client.get("/termine").has_text("Plauen")
    form = admin.get(f"/verwaltung/termine/{ident}").form("/loeschen")
    admin.submit(form)
    admin.submit(form)
    assert count(CalendarDate) == 0


def test_a_date_that_ends_before_it_starts_is_refused(admin):
    page = admin.get("/verwaltung/termine/neu")
    page = admin.submit(
        page.form(button="Termin speichern"),
        title="Forum",
        starts_at="2026-06-01T14:00",
        ends_at="2026-06-01T13:00",
        status=422,
    )
    assert page.has_text("Das Ende liegt vor dem Beginn.")


# ------------------------------------------------------------------------------------- operation and log


def give_up(**details):
    with transaction() as tx:
        mail = OutboxMail(
            address="weg@example.org", template="invitation", locale="de", data={}, attempts=8,
            created_at=tx.now, next_attempt_at=tx.now, failed_at=tx.now, last_error="refused: 550", **details,
        )  # fmt: skip
        tx.session.add(mail)
        tx.session.flush()
        return mail.id


def test_given_up_mails_are_a_task_and_can_be_sent_again(admin):
    give_up()
    page = admin.get("/verwaltung")
    assert page.has_text("1 Nachricht konnte nicht zugestellt werden")
    page = admin.get("/verwaltung/betrieb")
    assert page.has_text("refused: 550")
    page = admin.submit(page.form(button="Alle noch einmal versuchen"))
    assert page.has_text("1 Nachricht wird noch einmal versucht.")
    assert session.scalars(select(OutboxMail)).one().failed_at is None


def test_a_given_up_mail_is_discarded(admin):
    ident = give_up()
    page = admin.get("/verwaltung/betrieb")
    form = page.form(f"/{ident}/verwerfen")
    admin.submit(form)
    admin.submit(form)
    assert count(OutboxMail) == 0


@pytest.mark.parametrize("chosen", ["unsinn", "-1", "9" * 40, "4711"])
def test_nonsense_sends_nothing_again_by_mistake(admin, chosen):
    give_up()
    page = admin.post("/verwaltung/betrieb/erneut-senden", {"nachricht": chosen})
    assert page.status < 400


def test_the_log_reads_as_sentences_and_is_filtered(admin, make):
    people.invite(
        admin.account.actor, [Invitee("kim@example.org", "Kim")], role=Role.ATTENDEE, organisation_id=None
    )
    page = admin.get("/verwaltung/protokoll")
    assert page.has_text(f"{admin.account.name} hat ein Konto angelegt: Konto")
    assert admin.get("/verwaltung/protokoll?art=round").has_text("Kein Eintrag gefunden")
    assert admin.get("/verwaltung/protokoll", query_string={"person": admin.account.name}).has_text(
        "hat ein Konto"
    )
    page = admin.get("/verwaltung/protokoll?pruefen=1")
    assert page.has_text("Die Kette hält")


def test_every_verb_of_the_services_has_a_sentence():
    from pathlib import Path

    from charta.admin.words import DEEDS
    from charta.contributions.service.telling import STEPS
    from charta.proposals.rules import Verb

    verbs = {f"{verb.value}_proposal" for verb in Verb}
    for file in Path("charta").rglob("*.py"):
        verbs |= set(
            re.findall(r'\btx,\s*(?:actor|None|person\.as_actor\(\)),\s*"([a-z_]+)"', file.read_text())
        )
    verbs -= STEPS  # of the mails about a contribution: handed on the same way, but not written into the log
    assert len(verbs) > 30
    assert verbs <= set(DEEDS), verbs - set(DEEDS)
