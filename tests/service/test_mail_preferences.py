# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Nobody gets mail that is not wanted or cannot arrive, but always what keeps the account usable."""

from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from charta.accounts.models import Person
from charta.accounts.rules import TokenPurpose
from charta.accounts.service import links, make_token
from charta.contributions.service import answering, screening
from charta.db import session, transaction
from charta.errors import NotFound, NotPermitted
from charta.notifications import preferences, queries, service, worker
from charta.notifications.models import MailPreference, Notice, OutboxMail
from charta.notifications.rules import Digest, NoticeReason, Unsubscribe
from charta.notifications.subscriptions import confirm, subscribe_address
from charta.permissions import ANONYMOUS
from charta.web.mail_keys import read_unsubscribe_key, unsubscribe_key
from tests import contributing
from tests.databases import count_statements
from tests.factories import Account
from tests.races import in_threads

OWN = {"number": 12, "summary": "Besser werden", "merge_state": "conflict"}


@pytest.fixture
def kim(make: ModuleType) -> Account:
    return make.partner(email="kim@example.org", name="Kim Müller")


def put(person: Account, template: str = "proposal_needs_help", **details: Any) -> int:
    details = details or OWN
    with transaction() as tx:
        mail = service.enqueue(tx, tx.session.get_one(Person, person.id), template, **details)
        tx.session.flush()
        assert mail is not None
        return mail.id


def left() -> list[OutboxMail]:
    session.rollback()
    return list(session.scalars(select(OutboxMail).order_by(OutboxMail.id)))


def state(person: Account) -> queries.MailState:
    session.rollback()
    session.expunge_all()
    return queries.mail_state(person.id)


def test_without_a_choice_mails_come_at_once_and_a_digest_each_day(app: Flask, kim: Account) -> None:
    assert state(kim) == queries.MailState("kim@example.org", Digest.DAILY, True, None)


def test_who_wants_no_mails_at_once_gets_none_but_those_of_the_account(
    app: Flask, kim: Account, smtp: Any
) -> None:
    put(kim)  # written before the choice, claimed after it
    preferences.choose(kim.actor, digest=Digest.WEEKLY, wants_own=False)
    put(kim)
    put(kim, "password_changed", x=1)
    put(kim, "subscription_confirm", secret="abc", code="A7K2QF")
    assert worker.run_due() == 4
    assert [mail.template for mail in left()] == ["password_changed", "subscription_confirm"]
    assert len(smtp.messages) == 2
    assert state(kim).digest is Digest.WEEKLY


def test_claiming_asks_for_person_and_preference_in_one_statement(app: Flask, kim: Account) -> None:
    put(kim)
    with count_statements() as counted:
        assert worker._claim() is not None
    assert len(counted) <= 3, counted


@pytest.mark.sqlite_only
@pytest.mark.parametrize("answer", ["550 no such user", "551 gone", "554 5.1.1 unknown"])
def test_a_dead_address_gets_only_what_keeps_the_account_usable(
    app: Flask, kim: Account, smtp: Any, answer: str
) -> None:
    put(kim)
    smtp.recipient_answer = answer
    worker.run_due()
    assert state(kim).bounced_at is not None
    assert [(dead.name, dead.address) for dead in queries.dead_addresses()] == [
        ("Kim Müller", "kim@example.org")
    ]
    smtp.recipient_answer = "250 OK"
    put(kim)
    put(kim, "subscription_confirm", secret="abc", code="A7K2QF")
    put(kim, "password_reset", secret="abc")
    worker.run_due()
    assert [message["Subject"] for message in smtp.parsed] == ["Neues Passwort wählen"]
    assert [(mail.template, mail.last_error) for mail in left() if mail.failed_at] == [
        ("proposal_needs_help", f"refused: {answer[:3]}"),
        ("subscription_confirm", "bounced"),
    ], "the administration sees what did not arrive; what is one's own comes with the digest"
    preferences.address_is_fine(kim.actor)
    put(kim)
    worker.run_due()
    assert len(smtp.messages) == 2


@pytest.mark.sqlite_only
@pytest.mark.parametrize("answer", ["550 5.7.1 policy", "552 5.2.2 full", "450 later"])
def test_other_refusals_say_nothing_about_the_address(
    app: Flask, kim: Account, smtp: Any, answer: str
) -> None:
    put(kim)
    smtp.recipient_answer = answer
    worker.run_due()
    assert state(kim).bounced_at is None


@pytest.mark.sqlite_only
def test_a_refused_new_address_is_not_the_persons_own(app: Flask, kim: Account, smtp: Any) -> None:
    put(kim, "email_change", secret="abc", address="falsch@example.org")
    smtp.recipient_answer = "550 no such user"
    worker.run_due()
    assert state(kim).bounced_at is None


def test_another_address_is_tried_again(app: Flask, kim: Account) -> None:
    with transaction() as tx:
        preferences.note_bounce(tx, kim.id)
        key = make_token(
            tx, kim.id, TokenPurpose.EMAIL_CHANGE, created_by_id=kim.id, new_email="neu@example.org"
        )
    links.confirm_email(key)
    assert state(kim) == queries.MailState("neu@example.org", Digest.DAILY, True, None)


@pytest.mark.sqlite_only
def test_what_a_dead_bare_address_ordered_ends(app: Flask, make: ModuleType, smtp: Any) -> None:
    [ident] = contributing.received()
    with transaction() as tx:
        key = subscribe_address(tx, "leser@example.org", "contribution", ident, locale="de")
    assert key is not None
    confirm(key)
    moderator = make.moderator().actor
    screening.accept_all(moderator, contributing.seen([ident]))
    assert [mail.address for mail in left()] == ["leser@example.org"]
    smtp.recipient_answer = "550 no such user"
    worker.run_due()
    before = len(left())
    answering.answer(moderator, ident, seen=contributing.version(ident), text="Das nehmen wir auf.")
    assert len(left()) == before


@pytest.mark.sqlite_only
def test_mails_of_who_left_are_dropped(app: Flask, kim: Account, smtp: Any) -> None:
    put(kim)
    with transaction() as tx:
        tx.session.get_one(Person, kim.id).deactivated_at = tx.now
    assert worker.run_due() == 1
    assert smtp.messages == []
    assert left() == []


def test_the_link_of_a_mail_ends_it_and_takes_it_back(app: Flask, kim: Account) -> None:
    for _twice in range(2):
        preferences.unsubscribe(kim.id, Unsubscribe.OWN)
        preferences.unsubscribe(kim.id, Unsubscribe.DIGEST)
    assert (state(kim).digest, state(kim).wants_own) == (Digest.NEVER, False)
    preferences.subscribe_again(kim.id, Unsubscribe.DIGEST)
    preferences.subscribe_again(kim.id, Unsubscribe.OWN)
    assert (state(kim).digest, state(kim).wants_own) == (Digest.DAILY, True)
    with pytest.raises(NotFound):
        preferences.unsubscribe(4711, Unsubscribe.OWN)


@pytest.mark.sqlite_only
def test_a_key_is_read_by_us_only(app: Flask) -> None:
    key = unsubscribe_key(12, Unsubscribe.OWN)
    assert read_unsubscribe_key(key) == (12, Unsubscribe.OWN)
    for wrong in ("", "x", key[:-1], f"{key}a", key.replace(".", ""), "WzEyLCJvd24iXQ.AAAA"):
        assert read_unsubscribe_key(wrong) is None
    old = app.config["SECRET_KEY"]
    app.config.update(SECRET_KEY="b" * 40)
    assert read_unsubscribe_key(key) is None
    app.config.update(SECRET_KEY_FALLBACKS=[old])
    assert read_unsubscribe_key(key) == (12, Unsubscribe.OWN), "after the key of the installation changed"


def test_the_time_without_digests_is_not_made_up_for(app: Flask, kim: Account) -> None:
    preferences.choose(kim.actor, digest=Digest.NEVER, wants_own=True)
    with transaction() as tx:
        tx.session.add(
            Notice(
                person_id=kim.id, seq=1, reason=NoticeReason.WATCHED, watched_kind="field", watched_id=1,
                created_at=tx.now,
            )
        )  # fmt: skip
    preferences.choose(kim.actor, digest=Digest.DAILY, wants_own=True)
    session.rollback()
    assert session.scalars(select(Notice.digested_at)).one() is not None


def test_two_choices_at_once_make_one_row(app: Flask, kim: Account) -> None:
    jobs = [
        lambda: preferences.choose(kim.actor, digest=Digest.WEEKLY, wants_own=True),
        lambda: preferences.unsubscribe(kim.id, Unsubscribe.OWN),
        lambda: _bounce(kim.id),
    ]
    in_threads(app, jobs * 3)
    session.rollback()
    row = session.scalars(select(MailPreference)).one()
    assert row.digest is Digest.WEEKLY
    assert row.bounced_at is not None


def _bounce(person_id: int) -> None:
    with transaction() as tx:
        preferences.note_bounce(tx, person_id)


def test_only_who_has_an_account_chooses(app: Flask) -> None:
    with pytest.raises(NotPermitted):
        preferences.choose(ANONYMOUS, digest=Digest.NEVER, wants_own=False)
    with pytest.raises(NotPermitted):
        preferences.address_is_fine(ANONYMOUS)


# ------------------------------------------------------------------------------------------ what a mail says


@pytest.mark.sqlite_only
def test_a_mail_about_ones_own_says_why_and_how_to_end_it(app: Flask, kim: Account, smtp: Any) -> None:
    put(kim)
    worker.run_due()
    [message] = smtp.parsed
    url = f"https://charta.example.org/abbestellen/{unsubscribe_key(kim.id, Unsubscribe.OWN)}"
    assert message["List-Unsubscribe"] == f"<{url}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for kind in ("plain", "html"):
        words = message.get_body((kind,)).get_content()
        assert "weil Sie den Vorschlag geschrieben haben." in words
        assert url in words
        assert "https://charta.example.org/konto/mails" in words


@pytest.mark.sqlite_only
def test_mails_of_the_account_cannot_be_refused(app: Flask, kim: Account, smtp: Any) -> None:
    put(kim, "password_changed", x=1)
    worker.run_due()
    [message] = smtp.parsed
    assert message["List-Unsubscribe"] is None
    assert "abbestellen" not in message.get_body(("plain",)).get_content()


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    "summary",
    [
        "Zeile\r\nBcc: opfer@example.org",
        "a\nSubject: anderes",
        "\x00\x1b[2J",
        "=?utf-8?q?Bcc:_x?=\r\n\r\nbody",
    ],
)
def test_words_of_people_do_not_become_headers(app: Flask, make: ModuleType, smtp: Any, summary: str) -> None:
    person = make.partner(email="kim@example.org", name="Kim\u2028Müller")
    put(person, "forum_reminder", secret="abc", title=summary, subject_line=summary, paragraphs=[summary])
    put(person, "proposal_needs_help", number=1, summary=summary, merge_state="conflict")
    worker.run_due()
    assert smtp.recipients == ["kim@example.org"] * 2
    for message in smtp.parsed:
        assert message["Bcc"] is None
        assert len(message.get_all("Subject")) == 1
        assert {name.lower() for name in message} <= {
            "from", "to", "subject", "date", "message-id", "auto-submitted", "list-unsubscribe",
            "list-unsubscribe-post", "mime-version", "content-type", "content-language",
        }  # fmt: skip


@pytest.mark.sqlite_only
def test_an_address_with_a_header_in_it_reaches_nobody_else(app: Flask, kim: Account, smtp: Any) -> None:
    put(kim, address="kim@example.org\r\nBcc: opfer@example.org", **OWN)
    worker.run_due()
    assert smtp.messages == []
    assert left()[0].last_error is not None
