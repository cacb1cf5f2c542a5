# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What happened: on pages and as feeds, each deed as visible as what it was done to."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from charta.activity import service as activity
from charta.comments.service import moderating
from charta.contributions.service import screening
from charta.db import session, transaction
from charta.fields.models import FieldOfAction
from charta.permissions import ANONYMOUS, Actor
from charta.proposals import service
from charta.site import queries as site
from charta.watching.queries import deeds as queries
from charta.watching.queries.deeds import ALL_VERBS
from tests import contributing, edition_samples, proposing, voting
from tests.factories import Account
from tests.inspecting import InspectingClient
from tests.proposing import World
from tests.talking import said

pytestmark = pytest.mark.both_databases

AsPerson = Callable[[Account], InspectingClient]
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def world(app: Flask) -> World:
    return proposing.world()


@pytest.fixture
def as_(new_client: Callable[[], InspectingClient]) -> AsPerson:
    return lambda account: new_client().sign_in(account)


def approved(world: World, **details: Any) -> int:
    number = proposing.submitted(world.author, world.section, **details)
    seen: dict[str, Any] = {**proposing.seen(number)}
    service.approve(world.moderator.actor, number, **seen)
    return number


def known(viewer: Actor = ANONYMOUS, **wanted: Any) -> list[tuple[str, int]]:
    session.rollback()
    wanted.setdefault("reads_text", viewer.id is not None)
    return [(deed.verb, deed.subject_id) for deed in queries.deeds(viewer, site.settings(), **wanted)]


def slug() -> str:
    session.rollback()
    return session.scalars(select(FieldOfAction.slug)).one()


def test_a_partner_reads_what_happened_newest_first(world: World, as_: AsPerson) -> None:
    number = approved(world, summary="Früher helfen")
    comment = said(world.stranger, section_id=world.section)
    client = as_(world.colleague)
    for path in ("/aktivitaet", f"/handlungsfelder/{slug()}/aktivitaet"):
        page = client.get(path)
        words = page.main_text
        assert page.h1 == "Was geschehen ist"
        taken = words.index(f"Mara Moderation hat Vorschlag {number} in die Charta übernommen.")
        assert taken < words.index(f"Kammer Chemnitz hat Vorschlag {number} eingereicht.")
        assert words.index("kommentiert.") < taken
        assert "Früher helfen" in words
        assert page.links[f"Vorschlag {number}"].endswith(f"/vorschlaege/{number}")
    page = client.get(f"/abschnitte/{world.section}/aktivitaet")
    assert page.links["Abschnitt 1"] == f"/kommentare/{comment}"


def test_each_deed_is_as_visible_as_its_subject(world: World, make: ModuleType) -> None:
    waiting = proposing.submitted(world.author, world.section)
    secret = proposing.draft(world.author, world.section, new="ganz gute Arbeit")
    accepted = contributing.accepted("Wir brauchen Lotsen.")[0]
    received = contributing.received("Noch ungelesen.")[0]
    said(world.stranger, proposal_id=waiting)
    hidden = said(world.stranger, section_id=world.section)
    moderating.hide(world.moderator.actor, hidden, reason="Beleidigend.")
    assert known() == [("accept_contribution", accepted)]
    seen = known(world.colleague.actor)
    assert ("submit_proposal", waiting) in seen
    assert [verb for verb, _id in seen].count("write_comment") == 1
    for viewer in (ANONYMOUS, world.author.actor, world.moderator.actor):
        subjects = known(viewer)
        assert not any(verb.endswith("_proposal") and ident == secret for verb, ident in subjects)
        assert not any(verb.endswith("_contribution") and ident == received for verb, ident in subjects)
        assert {verb for verb, _id in subjects} <= ALL_VERBS
    make.settings(proposals_public="submitted")
    assert ("submit_proposal", waiting) in known()
    screening.reopen(world.moderator.actor, accepted, seen=contributing.version(accepted))
    assert all(verb != "accept_contribution" for verb, _id in known())


def test_without_the_draft_nothing_about_the_text_is_told(world: World) -> None:
    said(world.stranger, section_id=world.section)
    assert [verb for verb, _id in known(reads_text=True)] == ["write_comment"]
    assert known(reads_text=False) == []


def test_an_attendee_stays_unnamed_also_by_the_filter(world: World, make: ModuleType, as_: AsPerson) -> None:
    organisation = make.organisation("Verein Zukunft")
    who = make.attendee(name="Ute Unbekannt", organisation_id=organisation)
    number = proposing.submitted(who, world.section)
    page = as_(world.stranger).get("/aktivitaet")
    assert f"Eine teilnehmende Person hat Vorschlag {number} eingereicht." in page.main_text
    assert "Ute Unbekannt" not in page.text
    assert known(world.stranger.actor, organisation_id=organisation) == []
    assert known(who.actor, organisation_id=organisation) == [("submit_proposal", number)]


def test_filters_stand_in_the_address(world: World, as_: AsPerson) -> None:
    number = approved(world)
    said(world.stranger, section_id=world.section)
    client = as_(world.colleague)
    client.get("/aktivitaet")
    page = client.get("/aktivitaet?art=texte")
    assert "übernommen." in page.main_text
    assert "eingereicht." not in page.main_text
    page = client.get(f"/aktivitaet?organisation={world.author.organisation_id}")
    assert f"Kammer Chemnitz hat Vorschlag {number} eingereicht." in page.main_text
    assert "kommentiert." not in page.main_text
    assert client.get("/aktivitaet?art=foren").has_text("Nichts gefunden")
    assert client.get("/aktivitaet?art=unsinn&organisation=abc&vor=x").has_text("eingereicht.")


def test_a_page_holds_fifty_and_the_next_one_goes_on(world: World, as_: AsPerson, statements: Any) -> None:
    number = proposing.submitted(world.author, world.section)
    with transaction() as tx:
        for _ in range(60):
            activity.record(
                tx,
                world.author.actor,
                "resubmit_proposal",
                "proposal",
                number,
                section_id=world.section,
            )
    client = as_(world.colleague)
    client.get("/aktivitaet")
    with statements() as counted:
        page = client.get(f"/abschnitte/{world.section}/aktivitaet")
    assert counted <= 8, counted
    assert page.main_text.count("neue Fassung") == 50
    page = client.click("Weiter")
    assert page.main_text.count("neue Fassung") == 10
    assert page.main_text.count(f"hat Vorschlag {number} eingereicht.") == 1


def test_every_verb_has_its_sentence_in_both_languages(world: World, as_: AsPerson, make: ModuleType) -> None:
    number = approved(world)
    contribution = contributing.accepted()[0]
    comment = said(world.stranger, section_id=world.section)
    forum = contributing.forum()
    make.organisation(is_partner=True)
    ballot = voting.opened(world.moderator)
    subjects = {
        "ballot": ballot,
        "outcome": ballot,
        "dissent": world.section,
        "note": world.section,
        "proposal": number,
        "contribution": contribution,
        "contributions": contribution,
        "comment": comment,
        "forum": forum,
        "documentation": forum,
        "poll": forum,
        "online": forum,
        "section": world.section,
        "edition": edition_samples.build(world.moderator.actor)["published_id"],
    }
    called = {
        "documentation": "forum",
        "poll": "forum",
        "online": "forum",
        "outcome": "ballot",
        "dissent": "section",
        "note": "section",
    }
    with transaction() as tx:
        for verb in sorted(ALL_VERBS - {"answer_topic", "import_measure", "change_measure"}):
            kind = verb.rpartition("_")[2]
            activity.record(
                tx,
                None,
                verb,
                called.get(kind, kind),
                subjects[kind],
                section_id=world.section,
                contributions=[contribution, 999],
                poll=7,
            )
    client = as_(world.moderator)
    page = client.get("/aktivitaet")
    assert page.has_text("Die Moderation hat die Umfrage im Saal beendet:")
    polls = [link for link in page.elements("a") if (link.get("href") or "").endswith("/umfragen#u7")]
    assert len(polls) == 3
    assert page.has_text("und 1 weiteren Beitrag veröffentlicht.")
    assert page.has_text("Die Frist für eine Antwort auf die angepasste Fassung")
    assert "%(" not in page.main_text
    client.use_language("en")
    assert "%(" not in client.get("/aktivitaet").main_text


def test_the_feeds_hold_only_what_the_public_may_read(
    world: World, as_: AsPerson, make: ModuleType, new_client: Callable[[], InspectingClient]
) -> None:
    number = approved(world, summary="Fördern & fordern <früh>")
    waiting = proposing.submitted(world.author, world.section, new="ganz gute Arbeit", old="sehr gute Arbeit")
    said(world.stranger, section_id=world.section)
    for path in ("/aktivitaet.atom", f"/handlungsfelder/{slug()}/aktivitaet.atom"):
        for client in (new_client(), as_(world.moderator)):
            page = client.get(path)
            feed = ET.fromstring(page.body.encode())
            titles = [entry.findtext(f"{ATOM}title") or "" for entry in feed.iter(f"{ATOM}entry")]
            assert f"Mara Moderation hat Vorschlag {number} in die Charta übernommen." in titles
            assert not any(f"Vorschlag {waiting}" in title or "kommentiert" in title for title in titles)
            assert feed.findtext(f"{ATOM}entry/{ATOM}summary") == "Fördern & fordern <früh>"
    client = new_client()
    tag = client.get("/aktivitaet.atom").headers["ETag"]
    client.get("/aktivitaet.atom", headers={"If-None-Match": tag}, status=304)
    make.settings(draft_is_public=True)
    assert "kommentiert" in client.get("/aktivitaet.atom").body


def test_what_is_not_there_is_not_found(world: World, client: InspectingClient, as_: AsPerson) -> None:
    client.get("/aktivitaet", status=200)
    signed_in = as_(world.colleague)
    signed_in.get("/abschnitte/9999/aktivitaet", status=404)
    signed_in.get("/handlungsfelder/gibt-es-nicht/aktivitaet", status=404)
    signed_in.get("/handlungsfelder/gibt-es-nicht/aktivitaet.atom", status=404)
