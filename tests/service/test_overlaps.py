# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Settling overlaps: the author makes a new version, a moderator an adapted one; nothing is lost."""

import pytest
from flask import Flask
from sqlalchemy import select

from charta.db import session
from charta.errors import EditConflict, InvalidInput, NotPermitted, WrongState
from charta.proposals import queries, service
from charta.proposals.models import ProposalVersion
from charta.proposals.rules import MergeState, ProposalKind, State
from charta.proposals.views.overlapping import padded
from tests import proposing
from tests.proposing import World, head, rewrite, seen, stored, submitted


@pytest.fixture
def world(app: Flask) -> World:
    return proposing.world()


@pytest.fixture
def overlapping(world: World) -> int:
    number = submitted(world.author, world.section)
    rewrite(world.section, "gute Arbeit", "faire Arbeit")
    assert stored(number).merge_state is MergeState.CONFLICT
    return number


SENTENCE = "Die Partner fördern sehr faire Arbeit in der Region. "


def test_the_author_settles_it_with_a_new_version(world: World, overlapping: int) -> None:
    made = service.resolve_overlap(world.author.actor, overlapping, choices=[SENTENCE], **seen(overlapping))
    found = stored(overlapping)
    assert (made, found.version, found.merge_state) == (2, 2, MergeState.CLEAN)
    version = queries.version(overlapping, 2)
    assert version is not None
    assert version.base_id == head(world.section).id
    service.approve(world.moderator.actor, overlapping, **seen(overlapping))
    text = head(world.section).body
    assert "sehr faire Arbeit" in text
    assert text.count("Die Partner") == 1
    first = queries.version(overlapping, 1)
    assert first is not None
    assert "sehr gute Arbeit" in first.body  # nothing anybody wrote is lost


def test_a_moderator_settles_it_and_the_author_is_asked(world: World, overlapping: int) -> None:
    with pytest.raises(InvalidInput, match="reason_required"):
        service.resolve_overlap(world.moderator.actor, overlapping, choices=[SENTENCE], **seen(overlapping))
    service.resolve_overlap(
        world.moderator.actor,
        overlapping,
        choices=[SENTENCE],
        reason="Beides verbunden.",
        **seen(overlapping),
    )
    found = stored(overlapping)
    assert (found.state, found.candidate, found.merge_state) == (State.SUBMITTED, 2, MergeState.CLEAN)
    assert found.adapted_by_id == world.moderator.id
    service.agree(world.author.actor, overlapping, seen_version=2)
    assert "sehr faire Arbeit" in head(world.section).body


def test_strangers_do_not_settle_it(world: World, overlapping: int) -> None:
    for who in (world.stranger, world.attendee, world.colleague):
        with pytest.raises(NotPermitted):
            service.resolve_overlap(who.actor, overlapping, choices=["x"], **seen(overlapping))


@pytest.mark.parametrize("choices", [[], ["a", "b"]])
def test_every_overlap_has_to_be_settled(world: World, overlapping: int, choices: list[str]) -> None:
    with pytest.raises(InvalidInput, match="unresolved"):
        service.resolve_overlap(world.author.actor, overlapping, choices=choices, **seen(overlapping))


def test_a_choice_that_leaves_nothing_is_no_version(world: World, overlapping: int) -> None:
    current = "Die Partner fördern faire Arbeit in der Region. "
    with pytest.raises(InvalidInput, match="contained"):
        service.resolve_overlap(world.author.actor, overlapping, choices=[current], **seen(overlapping))


def test_a_text_that_moved_on_is_seen_first(world: World, overlapping: int) -> None:
    before = seen(overlapping)
    rewrite(world.section, "faire Arbeit", "ganz faire Arbeit")
    with pytest.raises(EditConflict):
        service.resolve_overlap(world.author.actor, overlapping, choices=[SENTENCE], **before)


def test_without_an_overlap_there_is_nothing_to_settle(world: World) -> None:
    number = submitted(world.author, world.section)
    with pytest.raises(WrongState):
        service.resolve_overlap(world.author.actor, number, choices=[], **seen(number))


def test_a_deletion_is_said_again_about_the_present_text(world: World) -> None:
    number = service.start(world.author.actor, kind=ProposalKind.DELETION, section_id=world.section)
    service.save_draft(world.author.actor, number, summary="Weg", seen_edit=0)
    service.submit(world.author.actor, number)
    rewrite(world.section, "gute Arbeit", "faire Arbeit")
    with pytest.raises(WrongState):
        service.approve(world.moderator.actor, number, **seen(number))
    service.resolve_overlap(world.author.actor, number, choices=[], **seen(number))
    assert stored(number).merge_state is MergeState.CLEAN
    service.approve(world.moderator.actor, number, **seen(number))


def test_a_settled_overlap_keeps_reason_and_sources(world: World, overlapping: int) -> None:
    service.resolve_overlap(world.author.actor, overlapping, choices=[SENTENCE], **seen(overlapping))
    reasons = session.scalars(select(ProposalVersion.reason).order_by(ProposalVersion.number)).all()
    assert reasons[0] == reasons[1]


@pytest.mark.parametrize(
    "own, pattern, expected",
    [
        ("Neu.", "Alt. ", "Neu. "),  # the blank before the next sentence stays
        ("  Neu.\r\n", "Alt.", "Neu."),
        ("Neu.", "\n\nAlt.\n\n", "\n\nNeu.\n\n"),  # a paragraph stays one
        ("", "Alt. ", ""),  # an empty wording deletes
        ("A.\r\n\r\nB.", "Alt.", "A.\n\nB."),
    ],
)
def test_own_words_keep_the_blanks_around_the_old_ones(own: str, pattern: str, expected: str) -> None:
    assert padded(own, pattern) == expected
