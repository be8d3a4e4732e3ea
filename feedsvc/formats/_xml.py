"""XML elements with the prefixes readers know, and a document as bytes.

Entered by the XML formats alone.
"""

from __future__ import annotations

from lxml import etree

from feedsvc import addresses
from feedsvc.model import Media

NAMESPACES = {
    "at": "http://purl.org/atompub/tombstones/1.0",
    "atom": "http://www.w3.org/2005/Atom",
    "dc": "http://purl.org/dc/elements/1.1/",
    "fh": "http://purl.org/syndication/history/1.0",
    "media": "http://search.yahoo.com/mrss/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "xml": "http://www.w3.org/XML/1998/namespace",
}
_MEDIUMS = ("image", "audio", "video")  # of Media RSS; anything else is a document


def element(
    name: str, text: str | None = None, attributes: dict[str, str] | None = None
) -> etree._Element:
    """An element called `prefix:local`, or `local` in no namespace."""
    prefix, _, local = name.rpartition(":")
    made = etree.Element(
        qualified(name) if prefix else local,
        attributes or {},
        nsmap={prefix: NAMESPACES[prefix]} if prefix else {},
    )
    made.text = text
    return made


def qualified(name: str) -> str:
    """`prefix:local` as lxml spells it."""
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def media_content(media: Media) -> etree._Element:
    """A picture or file that RSS and Atom have no element of their own for."""
    kind = (media.media_type or "").partition("/")[0]
    medium = "image" if media.is_image else kind if kind in _MEDIUMS else "document"
    attributes = {"url": media.url, "type": media.media_type or "", "medium": medium}
    if media.size_bytes is not None:
        attributes["fileSize"] = str(media.size_bytes)
    made = element("media:content", None, attributes)
    if media.title:
        made.append(element("media:title", media.title))
    return made


def serialised(root: etree._Element, path: str) -> bytes:
    """The document at `path`, with the style a browser shows it in."""
    style = addresses.relative(path, addresses.ASSETS + "feed.css")
    instruction = etree.ProcessingInstruction("xml-stylesheet", f'type="text/css" href="{style}"')
    root.addprevious(instruction)
    return etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=True)
