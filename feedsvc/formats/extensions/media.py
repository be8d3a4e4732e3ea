"""Pictures and files that RSS and Atom have no element of their own for (Media RSS 1.5).

Room: formats. Entered through the registry of extensions.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from feedsvc.formats._item import Item
from feedsvc.formats._xml import Namespace
from feedsvc.model import Media

PREFIX, URI = "media", "http://search.yahoo.com/mrss/"
media = Namespace(PREFIX, URI)
_MEDIUMS = ("image", "audio", "video")  # of Media RSS; anything else is a document


def item(item: Item) -> Iterator[etree._Element]:
    """RSS has one enclosure, Atom a link for each; the rest is here."""
    others = item.attachments[1:] if item.view.format == "rss" else ()
    for one in (*item.images, *others):
        yield _content(one)


def _content(one: Media) -> etree._Element:
    kind = (one.media_type or "").partition("/")[0]
    medium = "image" if one.is_image else kind if kind in _MEDIUMS else "document"
    attributes = {"url": one.url, "type": one.media_type or "", "medium": medium}
    if one.size_bytes is not None:
        attributes["fileSize"] = str(one.size_bytes)
    made = media("content", None, attributes)
    if one.title:
        made.append(media("title", one.title))
    return made
