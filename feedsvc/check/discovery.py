"""Autodiscovery: the feeds a web page names in its head.

Room: check. Entered by `folder`, and by `probe` for an address that is a page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

from feedsvc.check.findings import Finding, Rule, Severity, shown

SECTION = "HTML Standard, link type alternate"
TYPES = {
    "application/rss+xml": "rss",
    "application/atom+xml": "atom",
    "application/feed+json": "json",
    "application/json": "json",
}

REL_WRONG = Rule(
    name="discovery-rel",
    severity=Severity.WARNING,
    harm="readers given the page's address find no feed",
    remedy='write rel="alternate"',
    section=SECTION,
)
TYPE_WRONG = Rule(
    name="discovery-type",
    severity=Severity.WARNING,
    harm="readers given the page's address do not take the link for a feed",
    remedy="write application/rss+xml, application/atom+xml or application/feed+json",
    section=SECTION,
)
HREF_MISSING = Rule(
    name="discovery-href-missing",
    severity=Severity.ERROR,
    harm="readers take the page itself for the feed",
    remedy="give the link the feed's address",
    section=SECTION,
)
IN_BODY = Rule(
    name="discovery-in-body",
    severity=Severity.WARNING,
    harm="readers that read the head alone find no feed",
    remedy="put the link into the head",
    section="HTML Standard, the link element",
)
TITLE_MISSING = Rule(
    name="discovery-title-missing",
    severity=Severity.ADVICE,
    harm="people choose between feeds without names",
    remedy="give each link a title of its own",
    section="HTML Standard, the link element",
)
TWICE = Rule(
    name="discovery-twice",
    severity=Severity.ADVICE,
    harm="people are asked to choose between the same feed and itself",
    remedy="name each feed once",
    section=SECTION,
)
NONE = Rule(
    name="discovery-none",
    severity=Severity.WARNING,
    harm="readers given the page's address find no feed",
    remedy='add <link rel="alternate" type="application/rss+xml" href="…"> to the head',
    section=SECTION,
)

_FEEDISH = re.compile(
    r"(?:^|[/.])(?:rss|atom|feed)(?:\.xml|\.json)?/?(?:[?#].*)?$|\.(?:rss|atom)$", re.I
)
_ODD_TYPES = re.compile(
    r"(?:text|application)/(?:x-)?(?:rss|atom|feed|rdf)\b|(?:text|application)/xml$"
)

_HEAD_END = re.compile(r"<body\b[^>]*>|</head\s*>", re.IGNORECASE)
_LINK = re.compile(r"<link\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLink:
    """A link of a page that means to name a feed."""

    href: str
    rel: str
    media_type: str
    title: str
    line: int
    is_in_body: bool

    @property
    def kind(self) -> str | None:
        """The kind of feed its type names."""
        return TYPES.get(self.media_type)

    @property
    def is_found(self) -> bool:
        """Whether readers find the feed by it."""
        relations = self.rel.split()
        return "alternate" in relations and "stylesheet" not in relations and self.kind is not None


def feed_links(page: str) -> tuple[FeedLink, ...]:
    """The links of a page that name feeds, or mean to, in its order: the first is the default."""
    reading = _Reading()
    reading.feed(page[: _end(page)])
    reading.close()
    return tuple(reading.links)


def check(page: str) -> Iterator[Finding]:
    """What is wrong with the feeds a page names; a page that names none has no fault here."""
    found = feed_links(page)
    for link in found:
        yield from _link(link)
    good = [link for link in found if link.is_found]
    for n, link in enumerate(good):
        if len(good) > 1 and not link.title:
            yield TITLE_MISSING.at(link.line, f"the link to {shown(link.href)} has no title")
        if link.href in {other.href for other in good[:n]}:
            yield TWICE.at(link.line, f"{shown(link.href)} is named before")


def _end(page: str) -> int:
    """How far a page need be read: its head, if no link stands after it."""
    head = _HEAD_END.search(page)
    return head.end() if head and not _LINK.search(page, head.end()) else len(page)


def _link(link: FeedLink) -> Iterator[Finding]:
    told = f"the link to {shown(link.href)}"
    if not link.href.strip():
        yield HREF_MISSING.at(link.line, "a link to a feed has no href")
    if "alternate" not in link.rel.split():
        yield REL_WRONG.at(link.line, f"{told} has rel {shown(link.rel)}")
    if link.kind is None:
        yield TYPE_WRONG.at(link.line, f"{told} has type {shown(link.media_type)}")
    if link.is_in_body:
        yield IN_BODY.at(link.line, f"{told} stands in the body")


class _Reading(HTMLParser):
    """Walks a page and keeps its links to feeds."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[FeedLink] = []
        self._is_in_body = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":
            self._is_in_body = True
        elif tag == "link":
            given = {name: (value or "").strip() for name, value in attrs}
            link = FeedLink(
                href=given.get("href", ""),
                rel=given.get("rel", "").lower(),
                media_type=given.get("type", "").partition(";")[0].strip().lower(),
                title=given.get("title", ""),
                line=self.getpos()[0],
                is_in_body=self._is_in_body,
            )
            if _means_a_feed(link) and "hreflang" not in given:
                self.links.append(link)


def _means_a_feed(link: FeedLink) -> bool:
    """Whether a link is one to a feed, or was meant to be."""
    relations = link.rel.split()
    if link.kind == "json" and link.media_type == "application/json":
        return "alternate" in relations and bool(_FEEDISH.search(link.href))
    if link.kind:
        return relations in ([], ["feed"], ["home"]) or any("altern" in one for one in relations)
    is_odd = bool(_ODD_TYPES.match(link.media_type)) or not link.media_type
    return is_odd and "alternate" in relations and bool(_FEEDISH.search(link.href))
