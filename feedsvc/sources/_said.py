"""What one kind of metadata says of an item; silent about the rest.

Room: sources, private; for the reader of web pages. Imports model through its neighbours.
The names are in webpage.toml.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.resources import files

from feedsvc.model import Author, Episode, Media, Origin, RawDate
from feedsvc.sources._fields import item_of

TABLES = tomllib.loads(files("feedsvc.sources").joinpath("webpage.toml").read_text("utf-8"))
SPEECH = 2_000  #: characters of a title, a name or a tag; more is no such thing


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Each as found; dates with the strength of where they stood."""

    title: str | None = None
    summary: str | None = None
    body: str = ""  #: plain text
    dates: tuple[RawDate, ...] = ()
    authors: tuple[Author, ...] = ()
    tags: tuple[str, ...] = ()
    section: str | None = None
    link: str | None = None
    media: tuple[Media, ...] = ()
    language: str | None = None
    episode: Episode | None = None

    def __or__(self, weaker: Said) -> Said:
        """This, and what only the weaker one says; dates and pictures' companions of both."""
        dates = dict.fromkeys((*self.dates, *weaker.dates))
        has_picture = any(one.is_image for one in self.media)
        more = (one for one in weaker.media if not (has_picture and one.is_image))
        return Said(
            title=self.title or weaker.title,
            summary=self.summary or weaker.summary,
            body=self.body or weaker.body,
            dates=tuple(dates),
            authors=self.authors or weaker.authors,
            tags=self.tags or weaker.tags,
            section=self.section or weaker.section,
            link=self.link or weaker.link,
            media=tuple({one.url: one for one in (*more, *self.media)}.values()),
            language=self.language or weaker.language,
            episode=self.episode or weaker.episode,
        )


SILENCE = Said()


def said_of(record: Mapping[str, object], origin: Origin = Origin.META) -> Said:
    """What named fields say, by their usual names; `description` is a summary here."""
    named = {name: value for name, value in record.items() if name != "description"}
    named.setdefault("summary", record.get("description"))
    try:
        item = item_of(named, "page", 0, None)
    except ValueError:
        item = item_of({**named, "title": "-"}, "page", 0, None)
        item = replace(item, title=None, body="-")
    return Said(
        title=item.title,
        summary=item.summary,
        body=item.body if item.body != "-" else "",
        dates=tuple(replace(date, origin=origin) for date in item.dates),
        authors=tuple(filter(is_person, item.authors)),
        tags=tuple(tag for tag in item.tags if len(tag) < 100)[:50],
        section=item.section,
        link=item.link,
        media=tuple(filter(is_reachable, item.media)),
        language=item.language.replace("_", "-") if item.language else None,
    )


def is_person(author: Author) -> bool:
    """Whether a name is one: no address of a page, no sentence."""
    name = author.name
    return "://" not in name and len(name) <= 100 and not name.startswith(("www.", "@/", "{", "["))


def is_reachable(media: Media) -> bool:
    """Whether it lies somewhere and is not written into the page."""
    return not media.url.casefold().startswith(("data:", "blob:", "about:", "javascript:"))
