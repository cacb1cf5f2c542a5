# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The button „Beobachten“ on every page of something that can be watched, and the list of it all."""

from collections.abc import Callable
from types import ModuleType

import pytest
from flask import Flask
from sqlalchemy import select

from charta.contributions.service import topics
from charta.db import session
from charta.fields.models import FieldOfAction
from charta.forums.models import Forum
from charta.notifications.models import Subscription
from charta.watching import worker
from tests import contributing, proposing
from tests.contributing import accepted
from tests.inspecting import InspectingClient, Page
from tests.talking import said


def subscriptions(client: InspectingClient) -> list[tuple[str, bool, bool]]:
    session.rollback()
    rows = session.scalars(
        select(Subscription)
        .where(Subscription.person_id == client.account.id, Subscription.is_own.is_(False))
        .order_by(Subscription.id)
    )
    return [(one.subject_kind, one.muted_at is not None, one.ended_at is None) for one in rows]


@pytest.fixture
def pages(app: Flask, make: ModuleType) -> dict[str, str]:
    """The address of one page of each kind."""
    world = proposing.world()
    [ident] = accepted(by=world.moderator.actor)
    topic_id, _outcomes = topics.create(
        world.moderator.actor, title="Begleitung", items=contributing.seen([ident])
    )
    measure_id = make.measure()
    number = proposing.submitted(world.author, world.section)
    thread = said(world.author, section_id=world.section)
    slug = session.scalar(select(FieldOfAction.slug).limit(1))
    forum = session.scalar(select(Forum.slug).limit(1))
    found = {
        "section": f"/abschnitte/{world.section}",
        "measure": f"/massnahmen/{measure_id}",
        "field": f"/handlungsfelder/{slug}",
        "proposal": f"/vorschlaege/{number}",
        "contribution": f"/b/{contributing.again(ident).code}",
        "topic": f"/themen/{topic_id}",
        "forum": f"/foren/{forum}",
        "comment": f"/kommentare/{thread}",
    }
    session.rollback()
    return found


def press(client: InspectingClient, button: str) -> Page:
    assert client.page is not None
    return client.submit(client.page.form("/beobachten"), button)


def test_the_button_watches_mutes_and_ends_on_every_page(
    pages: dict[str, str], sign_in: Callable[..., InspectingClient], client: InspectingClient
) -> None:
    partner = sign_in("partner")
    for kind, path in pages.items():
        stored = "section" if kind == "measure" else kind
        page = partner.get(path)
        again = press(partner, "beobachten")
        assert again.path == page.path
        assert "Sie beobachten das jetzt." in again.text
        assert subscriptions(partner)[-1] == (stored, False, True)
        tag = page.headers.get("ETag")
        shown = partner.get(path, headers={"If-None-Match": tag} if tag else {})
        assert shown.status == 200, kind  # the tag knows of the button
        assert "Nicht mehr beobachten" in shown.main_text
        assert "Wieder davon hören" in press(partner, "stumm").main_text
        assert subscriptions(partner)[-1] == (stored, True, True)
        assert "Nicht mehr beobachten" not in press(partner, "ende").main_text
        assert subscriptions(partner)[-1][2] is False
        if kind in {"contribution", "topic", "forum"}:  # visitors have no button
            assert not [form for form in client.get(path).forms if form.action == "/beobachten"]


def test_what_cannot_be_watched_is_not_found(
    pages: dict[str, str], sign_in: Callable[..., InspectingClient], client: InspectingClient
) -> None:
    partner = sign_in("partner")
    good = {"art": "section", "nr": "1", "tat": "beobachten", "weiter": "https://example.org/"}
    assert partner.post("/beobachten", good).path == "/mein-bereich/beobachtet"  # never out of the house
    for bad in ({"art": "person"}, {"nr": "0"}, {"nr": "9" * 30}, {"nr": "-1"}, {"tat": "x"}, {"nr": "4711"}):
        partner.post("/beobachten", good | bad, status=404)
        deed = {**good, **bad}
        partner.post(
            "/mein-bereich/beobachtet",
            {"zeile": f"{deed['tat']}:{deed['art']}:{deed['nr']}"},
            status=404,
        )
    chosen = partner.post("/mein-bereich/beobachtet", {"auswahl": ["x", "-3"]})
    assert "Bitte wählen Sie zuerst aus" in chosen.text
    client.post("/beobachten", good, status=401)


def test_the_list_shows_all_of_it_and_changes_it(
    pages: dict[str, str], sign_in: Callable[..., InspectingClient], make: ModuleType
) -> None:
    partner = sign_in("partner")
    assert "Noch beobachten Sie nichts" in partner.get("/mein-bereich/beobachtet").main_text
    for path in pages.values():
        partner.get(path)
        press(partner, "beobachten")
    own = said(partner.account, "Meine Worte dazu.", section_id=1)
    worker.run_due()
    page = partner.get("/mein-bereich/beobachtet")
    assert len(page.statements) <= 14, page.statements
    assert "automatisch, weil von Ihnen" in page.main_text
    assert f"/kommentare/{own}" in page.links.values()
    muted = partner.submit(page.form("/mein-bereich/beobachtet"), "stumm:forum:1")
    assert "Stumm geschaltet" in muted.text
    filtered = partner.get("/mein-bereich/beobachtet?nur=stumm")
    assert "Zukunftsforum Zwickau" in filtered.main_text
    assert "Meine Worte" not in filtered.main_text
    page = partner.get("/mein-bereich/beobachtet?art=gespraeche")
    ids = [element.get("value") for element in page.elements("input", name="auswahl")]
    assert len(ids) == 2
    ended = partner.submit(
        page.form("/mein-bereich/beobachtet"), "Ausgewählte nicht mehr beobachten", auswahl=ids
    )
    assert "Sie beobachten 2 Dinge nicht mehr." in ended.text
    assert "Davon beobachten Sie nichts" in ended.main_text
