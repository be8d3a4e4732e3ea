"""Names without a mail address, and the language of an item (Dublin Core).

Room: formats. Entered through the registry of extensions.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from feedsvc.formats._item import Dialect, Item
from feedsvc.formats._xml import Namespace

PREFIX, URI = "dc", "http://purl.org/dc/elements/1.1/"
FORMATS = ("rss",)
dc = Namespace(PREFIX, URI)


def item(item: Item, _: Dialect) -> Iterator[etree._Element]:
    if item.mail_author is None:  # it stands in <author>, and never in both
        for author in item.authors:
            yield dc("creator", author.name)
    if item.language:
        yield dc("language", item.language)
