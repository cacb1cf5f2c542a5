# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who hears of a deed: the worker reads the log, each person once, nobody what they may not know of."""

from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, insert, select

from charta.accounts.models import Person
from charta.comments.service import moderating
from charta.contributions.service import answering, screening
from charta.db import session, transaction, utcnow
from charta.notifications.models import MailPreference, Notice, NoticeCursor, Subscription
from charta.notifications.rules import NoticeReason
from charta.permissions import Role
from charta.proposals import service as proposals
from charta.proposals.rules import ProposalKind
from charta.sections.models import Section
from charta.site import queries as site
from charta.watching import worker
from charta.watching.queries import deeds
from charta.watching.service import telling
from tests import contributing, proposing
from tests.contributing import received, version
from tests.databases import count_statements
from tests.factories import Account
from tests.races import in_processes
from tests.talking import said


def watches(who: Account, kind: str, ident: int, **details: Any) -> None:
    with transaction() as tx:
        tx.session.add(
            Subscription(
                subject_kind=kind,
                subject_id=ident,
                person_id=who.id,
                created_at=tx.now,
                confirmed_at=tx.now,
                **details,
            )
        )


def told(who: Account) -> list[tuple[str, str, int]]:
    """Let the worker do what is due; return reason and subject of what a person hears, oldest first."""
    worker.run_due()
    session.rollback()
    rows = session.scalars(select(Notice).where(Notice.person_id == who.id).order_by(Notice.seq)).all()
    found = [(one.reason.value, one.watched_kind, one.watched_id) for one in rows]
    session.rollback()
    return found


def subscriptions(who: Account) -> set[tuple[str, int, bool]]:
    session.rollback()
    rows = session.scalars(select(Subscription).where(Subscription.person_id == who.id)).all()
    return {(one.subject_kind, one.subject_id, one.is_own) for one in rows}


def field_of(section_id: int) -> int:
    session.rollback()
    found = session.scalar(select(Section.field_id).where(Section.id == section_id))
    assert found is not None
    return found


def approve(world: proposing.World, number: int) -> None:
    proposals.approve(world.moderator.actor, number, **proposing.seen(number))


def test_watchers_of_section_and_field_hear_of_a_proposal_once_and_the_author_does_not(app: Flask) -> None:
    world = proposing.world()
    field = field_of(world.section)
    watches(world.stranger, "section", world.section)
    watches(world.stranger, "field", field)
    watches(world.attendee, "field", field)
    watches(world.author, "field", field)
    number = proposing.submitted(world.author, world.section)
    assert told(world.stranger) == [("watched", "section", world.section)]
    assert told(world.author) == []
    assert ("proposal", number, True) in subscriptions(world.author)
    assert worker.run_due() == 0


def test_what_a_role_may_not_see_is_not_told_and_own_things_are(app: Flask, make: ModuleType) -> None:
    make.settings(attendees_see_proposals=False)  # before the decision: partners and moderators
    world = proposing.world()
    watches(world.attendee, "section", world.section)
    watches(world.stranger, "section", world.section)
    number = proposing.submitted(world.author, world.section)
    own = proposing.submitted(world.attendee, world.section, "früh", "sehr früh")
    assert told(world.attendee) == []
    assert len(told(world.stranger)) == 2
    proposals.request_changes(world.moderator.actor, own, **proposing.seen(own), reason="Bitte kürzer.")
    assert told(world.attendee) == [("own", "proposal", own)]
    approve(world, number)
    assert told(world.attendee)[1:] == [("watched", "section", world.section)]


def test_a_decision_comes_by_mail_or_by_digest_but_not_by_both(app: Flask) -> None:
    world = proposing.world()
    first = proposing.submitted(world.author, world.section)
    second = proposing.submitted(world.stranger, world.section, "früh", "sehr früh")
    with transaction() as tx:
        tx.session.add(MailPreference(person_id=world.stranger.id, wants_own=False))
    watches(world.colleague, "section", world.section)
    worker.run_due()
    approve(world, first)
    approve(world, second)
    worker.run_due()
    session.rollback()
    rows = session.execute(
        select(Notice.person_id, Notice.is_mailed).where(Notice.reason == NoticeReason.OWN)
    ).all()
    assert dict(map(tuple, rows)) == {world.author.id: True, world.stranger.id: False}
    assert not session.scalar(
        select(func.count()).where(Notice.person_id == world.colleague.id, Notice.is_mailed)
    )


def test_a_call_for_help_does_not_stand_for_what_one_only_watches(app: Flask) -> None:
    world = proposing.world()
    helped = proposing.submitted(world.author, world.section)
    taken = proposing.submitted(world.stranger, world.section, new="faire Arbeit")
    watches(world.author, "section", world.section)
    proposals.approve(world.moderator.actor, taken, **proposing.seen(taken))
    proposals.reject(world.moderator.actor, helped, reason="Zu spät.", **proposing.seen(helped))
    assert told(world.author)[-2:] == [("watched", "section", world.section), ("own", "proposal", helped)]
    mailed = select(Notice.is_mailed).where(Notice.person_id == world.author.id).order_by(Notice.seq)
    assert session.scalars(mailed).all()[-2:] == [False, True]


def test_answers_reach_the_conversation_and_mentions_reach_who_is_named(app: Flask) -> None:
    world = proposing.world()
    thread = said(world.author, section_id=world.section)
    said(world.colleague, "Genau.", thread_id=thread)
    last = said(world.stranger, "Was meint @Mara Moderation?", thread_id=thread)
    assert last != thread
    assert told(world.author) == [("answered", "comment", thread)] * 2
    assert told(world.colleague) == [("answered", "comment", thread)]
    assert told(world.moderator) == [("mentioned", "comment", thread)]
    assert ("comment", thread, True) in subscriptions(world.colleague)


def test_a_muted_conversation_stays_quiet_although_its_section_is_watched(app: Flask) -> None:
    world = proposing.world()
    thread = said(world.author, section_id=world.section)
    worker.run_due()
    watches(world.stranger, "section", world.section)
    watches(world.stranger, "comment", thread, muted_at=utcnow())
    watches(world.colleague, "comment", thread, ended_at=utcnow())
    said(world.second, "Sehe ich auch so.", thread_id=thread)
    assert told(world.stranger) == []
    assert told(world.colleague) == []
    said(world.second, "Und Sie, @Frieda Fremd?", thread_id=thread)
    assert told(world.stranger) == [("mentioned", "comment", thread)]
    said(world.colleague, "Ich auch.", thread_id=thread)
    worker.run_due()
    session.rollback()
    row = session.scalars(
        select(Subscription).where(
            Subscription.person_id == world.colleague.id, Subscription.subject_kind == "comment"
        )
    ).one()
    assert row.ended_at is not None  # who ended it is not made to watch it again


def test_who_clicked_on_the_own_thing_before_the_worker_came_has_it_as_their_own(app: Flask) -> None:
    world = proposing.world()
    number = proposing.submitted(world.author, world.section)
    watches(world.author, "proposal", number)
    worker.run_due()
    assert ("proposal", number, True) in subscriptions(world.author)
    approve(world, number)
    assert told(world.author) == [("own", "proposal", number)]


def test_hidden_and_deleted_comments_are_told_to_nobody(app: Flask) -> None:
    world = proposing.world()
    watches(world.stranger, "section", world.section)
    number = proposing.submitted(world.stranger, world.section)
    for where in ({"section_id": world.section}, {"proposal_id": number}):
        hidden = said(world.author, **where)
        moderating.hide(world.moderator.actor, hidden, reason="Nicht zur Sache.")
    assert told(world.stranger) == []
    # Whose it was hears of the hiding, and nobody else.
    assert [reason for reason, _kind, _id in told(world.author)] == ["answered", "answered"]


def test_a_question_about_a_contribution_reaches_its_author_alone(app: Flask, make: ModuleType) -> None:
    author, other = make.attendee(), make.moderator()
    [ident] = received(author_id=author.id)
    watches(author, "contribution", ident, is_own=True)
    watches(other, "contribution", ident)
    screening.ask(make.moderator().actor, ident, seen=1, reason="Wo genau?")
    assert told(author) == [("own", "contribution", ident)]
    assert told(other) == []
    session.rollback()
    [shown] = deeds.deeds(author.actor, site.settings(), reads_text=True)
    assert shown.verb == "ask_contribution"
    assert deeds.deeds(other.actor, site.settings(), reads_text=True) == []


def test_who_watches_a_contribution_hears_what_a_proposal_makes_of_it(app: Flask, make: ModuleType) -> None:
    make.settings(attendees_see_proposals=False)
    world = proposing.world()
    [ident] = received(author_id=world.attendee.id)
    watches(world.attendee, "contribution", ident, is_own=True)
    watches(world.colleague, "contribution", ident)
    screening.accept(world.moderator.actor, ident, seen=1)
    answering.answer(world.moderator.actor, ident, seen=version(ident), text="Das kommt.")
    number = proposals.start(world.author.actor, kind=ProposalKind.CHANGE, section_id=world.section)
    text = proposing.head(world.section)
    proposals.save_draft(
        world.author.actor,
        number,
        title=text.title,
        body=text.body.replace("gute Arbeit", "sehr gute Arbeit"),
        summary="Besser",
        seen_edit=0,
    )
    proposals.take_up(world.author.actor, number, [contributing.again(ident).code])
    proposals.submit(world.author.actor, number)
    worker.run_due()
    approve(world, number)
    assert told(world.colleague) == [("watched", "contribution", ident)] * 4
    # The proposal itself only once it was decided: before, participants may not see it.
    assert told(world.attendee) == [("own", "contribution", ident)] * 3


def test_bulk_deeds_reach_each_of_the_authors_once(app: Flask, make: ModuleType) -> None:
    anna, ben = make.attendee(), make.attendee()
    ids = received(["Lotsen für Betriebe.", "Busse in der Nacht."], author_id=anna.id)
    ids += received(["Schulen stärken."], author_id=ben.id)
    for ident in ids[:2]:
        watches(anna, "contribution", ident, is_own=True)
    watches(ben, "contribution", ids[2], is_own=True)
    screening.accept_all(make.moderator().actor, contributing.seen(ids))
    assert told(anna) == [("own", "contribution", ids[0])]
    assert told(ben) == [("own", "contribution", ids[2])]


def test_nobody_hears_of_what_happened_before_they_watched(app: Flask) -> None:
    world = proposing.world()
    said(world.author, section_id=world.section)
    watches(world.stranger, "section", world.section)
    said(world.author, "Noch etwas.", section_id=world.section)
    assert told(world.stranger) == [("watched", "section", world.section)]


def test_people_who_left_hear_nothing(app: Flask) -> None:
    world = proposing.world()
    watches(world.stranger, "section", world.section)
    with transaction() as tx:
        tx.session.get_one(Person, world.stranger.id).deactivated_at = tx.now
    said(world.author, section_id=world.section)
    assert told(world.stranger) == []


def crowd(section_id: int, count: int) -> None:
    """Let a whole crowd watch the field of a section."""
    field = field_of(section_id)
    with transaction() as tx:
        since = tx.now - timedelta(days=1)
        tx.session.execute(
            insert(Person),
            [
                {"name": f"P {n}", "role": Role.PARTNER, "created_at": since, "joined_at": since}
                for n in range(count)
            ],
        )
        ids = tx.session.scalars(select(Person.id).where(Person.name.like("P %"))).all()
        tx.session.execute(
            insert(Subscription),
            [
                {
                    "subject_kind": "field",
                    "subject_id": field,
                    "person_id": ident,
                    "created_at": since,
                    "confirmed_at": since,
                }
                for ident in ids
            ],
        )


def test_two_thousand_watchers_cost_as_many_statements_as_a_few(app: Flask) -> None:
    world = proposing.world()
    said(world.stranger, section_id=world.section)
    with count_statements() as few:
        said(world.stranger, section_id=world.section)
    worker.run_due()
    crowd(world.section, 2_000)
    with count_statements() as many:
        said(world.stranger, section_id=world.section)
    assert len(many) == len(few)  # the deed itself knows nothing of them
    worker.run_due()
    for n in range(3):
        said(world.author, f"Kommentar {n}.", section_id=world.section)
    with count_statements() as counted:
        worker.run_due()
    # Reading is the same for any number; 6,000 notices are six small transactions, and one moves the place.
    assert len(counted) <= 24, counted
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Notice)) == 8_000


def test_a_step_that_was_killed_is_done_to_the_end_and_nobody_is_told_twice(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = proposing.world()
    crowd(world.section, 50)
    worker.run_due()
    said(world.author, section_id=world.section)
    monkeypatch.setattr(telling, "NOTICES", 20)
    stored = telling.store
    calls = []

    def killed(*arguments: Any) -> None:
        calls.append(arguments)
        if len(calls) > 1:
            raise KeyboardInterrupt
        stored(*arguments)

    monkeypatch.setattr(telling, "store", killed)
    with pytest.raises(KeyboardInterrupt):
        worker.run_due()
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Notice)) == 20
    monkeypatch.setattr(telling, "store", stored)
    assert worker.run_due() > 0
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Notice)) == 50
    assert worker.run_due() == 0


def test_two_workers_at_once_tell_everybody_once(app: Flask, tmp_path: Path) -> None:
    world = proposing.world()
    crowd(world.section, 300)
    for n in range(6):
        said(world.author, f"Kommentar {n}.", section_id=world.section)
    in_processes(app, "from charta.watching import worker\nworker.run_due()", count=2, folder=tmp_path)
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Notice)) == 6 * 300
    newest = session.scalar(select(NoticeCursor.seq))
    assert newest is not None
    assert worker.run_due() == 0
