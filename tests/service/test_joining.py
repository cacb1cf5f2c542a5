# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Into the hall by code: who gets in, who does not, and that nobody gets in twice."""

import time
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from charta.accounts.models import Attempt, Person, UserSession
from charta.accounts.queries import actor_by_id, session_by_key
from charta.accounts.rules import Group
from charta.db import db, session, transaction
from charta.errors import InvalidInput, NotFound, WrongState
from charta.forums.guesses import Guesses
from charta.forums.models import Attendance, Forum, ForumTable, Registration
from charta.forums.queries import joining as queries
from charta.forums.queries.forums import code_of, tables
from charta.forums.service import joining, seating
from charta.forums.service.joining import Guest, Joined
from charta.permissions import ANONYMOUS, Actor, Role
from tests import factories, halls
from tests.service.test_proposals_races import at_once


def guest(name: str = "Kim Beispiel", once: str = "") -> Guest:
    return Guest(name=name, locale="de", user_agent="Telefon", once_key=once or f"once {name}")


def hall(**details: object) -> tuple[Forum, str]:
    """Return a forum that is open now, with its code."""
    made = halls.begin(halls.forum(**details))
    code = code_of(made.id)
    assert code
    db.session.remove()
    return made, code


def enter(code: str, name: str = "Kim Beispiel", once: str = "") -> Actor:
    """Join as a guest and return the new person."""
    key = joining.join(ANONYMOUS, code, guest=guest(name, once)).session_key
    assert key is not None
    row = session_by_key(key)
    assert row is not None
    return row.actor


def count(model: type) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_guest_becomes_an_attendee_with_a_session_and_no_address(app: Flask) -> None:
    forum, code = hall()
    made = joining.join(
        ANONYMOUS, code, guest=guest(), organisation_name=" Muster  GmbH ", group=Group.COMPANY
    )
    assert made.slug == forum.slug
    assert made.session_key is not None
    row = session_by_key(made.session_key)
    assert row is not None
    assert (row.name, row.actor.role, row.email) == ("Kim Beispiel", Role.ATTENDEE, "")
    found = queries.attendance(row.actor, forum.id)
    assert found is not None
    assert (found.organisation_name, found.group) == ("Muster GmbH", Group.COMPANY)


def test_codes_may_be_typed_with_blanks_hyphens_and_small_letters(app: Flask) -> None:
    _forum, code = hall()
    enter(f" {code[:3].lower()}-{code[3:]} ")


def test_wrong_codes_names_and_organisations_are_refused_with_their_reason(app: Flask) -> None:
    _forum, code = hall()
    for raw, name, organisation, expected in (
        ("QQQQQQ", "Kim", "", ("code", "unknown_code")),
        ("a;b", "Kim", "", ("code", "code_form")),
        (code, "  ", "", ("name", "required")),
        (code, "x" * 121, "", ("name", "too_long")),
        (code, "Kіm", "", ("name", "mixed_scripts")),
        (code, "Kim", "x" * 121, ("organisation_name", "too_long")),
    ):
        with pytest.raises(InvalidInput) as caught:
            joining.join(ANONYMOUS, raw, guest=guest(name), organisation_name=organisation)
        assert (caught.value.field, caught.value.code) == expected
    assert count(Attendance) == 0


def test_the_hall_opens_and_closes_and_who_is_in_stays_in(app: Flask) -> None:
    forum, code = hall()
    inside = enter(code)
    for shift, state in ((timedelta(days=3), "too_early"), (timedelta(days=-3), "ended")):
        with transaction() as tx:
            row = tx.lock(Forum, forum.id)
            assert row is not None
            row.starts_at, row.ends_at = tx.now + shift, tx.now + shift + timedelta(hours=1)
        with pytest.raises(WrongState) as caught:
            enter(code, "Zu Spät")
        assert caught.value.state == state
        assert joining.join(inside, code) == Joined(forum.slug, None)


def test_the_quota_holds_for_strangers_but_not_for_those_inside_or_registered(app: Flask) -> None:
    forum = halls.forum(join_quota=1)
    _ident, link = halls.registered(forum, "Ada Angemeldet")
    halls.begin(forum)
    code = code_of(forum.id)
    assert code
    db.session.remove()
    inside = enter(code)
    with pytest.raises(WrongState) as caught:
        enter(code, "Zwei")
    assert caught.value.state == "full"
    assert joining.join(inside, code).slug == forum.slug
    assert joining.join_registered(ANONYMOUS, link, guest=guest("Ada Angemeldet")).session_key
    assert joining.join(factories.moderator().actor, code).slug == forum.slug
    with pytest.raises(WrongState) as caught:
        joining.join_registered(ANONYMOUS, link, guest=guest("Noch jemand"))
    assert caught.value.state == "full"


def test_the_last_place_goes_to_one_of_two_who_come_at_once(app: Flask) -> None:
    _forum, code = hall(join_quota=1)
    db.session.remove()
    results = at_once(
        app,
        lambda: joining.join(ANONYMOUS, code, guest=guest("Eins")),
        lambda: joining.join(ANONYMOUS, code, guest=guest("Zwei")),
    )
    assert sorted(type(result).__name__ for result in results) == ["Joined", "WrongState"]
    assert count(Attendance) == 1


def test_a_double_click_makes_one_person_and_both_answers_hold_its_session(app: Flask) -> None:
    _forum, code = hall()
    people = count(Person)
    db.session.remove()
    results = at_once(
        app,
        *[lambda: joining.join(ANONYMOUS, code, guest=guest("Kim", "the same page"))] * 3,
    )
    assert len({result.session_key for result in results}) == 1
    assert session_by_key(results[0].session_key) is not None
    assert count(Person) == people + 1
    assert count(Attendance) == 1
    assert count(UserSession) == 1


def test_another_name_from_the_same_browser_is_another_person(app: Flask) -> None:
    _forum, code = hall()
    assert enter(code, "Kim", "browser").id != enter(code, "Alex", "browser").id


def test_the_code_of_a_table_says_where_somebody_sits_and_another_one_moves_them(app: Flask) -> None:
    forum, code = hall()
    seating.add_tables(factories.moderator().actor, forum.id, count=2)
    (first, first_code), (second, second_code) = tables(forum.id)
    wanted = (first.id, second.id)
    inside = enter(first_code)
    joining.sit(inside, forum.id, is_scribe=True, people=8)
    seat = queries.seat(inside, forum.slug)
    assert seat.is_scribe
    assert seat.table is not None
    assert (seat.table.id, seat.table.people) == (wanted[0], 8)
    joining.join(inside, code)  # the code of the wall moves nobody
    joining.join(inside, second_code)
    moved = queries.seat(inside, forum.slug)
    assert moved.table is not None
    assert (moved.table.id, moved.is_scribe) == (wanted[1], False)
    for people in (None, 0, 61):
        with pytest.raises(InvalidInput):
            joining.sit(inside, forum.id, is_scribe=True, people=people)
    with pytest.raises(NotFound):
        joining.sit(enter(code, "Ohne Tisch"), forum.id, is_scribe=True, people=3)
    assert count(ForumTable) == 2


def test_the_link_of_a_registration_lets_in_and_checks_in(app: Flask) -> None:
    forum = halls.forum()
    ident, key = halls.registered(forum, "Ada Angemeldet")
    with pytest.raises(WrongState):
        joining.join_registered(ANONYMOUS, key, guest=guest("Ada"))
    halls.begin(forum)
    made = joining.join_registered(ANONYMOUS, key, guest=guest("Ada Angemeldet"))
    assert made.session_key is not None
    row = session_by_key(made.session_key)
    assert row is not None
    found = queries.attendance(row.actor, forum.id)
    assert found is not None
    assert found.registration_id == ident
    registration = session.get(Registration, ident)
    assert registration is not None
    assert registration.checked_in_at is not None
    assert [item[0].id for item in queries.registered_as(row.actor.id or 0)] == [forum.id]
    with pytest.raises(NotFound):
        joining.join_registered(ANONYMOUS, "wrong", guest=guest())


def test_ten_thousand_guesses_are_throttled_cost_little_and_the_right_code_still_opens(app: Flask) -> None:
    """One look-up each, no row written; the right code works from the same address."""
    _forum, code = hall()
    guesses = Guesses()
    throttled = 0
    began = time.perf_counter()
    for number in range(10_000):
        # Each request asks the database once; every hundredth here, to keep the test short.
        if number % 100 == 0:
            assert queries.by_code(f"X{number:05d}") is None
        throttled += guesses.wrong("192.0.2.1") > 0
    assert time.perf_counter() - began < 5
    assert throttled == 10_000 - 200
    assert guesses.wrong("192.0.2.2") == 0
    assert count(Attempt) == 0
    assert queries.by_code(code) is not None
    enter(code)


def test_the_throttle_forgets_after_a_quarter_of_an_hour_and_remembers_a_bounded_number() -> None:
    now = [0.0]
    guesses = Guesses(free=2, clock=lambda: now[0])
    assert [guesses.wrong("a") > 0 for _ in range(3)] == [False, False, True]
    now[0] = 901.0
    assert guesses.wrong("a") == 0
    for number in range(6_000):
        guesses.wrong(str(number))
    assert len(guesses._counts) == 5_000


def test_a_deactivated_attendee_does_not_get_in_again(app: Flask) -> None:
    _forum, code = hall()
    inside = enter(code)
    with transaction() as tx:
        person = tx.lock(Person, inside.id)
        assert person is not None
        person.deactivated_at = tx.now
    found = actor_by_id(inside.id or 0)
    assert found is not None
    with pytest.raises(Exception, match="deactivated"):
        joining.join(inside, code)
