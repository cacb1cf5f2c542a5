# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The search for similar texts: terms of words, and how many offers are right on labelled texts."""

import time
import tomllib
from collections.abc import Sequence
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from charta.text.similar import (
    TERM_CHARACTERS,
    THRESHOLD,
    Candidate,
    rank,
    rarities_among,
    rarity,
    telling_words,
    terms,
)

CASES: dict[str, Any] = tomllib.loads(
    Path(__file__).with_name("similar_cases.toml").read_text(encoding="utf-8")
)
GROUPS = CASES["group"]
TEXTS = [text for group in GROUPS for text in group["texts"]]
GROUP_OF = {text: group["name"] for group in GROUPS for text in group["texts"]}
RARITIES = rarities_among(
    [terms(text) for text in TEXTS + [text for pair in CASES["near_miss"] for text in pair["texts"]]]
)


def offers(query: str, texts: Sequence[str] = TEXTS) -> list[str]:
    """Return the texts that are offered for a query, without the query itself."""
    candidates = [Candidate(n, text) for n, text in enumerate(texts) if text != query]
    return [texts[match.id] for match in rank(query, candidates, rarities=RARITIES)]


# ------------------------------------------------------------------------------------------------- terms


@pytest.mark.parametrize(
    "one, other",
    [
        ("Zulieferer", "Automobilzulieferunternehmen"),  # the part inside a compound
        ("Zulieferer", "Zulieferbetriebe"),
        ("Berufsschule", "Berufsschulen"),
        ("Fähigkeiten", "Faehigkeiten"),  # a keyboard without umlauts
        ("Straße", "STRASSE"),
        ("Fachkra\u0308fte", "Fachkräfte"),  # typed on a Mac: the umlaut in two characters
        ("Kita", "Kitas"),
        ("Strompreise", "Energiekosten"),  # other words, one meaning
        ("E-Auto", "Elektroautos"),
        ("künstliche Intelligenz", "KI"),
        ("Mitarbeiter:innen", "Belegschaft"),
        ("Investitionssicherheit", "Investitionen"),
        ("cooperations", "cooperation"),
    ],
)
def test_these_words_meet(one: str, other: str) -> None:
    assert terms(one).keys() & terms(other).keys()


@pytest.mark.parametrize("one, other", [("Schule", "Strom"), ("Preis", "Kreis"), ("Rat", "Rad")])
def test_these_words_do_not_meet(one: str, other: str) -> None:
    assert not terms(one).keys() & terms(other).keys()


def test_numbers_stay_and_words_that_say_nothing_go() -> None:
    assert terms("Wir brauchen bis 2035 mehr davon, bitte 5G") == {"2035": 1, "bitt": 1, "5g": 1}


def test_a_text_of_words_that_say_nothing_has_no_terms_and_finds_nothing() -> None:
    assert not terms("Wir müssen das endlich besser machen!")
    assert offers("Wir müssen das endlich besser machen!") == []
    assert offers("") == []


@pytest.mark.parametrize(
    "hostile",
    [
        "x" * 2_000,
        "Donaudampfschifffahrt" * 90,
        " ".join(f"arbeitschulwerk{n:04}" for n in range(100)),
        " ".join(chr(97 + n % 26) * 3 + chr(97 + n // 26) * 4 for n in range(250)),
        "\U0001f600" * 2_000,
        "ä" + "\u0308" * 1_999,
    ],
    ids=["one letter", "one compound", "many compounds", "many words", "pictures", "marks"],
)
def test_two_thousand_hostile_characters_cost_little(hostile: str) -> None:
    terms("einmal, damit die Listen da sind")
    began = time.process_time()
    found = terms(hostile[:2_000])
    assert time.process_time() - began < 0.5  # 12 ms where it was measured
    assert all(0 < len(term) <= TERM_CHARACTERS for term in found)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_has_terms_of_bounded_length(text: str) -> None:
    assert all(0 < len(term) <= TERM_CHARACTERS and count > 0 for term, count in terms(text).items())


# ------------------------------------------------------------------------------------------------ ranking


@pytest.mark.parametrize(
    "mark, precision, recall, found",
    [
        (None, 0.97, 0.75, 0.9),
        ("held_out", 0.95, 0.8, 0.85),
        ("fresh", 0.95, 0.55, 0.75),  # never tuned to
    ],
)
def test_offers_are_right_and_many_are_found(
    mark: str | None, precision: float, recall: float, found: float
) -> None:
    queries = [
        text
        for group in GROUPS
        for text in group["texts"]
        if {name for name in ("held_out", "fresh") if name in group} == ({mark} if mark else set())
    ]
    given, right, wanted, hits = 0, 0, 0, 0
    for query in queries:
        offered = offers(query)
        good = sum(GROUP_OF[text] == GROUP_OF[query] for text in offered)
        given, right, hits = given + len(offered), right + good, hits + bool(good)
        wanted += sum(GROUP_OF[text] == GROUP_OF[query] for text in TEXTS) - 1
    assert right / given >= precision
    assert right / wanted >= recall
    assert hits / len(queries) >= found


@pytest.mark.parametrize("pair", CASES["near_miss"], ids=lambda pair: pair["why"])
def test_the_same_words_with_another_meaning_are_not_offered(pair: dict[str, Any]) -> None:
    met = [offers(one, [other]) for one, other in permutations(pair["texts"])]
    assert met == [[], []] or pair.get("known_limit")


def test_half_a_text_finds_what_the_whole_one_finds() -> None:
    whole = "Ohne Ladesäulen auf dem Firmenparkplatz kauft niemand ein Elektroauto, das gehört gefördert."
    assert {GROUP_OF[text] for text in offers(whole[:60])} == {"charging points"}


def test_the_same_text_is_a_full_match_and_order_is_by_score() -> None:
    [first, *rest] = rank(TEXTS[0], [Candidate(n, text) for n, text in enumerate(TEXTS)])
    assert (first.id, round(first.score, 3)) == (0, 1.0)
    assert [match.score for match in rest] == sorted((match.score for match in rest), reverse=True)
    assert all(match.score >= THRESHOLD for match in rest)


def test_a_slip_of_the_pen_is_forgiven() -> None:
    assert (
        "Batterierecycling in der Region ansiedeln und ausgediente Akkus aus E-Autos zurückgewinnen."
        in offers("Baterierecycling hier ansiedln, ausgediente Akkus aus E-Autos zurückgewinnen")
    )


def test_rarity_is_positive_and_falls_with_the_number_of_texts() -> None:
    assert rarity(1, 1, "energi") > 0
    assert rarity(10_000, 50, "energi") > rarity(10_000, 500, "energi") > rarity(10_000, 10_000, "energi") > 0
    assert rarity(100, 5, "2035") < rarity(100, 5, "energi")


def test_a_group_is_named_by_the_words_its_texts_share() -> None:
    buses = next(group["texts"] for group in GROUPS if group["name"] == "buses for trainees")
    assert set(telling_words(buses, RARITIES, most=2)) <= {"Azubis", "Bus", "Berufsschule", "Berufsschulen"}
