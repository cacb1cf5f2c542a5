# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""A merged revision: each passage keeps the origin that brought it, from either side of the merge."""

from flask import Flask
from sqlalchemy import select

from charta.db import session
from charta.proposals import service
from charta.sections.models import RevisionProvenance
from tests import factories, proposing


def _origins(section_id: int) -> list[tuple[str, int | None, list[int]]]:
    """Return (words, number of the proposal, sources) of each run of the present text."""
    head = proposing.head(section_id)
    stored = session.scalar(select(RevisionProvenance).where(RevisionProvenance.revision_id == head.id))
    assert stored is not None
    return [
        (
            head.body[start:end],
            stored.origins[name]["proposal_id"],
            stored.origins[name]["source_ids"],
        )
        for start, end, name in stored.runs
    ]


def _origin_of(section_id: int, words: str) -> tuple[int | None, list[int]]:
    text = ""
    for passage, proposal_id, sources in _origins(section_id):
        text += passage
        if words in text:
            return proposal_id, sources
    raise AssertionError(f"{words!r} is not in the text")


def test_each_of_two_merged_proposals_is_the_origin_of_its_own_words(app: Flask) -> None:
    world = proposing.world()
    forum, congress = factories.source("Forum"), factories.source("Kongress")
    first = proposing.submitted(
        world.author, world.section, "Sie helfen Betrieben früh.", "Lotsen helfen allen.", source_ids=[forum]
    )
    second = proposing.submitted(
        world.stranger,
        world.section,
        "Danach wird er geprüft.",
        "Danach prüft ihn ein Beirat.",
        source_ids=[congress],
    )
    service.approve(world.moderator.actor, first, **proposing.seen(first))
    service.approve(world.second.actor, second, **proposing.seen(second))  # its base is no longer the head
    assert "".join(passage for passage, _, _ in _origins(world.section)) == proposing.head(world.section).body
    assert _origin_of(world.section, "Lotsen") == (first, [forum])
    assert _origin_of(world.section, "Beirat") == (second, [congress])
    assert _origin_of(world.section, "Bis 2030 gilt der Plan") == (None, [])


def test_a_passage_that_comes_back_has_its_first_origin(app: Flask) -> None:
    world = proposing.world()
    gone = proposing.submitted(
        world.author, world.section, "\nJunge Menschen bleiben gern, wenn die Wege kurz sind.\n", ""
    )
    service.approve(world.moderator.actor, gone, **proposing.seen(gone))
    back = proposing.submitted(
        world.author,
        world.section,
        "Danach wird er geprüft.\n",
        "Danach wird er geprüft.\n\nJunge Menschen bleiben gern, wenn die Wege kurz sind.\n",
    )
    service.approve(world.moderator.actor, back, **proposing.seen(back))
    assert _origin_of(world.section, "Junge Menschen") == (None, [])
