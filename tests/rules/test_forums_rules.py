# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Addresses, codes, windows and transitions of forums."""

from datetime import UTC, datetime, timedelta

import pytest

from charta.errors import InvalidInput, WrongState
from charta.forums import rules
from charta.forums.rules import ForumState, ForumVerb

NOON = datetime(2027, 4, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    "title, slug",
    [
        ("Zukunftsforum Zwickau", "zukunftsforum-zwickau"),
        ("2. Forum: Größe & Übermut!", "2-forum-groesse-uebermut"),
        ("Café – Ärzte", "cafe-aerzte"),
        ("<script>alert(1)</script>", "script-alert-1-script"),
        ("Форум", ""),  # nothing is left: the service takes another word
        ("x" * 80, "x" * 60),
    ],
)
def test_an_address_is_drawn_from_the_title(title: str, slug: str) -> None:
    assert rules.slug_of(title) == slug


@pytest.mark.parametrize("raw", ["neu", "anmeldung", "a--b", "-a", "a/b", "ä", "", "a.b", "x" * 61])
def test_an_address_that_cannot_be_is_refused(raw: str) -> None:
    with pytest.raises(InvalidInput):
        rules.clean_slug(raw)


def test_drawn_codes_hold_nothing_that_reads_like_something_else() -> None:
    drawn = "".join(rules.draw_code() for _number in range(200))
    assert not set(drawn) & set("0O1IL")
    assert rules.clean_code(" zwk-27 ") == "ZWK27"


@pytest.mark.parametrize(
    "state, now, closes_at, expected",
    [
        (ForumState.PLANNED, NOON, None, True),  # interest, whatever the date
        (ForumState.CONFIRMED, NOON - HOUR, None, True),
        (ForumState.MOVED, NOON - HOUR, None, True),
        (ForumState.CONFIRMED, NOON, None, False),  # it begins
        (ForumState.CONFIRMED, NOON - HOUR, NOON - 2 * HOUR, False),
        (ForumState.CANCELLED, NOON - HOUR, None, False),
        (ForumState.HELD, NOON - HOUR, None, False),
    ],
)
def test_when_somebody_can_register(
    state: ForumState, now: datetime, closes_at: datetime | None, expected: bool
) -> None:
    assert rules.takes_registrations(now, state, NOON, closes_at, is_always_open=False) is expected
    assert not rules.takes_registrations(now, state, NOON, closes_at, is_always_open=True)


def test_a_forum_goes_through_its_states_only_forwards() -> None:
    assert rules.after(ForumState.CANCELLED, ForumVerb.CONFIRM) is ForumState.CONFIRMED
    for state, verb in ((ForumState.HELD, ForumVerb.MOVE), (ForumState.PLANNED, ForumVerb.CLOSE)):
        with pytest.raises(WrongState):
            rules.after(state, verb)
