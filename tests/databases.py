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
from flask_migrate import upgrade
from sqlalchemy import event
from sqlalchemy.engine import Engine

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

    def url(self, name: str) -> str:
        """Return the DATABASE_URL of one of its databases."""
        return f"postgresql://charta@/{name}?host={self.folder}"

    def _connect(self) -> "psycopg.Connection[Any]":
        deadline = time.monotonic() + 30
        while True:
            try:
                return psycopg.connect(
                    host=str(self.folder), user="charta", dbname="postgres", autocommit=True
                )
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError((self.folder / "server.log").read_text()) from None
                time.sleep(0.02)

    def new_database(self, *, empty: bool = False) -> str:
        """Make a database and return its name: a copy of the migrated template, or an empty one."""
        self._number += 1
        name = f"t{self._number}"
        template = "template0" if empty else TEMPLATE
        self._admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        self._admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def stop(self) -> None:
        """End the server at once and remove its folder."""
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
