# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the front page cuts out of a changed text."""

from datetime import UTC, datetime

import pytest

from charta.pages.rules import EXCERPT_MAX, Piece, elapsed_percent, most_telling
from charta.text.diff import compare

OLD = "Die Partner fördern gute Arbeit.\n\nBis 2030 gilt der Plan für alle Betriebe.\n"


def new_words(old: str, new: str) -> list[str]:
    found = most_telling(compare(old, new))
    assert found is not None
    return [piece.text for piece in found.pieces if piece.is_new]


def test_the_new_words_of_the_changed_paragraph_are_marked() -> None:
    new = OLD.replace("alle Betriebe", "alle Betriebe, auch die mit weniger als fünfzig Beschäftigten")
    found = most_telling(compare(OLD, new))
    assert found is not None
    assert found.paragraph == 1
    assert new_words(OLD, new) == [", auch die mit weniger als fünfzig Beschäftigten"]
    assert "".join(piece.text for piece in found.pieces).startswith("Bis 2030 gilt der Plan")


def test_an_edited_paragraph_goes_before_a_longer_new_one() -> None:
    new = (
        OLD.replace("gute Arbeit", "gute Arbeit in jedem Betrieb der Region")
        + "\n"
        + "Ganz neu. " * 30
        + "\n"
    )
    found = most_telling(compare(OLD, new))
    assert found is not None
    assert found.paragraph == 0


def test_nothing_is_shown_when_words_were_only_taken_out() -> None:
    assert most_telling(compare(OLD, "Die Partner fördern gute Arbeit.\n")) is None
    assert most_telling(compare(OLD, OLD)) is None


def test_a_new_text_shows_its_first_words_all_marked() -> None:
    assert new_words("", "Junge Menschen bleiben.\n") == ["Junge Menschen bleiben."]


def test_a_mark_neither_begins_nor_ends_with_a_blank() -> None:
    words = new_words(
        OLD, OLD.replace("gute Arbeit.", "gute Arbeit. Sie helfen jedem Betrieb der Region früh.")
    )
    assert words == [word.strip() for word in words]


def test_a_long_paragraph_is_cut_to_whole_sentences_around_the_new_words() -> None:
    before = " ".join(f"Satz {number} steht schon lange hier und bleibt." for number in range(20))
    after = before.replace("Satz 12 steht", "Satz 12 steht seit der letzten Beteiligungsrunde")
    found = most_telling(compare(before + "\n", after + "\n"))
    assert found is not None
    text = "".join(piece.text for piece in found.pieces)
    assert found.cut_before
    assert found.cut_after
    assert len(text) <= EXCERPT_MAX
    assert text.startswith("Satz 11")
    assert any(piece == Piece("seit der letzten Beteiligungsrunde", is_new=True) for piece in found.pieces)


@pytest.mark.parametrize(
    "now, percent",
    [
        (datetime(2026, 1, 1, tzinfo=UTC), 4),  # before the beginning: at the left edge
        (datetime(2026, 3, 6, tzinfo=UTC), 50),
        (datetime(2027, 1, 1, tzinfo=UTC), 96),  # long over: at the right edge
    ],
)
def test_today_stays_inside_its_phase(now: datetime, percent: int) -> None:
    assert (
        elapsed_percent(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 11, tzinfo=UTC), now) == percent
    )


def test_a_phase_without_length_shows_today_in_its_middle() -> None:
    moment = datetime(2026, 3, 1, tzinfo=UTC)
    assert elapsed_percent(moment, moment, moment) == 50
