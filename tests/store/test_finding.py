"""Windows of a feed, and entries found by words."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.dialects import postgresql, sqlite

from feedsvc.model import Entry, Place
from feedsvc.store import open_store
from feedsvc.store.codec import Spot
from feedsvc.store.snapshot import feed_window
from tests.builders import dated, entry, kept
from tests.store.conftest import Desk


def walk(desk: Desk, path: str, limit: int) -> list[list[str]]:
    """A feed in windows, each behind the last entry of the one before."""
    windows: list[list[str]] = []
    last: Entry | None = None
    with desk.store.snapshot() as snapshot:
        while window := snapshot.entries(path, limit, after=last):
            windows.append([one.slug for one in window])
            last = window[-1]
    return windows


def test_windows_meet_without_gap_or_overlap(desk: Desk) -> None:
    same = dated("2025-05-01")

    desk.list(*(kept(n, published=same, place=n // 2) for n in range(1, 6)))

    assert walk(desk, "", 2) == [["entry-4", "entry-5"], ["entry-2", "entry-3"], ["entry-1"]]


def test_windows_of_a_ranked_list_go_by_rank(desk: Desk) -> None:
    desk.list(
        *(
            kept(n, Place(source="dump.txt", section="Most Popular", rank=(n * 3) % 7 + 1))
            for n in range(1, 6)
        )
    )

    assert walk(desk, "sections/most-popular", 2) == [
        ["entry-5", "entry-3"],
        ["entry-1", "entry-4"],
        ["entry-2"],
    ]


def test_an_unknown_feed_is_empty(desk: Desk) -> None:
    assert desk.slugs("sections/none") == []


@pytest.mark.parametrize(
    ("words", "found"),
    [
        pytest.param(entry(2).id, ["entry-2"], id="an id"),
        pytest.param(" entry-2 ", ["entry-2"], id="a slug"),
        pytest.param("harbour", ["entry-2", "entry-1"], id="a word, newest first"),
        pytest.param("HARBOUR reopens", ["entry-1"], id="every word must be there"),
        pytest.param("reopens tonight", ["entry-1"], id="in title or text"),
        pytest.param("100%", ["entry-3"], id="a percent sign is no wildcard"),
        pytest.param("1_0", [], id="nor is an underscore"),
        pytest.param("/\\", [], id="nor is what escapes them"),
        pytest.param("x' OR '1'='1", [], id="nor can a word end the query"),
        pytest.param("  ", [], id="no word"),
    ],
)
def test_entries_are_found(desk: Desk, words: str, found: list[str]) -> None:
    desk.list(
        kept(1, title="Harbour reopens", content_text="As of tonight."),
        kept(2, title="Harbour closed"),
        kept(3, content_text="Sure, 100% so."),
    )

    with desk.store.snapshot() as snapshot:
        assert [one.slug for one in snapshot.find(words)] == found


@pytest.mark.parametrize(
    "after", [None, Spot("", -1747000000, 0, "urn:a")], ids=["the newest", "a later window"]
)
def test_a_window_walks_the_clustered_key(tmp_path: Path, after: Spot | None) -> None:
    url = f"sqlite:///{tmp_path}/store.sqlite3"
    open_store(url).close()
    query = feed_window("", 1, 50, after).compile(
        dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}
    )

    engine = create_engine(url)
    with engine.connect() as connection:
        plan = [row.detail for row in connection.execute(text(f"EXPLAIN QUERY PLAN {query}"))]
    engine.dispose()

    assert plan[0].startswith("SEARCH memberships USING PRIMARY KEY (path=?")
    assert not any("TEMP B-TREE" in step or step.startswith("SCAN") for step in plan)


@pytest.mark.postgres
def test_a_window_walks_the_index_on_postgresql(postgres_database: str) -> None:
    schema = f"{postgres_database}?options=-csearch_path%3Dplans"
    engine = create_engine(schema.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA plans"))
    store = open_store(schema)
    Desk(store).list(*(kept(n % 28 + 1, id=f"urn:{n:05}", slug=f"s{n}") for n in range(2000)))
    query = feed_window("", 1, 50).compile(
        dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}
    )

    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))
        plan = "\n".join(connection.scalars(text(f"EXPLAIN {query}")))
    engine.dispose()
    store.close()

    assert "Index Scan using memberships_pkey" in plan
    assert "Sort" not in plan
    assert "Seq Scan" not in plan
