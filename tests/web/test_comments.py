# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Comments on their pages, as people without scripts use them."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from charta.accounts.models import Person
from charta.accounts.rules import PublicName
from charta.comments import texts
from charta.comments.models import Comment
from charta.comments.service import moderating
from charta.contributions.rules import Words
from charta.contributions.service import screening
from charta.db import transaction
from charta.permissions import Role
from charta.sections.models import Section
from tests import contributing, factories, proposing
from tests.databases import Statements
from tests.factories import Account
from tests.inspecting import InspectingClient
from tests.talking import said, stored

AsPerson = Callable[[Account], InspectingClient]


@pytest.fixture
def section(app: Flask) -> int:
    return proposing.section()


@pytest.fixture
def as_(new_client: Callable[[], InspectingClient]) -> AsPerson:
    return lambda account: new_client().sign_in(account)


def test_a_partner_comments_and_another_one_answers(section: int, as_: AsPerson) -> None:
    petra, olaf = factories.partner(name="Petra Partner"), factories.partner(name="Olaf Ordnung")
    client = as_(petra)
    client.get(f"/abschnitte/{section}")
    page = client.click("Diskussion")
    assert "Text" in page.links
    page = client.submit(
        page.form(field="body"), "Kommentieren", body="Was heißt **früh**? <script>alert(1)</script>"
    )
    assert page.path == f"/abschnitte/{section}/diskussion"
    assert page.has_text("Petra Partner")
    assert page.has_text("Was heißt früh? <script>alert(1)</script>")
    client = as_(olaf)
    page = client.get("/kommentare/1")
    page = client.submit(page.form(field="body"), "Antworten", body="Innerhalb einer Woche.")
    assert page.path == "/kommentare/1"
    assert page.has_text("Innerhalb einer Woche.")
    page = client.get("/kommentare/2")
    assert page.path == "/kommentare/1"


def test_refused_words_come_back(section: int, as_: AsPerson) -> None:
    client = as_(factories.partner())
    page = client.get(f"/abschnitte/{section}/diskussion")
    long = "Zu lang. " * 600
    page = client.submit(page.form(field="body"), "Kommentieren", body=long, status=422)
    assert page.by_id("body").text.strip() == long.strip()
    page = client.submit(page.form(field="body"), "Kommentieren", body="Kurz genug.")
    assert page.path == f"/abschnitte/{section}/diskussion"
    assert page.has_text("Kurz genug.")


def test_a_comment_that_was_hidden_meanwhile_is_not_answered(section: int, as_: AsPerson) -> None:
    who = factories.partner()
    comment = said(who, section_id=section)
    client = as_(factories.partner())
    form = client.get(f"/kommentare/{comment}").form(field="body")
    moderating.hide(factories.moderator().actor, comment, reason="Beleidigend.")
    page = client.submit(form, "Antworten", body="Meine Antwort.", status=422)
    assert page.has_text("Darauf kann niemand mehr antworten.")
    assert page.by_id("body").text.strip() == "Meine Antwort."
    assert as_(who).get(f"/kommentare/{comment}").has_text("Begründung: Beleidigend.")
    page = client.get(f"/kommentare/{comment}")
    assert page.has_text("Die Moderation hat diesen Kommentar ausgeblendet.")
    assert not page.has_text("Das sehe ich anders.")


def test_a_comment_on_words_that_are_not_there_can_be_sent_to_the_whole(section: int, as_: AsPerson) -> None:
    client = as_(factories.partner())
    form = client.get(f"/abschnitte/{section}?rn=1&von=0&bis=6").form(field="body")
    page = client.submit(form, von="5", bis="999999", body="Das bleibt stehen.", status=422)
    assert page.has_text("steht so nicht in diesem Text")
    page = client.submit(page.form(field="body"), "Kommentieren")
    assert page.has_text("Das bleibt stehen.")


def test_the_own_comment_is_changed_and_deleted(
    section: int, as_: AsPerson, frozen: time_machine.Traveller
) -> None:
    who = factories.partner()
    comment = said(who, "Ein Tipfehler.", section_id=section)
    client = as_(who)
    page = client.get(f"/abschnitte/{section}/diskussion")
    page = client.click("Bearbeiten oder löschen")
    page = client.submit(page.form(field="body"), "Speichern", body="Ein Tippfehler.")
    assert page.path == f"/abschnitte/{section}/diskussion"
    assert page.has_text("bearbeitet")
    frozen.shift(timedelta(minutes=16))
    page = client.get(f"/kommentare/{comment}/bearbeiten")
    assert page.has_text("fünfzehn Minuten")
    page = client.submit(page.form(button="Kommentar löschen"), "Kommentar löschen")
    assert not page.has_text("Tippfehler")
    as_(factories.partner()).get(f"/kommentare/{comment}/bearbeiten", status=404)


def test_a_thread_is_settled_and_opened_again(section: int, as_: AsPerson) -> None:
    comment = said(factories.partner(), section_id=section)
    client = as_(factories.partner())
    page = client.get(f"/abschnitte/{section}/diskussion")
    page = client.submit(page.form(button="Als erledigt markieren"), "Als erledigt markieren")
    assert page.has_text("erledigt")
    assert stored(comment).resolved_at is not None
    page = client.submit(page.form(button="Wieder öffnen"), "Wieder öffnen")
    assert stored(comment).resolved_at is None


def test_a_reported_comment_is_settled_or_hidden_by_the_moderation(section: int, as_: AsPerson) -> None:
    comments = [said(factories.partner(), f"Nummer {number}", section_id=section) for number in range(3)]
    reader = as_(factories.partner())
    for comment in comments:
        page = reader.get(f"/kommentare/{comment}/melden")
        reader.submit(page.form(field="reason"), "Melden", reason=f"Grund {comment}")
    assert reader.get(f"/kommentare/{comments[0]}/melden").has_text("schon gemeldet")
    client = as_(factories.moderator())
    page = client.get("/moderation/kommentare")
    assert page.has_text("Grund 1")
    form = page.form(field="kommentar")
    page = client.submit(form, "In Ordnung, bleibt stehen", kommentar=[comments[0]])
    page = client.submit(page.form(field="kommentar"), "Ausblenden", kommentar=comments[1:], status=422)
    page = client.submit(
        page.form(field="kommentar"), "Ausblenden", kommentar=comments[1:], reason="Werbung."
    )
    assert page.has_text("Kein Kommentar ist gemeldet")
    page = client.get("/moderation/kommentare?zeige=ausgeblendet")
    assert page.has_text("Nummer 2")
    page = client.get(f"/kommentare/{comments[1]}/ausblenden")
    client.submit(page.form(button="Wieder zeigen"), "Wieder zeigen")
    assert stored(comments[1]).hidden_at is None
    assert client.get("/moderation/kommentare?zeige=alle").has_text("Nummer 0")
    page = client.get("/moderation/kommentare")
    reader.get("/moderation/kommentare", status=403)


def test_one_reported_comment_is_left_standing_by_its_own_button(section: int, as_: AsPerson) -> None:
    first, second = (said(factories.partner(), f"Nummer {n}", section_id=section) for n in range(2))
    for comment in (first, second):
        moderating.report(factories.partner().actor, comment, reason="Ton")
    client = as_(factories.moderator())
    page = client.get("/moderation/kommentare")
    page = client.post(page.url, {"bleibt": str(first), "kommentar": [str(second)]})
    assert page.has_text("Eine Meldung ist geklärt")
    assert page.has_text("Nummer 1")
    assert not page.has_text("Nummer 0")


def test_a_comment_that_can_no_longer_be_changed_offers_only_to_be_deleted(
    section: int, as_: AsPerson, frozen: time_machine.Traveller
) -> None:
    who = factories.partner()
    said(who, "Von mir.", section_id=section)
    page = as_(who).get(f"/abschnitte/{section}/diskussion")
    assert any(words.startswith("Bearbeiten oder löschen") for words in page.links)
    frozen.shift(timedelta(minutes=16))
    page = as_(who).get(f"/abschnitte/{section}/diskussion")
    assert not any(words.startswith("Bearbeiten") for words in page.links)
    assert any(words.startswith("Löschen") for words in page.links)


def test_nobody_answers_below_a_section_that_was_taken_out(section: int, as_: AsPerson) -> None:
    comment = said(factories.partner(), section_id=section)
    with transaction() as tx:
        tx.session.get_one(Section, section).is_deleted = True
    page = as_(factories.partner()).get(f"/kommentare/{comment}")
    assert page.has_text("Hier kann nicht mehr kommentiert werden.")
    assert not page.elements("textarea")


def test_the_page_of_a_thread_is_named_after_what_it_is_about(section: int, as_: AsPerson) -> None:
    who = factories.person(Role.ATTENDEE)  # does not show a name
    factories.open_round()
    page = as_(factories.partner()).get(f"/kommentare/{said(who, section_id=section)}")
    assert page.h1 == "Kommentar zum Abschnitt"
    assert page.title.startswith("Kommentar zu „")


def test_readers_are_asked_to_sign_in(section: int, client: InspectingClient) -> None:
    factories.settings(draft_is_public=True)
    page = client.get(f"/abschnitte/{section}/diskussion")
    assert "Anmelden, um zu kommentieren" in page.links
    assert not page.elements("textarea")
    comment = said(factories.partner(), section_id=section)
    assert client.get(f"/kommentare/{comment}").has_text("Das sehe ich anders.")
    factories.settings(draft_is_public=False)
    assert client.get(f"/kommentare/{comment}").path == "/anmelden"
    client.get("/kommentare/4711", status=404)


def test_proposals_and_contributions_show_their_comments(section: int, as_: AsPerson) -> None:
    factories.open_round()
    number = proposing.submitted(factories.partner(), section)
    client = as_(factories.partner())
    page = client.get(f"/vorschlaege/{number}")
    page = client.submit(page.form(field="body"), "Kommentieren", body="Zur Fassung eins.")
    assert page.path == f"/vorschlaege/{number}"
    assert page.has_text("Zur Fassung eins.")
    (contribution,) = contributing.accepted()
    page = client.get(f"/b/{contributing.again(contribution).code}")
    page = client.submit(page.form(field="body"), "Kommentieren", body="Guter Beitrag.")
    assert page.has_text("Guter Beitrag.")
    assert as_(factories.moderator()).get("/moderation/kommentare?zeige=alle").has_text("Guter Beitrag.")


def test_names_can_be_looked_up(section: int, as_: AsPerson) -> None:
    factories.partner(name="Ida Groß")
    factories.attendee(name="Anna Anwesend")
    client = as_(factories.partner())
    page = client.get("/kommentare/erwaehnen?suche=ida")
    assert page.has_text("@Ida Groß")
    assert not client.get("/kommentare/erwaehnen?suche=anna").has_text("Anna Anwesend")
    assert client.get("/kommentare/erwaehnen?suche=gro&format=json").json[0]["name"] == "Ida Groß"


def test_who_takes_part_is_told_to_nobody_who_may_not_see_where(section: int, as_: AsPerson) -> None:
    factories.open_round(attendees_may_comment=True)
    factories.settings(attendees_see_proposals=True)
    theo, otto = factories.attendee(name="Theo Tischler"), factories.attendee(name="Otto Anders")
    with transaction() as tx:
        tx.session.get_one(Person, theo.id).public_name = PublicName.NAME
    number = proposing.submitted(factories.partner(), section)
    comment = said(theo, proposal_id=number)
    client, asked = as_(otto), f"/kommentare/erwaehnen?format=json&suche=Theo&faden={comment}"
    assert [one["name"] for one in client.open("GET", asked).json] == ["Theo Tischler"]
    factories.settings(attendees_see_proposals=False)
    assert client.open("GET", asked).json == []


def test_the_page_of_a_thread_keeps_back_what_a_contribution_said(
    section: int, as_: AsPerson, client: InspectingClient
) -> None:
    moderator, petra = factories.moderator(), factories.partner()
    [ident] = contributing.accepted(title="Böser Titel")
    comment = said(petra, contribution_id=ident)
    assert "Böser Titel" in client.get(f"/kommentare/{comment}").links
    screening.reopen(moderator.actor, ident, seen=contributing.version(ident))
    screening.decline(
        moderator.actor, ident, seen=contributing.version(ident), reason="Beleidigt.", words=Words.HIDDEN
    )
    code = contributing.again(ident).code
    for reader in (client, as_(petra)):
        page = reader.get(f"/kommentare/{comment}")
        assert "Böser Titel" not in page.text
        assert code in page.links
    assert "Böser Titel" in as_(moderator).get(f"/kommentare/{comment}").links


def test_older_comments_come_by_link(section: int, as_: AsPerson) -> None:
    who = factories.partner()
    _fill(section, who.id, [f"Nummer {number}" for number in range(120)])
    client = as_(who)
    page = client.get(f"/abschnitte/{section}/diskussion")
    assert page.has_text("Nummer 119")
    assert not page.has_text("Nummer 69")
    page = client.click("Ältere Kommentare")
    assert page.has_text("Nummer 69")
    page = client.click("Ältere Kommentare")
    assert page.has_text("Nummer 0")
    assert "Ältere Kommentare" not in page.links


HOSTILE = [
    "\u202e" * 4_900,
    "> " * 2_000 + "tief",
    "- " * 2_000 + "tief",
    "*_" * 2_400,
    "[a](https://example.org/" + "x" * 4_900 + ")",
    "### Überschrift[^1]\n\n[^1]: Fußnote\n",
    "a\u0301" * 2_400,
    "<script>alert(1)</script>" * 190,
    "|a" * 2_000 + "|\n" + "|-" * 400 + "|",
    "\n\n".join(f"[^{number}]" for number in range(900)),
    "\n\n".join("a" for _ in range(1_500)),
    "- a\n" * 1_200,
    "Ein langer Absatz wie dieser.\n\n" * 150,
]


def test_a_hundred_hostile_comments_cost_at_most_twice_a_hundred_ordinary_ones(
    app: Flask, as_: AsPerson
) -> None:
    who = factories.partner()
    ordinary, hostile = proposing.section("Ruhig"), proposing.section("Laut")
    said(who, HOSTILE[5], section_id=hostile)  # the service takes what the canonical form makes of it
    text = "Das ist ein gewöhnlicher Kommentar von zwei Sätzen. Er sagt, was jemand meint. "
    _fill(ordinary, who.id, [f"{text * 3}{number}" for number in range(100)])
    _fill(hostile, who.id, [HOSTILE[number % len(HOSTILE)] for number in range(100)])
    as_(who).get(f"/abschnitte/{hostile}/diskussion")  # inspected: no id twice, one h1
    quick = InspectingClient(app, inspects=False).sign_in(who)
    most = 2 * _size(quick, ordinary)
    assert _size(quick, hostile) <= most
    for number, body in enumerate(HOSTILE):  # and whichever of them is said a hundred times
        section_id = proposing.section(f"Laut {number}")
        _fill(section_id, who.id, [body] * 100)
        assert _size(quick, section_id) <= most, body[:20]
    assert _cpu(quick, hostile) <= 2 * _cpu(quick, ordinary) + 0.01


def _size(client: InspectingClient, section_id: int) -> int:
    """Return how many bytes the discussion of a section has."""
    return len(client.browser.get(f"/abschnitte/{section_id}/diskussion").data)


def _cpu(client: InspectingClient, section_id: int) -> float:
    """Return the processor time of the quickest of five requests, in seconds."""
    times = []
    for _ in range(5):
        start = time.process_time()
        client.get(f"/abschnitte/{section_id}/diskussion")
        times.append(time.process_time() - start)
    return min(times)


def _fill(section_id: int, author_id: int, bodies: list[str]) -> None:
    with transaction() as tx:
        tx.session.add_all(
            Comment(
                section_id=section_id,
                author_id=author_id,
                body=body,
                html_hash=texts.hash_of(body),
                last_at=tx.now,
                created_at=tx.now,
            )
            for body in bodies
        )


@pytest.mark.parametrize("role", [Role.ATTENDEE, Role.ADMINISTRATOR])
def test_the_page_says_why_somebody_cannot_write(section: int, as_: AsPerson, role: Role) -> None:
    page = as_(factories.person(role)).get(f"/abschnitte/{section}/diskussion")
    assert not page.elements("textarea")
    wanted = (
        "solange eine Beteiligungsrunde geöffnet ist"
        if role is Role.ATTENDEE
        else "Ihre Rolle erlaubt das nicht"
    )
    assert page.has_text(wanted)


def test_pages_with_comments_keep_their_budget(
    section: int, as_: AsPerson, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    factories.open_round()
    who = factories.partner()
    number = proposing.submitted(factories.partner(), section)
    (contribution,) = contributing.accepted()
    code = contributing.again(contribution).code
    for where in ({"section_id": section}, {"proposal_id": number}, {"contribution_id": contribution}):
        for _ in range(4):
            first = said(who, **where)
            said(who, "Eine Antwort.", thread_id=first)
    client = as_(factories.moderator())
    for url in (
        f"/abschnitte/{section}/diskussion",
        f"/vorschlaege/{number}",
        f"/b/{code}",
        "/kommentare/1",
        "/kommentare/1/bearbeiten",
        "/kommentare/1/melden",
        "/moderation/kommentare?zeige=alle",
    ):
        status = 404 if url.endswith("bearbeiten") else None
        client.get(url, status=status)
        texts._rendered._items.clear()
        with statements() as counted:
            client.get(url, status=status)
        assert counted <= 8, (url, counted)
