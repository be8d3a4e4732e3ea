"""How often a feed changes, the same as its ttl says (RDF Site Summary Syndication).

Room: formats. Entered through the registry of extensions.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from feedsvc.formats._item import Head
from feedsvc.formats._xml import Namespace

PREFIX, URI = "sy", "http://purl.org/rss/1.0/modules/syndication/"
FORMATS = ("rss",)
sy = Namespace(PREFIX, URI)
_PERIODS = (("hourly", 60), ("daily", 1440), ("weekly", 10080))


def head(head: Head) -> Iterator[etree._Element]:
    minutes = head.ttl_minutes
    period, length = next((p for p in _PERIODS if p[1] >= minutes), _PERIODS[-1])
    yield sy("updatePeriod", period)
    yield sy("updateFrequency", str(max(1, length // minutes)))
