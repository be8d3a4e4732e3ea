"""Versions and memberships brought to what content and appearances say.

Room: store. Called by session alone, inside its transactions.
An entry has at most two versions here: the published one, and a draft of the next revision.
Where nothing differs nothing is written; what returns to the published state leaves no trace.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import groupby, islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Dialect, RowMapping, Table, bindparam, delete, select, update

from feedsvc.model import Place
from feedsvc.store import codec
from feedsvc.store.codec import Columns, Spot, Version
from feedsvc.store.protocol import Selector
from feedsvc.store.tables import (
    Moment,
    appearances,
    entries,
    memberships,
    microseconds,
    pending,
    uses,
    versions,
)

RUN = 500  #: rows asked for by key at once
_CONTENT = (
    "published", "place", "title", "summary", "content_html", "content_text", "updated",
    "fingerprint", "dated", "more", "expires", "n_bytes",
)  # fmt: skip
_STATE = (
    "seq", "born", "gone", "since", "digest", "standing", "is_held", "published", "place",
    "memberships",
)  # fmt: skip
_IDENTITY = [
    entries.c[name] for name in ("seq", "id", "source", "is_removed", "hold_until", "is_expired")
]
T = TypeVar("T")


def runs(values: Iterable[T]) -> Iterator[tuple[T, ...]]:
    """Values in tuples of at most RUN."""
    iterator = iter(values)
    while run := tuple(islice(iterator, RUN)):
        yield run


def settle(
    db: Connection,
    revision: int,
    seqs: Collection[int],
    contents: Mapping[int, Columns],
    selector: Selector,
) -> None:
    """Write what differs, for `revision`; entries without new content keep what they have."""
    for run in runs(sorted(seqs)):
        writes = _Writes(revision)
        kept = stored(db, [seq for seq in run if seq not in contents])
        places, states = _places(db, run), _states(db, run)
        for row in db.execute(select(*_IDENTITY).where(entries.c.seq.in_(run))).all():
            content = contents.get(row.seq) or kept.get(row.seq)
            if content:
                content = _in_its_place(content, states.get(row.seq, ()))
            wanted = _wanted(row, content, places.get(row.seq, ()), selector)
            writes.turn(row.seq, row.id, states.get(row.seq, ()), wanted)
        writes.carry_out(db)


def spots_now(db: Connection, seqs: Collection[int]) -> dict[int, dict[str, Spot]]:
    """Where entries stand in their feeds, the next revision counted in."""
    a = entries.c
    query = select(versions, a.id).join(entries, a.seq == versions.c.seq)
    rows = db.execute(query.where(a.seq.in_(seqs), versions.c.gone.is_(None))).mappings()
    return {row["seq"]: codec.spots_of(row["id"], row) for row in rows}


def stored(db: Connection, seqs: Sequence[int]) -> dict[int, Columns]:
    """What entries show of themselves, the next revision counted in."""
    if not seqs:
        return {}
    v = versions.c
    columns = [v[name] for name in ("seq", *_CONTENT)]
    rows = db.execute(select(*columns).where(v.seq.in_(seqs), v.gone.is_(None))).mappings()
    return {row["seq"]: {name: row[name] for name in _CONTENT} for row in rows}


def _places(db: Connection, seqs: Sequence[int]) -> dict[int, list[tuple[Place, bool]]]:
    """Appearances by seq: those that are listed now first, then home, source, and order in it."""
    a = appearances.c
    query = select(appearances, entries.c.source.label("home")).join(entries)
    rows = sorted(
        db.execute(query.where(a.seq.in_(seqs))),
        key=lambda r: (r.seq, not r.is_present, r.source != r.home, r.source, r.ordinal),
    )
    return {
        seq: [(codec.place_of(row), row.is_present) for row in found]
        for seq, found in groupby(rows, key=lambda row: row.seq)
    }


def _states(db: Connection, seqs: Sequence[int]) -> dict[int, list[RowMapping]]:
    columns = [versions.c[name] for name in _STATE]
    query = select(*columns).where(versions.c.seq.in_(seqs)).order_by(versions.c.seq)
    rows = db.execute(query).mappings()
    return {seq: list(found) for seq, found in groupby(rows, key=lambda row: row["seq"])}


def _in_its_place(content: Columns, states: Sequence[RowMapping]) -> Columns:
    """The content with the place its entry has had: where a source grew, nothing moves for that.

    A place tells entries of one second apart; it is given once, as a date is.
    """
    before = next((row for row in states if row["published"] == content["published"]), None)
    return content | {"place": before["place"]} if before else content


def _wanted(
    who: Any,
    content: Columns | None,
    places: Sequence[tuple[Place, bool]],
    selector: Selector,
) -> Columns | None:
    """The version that an entry should have; None when it should have none."""
    if who.is_removed or content is None:
        return None
    standing = codec.standing_columns(content, who.source, places, selector)
    is_held = who.hold_until is not None or who.is_expired
    return codec.with_digests(content | standing | {"is_held": is_held})


def _same(version: Version | None, wanted: Version | None) -> bool:
    if version is None or wanted is None:
        return version is wanted
    return bool(version["digest"] == wanted["digest"] and version["standing"] == wanted["standing"])


def _is_no_news(version: Version, wanted: Version) -> bool:
    """Whether the entry's own page, which lists its feeds, shows the same."""
    same = ("digest", "memberships")
    return all(version[name] == wanted[name] for name in same)


@dataclass(slots=True)
class _Writes:
    """Statements gathered, so that each kind is sent once for many rows."""

    revision: int
    touched: list[int] = field(default_factory=list)
    dropped: list[Columns] = field(default_factory=list)  #: drafts
    revived: list[Columns] = field(default_factory=list)
    ended: list[Columns] = field(default_factory=list)
    begun: list[Columns] = field(default_factory=list)
    withdrawn: list[Spot] = field(default_factory=list)  #: memberships of drafts
    returned: list[Spot] = field(default_factory=list)
    left: list[Spot] = field(default_factory=list)
    joined: list[Columns] = field(default_factory=list)

    def turn(self, seq: int, id: str, states: Sequence[RowMapping], wanted: Columns | None) -> None:
        """Note what makes `wanted` the state of the next revision."""
        published = next((row for row in states if row["born"] < self.revision), None)
        draft = next((row for row in states if row["born"] == self.revision), None)
        is_ended = published is not None and published["gone"] is not None
        if _same(draft or (None if is_ended else published), wanted):
            return
        self.touched.append(seq)
        before = codec.spots_of(id, published)
        if draft:
            self.dropped.append(_key(draft))
            self.withdrawn += _without(codec.spots_of(id, draft), before)
        if published and is_ended:
            self.revived.append(_key(published))
            self.returned += before.values()
        if not _same(published, wanted):
            self._replace(seq, id, published, wanted)

    def _replace(
        self, seq: int, id: str, published: RowMapping | None, wanted: Columns | None
    ) -> None:
        before, after = codec.spots_of(id, published), codec.spots_of(id, wanted)
        if published:
            self.ended.append(_key(published))
            self.left += _without(before, after)
        if wanted:
            since = (
                published["since"]
                if published and _is_no_news(published, wanted)
                else self.revision
            )
            born = {"seq": seq, "born": self.revision, "gone": None}
            self.begun.append(wanted | born | {"since": since})
            self.joined += [spot._asdict() | born for spot in _without(after, before)]

    def carry_out(self, db: Connection) -> None:
        """In an order in which no key is there twice."""
        each(db, delete(versions), versions, self.dropped)
        each(db, update(versions).values(gone=None), versions, self.revived)
        each(db, update(versions).values(gone=self.revision), versions, self.ended)
        insert_all(db, versions, self.begun)
        insert_all(db, uses, [use for version in self.begun for use in _uses(version)])
        each(db, delete(memberships), memberships, [s._asdict() for s in self.withdrawn])
        back, away = (update(memberships).values(gone=at) for at in (None, self.revision))
        each(db, back, memberships, [spot._asdict() for spot in self.returned])
        each(db, away, memberships, [spot._asdict() for spot in self.left])
        insert_all(db, memberships, self.joined)
        if self.touched:
            db.execute(delete(pending).where(pending.c.seq.in_(self.touched)))
            insert_all(db, pending, [{"seq": seq} for seq in self.touched])


def _uses(version: Columns) -> list[Columns]:
    return [_key(version) | {"path": path} for path in codec.attachments_in(version)]


def _key(row: Version) -> Columns:
    return {"seq": row["seq"], "born": row["born"]}


def _without(spots: Mapping[str, Spot], others: Mapping[str, Spot]) -> list[Spot]:
    return [spot for path, spot in spots.items() if others.get(path) != spot]


def each(db: Connection, statement: Any, table: Table, keys: Sequence[Columns]) -> None:
    """Run a DELETE or UPDATE for each primary key."""
    if keys:
        columns = list(table.primary_key)
        named = statement.where(*(column == bindparam(f"the_{column.name}") for column in columns))
        db.execute(named, [{f"the_{name}": value for name, value in key.items()} for key in keys])


def insert_all(db: Connection, table: Table, rows: Sequence[Columns]) -> None:
    """Insert rows that have every column, all at once.

    Handed to the driver directly: what SQLAlchemy does for each row costs as much as the insert.
    """
    if not rows:
        return
    statement = _insertion(table, db.dialect)
    kinds = [(column.name, isinstance(column.type, Moment)) for column in table.c]
    ready = [
        [_plain(row[name]) if is_moment else row[name] for name, is_moment in kinds] for row in rows
    ]
    if db.dialect.positional:
        db.exec_driver_sql(statement, [tuple(row) for row in ready])
    else:
        names = table.c.keys()
        db.exec_driver_sql(statement, [dict(zip(names, row, strict=True)) for row in ready])


@lru_cache(maxsize=64)
def _insertion(table: Table, dialect: Dialect) -> str:
    return str(table.insert().compile(dialect=dialect))


def insert_missing(db: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows, each with every column in its order, but for those that are there."""
    marks = ", ".join(["?" if db.dialect.positional else "%s"] * len(table.columns))
    statement = f"INSERT INTO {table.name} VALUES ({marks}) ON CONFLICT DO NOTHING"
    db.exec_driver_sql(statement, list(rows))


def _plain(moment: datetime | None) -> int | None:
    return None if moment is None else microseconds(moment)
