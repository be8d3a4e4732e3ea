"""Where the parts of a recording begin (Podlove Simple Chapters 1.2).

Room: formats. Entered through the registry of extensions. The same as a document of its own is
the format `chapters`.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from feedsvc.formats._item import Dialect, Item, legal, uri
from feedsvc.formats._xml import Namespace
from feedsvc.model import Page

PREFIX, URI = "psc", "http://podlove.org/simple-chapters"
psc = Namespace(PREFIX, URI)


def is_for(page: Page) -> bool:
    return page.feed.podcast is not None


def item(item: Item, _: Dialect) -> Iterator[etree._Element]:
    if item.entry.episode and item.entry.episode.chapters:
        made = psc("chapters", None, {"version": "1.2"})
        for one in sorted(item.entry.episode.chapters, key=lambda one: one.start_ms):
            attributes = {"start": _clock(one.start_ms), "title": legal(one.title)}
            link = {"href": uri(one.link)} if one.link else {}
            made.append(psc("chapter", None, attributes | link))
        yield made


def _clock(milliseconds: int) -> str:
    """Normal play time, as in 01:02:03.004."""
    seconds, thousandths = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{thousandths:03}"
