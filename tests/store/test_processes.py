"""Several processes and threads at one database, some of them killed."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from feedsvc.errors import StoreBusy
from feedsvc.store import Store, open_store
from tests.builders import at, kept, reading
from tests.store.conftest import Desk
from tests.store.worker import N_ENTRIES, N_SOURCES, round_of

OpenStores = Callable[[str], Store]
ROOT = Path(__file__).parent.parent.parent


@contextmanager
def process(task: str, url: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A worker; killed when it has not ended by itself."""
    command = [sys.executable, "-m", "tests.store.worker", task, url, *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as worker:
        try:
            yield worker
        finally:
            worker.kill()


def wait_for(worker: subprocess.Popen[str], word: str) -> None:
    assert worker.stdout
    for line in worker.stdout:
        if line.strip() == word:
            return
    raise AssertionError(f"the worker ended without saying {word!r}")


def titles(store: Store) -> list[str]:
    with store.snapshot() as snapshot:
        return [one.title for one in snapshot.all_entries()]


def test_many_processes_may_open_a_new_database_at_once(
    shared_url: str, open_stores: OpenStores
) -> None:
    command = [sys.executable, "-m", "tests.store.worker", "open", shared_url]
    workers = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) for _ in range(4)]

    assert [worker.wait(timeout=60) for worker in workers] == [0] * 4
    assert Desk(open_stores(shared_url)).list(kept(1)) == 1


def test_one_process_ingests_at_a_time_and_its_death_frees_the_lock(
    shared_url: str, open_stores: OpenStores
) -> None:
    store = open_stores(shared_url)
    with process("hold", shared_url) as worker:
        wait_for(worker, "holding")
        with (
            pytest.raises(StoreBusy, match="another process is ingesting"),
            store.ingesting(wait_seconds=0.1),
        ):
            pass
        assert (store.revision(), store.recall("held")) == (0, "yes")
        worker.kill()
        worker.wait()

        with store.ingesting(wait_seconds=30):  # a server hears of a client's death a moment later
            pass
        assert Desk(store).list(kept(1)) == 1


def test_an_ingest_waits_for_its_turn(store: Store) -> None:
    begun = threading.Event()

    def hold() -> None:
        with store.ingesting() as session:
            begun.set()
            time.sleep(0.2)
            session.keep(reading(kept(1)))
            session.publish(at("2025-06-01"))

    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(hold)
        begun.wait()
        with store.ingesting(wait_seconds=30) as session:
            assert not session.is_fresh
        first.result()


@pytest.mark.parametrize("step", ["1.txt", f"{N_SOURCES - 1}.txt"])
def test_a_killed_ingest_shows_nothing_and_the_next_one_ends_the_same(
    shared_url: str, open_stores: OpenStores, step: str
) -> None:
    store = open_stores(shared_url)
    desk = Desk(store)
    desk.ingest(*round_of(1))
    with process("ingest", shared_url, "2") as worker:
        wait_for(worker, step)
        worker.kill()
        worker.wait()

    if store.revision() == 1:
        assert set(titles(store)) == {"Round 1"}
    assert desk.ingest(*round_of(2)) == 2

    assert titles(store) == ["Round 2"] * (N_SOURCES * N_ENTRIES)
    untouched = Desk(open_stores("sqlite://"))
    untouched.ingest(*round_of(1))
    untouched.ingest(*round_of(2))
    for path in ("", "sections/top"):
        assert desk.slugs(path) == untouched.slugs(path)
    assert desk.counts() == untouched.counts() == {"": 240, "sections/top": 240}


def test_readers_see_whole_revisions_while_another_process_ingests(
    shared_url: str, open_stores: OpenStores
) -> None:
    store = open_stores(shared_url)
    Desk(store).ingest(*round_of(1))
    seen: list[tuple[int, frozenset[str], int, int]] = []

    def look() -> None:
        while not is_over.is_set():
            with store.snapshot() as snapshot:
                entries = list(snapshot.all_entries())
                n_entries = snapshot.feeds()[1].n_entries
                names = frozenset(one.title for one in entries)
                seen.append((snapshot.revision, names, len(entries), n_entries))
            time.sleep(0.01)  # leaves the worker a processor

    is_over = threading.Event()
    with ThreadPoolExecutor(2) as threads:
        looks = [threads.submit(look) for _ in range(2)]
        with process("ingest", shared_url, "2") as worker:
            wait_for(worker, "published")
            worker.wait()
        is_over.set()
        for one in looks:
            one.result()

    assert set(seen) <= {(n, frozenset({f"Round {n}"}), 240, 240) for n in (1, 2)}
    assert len(seen) > 2
    assert store.revision() == 2


def test_threads_share_a_store(store: Store) -> None:
    desk = Desk(store)

    def edit(number: int) -> None:
        with store.ingesting(wait_seconds=60) as session:
            session.keep(reading(kept(1), digest=str(number), name=f"{number}.txt"))
            session.publish(at("2025-06-01"))

    with ThreadPoolExecutor(4) as threads:
        edits = [threads.submit(edit, n) for n in range(8)]
        looks = [threads.submit(desk.slugs) for _ in range(40)]
        for one in edits:
            one.result()

    assert {tuple(look.result()) for look in looks} <= {(), ("entry-1",)}
    assert desk.slugs() == ["entry-1"]


def test_a_forked_process_opens_connections_of_its_own(shared_url: str) -> None:
    store = open_store(shared_url)
    Desk(store).list(kept(1))

    child = os.fork()
    if child == 0:
        os._exit(0 if store.revision() == 1 and Desk(store).list(kept(1), kept(2)) == 2 else 1)
    _, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 0
    assert Desk(store).slugs() == ["entry-2", "entry-1"]
    store.close()


@pytest.mark.postgres
def test_a_store_outlives_the_connections_of_its_server(
    postgres_database: str, open_stores: OpenStores
) -> None:
    store = open_stores(postgres_database)
    Desk(store).list(kept(1))
    with psycopg.connect(postgres_database) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    assert Desk(store).slugs() == ["entry-1"]
