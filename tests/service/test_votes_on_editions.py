# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Ballots on editions: one composition is held, decided on, and counted again; the working draft goes on."""

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from charta.db import as_of, session, transaction, utcnow
from charta.editions import queries as editions
from charta.editions import service as edition_service
from charta.editions.models import Edition
from charta.editions.queries import EditionRow
from charta.editions.rules import Decision
from charta.errors import EditConflict, InvalidInput, NotFound, WrongState
from charta.text.hashing import content_hash
from charta.votes import recount, service
from charta.votes.queries import on_edition, one_ballot, previews, results
from charta.votes.rules import BallotInput, BallotState, QuestionInput
from charta.votes.service import dissent
from tests import factories, proposing, voting
from tests.databases import count_statements

TWO = (QuestionInput("Soll der Text so gelten?"), QuestionInput("Sollen die Maßnahmen so gelten?"))


@pytest.fixture
def world(app: Flask) -> voting.World:
    factories.settings(draft_is_public=True)
    return voting.world(2)


@pytest.fixture
def section_id(world: voting.World) -> int:
    return proposing.section()


def compose(world: voting.World, name: str = "2.0") -> int:
    return edition_service.compose(world.moderator.actor, name=name, title=f"Charta {name}")


def row(edition_id: int) -> EditionRow:
    session.rollback()
    found = editions.by_id(edition_id)
    session.rollback()
    assert found is not None
    return found


def opened(world: voting.World, edition_id: int, questions: Any = voting.YES_NO, **details: Any) -> int:
    return voting.opened(world.moderator, questions, title="Freigabe", edition_id=edition_id, **details)


def voted(world: voting.World, ballot_id: int, *choices: str) -> None:
    for partner in world.partners:
        service.cast_for_partner(
            partner.actor, ballot_id, choices=list(choices), reasons=["" for _ in choices], seen_version=0
        )


def rewrite(section_id: int) -> None:
    proposing.rewrite(section_id, proposing.head(section_id).body[:3], "Neu")


# ------------------------------------------------------------------------------------------------ preparing


def test_only_a_composed_edition_can_be_put_to_the_vote(world: voting.World, section_id: int) -> None:
    edition_id = compose(world)
    with pytest.raises(InvalidInput):
        voting.prepared(world.moderator, edition_id=edition_id, section_id=section_id)
    for missing in (0, 2**31, edition_id + 1):
        with pytest.raises(NotFound):
            voting.prepared(world.moderator, edition_id=missing)
    edition_service.publish(
        world.moderator.actor, edition_id, seen_version=row(edition_id).version, reason="Vorab beschlossen."
    )
    with pytest.raises(WrongState) as caught:
        voting.prepared(world.moderator, edition_id=edition_id)
    assert (caught.value.state, caught.value.data["edition"]) == ("published", "2.0")
    with pytest.raises(NotFound):
        previews.subject(edition_id=edition_id)


def test_an_edition_composed_anew_since_the_draft_has_to_be_looked_at_again(
    world: voting.World, section_id: int
) -> None:
    edition_id = compose(world)
    ballot = voting.prepared(world.moderator, edition_id=edition_id)
    page = one_ballot.load(world.moderator.actor, ballot)
    assert (page.subject.kind, page.subject.edition_name) == ("edition", "2.0")
    assert not previews.preview(page).is_outdated
    rewrite(section_id)
    edition_service.recompose(world.moderator.actor, edition_id, seen_version=row(edition_id).version)
    with pytest.raises(EditConflict):
        service.open_ballot(world.moderator.actor, ballot, seen_version=1)
    with pytest.raises(EditConflict):
        service.rehearse(world.moderator.actor, ballot, closes_at=utcnow() + timedelta(hours=1))
    assert row(edition_id).held_by_ballot is None
    assert previews.preview(one_ballot.load(world.moderator.actor, ballot)).is_outdated
    session.rollback()
    values = BallotInput("Freigabe", voting.YES_NO, utcnow() + timedelta(hours=2), edition_id=edition_id)
    service.change(world.moderator.actor, ballot, values, seen_version=1)
    service.open_ballot(world.moderator.actor, ballot, seen_version=2)
    assert voting.stored(ballot).text_hash == row(edition_id).content_hash


# ----------------------------------------------------------------------------------------- while it is open


def test_an_edition_stands_still_while_a_ballot_holds_it_and_the_working_draft_goes_on(
    world: voting.World, section_id: int
) -> None:
    edition_id = compose(world)
    ballot = opened(world, edition_id)
    frozen = row(edition_id)
    assert frozen.held_by_ballot == ballot
    actor = world.moderator.actor
    for deed in (
        lambda: edition_service.recompose(actor, edition_id, seen_version=frozen.version),
        lambda: edition_service.discard(actor, edition_id),
        lambda: edition_service.publish(actor, edition_id, seen_version=frozen.version, reason="Eilig."),
    ):
        with pytest.raises(WrongState) as caught:
            deed()
        assert (caught.value.state, caught.value.data["ballot"]) == ("held", ballot)
    with pytest.raises(WrongState) as caught:
        opened(world, edition_id)
    assert (caught.value.action, caught.value.state) == ("open", "held")
    before = editions.text_of(edition_id)
    session.rollback()
    rewrite(section_id)
    assert proposing.head(section_id).body.startswith("Neu")
    assert editions.text_of(edition_id) == before == voting.stored(ballot).text_body
    session.rollback()
    voted(world, ballot, "yes")
    voting.closed(ballot)
    assert row(edition_id).content_hash == frozen.content_hash == voting.stored(ballot).text_hash


def test_a_rehearsal_holds_nothing_and_decides_nothing(world: voting.World, section_id: int) -> None:
    edition_id = compose(world)
    draft = voting.prepared(world.moderator, edition_id=edition_id)
    copy = service.rehearse(world.moderator.actor, draft, closes_at=utcnow() + timedelta(hours=1))
    assert row(edition_id).held_by_ballot is None
    voted(world, copy, "yes")
    service.end_rehearsal(world.moderator.actor, copy)
    assert voting.stored(copy).state is BallotState.CLOSED
    assert row(edition_id).decision is Decision.NONE
    assert on_edition.on_edition(world.moderator.actor, edition_id, "").result is None


# ---------------------------------------------------------------------------------------------- its outcome


@pytest.mark.parametrize(
    "questions, choices, details, decision",
    [
        (voting.YES_NO, ["yes"], {}, Decision.ADOPTED),
        (voting.YES_NO, ["no"], {}, Decision.NOT_ADOPTED),
        (voting.YES_NO, ["abstain"], {}, Decision.NOT_ADOPTED),  # a tie is not adopted
        (TWO, ["yes", "yes"], {}, Decision.ADOPTED),
        (TWO, ["yes", "no"], {}, Decision.NOT_ADOPTED),  # every question has to be adopted
        (voting.YES_NO, [], {}, Decision.NOT_ADOPTED),  # nobody voted: no quorum
        (voting.YES_NO, [], {"has_partners": False}, Decision.NONE),  # only participants: advice
    ],
)
def test_the_partners_decide_on_exactly_this_composition(
    world: voting.World,
    section_id: int,
    questions: Any,
    choices: list[str],
    details: dict[str, Any],
    decision: Decision,
) -> None:
    edition_id = compose(world)
    ballot = opened(world, edition_id, questions, **details)
    if choices:
        voted(world, ballot, *choices)
    voting.closed(ballot)
    found = row(edition_id)
    assert (found.decision, found.held_by_ballot) == (decision, None)
    assert found.decided_by_ballot == (None if decision is Decision.NONE else ballot)
    told = on_edition.on_edition(world.attendees[0].actor, edition_id, found.content_hash)
    assert told.result is not None
    assert told.is_on_this
    assert told.result.is_adopted == {"adopted": True, "not_adopted": False, "none": None}[decision.value]


def test_a_decision_opens_the_way_to_publishing_and_another_composition_loses_it(
    world: voting.World, section_id: int
) -> None:
    edition_id = compose(world)
    ballot = opened(world, edition_id)
    voted(world, ballot, "yes")
    voting.closed(ballot)
    rewrite(section_id)
    edition_service.recompose(world.moderator.actor, edition_id, seen_version=row(edition_id).version)
    found = row(edition_id)
    assert found.decision is Decision.NONE
    told = on_edition.on_edition(world.moderator.actor, edition_id, found.content_hash)
    assert told.result is not None
    assert not told.is_on_this
    session.rollback()
    again = opened(world, edition_id)
    voted(world, again, "yes")
    voting.closed(again)
    edition_service.publish(world.moderator.actor, edition_id, seen_version=row(edition_id).version)
    assert row(edition_id).published_at is not None


def test_calling_a_ballot_off_lets_the_edition_go_without_a_decision(
    world: voting.World, section_id: int
) -> None:
    edition_id = compose(world)
    ballot = opened(world, edition_id)
    service.cancel(world.moderator.actor, ballot, reason="Ein Absatz fehlt.")
    found = row(edition_id)
    assert (found.held_by_ballot, found.decision) == (None, Decision.NONE)
    edition_service.discard(world.moderator.actor, edition_id)
    with pytest.raises(WrongState) as caught:
        service.open_ballot(world.moderator.actor, _draft_of(world, edition_id), seen_version=1)
    assert caught.value.state == "discarded"


def _draft_of(world: voting.World, edition_id: int) -> int:
    """Prepare a ballot on an edition and throw the edition away behind its back."""
    with transaction() as tx:
        edition = tx.session.get_one(Edition, edition_id)
        edition.state = type(edition.state).COMPOSED
    ballot = voting.prepared(world.moderator, edition_id=edition_id)
    edition_service.discard(world.moderator.actor, edition_id)
    return ballot


def test_the_exported_file_of_an_edition_is_counted_again_to_the_same_bytes(
    world: voting.World, section_id: int
) -> None:
    edition_id = compose(world)
    ballot = opened(world, edition_id, TWO)
    voted(world, ballot, "yes", "abstain")
    rewrite(section_id)
    voting.closed(ballot)
    content = results.export_of(ballot)
    assert recount.recount(content).decode() == voting.stored(ballot).tally
    export = json.loads(content)
    text = export["ballot"]["text"]
    assert content_hash(text["title"], text["body"]) == row(edition_id).content_hash
    assert export["rules"]["text_hash"] == row(edition_id).content_hash


# --------------------------------------------------------------------------------------- the page, the notes


def test_who_may_know_reads_of_an_open_ballot_on_the_edition(world: voting.World, section_id: int) -> None:
    edition_id = compose(world)
    draft = voting.prepared(world.moderator, edition_id=edition_id)
    content = row(edition_id).content_hash
    assert [one.id for one in on_edition.on_edition(world.moderator.actor, edition_id, content).drafts] == [
        draft
    ]
    assert on_edition.on_edition(world.partners[0].actor, edition_id, content).drafts == ()
    session.rollback()
    service.open_ballot(world.moderator.actor, draft, seen_version=1)
    stranger = factories.attendee(email="spaet@example.org")  # came after the roll was made
    reader = factories.person(role=world.moderator.actor.role.READER)
    knows = [world.moderator, world.partners[0], world.attendees[0], stranger, reader]
    found = [on_edition.on_edition(one.actor, edition_id, content).open is not None for one in knows]
    assert found == [True, True, True, False, False]
    session.rollback()
    with as_of(utcnow() + timedelta(hours=3)):
        told = on_edition.on_edition(world.moderator.actor, edition_id, content)
        assert (told.open, told.over is not None) == (None, True)


def test_notes_of_dissent_are_printed_with_the_edition_at_their_words(
    world: voting.World, section_id: int
) -> None:
    def note(who: int, text: str) -> int:
        head = proposing.head(section_id)
        return dissent.note(
            world.partners[who].actor, section_id, paragraph=0, seen_revision_id=head.id, text=text
        )

    note(0, "Das tragen wir nicht mit.")
    back = note(1, "Das auch nicht.")
    dissent.withdraw(world.partners[1].actor, back)
    edition_id = compose(world)
    (found,) = editions.notes(edition_id)[section_id]
    body = proposing.head(section_id).body
    assert found.organisation_name == "AMZ"
    assert found.quote == body[found.start_at : found.end_at]
    session.rollback()
    rewrite(section_id)  # the words are others now
    note(2, "Wir sehen das anders.")
    assert len(editions.notes(edition_id)[section_id]) == 1
    session.rollback()
    edition_service.publish(
        world.moderator.actor, edition_id, seen_version=row(edition_id).version, reason="Beschlossen."
    )
    printed = editions.notes(edition_id)[section_id]
    # Nothing that stands on other words than those of the edition keeps its place.
    assert [(one.organisation_name, one.start_at) for one in printed] == [("AMZ", None), ("IG Metall", None)]


def test_opening_a_ballot_on_an_edition_costs_the_same_for_any_number_of_texts(world: voting.World) -> None:
    counts = []
    for number in (1, 10):
        for at in range(number):
            proposing.section(f"Abschnitt {number}.{at}")
        edition_id = compose(world, f"{number}.0")
        ballot = voting.prepared(world.moderator, edition_id=edition_id)
        with count_statements() as counted:
            service.open_ballot(world.moderator.actor, ballot, seen_version=1)
        counts.append(len(counted))
    assert counts[0] == counts[1] <= 25 + len(world.partners), counts  # each partner's seat is a row
