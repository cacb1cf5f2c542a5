# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Screening contributions: accept, ask, decline, reopen, sort, redact, split, answer."""

from types import ModuleType

import pytest
from flask import Flask
from sqlalchemy import select

from charta.contributions.models import Contribution, ContributionEvent
from charta.contributions.rules import Kind, State, Verb, Words
from charta.contributions.service import answering, redacting, screening, splitting
from charta.contributions.service.entering import Seen
from charta.contributions.service.screening import Sorting
from charta.contributions.service.splitting import Part
from charta.db import session
from charta.errors import EditConflict, InvalidInput, NotFound, NotPermitted, WrongState
from charta.permissions import Actor
from tests import contributing, races
from tests.contributing import again, received, seen, verbs, version
from tests.databases import count_statements


@pytest.fixture
def moderator(make: ModuleType) -> Actor:
    return make.moderator().actor  # type: ignore[no-any-return]


def test_accepting_sorts_in_the_same_step(make: ModuleType, moderator: Actor) -> None:
    [ident] = received()
    field = make.field_of_action()
    screening.accept(
        moderator, ident, seen=1, sorting=Sorting(field, Kind.NEED, "  Begleitung  für Betriebe ")
    )
    row = again(ident)
    assert (row.state, row.field_id, row.kind, row.title) == (
        State.ACCEPTED, field, Kind.NEED, "Begleitung für Betriebe",
    )  # fmt: skip
    assert row.version == 2
    assert row.screened_at is not None
    assert verbs(ident) == [Verb.RECEIVE, Verb.ACCEPT]


@pytest.mark.parametrize("role", ["attendee", "partner", "administrator"])
def test_only_moderators_screen(make: ModuleType, role: str) -> None:
    [ident] = received()
    actor = make.person(role).actor
    with pytest.raises(NotPermitted):
        screening.accept(actor, ident, seen=1)
    with pytest.raises(NotPermitted):
        splitting.split(actor, ident, seen=1, parts=[Part("Eins"), Part("Zwei")])
    with pytest.raises(NotPermitted):
        redacting.redact(actor, ident, seen=1, phrases=["Kleine"], reason="Name")
    with pytest.raises(NotPermitted):
        answering.answer(actor, ident, seen=1, text="Danke.")
    assert contributing.state(ident) is State.RECEIVED


def test_what_somebody_changed_meanwhile_is_a_conflict(make: ModuleType, moderator: Actor) -> None:
    [ident] = received()
    screening.accept(make.moderator().actor, ident, seen=1)
    with pytest.raises(EditConflict):
        screening.decline(moderator, ident, seen=1, reason="Doppelt")
    with pytest.raises(EditConflict):  # the same click twice
        screening.accept(moderator, ident, seen=1)
    with pytest.raises(NotFound):
        screening.accept(moderator, 4711, seen=1)
    assert contributing.state(ident) is State.ACCEPTED


def test_two_moderators_at_once_one_is_told(app: Flask, make: ModuleType) -> None:
    [ident] = received()
    first, second = make.moderator().actor, make.moderator().actor
    results = races.in_threads(
        app,
        [
            lambda: screening.accept(first, ident, seen=1),
            lambda: screening.decline(second, ident, seen=1, reason="Passt nicht."),
        ],
    )
    assert sorted(type(result).__name__ for result in results) == ["EditConflict", "NoneType"]
    assert len(verbs(ident)) == 2


def test_questions_and_refusals_need_a_reason(moderator: Actor) -> None:
    [ident] = received()
    with pytest.raises(InvalidInput, match="reason_required"):
        screening.ask(moderator, ident, seen=1, reason="  ")
    with pytest.raises(InvalidInput, match="reason_required"):
        screening.decline(moderator, ident, seen=1, reason="")
    screening.ask(moderator, ident, seen=1, reason="Welche Betriebe meinen Sie?")
    assert contributing.state(ident) is State.ASKED
    screening.decline(moderator, ident, seen=2, reason="Keine Antwort.", words=Words.HIDDEN)
    assert again(ident).is_hidden
    screening.reopen(moderator, ident, seen=3)
    row = again(ident)
    assert (row.state, row.is_hidden, row.screened_at) == (State.RECEIVED, False, None)
    assert verbs(ident) == [Verb.RECEIVE, Verb.ASK, Verb.DECLINE, Verb.REOPEN]


def test_many_at_once_tell_each_result(make: ModuleType, moderator: Actor) -> None:
    ids = received([f"Beitrag Nummer {n} über etwas." for n in range(4)])
    screening.accept(make.moderator().actor, ids[1], seen=1)
    screening.accept(moderator, ids[2], seen=1)
    items = [Seen(ids[0], 1), Seen(ids[1], 1), Seen(ids[2], 2), Seen(ids[3], 1), Seen(4711, 1)]
    outcomes = screening.accept_all(moderator, items)
    errors = [type(item.error) for item in outcomes]
    assert errors == [type(None), EditConflict, WrongState, type(None), NotFound]
    assert [contributing.state(ident) for ident in ids] == [State.ACCEPTED] * 4
    assert version(ids[1]) == 2, "left as it was"


def test_none_and_more_than_a_hundred_are_refused(moderator: Actor) -> None:
    with pytest.raises(InvalidInput, match="nothing_chosen"):
        screening.accept_all(moderator, [])
    with pytest.raises(InvalidInput, match="too_many"):
        screening.accept_all(moderator, [Seen(n, 1) for n in range(1, 102)])


@pytest.mark.sqlite_only
def test_a_deed_on_many_costs_as_few_statements_as_one_on_some(moderator: Actor) -> None:
    counted = []
    for count in (5, 50):
        ids = received([f"Beitrag Nummer {n} über etwas anderes." for n in range(count)])
        items = seen(ids)
        with count_statements() as statements:
            screening.accept_all(moderator, items)
        counted.append(len(statements))
    assert counted[0] == counted[1] <= 14, counted


def test_a_field_for_many_and_unknown_ones_refused(make: ModuleType, moderator: Actor) -> None:
    ids, field = received(["Erstens ein Beitrag.", "Zweitens noch einer."]), make.field_of_action()
    screening.put_into_field(moderator, seen(ids), field_id=field)
    assert [again(ident).field_id for ident in ids] == [field, field]
    with pytest.raises(InvalidInput, match="not_found"):
        screening.sort(moderator, ids[0], seen=2, sorting=Sorting(field_id=4711))
    with pytest.raises(InvalidInput, match="too_long"):
        screening.sort(moderator, ids[0], seen=2, sorting=Sorting(title="x" * 121))


def test_taking_on_is_no_change_that_others_trip_over(make: ModuleType, moderator: Actor) -> None:
    [ident] = received()
    other = make.moderator().actor
    screening.take_on(moderator, ident)
    screening.take_on(other, ident)
    assert again(ident).assignee_id == other.id
    screening.accept(moderator, ident, seen=1)
    screening.hand_back(other, ident)
    assert again(ident).assignee_id is None


# ------------------------------------------------------------------------------------------------ its words


def test_redacted_words_leave_a_gap_and_stay_with_the_moderators(moderator: Actor) -> None:
    [ident] = received("Herr Muster von der Muster GmbH sagt, dass es an Zeit fehlt.")
    redacting.redact(moderator, ident, seen=1, phrases=["muster", "GmbH"], reason="Name einer Person")
    row = again(ident)
    assert row.text == "Herr ███ von der ███ sagt, dass es an Zeit fehlt."
    assert row.original_text == "Herr Muster von der Muster GmbH sagt, dass es an Zeit fehlt."
    redacting.redact(moderator, ident, seen=2, phrases=["Herr Muster"], reason="Die Firma ist öffentlich.")
    assert again(ident).text == "███ von der Muster GmbH sagt, dass es an Zeit fehlt."
    redacting.redact(moderator, ident, seen=3, phrases=[], reason="Er ist einverstanden.")
    assert (again(ident).text, again(ident).original_text) == (row.original_text, None)
    with pytest.raises(InvalidInput, match="words_missing"):
        redacting.redact(moderator, ident, seen=4, phrases=["Meier"], reason="Name")
    with pytest.raises(InvalidInput, match="nothing_redacted"):
        redacting.redact(moderator, ident, seen=4, phrases=[], reason="Name")


def test_redacted_words_are_not_found_by_the_search_for_similar_ones(moderator: Actor) -> None:
    from charta.contributions import similar

    [ident] = contributing.accepted("Geheimrezeptur der Kunststoffgalvanik offenlegen.", by=moderator)
    assert [found.id for found in similar.similar("Geheimrezeptur der Kunststoffgalvanik")] == [ident]
    redacting.redact(
        moderator, ident, seen=2, phrases=["Geheimrezeptur der Kunststoffgalvanik"], reason="Vertraulich"
    )
    assert similar.similar("Geheimrezeptur der Kunststoffgalvanik") == []


def test_split_parts_keep_author_and_date_and_the_original_stays(make: ModuleType, moderator: Actor) -> None:
    author = make.attendee()
    [ident] = received("Wir brauchen Lotsen. Und mehr Busse.", author_id=author.id)
    codes = splitting.split(
        moderator, ident, seen=1, parts=[Part("Wir brauchen Lotsen."), Part("Mehr Busse.", kind=Kind.NEED)]
    )
    session.rollback()
    original = again(ident)
    parts = session.scalars(select(Contribution).where(Contribution.split_from_id == ident)).all()
    assert [part.code for part in parts] == codes
    assert {part.state for part in parts} == {State.ACCEPTED}
    assert {part.author_id for part in parts} == {author.id}
    assert {part.received_at for part in parts} == {original.received_at}
    assert (original.state, original.text) == (State.SPLIT, "Wir brauchen Lotsen. Und mehr Busse.")
    with pytest.raises(WrongState):
        splitting.split(moderator, ident, seen=2, parts=[Part("Eins."), Part("Zwei.")])


@pytest.mark.parametrize(
    "texts, code",
    [
        (["Nur einer."], "too_few_parts"),
        (["Teil"] * 11, "too_many"),
        (["Eins", "  "], "required"),
        (["Eins", "x" * 2001], "too_long"),
    ],
)
def test_bad_parts_split_nothing(moderator: Actor, texts: list[str], code: str) -> None:
    [ident] = received()
    with pytest.raises(InvalidInput, match=code):
        splitting.split(moderator, ident, seen=1, parts=[Part(text) for text in texts])
    assert contributing.state(ident) is State.RECEIVED


def test_an_own_sentence_accepts_along_and_may_be_changed(moderator: Actor) -> None:
    [ident] = received()
    answering.answer(moderator, ident, seen=1, text="Das steht schon in Maßnahme 3.")
    row = again(ident)
    assert (row.state, row.answer) == (State.ACCEPTED, "Das steht schon in Maßnahme 3.")
    with pytest.raises(InvalidInput, match="same_answer"):
        answering.answer(moderator, ident, seen=2, text="Das steht schon in Maßnahme 3.")
    answering.answer(moderator, ident, seen=2, text="Das steht in Maßnahme 4.")
    session.rollback()
    told = session.scalars(
        select(ContributionEvent.reason)
        .where(ContributionEvent.contribution_id == ident, ContributionEvent.verb == Verb.ANSWER)
        .order_by(ContributionEvent.id)
    ).all()
    assert told == ["Das steht schon in Maßnahme 3.", "Das steht in Maßnahme 4."]
