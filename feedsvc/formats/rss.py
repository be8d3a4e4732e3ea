"""RSS 2.0, by the specification and the RSS Advisory Board's profile.

Room: formats. Entered by publish through the registry.
"""

from __future__ import annotations

import re
from html import escape

from lxml import etree

from feedsvc import addresses
from feedsvc.formats import _feedgen
from feedsvc.formats._item import Head, Item, head_of, item_of, zulu
from feedsvc.formats._xml import element, media_content
from feedsvc.model import Author, Page

NAME = "rss"
FILENAME = "rss.xml"
MEDIA_TYPE = "application/rss+xml; charset=utf-8"
NAVIGABLE_AS = "application/xml; charset=utf-8"
LABEL = "RSS"
RENDERS = Page
ORDER = 10

_PREFIXES = ("dc", "media", "sy")
_TITLE = re.compile(rb"(?<=<title>)[^<]*")
_PERIODS = (("hourly", 60), ("daily", 1440), ("weekly", 10080))


def render(page: Page) -> bytes:
    """The page as an RSS 2.0 document."""
    head = head_of(page, FILENAME)
    prefixes = (*_PREFIXES, "fh") if head.is_complete else _PREFIXES
    feed = _feedgen.generator(head, MEDIA_TYPE, prefixes=prefixes, extras=_head_extras(head))
    feed.description(head.description or head.title)
    feed.docs("https://www.rssboard.org/rss-specification")
    feed.ttl(head.ttl_minutes)
    if head.author.email:
        feed.managingEditor(_mail(head.author))
    entries = (_entry(item_of(page.site, page.feed, entry)) for entry in page.entries)
    path = addresses.page_path(page, FILENAME)
    document = _feedgen.rss_bytes(feed, entries, path)
    return _TITLE.sub(lambda title: _hexadecimal(title[0]), document)


def _head_extras(head: Head) -> list[etree._Element]:
    period, minutes = next((p for p in _PERIODS if p[1] >= head.ttl_minutes), _PERIODS[-1])
    frequency = max(1, minutes // head.ttl_minutes)
    extras = [element("sy:updatePeriod", period), element("sy:updateFrequency", str(frequency))]
    return [*extras, element("fh:complete")] if head.is_complete else extras


def _entry(item: Item) -> _feedgen.Entry:
    entry = _feedgen.Entry(item)
    entry.link(href=item.link, rel="alternate")
    if item.shows_title or not (item.html or item.summary):
        entry.title(item.title)
    if item.html:
        entry.content(item.html)
    if item.summary:
        entry.description(escape(item.summary, quote=False))  # a description is read as HTML
    if item.attachments:  # one: many readers keep the first or the last
        first = item.attachments[0]
        entry.enclosure(first.url, first.size_bytes or 0, first.media_type)
    entry.extras += _authors(entry, item)
    if item.is_changed:
        entry.extras.append(element("atom:updated", zulu(item.updated)))
    if item.language:
        entry.extras.append(element("dc:language", item.language))
    entry.extras += [media_content(one) for one in (*item.images, *item.attachments[1:])]
    return entry


def _authors(entry: _feedgen.Entry, item: Item) -> list[etree._Element]:
    """An <author> needs a mail address and stands alone; names are dc:creator, never both."""
    if len(item.authors) == 1 and item.authors[0].email:
        entry.author(_feedgen.person(item.authors[0]))
        return []
    return [element("dc:creator", author.name) for author in item.authors]


def _mail(author: Author) -> str:
    return f"{author.email} ({author.name})"


def _hexadecimal(title: bytes) -> bytes:
    """Readers that decode a title twice leave these references alone (RSS profile)."""
    for name, code in ((b"&amp;", b"&#x26;"), (b"&lt;", b"&#x3C;"), (b"&gt;", b"&#x3E;")):
        title = title.replace(name, code)
    return title
