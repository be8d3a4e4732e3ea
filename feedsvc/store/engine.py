"""The database below: its set-up, its locks, its errors in plain words, its migrations.

Room: store. Called by the store's door alone; the one place that knows which engine it is.
"""

from __future__ import annotations

import os
import re
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import (
    URL,
    Connection,
    Engine,
    StaticPool,
    create_engine,
    event,
    inspect,
    make_url,
    text,
)
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import ArgumentError, DisconnectionError, NoSuchModuleError

from feedsvc.errors import MissingExtra, StoreBusy, StoreError, StoreTooNew
from feedsvc.store.tables import entries

HEAD = "0001"  #: the newest migration
VERSION_TABLE = "feedsvc_version"
_POLL_SECONDS = 0.05
_BUSY_SECONDS = 10.0

#: (SQLSTATEs, a pattern of the message) -> what it means and what to do
_REFUSALS: tuple[tuple[str, str, type[StoreError], str], ...] = (
    (
        "55P03 57014 40001 40P01",
        "(database|table) is locked",
        StoreBusy,
        "another process is writing to it; run it again when that one has finished",
    ),
    (
        "53100",
        "disk is full",
        StoreError,
        "the disk is full; free some space and run it again: what was kept before is safe",
    ),
    (
        "25006 42501",
        "readonly database",
        StoreError,
        "it may be read and not written; give this user the right to write it and its folder",
    ),
    (
        "",
        "unable to open database file|disk I/O error",
        StoreError,
        "it cannot be opened; check that the path is a file in a folder this user may write",
    ),
    (
        "",
        "not a database|image is malformed",
        StoreError,
        "it is damaged or no database; restore a backup, or move it away and start afresh "
        "(with a ledger every id and date comes back)",
    ),
    (
        "3D000",
        'database ".*" does not exist',
        StoreError,
        "the server has no such database; create it first: createdb NAME",
    ),
    (
        "28000 28P01",
        "connection failed|connection refused",
        StoreError,
        "the server does not let us in; check that it runs, and the user, password and host "
        "in the database URL",
    ),
)


@dataclass(frozen=True, slots=True)
class Database:
    """An engine with what differs between the databases."""

    engine: Engine
    reading: dict[str, str]  #: execution options of a consistent read
    turn: AbstractContextManager[object]  #: whoever uses a shared connection waits for it
    lock: Callable[[Connection, float], AbstractContextManager[None]]  #: the right to ingest


def open_database(address: str) -> Database:
    """Connect and bring the tables up to date; StoreError in every shape."""
    url = _understood(address)
    if url.get_backend_name() == "postgresql":
        database = _postgresql(url)
    elif url.database in (None, "", ":memory:"):
        database = _memory()
    else:
        database = _sqlite(url)
    migrate(database)
    return database


def _understood(address: str) -> URL:
    try:
        url = make_url(address)
    except ArgumentError as error:
        raise StoreError(f"not a database URL: {address!r}; {_WANTED}") from error
    if url.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    if url.drivername != "sqlite":
        raise StoreError(f"cannot use a database of the kind {url.drivername!r}; {_WANTED}")
    return url


_WANTED = "use sqlite:///path/to/file or postgresql://user@host/name"


def _postgresql(url: URL) -> Database:
    try:
        engine = create_engine(url, pool_pre_ping=True, max_overflow=-1)
    except (ImportError, NoSuchModuleError) as error:
        raise MissingExtra("PostgreSQL", "postgres") from error
    _prepare(engine)
    reading = {"isolation_level": "REPEATABLE READ"}
    return Database(engine, reading, nullcontext(), _advisory_lock)


def _sqlite(url: URL) -> Database:
    file = Path(url.database or "")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"cannot make the folder of the database {file}: {error}") from error
    engine = create_engine(url, connect_args={"timeout": _BUSY_SECONDS}, max_overflow=-1)
    _prepare(engine)
    _speak_sqlite(engine)

    def lock(_: Connection, wait_seconds: float) -> AbstractContextManager[None]:
        return _file_lock(file, wait_seconds)

    return Database(engine, {}, nullcontext(), lock)


def _memory() -> Database:
    engine = create_engine(
        "sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False}
    )
    _prepare(engine)
    _speak_sqlite(engine)
    ingesting = threading.Lock()

    def lock(_: Connection, wait_seconds: float) -> AbstractContextManager[None]:
        return _thread_lock(ingesting, wait_seconds)

    return Database(engine, {}, threading.RLock(), lock)


def _prepare(engine: Engine) -> None:
    """Errors in plain words, and no connection carried over a fork."""
    name = engine.url.render_as_string(hide_password=True)

    @event.listens_for(engine, "handle_error")
    def _(context: ExceptionContext) -> StoreError | None:
        return refusal(context.original_exception, name)

    @event.listens_for(engine, "connect")
    def _(_: Any, record: Any) -> None:
        record.info["pid"] = os.getpid()

    @event.listens_for(engine, "checkout")
    def _(_: Any, record: Any, proxy: Any) -> None:
        if record.info["pid"] != os.getpid():
            record.dbapi_connection = proxy.dbapi_connection = None
            raise DisconnectionError("the connection belongs to the parent process")


def refusal(error: BaseException, name: str) -> StoreError | None:
    """The driver's error as ours; None when it is none of the driver's."""
    if isinstance(error, DisconnectionError):
        return None
    code = getattr(error, "sqlstate", None)
    for codes, pattern, kind, advice in _REFUSALS:
        if code in codes.split() or re.search(pattern, str(error), re.IGNORECASE):
            return kind(f"the database {name}: {advice}")
    return StoreError(f"the database {name} refused: {str(error).strip()}")


def _speak_sqlite(engine: Engine) -> None:
    """Foreign keys on; transactions begun by us, because the driver begins them too late."""

    @event.listens_for(engine, "connect")
    def _(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = NORMAL")

    @event.listens_for(engine, "begin")
    def _(connection: Connection) -> None:
        words = connection.get_execution_options().get("begin", "BEGIN")
        if words:
            connection.exec_driver_sql(words)


@contextmanager
def writing(database: Database) -> Iterator[Connection]:
    """A connection whose transactions mean to write."""
    with database.engine.connect() as connection:
        yield connection.execution_options(begin="BEGIN IMMEDIATE")


@contextmanager
def _file_lock(file: Path, wait_seconds: float) -> Iterator[None]:
    lock = FileLock(f"{file}.lock", timeout=wait_seconds, poll_interval=_POLL_SECONDS)
    try:
        lock.acquire()
    except Timeout as error:
        raise _busy(f"the database {file}") from error
    except OSError as error:
        raise StoreError(f"cannot write beside the database {file}: {error}") from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _thread_lock(lock: threading.Lock, wait_seconds: float) -> Iterator[None]:
    if not lock.acquire(timeout=wait_seconds):
        raise _busy("the database in memory")
    try:
        yield
    finally:
        lock.release()


_LOCK_NAME = "hashtext('feedsvc ' || current_schema())"


@contextmanager
def _advisory_lock(connection: Connection, wait_seconds: float) -> Iterator[None]:
    """Held by the connection itself: the server frees it when the process dies."""
    deadline = time.monotonic() + wait_seconds
    while not _advise(connection, f"pg_try_advisory_lock({_LOCK_NAME})"):
        if time.monotonic() >= deadline:
            raise _busy("the database")
        time.sleep(_POLL_SECONDS)
    try:
        yield
    finally:
        if not connection.invalidated:
            _advise(connection, f"pg_advisory_unlock({_LOCK_NAME})")


def _advise(connection: Connection, call: str) -> bool:
    with connection.begin():
        return bool(connection.scalar(text(f"SELECT {call}")))


def _busy(what: str) -> StoreBusy:
    return StoreBusy(f"{what}: another process is ingesting; run it again when that one is done")


def migrate(database: Database) -> None:
    """Bring the tables up to date, one process at a time; costs one look when they are.

    Raises StoreTooNew when a newer version of the program made them.
    """
    if _version(database) == HEAD:
        return
    with writing(database) as connection, database.lock(connection, 60):
        _use_wal(database)
        with database.turn, connection.begin():
            _upgrade(connection, database.engine.url.render_as_string(hide_password=True))


def _version(database: Database) -> str | None:
    """The migration that the database stands at; None before the first."""
    file = database.engine.url.database
    if database.engine.dialect.name == "sqlite" and not (file and Path(file).exists()):
        return None  # looking would make the file before it is our turn
    with database.turn, database.engine.connect() as connection:
        return _version_in(connection)


def _version_in(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))
    return None if found is None else str(found)


def _use_wal(database: Database) -> None:
    """Readers and the writer of a SQLite file do not wait for each other; kept in the file."""
    if database.engine.dialect.name == "sqlite":
        with database.turn, database.engine.connect() as connection:
            outside = connection.execution_options(begin="")  # of any transaction
            outside.exec_driver_sql("PRAGMA journal_mode = WAL")


def _upgrade(connection: Connection, name: str) -> None:
    # Imported here: a database that is up to date needs none of it.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", "feedsvc.store:migrations")
    config.attributes.update(connection=connection, version_table=VERSION_TABLE)
    version = _version_in(connection)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if version is not None and version not in known:
        raise StoreTooNew(
            f"the database {name} was written by a newer version of feedsvc (schema {version}); "
            "upgrade this one (pip install -U feedsvc), or restore a backup made before"
        )
    if version is None and inspect(connection).has_table(entries.name):
        raise StoreError(
            f"the database {name} holds tables of another program; "
            "give feedsvc a database, or on PostgreSQL a schema, of its own"
        )
    command.upgrade(config, "head")
