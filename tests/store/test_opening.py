"""Databases opened, brought up to date, and refused."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, event, make_url, text

from feedsvc.errors import MissingExtra, StoreBusy, StoreError, StoreTooNew
from feedsvc.store import SourceState, Store, open_store
from feedsvc.store.migrations import HEAD, VERSION_TABLE
from feedsvc.store.tables import metadata
from tests.builders import kept, reading
from tests.store.conftest import Desk

OpenStores = Callable[[str], Store]


def bare_engine(url: str):  # type: ignore[no-untyped-def]
    return create_engine(url.replace("postgresql:", "postgresql+psycopg:"))


def is_ours(name: str | None, kind: str, _: object) -> bool:
    """All but the index of the search, which each database keeps in its own way."""
    return kind != "table" or not str(name).startswith("texts")


def test_the_migrations_make_the_tables_as_they_are_described(
    shared_url: str, open_stores: OpenStores
) -> None:
    open_stores(shared_url)
    engine = bare_engine(shared_url)

    with engine.connect() as connection:
        options = {"version_table": VERSION_TABLE, "compare_type": True, "include_name": is_ours}
        context = MigrationContext.configure(connection, opts=options)
        differences = compare_metadata(context, metadata)
    engine.dispose()

    assert differences == []


def test_head_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", "feedsvc.store:migrations")

    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_a_database_of_the_first_version_is_brought_up_to_date(
    shared_url: str, open_stores: OpenStores
) -> None:
    engine = bare_engine(shared_url)
    config = Config()
    config.set_main_option("script_location", "feedsvc.store:migrations")
    with engine.begin() as connection:
        config.attributes.update(connection=connection, version_table=VERSION_TABLE)
        command.upgrade(config, "0001")
        connection.execute(text("INSERT INTO sources VALUES ('dump.txt', '1', 'textdump', 3)"))
    engine.dispose()

    store = open_stores(shared_url)

    with store.ingesting() as session:
        assert session.source("dump.txt") == SourceState(
            name="dump.txt", digest="1", reader="textdump", n_items=3, stamp=""
        )
    assert Desk(store).list(kept(1)) == 1


def test_what_was_kept_is_there_when_opened_again(shared_url: str, open_stores: OpenStores) -> None:
    Desk(open_stores(shared_url)).list(kept(1))

    assert Desk(open_stores(shared_url)).slugs() == ["entry-1"]


def test_a_folder_is_made_for_the_file(tmp_path: Path, open_stores: OpenStores) -> None:
    open_stores(f"sqlite:///{tmp_path}/new/deep/store.sqlite3")

    assert (tmp_path / "new/deep/store.sqlite3").exists()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_nothing_is_written_for_a_database_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_stores: OpenStores, url: str
) -> None:
    monkeypatch.chdir(tmp_path)

    Desk(open_stores(url)).list(kept(1))

    assert list(tmp_path.iterdir()) == []


def test_a_sqlite_file_is_set_up_for_readers_beside_a_writer(
    tmp_path: Path, open_stores: OpenStores
) -> None:
    open_stores(f"sqlite:///{tmp_path}/store.sqlite3")

    with sqlite3.connect(tmp_path / "store.sqlite3") as connection:
        mode = connection.execute("PRAGMA journal_mode").fetchone()
    connection.close()
    assert mode == ("wal",)


def test_a_database_of_a_newer_version_is_refused(shared_url: str, open_stores: OpenStores) -> None:
    open_stores(shared_url)
    engine = bare_engine(shared_url)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    engine.dispose()

    with pytest.raises(StoreTooNew, match=r"newer version of feedsvc \(schema 9999\); upgrade"):
        open_store(shared_url)


def test_a_database_of_another_program_is_left_alone(
    shared_url: str, open_stores: OpenStores
) -> None:
    engine = bare_engine(shared_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE entries (id INTEGER)"))

    with pytest.raises(StoreError, match="tables of another program; give feedsvc"):
        open_store(shared_url)

    with engine.begin() as connection:
        connection.execute(text("DROP TABLE entries"))
    engine.dispose()
    assert Desk(open_stores(shared_url)).slugs() == []


@pytest.mark.parametrize(
    ("url", "words"),
    [
        pytest.param("nonsense", "not a database URL.*sqlite:///path", id="no URL"),
        pytest.param("mysql://h/d", "kind 'mysql'; use sqlite:///", id="another kind"),
        pytest.param(
            "postgresql://u:secret@127.0.0.1:1/d", "does not let us in; check", id="no server"
        ),
        pytest.param("sqlite:////proc/feedsvc/s.db", "the folder of the database", id="no folder"),
        pytest.param("sqlite:////proc", "cannot be opened; check", id="a folder"),
    ],
)
def test_what_cannot_be_opened_is_told(url: str, words: str) -> None:
    with pytest.raises(StoreError, match=words) as caught:
        open_store(url)

    assert "secret" not in str(caught.value)


def test_the_drivers_error_is_chained(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("This is no database at all. " * 100)

    with pytest.raises(StoreError, match="damaged or no database; restore a backup") as caught:
        open_store(f"sqlite:///{tmp_path}/text")

    assert isinstance(caught.value.__cause__, sqlite3.DatabaseError)


@pytest.mark.postgres
def test_a_database_missing_on_the_server_is_told(postgres_database: str) -> None:
    url = make_url(postgres_database).set(database="feedsvc_absent")

    with pytest.raises(StoreError, match="no such database; create it first: createdb"):
        open_store(url.render_as_string(hide_password=False))


def test_a_missing_driver_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(MissingExtra, match=r"pip install 'feedsvc\[postgres\]'"):
        open_store("postgresql://127.0.0.1/news")


def test_a_file_that_may_not_be_written_is_told(tmp_path: Path, open_stores: OpenStores) -> None:
    url = f"sqlite:///{tmp_path}/store.sqlite3"
    Desk(open_stores(url)).list(kept(1))
    readonly = f"sqlite:///file:{tmp_path}/store.sqlite3?mode=ro&uri=true"

    with pytest.raises(StoreError, match="may be read and not written; give this user"):
        Desk(open_stores(readonly)).list(kept(2))


def test_a_full_disk_is_told_and_what_was_kept_is_safe(
    tmp_path: Path, open_stores: OpenStores
) -> None:
    store = open_stores(f"sqlite:///{tmp_path}/store.sqlite3")
    desk = Desk(store)
    desk.list(kept(1))
    engine = store._database.engine  # type: ignore[attr-defined]  # there is no disk to fill
    engine.dispose()
    event.listen(engine, "connect", lambda c, _: c.execute("PRAGMA max_page_count = 80"))

    with pytest.raises(StoreError, match="the disk is full; free some space"):
        desk.list(kept(2, content_text="long " * 100_000))

    assert desk.slugs() == ["entry-1"]


def test_a_locked_file_is_busy(tmp_path: Path, open_stores: OpenStores) -> None:
    store = open_stores(f"sqlite:///{tmp_path}/store.sqlite3?timeout=0.1")
    holder = sqlite3.connect(tmp_path / "store.sqlite3", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")

    with pytest.raises(StoreBusy, match="another process is writing"):
        Desk(store).list(kept(1))

    holder.close()
    assert Desk(store).list(kept(1)) == 1


def test_writing_in_memory_while_reading_it_is_refused(open_stores: OpenStores) -> None:
    store = open_stores("sqlite://")

    refused = pytest.raises(StoreError, match="close its snapshot before writing")
    with store.ingesting() as session, store.snapshot(), refused:
        session.keep(reading(kept(1)))


def test_the_records_alone_load_no_database() -> None:
    check = "import sys, feedsvc.store; assert not {'sqlalchemy', 'alembic'} & set(sys.modules)"

    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
