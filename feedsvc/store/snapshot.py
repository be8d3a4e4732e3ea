"""Reading: one consistent view of the last published revision.

Room: store. Made by the store's door, used through the protocol.
What is found by words comes by the index, `search`; what is withheld is in none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, bindparam, or_, select, tuple_

from feedsvc.model import Attachment, Entry, Family, Place, Query, Refused, Tombstone
from feedsvc.store import codec, search
from feedsvc.store.protocol import ArchivePage, FeedRow, Selector, Story
from feedsvc.store.tables import (
    Number,
    appearances,
    archives,
    arrivals,
    attachments,
    entries,
    feeds,
    memberships,
    quarantine,
    returned,
    revisions,
    state,
    tombstones,
    uses,
    versions,
    visible,
)

_OF_FEED = (
    "path", "title", "family", "is_ranked", "n_entries", "n_arrived", "n_archives", "changed",
)  # fmt: skip
WINDOW = 500  #: rows fetched at once where all are wanted
FOUND_AT_MOST = 100


def feed_window(
    path: str, revision: int, limit: int, after: codec.Spot | None = None
) -> Select[Any]:
    """The query for the next entries of a feed: a walk along its clustered key."""
    m = memberships.c
    query = (
        select(versions, entries.c.id, entries.c.slug)
        .join_from(memberships, versions, versions.c.seq == m.seq)
        .join(entries, entries.c.seq == m.seq)
        .where(m.path == path, visible(memberships, revision), visible(versions, revision))
        .order_by(m.sort, m.place, m.id)
        .limit(limit)
    )
    if after is None:
        return query
    return query.where(tuple_(m.sort, m.place, m.id) > tuple_(*after[1:]))


#: entries by number; made once, for making a statement costs more than what it reads
_NUMBERED = (
    select(versions, entries.c.id, entries.c.slug)
    .join(entries, entries.c.seq == versions.c.seq)
    .where(
        versions.c.seq.in_(bindparam("seqs", expanding=True)),
        visible(versions, bindparam("revision", type_=Number)),
    )
)


class SqlSnapshot:
    """The protocol's Snapshot over one open transaction."""

    def __init__(self, connection: Connection, selector: Selector) -> None:
        self._db = connection
        self._selector = selector
        found = connection.execute(select(state)).one()
        self._at = found.revision
        self._presented: datetime = found.presented
        self.revision: int = found.revision + found.n_presentations

    def feeds(self) -> tuple[FeedRow, ...]:
        columns = [feeds.c[name] for name in _OF_FEED]
        rows = self._db.execute(select(*columns).order_by(feeds.c.position))
        return tuple(self._feed(row) for row in rows)

    def entries(self, path: str, limit: int, after: Entry | None = None) -> tuple[Entry, ...]:
        spot = codec.spots(after).get(path) if after else None
        rows = self._db.execute(feed_window(path, self._at, limit, spot)).all()
        return tuple(codec.entry_of(row) for row in rows)

    def living(self, path: str, size: int) -> tuple[Entry, ...]:
        feed = self._db.execute(select(feeds).where(feeds.c.path == path)).first()
        if feed is None or feed.is_ranked:
            return self.entries(path, feed.n_entries) if feed else ()
        if not self._has_archives(feed):
            return self.entries(path, size)
        number = arrivals.c.number
        back = (returned.c.path == path, returned.c.number <= feed.archived_to)
        newest = (returned.c.revision.desc(), returned.c.number.desc())
        numbers = self._db.scalars(
            select(returned.c.number).where(*back).order_by(*newest).limit(size)
        ).all()
        found = self._arrived(path, number > feed.archived_to)
        if numbers:
            found += self._arrived(path, number.in_(numbers))
        return tuple(sorted(found, key=lambda entry: entry.order))

    def archive(self, path: str, number: int) -> ArchivePage | None:
        a = archives.c
        ends = (a.number, a.last, a.changed, feeds.c.is_ranked, feeds.c.path)
        query = select(*ends).join(feeds, feeds.c.path == a.path)
        here = (a.path == path, a.number.between(number - 1, number))
        rows = {row.number: row for row in self._db.execute(query.where(*here))}
        if (page := rows.get(number)) is None or not self._may_have_archives(page):
            return None
        first = rows[number - 1].last + 1 if number > 1 else 1
        found = self._arrived(path, arrivals.c.number.between(first, page.last))
        return ArchivePage(number=number, entries=tuple(found), changed=page.changed)

    def _arrived(self, path: str, which: ColumnElement[bool]) -> list[Entry]:
        """The entries of a feed with such arrival numbers."""
        query = self._contents().join(arrivals, arrivals.c.seq == entries.c.seq)
        rows = self._db.execute(query.where(arrivals.c.path == path, which))
        return [codec.entry_of(row) for row in rows]

    def _feed(self, row: Row[Any]) -> FeedRow:
        facts = row._asdict() | {"family": Family(row.family)}
        return FeedRow(**facts if self._may_have_archives(row) else facts | {"n_archives": 0})

    def _may_have_archives(self, feed: Any) -> bool:
        """Whether a feed's full pages are shown, once there are some."""
        return not feed.is_ranked and self._selector.measure(feed.path) is not None

    def _has_archives(self, feed: Row[Any]) -> bool:
        """Not so where the settings ask for them since, and no full page was made yet."""
        measure = None if feed.is_ranked else self._selector.measure(feed.path)
        is_short = measure is not None and feed.n_open < 2 * measure.entries
        return is_short or (measure is not None and feed.n_archives > 0)

    def search(self, query: Query) -> tuple[Entry, ...]:
        return self._those(search.found(self._db, self._at, query))

    def all_entries(self) -> Iterator[Entry]:
        for window in self._windows():
            yield from (codec.entry_of(row) for row in window)

    def entry(self, slug: str) -> Entry | None:
        row = self._shown(slug)
        return codec.entry_of(row) if row else None

    def slugs(self) -> Iterator[str]:
        m = memberships.c
        query = (
            select(entries.c.slug)
            .join(memberships, m.seq == entries.c.seq)
            .where(m.path == "", visible(memberships, self._at))
            .order_by(m.sort, m.place, m.id)
        )
        yield from self._db.scalars(query.execution_options(yield_per=WINDOW))

    def changed_of(self, slug: str) -> datetime | None:
        row = self._shown(slug)
        moment = revisions.c.moment
        when = select(moment).where(revisions.c.revision == row.since) if row else None
        return self._db.scalar(when) if when is not None else None

    def tombstone(self, slug: str) -> Tombstone | None:
        row = self._db.execute(self._stones("").where(tombstones.c.slug == slug)).first()
        return _stone(row) if row else None

    def tombstones(self, path: str, limit: int) -> tuple[Tombstone, ...]:
        newest = (tombstones.c.removed.desc(), tombstones.c.id)
        return tuple(
            _stone(row)
            for row in self._db.execute(self._stones(path).order_by(*newest).limit(limit))
        )

    def attachment(self, path: str) -> Attachment | None:
        row = self._db.execute(self._attached().where(attachments.c.path == path)).mappings()
        found = row.first()
        return Attachment(**found) if found else None

    def attachments(self) -> Iterator[Attachment]:
        for row in self._db.execute(self._attached().order_by(attachments.c.path)).mappings():
            yield Attachment(**row)

    def presented(self) -> datetime:
        return self._presented

    def find(self, words: str, *, is_held: bool = False) -> tuple[Entry, ...]:
        named = self._contents().where(
            or_(entries.c.id == words.strip(), entries.c.slug == words.strip()),
            versions.c.is_held.is_(is_held),
        )
        rows = self._db.execute(named).all()
        if rows or not words.strip():
            return tuple(codec.entry_of(row) for row in rows)
        if not is_held:
            return self.search(Query(words=words, limit=FOUND_AT_MOST))
        held = self._contents().where(versions.c.is_held.is_(True), *_holding(words.split()))
        return tuple(codec.entry_of(row) for row in self._db.execute(held.limit(FOUND_AT_MOST)))

    def story(self, id: str) -> Story | None:
        row = self._db.execute(self._contents(explained=True).where(entries.c.id == id)).first()
        if row is None:
            return None
        candidates, title_rule, linked_how = codec.explained_of(row)
        return Story(
            entry=codec.entry_of(row),
            candidates=candidates,
            keys=codec.keys_of(row),
            title_rule=title_rule,
            linked_how=linked_how,
            appearances=self._places([row]).get(row.seq, ()),
            hold_until=row.hold_until,
        )

    def refused(self) -> tuple[Refused, ...]:
        q = quarantine.c
        columns = (q.source, q.line, q.reason, q.remedy, q.words)
        rows = self._db.execute(select(*columns).order_by(q.source, q.ordinal)).mappings()
        return tuple(Refused(**row) for row in rows)

    def appearances(self) -> Iterator[tuple[Entry, tuple[Place, ...]]]:
        for window in self._windows():
            rows = [row for row in window if row.also_in != "[]"]
            places = self._places(rows)
            yield from ((codec.entry_of(row), places.get(row.seq, ())) for row in rows)

    def _windows(self) -> Iterator[Sequence[Row[Any]]]:
        """The site's feed in runs of rows; each is fetched whole, so memory stays flat."""
        after = None
        while rows := self._db.execute(feed_window("", self._at, WINDOW, after)).all():
            yield rows
            after = codec.spots_of(rows[-1].id, rows[-1]._mapping)[""]

    def _places(self, rows: Sequence[Row[Any]]) -> dict[int, tuple[Place, ...]]:
        """Where entries are listed now, by seq, home first."""
        a = appearances.c
        homes = {row.seq: row.source for row in rows}
        query = select(appearances).where(a.seq.in_(homes), a.is_present.is_(True))
        found = sorted(
            self._db.execute(query),
            key=lambda row: (row.seq, row.source != homes[row.seq], row.source, row.ordinal),
        )
        grouped = groupby(found, key=lambda row: row.seq)
        return {seq: tuple(codec.place_of(row) for row in places) for seq, places in grouped}

    def _those(self, seqs: Sequence[int]) -> tuple[Entry, ...]:
        """Entries by number, in this order."""
        rows = self._db.execute(_NUMBERED, {"seqs": seqs, "revision": self._at}).all()
        found = {row.seq: codec.entry_of(row) for row in rows}
        return tuple(found[seq] for seq in seqs)

    def _contents(self, *, explained: bool = False) -> Select[Any]:
        """Every entry with content, withheld ones too."""
        a = entries.c
        keys = (a.own_key, a.link_key, a.text_key)
        why = (a.explained, a.hold_until, *keys) if explained else ()
        return (
            select(versions, a.id, a.slug, *why)
            .join(entries, a.seq == versions.c.seq)
            .where(visible(versions, self._at))
        )

    def _attached(self) -> Select[Any]:
        """The files that something visible refers to."""
        is_shown = (
            select(uses.c.path)
            .join(versions, and_(versions.c.seq == uses.c.seq, versions.c.born == uses.c.born))
            .where(
                uses.c.path == attachments.c.path,
                visible(versions, self._at),
                versions.c.is_held.is_(False),
            )
        )
        return select(attachments).where(is_shown.exists())

    def _shown(self, slug: str) -> Row[Any] | None:
        query = self._contents().where(entries.c.slug == slug, versions.c.is_held.is_(False))
        return self._db.execute(query).first()

    def _stones(self, path: str) -> Select[Any]:
        return select(tombstones).where(tombstones.c.path == path, visible(tombstones, self._at))


def _holding(words: list[str]) -> Iterator[ColumnElement[bool]]:
    """That every word stands in title or text."""
    columns = (versions.c.title, versions.c.content_text)
    for word in words:
        yield or_(*(column.icontains(word, autoescape=True) for column in columns))


def _stone(row: Row[Any]) -> Tombstone:
    return Tombstone(id=row.id, slug=row.slug, removed=row.removed, reason=row.reason)
