"""An entry's own page, for entries that have none elsewhere.

Room: formats. Entered by publish through the registry.
"""

from __future__ import annotations

from collections.abc import Iterator

from feedsvc import addresses
from feedsvc.formats import _pages
from feedsvc.formats._item import item_of, uri
from feedsvc.formats._shown import shown
from feedsvc.formats._structured import of_article
from feedsvc.model import Article, Feed

NAME = "article"
FILENAME = addresses.INDEX
MEDIA_TYPE = "text/html; charset=utf-8"
NAVIGABLE_AS = None
LABEL = "HTML"
RENDERS = Article
ORDER = 10
FURTHER = 5  #: feeds beside the site's own that the head of the page names


def render(article: Article) -> bytes:
    """The entry as an HTML page, complete without script."""
    site, entry = article.site, article.entry
    path = addresses.entry_path(entry.slug)
    feed = article.feeds[0] if article.feeds else _pages.site_feed(site)
    item, show = item_of(site, feed, entry), next((f for f in article.feeds if f.podcast), None)
    image = item.images[0].url if item.images else site.image
    return _pages.render(
        "article.html.j2",
        site,
        path,
        _pages.About(
            title=item.title,
            canonical=item.link,
            description=entry.summary or item.title,
            structured=of_article(site, feed, entry, show),
            kind="article",
            image=uri(image) if image else None,
            alternates=tuple(_alternates(article, feed, path)),
        ),
        _pages.language_of(site),
        feeds=_pages.feeds_of(site, feed, path),
        entry=shown(site, feed, entry, path),
    )


def _alternates(article: Article, feed: Feed, path: str) -> Iterator[_pages.Address]:
    """The site's feeds in every format, then the others that hold the entry in the default one."""
    yield from _pages.feeds_of(article.site, feed, path)
    for other in article.feeds[1 : 1 + FURTHER]:
        yield _pages.feeds_of(article.site, other, path)[0]
