# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Registering: confirmed by mail, never more than there are places, and the queue moves up by itself."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from charta.db import session
from charta.errors import InvalidInput, TooManyAttempts, WrongState
from charta.forums import worker
from charta.forums.models import Registration
from charta.forums.queries import registrations
from charta.forums.rules import ForumState, RegistrationState
from charta.forums.service import planning, registering
from charta.notifications.models import OutboxMail
from charta.permissions import ANONYMOUS
from tests import factories, halls, races

FREE = halls.FREE


def ask(forum_id: int, email: str, name: str = "Kim Beispiel") -> str | None:
    return registering.register(ANONYMOUS, forum_id, name=name, email=email, address="127.0.0.1", free=FREE)


def test_an_unconfirmed_registration_holds_no_place(app: Flask) -> None:
    forum = halls.forum(capacity=1)
    assert ask(forum.id, "kim@example.org") is None
    assert halls.states(forum.id) == {"Kim Beispiel": RegistrationState.UNCONFIRMED}
    halls.registered(forum, "Jo")
    assert halls.states(forum.id)["Jo"] is RegistrationState.REGISTERED


def test_the_confirmation_mail_carries_the_calendar_entry(app: Flask) -> None:
    forum = halls.forum(place="Zwickau")
    halls.registered(forum, email="kim@example.org")
    mail = halls.mail_to("kim@example.org")
    assert (mail.template, mail.data["state"]) == ("forum_registration", "registered")
    assert mail.data["calendar"]["method"] == "REQUEST"
    assert mail.data["calendar"]["sequence"] == forum.version


def test_registering_twice_says_the_same_and_the_mail_says_what_is(app: Flask) -> None:
    forum = halls.forum()
    halls.registered(forum, "Kim Beispiel", email="kim@example.org")
    assert ask(forum.id, "KIM@example.org", "Jemand anderes") is None
    assert halls.states(forum.id) == {"Kim Beispiel": RegistrationState.REGISTERED}
    mail = halls.mail_to("kim@example.org")
    assert (mail.template, mail.data["occasion"]) == ("forum_registration", "again")


def test_over_capacity_people_wait_in_their_order(app: Flask) -> None:
    forum = halls.forum(capacity=1)
    halls.registered(forum, "Eins")
    halls.registered(forum, "Zwei", email="zwei@example.org")
    drei, _key = halls.registered(forum, "Drei", email="drei@example.org")
    assert list(halls.states(forum.id).values()) == ["registered", "waiting", "waiting"]
    assert halls.mail_to("zwei@example.org").data["queue_place"] == 1
    assert halls.mail_to("drei@example.org").data["queue_place"] == 2
    found = session.get(Registration, drei)
    assert found is not None
    assert registrations.queue_place(found) == 2


def test_cancelling_moves_up_exactly_one(app: Flask) -> None:
    forum = halls.forum(capacity=1)
    _id, key = halls.registered(forum, "Eins", email="eins@example.org")
    halls.registered(forum, "Zwei", email="zwei@example.org")
    halls.registered(forum, "Drei")
    registering.cancel(key)
    registering.cancel(key)
    assert list(halls.states(forum.id).values()) == ["cancelled", "registered", "waiting"]
    mail = halls.mail_to("zwei@example.org")
    assert mail.data["occasion"] == "moved_up"
    assert mail.data["calendar"]["method"] == "REQUEST"
    assert halls.mail_to("eins@example.org").data["calendar"]["method"] == "CANCEL"


def test_nobody_moves_up_once_it_has_begun(app: Flask) -> None:
    forum = halls.forum(capacity=1)
    _id, key = halls.registered(forum, "Eins")
    halls.registered(forum, "Zwei")
    halls.begin(forum)
    registering.cancel(key)
    assert halls.states(forum.id)["Zwei"] is RegistrationState.WAITING


def test_more_places_let_the_queue_move_up(app: Flask) -> None:
    forum = halls.forum(capacity=1)
    for name in ("Eins", "Zwei", "Drei"):
        halls.registered(forum, name)
    planning.change_forum(
        factories.moderator().actor,
        forum.id,
        planning.Details(series_id=forum.series_id, title=forum.title, capacity=2),
        seen_version=forum.version,
    )
    assert list(halls.states(forum.id).values()) == ["registered", "registered", "waiting"]


def test_who_cancelled_can_come_back_at_the_end_of_the_queue(app: Flask) -> None:
    forum = halls.forum(capacity=1)
    _id, key = halls.registered(forum, "Eins")
    halls.registered(forum, "Zwei")
    registering.cancel(key)
    registering.confirm(key)
    assert halls.states(forum.id) == {"Eins": "waiting", "Zwei": "registered"}


def test_the_last_place_is_given_once(app: Flask) -> None:
    forum = halls.forum(capacity=2)
    keys = []
    for number in range(6):
        ask(forum.id, f"gast{number}@example.org", f"Gast {number}")
        keys.append(halls.mail_to(f"gast{number}@example.org").secret or "")
    session.rollback()
    results = races.in_threads(app, [lambda key=key: registering.confirm(key).id for key in keys])  # type: ignore[misc]
    assert not [result for result in results if isinstance(result, Exception)], results
    found = list(halls.states(forum.id).values())
    assert (found.count(RegistrationState.REGISTERED), found.count(RegistrationState.WAITING)) == (2, 4)


def test_cancelling_at_the_same_moment_moves_up_as_many_as_left(app: Flask) -> None:
    forum = halls.forum(capacity=3)
    keys = [halls.registered(forum, f"Gast {number}")[1] for number in range(6)]
    jobs = [lambda key=key: registering.cancel(key).id for key in (keys[0], keys[1], keys[0])]  # type: ignore[misc]
    races.in_threads(app, jobs)
    assert list(halls.states(forum.id).values()) == [
        "cancelled", "cancelled", "registered", "registered", "registered", "waiting",
    ]  # fmt: skip


def test_a_planned_forum_collects_interest_and_confirming_it_invites(app: Flask) -> None:
    forum = halls.forum(state=ForumState.PLANNED, capacity=1)
    _id, key = halls.registered(forum, "Kim", email="kim@example.org")
    assert halls.states(forum.id) == {"Kim": RegistrationState.INTERESTED}
    moderator = factories.moderator().actor
    with pytest.raises(InvalidInput) as error:
        planning.confirm(moderator, forum.id, seen_version=forum.version)
    assert (error.value.field, error.value.code) == ("starts_at", "required")
    details = planning.Details(
        series_id=forum.series_id,
        title=forum.title,
        capacity=1,
        starts_at=forum.created_at + timedelta(days=20),
    )
    forum = planning.change_forum(moderator, forum.id, details, seen_version=forum.version)
    planning.confirm(moderator, forum.id, seen_version=forum.version)
    assert halls.mail_to("kim@example.org").template == "forum_date_set"
    ask(forum.id, "kim@example.org")  # asks once more instead of looking into the mail
    assert halls.mail_to("kim@example.org").template == "forum_date_set"
    assert halls.states(forum.id) == {"Kim": RegistrationState.INTERESTED}
    registering.confirm(key)
    assert halls.states(forum.id) == {"Kim": RegistrationState.REGISTERED}


def test_who_is_signed_in_needs_no_confirmation_of_the_own_address(app: Flask) -> None:
    forum = halls.forum()
    one = factories.attendee(email="kim@example.org")
    registering.register(one.actor, forum.id, name="Kim", email="fremd@example.org", address="1", free=FREE)
    key = registering.register(
        one.actor, forum.id, name="Kim", email="kim@example.org", address="1", free=FREE
    )
    assert key is not None
    found = registrations.by_key(key)
    assert found is not None
    assert found[0].state is RegistrationState.REGISTERED
    assert session.scalar(
        select(Registration.state).where(Registration.email == "fremd@example.org")
    ) is RegistrationState.UNCONFIRMED  # fmt: skip


def test_registration_closes(app: Flask) -> None:
    forum = halls.forum()
    later = (forum.starts_at or forum.created_at) + timedelta(seconds=1)
    with time_machine.travel(later), pytest.raises(WrongState):
        ask(forum.id, "kim@example.org")


def test_what_nobody_confirms_is_removed_after_two_days(app: Flask) -> None:
    forum = halls.forum()
    ask(forum.id, "kim@example.org")
    halls.registered(forum, "Jo")
    worker.run_due()
    assert len(halls.states(forum.id)) == 2
    with time_machine.travel(forum.created_at + timedelta(hours=49)):
        worker.run_due()
    assert list(halls.states(forum.id)) == ["Jo"]


def test_nobodys_inbox_is_filled(app: Flask) -> None:
    forum = halls.forum()
    for _time in range(5):
        ask(forum.id, "kim@example.org")
    with pytest.raises(TooManyAttempts):
        ask(forum.id, "kim@example.org")
    assert session.scalar(select(func.count()).where(OutboxMail.address == "kim@example.org")) == 5
