# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Forums and contributions of the demonstration: the files agree, and loading makes of them what they say."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from charta.contributions import rules, similar
from charta.contributions.models import CannedAnswer, Contribution, ContributionCard, ContributionEvent, Topic
from charta.contributions.rules import GAP, Kind, State
from charta.db import session, utcnow
from charta.demo import files, loader
from charta.demo.keys import ZONE
from charta.forums.models import (
    Attendance,
    Forum,
    ForumSeries,
    Invitation,
    InvitationWave,
    JoinCode,
    Registration,
)
from charta.forums.queries import forums as forum_queries
from charta.forums.rules import ForumState, InvitationState, RegistrationState, clean_code
from charta.proposals.models import Proposal, ProposalContribution
from charta.proposals.rules import State as ProposalState
from charta.sections import queries
from charta.site.models import CalendarDate
from charta.votes.queries import polls, polls_live
from tests import databases

Row = dict[str, Any]

FORUMS: list[Row] = files.rows("forums", "forum")
CONTRIBUTIONS: list[Row] = files.rows("contributions", "contribution")
TOPICS: list[Row] = files.rows("topics", "topic")
CODES = {row["code"]: row for row in CONTRIBUTIONS}


# --- the files ---------------------------------------------------------------------------------------------


def test_codes_are_different_and_of_the_alphabet_of_real_ones() -> None:
    assert len(CODES) == len(CONTRIBUTIONS) >= 45
    assert all(rules.clean_code(code) == code for code in CODES)
    joins = [row["code"] for row in FORUMS if row["code"]]
    joins += [table["code"] for row in FORUMS for table in row["tables"]]
    assert len(set(joins)) == len(joins)
    assert all(clean_code(code) == code for code in joins)


def test_contributions_are_short_and_say_where_they_belong() -> None:
    fields = {row["slug"] for row in files.rows("fields", "field")} | {""}
    people = {row["email"] for row in files.rows("people", "person")} | {""}
    tables = {(row["slug"], table["number"]) for row in FORUMS for table in row["tables"]}
    for row in CONTRIBUTIONS:
        assert rules.clean_text(row["text"]) == row["text"]
        assert 20 < len(row["text"]) < 400, row["code"]
        assert row["field"] in fields
        assert row["kind"] in {"", *Kind}
        assert row["by"] in people
        assert row["table"] == 0 or (row["forum"], row["table"]) in tables, row["code"]
        assert len(set(row["supporters"])) == len(row["supporters"])
        assert row["by"] not in {f"teilnahme{number}@example.org" for number in row["supporters"]}, row[
            "code"
        ]


def test_all_states_occur_and_the_queue_has_work() -> None:
    states = Counter(row["state"] for row in CONTRIBUTIONS)
    assert set(states) == set(State)
    assert states["received"] >= 12
    assert sum("redact" in row for row in CONTRIBUTIONS) == 1
    assert all(row["reason"] for row in CONTRIBUTIONS if row["state"] == "declined")
    assert all(CODES[row["into"]]["state"] == "accepted" for row in CONTRIBUTIONS if "into" in row)
    assert all(row["redact"] in row["text"] for row in CONTRIBUTIONS if "redact" in row)


def test_topics_hold_several_contributions_and_some_wait_for_their_answer() -> None:
    members = Counter(row["topic"] for row in CONTRIBUTIONS if "topic" in row)
    assert set(members) == {row["key"] for row in TOPICS}
    assert min(members.values()) >= 2
    assert {bool(row["answer"]) for row in TOPICS} == {True, False}


def test_nobody_of_the_lists_is_a_real_person() -> None:
    rows = [row for group in files.rows("forums", "registrations") for row in group["rows"]]
    rows += [row for wave in files.rows("forums", "wave") for row in wave["rows"]]
    assert len({row["email"] for row in rows}) == len(rows)
    for row in rows:
        assert row["name"].startswith("Demo ")
        assert row["email"].endswith("@example.org")
        assert (row.get("organisation") or row.get("company") or "Demo").startswith("Demo")


# --- what comes of loading ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def installed(demonstration_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application with the demonstration: the tests of this file only read."""
    folder = tmp_path_factory.mktemp("demonstration")
    copyfile(demonstration_file, folder / "charta.db")
    with databases.application(f"sqlite:///{folder / 'charta.db'}", folder) as app:
        yield app


@pytest.fixture
def loaded(installed: Flask) -> Iterator[Flask]:
    with installed.app_context():
        yield installed
        session.remove()


def test_five_forums_of_the_second_series_two_with_a_date(loaded: Flask) -> None:
    series = session.scalars(select(ForumSeries).where(ForumSeries.title.endswith("zweite Reihe"))).one()
    forums = session.scalars(select(Forum).where(Forum.series_id == series.id)).all()
    assert Counter(item.state for item in forums) == {
        ForumState.HELD: 1,
        ForumState.CONFIRMED: 1,
        ForumState.PLANNED: 3,
    }
    days = {
        item.place: (item.starts_at.astimezone(ZONE).date() - utcnow().astimezone(ZONE).date()).days
        for item in forums
        if item.starts_at
    }
    assert days == {"Zwickau": -17, "Chemnitz": 16}


def test_anybody_can_join_the_forum_that_always_runs(loaded: Flask) -> None:
    code = session.get(JoinCode, "DEMO24")
    assert code is not None
    forum = session.get(Forum, code.forum_id)
    assert forum is not None
    for days in (-400, 0, 400):
        assert forum_queries.is_open(forum, utcnow() + timedelta(days=days))
    codes = session.scalar(select(func.count()).where(JoinCode.forum_id == forum.id))
    assert codes == 6, "the wall and five tables"


def test_a_forum_stands_in_the_calendar_once(loaded: Flask) -> None:
    titles = session.scalars(select(CalendarDate.title)).all()
    assert not [title for title in titles if "Zukunftsforum" in title]


def test_an_older_demonstration_loses_the_date_that_is_a_forum_now(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = files.rows

    def with_the_old_date(name: str, table: str) -> list[Row]:
        old = {"title": "Zukunftsforum Chemnitz", "days_from_now": 16, "place": "", "starts": "14:00"}
        return read(name, table) + ([{**old, "ends": ""}] if table == "date" else [])

    with monkeypatch.context() as patch:
        patch.setattr(files, "rows", with_the_old_date)
        patch.setattr(loader, "PARTS", loader.PARTS[:4])
        loader.load()
    assert session.scalar(select(CalendarDate.id).where(CalendarDate.title == "Zukunftsforum Chemnitz"))
    session.rollback()
    assert loader.load(), "an installed demonstration catches up"
    assert not session.scalar(select(CalendarDate.id).where(CalendarDate.title == "Zukunftsforum Chemnitz"))


def test_every_contribution_is_where_the_file_says(loaded: Flask) -> None:
    found = {item.code: item for item in session.scalars(select(Contribution))}
    ids = {item.id: item.code for item in found.values()}
    topics = {item.id: item.title for item in session.scalars(select(Topic))}
    titles = {row["key"]: row["title"] for row in TOPICS}
    for row in CONTRIBUTIONS:
        item = found[row["code"]]
        assert item.state == row["state"], row["code"]
        assert topics.get(item.topic_id or 0) == titles.get(row.get("topic", "")), row["code"]
        assert ids.get(item.merged_into_id or 0, "") == row.get("into", "")
        assert item.answer_until is not None
        assert item.source_id is not None
    assert GAP in found["Z4N6VJ"].text
    assert found["U4H8YP"].is_hidden
    # Supports of merged ones came along, nobody twice.
    assert found["A7K2QF"].supporters == 7
    assert found["M4R8XN"].supporters == 7


def test_each_step_of_a_contribution_stands_on_its_timeline_in_order(loaded: Flask) -> None:
    code = session.scalars(select(Contribution.id).where(Contribution.code == "A7K2QF")).one()
    events = session.scalars(
        select(ContributionEvent)
        .where(ContributionEvent.contribution_id == code)
        .order_by(ContributionEvent.id)
    ).all()
    assert [event.verb.value for event in events] == ["receive", "accept", "bundle"]
    assert [event.at for event in events] == sorted(event.at for event in events)


def test_a_contribution_led_to_a_sentence_that_stands_in_the_charta(loaded: Flask) -> None:
    (row,) = files.rows("contributions", "proposal")
    proposal = session.scalars(select(Proposal).where(Proposal.summary == row["summary"])).one()
    assert (proposal.id, proposal.state) == (35, ProposalState.APPROVED)
    links = session.scalars(
        select(ProposalContribution.contribution_id).where(ProposalContribution.proposal_id == 35)
    ).all()
    assert [session.get_one(Contribution, ident).code for ident in links] == ["A7K2QF"]
    section = queries.section(proposal.section_id or 0)
    head = queries.head(section) if section else None
    assert head is not None
    assert head.body.endswith(f"{row['paragraph']}\n")


def test_open_proposals_take_up_the_contributions_that_the_file_names(loaded: Flask) -> None:
    links = session.execute(
        select(Proposal.once_key, Contribution.code)
        .join(ProposalContribution, ProposalContribution.proposal_id == Proposal.id)
        .join(Contribution, Contribution.id == ProposalContribution.contribution_id)
        .where(Proposal.id < 35)
    ).all()
    assert sorted(tuple(link) for link in links) == sorted(
        (f"demo-proposal-{row['proposal']}", row["code"]) for row in CONTRIBUTIONS if "proposal" in row
    )


def test_companies_have_answered_in_every_way(loaded: Flask) -> None:
    states = Counter(session.scalars(select(Invitation.state)).all())
    assert set(states) == set(InvitationState) - {InvitationState.DRAFT}
    waves = session.scalars(select(InvitationWave).order_by(InvitationWave.number)).all()
    assert [wave.sent_at is not None for wave in waves] == [True, True]
    assert [wave.reminded_at is not None for wave in waves] == [True, False]


def test_typed_cards_are_marked_and_the_others_are_left(loaded: Flask) -> None:
    cards = session.scalars(select(ContributionCard)).all()
    assert sum(card.contribution_id is not None for card in cards) == sum(
        row["forum"] == "zwickau" and not row["by"] for row in CONTRIBUTIONS
    )
    assert any(card.contribution_id is None for card in cards)


def test_chemnitz_is_full_and_people_wait(loaded: Flask) -> None:
    chemnitz = session.scalars(select(Forum).where(Forum.slug == "chemnitz")).one()
    states = Counter(
        session.scalars(select(Registration.state).where(Registration.forum_id == chemnitz.id)).all()
    )
    assert states[RegistrationState.REGISTERED] == chemnitz.capacity
    assert states[RegistrationState.WAITING] >= 1
    assert states[RegistrationState.UNCONFIRMED] == 1


def test_people_came_to_zwickau_by_phone_and_by_the_list(loaded: Flask) -> None:
    zwickau = session.scalars(select(Forum).where(Forum.slug == "zwickau")).one()
    assert session.scalar(select(func.count()).where(Attendance.forum_id == zwickau.id)) == 8
    came = session.scalar(
        select(func.count()).where(
            Registration.forum_id == zwickau.id, Registration.checked_in_at.is_not(None)
        )
    )
    assert came == 9


def test_the_search_for_similar_ones_has_something_to_show(loaded: Flask) -> None:
    waiting = session.scalars(select(Contribution).where(Contribution.code == "H9B6VM")).one()
    found = similar.similar(waiting.text)
    assert "G4K9WX" in [item.code for item in found]


def test_moderators_find_prepared_answers(loaded: Flask) -> None:
    assert session.scalar(select(func.count()).select_from(CannedAnswer)) == len(
        files.rows("topics", "canned")
    )


def test_numbers_of_earlier_proposals_stay_as_they_were(loaded: Flask) -> None:
    summaries = session.execute(select(Proposal.id, Proposal.summary).order_by(Proposal.id)).all()
    expected = [row["summary"] for row in files.rows("revisions", "change")]
    assert [row[0] for row in summaries[:34]] == list(range(1, 35))
    assert sorted(row[1] for row in summaries[:10]) == sorted(expected)
    assert summaries[21][1] == "Transformationslotsen auch für kleine Betriebe öffnen"


def test_one_question_was_asked_at_five_forums_and_a_poll_runs_in_the_open_hall(demo_app: Flask) -> None:
    asked, rows = polls.trend(1)
    assert asked.text == "Wie veränderungsbereit sind wir?"
    assert len({forum.id for forum, one in rows if one.shows}) == 5
    assert sum(one.online is not None and one.online.is_shown for _forum, one in rows) == 1
    _hall, wall = polls_live.wall("demonstration", utcnow())
    assert wall is not None
    assert wall.result.is_running
    assert wall.result.shows
