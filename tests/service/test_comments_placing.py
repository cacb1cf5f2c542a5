# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Comments keep their place: when they are written, when the text changes, from version to version."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from flask import Flask

from charta.comments.models import CommentAnchor
from charta.comments.rules import Place, PlaceState
from charta.db import session
from charta.errors import InvalidInput
from charta.proposals import service as proposals
from charta.proposals.models import ProposalVersion
from charta.sections import texts
from charta.text import anchor
from tests import proposing
from tests.databases import Statements
from tests.factories import Account
from tests.proposing import World, head, rewrite, seen, submitted
from tests.talking import said

FRIST = "Bis 2030 gilt der Plan für alle Betriebe."


@pytest.fixture
def world(app: Flask) -> World:
    return proposing.world()


def on_words(who: Account, words: str, body: str, **where: Any) -> int:
    """Comment on words of a text; return the comment's id."""
    at = body.index(words)
    return said(who, place=Place.RANGE, start=at, end=at + len(words), **where)


def place(comment_id: int) -> CommentAnchor:
    session.rollback()
    found = session.get(CommentAnchor, comment_id, populate_existing=True)
    assert found is not None
    return found


def words(comment_id: int, body: str) -> tuple[PlaceState, str | None]:
    """Return the state of a place and the words that stand there in `body`."""
    found = place(comment_id)
    return found.state, None if found.start_at is None else body[found.start_at : found.end_at]


def test_a_comment_stands_on_its_paragraph(world: World) -> None:
    number = said(
        world.author, section_id=world.section, place=Place.PARAGRAPH, paragraph=1,
        seen_revision_id=head(world.section).id,
    )  # fmt: skip
    present = head(world.section)
    assert words(number, present.body) == (PlaceState.IN_PLACE, f"{FRIST} Danach wird er geprüft.")
    found = place(number)
    assert (found.made_on_revision_id, found.revision_id) == (present.id, present.id)


@pytest.mark.parametrize(
    "where",
    [
        {"place": Place.PARAGRAPH, "paragraph": 3},  # there are three, from 0
        {"place": Place.PARAGRAPH},
        {"place": Place.RANGE, "start": 5, "end": 100_000},
        {"place": Place.RANGE, "start": 7, "end": 7},
        {"place": Place.RANGE, "start": 3, "end": 4},  # a blank
        {"place": Place.RANGE, "start": 0, "end": 4, "seen_revision_id": 999_999},
    ],
)
def test_a_place_outside_of_the_text_is_refused(world: World, where: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as caught:
        said(world.author, section_id=world.section, **where)
    assert (caught.value.field, caught.value.code) == ("place", "outside_text")


def test_a_text_of_another_section_is_refused(world: World) -> None:
    other = head(proposing.section("Anderswo")).id
    with pytest.raises(InvalidInput):
        said(
            world.author, section_id=world.section, place=Place.PARAGRAPH, paragraph=0, seen_revision_id=other
        )


def test_a_comment_goes_with_its_words_through_two_approved_proposals(world: World) -> None:
    text = head(world.section)
    moved = on_words(world.author, "Danach wird er geprüft.", text.body, section_id=world.section)
    changed = on_words(world.stranger, FRIST, text.body, section_id=world.section)
    number = submitted(world.author, world.section, "Die Partner", "Neu ist: Die Partner")
    proposals.approve(world.moderator.actor, number, **seen(number))
    number = submitted(world.author, world.section, "Bis 2030 gilt", "Bis 2035 gilt")
    proposals.approve(world.moderator.actor, number, **seen(number))
    present = head(world.section)
    assert words(moved, present.body) == (PlaceState.IN_PLACE, "Danach wird er geprüft.")
    assert words(changed, present.body) == (PlaceState.CHANGED, FRIST.replace("2030", "2035"))
    found = place(changed)
    assert (found.anchor["quote"], found.made_on_revision_id) == (FRIST, text.id)
    assert found.revision_id == present.id


def test_words_that_read_as_before_are_no_longer_called_changed(world: World) -> None:
    number = on_words(world.author, FRIST, head(world.section).body, section_id=world.section)
    rewrite(world.section, "Bis 2030", "Bis 2035")
    assert place(number).state is PlaceState.CHANGED
    rewrite(world.section, "Bis 2035", "Bis 2030")
    assert words(number, head(world.section).body) == (PlaceState.IN_PLACE, FRIST)


def test_a_comment_whose_words_are_gone_stays_and_finds_them_again(world: World) -> None:
    paragraph = "Junge Menschen bleiben gern, wenn die Wege kurz sind."
    number = on_words(world.author, paragraph, head(world.section).body, section_id=world.section)
    rewrite(world.section, f"\n\n{paragraph}", "")
    found = place(number)
    assert (found.state, found.start_at, found.revision_id) == (PlaceState.ORPHAN, None, None)
    assert found.anchor["quote"] == paragraph
    rewrite(world.section, "Danach wird er geprüft.", f"Danach wird er geprüft.\n\n{paragraph}")
    assert words(number, head(world.section).body) == (PlaceState.IN_PLACE, paragraph)


def test_a_place_on_an_older_text_is_carried_to_the_present_one(world: World) -> None:
    old = head(world.section)
    rewrite(world.section, "Die Partner", "Die vielen Partner")
    rewrite(world.section, "Bis 2030", "Spätestens bis 2030")
    number = on_words(
        world.author, "Danach wird er geprüft.", old.body, section_id=world.section, seen_revision_id=old.id
    )
    present = head(world.section)
    assert words(number, present.body) == (PlaceState.IN_PLACE, "Danach wird er geprüft.")
    found = place(number)
    assert (found.made_on_revision_id, found.revision_id) == (old.id, present.id)


def test_a_comment_on_proposed_words_stays_on_them_when_the_proposal_is_handed_in_again(world: World) -> None:
    number = submitted(world.author, world.section, "gilt der Plan", "gilt der neue Plan")
    body = draft_body(number)
    comment = on_words(world.stranger, "der neue Plan", body, proposal_id=number, version=1)
    whole = said(world.stranger, proposal_id=number, version=1, place=Place.PARAGRAPH, paragraph=1)
    rewritten = body.replace("Die Partner", "Alle Partner").replace("alle Betriebe", "jeden Betrieb")
    proposals.save_draft(
        world.author.actor, number, title="Gute Arbeit", summary="Besser", seen_edit=0, body=rewritten
    )
    assert proposals.submit(world.author.actor, number) == 2
    present = draft_body(number, 2)
    assert words(comment, present) == (PlaceState.IN_PLACE, "der neue Plan")
    assert words(whole, present)[0] is PlaceState.CHANGED
    found = place(comment)
    assert (found.made_on_version, found.version, found.revision_id) == (1, 2, None)
    # Whoever still had the first version open comments on the same words.
    late = on_words(world.stranger, "für alle Betriebe", body, proposal_id=number, version=1)
    assert words(late, present)[0] in {PlaceState.CHANGED, PlaceState.ORPHAN}


def test_a_comment_on_proposed_words_goes_with_an_adapted_version_and_back_when_it_is_refused(
    world: World,
) -> None:
    number = submitted(world.author, world.section, "gilt der Plan", "gilt der neue Plan")
    body = draft_body(number)
    comment = on_words(world.stranger, "der neue Plan", body, proposal_id=number, version=1)
    proposals.adapt(
        world.moderator.actor, number, **seen(number), title="Gute Arbeit", reason="Genauer.",
        body=body.replace("Die Partner", "Alle unsere Partner").replace("neue Plan", "neueste Plan"),
    )  # fmt: skip
    assert words(comment, draft_body(number, 2)) == (PlaceState.CHANGED, "der neueste Plan")
    assert place(comment).version == 2
    proposals.refuse(world.author.actor, number, seen_version=2, reason="Nein.")
    assert words(comment, body) == (PlaceState.IN_PLACE, "der neue Plan")
    assert place(comment).version == 1


def test_a_comment_on_proposed_words_goes_with_the_version_that_settles_an_overlap(world: World) -> None:
    number = submitted(world.author, world.section, "Bis 2030 gilt", "Bis 2035 gilt")
    comment = on_words(world.stranger, "Danach wird", draft_body(number), proposal_id=number, version=1)
    rewrite(world.section, "Bis 2030 gilt", "Bis 2031 gilt")
    proposals.resolve_overlap(world.author.actor, number, choices=["Bis 2034 gilt"], **seen(number))
    assert words(comment, draft_body(number, 2)) == (PlaceState.IN_PLACE, "Danach wird")
    assert place(comment).version == 2


def draft_body(number: int, version: int = 1) -> str:
    session.rollback()
    found = session.query(ProposalVersion).filter_by(proposal_id=number, number=version).one()
    return found.body


def test_the_difference_is_made_before_the_lock(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    on_words(world.author, FRIST, head(world.section).body, section_id=world.section)
    number = submitted(world.author, world.section, "Bis 2030 gilt", "Bis 2035 gilt")
    inside: list[bool] = []
    made = anchor.change_of

    def spy(old: str, new: str) -> anchor.Change:
        inside.append(bool(session().info.get("charta_write")))
        return made(old, new)

    monkeypatch.setattr(texts, "_changes", texts.Memo(8))  # nothing of other tests
    monkeypatch.setattr(anchor, "change_of", spy)
    values = seen(number)
    proposals.approve(world.moderator.actor, number, **values)
    assert inside == [False]


def test_however_many_comments_the_statements_stay_the_same(
    world: World, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    def comment(count: int) -> None:
        for _ in range(count):
            on_words(world.author, FRIST, head(world.section).body, section_id=world.section)

    comment(1)
    with statements() as few:
        rewrite(world.section, "Bis 2030", "Bis 2031")
    comment_on = head(world.section).body
    for _ in range(12):
        on_words(world.author, "Bis 2031 gilt der Plan", comment_on, section_id=world.section)
    with statements() as many:
        rewrite(world.section, "Bis 2031", "Bis 2032")
    assert many <= len(few) + 1
