# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Writing, answering, changing and taking back comments."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from charta.activity.models import ActivityEntry
from charta.comments.models import Comment, CommentMention
from charta.comments.queries import counting, subjects
from charta.comments.queries import threads as queries
from charta.comments.rules import BODY_MAX, MOST_PER_HOUR
from charta.comments.service import moderating, writing
from charta.db import as_of, session, transaction, utcnow
from charta.errors import InvalidInput, NotFound, NotPermitted, TooManyAttempts, WrongState
from charta.permissions import ANONYMOUS
from charta.proposals import service as proposals
from charta.sections.models import Section
from charta.site import queries as site
from charta.site.rules import ProposalsPublic
from tests import contributing, factories, proposing
from tests.databases import Statements
from tests.talking import on_section, read, said, stored


@pytest.fixture
def section(app: Flask) -> int:
    return proposing.section()


def test_a_comment_on_a_section_can_be_read_and_stands_in_the_log(section: int) -> None:
    who = factories.partner(name="Petra Partner")
    comment = said(who, "Das ist **wichtig**.", section_id=section)
    (thread,) = read(section_id=section)
    assert (thread.id, thread.first.byline.name) == (comment, "Petra Partner")
    assert str(thread.first.html) == "<p>Das ist <strong>wichtig</strong>.</p>\n"
    entry = session.scalars(select(ActivityEntry).where(ActivityEntry.verb == "write_comment")).one()
    assert (entry.subject_kind, entry.subject_id, entry.section_id) == ("comment", comment, section)


def test_sending_the_form_twice_writes_one_comment(section: int) -> None:
    who = factories.partner()
    first = said(who, "Einmal.", section_id=section, once_key="k")
    assert said(who, "Einmal.", section_id=section, once_key="k") == first
    # Gone back in the browser, other words: somebody means it. So does somebody else with the same key.
    assert said(who, "Noch etwas.", section_id=section, once_key="k") != first
    assert said(factories.partner(), "Einmal.", section_id=section, once_key="k") != first


def test_answers_hang_on_the_first_comment_of_their_thread(section: int) -> None:
    who = factories.partner()
    first = said(who, section_id=section)
    answer = said(who, "Eine Antwort.", thread_id=first)
    second = said(who, "Auf die Antwort.", thread_id=answer)
    (thread,) = read(section_id=section)
    assert [row.id for row in thread.answers] == [answer, second]
    assert stored(first).answers == 2
    assert stored(second).section_id == section


def test_nobody_answers_a_hidden_thread(section: int) -> None:
    who, moderator = factories.partner(), factories.moderator()
    first = said(who, section_id=section)
    moderating.hide(moderator.actor, first, reason="Beleidigend.")
    with pytest.raises(InvalidInput) as refused:
        said(who, "Doch!", thread_id=first)
    assert (refused.value.field, refused.value.code) == ("body", "comment_hidden")


def test_a_deleted_comment_without_answers_is_answered_by_nobody_and_leaves_no_gap(section: int) -> None:
    who = factories.partner()
    lone, discussed = said(who, section_id=section), said(who, section_id=section)
    said(who, "Antwort.", thread_id=discussed)
    writing.remove(who.actor, lone)
    writing.remove(who.actor, discussed)
    with pytest.raises(InvalidInput, match="comment_deleted"):
        said(who, "Wozu?", thread_id=lone)
    (thread,) = read(section_id=section)
    assert thread.first.is_deleted
    assert thread.first.is_gap
    assert thread.first.body == ""
    assert said(who, "Das Gespräch geht weiter.", thread_id=discussed)
    assert stored(discussed).body == ""


def test_nobody_comments_on_a_section_that_was_taken_out(section: int) -> None:
    with transaction() as tx:
        found = tx.lock(Section, section)
        assert found is not None
        found.is_deleted = True
    with pytest.raises(WrongState):
        said(factories.partner(), section_id=section)
    with pytest.raises(NotFound):
        said(factories.partner(), section_id=9999)


@pytest.mark.parametrize(
    "body, code",
    [
        (" \n ", "required"),
        ("\u200b\u202e\ufeff", "required"),  # nothing anybody sees
        ("x" * (BODY_MAX + 1), "too_long"),
        ("x" * 1_000_000, "too_long"),
        ("a\x00b", "forbidden_character"),
    ],
)
def test_words_that_are_refused(section: int, body: str, code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        said(factories.partner(), body, section_id=section)
    assert (refused.value.field, refused.value.code) == ("body", code)


def test_attendees_comment_while_a_round_lets_them(section: int) -> None:
    attendee = factories.attendee()
    with pytest.raises(NotPermitted):
        said(attendee, section_id=section)
    factories.open_round(attendees_may_comment=False)
    with pytest.raises(NotPermitted):
        said(attendee, section_id=section)
    assert said(factories.partner(), section_id=section)  # partners at any time


def test_attendees_comment_in_an_open_round_and_are_named_only_as_they_chose(section: int) -> None:
    factories.open_round()
    attendee = factories.attendee(name="Anna Anwesend")
    said(attendee, section_id=section)
    (public,) = read(section_id=section)
    assert public.first.byline.name == ""
    (own,) = read(attendee.actor, section_id=section)
    assert own.first.byline.name == "Anna Anwesend"


def test_the_own_words_can_be_changed_for_fifteen_minutes(
    section: int, frozen: time_machine.Traveller
) -> None:
    who, other = factories.partner(), factories.partner()
    comment = said(who, "Ein Tipfehler.", section_id=section)
    with pytest.raises(NotPermitted):
        writing.edit(other.actor, comment, body="Fremd.")
    frozen.shift(timedelta(minutes=14))
    writing.edit(who.actor, comment, body="Ein Tippfehler.")
    assert stored(comment).edited_at == utcnow()
    frozen.shift(timedelta(minutes=1))
    with pytest.raises(WrongState):
        writing.edit(who.actor, comment, body="Zu spät.")
    writing.remove(who.actor, comment)  # taking back is possible at any time
    writing.remove(who.actor, comment)
    assert stored(comment).deleted_at is not None


def test_the_same_words_again_are_no_change(section: int) -> None:
    who = factories.partner()
    comment = said(who, "So.", section_id=section)
    writing.edit(who.actor, comment, body="So.\n")
    assert stored(comment).edited_at is None


def test_a_hidden_comment_cannot_be_changed_into_another(section: int) -> None:
    who = factories.partner()
    comment = said(who, section_id=section)
    moderating.hide(factories.moderator().actor, comment, reason="So nicht.")
    with pytest.raises(WrongState):
        writing.edit(who.actor, comment, body="Unschuldig.")


def test_a_script_is_stopped(section: int) -> None:
    who = factories.partner()
    for number in range(MOST_PER_HOUR):
        with as_of(utcnow()):
            said(who, f"Nummer {number}", section_id=section)
    with pytest.raises(TooManyAttempts):
        said(who, "Noch einer", section_id=section)


# --------------------------------------------------------------------------------- proposals, contributions


def test_comments_on_a_proposal_are_read_by_who_reads_the_proposal(section: int) -> None:
    factories.open_round()
    author, partner = factories.partner(), factories.partner()
    number = proposing.draft(author, section)
    with pytest.raises(NotFound):
        said(partner, proposal_id=number)
    with pytest.raises(WrongState):
        said(author, proposal_id=number)
    proposals.submit(author.actor, number)
    comment = said(partner, proposal_id=number)
    assert stored(comment).proposal_version == 1
    with pytest.raises(NotFound):
        said(partner, proposal_id=number, version=2)
    assert subjects.is_visible(author.actor, site.settings(), comment)
    assert not subjects.is_visible(ANONYMOUS, site.settings(), comment)
    factories.settings(proposals_public=ProposalsPublic.SUBMITTED)
    assert subjects.is_visible(ANONYMOUS, site.settings(), comment)


def test_a_contribution_is_commented_on_once_it_is_screened(app: Flask) -> None:
    partner = factories.partner()
    (waiting,) = contributing.received()
    with pytest.raises(NotFound):
        said(partner, contribution_id=waiting)
    (listed,) = contributing.accepted()
    comment = said(partner, contribution_id=listed)
    assert subjects.is_visible(ANONYMOUS, site.settings(), comment)


# ------------------------------------------------------------------------------------------------ mentions


def test_people_are_mentioned_by_their_whole_name(section: int) -> None:
    who = factories.partner(name="Petra Partner")
    ida = factories.partner(name="Ida Groß")
    factories.partner(name="Ida Große-Wächter")
    gone = factories.partner(name="Weg Gegangen", is_active=False)
    hidden = factories.attendee(name="Anna Anwesend")
    comment = said(
        who,
        f"@ida groß, bitte ansehen. @Petra Partner @{gone.name} @{hidden.name} a@b.de",
        section_id=section,
    )
    assert _mentioned(comment) == {ida.id}
    writing.edit(who.actor, comment, body="Doch niemand.")
    assert _mentioned(comment) == set()


def _mentioned(comment_id: int) -> set[int]:
    session.rollback()
    return set(
        session.scalars(select(CommentMention.person_id).where(CommentMention.comment_id == comment_id))
    )


# ------------------------------------------------------------------------------------------------- budgets


def test_lists_cost_the_same_statements_whatever_was_written(
    section: int, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    who = factories.partner()
    _many(who.id, section, threads=5, answers=3)
    few = _cost(section, statements)
    _many(who.id, section, threads=60, answers=30)
    assert _cost(section, statements) <= few <= 1
    page = read(section_id=section)
    assert len(page) == queries.PAGE_SIZE + 1
    assert [len(thread.answers) for thread in page] == [queries.ANSWERS_SHOWN] * len(page)
    assert page[0].more == 20
    older = queries.threads(ANONYMOUS, site.settings(), on_section(section), before=page[-2].id)
    assert len(older) == 65 - 50
    whole = queries.thread(ANONYMOUS, site.settings(), page[0].id)
    assert whole is not None
    assert len(whole.answers) == 30
    assert counting.count(ANONYMOUS, site.settings(), on_section(section)) == counting.COUNT_MAX


def _cost(section_id: int, statements: Callable[[], AbstractContextManager[Statements]]) -> int:
    settings = site.settings()
    with statements() as counted:
        queries.threads(ANONYMOUS, settings, on_section(section_id))
    return int(counted)


def _many(author_id: int, section_id: int, *, threads: int, answers: int) -> None:
    from charta.comments import texts

    with transaction() as tx:

        def comment(number: int, thread_id: int | None, below: int) -> Comment:
            body = f"Kommentar {thread_id} {number}"
            return Comment(
                section_id=section_id,
                thread_id=thread_id,
                author_id=author_id,
                body=body,
                html_hash=texts.hash_of(body),
                answers=below,
                last_at=tx.now,
                created_at=tx.now,
            )

        first = [comment(number, None, answers) for number in range(threads)]
        tx.session.add_all(first)
        tx.session.flush()
        tx.session.add_all(comment(number, one.id, 0) for one in first for number in range(answers))
    assert session.scalar(select(func.count()).select_from(Comment))


def test_writing_is_a_simple_write(
    section: int, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    other = factories.partner()
    first = said(factories.partner(), section_id=section)
    with statements() as counted:
        said(other, "Eine Antwort ohne Namen.", thread_id=first)
    assert counted <= 12, counted  # with the mail to whoever began the thread
    with statements() as counted:
        said(other, "Ein neues Gespräch.", section_id=section)
    assert counted <= 12, counted
