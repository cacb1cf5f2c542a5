# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""How open proposals are told anew whether they fit, whenever a text or the tree moves."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from charta.db import session, transaction
from charta.notifications.models import OutboxMail
from charta.proposals import service
from charta.proposals.models import Proposal
from charta.proposals.rules import OPEN, MergeState, ProposalKind
from charta.sections import service as sections
from charta.sections.models import Section
from charta.sections.rules import StructureCause
from tests import factories, proposing
from tests.proposing import World, rewrite, seen, stored, submitted


@pytest.fixture
def world(app: Flask) -> World:
    return proposing.world()


def state(number: int) -> MergeState:
    return stored(number).merge_state


@pytest.mark.parametrize(
    "old, new, expected",
    [
        ("Junge Menschen", "Viele Menschen", MergeState.MOVED),  # elsewhere in the section
        ("gute Arbeit", "faire Arbeit", MergeState.CONFLICT),  # the same words otherwise
        ("gute Arbeit", "sehr gute Arbeit", MergeState.ALREADY_CONTAINED),  # the same words alike
    ],
)
def test_a_new_text_restates_the_open_proposals(
    world: World, old: str, new: str, expected: MergeState
) -> None:
    number = submitted(world.author, world.section)
    assert state(number) is MergeState.CLEAN
    rewrite(world.section, old, new)
    assert state(number) is expected


def test_other_sections_and_closed_proposals_are_left_alone(world: World) -> None:
    other = proposing.section("Netze")
    elsewhere = submitted(world.author, other)
    closed = submitted(world.author, world.section)
    service.withdraw(world.author.actor, closed)
    rewrite(world.section, "gute Arbeit", "faire Arbeit")
    assert state(elsewhere) is MergeState.CLEAN
    assert state(closed) is MergeState.CLEAN


def test_an_approval_restates_the_others_in_the_same_transaction(world: World) -> None:
    taken = submitted(world.author, world.section)
    overlaps = submitted(world.stranger, world.section, new="faire Arbeit")
    fits = submitted(world.attendee, world.section, "Junge Menschen", "Viele Menschen")
    service.approve(world.moderator.actor, taken, **seen(taken))
    assert state(overlaps) is MergeState.CONFLICT
    assert state(fits) is MergeState.MOVED
    assert session.scalar(select(Section.open_proposals).where(Section.id == world.section)) == 2


def test_a_text_that_comes_back_heals_the_overlap(world: World) -> None:
    number = submitted(world.author, world.section)
    rewrite(world.section, "gute Arbeit", "faire Arbeit")
    assert state(number) is MergeState.CONFLICT
    rewrite(world.section, "faire Arbeit", "gute Arbeit")
    assert state(number) is MergeState.CLEAN


def test_the_author_is_asked_for_help_once(world: World) -> None:
    number = submitted(world.author, world.section)
    rewrite(world.section, "gute Arbeit", "faire Arbeit")
    rewrite(world.section, "faire Arbeit", "ganz faire Arbeit")
    mails = session.execute(select(OutboxMail.template, OutboxMail.data)).all()
    assert [row[0] for row in mails] == ["proposal_needs_help"]
    assert mails[0][1]["number"] == number
    assert mails[0][1]["merge_state"] == "conflict"


def test_a_changed_title_overlaps_with_another_new_title(world: World) -> None:
    number = service.start(world.author.actor, kind=ProposalKind.CHANGE, section_id=world.section)
    service.save_draft(
        world.author.actor, number, title="Beste Arbeit", body=proposing.BODY, summary="Titel", seen_edit=0
    )
    service.submit(world.author.actor, number)
    other = service.start(world.stranger.actor, kind=ProposalKind.CHANGE, section_id=world.section)
    service.save_draft(
        world.stranger.actor, other, title="Faire Arbeit", body=proposing.BODY, summary="Titel", seen_edit=0
    )
    service.submit(world.stranger.actor, other)
    service.approve(world.moderator.actor, number, **seen(number))
    assert proposing.head(world.section).title == "Beste Arbeit"
    assert state(other) is MergeState.CONFLICT


def structural(world: World, kind: ProposalKind, section: int | None, **target: Any) -> int:
    start = {name.removeprefix("target_"): value for name, value in target.items()}
    number = service.start(
        world.author.actor,
        kind=kind,
        section_id=section,
        **(start if kind is ProposalKind.NEW_SECTION else {}),
    )
    service.save_draft(
        world.author.actor, number, title="Neu", body="Neu.\n", summary="Baum", seen_edit=0, **target
    )
    service.submit(world.author.actor, number)
    return number


def bury(section_id: int) -> None:
    moderator = factories.moderator()
    with transaction() as tx:
        sections.lock_tree(tx)
        section = tx.lock(Section, section_id)
        assert section is not None
        sections.bury_section(tx, section, author_id=moderator.id, cause=StructureCause.PROPOSAL)


def place(section_id: int, parent_id: int | None) -> None:
    moderator = factories.moderator()
    with transaction() as tx:
        sections.lock_tree(tx)
        section = tx.lock(Section, section_id)
        assert section is not None
        sections.place_section(
            tx,
            section,
            parent_id=parent_id,
            field_id=None,
            author_id=moderator.id,
            cause=StructureCause.PROPOSAL,
        )


def test_a_deletion_of_an_edited_text_asks_again(world: World) -> None:
    number = structural(world, ProposalKind.DELETION, world.section)
    rewrite(world.section, "gute Arbeit", "faire Arbeit")
    assert state(number) is MergeState.EDITED_SINCE


def test_a_section_that_is_gone_leaves_its_proposals_without_a_target(world: World) -> None:
    section = proposing.section("Netze")
    change = submitted(world.author, section)
    deletion = structural(world, ProposalKind.DELETION, section)
    move = structural(world, ProposalKind.MOVE, section, target_parent_id=world.section)
    bury(section)
    assert state(change) is MergeState.TARGET_GONE
    assert state(move) is MergeState.TARGET_GONE
    assert state(deletion) is MergeState.ALREADY_CONTAINED


def test_a_place_that_is_gone(world: World) -> None:
    parent, neighbour = proposing.section("Netze"), proposing.section("Daneben", parent_id=world.section)
    below = structural(world, ProposalKind.NEW_SECTION, None, target_parent_id=parent)
    behind = structural(
        world,
        ProposalKind.NEW_SECTION,
        None,
        target_parent_id=world.section,
        target_after_id=neighbour,
    )
    bury(parent)
    bury(neighbour)
    assert state(below) is MergeState.TARGET_GONE
    assert state(behind) is MergeState.MOVED
    service.approve(world.moderator.actor, behind, **seen(behind))


def test_a_section_that_was_moved_meanwhile(world: World) -> None:
    section, other = proposing.section("Netze"), proposing.section("Flächen")
    number = structural(world, ProposalKind.MOVE, section, target_parent_id=world.section)
    place(section, other)
    assert state(number) is MergeState.BOTH_MOVED


def test_a_move_that_would_now_be_a_circle(world: World) -> None:
    section = proposing.section("Netze")
    number = structural(world, ProposalKind.MOVE, section, target_parent_id=world.section)
    place(world.section, section)
    assert state(number) is MergeState.CYCLE


def test_the_count_of_open_proposals_is_always_true(world: World) -> None:
    numbers = [submitted(person, world.section) for person in (world.author, world.stranger, world.attendee)]
    service.request_changes(world.moderator.actor, numbers[0], seen_version=1, reason="Genauer.")
    service.reject(world.moderator.actor, numbers[1], seen_version=1, reason="Nein.")
    service.withdraw(world.attendee.actor, numbers[2])
    counted = select(func.count()).select_from(Proposal)
    real = session.scalar(counted.where(Proposal.section_id == world.section, Proposal.state.in_(OPEN)))
    kept = session.scalar(select(Section.open_proposals).where(Section.id == world.section))
    assert real == kept == 1
