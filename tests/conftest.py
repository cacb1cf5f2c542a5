# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The fixtures of all tests.

`app`        the application on a fresh, migrated database; its context is pushed, so services can be called.
             In tests/service and tests/migrations each test runs on SQLite and PostgreSQL, elsewhere on
             SQLite; `@pytest.mark.both_databases` and `@pytest.mark.sqlite_only` choose otherwise, so does
             asking for `sqlite_app` instead of `app`.
`demo_app`   the application on a copy of the demonstration (SQLite): with InspectingClient(demo_app)
`client`     a browser without scripts that inspects every page it fetches (tests/inspecting.py)
`new_client` makes further browsers; `sign_in("moderator")` makes an account of that role, signed in
`make`       the factories (tests/factories.py): make.person(...), make.section(...), make.open_round() ...
`frozen`     the clock stands at 10 March 2026, 10:00 in Berlin; `frozen.shift(timedelta(...))` moves it
`smtp`       a mail server that the application sends to (tests/mailing.py)
`statements` counts SQL: `with statements() as counted: ...; assert counted <= 8, counted`
"""

import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import time_machine
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from werkzeug.routing import Rule

from charta.app import create_app
from charta.db import db
from charta.permissions import Role
from tests import databases, factories
from tests.databases import PostgresqlServer, Statements, count_statements
from tests.inspecting import InspectingClient

BOTH = ("service", "migrations")
LONG_MODULE = 350


_builders: dict[tuple[object, ...], Any] = {}
_compile_builder = Rule._compile_builder


def _compile_builder_once(rule: Rule, append_unknown: bool = True) -> Any:
    """Share what builds an address between the applications of a process.

    Compiling it for each of some thousand applications took a third of the time of all tests that have one;
    it is made of nothing but these four.
    """
    key = (rule.rule, tuple(rule._trace), repr(rule.defaults), append_unknown)
    if key not in _builders:
        _builders[key] = _compile_builder(rule, append_unknown)
    return _builders[key]


Rule._compile_builder = _compile_builder_once


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "both_databases: runs on SQLite and on PostgreSQL")
    config.addinivalue_line("markers", "postgresql_only: is about PostgreSQL alone")
    config.addinivalue_line("markers", "sqlite_only: runs on SQLite only, although its folder runs on both")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name modules that have grown long: no failure, a question whether they are still one thought."""
    folder = Path(__file__).resolve().parents[1] / "charta"
    lengths = {path: path.read_text(encoding="utf-8").count("\n") for path in folder.rglob("*.py")}
    long = sorted((n, str(path.relative_to(folder.parent))) for path, n in lengths.items() if n > LONG_MODULE)
    if long:
        names = ", ".join(f"{name} ({count})" for count, name in reversed(long))
        terminalreporter.write_line(f"modules over {LONG_MODULE} lines: {names}")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Decide on which databases a test runs."""
    if "database" not in metafunc.fixturenames:
        return
    marks = {mark.name for mark in metafunc.definition.iter_markers()}
    both = "both_databases" in marks or metafunc.definition.path.parent.name in BOTH
    if "sqlite_only" in marks or "sqlite_app" in metafunc.fixturenames:
        both = False
    names: list[Any] = [] if "postgresql_only" in marks else ["sqlite"]
    if both or not names:
        names.append(pytest.param("postgresql", marks=pytest.mark.postgresql))
    metafunc.parametrize("database", names, indirect=True)


# ------------------------------------------------------------------------------------------ nobody outside


_OURSELVES = {None, "", "localhost", b"localhost", "127.0.0.1", "0.0.0.0", "::1", socket.gethostname()}


def _stay_at_home(name: str, arguments: tuple[Any, ...]) -> None:
    """Refuse any connection that leaves this machine (an audit hook: it cannot be forgotten or undone)."""
    if name == "socket.connect":
        address = arguments[1]
        if isinstance(address, tuple) and not str(address[0]).startswith(("127.", "::1", "localhost")):
            raise RuntimeError(f"a test wanted to connect to {address[0]!r}")
    elif name == "socket.getaddrinfo" and arguments[0] not in _OURSELVES:
        raise RuntimeError(f"a test asked for the address of {arguments[0]!r}")


sys.addaudithook(_stay_at_home)


# ---------------------------------------------------------------------------------------------- databases


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file made by the migrations."""
    folder = tmp_path_factory.mktemp("template")
    file = folder / "template.db"
    databases.migrate(f"sqlite:///{file}", folder)
    assert not file.with_name("template.db-wal").exists()
    return file


@pytest.fixture(scope="session")
def demonstration_file(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file that holds the demonstration."""
    from charta.demo import loader

    folder = tmp_path_factory.mktemp("demonstration")
    file = folder / "demonstration.db"
    shutil.copyfile(sqlite_template, file)
    app = create_app(databases.settings(f"sqlite:///{file}", folder))
    with app.app_context():
        loader.load()
        db.session.remove()
        db.engine.dispose()
    return file


@pytest.fixture
def demo_app(
    demonstration_file: Path, tmp_path: Path, compiled_templates: FileSystemBytecodeCache
) -> Iterator[Flask]:
    """An application on a copy of the demonstration; its context is pushed."""
    file = tmp_path / "demonstration.db"
    shutil.copyfile(demonstration_file, file)
    with databases.application(f"sqlite:///{file}", tmp_path, compiled_templates) as app, app.app_context():
        yield app
        db.session.remove()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresqlServer]:
    """A PostgreSQL server of this test process."""
    programs = databases.postgresql_programs()
    if programs is None:
        pytest.skip("no PostgreSQL server (initdb) on this machine")
    server = PostgresqlServer(programs)
    yield server
    server.stop()


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The DATABASE_URL of a fresh, migrated database of this test."""
    if request.param == "sqlite":
        file = tmp_path / "charta.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), file)
        yield f"sqlite:///{file}"
        return
    server: PostgresqlServer = request.getfixturevalue("postgresql_server")
    name = server.new_database()
    yield server.url(name)
    server.drop(name)


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates are compiled once, not once per application."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("jinja")))


@pytest.fixture
def make_app(
    database: str, tmp_path: Path, compiled_templates: FileSystemBytecodeCache
) -> Callable[..., Flask]:
    """Make a new application on this test's database; keywords override settings."""

    def make(**overrides: Any) -> Flask:
        app = create_app(databases.settings(database, tmp_path) | overrides)
        app.jinja_env.bytecode_cache = compiled_templates
        return app

    return make


@pytest.fixture
def app(database: str, tmp_path: Path, compiled_templates: FileSystemBytecodeCache) -> Iterator[Flask]:
    """The application of this test with its context pushed."""
    with databases.application(database, tmp_path, compiled_templates) as app, app.app_context():
        yield app
        db.session.remove()


@pytest.fixture
def sqlite_app(app: Flask) -> Flask:
    """The application on SQLite only, wherever the test stands."""
    return app


# ------------------------------------------------------------------------------------------------- browsers


@pytest.fixture
def new_client(app: Flask) -> Callable[[], InspectingClient]:
    """Make a browser of its own, with its own cookies."""
    return lambda: InspectingClient(app)


@pytest.fixture
def client(new_client: Callable[[], InspectingClient]) -> InspectingClient:
    """A browser of somebody who is not signed in."""
    return new_client()


@pytest.fixture
def sign_in(new_client: Callable[[], InspectingClient]) -> Callable[..., InspectingClient]:
    """Return a new browser in which a person of this role is signed in; `client.account` is who."""

    def sign_in(role: Role | str = Role.PARTNER, **details: Any) -> InspectingClient:
        return new_client().sign_in(factories.person(Role(role), **details))

    return sign_in


@pytest.fixture
def smtp(app: Flask) -> Iterator[Any]:
    """A mail server that the application sends to."""
    from tests.mailing import Server  # here: most tests need no mail server

    server = Server()
    app.config.update(
        MAIL_TRANSPORT="smtp",
        MAIL_HOST="127.0.0.1",
        MAIL_PORT=server.port,
        MAIL_TIMEOUT_SECONDS=2,
        MAIL_FROM="Charta Südwest <charta@example.org>",
        BASE_URL="https://charta.example.org",
    )
    yield server
    server.controller.stop()


@pytest.fixture
def make(app: Flask) -> ModuleType:
    """The factories, on this test's database."""
    return factories


# ------------------------------------------------------------------------------------- clock and statements


@pytest.fixture
def frozen() -> Iterator[time_machine.Traveller]:
    """A clock that stands still: 10 March 2026, 09:00 UTC."""
    with time_machine.travel(datetime(2026, 3, 10, 9, 0, tzinfo=UTC), tick=False) as clock:
        yield clock


@pytest.fixture
def statements() -> Callable[[], AbstractContextManager[Statements]]:
    """Count the statements of a block."""
    return count_statements
