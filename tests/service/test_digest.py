# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The digest: one mail a person and day, by field of action, of what the person may see; nothing twice."""

from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, insert, select, update

from charta.activity import service as activity
from charta.comments.service import moderating
from charta.db import session, transaction
from charta.notifications import preferences
from charta.notifications import worker as mail_worker
from charta.notifications.models import Notice, OutboxMail, Subscription
from charta.notifications.rules import Digest, NoticeReason
from charta.proposals import service as proposals
from charta.sections.models import Section
from charta.watching import digest, worker
from charta.web import mails
from tests import proposing
from tests.databases import count_statements
from tests.factories import Account
from tests.proposing import World
from tests.races import in_threads
from tests.talking import said

SEVEN = datetime(2026, 3, 11, 6, 0, tzinfo=UTC)  # the morning after `frozen`
Clock = time_machine.Traveller


@pytest.fixture
def world(frozen: Clock, app: Flask) -> World:
    made = proposing.world()
    frozen.shift(timedelta(minutes=1))  # who watches it from now on does not hear of its making
    return made


def watch(person: Account, kind: str, ident: int, **more: Any) -> None:
    with transaction() as tx:
        tx.session.add(
            Subscription(
                subject_kind=kind, subject_id=ident, person_id=person.id, created_at=tx.now,
                confirmed_at=tx.now, **more,
            )
        )  # fmt: skip


def tell(person: Account, count: int = 1, *, subject: int, **more: Any) -> None:
    """Store deeds and notices of them without services: `count` changes of a section."""
    with transaction() as tx:
        for _each in range(count):
            entry = activity.record(tx, None, "import_section", "section", subject, section_id=subject)
            tx.session.add(
                Notice(
                    **{"person_id": person.id, "seq": entry.seq, "reason": NoticeReason.WATCHED,
                       "watched_kind": "section", "watched_id": subject, "created_at": tx.now} | more
                )
            )  # fmt: skip


def digests() -> list[OutboxMail]:
    session.rollback()
    found = session.scalars(
        select(OutboxMail).where(OutboxMail.template == "digest").order_by(OutboxMail.id)
    ).all()
    session.expunge_all()
    return list(found)


def run() -> int:
    done = 0
    while step := digest.run_due():
        done += step
    return done


def words(mail: OutboxMail) -> Any:
    return mails.render(
        "digest", locale=mail.locale, recipient="Kim", secret=None, data=mail.data, person_id=mail.person_id
    )


def test_what_happened_comes_the_next_morning_in_one_mail_by_field(
    world: World, make: ModuleType, frozen: Clock
) -> None:
    kim = make.partner(email="kim@example.org")
    field_id = make.field_of_action("Fachkräfte")
    with transaction() as tx:
        tx.session.execute(update(Section).where(Section.id == world.section).values(field_id=field_id))
    watch(kim, "section", world.section)
    number = proposing.submitted(world.author, world.section, summary="Besser <b>werden</b>")
    watch(kim, "proposal", number)
    comment = said(world.author, proposal_id=number)
    said(world.author, proposal_id=number)
    worker.run_due()
    assert run() == 0, "not before seven"
    frozen.move_to(SEVEN)
    run()
    [mail] = [mail for mail in digests() if mail.person_id == kim.id]
    made = words(mail)
    assert made.subject.startswith("Ihre Übersicht vom 11.")
    assert "=== Fachkräfte ===" in made.text
    assert f"Vorschlag {number}: Besser <b>werden</b>" in made.text
    assert "Besser &lt;b&gt;werden&lt;/b&gt;" in made.html
    assert f"hat Vorschlag {number} eingereicht." in made.text
    assert f"/kommentare/{comment + 1}" in made.text
    assert "2‑mal" in made.text, "the same again is one line"
    assert "Sie beobachten diesen Vorschlag." in made.text
    assert "/abbestellen/" in made.text
    assert "/konto/mails" in made.html
    frozen.move_to(SEVEN + timedelta(days=1))
    run()
    assert len([mail for mail in digests() if mail.person_id == kim.id]) == 1, "nothing new, no mail"


def test_what_was_read_or_mailed_or_hidden_is_not_told(world: World, make: ModuleType, frozen: Clock) -> None:
    read, mailed, hidden = make.partner(), make.partner(), make.partner()
    tell(read, subject=world.section, read_at=datetime.now(UTC))
    tell(mailed, subject=world.section, is_mailed=True)
    frozen.shift(timedelta(minutes=1))
    watch(hidden, "section", world.section)
    comment = said(world.author, section_id=world.section)
    worker.run_due()
    moderating.hide(world.moderator.actor, comment, reason="Nennt einen Namen.")
    frozen.move_to(SEVEN)
    run()
    assert {mail.person_id for mail in digests()} & {read.id, mailed.id, hidden.id} == set()
    left = select(func.count()).select_from(Notice).where(Notice.digested_at.is_(None))
    assert session.scalar(left) == 0, "they are not looked at again"


def test_a_weekly_digest_waits_for_monday_and_never_is_never(
    world: World, make: ModuleType, frozen: Clock
) -> None:
    weekly, never = make.partner(), make.partner()
    preferences.choose(weekly.actor, digest=Digest.WEEKLY, wants_own=True)
    preferences.choose(never.actor, digest=Digest.NEVER, wants_own=True)
    for person in (weekly, never):
        tell(person, subject=world.section)
    for day in range(6):  # Wednesday to Monday
        frozen.move_to(SEVEN + timedelta(days=day))
        run()
        assert [mail.person_id for mail in digests()] == ([weekly.id] if day == 5 else [])
    assert digests()[0].data["is_weekly"]


def test_who_cannot_be_written_to_gets_none_and_a_dead_address_hears_later(
    world: World, make: ModuleType, frozen: Clock
) -> None:
    gone, dead = make.partner(is_active=False), make.partner()
    with transaction() as tx:
        preferences.note_bounce(tx, dead.id)
    for person in (gone, dead):
        tell(person, subject=world.section)
    frozen.move_to(SEVEN)
    run()
    assert digests() == []
    preferences.address_is_fine(dead.actor)
    frozen.move_to(SEVEN + timedelta(days=1))
    run()
    assert [mail.person_id for mail in digests()] == [dead.id]


@pytest.mark.sqlite_only
def test_a_mail_has_sixty_lines_and_then_a_number(world: World, make: ModuleType, frozen: Clock) -> None:
    kim = make.partner(locale="en")
    for number in range(70):
        tell(kim, subject=proposing.section(f"Abschnitt {number}"))
    frozen.move_to(SEVEN)
    run()
    [mail] = digests()
    lines = [line for group in mail.data["groups"] for one in group["subjects"] for line in one["lines"]]
    assert (len(lines), mail.data["rest"], mail.data["count"]) == (digest.LINES_MAX, 10, 70)
    assert "/mein-bereich/nachrichten" in words(mail).text
    assert '<html lang="en">' in words(mail).html


@pytest.mark.sqlite_only
def test_a_digest_ordered_off_before_it_leaves_does_not_leave(
    world: World, make: ModuleType, frozen: Clock, smtp: Any
) -> None:
    kim, ben = make.partner(email="kim@example.org"), make.partner(email="ben@example.org")
    for person in (kim, ben):
        tell(person, subject=world.section)
    frozen.move_to(SEVEN)
    run()
    preferences.choose(kim.actor, digest=Digest.NEVER, wants_own=True)
    mail_worker.run_due()
    assert smtp.recipients == ["ben@example.org"]
    [message] = smtp.parsed
    assert "/abbestellen/" in message["List-Unsubscribe"]
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.sqlite_only
def test_who_wants_no_mail_at_once_reads_it_in_the_digest(
    world: World, make: ModuleType, frozen: Clock, smtp: Any
) -> None:
    author = world.author
    preferences.choose(author.actor, digest=Digest.DAILY, wants_own=False)
    number = proposing.submitted(author, world.section)
    proposals.reject(world.moderator.actor, number, reason="Steht schon da.", **proposing.seen(number))
    worker.run_due()
    mail_worker.run_due()
    assert smtp.messages == []
    frozen.move_to(SEVEN)
    run()
    [mail] = [mail for mail in digests() if mail.person_id == author.id]
    assert f"hat Vorschlag {number} nicht übernommen." in words(mail).text
    assert "Das ist Ihr Vorschlag." in words(mail).text


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    "before, deed, seven",
    [
        ("2026-03-28T09:00", "2026-03-29T04:30", "2026-03-29T05:00"),  # 23 hours later
        ("2026-10-24T09:00", "2026-10-25T05:30", "2026-10-25T06:00"),  # 25 hours later
    ],
)
def test_in_the_nights_of_the_clock_change_there_is_one_digest(
    world: World, make: ModuleType, frozen: Clock, before: str, deed: str, seven: str
) -> None:
    kim = make.partner()
    for at in (before, deed):
        frozen.move_to(datetime.fromisoformat(at).replace(tzinfo=UTC))
        tell(kim, subject=world.section)
    start = datetime.fromisoformat(seven).replace(tzinfo=UTC)
    for minutes in (-60, -10, 0, 10, 110):
        frozen.move_to(start + timedelta(minutes=minutes))
        run()
        assert len(digests()) == (minutes >= 0)
    assert digests()[0].data["count"] == 2


@pytest.mark.sqlite_only
def test_one_that_cannot_be_made_holds_up_no_other(
    world: World, make: ModuleType, frozen: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    kim, ben = make.partner(), make.partner()
    for person in (kim, ben):
        tell(person, subject=world.section)
    made = digest.contents

    def fails(reader: Any, *rest: Any) -> Any:
        if reader.id == kim.id:
            raise ValueError("kaputt")
        return made(reader, *rest)

    monkeypatch.setattr(digest, "contents", fails)
    frozen.move_to(SEVEN)
    run()
    assert [mail.person_id for mail in digests()] == [ben.id]


def test_workers_at_once_write_each_digest_once(app: Flask, make: ModuleType) -> None:
    people = _two_days_ago(make, 12)
    in_threads(app, [run] * 4)
    assert sorted(mail.person_id or 0 for mail in digests()) == sorted(person.id for person in people)


@pytest.mark.sqlite_only
def test_a_worker_killed_between_leaves_the_rest_to_the_next(
    app: Flask, make: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = _two_days_ago(make, 4)
    stored = digest.digesting.store

    def killed(reader: Any, data: Any) -> bool:
        if reader.id == people[2].id:
            raise KeyboardInterrupt
        return bool(stored(reader, data))

    monkeypatch.setattr(digest.digesting, "store", killed)
    with pytest.raises(KeyboardInterrupt):
        run()
    session.rollback()
    monkeypatch.undo()
    digest._passes.clear()  # another process
    run()
    assert [mail.person_id for mail in digests()] == [person.id for person in people]


def test_many_people_cost_a_few_statements_each(app: Flask, make: ModuleType) -> None:
    people = _two_days_ago(make, 60, each=5)
    with count_statements() as counted:
        assert digest.run_due() == digest.ROUND
    assert len(counted) <= 7 * digest.ROUND + 5, len(counted)
    run()
    assert len(digests()) == len(people)
    with count_statements() as counted:
        assert digest.run_due() == 0
    assert len(counted) == 0, "the pass is over until tomorrow"


def _two_days_ago(make: ModuleType, count: int, each: int = 1) -> list[Account]:
    """Return people with notices old enough for any digest of today."""
    section = proposing.section()
    people = [make.attendee() for _each in range(count)]
    with transaction() as tx:
        entries = [
            activity.record(tx, None, "import_section", "section", section, section_id=section).seq
            for _each in range(each)
        ]
        tx.session.execute(
            insert(Notice),
            [
                {
                    "person_id": person.id, "seq": seq, "reason": NoticeReason.WATCHED,
                    "watched_kind": "section", "watched_id": section,
                    "created_at": tx.now - timedelta(days=2),
                }
                for person in people
                for seq in entries
            ],
        )  # fmt: skip
    return people
