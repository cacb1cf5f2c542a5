# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whatever is done to a text, step by step: a comment stands on its words, or says that they changed."""

import random
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from charta.comments.models import CommentAnchor
from charta.comments.rules import Place, PlaceState
from charta.db import session
from tests import factories, proposing
from tests.proposing import head, rewrite
from tests.talking import said

THINGS = ("Werkstatt", "Ausbildung", "Kinderbetreuung", "Energie", "Fläche", "Beratung", "Hochschule", "Bahn")
WORDS = ("ist wichtig", "kostet Zeit", "braucht Geld", "hilft Betrieben", "fehlt noch", "wird geprüft")


def sentences() -> list[str]:
    """Return sentences that are much alike, as those of strategies are, and no two the same."""
    return [f"Die {thing} in der Region {words}." for thing in THINGS for words in WORDS[:3]]


def edits(luck: random.Random) -> Callable[[list[list[str]]], None]:
    """Return one change of a text given as paragraphs of sentences."""

    def change(text: list[list[str]]) -> None:
        paragraph = luck.choice(text)
        at = luck.randrange(len(paragraph))
        match luck.choice(("insert", "word", "move", "remove", "paragraph", "merge")):
            case "insert":
                paragraph.insert(at, f"Neu seit Schritt {luck.randrange(9999)} ist dieser Satz.")
            case "word":
                first, _, rest = paragraph[at].partition(" in ")
                paragraph[at] = f"{first}, so die Partner, in {rest}" if rest else paragraph[at]
            case "move":
                luck.choice(text).insert(0, paragraph.pop(at))
            case "remove" if len(paragraph) > 1:
                paragraph.pop(at)
            case "paragraph":
                text.insert(luck.randrange(len(text)), [f"Ein Absatz Nummer {luck.randrange(9999)} davor."])
            case "merge" if len(text) > 3:
                text[-2].extend(text.pop())
        text[:] = [part for part in text if part]

    return change


def written(text: list[list[str]]) -> str:
    return "\n\n".join(" ".join(part) for part in text) + "\n"


@pytest.mark.parametrize("seed", range(2))
def test_after_every_change_each_comment_stands_on_its_words_or_says_so(app: Flask, seed: int) -> None:
    luck = random.Random(seed)
    said_to = sentences()
    luck.shuffle(said_to)
    text = [said_to[at : at + 4] for at in range(0, len(said_to), 4)]
    section = proposing.section(body=written(text))
    author, change = factories.partner(), edits(luck)
    body = head(section).body
    quotes = {}
    for sentence in said_to[::2]:
        start = body.index(sentence)
        comment = said(author, section_id=section, place=Place.RANGE, start=start, end=start + len(sentence))
        quotes[comment] = sentence
    for _ in range(14):
        change(text)
        if written(text) == head(section).body:
            continue
        rewrite(section, head(section).body, written(text))
        body = head(section).body
        session.rollback()
        places = {one.comment_id: one for one in session.scalars(select(CommentAnchor))}
        assert places.keys() == quotes.keys(), "nothing is lost"
        for comment, quote in quotes.items():
            place = places[comment]
            there = None if place.start_at is None else body[place.start_at : place.end_at]
            assert place.anchor["quote"] == quote
            if quote in body:
                assert (place.state, there) == (PlaceState.IN_PLACE, quote)
            else:
                assert place.state is not PlaceState.IN_PLACE
                assert (there is None) is (place.state is PlaceState.ORPHAN)
