# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The help, „Wer darf was?“, the language, and the addresses for machines."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from charta.accounts.models import Person
from charta.db import session, transaction
from charta.notifications.models import OutboxMail
from charta.permissions import TABLE, Permission
from charta.web import permission_table, words

ROOT = Path(__file__).resolve().parents[2]
SLUGS = [file.stem.partition("-")[2] for file in sorted((ROOT / "docs/help/de").glob("*.md"))]


@pytest.mark.parametrize("locale", ["de", "en"])
def test_the_help_lists_its_pages_in_both_languages(client, locale):
    page = client.use_language(locale).get("/hilfe")
    for slug in SLUGS:
        assert any(link.endswith(f"/hilfe/{slug}") for link in page.links.values())


@pytest.mark.parametrize("locale", ["de", "en"])
def test_the_index_shows_no_raw_markdown(client, locale):
    text = client.use_language(locale).get("/hilfe").main_text
    assert not any(mark in text for mark in ("`", "**", "]("))


@pytest.mark.parametrize("locale", ["de", "en"])
def test_the_help_says_how_an_empty_charta_begins(client, locale):
    client.use_language(locale)
    words = {"de": "auch ohne offene Runde", "en": "also without an open round"}[locale]
    for slug in ("verwaltung", "entscheiden"):
        assert client.get(f"/hilfe/{slug}").has_text(words)


@pytest.mark.parametrize("locale", ["de", "en"])
@pytest.mark.parametrize("slug", SLUGS)
def test_every_help_page_opens_with_headings_in_order(client, locale, slug):
    page = client.use_language(locale).get(f"/hilfe/{slug}")
    assert page.h1
    assert "<h3" not in page.body, "h2 follows h1"
    assert "SPDX" not in page.body


def test_both_languages_have_the_same_help_pages():
    assert [file.name for file in sorted((ROOT / "docs/help/en").glob("*.md"))] == [
        file.name for file in sorted((ROOT / "docs/help/de").glob("*.md"))
    ]


@pytest.mark.parametrize("slug", ["gibt-es-nicht", "..%2f..%2fconfig", "x" * 500, "%00"])
def test_an_unknown_help_page_is_not_found(client, slug):
    client.get(f"/hilfe/{slug}", status=404)


@pytest.mark.parametrize("role", ["attendee", "partner", "moderator", "administrator"])
def test_who_may_what_names_every_permission_and_the_own_role(sign_in, role):
    page = sign_in(role).get("/wer-darf-was")
    for permission in Permission:
        assert page.has_text(str(words.PERMISSIONS[permission]))
    assert page.statements <= 4, page.statements


def test_every_condition_and_permission_has_words():
    for permission, rule in TABLE.items():
        assert permission in words.PERMISSIONS
        assert rule.condition is None or rule.condition.__name__ in words.CONDITIONS


def test_the_documentation_is_the_table(app):
    with app.test_request_context():
        generated = permission_table.as_markdown()
    stored = (ROOT / "docs/permissions.md").read_text(encoding="utf-8")
    assert stored == generated, "run: charta permissions --write docs/permissions.md"


def test_a_language_is_chosen_and_kept(client):
    page = client.get("/sprache?weiter=/hilfe")
    page = client.submit(page.form("/sprache"), locale="en")
    assert page.path == "/hilfe"
    assert 'lang="en"' in client.get("/anmelden").body


def test_the_language_of_an_account_is_kept_with_it(sign_in):
    client = sign_in("partner")
    page = client.get("/sprache")
    client.submit(page.form("/sprache"), locale="en")
    assert session.get(Person, client.account.id).locale == "en"


def test_an_account_brings_its_language(client, make):
    client.sign_in(make.partner(locale="en"))
    assert 'lang="en"' in client.get("/hilfe").body


@pytest.mark.parametrize("locale", ["fr", "", "<script>"])
def test_an_unknown_language_is_refused(client, locale):
    client.post("/sprache", {"locale": locale, "weiter": "/"}, status=422)


def test_a_wrong_csrf_token_does_not_lose_the_choice(client):
    page = client.post("/sprache", {"locale": "en", "weiter": "/hilfe", "csrf_token": "x"}, status=400)
    page = client.submit(page.form(button="Noch einmal absenden"))
    assert page.path == "/hilfe"


def test_the_addresses_for_machines_answer(client):
    assert client.get("/healthz").body == "ok\n"
    assert client.get("/readyz").json == {"ready": True, "problems": []}
    assert set(client.get("/version").json) == {"version"}
    for address in ("/healthz", "/readyz", "/version"):
        page = client.get(address)
        assert page.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in page.headers


def test_not_ready_while_the_schema_is_older(client):
    with transaction() as tx:
        tx.session.execute(text("UPDATE alembic_version SET version_num = 'alt'"))
    assert client.get("/readyz", status=503).json == {"ready": False, "problems": ["migration"]}


def test_not_ready_while_the_outbox_is_stuck(client):
    with transaction() as tx:
        at = tx.now - timedelta(hours=2)
        tx.session.add(
            OutboxMail(
                address="a@b.de", template="x", locale="de", data={}, created_at=at, next_attempt_at=at
            )
        )
    assert client.get("/readyz", status=503).json == {"ready": False, "problems": ["outbox"]}
