"""Is this document valid, and what would a reader trip over: bytes in, findings out.

Room: check. Pure: no network, no clock, no settings, no store; `now` is an argument.
Entered through `check_document` and `check_folder` by those who publish and by the
command line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from lxml import etree

from feedsvc.check import atom, discovery, jsonfeed, opml, rss
from feedsvc.check._bytes import root_tag
from feedsvc.check._html import ELEMENTS
from feedsvc.check._tree import Tree, tree_of
from feedsvc.check.context import Context, Kind
from feedsvc.check.findings import Finding, Rule, Severity, folded, shown

__all__ = ["Context", "Finding", "Rule", "Severity", "check_document"]

NOT_A_FEED = Rule(
    name="not-a-feed",
    severity=Severity.ERROR,
    harm="a reader refuses to subscribe",
    remedy="give the address of an RSS, Atom or JSON feed, or of an OPML outline",
    section="RSS 2.0; RFC 4287; JSON Feed 1.1; OPML 2.0",
)
NAME_MISLEADS = Rule(
    name="name-misleads",
    severity=Severity.WARNING,
    harm="a static host sends the type of the ending, and readers refuse the document",
    remedy="end the name in .rss, .atom, .xml, .json or .opml as the document is",
    section="RFC 9110 §8.3",
)

KINDS: dict[str, Kind] = {
    "entry": "atom",
    "feed": "atom",
    "opml": "opml",
    "rdf": "rss",
    "rss": "rss",
}
CHECKS: dict[Kind, Callable[[etree._Element, Context], Iterator[Finding]]] = {
    "atom": atom.check,
    "opml": opml.check,
    "rss": rss.check,
}
#: ending -> kinds a document so named is
ENDINGS: dict[str, set[Kind]] = {
    "atom": {"atom"},
    "json": {"json"},
    "opml": {"opml"},
    "rdf": {"rss"},
    "rss": {"rss"},
    "xml": {"atom", "opml", "rss"},
}
_JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s*[{\[]")


def check_document(
    data: bytes,
    *,
    name: str = "",
    address: str | None = None,
    media_type: str | None = None,
    now: datetime | None = None,
) -> tuple[Finding, ...]:
    """Everything wrong with one document, in order of line.

    Its kind is read from the content, never from name or type. Raises nothing
    for any bytes.
    """
    context = Context(name=name, address=address, media_type=media_type, now=now)
    return folded(_findings(data, context), name)


def _findings(data: bytes, context: Context) -> Iterator[Finding]:
    if _JSON.match(data):
        yield from _misnamed(context, "json")
        yield from jsonfeed.check(data, replace(context, kind="json"))
        return
    tree = tree_of(data)
    kind = _kind_of(tree.words)
    if kind is None and tree.words:
        yield NOT_A_FEED.at(1, _looks_like(tree.words))
        yield from discovery.check(tree.words)
        return
    yield from tree.findings
    if kind:
        yield from _misnamed(context, kind)
        yield from _vocabulary(tree, replace(context, kind=kind))


def _vocabulary(tree: Tree, context: Context) -> Iterator[Finding]:
    if tree.root is not None:
        yield from CHECKS[context.kind](tree.root, context)


def _kind_of(words: str) -> Kind | None:
    """The kind by the root's name; words before the root do not hide it."""
    root = root_tag(words)
    name = root["name"].lower() if root else ""
    if name in KINDS or name == "html":
        return KINDS.get(name)
    hidden = re.search(r"<(rss|feed|rdf(?=:rdf)|opml)\b[^<>]*\s(?:version|xmlns)", words, re.I)
    return KINDS[hidden[1].lower()] if hidden else None


def _misnamed(context: Context, kind: Kind) -> Iterator[Finding]:
    ending = re.split(r"[?#]", context.name)[0].rpartition(".")[2].lower()
    if kind not in ENDINGS.get(ending, {kind}):
        yield NAME_MISLEADS.at(None, f"the name ends in .{ending}; the document is {kind.upper()}")


def _looks_like(words: str) -> str:
    root = root_tag(words)
    if root is None:
        return f"the document has no tag; it begins with {shown(words[:60])}"
    if root["name"].lower() not in ELEMENTS:
        return f"the document is a <{root['name']}>"
    addresses = [link.href for link in discovery.feed_links(words)]
    links = f"; it links to {', '.join(addresses)}" if addresses else ""
    return f"the document is a web page{links}"
