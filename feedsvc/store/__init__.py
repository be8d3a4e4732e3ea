"""Where entries are kept: SQLite by default, PostgreSQL by URL.

Room: store. Imports model, errors and addresses; called by ingest, publish, service and whoever
uses feedsvc as a library, through the protocol alone.
"""

from __future__ import annotations

from collections.abc import Callable

from feedsvc.store.protocol import (
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


def open_store(url: str, *, section_slug: Callable[[str], str] | None = None) -> Store:
    """Open the database at `sqlite:///path`, `sqlite://` (in memory) or `postgresql://…`.

    Makes the file and its folder when there is none and brings its tables up to date, safely
    when several processes start at once. `section_slug` spells a section's name in its feed's
    address. Raises StoreError, StoreBusy, StoreTooNew, and MissingExtra without the driver.
    """
    from feedsvc.store.door import SqlStore, ascii_slug  # a heavy import, wanted only here

    return SqlStore(url, section_slug or ascii_slug)
