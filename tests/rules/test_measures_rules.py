# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Figures of measures: how they are typed, checked and how far they have come."""

from decimal import Decimal

import pytest

from charta.errors import InvalidInput
from charta.measures.forms import read_figure
from charta.measures.rules import INDICATORS_MAX, IndicatorFigures, clean_indicators


def figures(baseline: int | None, target: int | None, current: int | None) -> IndicatorFigures:
    return IndicatorFigures(
        "x", "", *(None if value is None else Decimal(value) for value in (baseline, target, current))
    )


@pytest.mark.parametrize(
    "baseline, target, current, percent",
    [
        (0, 200, 124, 62),
        (None, 200, 50, 25),  # no baseline counts from nought
        (31, 20, 27, 36),  # fewer weeks are better weeks
        (60, 90, 84, 80),
        (0, 10, 15, 100),  # more than wanted is all of it
        (10, 20, 5, 0),  # worse than at the start is nothing
        (5, 5, 5, 100),  # nothing was to change
        (5, 5, 4, None),
        (0, None, 4, None),
        (0, 10, None, None),
    ],
)
def test_progress_runs_from_baseline_to_target(
    baseline: int | None, target: int | None, current: int | None, percent: int | None
) -> None:
    assert figures(baseline, target, current).percent == percent


@pytest.mark.parametrize(
    "raw, value",
    [
        ("", None),
        (" ", None),
        ("12", "12"),
        ("12,5", "12.5"),
        ("12.5", "12.5"),
        ("1.250", "1250"),  # a German thousand
        ("1.250.000,75", "1250000.75"),
        ("1 250", "1250"),
        ("1\u00a0250", "1250"),
        ("−3", "-3"),  # the real minus sign
        ("0,125", "0.12"),
    ],
)
def test_figures_are_read_as_people_write_them(raw: str, value: str | None) -> None:
    assert read_figure(raw) == (None if value is None else Decimal(value))


@pytest.mark.parametrize("raw", ["zwölf", "1,2,3", "NaN", "Infinity", "--1", "1e"])
def test_what_is_no_number_is_refused(raw: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_figure(raw)


def test_empty_rows_are_left_out_and_names_cleaned() -> None:
    rows = [IndicatorFigures(""), IndicatorFigures("  Beratene \n Anfragen "), IndicatorFigures(" ")]
    assert clean_indicators(rows) == [IndicatorFigures("Beratene Anfragen")]


@pytest.mark.parametrize(
    "rows, code",
    [
        ([IndicatorFigures("", target=Decimal(3))], "required"),  # a figure without a name
        ([IndicatorFigures("", unit="kg")], "required"),
        ([IndicatorFigures("x" * 121)], "too_long"),
        ([IndicatorFigures("x", "u" * 41)], "too_long"),
        ([IndicatorFigures("x"), IndicatorFigures("x ")], "twice"),
        ([IndicatorFigures("x", target=Decimal("NaN"))], "invalid"),
        ([IndicatorFigures("x", target=Decimal(10) ** 12)], "invalid"),  # more than the column holds
        ([IndicatorFigures(f"x{n}") for n in range(INDICATORS_MAX + 1)], "too_many"),
    ],
)
def test_indicators_that_cannot_be_stored_are_refused(rows: list[IndicatorFigures], code: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        clean_indicators(rows)
    assert (caught.value.field, caught.value.code) == ("indicators", code)
