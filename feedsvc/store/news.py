"""What the next revision shows otherwise, and the move to it.

Room: store. Called by session alone, inside its transactions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import (
    Connection,
    RowMapping,
    Select,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from feedsvc.addresses import section_path
from feedsvc.store import codec
from feedsvc.store.protocol import FeedChanges
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
_WINDOW = 500


def changes(db: Connection, revision: int) -> dict[str, FeedChanges]:
    """What subscribers would see at `revision`, by feed path, as first met."""
    counts: dict[str, Counter[str]] = {}
    titles: dict[str, str] = {}
    for id, before, after in _pairs(db, revision):
        old, new = codec.spots_of(id, before), codec.spots_of(id, after)
        for path in new | old:
            kinds = _kinds(path, before, after, old, new)
            if kinds:
                counts.setdefault(path, Counter()).update(kinds)
                if path not in titles:
                    titles[path] = _title(path, after if path in new else before)
    return {path: FeedChanges(path=path, title=titles[path], **n) for path, n in counts.items()}


def _kinds(
    path: str,
    before: RowMapping | None,
    after: RowMapping | None,
    old: Mapping[str, codec.Spot],
    new: Mapping[str, codec.Spot],
) -> tuple[str, ...]:
    """What became of one entry in one feed, as counters of FeedChanges."""
    if before is None or path not in old:
        return ("new",)
    if after is None or path not in new:
        return ("gone",)
    if before["published"] != after["published"]:
        return ("changed", "redated")
    is_changed = before["digest"] != after["digest"] or old[path] != new[path]
    return ("changed",) if is_changed else ()


def _title(path: str, version: RowMapping | None) -> str:
    """The section's name as the entry has it."""
    listings = codec.listings_of(version) if path and version else ()
    return next((one.section for one in listings if section_path(one.slug) == path), "")


def _pairs(
    db: Connection, revision: int
) -> Iterator[tuple[str, RowMapping | None, RowMapping | None]]:
    """Entries with something of the next revision: their id, version before and version after."""
    v = versions.c
    columns = (v.seq, v.born, v.gone, v.digest, v.is_held, v.published, v.place, v.sections)
    query: Select[Any] = (
        select(entries.c.id, *columns)
        .join(versions, v.seq == entries.c.seq)
        .join(pending, pending.c.seq == v.seq)
        .order_by(v.seq, v.born)
        .execution_options(yield_per=_WINDOW)
    )
    for _, rows in groupby(db.execute(query).mappings(), key=lambda row: row["seq"]):
        found = tuple(rows)
        before = next((row for row in found if row["born"] < revision), None)
        after = next((row for row in found if row["gone"] is None), None)
        yield found[0]["id"], before, after


def publish(db: Connection, revision: int, now: datetime) -> bool:
    """Move readers to `revision`; False, and no move, when it shows what they see already."""
    found = changes(db, revision)
    buried = _paths_of_removals(db, revision)
    is_moving = bool(found or buried or _has_versions(db, revision))
    if is_moving:
        moment = _moment(db, now)
        db.execute(insert(revisions).values(revision=revision, moment=moment))
        _renew(db, found, buried, moment)
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
    last = db.scalar(select(func.max(revisions.c.moment)))
    now = now.replace(microsecond=0)
    return max(now, last + _SECOND) if last else now


def _renew(
    db: Connection, found: Mapping[str, FeedChanges], buried: Iterable[str], moment: datetime
) -> None:
    """Bring the counters and moments of the feeds concerned up to date; make new feeds."""
    known = {row.path: row for row in db.execute(select(feeds))}
    position = max((row.position for row in known.values()), default=0)
    for path in [*found, *sorted(set(buried) - found.keys())]:
        change, row = found.get(path), known.get(path)
        if row is None and change is not None:
            position += 1
            fresh = {"n_entries": change.new, "changed": moment, "is_ranked": _is_ranked(db, path)}
            db.execute(
                insert(feeds).values(path=path, title=change.title, position=position, **fresh)
            )
        elif row is not None:
            growth = change.new - change.gone if change else 0
            values = {
                "n_entries": row.n_entries + growth,
                "changed": moment,
                "is_ranked": _is_ranked(db, path, row.is_ranked),
            }
            db.execute(update(feeds).where(feeds.c.path == path).values(**values))


def _is_ranked(db: Connection, path: str, default: bool = False) -> bool:
    """Whether the first in a feed stands there by rank; an emptied feed stays what it was."""
    m = memberships.c
    first = select(m.sort).where(m.path == path, m.gone.is_(None)).order_by(m.sort).limit(1)
    sort = db.scalar(first)
    return default if sort is None else codec.is_ranked(sort)


def ordered(found: Collection[FeedChanges]) -> tuple[FeedChanges, ...]:
    """The site's own feed first."""
    return tuple(sorted(found, key=lambda change: change.path != ""))
