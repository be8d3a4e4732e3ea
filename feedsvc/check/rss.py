"""RSS 0.9x, 1.0 and 2.0.

Room: check.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from feedsvc.check.context import Context
from feedsvc.check.findings import Finding


def check(root: etree._Element, context: Context) -> Iterator[Finding]:
    """Everything wrong with an RSS document."""
    yield from ()
