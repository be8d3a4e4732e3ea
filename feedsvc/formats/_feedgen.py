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

from feedsvc.formats._item import Head, Item
from feedsvc.formats._xml import NAMESPACES, qualified, serialised
from feedsvc.model import Author


def rfc822(moment: datetime) -> str:
    """`Tue, 13 May 2025 12:00:00 GMT`, whatever the locale."""
    return email.utils.format_datetime(moment.astimezone(UTC), usegmt=True)


# feedgen's own sets and resets the locale of the whole process for every date.
feedgen.feed.formatRFC2822 = feedgen.entry.formatRFC2822 = rfc822

_LINK_ATTRIBUTES = ("rel", "type", "hreflang", "title", "length")


class Entry(feedgen.entry.FeedEntry):  # type: ignore[misc]  # feedgen is untyped
    """One item; `extras` are the elements feedgen does not know."""

    def __init__(self, item: Item) -> None:
        super().__init__()
        self.extras: list[etree._Element] = []
        self.language = item.language
        self.updated(item.updated)
        self.guid(item.id, permalink=item.id == item.link)
        if item.published:
            self.published(item.published)
        if item.categories:
            self.category([{"term": name} for name in item.categories])

    def atom_entry(self, extensions: bool = True) -> etree._Element:
        made: etree._Element = super().atom_entry(extensions)
        _zulu(made)
        # feedgen's loop over the links overwrites the link it is looking at.
        for link, wanted in zip(made.findall("link"), self.link() or [], strict=True):
            for name in _LINK_ATTRIBUTES:
                if wanted.get(name) is not None:
                    link.set(name, wanted[name])
        if self.language:
            made.set(qualified("xml:lang"), self.language)
        return self._finished(made)

    def rss_entry(self, extensions: bool = True) -> etree._Element:
        return self._finished(super().rss_entry(extensions))

    def _finished(self, made: etree._Element) -> etree._Element:
        made.extend(self.extras)
        made.tail = "\n"
        return made


class _House(BaseEntryExtension):  # type: ignore[misc]  # feedgen is untyped
    """What a feed's head holds beyond feedgen."""

    def __init__(self) -> None:
        self.extras: tuple[etree._Element, ...] = ()
        self.prefixes: tuple[str, ...] = ()

    def extend_ns(self) -> dict[str, str]:
        return {prefix: NAMESPACES[prefix] for prefix in self.prefixes}

    def extend_atom(self, feed: etree._Element) -> etree._Element:
        _zulu(feed)
        return _lined(feed, self.extras)

    def extend_rss(self, feed: etree._Element) -> etree._Element:
        return _lined(feed[0], self.extras)


def generator(
    head: Head, media_type: str, *, prefixes: Iterable[str], extras: Iterable[etree._Element]
) -> feedgen.feed.FeedGenerator:
    """A feed without entries; `extras` stand last in its head, `prefixes` on its root."""
    feed = feedgen.feed.FeedGenerator()
    feed.id(head.id)
    feed.title(head.title)
    feed.description(head.description)
    feed.updated(head.updated)
    feed.generator("feedsvc")  # without its version: an upgrade is no news
    feed.author(person(head.author))
    feed.link(href=head.address, rel="self", type=media_type.partition(";")[0])
    # Last on purpose: the RSS <link> is the newest link given, whatever its rel.
    feed.link(href=head.home, rel="alternate", type="text/html")
    if head.language:
        feed.language(head.language)
    feed.register_extension("house", _House, BaseEntryExtension)
    feed.house.prefixes, feed.house.extras = tuple(prefixes), tuple(extras)
    return feed


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
