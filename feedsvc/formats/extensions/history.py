"""What a document promises about history (RFC 5005 §2 and §4).

Room: formats. Entered through the registry of extensions.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from feedsvc.formats._item import Head
from feedsvc.formats._xml import Namespace
from feedsvc.model import Kind

PREFIX, URI = "fh", "http://purl.org/syndication/history/1.0"
fh = Namespace(PREFIX, URI)
_MARKS = {Kind.COMPLETE: "complete", Kind.ARCHIVED: "archive"}


def head(head: Head) -> Iterator[etree._Element]:
    if mark := _MARKS.get(head.page.kind):
        yield fh(mark)
