"""The extensions of RSS and Atom: one module a field, the folder is the registry.

Room: check, modules. Entered by rss and atom through `check`, once for every channel, item,
feed and entry, with a context that says which level it is.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

from lxml import etree

from feedsvc.check._grammar import ENTRY, Place, Vocabulary, check_elements, tag_of
from feedsvc.check._namespaces import (
    ATOM,
    ATOM_03,
    HISTORY,
    ITUNES,
    MEDIA,
    PODCAST,
    PREFIXES,
    RDF,
    RSS_090,
    RSS_10,
    THREADS,
    TOMBSTONES,
    XHTML,
)
from feedsvc.check._xml import children, line_of, local_name, namespace_of
from feedsvc.check.context import Context
from feedsvc.check.findings import Finding, Rule, Severity, shown

UNKNOWN_NAMESPACE = Rule(
    name="namespace-unknown",
    severity=Severity.ADVICE,
    harm="readers pass over elements they do not know",
    remedy="check the spelling of the namespace, or leave its elements out if nobody reads them",
    section="RSS 2.0, extending RSS; RFC 4287 §6.1",
)
OTHER_NAMES = {
    "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md": PODCAST,
    "http://www.itunes.com/DTDs/Podcast-1.0.dtd": ITUNES,
    "http://search.yahoo.com/mrss": MEDIA,
}
CHECKED_ELSEWHERE = frozenset(
    ("", ATOM, ATOM_03, HISTORY, RDF, RSS_090, RSS_10, THREADS, TOMBSTONES, XHTML)
)
#: vocabularies that are right as they are, whatever they say
LEFT_ALONE = frozenset(
    (
        *PREFIXES.values(),
        "http://backend.userland.com/blogChannelModule",
        "http://base.google.com/ns/1.0",
        "http://conversationsnetwork.org/rssNamespace-1.0/",
        "http://feedsync.org/2007/feedsync",
        "http://madskills.com/public/xml/rss/module/trackback/",
        "http://my.theinfo.org/changed/1.0/rss/",
        "http://newsgator.com/schema/extensions",
        "http://prismstandard.org/namespaces/basic/2.0/",
        "http://prismstandard.org/namespaces/1.2/basic/",
        "http://purl.org/rss/1.0/modules/event/",
        "http://purl.org/rss/1.0/modules/link/",
        "http://purl.org/rss/1.0/modules/aggregation/",
        "http://purl.org/rss/1.0/modules/company",
        "http://purl.org/rss/1.0/modules/prism/",
        "http://purl.org/rss/1.0/modules/textinput/",
        "http://purl.org/rss/1.0/modules/wiki/",
        "http://rssnamespace.org/feedburner/ext/1.0",
        "http://schema.org/",
        "https://schema.org/",
        "http://schemas.google.com/g/2005",
        "http://webfeeds.org/rss/1.0",
        "http://www.bloglines.com/about/specs/fac-1.0",
        "http://www.blogger.com/atom/ns#",
        "http://schemas.google.com/blogger/2008",
        "http://www.livejournal.org/rss/lj/1.0/",
        "http://www.microsoft.com/schemas/rss/core/2005",
        "http://www.opengis.net/kml/2.2",
        "http://www.pheedo.com/namespace/pheedo",
        "http://www.rawvoice.com/rawvoiceRssModule/",
        "https://blubrry.com/developer/rawvoice-rss/",
        "http://www.rssboard.org/media-rss",
        "http://www.smartnews.be/snf",
        "http://www.smartnews.com/snf",
        "http://www.spotify.com/ns/rss",
        "https://www.spotify.com/ns/rss",
        "http://www.tumblr.com/xmlns/",
        "http://www.usemod.com/cgi-bin/mb.pl?ModWiki",
        "http://www.w3.org/1998/Math/MathML",
        "http://www.w3.org/1999/xlink",
        "http://www.w3.org/2000/01/rdf-schema#",
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/2002/07/owl#",
        "http://www.w3.org/2003/01/geo/wgs84_pos#",
        "http://www.w3.org/XML/1998/namespace",
        "http://xmlns.com/foaf/0.1/",
        "com-wordpress:feed-additions:1",
        "http://wordpress.org/export/1.2/",
        "https://cdn.wordpress.org/feed-additions",
        "https://indieweb.org/h-feed",
        "http://source.scripting.com/",
        "https://source.scripting.com/",
        "http://arxiv.org/schemas/atom",
        "http://docs.oasis-open.org/ns/search-ws/sruResponse",
        "http://opds-spec.org/2010/catalog",
        "http://search.yahoo.com/mrss",
        "https://www.google.com/schemas/play-podcasts/1.0",
        "http://www.google.com/schemas/play-podcasts/1.0/play-podcasts.xsd",
        "http://flipboard.com/rss",
        "http://www.fireside.fm/modules/rss/fireside",
        "http://fireside.fm/modules/rss/fireside",
        "https://omny.fm/rss-extensions",
        "https://schema.acast.com/1.0/",
        "https://www.podtrac.com/rss",
        "https://cldup.com/rss-extensions",
    )
)


def check(parent: etree._Element, context: Context) -> Iterator[Finding]:
    """Everything wrong with the extension elements right inside a channel, item, feed or entry.

    What belongs to the format itself, to Atom inside RSS, to RFC 4685, 5005 and 6721 is not
    looked at here.
    """
    here = _by_namespace(parent)
    for uri, vocabulary in registry().items():
        ours = here.get(uri, [])
        if ours or (context.level == "feed" and vocabulary.extras):
            yield from check_elements(vocabulary, ours, context.level, context)
            place = Place(parent=parent, ours=ours, context=context)
            for extra in vocabulary.extras:
                yield from extra(place)
    if here.keys() - registry().keys() - CHECKED_ELSEWHERE:
        yield from _strangers(here, context)
    for live in here.get(PODCAST, ()):
        if local_name(live) == "liveItem":
            yield from _inside(live, context)


def _by_namespace(parent: etree._Element) -> dict[str, list[etree._Element]]:
    """The elements right inside, by their vocabulary."""
    here: dict[str, list[etree._Element]] = {}
    for child in children(parent):
        here.setdefault(namespace_of(child), []).append(child)
    return here


@cache
def registry() -> dict[str, Vocabulary]:
    """Every vocabulary that is checked, by its namespace."""
    modules = (
        importlib.import_module(f"{__name__}.{found.name}")
        for found in pkgutil.iter_modules(__path__)
        if not found.name.startswith("_")
    )
    known = {one.uri: one for module in modules for one in module.VOCABULARIES}
    others = {other: replace(known[uri], uri=other) for other, uri in OTHER_NAMES.items()}
    return known | others


def _inside(live: etree._Element, context: Context) -> Iterator[Finding]:
    """The extensions of a live item, which may be those of an item."""
    for uri, ours in _by_namespace(live).items():
        vocabulary = registry().get(uri)
        if vocabulary and vocabulary.uri != PODCAST:
            yield from check_elements(vocabulary, ours, ENTRY, context)


def _strangers(here: Mapping[str, list[etree._Element]], context: Context) -> Iterator[Finding]:
    for uri, elements in here.items():
        child = elements[0]
        if uri in registry() or uri in CHECKED_ELSEWHERE or uri in LEFT_ALONE:
            continue
        if child.prefix in PREFIXES or context.seen.first_line("namespace", uri, line_of(child)):
            continue
        told = f"{tag_of(child)} is of the vocabulary {shown(uri)}"
        yield UNKNOWN_NAMESPACE.at(line_of(child), told)
