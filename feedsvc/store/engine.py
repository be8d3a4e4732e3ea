"""The databases below: how each is set up, read, written and locked.

Room: store. Called by door and migrations; the one place that knows which database it is.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
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

from feedsvc.errors import MissingExtra, StoreError
from feedsvc.store.refusals import busy, refusal

_POLL_SECONDS = 0.05
_PATIENCE = {"timeout": "10"}  #: seconds that a SQLite writer waits for another
_POSTGRESQL = ("postgresql", "postgres", "postgresql+psycopg")
_WANTED = "use sqlite:///path/to/file or postgresql://user@host/name"


class Database:
    """An engine and what differs between the databases. Every error it raises is ours."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.name = engine.url.set(query={}).render_as_string(hide_password=True)
        _prepare(engine, self.name)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the database until it is given back."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection for `transaction`."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def transaction(self, connection: Connection) -> Iterator[None]:
        """One committed transaction of a writing connection; an error rolls it back."""
        with connection.begin():
            yield

    @contextmanager
    def ingesting(self, connection: Connection, wait_seconds: float) -> Iterator[None]:
        """The right to ingest, held by one process at a time; StoreBusy when it is not free."""
        raise NotImplementedError

    def make_ready(self) -> None:
        """Settings that the database keeps itself; under the lock, before its first table."""

    def version(self, table: str) -> str | None:
        """The migration that it stands at; None before the first."""
        with self.reading() as connection:
            return version_in(connection, table)

    def close(self) -> None:
        self.engine.dispose()


def version_in(connection: Connection, table: str) -> str | None:
    """The migration that a database stands at, seen by this connection."""
    if not inspect(connection).has_table(table):
        return None
    found = connection.scalar(text(f"SELECT version_num FROM {table}"))
    return None if found is None else str(found)


class PostgreSQL(Database):
    """A database on a server; several schemas of it may each hold a store."""

    _lock = "hashtext('feedsvc ' || current_schema())"

    def __init__(self, url: URL) -> None:
        try:
            engine = create_engine(
                url.set(drivername="postgresql+psycopg"), pool_pre_ping=True, max_overflow=-1
            )
        except (ImportError, NoSuchModuleError) as error:
            raise MissingExtra("PostgreSQL", "postgres") from error
        super().__init__(engine)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            yield connection.execution_options(isolation_level="REPEATABLE READ")

    @contextmanager
    def ingesting(self, connection: Connection, wait_seconds: float) -> Iterator[None]:
        """Held by the connection itself: the server frees it when the process dies."""
        deadline = time.monotonic() + wait_seconds
        while not self._ask(connection, "pg_try_advisory_lock"):
            if time.monotonic() >= deadline:
                raise busy(self.name)
            time.sleep(_POLL_SECONDS)
        try:
            yield
        finally:
            if not connection.invalidated:
                self._ask(connection, "pg_advisory_unlock")

    def _ask(self, connection: Connection, function: str) -> bool:
        with connection.begin():
            return bool(connection.scalar(text(f"SELECT {function}({self._lock})")))


class SQLiteFile(Database):
    """A file; readers and the writer do not wait for each other."""

    def __init__(self, url: URL) -> None:
        # With uri=true the database is spelled as SQLite's own URI (sqlite.org/uri.html).
        self.file = Path((url.database or "").removeprefix("file:").partition("?")[0])
        patient = url if "timeout" in url.query else url.update_query_dict(_PATIENCE)
        super().__init__(create_engine(patient, max_overflow=-1))
        _speak_sqlite(self.engine)
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"the folder of the database {self.file}: {error}") from error

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with self.engine.connect() as connection:
            yield connection.execution_options(begin="BEGIN IMMEDIATE")

    @contextmanager
    def ingesting(self, _: Connection, wait_seconds: float) -> Iterator[None]:
        lock = FileLock(f"{self.file}.lock", timeout=wait_seconds, poll_interval=_POLL_SECONDS)
        try:
            lock.acquire()
        except Timeout as error:
            raise busy(self.name) from error
        except OSError as error:
            raise StoreError(f"beside the database {self.file}: {error}") from error
        try:
            yield
        finally:
            lock.release()

    def make_ready(self) -> None:
        with self.engine.connect() as connection:
            outside = connection.execution_options(begin="")  # of any transaction
            outside.exec_driver_sql("PRAGMA journal_mode = WAL")

    def version(self, table: str) -> str | None:
        # Looking into a file that is not there would make it, before it is our turn.
        return super().version(table) if self.file.exists() else None


class Memory(Database):
    """One connection, shared by the threads of a process in turn."""

    def __init__(self) -> None:
        arguments = {"check_same_thread": False}
        engine = create_engine("sqlite://", poolclass=StaticPool, connect_args=arguments)
        super().__init__(engine)
        _speak_sqlite(engine)
        self._turn = threading.RLock()
        self._session = threading.Lock()
        self._only = engine.connect()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self._turn:
            if self._only.in_transaction():  # of a reader further up in this thread
                yield self._only
            else:
                with self._only.begin():
                    yield self._only

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        yield self._only

    @contextmanager
    def transaction(self, connection: Connection) -> Iterator[None]:
        with self._turn:
            if connection.in_transaction():
                raise StoreError("the database in memory: close its snapshot before writing to it")
            with connection.begin():
                yield

    @contextmanager
    def ingesting(self, _: Connection, wait_seconds: float) -> Iterator[None]:
        if not self._session.acquire(timeout=wait_seconds):
            raise busy(self.name)
        try:
            yield
        finally:
            self._session.release()

    def close(self) -> None:
        self._only.close()
        super().close()


def database_at(address: str) -> Database:
    """The database that a URL names; StoreError when it names none."""
    try:
        url = make_url(address)
    except ArgumentError as error:
        raise StoreError(f"not a database URL: {address!r}; {_WANTED}") from error
    if url.drivername in _POSTGRESQL:
        return PostgreSQL(url)
    if url.drivername != "sqlite":
        raise StoreError(f"cannot use a database of the kind {url.drivername!r}; {_WANTED}")
    return Memory() if url.database in (None, "", ":memory:") else SQLiteFile(url)


def _prepare(engine: Engine, name: str) -> None:
    """Errors in plain words, and no connection carried over a fork."""

    @event.listens_for(engine, "handle_error")
    def _(context: ExceptionContext) -> StoreError | None:
        error = context.original_exception
        is_survivable = context.is_pre_ping or isinstance(error, DisconnectionError)
        return None if is_survivable else refusal(error, name)

    @event.listens_for(engine, "connect")
    def _(_: Any, record: Any) -> None:
        record.info["pid"] = os.getpid()

    @event.listens_for(engine, "checkout")
    def _(_: Any, record: Any, proxy: Any) -> None:
        if record.info["pid"] != os.getpid():
            record.dbapi_connection = proxy.dbapi_connection = None
            raise DisconnectionError("the connection belongs to the parent process")


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
