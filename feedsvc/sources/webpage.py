"""Web pages: one article, or a listing of several; also as browsers and archives save them.

Room: sources. A reader (see the registry). Imports model and errors through its neighbours.
What the page says of itself in metadata is taken first, then what can be seen on it. Which
evidence of a day is how strong is told by its origin (DATES.md §3), never judged here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from feedsvc.model import Noise, RawItem, Refused
from feedsvc.sources import _saved
from feedsvc.sources._charset import codec_of, stateful
from feedsvc.sources._hints import NO_HINTS, Hints
from feedsvc.sources._text import opening, require_size, text_of, why_binary

NAME = "webpage"
NAMES = (".html", ".htm", ".xhtml", ".shtml", ".mhtml", ".mht")
PROLOGUE = re.compile(r"(?:\s++|<\?[^>]*+>|<!--.*?-->)*+", re.DOTALL)
FEED = re.compile(r"<(?:rss|feed|rdf:rdf|opml|urlset|sitemapindex|channel)[\s>]", re.IGNORECASE)
PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body|frameset)[\s>]", re.IGNORECASE)
PIECE = re.compile(
    r"<(?:article|div|section|main|header|h[1-6]|p|meta|link|title|script|table|ul|ol|figure|blockquote|nav|style)"
    r"[\s>]",
    re.IGNORECASE,
)
TELLING = re.compile(
    r"ld\+json|class=[\"'][^\"']*\b(?:h-entry|hentry|h-feed)\b|<article[\s>]|</p>|</div>",
    re.IGNORECASE,
)
NO_PAGE = (".md", ".markdown", ".mdown", ".txt", ".rst", ".adoc")


def sniff(name: str, head: bytes) -> float:
    """A page begins with its doctype or an element; a feed is none, whatever it is called."""
    if _saved.is_bundle(head):
        return 0.96
    text = opening(head)
    start = PROLOGUE.match(text)
    rest = text[start.end() if start else 0 :]
    if FEED.match(rest) or (text.startswith("<?xml") and not PAGE.match(rest)) or why_binary(head):
        return 0.0
    if PAGE.match(rest):
        return 0.9
    lowered = name.casefold()
    if PIECE.match(rest) and TELLING.search(head.decode("utf-8", "ignore")):
        return 0.3 if lowered.endswith(NO_PAGE) else 0.9
    return (
        0.6 if lowered.endswith(NAMES) and not text.startswith(("---\n", "---\r", "+++")) else 0.0
    )


def read(name: str, data: bytes, hints: Hints = NO_HINTS) -> Iterator[RawItem | Refused | Noise]:
    """The article of a page, or each item it lists.

    A page with nothing to read on it is refused, and what is beyond the limit of tags is told.
    Raises UnknownFormat for binary data and BrokenSource beyond the size limit.
    """
    from feedsvc.sources import _page

    require_size(name, data, hints.limits)
    saved = _saved.unpacked(data)
    charset = codec_of(hints.charset) or saved.charset
    is_stateful = (charset or "").startswith(("iso2022", "hz"))
    text = stateful(saved.data, charset) if is_stateful else None
    if text is None and saved.data:
        text = text_of(name, saved.data, replace(hints, charset=charset))
    yield from _page.read(name, text or "", saved, hints)
