"""XML elements with the prefixes readers know, and a document as bytes.

Entered by the XML formats alone.
"""

from __future__ import annotations

from lxml import etree

from feedsvc import addresses

NAMESPACES = {
    "at": "http://purl.org/atompub/tombstones/1.0",
    "atom": "http://www.w3.org/2005/Atom",
    "dc": "http://purl.org/dc/elements/1.1/",
    "fh": "http://purl.org/syndication/history/1.0",
    "media": "http://search.yahoo.com/mrss/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "xml": "http://www.w3.org/XML/1998/namespace",
}


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


def serialised(root: etree._Element, path: str) -> bytes:
    """The document at `path`, with the style a browser shows it in."""
    style = addresses.relative(path, addresses.ASSETS + "feed.css")
    instruction = etree.ProcessingInstruction("xml-stylesheet", f'type="text/css" href="{style}"')
    root.addprevious(instruction)
    return etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=True)
