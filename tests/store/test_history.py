"""The order in which entries came to a feed, its full pages, and what returns from them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

import pytest
from alembic import command
from alembic.config import Config
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Select, create_engine, func, select

from feedsvc.model import Entry, Family, Place, Tombstone
from feedsvc.store import ArchivePage, FeedRow, Kept, Measure, Snapshot, Store, open_store
from feedsvc.store.history import Arrival, FullPage, full_pages
from feedsvc.store.migrations import VERSION_TABLE
from feedsvc.store.tables import arrivals, feeds, versions
from tests.builders import at, dated, entry, kept, reading
from tests.store.conftest import Choice, Desk


class Shown(NamedTuple):
    """A feed as its readers find it."""

    living: list[int]
    pages: list[list[int]]  #: the oldest first
    changed: list[datetime]  #: of the pages


def number_of(entry: Entry) -> int:
    return int(entry.slug.removeprefix("entry-"))


def shown(store: Store, path: str = "", size: int = 50) -> Shown:
    with store.snapshot() as snapshot:
        living = sorted(map(number_of, snapshot.living(path, size)))
        pages = list(pages_of(snapshot, path))
    held = [sorted(map(number_of, page.entries)) for page in pages]
    return Shown(living, held, [page.changed for page in pages])


def pages_of(snapshot: Snapshot, path: str = "") -> Iterator[ArchivePage]:
    for number in range(1, row_of(snapshot, path).n_archives + 1):
        page = snapshot.archive(path, number)
        assert page
        yield page


def row_of(snapshot: Snapshot, path: str = "") -> FeedRow:
    return next(row for row in snapshot.feeds() if row.path == path)


def row(store: Store, path: str = "") -> FeedRow:
    with store.snapshot() as snapshot:
        return row_of(snapshot, path)


def one(number: int, *places: Place, **fields: object) -> Kept:
    """The `number`-th entry, of the `number`-th hour."""
    hour = at("2020-01-01T00:00") + timedelta(hours=number)
    return kept(number, *places, **{"published": dated(hour.isoformat())} | fields)


def some(first: int, last: int) -> list[Kept]:
    return [one(number) for number in range(first, last + 1)]


@pytest.fixture
def small(store_url: str) -> Iterator[Desk]:
    """Ingests into a store with four entries on a full page."""
    store = open_store(store_url, selector=Choice(entries=4, named={"picked": "Rust"}))
    yield Desk(store)
    store.close()


def add(desk: Desk, *entries: Kept, name: str = "more") -> None:
    desk.ingest(reading(*entries, name=name))


def test_the_living_page_holds_what_is_on_no_full_page(small: Desk) -> None:
    small.list(*some(1, 7))
    assert shown(small.store) == ([1, 2, 3, 4, 5, 6, 7], [], [])

    add(small, one(8))

    assert shown(small.store)[:2] == ([5, 6, 7, 8], [[1, 2, 3, 4]])


def test_the_first_ingest_is_numbered_by_date(small: Desk) -> None:
    small.list(*reversed(some(1, 13)))

    assert shown(small.store)[:2] == ([9, 10, 11, 12, 13], [[1, 2, 3, 4], [5, 6, 7, 8]])


def test_of_one_moment_what_stands_further_down_came_first(small: Desk) -> None:
    same = dated("2025-05-01")

    small.list(*(kept(n, published=same, place=9 - n) for n in range(1, 9)))

    assert shown(small.store).pages == [[5, 6, 7, 8]]


def test_an_old_entry_that_comes_late_stands_on_the_living_page(small: Desk) -> None:
    small.list(*some(11, 18))

    add(small, one(1))

    assert shown(small.store)[:2] == ([1, 15, 16, 17, 18], [[11, 12, 13, 14]])


def test_full_pages_stay_as_they_are_while_a_thousand_more_come(store: Store) -> None:
    desk = Desk(store)
    desk.list(*some(1, 500))
    before = shown(store)
    moment = desk.changed()

    for first in range(501, 1501, 125):
        add(desk, *some(first, first + 124), name=f"{first}")
        now = shown(store)
        assert now.pages[:9] == before.pages
        assert now.changed[:8] == [moment] * 8

    assert (len(before.pages), len(now.pages)) == (9, 29)
    assert now.changed[8] == moment + timedelta(seconds=1)  # got its next-archive
    assert [n for page in now.pages for n in page] + now.living == [*range(1, 1501)]


def test_a_feed_of_each_kind_has_its_own_pages(small: Desk) -> None:
    top = [Place(source="dump.txt", line=1, section="Top")]
    small.list(*(one(n, *top[n % 2 :], tags=("Rust",) if n % 3 else ()) for n in range(1, 25)))

    odd_and_even = shown(small.store, "sections/top")
    assert odd_and_even[:2] == ([18, 20, 22, 24], [[2, 4, 6, 8], [10, 12, 14, 16]])
    assert shown(small.store, "picked")[:2] == shown(small.store, "tags/rust")[:2]
    assert shown(small.store, "picked").pages[0] == [1, 2, 4, 5]
    assert row(small.store, "picked").n_archives == 3


def test_a_corrected_entry_returns_to_the_living_page(small: Desk) -> None:
    small.list(*some(1, 16))
    before, moment = shown(small.store), small.changed()

    small.list(one(2, title="Corrected"), *some(3, 16), one(1), digest="2")

    now = shown(small.store)
    assert now.living == [2, *before.living]
    assert now.pages == before.pages
    assert now.changed == [small.changed(), moment, moment]
    with small.store.snapshot() as snapshot:
        page = snapshot.archive("", 1)
        assert page
        assert sorted(e.title for e in page.entries)[0] == "Corrected"


def test_the_newest_corrections_alone_return(small: Desk) -> None:
    small.list(*some(1, 16))

    small.list(*(one(n, title=f"Corrected {n}") for n in range(1, 9)), *some(9, 16), digest="2")
    small.list(
        one(1, title="Again"),
        *(one(n, title=f"Corrected {n}") for n in range(2, 9)),
        *some(9, 16),
        digest="3",
    )

    assert shown(small.store, size=3).living == [1, 7, 8, 13, 14, 15, 16]


def test_what_returned_goes_when_a_further_page_is_full(small: Desk) -> None:
    small.list(*some(1, 16))
    small.list(one(2, title="Corrected"), one(1), *some(3, 16), digest="2")
    add(small, *some(17, 19))
    assert 2 in shown(small.store).living

    add(small, one(20), name="still more")

    assert shown(small.store).living == [17, 18, 19, 20]


def test_what_is_corrected_as_its_page_becomes_full_returns(small: Desk) -> None:
    small.list(*some(1, 7))

    small.list(one(1, title="Corrected"), *some(2, 8), digest="2")

    assert shown(small.store)[:2] == ([1, 5, 6, 7, 8], [[1, 2, 3, 4]])


def test_another_line_or_rank_makes_nothing_return(small: Desk) -> None:
    small.list(*some(1, 8))
    before = shown(small.store)

    moved = Place(source="dump.txt", line=70)
    small.list(one(1, moved), *some(2, 8), digest="2")

    assert shown(small.store) == before


def test_an_entry_that_is_redated_keeps_its_page(small: Desk) -> None:
    small.list(*some(1, 8))

    small.list(one(1, published=dated("2025-05-13")), *some(2, 8), digest="2")

    assert shown(small.store)[:2] == ([1, 5, 6, 7, 8], [[1, 2, 3, 4]])


def stone(number: int) -> Tombstone:
    gone = entry(number)
    return Tombstone(id=gone.id, slug=gone.slug, removed=at("2025-06-01"), reason="an error")


def test_a_removed_entry_leaves_its_full_page_and_the_others_stay(small: Desk) -> None:
    small.list(*some(1, 13))
    before, moment = shown(small.store), small.changed()

    small.ingest(bury=(stone(2),), now=at("2025-07-01"))

    now = shown(small.store)
    assert now.living == before.living
    assert now.pages == [[1, 3, 4], [5, 6, 7, 8]]
    assert now.changed == [at("2025-07-01"), moment]
    assert row(small.store).changed == at("2025-07-01")
    assert row(small.store).n_arrived == 13


def test_an_emptied_page_stays(small: Desk) -> None:
    small.list(*some(1, 13))

    small.ingest(bury=tuple(map(stone, range(1, 5))))

    assert shown(small.store).pages == [[], [5, 6, 7, 8]]


def test_what_is_taken_back_and_restored_arrives_anew(small: Desk) -> None:
    small.list(*some(1, 13))
    small.ingest(bury=(stone(2),))

    with small.store.ingesting() as session:
        session.unbury([entry(2).id])
        session.keep(reading(*some(1, 13)))
        session.publish(small.now)

    now = shown(small.store)
    assert (now.living[0], now.pages) == (2, [[1, 3, 4], [5, 6, 7, 8]])
    assert row(small.store).n_arrived == 14
    with small.store.snapshot() as snapshot:
        assert snapshot.tombstones("", 9) == ()


def test_removals_reach_every_feed_that_held_the_entry(small: Desk) -> None:
    small.list(one(1, tags=("Rust", "Go")), *some(2, 4))

    small.ingest(bury=(stone(1),), now=at("2025-07-01"))

    with small.store.snapshot() as snapshot:
        for path in ("", "picked", "tags/rust", "tags/go"):
            assert [s.slug for s in snapshot.tombstones(path, 9)] == ["entry-1"], path
            assert row_of(snapshot, path).changed == at("2025-07-01")


def test_a_ranked_list_has_no_full_pages(small: Desk) -> None:
    ranks = (Place(source="dump.txt", line=n, section="Top", rank=n) for n in range(1, 21))

    small.list(*(one(n, place) for n, place in enumerate(ranks, 1)))

    assert shown(small.store, "sections/top") == ([*range(1, 21)], [], [])
    assert row(small.store, "sections/top").n_archives == 0


def test_a_feed_without_archives_shows_its_newest(store_url: str) -> None:
    store = open_store(store_url, selector=Choice(entries=None))
    Desk(store).list(*some(1, 20))

    assert shown(store, size=4) == ([17, 18, 19, 20], [], [])
    store.close()


def test_pages_end_where_their_bytes_are_too_many(store_url: str) -> None:
    store = open_store(store_url, selector=Choice(entries=50, bytes=1000))
    desk = Desk(store)

    desk.list(*(one(n, title="T", summary="", content_html="x" * 299) for n in range(1, 9)))

    assert shown(store)[:2] == ([7, 8], [[1, 2, 3], [4, 5, 6]])
    desk.list(one(9, title="T", summary="", content_html="é" * 5000), vanished=(), name="b")
    assert shown(store)[:2] == ([9], [[1, 2, 3], [4, 5, 6], [7, 8]])
    store.close()


def test_an_entry_that_grew_counts_with_what_it_has_now(store_url: str) -> None:
    store = open_store(store_url, selector=Choice(entries=50, bytes=1000))
    desk = Desk(store)
    small = [one(n, title="T", summary="", content_html="x" * 99) for n in range(1, 5)]
    desk.list(*small)

    desk.list(one(4, title="T", summary="", content_html="x" * 799), *small[:3], digest="2")

    assert shown(store)[:2] == ([4], [[1, 2, 3]])
    store.close()


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        pytest.param([1] * 5, [], id="room for one more"),
        pytest.param([1] * 6, [FullPage(3, 3, 3)], id="twice as many as a page has"),
        pytest.param([1] * 10, [FullPage(3, 3, 3), FullPage(6, 3, 3)], id="several at once"),
        pytest.param([101], [], id="a single one is never too much"),
        pytest.param([101, 1], [FullPage(1, 1, 101)], id="one alone may be too big for a page"),
        pytest.param([30, 30, 41], [FullPage(1, 1, 30)], id="half of the bytes stay"),
        pytest.param([60, 60, 60, 60, 60, 60], [FullPage(n, 1, 60) for n in range(1, 6)], id="big"),
    ],
)
def test_what_becomes_a_full_page(sizes: list[int], expected: list[FullPage]) -> None:
    rows = (Arrival(number, n_bytes) for number, n_bytes in enumerate(sizes, 1))

    found = full_pages(rows, len(sizes), sum(sizes), Measure(entries=3, bytes=100))

    assert list(found) == expected


# ---- other settings


def test_other_settings_move_entries_to_other_feeds(shared_url: str) -> None:
    desk = Desk(open_store(shared_url, selector=Choice()))
    desk.list(*(one(n, Place(source="dump.txt", section="Top"), tags=("Go",)) for n in range(1, 5)))
    desk.store.close()
    store = open_store(shared_url, selector=Choice(sections="topics/{name}", named={"new": "Go"}))

    with store.ingesting() as session:
        assert session.reselect()
        assert {(c.path, c.new, c.changed, c.gone) for c in session.changes()} == {
            ("new", 4, 0, 0),
            ("topics/top", 4, 0, 0),
            ("sections/top", 0, 0, 4),
        }
        session.publish(at("2025-07-01"))
        assert not session.reselect()

    assert shown(store, "topics/top").living == [1, 2, 3, 4]
    assert shown(store, "new").living == [1, 2, 3, 4]
    assert row(store, "sections/top").n_entries == 0
    assert row(store, "tags/go").changed == row(store).changed == at("2025-06-01")
    store.close()


def test_shorter_pages_are_made_of_what_there_is(shared_url: str) -> None:
    desk = Desk(open_store(shared_url, selector=Choice(entries=None)))
    desk.list(*some(1, 20))
    desk.store.close()
    store = open_store(shared_url, selector=Choice(entries=8))
    assert shown(store, size=5).living == [16, 17, 18, 19, 20]

    with store.ingesting() as session:
        session.reselect()
        session.publish(at("2025-07-01"))

    assert shown(store)[:2] == ([*range(9, 21)], [[*range(1, 9)]])
    assert row(store).changed == at("2025-07-01")
    store.close()


def test_a_store_that_dies_while_it_selects_anew_selects_again(shared_url: str) -> None:
    desk = Desk(open_store(shared_url, selector=Choice()))
    desk.list(*(one(n, tags=("Go",)) for n in range(1, 5)))
    desk.store.close()
    store = open_store(shared_url, selector=Choice(named={"new": "Go"}))
    with pytest.raises(KeyError), store.ingesting() as session:
        session.reselect()
        raise KeyError
    with store.snapshot() as snapshot:
        assert [r.path for r in snapshot.feeds()] == ["", "tags/go"]

    desk = Desk(store)
    desk.ingest()

    assert shown(store, "new").living == [1, 2, 3, 4]
    store.close()


# ---- databases of before

BEFORE = """
INSERT INTO entries (seq, id, slug, shingles, folded, "group", source, dated, updated, fingerprint,
    explained, digest, is_removed)
VALUES ({n}, 'urn:{n}', 'entry-{n}', '', '', '', 'dump.txt', '{dated}', 0, '', '{{}}', '', false);
INSERT INTO versions (seq, born, since, digest, standing, is_held, published, place, title, summary,
    content_html, content_text, updated, fingerprint, dated, more, sections, source, also_in)
VALUES ({n}, 1, 1, 'd', 's', false, {published}, 0, 'Grüße {n}', '', '<p>x</p>', 'x', 0, '',
    '{dated}', '{{}}', '[{{"section":"Top","slug":"top"}}]', 'dump.txt', '[]');
INSERT INTO memberships (path, sort, place, id, seq, born)
VALUES ('', -{published}, 0, 'urn:{n}', {n}, 1), ('sections/top', -{published}, 0, 'urn:{n}', {n}, 1);
INSERT INTO appearances VALUES ('dump.txt', {n}, 0, 1, 'Top', NULL, true);
"""
AFTERWARDS = """
INSERT INTO revisions VALUES (1, 1700000000000000);
INSERT INTO feeds VALUES ('sections/top', 'Top', false, 12, 1700000000000000, 1);
UPDATE feeds SET n_entries = 12;
UPDATE state SET revision = 1
"""


def test_what_was_kept_before_there_were_full_pages_gets_them_by_date(shared_url: str) -> None:
    config = Config()
    config.set_main_option("script_location", "feedsvc.store:migrations")
    engine = create_engine(shared_url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        config.attributes.update(connection=connection, version_table=VERSION_TABLE)
        command.upgrade(config, "0003")
        told = '{"instant":0,"how":4,"precision":"second","offset_minutes":0}'
        rows = [BEFORE.format(n=n, published=10_000 - n, dated=told) for n in range(1, 13)]
        for statement in ";".join([*rows, AFTERWARDS]).split(";"):
            if statement.strip():
                connection.exec_driver_sql(statement)
    engine.dispose()

    store = open_store(shared_url, selector=Choice(entries=4))
    assert shown(store, "sections/top", size=5)[:2] == ([1, 2, 3, 4, 5], [])
    with store.snapshot() as snapshot:
        (top,) = (r for r in snapshot.feeds() if r.path)
        first = snapshot.entry("entry-1")
    assert (top.family, top.n_arrived) == (Family.SECTIONS, 12)
    assert first
    assert [one.path for one in first.feeds] == ["sections/top"]

    with store.ingesting() as session:
        session.reselect()
        session.publish(at("2025-06-01"))

    assert shown(store, "sections/top").pages == [[9, 10, 11, 12], [5, 6, 7, 8]]
    assert shown(store).pages == shown(store, "sections/top").pages
    store.close()


# ---- whatever happens


class Site:
    """A store beside a list of what it should hold."""

    def __init__(self) -> None:
        self.store = open_store("sqlite://", selector=Choice(entries=3, bytes=200))
        self.held: dict[int, Kept] = {}
        self.removed: set[int] = set()
        self.edits = 0

    def ingest(self) -> None:
        with self.store.ingesting() as session:
            session.keep(reading(*self.held.values()))
            session.publish(at("2025-06-01"))

    def put(self, number: int, **fields: object) -> None:
        tags = ("Go",) if number % 2 else ()
        self.held[number] = one(number, **{"tags": tags} | fields)

    def add(self, numbers: set[int]) -> None:
        for number in numbers - self.held.keys():
            self.put(number)
        self.ingest()

    def edit(self, numbers: set[int]) -> None:
        self.edits += 1
        for number in numbers & self.held.keys():
            self.put(number, title=f"Edit {self.edits}", content_html="x" * (number * 3))
        self.ingest()

    def redate(self, numbers: set[int]) -> None:
        self.edits += 1
        for number in numbers & self.held.keys():
            self.put(number, published=dated(f"2024-01-{1 + self.edits % 28:02}"))
        self.ingest()

    def retag(self, numbers: set[int]) -> None:
        for number in numbers & self.held.keys():
            self.put(number, tags=() if self.held[number].entry.tags else ("Go",))
        self.ingest()

    def remove(self, numbers: set[int]) -> None:
        gone = numbers & self.held.keys()
        with self.store.ingesting() as session:
            session.bury([stone(number) for number in sorted(gone)])
            session.publish(at("2025-06-01"))
        self.removed |= gone

    def undo(self, numbers: set[int]) -> None:
        back = numbers & self.removed
        with self.store.ingesting() as session:
            session.unbury([entry(number).id for number in sorted(back)])
            session.keep(reading(*self.held.values()))
            session.publish(at("2025-06-01"))
        self.removed -= back

    def expected(self, tag: str | None) -> set[int]:
        visible = {n for n in self.held if n not in self.removed}
        return {n for n in visible if not tag or tag in self.held[n].entry.tags}

    def counters(self, path: str) -> tuple[int, ...]:
        """What is kept of the entries of a feed that are on no full page: number and bytes."""
        query = select(feeds.c.n_open, feeds.c.open_bytes).where(feeds.c.path == path)
        return self._first(query)

    def counted(self, path: str) -> tuple[int, ...]:
        is_open = (arrivals.c.path == path, arrivals.c.number > feeds.c.archived_to)
        texts = (versions.c.title, versions.c.summary, versions.c.content_html)
        size = func.sum(sum(map(func.length, texts)))
        query = select(func.count(), func.coalesce(size, 0)).where(*is_open)
        return self._first(
            query.join_from(arrivals, feeds, feeds.c.path == arrivals.c.path).join(
                versions, versions.c.seq == arrivals.c.seq
            )
        )

    def _first(self, query: Select[tuple[int, ...]]) -> tuple[int, ...]:
        database = self.store._database  # type: ignore[attr-defined]  # nobody else is told
        with database.reading() as connection:
            return tuple(connection.execute(query).one())


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "add", "edit", "redate", "retag", "remove", "undo"]),
        st.sets(st.integers(1, 24), min_size=1, max_size=9),
    ),
    min_size=2,
    max_size=9,
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS)
def test_whatever_happens_every_entry_is_found_once(steps: list[tuple[str, set[int]]]) -> None:
    site = Site()
    firsts: dict[tuple[str, int], set[int]] = {}
    for verb, numbers in steps:
        getattr(site, verb)(numbers)
        for path, tag in (("", None), ("tags/go", "Go")):
            with site.store.snapshot() as snapshot:
                rows = {r.path: r for r in snapshot.feeds()}
                if path not in rows:
                    assert not site.expected(tag)
                    continue
                living = [number_of(e) for e in snapshot.living(path, 50)]
                archived = [
                    {number_of(e) for e in page.entries} for page in pages_of(snapshot, path)
                ]
                in_order = [number_of(e) for e in snapshot.entries(path, 100)]
            assert len(set(living)) == len(living)
            assert sum(map(len, archived)) == len(set().union(*archived))
            assert set(living).union(*archived) == site.expected(tag) == set(in_order)
            assert rows[path].n_entries == len(in_order)
            for n, page in enumerate(archived, 1):
                assert page <= firsts.setdefault((path, n), page)
            assert site.counters(path) == site.counted(path)
    site.store.close()
