"""The latest entries of any feed and any search, among very many, on each database.

The databases make the rows themselves out of one entry that was kept and published, and of a few
hundred texts in the proportions of a language, so that a million of them is a matter of minutes.
PostgreSQL is looked for where the tests look for it; without one SQLite alone is measured.
"""

from __future__ import annotations

import random
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import accumulate
from pathlib import Path

import psycopg
from sqlalchemy import Connection, Engine, create_engine, make_url, text

from feedsvc.model import Family, Membership, Query
from feedsvc.store import Store, open_store
from feedsvc.store.fulltext import GAP, Text, TsVector, index_of
from feedsvc.store.search import ALL, marks_of
from feedsvc.store.tables import entries, memberships, versions
from tests.bench.keeping import kept
from tests.bench.measure import Bench, Run
from tests.builders import at, reading
from tests.store.conftest import SERVER

LIMIT = 50
TIMES = 20
START, STEP = 1_000_000_000, 600  #: seconds: of the oldest entry, and between two
N_TEXTS, N_WORDS, VOCABULARY = 512, 150, 50_000
FEEDS = (
    Membership(path="tags/common", family=Family.TAGS, name="common"),
    Membership(path="tags/rare", family=Family.TAGS, name="rare"),
    Membership(path="authors/ann-lee", family=Family.AUTHORS, name="Ann Lee"),
    Membership(path="sections/local", family=Family.SECTIONS, name="Local"),
)
SEARCHES = {
    "a word in every third": Query(words="harbour"),
    "a word in every hundredth": Query(words="quay"),
    "a word in every thousandth": Query(words="dredger"),
    "a word in 200": Query(words="lightship"),
    "a word in one": Query(words="narwhal"),
    "a word of the older half": Query(words="steamer"),
    "two words": Query(words="harbour quay"),
    "two words seldom together": Query(words="quay dredger"),
    "a phrase": Query(words='"v1 v2"'),
    "a word and a tag": Query(words="quay", tags=("common",)),
    "a tag": Query(tags=("common",)),
    "all but a word": Query(exclude=("harbour",)),
}


def shares(n_entries: int) -> dict[str, int]:
    """Which share of the entries has a word, or stands in a feed: one in so many."""
    rare = max(n_entries // 200, 1)
    feeds = {"tags/common": 5, "tags/rare": rare, "authors/ann-lee": 50, "sections/local": 10}
    return feeds | {"harbour": 3, "quay": 100, "dredger": 1_000, "lightship": rare}


def chosen(share: int, salt: int) -> str:
    """Whether the n-th entry is one of them, in SQL and in Python alike."""
    return f"(n * 2654435761 >> {salt}) % {share} = 0"


def conditions(n_entries: int) -> dict[str, str]:
    found = {name: chosen(one, 7 + k) for k, (name, one) in enumerate(shares(n_entries).items())}
    found["narwhal"] = f"n = {n_entries // 3}"
    return found | {"steamer": f"n < {n_entries // 2} AND {chosen(3, 20)}"}


def finding(n_entries: int, top: Path) -> Iterator[Bench]:
    for name, url in (("SQLite", f"sqlite:///{top}/found.sqlite3"), ("PostgreSQL", None)):
        if url:
            yield from benches(name, url, n_entries)
        else:
            with database() as made:
                if made:
                    yield from benches(name, made, n_entries)


@contextmanager
def database() -> Iterator[str | None]:
    """A database made for this run; None without a server."""
    name = f"feedsvc_bench_{secrets.token_hex(6)}"
    try:
        server = psycopg.connect(SERVER, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        print(f"no PostgreSQL to measure: {error}", file=sys.stderr)
        yield None
        return
    with server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            yield make_url(SERVER).set(database=name).render_as_string(hide_password=False)
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def benches(name: str, url: str, n_entries: int) -> Iterator[Bench]:
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    fill(url, engine, n_entries)
    store = open_store(url)
    works: dict[str, Callable[[], int]] = {
        path or "the site": partial(latest, store, path)
        for path in ("", *(one.path for one in FEEDS))
    }
    works |= {what: partial(answered, store, query) for what, query in SEARCHES.items()}
    with engine.connect() as connection:
        by_key = timed(partial(fifty_by_key, connection, n_entries))
        for what, work in works.items():
            yield Bench(
                what=f"latest {LIMIT}: {what}",
                anchor=f"by key, {n_entries:,} in {name}",
                ours=timed(work),
                theirs=by_key,
                unit="µs",
                reach="<= 20",
            )
    store.close()
    engine.dispose()


def timed(work: Callable[[], int]) -> Run:
    """The best of several, on the clock, for the database may work elsewhere: microseconds."""

    def once() -> float:
        started = time.perf_counter()
        assert work(), "nothing was found"
        return time.perf_counter() - started

    return lambda: min(once() for _ in range(TIMES)) * 1e6


def latest(store: Store, path: str) -> int:
    with store.snapshot() as snapshot:
        return len(snapshot.entries(path, LIMIT))


def answered(store: Store, query: Query) -> int:
    with store.snapshot() as snapshot:
        return len(snapshot.search(query))


def fifty_by_key(connection: Connection, n_entries: int) -> int:
    """Whole rows, scattered, in one statement of the bare driver."""
    seqs = ", ".join(str(n * 7919 % n_entries + 1) for n in range(LIMIT))
    cursor = connection.connection.cursor()
    cursor.execute(f"SELECT * FROM versions WHERE seq IN ({seqs}) AND born = 1")
    return len(cursor.fetchall())


# ---- very many rows


def fill(url: str, engine: Engine, n_entries: int) -> None:
    """A store with one published revision of so many entries of 2 KiB."""
    store = open_store(url)
    with store.ingesting() as session:
        session.keep(reading(kept(1), name="news"))
        session.publish(at("2025-05-14"))
    store.close()
    with engine.begin() as db:
        db.execute(text("DELETE FROM memberships"))
        db.execute(text("DELETE FROM texts"))
        multiply(db, n_entries)
        join_feeds(db, n_entries)
        {"sqlite": fill_fts5, "postgresql": fill_tsvector}[db.dialect.name](db, n_entries)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        db.execute(text("ANALYZE"))


def series(db: Connection, first: int, last: int) -> str:
    if db.dialect.name == "postgresql":
        return f"generate_series(CAST({first} AS bigint), {last}) AS series(n)"
    step = f"SELECT {first} AS n UNION ALL SELECT n + 1 FROM series WHERE n < {last}"
    return f"(WITH RECURSIVE series(n) AS ({step}) SELECT n FROM series)"


def multiply(db: Connection, n_entries: int) -> None:
    """The one entry and its version again and again, with keys and dates of their own."""
    moment, rest = f"{START} + n * {STEP}", series(db, 2, n_entries)
    own: dict[str, dict[str, str]] = {
        "entries": {"seq": "n", "id": "'urn:' || n", "slug": "'s' || n", "own_key": "'o' || n"}
        | {"link_key": "'l' || n", "text_key": "'t' || n"},
        "versions": {"seq": "n", "published": moment},
    }
    for table in (entries, versions):
        values = {column.name: f't."{column.name}"' for column in table.c} | own[table.name]
        names = ", ".join(f'"{name}"' for name in values)
        made = f"SELECT {', '.join(values.values())} FROM {table.name} t, {rest} WHERE t.seq = 1"
        db.execute(text(f"INSERT INTO {table.name} ({names}) {made}"))
    db.execute(text(f"UPDATE versions SET published = {START + STEP} WHERE seq = 1"))


def join_feeds(db: Connection, n_entries: int) -> None:
    wanted = {"": "1 = 1"} | conditions(n_entries)
    names = ", ".join(column.name for column in memberships.c)
    for path in ("", *(one.path for one in FEEDS)):
        db.execute(
            text(
                f"INSERT INTO memberships ({names}) "
                f"SELECT '{path}', -v.published, -v.place, e.id, v.seq, v.born, v.gone "
                "FROM (SELECT seq AS n, * FROM versions) v JOIN entries e ON e.seq = v.seq "
                f"WHERE {wanted[path]} ORDER BY v.published DESC"
            )
        )


def pool() -> list[list[str]]:
    """Texts in which a few words are everywhere and most are hardly anywhere."""
    choose = random.Random(1)
    shares = list(accumulate(1 / (n + 2) for n in range(VOCABULARY)))
    words = [f"v{n}" for n in range(VOCABULARY)]
    return [choose.choices(words, cum_weights=shares, k=N_WORDS) for _ in range(N_TEXTS)]


def words_for(name: str) -> tuple[str, ...]:
    """What the index has of a feed, or the word itself."""
    return next((marks_of(one) for one in FEEDS if one.path == name), (name,))


def fill_fts5(db: Connection, n_entries: int) -> None:
    texts, asked = pool(), conditions(n_entries)
    tests = [(words_for(name), compile(how.replace(" = ", " == ").replace("AND", "and"), name, "eval"))
             for name, how in asked.items()]  # fmt: skip
    for first in range(1, n_entries + 1, 5_000):
        run = []
        for n in range(first, min(first + 5_000, n_entries + 1)):
            more = [word for words, how in tests if eval(how, {"n": n}) for word in words]
            run.append(Text(n, START + n * STEP, [ALL, *more, GAP, *texts[n * 31 % N_TEXTS]]))
        index_of(db).put(db, run)
    db.exec_driver_sql("INSERT INTO texts (texts) VALUES ('optimize')")


def fill_tsvector(db: Connection, n_entries: int) -> None:
    index = TsVector()
    db.exec_driver_sql("CREATE TABLE pool (k bigint PRIMARY KEY, words tsvector)")
    rows = [(k, index.vector_of(one)) for k, one in enumerate(pool())]
    db.exec_driver_sql("INSERT INTO pool VALUES (%s, %s::tsvector)", rows)
    lists = [
        f"CASE WHEN {how.replace('%', '%%')} THEN '{word}' END"
        for name, how in conditions(n_entries).items()
        for word in words_for(name)
    ]
    lists += [f"'~{era}/' || (({START} + n * {STEP}) >> {era})" for era in index.ERAS]
    more = f"array_to_tsvector(array_remove(ARRAY['{ALL}', {', '.join(lists)}], NULL))"
    db.exec_driver_sql("DROP INDEX texts_words")
    db.exec_driver_sql(
        f"INSERT INTO texts SELECT n, {START} + n * {STEP}, pool.words || {more} "
        f"FROM {series(db, 1, n_entries)} JOIN pool ON k = n * 31 %% {N_TEXTS}",
        (),
    )
    db.exec_driver_sql("CREATE INDEX texts_words ON texts USING gin (words)")
