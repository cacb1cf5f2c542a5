# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The documentation of a forum: who is told, once; small groups stay unnamed."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from charta.accounts.rules import Group
from charta.db import session, transaction, utcnow
from charta.errors import InvalidInput, NotPermitted, WrongState
from charta.forums.models import Attendance, Forum
from charta.forums.queries import documentation
from charta.forums.rules import ForumState, ProjectorMode
from charta.forums.service import attending, documenting, projecting
from charta.notifications.models import OutboxMail
from tests import factories, halls
from tests.factories import Account


@pytest.fixture
def moderator(app: Flask) -> Account:
    return factories.moderator()


def over(forum: Forum) -> Forum:
    with transaction() as tx:
        row = tx.lock(Forum, forum.id)
        assert row is not None
        row.starts_at, row.ends_at = tx.now - timedelta(days=1), tx.now - timedelta(hours=20)
    return halls.again(forum.id)


def came(forum: Forum, who: Account, group: Group | None = None, registration_id: int | None = None) -> None:
    with transaction() as tx:
        tx.session.add(
            Attendance(
                forum_id=forum.id, person_id=who.id, group=group, registration_id=registration_id,
                joined_at=tx.now,
            )
        )  # fmt: skip


def told() -> list[str]:
    session.rollback()
    return sorted(
        session.scalars(select(OutboxMail.address).where(OutboxMail.template == "forum_documentation"))
    )


def test_all_who_came_are_told_once(app: Flask, moderator: Account) -> None:
    forum = halls.forum("Zukunftsforum")
    number, _key = halls.registered(forum, email="gast@example.org")
    halls.registered(forum, email="fern@example.org")  # registered, but did not come
    attending.check_in(moderator.actor, forum.id, number)
    phone = factories.attendee(email="gast@example.org")  # the same address on the phone
    came(forum, phone, registration_id=number)
    came(forum, factories.attendee(email="telefon@example.org"))
    came(forum, factories.attendee(email="gesperrt@example.org", is_active=False))
    with pytest.raises(WrongState):
        documenting.publish(moderator.actor, forum.id)
    over(forum)
    with pytest.raises(NotPermitted):
        documenting.publish(factories.partner().actor, forum.id)
    assert documenting.publish(moderator.actor, forum.id) == 2
    assert documenting.publish(moderator.actor, forum.id) == 0
    assert told() == ["gast@example.org", "telefon@example.org"]
    assert halls.again(forum.id).documentation_at is not None


def test_a_cancelled_forum_has_no_documentation(app: Flask, moderator: Account) -> None:
    forum = over(halls.forum("Abgesagt", state=ForumState.CANCELLED))
    with pytest.raises(WrongState):
        documenting.publish(moderator.actor, forum.id)


def test_groups_below_five_are_folded(app: Flask) -> None:
    forum = halls.forum("Zukunftsforum")
    for group, number in ((Group.COMPANY, 5), (Group.UNION, 4), (None, 2)):
        for _one in range(number):
            came(forum, factories.attendee(), group)
    number, _key = halls.registered(forum)  # came without a phone, named no group
    attending.check_in(factories.moderator().actor, forum.id, number)
    found = documentation.attendance(forum.id)
    assert [(one.group, one.count) for one in found] == [(Group.COMPANY, 5), (None, 7)]


def test_the_words_of_the_documentation_have_a_limit(app: Flask, moderator: Account) -> None:
    forum = halls.forum("Zukunftsforum")
    documenting.write(moderator.actor, forum.id, text="**Danke** an alle.\r\n")
    assert halls.again(forum.id).documentation_text == "**Danke** an alle."
    with pytest.raises(InvalidInput):
        documenting.write(moderator.actor, forum.id, text="x" * 10_001)


def test_the_projector_is_steered_by_who_runs_the_forum(app: Flask, moderator: Account) -> None:
    forum = halls.forum("Zukunftsforum")
    with pytest.raises(NotPermitted):
        projecting.switch(factories.attendee().actor, forum.id, mode=ProjectorMode.PAUSE)
    projecting.switch(moderator.actor, forum.id, mode=ProjectorMode.PAUSE)
    projecting.switch(moderator.actor, forum.id, mode=ProjectorMode.PAUSE)
    assert halls.again(forum.id).projector_version == 1
    with pytest.raises(InvalidInput):
        projecting.choose_field(moderator.actor, forum.id, field_id=99)
    field = factories.field_of_action()
    projecting.choose_field(moderator.actor, forum.id, field_id=field)
    projecting.pin(moderator.actor, forum.id, contribution_id=7)
    found = halls.again(forum.id)
    assert (found.projector_mode, found.projector_field_id, found.projector_pinned_id) == (
        ProjectorMode.STREAM,
        field,
        7,
    )
    assert utcnow() > found.changed_at
