"""Writing: one ingest, seen by nobody before `publish`.

Room: store. Made by the store's door, used through the protocol.
Everything shown is written for the next revision: a new row is born there, an old one goes
there. An ingest that dies leaves such rows behind; the next one finds them and publishes them
with its own.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import asdict
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from feedsvc.model import Refused, Tombstone
from feedsvc.store import codec, history, news
from feedsvc.store.codec import Columns
from feedsvc.store.protocol import (
    EXPIRED,
    NEVER,
    FeedChanges,
    Kept,
    KnownRow,
    Remembered,
    Selector,
    SourceRead,
    SourceState,
)
from feedsvc.store.settling import (
    RUN,
    each,
    insert_all,
    insert_missing,
    runs,
    settle,
    spots_now,
    stored,
)
from feedsvc.store.tables import (
    aliases,
    appearances,
    attachments,
    clues,
    entries,
    notes,
    quarantine,
    sources,
    state,
    tombstones,
    versions,
)

_SELECTOR = "selector"  #: note: digest of what last decided which feeds entries stand in
COMMON = 64  #: a clue of more entries than this leads to none of them


class SqlSession:
    """The protocol's Session over one connection that alone may write."""

    def __init__(
        self,
        connection: Connection,
        transaction: Callable[[], AbstractContextManager[None]],
        selector: Selector,
    ) -> None:
        """`transaction` commits what is done within, or leaves it to whoever rolls all back."""
        self._connection = connection
        self._transaction = transaction
        self._selector = selector
        self._overfull: tuple[str, ...] = ()
        with self._work() as db:
            self._next: int = db.execute(select(state.c.revision)).scalar_one() + 1
            self._new_clues = array("q")
            self._last_seq: int = db.scalar(select(func.max(entries.c.seq))) or 0

    @contextmanager
    def _work(self) -> Iterator[Connection]:
        with self._transaction():
            yield self._connection

    @contextmanager
    def together(self) -> Iterator[None]:
        with self._transaction():
            alone, self._transaction = self._transaction, nullcontext
            try:
                yield
            finally:
                self._transaction = alone

    # ---- what is known

    @property
    def is_fresh(self) -> bool:
        with self._work() as db:
            return not db.scalar(select(exists().select_from(entries)))

    def source(self, name: str) -> SourceState | None:
        with self._work() as db:
            row = db.execute(select(sources).where(sources.c.name == name)).mappings().first()
            return SourceState(**row) if row else None

    def sources(self) -> tuple[SourceState, ...]:
        with self._work() as db:
            rows = db.execute(select(sources).order_by(sources.c.name)).mappings()
            return tuple(SourceState(**row) for row in rows)

    def known(
        self, keys: Iterable[str], clues: Iterable[int] = (), but: Collection[str] = ()
    ) -> tuple[KnownRow, ...]:
        with self._work() as db:
            found = _sharing_key(db, keys)
            likely = [seq for seq in _sharing_clue(db, clues) if seq not in found]
            rows = found | _rows(db, likely)
            return self._known(db, {seq: row for seq, row in rows.items() if row.id not in but})

    def look_alikes(self) -> Iterator[tuple[tuple[KnownRow, ...], tuple[KnownRow, ...]]]:
        seen: set[tuple[int, ...]] = set()
        for run in runs(sorted(set(self._new_clues))):
            with self._work() as db:
                groups = set(_shared(db, run)) - seen
                seen |= groups
                rows = _rows(db, {seq for group in groups for seq in group})
                known = dict(zip(sorted(rows), self._known(db, rows), strict=True))
            for group in sorted(groups):
                new = tuple(known[seq] for seq in group if seq > self._last_seq)
                yield new, tuple(known[seq] for seq in group if seq <= self._last_seq)

    def known_in(self, source: str) -> tuple[KnownRow, ...]:
        a, e = appearances.c, entries.c
        listed = select(a.seq).where(a.source == source, a.is_present.is_(True))
        with self._work() as db:
            rows = db.execute(
                select(entries).where(or_(e.seq.in_(listed), e.remembered_in == source))
            )
            return self._known(db, {row.seq: row for row in rows})

    def _known(self, db: Connection, rows: Mapping[int, Row[Any]]) -> tuple[KnownRow, ...]:
        """Rows of `entries` with what other tables say of them, by number."""
        a, v = appearances.c, versions.c
        listings = _grouped(db, select(a.seq, a.source).where(a.is_present.is_(True)), rows)
        keys = _grouped(db, select(aliases.c.seq, aliases.c.key), rows)
        is_old = (v.born < self._next, v.is_held.is_(False))
        shown = _grouped(db, select(v.seq, v.born).where(*is_old), rows)
        return tuple(
            codec.known_of(
                row,
                appears_in=set(listings.get(seq, ())),
                aliases=keys.get(seq, ()),
                is_published=seq in shown,
            )
            for seq, row in sorted(rows.items())
        )

    def is_taken(self, id: str) -> bool:
        with self._work() as db:
            return bool(db.scalar(select(exists().where(entries.c.id == id))))

    def taken(self, ids: Iterable[str]) -> frozenset[str]:
        with self._work() as db:
            return frozenset(id for run in runs(ids) for id in _seqs(db, run))

    # ---- what was read

    def keep(self, read: SourceRead) -> None:
        with self._work() as db:
            seqs, contents = _recognise(db, read.name, read.kept)
            for seq, one in seqs.items():
                self._new_clues.extend(one.clues if seq > self._last_seq else ())
            _note_attachments(db, read.kept)
            moved = _replace_appearances(db, read, seqs)
            settle(db, self._next, moved | seqs.keys(), contents, self._selector)
            _note_source(db, read)

    def restamp(self, name: str, stamp: str) -> None:
        with self._work() as db:
            db.execute(update(sources).where(sources.c.name == name).values(stamp=stamp))

    def refuse(self, name: str, refused: Sequence[Refused]) -> None:
        with self._work() as db:
            _quarantine(db, name, refused)

    def vacate(self, name: str) -> None:
        a = appearances.c
        moved = (
            select(entries.c.seq)
            .join(appearances)
            .where(a.source == name, entries.c.source != name)
        )
        with self._work() as db:
            seqs = db.scalars(moved.distinct()).all()
            for run in runs(seqs):
                db.execute(delete(appearances).where(a.source == name, a.seq.in_(run)))
                settle(db, self._next, run, {}, self._selector)

    def forget(self, name: str) -> None:
        with self._work() as db:
            db.execute(delete(sources).where(sources.c.name == name))
            _quarantine(db, name, ())

    def bury(self, tombstones: Sequence[Tombstone]) -> None:
        stones = {stone.id: stone for stone in tombstones}
        with self._work() as db:
            for run in runs(stones):
                seqs = _seqs(db, run)
                spots = spots_now(db, seqs.values())
                for id, seq in seqs.items():
                    _bury(db, self._next, stones[id], set(spots.get(seq, ())) | {""})
                self._mark(db, seqs.values(), is_removed=True)

    def unbury(self, ids: Iterable[str]) -> None:
        t = tombstones.c
        with self._work() as db:
            for run in runs(ids):
                seqs = _seqs(db, run)
                for id in seqs:
                    _restore_stones(db, self._next, id)
                lifted = update(tombstones).where(t.id.in_(seqs), t.gone.is_(None))
                db.execute(lifted.values(gone=self._next))
                self._mark(db, seqs.values(), is_removed=False)

    def _mark(self, db: Connection, seqs: Collection[int], **facts: Any) -> None:
        """Change facts of entries, and what they show with them."""
        db.execute(update(entries).where(entries.c.seq.in_(seqs)).values(**facts))
        settle(db, self._next, seqs, {}, self._selector)

    # ---- the ledger

    def remember(self, rows: Iterable[Remembered]) -> None:
        with self._work() as db:
            for run in runs(rows):
                known = _seqs(db, [row.id for row in run])
                fresh = {row.id: row for row in run if row.id not in known}
                columns = [codec.remembered_columns(row) for row in fresh.values()]
                _insert_entries(db, columns)
                seqs = _seqs(db, fresh)
                _add_pairs(
                    db, aliases, ((k, seqs[r.id]) for r in fresh.values() for k in r.aliases)
                )
                _add_pairs(db, clues, ((c, seqs[r.id]) for r in fresh.values() for c in r.clues))
                for row in fresh.values():
                    if row.removed:
                        _bury(db, self._next, _stone(row, row.removed), {""})

    def memory(self) -> Iterator[Remembered]:
        last = ""
        while rows := self._memories(last):
            with self._work() as db:
                keys = _grouped(db, select(aliases.c.seq, aliases.c.key), [row.seq for row in rows])
            yield from (codec.remembered_of(row, keys.get(row.seq, ())) for row in rows)
            last = rows[-1].id

    def _memories(self, last: str) -> Sequence[Row[Any]]:
        t = tombstones.c
        removal = and_(t.id == entries.c.id, t.path == "", t.gone.is_(None))
        query = select(entries, t.removed, t.reason).outerjoin(tombstones, removal)
        with self._work() as db:
            window = query.where(entries.c.id > last).order_by(entries.c.id).limit(500)
            return db.execute(window).all()

    # ---- what is withheld

    def release_due(self, now: datetime) -> int:
        e = entries.c
        never_shown = update(entries).where(e.expires <= now, e.hold_until.is_not(None))
        with self._work() as db:
            db.execute(never_shown.values(is_expired=True))
            due = db.scalars(select(e.seq).where(e.hold_until <= now)).all()
            for run in runs(due):
                self._mark(db, run, hold_until=None)
            query = select(e.id, e.slug, e.expires).where(e.expires <= now, *_is_to_expire())
            over = db.execute(query).all()
        self.bury([_expiry(row) for row in over])
        return len(due) + len(over)

    def next_due(self) -> datetime | None:
        e = entries.c
        moments = [
            select(e.hold_until).where(e.hold_until < NEVER, e.is_removed.is_(False)),
            select(e.expires).where(e.expires.is_not(None), *_is_to_expire()),
        ]
        with self._work() as db:
            found = [
                db.scalar(query.order_by(query.selected_columns[0]).limit(1)) for query in moments
            ]
        return min((moment for moment in found if moment), default=None)

    # ---- what the settings select

    def reselect(self) -> bool:
        with self._work() as db:
            self._overfull = history.overfull(db, self._selector)
        if self.recall(_SELECTOR) == self._selector.digest:
            return False
        last = 0
        while seqs := self._seqs_behind(last):
            with self._work() as db:
                settle(db, self._next, seqs, {}, self._selector)
            last = seqs[-1]
        self.note(_SELECTOR, self._selector.digest)
        return True

    def _seqs_behind(self, last: int) -> Sequence[int]:
        seq = entries.c.seq
        with self._work() as db:
            return db.scalars(select(seq).where(seq > last).order_by(seq).limit(RUN)).all()

    # ---- notes, and the end

    def recall(self, key: str) -> str | None:
        with self._work() as db:
            return recall(db, key)

    def note(self, key: str, value: str) -> None:
        with self._work() as db:
            db.execute(delete(notes).where(notes.c.key == key))
            db.execute(insert(notes).values(key=key, value=value))

    def changes(self) -> tuple[FeedChanges, ...]:
        with self._work() as db:
            return news.changes(db, self._next)

    def publish(self, now: datetime) -> int:
        with self._work() as db:
            self._next += news.publish(db, self._next, now, self._selector, self._overfull)
            self._overfull = ()
            return revision(db)


def revision(db: Connection) -> int:
    """What caches go by: moves with what is published and with how it is presented."""
    return int(db.execute(select(state.c.revision + state.c.n_presentations)).scalar_one())


def recall(db: Connection, key: str) -> str | None:
    return db.scalar(select(notes.c.value).where(notes.c.key == key))


def _seqs(db: Connection, ids: Iterable[str]) -> dict[str, int]:
    """Row numbers by id of those entries that are known."""
    query = select(entries.c.id, entries.c.seq).where(entries.c.id.in_(tuple(ids)))
    return {row.id: row.seq for row in db.execute(query)}


def _rows(db: Connection, seqs: Iterable[int]) -> dict[int, Row[Any]]:
    found: dict[int, Row[Any]] = {}
    for run in runs(seqs):
        rows = db.execute(select(entries).where(entries.c.seq.in_(run)))
        found |= {row.seq: row for row in rows}
    return found


def _grouped(db: Connection, query: Select[Any], seqs: Iterable[int]) -> dict[int, list[Any]]:
    """What a query of (seq, value) gives for these entries."""
    found: dict[int, list[Any]] = {}
    for run in runs(seqs):
        for seq, value in db.execute(query.where(query.selected_columns.seq.in_(run))):
            found.setdefault(seq, []).append(value)
    return found


def _sharing_key(db: Connection, keys: Iterable[str]) -> dict[int, Row[Any]]:
    found: dict[int, Row[Any]] = {}
    e = entries.c
    for run in runs(dict.fromkeys(keys)):
        further = select(aliases.c.seq).where(aliases.c.key.in_(run))
        own = (column.in_(run) for column in (e.own_key, e.link_key, e.text_key, e.id))
        query = select(entries).where(or_(*own, e.seq.in_(further)))
        found |= {row.seq: row for row in db.execute(query)}
    return found


def _sharing_clue(db: Connection, wanted: Iterable[int]) -> Iterator[int]:
    """Numbers of entries with one of these clues, without the clues of many."""
    for run in runs(dict.fromkeys(wanted)):
        yield from db.scalars(select(clues.c.seq).where(clues.c.clue.in_(_rare(run))).distinct())


def _shared(db: Connection, run: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """The numbers of entries that have one of these clues in common, clue by clue."""
    c = clues.c
    several = select(c.clue).where(c.clue.in_(run)).group_by(c.clue)
    several = several.having(func.count().between(2, COMMON))
    rows = db.execute(select(c.clue, c.seq).where(c.clue.in_(several)).order_by(c.clue, c.seq))
    for _, group in groupby(rows, key=lambda row: row.clue):
        yield tuple(row.seq for row in group)


def _rare(run: Sequence[int]) -> Select[Any]:
    clue = clues.c.clue
    return select(clue).where(clue.in_(run)).group_by(clue).having(func.count() <= COMMON)


def _add_pairs(db: Connection, table: Table, pairs: Iterable[tuple[Any, int]]) -> None:
    """Rows of (what, entry) that are not there yet."""
    if rows := sorted(set(pairs)):
        insert_missing(db, table, rows)


def _recognise(
    db: Connection, source: str, kept: Iterable[Kept]
) -> tuple[dict[int, Kept], dict[int, Columns]]:
    """Write who the entries are. All of them by number, and the content that changes."""
    by_seq: dict[int, Kept] = {}
    contents: dict[int, Columns] = {}
    for run in runs(kept):
        ids = [one.entry.id for one in run]
        before = {row.id: row for row in db.execute(_IDENTITIES.where(entries.c.id.in_(ids)))}
        living = [one for one in run if _lives_here(one, before.get(one.entry.id))]
        written = _write_facts(db, source, living, before)
        seqs = _seqs(db, ids)
        _add_pairs(db, aliases, _further_keys(run, before, {one.entry.id for one in living}))
        found = {seqs[one.entry.id]: one.clues for one in written}
        _add_pairs(db, clues, ((clue, seq) for seq, own in found.items() for clue in own))
        by_seq |= {seqs[one.entry.id]: one for one in run}
        contents |= {seqs[one.entry.id]: codec.content_columns(one.entry) for one in living}
        contents |= _better(db, [one for one in run if _gives(one, before)], seqs)
    return by_seq, contents


_IDENTITIES: Select[Any] = select(
    *(entries.c[name] for name in ("id", "seq", "digest", "is_removed", "source")),
    *(entries.c[name] for name in ("own_key", "link_key", "text_key")),
    exists().where(versions.c.seq == entries.c.seq, versions.c.gone.is_(None)).label("has_content"),
)


def _lives_here(kept: Kept, row: Row[Any] | None) -> bool:
    """Whether this source gives the content; a removed entry shows none."""
    return row is None or not (row.is_removed or (kept.is_copy and row.has_content))


def _gives(kept: Kept, before: Mapping[str, Row[Any]]) -> bool:
    row = before.get(kept.entry.id)
    is_copy = row is not None and not (row.is_removed or _lives_here(kept, row))
    return is_copy and (kept.gives_date or kept.gives_page)


def _better(db: Connection, copies: Sequence[Kept], seqs: Mapping[str, int]) -> dict[int, Columns]:
    """What entries show with what copies of them gave, which is written as facts too."""
    by_seq = {seqs[one.entry.id]: one for one in copies}
    for seq, one in by_seq.items():
        facts = update(entries).where(entries.c.seq == seq)
        db.execute(facts.values(**codec.given_columns(one)))
    contents = stored(db, list(by_seq)) if by_seq else {}
    return {seq: codec.given_content(content, by_seq[seq]) for seq, content in contents.items()}


def _further_keys(
    kept: Iterable[Kept], before: Mapping[str, Row[Any]], living: Collection[str]
) -> Iterator[tuple[str, int]]:
    """Keys of copies that their entry has not, and of homes that entries moved out of."""
    for one in kept:
        row = before.get(one.entry.id)
        if row is not None and not row.is_removed:
            known = {row.own_key, row.link_key, row.text_key} - {None}
            own = set(one.keys.present())
            if one.entry.id not in living:
                yield from ((key, row.seq) for key in sorted(own - known))
            elif row.source != one.entry.source:
                yield from ((key, row.seq) for key in sorted(known - own))


def _write_facts(
    db: Connection, source: str, kept: Iterable[Kept], before: Mapping[str, Row[Any]]
) -> list[Kept]:
    """Those that differ from what is stored, once they are."""
    new, changed, written = [], [], []
    for one in kept:
        facts, row = codec.fact_columns(one, source), before.get(one.entry.id)
        if row is None:
            new.append(facts | {"is_removed": False})
        elif row.digest != facts["digest"]:
            changed.append(facts | {"the_seq": row.seq})
        else:
            continue
        written.append(one)
    _insert_entries(db, new)
    if changed:
        db.execute(update(entries).where(entries.c.seq == bindparam("the_seq")), changed)
    return written


def _insert_entries(db: Connection, rows: Sequence[Columns]) -> None:
    """New entries, numbered in the order they come: one session writes at a time."""
    if rows:
        last = db.scalar(select(func.max(entries.c.seq))) or 0
        insert_all(db, entries, [row | {"seq": last + n} for n, row in enumerate(rows, 1)])


def _replace_appearances(db: Connection, read: SourceRead, seqs: Mapping[int, Kept]) -> set[int]:
    """Where this source lists entries now; the numbers of those that stand otherwise."""
    a = appearances.c
    columns = (a.line, a.section, a.rank, a.is_present)
    rows = db.execute(select(a.seq, a.ordinal, *columns).where(a.source == read.name)).all()
    old = {(row.seq, row.ordinal): tuple(row[2:]) for row in rows}
    new = {
        (seq, ordinal): (place.line, place.section, place.rank, True)
        for seq, kept in seqs.items()
        for ordinal, place in enumerate(kept.places)
    }
    staying = {seq for run in runs(read.vanished) for seq in _seqs(db, run).values()}
    for row in rows:
        if row.seq not in seqs and (row.seq in staying or not row.is_present):
            new[row.seq, row.ordinal] = (row.line, row.section, row.rank, False)
    differing = sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))
    _write_appearances(db, read.name, {key: new.get(key) for key in differing}, old.keys())
    return {seq for seq, _ in differing}


def _write_appearances(
    db: Connection,
    source: str,
    rows: Mapping[tuple[int, int], tuple[Any, ...] | None],
    old: Collection[tuple[int, int]],
) -> None:
    """Put rows in place of old ones of the same key; None takes one away."""
    names = ("line", "section", "rank", "is_present")
    keys = {key: {"source": source, "seq": key[0], "ordinal": key[1]} for key in rows}
    each(db, delete(appearances), appearances, [keys[key] for key in rows if key in old])
    insert_all(
        db,
        appearances,
        [keys[key] | dict(zip(names, row, strict=True)) for key, row in rows.items() if row],
    )


def _note_attachments(db: Connection, kept: Iterable[Kept]) -> None:
    """Where the files lie now: the path of one names its bytes, whatever revision shows it."""
    found = {one.path: one for each_kept in kept for one in each_kept.attachments}
    for run in runs(found):
        db.execute(delete(attachments).where(attachments.c.path.in_(run)))
        insert_all(db, attachments, [asdict(found[path]) for path in run])


def _note_source(db: Connection, read: SourceRead) -> None:
    """What is known of the source itself, and what of it was refused."""
    n_items = sum(len(kept.places) for kept in read.kept) + len(read.refused)
    db.execute(delete(sources).where(sources.c.name == read.name))
    db.execute(
        insert(sources).values(
            name=read.name,
            digest=read.digest,
            reader=read.reader,
            n_items=n_items,
            stamp=read.stamp,
        )
    )
    _quarantine(db, read.name, read.refused)


def _quarantine(db: Connection, name: str, refused: Sequence[Refused]) -> None:
    db.execute(delete(quarantine).where(quarantine.c.source == name))
    insert_all(db, quarantine, [_refused(name, n, one) for n, one in enumerate(refused)])


def _refused(source: str, ordinal: int, refused: Refused) -> Columns:
    words = ("reason", "remedy", "words")
    return {"source": source, "ordinal": ordinal, "line": refused.line} | {
        name: codec.storable(getattr(refused, name)) for name in words
    }


def _is_to_expire() -> tuple[ColumnElement[bool], ...]:
    """Of an entry with an end: that it shows until then."""
    e = entries.c
    return e.is_removed.is_(False), e.is_expired.is_(False), e.hold_until.is_(None)


def _expiry(row: Any) -> Tombstone:
    return Tombstone(id=row.id, slug=row.slug, removed=row.expires, reason=EXPIRED)


def _stone(row: Remembered, removed: datetime) -> Tombstone:
    return Tombstone(id=row.id, slug=row.slug, removed=removed, reason=row.reason)


def _bury(db: Connection, revision: int, stone: Tombstone, paths: set[str]) -> None:
    """A tombstone in each feed that held the entry, from `revision` on."""
    t = tombstones.c
    paths |= set(db.scalars(select(t.path).where(t.id == stone.id)))
    if _is_said(db, stone):
        return
    _restore_stones(db, revision, stone.id)
    if _is_said(db, stone):
        return
    db.execute(update(tombstones).where(t.id == stone.id).values(gone=revision))
    facts = {"id": stone.id, "slug": stone.slug, "removed": stone.removed, "reason": stone.reason}
    rows = [facts | {"path": path, "born": revision, "gone": None} for path in sorted(paths)]
    insert_all(db, tombstones, rows)


def _is_said(db: Connection, stone: Tombstone) -> bool:
    """Whether the tombstones that stand say this already."""
    t = tombstones.c
    standing = db.execute(select(t.removed, t.reason).where(t.id == stone.id, t.gone.is_(None)))
    return {tuple(row) for row in standing} == {(stone.removed, stone.reason)}


def _restore_stones(db: Connection, revision: int, id: str) -> None:
    """Tombstones of an id as they were published."""
    t = tombstones.c
    db.execute(delete(tombstones).where(t.id == id, t.born == revision))
    db.execute(update(tombstones).where(t.id == id).values(gone=None))
