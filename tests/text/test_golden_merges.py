# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Merges of German texts with a known answer."""

import pytest

from charta.text.merge import merge3, resolve

BASE = (
    "Die Region sichert gute Arbeit bis 2030. Sie fördert die Ausbildung in den Betrieben. "
    "Alle Partner berichten einmal im Jahr.\n\n"
    "Der Verkehr wird bis 2035 klimafreundlich. Bus und Bahn fahren im Takt.\n\n"
    "- Ladesäulen in jeder Gemeinde\n- Radwege zwischen den Städten\n"
)


def edited(*changes: tuple[str, str]) -> str:
    text = BASE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


YEAR = ("2030", "2032")
REPORT = ("einmal im Jahr", "zweimal im Jahr")
TAKT = ("im Takt", "im Halbstundentakt")
ITEM = ("Ladesäulen in", "Schnelle Ladesäulen in")
NEW_ITEM = ("Städten\n", "Städten\n- Mitfahrbänke auf dem Land\n")
NEW_SENTENCE = ("Betrieben. ", "Betrieben. Schulen werden beteiligt. ")
NEW_PARAGRAPH = ("\n\nDer Verkehr", "\n\nDie Kammern beraten kostenlos.\n\nDer Verkehr")
NO_BUS = (" Bus und Bahn fahren im Takt.", "")

MERGES = [
    ([YEAR], [TAKT]),  # two paragraphs
    ([YEAR], [REPORT]),  # two sentences of one paragraph with one between them
    ([YEAR], [ITEM]),  # a paragraph and a list item
    ([ITEM], [REPORT, TAKT]),  # three places
    ([YEAR], [NEW_ITEM]),  # an edit and an appended item
    ([NEW_SENTENCE], [TAKT]),  # an inserted sentence and an edit elsewhere
    ([NEW_PARAGRAPH], [YEAR]),  # an inserted paragraph and an edit before it
    ([NO_BUS], [YEAR]),  # a removed sentence and an edit elsewhere
    ([YEAR, TAKT], [YEAR, ITEM]),  # one edit is the same on both sides
    ([NEW_ITEM, YEAR], [NEW_ITEM]),  # the same insertion on both sides is taken once
    ([YEAR], [YEAR]),  # both did the same
    ([], [YEAR, TAKT]),  # only one did something
    ([NEW_PARAGRAPH, ITEM], [TAKT, YEAR]),  # several edits on each side
]


@pytest.mark.parametrize("ours, theirs", MERGES)
def test_edits_in_different_sentences_merge(
    ours: list[tuple[str, str]], theirs: list[tuple[str, str]]
) -> None:
    merged = merge3(BASE, edited(*ours), edited(*theirs))
    everything = edited(*ours, *[change for change in theirs if change not in ours])
    assert merged.text == everything
    assert merge3(BASE, edited(*theirs), edited(*ours)).text == everything


CONFLICTS = [
    ([("2030", "2028")], [("2030", "2032")]),  # one word, two values
    ([("gute Arbeit", "sichere Arbeit")], [("2030", "2032")]),  # two words of one sentence
    ([NO_BUS], [TAKT]),  # removed against edited
    ([NEW_SENTENCE], [("Betrieben. ", "Betrieben. Lehrwerkstätten entstehen. ")]),  # two at one point
    ([NEW_ITEM], [("Städten\n", "Städten\n- Carsharing am Bahnhof\n")]),  # two new last items
    ([("- Ladesäulen in jeder Gemeinde\n", "")], [ITEM]),  # an item removed against edited
    ([("Der Verkehr wird", "Die Mobilität wird")], [("klimafreundlich", "klimaneutral")]),  # one sentence
]


@pytest.mark.parametrize("ours, theirs", CONFLICTS)
def test_edits_of_one_sentence_are_a_conflict_with_all_sides(
    ours: list[tuple[str, str]], theirs: list[tuple[str, str]]
) -> None:
    result = merge3(BASE, edited(*ours), edited(*theirs))
    assert not result.clean
    assert result.text is None
    conflicts = [segment for segment in result.segments if segment.kind == "conflict"]
    assert len(conflicts) == 1
    assert resolve(result, [conflicts[0].ours]) == edited(*ours)
    assert resolve(result, [conflicts[0].theirs]) == edited(*theirs)
    assert len(conflicts[0].base) < len(BASE) / 3


def test_words_that_do_not_touch_are_suggested_and_not_taken() -> None:
    result = merge3(BASE, edited(("gute Arbeit", "sichere Arbeit")), edited(YEAR))
    (conflict,) = [segment for segment in result.segments if segment.kind == "conflict"]
    assert conflict.suggestion == "Die Region sichert sichere Arbeit bis 2032."


def test_two_values_for_one_word_get_no_suggestion() -> None:
    result = merge3("Bis 2030 gilt das.", "Bis 2035 gilt das.", "Bis 2028 gilt das.")
    assert result.segments[0].suggestion is None


MOVED = (
    "Der Verkehr wird bis 2035 klimafreundlich. Bus und Bahn fahren im Takt.\n\n"
    "Die Region sichert gute Arbeit bis 2030. Sie fördert die Ausbildung in den Betrieben. "
    "Alle Partner berichten einmal im Jahr.\n\n"
    "- Ladesäulen in jeder Gemeinde\n- Radwege zwischen den Städten\n"
)


@pytest.mark.parametrize("change", [YEAR, REPORT, TAKT])
def test_an_edit_follows_a_moved_paragraph(change: tuple[str, str]) -> None:
    result = merge3(BASE, MOVED, edited(change))
    assert result.text == MOVED.replace(*change)


def test_a_paragraph_moved_here_and_removed_there_is_a_conflict() -> None:
    paragraph = "Der Verkehr wird bis 2035 klimafreundlich. Bus und Bahn fahren im Takt.\n\n"
    result = merge3(BASE, MOVED, BASE.replace(paragraph, ""))
    assert not result.clean


def test_a_paragraph_moved_to_two_places_is_not_doubled() -> None:
    paragraphs = [f"Absatz {name} hat einen langen Satz, den es nur einmal gibt." for name in "ABCDE"]
    base = "\n\n".join(paragraphs) + "\n"
    first, second = list(paragraphs), list(paragraphs)
    first.insert(0, first.pop(2))
    second.append(second.pop(2))
    result = merge3(base, "\n\n".join(first) + "\n", "\n\n".join(second) + "\n")
    assert not result.clean or (result.text or "").count("Absatz C") == 1


def test_equal_items_inserted_by_both_are_taken_once() -> None:
    assert merge3("- a\n- a\n", "- a\n- a\n- a\n", "- a\n- a\n- a\n").text == "- a\n- a\n- a\n"


def test_resolve_wants_one_choice_for_each_conflict() -> None:
    result = merge3("Bis 2030.", "Bis 2035.", "Bis 2028.")
    assert resolve(result, ["Bis 2032."]) == "Bis 2032."
    with pytest.raises(ValueError, match="0 choices for 1 conflicts"):
        resolve(result, [])
