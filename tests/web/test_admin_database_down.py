# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""While the database is down every page says so in words, without its frame and without a trace."""

from pathlib import Path

import pytest

from charta.db import db

ADDRESSES = [
    "/", "/charta", "/vorschlaege", "/hilfe", "/anmelden", "/impressum", "/mein-bereich", "/moderation",
    "/verwaltung", "/verwaltung/handlungsfelder", "/abschnitte/1",
]  # fmt: skip


def garbage(file: Path) -> None:
    file.write_bytes(b"this is no database " * 500)


def gone(file: Path) -> None:
    file.unlink()
    file.mkdir()


def empty(file: Path) -> None:
    file.write_bytes(b"")


@pytest.fixture(params=[garbage, gone, empty])
def broken(request, app, sign_in):
    """A browser that is signed in while the database breaks."""
    client = sign_in("administrator")
    client.inspects = False
    file = Path(db.engine.url.database)
    db.session.remove()
    db.engine.dispose()
    for other in (file.with_name(file.name + "-wal"), file.with_name(file.name + "-shm")):
        other.unlink(missing_ok=True)
    request.param(file)
    return client


def answer(client, method, address, **options):
    with client.app.app_context():
        return client.browser.open(address, method=method, **options)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_broken_database_is_503_with_the_bare_page(broken, address):
    response = answer(broken, "GET", address)
    assert response.status_code == 503, response.text[:500]
    assert response.headers["Retry-After"]
    assert {"no-cache", "no-store"} & set(response.headers["Cache-Control"].split(", "))
    is_plain(response)


def test_an_unknown_address_stays_unknown(broken):
    response = answer(broken, "GET", "/gibt-es-nicht")
    assert response.status_code == 404
    is_plain(response)


def is_plain(response):
    assert "<h1>" in response.text
    assert "<nav" not in response.text, "the frame asks the database"
    for trace in ("Traceback", "sqlite", "SELECT", "sqlalchemy", ".py"):
        assert trace not in response.text


def test_typed_text_comes_back_while_the_database_is_broken(broken):
    typed = "Ein längerer Text, der nicht verloren gehen darf. " * 4
    response = answer(
        broken, "POST", "/verwaltung/aktuelles/neu", data={"title": "T", "body": typed, "csrf_token": "x"}
    )
    assert response.status_code in {400, 503}
    assert typed.strip() in response.text


def test_machines_are_told_too(broken):
    assert answer(broken, "GET", "/healthz").status_code == 200
    assert answer(broken, "GET", "/readyz").status_code == 503
