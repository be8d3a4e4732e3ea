"""RSS 2.0, by the specification and the RSS Advisory Board's profile.

Room: formats. Entered by publish through the registry.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from feedsvc import addresses
from feedsvc.formats import _feedgen
from feedsvc.formats._fragments import KEPT
from feedsvc.formats._item import Dialect, Item, head_of
from feedsvc.model import Page

NAME = "rss"
FILENAME = "rss.xml"
MEDIA_TYPE = "application/rss+xml; charset=utf-8"
NAVIGABLE_AS = "application/xml; charset=utf-8"
LABEL = "RSS"
RENDERS = Page
ORDER = 10

#: text with references; behind these two tags it is HTML, anywhere else it is plain
_PLAIN = re.compile(rb"(?<=>)[^<&]*&[^<]*")
_PLAIN_IN_ITEM = re.compile(rb"(?<=>)(?<!<description>)(?<!<content:encoded>)[^<&]*&[^<]*")


def render(page: Page) -> bytes:
    """The page as an RSS 2.0 document."""
    head = head_of(page, FILENAME, MEDIA_TYPE)
    feed = _feedgen.generator(head, NAME)
    feed.description(head.description or head.title)
    feed.docs("https://www.rssboard.org/rss-specification")
    feed.ttl(head.ttl_minutes)
    if head.author.email:
        feed.managingEditor(_feedgen.mailbox(head.author))
    document = _feedgen.head_bytes(feed, NAME, addresses.page_path(page, FILENAME))
    document = _PLAIN.sub(_hexadecimal, document)
    fragments = KEPT.of(page, _feedgen.dialect_of(page, NAME), _written)
    return _feedgen.spliced(document, fragments, b"</channel>")


def _written(dialect: Dialect, items: Sequence[Item]) -> list[bytes]:
    made = (entry_of(item, dialect).rss_entry() for item in items)
    return [_PLAIN_IN_ITEM.sub(_hexadecimal, one) for one in _feedgen.fragments_of(made, NAME)]


def entry_of(item: Item, dialect: Dialect) -> _feedgen.Entry:
    """An item as RSS says it."""
    entry = _feedgen.Entry(item, dialect)
    entry.linked([{"href": item.link}])
    if item.shows_title or not (item.html or item.summary):
        entry.title(item.title)
    if item.html:
        entry.content(item.html)
    if item.summary:
        entry.description(escape(item.summary, quote=False))  # a description is read as HTML
    if one := item.enclosure:  # many readers keep the first or the last
        entry.enclosing(one)
    if item.source and item.source.url:
        entry.source(item.source.url, item.source.title)
    if author := item.mail_author:
        entry.written_by([author])
    return entry


def _hexadecimal(found: re.Match[bytes]) -> bytes:
    """Readers that decode plain text twice leave these references alone (RSS profile)."""
    text = found[0]
    for name, code in ((b"&amp;", b"&#x26;"), (b"&lt;", b"&#x3C;"), (b"&gt;", b"&#x3E;")):
        text = text.replace(name, code)
    return text
