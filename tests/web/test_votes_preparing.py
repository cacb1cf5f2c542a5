# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The moderation's side of ballots, without scripts: draft, preview, rehearsal, opening, the end."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from charta.db import as_of, session, utcnow
from charta.measures.models import Measure
from charta.notifications.models import OutboxMail
from charta.votes.rules import BallotState, Method
from charta.web.dates import ZONE
from tests import factories, proposing, voting
from tests.inspecting import InspectingClient, Page

NEW = "/abstimmungen/vorbereiten"
SAVE = "Entwurf speichern"


def typing(values: dict[str, Any]) -> dict[str, Any]:
    """Return what is typed into fields whose names are no words."""
    return values


@pytest.fixture
def world(app: Flask) -> voting.World:
    factories.settings(draft_is_public=True)
    factories.open_round()
    return voting.world(3)


@pytest.fixture
def moderator(world: voting.World, client: InspectingClient) -> InspectingClient:
    return client.sign_in(world.moderator)


def in_hours(hours: float) -> str:
    return (utcnow() + timedelta(hours=hours)).astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")


def mails(template: str) -> list[str]:
    session.rollback()
    found = session.scalars(select(OutboxMail).where(OutboxMail.template == template))
    return [str(mail.data["organisation"]) for mail in found]


def saved(page: Page, client: InspectingClient, **values: Any) -> int:
    page = client.submit(page.form(button=SAVE), SAVE, **values)
    assert page.has_text("So stimmen die Partner ab"), page.main_text
    return int(page.path.rpartition("/")[2])


def test_from_a_proposal_to_an_open_ballot_and_its_mails(
    world: voting.World, moderator: InspectingClient
) -> None:
    number = proposing.submitted(factories.partner(), proposing.section())
    page = moderator.get(f"{NEW}?vorschlag={number}")
    assert page.has_text(f"Vorschlag {number}")
    page = moderator.submit(page.form(button=SAVE), SAVE, status=422)
    ballot = saved(page, moderator, title="Soll das gelten?", closes_at=in_hours(72))
    page = moderator.get(f"/abstimmungen/{ballot}")
    assert page.statements <= 8, page.statements
    for said in ("6 Partnerorganisationen", "3 bestätigte Personen", "Genauer Wortlaut"):
        assert page.has_text(said), said
    assert voting.stored(ballot).state is BallotState.DRAFT
    assert not mails("ballot_opened")
    page = moderator.submit(page.form(button="Jetzt öffnen"), "Jetzt öffnen")
    assert page.has_text("Die Abstimmung ist geöffnet.")
    assert page.has_text("Partner: 0 von 6")
    assert len(mails("ballot_opened")) == 9
    stale = moderator.get(f"/abstimmungen/{ballot}")
    assert stale.has_text("Erinnern")
    voting.for_partner(world.partners[0], ballot)
    moderator.submit(stale.form(button="Erinnerung"), "Erinnerung verschicken")
    assert "AMZ" not in mails("ballot_reminder")
    assert len(mails("ballot_reminder")) == 8


def test_a_measure_is_prepared_by_its_section_and_a_gone_text_is_not_found(
    world: voting.World, moderator: InspectingClient
) -> None:
    section = proposing.section()
    page = moderator.get(f"{NEW}?abschnitt={section}")
    ballot = saved(page, moderator, closes_at=in_hours(2))
    assert voting.stored(ballot).section_id == section
    moderator.get(f"{NEW}?abschnitt=999", status=404)
    moderator.get(f"{NEW}?vorschlag=999", status=404)
    measure = factories.measure()
    assert moderator.get(f"{NEW}?abschnitt={_section_of(measure)}").has_text("Maßnahme „")


def _section_of(measure_id: int) -> int:
    found = session.get(Measure, measure_id)
    assert found is not None
    return found.section_id


def test_several_questions_by_a_button_and_other_methods(
    world: voting.World, moderator: InspectingClient
) -> None:
    page = moderator.get(NEW)
    form = page.form(button=SAVE)
    page = moderator.submit(
        form, "Weitere Frage",
        title="Wohin zuerst?", **typing({"questions-0-text": "Wofür?", "questions-0-method": "points"}),
    )  # fmt: skip
    form = page.form(button=SAVE)
    typed: dict[str, Any] = {
        "questions-0-options": "Rad\nBus", "questions-1-text": "Folge?", "questions-1-method": "ranking",
        "questions-1-options": "Rad", "closes_at": in_hours(5),
    }  # fmt: skip
    page = moderator.submit(form, SAVE, status=422, **typed)
    assert page.has_text("Frage 1: Punkte und Rangfolgen gibt es nur im Meinungsbild")
    page = moderator.submit(page.form(button=SAVE), SAVE, status=422, electorate=["participants"])
    assert page.has_text("Frage 2: Bitte nennen Sie mindestens 2 Möglichkeiten.")
    page = moderator.submit(page.form(button=SAVE), SAVE, **typing({"questions-1-options": "Rad\nBus\nBahn"}))
    assert page.has_text("So stimmen die Teilnehmenden ab")
    page = moderator.get(f"{page.path}/bearbeiten")
    form = page.form(button=SAVE)
    assert form.fields["questions-1-method"] == [Method.RANKING.value]
    page = moderator.submit(form, SAVE, **typing({"questions-1-text": "", "questions-1-options": ""}))
    assert not page.has_text("Folge?")
    stale = moderator.submit(form, SAVE, status=409, title="Zu spät")
    assert stale.form(button=SAVE).fields["title"] == ["Zu spät"]


def test_the_night_of_a_clock_change_asks_which_hour_or_refuses(
    world: voting.World, moderator: InspectingClient
) -> None:
    with as_of(datetime(2026, 3, 1, tzinfo=UTC)):
        page = moderator.get(NEW)
        form = page.form(button=SAVE)
        named: dict[str, Any] = {"title": "Nachts", "questions-0-text": "Ja?"}
        page = moderator.submit(form, SAVE, status=422, closes_at="2026-03-29T02:30", **named)
        assert page.has_text("Diese Uhrzeit gibt es an diesem Tag nicht")
        page = moderator.submit(page.form(button=SAVE), SAVE, status=422, closes_at="2026-10-25T02:30")
        assert page.has_text("Diese Uhrzeit gibt es in dieser Nacht zweimal")
        form = page.form(button=SAVE)
        first = voting.stored(saved(page, moderator, closes_fold="0"))
        moderator.page = page
        second = voting.stored(int(moderator.submit(form, SAVE, closes_fold="1").path.rpartition("/")[2]))
        assert first.closes_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
        assert second.closes_at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
        page = moderator.get(f"/abstimmungen/{second.id}/bearbeiten")
        assert page.form(button=SAVE).fields["closes_fold"] == ["1"]


def test_a_rehearsal_runs_beside_the_draft_and_is_ended_by_hand(
    world: voting.World, moderator: InspectingClient
) -> None:
    draft = voting.prepared(world.moderator)
    page = moderator.get(f"/abstimmungen/{draft}")
    page = moderator.submit(page.form(button="Probe starten"), "Probe starten")
    assert page.has_text("Probe, es folgt nichts daraus")
    assert not mails("ballot_opened")
    page = moderator.submit(page.form(button="Probe beenden"), "Probe beenden")
    assert page.path.endswith("/ergebnis")
    assert not page.has_text("Schreiben, was daraus folgt")
    assert voting.stored(draft).state is BallotState.DRAFT
    page = moderator.get(f"/abstimmungen/{draft}")
    page = moderator.submit(page.form(button="verwerfen"), "Endgültig verwerfen")
    assert page.path == "/abstimmungen"
    moderator.get(f"/abstimmungen/{draft}", status=404)


def test_a_ballot_is_called_off_with_a_reason(world: voting.World, moderator: InspectingClient) -> None:
    ballot = voting.opened(world.moderator)
    page = moderator.get(f"/abstimmungen/{ballot}/abbrechen")
    page = moderator.submit(page.form(button="abbrechen"), "abbrechen", status=422)
    page = moderator.submit(page.form(button="abbrechen"), "abbrechen", reason="Die Frage war falsch.")
    assert page.has_text("Die Frage war falsch.")
    assert voting.stored(ballot).state is BallotState.CANCELLED
    assert len(mails("ballot_cancelled")) == 9
    over = voting.opened(world.moderator)
    voting.closed(over)
    moderator.post(f"/abstimmungen/{over}/abbrechen", {"reason": "zu spät"}, status=409)


def test_what_follows_is_written_and_mailed_once(world: voting.World, moderator: InspectingClient) -> None:
    ballot = voting.opened(world.moderator)
    moderator.get(f"/abstimmungen/{ballot}/folge", status=404)
    voting.closed(ballot)
    page = moderator.get(f"/abstimmungen/{ballot}/ergebnis")
    page = moderator.click("Schreiben, was daraus folgt")
    form = page.form(button="Veröffentlichen")
    page = moderator.submit(form, "Veröffentlichen", words="Wir beraten neu.\n\nIm Juni.")
    assert page.has_text("Wir beraten neu.")
    assert len(mails("ballot_outcome")) == 9
    page = moderator.submit(form, "Veröffentlichen", words="Anders", status=409)
    assert page.form(button="Veröffentlichen").fields["words"] == ["Anders"]


def test_opening_twice_or_from_an_old_draft_is_refused(
    world: voting.World, moderator: InspectingClient
) -> None:
    ballot = voting.prepared(world.moderator, section_id=proposing.section())
    page = moderator.get(f"/abstimmungen/{ballot}")
    form = page.form(button="Jetzt öffnen")
    moderator.submit(form, "Jetzt öffnen")
    page = moderator.submit(form, "Jetzt öffnen", status=409)
    assert page.has_text("Die Abstimmung ist schon geöffnet.")
    moderator.get(f"/abstimmungen/{ballot}/bearbeiten")
    again = voting.prepared(world.moderator, section_id=voting.stored(ballot).section_id)
    page = moderator.get(f"/abstimmungen/{again}")
    page = moderator.submit(page.form(button="Jetzt öffnen"), "Jetzt öffnen", status=409)
    assert page.has_text("Über diesen Text läuft schon eine Abstimmung.")


def test_only_the_moderation_prepares(world: voting.World, new_client: Any) -> None:
    ballot = voting.opened(world.moderator)
    for who in (world.partners[0], world.attendees[0]):
        browser = new_client().sign_in(who)
        browser.get(NEW, status=403)
        browser.get(f"/abstimmungen/{ballot}/abbrechen", status=403)
        browser.post(f"/abstimmungen/{ballot}/tat", {"tat": "erinnern"}, status=403)


@pytest.mark.parametrize(
    "raw", ["", "x\x00", "9" * 5000, "-1", "²", "<b>", "2026-13-45T99:99", "0001-01-01T00:00"]
)
def test_nonsense_in_a_draft_is_refused_with_a_page(
    world: voting.World, moderator: InspectingClient, raw: str
) -> None:
    names = (
        "title", "intro", "questions-0-text", "questions-0-method", "questions-0-options", "electorate",
        "questions-0-points", "rule", "quorum", "scope", "forum_ids", "opens_at", "opens_fold", "closes_at",
        "closes_fold", "seen_version", "questions-²-text", f"questions-{'9' * 5000}-text",
    )  # fmt: skip
    draft = voting.prepared(world.moderator)
    for address in (NEW, f"/abstimmungen/{draft}/bearbeiten"):
        moderator.post(address, dict.fromkeys(names, raw), status=422)
        page = moderator.open(
            "POST",
            address,
            data=dict.fromkeys(names, raw) | {"weitere": "1", "csrf_token": moderator.token()},
        )
        assert page.status == 200
    moderator.post(f"/abstimmungen/{draft}/tat", {"tat": raw, "fassung": raw}, status=422)


def test_the_page_of_a_text_says_that_it_is_voted_on(
    world: voting.World, moderator: InspectingClient, new_client: Any
) -> None:
    section, measure = proposing.section(), factories.measure()
    number = proposing.submitted(factories.partner(), section)
    pages = {
        f"/abschnitte/{section}": {"section_id": section},
        f"/massnahmen/{measure}": {"section_id": _section_of(measure)},
        f"/vorschlaege/{number}": {"proposal_id": number},
    }
    for address, subject in pages.items():
        moderator.get(address)
        assert moderator.click("Abstimmung vorbereiten").path == NEW
        ballot = voting.opened(world.moderator, **subject)
        for who in (world.moderator, world.partners[0], world.attendees[0]):
            page = new_client().sign_in(who).get(address)
            assert page.has_text("Darüber wird bis"), (address, page.main_text)
            if "vorschlaege" in address:  # after a ballot opened or ended a ninth says so, once per process
                page = new_client().sign_in(who).get(address)
            assert page.statements <= 8, page.statements
            assert f"/abstimmungen/{ballot}" in page.links.values()
            if "vorschlaege" not in address:  # also while the panel of a paragraph is open
                page = new_client().sign_in(who).get(f"{address}?rn=1")
                assert page.has_text("Darüber wird bis"), (address, page.main_text)
                assert page.statements <= 8, page.statements
        voting.closed(ballot)
        assert not moderator.get(address).has_text("Darüber wird bis")
