"""Elements of Atom in RSS: where the archives are, the licence, when an item changed.

Room: formats. Entered through the registry of extensions.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from feedsvc.formats._item import Dialect, Head, Item, zulu
from feedsvc.formats._xml import Namespace

PREFIX, URI = "atom", "http://www.w3.org/2005/Atom"
FORMATS = ("rss",)
atom = Namespace(PREFIX, URI)


def head(head: Head) -> Iterator[etree._Element]:
    for rel, address, media_type in head.links:
        kind = {"type": media_type} if media_type else {}
        yield atom("link", None, {"href": address, "rel": rel} | kind)


def item(item: Item, _: Dialect) -> Iterator[etree._Element]:
    if item.is_changed:
        yield atom("updated", zulu(item.updated))
