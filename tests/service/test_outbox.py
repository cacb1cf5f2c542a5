# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The outbox against a real mail server: each mail once, in words, whatever the server does."""

import email
import threading
import time
from datetime import timedelta
from email import policy

import pytest
from sqlalchemy import select

from charta.accounts.models import Person
from charta.db import session, transaction, utcnow
from charta.errors import NotPermitted
from charta.notifications import queries, service, worker
from charta.notifications.models import OutboxMail
from charta.notifications.rules import ATTEMPTS_MAX, LEASE, delay_after
from charta.permissions import Role
from charta.server import work_loop
from tests.races import in_processes, in_threads


def put(person, template="password_changed", **details):
    with transaction() as tx:
        mail = service.enqueue(tx, tx.session.get(Person, person.id), template, **details)
        tx.session.flush()
        return mail.id if mail else None


def only():
    session.rollback()
    return session.scalars(select(OutboxMail)).one()


def make_due():
    with transaction() as tx:
        for mail in tx.session.scalars(select(OutboxMail)):
            mail.next_attempt_at = tx.now - timedelta(seconds=1)


def test_a_mail_is_sent_once_in_text_and_html_and_its_secret_goes(app, make, smtp):
    put(make.partner(email="kim@example.org", name="Kim Müller"), "invitation", secret="GEHEIM")
    assert worker.run_due() == 1
    assert worker.run_due() == 0
    message = smtp.parsed[0]
    assert smtp.recipients == ["kim@example.org"]
    assert message["From"] == "Charta Südwest <charta@example.org>"
    assert message["Subject"] == "Ihre Einladung zur Plattform „Charta“"
    text = message.get_body(("plain",)).get_content()
    html = message.get_body(("html",)).get_content()
    assert "Guten Tag Kim Müller," in text
    assert "\r\n-- \r\n" in text
    assert "https://charta.example.org/einladung/GEHEIM" in text
    assert 'href="https://charta.example.org/einladung/GEHEIM"' in html
    assert '<html lang="de">' in html
    assert "127.0.0.1" not in text + html
    assert only().secret is None
    assert only().sent_at is not None


def test_a_mail_speaks_the_language_of_its_person(app, make, smtp):
    put(make.partner(locale="en"))
    worker.run_due()
    assert smtp.parsed[0]["Content-Language"] == "en"
    assert '<html lang="en">' in smtp.parsed[0].get_body(("html",)).get_content()


def test_a_name_breaks_neither_header_nor_html(app, make, smtp):
    person = make.partner(email="kim@example.org", name="<b>Kim</b> & Co")
    put(person)
    worker.run_due()
    message = smtp.parsed[0]
    assert "&lt;b&gt;Kim" in message.get_body(("html",)).get_content()
    assert "<b>Kim</b> & Co" in message.get_body(("plain",)).get_content()


def test_line_breaks_in_a_site_name_do_not_become_headers(app, make, smtp):
    with transaction() as tx:
        from charta.site.models import Setting

        tx.session.add(Setting(key="name", value={"value": "Charta\r\nBcc: opfer@example.org"}))
    put(make.partner(), "invitation", secret="x")
    worker.run_due()
    assert smtp.parsed[0]["Bcc"] is None
    assert len(smtp.recipients) == 1


def test_mails_of_deactivated_people_and_without_an_address_are_not_written(app, make):
    assert put(make.partner(is_active=False)) is None


def test_the_same_deed_writes_its_mail_once(app, make):
    from sqlalchemy.exc import IntegrityError

    person = make.partner()
    put(person, once_key="vorschlag-12-entschieden")
    with pytest.raises(IntegrityError):
        put(person, once_key="vorschlag-12-entschieden")


def test_a_refusing_server_makes_a_dead_letter_that_can_be_sent_again(app, make, smtp):
    put(make.partner(email="weg@example.org"))
    smtp.recipient_answer = "550 no such user"
    worker.run_due()
    assert only().failed_at is not None
    assert only().last_error == "refused: 550"
    smtp.recipient_answer = "250 OK"
    assert worker.run_due() == 0
    assert service.send_again(make.administrator().actor) == 1
    assert worker.run_due() == 1
    assert smtp.recipients == ["weg@example.org"]
    assert service.send_again(make.administrator().actor) == 0, "what was sent is never sent again"


@pytest.mark.parametrize("answer", ["451 later", "552 full"])
def test_the_content_may_be_refused_for_now_or_for_good(app, make, smtp, answer):
    put(make.partner())
    smtp.answer = answer
    worker.run_due()
    assert (only().failed_at is not None) is answer.startswith("5")
    assert only().last_error == f"refused: {answer[:3]}"


def test_a_busy_server_is_asked_again_later_and_later(app, make, smtp):
    put(make.partner())
    smtp.recipient_answer = "450 try later"
    for attempt in range(1, ATTEMPTS_MAX):
        before = utcnow()
        assert worker.run_due() == 1
        assert only().attempts == attempt
        wait = only().next_attempt_at - before
        assert delay_after(attempt) <= wait <= delay_after(attempt) + (utcnow() - before)
        assert worker.run_due() == 0, "not before its time"
        make_due()
    worker.run_due()
    assert only().failed_at is not None


def test_without_a_server_nothing_is_lost_and_the_round_ends_quickly(app, make, smtp):
    for _ in range(5):
        put(make.partner())
    app.config["MAIL_PORT"] = 9  # nobody listens
    assert worker.run_due() == 1, "the others would wait for the same server"
    app.config["MAIL_PORT"] = smtp.port
    make_due()
    assert worker.run_due() == 5
    assert len(smtp.messages) == 5


def test_a_server_that_does_not_answer_holds_up_no_transaction(app, make, smtp):
    put(make.partner())
    app.config["MAIL_TIMEOUT_SECONDS"] = 4
    smtp.wait_seconds = 6.0
    sender = threading.Thread(target=lambda: _in_context(app, worker.run_due))
    sender.start()
    time.sleep(0.3)
    put(make.partner())  # somebody else's write goes through while the server sleeps
    assert sender.is_alive()
    sender.join(20)
    first = session.scalars(select(OutboxMail).order_by(OutboxMail.id)).first()
    assert first.last_error.startswith("unreachable")
    assert first.sent_at is None


def _in_context(app, job):
    with app.app_context():
        return job()


def test_workers_in_threads_send_each_mail_once(app, make, smtp):
    people = [make.person(Role.ATTENDEE) for _ in range(20)]
    for person in people:
        put(person)
    in_threads(app, [worker.run_due] * 4)
    while worker.run_due():
        pass
    assert sorted(smtp.recipients) == sorted(person.email for person in people)


def test_workers_in_processes_send_each_mail_once(app, make, smtp, tmp_path):
    people = [make.person(Role.ATTENDEE) for _ in range(12)]
    for person in people:
        put(person)
    code = f"""
app.config.update(MAIL_TRANSPORT="smtp", MAIL_HOST="127.0.0.1", MAIL_PORT={smtp.port}, MAIL_TIMEOUT_SECONDS=5)
from charta.notifications import worker
while worker.run_due():
    pass
"""
    in_processes(app, code, count=3, folder=tmp_path)
    assert sorted(smtp.recipients) == sorted(person.email for person in people)


def test_a_claimed_mail_comes_back_only_after_its_lease(app, make, smtp):
    put(make.partner())
    claim = worker._claim()  # the worker that took it dies here
    assert worker.run_due() == 0
    assert only().next_attempt_at > utcnow() + LEASE - timedelta(minutes=1)
    make_due()
    assert worker.run_due() == 1
    first_id = smtp.parsed[0]["Message-ID"]
    assert worker.compose(claim)["Message-ID"] == first_id, "so that servers can drop a second copy"
    worker._store(claim, worker._Failure("late"))
    assert only().sent_at is not None
    assert only().last_error is None, "the late note of the dead worker changes nothing"


def test_a_mail_that_cannot_be_made_holds_up_no_other(app, make, smtp, caplog):
    put(make.partner(), "gibt_es_nicht")
    put(make.partner(email="gut@example.org"))
    assert worker.run_due() == 2
    assert smtp.recipients == ["gut@example.org"]
    broken = session.scalars(select(OutboxMail).where(OutboxMail.template == "gibt_es_nicht")).one()
    assert broken.last_error == "error: TemplateNotFound"


def test_the_log_names_mails_by_number_only(app, make, smtp, caplog):
    put(make.partner(email="kim@example.org", name="Kim Müller"), "invitation", secret="GEHEIM")
    worker.run_due()
    assert "GEHEIM" not in caplog.text
    assert "kim@example.org" not in caplog.text


def test_every_account_mail_can_be_made(app, make, smtp):
    names = ["invitation", "password_reset", "password_changed", "email_change", "email_changed"]
    for name in names:
        put(make.partner(), name, secret="abc")
    worker.run_due()
    assert len({message["Subject"] for message in smtp.parsed}) == len(names)


def test_files_are_written_for_their_owner_only(app, make, tmp_path):
    put(make.partner(), "invitation", secret="GEHEIM")
    worker.run_due()
    files = list((tmp_path / "mail").iterdir())
    assert [file.suffix for file in files] == [".eml"]
    assert files[0].stat().st_mode & 0o077 == 0
    parsed = email.message_from_bytes(files[0].read_bytes(), policy=policy.SMTP)
    assert "GEHEIM" in parsed.get_body(("plain",)).get_content()


def test_the_console_shows_the_text(app, make, capsys):
    app.config["MAIL_TRANSPORT"] = "console"
    put(make.partner(email="kim@example.org"), "invitation", secret="GEHEIM")
    worker.run_due()
    shown = capsys.readouterr().out
    assert "kim@example.org" in shown
    assert "/einladung/GEHEIM" in shown


def test_an_unknown_transport_is_named(app, make):
    app.config["MAIL_TRANSPORT"] = "taube"
    put(make.partner())
    with pytest.raises(RuntimeError, match="taube"):
        worker.run_due()


def test_a_commit_wakes_the_worker_of_the_process(app, make, smtp):
    stop = threading.Event()
    thread = threading.Thread(target=work_loop, args=(app, stop))
    thread.start()
    time.sleep(0.3)
    put(make.partner())
    deadline = time.monotonic() + 4  # polling alone would take five seconds
    while not smtp.messages and time.monotonic() < deadline:
        time.sleep(0.05)
    stop.set()
    service.wake()
    thread.join(10)
    assert len(smtp.messages) == 1


def test_the_state_of_the_outbox(app, make, smtp):
    put(make.partner())
    assert (queries.outbox_state().waiting, queries.outbox_state().failed) == (1, 0)
    with transaction() as tx:
        mail = tx.session.scalars(select(OutboxMail)).one()
        mail.created_at = tx.now - timedelta(hours=2)
    assert queries.outbox_state().is_overdue
    worker.run_due()
    state = queries.outbox_state()
    assert (state.waiting, state.is_overdue) == (0, False)
    assert state.last_sent_at is not None


@pytest.mark.parametrize("role", ["attendee", "partner", "moderator"])
def test_only_the_administration_sends_again_or_discards(app, make, role):
    actor = make.person(role).actor
    with pytest.raises(NotPermitted):
        service.send_again(actor)
    with pytest.raises(NotPermitted):
        service.discard(actor, 1)


def test_only_given_up_mails_are_discarded(app, make, smtp):
    admin = make.administrator()
    waiting = put(make.partner())
    service.discard(admin.actor, waiting)
    service.discard(admin.actor, 4711)
    assert only().id == waiting
    smtp.recipient_answer = "550 no"
    worker.run_due()
    service.discard(admin.actor, waiting)
    session.rollback()
    assert session.scalars(select(OutboxMail)).all() == []
