# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""`transaction()`: one write at a time, whole or not at all, whoever writes beside it."""

import sqlite3
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy import func, select, text

from charta import db as house
from charta.accounts.models import Organisation, Person
from charta.accounts.rules import Group
from charta.activity import queries as activity_queries
from charta.activity import service as activity
from charta.db import Transaction, db, session, transaction, utcnow
from charta.errors import Busy
from charta.notifications import service as notifications
from charta.notifications.models import OutboxMail
from tests import factories
from tests.races import in_processes, in_threads


def add_organisation(tx: Transaction, name: str) -> Organisation:
    made = Organisation(name=name, short=name[:24], group=Group.OTHER, is_partner=False, created_at=tx.now)
    tx.session.add(made)
    return made


def names() -> list[str]:
    session.rollback()
    return list(session.scalars(select(Organisation.name).order_by(Organisation.name)))


# ----------------------------------------------------------------------------------- whole or not at all


def test_what_a_block_wrote_is_there_afterwards(app: Flask) -> None:
    with transaction() as tx:
        add_organisation(tx, "CWE")
    assert names() == ["CWE"]


def test_an_error_takes_everything_back(app: Flask) -> None:
    with pytest.raises(LookupError), transaction() as tx:
        add_organisation(tx, "CWE")
        tx.session.flush()
        raise LookupError
    assert names() == []


def test_after_an_error_the_next_transaction_works(app: Flask) -> None:
    with pytest.raises(LookupError), transaction():
        raise LookupError
    with transaction() as tx:
        add_organisation(tx, "CWE")
    assert names() == ["CWE"]


def test_a_refused_row_takes_the_rest_of_the_block_back(app: Flask) -> None:
    with transaction() as tx:
        add_organisation(tx, "CWE")
    with pytest.raises(Exception, match=r"(?i)unique"), transaction() as tx:
        add_organisation(tx, "AMZ")
        tx.session.flush()
        add_organisation(tx, "CWE")
    assert names() == ["CWE"]


def test_a_nested_transaction_is_refused(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="hand over tx"), transaction() as tx:
        add_organisation(tx, "CWE")
        with transaction():
            pass
    assert names() == []


def test_another_thread_may_open_its_own_while_one_is_open(app: Flask) -> None:
    """The nesting check belongs to a session, not to the process; the second one waits for its turn."""
    inside, go_on = threading.Event(), threading.Event()

    def first() -> None:
        with transaction() as tx:
            inside.set()
            go_on.wait(10)
            add_organisation(tx, "AMZ")

    def second() -> None:
        inside.wait(10)
        threading.Timer(0.1, go_on.set).start()
        with transaction() as tx:
            add_organisation(tx, "CWE")

    assert in_threads(app, [first, second]) == [None, None]
    assert names() == ["AMZ", "CWE"]


# --------------------------------------------------------------------------------------- reads and writes


def test_what_was_read_before_is_let_go(app: Flask) -> None:
    """A read transaction that goes on to write fails in SQLite once another one has committed."""
    account = factories.person("attendee")
    person = session.get(Person, account.id)
    assert person is not None

    def rename() -> None:
        with transaction() as tx:
            found = tx.lock(Person, account.id)
            assert found is not None
            found.name = "Anders"

    assert in_threads(app, [rename]) == [None]
    with transaction() as tx:
        again = tx.lock(Person, account.id)
        assert again is not None
        assert again.name == "Anders", "read again inside the lock"
        again.locale = "en"


def test_lock_reads_the_row_again_although_the_session_knows_it(app: Flask) -> None:
    account = factories.person("attendee")
    with transaction() as tx:
        known = tx.session.get(Person, account.id)
        tx.session.execute(text("UPDATE person SET name = 'Anders' WHERE id = :id"), {"id": account.id})
        assert tx.lock(Person, account.id) is known
        assert known is not None
        assert known.name == "Anders"


def test_lock_of_an_unknown_row_is_none(app: Flask) -> None:
    with transaction() as tx:
        assert tx.lock(Person, 4711) is None


def test_pending_objects_of_a_read_are_not_written_by_the_next_command(app: Flask) -> None:
    session.add(
        Organisation(name="Vergessen", short="V", group=Group.OTHER, is_partner=False, created_at=utcnow())
    )
    with transaction() as tx:
        add_organisation(tx, "CWE")
    assert names() == ["CWE"]


def test_a_write_returns_what_can_still_be_read_afterwards(app: Flask) -> None:
    with transaction() as tx:
        made = add_organisation(tx, "CWE")
    assert made.name == "CWE"


# ------------------------------------------------------------------------------------------- after commit


def test_callbacks_run_after_the_commit(app: Flask) -> None:
    seen: list[list[str]] = []
    with transaction() as tx:
        add_organisation(tx, "CWE")
        tx.after_commit.append(lambda: seen.extend(in_threads(app, [names])))
        tx.session.flush()
        assert seen == []
    assert seen == [["CWE"]]


def test_callbacks_do_not_run_after_an_error(app: Flask) -> None:
    seen: list[str] = []
    with pytest.raises(LookupError), transaction() as tx:
        tx.after_commit.append(lambda: seen.append("called"))
        raise LookupError
    assert seen == []


def test_a_callback_that_fails_does_not_undo_or_hide_the_deed(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    seen: list[str] = []

    def broken() -> None:
        raise LookupError

    with transaction() as tx:
        add_organisation(tx, "CWE")
        tx.after_commit += [broken, lambda: seen.append("called")]
    assert names() == ["CWE"]
    assert seen == ["called"], "the next one runs all the same"
    assert "callback" in caplog.text


def test_a_mail_of_a_failed_deed_never_leaves(app: Flask) -> None:
    account = factories.person("attendee")
    with pytest.raises(LookupError), transaction() as tx:
        person = tx.lock(Person, account.id)
        assert person is not None
        notifications.enqueue(tx, person, "password_reset")
        tx.session.flush()
        raise LookupError
    assert session.scalar(select(func.count()).select_from(OutboxMail)) == 0


# ------------------------------------------------------------------------------------------- other writers


def test_many_threads_write_without_losing_anything(app: Flask) -> None:
    def write() -> int:
        for _ in range(10):
            with transaction() as tx:
                entry = activity.record(tx, None, "test", "test", 1)
        return entry.seq

    results = in_threads(app, [write] * 8)
    assert all(isinstance(result, int) for result in results), results
    verified = activity_queries.verify()
    assert verified
    assert verified.entries == 80


@pytest.mark.slow
def test_eight_processes_write_at_once_without_an_error(app: Flask, tmp_path: Path) -> None:
    """P17: the layer itself queues the writers of one SQLite file, and of one PostgreSQL log."""
    waits = in_processes(
        app,
        """
from charta.activity import service as activity
longest = 0.0
for _ in range(25):
    began = time.monotonic()
    with transaction() as tx:
        activity.record(tx, None, "test", "test", number + 1)
    longest = max(longest, time.monotonic() - began)
print(longest)
        """,
        count=8,
        folder=tmp_path,
        timeout_seconds=150,
    )
    verified = activity_queries.verify()
    assert verified, verified
    assert verified.entries == 200
    # The bar of one second stands in benchmarks/; here only what would be a broken queue.
    assert max(float(wait) for wait in waits) < 10


def test_a_counter_read_under_the_lock_loses_no_step(app: Flask) -> None:
    with transaction() as tx:
        organisation = add_organisation(tx, "0")
        tx.session.flush()
        ident = organisation.id

    def step() -> None:
        for _ in range(5):
            with transaction() as tx:
                found = tx.lock(Organisation, ident)
                assert found is not None
                found.name = str(int(found.name) + 1)

    assert in_threads(app, [step] * 6) == [None] * 6
    assert names() == ["30"]


@pytest.mark.sqlite_only
def test_a_foreign_writer_makes_it_busy_not_broken(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody holds SQLite's own lock without ours: after the timeout the answer is Busy (503)."""
    monkeypatch.setattr(house, "BUSY_TIMEOUT_MS", 200)
    db.engine.dispose()
    foreign = sqlite3.connect(tmp_path / "charta.db", isolation_level=None)
    foreign.execute("BEGIN IMMEDIATE")
    with pytest.raises(Busy), transaction() as tx:
        add_organisation(tx, "CWE")
    foreign.rollback()
    foreign.close()
    with transaction() as tx:
        add_organisation(tx, "CWE")
    assert names() == ["CWE"]


@pytest.mark.postgresql_only
def test_a_row_that_stays_locked_makes_it_busy(
    app: Flask, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL a command waits for its row, but not for ever."""
    account = factories.person("attendee")
    monkeypatch.setattr(house, "BUSY_TIMEOUT_MS", 200)
    session.remove()
    db.engine.dispose()
    with psycopg.connect(database) as foreign:
        foreign.execute("SELECT 1 FROM person WHERE id = %s FOR UPDATE", [account.id])
        with pytest.raises(Busy), transaction() as tx:
            tx.lock(Person, account.id)
    with transaction() as tx:
        assert tx.lock(Person, account.id) is not None


# --------------------------------------------------------------------------------------- the connection


@pytest.mark.sqlite_only
def test_every_sqlite_connection_is_set_up(app: Flask) -> None:
    expected = {"foreign_keys": 1, "busy_timeout": 5000, "synchronous": 2, "journal_mode": "wal"}

    def pragmas() -> dict[str, object]:
        return {name: session.scalar(text(f"PRAGMA {name}")) for name in expected}

    assert in_threads(app, [pragmas] * 4) == [expected] * 4


def test_foreign_keys_are_enforced(app: Flask) -> None:
    with pytest.raises(Exception, match=r"(?i)foreign key"), transaction() as tx:
        tx.session.execute(
            text(
                "INSERT INTO token (purpose, token_hash, person_id, created_at, expires_at) "
                "VALUES ('invitation', 'x', 4711, :now, :now)"
            ),
            {"now": tx.now.replace(tzinfo=None)},
        )


def test_states_outside_the_enum_are_refused_by_the_database(app: Flask) -> None:
    with pytest.raises(Exception, match=r"(?i)check constraint"), transaction() as tx:
        tx.session.execute(
            text(
                "INSERT INTO person (name, role, voting, public_name, locale, is_demo, created_at) "
                "VALUES ('Mallory', 'emperor', 'none', 'none', 'de', false, :now)"
            ),
            {"now": tx.now.replace(tzinfo=None)},
        )


def test_times_come_back_aware_in_utc(app: Flask) -> None:
    berlin = timezone(timedelta(hours=1))
    with transaction() as tx:
        made = add_organisation(tx, "CWE")
        made.created_at = datetime(2026, 3, 10, 10, 0, tzinfo=berlin)
    session.rollback()
    session.expunge_all()
    assert session.scalar(select(Organisation.created_at)) == datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
    found = session.scalar(select(Organisation.created_at))
    assert found is not None
    assert found.tzinfo is UTC


def test_naive_times_are_refused(app: Flask) -> None:
    with pytest.raises(Exception, match="naive datetime"), transaction() as tx:
        made = add_organisation(tx, "CWE")
        made.created_at = datetime(2026, 3, 10)  # noqa: DTZ001 -- what is tested


def test_one_moment_for_the_whole_deed(app: Flask) -> None:
    with transaction() as tx:
        entry = activity.record(tx, None, "test", "test", 1)
        assert entry.at == tx.now
