# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The search for similar contributions: what it finds, what it never shows, what it costs."""

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from charta.contributions import similar, worker
from charta.contributions.models import Contribution, ContributionTerm, Topic
from charta.contributions.rules import Origin, State
from charta.db import session, transaction
from charta.demo.seed import Amount, seed
from charta.forums.models import Forum, ForumSeries
from charta.text.similar import ENGINE_VERSION
from tests import factories

ENERGY = "Die Strompreise sind für unsere Gießerei nicht mehr tragbar, wir brauchen bezahlbare Energie."
REWORDED = "Energiekosten senken! Bezahlbarer Strom ist für jede Gießerei überlebenswichtig."
SUPPLIERS = "Automobilzulieferunternehmen brauchen Beratung, wie sie neue Märkte für ihre Produkte finden."
BUSES = "Unsere Azubis kommen ohne Auto nicht zur Berufsschule, der Bus fährt nur zweimal am Tag."

_numbers = itertools.count(1)


@pytest.fixture
def forum(app: Flask) -> int:
    return new_forum()


def new_forum() -> int:
    number = next(_numbers)
    with transaction() as tx:
        series = ForumSeries(title=f"Reihe {number}", position=number, created_at=tx.now)
        tx.session.add(series)
        tx.session.flush()
        made = Forum(
            series_id=series.id, slug=f"f{number}", title="Forum", created_at=tx.now, changed_at=tx.now
        )
        tx.session.add(made)
        tx.session.flush()
        return made.id


def add(forum_id: int, *texts: str, state: State = State.ACCEPTED, **details: Any) -> list[int]:
    """Store contributions with their terms and return their ids."""
    with transaction() as tx:
        made = [
            Contribution(
                code=f"T{next(_numbers):05}",
                forum_id=forum_id,
                origin=Origin.PHONE,
                text=text,
                state=state,
                received_at=tx.now,
                changed_at=tx.now,
                **details,
            )
            for text in texts
        ]
        tx.session.add_all(made)
        tx.session.flush()
        similar.index(tx, [(one.id, similar.indexed_text(one.title, one.text)) for one in made])
        return [one.id for one in made]


def found(text: str, **narrowed: Any) -> list[int]:
    return [one.id for one in similar.similar(text, **narrowed)]


# -------------------------------------------------------------------------------------------------- finding


def test_the_same_thing_in_other_words_is_found(forum: int) -> None:
    energy, suppliers, _ = add(forum, ENERGY, SUPPLIERS, BUSES, supporters=3)
    [offer] = similar.similar(REWORDED)
    assert (offer.id, offer.supporters, offer.text) == (energy, 3, ENERGY)
    assert offer.title.startswith("Die Strompreise sind")
    assert 0.2 <= offer.score <= 1
    assert found("Zulieferer: Beratung für neue Märkte und Produkte") == [suppliers]


def test_what_is_not_similar_is_not_offered(forum: int) -> None:
    add(forum, ENERGY, SUPPLIERS, BUSES)
    assert found("Mehr Bäume auf dem Marktplatz pflanzen") == []
    assert found("Wir müssen das endlich besser machen!") == []
    assert found("") == []


@pytest.mark.parametrize(
    "state", [State.RECEIVED, State.ASKED, State.DECLINED, State.SPLIT], ids=lambda state: state.value
)
def test_what_is_not_accepted_is_never_offered(forum: int, state: State) -> None:
    add(forum, ENERGY, state=state)
    assert found(ENERGY) == []


def test_what_was_merged_is_not_offered_but_where_it_went_is(forum: int) -> None:
    [kept] = add(forum, ENERGY)
    add(forum, ENERGY, state=State.MERGED, merged_into_id=kept)
    assert found(ENERGY) == [kept]


def test_hidden_words_are_not_offered(forum: int) -> None:
    add(forum, ENERGY, is_hidden=True)
    assert found(ENERGY) == []


def test_a_search_is_narrowed_to_forum_and_field_and_leaves_out_some(forum: int) -> None:
    field = factories.field_of_action()
    other = new_forum()
    [here] = add(forum, ENERGY)
    [there] = add(other, ENERGY, field_id=field)
    assert sorted(found(ENERGY)) == [here, there]
    assert found(ENERGY, forum_id=other) == [there]
    assert found(ENERGY, field_id=field) == [there]
    assert found(ENERGY, without=[there]) == [here]
    assert len(found(ENERGY, limit=1)) == 1


def test_terms_are_replaced_when_the_words_change(forum: int) -> None:
    [one] = add(forum, ENERGY)
    with transaction() as tx:
        tx.session.execute(update(Contribution).where(Contribution.id == one).values(text=BUSES))
        similar.index(tx, [(one, BUSES)])
    assert found(ENERGY) == []
    assert found(BUSES) == [one]


def test_what_an_older_engine_indexed_is_indexed_again(forum: int) -> None:
    [one, other] = add(forum, ENERGY, BUSES)
    with transaction() as tx:
        tx.session.execute(update(Contribution).where(Contribution.id == one).values(term_version=0))
        similar.index(tx, [])
    assert worker.run_due() == 1
    assert worker.run_due() == 0
    versions = session.scalars(select(Contribution.term_version).where(Contribution.id.in_([one, other])))
    assert set(versions) == {ENGINE_VERSION}


def test_hostile_text_finds_nothing_and_does_no_harm(forum: int) -> None:
    add(forum, ENERGY)
    assert found("'); DROP TABLE contribution_term; -- % _ : :term_0 {n}") == []
    assert found("x" * 2_000) == []
    assert found("\U0001f600" * 500) == []
    assert found(ENERGY)


# ------------------------------------------------------------------------------------------------- bundling


def test_bundles_hold_what_belongs_together_and_leave_out_the_rest(forum: int) -> None:
    one, two, *_ = add(forum, ENERGY, REWORDED, SUPPLIERS, BUSES)
    [bundle] = similar.suggested_bundles(forum_id=forum)
    assert set(bundle.ids) == {one, two}
    assert set(bundle.words) & {"Gießerei", "Energiekosten", "Energie", "bezahlbare", "Bezahlbarer"}
    assert similar.suggested_bundles(forum_id=new_forum()) == []


def test_what_has_a_topic_or_is_not_accepted_is_not_bundled_again(forum: int) -> None:
    topic = new_topic()
    add(forum, ENERGY, topic_id=topic)
    add(forum, REWORDED)
    add(forum, ENERGY, state=State.RECEIVED)
    assert similar.suggested_bundles() == []


def new_topic(title: str = "Thema") -> int:
    moderator = factories.moderator()
    with transaction() as tx:
        made = Topic(title=title, created_by_id=moderator.id, created_at=tx.now, changed_at=tx.now)
        tx.session.add(made)
        tx.session.flush()
        return made.id


# --------------------------------------------------------------------------------------------------- costs


def test_statements_do_not_grow_with_the_contributions(app: Flask, statements: Callable[..., Any]) -> None:
    costs = []
    for count in (30, 300):
        amount = Amount(people=12, sections=1, revisions=1, proposals=0, measures=0, contributions=count)
        seed(amount, number=count)
        text = session.scalar(
            select(Contribution.text).where(similar.OFFERED).order_by(Contribution.id.desc())
        )
        assert text
        with statements() as searching:
            assert similar.similar(text)
        with statements() as bundling:
            assert similar.suggested_bundles()
        costs.append((len(searching), len(bundling)))
        assert not searching.writes
    assert costs[0] == costs[1]
    assert costs[0][0] <= 3
    assert costs[0][1] <= 2


def test_indexing_costs_the_same_statements_for_one_and_for_many(
    forum: int, statements: Callable[..., Any]
) -> None:
    ids = add(forum, *(f"{SUPPLIERS} {n}" for n in range(40)))
    with transaction() as tx, statements() as for_one:
        similar.index(tx, [(ids[0], BUSES)])
    with transaction() as tx, statements() as for_many:
        similar.index(tx, [(ident, BUSES) for ident in ids])
    assert len(for_one) == len(for_many) == 3
    assert session.scalar(select(func.count()).where(ContributionTerm.term == "zulief")) == 0
