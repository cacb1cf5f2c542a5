# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whatever is sent to any form or address: an answer below 500, on SQLite and on PostgreSQL.

SQLite takes NUL bytes, numbers of 64 bits and texts of any length; PostgreSQL refuses them, so the program
has to refuse them first.
"""

import io
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest
from flask import Flask

from charta.web.access import declared_access
from tests import factories, proposing, world
from tests.inspecting import Form, InspectingClient

SOURCES = Path(__file__).resolve().parents[2] / "charta"
HOSTILE = {
    "NUL": "a\x00b",
    "control": "a\x1b[31m\x07\u202eb",
    "markup": "<script>alert(1)</script>'\"&{{7*7}}%s%(x)s",
    "huge number": str(2**63),
    "negative": "-1",
    "not a number": "１２３",
    "long": "ä" * 130_000,
    "blank": " \t\n",
    "surrogate": "\ud800",
    "file": "a file where a text is wanted",
}
STAYS_SIGNED_IN = {"/abmelden", "/konto/ueberall-abmelden"}


def argument_names() -> list[str]:
    """Return the names of everything that any view reads from an address."""
    text = "".join(path.read_text(encoding="utf-8") for path in SOURCES.rglob("*.py"))
    names = re.findall(r"(?:args|values)\.(?:get|getlist)\(\s*\"([\w-]+)\"", text)
    names += re.findall(r"key_argument\(\s*\"([\w-]+)\"", text)
    return sorted({*names, "nach", "weiter"})


def addresses(app: Flask, built: world.World) -> list[str]:
    adapter = app.url_map.bind("localhost")
    return [
        str(adapter.build(rule.endpoint, built.values(rule)))
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint != "static" and declared_access(app, rule.endpoint)
    ]


def send(client: InspectingClient, form: Form, url: str, hostile: str) -> int:
    """Send a form with the hostile text in every field a person can fill; return the status."""

    def value() -> Any:
        raw = hostile.encode("utf-8", "surrogatepass")
        return (io.BytesIO(raw), "a.txt") if hostile == HOSTILE["file"] and form.method == "post" else raw

    data: dict[str, Any] = {
        name: values if name == "csrf_token" else [value()] for name, values in form.data(None, {}).items()
    }
    for name in form.names - set(data):
        data[name] = [value()]
    token = {"csrf_token": client.token()} if "csrf_token" in data else {}
    sent: dict[str, Any] = {"data": data | token}
    if hostile != HOSTILE["file"]:
        sent = {"data": _body(data | token), "content_type": "application/x-www-form-urlencoded"}
    with client.app.app_context():
        answer = client.browser.open(form.action or url, method=form.method.upper(), **sent)
    return answer.status_code


@lru_cache(maxsize=64)
def _quoted(value: str | bytes) -> str:
    return quote_plus(value)


def _body(data: Mapping[str, str | list[str] | list[bytes]]) -> str:
    """Return what a browser sends; each text is quoted once, not for every field of every form."""
    return "&".join(
        f"{quote_plus(name)}={_quoted(value)}"
        for name, values in data.items()
        for value in ([values] if isinstance(values, str) else values)
    )


@pytest.mark.both_databases
@pytest.mark.slow
@pytest.mark.parametrize("persona", ["anonymous", "partner", "moderator", "administrator"])
def test_no_form_is_brought_down(app: Flask, persona: str) -> None:
    built = world.build()
    broken: list[str] = []
    seen: set[tuple[str, frozenset[str]]] = set()
    for url in addresses(app, built):
        reader = InspectingClient(app)
        if persona != "anonymous":
            reader.sign_in(built.people[persona])
        reader.inspects = False
        page = _parsed(reader, url)
        for form in page:
            key = (re.sub(r"\d+|\?.*", "", form.action), frozenset(form.names))
            if form.action in STAYS_SIGNED_IN or key in seen:
                continue
            seen.add(key)
            for kind, text in HOSTILE.items():
                status = send(reader, form, url, text)
                if status >= 500:
                    broken.append(f"{form.method} {form.action} {kind}: {status}")
                if status == 401 and persona != "anonymous":
                    reader.sign_in(built.people[persona])
    assert len(seen) >= (2 if persona == "anonymous" else 4), "the walk has lost its way"
    assert broken == []


def _parsed(client: InspectingClient, url: str) -> list[Form]:
    """Return the forms of a page without inspecting it: that is another test's business."""
    from tests.databases import Statements
    from tests.inspecting import Page

    with client.app.app_context():
        response = client.browser.get(url)
    return Page(response, url, Statements()).forms if response.status_code < 400 else []


@pytest.mark.both_databases
@pytest.mark.parametrize("persona", ["anonymous", "moderator", "administrator"])
def test_no_address_is_brought_down_by_its_arguments(app: Flask, persona: str) -> None:
    built = world.build()
    client = InspectingClient(app, inspects=False)
    if persona != "anonymous":
        client.sign_in(built.people[persona])
    names = argument_names()
    assert len(names) > 5
    broken = []
    for url in addresses(app, built):
        for kind, text in HOSTILE.items():
            if kind in {"long", "surrogate"}:
                continue
            with app.app_context():
                status = client.browser.get(url, query_string=dict.fromkeys(names, text)).status_code
            if status >= 500:
                broken.append(f"{url} {kind}: {status}")
    assert broken == []


@pytest.mark.parametrize(
    "query",
    [
        "nach=%00",
        "nach=%ED%A0%80",  # half a character
        "nach=%FF%FE",  # no UTF-8
        "a" * 5000,
        "&".join(f"x{n}=1" for n in range(1500)),
        "nach[]=1&nach[x]=2",
    ],
)
def test_odd_query_strings_are_answered(app: Flask, client: InspectingClient, query: str) -> None:
    factories.settings(draft_is_public=True)
    for path in ("/vorschlaege", "/charta", "/massnahmen", "/aktuelles", "/sprache"):
        assert client.open("GET", f"{path}?{query}").status < 500


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "path",
    [
        "/%00",
        "/abschnitte/%00",
        "/handlungsfelder/%ED%A0%80",
        "/handlungsfelder/" + "a" * 3000,
        "/x//evil.example",
    ],
)
def test_odd_paths_are_not_found(client: InspectingClient, path: str) -> None:
    factories.settings(draft_is_public=True)
    page = client.open("GET", path)
    assert page.status in {308, 404}
    assert page.headers.get("Location", "http://localhost/").startswith("http://localhost/")


@pytest.mark.parametrize(
    "address",
    [
        "/vorschlaege/1?fassungen=²-1",  # a digit that `int` does not read
        "/vorschlaege/1?fassungen=1-²",
        "/abschnitte/{section}/herkunft?quelle=" + "9" * 5000,  # longer than `int` reads
        "/abschnitte/{section}/verschieben?nach=²",
    ],
)
def test_addresses_with_numbers_that_python_cannot_read_are_answered(app: Flask, address: str) -> None:
    ours = proposing.world()
    proposing.submitted(ours.author, ours.section)
    author = InspectingClient(app).sign_in(ours.author)
    assert author.open("GET", address.format(section=ours.section)).status < 500


@pytest.mark.parametrize("button", ["absatz-²", "absatz-" + "9" * 5000])
def test_a_button_that_names_no_number_saves_and_stays(app: Flask, button: str) -> None:
    ours = proposing.world()
    author = InspectingClient(app).sign_in(ours.author)
    url = f"/abschnitte/{ours.section}/aendern"
    typed = {"title": "Titel", "body": "Text", "tun": button, "csrf_token": author.token()}
    assert author.open("POST", url, data=typed).status == 303


@pytest.mark.parametrize("place", ["²-1", "1-²"])
def test_a_place_that_is_no_number_is_no_place(app: Flask, place: str) -> None:
    ours = proposing.world()
    author = InspectingClient(app).sign_in(ours.author)
    url = f"/abschnitte/{ours.section}/verschieben"
    typed = {"target": place, "tun": "save", "csrf_token": author.token()}
    assert author.open("POST", url, data=typed).status < 500
