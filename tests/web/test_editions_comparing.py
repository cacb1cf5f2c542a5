# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Two editions, or one and the working draft, on one page: totals first, then text by text."""

from datetime import date
from decimal import Decimal

import pytest
from flask import Flask

from charta.db import session, transaction
from charta.editions import service
from charta.editions.views import comparing
from charta.measures.models import Indicator, Measure
from charta.permissions import Actor
from tests import factories, proposing
from tests.inspecting import InspectingClient
from tests.service.test_editions import bury, move, published, rewrite

DRAFT = "/charta/1.0/vergleich/arbeitsfassung"
FINAL = "/charta/1.0/vergleich/2.0"


@pytest.fixture
def moderator(app: Flask) -> Actor:
    factories.settings(draft_is_public=True)
    return factories.moderator().actor


@pytest.fixture
def texts(moderator: Actor) -> list[int]:
    """Five texts in Charta 1.0: the second changes, the third gets another title, the fifth goes."""
    found = [proposing.section(f"Abschnitt {number}") for number in range(5)]
    published()
    proposing.rewrite(found[1], "Bis 2030", "Bis 2035")
    rewrite(found[2], proposing.head(found[2]).body, "Anders genannt")
    move(found[3], parent_id=found[0])
    bury(found[4])
    proposing.section("Ganz neu", "Jeder Betrieb bildet aus.\n")
    return found


def test_the_page_counts_first_and_shows_what_became_of_each_text(
    texts: list[int], moderator: Actor, client: InspectingClient
) -> None:
    page = client.get(DRAFT)
    assert page.h1 == "Was sich seit Fassung 1.0 geändert hat"
    assert page.statements <= 8, page.statements
    assert page.has_text(
        "Abschnitte: 1 geändert, 1 neu, 1 entfallen, 1 verschoben, 1 anders überschrieben, 1 unverändert."
    )
    for words in (
        "2030",
        "2035",
        "Jeder Betrieb bildet aus.",
        "Anders genannt",
        "Der Wortlaut ist derselbe.",
    ):
        assert page.has_text(words), words
    assert page.has_text("Bisher C. Jetzt ohne Nummer, unter „Abschnitt 0“.")
    service.compose(moderator, name="2.0", title="Charta 2.0")
    session.rollback()
    same = client.get(FINAL)
    assert same.h1 == "Was sich von Fassung 1.0 zu 2.0 geändert hat"
    assert same.has_text("Abschnitte: 1 geändert, 1 neu, 1 entfallen, 1 verschoben")
    assert client.get("/charta/2.0/vergleich/arbeitsfassung").has_text("Kein Unterschied")


def test_side_by_side_and_everything_are_kept_on_the_way_to_another_comparison(
    texts: list[int], client: InspectingClient
) -> None:
    page = client.get(f"{DRAFT}?ansicht=gegenueber")
    assert page.has_text("Hier stand kein Text.")
    with pytest.raises(AssertionError):
        page.by_id(f"abschnitt-{texts[0]}")  # unchanged: only named in a fold
    everything = client.get(f"{DRAFT}?alles=1&ansicht=gegenueber")
    assert everything.by_id(f"abschnitt-{texts[0]}") is not None  # an unchanged text stands there too
    form = everything.form(button="Vergleichen")
    page = client.submit(form, "Vergleichen", von="1.0", bis="1.0")
    assert page.path == "/charta/1.0/vergleich/1.0"
    assert "ansicht=gegenueber" in page.url
    assert "alles=1" in page.url


def test_facts_of_a_measure_stand_side_by_side(moderator: Actor, client: InspectingClient) -> None:
    measure_id = factories.measure()
    published()
    with transaction() as tx:
        found = tx.session.get_one(Measure, measure_id)
        found.starts_on, found.ends_on = date(2026, 3, 1), date(2028, 12, 31)
        figures = {"unit": "Orte", "baseline": Decimal(2), "target": Decimal("7.5")}
        tx.session.add(Indicator(measure_id=measure_id, position=1, name="Lernorte", **figures))
    factories.field_of_action()  # a deed in the log: the draft is another one
    page = client.get(DRAFT)
    assert page.has_text("Maßnahmen: 1 mit anderen Angaben.")
    for words in ("1. März 2026", "31. Dezember 2028", "Kennzahl „Lernorte“", "von 2 auf 7,5 Orte"):
        assert page.has_text(words), words


def test_many_changes_are_paged_and_the_overview_leads_to_each(
    moderator: Actor, client: InspectingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "PAGE_SIZE", 2)
    found = [proposing.section(f"Abschnitt {number}") for number in range(5)]
    published()
    for section_id in (*found[:2], found[4]):
        proposing.rewrite(section_id, "Bis 2030", "Bis 2035")
    page = client.get(DRAFT)
    assert page.has_text("1 bis 2 von 3")
    far = next(href for href in page.links.values() if href.endswith(f"#abschnitt-{found[4]}"))
    page = client.get(far)
    assert page.has_text("3 bis 3 von 3")
    assert page.has_text("2 Abschnitte unverändert")
    assert page.by_id(f"abschnitt-{found[4]}") is not None
    client.get(f"{DRAFT}?ab=9999")  # as an old link may say


def test_who_may_not_read_the_draft_compares_published_editions_only(
    texts: list[int], moderator: Actor, client: InspectingClient, new_client: object
) -> None:
    service.compose(moderator, name="2.0", title="Charta 2.0")
    factories.settings(draft_is_public=False)
    client.get(DRAFT, status=404)
    client.get(FINAL, status=404)
    page = client.get("/charta/1.0/vergleich/1.0")
    assert not [href for href in page.links.values() if href.startswith("/abschnitte/")]
    for path in (
        "/charta/1.0/vergleich/9.9",
        "/charta/arbeitsfassung/vergleich/1.0",
        "/charta/x/vergleich/1.0",
    ):
        client.get(path, status=404)
    client.get("/charta/1.0/vergleich/1.0?von=%2F%2Fevil&bis=1.0", status=404)


def test_an_unchanged_comparison_is_not_sent_again_and_a_deed_makes_it_anew(
    texts: list[int], client: InspectingClient
) -> None:
    tag = client.get(DRAFT).response.headers["ETag"]
    assert client.get(DRAFT, headers={"If-None-Match": tag}).response.status_code == 304
    proposing.rewrite(texts[1], "Bis 2035", "Bis 2040")
    fresh = client.get(DRAFT, headers={"If-None-Match": tag})
    assert fresh.response.status_code == 200
    assert fresh.has_text("2040")


def test_a_comparison_of_two_editions_follows_the_settings_of_the_site(
    texts: list[int], moderator: Actor, client: InspectingClient
) -> None:
    service.compose(moderator, name="2.0", title="Charta 2.0")
    session.rollback()
    tag = client.get(FINAL).response.headers["ETag"]
    assert client.get(FINAL, headers={"If-None-Match": tag}).response.status_code == 304
    factories.settings(name="Charta für gute Arbeit")
    fresh = client.get(FINAL, headers={"If-None-Match": tag})
    assert fresh.response.status_code == 200
    assert fresh.has_text("Charta für gute Arbeit")
