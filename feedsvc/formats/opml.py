"""OPML 2.0: the site's feeds as one list to import into a feed reader.

Room: formats. Entered by publish through the registry.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from feedsvc import addresses
from feedsvc.formats._feedgen import rfc822
from feedsvc.formats._item import description_of, feed_title, home_of, language_tag, legal, uri
from feedsvc.formats._words import words_for
from feedsvc.formats._xml import element, serialised
from feedsvc.formats.rss import FILENAME as RSS_FILENAME
from feedsvc.model import Family, Feed, Outline, Site

NAME = "opml"
FILENAME = "feeds.opml"
MEDIA_TYPE = "text/x-opml; charset=utf-8"
NAVIGABLE_AS = "application/xml; charset=utf-8"
LABEL = "OPML"
RENDERS = Outline
ORDER = 10


def render(outline: Outline) -> bytes:
    """The outline as an OPML 2.0 document: one subscription a feed, as RSS.

    The site's own come first, then a group for each family, in the order they are met.
    """
    root = element("opml", None, {"version": "2.0"})
    head, body = element("head"), element("body")
    root.extend([head, body])
    head.append(element("title", legal(outline.site.title)))
    head.append(element("dateModified", rfc822(outline.updated)))
    if outline.site.author:
        head.append(element("ownerName", legal(outline.site.author.name)))
    body.extend(_grouped(outline))
    etree.indent(root, space="")
    return serialised(root, addresses.OUTLINE_PATH)


def _grouped(outline: Outline) -> Iterator[etree._Element]:
    """Groups have no more than a text: a title on one is taken for a subscription."""
    groups: dict[Family, list[etree._Element]] = {Family.SITE: []}
    for feed in outline.feeds:
        groups.setdefault(feed.family, []).append(_subscription(outline.site, feed))
    yield from groups.pop(Family.SITE)
    words = words_for(outline.site.language)
    for family, subscriptions in groups.items():
        group = element("outline", None, {"text": words.plain(family.value)})
        group.extend(subscriptions)
        yield group


def _subscription(site: Site, feed: Feed) -> etree._Element:
    title = feed_title(site, feed)
    attributes = {
        "type": "rss",
        "text": title,
        "title": title,
        "xmlUrl": uri(addresses.url(site, addresses.feed_path(feed, RSS_FILENAME))),
        "htmlUrl": home_of(site, feed),
        "version": "RSS2",
    }
    if language := language_tag(feed.language or site.language):
        attributes["language"] = language
    if description := description_of(site, feed):
        attributes["description"] = description
    return element("outline", None, attributes)
