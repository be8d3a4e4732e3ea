"""Atom 1.0 (RFC 4287), with tombstones (RFC 6721) and complete feeds (RFC 5005 §2).

Room: formats. Entered by publish through the registry.
"""

from __future__ import annotations

from lxml import etree

from feedsvc import addresses
from feedsvc.formats import _feedgen
from feedsvc.formats._item import Item, head_of, item_of, legal, zulu
from feedsvc.formats._xml import element, media_content
from feedsvc.model import Media, Page, Tombstone

NAME = "atom"
FILENAME = "atom.xml"
MEDIA_TYPE = "application/atom+xml; charset=utf-8"
NAVIGABLE_AS = "application/xml; charset=utf-8"
LABEL = "Atom"
RENDERS = Page
ORDER = 20


def render(page: Page) -> bytes:
    """The page as an Atom 1.0 document."""
    head = head_of(page, FILENAME)
    prefixes, extras = ["media"], []
    if head.is_complete:
        prefixes.append("fh")
        extras.append(element("fh:complete"))
    if page.tombstones:  # declared only with one: validators do not know it
        prefixes.append("at")
        extras += [_deleted(tombstone) for tombstone in page.tombstones]
    feed = _feedgen.generator(head, MEDIA_TYPE, prefixes=prefixes, extras=extras)
    entries = (_entry(item_of(page.site, page.feed, entry)) for entry in page.entries)
    path = addresses.page_path(page, FILENAME)
    return _feedgen.atom_bytes(feed, entries, path)


def _entry(item: Item) -> _feedgen.Entry:
    entry = _feedgen.Entry(item)
    entry.title(item.title)
    entry.link(href=item.link, rel="alternate", type="text/html")
    for media in item.attachments:
        entry.link(_enclosure(media))
    if item.html:
        entry.content(item.html, type="html")
    # A headline alone says itself again: readers and validators ask for some text (§4.1.2).
    if summary := item.summary or ("" if item.html else item.title):
        entry.summary(summary, type="text")
    for author in item.authors:
        entry.author(_feedgen.person(author))
    entry.extras += [media_content(image) for image in item.images]
    return entry


def _enclosure(media: Media) -> dict[str, str]:
    link = {"href": media.url, "rel": "enclosure", "type": media.media_type or ""}
    if media.title:
        link["title"] = media.title
    if media.size_bytes is not None:
        link["length"] = str(media.size_bytes)
    return link


def _deleted(tombstone: Tombstone) -> etree._Element:
    attributes = {"ref": legal(tombstone.id), "when": zulu(tombstone.removed)}
    deleted = element("at:deleted-entry", None, attributes)
    if reason := legal(tombstone.reason).strip():
        deleted.append(element("at:comment", reason))
    return deleted
