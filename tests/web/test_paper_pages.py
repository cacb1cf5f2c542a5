# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Paper parity on pages: printing cards, typing them in, taking a table in step by step."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from charta.contributions.models import Contribution, ImportDraft
from charta.contributions.queries import paper as queries
from charta.contributions.service import paper
from charta.db import session
from charta.web.tables import read_table, write_csv, write_xlsx
from tests import factories, halls
from tests.inspecting import InspectingClient, Page
from tests.web.test_pdf import words_of

HOME = "/foren/zwickau"


@pytest.fixture(autouse=True)
def forum_id(app: Flask) -> int:
    factories.field_of_action("Gute Arbeit")
    return halls.forum("Forum Zwickau", slug="zwickau").id


@pytest.fixture
def client(sign_in: Any) -> InspectingClient:
    made: InspectingClient = sign_in("moderator")
    return made


def upload(client: InspectingClient, data: bytes, name: str = "karten.csv", *, status: int = 200) -> Page:
    """Send a file and follow to the next step; the body is written out, a test client would spool it."""
    token, address = client.token().encode(), f"{HOME}/beitraege/einlesen"
    part = b'--x\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
    body = part % (b"csrf_token", b"", token) + part % (b"file", b'; filename="%s"' % name.encode(), data)
    page = client.open(
        "POST", address, data=body + b"--x--\r\n", content_type="multipart/form-data; boundary=x"
    )
    if page.status == 303:
        page = client.get(page.headers["Location"])
    assert page.status == status, page.main_text
    return page


def stored() -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Contribution)) or 0


# ------------------------------------------------------------------------------------------------- cards


def test_cards_are_numbered_and_printed(client: InspectingClient, forum_id: int) -> None:
    page = client.get(f"{HOME}/karten", status=200)
    assert page.has_text("Noch keine Karten")
    page = client.submit(page.form(field="count"), count="5")
    assert page.has_text("5 neue Karten sind angelegt")
    sheet = client.get(f"{HOME}/karten.pdf?von=1&bis=5")
    assert sheet.response.mimetype == "application/pdf"
    words = words_of(sheet.response.data)
    assert "Forum Zwickau" in words
    assert "Karte Nr. 5" in words
    assert all(code in words for _number, code in queries.cards(forum_id, first=1, last=5))
    assert sheet.response.data.count(b"/Type/Page/") == 2 or b"/Count 2" in sheet.response.data
    for wrong in ("", "?von=1", "?von=x&bis=y", "?von=6&bis=9", "?von=5&bis=1", f"?von=1&bis={2**31}"):
        client.get(f"{HOME}/karten.pdf{wrong}", status=404)


@pytest.mark.parametrize("count", ["0", "201", "-1", "viele", "", "9" * 30])
def test_an_impossible_number_of_cards_stays_in_the_form(client: InspectingClient, count: str) -> None:
    page = client.get(f"{HOME}/karten")
    page = client.submit(page.form(field="count"), count=count, status=422)
    assert page.errors


def test_a_card_is_typed_in_and_the_next_one_is_waited_for(client: InspectingClient, forum_id: int) -> None:
    paper.print_cards(client.account.actor, forum_id, count=2)  # type: ignore[union-attr]
    page = client.get(f"{HOME}/karten/erfassen", status=200)
    field = page.by_id("card")
    assert field.get("autofocus") is not None
    hostile = "<script>alert(1)</script> =1+1"
    page = client.submit(page.form(field="card"), card="2", text=hostile, kind="need", field_id="1")
    assert page.has_text("Erfasst: 1 von 2 Karten.")
    assert page.has_text(hostile)
    found = session.scalars(select(Contribution)).one()
    assert (found.text, found.kind, found.field_id) == (hostile, "need", 1)
    page = client.submit(page.form(field="card"), card="2", text="Etwas anderes", status=422)
    assert page.has_text(f"Die Karte {found.code} ist schon erfasst.")
    assert page.by_id("text").text == "Etwas anderes"  # nothing typed is lost
    page = client.submit(page.form(field="card"), card="", text="x" * 2001, status=422)
    assert page.has_text("2001") or page.has_text("2.001")
    client.submit(page.form(field="card"), card="", text="", status=422)
    assert stored() == 1


# ------------------------------------------------------------------------------------------------ import


def test_a_table_is_taken_in_step_by_step_without_scripts(client: InspectingClient, forum_id: int) -> None:
    paper.print_cards(client.account.actor, forum_id, count=2)  # type: ignore[union-attr]
    (_, one), (_, two) = queries.cards(forum_id, first=1, last=2)
    table = write_csv(
        ["Code", "Was gesagt wurde", "Feld"],
        [
            [one, "Lotsen für Betriebe", 1],
            [one, "Dieselbe Karte", ""],
            [two, "=2+2", "Feld 9"],
            ["", "Gut", ""],
        ],
    )
    page = upload(client, table)
    assert page.h1 == "Spalten zuordnen"
    # The heading of the texts could not be guessed: the step waits for it.
    page = client.submit(page.form(field="card"), status=422)
    page = client.submit(page.form(field="card"), text="1")
    assert page.h1 == "Vorschau"
    assert page.has_text("Gute Zeilen: 2, nicht übernommene: 2")
    assert page.has_text(f"Die Karte {one} steht schon in Zeile 2.")
    assert page.statements <= 12, page.statements
    refused = client.submit(page.form(button="Einlesen"), taking="all", status=422)
    assert refused.has_text("Es wurde nichts eingelesen")
    assert stored() == 0
    page = client.submit(page.form(button="Einlesen"), taking="good")
    assert page.h1 == "2 Beiträge sind eingelesen"
    assert stored() == 2
    assert client.get(page.path.removesuffix("/bericht")).path == page.path  # no second time
    (link,) = [url for words, url in page.links.items() if "Gründen" in words]
    content = client.get(link).response.data
    assert b"'=2+2" in content
    mended = read_table(content, "x.csv")
    assert mended.columns == ("Zeile", "Grund", "Code", "Was gesagt wurde", "Feld")
    assert [(row[0], row[3]) for row in mended.rows] == [("3", "Dieselbe Karte"), ("4", "=2+2")]
    assert mended.rows[1][1] == "Handlungsfeld: „Feld 9“ ist kein Handlungsfeld."


def test_mended_rows_can_be_brought_again(client: InspectingClient) -> None:
    page = upload(client, write_xlsx(["Zeile", "Grund", "Text"], [[3, "zu lang", "Jetzt kurz"]], sheet="x"))
    page = client.submit(page.form(field="text"))
    page = client.submit(page.form(button="1 Beitrag einlesen"))
    assert page.h1 == "1 Beitrag ist eingelesen"
    assert session.scalars(select(Contribution.text)).one() == "Jetzt kurz"


def test_control_characters_are_shown_as_a_mark_and_refused(client: InspectingClient) -> None:
    page = upload(client, "Text;A\x1brt\na\x07b;c\x1b[31m\ngut;x\x85y\n".encode())
    page = client.submit(page.form(field="text"), kind="1")  # each page is inspected
    assert page.has_text("Text des Beitrags: Der Text enthält ein Zeichen")
    assert page.has_text("Art: „x\ufffdy“ gehört nicht zur Auswahl.")


def test_the_same_file_again_has_nothing_to_take(client: InspectingClient) -> None:
    table = write_csv(["Text"], [["Mehr Busse"], ["Mehr Bahnen"]])
    for is_first in (True, False):
        page = client.submit(upload(client, table).form(field="text"))
        assert page.has_text("Alle 2 Zeilen sind gut") is is_first
        if is_first:
            client.submit(page.form(button="2 Beiträge einlesen"))
    assert page.has_text("Keine Zeile kann übernommen werden")
    assert stored() == 2


@pytest.mark.parametrize(
    "data,words",
    [
        (b"", "Bitte wählen Sie eine Datei aus"),
        (b"Text\n", "leer"),
        ("Text\nFür März\n".encode("cp850"), "Umlaute"),
        (b"Text\n" + b"x\n" * 5001, "erlaubt sind 5"),
        (b"%PDF-1.7", "keine Tabelle"),
        (b"PK\x03\x04" + b"\x00" * 200, "beschädigt"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_reason(
    client: InspectingClient, data: bytes, words: str
) -> None:
    page = upload(client, data, "" if not data else "x.csv", status=422)
    assert page.has_text(words)
    assert session.scalar(select(func.count()).select_from(ImportDraft)) == 0


def test_files_may_be_large_but_not_endless(client: InspectingClient, new_client: Any) -> None:
    upload(client, b"Text\n" + (b"x" * 9_999 + b"\n") * 300)
    upload(client, b"x" * 21_000_000, status=413)
    # A stranger may not even send what a moderator may.
    upload(new_client(), b"Text\n" + (b"x" * 9_999 + b"\n") * 300, status=413)


def test_a_draft_belongs_to_one_person_for_a_day(frozen: Any, client: InspectingClient, sign_in: Any) -> None:
    address = upload(client, b"Text;Code\nMehr Busse;\n").path
    other = sign_in("moderator")
    for step in ("", "/vorschau", "/bericht", "/abgewiesen.csv"):
        other.get(address + step, status=404)
    client.get(address + "/vorschau", status=200)
    client.get(address.replace("/1", "/2"), status=404)
    halls.forum("Anderswo", slug="anderswo")
    client.get(address.replace("zwickau", "anderswo"), status=404)
    frozen.shift(timedelta(days=1, minutes=1))
    client.sign_in(client.account).get(address, status=404)


def test_empty_table_to_fill_in_lists_the_open_cards(client: InspectingClient, forum_id: int) -> None:
    paper.print_cards(client.account.actor, forum_id, count=2)  # type: ignore[union-attr]
    content = client.get(f"{HOME}/beitraege/vorlage.xlsx").response.data
    table = read_table(content, "x.xlsx")
    assert table.columns[:2] == ("Code", "Text")
    assert [row[0] for row in table.rows] == [code for _number, code in queries.open_cards(forum_id)]
