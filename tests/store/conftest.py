"""Databases to test on: one suite for SQLite in a file, SQLite in memory and PostgreSQL.

PostgreSQL is looked for at FEEDSVC_TEST_POSTGRES_URL, else on this machine. Each run has a
database of its own there, and each test a schema. Without a server those tests are skipped,
and fail under FEEDSVC_REQUIRE_ALL=1.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from feedsvc.model import Family, Membership, Tombstone
from feedsvc.store import Kept, Measure, SourceRead, Store, Traits, open_store
from feedsvc.store.tables import metadata
from tests.builders import at, reading

SERVER = os.environ.get(
    "FEEDSVC_TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/postgres"
)
COUNTERS = ("n_entries", "n_arrived", "n_archives", "archived_to", "n_open", "open_bytes")
POSTGRES = pytest.param("postgresql", marks=pytest.mark.postgres, id="postgresql")


@pytest.fixture(scope="session")
def postgres_database() -> Iterator[str]:
    """The URL of a database made for this run."""
    name = f"feedsvc_test_{secrets.token_hex(6)}"
    try:
        server = psycopg.connect(SERVER, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        refuse = pytest.fail if os.environ.get("FEEDSVC_REQUIRE_ALL") == "1" else pytest.skip
        refuse(f"no PostgreSQL at {make_url(SERVER)!r}: {error}")
    with server:
        server.execute(f"CREATE DATABASE {name}")
        yield make_url(SERVER).set(database=name).render_as_string(hide_password=False)
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def schema_url(database: str, schema: str) -> str:
    """The URL of a new schema in a database."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
    return f"{database}?options=-csearch_path%3D{schema}"


@pytest.fixture(scope="session")
def ready_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with its tables, to be copied: quicker than making it anew."""
    file = tmp_path_factory.mktemp("ready") / "store.sqlite3"
    open_store(f"sqlite:///{file}").close()
    return file


@pytest.fixture(scope="session")
def ready_schema(postgres_database: str) -> str:
    """A PostgreSQL schema with its tables, to be emptied for each test."""
    url = schema_url(postgres_database, "ready")
    open_store(url).close()
    return url


def emptied(url: str) -> str:
    """The same database as it was when its tables were made."""
    filled = ", ".join(table for table in metadata.tables if table not in ("state", "feeds"))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"TRUNCATE {filled}, texts")
        connection.execute("DELETE FROM feeds WHERE path <> ''")
        zeros = ", ".join(f"{name} = 0" for name in COUNTERS)
        connection.execute(f"UPDATE feeds SET {zeros}, changed = 946684800000000")
        connection.execute("UPDATE state SET revision = 0, n_presentations = 0, presentation = ''")
    return url


@pytest.fixture(params=["file", "memory", POSTGRES])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of each kind, with its tables and nothing in them."""
    if request.param == "memory":
        return "sqlite://"
    if request.param == "postgresql":
        return emptied(request.getfixturevalue("ready_schema"))
    file = shutil.copy(request.getfixturevalue("ready_file"), tmp_path)
    return f"sqlite:///{file}"


@pytest.fixture(params=["file", POSTGRES])
def shared_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without tables, of each kind that several processes can open."""
    if request.param == "file":
        return f"sqlite:///{tmp_path}/store.sqlite3"
    return schema_url(request.getfixturevalue("postgres_database"), f"test_{secrets.token_hex(6)}")


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = open_store(store_url)
    yield opened
    opened.close()


@dataclass
class Choice:
    """A Selector of a few words: a feed for each section and tag, and named feeds by the tag."""

    sections: str = "sections/{name}"
    named: dict[str, str] = field(default_factory=dict)  #: path of the feed -> tag that it takes
    entries: int | None = 50  #: on an archive page; None for no archives
    bytes: int = 500_000

    @property
    def digest(self) -> str:
        return repr((self.sections, self.named))

    def memberships(self, traits: Traits) -> tuple[Membership, ...]:
        found = [
            *((self.section_path(one), Family.SECTIONS, one) for one in traits.sections),
            *((f"tags/{one.lower()}", Family.TAGS, one) for one in traits.tags),
            *((p, Family.NAMED, p.title()) for p, tag in self.named.items() if tag in traits.tags),
        ]
        return tuple(Membership(path=path, family=family, name=n) for path, family, n in found)

    def measure(self, _: str) -> Measure | None:
        return Measure(entries=self.entries, bytes=self.bytes) if self.entries else None

    def section_path(self, name: str) -> str:
        return self.sections.replace("{name}", name.lower().replace(" ", "-"))


class Desk:
    """Ingests of a few words, a day apart."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.now = at("2025-06-01")

    def ingest(
        self,
        *reads: SourceRead,
        bury: tuple[Tombstone, ...] = (),
        now: datetime | None = None,
    ) -> int:
        """Keep, bury and publish; the revision."""
        with self.store.ingesting(wait_seconds=0) as session:
            for read in reads:
                session.keep(read)
            session.bury(bury)
            return session.publish(now or self.now)

    def list(self, *entries: Kept, **fields: object) -> int:
        """Ingest one reading of dump.txt."""
        return self.ingest(reading(*entries, **fields))

    def slugs(self, path: str = "") -> list[str]:
        """What a feed holds, in order."""
        with self.store.snapshot() as snapshot:
            return [entry.slug for entry in snapshot.entries(path, 100)]

    def counts(self) -> dict[str, int]:
        with self.store.snapshot() as snapshot:
            return {feed.path: feed.n_entries for feed in snapshot.feeds()}

    def changed(self, path: str = "") -> datetime:
        with self.store.snapshot() as snapshot:
            return next(feed.changed for feed in snapshot.feeds() if feed.path == path)


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


@pytest.fixture
def open_stores() -> Iterator[Callable[[str], Store]]:
    """Opens stores and closes them when the test is over."""
    opened: list[Store] = []

    def open_(url: str) -> Store:
        opened.append(open_store(url))
        return opened[-1]

    yield open_
    for store in opened:
        store.close()
