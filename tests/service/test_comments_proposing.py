# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""From a comment to a proposal: the draft it begins, the thread that says what became of it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from charta.comments.models import CommentProposal
from charta.comments.queries import answered, subjects, threads
from charta.comments.queries.proposing import Outcome
from charta.comments.rules import Place, reason_from
from charta.comments.service import moderating, proposing, writing
from charta.db import session
from charta.errors import InvalidInput, NotFound, NotPermitted, WrongState
from charta.permissions import ANONYMOUS, Actor
from charta.proposals import service as proposals
from charta.proposals.models import Proposal, ProposalDraft
from charta.proposals.rules import State
from charta.site import queries as site
from tests import contributing, factories
from tests import proposing as texts
from tests.databases import Statements
from tests.proposing import World, head, seen, submitted
from tests.talking import read, said


@pytest.fixture
def world(app: Flask) -> World:
    return texts.world()


def draft_of(number: int) -> ProposalDraft:
    session.rollback()
    return session.get_one(ProposalDraft, number, populate_existing=True)


def links() -> set[tuple[int, int]]:
    session.rollback()
    return {(one.comment_id, one.proposal_id) for one in session.query(CommentProposal)}


def outcomes(viewer: Actor, section_id: int) -> list[Outcome]:
    return [one for thread in read(viewer, section_id=section_id) for one in thread.outcomes]


def hand_in(world: World, number: int) -> None:
    body = head(world.section).body.replace("Sie helfen", "Sie helfen schnell")
    proposals.save_draft(
        world.author.actor, number, title="Gute Arbeit", body=body, summary="Schnell", seen_edit=0
    )
    proposals.submit(world.author.actor, number)


def test_a_comment_becomes_a_draft_whose_reason_names_its_words(world: World) -> None:
    body = head(world.section).body
    at = body.index("Sie helfen")
    comment = said(
        world.stranger, "Was heißt **früh**?", section_id=world.section, place=Place.RANGE, start=at,
        end=at + len("Sie helfen"),
    )  # fmt: skip
    answer = said(world.attendee, "Das frage ich auch.", thread_id=comment)
    made = proposing.make(world.author.actor, answer, once_key="x" * 20)
    draft = draft_of(made.number)
    assert (draft.body, made.is_new, made.section_id) == (body, True, world.section)
    assert draft.reason == "Aus einem Kommentar zu „Sie helfen“: „Was heißt früh?“"
    assert links() == {(comment, made.number)}
    assert proposing.make(world.author.actor, comment, once_key="x" * 20).number == made.number
    assert len(links()) == 1


def test_an_own_draft_keeps_its_words_and_answers_the_comment_too(world: World) -> None:
    number = texts.draft(world.author, world.section, "gute Arbeit", "beste Arbeit", reason="Weil.")
    first, second = (said(world.stranger, f"Nummer {n}", section_id=world.section) for n in (1, 2))
    for comment in (first, second):
        made = proposing.make(world.author.actor, comment)
        assert (made.number, made.is_new) == (number, False)
    draft = draft_of(number)
    assert draft.reason == "Weil.\n"
    assert "beste Arbeit" in draft.body
    assert links() == {(first, number), (second, number)}


def test_a_draft_that_is_thrown_away_takes_its_links_along(world: World) -> None:
    comment = said(world.stranger, section_id=world.section)
    made = proposing.make(world.author.actor, comment)
    proposals.discard_draft(world.author.actor, made.number)
    assert links() == set()
    assert session.get(Proposal, made.number) is None


def test_the_thread_says_what_became_of_it_to_those_who_may_see_it(world: World) -> None:
    factories.settings(draft_is_public=True, proposals_public="decided", attendees_see_proposals=False)
    comment = said(world.stranger, section_id=world.section)
    said(world.author, "Gute Frage.", thread_id=comment)
    number = proposing.make(world.author.actor, comment).number
    assert outcomes(world.author.actor, world.section) == []  # a draft may never be handed in
    hand_in(world, number)
    waiting = Outcome(number, State.SUBMITTED, world.section, None)
    assert outcomes(world.stranger.actor, world.section) == [waiting]
    assert outcomes(world.attendee.actor, world.section) == outcomes(ANONYMOUS, world.section) == []
    found = threads.thread(world.stranger.actor, site.settings(), comment)
    assert found is not None
    assert found.outcomes == (waiting,)
    revision = proposals.approve(world.moderator.actor, number, **seen(number)).revision_number
    taken = Outcome(number, State.APPROVED, world.section, revision)
    assert outcomes(ANONYMOUS, world.section) == [taken]


def test_the_author_says_which_comments_a_proposal_answers_until_it_is_decided(world: World) -> None:
    number = submitted(world.author, world.section)
    first, second = (said(world.stranger, f"Nummer {n}", section_id=world.section) for n in (1, 2))
    assert proposing.take_up(world.author.actor, number, first)
    assert not proposing.take_up(world.author.actor, number, first)
    assert proposing.take_up(world.author.actor, number, second)
    proposing.leave_out(world.author.actor, number, first)
    proposing.leave_out(world.author.actor, number, first)
    assert links() == {(second, number)}
    with pytest.raises(NotPermitted):
        proposing.take_up(world.stranger.actor, number, first)
    with pytest.raises(NotPermitted):
        proposing.leave_out(world.moderator.actor, number, second)
    proposals.reject(world.moderator.actor, number, **seen(number), reason="Nein.")
    for deed in (proposing.take_up, proposing.leave_out):
        with pytest.raises(WrongState):
            deed(world.author.actor, number, second)
    assert outcomes(world.stranger.actor, world.section)[0].state is State.REJECTED


def test_what_nobody_can_read_is_not_answered(world: World) -> None:
    number = submitted(world.author, world.section)
    hidden, gone, fine = (said(world.stranger, f"Nummer {n}", section_id=world.section) for n in (1, 2, 3))
    proposing.take_up(world.author.actor, number, fine)
    moderating.hide(world.moderator.actor, hidden, reason="Grob.")
    writing.remove(world.stranger.actor, gone)
    for comment in (hidden, gone):
        with pytest.raises(InvalidInput) as caught:
            proposing.take_up(world.author.actor, number, comment)
        assert caught.value.code == "comment_gone"
        with pytest.raises(InvalidInput):
            proposing.make(world.author.actor, comment)
    (contribution,) = contributing.accepted()
    elsewhere = said(world.stranger, contribution_id=contribution)
    with pytest.raises(InvalidInput) as caught:
        proposing.make(world.author.actor, elsewhere)
    assert caught.value.code == "not_on_section"
    with pytest.raises(NotFound):
        proposing.make(world.author.actor, 4711)
    assert [
        one.id for one in answered.of_proposals(world.author.actor, site.settings(), [number])[number]
    ] == [fine]
    moderating.hide(world.moderator.actor, fine, reason="Doch grob.")
    assert answered.of_proposals(world.author.actor, site.settings(), [number]) == {}


def test_outside_of_the_round_no_draft_comes_from_a_comment(
    world: World, frozen: time_machine.Traveller
) -> None:
    comment = said(world.stranger, section_id=world.section)
    frozen.shift(timedelta(days=400))
    with pytest.raises(NotPermitted):
        proposing.make(world.attendee.actor, comment)
    assert links() == set()


def test_deeds_keep_their_budget_and_threads_cost_one_statement(
    world: World, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    comments = [said(world.stranger, f"Nummer {n}", section_id=world.section) for n in range(4)]
    with statements() as making:
        number = proposing.make(world.author.actor, comments[0]).number
    assert making <= 12, making
    hand_in(world, number)
    with statements() as linking:
        proposing.take_up(world.author.actor, number, comments[1])
    assert linking <= 12, linking
    for comment in comments[2:]:
        proposing.take_up(world.author.actor, number, comment)
    session.rollback()
    settings = site.settings()
    with statements() as listing:
        found = threads.threads(world.author.actor, settings, subjects.Subject("section", world.section))  # type: ignore[arg-type]
    assert len(listing) == 1
    assert [len(one.outcomes) for one in found] == [1, 1, 1, 1]


def test_the_reason_is_short_whatever_the_comment(world: World) -> None:
    long = reason_from("Wort " * 2_000, "Text\n" * 300)
    assert len(long) < 1_300
    assert "\n" not in long
    assert long.count(" …") == 2
    assert reason_from("Was heißt „früh“?") == "Aus einem Kommentar: „Was heißt ‚früh‘?“"
