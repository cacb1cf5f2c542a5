# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Merging duplicates: nothing is lost, supports move along and come back, chains end, circles never begin."""

from types import ModuleType

import pytest
from flask import Flask

from charta.contributions.rules import State, Verb
from charta.contributions.service import handing_in, merging, screening
from charta.errors import EditConflict, InvalidInput, NotPermitted, WrongState
from charta.permissions import Actor
from tests import contributing, races
from tests.contributing import accepted, again, received, seen, state, supported, supporters, verbs, version


@pytest.fixture
def moderator(make: ModuleType) -> Actor:
    return make.moderator().actor  # type: ignore[no-any-return]


def merge(actor: Actor, ident: int, into: int) -> int:
    return merging.merge(actor, ident, seen=version(ident), into_id=into)


def test_supports_go_along_nobody_twice_and_not_the_author(make: ModuleType, moderator: Actor) -> None:
    author, one, two = make.attendee().id, make.attendee().id, make.attendee().id
    [target] = accepted(author_id=author)
    [double] = accepted("Kleine Betriebe brauchen Begleitung.")
    supported(target, one)
    supported(double, author, one, two)
    assert merge(moderator, double, target) == target
    assert supporters(target) == {one: None, two: double}
    assert supporters(double) == {author: None, one: None, two: None}, "nothing is deleted"
    row = again(double)
    assert (row.state, row.merged_into_id) == (State.MERGED, target)
    assert verbs(double)[-1] is Verb.MERGE


def test_a_target_that_is_not_screened_is_accepted_along(moderator: Actor) -> None:
    [target], [double] = received(), received("Kleine Betriebe brauchen Begleitung.")
    merge(moderator, double, target)
    assert state(target) is State.ACCEPTED


def test_a_merged_one_cannot_be_merged_again_and_leads_on_as_a_target(moderator: Actor) -> None:
    a, b, c = accepted(["Der erste Beitrag.", "Der zweite Beitrag.", "Der dritte Beitrag."])
    merge(moderator, a, b)
    with pytest.raises(WrongState) as refused:
        merge(moderator, a, c)
    assert (refused.value.action, refused.value.state) == ("merge", "merged")
    assert merge(moderator, c, a) == b, "the target of a target"
    assert again(c).merged_into_id == b


def test_circles_are_impossible(moderator: Actor) -> None:
    a, b, c = accepted(["Der erste Beitrag.", "Der zweite Beitrag.", "Der dritte Beitrag."])
    merge(moderator, a, b)
    merge(moderator, b, c)
    for into in (a, b, c):
        with pytest.raises(InvalidInput, match="itself"):
            merge(moderator, c, into)


def test_declined_and_split_ones_are_no_target(moderator: Actor) -> None:
    [target], [double] = accepted(), accepted("Kleine Betriebe brauchen Begleitung.")
    screening.decline(moderator, target, seen=2, reason="Passt nicht.")
    with pytest.raises(WrongState) as refused:
        merge(moderator, double, target)
    assert refused.value.action == "merge_into"
    with pytest.raises(InvalidInput, match="not_found"):
        merge(moderator, double, 4711)


def test_taking_a_merge_back_takes_its_supports_out_of_the_whole_chain(
    make: ModuleType, moderator: Actor
) -> None:
    people = [make.attendee().id for _ in range(4)]
    a, b, c, d = accepted([f"Beitrag Nummer {n}." for n in range(4)])
    supported(a, people[0], people[1])
    supported(b, people[2])
    supported(d, people[1], people[3])
    merge(moderator, a, b)
    merge(moderator, d, b)
    merge(moderator, b, c)
    assert set(supporters(c)) == set(people)
    merging.unmerge(moderator, a, seen=version(a))
    assert supporters(b) == {people[1]: d, people[2]: None, people[3]: d}, "who supports d as well stays"
    assert set(supporters(c)) == {people[1], people[2], people[3]}
    assert state(a) is State.ACCEPTED
    with pytest.raises(WrongState):
        merging.unmerge(moderator, a, seen=version(a))


def test_support_taken_back_on_the_merged_one_counts_no_more_where_it_went(
    make: ModuleType, moderator: Actor
) -> None:
    one, two = make.attendee(), make.attendee()
    a, b, c, other = accepted([f"Beitrag Nummer {n}." for n in range(4)])
    supported(a, one.id, two.id)
    supported(other, two.id)
    merge(moderator, a, b)
    merge(moderator, other, b)
    merge(moderator, b, c)
    for person in (one, two):
        handing_in.withdraw_support(person.actor, again(a).code)
    assert supporters(a) == {}
    assert supporters(b) == {two.id: other}, "the support that came another way stays"
    assert set(supporters(c)) == {two.id}


def test_several_at_once(moderator: Actor) -> None:
    target, *doubles = accepted([f"Beitrag Nummer {n}." for n in range(4)])
    items = seen([target, *doubles])
    screening.take_on(moderator, doubles[0])
    outcomes = merging.merge_all(moderator, items, into_id=target)
    assert [item.error for item in outcomes] == [None, None, None]
    assert {again(ident).merged_into_id for ident in doubles} == {target}


def test_two_moderators_merge_the_same_two_into_each_other(app: Flask, make: ModuleType) -> None:
    a, b = accepted(["Der erste Beitrag.", "Der zweite Beitrag."])
    first, second = make.moderator().actor, make.moderator().actor
    results = races.in_threads(
        app,
        [
            lambda: merging.merge(first, a, seen=2, into_id=b),
            lambda: merging.merge(second, b, seen=2, into_id=a),
        ],
    )
    failed = [result for result in results if isinstance(result, Exception)]
    assert len(failed) == 1
    assert isinstance(failed[0], EditConflict | InvalidInput)
    assert sorted([state(a), state(b)]) == [State.ACCEPTED, State.MERGED]


def test_only_moderators_merge(make: ModuleType) -> None:
    a, b = accepted(["Der erste Beitrag.", "Der zweite Beitrag."])
    with pytest.raises(NotPermitted):
        merging.merge(make.partner().actor, a, seen=2, into_id=b)
    assert contributing.state(a) is State.ACCEPTED
