# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""How dates read: near ones as a span, far ones as a day, in the language of the page, kept or not."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask_babel import force_locale

from charta.web import dates

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


def words(markup: str) -> str:
    return markup.partition(">")[2].partition("<")[0]


@pytest.mark.parametrize(
    "ago, wanted",
    [
        (timedelta(seconds=0), "gerade eben"),
        (timedelta(seconds=59), "gerade eben"),
        (timedelta(seconds=60), "vor 1 Minute"),
        (timedelta(minutes=2, seconds=59), "vor 2 Minuten"),
        (timedelta(minutes=50), "vor 50 Minuten"),
        (timedelta(hours=3), "vor 3 Stunden"),
        (timedelta(days=1), "vor 1 Tag"),
        (timedelta(days=6), "vor 6 Tagen"),
        (timedelta(days=15), "23.\u00a0Februar"),
        (timedelta(days=400), "3.\u00a0Februar\u00a02025"),
        (timedelta(seconds=-30), "in 30 Sekunden"),  # clocks of two machines may differ
        (timedelta(minutes=-5), "in 5 Minuten"),
        (timedelta(days=-3), "in 3 Tagen"),
    ],
)
def test_how_long_ago(app: Flask, frozen: time_machine.Traveller, ago: timedelta, wanted: str) -> None:
    with app.test_request_context("/"):
        assert words(dates.ago(NOW - ago)) == wanted
        assert words(dates.ago(NOW - ago)) == wanted, "kept"


def test_the_same_moment_reads_differently_later(app: Flask, frozen: time_machine.Traveller) -> None:
    with app.test_request_context("/"):
        assert words(dates.ago(NOW)) == "gerade eben"
        frozen.shift(timedelta(hours=2))
        assert words(dates.ago(NOW)) == "vor 2 Stunden"
        frozen.shift(timedelta(days=330))
        assert dates.day(NOW) == "10.\u00a0März\u00a02026", "the year is another one now"


def test_what_is_kept_is_kept_by_language(app: Flask, frozen: time_machine.Traveller) -> None:
    with app.test_request_context("/"):
        for _ in range(2):
            assert dates.exact(NOW).startswith("Dienstag, 10. März 2026, 10:00")
            assert words(dates.ago(NOW - timedelta(days=2))) == "vor 2 Tagen"
            with force_locale("en"):
                assert "Tuesday" in dates.exact(NOW)
                assert words(dates.ago(NOW - timedelta(days=2))) == "2 days ago"
                assert "May" in dates.day(date(2026, 5, 24))


def test_the_element_carries_the_moment_for_machines(app: Flask, frozen: time_machine.Traveller) -> None:
    with app.test_request_context("/"):
        assert 'datetime="2026-03-10T09:00:00+00:00"' in dates.ago(NOW)
