"""What RSS and Atom say in the namespaces of others: one namespace a module.

Room: formats. The folder is the registry; entry points of the group `feedsvc.extensions` add
third-party modules of the same shape, through the same door:

    from feedsvc.formats.extensions import Namespace

    PREFIX, URI = "georss", "http://www.georss.org/georss"
    FORMATS = ("rss", "atom")       # optional, both by default
    georss = Namespace(PREFIX, URI)

    def item(item, dialect):        # optional: the elements of an Item
        if place := PLACES.get(item.entry.source):
            yield georss("point", f"{place.latitude} {place.longitude}")

    def head(head):                 # optional: the elements of a feed's head
        yield georss("featureName", head.page.feed.name)

    def is_for(page):               # optional: the feeds it is written in, all by default
        return page.feed.path.startswith("places/")

An item is asked for once and kept, however many documents show it: what `item` gives may
depend on the Item (with its entry and its view) and the Dialect alone. Prefixes are declared on the root of each document that may use
them, and nowhere else.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

from lxml import etree

from feedsvc.errors import FeedsvcError
from feedsvc.formats._item import Dialect, Head, Item
from feedsvc.formats._xml import Namespace
from feedsvc.model import Page

__all__ = ["Dialect", "Extension", "Head", "Item", "Namespace", "extensions"]

FORMATS = ("rss", "atom")


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """One namespace, with what it says of a feed and of an item."""

    prefix: str
    uri: str
    formats: tuple[str, ...]
    is_for: Callable[[Page], bool]
    of_head: Callable[[Head], Iterable[etree._Element]] | None
    of_item: Callable[[Item, Dialect], Iterable[etree._Element]] | None

    @classmethod
    def of(cls, module: Any) -> Extension:
        """What a module of the folder's shape holds."""
        return cls(
            prefix=module.PREFIX,
            uri=module.URI,
            formats=getattr(module, "FORMATS", FORMATS),
            is_for=getattr(module, "is_for", lambda _: True),
            of_head=getattr(module, "head", None),
            of_item=getattr(module, "item", None),
        )

    def head(self, head: Head) -> list[etree._Element]:
        """What it says of a feed."""
        return list(self._own(self.of_head(head))) if self.of_head else []

    def item(self, item: Item, dialect: Dialect) -> list[etree._Element]:
        """What it says of an item."""
        return list(self._own(self.of_item(item, dialect))) if self.of_item else []

    def _own(self, elements: Iterable[etree._Element]) -> Iterator[etree._Element]:
        """The elements: of another namespace they would get a prefix that nobody knows."""
        own = f"{{{self.uri}}}"
        for made in elements:
            for one in made.iter(etree.Element):
                if not one.tag.startswith(own):
                    raise FeedsvcError(
                        f"extension {self.prefix}: <{one.tag}> is not of its namespace {self.uri}; "
                        "make elements with Namespace(PREFIX, URI)"
                    )
            yield made


@cache
def extensions(format: str) -> tuple[Extension, ...]:
    """The extensions of a format, in the order of their prefixes.

    FeedsvcError where two have one prefix.
    """
    names = sorted(m.name for m in pkgutil.iter_modules(__path__))
    found = [Extension.of(import_module(f"{__name__}.{name}")) for name in names]
    found += [Extension.of(point.load()) for point in entry_points(group="feedsvc.extensions")]
    by_prefix: dict[str, Extension] = {}
    for one in found:
        if by_prefix.setdefault(one.prefix, one).uri != one.uri:
            raise FeedsvcError(
                f"two extensions have the prefix {one.prefix}: of {by_prefix[one.prefix].uri} and "
                f"of {one.uri}; uninstall one of the packages"
            )
    spoken = (one for one in found if format in one.formats)
    return tuple(sorted(spoken, key=lambda one: one.prefix))
