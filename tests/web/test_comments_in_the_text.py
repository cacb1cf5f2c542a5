# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Comments where they stand: marks beside paragraphs, the panel of a paragraph, words that were chosen."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask

from charta.comments.models import CommentAnchor
from charta.comments.rules import Place, PlaceState
from charta.comments.service import moderating
from charta.db import session
from tests import proposing
from tests.databases import Statements
from tests.inspecting import InspectingClient, Page
from tests.proposing import BODY, World, rewrite
from tests.talking import said


@pytest.fixture
def world(app: Flask) -> World:
    return proposing.world()


def on_words(world: World, words: str, body: str = "Zu den Worten.") -> int:
    at = BODY.index(words)
    return said(
        world.stranger, body, section_id=world.section, place=Place.RANGE, start=at, end=at + len(words)
    )


def page_of(world: World, **query: object) -> str:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return f"/abschnitte/{world.section}?{asked}"


def marks(page: Page) -> list[str]:
    """Return the words of the marks beside paragraphs."""
    return [page.words(mark) for mark in page.elements("p", class_="ch-marks")]


def panel(page: Page) -> str:
    """Return the words of the panel of the open paragraph."""
    (found,) = page.elements("aside", class_="ch-panel")
    return page.words(found)


def highlighted(page: Page) -> list[str]:
    """Return the words that are marked in the text."""
    return [(mark.text or "").strip() for mark in page.elements("mark", class_="ch-hl")]


def anchor(comment_id: int) -> CommentAnchor:
    session.rollback()
    found = session.get(CommentAnchor, comment_id, populate_existing=True)
    assert found is not None
    return found


def test_a_paragraph_says_how_many_comments_it_has(world: World, client: InspectingClient) -> None:
    first = said(world.author, section_id=world.section, place=Place.PARAGRAPH, paragraph=1)
    said(world.author, "Eine Antwort", thread_id=first)
    hidden = said(world.author, "Unfug", section_id=world.section, place=Place.PARAGRAPH, paragraph=0)
    moderating.hide(world.moderator.actor, hidden, reason="Unfug")
    client.sign_in(world.author)
    page = client.get(f"/abschnitte/{world.section}")
    assert marks(page) == ["2 Kommentare Randnummer 2"]


def test_the_panel_of_a_paragraph_shows_its_comments_and_takes_one(
    world: World, client: InspectingClient
) -> None:
    said(world.stranger, "Zum zweiten.", section_id=world.section, place=Place.PARAGRAPH, paragraph=1)
    said(world.stranger, "Zum dritten.", section_id=world.section, place=Place.PARAGRAPH, paragraph=2)
    client.sign_in(world.author)
    page = client.get(page_of(world, rn=2))
    assert "Zum zweiten." in panel(page)
    assert "Zum dritten." not in panel(page)
    page = client.submit(page.form(field="body"), "Kommentieren", body="Von mir auch.")
    assert page.path == f"/abschnitte/{world.section}"
    assert "Von mir auch." in panel(page)


def test_chosen_words_are_shown_marked_and_commented_on(world: World, client: InspectingClient) -> None:
    client.sign_in(world.author)
    # „2030 gilt der Plan“ without „Bis“: letters and digits 3 to 18 of the paragraph.
    page = client.get(page_of(world, rn=2, von=3, bis=18))
    assert "Zu diesen Worten kommentieren 2030 gilt der Plan" in panel(page)
    assert highlighted(page) == ["2030 gilt der Plan"]
    page = client.submit(page.form(field="body"), "Kommentieren", body="Warum so spät?")
    assert highlighted(page) == ["2030 gilt der Plan"]
    assert "Warum so spät?" in panel(page)


def test_a_choice_that_begins_inside_a_word_means_the_whole_word(
    world: World, client: InspectingClient
) -> None:
    client.sign_in(world.author)
    page = client.get(page_of(world, rn=2, von=5, bis=16))  # „30 gilt der Pl“
    assert highlighted(page) == ["2030 gilt der Plan"]


@pytest.mark.parametrize("query", [{"von": 9, "bis": 3}, {"von": 0, "bis": 9999}, {"von": "x", "bis": "²"}])
def test_words_that_are_not_there_are_nobodys_choice(
    world: World, client: InspectingClient, query: dict[str, object]
) -> None:
    client.sign_in(world.author)
    page = client.get(page_of(world, rn=2, **query))
    assert panel(page)
    assert not highlighted(page)


def test_a_comment_whose_words_changed_says_so_and_leads_to_the_comparison(
    world: World, client: InspectingClient
) -> None:
    comment = on_words(world, "Bis 2030 gilt der Plan für alle Betriebe.")
    rewrite(world.section, "Bis 2030", "Bis 2035")
    assert anchor(comment).state is PlaceState.CHANGED
    client.sign_in(world.author)
    page = client.get(page_of(world, rn=2))
    assert "haben sich geändert. Sie lauteten: Bis 2030 gilt der Plan" in panel(page)
    assert f"/kommentare/{comment}/wortlaut" in page.links.values()
    page = client.get(f"/kommentare/{comment}/wortlaut")
    assert page.url.endswith(f"/abschnitte/{world.section}/vergleich?von=1&bis=2")


def test_a_comment_without_its_words_is_listed(world: World, client: InspectingClient) -> None:
    paragraph = "Junge Menschen bleiben gern, wenn die Wege kurz sind."
    on_words(world, paragraph, "Das war gut.")
    rewrite(world.section, f"\n\n{paragraph}", "")
    client.sign_in(world.author)
    assert not marks(client.get(f"/abschnitte/{world.section}"))
    page = client.get(f"/abschnitte/{world.section}/diskussion")
    assert "Das war gut." in page.text
    assert "stehen nicht mehr im Text" in page.text


def test_a_text_with_many_comments_costs_no_more_statements(
    world: World, client: InspectingClient, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    client.sign_in(world.author)
    client.get(f"/abschnitte/{world.section}")
    for _ in range(8):
        on_words(world, "alle Betriebe")
    with statements() as closed:
        client.get(f"/abschnitte/{world.section}")
    assert closed <= 8
    with statements() as opened:
        client.get(page_of(world, rn=2))
    assert opened <= 8, opened


def test_comments_on_proposed_words_stand_in_the_comparison(world: World, client: InspectingClient) -> None:
    number = proposing.submitted(world.author, world.section, "gilt der Plan", "gilt der neue Plan")
    said(world.stranger, "Welcher?", proposal_id=number, version=1, place=Place.PARAGRAPH, paragraph=1)
    # Another text meanwhile: the comparison shows the proposal in it, the mark goes along.
    rewrite(world.section, "Die Partner fördern", "Neues vorweg.\n\nDie Partner fördern")
    client.sign_in(world.author)
    for view in ("", "?ansicht=gegen"):
        assert marks(client.get(f"/vorschlaege/{number}{view}")) == ["1 Kommentar (Absatz 2)"]
    page = client.get(f"/vorschlaege/{number}?absatz=2&von=3&bis=22")
    assert page.has_text("Zu diesen Worten kommentieren 2030 gilt der neue Plan")
    page = client.submit(page.form(field="body"), "Kommentieren", body="Auch ich frage.")
    assert page.has_text("Welcher?")
    assert page.has_text("Auch ich frage.")
    found = anchor(2)
    assert (found.anchor["quote"], found.version) == ("2030 gilt der neue Plan", 1)
