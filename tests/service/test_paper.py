# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""From paper: cards are numbered, typed in, taken in from tables; what comes twice is known again."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from charta.accounts.rules import PublicName
from charta.activity.models import ActivityEntry
from charta.contributions import rules
from charta.contributions.card_rows import Column, Taking, guessed
from charta.contributions.models import Contribution, ContributionCard, ContributionEvent, ContributionTerm
from charta.contributions.queries import paper as queries
from charta.contributions.rules import Kind, Origin, State
from charta.contributions.service import paper
from charta.db import session
from charta.errors import InvalidInput, NotFound, NotPermitted
from tests import factories, halls, races
from tests.factories import Account

MAPPING = {Column.CARD: 0, Column.TEXT: 1, Column.FIELD: 2, Column.KIND: 3}


@pytest.fixture
def moderator(app: Flask) -> Account:
    return factories.moderator()


@pytest.fixture
def forum_id(app: Flask) -> int:
    return halls.forum("Zukunftsforum Zwickau").id


def codes(forum_id: int) -> list[str]:
    return [code for _number, code in queries.cards(forum_id, first=1, last=10_000)]


def record(moderator: Account, forum_id: int, **details: Any) -> Contribution:
    values: dict[str, Any] = {
        "card": "",
        "text": "Mehr Busse.",
        "field_id": None,
        "kind": None,
        "public_name": PublicName.NONE,
    }
    return paper.record_card(moderator.actor, forum_id, **(values | details))


def take(moderator: Account, forum_id: int, rows: list[list[str]], taking: Taking = Taking.GOOD) -> Any:
    numbered = list(enumerate(rows, start=2))
    return paper.import_rows(moderator.actor, forum_id, numbered, mapping=MAPPING, taking=taking)


def stored(forum_id: int) -> int:
    return session.scalar(select(func.count()).where(Contribution.forum_id == forum_id)) or 0


def entries(verb: str) -> list[ActivityEntry]:
    return list(session.scalars(select(ActivityEntry).where(ActivityEntry.verb == verb)))


# ------------------------------------------------------------------------------------------------- cards


def test_cards_are_numbered_on_with_codes_that_nothing_else_has(moderator: Account, forum_id: int) -> None:
    assert paper.print_cards(moderator.actor, forum_id, count=3) == range(1, 4)
    assert paper.print_cards(moderator.actor, forum_id, count=2) == range(4, 6)
    other = halls.forum("Anderswo").id
    assert paper.print_cards(moderator.actor, other, count=1) == range(1, 2)
    found = codes(forum_id)
    assert len(set(found + codes(other))) == 6
    assert all(rules.clean_code(code) == code for code in found)
    assert [(batch.first, batch.last, batch.recorded) for batch in queries.batches(forum_id)] == [
        (4, 5, 0),
        (1, 3, 0),
    ]
    assert len(entries("print_cards")) == 3


@pytest.mark.parametrize("count,code", [(0, "invalid"), (-1, "invalid"), (201, "too_many")])
def test_an_impossible_number_of_cards_is_refused(
    moderator: Account, forum_id: int, count: int, code: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        paper.print_cards(moderator.actor, forum_id, count=count)
    assert (refused.value.field, refused.value.code) == ("count", code)


def test_card_becomes_a_contribution_with_its_code(moderator: Account, forum_id: int) -> None:
    paper.print_cards(moderator.actor, forum_id, count=2)
    field_id = factories.field_of_action()
    code = codes(forum_id)[0]
    made = record(
        moderator,
        forum_id,
        card=f" {code[:3].lower()}-{code[3:]} ",
        field_id=field_id,
        kind=Kind.NEED,
        public_name=PublicName.ORGANISATION,
        name="Erika Muster",
        organisation="Muster GmbH",
    )
    assert (made.code, made.origin, made.state) == (code, Origin.CARD, State.RECEIVED)
    assert (made.recorded_by_id, made.author_id, made.field_id) == (moderator.id, None, field_id)
    # Nobody is to read the name: it is not even kept.
    assert (made.author_name, made.organisation_name) == ("", "Muster GmbH")
    card = session.get(ContributionCard, code)
    assert card is not None
    assert card.contribution_id == made.id
    assert record(moderator, forum_id, card="Nr. 2", text="Zweite").code == codes(forum_id)[1]


def test_same_card_again_is_the_same_contribution_or_refused(moderator: Account, forum_id: int) -> None:
    paper.print_cards(moderator.actor, forum_id, count=1)
    first = record(moderator, forum_id, card="1")
    assert record(moderator, forum_id, card="1").id == first.id
    with pytest.raises(InvalidInput) as refused:
        record(moderator, forum_id, card="1", text="Etwas anderes.")
    assert (refused.value.field, refused.value.code) == ("card", "card_taken")
    sheet = record(moderator, forum_id, text="Vom Flipchart", once_key="k")
    assert record(moderator, forum_id, text="Vom Flipchart", once_key="k").id == sheet.id
    assert stored(forum_id) == 2


def test_two_who_type_in_the_same_card_at_once_make_one_contribution(
    app: Flask, moderator: Account, forum_id: int
) -> None:
    paper.print_cards(moderator.actor, forum_id, count=1)
    other = factories.moderator()
    results = races.in_threads(
        app,
        [
            lambda who=who: record(who, forum_id, card="1", text=f"Gelesen von {who.id}")  # type: ignore[misc]
            for who in (moderator, other)
        ],
    )
    refused = [one for one in results if isinstance(one, InvalidInput)]
    assert [one.code for one in refused] == ["card_taken"]
    assert stored(forum_id) == 1


@pytest.mark.parametrize(
    "details,field,code",
    [
        ({"text": " \n"}, "text", "required"),
        ({"text": "x" * 2001}, "text", "too_long"),
        ({"text": "a\x00b"}, "text", "forbidden_character"),
        ({"card": "ZZZZZZ"}, "card", "card_unknown"),
        ({"card": "9"}, "card", "card_unknown"),
        ({"card": "<b>"}, "card", "card_unknown"),
        ({"once_key": "a\x00b"}, "once_key", "invalid"),
        ({"public_name": PublicName.NAME}, "name", "required"),
        ({"public_name": PublicName.ORGANISATION}, "organisation", "required"),
        ({"field_id": 99}, "field_id", "not_found"),
    ],
)
def test_what_cannot_be_recorded_is_refused_with_its_reason(
    moderator: Account, forum_id: int, details: dict[str, Any], field: str, code: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        record(moderator, forum_id, **details)
    assert (refused.value.field, refused.value.code) == (field, code)
    assert stored(forum_id) == 0


def test_only_the_moderation_works_with_paper(moderator: Account, forum_id: int) -> None:
    for stranger in (factories.attendee(), factories.partner(), factories.administrator()):
        with pytest.raises(NotPermitted):
            paper.print_cards(stranger.actor, forum_id, count=1)
        with pytest.raises(NotPermitted):
            record(stranger, forum_id)
        with pytest.raises(NotPermitted):
            take(stranger, forum_id, [["", "Text", "", ""]])
    with pytest.raises(NotFound):
        record(moderator, 4711)


# ------------------------------------------------------------------------------------------------ import


def test_good_rows_are_taken_and_each_refused_one_is_reported(moderator: Account, forum_id: int) -> None:
    paper.print_cards(moderator.actor, forum_id, count=3)
    one, two, three = codes(forum_id)
    field_id = factories.field_of_action("Gute Arbeit und Ausbildung", number=2)
    record(moderator, forum_id, card=three)
    report = take(
        moderator,
        forum_id,
        [
            [one, "Lotsen für Betriebe", "HF 2", "Bedarf"],
            [one, "Dieselbe Karte", "", ""],
            ["2", "Mit der Nummer", "gute arbeit und ausbildung", "weiß nicht"],
            [three, "Schon erfasst", "", ""],
            ["QQQQQQ", "Fremde Karte", "", ""],
            ["", "", "", ""],
            ["", "x" * 2001, "", ""],
            ["", "<script>alert(1)</script> =1+1", "", ""],
            ["", "Feld falsch", "Feld 9", ""],
            ["", "Art falsch", "", "Wunsch"],
        ],
    )
    assert report.taken == 3
    assert [(one.number, one.column, one.code) for one in report.refused] == [
        (3, "card", "card_twice"),
        (5, "card", "card_taken"),
        (6, "card", "card_unknown"),
        (7, "text", "required"),
        (8, "text", "too_long"),
        (10, "field", "unknown_field"),
        (11, "kind", "unknown_choice"),
    ]
    assert report.refused[0].data == {"value": one, "line": 2}
    made = {item.text: item for item in session.scalars(select(Contribution))}
    assert made["Lotsen für Betriebe"].code == one
    assert (made["Lotsen für Betriebe"].field_id, made["Lotsen für Betriebe"].kind) == (field_id, Kind.NEED)
    assert (made["Mit der Nummer"].code, made["Mit der Nummer"].field_id) == (two, field_id)
    # Stored as written: whoever writes it into a table neutralises it, whoever shows it escapes it.
    assert made["<script>alert(1)</script> =1+1"].origin is Origin.IMPORT
    (entry,) = entries("import_contributions")
    assert (entry.data["taken"], entry.data["refused"]) == (3, 7)


def test_all_or_nothing_takes_nothing_when_one_row_is_refused(moderator: Account, forum_id: int) -> None:
    rows = [["", "Gut", "", ""], ["", "", "", ""]]
    report = take(moderator, forum_id, rows, Taking.ALL)
    assert (report.taken, len(report.refused), stored(forum_id)) == (0, 1, 0)
    assert entries("import_contributions") == []
    assert take(moderator, forum_id, rows[:1], Taking.ALL).taken == 1


def test_a_file_imported_twice_changes_nothing(moderator: Account, forum_id: int) -> None:
    paper.print_cards(moderator.actor, forum_id, count=1)
    rows = [["1", "Von der Karte", "", ""], ["", "Mehr Busse", "", ""], ["", "Mehr Busse", "", ""]]
    assert take(moderator, forum_id, rows).taken == 3  # two people may have written the same
    again = take(moderator, forum_id, rows)
    assert (again.taken, [one.code for one in again.refused]) == (0, ["card_taken", "row_known", "row_known"])
    assert stored(forum_id) == 3
    assert len(entries("import_contributions")) == 1
    more = take(moderator, forum_id, [*rows, ["", "Mehr Bahnen", "", ""]])
    assert (more.taken, stored(forum_id)) == (1, 4)


def test_many_rows_cost_the_statements_of_a_few(
    moderator: Account, forum_id: int, statements: Callable[[], Any]
) -> None:
    paper.print_cards(moderator.actor, forum_id, count=2)
    few = [["1", "Eine Karte zum Pendeln", "", ""], ["", "Noch ein Satz", "", ""]]
    with statements() as counted_few:
        take(moderator, forum_id, few)
    many = [["2", "Die andere Karte", "", ""]] + [["", f"Satz Nummer {n}", "", ""] for n in range(400)]
    with statements() as counted_many:
        assert take(moderator, forum_id, many).taken == 401
    assert counted_few <= 25, counted_few
    assert counted_many <= 31, counted_many  # batches of inserts, no query for a row
    made = session.scalar(select(func.count()).select_from(ContributionEvent))
    assert made == 403
    assert session.scalar(select(func.count(ContributionTerm.contribution_id.distinct()))) == 403


def test_one_row_too_many_is_refused_with_both_numbers(moderator: Account, forum_id: int) -> None:
    with pytest.raises(InvalidInput) as refused:
        take(moderator, forum_id, [["", "x", "", ""]] * 5001)
    assert (refused.value.data["length"], refused.value.data["limit"]) == (5001, 5000)


def test_headings_are_recognised() -> None:
    assert guessed(["Karten-Code", "Ihr Text", "TEXT", "Handlungsfeld", "Art", "Text", "Zeile", "Grund"]) == {
        Column.CARD: 0,
        Column.TEXT: 2,
        Column.FIELD: 3,
        Column.KIND: 4,
    }
    assert guessed(["", "1", "ß"]) == {}
