# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Watching, muting and ending: by anybody who is signed in, of whatever they may see."""

from types import ModuleType

import pytest
from flask import Flask
from sqlalchemy import select

from charta.contributions.service import topics
from charta.db import session
from charta.errors import NotFound, NotPermitted
from charta.notifications.models import OutboxMail, Subscription
from charta.permissions import ANONYMOUS
from charta.site import queries as site
from charta.watching import worker
from charta.watching.queries import subjects, watched
from charta.watching.rules import WatchKind, WatchState
from charta.watching.service.watching import end_all, mute, unmute, unwatch, watch
from tests import contributing, proposing, voting
from tests.contributing import accepted, received
from tests.databases import count_statements
from tests.factories import Account
from tests.races import in_threads
from tests.talking import said


def state(who: Account, kind: WatchKind, ident: int) -> WatchState:
    session.rollback()
    return watched.state(who.actor, kind, ident)


def finished_ballot(by: Account) -> int:
    ballot_id = voting.opened(by)
    voting.closed(ballot_id)
    return ballot_id


def everything(make: ModuleType) -> tuple[proposing.World, list[tuple[WatchKind, int]]]:
    """Store one of each kind that can be watched."""
    world = proposing.world()
    [ident] = accepted(by=world.moderator.actor)
    topic_id, _outcomes = topics.create(
        world.moderator.actor, title="Begleitung", items=contributing.seen([ident])
    )
    field_id = proposing.session.scalar(select(proposing.Section.field_id))
    assert field_id is not None
    make.organisation(is_partner=True)
    return world, [
        (WatchKind.SECTION, world.section),
        (WatchKind.FIELD, field_id),
        (WatchKind.PROPOSAL, proposing.submitted(world.author, world.section)),
        (WatchKind.CONTRIBUTION, ident),
        (WatchKind.TOPIC, topic_id),
        (WatchKind.FORUM, contributing.forum()),
        (WatchKind.BALLOT, finished_ballot(world.moderator)),
        (WatchKind.COMMENT, said(world.author, section_id=world.section)),
    ]


def test_everything_can_be_watched_and_has_a_name(app: Flask, make: ModuleType) -> None:
    world, refs = everything(make)
    who = world.stranger
    for kind, ident in refs:
        watch(who.actor, kind, ident)
        watch(who.actor, kind, ident)
        assert state(who, kind, ident) is WatchState.WATCHED
    session.rollback()
    with count_statements() as counted:
        found = subjects.titles(who.actor, site.settings(), refs, reads_text=True)
    assert len(counted) <= len(refs) + 1, counted
    assert set(found) == set(refs)
    assert all(subject.title for subject in found.values())
    assert found[WatchKind.SECTION, world.section].field_name
    session.rollback()
    lines = watched.lines(who.actor, site.settings(), reads_text=True)
    assert [line.kind for line in lines] == list(watched.KINDS)
    assert watched.counts(who.actor)[0] == dict.fromkeys(watched.KINDS, 1)


def test_what_is_not_visible_is_not_found_whatever_is_asked(app: Flask, make: ModuleType) -> None:
    make.settings(attendees_see_proposals=False)
    world = proposing.world()
    number = proposing.submitted(world.author, world.section)
    draft = proposing.draft(world.author, world.section)
    [unscreened] = received()
    on_proposal = said(world.author, proposal_id=number)
    answer = said(world.author, thread_id=said(world.author, section_id=world.section))
    for deed in (watch, unwatch, mute, unmute):
        for kind, ident in (
            ("proposal", number),
            ("proposal", draft),
            ("contribution", unscreened),
            ("comment", on_proposal),
            ("comment", answer),  # not the first of its conversation
            ("section", 4_711),
            ("person", world.author.id),
        ):
            with pytest.raises(NotFound):
                deed(world.attendee.actor, kind, ident)
        with pytest.raises(NotPermitted):
            deed(ANONYMOUS, "section", world.section)
    session.rollback()
    assert session.scalars(select(Subscription)).all() == []


def test_muted_and_ended_and_begun_again(app: Flask) -> None:
    world = proposing.world()
    who, kind, ident = world.stranger, WatchKind.SECTION, world.section
    mute(who.actor, kind, ident)
    mute(who.actor, kind, ident)
    assert state(who, kind, ident) is WatchState.MUTED
    unmute(who.actor, kind, ident)
    unmute(who.actor, kind, ident)
    assert state(who, kind, ident) is WatchState.WATCHED
    unwatch(who.actor, kind, ident)
    unwatch(who.actor, kind, ident)
    assert state(who, kind, ident) is WatchState.NONE
    assert state(world.author, kind, ident) is WatchState.NONE
    watch(who.actor, kind, ident)
    assert state(who, kind, ident) is WatchState.WATCHED


def test_own_things_ended_before_the_worker_came_stay_ended(app: Flask) -> None:
    world = proposing.world()
    number = proposing.submitted(world.author, world.section)
    unwatch(world.author.actor, "proposal", number)
    worker.run_due()
    assert state(world.author, WatchKind.PROPOSAL, number) is WatchState.NONE


def test_who_muted_a_conversation_gets_no_mail_about_answers_but_about_a_mention(app: Flask) -> None:
    world = proposing.world()
    thread = said(world.author, section_id=world.section)
    mute(world.author.actor, "comment", thread)
    said(world.colleague, "Das sehe ich auch so.", thread_id=thread)
    said(world.stranger, "Und Sie, @Anna Verfasserin?", thread_id=thread)
    unmute(world.author.actor, "comment", thread)
    said(world.colleague, "Danke.", thread_id=thread)
    session.rollback()
    mails = session.scalars(select(OutboxMail).where(OutboxMail.template == "comment_written")).all()
    assert [(mail.person_id, mail.data["is_mention"]) for mail in mails] == [
        (world.author.id, True),
        (world.author.id, False),
    ]


def test_what_went_out_of_sight_can_still_be_ended(app: Flask, make: ModuleType) -> None:
    world = proposing.world()
    number = proposing.submitted(world.author, world.section)
    watch(world.attendee.actor, "proposal", number)
    make.settings(attendees_see_proposals=False)
    session.rollback()
    [line] = watched.lines(world.attendee.actor, site.settings(), reads_text=True)
    assert line.subject is None
    unwatch(world.attendee.actor, "proposal", number)
    assert state(world.attendee, WatchKind.PROPOSAL, number) is WatchState.NONE


def test_several_are_ended_at_once_but_only_the_own_ones(app: Flask) -> None:
    world = proposing.world()
    sections = [proposing.section(f"Abschnitt {n}") for n in range(3)]
    for ident in sections:
        watch(world.stranger.actor, "section", ident)
        watch(world.author.actor, "section", ident)
    session.rollback()
    ids = list(session.scalars(select(Subscription.id)))
    assert end_all(world.stranger.actor, [*ids, 4_711]) == 3
    assert end_all(world.stranger.actor, ids) == 0
    assert end_all(world.stranger.actor, []) == 0
    assert [state(world.author, WatchKind.SECTION, ident) for ident in sections] == [WatchState.WATCHED] * 3


def test_a_long_list_goes_on_from_a_key_across_kinds(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watched, "PAGE_SIZE", 3)
    world = proposing.world()
    number = proposing.submitted(world.author, world.section)
    who = world.stranger
    for n in range(5):
        watch(who.actor, "section", proposing.section(f"Abschnitt {n}"))
    watch(who.actor, "proposal", number)
    session.rollback()
    seen: list[tuple[WatchKind, int]] = []
    after = None
    while True:
        found = watched.lines(who.actor, site.settings(), reads_text=True, after=after)
        seen += [(line.kind, line.subject_id) for line in found[:3]]
        if len(found) <= 3:
            break
        after = found[2].id
    assert len(seen) == len(set(seen)) == 6
    assert seen[-1] == (WatchKind.PROPOSAL, number)
    assert watched.lines(who.actor, site.settings(), reads_text=True, only_muted=True) == []


def test_a_double_click_makes_one_subscription(app: Flask) -> None:
    world = proposing.world()
    results = in_threads(
        app, [lambda: watch(world.stranger.actor, "section", world.section) for _click in range(4)]
    )
    assert results == [None] * 4
    session.rollback()
    assert len(session.scalars(select(Subscription)).all()) == 1
