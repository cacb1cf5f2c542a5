# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Keys that tie people to their votes do not outlive the database's in the memory of a process."""

from datetime import timedelta

import pytest
from flask import Flask

from charta.db import as_of, session, utcnow
from charta.votes import held_keys, service, worker
from charta.votes.held_keys import HELD, KEYS, Held
from charta.votes.queries import ballots, on_text, one_ballot
from tests import proposing, voting


def held() -> int:
    """Return how many keys are in the memory of this process, without looking for one."""
    session.rollback()
    return len(KEYS._items) + sum(len(one.ballots) for _, one in on_text._known._items.values())


@pytest.mark.both_databases
def test_a_process_forgets_the_keys_of_ballots_after_ten_minutes(app: Flask) -> None:
    world = voting.world(1)
    ballot = voting.opened(world.moderator, section_id=proposing.section())
    KEYS.clear()
    on_text._known.clear()
    session.rollback()
    one_ballot.load(world.attendees[0].actor, ballot)
    ballots.to_vote(world.attendees[0].actor)
    on_text.known("head")
    assert held() == 2
    with as_of(utcnow() + HELD + timedelta(seconds=1)):
        worker.run_due()  # nobody need ask for any
        assert held() == 0
        assert [row.own_state for row in ballots.to_vote(world.attendees[0].actor)] == ["open"]
        assert held() == 1


def test_a_key_that_is_asked_for_again_and_again_is_held_no_longer(app: Flask) -> None:
    held_one: Held[int, str] = Held(2)
    start = utcnow()
    for minutes in range(10):
        with as_of(start + timedelta(minutes=minutes)):
            held_one.keep(1, "key")
            assert held_one.get(1) == "key"
    with as_of(start + timedelta(minutes=11)):
        assert held_one.get(1) is None
    with as_of(start):
        for number in (1, 2, 3):
            held_one.keep(number, "key")
        assert held_one.all() == {2: "key", 3: "key"}  # never more than that


def test_the_end_of_a_ballot_is_met_without_its_key(app: Flask) -> None:
    world = voting.world(1)
    ballot = voting.opened(world.moderator)
    service.cast(world.attendees[0].actor, ballot, answers=["yes"])
    assert voting.own(world.attendees[0], ballot).receipt
    voting.closed(ballot)
    assert voting.own(world.attendees[0], ballot).receipt
    assert KEYS.get(ballot) is None
    held_keys.drop_past()
