"""Where entries are kept: SQLite by default, PostgreSQL by URL.

Room: store. Imports model, errors and addresses; called by ingest, publish, service and whoever
uses feedsvc as a library, through the protocol alone.
"""

from __future__ import annotations

from feedsvc.store.protocol import (
    EXPIRED,
    NEVER,
    ArchivePage,
    FeedChanges,
    FeedRow,
    Kept,
    KnownRow,
    Measure,
    Remembered,
    Selector,
    Session,
    Snapshot,
    SourceRead,
    SourceState,
    Store,
    Story,
    Traits,
)

__all__ = [
    "EXPIRED",
    "NEVER",
    "ArchivePage",
    "FeedChanges",
    "FeedRow",
    "Kept",
    "KnownRow",
    "Measure",
    "Remembered",
    "Selector",
    "Session",
    "Snapshot",
    "SourceRead",
    "SourceState",
    "Store",
    "Story",
    "Traits",
    "open_store",
]


def open_store(url: str, *, selector: Selector | None = None) -> Store:
    """Open the database at `sqlite:///path`, `sqlite://` (in memory) or `postgresql://…`.

    Makes the file and its folder when there is none and brings its tables up to date, safely
    when several processes start at once. `selector` says which feeds an entry stands in, and
    how much their archive pages hold; without one there is a feed for each section.
    Raises StoreError, StoreBusy, StoreTooNew, and MissingExtra without the driver.
    """
    from feedsvc.store.door import SectionsAlone, SqlStore  # a heavy import, wanted only here

    return SqlStore(url, selector or SectionsAlone())
