# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which texts say nearly the same: terms of a German text, and ranking candidates by them. Pure.

A term is the stem of a word. A compound gives its parts besides („Energiepreise": energy, price), and words
that mean nearly the same become one term, both by the word lists of `charta/text/vocabulary.py`. Measured on
`tests/text/similar_cases.toml` (average precision; terms per text): stems alone 0.57; 5, stems and 5-grams
of letters as a second net 0.66; 26, stems and parts of compounds 0.78; 7, with meanings 0.94; 6.
What it cannot do: know that two places are no common topic, or that different words mean the same when the
lists do not say so. On texts written after all was chosen 97 of 100 offers are right, 62 of 100 pairs found.
"""

import math
import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from charta.text import vocabulary

# Raised with every change of terms: rows made by an older engine are made anew.
ENGINE_VERSION = 1
# Below this nothing is offered: chosen so that no labelled pair of different meaning reaches it (apart from
# the known limit there), four of five pairs of one meaning do. A false offer annoys, a missing one is cheap.
THRESHOLD = 0.2
TERM_CHARACTERS = 40

_LETTERS_SHARE = 0.2  # of the score: how alike the words are letter by letter; it forgives slips of the pen
_LETTERS_FLOOR = 0.4  # any two German texts are that much alike by letters
_LITTLE_IN_COMMON = 0.5  # what is left of the score when fewer than two telling terms are shared
_GENERAL = 0.5
_NUMBER = 0.3
_RAREST = 200  # a term that is rarer than one text in so many counts like one that is not
_CHARACTERS = 4_000
_WORDS = 400
_SHORTEST_COMPOUND = 7
_SHORTEST_PART = 3
_SHORTEST_REST = 6
# What German puts between the parts of a compound, and endings that the stem of a part has lost.
_LINKS = ("", "s", "n", "e", "en", "er", "es", "ens", "ung", "ungs", "ions", "i", "ie", "o")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text that may be similar; `terms` are taken from the text where they are not given."""

    id: int
    text: str
    terms: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A text that is similar, from `THRESHOLD` to 1."""

    id: int
    score: float


def terms(text: str) -> Mapping[str, int]:
    """Return the terms of a text, each with how often it stands there; at most `TERM_CHARACTERS` long each.

    Looks at the first 4,000 characters and 400 words. The answer is remembered, so that a command may ask
    before it takes a lock and again inside.

    >>> dict(terms("Die Energiepreise für Zulieferer"))
    {'energiepreis': 1, 'energi': 1, 'preis': 1, 'zulief': 1}
    >>> terms("Automobilzulieferunternehmen")["zulief"]
    1
    """
    return _terms(text[:_CHARACTERS])


def rarity(documents: int, containing: int, term: str) -> float:
    """Return how telling a term is that stands in `containing` out of `documents` texts; always above 0."""
    seldom = max(containing, documents / _RAREST)
    return math.log((max(documents, containing) + 1) / (seldom + 0.5)) * _share(term)


def rank(
    query_text: str, candidates: Sequence[Candidate], *, rarities: Mapping[str, float] | None = None
) -> list[Match]:
    """Return the candidates that are similar to the query, the most similar first.

    The score is 0.8 times the cosine of the terms, weighted by rarity, and 0.2 times the likeness of the
    words by letters. Without `rarities` they are taken from the candidates.
    """
    given = [(one, terms(one.text) if one.terms is None else one.terms) for one in candidates]
    wanted = terms(query_text)
    if rarities is None:
        rarities = rarities_among([wanted, *(found for _, found in given)])
    asked = vector(wanted, rarities)
    letters = _letters(query_text)
    matches = [
        Match(one.id, _blend(closeness(asked, vector(found, rarities)), letters, one.text))
        for one, found in given
    ]
    return sorted((m for m in matches if m.score >= THRESHOLD), key=lambda m: (-m.score, m.id))


def rarities_among(documents: Sequence[Mapping[str, int]]) -> dict[str, float]:
    """Return how telling each term is among some texts."""
    containing = Counter(term for one in documents for term in one)
    return {term: rarity(len(documents), count, term) for term, count in containing.items()}


def vector(counts: Mapping[str, int], rarities: Mapping[str, float]) -> dict[str, float]:
    """Return the weights of terms, of length 1 all together; a term of unknown rarity counts as rare."""
    unknown = max(rarities.values(), default=1.0)
    weights = {
        term: (1 + math.log(n)) * (rarities.get(term) or unknown * _share(term)) for term, n in counts.items()
    }
    length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {term: weight / length for term, weight in weights.items()}


def closeness(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Return the cosine of two vectors, halved when they share fewer than two telling terms."""
    if len(one) > len(other):
        one, other = other, one
    shared = [term for term in one if term in other]
    cosine = sum(one[term] * other[term] for term in shared)
    return min(1.0, cosine) if _telling(shared) > 1 or cosine > 1 - _LITTLE_IN_COMMON else cosine / 2


def telling_words(texts: Sequence[str], rarities: Mapping[str, float], *, most: int = 3) -> list[str]:
    """Return the words that say what some texts have in common, as they are written there."""
    written: dict[str, Counter[str]] = {}
    holding: Counter[str] = Counter()
    for text in texts:
        own: set[str] = set()
        for word in _WORD.findall(unicodedata.normalize("NFC", text[:_CHARACTERS])):
            term = next(iter(_terms(word)), "")  # the whole word comes first
            if term:
                written.setdefault(term, Counter())[word] += 1
                own.add(term)
        holding.update(own)
    best = sorted(written, key=lambda term: (-(holding[term] ** 2) * rarities.get(term, 0.0), term))
    telling = [term for term in best if term not in _lists().general and not term.isdigit()]
    return [written[term].most_common(1)[0][0] for term in telling[:most]]


def _blend(cosine: float, letters: str, text: str) -> float:
    if not cosine:
        return 0.0
    from rapidfuzz import fuzz  # not at the start: it takes 6 MB

    alike = fuzz.token_sort_ratio(letters, _letters(text)) / 100
    above = max(0.0, (alike - _LETTERS_FLOOR) / (1 - _LETTERS_FLOOR))
    # Letters may confirm, they cannot make two texts alike that share too little.
    return (1 - _LETTERS_SHARE) * cosine + _LETTERS_SHARE * min(above, 2 * cosine)


def _share(term: str) -> float:
    """Return how much of its weight a term keeps: numbers and general words say little."""
    if term.isdigit():
        return _NUMBER
    return _GENERAL if term in _lists().general else 1.0


def _telling(shared: Sequence[str]) -> int:
    """Count what is shared: a compound once and not its parts again, no general words, no numbers."""
    general = _lists().general
    return sum(
        1
        for term in shared
        if term not in general
        and not term.isdigit()
        and not any(term is not other and term in other for other in shared)
    )


# ------------------------------------------------------------------------------------- words and their parts


@lru_cache(maxsize=256)
def _terms(text: str) -> Mapping[str, int]:
    lists = _lists()
    counts: Counter[str] = Counter()
    for word in _content_words(text):
        stem = lists.stem(word[:TERM_CHARACTERS])
        if stem in lists.meaning:
            counts[lists.meaning[stem]] += 1
            continue
        counts[stem] += 1
        for part in _parts(stem):
            counts[lists.meaning.get(part, part)] += 1
    return MappingProxyType(dict(counts))


@lru_cache(maxsize=64)
def _letters(text: str) -> str:
    return " ".join(_content_words(text[:_CHARACTERS]))


def _content_words(text: str) -> Iterator[str]:
    lists = _lists()
    folded = unicodedata.normalize("NFC", text).casefold()
    folded = lists.phrase.sub(lambda found: vocabulary.PHRASES[found[0]], folded)
    for word in _WORD.findall(folded)[:_WORDS]:
        if word not in vocabulary.STOP_WORDS and (len(word) > 1 or word.isdigit()):
            yield word


@lru_cache(maxsize=4096)
def _parts(word: str) -> tuple[str, ...]:
    """Return the stems a compound is made of, () when it is none.

    The cheapest way to lay known parts and links side by side; a rest that is not known may stand at either
    end when the known parts are at least half of the word. The work is bounded by `TERM_CHARACTERS` squared.
    """
    known = _lists().parts
    end = len(word)
    if end < _SHORTEST_COMPOUND or word in known:
        return ()
    # For each place the cheapest way to it: (letters not known, number of parts and links, the parts).
    best: list[tuple[float, int, tuple[str, ...]] | None] = [None] * (end + 1)
    best[0] = (0, 0, ())

    def reach(place: int, unknown: float, steps: int, parts: tuple[str, ...]) -> None:
        there = best[place]
        if there is None or (unknown, steps) < there[:2]:
            best[place] = (unknown, steps, parts)

    for start in range(end - _SHORTEST_PART + 1):
        here = best[start]
        if here is None:
            continue
        unknown, steps, parts = here
        for stop in range(end, start + _SHORTEST_PART - 1, -1):  # of two equal ways the one with longer parts
            piece = word[start:stop]
            if piece in known:
                for link in _LINKS:
                    if word.startswith(link, stop):
                        reach(stop + len(link), unknown + bool(link) / 10, steps + 1, (*parts, piece))
            elif start == 0 or stop == end:
                reach(stop, unknown + len(piece), steps + 1, (*parts, piece))
    return _accepted(word, best[end], known)


def _accepted(
    word: str, way: tuple[float, int, tuple[str, ...]] | None, known: frozenset[str]
) -> tuple[str, ...]:
    if way is None or len(way[2]) < 2:
        return ()
    found = [part for part in way[2] if part in known]
    has_rest = len(found) < len(way[2])
    if not found or (has_rest and (2 * sum(map(len, found)) < len(word) or max(map(len, found)) < 5)):
        return ()
    return tuple(part for part in way[2] if part in known or len(part) >= _SHORTEST_REST)


class _Lists:
    """The word lists by their stems; made at the first use, which takes about 60 ms."""

    def __init__(self) -> None:
        import snowballstemmer  # not at the start: most processes never look for similar texts

        self._stemmer: Any = snowballstemmer.stemmer("german")
        self._guard = threading.Lock()  # the stemmer keeps the word it works on in itself
        self._known: frozenset[str] = frozenset()
        self.meaning: dict[str, str] = {}
        for words in vocabulary.SAME_MEANING:
            first = self.stem(words[0].casefold())
            for word in words:
                for stem in self._stems(word):
                    self.meaning.setdefault(stem, first)
        parts = {stem for word in vocabulary.PARTS for stem in self._stems(word)} | self.meaning.keys()
        self.parts = frozenset(part for part in parts if len(part) >= _SHORTEST_PART)
        self.general = frozenset(
            self.meaning.get(stem, stem) for word in vocabulary.GENERAL for stem in self._stems(word)
        )
        phrases = sorted(vocabulary.PHRASES, key=len, reverse=True)
        self.phrase = re.compile(rf"\b(?:{'|'.join(map(re.escape, phrases))})\b")
        self._known = self.parts
        self.stem.cache_clear()

    @lru_cache(maxsize=8192)  # noqa: B019 -- there is one object, for ever
    def stem(self, word: str) -> str:
        """Return the stem; „Kitas" loses its s where „Kita" is known."""
        with self._guard:
            stem: str = self._stemmer.stemWord(word)
        return stem[:-1] if stem.endswith("s") and stem[:-1] in self._known else stem

    def _stems(self, word: str) -> set[str]:
        """Return the stems of a listed word and of its plural: „Kurs" gives kur, „Kurse" gives kurs."""
        word = word.casefold()
        return (
            {self.stem(word), self.stem(f"{word}e")}
            if len(word) < 6 or word[-1] == "s"
            else {self.stem(word)}
        )


@lru_cache(maxsize=1)
def _lists() -> _Lists:
    return _Lists()
