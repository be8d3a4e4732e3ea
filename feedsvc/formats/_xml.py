"""XML elements with the prefixes readers know, and a document as bytes.

Entered by the XML formats alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from feedsvc import addresses

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True)
class Namespace:
    """Makes the elements of one namespace, under the prefix that readers know it by."""

    prefix: str
    uri: str

    def __call__(
        self, name: str, text: str | None = None, attributes: dict[str, str] | None = None
    ) -> etree._Element:
        """An element; `attributes` have no namespace."""
        made = etree.Element(
            f"{{{self.uri}}}{name}", attributes or {}, nsmap={self.prefix: self.uri}
        )
        made.text = text
        return made


def element(
    name: str, text: str | None = None, attributes: dict[str, str] | None = None
) -> etree._Element:
    """An element in no namespace."""
    made = etree.Element(name, attributes or {})
    made.text = text
    return made


def serialised(root: etree._Element, path: str, *, is_styled: bool = True) -> bytes:
    """The document at `path`, with the style a browser shows it in."""
    if is_styled:
        style = addresses.relative(path, addresses.ASSETS + "feed.css")
        told = f'type="text/css" href="{style}"'
        root.addprevious(etree.ProcessingInstruction("xml-stylesheet", told))
    return etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=True)
