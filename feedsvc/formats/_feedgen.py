"""feedgen, made fit for publishing: the only module that knows it.

feedgen 1.0.0 stamps the time of the call, sets the process's locale, loses the
attributes of links and writes newest last. Here every one of those is closed; rss and
atom say what an item holds, and nothing else enters. One `Entry` becomes one element by
`atom_entry()` or `rss_entry()`, whatever document it is put into.
"""

from __future__ import annotations

import email.utils
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import feedgen.entry
import feedgen.feed
from feedgen.ext.base import BaseEntryExtension
from lxml import etree

from feedsvc.formats._item import Category, Head, Item, Source, View, view_of, zulu
from feedsvc.formats._xml import XML_LANG, element, serialised
from feedsvc.formats.extensions import extensions
from feedsvc.model import Author, Page


def rfc822(moment: datetime) -> str:
    """`Tue, 13 May 2025 12:00:00 GMT`, whatever the locale."""
    return email.utils.format_datetime(moment.astimezone(UTC), usegmt=True)


# feedgen's own sets and resets the locale of the whole process for every date.
feedgen.feed.formatRFC2822 = feedgen.entry.formatRFC2822 = rfc822

_OF_FEEDGEN = ("atom", "content")  #: prefixes that it always declares in RSS
_LINK_ATTRIBUTES = ("rel", "type", "hreflang", "title", "length")


class Entry(feedgen.entry.FeedEntry):  # type: ignore[misc]  # feedgen is untyped
    """One item, with what the extensions of its view say of it."""

    def __init__(self, item: Item) -> None:
        super().__init__()
        self.item = item
        self.updated(item.updated)
        self.guid(item.id, permalink=item.id == item.link)
        if item.published:
            self.published(item.published)
        if item.categories:
            self.category([_category(one) for one in item.categories])

    def atom_entry(self, extensions: bool = True) -> etree._Element:
        made: etree._Element = super().atom_entry(extensions)
        _zulu(made)
        # feedgen's loop over the links overwrites the link it is looking at.
        for link, wanted in zip(made.findall("link"), self.link() or [], strict=True):
            for name in _LINK_ATTRIBUTES:
                if wanted.get(name) is not None:
                    link.set(name, wanted[name])
        if self.item.language:
            made.set(XML_LANG, self.item.language)
        if self.item.source:
            made.append(_source(self.item.source, self.item.entry.published.instant))
        return self._finished(made)

    def rss_entry(self, extensions: bool = True) -> etree._Element:
        return self._finished(super().rss_entry(extensions))

    def _finished(self, made: etree._Element) -> etree._Element:
        view = self.item.view
        for extension in extensions(view.format):
            if extension.prefix in view.prefixes:
                made.extend(extension.item(self.item))
        made.tail = "\n"
        return made


def _category(category: Category) -> dict[str, str]:
    """A category as feedgen takes one: RSS has the label, and the scheme as its domain."""
    if category.scheme is None:
        return {"term": category.name}
    return {"term": category.name, "label": category.name, "scheme": category.scheme}


def _source(source: Source, updated: datetime) -> etree._Element:
    """RFC 4287 §4.2.11; feedgen's own has neither id nor date. It held the entry by then."""
    made = element("source")
    made.append(element("id", source.id))
    made.append(element("title", source.title))
    made.append(element("updated", zulu(updated)))
    if source.url:
        made.append(element("link", None, {"href": source.url, "rel": "self"}))
    return made


class _House(BaseEntryExtension):  # type: ignore[misc]  # feedgen is untyped
    """What a feed's head holds beyond feedgen."""

    def __init__(self) -> None:
        self.extras: tuple[etree._Element, ...] = ()
        self.namespaces: dict[str, str] = {}

    def extend_ns(self) -> dict[str, str]:
        return self.namespaces

    def extend_atom(self, feed: etree._Element) -> etree._Element:
        _zulu(feed)
        return _lined(feed, self.extras)

    def extend_rss(self, feed: etree._Element) -> etree._Element:
        return _lined(feed[0], self.extras)


def generator(head: Head, format: str) -> feedgen.feed.FeedGenerator:
    """A feed without entries, with what the extensions of its format say of it."""
    feed = feedgen.feed.FeedGenerator()
    feed.id(head.id)
    feed.title(head.title)
    feed.description(head.description)
    feed.updated(head.updated)
    feed.generator("feedsvc")  # without its version: an upgrade is no news
    feed.author(person(head.author))
    feed.link(href=head.address, rel="self", type=head.media_type)
    for rel, address, media_type in head.links:
        feed.link({"href": address, "rel": rel, **({"type": media_type} if media_type else {})})
    # Last on purpose: the RSS <link> is the newest link given, whatever its rel.
    feed.link(href=head.home, rel="alternate", type="text/html")
    _decorate(feed, head)
    feed.register_extension("house", _House, BaseEntryExtension)
    said = [(one, one.head(head)) for one in extensions(format) if one.is_for(head.page)]
    feed.house.extras = tuple(made for _, elements in said for made in elements)
    feed.house.namespaces = {
        one.prefix: one.uri
        for one, elements in said
        if (elements or one.of_item) and one.prefix not in _OF_FEEDGEN
    }
    return feed


def _decorate(feed: feedgen.feed.FeedGenerator, head: Head) -> None:
    """What a feed may have."""
    if head.language:
        feed.language(head.language)
    if head.category:
        feed.category(term=head.category)
    if head.copyright:
        feed.rights(head.copyright)
    if head.image:
        feed.image(head.image, head.title, head.home)
    if head.icon:
        feed.icon(head.icon)


def view_of_page(page: Page, format: str) -> View:
    """How a page shows its entries in a format."""
    spoken = (one for one in extensions(format) if one.of_item and one.is_for(page))
    return view_of(page.site, page.feed, format, tuple(one.prefix for one in spoken))


def person(author: Author) -> dict[str, str]:
    """An author as feedgen takes one."""
    known: Mapping[str, str | None] = {
        "name": author.name,
        "email": author.email,
        "uri": author.url,
    }
    return {key: value for key, value in known.items() if value}


def atom_bytes(feed: feedgen.feed.FeedGenerator, entries: Iterable[Entry], path: str) -> bytes:
    """The Atom document at `path`."""
    _append(feed, entries)
    return serialised(feed._create_atom()[0], path)


def rss_bytes(feed: feedgen.feed.FeedGenerator, entries: Iterable[Entry], path: str) -> bytes:
    """The RSS document at `path`."""
    _append(feed, entries)
    return serialised(feed._create_rss()[0], path)


def _append(feed: feedgen.feed.FeedGenerator, entries: Iterable[Entry]) -> None:
    """Entries in their order: by default feedgen turns it round."""
    for entry in entries:
        feed.add_entry(entry, order="append")


def _zulu(element: etree._Element) -> None:
    """Spell the dates of a feed or an entry with `Z`."""
    for name in ("updated", "published"):
        date = element.find(name)
        if date is not None and date.text:
            date.text = date.text.replace("+00:00", "Z")


def _lined(parent: etree._Element, extras: Iterable[etree._Element]) -> etree._Element:
    """Put the extras last, one child a line."""
    parent.extend(list(extras))
    parent.text = "\n"
    for child in parent:
        child.tail = "\n"
    return parent
