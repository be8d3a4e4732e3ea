"""Which entries stand on a feed's page, in which order, and when the page last changed.

Room: compose. Pure: values in, a Page out; no store, no clock.
Imports model; called by publish alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from feedsvc.model import EMPTY_FEED_UPDATED, Entry, Feed, Kind, Page, Query, Site, Tombstone


def living_page(
    site: Site,
    feed: Feed,
    entries: Sequence[Entry],
    *,
    tombstones: Sequence[Tombstone] = (),
    feeds: Sequence[Feed] = (),
) -> Page:
    """The page readers subscribe to: the newest first, a ranked list as it comes.

    It promises to be all there is (RFC 5005 §2) where nothing is left out.
    """
    shown = tuple(entries) if feed.is_ranked else _newest_first(_young(entries, feed.age_days))
    is_whole = feed.is_ranked or (len(shown) >= feed.n_entries and not feed.n_archives)
    return Page(
        site=site,
        feed=feed,
        entries=shown,
        tombstones=tuple(tombstones),
        updated=updated_of(shown, tombstones),
        kind=Kind.COMPLETE if is_whole else Kind.LIVING,
        older=feed.n_archives or None,
        feeds=tuple(feeds),
    )


def archive_page(site: Site, feed: Feed, number: int, entries: Sequence[Entry]) -> Page:
    """A full page of what arrived earlier (RFC 5005 §4); 1 is the oldest.

    Its set of entries is fixed, and it knows no other feeds, so that its bytes stay.
    """
    shown = _newest_first(entries)
    return Page(
        site=site,
        feed=feed,
        entries=shown,
        updated=updated_of(shown),
        kind=Kind.ARCHIVED,
        number=number,
        older=number - 1 or None,
        newer=number + 1 if number < feed.n_archives else None,
    )


def search_page(site: Site, feed: Feed, query: Query, entries: Sequence[Entry]) -> Page:
    """What answers a question, in the order found."""
    return Page(
        site=site, feed=feed, entries=tuple(entries), updated=updated_of(entries), query=query
    )


def _newest_first(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda entry: entry.order))


def _young(entries: Sequence[Entry], days: int | None) -> Sequence[Entry]:
    """Those published at most so many days before the newest of them."""
    if days is None or not entries:
        return entries
    oldest = max(entry.published.instant for entry in entries) - timedelta(days=days)
    return [entry for entry in entries if entry.published.instant >= oldest]


def updated_of(entries: Sequence[Entry], tombstones: Sequence[Tombstone] = ()) -> datetime:
    """The newest change among entries and removals (RFC 4287 §4.2.15); never the clock's."""
    moments = [entry.updated for entry in entries] + [stone.removed for stone in tombstones]
    return max(moments, default=EMPTY_FEED_UPDATED)
