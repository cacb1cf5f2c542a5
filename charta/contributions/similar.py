# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The search for similar contributions, on an inverted index of terms; knows no Flask.

A search costs three statements whose work is bounded however many contributions there are: how common the
terms are (counted up to `_COMMON`), the best by the rarest of these terms, the terms of these best, which
`charta.text.similar` ranks. No process keeps texts in memory.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Float, Integer, delete, insert, select, text, update
from sqlalchemy.orm import Session

from charta.contributions.models import Contribution, ContributionTerm
from charta.contributions.rules import LISTED, first_words
from charta.db import Transaction, session
from charta.text.grouping import groups
from charta.text.similar import (
    ENGINE_VERSION,
    Candidate,
    rank,
    rarities_among,
    rarity,
    telling_words,
    terms,
)

# What anybody may be offered: screened, accepted, its words for all.
OFFERED: ColumnElement[bool] = Contribution.state.in_(sorted(LISTED)) & Contribution.is_hidden.is_(False)
BUNDLES_CONSIDERED = 2_000
_COMMON = 600  # a term is counted up to here; of a commoner one the newest so many are looked at
_TERMS_COUNTED = 40
_TERMS_SEARCHED = 16
_POSTINGS = 4_000  # rows of the index that one search reads
_RANKED = 24

# Only numbers of ours are put into these; terms are bound. The limits keep the work bounded.
_COUNTING = """
SELECT {n} AS n, (
  SELECT count(*) FROM (SELECT 1 FROM contribution_term WHERE term = :term_{n} LIMIT {most}) AS some_{n}
) AS holding"""
# The highest number stands for how many there are: contributions are never deleted.
_COUNTED = "{counting} UNION ALL SELECT -1, (SELECT coalesce(max(id), 0) FROM contribution)"
_POSTINGS_OF = """
SELECT contribution_id, weight FROM (
  SELECT contribution_id, CAST(:weight_{n} AS FLOAT) AS weight
  FROM contribution_term WHERE term = :term_{n} ORDER BY contribution_id DESC LIMIT {most}
) AS of_{n}"""
_SUMMED = "SELECT contribution_id, sum(weight) AS weight FROM ({postings}) AS hit GROUP BY contribution_id"


@dataclass(frozen=True, slots=True)
class Similar:
    """An accepted contribution that says nearly the same; `title` is its own or its first words."""

    id: int
    code: str
    title: str
    text: str
    supporters: int
    score: float


@dataclass(frozen=True, slots=True)
class Bundle:
    """Contributions without a topic that may be about one matter, the most central first.

    `words` are up to three of their own words; `score` is how close they are on average, up to 1.
    """

    ids: tuple[int, ...]
    words: tuple[str, ...]
    score: float


# -------------------------------------------------------------------------------------------------- writing


def indexed_text(title: str, words: str) -> str:
    """Return what of a contribution is searched."""
    return f"{title}\n{words}"


def index(tx: Transaction, texts: Sequence[tuple[int, str]]) -> None:
    """Store the terms of contributions, given as (id, `indexed_text`), in place of earlier ones.

    Three statements. `charta.text.similar.terms` remembers: a command that asks it before its transaction
    works less inside.
    """
    if not texts:
        return
    tx.session.flush()  # the rows the terms point at
    idents = [ident for ident, _ in texts]
    tx.session.execute(delete(ContributionTerm).where(ContributionTerm.contribution_id.in_(idents)))
    index_new(tx, texts)
    tx.session.execute(update(Contribution), [{"id": ident} | marks(words) for ident, words in texts])


def index_new(tx: Transaction, texts: Sequence[tuple[int, str]]) -> None:
    """Store the terms of contributions that were inserted with their `marks` just now: one statement."""
    rows = [
        {"term": term, "contribution_id": ident, "count": count}
        for ident, words in texts
        for term, count in terms(words).items()
    ]
    if rows:
        tx.session.execute(insert(ContributionTerm), rows)


def marks(words: str) -> dict[str, Any]:
    """Return the columns of a contribution that go with its terms; `words` is its `indexed_text`."""
    norm = math.sqrt(sum((1 + math.log(count)) ** 2 for count in terms(words).values()))
    return {"term_norm": norm, "term_version": ENGINE_VERSION}


def has_outdated() -> bool:
    """Return whether a contribution has terms of another engine; reads all when there is none."""
    found = select(Contribution.id).where(Contribution.term_version != ENGINE_VERSION).limit(1)
    return session().scalar(found) is not None


def index_again(tx: Transaction, *, most: int = 200) -> int:
    """Index contributions without terms of this engine; return how many, 0 when all are done."""
    outdated = (
        select(Contribution.id, Contribution.title, Contribution.text)
        .where(Contribution.term_version != ENGINE_VERSION)
        .order_by(Contribution.id.desc())
        .limit(most)
    )
    texts = [(ident, indexed_text(title, words)) for ident, title, words in tx.session.execute(outdated)]
    index(tx, texts)
    return len(texts)


# ------------------------------------------------------------------------------------------------- searching


def similar(
    text: str,
    *,
    forum_id: int | None = None,
    field_id: int | None = None,
    without: Collection[int] = (),
    limit: int = 5,
) -> list[Similar]:
    """Return accepted contributions that say nearly the same as `text`, the most similar first.

    Never one that is unscreened, declined, merged or hidden, nor one of the ids `without`. Empty when nothing
    is similar enough. No statement for a text without telling words, else one to three.
    """
    wanted = [OFFERED]
    if forum_id is not None:
        wanted.append(Contribution.forum_id == forum_id)
    if field_id is not None:
        wanted.append(Contribution.field_id == field_id)
    if without:
        wanted.append(Contribution.id.not_in(sorted(without)))
    scored = _search(session(), text, wanted)
    return [
        Similar(
            id=found.id,
            code=found.code,
            title=found.title or first_words(found.text),
            text=found.text,
            supporters=found.supporters,
            score=score,
        )
        for found, score in scored[:limit]
    ]


def suggested_bundles(
    *, forum_id: int | None = None, field_id: int | None = None, limit: int = 20
) -> list[Bundle]:
    """Return groups of accepted contributions without a topic that may be about one matter.

    The largest come first. Considers the newest 2,000 of the forum or field (of all, without either). Two
    statements.
    """
    wanted = [OFFERED, Contribution.topic_id.is_(None)]
    if forum_id is not None:
        wanted.append(Contribution.forum_id == forum_id)
    if field_id is not None:
        wanted.append(Contribution.field_id == field_id)
    chosen = select(Contribution.id, Contribution.text).where(*wanted).order_by(Contribution.id.desc())
    texts = dict(session().execute(chosen.limit(BUNDLES_CONSIDERED)).all())
    if not texts:
        return []
    # The oldest of these is the border: naming 2,000 ids would be a long statement.
    stored = (
        select(ContributionTerm.contribution_id, ContributionTerm.term, ContributionTerm.count)
        .join(Contribution, Contribution.id == ContributionTerm.contribution_id)
        .where(*wanted, Contribution.id >= min(texts))
    )
    documents: dict[int, dict[str, int]] = {}
    for ident, term, count in session().execute(stored):
        documents.setdefault(ident, {})[term] = count
    rarities = rarities_among(list(documents.values()))
    return [
        Bundle(group.ids, tuple(telling_words([texts[one] for one in group.ids], rarities)), group.score)
        for group in groups(documents)[:limit]
    ]


def _search(current: Session, query: str, wanted: Sequence[ColumnElement[bool]]) -> list[tuple[Any, float]]:
    """Return the similar contributions that are wanted, with their scores, the best first."""
    counts = terms(query)
    if not counts:
        return []
    asked = sorted(counts, key=lambda term: (-counts[term], -len(term), term))[:_TERMS_COUNTED]
    rarities, holding = _rarities(current, asked)
    searched = _worth_searching(asked, rarities, holding)
    if not searched:
        return []
    hits = _hits(searched, rarities)
    found = current.execute(
        select(
            Contribution.id,
            Contribution.code,
            Contribution.title,
            Contribution.text,
            Contribution.supporters,
            Contribution.topic_id,
        )
        .join(hits, hits.c.contribution_id == Contribution.id)
        .where(*wanted)
        .order_by((hits.c.weight / Contribution.term_norm).desc(), Contribution.id.desc())
        .limit(_RANKED)
    ).all()
    if not found:
        return []
    stored: dict[int, dict[str, int]] = {one.id: {} for one in found}
    for ident, term, count in current.execute(
        select(ContributionTerm.contribution_id, ContributionTerm.term, ContributionTerm.count).where(
            ContributionTerm.contribution_id.in_(sorted(stored))
        )
    ):
        stored[ident][term] = count
    by_id = {one.id: one for one in found}
    candidates = [Candidate(one.id, indexed_text(one.title, one.text), stored[one.id]) for one in found]
    return [(by_id[match.id], match.score) for match in rank(query, candidates, rarities=rarities)]


def _rarities(current: Session, asked: Sequence[str]) -> tuple[dict[str, float], dict[str, int]]:
    """Return how telling each term is, and in how many contributions it stands (at most `_COMMON`)."""
    counting = " UNION ALL ".join(_COUNTING.format(n=n, most=_COMMON) for n in range(len(asked)))
    statement = _COUNTED.format(counting=counting)
    named = {f"term_{n}": term for n, term in enumerate(asked)}
    found: dict[int, int] = dict(current.execute(text(statement), named).all())
    documents = found[-1]
    holding = {term: found[n] for n, term in enumerate(asked)}
    return {term: rarity(documents, holding[term], term) for term in asked}, holding


def _worth_searching(
    asked: Sequence[str], rarities: Mapping[str, float], holding: Mapping[str, int]
) -> list[str]:
    """Return the rarest of the terms that stand anywhere, within the budget of rows to read."""
    chosen: list[str] = []
    rows = 0
    for term in sorted(asked, key=lambda one: (-rarities[one], one)):
        rows += holding[term]
        if chosen and (rows > _POSTINGS or len(chosen) == _TERMS_SEARCHED):
            break
        if holding[term]:
            chosen.append(term)
    return chosen


def _hits(searched: Sequence[str], rarities: Mapping[str, float]) -> Any:
    """Return the subquery of contributions that hold the terms, with the sum of their weights."""
    postings = " UNION ALL ".join(_POSTINGS_OF.format(n=n, most=_COMMON) for n in range(len(searched)))
    values: dict[str, Any] = {}
    for n, term in enumerate(searched):
        values |= {f"term_{n}": term, f"weight_{n}": rarities[term] ** 2}
    return (
        text(_SUMMED.format(postings=postings))
        .bindparams(**values)
        .columns(contribution_id=Integer, weight=Float)
        .subquery("hits")
    )
