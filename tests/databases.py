# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Databases for tests: made by the migrations once, then copied for each test; counting statements.

PostgreSQL is started from the installed binaries as another user than root, on a socket in a folder of its
own, without fsync: ready in about a second, gone with the process that started it.
"""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask
from flask_migrate import upgrade
from jinja2 import BytecodeCache
from sqlalchemy import event
from sqlalchemy.engine import Engine, make_url

from charta.app import create_app
from charta.db import db

TEMPLATE = "charta_template"
_PR_SET_PDEATHSIG = 1


def settings(url: str, folder: Path) -> dict[str, Any]:
    """Return the settings every test application starts from."""
    return {
        "TESTING": True,
        "DATABASE_URL": url,
        "CHARTA_DATA_DIR": str(folder),
        "CHARTA_MODE": "embedded",
        "SECRET_KEY": "a key for tests only, long enough for everything",
        "BASE_URL": "http://localhost",
        "TRUSTED_HOSTS": None,
        "REVERSE_PROXY": 0,
        "MAIL_TRANSPORT": "file",
        "SERVER_NAME": None,
    }


# -------------------------------------------------------------------------------------------- applications


@dataclass
class _Ready:
    """An application that can be lent again, and what it was like when it was made."""

    app: Flask
    engine: Engine
    state: dict[str, Any]
    config: dict[str, Any]
    environment: dict[str, Any]


_ready: dict[str, list[_Ready]] = {}
_own_settings = ("DATABASE_URL", "SQLALCHEMY_DATABASE_URI", "CHARTA_DATA_DIR")
# A page's statements are compiled once for an engine; the default would forget half of them.
_ENGINE_OPTIONS = {"pool_pre_ping": True, "query_cache_size": 5000}


def _make(made_of: dict[str, Any], compiled: BytecodeCache | None) -> _Ready:
    app = create_app(made_of)
    app.jinja_env.bytecode_cache = compiled
    with app.app_context():
        engine = db.engine

    def go_to_the_present_database(
        dialect: object, record: object, positional: list[Any], named: dict[str, Any]
    ) -> None:
        arguments, keywords = engine.dialect.create_connect_args(engine.url)
        positional[:] = arguments
        named.update(keywords)

    event.listen(engine, "do_connect", go_to_the_present_database)
    environment = {
        name: dict(value) if isinstance(value, dict) else value
        for name, value in vars(app.jinja_env).items()
        if name not in {"cache", "_module"}
    }
    return _Ready(app, engine, dict(vars(app)), dict(app.config), environment)


@contextmanager
def application(url: str, folder: Path, compiled: BytecodeCache | None = None) -> Iterator[Flask]:
    """Lend an application on this database.

    Making one takes 30 ms, and each begins without compiled statements, templates and catalogues: together a
    third of the time of the tests. So one that was given back is lent again, on another database; its
    settings and everything else that was set on it are as they were when it was made.
    """
    kind = url.partition(":")[0]
    made_of = settings(url, folder) | {"SQLALCHEMY_ENGINE_OPTIONS": dict(_ENGINE_OPTIONS)}
    free = _ready.setdefault(kind, [])
    ready = free.pop() if free else _make(made_of, compiled)
    app = ready.app
    bound = url.replace("postgresql://", "postgresql+psycopg://", 1)
    data = str(folder.expanduser().resolve())
    app.config.update(dict(zip(_own_settings, (url, bound, data), strict=True)))
    ready.engine.url = make_url(bound)
    try:
        yield app
    finally:
        # Whoever still holds a connection keeps it; the next one gets a new pool.
        ready.engine.dispose()
        vars(app).update(ready.state)
        app.config.clear()
        app.config.update(ready.config)
        for name, value in ready.environment.items():
            known = getattr(app.jinja_env, name)
            if isinstance(value, dict):
                known.clear()
                known.update(value)
            elif known is not value:
                setattr(app.jinja_env, name, value)
        free.append(ready)


def migrate(url: str, folder: Path) -> None:
    """Build the schema with the migrations and let go of the database."""
    app = create_app(settings(url, folder))
    with app.app_context():
        upgrade()
        db.engine.dispose()


# --------------------------------------------------------------------------------------------- PostgreSQL


def postgresql_programs() -> Path | None:
    """Return the folder of initdb and postgres: from PATH, else the newest of Debian's."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    return max(folders, key=lambda folder: int(folder.parent.name), default=None)


def _owner() -> pwd.struct_passwd | None:
    """Return whom the server runs as when we are root (it refuses to run as root)."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("no user to run PostgreSQL as")


def _die_with_parent() -> None:
    """Let the kernel end the server when the test process is killed."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


class _Reusable:
    """A copy of the template that goes from test to test.

    To copy and to drop a database writes and removes a thousand files; to delete the rows of a test takes a
    tenth of that. A database whose schema a test has changed is not used again, and none for ever: deleted
    rows still take up room.
    """

    USES = 25
    # What there is besides rows: tables, columns, constraints, triggers, functions and indexes.
    SCHEMA = (
        "SELECT "
        + ", ".join(
            f"(SELECT count(*) FROM {catalogue}), (SELECT max(oid::bigint) FROM {catalogue})"
            for catalogue in ("pg_class", "pg_attrdef", "pg_constraint", "pg_trigger", "pg_proc", "pg_type")
        )
        + ", (SELECT count(*) FROM pg_attribute)"
    )

    def __init__(self, name: str, connection: "psycopg.Connection[Any]") -> None:
        self.name = name
        self.connection = connection
        self._uses = 0
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        tables = [row[0] for row in names]
        filled = {table for table in tables if self._rows(table)}
        self._first_rows = {table: self._rows(table) for table in filled}
        self._which_have_rows = " UNION ALL ".join(
            f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")"
            for table in tables
            if table not in filled
        )
        # Rows are deleted in any order, and also where a trigger forbids it.
        connection.execute("SET session_replication_role = replica")
        self._schema = connection.execute(self.SCHEMA).fetchone()
        self._counters = self._values_of_counters()

    def clear(self) -> bool:
        """Make the database as it was; return False where that is better done by a new copy."""
        self._uses += 1
        run = self.connection.execute
        run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = %s AND pid <> pg_backend_pid()",
            [self.name],
        )
        if self._uses >= self.USES or run(self.SCHEMA).fetchone() != self._schema:
            return False
        if any(self._rows(table) != rows for table, rows in self._first_rows.items()):
            return False
        filled = [row[0] for row in run(self._which_have_rows)]
        if filled:
            run("; ".join(f'DELETE FROM "{table}"' for table in filled))
        moved = {
            name: value for name, value in self._values_of_counters().items() if self._counters[name] != value
        }
        if moved:
            run("; ".join(self._set_back(name) for name in moved))
        return True

    def _rows(self, table: str) -> list[Any]:
        return self.connection.execute(f'SELECT * FROM "{table}" ORDER BY 1').fetchall()

    def _values_of_counters(self) -> dict[str, int | None]:
        found = self.connection.execute("SELECT sequencename, last_value FROM pg_sequences")
        return dict(found.fetchall())

    def _set_back(self, counter: str) -> str:
        value = self._counters[counter]
        return f"SELECT setval('\"{counter}\"', {value or 1}, {value is not None})"


class PostgresqlServer:
    """A PostgreSQL server of this test process, with one migrated template database."""

    def __init__(self, programs: Path) -> None:
        # Not below pytest's folder: that one is closed to other users.
        self.folder = Path(tempfile.mkdtemp(prefix="charta-pg-"))
        owner = _owner()
        who: dict[str, Any] = {"cwd": self.folder}
        if owner:
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
            who |= {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
        data = self.folder / "data"
        subprocess.run(
            [
                *(programs / "initdb", "--no-sync", "-A", "trust", "-U", "charta"),
                *("-E", "UTF8", "--locale=C.UTF-8", "-D", data),
            ],
            check=True,
            capture_output=True,
            **who,
        )
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "autovacuum": "off",
            "max_connections": "100",
            "shared_buffers": "64MB",
            "timezone": "UTC",
        }
        self._log = (self.folder / "server.log").open("wb")
        self._process = subprocess.Popen(
            [programs / "postgres", "-D", data]
            + [part for name, value in options.items() for part in ("-c", f"{name}={value}")],
            stdout=self._log,
            stderr=subprocess.STDOUT,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 -- no threads of ours run yet
            **who,
        )
        self._admin = self._connect()
        self._admin.execute(f"CREATE DATABASE {TEMPLATE}")
        migrate(self.url(TEMPLATE), self.folder)
        self._number = 0
        self._clean: list[_Reusable] = []
        self._used: dict[str, _Reusable] = {}

    def url(self, name: str) -> str:
        """Return the DATABASE_URL of one of its databases."""
        return f"postgresql://charta@/{name}?host={self.folder}"

    def _connect(self, name: str = "postgres") -> "psycopg.Connection[Any]":
        deadline = time.monotonic() + 30
        while True:
            try:
                return psycopg.connect(host=str(self.folder), user="charta", dbname=name, autocommit=True)
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError((self.folder / "server.log").read_text()) from None
                time.sleep(0.02)

    def new_database(self, *, empty: bool = False) -> str:
        """Return the name of a database: one like the migrated template, or an empty one."""
        if self._clean and not empty:
            reusable = self._clean.pop()
            self._used[reusable.name] = reusable
            return reusable.name
        self._number += 1
        name = f"t{self._number}"
        template = "template0" if empty else TEMPLATE
        self._admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        if not empty:
            self._used[name] = _Reusable(name, self._connect(name))
        return name

    def drop(self, name: str) -> None:
        """Take a database back, whoever is still connected: emptied for the next test, or removed."""
        reusable = self._used.pop(name, None)
        if reusable and reusable.clear():
            self._clean.append(reusable)
            return
        if reusable:
            reusable.connection.close()
        self._admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def stop(self) -> None:
        """End the server at once and remove its folder."""
        for reusable in (*self._clean, *self._used.values()):
            reusable.connection.close()
        self._admin.close()
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()
        shutil.rmtree(self.folder, ignore_errors=True)


# --------------------------------------------------------------------------------------------- statements


@dataclass
class Statements:
    """What was sent to the database; compares like a number, so that `assert counted <= 8` reads well."""

    texts: list[str] = field(default_factory=list)

    def __int__(self) -> int:
        return len(self.texts)

    def __len__(self) -> int:
        return len(self.texts)

    def __eq__(self, other: object) -> bool:
        return len(self) == (len(other) if isinstance(other, Statements) else other)

    def __le__(self, other: int) -> bool:
        return len(self) <= int(other)

    def __lt__(self, other: int) -> bool:
        return len(self) < int(other)

    def __ge__(self, other: int) -> bool:
        return len(self) >= int(other)

    def __gt__(self, other: int) -> bool:
        return len(self) > int(other)

    __hash__ = None  # type: ignore[assignment]

    @property
    def writes(self) -> list[str]:
        """The statements that change rows."""
        return [text for text in self.texts if text.lstrip()[:6].upper() in {"INSERT", "UPDATE", "DELETE"}]

    def __repr__(self) -> str:
        lines = "\n".join(f"  {n}. {' '.join(text.split())[:300]}" for n, text in enumerate(self.texts, 1))
        return f"{len(self)} statements:\n{lines}"


_NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE")


@contextmanager
def count_statements() -> Iterator[Statements]:
    """Collect the SQL statements of the block, of every engine and thread of this process.

    with count_statements() as counted:
        client.get("/charta")
    assert counted <= 8, counted
    """
    counted = Statements()

    def note(
        connection: object, cursor: object, statement: str, parameters: object, context: object, many: bool
    ) -> None:
        if not statement.startswith(_NOT_COUNTED):
            counted.texts.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield counted
    finally:
        event.remove(Engine, "before_cursor_execute", note)
