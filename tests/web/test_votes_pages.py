# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Ballots in a browser without scripts: voting, the other's choice, the end, the result and its files."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from charta.accounts.models import Person
from charta.accounts.rules import Group
from charta.db import as_of, transaction, utcnow
from charta.votes import recount, service
from charta.votes.rules import Method, QuestionInput
from tests import factories, proposing, voting
from tests.inspecting import InspectingClient, Page


def typing(values: dict[str, Any]) -> dict[str, Any]:
    """Return what is typed into fields whose names are no words."""
    return values


@pytest.fixture
def world(app: Flask) -> voting.World:
    factories.settings(draft_is_public=True)
    return voting.world()


def browser(new_client: Any, who: Any) -> InspectingClient:
    client: InspectingClient = new_client().sign_in(who)
    return client


def vote(client: InspectingClient, ballot: int, **values: Any) -> Page:
    page = client.get(f"/abstimmungen/{ballot}")
    return client.submit(page.form(button="Stimme"), "Stimme", **values)


def test_a_partner_votes_in_two_taps_and_can_change(world: voting.World, new_client: Any) -> None:
    ballot = voting.opened(world.moderator)
    client = browser(new_client, world.partners[1])
    assert client.get("/abstimmungen").has_text("Ihre Stimme fehlt")
    page = client.get(f"/abstimmungen/{ballot}")
    assert page.statements <= 3, page.statements
    assert page.has_text("Ihre Stimme für IHK")
    assert not page.has_text("Stand bei den Partnern")
    page = client.submit(page.form(button="Stimme abgeben"), "Stimme abgeben", **typing({"frage-1": "yes"}))
    assert page.has_text("IHK hat abgestimmt")
    assert page.has_text("Ihre Quittung")
    assert page.has_text("Stand bei den Partnern")
    receipt = voting.own(world.partners[1], ballot).receipt
    page = client.submit(
        page.form(button="Stimme ändern"),
        "Stimme ändern",
        **typing({"frage-1": "no", "grund-1": "Zu teuer."}),
    )
    assert page.has_text("Ihre Stimme ist geändert.")
    own = voting.own(world.partners[1], ballot)
    assert (own.answers, own.reasons, own.receipt) == (("no",), ("Zu teuer.",), receipt)
    assert client.get("/abstimmungen").has_text("Sie haben abgestimmt")


def test_an_objection_without_reason_comes_back_with_what_was_chosen(
    world: voting.World, new_client: Any
) -> None:
    ballot = voting.opened(world.moderator)
    client = browser(new_client, world.partners[0])
    page = client.get(f"/abstimmungen/{ballot}")
    form = page.form(button="Stimme abgeben")
    page = client.submit(form, "Stimme abgeben", status=422)
    assert "#frage-1-ja" in page.links.values()
    page = client.submit(form, "Stimme abgeben", status=422, **typing({"frage-1": "objection"}))
    assert page.has_text("Ein schwerwiegender Einwand braucht eine Begründung.")
    assert "#grund-1" in page.links.values()
    assert page.form(button="Stimme abgeben").fields["frage-1"] == ["objection"]


def test_a_participant_answers_by_every_method(world: voting.World, new_client: Any) -> None:
    ballot = voting.opened(world.moderator, voting.ALL_METHODS, has_partners=False)
    client = browser(new_client, world.attendees[0])
    client.get(f"/abstimmungen/{ballot}")  # this process did not know the ballot's key yet
    page = client.get(f"/abstimmungen/{ballot}")
    assert page.statements <= 3, page.statements
    typed: dict[str, Any] = {"frage-1": "yes", "frage-2": "4"}
    typed |= {"frage-3-0": 6, "frage-3-1": 5, "frage-4-0": 2, "frage-4-1": 1, "frage-4-2": 3}
    form = page.form(button="Stimme abgeben")
    page = client.submit(form, "Stimme abgeben", status=422, **typed)
    assert page.has_text("höchstens 10") or page.has_text("10 Punkte"), page.main_text
    assert "#frage-3-0" in page.links.values()
    form = page.form(button="Stimme abgeben")
    assert form.fields["frage-3-1"] == ["5"]
    page = client.submit(form, "Stimme abgeben", status=422, **typing({"frage-3-1": 4, "frage-4-2": 1}))
    form = page.form(button="Stimme abgeben")
    page = client.submit(form, "Stimme abgeben", **typing({"frage-4-2": 3}))
    assert page.has_text("Ihre Stimme ist gezählt")
    assert voting.own(world.attendees[0], ballot).answers == ("yes", 4, [6, 4, 0], [1, 0, 2])
    form = page.form(button="Stimme ändern")
    assert form.fields["frage-4-0"] == ["2"]
    client.submit(form, "Stimme ändern", **typing({"frage-3": "enthaltung", "frage-2": "enthaltung"}))
    assert voting.own(world.attendees[0], ballot).answers == ("yes", None, None, [1, 0, 2])


def test_the_deputy_with_a_stale_page_is_shown_the_others_choice_and_keeps_the_own(
    world: voting.World, new_client: Any
) -> None:
    ballot = voting.opened(world.moderator)
    client = browser(new_client, world.deputy)
    page = client.get(f"/abstimmungen/{ballot}")
    voting.for_partner(world.partners[1], ballot, "objection", "Fehlt das Geld.")
    page = client.submit(
        page.form(button="Stimme abgeben"), "Stimme abgeben", status=409,
        **typing({"frage-1": "no", "grund-1": "Meine Worte"}),
    )  # fmt: skip
    assert page.has_text("Ihre Organisation hat schon abgestimmt")
    assert page.has_text("Mitglied IHK")
    assert page.has_text("Fehlt das Geld.")
    form = page.form(field="frage-1")
    assert form.fields["frage-1"] == ["no"]
    assert page.has_text("Meine Worte")
    assert voting.own(world.deputy, ballot).answers == ("objection",)
    page = client.submit(form)
    assert voting.own(world.deputy, ballot).answers == ("no",)


def test_a_reservation_is_noted_and_survives_the_vote(world: voting.World, new_client: Any) -> None:
    ballot = voting.opened(world.moderator, hours=24 * 9)
    client = browser(new_client, world.partners[1])
    page = client.get(f"/abstimmungen/{ballot}")
    day = (utcnow() + timedelta(days=3)).date().isoformat()
    page = client.submit(page.form(button="Eintragen"), "Eintragen", vorbehalt="2020-01-01", status=422)
    page = client.submit(page.form(button="Eintragen"), "Eintragen", vorbehalt=day)
    assert page.has_text("Der Gremienvorbehalt ist eingetragen.")
    assert client.get("/abstimmungen").has_text("Gremienvorbehalt")
    vote(client, ballot, **typing({"frage-1": "yes"}))
    own = voting.own(world.partners[1], ballot)
    assert (own.answers, str(own.reservation_until)) == (("yes",), day)


def test_a_page_left_open_until_after_the_end_says_not_counted(world: voting.World, new_client: Any) -> None:
    ballot = voting.opened(world.moderator)
    for who, value in ((world.partners[0], "yes"), (world.attendees[0], "yes")):
        client = browser(new_client, who)
        form = client.get(f"/abstimmungen/{ballot}").form(button="Stimme abgeben")
        reason = {"grund-1": "Erst muss der Beirat ja sagen."} if who is world.partners[0] else {}
        with as_of(utcnow() + timedelta(hours=3)):
            page = client.submit(form, "Stimme abgeben", status=409, **typing({"frage-1": value} | reason))
        assert page.has_text("Diese Stimme wurde nicht gezählt")
        assert page.has_text("Erst muss der Beirat ja sagen.") is bool(reason)
        assert voting.own(who, ballot).answers is None


def test_result_shows_both_voices_apart_and_the_files_agree_with_a_recount(
    world: voting.World, new_client: Any, client: InspectingClient, tmp_path: Path
) -> None:
    questions = (QuestionInput("Ja zur Lernfabrik?"), QuestionInput("Wie sehr?", Method.SCALE))
    ballot = voting.opened(world.moderator, questions)
    for partner in world.partners[:4]:
        service.cast_for_partner(
            partner.actor, ballot, choices=["yes", "no"], reasons=["", "Noch zu früh."], seen_version=0
        )
    receipts = [
        service.cast(one.actor, ballot, answers=["no", 4 if place else 2]).code
        for place, one in enumerate(world.attendees)
    ]
    with as_of(utcnow() + timedelta(hours=3)):
        page = client.get(f"/abstimmungen/{ballot}/ergebnis")  # before the worker came
        assert page.has_text("wird in wenigen Sekunden gespeichert")
    voting.closed(ballot)
    page = client.get(f"/abstimmungen/{ballot}")
    assert page.path == f"/abstimmungen/{ballot}/ergebnis"
    assert page.statements <= 4, page.statements
    for words in (
        "von 5 Partnern sagen Ja", "Angenommen", "Die beiden Stimmen gehen auseinander", "Noch zu früh.",
        "6 von 6 Personen", "von 6 Personen sagen Ja", "nicht abgestimmt",
        "im Mittel auf der Skala",
    ):  # fmt: skip
        assert page.has_text(words), words
    page = client.get(f"/abstimmungen/{ballot}/pruefen")
    spaced = " ".join(receipts[0][at : at + 5] for at in range(0, 20, 5))
    assert page.has_text(spaced)
    file = tmp_path / "stimmen.json"
    file.write_bytes(client.get(f"/abstimmungen/{ballot}/stimmen.json").response.data)
    program = tmp_path / "recount.py"
    program.write_bytes(client.get("/abstimmungen/recount.py").response.data)
    ran = subprocess.run([sys.executable, program, file], capture_output=True, check=True, cwd=tmp_path)
    assert ran.stdout == client.get(f"/abstimmungen/{ballot}/auszaehlung.json").response.data
    assert Path(recount.__file__).read_bytes() == program.read_bytes()
    assert client.get("/abstimmungen").has_text("angenommen")


def test_groups_are_named_from_five_votes_on(app: Flask, client: InspectingClient) -> None:
    factories.settings(draft_is_public=True)
    world = voting.world(12)
    university = factories.organisation("Hochschule", short="HS", group=Group.SCIENCE)
    with transaction() as tx:
        moved = [one.id for one in world.attendees[:6]]
        tx.session.execute(update(Person).where(Person.id.in_(moved)).values(organisation_id=university))
    ballot = voting.opened(world.moderator, voting.ALL_METHODS, has_partners=False)
    for place, one in enumerate(world.attendees):
        even = place % 2 == 0
        points, ranks = ([5, 3, 0], [2, 0, 1]) if even else ([0, 0, 10], [2, 1, 0])
        service.cast(one.actor, ballot, answers=["yes" if even else "no", 4 if even else None, points, ranks])
    voting.closed(ballot)
    page = client.get(f"/abstimmungen/{ballot}/ergebnis")
    assert page.statements <= 4, page.statements
    assert page.has_text("nach Gruppe 5 voll und ganz 4 eher ja")
    for said in ("60 Punkte", "nach der Methode von Schulze", "Wissenschaft 3 3 0", "Unternehmen 3 3 0"):
        assert page.has_text(said), (said, page.main_text)


def test_a_ballot_is_shown_to_those_it_concerns(
    world: voting.World, new_client: Any, client: InspectingClient
) -> None:
    draft = voting.prepared(world.moderator)
    ballot = voting.opened(world.moderator, has_participants=False)
    for who, seen in ((None, 404), (world.attendees[0], 404), (world.partners[0], 200)):
        browsing = browser(new_client, who) if who else client
        assert browsing.get(f"/abstimmungen/{draft}", status=404).status == 404
        browsing.get(f"/abstimmungen/{ballot}", status=seen)
        browsing.get(f"/abstimmungen/{ballot}/ergebnis", status=404)
        browsing.get(f"/abstimmungen/{ballot}/stimmen.json", status=404)
        browsing.get(f"/abstimmungen/{ballot}/auszaehlung.json", status=404)
    assert client.get("/abstimmungen").has_text("Noch keine Abstimmung")
    entry = browser(new_client, world.partners[0]).get(f"/abstimmungen/{ballot}.ics")
    assert "Lernfabrik" in entry.body
    assert "BEGIN:VEVENT" in entry.body


@pytest.mark.parametrize("raw", ["", "yes\x00", "\ud800", "9" * 5000, "-1", "2.5", "<script>", "[]", "٣"])
def test_nonsense_is_refused_with_a_page(world: voting.World, new_client: Any, raw: str) -> None:
    raw = raw.encode("utf-8", "replace").decode() if raw == "\ud800" else raw
    everything = {f"frage-{n}": raw for n in range(1, 5)} | {"fassung": raw, "grund-1": raw, "vorbehalt": raw}
    everything |= {f"frage-{n}-{place}": raw for n in (3, 4) for place in range(3)}
    partners = voting.opened(world.moderator)
    people = voting.opened(world.moderator, voting.ALL_METHODS, has_partners=False)
    for who, ballot in ((world.partners[0], partners), (world.attendees[0], people)):
        client = browser(new_client, who)
        page = client.open(
            "POST", f"/abstimmungen/{ballot}/stimme", data=everything | {"csrf_token": client.token()}
        )
        assert page.status in {409, 422}, page.status
        assert voting.own(who, ballot).answers is None
    client = browser(new_client, world.partners[1])
    page = client.open(
        "POST", f"/abstimmungen/{partners}/vorbehalt", data=everything | {"csrf_token": client.token()}
    )
    assert page.status in {303, 409, 422}


@pytest.mark.both_databases
def test_the_moderation_sees_how_many_have_voted_and_nobody_else_does(
    world: voting.World, new_client: Any
) -> None:
    ballot = voting.opened(world.moderator)
    moderator = new_client().sign_in(world.moderator)
    page = moderator.get(f"/abstimmungen/{ballot}")
    assert page.has_text("Partner: 0 von 5")
    piece = f"/abstimmungen/{ballot}/beteiligung"
    assert page.elements("div", **{"data-turnout": piece})
    voting.for_partner(world.partners[0], ballot)
    service.cast(world.attendees[0].actor, ballot, answers=["yes"])
    moderator.inspects = False
    found = moderator.get(piece)
    assert found.statements <= 3, found.statements
    assert "Partner: 1 von 5" in found.body
    assert f"Teilnehmende: 1 von {len(world.attendees)}" in found.body
    assert "AMZ" not in found.body
    tag = {"If-None-Match": found.response.headers["ETag"]}
    assert moderator.get(piece, headers=tag, status=304).statements <= 3
    for who in (world.partners[0], world.attendees[0]):
        new_client().sign_in(who).get(piece, status=403)
    voting.over(ballot)
    moderator.get(piece, status=404)


def test_the_text_of_a_ballot_is_public_from_its_end_on_whatever_the_draft_is(
    world: voting.World, new_client: Any, client: InspectingClient
) -> None:
    factories.settings(draft_is_public=False)
    section = proposing.section()
    draft = voting.prepared(world.moderator, section_id=section)
    moderator = new_client().sign_in(world.moderator)
    assert moderator.get(f"/abstimmungen/{draft}").has_text("Nach dem Ende sind Text und Ergebnis öffentlich")
    service.open_ballot(world.moderator.actor, draft, seen_version=1)
    pieces = ("", "/ergebnis", "/pruefen", "/stimmen.json", "/auszaehlung.json", "/gremienvorlage")
    for piece in (*pieces, "/gremienvorlage.pdf", "/beteiligung"):
        status = 403 if piece == "/beteiligung" else 404
        found = client.open("GET", f"/abstimmungen/{draft}{piece}")
        assert found.status in {status, 303, 302, 401}, (piece, found.status)
        assert "Bis 2030 gilt der Plan" not in found.text, piece
    for address in ("/abstimmungen", "/", "/aktivitaet"):
        assert "Bis 2030 gilt der Plan" not in client.get(address).text, address
    voting.closed(draft)
    assert client.get(f"/abstimmungen/{draft}/ergebnis").has_text("Bis 2030 gilt der Plan")


def test_the_question_is_seen_by_voters_and_by_others_before_and_after_the_end(
    world: voting.World, new_client: Any
) -> None:
    asked = "Sollen die Lotsen bleiben?"
    ballot = voting.opened(world.moderator, (QuestionInput(asked),), title="Lotsen")
    watchers = [browser(new_client, who) for who in (world.partners[0], world.attendees[0], world.moderator)]
    for is_over in (False, True):
        if is_over:
            voting.closed(ballot)
        for client in watchers:
            page = client.get(f"/abstimmungen/{ballot}{'/ergebnis' if is_over else ''}")
            found = [one for tag in ("legend", "p", "h2") for one in page.elements(tag) if one.text == asked]
            assert found
            assert all("ch-vh" not in one.get("class", "") for one in found)
