# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Legal pages, news and dates, and the files that feed readers and calendars fetch."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest

from charta.db import utcnow
from charta.site import service

ATOM = "{http://www.w3.org/2005/Atom}"
LEGAL = ["/impressum", "/datenschutz", "/barrierefreiheit"]


@pytest.mark.parametrize("address", LEGAL)
def test_legal_pages_exist_from_the_start_and_say_that_they_are_templates(client, address):
    page = client.get(address)
    assert page.has_text("Vorlage, noch zu prüfen")
    assert page.statements <= 4, page.statements


@pytest.mark.parametrize("address", ["/ueber-uns", "/kontakt"])
def test_pages_nobody_has_written_say_so(client, address):
    assert client.get(address).has_text("Hier steht noch nichts")


@pytest.mark.parametrize("address", [*LEGAL, "/ueber-uns", "/kontakt", "/aktuelles", "/termine"])
def test_they_open_in_english_too(client, address):
    page = client.use_language("en").get(address)
    assert 'lang="en"' in page.body


def test_a_stored_page_replaces_the_template(client, make):
    service.save_page(
        make.administrator().actor,
        "impressum",
        "de",
        title="Impressum",
        body="Demo e. V.",
        seen_version=0,
    )
    page = client.get("/impressum")
    assert page.has_text("Demo e. V.")
    assert not page.has_text("Vorlage")
    page = client.use_language("en").get("/impressum")
    assert any(element.get("lang") == "de" for element in page.elements("div"))


def test_only_the_administration_is_offered_to_edit(client, sign_in):
    assert not client.get("/impressum").has_text("Seite bearbeiten")
    page = sign_in("administrator").get("/impressum")
    assert page.has_text("Seite bearbeiten")


def publish(make, count=1, **values):
    admin = make.administrator()
    for number in range(count):
        service.publish_news(
            admin.actor,
            **(
                {
                    "title": f"Nachricht {number}",
                    "body": "### Zwischen\n\nText <b>roh</b> & **fett**[^1]\n\n[^1]: Note\n",
                    "published_at": utcnow() - timedelta(hours=number + 1),
                }
                | values
            ),
        )


def test_news_are_listed_newest_first_and_paged(client, make):
    assert client.get("/aktuelles").has_text("Noch keine Nachrichten")
    publish(make, 55)
    page = client.get("/aktuelles")
    assert page.main_text.index("Nachricht 0") < page.main_text.index("Nachricht 1 ")
    assert page.statements <= 4, page.statements
    page = client.click("Weiter")
    assert page.has_text("Nachricht 54")


def test_the_feed_is_atom(client, make, app):
    app.config["BASE_URL"] = "https://charta.example.org"
    publish(make, 2, title="Titel & <b>mehr</b>")
    page = client.get("/aktuelles.atom")
    assert page.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(page.body)
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == ["Titel & <b>mehr</b>"] * 2
    assert "<strong>fett</strong>" in entries[0].findtext(f"{ATOM}content")
    assert "<b>roh" not in entries[0].findtext(f"{ATOM}content")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(ids)) == 2
    assert all(ident.startswith("https://charta.example.org/") for ident in ids)


def test_an_empty_feed_and_calendar_are_valid(client):
    assert ElementTree.fromstring(client.get("/aktuelles.atom").body).find(f"{ATOM}updated") is not None
    assert "END:VCALENDAR" in client.get("/termine.ics").body


def test_dates_are_listed_and_subscribed_to(client, make, app):
    assert client.get("/termine").has_text("Zurzeit stehen keine Termine fest")
    app.config["BASE_URL"] = "https://charta.example.org"
    admin = make.administrator()
    soon, past = utcnow() + timedelta(days=3), utcnow() - timedelta(days=3)
    service.announce_date(
        admin.actor, title="Forum Zwickau", place="Halle 1", starts_at=soon, ends_at=soon + timedelta(hours=4)
    )
    service.announce_date(admin.actor, title="Kongress", place="", starts_at=past)
    page = client.get("/termine")
    assert page.has_text("Forum Zwickau")
    assert page.has_text("Vergangene Termine")
    assert page.statements <= 5, page.statements
    answer = client.get("/termine.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "SUMMARY:Forum Zwickau" in answer.body
    assert "@charta.example.org" in answer.body


@pytest.mark.parametrize("address", ["/aktuelles?nach=unsinn", "/aktuelles?nach=4711", "/aktuelles?nach=0"])
def test_nonsense_in_the_address_is_no_error(client, make, address):
    publish(make)
    client.get(address, status=200)
