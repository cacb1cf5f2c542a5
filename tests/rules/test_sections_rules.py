# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The order of sections and the numbers they are shown with."""

import pytest

from charta.errors import InvalidInput
from charta.sections.rules import (
    BODY_MAX,
    Place,
    SectionKind,
    check_length,
    clean_line,
    in_reading_order,
    is_below,
)


def place(
    ident: int,
    position: int,
    *,
    parent: int | None = None,
    field: int | None = None,
    kind: SectionKind = SectionKind.SECTION,
) -> Place:
    return Place(ident, kind, parent, field, field, position)


def numbers(*places: Place) -> list[tuple[int, int, str]]:
    return [(found.id, depth, number) for found, depth, number in in_reading_order(places)]


CHARTA = (
    place(1, 1),  # Vorwort
    place(2, 1, parent=1),  # Wie diese Charta entstanden ist
    place(3, 2),  # Die Region heute
    place(4, 1, parent=3),
    place(5, 2, parent=3),
    place(6, 3, field=1),  # Industriepolitik
    place(7, 1, parent=6, field=1),
    place(8, 1, parent=7, field=1),
    place(9, 4, field=2),
    place(10, 5),  # Verstetigung
)


def test_letters_for_the_whole_and_field_numbers_for_fields_in_one_order() -> None:
    assert numbers(*CHARTA) == [
        (1, 0, ""),  # an introduction has no number
        (2, 1, ""),  # nor has what stands in it
        (3, 0, "A"),
        (4, 1, "A.1"),
        (5, 1, "A.2"),
        (6, 0, "1"),
        (7, 1, "1.1"),
        (8, 2, "1.1.1"),
        (9, 0, "2"),
        (10, 0, "B"),
    ]


def test_order_of_the_input_does_not_matter() -> None:
    assert numbers(*reversed(CHARTA)) == numbers(*CHARTA)


def test_without_an_introduction_a_field_may_stand_first() -> None:
    assert numbers(place(1, 1, field=3), place(2, 2), place(3, 3)) == [(1, 0, "3"), (2, 0, "A"), (3, 0, "B")]


def test_after_z_comes_aa() -> None:
    found = numbers(*(place(n, n) for n in range(1, 30)))
    assert [number for _, _, number in found][25:] == ["Y", "Z", "AA", "AB"]


def test_measures_come_last_and_count_per_field() -> None:
    measure = SectionKind.MEASURE
    found = numbers(
        place(20, 2, field=2, kind=measure),
        place(21, 1, field=2, kind=measure),
        place(22, 1, field=1, kind=measure),
        place(23, 1, kind=measure),
        place(1, 1),
    )
    assert found == [(1, 0, ""), (22, 0, "1.1"), (21, 0, "2.1"), (20, 0, "2.2"), (23, 0, "M1")]


def test_very_deep_trees_need_no_recursion() -> None:
    chain = [place(1, 1)] + [place(n, 1, parent=n - 1) for n in range(2, 5_000)]
    assert numbers(*chain)[-1][:2] == (4_999, 4_998)


def test_a_section_stands_below_itself_and_its_ancestors_only() -> None:
    known = {found.id: found for found in CHARTA}
    assert is_below(known, 8, 6)
    assert is_below(known, 8, 8)
    assert not is_below(known, 6, 8)
    assert not is_below(known, 4, 6)


@pytest.mark.parametrize(
    "raw, code",
    [
        ("", "required"),
        (" \n ", "required"),  # blanks are no title
        ("x" * 201, "too_long"),
        ("a\x00b", "forbidden_character"),
    ],
)
def test_titles_that_cannot_be_stored_are_refused(raw: str, code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        clean_line(raw, "title", 200)
    assert (caught.value.field, caught.value.code) == ("title", code)


def test_a_title_becomes_one_line() -> None:
    assert clean_line("  Gute\r\n Arbeit ", "title", 200) == "Gute Arbeit"


def test_the_limit_counts_code_points_and_says_both_numbers() -> None:
    check_length("😀" * BODY_MAX, "body", BODY_MAX)
    with pytest.raises(InvalidInput) as caught:
        check_length("😀" * (BODY_MAX + 1), "body", BODY_MAX)
    assert caught.value.data["limit"] == BODY_MAX
    assert caught.value.data["length"] == BODY_MAX + 1
