# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The log: appended to, never changed, and every change behind its back is found."""

import hashlib
import json

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from charta.accounts import service as accounts
from charta.accounts.models import Person
from charta.accounts.rules import Group
from charta.activity import queries, service
from charta.activity.models import ActivityEntry, LogHead
from charta.activity.rules import GENESIS, canonical_line, chain_hash
from charta.db import session, transaction
from charta.errors import InvalidInput
from charta.proposals.models import ProposalDecision, ProposalVersion
from charta.sections.models import Revision
from tests import factories


def record(count: int) -> None:
    for number in range(1, count + 1):
        with transaction() as tx:
            service.record(tx, None, "test", "thing", number, section_id=number, note=f"Nr. {number}: ä „x“")


def without_triggers() -> None:
    """Take the guards away, as somebody with access to the database could."""
    with transaction() as tx:
        if tx.session.get_bind().dialect.name == "sqlite":
            tx.session.execute(text("DROP TRIGGER activity_entry_no_update"))
            tx.session.execute(text("DROP TRIGGER activity_entry_no_delete"))
        else:
            tx.session.execute(text("DROP TRIGGER activity_entry_append_only ON activity_entry"))


def tamper(statement: str) -> None:
    without_triggers()
    with transaction() as tx:
        tx.session.execute(text(statement))


# ------------------------------------------------------------------------------------------------- writing


def test_an_empty_log_holds(app: Flask) -> None:
    verified = queries.verify()
    assert verified
    assert (verified.entries, verified.head) == (0, GENESIS)


def test_entries_are_chained_in_order_from_the_first(app: Flask) -> None:
    record(3)
    entries = session.scalars(select(ActivityEntry).order_by(ActivityEntry.seq)).all()
    assert [entry.seq for entry in entries] == [1, 2, 3]
    previous = GENESIS
    for entry in entries:
        assert entry.previous_hash == previous
        assert entry.hash == hashlib.sha256(f"{previous}\n{entry.line}".encode()).hexdigest()
        previous = entry.hash
    head = session.get(LogHead, 1)
    assert head is not None
    assert (head.seq, head.hash) == (3, previous)
    verified = queries.verify()
    assert (verified.entries, verified.head) == (3, previous)


def test_a_line_is_plain_json_that_says_what_the_columns_say(app: Flask) -> None:
    with transaction() as tx:
        entry = service.record(tx, None, "test", "thing", 7, section_id=3, note="ä „x“")
    line = json.loads(entry.line)
    assert line["verb"] == "test"
    assert line["subject"] == ["thing", 7]
    assert line["section"] == 3
    assert line["actor"] is None
    assert line["data"] == {"note": "ä „x“"}
    assert line["at"] == entry.at.isoformat(timespec="microseconds")
    assert line["at"].endswith("+00:00")
    assert entry.line == canonical_line(line), "parsing and writing again gives the same bytes"
    assert chain_hash(GENESIS, entry.line) == entry.hash


def test_a_deed_that_fails_leaves_no_entry(app: Flask) -> None:
    record(1)
    with pytest.raises(LookupError), transaction() as tx:
        service.record(tx, None, "test", "thing", 2)
        raise LookupError
    record(1)
    verified = queries.verify()
    assert verified
    assert verified.entries == 2


def test_a_refused_command_leaves_no_entry(app: Flask) -> None:
    administrator = factories.administrator()
    before = queries.verify().entries
    accounts.create_organisation(
        administrator.actor, name="CWE", short="CWE", group=Group.OTHER, is_partner=True
    )
    with pytest.raises(InvalidInput):
        accounts.create_organisation(
            administrator.actor, name="CWE", short="CWE", group=Group.OTHER, is_partner=True
        )
    assert queries.verify().entries == before + 1


# ---------------------------------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE activity_entry SET verb = 'other'",
        "UPDATE activity_entry SET line = line",  # even without a change
        "DELETE FROM activity_entry",
        "DELETE FROM activity_entry WHERE seq = 2",
    ],
)
def test_the_database_refuses_to_change_the_log(app: Flask, statement: str) -> None:
    record(2)
    with pytest.raises(Exception, match="append-only"), transaction() as tx:
        tx.session.execute(text(statement))
    assert queries.verify().entries == 2


@pytest.mark.postgresql_only
def test_postgresql_refuses_to_empty_the_log(app: Flask) -> None:
    record(1)
    with pytest.raises(Exception, match="append-only"), transaction() as tx:
        tx.session.execute(text("TRUNCATE activity_entry"))


# --------------------------------------------------------------------------------------- what is found out


@pytest.mark.parametrize(
    "statement, broken_at",
    [
        # the line itself
        ("UPDATE activity_entry SET line = replace(line, 'Nr. 2', 'Nr. 9') WHERE seq = 2", 2),
        # a column that pages show, with the line left alone
        ("UPDATE activity_entry SET actor_id = 1 WHERE seq = 2", 2),
        ("UPDATE activity_entry SET verb = 'approve' WHERE seq = 2", 2),
        ("UPDATE activity_entry SET subject_id = 99 WHERE seq = 3", 3),
        ("UPDATE activity_entry SET section_id = NULL WHERE seq = 1", 1),
        ("UPDATE activity_entry SET data = '{}' WHERE seq = 2", 2),
        # an entry taken out: in the middle, the first, the last
        ("DELETE FROM activity_entry WHERE seq = 2", 2),
        ("DELETE FROM activity_entry WHERE seq = 1", 1),
        ("DELETE FROM activity_entry WHERE seq = 3", 2),
        # a hash
        ("UPDATE activity_entry SET hash = upper(hash) WHERE seq = 2", 2),
        ("UPDATE activity_entry SET previous_hash = replace(previous_hash, '0', '1') WHERE seq = 1", 1),
        # the head
        ("UPDATE log_head SET seq = 4", 3),
        ("UPDATE log_head SET hash = salt", 3),
        ("DELETE FROM log_head", 3),
    ],
)
def test_what_was_changed_behind_its_back_is_found(app: Flask, statement: str, broken_at: int) -> None:
    record(3)
    tamper(statement)
    verified = queries.verify()
    assert not verified
    assert verified.broken_at == broken_at
    assert verified.problem


def test_a_rewritten_end_does_not_fit_the_head(app: Flask) -> None:
    """Line and hash of the last entry changed together: only the head gives it away."""
    record(2)
    last = session.scalars(select(ActivityEntry).where(ActivityEntry.seq == 2)).one()
    line = last.line.replace("Nr. 2", "Nr. 9")
    without_triggers()
    with transaction() as tx:
        tx.session.execute(
            text("UPDATE activity_entry SET line = :line, hash = :hash, data = :data WHERE seq = 2"),
            {
                "line": line,
                "hash": chain_hash(last.previous_hash, line),
                "data": json.dumps(json.loads(line)["data"]),
            },
        )
    verified = queries.verify()
    assert not verified
    assert "head" in verified.problem


def test_the_command_says_what_it_found(app: Flask) -> None:
    record(2)
    runner = app.test_cli_runner()
    from charta.cli import audit_verify

    good = runner.invoke(audit_verify)
    assert good.exit_code == 0, good.output
    assert "2 entries hold" in good.output
    tamper("UPDATE activity_entry SET verb = 'other' WHERE seq = 1")
    bad = runner.invoke(audit_verify)
    assert bad.exit_code == 1
    assert "entry 1" in bad.output


# ----------------------------------------------------------------------------------------- personal texts


def test_names_and_addresses_stand_in_the_log_only_as_salted_hashes(app: Flask) -> None:
    person = factories.person("attendee", name="Geheime Person", email="geheim@example.org")
    administrator = factories.administrator()
    accounts.create_person(
        administrator.actor,
        email="zweite@example.org",
        name="Zweite Person",
        role=person.actor.role,
        organisation_id=None,
    )
    lines = "\n".join(session.scalars(select(ActivityEntry.line)))
    for words in ("Geheime", "geheim@example.org", "Zweite", "zweite@example.org"):
        assert words not in lines
    entry = session.scalars(
        select(ActivityEntry).where(
            ActivityEntry.subject_kind == "person", ActivityEntry.subject_id == person.id
        )
    ).first()
    head = session.get(LogHead, 1)
    assert entry is not None
    assert head is not None
    assert entry.data["email_hash"] == hashlib.sha256(f"{head.salt}geheim@example.org".encode()).hexdigest()
    assert len(head.salt) == 64


def test_the_demonstration_leaves_no_word_of_anybody_in_the_log(demo_app: Flask) -> None:
    """All commands of the demonstration: no name, address, summary, reason or sentence in any line."""
    lines = "\n".join(session.scalars(select(ActivityEntry.line)))
    assert queries.verify().entries > 100
    people = session.execute(select(Person.name, Person.email)).all()
    words = {text for row in people for text in row if text}
    words |= set(session.scalars(select(ProposalVersion.summary)))
    words |= {reason for reason in session.scalars(select(ProposalVersion.reason)) if reason}
    words |= {reason for reason in session.scalars(select(ProposalDecision.reason)) if reason}
    words |= set(session.scalars(select(Revision.title)))
    words |= {line for body in session.scalars(select(Revision.body)) for line in body.splitlines() if line}
    assert len(words) > 200
    assert [text for text in words if len(text) > 3 and text in lines] == []


def test_the_salt_differs_between_installations_and_stays(app: Flask) -> None:
    record(1)
    salt = session.scalar(select(LogHead.salt))
    record(1)
    assert session.scalar(select(LogHead.salt)) == salt
    assert session.scalar(select(func.count()).select_from(LogHead)) == 1


# -------------------------------------------------------------------------------------------------- pages


def test_reading_goes_on_from_a_key(app: Flask) -> None:
    record(queries.PAGE_SIZE + 5)
    first = queries.newest()
    assert len(first) == queries.PAGE_SIZE + 1, "one more than a page says that there is a next one"
    rest = queries.newest(before_seq=first[queries.PAGE_SIZE - 1].seq)
    assert [entry.seq for entry in rest] == [5, 4, 3, 2, 1]


def test_reading_about_one_thing(app: Flask) -> None:
    record(3)
    assert [entry.seq for entry in queries.newest(subject=("thing", 2))] == [2]
    assert [entry.seq for entry in queries.newest(section_id=3)] == [3]
