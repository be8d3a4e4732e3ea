"""Atom 1.0 (RFC 4287).

Room: formats. Entered by publish through the registry.
"""

from __future__ import annotations

from collections.abc import Sequence

from feedsvc import addresses
from feedsvc.formats import _feedgen
from feedsvc.formats._fragments import KEPT
from feedsvc.formats._item import Dialect, Item, head_of
from feedsvc.model import Media, Page

NAME = "atom"
FILENAME = "atom.xml"
MEDIA_TYPE = "application/atom+xml; charset=utf-8"
NAVIGABLE_AS = "application/xml; charset=utf-8"
LABEL = "Atom"
RENDERS = Page
ORDER = 20


def render(page: Page) -> bytes:
    """The page as an Atom 1.0 document."""
    head = head_of(page, FILENAME, MEDIA_TYPE)
    feed = _feedgen.generator(head, NAME)
    document = _feedgen.head_bytes(feed, NAME, addresses.page_path(page, FILENAME))
    fragments = KEPT.of(page, _feedgen.dialect_of(page, NAME), _written)
    return _feedgen.spliced(document, fragments, b"</feed>")


def _written(dialect: Dialect, items: Sequence[Item]) -> list[bytes]:
    made = (entry_of(item, dialect).atom_entry() for item in items)
    return list(_feedgen.fragments_of(made, NAME))


def entry_of(item: Item, dialect: Dialect) -> _feedgen.Entry:
    """An entry as Atom says it."""
    entry = _feedgen.Entry(item, dialect)
    entry.title(item.title)
    in_language = {"hreflang": item.language} if item.language else {}
    page = {"href": item.link, "rel": "alternate", "type": "text/html", **in_language}
    entry.linked([page, *map(_enclosure, item.attachments)])
    entry.written_by(item.authors)
    if item.html:
        entry.content(item.html, type="html")
    # A headline alone says itself again: readers and validators ask for some text (§4.1.2).
    if summary := item.summary or ("" if item.html else item.title):
        entry.summary(summary, type="text")
    return entry


def _enclosure(media: Media) -> dict[str, str]:
    link = {"href": media.url, "rel": "enclosure", "type": media.media_type or ""}
    if media.title:
        link["title"] = media.title
    link["length"] = str(media.size_bytes or 0)  # as in RSS, where nothing is known
    return link
