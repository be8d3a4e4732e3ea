"""How a page, an entry or the list of feeds is written: one format a module.

Room: formats. The folder is the registry; entry points of the group `feedsvc.formats`
add third-party modules of the same shape. Entered by publish alone.
Every `render` is pure: the same thing gives the same bytes on any machine and day.

    from feedsvc.model import Page

    NAME, FILENAME, LABEL = "titles", "titles.txt", "Titles"
    MEDIA_TYPE, NAVIGABLE_AS = "text/plain; charset=utf-8", None
    RENDERS, ORDER = Page, 35       # behind JSON Feed, before the page for people

    def render(page):
        return "\n".join(entry.title for entry in page.entries).encode()

What RSS and Atom say in further namespaces is another door: feedsvc.formats.extensions.
Imports model, errors and addresses, nothing else of ours.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any, Protocol, cast


class Format(Protocol):
    """What a format module holds."""

    NAME: str
    FILENAME: str
    MEDIA_TYPE: str
    LABEL: str  #: for people
    RENDERS: type  #: Page, Article, Entry (its chapters), Outline or SiteMap
    ORDER: int  #: the first is the default feed
    NAVIGABLE_AS: str | None  #: the media type a browser navigation gets instead

    def render(self, thing: Any, /) -> bytes: ...


@cache
def formats_for(noun: type) -> tuple[Format, ...]:
    """The formats that render a noun, in their order."""
    found = [format for format in _modules() if format.RENDERS is noun]
    return tuple(sorted(found, key=lambda format: (format.ORDER, format.NAME)))


@cache
def feeds_for(noun: type) -> tuple[Format, ...]:
    """The formats of a noun that feed readers take: all but the pages for people."""
    return tuple(f for f in formats_for(noun) if not f.MEDIA_TYPE.startswith("text/html"))


def assets(theme: str | None = None, language: str = "en") -> Mapping[str, tuple[bytes, str]]:
    """The files that pages and feeds point to, a theme's before ours: name -> (bytes, media type).

    `theme` is its folder; `language` is the one in which the style sheet of feeds speaks.
    """
    from feedsvc.formats._theme import laid_over  # templates take long to import

    return laid_over(theme, language)


def theme_digest(folder: str) -> str:
    """What changes with any template or asset of a theme; raises BrokenTheme where there is none."""
    from feedsvc.formats._theme import theme_at

    return theme_at(folder).digest


@cache
def _modules() -> tuple[Format, ...]:
    modules = (m for m in pkgutil.iter_modules(__path__) if not m.ispkg)
    names = [m.name for m in modules if not m.name.startswith("_")]
    own = [import_module(f"{__name__}.{name}") for name in names]
    foreign = [point.load() for point in entry_points(group="feedsvc.formats")]
    return tuple(cast(Format, module) for module in (*own, *foreign))
