"""The order in which entries came to a feed, its full pages, and what returned from them.

Room: store. Called by news alone, while it publishes: all that is here is as readers see it,
so nothing is kept by revision. What a publish costs follows from what changed, not from how
much a feed holds.
An entry that leaves a feed loses its number there; when it comes again it arrives anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    Connection,
    Row,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from feedsvc.store.codec import Columns, Spot, Version
from feedsvc.store.protocol import Measure, Selector
from feedsvc.store.settling import each, insert_all, runs
from feedsvc.store.tables import archives, arrivals, arriving, feeds, returned

_WINDOW = 5000


class Turn(NamedTuple):
    """What becomes of one entry in the revision being published."""

    seq: int
    id: str
    before: Version | None
    after: Version | None
    old: Mapping[str, Spot]  #: where it stood, by the feed's path
    new: Mapping[str, Spot]  #: where it will stand
    is_expired: bool  #: gone because its time is over

    @property
    def is_corrected(self) -> bool:
        """Whether subscribers see something else than before."""
        return bool(self.before and self.after and self.before["digest"] != self.after["digest"])


@dataclass(slots=True)
class Shift:
    """By how much the counters of a feed move."""

    n_arrived: int = 0
    n_open: int = 0
    open_bytes: int = 0


@dataclass(slots=True)
class History:
    """One publish, as it bears on the history of every feed."""

    db: Connection
    revision: int
    moment: datetime
    selector: Selector
    shifts: defaultdict[str, Shift] = field(default_factory=lambda: defaultdict(Shift))

    def take(self, turns: Sequence[Turn]) -> None:
        """Note what arrives, and follow what leaves or was corrected."""
        self._arrive(turns)
        by_seq = {
            turn.seq: turn
            for turn in turns
            if turn.old and (turn.is_corrected or turn.old.keys() - turn.new.keys())
        }
        found = self._arrivals(by_seq) if by_seq else []
        left = [row for row in found if row.path not in by_seq[row.seq].new]
        self._leave(left)
        staying = [row for row in found if row.path in by_seq[row.seq].new]
        self._correct([(row, by_seq[row.seq]) for row in staying if by_seq[row.seq].is_corrected])

    def _arrive(self, turns: Iterable[Turn]) -> None:
        rows: list[Columns] = []
        for turn in turns:
            if turn.after and turn.new:
                facts = {name: turn.after[name] for name in ("published", "place", "n_bytes")}
                facts |= {"id": turn.id, "seq": turn.seq}
                rows += (facts | {"path": path} for path in turn.new if path not in turn.old)
        for row in rows:
            shift = self.shifts[row["path"]]
            shift.n_arrived += 1
            shift.n_open += 1
            shift.open_bytes += row["n_bytes"]
        insert_all(self.db, arriving, rows)

    def _arrivals(self, seqs: Iterable[int]) -> Sequence[Row[Any]]:
        """What these entries are in the feeds that have them."""
        a, f = arrivals.c, feeds.c
        is_open = (a.number > f.archived_to).label("is_open")
        query = select(arrivals, is_open, f.is_ranked).join(feeds, f.path == a.path)
        return self.db.execute(query.where(a.seq.in_(tuple(seqs)))).all()

    def _leave(self, rows: Sequence[Row[Any]]) -> None:
        keys = [_key(row) for row in rows]
        each(self.db, delete(arrivals), arrivals, keys)
        each(self.db, delete(returned), returned, keys)
        for row in rows:
            if row.is_open:
                self.shifts[row.path].n_open -= 1
                self.shifts[row.path].open_bytes -= row.n_bytes
        self._touch(rows)

    def _correct(self, rows: Sequence[tuple[Row[Any], Turn]]) -> None:
        sizes = [(row, turn.after["n_bytes"]) for row, turn in rows if turn.after]
        resized = [(row, size) for row, size in sizes if size != row.n_bytes]
        for row, size in resized:
            if row.is_open:
                self.shifts[row.path].open_bytes += size - row.n_bytes
        weighed = update(arrivals).values(n_bytes=bindparam("the_n_bytes"))
        each(self.db, weighed, arrivals, [_key(row) | {"n_bytes": n} for row, n in resized])
        self._touch([row for row, _ in rows])
        self._return([row for row, _ in rows if self._measure(row)])

    def _return(self, rows: Iterable[Row[Any]]) -> None:
        keys = [_key(row) for row in rows]
        each(self.db, delete(returned), returned, keys)
        insert_all(self.db, returned, [key | {"revision": self.revision} for key in keys])

    def _touch(self, rows: Iterable[Row[Any]]) -> None:
        """The documents of the full pages that these stand on change."""
        closed = {(row.path, row.number) for row in rows if not row.is_open}
        if not closed:
            return
        a, later = archives.c, archives.alias().c
        path: BindParameter[str] = bindparam("the_path")
        number: BindParameter[int] = bindparam("the_number")
        last = select(func.min(later.last)).where(later.path == path, later.last >= number)
        self.db.execute(
            update(archives)
            .where(a.path == path, a.last == last.scalar_subquery())
            .values(changed=self.moment),
            [{"the_path": path, "the_number": number} for path, number in sorted(closed)],
        )

    def _measure(self, feed: Row[Any]) -> Measure | None:
        return None if feed.is_ranked else self.selector.measure(feed.path)

    def number(self) -> None:
        """Give what arrived its numbers, by date, behind those of before."""
        a, f = arriving.c, feeds.c
        oldest_first = (a.published, a.place, a.id.desc())
        place = func.row_number().over(partition_by=a.path, order_by=oldest_first)
        number = (func.coalesce(f.n_arrived, 0) + place).label("number")
        query = select(a.path, number, a.seq, a.n_bytes).outerjoin(feeds, f.path == a.path)
        names = ["path", "number", "seq", "n_bytes"]
        self.db.execute(insert(arrivals).from_select(names, query.order_by(a.path, number)))
        self.db.execute(delete(arriving))

    def close(self, paths: Iterable[str]) -> None:
        """Make full pages of what these feeds have too much of outside of them."""
        for run in runs(paths):
            for feed in self.db.execute(select(feeds).where(feeds.c.path.in_(run))).all():
                measure = self._measure(feed)
                if measure and is_overfull(feed.n_open, feed.open_bytes, measure):
                    self._close(feed, measure)

    def _close(self, feed: Row[Any], measure: Measure) -> None:
        a = arrivals.c
        query = select(a.number, a.n_bytes).where(a.path == feed.path, a.number > feed.archived_to)
        streamed = query.order_by(a.number).execution_options(yield_per=_WINDOW)
        with closing(self.db.execute(streamed)) as rows:
            found = (Arrival(*row) for row in rows)
            full = list(full_pages(found, feed.n_open, feed.open_bytes, measure))
        self._write_pages(feed, full)
        counters = {
            "n_archives": feed.n_archives + len(full),
            "archived_to": full[-1].last,
            "n_open": feed.n_open - sum(page.n_entries for page in full),
            "open_bytes": feed.open_bytes - sum(page.n_bytes for page in full),
        }
        self.db.execute(update(feeds).where(feeds.c.path == feed.path).values(**counters))

    def _write_pages(self, feed: Row[Any], full: Sequence[FullPage]) -> None:
        """The new ones; the newest of before has a next one now, and what returned is old."""
        a, r = archives.c, returned.c
        newest = update(archives).where(a.path == feed.path, a.number == feed.n_archives)
        self.db.execute(newest.values(changed=self.moment))
        self.db.execute(delete(returned).where(r.path == feed.path, r.revision < self.revision))
        facts = {"path": feed.path, "changed": self.moment}
        numbered = enumerate(full, feed.n_archives + 1)
        insert_all(
            self.db, archives, [facts | {"number": n, "last": page.last} for n, page in numbered]
        )


class Arrival(NamedTuple):
    """One entry of a feed, outside of full pages."""

    number: int
    n_bytes: int


class FullPage(NamedTuple):
    """A run of arrivals that from now on is a page."""

    last: int
    n_entries: int
    n_bytes: int


def is_overfull(n_open: int, open_bytes: int, measure: Measure) -> bool:
    """Whether a living page holds so much that a part of it is to become a full page."""
    return n_open >= 2 * measure.entries or (open_bytes > measure.bytes and n_open > 1)


def full_pages(
    rows: Iterator[Arrival], n_open: int, open_bytes: int, measure: Measure
) -> Iterator[FullPage]:
    """Pages of the oldest, until what is left is no longer too much; never all of it.

    Where the bytes are too many half of them stay, that whoever looks in now and then does
    not miss them.
    """
    row = next(rows, None)
    while row and is_overfull(n_open, open_bytes, measure):
        most = measure.bytes
        if n_open < 2 * measure.entries:
            most = min(most, open_bytes - measure.bytes // 2)
        page = FullPage(row.number, 0, 0)
        while row and _has_room(page, row, measure.entries, most):
            page = FullPage(row.number, page.n_entries + 1, page.n_bytes + row.n_bytes)
            row = next(rows, None)
        n_open, open_bytes = n_open - page.n_entries, open_bytes - page.n_bytes
        yield page


def _has_room(page: FullPage, row: Arrival, n_entries: int, n_bytes: int) -> bool:
    is_small = page.n_entries < n_entries and page.n_bytes + row.n_bytes <= n_bytes
    return is_small or not page.n_entries


def overfull(db: Connection, selector: Selector) -> tuple[str, ...]:
    """Feeds that other settings made too long; a look at the counters of each."""
    f = feeds.c
    rows = db.execute(
        select(f.path, f.n_open, f.open_bytes).where(
            or_(f.n_open > 1, f.open_bytes > 0), f.is_ranked.is_(False)
        )
    ).all()
    measured = ((row, selector.measure(row.path)) for row in rows if row.n_open > 1)
    return tuple(
        row.path for row, m in measured if m and is_overfull(row.n_open, row.open_bytes, m)
    )


def _key(row: Row[Any]) -> Columns:
    return {"path": row.path, "number": row.number}
