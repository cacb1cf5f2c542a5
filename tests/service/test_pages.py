# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the composed pages read: the same on both databases, one statement each."""

from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest
from flask import Flask

from charta.activity import queries as activity
from charta.db import session, transaction, utcnow
from charta.notifications.models import OutboxMail
from charta.pages import queries
from charta.pages.queries import own
from charta.proposals import queries as proposals
from charta.proposals import service
from charta.proposals.queries import QueueOrder
from charta.proposals.rules import MergeState, State
from charta.site.models import CalendarDate, NewsItem
from tests import contributing, proposing
from tests.proposing import World


@pytest.fixture
def world(app: Flask) -> World:
    return proposing.world()


def approved(world: World, section: int, **details: Any) -> int:
    number = proposing.submitted(world.author, section, **details)
    service.approve(world.moderator.actor, number, **proposing.seen(number))
    return number


def test_news_and_dates_come_together_each_in_its_order(world: World, statements: Any) -> None:
    now = utcnow()
    with transaction() as tx:
        for days in (3, 1, 2):
            tx.session.add(
                CalendarDate(title=f"in {days}", place="Plauen", starts_at=now + timedelta(days=days))
            )
            tx.session.add(NewsItem(title=f"vor {days}", body="x\n", published_at=now - timedelta(days=days)))
        tx.session.add(
            CalendarDate(
                title="läuft gerade", starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1)
            )
        )
        tx.session.add(CalendarDate(title="vorbei", starts_at=now - timedelta(hours=1)))
    with statements() as counted:
        news, dates = queries.notices()
    assert counted == 1
    assert [item.title for item in news] == ["vor 1", "vor 2", "vor 3"]
    assert [item.title for item in dates] == ["läuft gerade", "in 1", "in 2", "in 3"]
    assert dates[0].at < now < (dates[0].ends_at or now)
    assert dates[1].place == "Plauen"


def test_fields_count_living_measures_and_open_proposals(world: World, make: ModuleType) -> None:
    lead = make.organisation("Kammer")
    field = make.field_of_action("Bildung", lead_organisation_id=lead)
    make.measure(field_id=field)
    section = proposing.section("Im Feld", field_id=field)
    proposing.submitted(world.author, section)
    proposing.draft(world.stranger, section)
    taken = proposing.submitted(world.stranger, proposing.section("Zweiter", field_id=field))
    service.reject(world.moderator.actor, taken, **proposing.seen(taken), reason="Nein.")
    found = {row.name: row for row in queries.fields_overview()}
    assert (found["Bildung"].measures, found["Bildung"].open_proposals) == (1, 1)
    assert found["Bildung"].lead_name == "Kammer"


def test_the_newest_change_comes_with_text_before_and_first_source(world: World, make: ModuleType) -> None:
    second = make.source("Kongress", number=7)
    first = make.source("Forum", number=3)
    old = approved(world, proposing.section("Älter"))
    new = approved(world, world.section, source_ids=[second, first])
    found = queries.newest_changes()
    assert [row.proposal.id for row in found] == [new, old]
    assert found[0].source is not None
    assert found[0].source.name == "Forum"
    assert found[0].previous is not None
    assert found[0].previous.body == proposing.BODY
    assert "sehr gute Arbeit" in found[0].revision.body
    assert found[1].source is None
    assert [item.proposal_number for item in queries.newest_texts()] == [new, old]


def test_a_new_installation_counts_nothing(app: Flask) -> None:
    found = queries.set_up()
    assert (found.people, found.organisations, found.sections, found.rounds) == (0, 0, 0, 0)
    assert activity.log_position() == 0
    assert own.waiting_for_office() == own.Waiting()


def test_only_mails_that_were_given_up_count_as_failed(world: World) -> None:
    now = utcnow()
    mail = {"address": "a@example.org", "template": "x", "locale": "de", "data": {}, "created_at": now}
    with transaction() as tx:
        tx.session.add(OutboxMail(**mail, next_attempt_at=now, attempts=8, failed_at=now))
        tx.session.add(OutboxMail(**mail, next_attempt_at=now, attempts=1))
        tx.session.add(OutboxMail(**mail, next_attempt_at=now, sent_at=now))
    assert own.waiting_for_office() == own.Waiting(failed_mails=1)


def test_the_overview_counts_what_waits_fits_and_was_decided_today(
    world: World, make: ModuleType, statements: Any
) -> None:
    field = make.field_of_action("Bildung", number=7)
    proposing.submitted(world.author, proposing.section("Im Feld", field_id=field))
    proposing.submitted(world.moderator, proposing.section("Eigener", field_id=field))
    proposing.submitted(world.author, proposing.section("Ohne Feld"))
    overlapping = proposing.submitted(world.author, world.section, "gute Arbeit", "sehr gute Arbeit")
    rival = proposing.submitted(world.stranger, world.section, "gute Arbeit", "gesunde Arbeit")
    service.approve(world.moderator.actor, rival, **proposing.seen(rival))
    assert proposing.stored(overlapping).merge_state is MergeState.CONFLICT
    session.rollback()
    midnight = utcnow() - timedelta(hours=12)
    with statements() as counted:
        found = queries.queue_overview(world.moderator.actor, since=midnight, four_eyes=True)
    assert counted == 1
    assert found.waiting == 4
    assert found.overlaps == 1
    assert found.takeable_in(None) == 2
    assert found.takeable_in(field) == 1
    assert found.decided_today == 1
    assert [(item.number, item.waiting) for item in found.fields] == [(1, 1), (7, 2)]
    alone = queries.queue_overview(world.moderator.actor, since=midnight, four_eyes=False)
    assert alone.takeable_in(field) == 2
    assert queries.queue_overview(world.second.actor, since=midnight, four_eyes=True).decided_today == 0


def test_an_empty_queue_has_an_overview_too(app: Flask, make: ModuleType) -> None:
    found = queries.queue_overview(make.moderator().actor, since=utcnow(), four_eyes=True)
    assert (found.waiting, found.overlaps, found.takeable_in(None), found.decided_today) == (0, 0, 0, 0)
    assert found.fields == ()


def test_outcomes_tell_state_and_text_of_each(world: World) -> None:
    taken = approved(world, world.section)
    waiting = proposing.submitted(world.stranger, world.section, "2030", "2031")
    draft = proposing.draft(world.author, proposing.section("Anderer"))
    found = {item.number: item for item in queries.outcomes([taken, waiting, draft, 4711])}
    assert set(found) == {taken, waiting}
    assert (found[taken].state, found[taken].revision_number) == (State.APPROVED, 2)
    assert (found[waiting].state, found[waiting].revision_number) == (State.SUBMITTED, None)
    assert found[taken].section_title == "Gute Arbeit"


def test_sources_of_a_version_stand_in_the_order_of_their_numbers(world: World, make: ModuleType) -> None:
    second, first = make.source("Kongress", number=7), make.source("Forum", number=3)
    number = proposing.submitted(world.author, world.section, source_ids=[second, first])
    version = proposals.version(number, 1)
    assert version is not None
    version_id = version.id
    sources, codes = queries.taken_up_by(version_id)
    assert [source.name for source in sources] == ["Forum", "Kongress"]
    assert codes == []
    [contribution_id] = contributing.accepted()
    code = contributing.again(contribution_id).code
    service.take_up(world.author.actor, number, [code])
    session.rollback()
    assert queries.taken_up_by(version_id)[1] == [code]


# --------------------------------------------------------- what the queries of proposals gained for the pages


def test_the_own_desk_puts_first_what_waits_for_the_person(world: World) -> None:
    waiting = proposing.submitted(world.author, world.section, "früh", "sofort")
    returned = proposing.submitted(world.author, proposing.section("Zurück"))
    service.request_changes(world.moderator.actor, returned, seen_version=1, reason="Genauer.")
    draft = proposing.draft(world.author, proposing.section("Entwurf"))
    proposing.submitted(world.stranger, world.section, "2030", "2031")
    assert [row.number for row in proposals.own_desk(world.author.actor)] == [returned, draft, waiting]
    assert proposals.own_desk(world.colleague.actor) == []
    service.share(world.author.actor, draft)
    assert [row.number for row in proposals.own_desk(world.colleague.actor)] == [draft]
    assert proposals.own_desk(world.attendee.actor) == []
    assert len(proposals.own_desk(world.author.actor, limit=1)) == 2


def test_what_waits_for_the_moderation_knows_the_oldest(world: World) -> None:
    assert own.waiting_for_moderation(world.moderator.actor) == own.Waiting()
    first = proposing.submitted(world.author, world.section)
    proposing.submitted(world.stranger, proposing.section("Zweiter"))
    found = own.waiting_for_moderation(world.moderator.actor)
    assert (found.proposals, found.overlaps, found.received, found.reported) == (2, 0, 0, 0)
    assert found.oldest_at == proposing.stored(first).submitted_at


@pytest.mark.parametrize("order", list(QueueOrder))
def test_the_queue_goes_on_by_key_in_both_orders(world: World, order: QueueOrder) -> None:
    for n in range(5):
        proposing.submitted(world.author, proposing.section(f"Abschnitt {n}"))
    whole = [row.number for row in proposals.queue(world.moderator.actor, order=order)]
    assert whole == sorted(whole, reverse=order is QueueOrder.NEWEST)
    seen: list[int] = []
    while True:
        rows = proposals.queue(world.moderator.actor, order=order, limit=2, after=seen[-1] if seen else None)
        seen += [row.number for row in rows[:2]]
        if len(rows) <= 2:
            break
    assert seen == whole
