"""How a page, an entry or the list of feeds is written: one format a module.

Room: formats. The folder is the registry; entry points of the group `feedsvc.formats`
add third-party modules of the same shape. Entered by publish alone.
Every `render` is pure: the same thing gives the same bytes on any machine and day.
Imports model, errors and addresses, nothing else of ours.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from importlib.resources import files
from typing import Any, Protocol, cast

_MEDIA_TYPES = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}


class Format(Protocol):
    """What a format module holds."""

    NAME: str
    FILENAME: str
    MEDIA_TYPE: str
    LABEL: str  #: for people
    RENDERS: type  #: Page, Article or Outline
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


@cache
def assets() -> Mapping[str, tuple[bytes, str]]:
    """The styles and the icon that pages and feeds point to: name -> (bytes, media type)."""
    found = sorted(files(__name__).joinpath("assets").iterdir(), key=lambda file: file.name)
    return {
        file.name: (file.read_bytes(), _MEDIA_TYPES[file.name[file.name.rfind(".") :]])
        for file in found
    }


@cache
def _modules() -> tuple[Format, ...]:
    names = [m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_")]
    own = [import_module(f"{__name__}.{name}") for name in names]
    foreign = [point.load() for point in entry_points(group="feedsvc.formats")]
    return tuple(cast(Format, module) for module in (*own, *foreign))
