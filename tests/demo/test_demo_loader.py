# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The demonstration is loaded through the services, once, and survives a killed start."""

import json
from collections import Counter
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from charta.accounts.models import Person
from charta.activity import queries as activity
from charta.contributions.models import Contribution
from charta.db import session
from charta.demo import files, keys, loader, votes_part
from charta.measures.models import Measure
from charta.notifications.models import OutboxMail
from charta.proposals.models import Proposal
from charta.proposals.rules import MergeState, State
from charta.sections.models import Section
from charta.sections.rules import SectionKind
from charta.votes.models import Ballot, PartnerSeat
from charta.votes.queries import one_ballot
from charta.votes.rules import BallotState

pytestmark = pytest.mark.both_databases


def _facts() -> dict[str, Any]:
    """What a visitor could count, and the texts by their hashes."""
    return {
        "sections": session.scalars(
            select(Section.number).where(Section.kind == SectionKind.SECTION).order_by(Section.id)
        ).all(),
        "heads": session.execute(select(Section.title, Section.head_number).order_by(Section.id)).all(),
        "measures": session.scalar(select(func.count()).select_from(Measure)),
        "contributions": session.scalar(select(func.count()).select_from(Contribution)),
        "people": session.scalar(select(func.count()).select_from(Person)),
        "proposals": session.execute(
            select(Proposal.summary, Proposal.state, Proposal.merge_state, Proposal.version).order_by(
                Proposal.id
            )
        ).all(),
    }


def test_demonstration_has_what_the_issue_names(app: Flask) -> None:
    loader.load()
    facts = _facts()
    states = Counter(row[1] for row in facts["proposals"])
    merge_states = Counter(row[2] for row in facts["proposals"] if row[1] is State.SUBMITTED)
    assert len(facts["sections"]) >= 25
    assert facts["measures"] >= 15
    assert facts["people"] == len(files.rows("people", "person")) + votes_part.guests_count()
    assert set(states) == set(State)
    assert merge_states[MergeState.CONFLICT] == 1
    assert merge_states[MergeState.MOVED] == 1
    assert merge_states[MergeState.ALREADY_CONTAINED] == 1
    assert activity.verify()


@pytest.mark.sqlite_only
def test_merge_states_are_the_ones_the_texts_were_written_for(demo_app: Flask) -> None:
    found = {row[0]: row[2].value for row in _facts()["proposals"]}
    for row in files.rows("proposals", "proposal"):
        if row["state"] == "submitted":
            assert found[row["summary"]] == row["expect"], row["summary"]


@pytest.mark.sqlite_only
def test_loading_twice_changes_nothing(demo_app: Flask) -> None:
    before = _facts()
    session.rollback()
    assert loader.load() == ""
    assert _facts() == before


@pytest.mark.parametrize("killed_after", [0, 60, 230])
@pytest.mark.sqlite_only
def test_a_killed_start_goes_on_where_it_stopped(
    app: Flask, monkeypatch: pytest.MonkeyPatch, killed_after: int
) -> None:
    store, calls = loader._store, Counter[str]()

    def killed_before_counting(value: dict[str, Any]) -> None:
        calls["store"] += 1
        if calls["store"] == killed_after + 2:  # the first one marks the beginning
            raise KeyboardInterrupt  # the step itself is done, its number is not stored
        store(value)

    monkeypatch.setattr(loader, "_store", killed_before_counting)
    with pytest.raises(KeyboardInterrupt):
        loader.load()
    monkeypatch.setattr(loader, "_store", store)
    session.rollback()
    loader.load()
    facts = _facts()
    assert len(facts["proposals"]) == sum(
        len(files.rows(name, table))
        for name, table in (
            ("revisions", "change"),
            ("proposals", "proposal"),
            ("contributions", "proposal"),
        )
    )
    assert facts["contributions"] == len(files.rows("contributions", "contribution")) + 2  # a split one
    assert len(facts["sections"]) >= 25
    assert activity.verify()


@pytest.mark.sqlite_only
def test_nobody_gets_mail_about_the_pretended_past(demo_app: Flask) -> None:
    assert session.scalar(select(func.count()).where(OutboxMail.sent_at.is_(None))) == 0


def test_real_installations_and_production_are_left_alone(app: Flask, make: Any) -> None:
    make.person("administrator")
    assert loader.load() == ""
    app.config["CHARTA_MODE"] = "production"
    with pytest.raises(RuntimeError, match="production"):
        loader.load()


@pytest.mark.sqlite_only
def test_one_ballot_runs_and_one_has_a_result(app: Flask) -> None:
    loader.load()
    by_state = {ballot.state: ballot for ballot in session.scalars(select(Ballot))}
    assert set(by_state) == {BallotState.OPEN, BallotState.CLOSED}
    running = by_state[BallotState.OPEN]
    assert (running.has_partners, running.has_participants) == (True, True)
    seats = session.scalars(select(PartnerSeat).where(PartnerSeat.ballot_id == running.id)).all()
    assert sorted((seat.choices is not None, seat.reservation_until is not None) for seat in seats) == [
        (False, False), (False, False), (False, True), (True, False), (True, False),
    ]  # fmt: skip
    tally = json.loads(by_state[BallotState.CLOSED].tally or "")["questions"][0]
    assert tally["partners"]["outcome"] == "adopted"
    assert (tally["partners"]["yes"], tally["partners"]["abstain"]) == (4, 1)
    assert tally["participants"]["voted"] >= 40
    assert [group for group in tally["groups"] if group["group"] == "rest"]
    assert by_state[BallotState.CLOSED].outcome
    # The accounts people sign in with can still vote in the one that runs.
    guest = keys.actor("teilnahme1@example.org")
    own = one_ballot.load(guest, running.id).own
    assert own is not None
    assert own.answers is None
