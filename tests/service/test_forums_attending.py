# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""At the door: checking in, taking it back, phones and the registered people they belong to."""

import pytest
from flask import Flask

from charta.accounts.throttle import FreeAttempts
from charta.db import session, transaction, utcnow
from charta.errors import EditConflict, InvalidInput, NotFound, NotPermitted, WrongState
from charta.forums.models import Attendance, Forum, Registration
from charta.forums.queries import forums, registrations
from charta.forums.rules import ForumState, RegistrationState
from charta.forums.service import arranging, attending, planning, registering, seating
from charta.permissions import Role
from tests import factories, halls

FREE = FreeAttempts(50, 200)


def phone(forum: Forum, name: str) -> int:
    """Let somebody join by code; return the id of the attendance."""
    person = factories.attendee(name=name)
    with transaction() as tx:
        made = Attendance(forum_id=forum.id, person_id=person.id, joined_at=tx.now)
        tx.session.add(made)
        tx.session.flush()
        return made.id


def row(ident: int) -> Registration:
    session.rollback()
    session.expunge_all()
    found = session.get(Registration, ident)
    assert found is not None
    return found


def test_checking_in_is_taken_back_to_where_it_came_from(app: Flask) -> None:
    forum = halls.forum(capacity=1)
    halls.registered(forum, "Eins")
    waiting, _key = halls.registered(forum, "Zwei")
    moderator = factories.moderator().actor
    attending.check_in(moderator, forum.id, waiting)
    attending.check_in(moderator, forum.id, waiting)
    assert row(waiting).state is RegistrationState.REGISTERED
    attending.undo_check_in(moderator, forum.id, waiting)
    assert row(waiting).state is RegistrationState.WAITING
    assert row(waiting).checked_in_at is None


def test_who_is_in_the_hall_cannot_cancel(app: Flask) -> None:
    forum = halls.forum()
    one, key = halls.registered(forum)
    attending.check_in(factories.moderator().actor, forum.id, one)
    with pytest.raises(WrongState):
        registering.cancel(key)


def test_a_moderator_cancels_for_who_rang_and_the_queue_moves_up(app: Flask) -> None:
    forum = halls.forum(capacity=1)
    one, _key = halls.registered(forum, "Eins", email="eins@example.org")
    halls.registered(forum, "Zwei")
    moderator = factories.moderator().actor
    attending.take_off(moderator, forum.id, one)
    attending.take_off(moderator, forum.id, one)
    assert list(halls.states(forum.id).values()) == ["cancelled", "registered"]
    assert halls.mail_to("eins@example.org").template == "forum_unregistered"


def test_only_moderators_hold_the_door(app: Flask) -> None:
    forum = halls.forum()
    one, _key = halls.registered(forum)
    for role in (Role.ATTENDEE, Role.PARTNER, Role.ADMINISTRATOR):
        with pytest.raises(NotPermitted):
            attending.check_in(factories.person(role).actor, forum.id, one)


def test_a_phone_is_linked_to_the_registered_person(app: Flask) -> None:
    forum = halls.forum()
    kim, _key = halls.registered(forum, "Dr. Kim Beispiel")
    first, second, other = phone(forum, "kim beispiel"), phone(forum, "Kim Beispiel"), phone(forum, "Jo")
    likely = registrations.nearest("Dr. Kim Beispiel", registrations.phones(forum.id))
    assert {one.attendance_id for one in likely} == {first, second}
    moderator = factories.moderator().actor
    attending.link_phone(moderator, forum.id, kim, attendance_id=first)
    attending.link_phone(moderator, forum.id, kim, attendance_id=second)
    guest = registrations.guest(forum.id, kim)
    assert guest is not None
    assert (guest.attendance_id, guest.checked_in_at is not None) == (second, True)
    assert {one.attendance_id for one in registrations.phones(forum.id)} == {first, other}
    attending.undo_check_in(moderator, forum.id, kim)
    assert len(registrations.phones(forum.id)) == 3


def test_the_phone_of_another_forum_is_not_found(app: Flask) -> None:
    here, there = halls.forum(), halls.forum()
    kim, _key = halls.registered(here)
    with pytest.raises(NotFound):
        attending.link_phone(
            factories.moderator().actor, here.id, kim, attendance_id=phone(there, "Kim Beispiel")
        )


def test_somebody_at_the_door_counts_above_the_capacity(app: Flask) -> None:
    forum = halls.forum(capacity=1)
    halls.registered(forum, "Eins")
    attending.add_by_hand(factories.moderator().actor, forum.id, name="Zwei")
    counts = registrations.counts(forum.id)
    assert (counts.registered, counts.checked_in) == (2, 1)
    assert forums.row(forum.slug).places_left == 0


def test_moving_keeps_the_old_date_and_tells_everybody(app: Flask) -> None:
    forum = halls.forum(capacity=1, place="Zwickau")
    halls.registered(forum, email="eins@example.org")
    halls.registered(forum, email="zwei@example.org")
    moderator = factories.moderator().actor
    assert forum.starts_at is not None
    values = {"ends_at": None, "place": "Zwickau", "address": "", "seen_version": forum.version}
    with pytest.raises(InvalidInput) as error:
        planning.move(moderator, forum.id, starts_at=utcnow(), reason="Grund", **values)  # type: ignore[arg-type]
    assert error.value.code == "in_the_past"
    later = forum.starts_at.replace(year=forum.starts_at.year + 1)
    planning.move(moderator, forum.id, starts_at=later, reason="Grund", **values)  # type: ignore[arg-type]
    with pytest.raises(EditConflict):
        planning.move(moderator, forum.id, starts_at=later, reason="Grund", **values)  # type: ignore[arg-type]
    moved = halls.again(forum.id)
    assert (moved.state, moved.was_at, moved.starts_at) == (ForumState.MOVED, forum.starts_at, later)
    first, second = halls.mail_to("eins@example.org"), halls.mail_to("zwei@example.org")
    assert first.template == second.template == "forum_moved"
    assert first.data["calendar"]["sequence"] == forum.version + 1
    assert "calendar" not in second.data


def test_calling_off_and_back_again_keeps_the_places(app: Flask) -> None:
    forum = halls.forum()
    halls.registered(forum, "Kim", email="kim@example.org")
    moderator = factories.moderator().actor
    planning.cancel(moderator, forum.id, reason="Der Saal ist gesperrt.", seen_version=forum.version)
    assert halls.mail_to("kim@example.org").data["calendar"]["method"] == "CANCEL"
    planning.confirm(moderator, forum.id, seen_version=forum.version + 1)
    assert halls.states(forum.id) == {"Kim": RegistrationState.REGISTERED}
    assert halls.mail_to("kim@example.org").data["is_back"] is True


def test_a_hundred_people_are_told_in_as_many_statements_as_two(app: Flask, statements) -> None:  # type: ignore[no-untyped-def]
    counts = []
    for size in (2, 20):
        forum = halls.forum()
        with transaction() as tx:
            tx.session.add_all(
                Registration(
                    forum_id=forum.id, email=f"g{size}-{number}@example.org", name="Gast",
                    state=RegistrationState.REGISTERED, created_at=tx.now,
                )
                for number in range(size)
            )  # fmt: skip
        moderator = factories.moderator().actor
        with statements() as counted:
            planning.cancel(moderator, forum.id, reason="Grund", seen_version=forum.version)
        counts.append(len(counted))
    assert counts[0] == counts[1] <= 15


def test_a_code_is_drawn_chosen_and_changed(app: Flask) -> None:
    moderator = factories.moderator().actor
    forum = halls.forum()
    drawn = forums.code_of(forum.id)
    assert drawn is not None
    assert len(drawn) == 6
    details = planning.Details(series_id=forum.series_id, title=forum.title, code="zwk-27")
    changed = planning.change_forum(moderator, forum.id, details, seen_version=forum.version)
    assert forums.code_of(forum.id) == "ZWK27"
    with pytest.raises(InvalidInput) as error:
        planning.make_forum(moderator, details)
    assert (error.value.field, error.value.code) == ("code", "taken")
    assert changed.slug == forum.slug
    twin = planning.make_forum(moderator, planning.Details(series_id=forum.series_id, title=forum.title))
    assert twin.slug == f"{forum.slug}-2"


def test_a_table_somebody_sat_at_stays(app: Flask) -> None:
    forum = halls.forum()
    moderator = factories.moderator().actor
    seating.add_tables(moderator, forum.id, count=2)
    (one, _code), (two, _code_of_two) = forums.tables(forum.id)
    used, free = one.id, two.id
    sitting = phone(forum, "Kim")
    with transaction() as tx:
        found = tx.lock(Attendance, sitting)
        assert found is not None
        found.table_id = used
    with pytest.raises(WrongState):
        seating.remove_table(moderator, forum.id, used)
    seating.remove_table(moderator, forum.id, free)
    seating.remove_table(moderator, forum.id, free)
    session.rollback()
    assert [(table.id, bool(code)) for table, code in forums.tables(forum.id)] == [(used, True)]


def test_series_keep_the_order_they_are_given(app: Flask) -> None:
    moderator = factories.moderator().actor
    one, two = halls.series("Eins"), halls.series("Zwei")
    arranging.order_series(moderator, [two, one])
    assert [found.title for found in forums.series()] == ["Zwei", "Eins"]
    with pytest.raises(EditConflict):
        arranging.order_series(moderator, [one])
    with pytest.raises(InvalidInput):
        arranging.change_series(moderator, one, title="Zwei", text="")
