# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Polls: one answer a person, nothing shown below five, all counted at the end; and what races do to them."""

import json
import random
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from charta.accounts.models import Person
from charta.activity import queries as activity
from charta.db import session, transaction, utcnow
from charta.errors import EditConflict, InvalidInput, NotFound, NotPermitted, WrongState
from charta.forums.models import Forum
from charta.forums.rules import ProjectorMode
from charta.forums.service import projecting
from charta.permissions import Actor
from charta.votes import poll_rules
from charta.votes.models import Poll, PollAnswer
from charta.votes.queries import polls as queries
from charta.votes.queries import polls_live as live
from charta.votes.rules import PollMethod, PollState
from charta.votes.service import polling
from charta.votes.service.poll_answering import answer
from tests import factories, halls, polls
from tests.races import in_processes, in_threads


@pytest.fixture
def forum(app: Flask) -> Forum:
    return halls.begin(halls.forum("Zukunftsforum Zwickau"))


@pytest.fixture
def moderator(app: Flask) -> Actor:
    return factories.moderator().actor


def answers(poll_id: int) -> int:
    session.rollback()
    return session.scalar(select(func.count()).where(PollAnswer.poll_id == poll_id)) or 0


def phone(actor: Actor, forum: Forum) -> live.OnPhone:
    session.rollback()
    session.expunge_all()
    return live.on_phone(actor, forum.slug, utcnow()).polls[0]


def test_results_show_from_five_answers_on_in_steps_of_five(forum: Forum, moderator: Actor) -> None:
    poll_id = polls.poll(forum)
    there = polls.people(forum, 13)
    shown = []
    for number, person in enumerate(there):
        answer(person, poll_id, choices=[number % 2])
        session.rollback()
        _hall, wall = live.wall(forum.slug, utcnow())
        assert wall is not None
        shown.append(wall.result.hall.answers)
        assert wall.count == number + 1
    # The first five at once; later five more when at least five stay behind.
    assert shown == [0, 0, 0, 0, 5, 5, 5, 5, 5, 5, 5, 5, 5]
    assert polls.again(poll_id).tally == [3, 2, 0]
    polling.stop(moderator, poll_id)
    found = polls.again(poll_id)
    assert (found.tally, found.tally_answers) == ([7, 6, 0], 13)
    polling.stop(moderator, poll_id)  # twice changes nothing
    assert polls.again(poll_id).version == found.version
    assert activity.verify()


def test_an_answer_can_be_changed_until_it_is_shown_and_counts_once(forum: Forum, moderator: Actor) -> None:
    poll_id = polls.poll(forum, shows_results=False)
    there = polls.people(forum, 5)
    polls.answer_all(poll_id, there)
    for _again in range(2):
        answer(there[0], poll_id, choices=[2])
    assert (phone(there[0], forum).own, phone(there[0], forum).takes_answers) == ([2], True)
    assert answers(poll_id) == 5
    polling.stop(moderator, poll_id)
    assert polls.again(poll_id).tally == [4, 0, 1]
    with pytest.raises(WrongState) as error:
        answer(there[0], poll_id, choices=[1])
    assert error.value.state == "over"
    polling.launch(moderator, poll_id)  # stopped by mistake
    answer(there[0], poll_id, choices=[2])  # a second tap is no change
    with pytest.raises(WrongState) as error:
        answer(there[0], poll_id, choices=[1])
    assert error.value.state == "shown"
    assert (phone(there[0], forum).is_settled, phone(there[0], forum).takes_answers) == (True, False)
    polling.stop(moderator, poll_id)
    assert polls.again(poll_id).tally == [4, 0, 1]


def test_an_end_adds_at_least_five_answers_or_none(forum: Forum, moderator: Actor) -> None:
    poll_id = polls.poll(forum)
    there = polls.people(forum, 18)
    polls.answer_all(poll_id, there[:8])
    polling.stop(moderator, poll_id)
    hall = queries.results(forum.id)[0].hall
    assert (hall.counts, hall.given, hall.is_partial) == ([5, 0, 0], 8, True)
    polling.launch(moderator, poll_id)
    answer(there[8], poll_id, choices=[1])
    polling.stop(moderator, poll_id)
    assert queries.results(forum.id)[0].hall.counts == [5, 0, 0]
    polling.launch(moderator, poll_id)
    polls.answer_all(poll_id, there[9:13], choice=2)
    polling.stop(moderator, poll_id)
    hall = queries.results(forum.id)[0].hall
    assert (hall.counts, hall.given, hall.is_partial) == ([8, 1, 4], 13, False)
    _reopened(moderator, poll_id, there[13:17])
    assert not queries.results(forum.id)[0].online.is_shown  # type: ignore[union-attr]
    _reopened(moderator, poll_id, there[17:])
    assert queries.results(forum.id)[0].online.counts == [5, 0, 0]  # type: ignore[union-attr]


def _reopened(moderator: Actor, poll_id: int, there: list[Actor]) -> None:
    polling.open_online(moderator, poll_id, until=utcnow() + timedelta(days=1))
    polls.answer_all(poll_id, there)
    polling.close_online(moderator, poll_id)
    session.rollback()


def test_revealing_shows_what_a_hall_may_see_at_once(forum: Forum, moderator: Actor) -> None:
    poll_id = polls.poll(forum, shows_results=False)
    polls.answer_all(poll_id, polls.people(forum, 23))
    assert polls.again(poll_id).tally is None
    polling.reveal(moderator, poll_id)
    assert polls.again(poll_id).tally_answers == 15


Seen = tuple[tuple[int, ...], int]


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_two_shown_tallies_differ_by_five_answers_or_more(
    forum: Forum, moderator: Actor, seed: int
) -> None:
    chance = random.Random(seed)  # a walk that can be walked again
    poll_id = polls.poll(forum, shows_results=seed % 3 > 0)
    there = polls.people(forum, 30)
    hall: list[Seen] = [((0, 0, 0), 0)]
    online = list(hall)
    for step in range(90):
        deed = chance.choices(
            [
                partial(answer, chance.choice(there), poll_id, choices=[chance.randrange(3)]),
                partial(polling.stop, moderator, poll_id),
                partial(polling.launch, moderator, poll_id),
                partial(polling.reveal, moderator, poll_id),
                partial(polling.open_online, moderator, poll_id, until=utcnow() + timedelta(days=1)),
                partial(polling.close_online, moderator, poll_id),
            ],
            # Online only in the second half: afterwards the hall is not asked again.
            [24, 2, 6, 1, *((2, 2) if step > 50 else (0, 0))],
        )[0]
        with suppress(WrongState):
            deed()
        session.rollback()
        session.expire_all()
        _hall, wall = live.wall(forum.slug, utcnow())
        found = queries.results(forum.id)[0]
        assert wall is not None
        _look(hall, wall.result.shows, wall.result.hall)
        _look(hall, found.shows, found.hall)
        if found.online is not None:
            _look(online, found.online.is_shown, found.online)
    assert len(hall) > 2


def _look(seen: list[Seen], is_shown: bool, part: queries.Part) -> None:
    """Keep a tally that was not seen before: it holds the one before and at least five answers more."""
    now = (tuple(part.counts), part.answers)
    if not is_shown or now == seen[-1]:
        return
    more = [new - old for new, old in zip(now[0], seen[-1][0], strict=True)]
    assert min(more) >= 0, (seen, now)
    assert sum(more) == now[1] - seen[-1][1] >= poll_rules.STEP, (seen, now)
    seen.append(now)


def test_below_five_nothing_is_shown_even_at_the_end(forum: Forum, moderator: Actor) -> None:
    poll_id = polls.poll(forum)
    polls.answer_all(poll_id, polls.people(forum, 4))
    polling.stop(moderator, poll_id)
    assert not queries.results(forum.id)[0].hall.is_shown
    assert queries.results(forum.id)[0].hall.counts == []


def test_only_who_is_at_the_forum_answers_and_only_the_moderation_runs(
    forum: Forum, moderator: Actor
) -> None:
    poll_id = polls.poll(forum, runs=False)
    there = polls.people(forum, 1)[0]
    with pytest.raises(NotFound):
        answer(there, poll_id, choices=[0])  # nobody knows of it yet
    polling.launch(moderator, poll_id)
    with pytest.raises(WrongState) as error:
        answer(factories.attendee().actor, poll_id, choices=[0])
    assert error.value.state == "not_there"
    with pytest.raises(NotPermitted):
        answer(factories.administrator().actor, poll_id, choices=[0])
    for deed in (polling.launch, polling.stop, polling.show, polling.take_down, polling.remove):
        with pytest.raises(NotPermitted):
            deed(factories.partner().actor, poll_id)
        with pytest.raises(NotFound):
            deed(moderator, 4711)
    with pytest.raises(InvalidInput):
        answer(there, poll_id, choices=[0, 1])
    with transaction() as tx:
        row = tx.session.get(Person, there.id)
        assert row is not None
        row.deactivated_at = tx.now
    with pytest.raises(NotPermitted):
        answer(there, poll_id, choices=[0])


def test_one_poll_runs_at_a_time_and_stands_on_the_wall(forum: Forum, moderator: Actor) -> None:
    first = polls.poll(forum)
    second = polls.poll(forum, question="Und jetzt?")
    assert polls.again(first).state is PollState.STOPPED
    assert halls.again(forum.id).projector_poll_id == second
    polling.show(moderator, first)
    assert halls.again(forum.id).projector_poll_id == first
    projecting.switch(moderator, forum.id, mode=ProjectorMode.PAUSE)
    assert halls.again(forum.id).projector_poll_id is None
    assert polls.again(second).state is PollState.RUNNING
    polling.take_down(moderator, second)
    with pytest.raises(WrongState):
        polling.remove(moderator, first)
    with pytest.raises(WrongState):
        polling.change(
            moderator,
            first,
            poll_rules.question("Neu", PollMethod.WORDS),
            shows_results=True,
            seen_version=polls.again(first).version,
        )


def test_questions_are_prepared_changed_and_taken_off(forum: Forum, moderator: Actor) -> None:
    poll_id = polls.poll(forum, runs=False, is_recurring=True)
    other = halls.begin(halls.forum("Ein anderes"))
    recurring_id = polls.again(poll_id).recurring_id
    copy = polling.prepare(moderator, other.id, None, recurring_id=recurring_id)
    assert polls.again(copy).question == polls.READY
    asked = poll_rules.question("Anders gefragt?", PollMethod.WORDS)
    polling.change(moderator, copy, asked, shows_results=False, seen_version=1)
    assert (polls.again(copy).question, polls.again(copy).shows_results) == (polls.READY, False)
    with pytest.raises(EditConflict):
        polling.change(moderator, copy, asked, shows_results=True, seen_version=1)
    own = polls.poll(other, runs=False, question="Was?")
    polling.change(moderator, own, asked, shows_results=True, seen_version=1)
    assert polls.again(own).method is PollMethod.WORDS
    with pytest.raises(InvalidInput) as error:
        polling.prepare(
            moderator, other.id, poll_rules.question(polls.READY, PollMethod.WORDS), is_recurring=True
        )
    assert error.value.code == "recurring_differs"
    polling.remove(moderator, own)
    assert [one.poll.id for one in live.listed(other.id)] == [copy]


def test_words_stand_nowhere_until_the_moderation_lets_them_through(forum: Forum, moderator: Actor) -> None:
    poll_id = polls.poll(forum, PollMethod.WORDS, question="Ein Wort?")
    there = polls.people(forum, 6)
    for number, person in enumerate(there):
        answer(person, poll_id, words=f"Wort {number}")
    session.rollback()
    assert live.wall_words(polls.again(poll_id)) == []
    waiting = live.words_of(poll_id, is_hidden=True)
    assert len(waiting) == 6
    polling.let_through(moderator, poll_id, answer_ids=[one.id for one in waiting])
    assert sorted(live.wall_words(polls.again(poll_id))) == [f"Wort {number}" for number in range(6)]
    answer(there[0], poll_id, words="Wort 0")  # the same again stays
    answer(there[1], poll_id, words="Etwas anderes")  # other words wait again
    assert "Wort 1" not in live.wall_words(polls.again(poll_id))
    assert len(live.wall_words(polls.again(poll_id))) == 5
    hidden = live.words_of(poll_id, is_hidden=False)[0]
    assert polling.hide(moderator, poll_id, answer_ids=[hidden.id]) == 1
    assert polling.hide(moderator, poll_id, answer_ids=[hidden.id]) == 0
    polling.stop(moderator, poll_id)
    assert len(queries.results(forum.id)[0].words) == 4


def test_the_online_follow_up_is_for_those_who_came_and_stands_apart(forum: Forum, moderator: Actor) -> None:
    poll_id = polls.poll(forum)
    there = polls.people(forum, 12)
    polls.answer_all(poll_id, there[:6])
    until = utcnow() + timedelta(days=3)
    with pytest.raises(WrongState):
        polling.open_online(moderator, poll_id, until=until)
    polling.stop(moderator, poll_id)
    for wrong in (None, utcnow() - timedelta(days=1), utcnow() + timedelta(days=90)):
        with pytest.raises(InvalidInput):
            polling.open_online(moderator, poll_id, until=wrong)
    polling.open_online(moderator, poll_id, until=until)
    with pytest.raises(WrongState) as error:
        answer(there[0], poll_id, choices=[1])
    assert error.value.state == "answered"
    assert not phone(there[0], forum).takes_answers
    polls.answer_all(poll_id, there[6:], choice=2)
    answer(there[6], poll_id, choices=[1])  # changed online
    assert queries.results(forum.id)[0].online is None  # not before its end
    polling.close_online(moderator, poll_id)
    session.rollback()
    found = queries.results(forum.id)[0]
    assert (found.hall.counts, found.hall.given) == ([5, 0, 0], 6)
    assert found.online is not None
    assert (found.online.counts, found.online.answers) == ([0, 1, 5], 6)
    with pytest.raises(WrongState):
        polling.launch(moderator, poll_id)


def test_two_weeks_after_the_end_nobody_is_recognised(forum: Forum, moderator: Actor) -> None:
    poll_id = polls.poll(forum)
    polls.answer_all(poll_id, polls.people(forum, 5))
    polling.stop(moderator, poll_id)
    assert polling.forget_keys() == 0
    with transaction() as tx:
        row = tx.lock(Poll, poll_id)
        assert row is not None
        row.stopped_at = tx.now - timedelta(days=15)
    assert polling.forget_keys() == 1
    assert polls.again(poll_id).key is None
    for deed in (polling.launch, partial(polling.open_online, until=utcnow() + timedelta(days=1))):
        with pytest.raises(WrongState):
            deed(moderator, poll_id)
    assert queries.results(forum.id)[0].hall.answers == 5


def test_the_trend_holds_each_forum_with_its_own_number(forum: Forum, moderator: Actor) -> None:
    poll_id = polls.poll(forum, PollMethod.SCALE, is_recurring=True)
    recurring_id = polls.again(poll_id).recurring_id
    assert recurring_id is not None
    polls.answer_all(poll_id, polls.people(forum, 5), choice=1)
    polling.stop(moderator, poll_id)
    other = halls.begin(halls.forum("Zukunftsforum Chemnitz"))
    second = polling.prepare(moderator, other.id, None, recurring_id=recurring_id)
    polling.launch(moderator, second)
    polls.answer_all(second, polls.people(other, 10), choice=0)
    polling.stop(moderator, second)
    session.rollback()
    _asked, rows = queries.trend(recurring_id)
    assert [(row[0].title, row[1].hall.answers, row[1].hall.mean) for row in rows] == [
        ("Zukunftsforum Zwickau", 5, 4.0),
        ("Zukunftsforum Chemnitz", 10, 5.0),
    ]


# ---------------------------------------------------------------------------------------------------- races


def test_fifty_taps_of_one_person_are_one_answer(forum: Forum, app: Flask) -> None:
    poll_id = polls.poll(forum)
    person = polls.people(forum, 1)[0]
    found = in_threads(app, [partial(answer, person, poll_id, choices=[number % 3]) for number in range(50)])
    assert not [one for one in found if isinstance(one, Exception)], found
    assert answers(poll_id) == 1


def test_a_hundred_phones_at_once_lose_nothing_and_steps_stay_five_apart(forum: Forum, app: Flask) -> None:
    poll_id = polls.poll(forum)
    there = polls.people(forum, 100)
    jobs = [
        partial(_answer_many, there[number * 10 : number * 10 + 10], poll_id, number % 3)
        for number in range(10)
    ]
    found = in_threads(app, jobs)
    assert not [one for one in found if isinstance(one, Exception)], found
    found_poll = polls.again(poll_id)
    assert answers(poll_id) == 100
    assert poll_rules.STEP <= 100 - found_poll.tally_answers < 3 * poll_rules.STEP
    assert sum(found_poll.tally or []) == found_poll.tally_answers
    assert found_poll.tally_answers % poll_rules.STEP == 0


def _answer_many(actors: list[Actor], poll_id: int, choice: int) -> None:
    polls.answer_all(poll_id, actors, choice)


RACE = """
from charta.accounts.queries import actor_by_id
from charta.errors import WrongState
from charta.votes.service.poll_answering import answer
from charta.votes.service import polling
told = stored = 0
if number == 0:
    time.sleep(0.1)
    polling.stop(actor_by_id({moderator}), {poll})
else:
    for person in {people}[number - 1 :: 2]:
        actor = actor_by_id(person)
        session.rollback()
        try:
            answer(actor, {poll}, choices=[number])
            stored += 1
        except WrongState as error:
            assert error.state == "over", error
            told += 1
print(json.dumps([stored, told]))
"""


def test_answering_while_it_is_stopped_counts_all_that_got_in_and_tells_the_others(
    forum: Forum, app: Flask, moderator: Actor, tmp_path: Path
) -> None:
    poll_id = polls.poll(forum, shows_results=False)
    there = polls.people(forum, 60)
    code = RACE.format(moderator=moderator.id, poll=poll_id, people=[one.id for one in there])
    found = [json.loads(text) for text in in_processes(app, code, count=3, folder=tmp_path)]
    stored, told = (sum(column) for column in zip(*found, strict=True))
    row = polls.again(poll_id)
    assert stored + told == 60
    shown = poll_rules.shown_at_end(0, stored)
    assert (answers(poll_id), row.tally_answers, sum(row.tally or [])) == (stored, shown, shown)
    assert row.state is PollState.STOPPED


def test_two_moderators_who_launch_at_once_leave_one_poll_running(forum: Forum, app: Flask) -> None:
    ids = [polls.poll(forum, runs=False, question=f"Frage {number}") for number in range(6)]
    moderators = [factories.moderator().actor for _one in ids]
    found = in_threads(
        app, [partial(polling.launch, who, one) for who, one in zip(moderators, ids, strict=True)]
    )
    assert not [one for one in found if isinstance(one, Exception)], found
    states = Counter(polls.again(one).state for one in ids)
    assert states == {PollState.RUNNING: 1, PollState.STOPPED: 5}
    assert activity.verify()
