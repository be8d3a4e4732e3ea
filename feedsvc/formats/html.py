"""The page for people beside each feed.

Room: formats. Entered by publish through the registry.
"""

from __future__ import annotations

from collections.abc import Sequence

from feedsvc import addresses
from feedsvc.formats import _pages
from feedsvc.formats._item import feed_title, home_of
from feedsvc.model import Page

NAME = "html"
FILENAME = addresses.INDEX
MEDIA_TYPE = "text/html; charset=utf-8"
NAVIGABLE_AS = None
LABEL = "HTML"
RENDERS = Page
ORDER = 40


def render(page: Page) -> bytes:
    """The page as HTML, complete without script."""
    site, feed = page.site, page.feed
    path = addresses.page_path(page, FILENAME)
    entries = [_pages.shown(site, feed, entry, path) for entry in page.entries]
    return _pages.render(
        "page.html.j2",
        site,
        path,
        feed=feed,
        title=feed_title(site, feed),
        canonical=home_of(site, feed),
        description=site.description or feed_title(site, feed),
        alternates=_pages.feeds_of(site, feed, path),
        pages=_pages.pages_of(site, page.feeds, path, feed),
        entries=entries,
        is_ranked=feed.is_ranked,
        common=_common(entries),
    )


def _common(entries: Sequence[_pages.Shown]) -> _pages.When | None:
    """The one quiet date of a list of which it is all that is known: told once, above."""
    dates = {entry.when for entry in entries}
    only = next(iter(dates)) if len(entries) > 1 and len(dates) == 1 else None
    return only if only and only.is_quiet else None
