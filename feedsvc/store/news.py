"""What the next revision shows otherwise, and the move to it.

Room: store. Called by session alone, inside its transactions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import (
    Connection,
    RowMapping,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from feedsvc.model import Family, Membership
from feedsvc.store import codec, search
from feedsvc.store.codec import Columns
from feedsvc.store.history import History, Shift, Turn
from feedsvc.store.protocol import FeedChanges, Selector
from feedsvc.store.settling import RUN, insert_all, runs
from feedsvc.store.tables import (
    attachments,
    entries,
    feeds,
    memberships,
    pending,
    revisions,
    state,
    tombstones,
    uses,
    versions,
)

_SECOND = timedelta(seconds=1)  #: the unit of Last-Modified
_SITE = Membership(path="", family=Family.SITE, name="")
_COUNTS = ("new", "changed", "gone", "redated", "expired")
_SHIFTING = ("n_arrived", "n_open", "open_bytes")
_COUNTERS = ("n_entries", "n_archives", "archived_to", *_SHIFTING)


@dataclass(slots=True)
class _Tally:
    """What becomes of one feed."""

    membership: Membership
    is_named_anew: bool = False  #: by an entry that joins it
    new: int = 0
    changed: int = 0
    gone: int = 0
    redated: int = 0
    expired: int = 0

    def told(self) -> FeedChanges:
        numbers = {name: getattr(self, name) for name in _COUNTS}
        path, title = self.membership.path, self.membership.name
        return FeedChanges(path=path, title=title, **numbers)


class _Tallies(dict[str, _Tally]):
    """By the feed's path, as first met."""

    def take(self, turns: Iterable[Turn]) -> None:
        for turn in turns:
            for path in dict.fromkeys((*turn.new, *turn.old)):
                kinds = _kinds(path, turn)
                if kinds:
                    tally = self._of(path, turn)
                    for kind in kinds:
                        setattr(tally, kind, getattr(tally, kind) + 1)

    def _of(self, path: str, turn: Turn) -> _Tally:
        tally, is_joining = self.get(path), path in turn.new
        if tally is None:
            tally = self[path] = _Tally(_membership(path, turn), is_joining)
        elif is_joining and not tally.is_named_anew:
            tally.membership, tally.is_named_anew = _membership(path, turn), True
        return tally


def _kinds(path: str, turn: Turn) -> tuple[str, ...]:
    """What became of one entry in one feed, as counters of FeedChanges."""
    before, after = turn.before, turn.after
    if before is None or path not in turn.old:
        return ("new",)
    if after is None or path not in turn.new:
        return ("gone", "expired") if turn.is_expired else ("gone",)
    if before["published"] != after["published"]:
        return ("changed", "redated")
    is_changed = turn.is_corrected or turn.old[path] != turn.new[path]
    return ("changed",) if is_changed else ()


def _membership(path: str, turn: Turn) -> Membership:
    version = turn.after if path in turn.new else turn.before
    found = codec.memberships_of(version) if version else ()
    return next((one for one in found if one.path == path), _SITE)


def changes(db: Connection, revision: int) -> tuple[FeedChanges, ...]:
    """What subscribers would see at `revision`, the site's own feed first."""
    tallies = _Tallies()
    for turns in _turns(db, revision):
        tallies.take(turns)
    return _ordered([tally.told() for tally in tallies.values()])


def _ordered(found: Collection[FeedChanges]) -> tuple[FeedChanges, ...]:
    return tuple(sorted(found, key=lambda change: change.path != ""))


def _turns(db: Connection, revision: int) -> Iterator[list[Turn]]:
    """Entries with something of the next revision, in runs, as they were first kept."""
    v, e = versions.c, entries.c
    names = ("seq", "born", "gone", "digest", "is_held", "published", "place", "memberships")
    query = (
        select(e.id, e.is_removed, e.expires, *(v[name] for name in names), v.n_bytes)
        .join(versions, v.seq == e.seq)
        .order_by(v.seq, v.born)
    )
    for seqs in _pending(db):
        rows = db.execute(query.where(v.seq.in_(seqs))).mappings()
        grouped = groupby(rows, key=lambda row: row["seq"])
        yield [_turn(seq, tuple(found), revision) for seq, found in grouped]


def _pending(db: Connection) -> Iterator[Sequence[int]]:
    last, seq = 0, pending.c.seq
    while seqs := db.scalars(select(seq).where(seq > last).order_by(seq).limit(RUN)).all():
        yield seqs
        last = seqs[-1]


def _turn(seq: int, rows: Sequence[RowMapping], revision: int) -> Turn:
    id = rows[0]["id"]
    before = next((row for row in rows if row["born"] < revision), None)
    after = next((row for row in rows if row["gone"] is None), None)
    return Turn(
        seq,
        id,
        before,
        after,
        codec.spots_of(id, before),
        codec.spots_of(id, after),
        after is None and rows[0]["is_removed"] and rows[0]["expires"] is not None,
    )


def publish(
    db: Connection, revision: int, now: datetime, selector: Selector, overfull: Iterable[str] = ()
) -> bool:
    """Move readers to `revision`; False, and no move, when it shows what they see already.

    `overfull` are feeds that have too much on their living page, though nothing came to them.
    """
    moment = _moment(db, now)
    tallies, history = _Tallies(), History(db, revision, moment, selector)
    for turns in _turns(db, revision):
        tallies.take(turns)
        history.take(turns)
    paths = tallies.keys() | _paths_of_removals(db, revision) | set(overfull)
    is_moving = bool(paths) or _has_versions(db, revision)
    if is_moving:
        db.execute(insert(revisions).values(revision=revision, moment=moment))
        history.number()
        _renew(db, tallies, history.shifts, paths, moment)
        history.close(sorted(paths))
        search.renew(db, revision)
        for table in (memberships, versions, tombstones):
            db.execute(delete(table).where(table.c.gone <= revision))
        db.execute(delete(attachments).where(attachments.c.path.not_in(select(uses.c.path))))
        db.execute(update(state).values(revision=revision))
    db.execute(delete(pending))
    return is_moving


def _paths_of_removals(db: Connection, revision: int) -> set[str]:
    t = tombstones.c
    moving = select(t.path).where(or_(t.born == revision, t.gone == revision)).distinct()
    return set(db.scalars(moving))


def _has_versions(db: Connection, revision: int) -> bool:
    """Whether anything at all differs, lines and ranks included."""
    v = versions.c
    is_new = or_(v.born == revision, v.gone == revision)
    return bool(db.scalar(select(exists().where(v.seq == pending.c.seq, is_new))))


def _moment(db: Connection, now: datetime) -> datetime:
    """When readers are told that it changed: a second after the time before at least."""
    newest = select(revisions.c.moment).order_by(revisions.c.revision.desc()).limit(1)
    last, now = db.scalar(newest), now.replace(microsecond=0)
    return max(now, last + _SECOND) if last else now


def _renew(
    db: Connection,
    tallies: Mapping[str, _Tally],
    shifts: Mapping[str, Shift],
    paths: Collection[str],
    moment: datetime,
) -> None:
    """Bring the counters and moments of the feeds concerned up to date; make new feeds."""
    known: set[str] = set()
    for run in runs(sorted(paths)):
        rows = db.execute(select(feeds).where(feeds.c.path.in_(run))).mappings().all()
        known |= {row["path"] for row in rows}
        _write_feeds(db, [_renewed(db, row, tallies, shifts, moment) for row in rows])
    last = db.scalar(select(func.max(feeds.c.position))) or 0
    fresh = (tally.membership for path, tally in tallies.items() if path not in known)
    for made in runs(_fresh(one, position) for position, one in enumerate(fresh, last + 1)):
        insert_all(db, feeds, [_renewed(db, row, tallies, shifts, moment) for row in made])


def _fresh(membership: Membership, position: int) -> Columns:
    """A feed in which nothing ever stood."""
    named = {"path": membership.path, "title": membership.name, "family": membership.family.value}
    return named | {"is_ranked": False, "position": position} | dict.fromkeys(_COUNTERS, 0)


def _renewed(
    db: Connection,
    row: Mapping[Any, Any],
    tallies: Mapping[str, _Tally],
    shifts: Mapping[str, Shift],
    moment: datetime,
) -> Columns:
    """A feed's row as it will be."""
    values = dict(row) | {"changed": moment}
    tally, shift = tallies.get(row["path"]), shifts.get(row["path"], Shift())
    values |= {name: row[name] + getattr(shift, name) for name in _SHIFTING}
    if tally:
        values["n_entries"] += tally.new - tally.gone
        family = tally.membership.family.value
        if tally.is_named_anew and family != row["family"]:
            values |= {"family": family, "title": tally.membership.name}
    if values["family"] == Family.SECTIONS:
        values["is_ranked"] = _is_ranked(db, row["path"], row["is_ranked"])
    return values


def _write_feeds(db: Connection, rows: Sequence[Columns]) -> None:
    if rows:
        keyed = [{"the_path": row["path"]} | row for row in rows]
        db.execute(update(feeds).where(feeds.c.path == bindparam("the_path")), keyed)


def _is_ranked(db: Connection, path: str, default: bool = False) -> bool:
    """Whether the first in a feed stands there by rank; an emptied feed stays what it was."""
    m = memberships.c
    first = select(m.sort).where(m.path == path, m.gone.is_(None)).order_by(m.sort).limit(1)
    sort = db.scalar(first)
    return default if sort is None else codec.is_ranked(sort)
