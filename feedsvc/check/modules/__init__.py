"""The extensions of RSS and Atom: one module a vocabulary, the folder is the registry.

Room: check, modules. Entered by rss and atom through `check`, once for every channel, item,
feed and entry, with a context that says which level it is.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from feedsvc.check.context import Context
from feedsvc.check.findings import Finding


def check(parent: etree._Element, context: Context) -> Iterator[Finding]:
    """Everything wrong with the extension elements right inside a channel, item, feed or entry.

    What belongs to the format itself, to Atom inside RSS, to RFC 4685, 5005 and 6721 is not
    looked at here.
    """
    yield from ()
