# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Handing in: nothing twice, nothing lost, nothing from who was not there; and supporting others."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from charta.accounts.models import Organisation, Person
from charta.accounts.rules import PublicName
from charta.contributions.models import (
    Contribution,
    ContributionEvent,
    ContributionSupport,
    ContributionTerm,
)
from charta.contributions.rules import Kind, Origin, State
from charta.contributions.service import handing_in as service
from charta.contributions.service.handing_in import NewContribution
from charta.db import db, session, transaction
from charta.errors import InvalidInput, NotFound, NotPermitted, TooManyAttempts, WrongState
from charta.forums.models import Forum
from charta.forums.queries.forums import tables
from charta.forums.service import joining, seating
from charta.permissions import Actor
from tests import factories
from tests.service.test_joining import enter, hall
from tests.service.test_proposals_races import at_once

TEXT = "Wir brauchen eine Person, die sich mehrere Betriebe teilen."


def hand_in(actor: Actor, forum_id: int, text: str = TEXT, **details: Any) -> Contribution:
    values: dict[str, Any] = {
        "field_id": None,
        "kind": None,
        "public_name": PublicName.NONE,
        "once_key": None,
    }
    return service.hand_in(actor, forum_id, text=text, **(values | details))


def accept(code: str, state: State = State.ACCEPTED) -> None:
    with transaction() as tx:
        found = tx.session.scalars(select(Contribution).where(Contribution.code == code)).one()
        found.state = state


def count(model: type) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_contribution_gets_a_code_a_first_line_and_the_promised_date(app: Flask) -> None:
    factories.open_round()
    forum, code = hall()
    field = factories.field_of_action()
    inside = enter(code)
    made = hand_in(
        inside, forum.id, f"  {TEXT}\r\n", field_id=field, kind=Kind.NEED, public_name=PublicName.NAME
    )
    assert len(made.code) == 6
    assert (made.text, made.origin, made.kind, made.field_id) == (TEXT, Origin.PHONE, Kind.NEED, field)
    assert made.answer_until is not None
    assert made.state is State.RECEIVED
    assert count(ContributionEvent) == 1
    assert count(ContributionTerm) > 0


def test_the_scribe_of_a_table_writes_for_all_who_sit_there(app: Flask) -> None:
    forum, _code = hall()
    seating.add_tables(factories.moderator().actor, forum.id, count=1)
    ((table, table_code),) = tables(forum.id)
    table_id = table.id
    inside = enter(table_code)
    alone = hand_in(inside, forum.id)
    assert (alone.origin, alone.table_id, alone.people) == (Origin.PHONE, table_id, None)
    joining.sit(inside, forum.id, is_scribe=True, people=8)
    for_all = hand_in(inside, forum.id)
    assert (for_all.origin, for_all.table_id, for_all.people) == (Origin.TABLE, table_id, 8)


def test_the_same_form_sent_at_once_or_again_is_one_contribution(app: Flask) -> None:
    forum, code = hall()
    inside = enter(code)
    db.session.remove()
    results = at_once(app, *[lambda: hand_in(inside, forum.id, once_key="form")] * 3)
    assert len({result.code for result in results}) == 1
    assert hand_in(inside, forum.id, once_key="form").code == results[0].code
    assert count(Contribution) == 1


def test_words_written_after_a_lost_answer_are_not_dropped(app: Flask) -> None:
    forum, code = hall()
    inside = enter(code)
    first = hand_in(inside, forum.id, once_key="form")
    second = hand_in(inside, forum.id, f"{TEXT} Und Zeit.", once_key="form")
    assert first.code != second.code
    other = enter(code, "Alex", "other")
    with pytest.raises(NotFound):
        hand_in(other, forum.id, once_key="form")


def test_empty_long_and_unknown_values_are_refused_with_their_reason(app: Flask) -> None:
    forum, code = hall()
    inside = enter(code)
    for text, details, expected in (
        (" \n ", {}, ("text", "required")),
        ("x" * 2_001, {}, ("text", "too_long")),
        ("Worte \x00", {}, ("text", "forbidden_character")),
        ("Worte ███ fehlen", {}, ("text", "forbidden_character")),
        (TEXT, {"title": "x" * 121}, ("title", "too_long")),
        (TEXT, {"field_id": 4711}, ("field_id", "not_found")),
        (TEXT, {"once_key": "x" * 65}, ("once_key", "too_long")),
    ):
        with pytest.raises(InvalidInput) as caught:
            hand_in(inside, forum.id, text, **details)
        assert (caught.value.field, caught.value.code) == expected
    assert hand_in(inside, forum.id, "x" * 2_000).text == "x" * 2_000


def test_only_who_joined_hands_in_and_only_for_a_while(app: Flask) -> None:
    forum, code = hall()
    inside = enter(code)
    with pytest.raises(WrongState) as caught:
        hand_in(factories.partner().actor, forum.id)
    assert caught.value.state == "not_there"
    with pytest.raises(NotPermitted):
        hand_in(factories.administrator().actor, forum.id)
    for days, state in ((-10, ""), (-20, "ended")):
        with transaction() as tx:
            row = tx.lock(Forum, forum.id)
            assert row is not None
            row.starts_at = tx.now + timedelta(days=days)
            row.ends_at = row.starts_at + timedelta(hours=3)
        if state:
            with pytest.raises(WrongState) as caught:
                hand_in(inside, forum.id)
            assert caught.value.state == state
        else:
            hand_in(inside, forum.id)


def test_a_script_cannot_fill_the_queue(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_PER_HOUR", 2)
    forum, code = hall()
    inside = enter(code)
    for number in range(2):
        hand_in(inside, forum.id, f"{TEXT} {number}")
    with pytest.raises(TooManyAttempts):
        hand_in(inside, forum.id)


def test_many_contributions_are_stored_with_a_number_of_statements_that_does_not_grow(
    app: Flask, statements: Any
) -> None:
    forum, _code = hall()
    counted = []
    for many in (3, 30):
        with transaction() as tx, statements() as made:
            items = service.add_all(
                tx,
                [
                    NewContribution(forum_id=forum.id, text=f"Karte {n}", origin=Origin.CARD)
                    for n in range(many)
                ],
            )
            assert len({item.code for item in items}) == many
        counted.append(int(made))
    assert counted[0] == counted[1]


# ---------------------------------------------------------------------------------------------- support


def test_one_support_per_person_and_taking_it_back(app: Flask) -> None:
    forum, code = hall()
    author, other = enter(code), enter(code, "Alex", "other")
    made = hand_in(author, forum.id)
    with pytest.raises(NotFound):
        service.support(other, made.code)  # not screened: not there for others
    accept(made.code)
    assert service.support(other, made.code.lower()) == 1
    assert service.support(other, made.code) == 1
    with pytest.raises(WrongState) as caught:
        service.support(author, made.code)
    assert caught.value.state == "own"
    assert service.withdraw_support(other, made.code) == 0
    assert service.withdraw_support(other, made.code) == 0
    accept(made.code, State.DECLINED)
    with pytest.raises(WrongState):
        service.support(other, made.code)


def test_two_supporters_at_once_are_both_counted(app: Flask) -> None:
    forum, code = hall()
    made = hand_in(enter(code), forum.id)
    accept(made.code)
    others = [enter(code, f"Person {n}", str(n)) for n in range(3)]
    db.session.remove()
    at_once(app, *[lambda who=who: service.support(who, made.code) for who in [*others, others[0]]])
    session.expire_all()
    assert session.scalar(select(Contribution.supporters).where(Contribution.code == made.code)) == 3
    assert count(ContributionSupport) == 3


def test_a_partner_in_the_hall_keeps_organisation_and_role(app: Flask) -> None:
    forum, code = hall()
    partner = factories.partner()
    joining.join(partner.actor, code, organisation_name="Eigene Worte")
    made = hand_in(partner.actor, forum.id)
    assert made.organisation_name == "Eigene Worte"
    assert count(Organisation) >= 1
    person = session.get(Person, partner.id)
    assert person is not None
    assert person.role.value == "partner"
