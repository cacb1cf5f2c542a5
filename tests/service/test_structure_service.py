# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The tree: sections are created, moved and taken out; numbers and Randnummern follow."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from charta import events
from charta.db import session, transaction
from charta.errors import InvalidInput, WrongState
from charta.sections import queries, service
from charta.sections.models import Section, StructureRevision
from charta.sections.rules import LAST, Cause, SectionKind, StructureCause
from tests import factories
from tests.databases import count_statements


def make(title: str, *, body: str = "Ein Absatz.", **place: Any) -> int:
    values = {"parent_id": None, "field_id": None} | place
    author = factories.moderator().id
    with transaction() as tx:
        return service.create_section(
            tx, title=title, body=body, author_id=author, cause=Cause.IMPORT, **values
        ).id


def move(section_id: int, **place: Any) -> StructureRevision | None:
    values = {"parent_id": None, "field_id": None, "proposal_id": 5} | place
    author = factories.moderator().id
    with transaction() as tx:
        service.lock_tree(tx)
        section = tx.lock(Section, section_id)
        assert section is not None
        return service.place_section(tx, section, author_id=author, cause=StructureCause.PROPOSAL, **values)


def bury(section_id: int) -> StructureRevision:
    author = factories.moderator().id
    with transaction() as tx:
        section = tx.lock(Section, section_id)
        assert section is not None
        return service.bury_section(
            tx, section, author_id=author, cause=StructureCause.PROPOSAL, proposal_id=9
        )


def outline() -> list[tuple[str, str]]:
    session.rollback()
    session.expire_all()
    shown = [(entry.number, entry.title) for entry in queries.tree(with_measures=True)]
    stored = {row[0]: row[1] for row in session.execute(select(Section.title, Section.number))}
    assert all(stored[title] == number for number, title in shown), (shown, stored)
    return shown


@pytest.fixture
def charta(app: Flask) -> dict[str, int]:
    """Vorwort, A Region (A.1, A.2), 1 Politik (1.1), B Ende."""
    field = factories.field_of_action()
    ids = {"field": field, "Vorwort": make("Vorwort"), "Region": make("Region")}
    ids["Stärken"] = make("Stärken", parent_id=ids["Region"])
    ids["Schwächen"] = make("Schwächen", parent_id=ids["Region"])
    ids["Politik"] = make("Politik", field_id=field)
    ids["Energie"] = make("Energie", parent_id=ids["Politik"])
    ids["Ende"] = make("Ende")
    return ids


def test_sections_are_numbered_as_they_are_made(charta: dict[str, int]) -> None:
    assert outline() == [
        ("", "Vorwort"), ("A", "Region"), ("A.1", "Stärken"), ("A.2", "Schwächen"),
        ("1", "Politik"), ("1.1", "Energie"), ("B", "Ende"),
    ]  # fmt: skip


def test_randnummern_run_through_all_sections_in_reading_order(charta: dict[str, int]) -> None:
    make("Mitte", body="Eins.\n\n### Zwischentitel\n\nZwei.\n\n- a\n- b", parent_id=charta["Region"],
         after_id=charta["Stärken"])  # fmt: skip
    factories.measure(field_id=charta["field"])
    found = {
        entry.title: (entry.first_rn, entry.last_rn)
        for entry in queries.tree(with_measures=True)
        if entry.kind is SectionKind.SECTION
    }
    assert found == {
        "Vorwort": (1, 1),
        "Region": (2, 2),
        "Stärken": (3, 3),
        "Mitte": (4, 6),
        "Schwächen": (7, 7),
        "Politik": (8, 8),
        "Energie": (9, 9),
        "Ende": (10, 10),
    }  # fmt: skip -- headings carry no number, a list carries one, measures count for themselves


def test_a_child_has_the_field_of_its_parent(charta: dict[str, int]) -> None:
    other = factories.field_of_action()
    energy = queries.section(make("Netze", parent_id=charta["Politik"], field_id=other))
    assert energy is not None
    assert energy.field_id == charta["field"]


def test_a_second_root_of_a_field_becomes_a_child_of_the_first(charta: dict[str, int]) -> None:
    make("Netze", field_id=charta["field"])
    assert ("1.2", "Netze") in outline()


def test_a_section_can_be_put_first_last_and_after_a_sibling(charta: dict[str, int]) -> None:
    region = charta["Region"]
    move(charta["Schwächen"], parent_id=region, after_id=None)
    assert outline()[2:4] == [("A.1", "Schwächen"), ("A.2", "Stärken")]
    move(charta["Schwächen"], parent_id=region, after_id=LAST)
    assert outline()[2:4] == [("A.1", "Stärken"), ("A.2", "Schwächen")]
    make("Dazwischen", parent_id=region, after_id=charta["Stärken"])
    assert outline()[2:5] == [("A.1", "Stärken"), ("A.2", "Dazwischen"), ("A.3", "Schwächen")]


def test_a_move_takes_what_stands_below_along_and_closes_the_gap(charta: dict[str, int]) -> None:
    move(charta["Region"], parent_id=charta["Politik"], after_id=None)
    assert outline() == [
        ("", "Vorwort"), ("1", "Politik"), ("1.1", "Region"), ("1.1.1", "Stärken"),
        ("1.1.2", "Schwächen"), ("1.2", "Energie"), ("A", "Ende"),
    ]  # fmt: skip
    child = queries.section(charta["Stärken"])
    assert child is not None
    assert (child.field_id, child.structure_number) == (charta["field"], 2)  # its field changed with it


def test_a_move_leaves_one_structure_revision_and_tells_handlers(
    charta: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Any] = []
    monkeypatch.setattr(
        events, "_handlers", [(events.StructureChanged, lambda tx, event: heard.append(event))]
    )
    made = move(charta["Stärken"], parent_id=charta["Region"])
    assert made is not None
    assert (made.number, made.position, made.proposal_id, made.is_tombstone) == (2, 2, 5, False)
    assert heard == [events.StructureChanged(charta["Stärken"])]
    sibling = queries.section(charta["Schwächen"])
    assert sibling is not None
    assert (sibling.position, sibling.structure_number) == (1, 1)  # moved up silently


def test_moving_to_the_present_place_changes_nothing(charta: dict[str, int]) -> None:
    assert move(charta["Schwächen"], parent_id=charta["Region"]) is None
    section = queries.section(charta["Schwächen"])
    assert section is not None
    assert section.structure_number == 1


@pytest.mark.parametrize("target", ["Region", "Stärken"])
def test_nothing_can_stand_under_itself(charta: dict[str, int], target: str) -> None:
    before = outline()
    with pytest.raises(InvalidInput) as caught:
        move(charta["Region"], parent_id=charta[target])
    assert (caught.value.field, caught.value.code) == ("parent_id", "cycle")
    assert outline() == before


def test_places_that_do_not_exist_are_refused(charta: dict[str, int]) -> None:
    measure_section = next(e.id for e in _with_measure(charta) if e.kind is SectionKind.MEASURE)
    for place, code in (
        ({"parent_id": 9_999}, "not_found"),
        ({"field_id": 9_999}, "not_found"),
        ({"parent_id": charta["Region"], "after_id": charta["Ende"]}, "not_a_sibling"),
        ({"parent_id": measure_section}, "not_found"),  # nothing stands under a measure
    ):
        with pytest.raises(InvalidInput) as caught:
            move(charta["Ende"], **place)
        assert caught.value.code == code, place


def _with_measure(charta: dict[str, int]) -> Any:
    factories.measure(field_id=charta["field"])
    return queries.tree(with_measures=True)


def test_a_section_that_is_taken_out_closes_the_gap_and_stays_readable(charta: dict[str, int]) -> None:
    grave = bury(charta["Stärken"])
    assert (grave.is_tombstone, grave.proposal_id) == (True, 9)
    assert ("A.1", "Schwächen") in outline()
    assert all(title != "Stärken" for _, title in outline())
    page = queries.section_page(charta["Stärken"])
    assert page is not None
    assert page.head.body == "Ein Absatz.\n"
    assert queries.tombstone(charta["Stärken"]) is not None
    assert queries.tombstone(charta["Schwächen"]) is None


def test_a_section_with_sections_below_is_not_taken_out(charta: dict[str, int]) -> None:
    with pytest.raises(WrongState) as caught:
        bury(charta["Region"])
    assert caught.value.state == "has_children"


def test_a_section_is_taken_out_once(charta: dict[str, int]) -> None:
    bury(charta["Ende"])
    with pytest.raises(WrongState) as caught:
        bury(charta["Ende"])
    assert caught.value.state == "deleted"


def test_measures_are_numbered_within_their_field(charta: dict[str, int]) -> None:
    other = factories.field_of_action()
    for field, title in ((other, "M1"), (charta["field"], "M2"), (other, "M3")):
        factories.measure(title, field_id=field)
    assert outline()[-3:] == [("1.1", "M2"), ("2.1", "M1"), ("2.2", "M3")]


def test_the_tree_takes_two_statements_and_a_move_few_whatever_the_number_of_sections(app: Flask) -> None:
    counts: list[tuple[int, int]] = []
    parent = make("Ganz vorn")
    for _round in range(2):
        for number in range(8):
            last = make(f"Abschnitt {number} {_round}", parent_id=parent)
        with count_statements() as reading:
            queries.tree()
        author = factories.moderator().id
        with count_statements() as moving, transaction() as tx:
            section = tx.lock(Section, last)
            assert section is not None
            service.place_section(
                tx, section, parent_id=parent, field_id=None, after_id=None, author_id=author,
                cause=StructureCause.PROPOSAL,
            )  # fmt: skip
        counts.append((len(reading), len(moving)))
    assert counts[0] == counts[1]
    assert counts[0][0] == 2  # is it still the same tree; the tree
