"""What an element is called, holds and where it stands.

Room: check. Entered by every check of XML documents.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import cast

from lxml import etree


@lru_cache(maxsize=2048)
def _parts(tag: object) -> tuple[str, str]:
    """The vocabulary and the name of a tag as lxml writes it."""
    uri, _, name = str(tag).rpartition("}")
    return uri[1:], name


def namespace_of(element: etree._Element) -> str:
    """The vocabulary an element is of; empty for none."""
    return _parts(element.tag)[0]


def local_name(element: etree._Element) -> str:
    """An element's name without its vocabulary."""
    return _parts(element.tag)[1]


def written_name(element: etree._Element) -> str:
    """An element's name as the document writes it: `dc:creator`."""
    prefix = element.prefix
    return f"{prefix}:{local_name(element)}" if prefix else local_name(element)


def line_of(element: etree._Element) -> int:
    """The line an element opens on."""
    return cast("int | None", element.sourceline) or 1  # the stubs leave its type open


def text_of(element: etree._Element) -> str:
    """All the words inside an element, as they stand."""
    if not len(element):
        return element.text or ""
    return "".join(str(words) for words in element.itertext(etree.Element))


def children(element: etree._Element) -> Iterator[etree._Element]:
    """The elements right inside, without entities."""
    return element.iterchildren(etree.Element)
