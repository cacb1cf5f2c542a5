# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Errors answer in words, keep what was typed, and never show what is secret."""

import pytest

LONG = "Ein längerer Text, der nicht verloren gehen darf. " * 5


def test_an_unknown_address_offers_ways_on(client, sign_in):
    page = client.get("/gibt-es-nicht", status=404)
    assert page.has_text("Diese Seite gibt es nicht")
    assert {"Zur Startseite", "Hilfe"} <= set(page.links)
    assert any(link == "/impressum" for link in page.links.values()), "legal pages stand on errors too"
    assert "Anmelden" not in sign_in("partner").get("/gibt-es-nicht", status=404).main_text


@pytest.mark.parametrize("locale", ["de", "en"])
@pytest.mark.parametrize("address", ["/gibt-es-nicht", "/verwaltung/personen/0", "/%C0", "/a%00b"])
def test_errors_speak_both_languages(client, locale, address):
    page = client.use_language(locale).get(address, status=404)
    assert page.root.get("lang") == locale or f'lang="{locale}"' in page.body


def test_a_refused_form_stands_on_the_page_and_can_be_sent_again(sign_in):
    client = sign_in("administrator")
    page = client.post(
        "/verwaltung/aktuelles/neu",
        {"title": "Titel", "body": LONG, "published_at": "2026-01-01T10:00", "csrf_token": "falsch"},
        status=400,
    )
    form = page.form(button="Noch einmal absenden")
    assert form.fields["body"] == [LONG]
    page = client.submit(form)
    assert page.has_text("Die Nachricht ist gespeichert.")


@pytest.mark.parametrize(
    "text", ["\nBeginnt leer", "<script>alert(1)</script>", "&amp; <b>", "Zeile\r\nzwei"]
)
def test_typed_text_comes_back_as_it_was(sign_in, text):
    client = sign_in("administrator")
    typed = text + LONG
    page = client.post(
        "/verwaltung/aktuelles/neu", {"title": "T", "body": typed, "csrf_token": "falsch"}, status=400
    )
    assert "<script>alert" not in page.body
    back = page.form(button="Noch einmal absenden").fields["body"][0]
    assert back.replace("\r\n", "\n") == typed.replace("\r\n", "\n")


def test_two_long_texts_have_labels_of_their_own(sign_in):
    page = sign_in("administrator").post(
        "/verwaltung/aktuelles/neu", {"title": LONG, "body": LONG, "csrf_token": "falsch"}, status=400
    )
    assert page.has_text("Ihr Text 1")
    assert page.has_text("Ihr Text 2")


def test_somebody_whose_session_ended_can_copy_the_text(client):
    page = client.post("/verwaltung/aktuelles/neu", {"title": "T", "body": LONG}, status=401)
    assert page.has_text("Ihr Text zum Kopieren")
    assert LONG.strip() in page.body


def test_who_may_not_reads_why(sign_in):
    page = sign_in("partner").get("/verwaltung", status=403)
    assert page.has_text("Ihre Rolle erlaubt das nicht.")


def test_control_characters_become_marks(sign_in):
    page = sign_in("administrator").post(
        "/verwaltung/aktuelles/neu",
        {"title": "T", "body": "a\x00b\x1bc " + LONG, "csrf_token": "x"},
        status=400,
    )
    assert "\x00" not in page.body
    assert "a\ufffdb\ufffdc" in page.body


def test_a_wrong_method_is_answered_in_words(client):
    assert client.post("/hilfe", status=405).has_text("So geht es nicht")


def test_a_body_that_is_too_large_is_refused_unread(client):
    page = client.open(
        "POST", "/anmelden", data=b"x" * 1_100_000, content_type="application/x-www-form-urlencoded"
    )
    assert page.status == 413
    assert page.has_text("höchstens 1 MB")


@pytest.mark.parametrize("path", ["/anmelden", "/abschnitte/0/protokollnotiz"])
def test_a_body_of_too_many_parts_is_refused_not_brought_down(client, path):
    part = 'content-disposition: form-data; name="x{}"\r\n\r\n1\r\n--b'
    body = "--b\r\n" + "\r\n".join(part.format(number) for number in range(1_500)) + "--\r\n"
    page = client.open("POST", path, data=body, content_type="multipart/form-data; boundary=b")
    assert page.status in {404, 413}
