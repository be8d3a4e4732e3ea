"""The pages for people: what all of them have in common.

Entered by html and article.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from babel.core import get_global

from feedsvc import addresses
from feedsvc.formats import feeds_for
from feedsvc.formats._item import feed_title, home_of, language_tag, legal, uri
from feedsvc.formats._structured import Thing, script
from feedsvc.formats._theme import rendered
from feedsvc.formats._words import FALLBACK, direction_of, language_name, locale_of, words_for
from feedsvc.model import Family, Feed, Page, Query, Site

SHOWN = 40  #: feeds that a page leads to; the list of all has the rest
ON_TOP = 10  #: of them above the entries
FIRST = (Family.SITE, Family.SECTIONS, Family.NAMED)  #: those above the entries
FURTHER = (Family.LANGUAGES, Family.TAGS, Family.AUTHORS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A document a person may need: where it is, absolute and from here."""

    label: str
    title: str
    media_type: str
    absolute: str
    relative: str
    language: str | None = None  #: of the label, where it is not the page's
    is_here: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The feeds of one family."""

    key: str  #: the word for it
    pages: tuple[Address, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nav:
    """The way to the site's other feeds."""

    top: tuple[Address, ...] = ()
    groups: tuple[Group, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the head of a page says of it."""

    title: str
    canonical: str
    description: str
    structured: Thing
    kind: str = "website"  #: in the words of Open Graph
    image: str | None = None
    alternates: Sequence[Address] = field(default_factory=tuple)
    older: str | None = None
    newer: str | None = None
    is_indexed: bool = True


def render(
    template: str, site: Site, path: str, about: About, language: str, **values: object
) -> bytes:
    """A page for people at `path`, legal in HTML too."""
    html = rendered(
        site.theme,
        template,
        {
            "w": words_for(language),
            "site": site,
            "about": about,
            "structured": script(about.structured),
            "home": addresses.relative(path, "/" + addresses.INDEX),
            "search": addresses.relative(path, f"/{addresses.SEARCH}/{addresses.INDEX}"),
            "assets": addresses.relative(path, addresses.ASSETS),
            "outline": addresses.relative(path, addresses.OUTLINE_PATH),
            "language": language,
            "direction": direction_of(language),
            "territory": _territory(language),
            **values,
        },
    )
    return legal(html).encode()


def language_of(site: Site, feed: Feed | None = None) -> str:
    """The language a page speaks."""
    return language_tag((feed and feed.language) or site.language) or FALLBACK


def feeds_of(site: Site, feed: Feed, path: str, query: Query | None = None) -> tuple[Address, ...]:
    """The addresses a feed reader takes, the default one first."""
    question = addresses.query_string(query) if query else ""
    return tuple(
        Address(
            label=format.LABEL,
            title=f"{feed_title(site, feed)} ({format.LABEL})",
            media_type=format.MEDIA_TYPE.partition(";")[0],
            absolute=uri(addresses.url(site, target)),
            relative=addresses.relative(path, target),
        )
        for format in feeds_for(Page)
        for plain in [addresses.feed_path(feed, format.FILENAME)]
        for target in [f"{plain}?{question}" if question else plain]
    )


def site_feed(site: Site) -> Feed:
    """The site's own feed, as far as links to it go."""
    return Feed(path="", title=site.title)


def nav_of(site: Site, feeds: Sequence[Feed], path: str, here: Feed) -> Nav:
    """The way to the site's other feeds: a few above the entries, more below them."""
    if len(feeds) < 2:
        return Nav()
    first = [f for family in FIRST for f in feeds if f.family is family]
    shown = [*first, *(f for family in FURTHER for f in feeds if f.family is family)][:SHOWN]
    top = first[:ON_TOP]
    below = shown if len(first) > len(top) else [f for f in shown if f not in top]
    return Nav(
        top=tuple(_page(site, feed, path, here) for feed in top) if len(top) > 1 else (),
        groups=tuple(_groups(site, below, path, here)),
    )


def _groups(site: Site, feeds: Iterable[Feed], path: str, here: Feed) -> Iterator[Group]:
    feeds = tuple(feeds)
    for family in (*FIRST[1:], *FURTHER):
        pages = tuple(_page(site, f, path, here) for f in feeds if f.family is family)
        if pages:
            yield Group(key=family.value, pages=pages)


def _page(site: Site, feed: Feed, path: str, here: Feed) -> Address:
    label, language = _label(site, feed)
    return Address(
        label=label,
        title=feed_title(site, feed),
        media_type="text/html",
        absolute=home_of(site, feed),
        relative=addresses.relative(path, addresses.feed_path(feed, addresses.INDEX)),
        language=language,
        is_here=feed.path == here.path,
    )


def _label(site: Site, feed: Feed) -> tuple[str, str | None]:
    """What a link to a feed says among others of its kind, and in which language."""
    if feed.family is Family.SITE:
        return words_for(language_of(site)).plain("everything"), None
    if feed.family is Family.LANGUAGES and language_tag(feed.name):
        return language_name(feed.name), language_tag(feed.name)
    is_grouped = feed.family is not Family.NAMED and feed.name
    return (feed.name if is_grouped else feed.title), None


def _territory(language: str) -> str:
    """The language with a country, as Open Graph wants it: "uk_UA"."""
    locale = locale_of(language)
    if locale.territory and locale.territory.isalpha():
        return f"{locale.language}_{locale.territory}"
    likely = str(get_global("likely_subtags").get(locale.language, ""))
    parts = likely.split("_")
    return f"{locale.language}_{parts[-1]}" if len(parts) == 3 else locale.language
