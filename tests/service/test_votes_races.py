# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Everybody votes at once, and somebody closes: stored = counted = acknowledged, every loser is told.

CHARTA_VOTE_RACES sets how often casting races against closing: 20 unless told; 200 is the figure of TRUST.md.
"""

import json
import os
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask

from charta.activity import queries as activity
from charta.db import db, session, utcnow
from charta.errors import ChartaError, EditConflict, WrongState
from charta.votes import recount, service
from charta.votes.models import PartnerSeat
from charta.votes.queries import results
from charta.votes.rules import BallotState
from tests import races, voting

REPETITIONS = int(os.environ.get("CHARTA_VOTE_RACES", "20"))


def test_fifty_parallel_casts_of_one_voter_are_one_vote(app: Flask) -> None:
    world = voting.world(6)
    ballot = voting.opened(world.moderator)
    who, others = world.attendees[0], world.attendees[1:]
    db.session.remove()
    answers = ["yes", "no", "abstain"]

    def job(number: int) -> Any:
        return service.cast(who.actor, ballot, answers=[answers[number % 3]])

    found = races.in_threads(app, [lambda number=number: job(number) for number in range(50)])
    assert all(isinstance(one, service.Receipt) for one in found), found
    assert len({one.code for one in found}) == 1
    assert sorted(one.version for one in found) == list(range(1, 51))
    for other in others:
        service.cast(other.actor, ballot, answers=["yes"])
    (seat,) = [one for one in voting.seats(ballot) if one.receipt == found[0].code]
    last = max(range(50), key=lambda number: found[number].version)
    assert seat.choices == [answers[last % 3]]
    voting.closed(ballot)
    turnout = json.loads(voting.stored(ballot).tally or "")["turnout"]
    assert turnout["participants"] == {"entitled": 6, "voted": 6}


def test_member_and_deputy_at_once_one_wins_and_the_other_sees_it(app: Flask) -> None:
    world = voting.world(0)
    ballot = voting.opened(world.moderator)
    db.session.remove()
    found = races.in_threads(
        app,
        [
            lambda: voting.for_partner(world.partners[1], ballot, "yes"),
            lambda: voting.for_partner(world.deputy, ballot, "no"),
        ],
    )
    assert sorted(type(one).__name__ for one in found) == ["EditConflict", "Receipt"]
    (conflict,) = [one for one in found if isinstance(one, EditConflict)]
    winner = ["yes", "no"][next(n for n, one in enumerate(found) if isinstance(one, service.Receipt))]
    assert conflict.data["choices"] == [winner]


# One process casts for its voters until it is refused; the other does too, and closes as soon as it can.
# Each writes down what it was told.
_RACE = """
import threading
from datetime import timedelta
from sqlalchemy import update
from charta.accounts import queries as accounts
from charta.db import utcnow
from charta.errors import WrongState
from charta.votes import service
from charta.votes.models import Ballot
ballots, voters, told = {ballots!r}, {voters!r}[number], []
actors = {{voter: accounts.actor_by_id(voter) for voter in voters}}
session.rollback()

def close(ballot):
    with app.app_context():
        while not service.close(ballot):
            time.sleep(0.002)

for ballot in ballots:
    closing = threading.Thread(target=close, args=(ballot,)) if number == 1 else None
    if closing:
        closing.start()
    turn, refused = 0, False
    while not refused:
        for voter in voters:
            answer = ("yes", "no", "abstain")[(turn + voter) % 3]
            try:
                receipt = service.cast(actors[voter], ballot, answers=[answer])
                told.append((ballot, voter, receipt.version, receipt.code, answer))
            except WrongState as error:
                assert error.state in ("over", "closed"), error
                told.append((ballot, voter, 0, "", error.state))
                refused = True
        if number == 0 and turn == 0:  # the end comes in a moment, in the middle of it all
            with transaction() as tx:
                tx.session.execute(update(Ballot).where(Ballot.id == ballot).values(
                    closes_at=utcnow() + timedelta(milliseconds=30)))
        turn += 1
    if closing:
        closing.join(30)
print(json.dumps(told))
"""


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_casting_while_closing_loses_nothing_and_tells_everybody(app: Flask, tmp_path: Path) -> None:
    world = voting.world(12)
    ballots = [voting.opened(world.moderator, title=f"Runde {n}") for n in range(REPETITIONS)]
    voters = [[who.id for who in world.attendees[:6]], [who.id for who in world.attendees[6:]]]
    db.session.remove()
    code = _RACE.format(ballots=ballots, voters=voters)
    answers = races.in_processes(app, code, count=2, folder=tmp_path, timeout_seconds=500)
    by_process = [[tuple(one) for one in json.loads(answer)] for answer in answers]
    told = [one for told in by_process for one in told]
    for ballot in ballots:
        acknowledged: dict[int, tuple[int, str, str]] = {}
        for own in by_process:
            is_over = False
            for _, voter, version, receipt, answer in (one for one in own if one[0] == ballot):
                if not receipt:
                    is_over = True
                    continue
                assert not is_over, "accepted after somebody was told that it is over"
                assert version == acknowledged.get(voter, (0,))[0] + 1
                acknowledged[voter] = (version, receipt, answer)
            assert is_over
        found = voting.stored(ballot)
        assert found.state is BallotState.CLOSED
        cast = {one.receipt: (one.version, one.choices[0]) for one in voting.seats(ballot) if one.choices}
        assert cast == {receipt: (version, answer) for version, receipt, answer in acknowledged.values()}
        content = results.export_of(ballot)
        session.rollback()
        assert recount.recount(content).decode() == found.tally
        counted = json.loads(found.tally or "")["questions"][0]["participants"]
        counts = Counter(answer for _, _, answer in acknowledged.values())
        assert counted["voted"] == len(acknowledged)
        if len(acknowledged) >= 5:
            assert {name: counted[name] for name in ("yes", "no", "abstain")} == {
                name: counts[name] for name in ("yes", "no", "abstain")
            }
    assert sum(1 for one in told if one[3]) > REPETITIONS * 5  # there was something to lose
    assert activity.verify()


def test_two_who_close_at_once_count_once(app: Flask) -> None:
    world = voting.world(5)
    ballot = voting.opened(world.moderator)
    for who in world.attendees:
        service.cast(who.actor, ballot, answers=["yes"])
    voting.over(ballot)
    db.session.remove()
    found = races.in_threads(app, [lambda: service.close(ballot)] * 4)
    assert sorted(found) == [False, False, False, True]
    assert [entry.verb for entry in _entries(ballot)].count("close_ballot") == 1


def test_a_process_whose_clock_was_set_back_takes_no_vote_after_the_end(app: Flask) -> None:
    world = voting.world(1)
    ends_at = utcnow() + timedelta(seconds=0.7)
    ballot = voting.opened(world.moderator, closes_at=ends_at)
    time.sleep(0.8)
    set_back = time_machine.travel(ends_at - timedelta(days=1), tick=True)
    with set_back, pytest.raises(WrongState) as refused:
        service.cast(world.attendees[0].actor, ballot, answers=["yes"])
    assert refused.value.state == "over"


def test_a_text_is_edited_while_a_ballot_on_it_opens(app: Flask) -> None:
    from tests import proposing

    world, section = voting.world(1), proposing.section()
    draft = voting.prepared(world.moderator, section_id=section)
    db.session.remove()
    found = races.in_threads(
        app,
        [
            lambda: service.open_ballot(world.moderator.actor, draft, seen_version=1),
            lambda: proposing.rewrite(section, "gute Arbeit", "sehr gute Arbeit"),
        ],
    )
    voted_on = voting.stored(draft)
    assert voted_on.state is BallotState.OPEN, found
    # Either the edit came first and is voted on, or it was refused: never another text than the present one.
    assert voted_on.text_body == proposing.head(section).body
    assert isinstance(found[1], ChartaError) == ("sehr gute" not in voted_on.text_body)


def test_opening_the_same_draft_twice_at_once_makes_one_roll(app: Flask) -> None:
    world = voting.world(3)
    draft = voting.prepared(world.moderator)
    db.session.remove()
    found = races.in_threads(
        app, [lambda: service.open_ballot(world.moderator.actor, draft, seen_version=1)] * 3
    )
    assert sum(one is None for one in found) == 1
    assert (len(voting.seats(draft)), len(voting.seats(draft, PartnerSeat))) == (3, 5)


def _entries(ballot: int) -> list[Any]:
    from sqlalchemy import select

    from charta.activity.models import ActivityEntry

    session.rollback()
    return list(
        session.scalars(
            select(ActivityEntry).where(
                ActivityEntry.subject_kind == "ballot", ActivityEntry.subject_id == ballot
            )
        )
    )
