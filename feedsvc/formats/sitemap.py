"""The pages for people as search engines take them (Sitemaps 0.9).

Room: formats. Entered by publish through the registry. A map holds 50,000 pages at most: of more
there is an index, whose parts stand beside it.
"""

from __future__ import annotations

from lxml import etree

from feedsvc import addresses
from feedsvc.formats._item import uri, zulu
from feedsvc.formats._xml import element, serialised
from feedsvc.model import SiteMap

NAME = "sitemap"
FILENAME = "sitemap.xml"
MEDIA_TYPE = "application/xml; charset=utf-8"
NAVIGABLE_AS = None
LABEL = "Sitemap"
RENDERS = SiteMap
ORDER = 10

_OWN = {"xmlns": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def render(map: SiteMap) -> bytes:
    """The map, a part of it, or the index of its parts."""
    root, name, pages = element("urlset", None, _OWN), "url", map.pages
    if map.n_parts:
        root, name = element("sitemapindex", None, _OWN), "sitemap"
        pages = tuple((addresses.sitemap_path(n + 1), None) for n in range(map.n_parts))
    for path, changed in pages:
        one = etree.SubElement(root, name)
        etree.SubElement(one, "loc").text = uri(addresses.url(map.site, path))
        if changed:
            etree.SubElement(one, "lastmod").text = zulu(changed)
        one.tail = "\n"
    return serialised(root, addresses.sitemap_path(map.number), is_styled=False)
