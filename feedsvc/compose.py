"""Which entries stand on a feed's page, in which order, and when the page last changed.

Room: compose. Pure: values in, a Page out; no store, no clock.
Imports model; called by publish alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from feedsvc.model import EMPTY_FEED_UPDATED, Entry, Feed, Page, Site, Tombstone


def living_page(
    site: Site,
    feed: Feed,
    entries: Sequence[Entry],
    *,
    tombstones: Sequence[Tombstone] = (),
    feeds: Sequence[Feed] = (),
) -> Page:
    """The page readers subscribe to. `entries` come in the feed's order."""
    return Page(
        site=site,
        feed=feed,
        entries=tuple(entries),
        tombstones=tuple(tombstones),
        updated=updated_of(entries, tombstones),
        feeds=tuple(feeds),
    )


def updated_of(entries: Sequence[Entry], tombstones: Sequence[Tombstone] = ()) -> datetime:
    """The newest change among entries and removals (RFC 4287 §4.2.15); never the clock's."""
    moments = [entry.updated for entry in entries] + [stone.removed for stone in tombstones]
    return max(moments, default=EMPTY_FEED_UPDATED)
