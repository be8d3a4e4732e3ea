"""RSS 2.0, by the specification and the RSS Advisory Board's profile.

Room: formats. Entered by publish through the registry.
"""

from __future__ import annotations

import re
from html import escape

from feedsvc import addresses
from feedsvc.formats import _feedgen
from feedsvc.formats._item import Item, head_of, item_in
from feedsvc.model import Author, Page

NAME = "rss"
FILENAME = "rss.xml"
MEDIA_TYPE = "application/rss+xml; charset=utf-8"
NAVIGABLE_AS = "application/xml; charset=utf-8"
LABEL = "RSS"
RENDERS = Page
ORDER = 10

_TITLE = re.compile(rb"(?<=<title>)[^<]*")


def render(page: Page) -> bytes:
    """The page as an RSS 2.0 document."""
    head = head_of(page, FILENAME, MEDIA_TYPE)
    feed = _feedgen.generator(head, NAME)
    feed.description(head.description or head.title)
    feed.docs("https://www.rssboard.org/rss-specification")
    feed.ttl(head.ttl_minutes)
    if head.author.email:
        feed.managingEditor(_mail(head.author))
    view = _feedgen.view_of_page(page, NAME)
    entries = (_entry(item_in(view, entry)) for entry in page.entries)
    document = _feedgen.rss_bytes(feed, entries, addresses.page_path(page, FILENAME))
    return _TITLE.sub(lambda title: _hexadecimal(title[0]), document)


def _entry(item: Item) -> _feedgen.Entry:
    entry = _feedgen.Entry(item)
    entry.link(href=item.link, rel="alternate")
    if item.shows_title or not (item.html or item.summary):
        entry.title(item.title)
    if item.html:
        entry.content(item.html)
    if item.summary:
        entry.description(escape(item.summary, quote=False))  # a description is read as HTML
    if one := item.enclosure:  # many readers keep the first or the last
        entry.enclosure(one.url, one.size_bytes or 0, one.media_type)
    if item.source and item.source.url:
        entry.source(item.source.url, item.source.title)
    if author := item.mail_author:
        entry.author(_feedgen.person(author))
    return entry


def _mail(author: Author) -> str:
    return f"{author.email} ({author.name})"


def _hexadecimal(title: bytes) -> bytes:
    """Readers that decode a title twice leave these references alone (RSS profile)."""
    for name, code in ((b"&amp;", b"&#x26;"), (b"&lt;", b"&#x3C;"), (b"&gt;", b"&#x3E;")):
        title = title.replace(name, code)
    return title
