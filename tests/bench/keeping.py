"""Keeping entries and finding the latest, beside the bare database."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

from feedsvc.config import Settings
from feedsvc.intake import ingest
from feedsvc.model import Keys, Place
from feedsvc.seeds import find_inputs
from feedsvc.selection import Selector
from feedsvc.store import Kept, SourceRead, Store, open_store
from tests.bench.documents import news
from tests.bench.measure import Bench, cpu
from tests.builders import at

NOW = at("2025-05-14")
COLUMNS = (
    "id, slug, title, summary, html, text, link, published, updated, source, line, fingerprint"
)


def fresh(folder: Path, numbers: count[int]) -> Store:
    return open_store(f"sqlite:///{folder}/{next(numbers)}.sqlite3", selector=Selector(Settings()))


def kept(number: int) -> Kept:
    """An entry of 2 KiB; every tenth is in "Rare", the others in "Common"."""
    section = "Common" if number % 10 else "Rare"
    place = Place(source="news", line=number, section=section)
    keys = Keys(own=f"o{number}", link=f"l{number}", text=f"t{number}")
    return Kept(entry=news(number), keys=keys, places=(place,))


def keep(store: Store, read: SourceRead) -> Store:
    with store.ingesting() as session:
        session.keep(read)
        session.publish(NOW)
    return store


def rows(read: SourceRead) -> Iterator[tuple[Any, ...]]:
    for e in (kept.entry for kept in read.kept):
        moments = e.published.instant.isoformat(), e.updated.isoformat()
        texts = e.title, e.summary, e.content_html, e.content_text, e.link
        yield (e.id, e.slug, *texts, *moments, e.source, e.line, e.fingerprint)


def bare(file: Path, read: SourceRead) -> int:
    """One table and one index for the same entries, filled in one transaction."""
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute(f"CREATE TABLE entry ({COLUMNS.replace('id,', 'id PRIMARY KEY,', 1)})")
        database.execute("CREATE INDEX newest ON entry (published, id)")
        database.executemany(f"INSERT INTO entry VALUES ({','.join('?' * 12)})", rows(read))
        return int(database.execute("SELECT count(*) FROM entry").fetchone()[0])


def storing(n_entries: int, folder: Path) -> Iterator[Bench]:
    read = SourceRead(name="news", digest="1", kept=tuple(map(kept, range(1, n_entries + 1))))
    numbers = count()
    yield Bench(
        what=f"keep {n_entries:,} parsed entries of 2 KiB",
        anchor="sqlite3 executemany",
        ours=cpu(lambda: keep(fresh(folder, numbers), read), n_entries, bool),
        theirs=cpu(
            lambda: bare(folder / f"{next(numbers)}.bare", read),
            n_entries,
            lambda n: n == n_entries,
        ),
        unit="µs/entry",
        reach="<= 4",
    )
    yield from finding(keep(fresh(folder, numbers), read), folder / "found.bare", read)


def finding(store: Store, file: Path, read: SourceRead) -> Iterator[Bench]:
    n_entries, times = bare(file, read), 40
    database = sqlite3.connect(file)
    ids = [(kept.entry.id,) for kept in read.kept[::7][:50]]

    def by_key() -> int:
        for _ in range(times):
            found = [
                database.execute("SELECT * FROM entry WHERE id = ?", i).fetchone() for i in ids
            ]
        return len(found)

    def latest(path: str) -> int:
        with store.snapshot() as snapshot:
            for _ in range(times):
                found = snapshot.entries(path, 50)
        return len(found)

    for path in ("", "sections/common", "sections/rare"):
        yield Bench(
            what=f"latest 50 of {path or 'the site'!s}, {n_entries:,} kept",
            anchor="50 rows by primary key",
            ours=cpu(lambda path=path: latest(path), times, lambda n: n == 50),
            theirs=cpu(by_key, times, lambda n: n == 50),
            unit="µs",
            reach="<= 20",
        )


def reading_again(n_items: int, folder: Path) -> Iterator[Bench]:
    """From the bytes of a file to what is shown: a first time, and with nothing changed."""
    seeds = folder / "seeds"
    seeds.mkdir()
    with (seeds / "news.jsonl").open("w") as file:
        for e in map(news, range(1, n_items + 1)):
            fields = {"id": e.slug, "title": e.title, "url": e.link, "content_html": e.content_html}
            file.write(json.dumps(fields | {"date": e.published.instant.isoformat()}) + "\n")
    numbers = count(1000)
    store = fresh(folder, numbers)
    ingest(store, find_inputs([seeds]))
    yield Bench(
        what=f"ingest an unchanged file of {n_items:,} records",
        anchor="the first ingest of it",
        ours=cpu(
            lambda: ingest(store, find_inputs([seeds])),
            n_items,
            lambda report: report.sources[0].is_skipped,
        ),
        theirs=cpu(
            lambda: ingest(fresh(folder, numbers), find_inputs([seeds])),
            n_items,
            lambda report: report.total("n_new") == n_items,
        ),
        unit="µs/item",
        reach="<= 0.05",
    )
