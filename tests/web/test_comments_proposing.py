# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""A comment becomes a proposal, as people without scripts do it; the pages say what answers what."""

from collections.abc import Callable

import pytest
from flask import Flask

from charta.comments.rules import Place
from charta.comments.service import moderating, proposing
from charta.proposals import service as proposals
from charta.sections.rules import SectionKind
from tests import contributing, factories
from tests import proposing as texts
from tests.factories import Account
from tests.inspecting import InspectingClient
from tests.proposing import World, head, seen, submitted
from tests.talking import said

AsPerson = Callable[[Account], InspectingClient]


@pytest.fixture
def world(app: Flask) -> World:
    return texts.world()


@pytest.fixture
def as_(new_client: Callable[[], InspectingClient]) -> AsPerson:
    return lambda account: new_client().sign_in(account)


def on_paragraph(world: World, paragraph: int = 1, words: str = "Was heißt geprüft?") -> int:
    return said(world.stranger, words, section_id=world.section, place=Place.PARAGRAPH, paragraph=paragraph)


def test_from_a_comment_to_a_decision_that_stands_beside_it(world: World, as_: AsPerson) -> None:
    comment = on_paragraph(world)
    client = as_(world.author)
    client.get(f"/abschnitte/{world.section}/diskussion")
    page = client.click(next(link for link in client.page.links if link.startswith("Vorschlag daraus")))
    assert page.path == f"/kommentare/{comment}/vorschlag"
    assert page.has_text("Was heißt geprüft?")
    page = client.submit(page.form(field="wahl"), "Entwurf beginnen")
    assert page.has_text("Absatz 2 ändern")  # only the paragraph that the comment is about
    assert "Was heißt geprüft?" in page.by_id("reason").text
    assert page.has_text("Antwortet auf Kommentare")
    form = page.form(field="summary")
    page = client.submit(
        form,
        "Einreichen",
        body="Bis 2030 gilt der Plan für alle Betriebe. Danach wird er vom Beirat geprüft.",
        summary="Wer prüft",
    )
    number = int(page.path.rpartition("/")[2])
    assert page.has_text("Antwortet auf Kommentare")
    assert page.has_text("Zu „Bis 2030 gilt der Plan")
    reader = as_(world.stranger)
    page = reader.get(f"/kommentare/{comment}")
    assert page.has_text("noch nicht entschieden")
    proposals.approve(world.moderator.actor, number, **seen(number))
    for path in (f"/kommentare/{comment}", f"/abschnitte/{world.section}/diskussion"):
        page = reader.get(path)
        assert page.has_text("übernommen")
        assert {f"Vorschlag {number}", "Textstand 2"} <= set(page.links)
    page = reader.get(f"/abschnitte/{world.section}?rn=2")
    assert page.has_text("übernommen")


def test_a_comment_on_the_whole_section_opens_the_whole_text(world: World, as_: AsPerson) -> None:
    comment = said(world.stranger, section_id=world.section)
    client = as_(world.author)
    page = client.get(f"/kommentare/{comment}/vorschlag")
    page = client.submit(page.form(field="wahl"), "Entwurf beginnen")
    assert page.has_text("Text ändern")


def test_an_own_draft_or_proposal_answers_it_instead(world: World, as_: AsPerson) -> None:
    first, second = on_paragraph(world), on_paragraph(world, 0)
    handed_in = submitted(world.author, world.section)
    client = as_(world.author)
    page = client.get(f"/kommentare/{first}/vorschlag")
    page = client.submit(page.form(button="Weiter"), "Weiter", wahl=str(handed_in))
    assert page.path == f"/vorschlaege/{handed_in}"
    assert page.has_text("Was heißt geprüft?")
    page = client.get(f"/kommentare/{second}/vorschlag")
    page = client.submit(page.form(button="Weiter"), "Weiter", wahl="neu")
    draft = int(page.path.split("/")[2])
    assert draft != handed_in
    page = client.get(f"/kommentare/{first}/vorschlag")
    assert page.has_text(f"Ihr Entwurf {draft} soll darauf antworten")
    assert page.has_text("Es gibt schon einen Vorschlag dazu.")
    page = client.submit(page.form(button="Weiter"), "Weiter", wahl=str(draft))
    assert page.path == f"/vorschlaege/{draft}/bearbeiten"
    assert client.submit(
        client.get(f"/kommentare/{first}/vorschlag").form(field="wahl"), "Weiter", wahl="4711", status=422
    )


def test_what_answers_it_already_is_not_offered_again(world: World, as_: AsPerson) -> None:
    comment = on_paragraph(world)
    number = submitted(world.author, world.section)
    proposing.take_up(world.author.actor, number, comment)
    client = as_(world.author)
    page = client.get(f"/kommentare/{comment}/vorschlag")
    assert not page.elements("input", type="radio")
    draft = proposing.make(world.author.actor, comment).number
    page = client.get(f"/kommentare/{comment}/vorschlag")
    assert page.has_text(f"An Ihrem Entwurf {draft} weiterschreiben")
    page = client.submit(page.form(field="wahl"), "Weiter")
    assert page.path == f"/vorschlaege/{draft}/bearbeiten"


def test_a_comment_on_a_measure_becomes_a_proposal_about_its_words(world: World, as_: AsPerson) -> None:
    measure = texts.section("Lotsen", field_id=factories.field_of_action(), kind=SectionKind.MEASURE)
    comment = said(world.stranger, "Wie viele?", section_id=measure)
    client = as_(world.author)
    page = client.get(f"/kommentare/{comment}/vorschlag")
    page = client.submit(page.form(field="wahl"), "Entwurf beginnen")
    assert page.has_text("Aus einem Kommentar: „Wie viele?“")


def test_the_author_connects_and_parts_comments_until_the_decision(world: World, as_: AsPerson) -> None:
    first = on_paragraph(world)
    on_paragraph(world, 0, "Wer hilft?")
    number = submitted(world.author, world.section)
    client = as_(world.author)
    client.get(f"/vorschlaege/{number}")
    page = client.click("Kommentare verbinden oder lösen")
    form = page.form(field="weiter")
    page = client.submit(form, "Verbinden „Was heißt geprüft?“")
    page = client.submit(page.form(field="weiter"), "Verbinden „Wer hilft?“")
    assert page.has_text("Es gibt keine weiteren.")
    page = client.submit(page.form(field="weiter"), "Lösen „Was heißt geprüft?“")
    page = client.get(f"/vorschlaege/{number}")
    assert page.has_text("Wer hilft?")
    assert not page.has_text("Was heißt geprüft?")
    moderating.hide(world.moderator.actor, first, reason="Nein.")
    client.submit(form, "Verbinden „Was heißt geprüft?“", status=422)
    as_(world.stranger).get(f"/vorschlaege/{number}/kommentare", status=403)
    proposals.reject(world.moderator.actor, number, **seen(number), reason="Nein.")
    page = client.get(f"/vorschlaege/{number}/kommentare")
    assert page.path == f"/vorschlaege/{number}"
    assert "Kommentare verbinden oder lösen" not in page.links


def test_who_may_not_read_the_draft_sees_no_comments_on_it(
    world: World, as_: AsPerson, client: InspectingClient
) -> None:
    factories.settings(proposals_public="submitted", draft_is_public=False)
    number = submitted(world.author, world.section)
    proposing.take_up(world.author.actor, number, on_paragraph(world))
    assert not client.get(f"/vorschlaege/{number}").has_text("Was heißt geprüft?")
    assert as_(world.attendee).get(f"/vorschlaege/{number}").has_text("Was heißt geprüft?")


def test_nothing_is_offered_where_no_proposal_can_come_of_it(world: World, as_: AsPerson) -> None:
    number = submitted(world.author, world.section)
    on_proposal = said(world.stranger, "Gut.", proposal_id=number)
    comment = on_paragraph(world)
    client = as_(world.author)
    assert "Vorschlag daraus machen" not in client.get(f"/vorschlaege/{number}").text
    client.get(f"/kommentare/{on_proposal}/vorschlag", status=404)
    client.get("/kommentare/4711/vorschlag", status=404)
    moderating.hide(world.moderator.actor, comment, reason="Nein.")
    client.get(f"/kommentare/{comment}/vorschlag", status=404)
    assert head(world.section).number == 1


def test_the_story_of_a_passage_begins_with_the_comment_that_led_to_it(world: World, as_: AsPerson) -> None:
    comments = [on_paragraph(world, words=f"Frage {n}: Wer prüft?") for n in range(5)]
    number = submitted(world.author, world.section, "wird er geprüft", "wird er streng geprüft")
    for comment in comments:
        proposing.take_up(world.author.actor, number, comment)
    proposals.approve(world.moderator.actor, number, **seen(number))
    client = as_(world.stranger)
    page = client.get(f"/abschnitte/{world.section}/herkunft?rn=2")
    assert page.has_text("Frage 0: Wer prüft?")
    assert page.has_text("und 2 weitere Kommentare")
    page = client.get(f"/abschnitte/{world.section}/entstehung")
    page = client.click(f"antwortet auf 5 Kommentare, Vorschlag {number}")
    assert page.path == f"/vorschlaege/{number}"


def test_the_timeline_of_a_contribution_counts_its_comments(world: World, as_: AsPerson) -> None:
    (contribution,) = contributing.accepted()
    path = f"/b/{contributing.again(contribution).code}"
    client = as_(world.author)
    assert "1 Kommentar" not in client.get(path).text
    first = said(world.stranger, "Das brauchen wir **auch**.", contribution_id=contribution)
    assert client.get(path).has_text("1 Kommentar")
    hidden = said(world.stranger, "Ausgeblendet.", thread_id=first)
    said(world.attendee, "Genau so.", thread_id=first)
    moderating.hide(world.moderator.actor, hidden, reason="Nein.")
    page = client.get(path)
    assert page.has_text("2 Kommentare")
    assert page.links["Genau so."] == "#kommentare"
