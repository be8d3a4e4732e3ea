"""Bytes in, a tree with line numbers out, or the line where XML ends.

Room: check. No entity is resolved, nothing is fetched, no DTD is read; size and depth are
capped. Entered by the checks of XML documents.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from lxml import etree

from feedsvc.check.findings import Finding, Rule, Severity, shown

NOT_WELL_FORMED = Rule(
    name="xml-not-well-formed",
    severity=Severity.ERROR,
    harm="most readers show nothing at all",
    remedy="write XML with a library that escapes, never by pasting strings",
    section="XML 1.0 §2.1",
)


def tree_of(data: bytes) -> tuple[etree._Element | None, tuple[Finding, ...]]:
    """The root element, or None with what keeps the bytes from being XML."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(data, parser), ()
    except etree.XMLSyntaxError as error:
        return None, (NOT_WELL_FORMED.at(error.lineno or 1, shown(error.msg or "")),)


def namespace_of(element: etree._Element) -> str:
    """The vocabulary an element is of; empty for none."""
    tag = str(element.tag)
    return tag[1:].partition("}")[0] if tag.startswith("{") else ""


def local_name(element: etree._Element) -> str:
    """An element's name without its vocabulary."""
    return str(element.tag).rpartition("}")[2]


def written_name(element: etree._Element) -> str:
    """An element's name as the document writes it: `dc:creator`."""
    prefix = element.prefix
    return f"{prefix}:{local_name(element)}" if prefix else local_name(element)


def line_of(element: etree._Element) -> int:
    """The line an element opens on."""
    return cast("int | None", element.sourceline) or 1  # the stubs leave its type open


def text_of(element: etree._Element) -> str:
    """All the words inside an element, as they stand."""
    return "".join(str(words) for words in element.itertext())


def children(element: etree._Element) -> Iterator[etree._Element]:
    """The elements right inside, without entities."""
    return (child for child in element if isinstance(child.tag, str))
