"""An entry's own page, for entries that have none elsewhere.

Room: formats. Entered by publish through the registry.
"""

from __future__ import annotations

from feedsvc import addresses
from feedsvc.formats import _pages
from feedsvc.formats._item import uri
from feedsvc.model import Article, Feed

NAME = "article"
FILENAME = addresses.INDEX
MEDIA_TYPE = "text/html; charset=utf-8"
NAVIGABLE_AS = None
LABEL = "HTML"
RENDERS = Article
ORDER = 10


def render(article: Article) -> bytes:
    """The entry as an HTML page, complete without script."""
    site, entry = article.site, article.entry
    path = addresses.entry_path(entry.slug)
    feed = article.feeds[0] if article.feeds else Feed(path="", title=site.title)
    return _pages.render(
        "article.html.j2",
        site,
        path,
        title=entry.title,
        canonical=uri(addresses.entry_url(site, entry)),
        description=entry.summary or entry.title,
        alternates=_pages.feeds_of(site, feed, path),
        entry=_pages.shown(site, feed, entry, path),
    )
