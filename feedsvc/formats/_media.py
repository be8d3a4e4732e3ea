"""Media RSS, for what RSS and Atom have no element of their own.

Entered by rss and atom.
"""

from __future__ import annotations

from lxml import etree

from feedsvc.formats._xml import element
from feedsvc.model import Media

_MEDIUMS = ("image", "audio", "video")


def media_content(media: Media) -> etree._Element:
    """One picture or file as <media:content>."""
    kind = (media.media_type or "").partition("/")[0]
    medium = "image" if media.is_image else kind if kind in _MEDIUMS else "document"
    attributes = {"url": media.url, "type": media.media_type or "", "medium": medium}
    if media.size_bytes is not None:
        attributes["fileSize"] = str(media.size_bytes)
    made = element("media:content", None, attributes)
    if media.title:
        made.append(element("media:title", media.title))
    return made
