# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Two people at once: some order comes out, nothing happens twice, nothing is lost."""

import threading
from collections.abc import Callable
from typing import Any

from flask import Flask

from charta.activity import queries as activity
from charta.db import db
from charta.errors import ChartaError, EditConflict, WrongState
from charta.proposals import service
from charta.proposals.rules import State
from tests import proposing
from tests.proposing import head, seen, stored, submitted


def at_once(app: Flask, *deeds: Callable[[], Any]) -> list[Any]:
    """Run the deeds in threads that start together; return results or errors in their order."""
    gate = threading.Barrier(len(deeds))
    results: list[Any] = [None] * len(deeds)

    def run(index: int, deed: Callable[[], Any]) -> None:
        with app.app_context():
            gate.wait(timeout=30)
            try:
                results[index] = deed()
            except ChartaError as error:
                results[index] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(index, deed)) for index, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def test_two_moderators_approve_the_same_proposal_at_once(app: Flask) -> None:
    world = proposing.world()
    number = submitted(world.author, world.section)
    values = seen(number)
    db.session.remove()
    results = at_once(
        app,
        lambda: service.approve(world.moderator.actor, number, **values),
        lambda: service.approve(world.second.actor, number, **values),
    )
    losers = [result for result in results if isinstance(result, ChartaError)]
    assert len(losers) == 1
    assert isinstance(losers[0], WrongState)
    assert losers[0].state == "approved"
    assert stored(number).state is State.APPROVED
    assert head(world.section).number == 2
    assert activity.verify()


def test_changes_of_two_paragraphs_at_once_both_stand_in_the_text(app: Flask) -> None:
    world = proposing.world()
    first = submitted(world.author, world.section)
    second = submitted(world.stranger, world.section, "Junge Menschen", "Viele Menschen")
    values = {number: seen(number) for number in (first, second)}
    db.session.remove()
    results = at_once(
        app,
        lambda: service.approve(world.moderator.actor, first, **values[first]),
        lambda: service.approve(world.second.actor, second, **values[second]),
    )
    losers = [index for index, result in enumerate(results) if isinstance(result, EditConflict)]
    assert len(losers) == 1, results  # the slower one has to look at the new text first
    late = (first, second)[losers[0]]
    service.approve((world.moderator, world.second)[losers[0]].actor, late, **seen(late))
    text = head(world.section).body
    assert "sehr gute Arbeit" in text
    assert "Viele Menschen" in text
    assert head(world.section).number == 3
    assert activity.verify()


def test_an_author_withdraws_while_a_moderator_approves(app: Flask) -> None:
    world = proposing.world()
    number = submitted(world.author, world.section)
    values = seen(number)
    db.session.remove()
    results = at_once(
        app,
        lambda: service.approve(world.moderator.actor, number, **values),
        lambda: service.withdraw(world.author.actor, number),
    )
    assert sum(isinstance(result, WrongState) for result in results) == 1
    expected = 2 if stored(number).state is State.APPROVED else 1
    assert head(world.section).number == expected


def test_the_same_form_sent_twice_at_once_makes_one_proposal(app: Flask) -> None:
    world = proposing.world()

    def send() -> int:
        number = service.start(
            world.author.actor,
            kind=proposing.ProposalKind.CHANGE,
            section_id=world.section,
            once_key="one page",
        )
        service.save_draft(
            world.author.actor,
            number,
            title="Gute Arbeit",
            body=proposing.BODY + "\nNeu.\n",
            summary="Neu",
            seen_edit=0,
            page_key="one page",
        )
        service.submit(world.author.actor, number)
        return number

    db.session.remove()
    first, second = at_once(app, send, send)
    assert first == second
    assert stored(first).version == 1


def test_six_people_save_and_submit_at_once(app: Flask) -> None:
    world = proposing.world()
    people = [proposing.factories.partner() for _ in range(6)]
    db.session.remove()
    results = at_once(app, *(lambda person=person: submitted(person, world.section) for person in people))
    assert len(set(results)) == 6
    assert all(stored(number).state is State.SUBMITTED for number in results)
    assert activity.verify()
