# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What became of each text between two editions."""

from dataclasses import replace
from typing import Any

import pytest

from charta.editions.differences import Difference, Passage, differences, totals
from charta.sections.rules import SectionKind


def text(section_id: int, number: str = "", **details: Any) -> Passage:
    values: dict[str, Any] = {
        "section_id": section_id,
        "kind": SectionKind.SECTION,
        "number": number or str(section_id),
        "title": f"Abschnitt {section_id}",
        "depth": 0,
        "parent_id": None,
        "field_number": 1,
        "field_name": "Arbeit",
        "first_rn": 1,
        "revision_id": section_id,
        "content_hash": f"h{section_id}",
    }
    return Passage(**(values | details))


THREE = [text(1), text(2), text(3)]


def told(old: list[Passage], new: list[Passage]) -> dict[int, list[str]]:
    """Return what is said of each text, in the order of the page; nothing for one that stayed."""
    fates = (
        "is_new",
        "is_gone",
        "is_moved",
        "is_renamed",
        "has_new_words",
        "has_other_facts",
        "is_renumbered",
    )
    return {
        one.here.section_id: [fate for fate in fates if getattr(one, fate)] for one in differences(old, new)
    }


def test_the_same_texts_have_no_difference() -> None:
    assert told(THREE, THREE) == {1: [], 2: [], 3: []}
    assert all(one.is_unchanged for one in differences(THREE, THREE))
    assert differences([], []) == []


def test_new_texts_stand_in_their_place_and_gone_ones_where_they_stood() -> None:
    new = [text(1), text(4, "2"), text(3)]
    assert told(THREE, new) == {1: [], 2: ["is_gone"], 4: ["is_new"], 3: []}
    assert list(told(THREE, [text(2), text(3)])) == [1, 2, 3]  # it stood before all others
    assert list(told(THREE, [text(1)])) == [1, 2, 3]
    # What it stood behind went to another place: it does not go along.
    assert list(told(THREE, [text(2, parent_id=3), text(1)])) == [2, 1, 3]
    assert told(THREE, []) == {1: ["is_gone"], 2: ["is_gone"], 3: ["is_gone"]}


@pytest.mark.parametrize(
    "after, moved",
    [
        ([2, 3, 1], {1}),  # one went to the end: the others did not move
        ([3, 1, 2], {3}),
        ([1, 3, 2], {2}),  # either of two neighbours: the one that came later stays
        ([3, 2, 1], {2, 3}),
    ],
)
def test_of_texts_in_another_order_as_few_as_possible_have_moved(after: list[int], moved: set[int]) -> None:
    found = differences(THREE, [text(number) for number in after])
    assert len([one for one in found if one.is_moved]) == len(moved)


def test_another_number_alone_is_no_move() -> None:
    new = [text(9, "1"), text(1, "2"), text(2, "3"), text(3, "4")]
    assert told(THREE, new) == {
        9: ["is_new"],
        1: ["is_renumbered"],
        2: ["is_renumbered"],
        3: ["is_renumbered"],
    }
    assert differences(THREE, new)[1].is_unchanged


@pytest.mark.parametrize(
    "changed, fate",
    [
        ({"parent_id": 1}, ["is_moved"]),
        ({"field_number": 2, "field_name": "Bildung"}, ["is_moved"]),
        ({"field_name": "Gute Arbeit"}, []),  # the field was renamed
        ({"field_number": 2}, []),  # the fields were numbered anew
        ({"title": "Neu", "content_hash": "x"}, ["is_renamed", "has_new_words"]),  # words: as far as known
        ({"content_hash": "x"}, ["has_new_words"]),
        ({"facts": {"responsible": "IHK"}}, ["has_other_facts"]),
        ({"facts": {}}, []),
    ],
)
def test_one_text_that_changed(changed: dict[str, Any], fate: list[str]) -> None:
    new = [THREE[0], replace(THREE[1], **changed), THREE[2]]
    assert told(THREE, new) == {1: [], 2: fate, 3: []}


def test_totals_count_each_kind_by_itself() -> None:
    measure = text(7, kind=SectionKind.MEASURE, facts={"starts_on": None})
    old = [*THREE, measure]
    new = [
        text(1, content_hash="x", title="Neu"),
        text(4),
        replace(measure, facts={"starts_on": "2026-01-01"}),
    ]
    found: list[Difference] = differences(old, new)
    sections, measures = (totals(found, kind) for kind in SectionKind)
    assert (sections.changed, sections.new, sections.gone, sections.renamed) == (1, 1, 2, 1)
    assert (sections.unchanged, sections.moved, sections.other_facts) == (0, 0, 0)
    assert (measures.other_facts, measures.changed, measures.unchanged) == (1, 0, 0)
