# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of proposals, as people without scripts use them."""

from collections.abc import Callable

import pytest
from flask import Flask

from charta.proposals import service
from tests import proposing
from tests.inspecting import InspectingClient
from tests.proposing import World


@pytest.fixture
def world(app: Flask) -> World:
    return proposing.world()


@pytest.fixture
def as_(new_client: Callable[[], InspectingClient]) -> Callable[..., InspectingClient]:
    return lambda account: new_client().sign_in(account)


def test_a_partner_changes_a_text_and_a_moderator_takes_it_over(world: World, as_) -> None:
    author = as_(world.author)
    page = author.get(f"/abschnitte/{world.section}/aendern")
    form = page.form(field="body")
    page = author.submit(
        form,
        "Einreichen",
        body=proposing.BODY.replace("gute Arbeit", "sehr gute Arbeit"),
        summary="Die Arbeit soll sehr gut sein",
        reason="Gut reicht nicht.",
    )
    assert page.path == "/vorschlaege/1"
    assert page.h1 == "Die Arbeit soll sehr gut sein"
    assert [page.words(mark) for mark in page.elements("ins")][:1] == ["eingefügt: sehr Ende."]

    moderator = as_(world.moderator)
    page = moderator.get("/vorschlaege/1")
    page = moderator.submit(page.form("entscheiden"), "entscheiden", decision="approve")
    assert page.has_text("Vorschlag 1 ist übernommen. Textstand 2 ist entstanden.")
    assert "sehr gute Arbeit" in proposing.head(world.section).body
