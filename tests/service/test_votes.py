# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The life of a ballot: prepared, opened, cast, changed, closed, counted again."""

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from charta.accounts.models import Organisation, Person
from charta.accounts.rules import Voting
from charta.activity import queries as activity
from charta.activity.models import ActivityEntry
from charta.db import as_of, session, transaction, utcnow
from charta.errors import EditConflict, InvalidInput, NotFound, NotPermitted, WrongState
from charta.measures import service as measures
from charta.measures.models import Measure
from charta.measures.rules import IndicatorFigures, MeasureStatus
from charta.notifications.models import OutboxMail
from charta.permissions import ANONYMOUS
from charta.proposals import service as proposals
from charta.sections import structure
from charta.sections.models import Section
from charta.sections.rules import LAST, StructureCause
from charta.votes import anonymity, recount, service, worker
from charta.votes.models import PartnerSeat
from charta.votes.queries import ballots, one_ballot, results
from charta.votes.rules import BallotInput, BallotState, QuestionInput, Standing
from charta.web.dates import local
from tests import factories, proposing, voting
from tests.databases import Statements


@pytest.fixture
def world(app: Flask) -> voting.World:
    return voting.world()


def mails(template: str) -> list[OutboxMail]:
    session.rollback()
    found = list(session.scalars(select(OutboxMail).where(OutboxMail.template == template)))
    session.rollback()
    return found


# ----------------------------------------------------------------------------------------------- preparing


def test_a_draft_is_changed_and_thrown_away_and_only_the_moderation_sees_it(world: voting.World) -> None:
    ballot = voting.prepared(world.moderator, title="  Erste  Fassung ")
    assert one_ballot.load(world.moderator.actor, ballot).title == "Erste Fassung"
    for other in (world.partners[0].actor, world.attendees[0].actor, ANONYMOUS):
        with pytest.raises(NotFound):
            one_ballot.load(other, ballot)
    values = BallotInput("Zweite", [QuestionInput("Ja?"), QuestionInput("Nein?")], utcnow() + timedelta(1))
    service.change(world.moderator.actor, ballot, values, seen_version=1)
    with pytest.raises(EditConflict):
        service.change(world.moderator.actor, ballot, values, seen_version=1)
    assert [q.text for q in one_ballot.load(world.moderator.actor, ballot).questions] == ["Ja?", "Nein?"]
    service.discard(world.moderator.actor, ballot)
    service.discard(world.moderator.actor, ballot)
    with pytest.raises(NotFound):
        one_ballot.load(world.moderator.actor, ballot)
    with pytest.raises(NotPermitted):
        voting.prepared(world.partners[0])


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    "details, field, code",
    [
        ({"hours": -1}, "closes_at", "in_the_past"),
        ({"opens_at": timedelta(hours=3)}, "closes_at", "closes_before_opening"),
        ({"questions": []}, "questions", "required"),
        ({"questions": [QuestionInput("x")] * 11}, "questions", "too_many"),
        ({"has_partners": False, "has_participants": False}, "electorate", "electorate_required"),
        ({"questions": voting.ALL_METHODS}, "question_3", "partners_answer_yes_no"),
        ({"quorum": -1}, "quorum", "between"),
        ({"scope": "forums"}, "forum_ids", "forums_required"),
        ({"scope": "forums", "forum_ids": [999]}, "forum_ids", "not_found"),
        ({"title": "x" * 201}, "title", "too_long"),
    ],
)
def test_what_cannot_be_voted_on_is_refused(
    world: voting.World, details: dict[str, object], field: str, code: str
) -> None:
    from charta.votes.rules import Scope

    if "opens_at" in details:
        details = {"opens_at": utcnow() + timedelta(hours=3)}
    if "scope" in details:
        details = details | {"scope": Scope.FORUMS}
    with pytest.raises(InvalidInput) as refused:
        voting.prepared(world.moderator, **details)  # type: ignore[arg-type]
    assert (refused.value.field, refused.value.code) == (field, code)


# ------------------------------------------------------------------------------------------ the whole life


def test_two_voices_are_counted_apart_and_anybody_recounts_them(world: voting.World, tmp_path: Path) -> None:
    ballot = voting.opened(world.moderator)
    for partner, choice in zip(world.partners, ("yes", "yes", "yes", "abstain", "no"), strict=True):
        voting.for_partner(partner, ballot, choice, "Gut so." if choice == "yes" else "")
    codes = {
        service.cast(who.actor, ballot, answers=[choice]).code
        for who, choice in zip(world.attendees, ["no"] * 4 + ["yes", "abstain"], strict=True)
    }
    assert len(codes) == 6
    with pytest.raises(NotFound):
        results.result(world.moderator.actor, ballot)
    voting.closed(ballot)

    found = results.result(ANONYMOUS, ballot)
    assert found.is_stored
    (question,) = found.tally["questions"]
    assert (question["partners"]["outcome"], question["partners"]["because"]) == ("adopted", "adopted")
    assert question["partners"]["named"][0] == {
        "organisation": "AMZ", "choice": "yes", "reason": "Gut so.", "reservation_until": None,
    }  # fmt: skip
    assert (question["participants"]["no"], question["participants"]["direction"]) == (4, "against")
    assert question["voices"] == "differ"
    assert found.tally["turnout"] == {
        "partners": {"entitled": 5, "voted": 5},
        "participants": {"entitled": 6, "voted": 6},
    }
    content = results.export_for(ANONYMOUS, ballot)
    for who in [*world.attendees, *world.partners]:
        assert who.name.encode() not in content
    assert {vote["receipt"] for vote in json.loads(content)["participants"]} == codes

    file, program = tmp_path / "ballot.json", tmp_path / "recount.py"
    file.write_bytes(content)
    program.write_bytes(Path(recount.__file__).read_bytes())
    alone = subprocess.run(
        [sys.executable, "-I", program, file], capture_output=True, check=True, cwd=tmp_path
    )
    assert alone.stdout.decode() == voting.stored(ballot).tally
    line = session.scalar(select(ActivityEntry).where(ActivityEntry.verb == "close_ballot"))
    assert line is not None
    assert line.data["tally_hash"] == found.tally_hash
    assert line.data["checksum"] == json.loads(content)["checksum"]
    assert activity.verify()
    assert {mail.data["head_hash"] for mail in mails("ballot_closed")} == {line.hash}


def test_every_method_of_participants_is_counted(world: voting.World) -> None:
    ballot = voting.opened(world.moderator, voting.ALL_METHODS, has_partners=False)
    answers = [
        ["yes", 5, [10, 0, 0], [0, 1, 2]],
        ["no", 4, [0, 5, 5], [1, 0, 2]],
        ["yes", None, None, None],
        ["abstain", 2, [1, 2, 3], [0, 2, 1]],
        ["yes", 5, [0, 0, 0], [0, 1, 2]],
    ]
    for who, given in zip(world.attendees, answers, strict=False):
        service.cast(who.actor, ballot, answers=given)
    voting.closed(ballot)
    one, two, three, four = (
        q["participants"] for q in results.result(world.moderator.actor, ballot).tally["questions"]
    )
    assert (one["yes"], one["no"], one["abstain"]) == (3, 1, 1)
    assert (two["counts"], two["sum"], two["abstain"], two["direction"]) == ([0, 1, 0, 1, 2], 16, 1, "for")
    assert (three["sums"], three["order"]) == ([11, 7, 8], [[0], [2], [1]])
    assert (four["order"], four["answered"]) == ([[0], [1], [2]], 4)


def test_below_five_votes_only_the_turnout_is_published(world: voting.World) -> None:
    ballot = voting.opened(world.moderator)
    for who in world.attendees[:4]:
        service.cast(who.actor, ballot, answers=["yes"])
    voting.closed(ballot)
    (question,) = results.result(ANONYMOUS, ballot).tally["questions"]
    assert question["participants"] == {"method": "yes_no", "voted": 4, "direction": "too_few"}
    assert b'"yes"' not in results.export_for(ANONYMOUS, ballot)


def test_whoever_reads_after_the_end_sees_the_tally_before_it_is_stored(world: voting.World) -> None:
    ballot = voting.opened(world.moderator)
    voting.for_partner(world.partners[0], ballot)
    with as_of(voting.stored(ballot).closes_at):
        read = results.result(ANONYMOUS, ballot)
        assert not read.is_stored
        assert read.ballot.standing is Standing.OVER
        session.rollback()
        assert worker.run_due() == 1
        assert worker.run_due() == 0
        assert not service.close(ballot)
        again = results.result(ANONYMOUS, ballot)
    assert again.is_stored
    assert (again.tally, again.tally_hash) == (read.tally, read.tally_hash)
    session.rollback()


# ------------------------------------------------------------------------------------------------- casting


def test_a_changed_vote_replaces_the_first_and_keeps_its_receipt(world: voting.World) -> None:
    ballot = voting.opened(world.moderator)
    who = world.attendees[0]
    first = service.cast(who.actor, ballot, answers=["yes"])
    second = service.cast(who.actor, ballot, answers=["no"])
    assert (first.code, first.is_changed, second.is_changed) == (second.code, False, True)
    assert len(first.code) == 20
    assert [seat.choices for seat in voting.seats(ballot) if seat.choices] == [["no"]]
    assert voting.own(who, ballot).answers == ("no",)


def test_nothing_stored_names_a_participant_or_a_time(world: voting.World) -> None:
    ballot = voting.opened(world.moderator)
    entries = activity.verify().entries
    service.cast(world.attendees[0].actor, ballot, answers=["yes"])
    assert activity.verify().entries == entries  # no line of the log either
    (seat,) = [seat for seat in voting.seats(ballot) if seat.choices]
    assert set(vars(seat)) - {"_sa_instance_state"} == {
        "id", "ballot_id", "voter_key", "group", "choices", "receipt", "version",
    }  # fmt: skip
    keys = [seat.voter_key for seat in voting.seats(ballot)]
    assert len(set(keys)) == len(world.attendees)
    assert not {str(who.id) for who in world.attendees} & set(keys)


def test_the_second_person_of_an_organisation_meets_the_first_ones_vote(world: voting.World) -> None:
    ballot = voting.opened(world.moderator)
    member = world.partners[1]
    until = local(utcnow()).date()
    voting.for_partner(member, ballot, "objection", "Die Kosten sind offen.", reservation_until=until)
    with pytest.raises(EditConflict) as met:
        voting.for_partner(world.deputy, ballot, "yes")
    assert met.value.data["choices"] == ["objection"]
    assert met.value.data["reasons"] == ["Die Kosten sind offen."]
    assert (met.value.data["by_name"], met.value.data["version"]) == ("Mitglied IHK", 1)
    voting.for_partner(world.deputy, ballot, "yes", seen=1)
    assert voting.own(member, ballot).cast_by_name == "Stellvertretung IHK"
    told = mails("ballot_cast")
    assert len(told) == 4  # both people, both times
    assert {mail.person_id for mail in told} == {member.id, world.deputy.id}


def test_the_same_form_sent_twice_is_one_vote(world: voting.World) -> None:
    ballot = voting.opened(world.moderator)
    first = voting.for_partner(world.partners[0], ballot)
    assert voting.for_partner(world.partners[0], ballot) == first
    assert len(mails("ballot_cast")) == 1


def test_a_reservation_of_the_board_is_no_vote(world: voting.World) -> None:
    ballot = voting.opened(world.moderator, hours=24 * 20)
    until = local(utcnow()).date() + timedelta(days=10)
    service.reserve(world.partners[0].actor, ballot, until=until, seen_version=0)
    mine = voting.own(world.partners[0], ballot)
    assert (mine.answers, mine.reservation_until) == (None, until)
    for day, code in ((until + timedelta(30), "after_closing"), (until - timedelta(30), "in_the_past")):
        with pytest.raises(InvalidInput) as refused:
            service.reserve(world.partners[0].actor, ballot, until=day, seen_version=1)
        assert refused.value.code == code
    voting.closed(ballot)
    (question,) = results.result(ANONYMOUS, ballot).tally["questions"]
    assert question["partners"]["named"][0]["reservation_until"] == until.isoformat()
    assert question["partners"]["not_voted"] == 5


def test_only_who_is_on_the_roll_votes(world: voting.World) -> None:
    ballot = voting.opened(world.moderator)
    late = factories.attendee()
    new_deputy = factories.partner(organisation_id=world.partners[0].organisation_id, voting=Voting.DEPUTY)
    colleague = factories.partner(organisation_id=world.partners[0].organisation_id)
    stranger = factories.partner(organisation_id=factories.organisation("Neue Kammer"), voting=Voting.MEMBER)
    for who in (new_deputy, colleague, stranger):
        with pytest.raises(NotPermitted) as refused:
            voting.for_partner(who, ballot)
        assert refused.value.reason == "not_on_roll"
    for who in (late, world.moderator, world.partners[0]):
        with pytest.raises(NotPermitted):
            service.cast(who.actor, ballot, answers=["yes"])
    with pytest.raises(NotPermitted):
        service.cast(ANONYMOUS, ballot, answers=["yes"])
    with transaction() as tx:  # somebody leaves, or loses the vote, after opening: the roll stays
        tx.session.execute(update(Person).where(Person.id == world.partners[0].id).values(voting=Voting.NONE))
    voting.for_partner(world.partners[0], ballot)


def test_code_only_accounts_are_not_on_the_roll(world: voting.World) -> None:
    with transaction() as tx:
        tx.session.execute(update(Person).where(Person.id == world.attendees[0].id).values(email=None))
    ballot = voting.opened(world.moderator)
    assert len(voting.seats(ballot)) == len(world.attendees) - 1
    with pytest.raises(NotPermitted):
        service.cast(world.attendees[0].actor, ballot, answers=["yes"])


def test_who_was_deactivated_in_between_does_not_vote(world: voting.World) -> None:
    ballot = voting.opened(world.moderator)
    gone = (world.attendees[0], world.partners[0])
    with transaction() as tx:
        tx.session.execute(
            update(Person).where(Person.id.in_([who.id for who in gone])).values(deactivated_at=tx.now)
        )
    with pytest.raises(NotPermitted) as refused:
        service.cast(gone[0].actor, ballot, answers=["yes"])
    assert refused.value.reason == "deactivated"
    with pytest.raises(NotPermitted):
        voting.for_partner(gone[1], ballot)


@pytest.mark.parametrize("minutes, state", [(-30, "scheduled"), (200, "over")])
def test_nobody_votes_before_or_after_the_time(world: voting.World, minutes: int, state: str) -> None:
    now = utcnow()
    ballot = voting.opened(world.moderator, opens_at=now + timedelta(hours=1))
    with as_of(now + timedelta(minutes=60 + minutes)):
        with pytest.raises(WrongState) as refused:
            service.cast(world.attendees[0].actor, ballot, answers=["yes"])
        with pytest.raises(WrongState):
            voting.for_partner(world.partners[0], ballot)
    assert refused.value.state == state
    with as_of(now + timedelta(minutes=70)):
        service.cast(world.attendees[0].actor, ballot, answers=["yes"])


def test_a_stored_end_is_final_whatever_the_clock_says(world: voting.World) -> None:
    ballot = voting.opened(world.moderator)
    voting.closed(ballot)
    with pytest.raises(WrongState) as refused:  # as if the clock had been set back by two hours
        service.cast(world.attendees[0].actor, ballot, answers=["yes"])
    assert refused.value.state == "closed"


def test_casting_costs_four_statements_however_long_the_roll_is(
    app: Flask, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    counts = []
    world, ballot = voting.world(3), 0
    for more in (0, 27):
        world.attendees += [factories.attendee() for _ in range(more)]
        ballot = voting.opened(world.moderator)
        with statements() as counted:
            service.cast(world.attendees[-1].actor, ballot, answers=["yes"])
        counts.append(int(counted))
        assert counted <= 4, counted
        session.rollback()
        one_ballot.load(world.attendees[0].actor, ballot)
        with statements() as counted:
            one_ballot.load(world.attendees[-1].actor, ballot)
        assert counted == 1, counted  # with the session and the settings: three a page
    assert counts[0] == counts[1]
    with statements() as counted:
        voting.for_partner(world.partners[0], ballot)
    assert counted <= 8, counted


def test_opening_costs_the_same_however_many_vote(
    world: voting.World, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    counts = []
    for more in (0, 6):
        for _ in range(more):
            factories.partner(voting=Voting.MEMBER)
            factories.attendee()
        draft = voting.prepared(world.moderator)
        with statements() as counted:
            service.open_ballot(world.moderator.actor, draft, seen_version=1)
        counts.append(int(counted))
    assert counts[0] == counts[1] <= 25


# ---------------------------------------------------------------------------------------------- the freeze


def test_a_text_stays_as_it_is_while_a_ballot_on_it_is_open(world: voting.World) -> None:
    section = proposing.section()
    ballot = voting.opened(world.moderator, section_id=section)
    with pytest.raises(WrongState) as refused:
        proposing.rewrite(section, "gute Arbeit", "sehr gute Arbeit")
    assert refused.value.state == "text_held"
    with pytest.raises(WrongState):
        voting.opened(world.moderator, section_id=section)
    page = one_ballot.load(world.partners[0].actor, ballot)
    assert page.text_body == proposing.BODY
    assert page.text_hash == recount.text_hash("Gute Arbeit", proposing.BODY)
    assert (page.subject.kind, page.subject.id) == ("section", section)
    session.rollback()
    voting.closed(ballot)
    assert proposing.rewrite(section, "gute Arbeit", "sehr gute Arbeit") == 2
    assert one_ballot.load(ANONYMOUS, ballot).text_body == proposing.BODY


def test_what_stands_above_a_text_under_vote_may_move_with_it_but_not_go(world: voting.World) -> None:
    above = proposing.section("Oben")
    section = proposing.section(parent_id=above)
    ballot = voting.opened(world.moderator, section_id=section)
    by = {"author_id": world.moderator.id, "cause": StructureCause.PROPOSAL}
    for buried in (section, above):
        with pytest.raises(WrongState) as refused, transaction() as tx:
            structure.bury_section(tx, tx.session.get_one(Section, buried), **by)
        assert refused.value.state == ("text_held" if buried == section else "has_children")
    field = factories.field_of_action("Arbeit")
    with transaction() as tx:
        structure.place_section(
            tx, tx.session.get_one(Section, above), parent_id=None, field_id=field, after_id=LAST, **by
        )
    page = one_ballot.load(world.partners[0].actor, ballot)
    assert (page.text_title, page.text_body) == ("Gute Arbeit", proposing.BODY)
    assert page.subject.section_id == section
    session.rollback()
    voting.for_partner(world.partners[0], ballot)
    voting.closed(ballot)
    assert recount.recount(results.export_of(ballot)).decode() == voting.stored(ballot).tally


def test_a_proposal_is_held_until_the_ballot_on_it_ends(world: voting.World) -> None:
    round_ = proposing.world()
    number = proposing.submitted(round_.author, round_.section)
    draft = voting.prepared(world.moderator, proposal_id=number)
    service.open_ballot(world.moderator.actor, draft, seen_version=1)
    assert proposing.stored(number).is_held
    with pytest.raises(WrongState) as refused:
        proposals.approve(round_.moderator.actor, number, **proposing.seen(number))
    assert refused.value.state == "held"
    page = one_ballot.load(world.partners[0].actor, draft)
    assert "sehr gute Arbeit" in page.text_body
    assert (page.subject.kind, page.subject.id, page.subject.proposal_version) == ("proposal", number, 1)
    session.rollback()
    voting.closed(draft)
    assert not proposing.stored(number).is_held
    proposals.approve(round_.moderator.actor, number, **proposing.seen(number))


def test_a_ballot_on_an_older_version_of_a_proposal_does_not_open(world: voting.World) -> None:
    round_ = proposing.world()
    number = proposing.submitted(round_.author, round_.section)
    draft = voting.prepared(world.moderator, proposal_id=number)
    proposals.save_draft(
        round_.author.actor, number, title="Gute Arbeit", body=proposing.BODY + "\nNeu.\n", summary="Neu",
        seen_edit=0,
    )  # fmt: skip
    proposals.resubmit(round_.author.actor, number)
    with pytest.raises(EditConflict):
        service.open_ballot(world.moderator.actor, draft, seen_version=1)
    assert not proposing.stored(number).is_held


# ------------------------------------------------------------------------------ cancelling and the rest


def test_a_cancelled_ballot_counts_nothing_and_keeps_no_vote(world: voting.World) -> None:
    section = proposing.section()
    ballot = voting.opened(world.moderator, section_id=section)
    service.cast(world.attendees[0].actor, ballot, answers=["yes"])
    with pytest.raises(InvalidInput):
        service.cancel(world.moderator.actor, ballot, reason=" ")
    service.cancel(world.moderator.actor, ballot, reason="Die Frage war falsch gestellt.")
    service.cancel(world.moderator.actor, ballot, reason="Zweimal ist kein Fehler.")
    found = voting.stored(ballot)
    assert (found.state, found.key, found.tally) == (BallotState.CANCELLED, None, None)
    assert voting.seats(ballot) == []
    assert voting.seats(ballot, PartnerSeat) == []
    with pytest.raises(WrongState):
        service.cast(world.attendees[0].actor, ballot, answers=["yes"])
    assert len(mails("ballot_cancelled")) == 12
    proposing.rewrite(section, "gute Arbeit", "sehr gute Arbeit")


def test_nobody_ends_a_real_ballot_early_but_a_rehearsal(world: voting.World) -> None:
    section = proposing.section()
    draft = voting.prepared(world.moderator, section_id=section)
    trial = service.rehearse(world.moderator.actor, draft, closes_at=utcnow() + timedelta(minutes=5))
    voting.for_partner(world.partners[0], trial)
    proposing.rewrite(section, "gute Arbeit", "sehr gute Arbeit")  # a rehearsal holds nothing
    service.end_rehearsal(world.moderator.actor, trial)
    service.end_rehearsal(world.moderator.actor, trial)
    assert results.result(world.partners[0].actor, trial).is_stored
    with pytest.raises(NotFound):
        results.result(ANONYMOUS, trial)
    session.rollback()
    assert mails("ballot_opened") == []
    service.open_ballot(world.moderator.actor, draft, seen_version=1)
    with pytest.raises(WrongState):
        service.end_rehearsal(world.moderator.actor, draft)
    assert len(mails("ballot_opened")) == 12


def test_reminders_reach_those_who_have_not_voted_once(world: voting.World) -> None:
    now = utcnow()
    ballot = voting.opened(world.moderator, closes_at=now + timedelta(days=5))
    voting.for_partner(world.partners[1], ballot)
    service.cast(world.attendees[0].actor, ballot, answers=["yes"])
    with as_of(now + timedelta(days=2)):
        assert worker.run_due() == 0
    with as_of(now + timedelta(days=4)):
        assert worker.run_due() == 1
        assert worker.run_due() == 0
    told = {mail.person_id for mail in mails("ballot_reminder")}
    silent = [*world.partners, *world.attendees[1:]]
    assert told == {who.id for who in silent if who is not world.partners[1]}


def test_the_key_is_destroyed_after_two_weeks_and_the_file_stays_the_same(world: voting.World) -> None:
    ballot = voting.opened(world.moderator)
    for who in world.attendees:
        service.cast(who.actor, ballot, answers=["yes"])
    voting.closed(ballot)
    before = results.export_of(ballot)
    session.rollback()
    ends_at = voting.stored(ballot).closes_at
    with as_of(ends_at + timedelta(days=13)):
        worker.run_due()
    assert voting.stored(ballot).key is not None
    with as_of(ends_at + timedelta(days=14)):
        worker.run_due()
    assert voting.stored(ballot).key is None
    assert results.export_of(ballot) == before


def test_tables_by_group_stay_as_they_were_published(
    world: voting.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ballot = voting.opened(world.moderator)
    for who in world.attendees:
        service.cast(who.actor, ballot, answers=["yes"])
    table = {"group": "company", "entitled": 3, "voted": 3, "cells": [{"hidden": True}]}
    monkeypatch.setattr(anonymity, "tables", lambda *_: [table, table | {"group": "youth"}])
    voting.closed(ballot)
    monkeypatch.setattr(anonymity, "tables", lambda *_: [])  # a later release counts otherwise
    content = results.export_of(ballot)
    session.rollback()
    assert recount.recount(content).decode() == voting.stored(ballot).tally


def test_the_moderation_says_what_follows_and_everybody_hears_it_once(world: voting.World) -> None:
    ballot = voting.opened(world.moderator)
    with pytest.raises(WrongState):
        service.state_outcome(world.moderator.actor, ballot, words="Angenommen.", seen_version=2)
    voting.over(ballot)  # the next write stores the tally
    service.state_outcome(world.moderator.actor, ballot, words="Die Maßnahme kommt.", seen_version=2)
    service.state_outcome(world.moderator.actor, ballot, words="Die Maßnahme kommt 2027.", seen_version=4)
    assert voting.stored(ballot).state is BallotState.CLOSED
    assert len(mails("ballot_outcome")) == 12
    assert one_ballot.load(ANONYMOUS, ballot).outcome == "Die Maßnahme kommt 2027."


def test_who_sees_what_of_a_running_ballot(world: voting.World) -> None:
    ballot = voting.opened(world.moderator)
    voting.for_partner(world.partners[0], ballot, "no", "Zu früh.")
    stranger = factories.attendee()
    for nobody in (ANONYMOUS, stranger.actor):
        with pytest.raises(NotFound):
            one_ballot.load(nobody, ballot)
        assert ballots.listing(nobody).current == []
    waiting = one_ballot.load(world.partners[2].actor, ballot)
    assert (waiting.partners, waiting.turnout) == (None, None)  # not before the own vote
    voted = one_ballot.load(world.partners[0].actor, ballot)
    assert voted.partners is not None
    assert [row.choices for row in voted.partners if row.has_voted] == [("no",)]
    office = one_ballot.load(world.moderator.actor, ballot)
    assert office.partners is None
    assert office.turnout == one_ballot.Turnout(5, 1, 6, 0)
    assert one_ballot.load(world.attendees[0].actor, ballot).turnout is None


def test_the_list_says_where_the_viewer_has_to_vote(world: voting.World) -> None:
    first, second = voting.opened(world.moderator, title="Eins"), voting.opened(world.moderator, title="Zwei")
    service.cast(world.attendees[0].actor, first, answers=["yes"])
    assert [row.own_state for row in ballots.listing(world.attendees[0].actor).current] == ["voted", "open"]
    assert [row.id for row in ballots.to_vote(world.attendees[0].actor)] == [second]
    assert [row.id for row in ballots.to_vote(world.deputy.actor)] == [first, second]
    session.rollback()
    voting.for_partner(world.partners[1], first)
    assert [row.id for row in ballots.to_vote(world.deputy.actor)] == [second]
    session.rollback()
    voting.closed(first)
    over = ballots.listing(ANONYMOUS).over
    assert [(row.id, row.outcomes) for row in over] == [(first, ("not_adopted",))]


def test_a_rehearsal_is_listed_for_those_on_its_roll_alone(world: voting.World) -> None:
    colleague = factories.partner(
        email="ohne.stimme@example.org", organisation_id=world.partners[0].organisation_id
    )
    draft = voting.prepared(world.moderator)
    trial = service.rehearse(world.moderator.actor, draft, closes_at=utcnow() + timedelta(minutes=5))
    voting.for_partner(world.partners[0], trial)

    def listed(who: factories.Account) -> list[int]:
        found = ballots.listing(who.actor)
        session.rollback()
        return [row.id for row in (*found.current, *found.over)]

    assert (listed(world.partners[0]), listed(colleague)) == ([trial], [])
    service.end_rehearsal(world.moderator.actor, trial)
    assert (listed(world.partners[0]), listed(colleague)) == ([trial], [])


# ------------------------------------------------------------------------------- what a vote leaves standing


def test_while_a_measure_is_voted_on_only_its_progress_changes(world: voting.World) -> None:
    figure = IndicatorFigures("Lotsen", "Anzahl", Decimal(0), Decimal(60), Decimal(10))
    measure_id = factories.measure(indicators=[figure])
    measure = session.get_one(Measure, measure_id)
    ballot = voting.opened(world.moderator, section_id=measure.section_id)

    def change(version: int, **changes: Any) -> int:
        values = {
            "responsible_id": None, "participant_ids": [], "status": MeasureStatus.RUNNING,
            "starts_on": None, "ends_on": None, "indicators": [figure],
        }  # fmt: skip
        return measures.change_attributes(
            world.moderator.actor, measure_id, seen_version=version, **(values | changes)
        )

    version = change(1, indicators=[replace(figure, current=Decimal(20))])
    for promised in (
        {"responsible_id": world.partners[0].organisation_id},
        {"participant_ids": [world.partners[0].organisation_id]},
        {"ends_on": date(2030, 1, 1)},
        {"indicators": [replace(figure, target=Decimal(50))]},
    ):
        with pytest.raises(WrongState) as refused:
            change(version, **promised)
        assert (refused.value.action, refused.value.state) == ("change_measure", "text_held")
    voting.closed(ballot)
    assert change(version, ends_on=date(2030, 1, 1)) == version + 1


def test_a_partner_on_the_roll_votes_though_it_is_no_partner_any_more(world: voting.World) -> None:
    """The roll is frozen: nobody can silence a partner between opening and closing."""
    ballot = voting.opened(world.moderator)
    with transaction() as tx:
        tx.session.execute(
            update(Organisation)
            .where(Organisation.id == world.partners[0].organisation_id)
            .values(is_partner=False)
        )
    session.rollback()
    assert voting.for_partner(world.partners[0], ballot).version == 1
