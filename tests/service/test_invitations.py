# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Invitation lists: nobody is written to twice, answers by personal link, one reminder."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from charta.accounts.rules import Group
from charta.db import session, transaction, utcnow
from charta.errors import InvalidInput, NotFound, NotPermitted, WrongState
from charta.forums import worker
from charta.forums.invitees import Invitee, check_rows, clean_invitee, guess_mapping
from charta.forums.models import Forum, Invitation, InvitationWave, Registration
from charta.forums.queries import invitations
from charta.forums.queries.invitations import Filters
from charta.forums.rules import CompanySize, ForumState, InvitationState, RegistrationState
from charta.forums.service import inviting, replying, waves
from charta.notifications.models import OutboxMail
from tests import factories, halls, races
from tests.databases import count_statements
from tests.factories import Account


def people(*names: str) -> list[Invitee]:
    return [
        clean_invitee(
            email=f"{name}@example.org", name=name.title(), company=f"{name.title()} GmbH",
            district="Zwickau" if number % 2 == 0 else "Vogtland", size=CompanySize.SMALL,
        )
        for number, name in enumerate(names)
    ]  # fmt: skip


def sent_wave(forum: Forum, who: Account, *names: str) -> int:
    inviting.put_on_list(who.actor, forum.id, people(*names))
    number = waves.plan_wave(who.actor, forum.id, subject="Einladung", letter="Kommen Sie.")
    wave_id = invitations.wave(forum.id, number).wave.id
    waves.send_wave(who.actor, wave_id)
    return wave_id


def invited(forum: Forum, name: str) -> Invitation:
    session.rollback()
    session.expunge_all()
    return session.scalars(
        select(Invitation).where(Invitation.forum_id == forum.id, Invitation.email == f"{name}@example.org")
    ).one()


def key_of(name: str) -> str:
    key = halls.mail_to(f"{name}@example.org").secret
    assert key
    return key


def mails(template: str) -> int:
    session.rollback()
    return session.scalar(select(func.count()).where(OutboxMail.template == template)) or 0


def place(forum: Forum, name: str) -> RegistrationState | None:
    session.rollback()
    session.expunge_all()
    return session.scalar(
        select(Registration.state).where(
            Registration.forum_id == forum.id, Registration.email == f"{name}@example.org"
        )
    )


@pytest.fixture
def forum(app: Flask) -> Forum:
    return halls.forum("Zukunftsforum Zwickau", place="Zwickau")


@pytest.fixture
def moderator(app: Flask) -> Account:
    return factories.moderator()


def test_an_address_stands_on_the_list_once(forum: Forum, moderator: Account) -> None:
    assert inviting.put_on_list(moderator.actor, forum.id, people("anna", "bert")) == 2
    assert inviting.put_on_list(moderator.actor, forum.id, people("bert", "cora")) == 1
    with pytest.raises(InvalidInput) as refused:
        inviting.add(moderator.actor, forum.id, people("anna")[0])
    assert refused.value.code == "on_list"
    with pytest.raises(NotPermitted):
        inviting.put_on_list(factories.partner().actor, forum.id, people("dora"))


def test_a_wave_leaves_once_and_leaves_out_who_registered(forum: Forum, moderator: Account) -> None:
    halls.registered(forum, email="bert@example.org")
    wave_id = sent_wave(forum, moderator, "anna", "bert", "cora")
    assert mails("forum_invitation") == 2
    assert waves.send_wave(moderator.actor, wave_id) == 0
    assert mails("forum_invitation") == 2
    assert invited(forum, "bert").state is InvitationState.DRAFT
    assert invited(forum, "anna").state is InvitationState.SENT
    with pytest.raises(InvalidInput) as refused:  # everybody is written to, or registered
        waves.plan_wave(moderator.actor, forum.id, subject="Noch einmal", letter="Kommen Sie.")
    assert refused.value.code == "nobody"


def test_a_wave_is_gathered_by_district_and_size(forum: Forum, moderator: Account) -> None:
    inviting.put_on_list(moderator.actor, forum.id, people("anna", "bert", "cora"))
    number = waves.plan_wave(
        moderator.actor, forum.id, subject="A", letter="B", districts=["Zwickau"], sizes=[CompanySize.SMALL]
    )
    row = invitations.wave(forum.id, number)
    assert row.people == 2
    waves.discard_wave(moderator.actor, row.wave.id)
    assert [line.wave_number for line in invitations.lines(forum.id, Filters())] == [None, None, None]
    with pytest.raises(NotFound):
        invitations.wave(forum.id, number)


def test_a_large_wave_costs_the_same_as_a_small_one(forum: Forum, moderator: Account) -> None:
    inviting.put_on_list(moderator.actor, forum.id, people(*(f"gast{n}" for n in range(300))))
    number = waves.plan_wave(moderator.actor, forum.id, subject="A", letter="B")
    wave_id = invitations.wave(forum.id, number).wave.id
    with count_statements() as counted:
        assert waves.send_wave(moderator.actor, wave_id) == 300
    assert len(counted) <= 20, counted


def test_a_yes_is_a_registration_at_once(forum: Forum, moderator: Account) -> None:
    sent_wave(forum, moderator, "anna")
    key = key_of("anna")
    replying.accept(key)
    replying.accept(key)
    assert place(forum, "anna") is RegistrationState.REGISTERED
    assert invited(forum, "anna").state is InvitationState.YES
    assert mails("forum_registration") == 1
    found = session.scalars(select(Registration)).one()
    assert (found.organisation_name, found.group) == ("Anna GmbH", Group.COMPANY)


def test_a_yes_beyond_the_capacity_waits_and_a_no_lets_the_queue_move(app: Flask, moderator: Account) -> None:
    forum = halls.forum("Kleiner Saal", capacity=1)
    sent_wave(forum, moderator, "anna", "bert")
    anna, bert = key_of("anna"), key_of("bert")
    replying.accept(anna)
    replying.accept(bert)
    assert place(forum, "bert") is RegistrationState.WAITING
    replying.decline(anna, reason="Messe in Leipzig")
    assert (place(forum, "anna"), place(forum, "bert")) == (
        RegistrationState.CANCELLED,
        RegistrationState.REGISTERED,
    )
    assert invited(forum, "anna").answer_reason == "Messe in Leipzig"
    replying.accept(anna)
    assert place(forum, "anna") is RegistrationState.WAITING
    assert invited(forum, "anna").answer_reason == ""


def test_a_substitute_is_invited_once_and_may_answer(forum: Forum, moderator: Account) -> None:
    sent_wave(forum, moderator, "anna")
    key = key_of("anna")
    replying.name_substitute(key, name="Emil Ersatz", email="Emil@example.org")
    replying.name_substitute(key, name="Emil Ersatz", email="emil@example.org")
    assert mails("forum_substitute") == 1
    assert invited(forum, "anna").state is InvitationState.SUBSTITUTE
    emil = key_of("emil")
    replying.accept(emil)
    assert place(forum, "emil") is RegistrationState.REGISTERED
    with pytest.raises(WrongState):  # no chain of mails
        replying.name_substitute(emil, name="Noch einer", email="noch@example.org")


def test_nobody_can_make_us_write_to_many_or_to_who_does_not_want_it(
    forum: Forum, moderator: Account
) -> None:
    sent_wave(forum, moderator, "anna", "bert")
    replying.refuse_invitations(key_of("bert"))
    assert invited(forum, "bert").state is InvitationState.NO
    key = key_of("anna")
    with pytest.raises(InvalidInput) as refused:
        replying.name_substitute(key, name="Ich", email="anna@example.org")
    assert refused.value.code == "own_address"
    replying.name_substitute(key, name="Bert", email="bert@example.org")  # the answer is the same
    assert mails("forum_substitute") == 0
    for number in range(3):
        replying.name_substitute(key, name="X", email=f"x{number}@example.org")
    with pytest.raises(InvalidInput) as refused:
        replying.name_substitute(key, name="X", email="x9@example.org")
    assert refused.value.code == "too_many"
    other = halls.forum("Ein anderes Forum")
    inviting.put_on_list(moderator.actor, other.id, people("bert"))
    with pytest.raises(InvalidInput):
        waves.plan_wave(moderator.actor, other.id, subject="A", letter="B")


def test_one_reminder_goes_to_those_who_did_not_answer(forum: Forum, moderator: Account) -> None:
    wave_id = sent_wave(forum, moderator, "anna", "bert", "cora")
    replying.decline(key_of("anna"))
    halls.registered(forum, email="bert@example.org")
    for wrong in (utcnow() - timedelta(hours=1), utcnow() + timedelta(days=90)):
        with pytest.raises(InvalidInput):
            waves.set_reminder(moderator.actor, wave_id, remind_at=wrong)
    waves.set_reminder(moderator.actor, wave_id, remind_at=utcnow() + timedelta(days=1))
    worker.run_due()
    assert mails("forum_reminder") == 0
    with transaction() as tx:
        wave = tx.lock(InvitationWave, wave_id)
        assert wave is not None
        wave.remind_at = tx.now - timedelta(minutes=1)
    worker.run_due()
    worker.run_due()
    assert mails("forum_reminder") == 1
    assert halls.mail_to("cora@example.org").template == "forum_reminder"
    assert waves.remind_now(moderator.actor, wave_id) == 0
    with pytest.raises(WrongState):
        waves.set_reminder(moderator.actor, wave_id, remind_at=None)


def test_nothing_is_sent_or_answered_once_the_forum_has_begun(forum: Forum, moderator: Account) -> None:
    wave_id = sent_wave(forum, moderator, "anna")
    key = key_of("anna")
    inviting.put_on_list(moderator.actor, forum.id, people("bert"))
    number = waves.plan_wave(moderator.actor, forum.id, subject="A", letter="B")
    halls.begin(forum)
    for deed in (
        lambda: replying.accept(key),
        lambda: replying.decline(key),
        lambda: waves.remind_now(moderator.actor, wave_id),
        lambda: waves.send_wave(moderator.actor, invitations.wave(forum.id, number).wave.id),
    ):
        with pytest.raises(WrongState):
            deed()
    with pytest.raises(NotFound):
        replying.accept("unbekannt")


def test_interest_is_noted_while_there_is_no_date(app: Flask, moderator: Account) -> None:
    forum = halls.forum("Noch ohne Termin", state=ForumState.PLANNED)
    sent_wave(forum, moderator, "anna")
    replying.accept(key_of("anna"))
    assert place(forum, "anna") is RegistrationState.INTERESTED


def test_who_was_written_to_stays_on_the_list(forum: Forum, moderator: Account) -> None:
    sent_wave(forum, moderator, "anna")
    inviting.put_on_list(moderator.actor, forum.id, people("bert"))
    inviting.take_off_list(moderator.actor, forum.id, invited(forum, "bert").id)
    with pytest.raises(WrongState):
        inviting.take_off_list(moderator.actor, forum.id, invited(forum, "anna").id)
    assert invitations.totals(forum.id).count() == 1


@pytest.mark.sqlite_only
def test_rows_of_a_table_are_good_known_or_refused_with_the_reason(app: Flask) -> None:
    columns = ["Firma", "Vorname", "Nachname", "Mail", "Beschäftigte", "Kreis"]
    rows = [
        ["Presswerk", "Anna", "Eins", "Anna@example.org", "ca. 120", "Zwickau"],
        ["", "", "", "ohne.name@example.org", "", ""],  # nobody to speak to
        ["Gießerei", "Bert", "Zwei", "keine-adresse", "9", ""],
        ["Presswerk", "Anna", "Eins", "anna@example.org", "", ""],  # twice in the table
        ["Werk", "Cora", "Drei", "cora@example.org", "viele", ""],  # the size stays open
        ["Werk", "Dora", "Vier", "dora@example.org", "12", ""],  # on the list already
        ["Аcme", "Emil", "Fünf", "emil@example.org", "", ""],  # a Cyrillic letter in a Latin word
    ]  # fmt: skip
    checked = check_rows(rows, range(2, 9), guess_mapping(columns, rows), known={"dora@example.org"})
    assert [(one.name, one.size) for one in checked.good] == [
        ("Anna Eins", CompanySize.MEDIUM),
        ("Cora Drei", None),
    ]
    assert (checked.known, checked.unread_sizes) == (1, 1)
    assert [(one.number, one.error.code) for one in checked.refused] == [
        (3, "required"),
        (4, "invalid"),
        (5, "twice"),
        (8, "mixed_scripts"),
    ]


def test_four_clicks_at_once_send_a_wave_once(app: Flask, forum: Forum, moderator: Account) -> None:
    inviting.put_on_list(moderator.actor, forum.id, people("anna", "bert"))
    number = waves.plan_wave(moderator.actor, forum.id, subject="A", letter="B")
    wave_id = invitations.wave(forum.id, number).wave.id
    session.rollback()
    results = races.in_threads(app, [lambda: waves.send_wave(moderator.actor, wave_id)] * 4)
    assert sorted(results) == [0, 0, 0, 2]
    assert mails("forum_invitation") == 2
