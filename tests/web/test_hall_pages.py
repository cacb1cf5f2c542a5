# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of a phone in the hall, without scripts: from the code on the wall to the receipt."""

import gzip
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select

from charta.accounts.models import Person
from charta.accounts.rules import PublicName
from charta.contributions.models import Contribution
from charta.contributions.rules import State
from charta.db import session, transaction
from charta.forums import guesses
from charta.forums.models import Forum
from charta.forums.queries.forums import tables
from charta.forums.service import joining, seating
from charta.permissions import ANONYMOUS, Role
from tests import factories, halls
from tests.inspecting import InspectingClient, Page
from tests.service.test_handing_in import accept, hand_in
from tests.service.test_joining import enter, guest, hall

TEXT = "Wir brauchen eine Person, die sich mehrere Betriebe teilen, und einen Ort, an dem man sie findet."
LIKE_IT = "Mehrere Betriebe teilen sich eine Person, und es gibt einen Ort, an dem man diese findet."


@pytest.fixture(autouse=True)
def no_guesses_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("charta.forums.views.joining.wrong_codes", guesses.Guesses(free=3))


def join(client: InspectingClient, code: str, name: str = "Kim Beispiel") -> Page:
    page = client.get(f"/f/{code}")
    return client.submit(page.form(field="organisation_name"), name=name)


def inside(client: InspectingClient, **details: object) -> tuple[Forum, str]:
    forum, code = hall(**details)
    join(client, code)
    return forum, code


def one() -> Contribution:
    session.rollback()
    return session.scalars(select(Contribution).order_by(Contribution.id.desc()).limit(1)).one()


def test_from_the_code_to_the_receipt(client: InspectingClient) -> None:
    factories.open_round()
    field = factories.field_of_action("Arbeit")
    forum, code = hall(has_competition_notice=True)
    page = client.get("/f")
    page = client.submit(page.form(field="code"), code=f"{code[:2].lower()} {code[2:]}")
    assert page.h1 == "Schön, dass Sie da sind."
    assert page.has_text("Ein Name genügt")
    assert page.has_text("Bitte nennen Sie keine Preise")
    assert "Datenschutz" in page.links
    page = client.submit(page.form(field="name"), name="Kim Beispiel")
    assert page.path == f"/foren/{forum.slug}/mitmachen"
    page = client.click("Beitrag einreichen")
    assert page.statements <= 8
    page = client.submit(page.form(field="text"), text=TEXT, field_id=field)
    made = one()
    assert page.path == f"/b/{made.code}/danke"
    assert page.has_text(made.code)
    assert page.has_text("antwortet bis")
    assert page.headers["Cache-Control"] == "no-store"
    assert (made.field_id, made.kind, made.public_name) == (field, None, PublicName.NONE)
    assert client.get("/mein-bereich/beitraege").has_text(made.code)
    assert client.get(f"/foren/{forum.slug}/mitmachen").has_text("Meine Beiträge (1)")


def test_the_receipt_is_for_the_author_alone(
    client: InspectingClient, new_client: Callable[[], InspectingClient]
) -> None:
    forum, code = hall()
    made = hand_in(enter(code), forum.id)
    join(client, code, "Alex")
    for browser in (client, new_client()):
        assert browser.get(f"/b/{made.code}/danke").path == f"/b/{made.code}"


def test_who_is_in_goes_straight_on_and_the_second_tab_makes_nobody(client: InspectingClient) -> None:
    forum, code = hall()
    first = client.get(f"/f/{code}")
    client.get(f"/f/{code}")
    client.submit(first.form(field="name"), name="Kim")
    assert client.get(f"/f/{code}").path == f"/foren/{forum.slug}/mitmachen"
    client.post(f"/f/{code}", first.form(field="name").data(None, {"name": "Kim"}), status=400)  # old token
    client.post(f"/f/{code}", {"name": "Kim", "group": ""})
    assert session.scalar(select(func.count()).select_from(Person).where(Person.name == "Kim")) == 1


def test_people_with_an_account_join_with_one_tap(sign_in: Callable[..., InspectingClient]) -> None:
    forum, code = hall()
    partner = sign_in(Role.PARTNER, name="Petra Partner")
    page = partner.get(f"/f/{code}")
    assert page.has_text("Sie sind angemeldet als Petra Partner.")
    assert partner.submit(page.form(field="organisation_name")).path == f"/foren/{forum.slug}/mitmachen"


def test_wrong_codes_and_names_are_said_plainly(client: InspectingClient) -> None:
    _forum, code = hall()
    for raw in ("QQQQQQ", "a;b", "x" * 200):
        page = client.get(f"/f/{raw}", status=404)
        assert page.errors == ["Diesen Code kennen wir nicht. Bitte vergleichen Sie ihn mit dem an der Wand."]
    page = client.get("/f?code=QQQQQQ", status=429)
    assert int(page.headers["Retry-After"]) > 0
    page = client.get(f"/f/{code}")  # the right one opens from the same address
    page = client.submit(page.form(field="name"), name=" ", organisation_name="Muster GmbH", status=422)
    assert page.errors == ["Bitte füllen Sie dieses Feld aus."]
    assert page.by_id("organisation_name").get("value") == "Muster GmbH"
    script = "<script>alert(1)</script>"
    page = client.submit(page.form(field="name"), name=script)
    page = client.get(f"/foren/{_forum.slug}/beitrag")
    assert script in page.text
    assert not [one for one in page.root.iter("script") if one.text and "alert" in one.text]


@pytest.mark.parametrize(
    "days, words", [(2, "noch nicht geöffnet"), (-2, "zu Ende")], ids=["before", "after"]
)
def test_outside_its_window_the_code_says_when(client: InspectingClient, days: int, words: str) -> None:
    forum, code = hall()
    with transaction() as tx:
        row = tx.lock(Forum, forum.id)
        assert row is not None
        row.starts_at = tx.now + timedelta(days=days)
        row.ends_at = row.starts_at + timedelta(hours=3)
    page = client.get(f"/f/{code}")
    assert words in page.h1
    assert f"/foren/{forum.slug}" in page.links["Zur Seite des Forums"]


def test_over_the_quota_a_sentence_says_who_helps(
    client: InspectingClient, new_client: Callable[[], InspectingClient]
) -> None:
    _forum, code = hall(join_quota=1)
    join(client, code)
    other = new_client()
    page = other.get(f"/f/{code}")
    page = other.submit(page.form(field="name"), name="Alex", status=409)
    assert "Moderation" in page.errors[0]
    assert page.by_id("name").get("value") == "Alex"


def test_refused_texts_stay_on_the_page(client: InspectingClient) -> None:
    forum, _code = inside(client)
    for text, words in (("", "Bitte füllen Sie"), ("x" * 2_001, "2.001 Zeichen")):
        page = client.get(f"/foren/{forum.slug}/beitrag")
        page = client.submit(page.form(field="text"), text=text, kind="need", status=422)
        assert words in page.errors[0]
        form = page.form(field="text")
        assert form.fields["text"] == [text]
        assert form.fields["kind"] == ["need"]


def test_values_no_page_offers_are_refused_and_nothing_is_lost(client: InspectingClient) -> None:
    forum, _code = inside(client)
    good = {"text": TEXT, "field_id": "", "kind": "", "public_name": "none", "once_key": "a"}
    for name, value in (
        ("field_id", "9" * 30),
        ("field_id", "x"),
        ("field_id", "4711"),
        ("kind", "x"),
        ("public_name", "organisation"),
        ("once_key", "x" * 65),
    ):
        page = client.post(f"/foren/{forum.slug}/beitrag", good | {name: value}, status=422)
        assert page.form(field="text").fields["text"] == [TEXT]
    client.post(f"/foren/{forum.slug}/beitrag", {}, status=422)


def test_similar_ones_are_shown_and_supported_without_a_script_and_the_text_stays(
    client: InspectingClient,
) -> None:
    forum, code = inside(client)
    liked = hand_in(enter(code, "Alex", "other"), forum.id, TEXT)
    accept(liked.code)
    page = client.get(f"/foren/{forum.slug}/beitrag")
    page = client.submit(page.form(field="text"), "Ähnliche Beiträge zeigen", text=LIKE_IT)
    assert page.has_text("Lieber unterstützen?")
    page = client.submit(page.form(field="text"), liked.code)
    assert page.has_text("Sie unterstützen diesen Beitrag.")
    assert page.form(field="text").fields["text"] == [LIKE_IT]
    session.expire_all()
    assert session.scalar(select(Contribution.supporters).where(Contribution.code == liked.code)) == 1
    answer = client.post(f"/foren/{forum.slug}/aehnliche", {"text": LIKE_IT})
    assert [(item["code"], item["is_supported"]) for item in answer.json["items"]] == [(liked.code, True)]
    assert client.post(f"/foren/{forum.slug}/aehnliche", {"text": "kurz"}).json == {"items": []}


def test_support_and_take_it_back_from_the_list(client: InspectingClient) -> None:
    forum, code = inside(client)
    page = client.get(f"/foren/{forum.slug}/beitraege")
    assert page.has_text("Noch nichts zu lesen")
    liked = hand_in(enter(code, "Alex", "other"), forum.id, TEXT)
    assert not client.get(f"/foren/{forum.slug}/beitraege").has_text(liked.code)  # not screened yet
    accept(liked.code)
    page = client.get(f"/foren/{forum.slug}/beitraege")
    page = client.submit(page.form("unterstuetzen"))
    assert page.path == f"/foren/{forum.slug}/beitraege"
    assert page.has_text("1 Unterstützung")
    page = client.submit(page.form("zuruecknehmen"))
    assert page.has_text("Noch keine Unterstützung")
    answer = client.post(f"/b/{liked.code}/unterstuetzen", headers={"Accept": "application/json"})
    assert answer.json == {"count": "1 Unterstützung", "is_supported": True}


def test_the_own_contribution_cannot_be_supported(client: InspectingClient) -> None:
    forum, _code = inside(client)
    page = client.get(f"/foren/{forum.slug}/beitrag")
    client.submit(page.form(field="text"), text=TEXT)
    code = one().code
    accept(code)
    assert client.get(f"/foren/{forum.slug}/beitraege").has_text("Ihr Beitrag")
    page = client.post(f"/b/{code}/unterstuetzen")
    assert page.has_text("Den eigenen Beitrag können Sie nicht unterstützen.")


def test_the_list_costs_the_same_with_more_contributions(client: InspectingClient) -> None:
    forum, code = inside(client)
    author = enter(code, "Alex", "other")
    counted = []
    for number in range(6):
        accept(hand_in(author, forum.id, f"{TEXT} {number}").code)
        if number in (0, 5):
            counted.append(int(client.get(f"/foren/{forum.slug}/beitraege").statements))
    assert counted[0] == counted[1] <= 8


def test_a_scribe_writes_for_the_table(client: InspectingClient) -> None:
    forum, code = hall()
    seating.add_tables(factories.moderator().actor, forum.id, count=2)
    (_, first), (_, second) = tables(forum.id)
    page = join(client, first)
    assert page.has_text("Tisch 1")
    page = client.click("Ich schreibe für den Tisch")
    page = client.submit(page.form(field="people"), people="0", status=422)
    page = client.submit(page.form(field="people"), people="8")
    assert page.has_text("Sie schreiben für Tisch 1, 8 Personen.")
    client.submit(page.form(field="text"), text=TEXT)
    assert one().people == 8
    page = client.get(f"/f/{second}")
    page = client.submit(page.form(button="Ja, an Tisch 2 wechseln"))
    assert page.has_text("Tisch 2")
    del code


def test_the_personal_link_of_a_registration_fills_in_the_name(client: InspectingClient) -> None:
    forum = halls.forum()
    _ident, key = halls.registered(forum, "Ada Angemeldet")
    assert "noch nicht geöffnet" in client.get(f"/foren/anmeldung/{key}/da").h1
    halls.begin(forum)
    page = client.get(f"/foren/anmeldung/{key}/da")
    assert page.by_id("name").get("value") == "Ada Angemeldet"
    page = client.submit(page.form(field="name"))
    assert page.path == f"/foren/{forum.slug}/mitmachen"
    client.get("/foren/anmeldung/wrong/da", status=404)


def test_who_did_not_join_is_asked_for_the_code(sign_in: Callable[..., InspectingClient]) -> None:
    forum, code = hall()
    partner = sign_in(Role.PARTNER)
    for address in ("mitmachen", "beitrag"):
        assert partner.get(f"/foren/{forum.slug}/{address}").path == "/f"
    partner.get("/foren/gibt-es-nicht/mitmachen", status=404)
    assert sign_in(Role.MODERATOR).get(f"/foren/{forum.slug}/mitmachen").path == f"/f/{code}"


def test_after_the_last_day_nothing_is_handed_in(client: InspectingClient) -> None:
    forum, _code = inside(client)
    page = client.get(f"/foren/{forum.slug}/beitrag")
    form = page.form(field="text")
    with transaction() as tx:
        row = tx.lock(Forum, forum.id)
        assert row is not None
        row.hand_in_until = tx.now - timedelta(minutes=1)
    page = client.submit(form, text=TEXT, status=409)
    assert page.form(field="text").fields["text"] == [TEXT]
    assert client.get(f"/foren/{forum.slug}/mitmachen").has_text("Beiträge sind nicht mehr möglich")


# ------------------------------------------------------------------------------- making the account last


def test_an_attendee_adds_an_address_then_a_password_and_signs_in_with_them(
    client: InspectingClient, new_client: Callable[[], InspectingClient]
) -> None:
    inside(client)
    assert client.get("/konto").has_text("Sie haben noch kein Passwort.")
    page = client.get("/konto/behalten")
    page = client.submit(page.form(field="email"), email="unsinn", status=422)
    client.submit(page.form(field="email"), email="Kim@Example.org")
    mail = halls.mail_to("kim@example.org")
    assert (mail.template, bool(mail.secret)) == ("email_change", True)
    page = client.get(f"/konto/e-mail/{mail.secret}")
    assert page.has_text("kim@example.org gehört künftig zu Ihrem Konto.")
    page = client.submit(page.form(button="bestätigen"))
    assert page.path == "/konto/behalten"
    page = client.submit(page.form(field="password"), password="kurz", status=422)
    client.submit(page.form(field="password"), password="ein langer Satz")
    assert client.get("/konto/behalten").path == "/konto"
    elsewhere = new_client()
    page = elsewhere.get("/anmelden")
    elsewhere.submit(page.form(field="email"), email="kim@example.org", password="ein langer Satz")
    assert elsewhere.get("/mein-bereich/beitraege").has_text("Sie sind dabei.")


def test_an_address_of_somebody_else_is_answered_alike_and_its_owner_is_told(
    client: InspectingClient,
) -> None:
    inside(client)
    factories.partner(email="petra@example.org")
    seen = []
    for address in ("petra@example.org", "frei@example.org"):
        page = client.get("/konto/behalten")
        seen.append(client.submit(page.form(field="email"), email=address).main_text)
        assert halls.mail_to(address).template == (
            "email_known" if address.startswith("petra") else "email_change"
        )
    assert seen[0] == seen[1]
    assert halls.mail_to("petra@example.org").secret is None


def test_nobody_writes_to_many_strangers_through_us(client: InspectingClient) -> None:
    inside(client)
    for number in range(10):
        client.post("/konto/behalten", {"email": f"fremd{number}@example.org"})
    client.post("/konto/behalten", {"email": "fremd11@example.org"}, status=429)


# ------------------------------------------------------------------------------------------------- bytes


def test_pages_of_forum_mode_stay_under_60_kilobytes_with_all_they_load(
    app: Flask, client: InspectingClient
) -> None:
    """Packed as they go over the line; the next pages have style and scripts already."""
    forum, code = hall(has_competition_notice=True)
    for number in range(5):
        factories.field_of_action(f"Handlungsfeld Nummer {number} mit langem Namen")
    author = enter(code, "Alex", "other")
    for number in range(30):
        accept(hand_in(author, forum.id, f"{TEXT} {number}").code)
    addresses = [f"/f/{code}"]
    client.get(addresses[0])
    sizes = {addresses[0]: first_view(app, client)}
    join(client, code)
    for path in ("mitmachen", "beitrag", "beitraege"):
        client.get(f"/foren/{forum.slug}/{path}")
        sizes[path] = first_view(app, client)
    client.submit(client.get(f"/foren/{forum.slug}/beitrag").form(field="text"), text=TEXT)
    sizes["danke"] = first_view(app, client)
    assert max(sizes.values()) < 60_000, sizes


def first_view(app: Flask, client: InspectingClient) -> int:
    """Return the bytes of the present page and of every file it names, with 500 for each answer's headers."""
    page = client.page
    assert page is not None
    total = len(gzip.compress(page.body.encode(), 4)) + 500
    names = [element.get("href") for element in page.root.iter("link")]
    names += [element.get("src") for element in page.root.iter("script")]
    for name in filter(None, names):
        file = Path(app.static_folder or "") / urlsplit(name).path.removeprefix("/static/")
        total += len(gzip.compress(file.read_bytes(), 9)) + 500
    return total


def test_own_contributions_that_wait_and_those_declined_are_told_apart(client: InspectingClient) -> None:
    forum, code = hall()
    key = joining.join(ANONYMOUS, code, guest=guest()).session_key
    assert key is not None
    client.use_session(key)
    page = client.get("/mein-bereich/beitraege")
    assert page.has_text("Noch kein Beitrag")
    for text in ("Erster Gedanke dazu.", "Zweiter Gedanke dazu."):
        page = client.get(f"/foren/{forum.slug}/beitrag")
        client.submit(page.form(field="text"), text=text)
    accept(one().code, State.DECLINED)
    page = client.get("/mein-bereich/beitraege")
    assert page.has_text("Eingegangen")
    assert page.has_text("Nicht aufgenommen")
    assert client.get("/mein-bereich").has_text("Meine Beiträge")
