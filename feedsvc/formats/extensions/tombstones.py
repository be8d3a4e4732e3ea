"""Entries that were taken back (RFC 6721).

Room: formats. Entered through the registry of extensions.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from feedsvc.formats._item import Head, legal, zulu
from feedsvc.formats._xml import Namespace

PREFIX, URI = "at", "http://purl.org/atompub/tombstones/1.0"
FORMATS = ("atom",)
at = Namespace(PREFIX, URI)


def head(head: Head) -> Iterator[etree._Element]:
    for tombstone in head.page.tombstones:
        attributes = {"ref": legal(tombstone.id), "when": zulu(tombstone.removed)}
        deleted = at("deleted-entry", None, attributes)
        if reason := legal(tombstone.reason).strip():
            deleted.append(at("comment", reason))
        yield deleted
