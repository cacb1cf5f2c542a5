# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Polls without scripts: prepared and started on one phone, answered on another, seen on the wall."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from charta.db import utcnow
from charta.forums.models import Forum
from charta.forums.queries.forums import code_of
from charta.forums.service import joining
from charta.permissions import Role
from charta.votes.rules import PollMethod, PollState
from charta.votes.service import polling
from charta.votes.service.poll_answering import answer
from charta.web.dates import ZONE
from tests import factories, halls, polls
from tests.inspecting import InspectingClient, Page


@pytest.fixture
def forum(app: Flask) -> Forum:
    return halls.begin(halls.forum("Zukunftsforum Zwickau"))


@pytest.fixture
def moderator(sign_in: Any) -> InspectingClient:
    browser: InspectingClient = sign_in("moderator")
    return browser


def at_phone(forum: Forum, new_client: Any) -> InspectingClient:
    """Return the phone of somebody who has joined."""
    person = factories.attendee()
    browser: InspectingClient = new_client().sign_in(person)
    code = code_of(forum.id)
    assert code
    joining.join(person.actor, code)
    return browser


def ask(client: InspectingClient, address: str, tag: str = "") -> Page:
    client.inspects = False  # a piece of a page
    try:
        return client.get(address, headers={"If-None-Match": tag} if tag else {})
    finally:
        client.inspects = True


def test_from_the_prepared_question_to_the_result(
    forum: Forum, moderator: InspectingClient, client: InspectingClient, new_client: Any
) -> None:
    page = moderator.get(f"/foren/{forum.slug}/umfragen/vorbereiten")
    page = moderator.submit(
        page.form(field="question"), question="Was zuerst?", method="single", options="Strom\nWege\n\nLernen"
    )
    assert page.has_text("Was zuerst?")
    control = f"/foren/{forum.slug}/beamer"
    page = moderator.get(control)
    assert page.statements <= 8, page.statements
    phone = at_phone(forum, new_client)
    hall = f"/foren/{forum.slug}/mitmachen"
    assert not phone.get(hall).has_text("Was zuerst?")
    page = moderator.submit(page.form(button="Starten"), "Starten")
    assert page.has_text("läuft")
    wall = client.get(f"/beamer/{forum.slug}")
    assert wall.has_text("Live-Umfrage Was zuerst?")
    assert wall.has_text("0 von 1 haben geantwortet")
    page = phone.get(hall)
    assert page.statements <= 8, page.statements
    page = phone.submit(page.form(button="Antwort senden"), "Antwort senden", **{_name(page, "choices"): 1})
    assert page.has_text("Danke. Ihre Antwort ist gezählt.")
    assert page.has_text("Ihre Antwort Wege")
    page = phone.submit(page.form(button="Antwort ändern"), "Antwort ändern", **{_name(page, "choices"): 2})
    assert page.has_text("Ihre Antwort Lernen")
    polls.answer_all(_poll_id(page), polls.people(forum, 4), choice=0)
    wall = client.get(f"/beamer/{forum.slug}")
    assert wall.has_text("Die Balken zeigen 5 Antworten.")
    page = moderator.submit(moderator.get(control).form(button="Umfrage beenden"), "Umfrage beenden")
    assert not page.has_text("läuft")
    result = client.get(f"/foren/{forum.slug}/umfragen")
    assert result.has_text("Strom 4 80 %")
    assert result.has_text("Lernen 1 20 %")
    assert client.get(f"/beamer/{forum.slug}").has_text("Umfrage, beendet")
    assert phone.get(hall).has_text("Umfrage beendet")
    page = moderator.submit(moderator.get(control).form(button="Vom Beamer"), "Vom Beamer nehmen")
    assert not client.get(f"/beamer/{forum.slug}").has_text("Was zuerst?")


def _name(page: Page, part: str) -> str:
    return next(name for form in page.forms for name in form.names if name.endswith(f"-{part}"))


def _poll_id(page: Page) -> int:
    return int(page.form("/umfragen/").action.split("/")[-2])


@pytest.mark.parametrize(
    "method, typed, good",
    [
        (PollMethod.SCALE, {"choices": "9"}, {"choices": "0"}),
        (PollMethod.SINGLE, {}, {"choices": "2"}),
        (PollMethod.MULTIPLE, {"choices": "-1"}, {"choices": ["0", "2"]}),
        (PollMethod.POINTS, {"points_0": "4", "points_1": "9"}, {"points_0": "4", "points_2": "1"}),
        (PollMethod.WORDS, {"words": "x" * 201}, {"words": "<b>Mut</b>"}),
    ],
)
def test_each_kind_of_answer_and_what_is_refused(
    forum: Forum, new_client: Any, method: PollMethod, typed: dict[str, Any], good: dict[str, Any]
) -> None:
    poll_id = polls.poll(forum, method, points=5)
    phone = at_phone(forum, new_client)
    path = f"/foren/{forum.slug}/umfragen/{poll_id}/antwort"
    phone.get(path)
    page = phone.post(path, _prefixed(poll_id, typed), status=422)
    assert page.errors
    if method is PollMethod.WORDS:
        assert page.form(field=f"umfrage{poll_id}-words").fields[f"umfrage{poll_id}-words"] == ["x" * 201]
    page = phone.post(path, _prefixed(poll_id, good))
    assert page.has_text("Ihre Antwort ist gezählt")
    hostile = {"choices": "\ufdd0", "points_0": "a" * 99, "words": "\x00x"}
    phone.post(path, _prefixed(poll_id, hostile), status=422)


def _prefixed(poll_id: int, values: dict[str, Any]) -> dict[str, Any]:
    return {f"umfrage{poll_id}-{name}": value for name, value in values.items()}


def test_who_comes_too_late_or_was_not_there_is_told(
    forum: Forum, moderator: InspectingClient, new_client: Any, sign_in: Any
) -> None:
    poll_id = polls.poll(forum)
    path = f"/foren/{forum.slug}/umfragen/{poll_id}/antwort"
    phone = at_phone(forum, new_client)
    phone.get(path)
    polling.stop(moderator.account.actor, poll_id)  # type: ignore[union-attr]
    page = phone.post(path, _prefixed(poll_id, {"choices": "1"}), status=409)
    assert page.errors == ["Die Umfrage ist beendet. Diese Antwort wurde nicht mehr gezählt."]
    page = phone.post(path, _prefixed(poll_id, {"choices": "\x00"}), status=409)  # nothing to put right
    assert page.errors == ["Die Umfrage ist beendet. Diese Antwort wurde nicht mehr gezählt."]
    other = polls.poll(forum, question="Noch eine?")
    elsewhere = f"/foren/{forum.slug}/umfragen/{other}/antwort"
    stranger = sign_in("attendee")
    assert stranger.get(elsewhere).path == "/f"
    page = stranger.post(elsewhere, _prefixed(other, {"choices": "1"}), status=409)
    assert "nur, wer im Forum dabei ist" in page.errors[0]
    stranger.get(f"/foren/{forum.slug}/umfrage", status=404)
    stranger.get("/foren/gibt-es-nicht/umfrage", status=404)
    foreign = halls.begin(halls.forum("Ein anderes"))
    phone.get(f"/foren/{foreign.slug}/umfragen/{other}/antwort", status=404)
    ready = polls.poll(forum, question="Noch geheim?", runs=False)
    phone.get(f"/foren/{forum.slug}/umfragen/{ready}/antwort", status=404)
    for page_of_moderation in ("vorbereiten", f"{ready}/bearbeiten", f"{other}/online", f"{other}/worte"):
        phone.get(f"/foren/{forum.slug}/umfragen/{page_of_moderation}", status=403)
    phone.post(f"/foren/{forum.slug}/umfragen/{ready}/tat", {"tat": "starten"}, status=403)


@pytest.mark.both_databases
def test_asking_is_cheap_and_says_nothing_new_until_something_changes(
    forum: Forum, moderator: InspectingClient, client: InspectingClient, new_client: Any
) -> None:
    poll_id = polls.poll(forum)
    phone = at_phone(forum, new_client)
    there = polls.people(forum, 20)
    stand, wall = f"/foren/{forum.slug}/umfrage", f"/beamer/{forum.slug}/stand"
    page = ask(phone, stand)
    assert len(page.statements) <= 3, page.statements
    tag, wall_tag = page.headers["ETag"], ask(client, wall).headers["ETag"]
    answer(there[0], poll_id, choices=[0])
    again = ask(phone, stand, tag)
    assert (again.status, len(again.statements)) == (304, 3), again.statements  # others do not concern it
    page = ask(client, wall, wall_tag)
    assert (page.status, len(page.statements)) == (200, 2), page.statements
    page = ask(client, wall, page.headers["ETag"])
    assert (page.status, len(page.statements)) == (304, 1), page.statements
    assert len(ask(moderator, wall).statements) <= 3
    polls.answer_all(poll_id, there)
    page = ask(client, wall, wall_tag)
    assert (page.status, len(page.statements)) == (200, 2), page.statements
    assert "20" in page.body
    words = polls.poll(forum, PollMethod.WORDS, question="Ein Wort?")
    page = ask(phone, stand, tag)
    assert (page.status, len(page.statements)) == (200, 3), page.statements
    for person in there[:6]:
        answer(person, words, words="Mut")
    page = ask(client, wall)
    assert len(page.statements) <= 3, page.statements


@pytest.mark.both_databases
def test_the_moderators_phone_counts_along_and_says_what_the_wall_shows(
    forum: Forum, moderator: InspectingClient
) -> None:
    poll_id = polls.poll(forum)
    there = polls.people(forum, 12)
    who = moderator.account.actor  # type: ignore[union-attr]
    control, numbers = f"/foren/{forum.slug}/beamer", f"/foren/{forum.slug}/umfragen/zahlen"
    polls.answer_all(poll_id, there[:4])
    page = moderator.get(control)
    assert page.has_text("4 von 12 Personen im Forum haben geantwortet An der Wand: noch keine Zahlen")
    page = ask(moderator, numbers)
    assert (page.status, len(page.statements)) == (200, 2), page.statements
    assert ask(moderator, numbers, page.headers["ETag"]).status == 304
    polls.answer_all(poll_id, there[4:])
    page = ask(moderator, numbers, page.headers["ETag"])
    assert "An der Wand: Balken mit 5 Antworten." in page.body
    polling.take_down(who, poll_id)
    assert "gerade nicht auf dem Beamer" in ask(moderator, numbers).body
    polling.stop(who, poll_id)
    assert 'data-poll-of=""' in ask(moderator, numbers).body
    moderator.get("/foren/gibt-es-nicht/umfragen/zahlen", status=404)


def test_answering_is_a_simple_write_whatever_the_number_of_answers(forum: Forum, new_client: Any) -> None:
    poll_id = polls.poll(forum)
    path = f"/foren/{forum.slug}/umfragen/{poll_id}/antwort"
    counts = []
    for more in (3, 33):  # neither is the fifth that moves the bars
        polls.answer_all(poll_id, polls.people(forum, more))
        phone = at_phone(forum, new_client)
        phone.get(path)
        phone.get(path)
        page = phone.post(path, _prefixed(poll_id, {"choices": "1"}), follow=False)
        counts.append(len(page.statements))
        assert page.statements <= 12, page.statements
    assert counts[0] == counts[1], counts


def test_words_are_read_before_they_stand_on_the_wall(
    forum: Forum, moderator: InspectingClient, client: InspectingClient
) -> None:
    poll_id = polls.poll(forum, PollMethod.WORDS, question="Ein Wort?")
    for number, person in enumerate(polls.people(forum, 6)):
        answer(person, poll_id, words=f"<script>alert({number})</script> Mut {number}")
    assert not client.get(f"/beamer/{forum.slug}").has_text("Mut")
    page = moderator.get(f"/foren/{forum.slug}/umfragen/{poll_id}/worte")
    assert page.statements <= 8, page.statements
    page = moderator.submit(page.form(button="Alle 6 zeigen"), "Alle 6 zeigen")
    assert page.has_text("6 Antworten werden gezeigt.")
    wall = client.get(f"/beamer/{forum.slug}")
    assert wall.has_text("<script>alert(3)</script> Mut 3")
    page = moderator.submit(page.form(button="Ausblenden"), "Mut 3")
    assert not client.get(f"/beamer/{forum.slug}").has_text("Mut 3")
    polling.stop(moderator.account.actor, poll_id)  # type: ignore[union-attr]
    assert client.get(f"/foren/{forum.slug}/umfragen").has_text("Mut 2")


def test_questions_are_refused_with_what_was_typed_and_changed_until_they_are_asked(
    forum: Forum, moderator: InspectingClient
) -> None:
    path = f"/foren/{forum.slug}/umfragen/vorbereiten"
    page = moderator.get(path)
    page = moderator.submit(
        page.form(field="question"), question="Was?", method="single", options="Nur eine", status=422
    )
    assert page.errors == ["Bitte nennen Sie mindestens 2 Möglichkeiten."]
    form = page.form(field="question")
    assert form.fields["options"] == ["Nur eine"]
    moderator.post(path, {"question": "x", "method": "gibt es nicht", "recurring_id": "0"}, status=422)
    moderator.post(path, {"recurring_id": "4711", "method": "single"}, status=422)
    hostile = {"question": "\ufdd0", "points": "\x00", "shows_results": "\x1b", "seen_version": "9" * 99}
    moderator.post(path, hostile, status=422)
    poll_id = polls.poll(forum, runs=False, question="Was?")
    edit = f"/foren/{forum.slug}/umfragen/{poll_id}/bearbeiten"
    page = moderator.get(edit)
    stale = page.form(field="question").data(None, {"question": "Zuerst?"})
    moderator.submit(page.form(field="question"), question="Was genau?")
    assert polls.again(poll_id).question == "Was genau?"
    page = moderator.post(edit, stale, status=409)
    assert page.form(field="question").fields["question"] == ["Zuerst?"]
    moderator.post(f"/foren/{forum.slug}/umfragen/{poll_id}/tat", {"tat": "x"}, status=422)
    moderator.submit(moderator.get(path).form(button="Entfernen"), "Entfernen")
    moderator.get(edit, status=404)
    twice = {"recurring_id": "0", "question": "Doppelt?", "method": "single", "options": "a\nb"}
    for _tap in range(2):
        page = moderator.post(path, twice)
    assert page.main_text.count("Ändern: Doppelt?") == 1


def test_the_same_question_at_two_forums_is_a_trend_and_a_table(
    forum: Forum, moderator: InspectingClient, client: InspectingClient
) -> None:
    who = moderator.account.actor  # type: ignore[union-attr]
    first = polls.poll(forum, PollMethod.SCALE, is_recurring=True)
    recurring_id = polls.again(first).recurring_id
    polls.answer_all(first, polls.people(forum, 5), choice=1)
    polling.stop(who, first)
    other = halls.begin(halls.forum("=Zukunftsforum Chemnitz"))
    page = moderator.get(f"/foren/{other.slug}/umfragen/vorbereiten")
    moderator.submit(page.form(field="question"), recurring_id=recurring_id)
    control = f"/foren/{other.slug}/beamer"
    moderator.submit(moderator.get(control).form(button="Starten"), "Starten")
    second = _running(moderator.get(control))
    polls.answer_all(second, polls.people(other, 10), choice=0)
    page = client.get(f"/umfragen/{recurring_id}")
    assert not page.has_text("Chemnitz")  # still running
    polling.stop(who, second)
    page = client.get(f"/umfragen/{recurring_id}")
    assert page.statements <= 8, page.statements
    assert page.has_text("an jedem Forum von anderen Menschen beantwortet")
    assert page.has_text("5 Antworten · Mittelwert 4")
    assert page.has_text("10 Antworten · Mittelwert 5")
    assert client.get("/umfragen").has_text("an 2 Foren gefragt")
    csv = client.get(f"/umfragen/{recurring_id}.csv").body
    assert "'=Zukunftsforum Chemnitz" in csv
    assert "stimme eher zu;5;100;5;5" in csv
    assert client.get(f"/foren/{forum.slug}/umfragen.xlsx").status == 200
    client.get("/umfragen/4711", status=404)


def _running(page: Page) -> int:
    button = next(one for one in page.elements("button") if one.get("value") == "beenden")
    return int((button.get("formaction") or "").split("/")[-2])


def test_online_after_the_forum_each_once_and_shown_apart(
    forum: Forum, moderator: InspectingClient, new_client: Any, client: InspectingClient
) -> None:
    poll_id = polls.poll(forum)
    polls.answer_all(poll_id, polls.people(forum, 7))
    polling.stop(moderator.account.actor, poll_id)  # type: ignore[union-attr]
    path = f"/foren/{forum.slug}/umfragen/{poll_id}/online"
    page = moderator.get(path)
    page = moderator.submit(page.form(field="until"), until="", status=422)
    until = (utcnow() + timedelta(days=7)).astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")
    page = moderator.submit(page.form(field="until"), until=until)
    assert polls.again(poll_id).state is PollState.FOLLOW_UP
    phone = at_phone(forum, new_client)
    page = phone.get(f"/foren/{forum.slug}/mitmachen")
    assert page.has_text("Umfrage aus dem Forum, online bis")
    page = phone.submit(page.form(button="Antwort senden"), "Antwort senden", **{_name(page, "choices"): 1})
    assert page.has_text("Ihre Antwort ist gezählt")
    polls.answer_all(poll_id, polls.people(forum, 5), choice=2)
    result = client.get(f"/foren/{forum.slug}/umfragen")
    assert not result.has_text("6 Antworten")
    page = moderator.get(f"/foren/{forum.slug}/umfragen/vorbereiten")
    moderator.submit(page.form(button="Online beenden"), "Online beenden")
    result = client.get(f"/foren/{forum.slug}/umfragen")
    assert result.has_text("Online danach")
    assert result.has_text("6 Antworten")
    assert result.has_text("5 Antworten Gezeigt sind 5 von 7 Antworten")
    assert client.get(f"/beamer/{forum.slug}").has_text("Gezeigt sind 5 von 7 Antworten")


def test_readers_see_results_but_no_way_in(forum: Forum, client: InspectingClient, sign_in: Any) -> None:
    poll_id = polls.poll(forum)
    assert client.get(f"/foren/{forum.slug}/umfragen").has_text("wenn die Umfrage beendet ist")
    for path in (f"/foren/{forum.slug}/umfrage", f"/foren/{forum.slug}/umfragen/{poll_id}/antwort"):
        assert client.get(path, follow=False).status in {303, 403}
    client.get("/foren/gibt-es-nicht/umfragen", status=404)
    sign_in(Role.ADMINISTRATOR).get(f"/foren/{forum.slug}/umfrage", status=403)
