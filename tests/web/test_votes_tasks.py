# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Ballots beside their own pages: tasks of Mein Bereich, and what a text and a proposal say of them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from charta.contributions.models import Contribution
from charta.db import session, transaction, utcnow
from charta.proposals import service as proposals
from charta.proposals.models import ProposalContribution
from charta.votes import service
from charta.web.dates import local
from tests import contributing, factories, proposing, voting
from tests.inspecting import InspectingClient, Page
from tests.voting import World

AsPerson = Callable[..., InspectingClient]


@pytest.fixture
def world(app: Flask) -> World:
    return voting.world()


@pytest.fixture
def as_(new_client: Callable[[], InspectingClient]) -> AsPerson:
    return lambda account: new_client().sign_in(account)


def tasks(client: InspectingClient, statements: Any) -> list[str]:
    with statements() as counted:
        page: Page = client.get("/mein-bereich")
    assert counted <= 8, counted
    section = page.elements("section", aria_labelledby="aufgaben")[0]
    return [page.words(item) for item in section.iter("li")]


def test_who_has_to_vote_finds_it_first_and_no_more_once_it_is_done(
    world: World, as_: AsPerson, statements: Any
) -> None:
    ballot_id = voting.opened(world.moderator)
    deputy, guest = as_(world.deputy), as_(world.attendees[0])
    as_(world.attendees[1]).get("/mein-bereich")  # the process knows what runs from now on
    for client in (deputy, guest):
        [first] = tasks(client, statements)
        assert "Lernfabrik" in first
        assert "abstimmen" in first
        assert "Die Abstimmung endet am" in first
    service.reserve(
        world.partners[1].actor,
        ballot_id,
        until=local(utcnow()).date(),
        seen_version=voting.own(world.partners[1], ballot_id).version,
    )
    assert "Gremienvorbehalt bis" in tasks(deputy, statements)[0]
    voting.for_partner(world.partners[1], ballot_id, seen=voting.own(world.deputy, ballot_id).version)
    service.cast(world.attendees[0].actor, ballot_id, answers=["yes"])
    assert tasks(deputy, statements) == tasks(guest, statements) == []


def test_a_rehearsal_is_nobodys_task(world: World, as_: AsPerson, statements: Any) -> None:
    draft = voting.prepared(world.moderator)
    service.rehearse(world.moderator.actor, draft, closes_at=utcnow() + timedelta(hours=1))
    assert tasks(as_(world.deputy), statements) == []


def test_moderators_are_asked_to_say_what_follows_until_they_did(
    world: World, as_: AsPerson, statements: Any
) -> None:
    ballot_id = voting.opened(world.moderator)
    client = as_(world.moderator)
    assert tasks(client, statements) == []
    voting.closed(ballot_id)
    assert any("Ergebnis einer Abstimmung beschreiben" in task for task in tasks(client, statements))
    service.state_outcome(
        world.moderator.actor, ballot_id, words="Angenommen.", seen_version=voting.stored(ballot_id).version
    )
    assert tasks(client, statements) == []


# ---------------------------------------------------------------------------------- proposals and texts


def held(world: World) -> tuple[int, int, int]:
    """Let the partners' ballot on a proposal run; return section, number and ballot."""
    factories.open_round()
    section = proposing.section()
    number = proposing.submitted(world.partners[0], section)
    return section, number, voting.opened(world.moderator, proposal_id=number, title="Vorschlag zur Bildung")


def voted(world: World, ballot_id: int, choice: str) -> None:
    for who in world.partners:
        voting.for_partner(who, ballot_id, choice)
    voting.closed(ballot_id)


def test_an_adopted_proposal_says_so_beside_the_decision_and_in_the_history(
    world: World, as_: AsPerson, statements: Any
) -> None:
    section, number, ballot_id = held(world)
    client = as_(world.moderator)
    assert not client.get(f"/vorschlaege/{number}").has_text("Die Partner haben")
    voted(world, ballot_id, "yes")
    with statements() as counted:
        page = client.get(f"/vorschlaege/{number}")
    assert counted <= 12, counted
    assert page.has_text("Die Partner haben zugestimmt")
    assert page.has_text("Abstimmung: angenommen, 5 von 5 Partnern")
    proposals.approve(world.moderator.actor, number, **proposing.seen(number))
    client.get("/charta")  # the tree is known from now on
    with statements() as counted:
        page = client.get(f"/abschnitte/{section}/entstehung")
    assert counted <= 8, counted
    assert page.has_text("Abstimmung: angenommen, 5 von 5 Partnern")


@pytest.mark.both_databases
def test_the_story_of_a_passage_names_the_ballot_before_the_approval(
    world: World, as_: AsPerson, statements: Any
) -> None:
    section, number, ballot_id = held(world)
    voted(world, ballot_id, "yes")
    proposals.approve(world.moderator.actor, number, reason="", **proposing.seen(number))
    client = as_(world.attendees[0])
    told = client.get(f"/abschnitte/{section}/herkunft")
    rn = next(int(href.split("rn=")[1].split("#")[0]) for href in told.links.values() if "rn=" in href)
    pages = []
    for place in range(rn, rn + 4):
        with statements() as counted:
            pages.append(client.get(f"/abschnitte/{section}/herkunft?rn={place}"))
        assert counted <= 8, counted
    page = next(page for page in pages if page.has_text(f"Vorschlag {number}"))
    assert page.has_text("Beschluss der Partner")
    steps = [f"Vorschlag {number}", "Abstimmung: angenommen, 5 von 5 Partnern", "Übernommen", "Textstand 2"]
    places = [page.main_text.rindex(step) for step in steps]
    assert places == sorted(places), page.main_text
    assert f"/abstimmungen/{ballot_id}/ergebnis" in page.links.values()
    with statements() as counted:
        assert client.get(f"/abschnitte/{section}/entstehung").has_text("Abstimmung: angenommen")
    assert counted <= 8, counted


def test_a_proposal_that_was_not_adopted_can_be_turned_down_with_the_result_as_reason(
    world: World, as_: AsPerson
) -> None:
    _section, number, ballot_id = held(world)
    voted(world, ballot_id, "no")
    client = as_(world.moderator)
    client.use_language("en")
    page = client.get(f"/vorschlaege/{number}")
    client.submit(page.form("entscheiden"), decision="reject")
    page = as_(world.partners[0]).get(f"/vorschlaege/{number}")
    assert page.has_text("nicht angenommen (0 von 5 mit Ja)")
    assert page.has_text("Abstimmung: nicht angenommen, 0 von 5 Partnern")


@pytest.mark.both_databases
def test_the_timeline_of_a_contribution_names_the_ballot_on_its_proposal(
    world: World, as_: AsPerson, statements: Any
) -> None:
    _section, number, ballot_id = held(world)
    [ident] = contributing.accepted(by=world.moderator.actor)
    with transaction() as tx:
        tx.session.add(
            ProposalContribution(
                proposal_id=number,
                contribution_id=ident,
                by_id=world.moderator.id,
                at=tx.now,
            )
        )
    voted(world, ballot_id, "yes")
    session.rollback()
    code = session.scalar(select(Contribution.code).where(Contribution.id == ident))
    session.rollback()
    client = as_(world.moderator)
    with statements() as counted:
        page = client.get(f"/b/{code}")
    assert counted <= 8, counted
    assert page.has_text("Abstimmung: angenommen, 5 von 5 Partnern")
    assert page.has_text(f"Über Vorschlag {number} wurde abgestimmt.")
