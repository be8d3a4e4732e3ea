"""The page for people beside each feed, each archive of it, and each search.

Room: formats. Entered by publish through the registry.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from feedsvc import addresses
from feedsvc.formats import _pages
from feedsvc.formats._apps import ON_DEVICE, filled, readers_of
from feedsvc.formats._item import description_of, feed_title, home_of, uri
from feedsvc.formats._shown import Shown, shown
from feedsvc.formats._structured import of_page
from feedsvc.formats._when import When, span
from feedsvc.formats._words import words_for
from feedsvc.model import Page, Query

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
    path, language = addresses.page_path(page, FILENAME), _pages.language_of(site, feed)
    entries = [shown(site, feed, entry, path) for entry in page.entries]
    feeds = _pages.feeds_of(site, feed, path, page.query) if _has_feeds(page) else ()
    art = feed.image or (feed.podcast.image if feed.podcast else None)
    return _pages.render(
        "search.html.j2" if page.query else "page.html.j2",
        site,
        path,
        _about(page, path, feeds),
        language,
        feed=feed,
        heading=_heading(page, language),
        tagline=description_of(site, feed),
        art=uri(art) if art else None,
        feeds=feeds,
        readers=readers_of(feeds[0].absolute, is_show=feed.podcast is not None) if feeds else (),
        on_device=filled(ON_DEVICE, feeds[0].absolute) if feeds else "",
        nav=_pages.nav_of(site, page.feeds, path, feed),
        entries=entries,
        is_ranked=feed.is_ranked,
        common=_common(entries),
        archive=_archive(page, path) if page.number is not None or page.older else None,
        form=form_of(page.query) if page.query else None,
        n_found=max(len(entries), feed.n_entries),
    )


def _heading(page: Page, language: str) -> str:
    if page.query:
        return words_for(language).plain("search")
    return page.feed.title if page.feed.path else page.site.title


def _about(page: Page, path: str, feeds: Sequence[_pages.Address]) -> _pages.About:
    site, feed = page.site, page.feed
    canonical, image = _canonical(page), feed.image or site.image
    title, words = feed_title(site, feed), words_for(_pages.language_of(site, feed))
    if page.number is not None:
        title = f"{words.plain('archive', number=page.number)} – {title}"
    elif page.query and not feeds:
        title = f"{words.plain('search')} – {site.title}"
    whole = _pages.feeds_of(site, _pages.site_feed(site), path) if feed.path else ()
    return _pages.About(
        title=title,
        canonical=canonical,
        description=description_of(site, feed) or title,
        structured=of_page(page, canonical),
        image=uri(image) if image else None,
        alternates=(*feeds, *whole),
        older=_beside(page, path, page.older) if page.older is not None else None,
        newer=_beside(page, path, page.newer) if page.number is not None else None,
        is_indexed=page.query is None,
    )


def _canonical(page: Page) -> str:
    """The one address of this page; that of a search has its question."""
    question = addresses.query_string(page.query) if page.query else ""
    home = home_of(page.site, page.feed)
    if page.number is not None:
        path = addresses.feed_path(page.feed, FILENAME, page.number)
        return uri(addresses.url(page.site, path))
    return f"{home}?{question}" if question else home


def _beside(page: Page, path: str, number: int | None) -> str:
    """A link to another page of the feed; None is the living page."""
    return addresses.relative(path, addresses.feed_path(page.feed, FILENAME, number))


def _common(entries: Sequence[Shown]) -> When | None:
    """The one quiet date of a list of which it is all that is known: told once, above."""
    dates = {entry.when for entry in entries}
    only = next(iter(dates)) if len(entries) > 1 and len(dates) == 1 else None
    return only if only and only.is_quiet else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """Where a page stands among the pages of its feed."""

    number: int | None
    dates: Markup  #: from the first to the last day on it; may be empty
    newest: str


def _archive(page: Page, path: str) -> Archive:
    dates = [entry.published for entry in page.entries]
    return Archive(
        number=page.number,
        dates=escape(span(dates, _pages.language_of(page.site, page.feed))),
        newest=_beside(page, path, None),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A line of the search form."""

    name: str
    key: str  #: the word beside it
    values: tuple[str, ...]
    kind: str = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The search form, filled in with what was asked."""

    words: str
    fields: tuple[Field, ...]
    is_ranked: bool
    is_asked: bool
    is_narrowed: bool
    kept: tuple[tuple[str, str], ...]  #: what has no line of its own


def form_of(query: Query) -> Form:
    """A question as a form that asks it again."""
    fields = (
        Field(name="section", key="in_section", values=query.sections or ("",)),
        Field(name="tag", key="in_tag", values=query.tags or ("",)),
        Field(name="author", key="by_author", values=query.authors or ("",)),
        Field(name="lang", key="in_language", values=query.languages or ("",)),
        Field(name="exclude", key="without", values=query.exclude or ("",)),
        Field(name="since", key="since", values=(str(query.since or ""),), kind="date"),
    )
    is_narrowed = any(field.values != ("",) for field in fields)
    return Form(
        words=query.words,
        fields=fields,
        is_ranked=query.is_ranked,
        is_asked=bool(query.words) or is_narrowed,
        is_narrowed=is_narrowed or query.is_ranked,
        kept=tuple(_kept(query)),
    )


def _has_feeds(page: Page) -> bool:
    """Whether there is something to subscribe to: a search that asks nothing has no answer."""
    return page.query is None or form_of(page.query).is_asked


def _kept(query: Query) -> Iterator[tuple[str, str]]:
    """The keys of a question that no line of the form shows."""
    if query.limit != Query().limit:
        yield "limit", str(query.limit)
    if query.content:
        yield "content", query.content.value
