# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Settled threads, reports to the moderation, hidden comments."""

import pytest
from flask import Flask
from sqlalchemy import select

from charta.activity.models import ActivityEntry
from charta.comments.queries import counting, moderation
from charta.comments.queries.moderation import Shown
from charta.comments.rules import BULK_MAX
from charta.comments.service import moderating, writing
from charta.db import session, transaction
from charta.errors import InvalidInput, NotFound, NotPermitted, WrongState
from charta.notifications.models import Notice, OutboxMail
from charta.site import queries as site
from charta.watching import worker
from charta.web import mails
from tests import factories, proposing
from tests.races import in_threads
from tests.talking import on_section, read, said, stored


@pytest.fixture
def section(app: Flask) -> int:
    return proposing.section()


def test_who_began_a_thread_and_partners_call_it_settled(section: int) -> None:
    factories.open_round()
    attendee, other, partner = factories.attendee(), factories.attendee(), factories.partner()
    first = said(attendee, section_id=section)
    answer = said(partner, "Stimmt.", thread_id=first)
    with pytest.raises(NotPermitted):
        moderating.resolve(other.actor, first)
    moderating.resolve(attendee.actor, first)
    moderating.resolve(partner.actor, answer)  # by any comment of the thread; twice is no error
    assert stored(first).resolved_by_id == attendee.id
    assert read(section_id=section)[0].is_resolved
    moderating.reopen(partner.actor, first)
    assert stored(first).resolved_at is None


def test_a_report_waits_for_the_moderation_once_per_person(section: int) -> None:
    who, reader = factories.partner(), factories.administrator(name="Rita Liest")
    comment = said(who, section_id=section)
    moderating.report(reader.actor, comment, reason="Beleidigend.")
    moderating.report(reader.actor, comment, reason="Noch einmal.")
    moderator = factories.moderator()
    (line,) = moderation.lines(moderator.actor, Shown.REPORTED)
    assert [(one.name, one.reason) for one in line.reports] == [("Rita Liest", "Beleidigend.")]
    assert line.title.endswith("Gute Arbeit")
    assert moderation.count_of_reported() == 1
    assert moderating.settle_all(moderator.actor, [comment]) == 1
    assert moderation.lines(moderator.actor, Shown.REPORTED) == []
    moderating.report(reader.actor, comment)  # the same person asked already
    assert moderation.count_of_reported() == 0
    moderating.report(who.actor, comment)
    assert moderation.count_of_reported() == 1


def test_what_was_deleted_is_not_reported(section: int) -> None:
    who = factories.partner()
    comment = said(who, section_id=section)
    writing.remove(who.actor, comment)
    with pytest.raises(WrongState):
        moderating.report(who.actor, comment)
    with pytest.raises(NotFound):
        moderating.report(who.actor, 4711)


def test_a_hidden_comment_is_read_by_its_author_and_moderators_with_the_reason(section: int) -> None:
    who, moderator = factories.partner(), factories.moderator()
    comment = said(who, "Böse Worte.", section_id=section)
    moderating.report(who.actor, comment)
    with pytest.raises(NotPermitted):
        moderating.hide(who.actor, comment, reason="Ich will nicht mehr.")
    with pytest.raises(InvalidInput):
        moderating.hide(moderator.actor, comment, reason="  ")
    moderating.hide(moderator.actor, comment, reason="Das ist beleidigend.")
    moderating.hide(moderator.actor, comment, reason="Ein zweites Mal ändert nichts.")
    for viewer in (who.actor, moderator.actor):
        (thread,) = read(viewer, section_id=section)
        assert (thread.first.body, thread.first.hidden_reason) == ("Böse Worte.", "Das ist beleidigend.")
    for viewer in (factories.partner().actor, factories.administrator().actor):
        (thread,) = read(viewer, section_id=section)
        assert (thread.first.body, str(thread.first.html), thread.first.hidden_reason) == ("", "", "")
    assert moderation.count_of_reported() == 0
    assert counting.count(moderator.actor, site.settings(), on_section(section)) == 0
    moderating.show(moderator.actor, comment)
    assert read(section_id=section)[0].first.body == "Böse Worte."


def test_several_are_hidden_at_once(section: int) -> None:
    who, moderator = factories.partner(), factories.moderator()
    comments = [said(who, f"Werbung {number}", section_id=section) for number in range(4)]
    moderating.hide(moderator.actor, comments[0], reason="Werbung.")
    writing.remove(who.actor, comments[1])
    assert moderating.hide_all(moderator.actor, [*comments, 4711], reason="Auch Werbung.") == 2
    assert [stored(one).hidden_reason for one in comments] == [
        "Werbung.",
        "",
        "Auch Werbung.",
        "Auch Werbung.",
    ]
    for wanted, code in (([], "comments_required"), (list(range(1, BULK_MAX + 2)), "too_many_comments")):
        with pytest.raises(InvalidInput, match=code):
            moderating.hide_all(moderator.actor, wanted, reason="Viele.")


def test_each_author_of_several_hidden_comments_is_told_of_their_own(section: int) -> None:
    ida, olaf, moderator = factories.partner(), factories.partner(), factories.moderator()
    authors = [ida, olaf, olaf, ida]
    comments = [said(who, f"Werbung {n}", section_id=section) for n, who in enumerate(authors)]
    assert moderating.hide_all(moderator.actor, comments, reason="Werbung.") == 4
    worker.run_due()
    session.rollback()
    hidden = session.execute(
        select(Notice.person_id, ActivityEntry.subject_id)
        .join(ActivityEntry, ActivityEntry.seq == Notice.seq)
        .where(ActivityEntry.verb == "hide_comment")
        .order_by(Notice.person_id)
    ).all()
    assert [tuple(row) for row in hidden] == [(ida.id, comments[0]), (olaf.id, comments[1])]


def test_answers_at_the_same_moment_are_all_counted(app: Flask) -> None:
    section = proposing.section()
    people = [factories.partner() for _ in range(4)]
    first = said(people[0], section_id=section)
    answer = said(people[0], "Die erste.", thread_id=first)
    targets = [first, answer, first, answer]
    jobs = [
        (lambda who=who, to=to: said(who, "Zugleich.", thread_id=to))
        for who, to in zip(people, targets, strict=True)
    ]
    results = in_threads(app, jobs)
    assert all(isinstance(result, int) for result in results), results
    assert stored(first).answers == 5


def test_a_double_click_at_the_same_moment_writes_one_comment(app: Flask) -> None:
    section = proposing.section()
    who = factories.partner()
    job = lambda: said(who, "Einmal.", section_id=section, once_key="derselbe")  # noqa: E731
    results = in_threads(app, [job, job, job])
    assert len(set(results)) == 1, results


# --------------------------------------------------------------------------------------------------- mails


def sent() -> list[tuple[int | None, str, str]]:
    """Return who gets which mail, as (person, subject, text), and empty the outbox."""
    session.rollback()
    with transaction() as tx:
        found = list(tx.session.scalars(select(OutboxMail).order_by(OutboxMail.id)))
        for mail in found:
            tx.session.delete(mail)
    made = [
        mails.render(mail.template, locale="de", recipient="R", secret=None, data=mail.data) for mail in found
    ]
    return [(mail.person_id, one.subject, one.text) for mail, one in zip(found, made, strict=True)]


def test_an_answer_and_a_mention_are_told_once_and_never_to_oneself(section: int) -> None:
    petra, ida = factories.partner(name="Petra Paulsen"), factories.partner(name="Ida Groß")
    first = said(petra, "Eine Frage an @Petra Paulsen selbst.", section_id=section)
    assert sent() == []
    answer = said(ida, "@Petra Paulsen, **so** geht es.", thread_id=first)
    ((who, subject, text),) = sent()
    assert (who, subject) == (petra.id, "Sie wurden in einem Kommentar genannt")
    assert "> @Petra Paulsen, so geht es." in text
    assert f"/kommentare/{first}#k{answer}" in text
    said(ida, "Noch etwas.", thread_id=answer)
    ((who, subject, _),) = sent()
    assert (who, subject) == (petra.id, "Antwort auf Ihren Kommentar")


def test_authors_are_told_why_their_comments_are_hidden(section: int) -> None:
    petra, moderator = factories.partner(), factories.moderator()
    comments = [said(petra, f"Werbung {number}", section_id=section) for number in range(3)]
    moderating.hide_all(moderator.actor, comments[:2], reason="Werbung gehört\nnicht hierher.")
    moderating.hide(moderator.actor, comments[2], reason="Auch das.")
    (_, several, text), (_, one, _) = sent()
    assert (several, one) == ("2 Ihrer Kommentare sind ausgeblendet", "Ihr Kommentar ist ausgeblendet")
    assert "> Werbung gehört\n> nicht hierher." in text
