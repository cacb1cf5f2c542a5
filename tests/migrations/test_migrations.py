# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The schema that the migrations build is the one the models describe; up, down, and with data."""

import ast
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade

from charta.activity import queries as activity
from charta.app import create_app
from charta.db import Base, db, session
from tests import databases, factories
from tests.databases import PostgresqlServer

ROOT = Path(__file__).resolve().parents[2]
VERSIONS = ROOT / "migrations" / "versions"


@pytest.fixture
def empty_app(request: pytest.FixtureRequest, tmp_path: Path, database: str) -> Iterator[Flask]:
    """An application whose database has no table yet."""
    if database.startswith("sqlite"):
        url, name = f"sqlite:///{tmp_path / 'empty.db'}", ""
    else:
        server: PostgresqlServer = request.getfixturevalue("postgresql_server")
        name = server.new_database(empty=True)
        url = server.url(name)
    app = create_app(databases.settings(url, tmp_path))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    if name:
        request.getfixturevalue("postgresql_server").drop(name)


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)


def tables() -> set[str]:
    return set(sa.inspect(db.engine).get_table_names()) - {"sqlite_sequence"}


def differences() -> list[Any]:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        return list(compare_metadata(context, Base.metadata))


# ------------------------------------------------------------------------------------------- the schema


def test_migrations_build_what_the_models_describe(app: Flask) -> None:
    assert differences() == []


def test_check_constraints_are_those_of_the_models(app: Flask) -> None:
    """Alembic does not compare CHECKs; the states of the enums live in them."""
    inspector = sa.inspect(db.engine)
    missing = []
    for table in Base.metadata.sorted_tables:
        wanted = {
            str(constraint.name)
            for constraint in table.constraints
            if isinstance(constraint, sa.CheckConstraint)
        }
        stored = {check["name"] for check in inspector.get_check_constraints(table.name)}
        missing += [(table.name, name) for name in sorted(wanted ^ stored)]
    assert missing == []


def test_enum_checks_name_every_state(app: Flask) -> None:
    inspector = sa.inspect(db.engine)
    wrong = []
    for table in Base.metadata.sorted_tables:
        checks = {
            str(check["name"]): str(check["sqltext"]) for check in inspector.get_check_constraints(table.name)
        }
        for column in table.columns:
            if isinstance(column.type, sa.Enum):
                text = checks.get(f"ck_{table.name}_{column.type.name}", "")
                wrong += [(table.name, column.name, v) for v in column.type.enums if f"'{v}'" not in text]
    assert wrong == []


def test_every_foreign_key_has_an_index(app: Flask) -> None:
    """Without one each deletion, and each page by that key, reads the whole table."""
    inspector = sa.inspect(db.engine)
    missing = []
    for name in sorted(tables() - {"alembic_version"}):
        leading = [tuple(index["column_names"]) for index in inspector.get_indexes(name)]
        leading += [tuple(unique["column_names"]) for unique in inspector.get_unique_constraints(name)]
        leading.append(tuple(inspector.get_pk_constraint(name)["constrained_columns"]))
        for key in inspector.get_foreign_keys(name):
            columns = tuple(key["constrained_columns"])
            if not any(index[: len(columns)] == columns for index in leading):
                missing.append((name, columns))
    assert missing == []


# ---------------------------------------------------------------------------------------------- the chain


def test_there_is_one_head() -> None:
    assert len(scripts().get_heads()) == 1


def test_the_program_knows_its_head(app: Flask) -> None:
    assert app.config["MIGRATION_HEAD"] == scripts().get_current_head()
    assert session.scalar(sa.text("SELECT version_num FROM alembic_version")) == app.config["MIGRATION_HEAD"]


@pytest.mark.parametrize("file", sorted(VERSIONS.glob("*.py")), ids=lambda file: file.stem)
def test_a_migration_knows_no_models_and_goes_both_ways(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert [name for name in imported if name.split(".")[0] == "charta"] == []
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    for name in ("upgrade", "downgrade"):
        assert not isinstance(functions[name].body[-1], ast.Pass), f"{name} does nothing"
    assert file.name[:4].isdigit(), "named by date, so that the folder sorts by time"


def test_up_and_down_and_up_again(empty_app: Flask) -> None:
    assert tables() == set()
    upgrade()
    assert differences() == []
    downgrade(revision="base")
    assert tables() <= {"alembic_version"}
    upgrade()
    assert differences() == []


def test_each_step_can_be_taken_back(empty_app: Flask) -> None:
    for script in reversed(list(scripts().walk_revisions())):
        upgrade(revision=script.revision)
        if script.down_revision:
            downgrade(revision=str(script.down_revision))
            upgrade(revision=script.revision)
    assert differences() == []


def test_migrating_twice_changes_nothing(app: Flask) -> None:
    upgrade()
    assert differences() == []


# ------------------------------------------------------------------------------------------------- data


ROWS_OF_0001 = """
INSERT INTO organisation (id, name, short, "group", is_partner, created_at)
VALUES (1, 'Kammer „x“', 'K', 'chamber', true, '2026-03-10 09:00:00');
INSERT INTO person
(id, email, name, role, organisation_id, voting, public_name, locale, is_demo, created_at)
VALUES
(1, 'a@example.org', 'Ünïcödé', 'partner', 1, 'none', 'none', 'de', false, '2026-03-10 09:00:00');
INSERT INTO activity_entry (seq, at, verb, subject_kind, subject_id, data, line, previous_hash, hash)
VALUES (1, '2026-03-10 09:00:00', 'test', 'thing', 1, '{}', '{}', '0', '1')
"""


def test_0001_takes_data_and_guards_the_log(empty_app: Flask) -> None:
    """Plain SQL, because the models may have gone on since."""
    upgrade(revision="0001")
    with db.engine.begin() as connection:
        for row in ROWS_OF_0001.split(";"):
            connection.execute(sa.text(row))
    with pytest.raises(Exception, match="append-only"), db.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM activity_entry"))
    with pytest.raises(Exception, match=r"(?i)check constraint"), db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE person SET email = 'A@example.org'"))
    with db.engine.connect() as connection:
        assert connection.execute(sa.text("SELECT name FROM person")).scalar() == "Ünïcödé"
    downgrade(revision="base")
    assert tables() <= {"alembic_version"}, "data is no obstacle on the way down"


ROWS_BEFORE_0002 = f"""{ROWS_OF_0001};
INSERT INTO outbox_mail
(id, person_id, address, template, locale, data, secret, once_key, created_at, next_attempt_at, attempts)
VALUES
(1, 1, 'a@example.org', 'invitation', 'de', '{{"name": "Ünïcödé"}}', 'geheim', 'einmal',
'2026-03-10 09:00:00', '2026-03-10 09:00:00', 2)
"""

ROWS_OF_0002 = """
INSERT INTO forum_series (id, title, text, position, created_at)
VALUES (1, 'Zukunftsforen „x“', '', 1, '2026-03-10 09:00:00');
INSERT INTO forum
(id, series_id, slug, title, state, state_reason, place, address, starts_at, text, agenda,
has_competition_notice, is_always_open, join_quota, projector_mode, projector_version, documentation_text,
version, created_at, changed_at)
VALUES
(1, 1, 'zwickau', 'Zukunftsforum', 'confirmed', '', 'Zwickau', '', '2026-04-10 12:00:00', '', '', false,
false, 300, 'stream', 0, '', 1, '2026-03-10 09:00:00', '2026-03-10 09:00:00');
INSERT INTO join_code (code, forum_id) VALUES ('ZWK24', 1);
INSERT INTO contribution
(id, code, forum_id, origin, title, text, author_name, organisation_name, public_name, state, is_hidden,
supporters, answer, term_norm, term_version, version, received_at, changed_at)
VALUES
(1, 'A7K2QF', 1, 'phone', '', 'Wörter.', '', '', 'none', 'received', false, 0, '', 0, 0, 1,
'2026-04-10 13:00:00', '2026-04-10 13:00:00');
INSERT INTO subscription (id, subject_kind, subject_id, address, locale, created_at)
VALUES (1, 'contribution', 1, 'b@example.org', 'de', '2026-04-10 13:00:00');
UPDATE outbox_mail SET subscription_id = 1
"""


def _run(rows: str) -> None:
    with db.engine.begin() as connection:
        for row in rows.split(";"):
            connection.execute(sa.text(row.replace(":", r"\:")))


def _mail() -> Any:
    with db.engine.connect() as connection:
        return connection.execute(
            sa.text("SELECT address, secret, once_key, attempts, CAST(data AS VARCHAR) FROM outbox_mail")
        ).all()


def test_0002_keeps_the_mails_and_takes_forums_both_ways(empty_app: Flask) -> None:
    upgrade(revision="0001")
    _run(ROWS_BEFORE_0002)
    before = _mail()
    upgrade(revision="0002")
    assert _mail() == before
    _run(ROWS_OF_0002)
    for broken in (
        "UPDATE forum SET starts_at = NULL",  # a forum that takes place has a date
        "UPDATE contribution SET state = 'merged'",  # into what?
        "UPDATE subscription SET address = NULL",  # a subscription has one recipient
    ):
        with pytest.raises(Exception, match=r"(?i)check constraint"):
            _run(broken)
    downgrade(revision="0001")
    assert _mail() == before, "what a mail was written for is gone, the mail is not"
    assert not {"forum", "contribution", "subscription", "join_code"} & tables()
    with pytest.raises(Exception, match="append-only"):
        _run("DELETE FROM activity_entry")
    upgrade(revision="0002")
    assert _mail() == before


ROWS_BEFORE_0003 = f"""{ROWS_BEFORE_0002};
{ROWS_OF_0002};
INSERT INTO section
(id, kind, number, title, position, head_number, structure_number, paragraph_count, is_deleted,
open_proposals,
created_at, changed_at)
VALUES (1, 'section', '1', 'Energie', 1, 0, 0, 0, false, 0, '2026-03-10 09:00:00', '2026-03-10 09:00:00')
"""

ROWS_OF_0003 = """
INSERT INTO comment
(id, section_id, author_id, body, html_hash, place, answers, last_at, created_at, hidden_reason)
VALUES
(1, 1, 1, 'Wörter.', 'h', 'paragraph', 1, '2026-04-10 13:00:00', '2026-04-10 13:00:00', '');
INSERT INTO comment
(id, section_id, thread_id, author_id, body, html_hash, place, answers, last_at, created_at, hidden_reason)
VALUES
(2, 1, 1, 1, 'Antwort.', 'h', 'whole', 0, '2026-04-10 13:00:00', '2026-04-10 13:00:00', '');
INSERT INTO comment_anchor
(comment_id, section_id, anchor, engine_version, start_at, end_at, state)
VALUES (1, 1, '{}', 1, 0, 7, 'in_place');
INSERT INTO comment_mention (comment_id, person_id) VALUES (2, 1);
INSERT INTO comment_report (comment_id, person_id, reason, at) VALUES (2, 1, 'Ton', '2026-04-10 13:00:00')
"""


def test_0003_takes_comments_both_ways_and_keeps_the_rest(empty_app: Flask) -> None:
    upgrade(revision="0002")
    _run(ROWS_BEFORE_0003)
    before = _mail()
    upgrade(revision="0003")
    _run(ROWS_OF_0003)
    for broken in (
        "UPDATE comment SET section_id = NULL",  # a comment is about something
        "UPDATE comment SET contribution_id = 1",  # and about one thing
        "UPDATE comment SET hidden_at = '2026-04-10 13:00:00'",  # by whom?
        "UPDATE comment_anchor SET state = 'orphan'",  # an orphan has no place
        "UPDATE comment_anchor SET end_at = 0",  # no words at all
    ):
        with pytest.raises(Exception, match=r"(?i)check constraint"):
            _run(broken)
    downgrade(revision="0002")
    assert not [name for name in tables() if name.startswith("comment")]
    assert _mail() == before
    with db.engine.connect() as connection:
        assert connection.execute(sa.text("SELECT title FROM section")).scalar() == "Energie"
        assert connection.execute(sa.text("SELECT code FROM contribution")).scalar() == "A7K2QF"
    upgrade(revision="0003")


@pytest.mark.sqlite_only
def test_foreign_keys_are_on_again_after_a_migration(empty_app: Flask) -> None:
    upgrade()
    for _ in range(3):
        with db.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


@pytest.mark.sqlite_only
def test_a_database_of_an_older_state_is_brought_up_with_its_data(
    sqlite_template: Path, tmp_path: Path
) -> None:
    """A copied file keeps its rows through `upgrade`, whatever the number of migrations in between."""
    file = tmp_path / "old.db"
    shutil.copyfile(sqlite_template, file)
    app = create_app(databases.settings(f"sqlite:///{file}", tmp_path))
    with app.app_context():
        account = factories.person("partner", email="alt@example.org")
        upgrade()
        assert factories.account("alt@example.org").id == account.id
        assert activity.verify()
        db.session.remove()
        db.engine.dispose()
