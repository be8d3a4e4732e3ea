"""feedgen, made fit for publishing: the only module that knows it.

feedgen 1.0.0 stamps the time of the call, sets the process's locale, loses the
attributes of links and writes newest last. Here every one of those is closed; rss and
atom say what an item holds, and nothing else enters. One `Entry` becomes one element by
`atom_entry()` or `rss_entry()`, whatever document it is put into.
"""

from __future__ import annotations

import email.utils
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from types import MappingProxyType

import feedgen.entry
import feedgen.feed
from feedgen.ext.base import BaseEntryExtension
from lxml import etree

from feedsvc.formats._item import Category, Dialect, Head, Item, Source, zulu
from feedsvc.formats._xml import XML_LANG, element, serialised
from feedsvc.formats.extensions import extensions
from feedsvc.model import Author, Media, Page


def rfc822(moment: datetime) -> str:
    """`Tue, 13 May 2025 12:00:00 GMT`, whatever the locale."""
    return email.utils.format_datetime(moment.astimezone(UTC), usegmt=True)


# feedgen's own sets and resets the locale of the whole process for every date.
feedgen.feed.formatRFC2822 = feedgen.entry.formatRFC2822 = rfc822

_OF_FEEDGEN = {  #: what it always declares in RSS
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
}
_NONE: Mapping[str, object] = MappingProxyType({})  #: nobody adds to what all entries share
_BLANK = vars(feedgen.entry.FeedEntry()) | {
    "_FeedEntry__extensions": _NONE,
    "_FeedEntry__extensions_register": _NONE,
}
_AT_ONCE = 50  #: entries in one tree
_LINK_ATTRIBUTES = ("rel", "type", "hreflang", "title", "length")


class _Zulu(datetime):
    """A moment in UTC that feedgen writes with `Z`."""

    @classmethod
    def of(cls, moment: datetime) -> _Zulu:
        return cls(*moment.timetuple()[:6], tzinfo=UTC)

    def isoformat(self, sep: str = "T", timespec: str = "seconds") -> str:
        return super().isoformat(sep, timespec).replace("+00:00", "Z")


class Entry(feedgen.entry.FeedEntry):  # type: ignore[misc]  # feedgen is untyped
    """One item, with what the extensions of its view say of it."""

    def __init__(self, item: Item, dialect: Dialect) -> None:
        # As the base class leaves it, which asks the clock each time.
        self.__dict__.update(_BLANK)
        self.item, self.dialect = item, dialect
        self.updated(_Zulu.of(item.updated))
        self.guid(item.id, permalink=item.id == item.link)
        if item.published:
            self.published(_Zulu.of(item.published))
        self.categorised(item.categories)

    # The generator's own setters check every word, which takes them as long as all the rest;
    # what comes here is right already.

    def categorised(self, categories: Iterable[Category]) -> None:
        """In place of `category`."""
        self._FeedEntry__atom_category = [_category(one) for one in categories]
        self._FeedEntry__rss_category = [_rss_category(one) for one in categories]

    def linked(self, links: Sequence[Mapping[str, str]]) -> None:
        """In place of `link`; the first is the alternate."""
        self._FeedEntry__atom_link = links
        self._FeedEntry__rss_link = links[0]["href"]

    def written_by(self, authors: Iterable[Author]) -> None:
        """In place of `author`."""
        self._FeedEntry__atom_author = [person(author) for author in authors]
        self._FeedEntry__rss_author = [mailbox(author) for author in authors if author.email]

    def enclosing(self, media: Media) -> None:
        """In place of `enclosure`."""
        length = str(media.size_bytes or 0)
        told = {"url": media.url, "length": length, "type": media.media_type}
        self._FeedEntry__rss_enclosure = told

    def atom_entry(self, extensions: bool = True) -> etree._Element:
        made: etree._Element = super().atom_entry(extensions)
        # feedgen's loop over the links overwrites the link it is looking at.
        for link, wanted in zip(made.iterchildren("link"), self._FeedEntry__atom_link, strict=True):
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
        for extension in extensions(self.dialect.format):
            if extension.prefix in self.dialect.prefixes:
                made.extend(extension.item(self.item, self.dialect))
        made.tail = "\n"
        return made


def _category(category: Category) -> dict[str, str]:
    """A category as feedgen takes one."""
    if category.scheme is None:
        return {"term": category.name}
    return {"term": category.name, "label": category.name, "scheme": category.scheme}


def _rss_category(category: Category) -> dict[str, str | None]:
    return {"value": category.name, "domain": category.scheme}


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
        return _lined(feed, self.extras)

    def extend_rss(self, feed: etree._Element) -> etree._Element:
        return _lined(feed[0], self.extras)


def generator(head: Head, format: str) -> feedgen.feed.FeedGenerator:
    """A feed without entries, with what the extensions of its format say of it."""
    feed = feedgen.feed.FeedGenerator()
    feed.id(head.id)
    feed.title(head.title)
    feed.description(head.description)
    feed.updated(_Zulu.of(head.updated))
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


def dialect_of(page: Page, format: str) -> Dialect:
    """What a page's document speaks."""
    spoken = (one for one in extensions(format) if one.of_item and one.is_for(page))
    return Dialect(format=format, prefixes=tuple(one.prefix for one in spoken))


def mailbox(author: Author) -> str:
    """An author as RSS names one."""
    return f"{author.email} ({author.name})"


def person(author: Author) -> dict[str, str]:
    """An author as feedgen takes one."""
    known: Mapping[str, str | None] = {
        "name": author.name,
        "email": author.email,
        "uri": author.url,
    }
    return {key: value for key, value in known.items() if value}


def head_bytes(feed: feedgen.feed.FeedGenerator, format: str, path: str) -> bytes:
    """The document at `path` without its entries."""
    made = feed._create_rss() if format == "rss" else feed._create_atom()
    return serialised(made[0], path)


def spliced(document: bytes, fragments: Iterable[bytes], end: bytes) -> bytes:
    """A document without entries, with entries before its last `end`."""
    place = document.rindex(end)
    return b"".join((document[:place], *fragments, document[place:]))


def fragments_of(elements: Iterable[etree._Element], format: str) -> Iterator[bytes]:
    """Elements of entries as they are written inside a document, each with its line feed."""
    # A root like the document's, so that prefixes are written as there: on no element but it.
    namespaces = {one.prefix: one.uri for one in extensions(format)}
    if format == "rss":
        namespaces |= _OF_FEEDGEN
    elements = iter(elements)
    while some := list(islice(elements, _AT_ONCE)):
        root = etree.Element("root", nsmap=namespaces)
        root.extend(some)
        written = etree.tostring(root, encoding="utf-8", xml_declaration=False)
        # Text is escaped: a tag stands where it was made and nowhere else.
        end = f"</{some[0].tag}>\n".encode()
        inner = written[written.index(b">") + 1 : written.rindex(b"</root>")]
        yield from (fragment + end for fragment in inner.split(end)[:-1])


def _lined(parent: etree._Element, extras: Iterable[etree._Element]) -> etree._Element:
    """Put the extras last, one child a line."""
    parent.extend(list(extras))
    parent.text = "\n"
    for child in parent:
        child.tail = "\n"
    return parent
