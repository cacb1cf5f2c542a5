# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Topics: bundling, moving, answering together, merging; and prepared answers."""

from types import ModuleType

import pytest
from flask import Flask

from charta.contributions.queries import topics as queries
from charta.contributions.rules import CannedFor, Verb
from charta.contributions.service import canned, screening, topics
from charta.errors import EditConflict, InvalidInput, NotFound, NotPermitted, WrongState
from charta.permissions import Actor
from tests import contributing, races
from tests.contributing import accepted, again, received, seen, verbs
from tests.databases import count_statements


@pytest.fixture
def moderator(make: ModuleType) -> Actor:
    return make.moderator().actor  # type: ignore[no-any-return]


def test_a_topic_of_chosen_ones_accepts_along_and_takes_their_field(
    make: ModuleType, moderator: Actor
) -> None:
    field = make.field_of_action()
    first, second = received(["Mehr Busse am Abend.", "Ein Nachtbus wäre gut."], field_id=field)
    [third] = received("Der Takt ist zu dünn.")
    ident, outcomes = topics.create(
        moderator, title=" Nahverkehr  am Abend ", items=seen([first, second, third])
    )
    assert [item.error for item in outcomes] == [None, None, None]
    topic = contributing.topic(ident)
    assert (topic.title, topic.field_id) == ("Nahverkehr am Abend", field)
    assert {again(one).topic_id for one in (first, second, third)} == {ident}
    assert verbs(third) == [Verb.RECEIVE, Verb.ACCEPT, Verb.BUNDLE]


def test_adding_moves_and_gives_a_field_to_who_has_none(make: ModuleType, moderator: Actor) -> None:
    field = make.field_of_action()
    [one] = accepted()
    old, _ = topics.create(moderator, title="Altes Thema", items=seen([one]))
    new, _ = topics.create(moderator, title="Neues Thema", field_id=field)
    topics.add(moderator, new, seen([one]))
    assert (again(one).topic_id, again(one).field_id) == (new, field)
    [again_] = topics.add(moderator, new, seen([one]))
    assert isinstance(again_.error, WrongState)
    topics.take_out(moderator, seen([one]))
    assert again(one).topic_id is None
    assert old != new


def test_declined_and_merged_ones_are_not_bundled(moderator: Actor) -> None:
    [one] = accepted()
    screening.decline(moderator, one, seen=2, reason="Passt nicht.")
    with pytest.raises(WrongState):
        topics.create(moderator, title="Thema", items=seen([one]))
    with pytest.raises(InvalidInput, match="required"):
        topics.create(moderator, title="  ")
    with pytest.raises(NotFound):
        topics.add(moderator, 4711, seen([one]))


def test_an_answer_counts_for_all_of_a_topic(moderator: Actor) -> None:
    ids = accepted(["Mehr Busse am Abend.", "Ein Nachtbus wäre gut."])
    ident, _ = topics.create(moderator, title="Nahverkehr", items=seen(ids))
    with pytest.raises(InvalidInput, match="required"):
        topics.answer(moderator, ident, seen=1, text=" ")
    assert topics.answer(moderator, ident, seen=1, text="Das nehmen wir auf.") == 2
    line = queries.topic(ident)
    assert line is not None
    assert (line.is_answered, line.contributions) == (True, 2)
    with pytest.raises(EditConflict):
        topics.answer(moderator, ident, seen=1, text="Etwas anderes.")
    with pytest.raises(InvalidInput, match="same_answer"):
        topics.answer(moderator, ident, seen=2, text="Das nehmen wir auf.")


def test_a_merged_topic_leads_to_its_target(moderator: Actor) -> None:
    [one], [two] = accepted(), accepted("Ein Nachtbus wäre gut.")
    first, _ = topics.create(moderator, title="Erstes", items=seen([one]))
    second, _ = topics.create(moderator, title="Zweites", items=seen([two]))
    with pytest.raises(InvalidInput, match="itself"):
        topics.merge(moderator, first, seen=1, into_id=first)
    topics.merge(moderator, first, seen=1, into_id=second)
    assert again(one).topic_id == second
    assert contributing.topic(first).merged_into_id == second
    with pytest.raises(WrongState):
        topics.merge(moderator, first, seen=2, into_id=second)
    with pytest.raises(InvalidInput, match="not_found"):
        topics.merge(moderator, second, seen=2, into_id=first)
    with pytest.raises(WrongState):
        topics.add(moderator, first, seen([two]))


def test_an_answered_topic_stays_for_itself(moderator: Actor) -> None:
    [one], [two] = accepted(), accepted("Ein Nachtbus wäre gut.")
    first, _ = topics.create(moderator, title="Erstes", items=seen([one]))
    second, _ = topics.create(moderator, title="Zweites", items=seen([two]))
    topics.answer(moderator, first, seen=1, text="Ja.")
    with pytest.raises(WrongState):
        topics.merge(moderator, first, seen=2, into_id=second)


def test_two_moderators_answer_at_once(app: Flask, make: ModuleType, moderator: Actor) -> None:
    [one] = accepted()
    ident, _ = topics.create(moderator, title="Thema", items=seen([one]))
    other = make.moderator().actor
    results = races.in_threads(
        app,
        [
            lambda: topics.answer(moderator, ident, seen=1, text="Ja."),
            lambda: topics.answer(other, ident, seen=1, text="Nein."),
        ],
    )
    assert sorted(type(result).__name__ for result in results) == ["EditConflict", "int"]


def test_only_moderators_bundle_and_answer(make: ModuleType, moderator: Actor) -> None:
    [one] = accepted()
    ident, _ = topics.create(moderator, title="Thema", items=seen([one]))
    for role in ("attendee", "partner", "administrator"):
        actor = make.person(role).actor
        with pytest.raises(NotPermitted):
            topics.create(actor, title="Anderes")
        with pytest.raises(NotPermitted):
            topics.answer(actor, ident, seen=1, text="Ja.")
        with pytest.raises(NotPermitted):
            canned.create(actor, purpose=CannedFor.ASK, title="Frage", text="Wie meinen Sie das?")


@pytest.mark.sqlite_only
def test_bundling_many_costs_as_few_statements_as_bundling_some(moderator: Actor) -> None:
    counted = []
    for count in (5, 50):
        items = seen(received([f"Beitrag Nummer {n} über Busse." for n in range(count)]))
        with count_statements() as statements:
            topics.create(moderator, title=f"Thema {count}", items=items)
        counted.append(len(statements))
    assert counted[0] == counted[1] <= 14, counted


@pytest.mark.sqlite_only
def test_answering_many_costs_as_few_statements_as_answering_some(moderator: Actor) -> None:
    counted = []
    for count in (5, 50):
        ids = accepted([f"Beitrag Nummer {n} über Busse." for n in range(count)])
        ident, _ = topics.create(moderator, title=f"Thema {count}", items=seen(ids))
        with count_statements() as statements:
            topics.answer(moderator, ident, seen=1, text="Das nehmen wir auf.")
        counted.append(len(statements))
    assert counted[0] == counted[1] <= 14, counted


def test_title_and_field_of_a_topic_change(make: ModuleType, moderator: Actor) -> None:
    ident, _ = topics.create(moderator, title="Thema")
    field = make.field_of_action()
    topics.change(moderator, ident, seen=1, title="Besserer Name", text="Worum es geht.", field_id=field)
    assert queries.id_of("besserer name") == ident
    with pytest.raises(EditConflict):
        topics.change(moderator, ident, seen=1, title="Noch einer", text="", field_id=None)
    topics.take_on(moderator, ident)
    assert contributing.topic(ident).assignee_id == moderator.id
    topics.hand_back(moderator, ident)


def test_prepared_answers_keep_their_order(moderator: Actor) -> None:
    def titles() -> list[str]:
        return [one.title for one in queries.canned_answers() if one.purpose is CannedFor.DECLINE]

    first, second, third = (
        canned.create(moderator, purpose=CannedFor.DECLINE, title=title, text="Danke, aber nein.")
        for title in ("Eins", "Zwei", "Drei")
    )
    canned.move_up(moderator, third)
    canned.move_up(moderator, first)
    assert titles() == ["Eins", "Drei", "Zwei"]
    canned.move_down(moderator, first)
    canned.change(moderator, second, purpose=CannedFor.DECLINE, title="Zwei neu", text="Danke.")
    assert titles() == ["Drei", "Eins", "Zwei neu"]
    canned.delete(moderator, first)
    canned.delete(moderator, first)
    assert titles() == ["Drei", "Zwei neu"]
    with pytest.raises(InvalidInput, match="required"):
        canned.create(moderator, purpose=CannedFor.ASK, title="Frage", text="")
