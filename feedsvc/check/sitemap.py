"""Sitemaps: the list of pages for search engines, and the list of such lists.

Room: check. Entered by `folder`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from lxml import etree

from feedsvc.check._grammar import Element, Term, Vocabulary, check_terms
from feedsvc.check._kinds import Kind, address, between, one_of, w3cdtf
from feedsvc.check._xml import line_of, local_name, namespace_of, text_of
from feedsvc.check.context import Context
from feedsvc.check.findings import Finding, Rule, Severity, shown

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
MOST_ADDRESSES, MOST_BYTES = 50_000, 52_428_800
SECTION = "Sitemaps 0.9"
HARM = "search engines refuse the sitemap, or a part of it"

ILL_FORMED = Rule(
    name="sitemap-not-well-formed",
    severity=Severity.ERROR,
    harm=HARM,
    remedy="write XML with a library that escapes",
    section="XML 1.0 §2.1",
)
NAMESPACE_WRONG = Rule(
    name="sitemap-namespace",
    severity=Severity.ERROR,
    harm=HARM,
    remedy=f'write xmlns="{NAMESPACE}"',
    section=SECTION,
)
TOO_MANY = Rule(
    name="sitemap-too-long",
    severity=Severity.ERROR,
    harm=HARM,
    remedy="split it: at most 50,000 addresses and 50 MB a file, and an index over the files",
    section=f"{SECTION}, sitemap index",
)
TWICE = Rule(
    name="sitemap-address-twice",
    severity=Severity.ADVICE,
    harm="search engines count the address once",
    remedy="list each address once",
    section=SECTION,
)
OTHER_HOST = Rule(
    name="sitemap-other-host",
    severity=Severity.WARNING,
    harm="search engines ignore addresses of another host or scheme",
    remedy="list the addresses of one host in its own sitemap",
    section=f"{SECTION}, location",
)

VOCABULARY = Vocabulary(
    prefix="sitemap",
    uri=NAMESPACE,
    section=SECTION,
    harm=HARM,
    terms={
        "url": Term(within=("urlset",), needs=("loc",)),
        "sitemap": Term(within=("sitemapindex",), needs=("loc",)),
        "loc": Term(
            text=(address, Kind("at most 2,048 characters", lambda value: len(value) < 2048)),
            within=("url", "sitemap"),
            once=True,
        ),
        "lastmod": Term(text=w3cdtf, within=("url", "sitemap"), once=True),
        "changefreq": Term(
            text=one_of("always", "hourly", "daily", "weekly", "monthly", "yearly", "never"),
            within=("url",),
            once=True,
        ),
        "priority": Term(text=between(0, 1), within=("url",), once=True),
    },
)


def check(data: bytes, context: Context) -> Iterator[Finding]:
    """Everything wrong with a sitemap or an index of sitemaps."""
    if len(data) > MOST_BYTES:
        yield TOO_MANY.at(None, f"the sitemap has {len(data) / 2**20:.0f} MB")
        return
    try:
        root = _root(data)
    except etree.XMLSyntaxError as error:
        yield ILL_FORMED.at(error.lineno or 1, error.msg or "it is no XML")
        return
    if namespace_of(root) != NAMESPACE:
        yield NAMESPACE_WRONG.at(line_of(root), f"the namespace is {shown(namespace_of(root))}")
        return
    yield from check_terms(VOCABULARY, root, local_name(root), replace(context, kind="atom"))
    yield from _together(root)


def locations(data: bytes) -> list[tuple[str, int]]:
    """The addresses a sitemap lists, each with its line; none when it cannot be read."""
    try:
        return [
            (text_of(loc).strip(), line_of(loc)) for loc in _root(data).iter(f"{{{NAMESPACE}}}loc")
        ]
    except etree.XMLSyntaxError:
        return []


def _root(data: bytes) -> Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
    )
    return etree.fromstring(data, parser)


def _together(root: Element) -> Iterator[Finding]:
    listed = [(text_of(loc).strip(), line_of(loc)) for loc in root.iter(f"{{{NAMESPACE}}}loc")]
    if len(listed) > MOST_ADDRESSES:
        yield TOO_MANY.at(None, f"the sitemap lists {len(listed)} addresses")
    seen: set[str] = set()
    for location, line in listed:
        if location in seen:
            yield TWICE.at(line, f"{shown(location)} is listed before")
        elif seen and _origin(location) != _origin(listed[0][0]):
            yield OTHER_HOST.at(line, f"{shown(location)} is of another host than the first")
        seen.add(location)


def _origin(location: str) -> tuple[str, str]:
    try:
        parts = urlsplit(location)
    except ValueError:
        return "", ""
    return parts.scheme.lower(), parts.netloc.lower()
