"""feedsvc: raw items in, dated RSS, Atom and JSON feeds with permanent ids out.

As a library: open a store, ingest any iterable of dicts, publish.

    store = open_store("sqlite:///news.sqlite3")
    ingest(store, [Rows("news", my_rows)])
    app.register_blueprint(create_blueprint(Publisher(store, Presentation(site=site))))

The nouns are imported at once; what needs a database or a web framework when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from feedsvc.errors import FeedsvcError
from feedsvc.model import (
    Author,
    Content,
    Dated,
    Document,
    Entry,
    Feed,
    How,
    Media,
    Page,
    Precision,
    RawDate,
    RawItem,
    Refused,
    Reply,
    Site,
    Tombstone,
)

if TYPE_CHECKING:
    from feedsvc.config import Settings
    from feedsvc.intake import Report, Rows, ingest
    from feedsvc.presentation import Presentation
    from feedsvc.publish import Publisher
    from feedsvc.selection import Selector
    from feedsvc.service import Service
    from feedsvc.store import Store, open_store
    from feedsvc.web import create_app, create_blueprint

__version__ = "0.1.0"

_HOME_OF = {
    "Settings": "config",
    "Report": "intake",
    "Rows": "intake",
    "ingest": "intake",
    "Presentation": "presentation",
    "Publisher": "publish",
    "Selector": "selection",
    "Service": "service",
    "Store": "store",
    "open_store": "store",
    "create_app": "web",
    "create_blueprint": "web",
}

__all__ = [
    "Author", "Content", "Dated", "Document", "Entry", "Feed", "FeedsvcError", "How", "Media",
    "Page", "Precision", "Presentation", "Publisher", "RawDate", "RawItem", "Refused", "Reply",
    "Report", "Rows", "Selector", "Service", "Settings", "Site", "Store", "Tombstone", "create_app",
    "create_blueprint", "ingest", "open_store",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'feedsvc' has no attribute {name!r}")
    return getattr(import_module(f"feedsvc.{_HOME_OF[name]}"), name)
