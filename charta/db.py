# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The database: Base, column types, and `transaction()`, the only commit in the program.

Reads happen in the request's session. A command opens `transaction()`: it ends the read transaction,
begins a write one (SQLite: `BEGIN IMMEDIATE` behind a file lock shared by all processes; PostgreSQL: row
locks taken by the command), and commits when the block ends without an error.
"""

import fcntl
import logging
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from charta.errors import Busy

log = logging.getLogger(__name__)

BUSY_TIMEOUT_MS = 5_000
_WRITE = "charta_write"
T = TypeVar("T")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite stores it as naive text, PostgreSQL as `timestamptz`."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime: times are aware and in UTC")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Our own declarative base: `db.Model` of Flask-SQLAlchemy does not pass mypy --strict."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 -- SQLAlchemy reads it from the class
        datetime: UtcDateTime(),
        dict[str, Any]: sa.JSON(),
        list[Any]: sa.JSON(),
    }


db = SQLAlchemy(
    metadata=Base.metadata,
    # Attributes of what a command returns stay readable after its commit without a query of their own.
    session_options={"expire_on_commit": False, "autoflush": True},
)
session = db.session


def enum_type(enum: type[StrEnum], name: str) -> sa.Enum:
    """Return a column type whose CHECK constraint is made from the same enum the rules use."""
    return sa.Enum(
        enum,
        native_enum=False,
        create_constraint=True,
        name=name,
        length=32,
        values_callable=lambda members: [member.value for member in members],
        validate_strings=True,
    )


_as_of: ContextVar[datetime | None] = ContextVar("charta_as_of", default=None)


def utcnow() -> datetime:
    """Return the present moment, aware, in UTC."""
    return _as_of.get() or datetime.now(UTC)


@contextmanager
def as_of(moment: datetime) -> Iterator[None]:
    """Let commands of the block happen at `moment`: only for demonstration and mass data."""
    token = _as_of.set(moment)
    try:
        yield
    finally:
        _as_of.reset(token)


_POSTGRESQL_CLOCK = sa.text("SELECT clock_timestamp()")
_SQLITE_CLOCK = sa.text("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')")


def database_now(tx: "Transaction") -> datetime:
    """Return the database's own clock, read after the locks `tx` holds; honours `as_of`.

    All processes ask the same clock, however wrong their machines' clocks are. PostgreSQL's `now()` would be
    the beginning of the transaction, before it waited for its locks.
    """
    pretended = _as_of.get()
    if pretended is not None:
        return pretended
    if tx.session.get_bind().dialect.name == "postgresql":
        found: datetime = tx.session.connection().execute(_POSTGRESQL_CLOCK).scalar_one()
        return found.astimezone(UTC)
    text = tx.session.connection().execute(_SQLITE_CLOCK).scalar_one()
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@dataclass(slots=True)
class Transaction:
    """One write in progress: shared steps take it as `tx` to show that they never commit themselves."""

    session: Session
    now: datetime
    after_commit: list[Callable[[], None]] = field(default_factory=list)

    def lock(self, model: type[T], ident: object) -> T | None:
        """Read one row by primary key under a row lock (SQLite: the write lock is held already)."""
        return self.session.get(model, ident, with_for_update=True, populate_existing=True)

    def insert_all(self, model: type[Any], rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows with the same keys in one statement; none is no error.

        Without `render_nulls` SQLAlchemy leaves columns out that are None and begins another statement at
        each row that has other ones.
        """
        if rows:
            self.session.execute(sa.insert(model).execution_options(render_nulls=True), rows)


class _WriteLock:
    """A thread lock plus a blocking `flock` on a file beside the SQLite database.

    Measured (PERFORMANCE.md): `BEGIN IMMEDIATE` alone starves single writers for seconds, because SQLite
    polls; a blocking flock queues them.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = threading.Lock()

    @contextmanager
    def held(self) -> Iterator[None]:
        with self._thread:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                yield
            finally:
                os.close(descriptor)


_locks: dict[str, _WriteLock] = {}
_locks_guard = threading.Lock()


@contextmanager
def _write_lock(engine: Engine) -> Iterator[None]:
    database = engine.url.database
    if engine.dialect.name != "sqlite" or not database or database == ":memory:":
        yield
        return
    with _locks_guard:
        lock = _locks.setdefault(database, _WriteLock(Path(f"{database}.lock")))
    with lock.held():
        yield


@contextmanager
def transaction() -> Iterator[Transaction]:
    """Open the write transaction of one command; commit at the end, roll back on any error.

    What the request has read is let go first (SQLite would fail with "database is locked" if a read
    transaction wrote after another process committed), so commands take ids and read again inside.
    Raises `Busy` when the database does not take the write, `RuntimeError` when one is open already.
    """
    current: Session = session()
    if current.info.get(_WRITE):
        raise RuntimeError("commands never call commands: hand over tx instead")
    current.expunge_all()
    current.rollback()
    bind = current.get_bind()
    engine = bind if isinstance(bind, Engine) else bind.engine
    with _write_lock(engine):
        current.info[_WRITE] = True
        try:
            current.connection(execution_options={_WRITE: True})
            tx = Transaction(current, utcnow())
            yield tx
            current.commit()
        except OperationalError as error:
            current.rollback()
            raise Busy(cause=type(error.orig).__name__) from error
        except BaseException:
            current.rollback()
            raise
        finally:
            current.info.pop(_WRITE, None)
    for callback in tx.after_commit:
        try:
            callback()
        except Exception:  # the deed is done and stored: nobody may be told otherwise
            log.exception("a callback after the commit failed")


@event.listens_for(Engine, "connect")
def _set_up_connection(dbapi_connection: Any, _record: object) -> None:
    if not isinstance(dbapi_connection, sqlite3.Connection):
        # PostgreSQL would wait for a locked row for ever.
        with dbapi_connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = {BUSY_TIMEOUT_MS}")
        dbapi_connection.commit()
        return
    dbapi_connection.isolation_level = None  # we emit BEGIN ourselves, below
    cursor = dbapi_connection.cursor()
    for pragma, expected in (
        ("foreign_keys = ON", ("foreign_keys", 1)),
        (f"busy_timeout = {BUSY_TIMEOUT_MS}", ("busy_timeout", BUSY_TIMEOUT_MS)),
        ("synchronous = FULL", ("synchronous", 2)),
    ):
        cursor.execute(f"PRAGMA {pragma}")
        name, value = expected
        if cursor.execute(f"PRAGMA {name}").fetchone()[0] != value:
            raise RuntimeError(f"SQLite refused PRAGMA {pragma}")
    mode = cursor.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode not in {"wal", "memory"}:
        raise RuntimeError(f"SQLite journal mode is {mode}, not WAL")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        writes = connection.get_execution_options().get(_WRITE, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
