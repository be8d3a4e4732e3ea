"""Pictures and files that RSS and Atom have no element of their own for (Media RSS 1.5).

Room: formats. Entered through the registry of extensions.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from feedsvc.formats._item import Dialect, Item
from feedsvc.formats._xml import Namespace
from feedsvc.model import Media

PREFIX, URI = "media", "http://search.yahoo.com/mrss/"
media = Namespace(PREFIX, URI)
_MEDIUMS = ("image", "audio", "video")  # of Media RSS; anything else is a document


def item(item: Item, dialect: Dialect) -> Iterator[etree._Element]:
    """The pictures, the files, and what an enclosure has no attribute for."""
    if item.images:
        yield media("thumbnail", None, {"url": item.images[0].url})
    yield from (_content(one) for one in item.images)
    if dialect.format == "rss":
        yield from _beside_the_enclosure(item, dialect)
    else:
        yield from (_content(one) for one in item.attachments if _lasts_or_is_credited(one))


def _beside_the_enclosure(item: Item, dialect: Dialect) -> Iterator[etree._Element]:
    """RSS has room for one: the rest, and of it what it cannot say.

    Equal titles mark the same thing in several forms, as in JSON Feed.
    """
    forms: dict[object, list[Media]] = {}
    for number, one in enumerate(item.attachments):
        forms.setdefault(one.title or number, []).append(one)
    for alike in forms.values():
        if len(alike) > 1:
            group = media("group")
            group.extend([_content(one, is_default=one is item.enclosure) for one in alike])
            yield group
        elif alike[0] is not item.enclosure or _is_told_in_part(alike[0], dialect):
            yield _content(alike[0])


def _is_told_in_part(enclosure: Media, dialect: Dialect) -> bool:
    """Whether there is more to say of it; in a show its length is told as of the episode.

    Not for nothing: podcast apps take what stands here for a second recording.
    """
    if "itunes" in dialect.prefixes:
        return enclosure.credit is not None
    return enclosure.title is not None or _lasts_or_is_credited(enclosure)


def _lasts_or_is_credited(one: Media) -> bool:
    return one.duration_seconds is not None or one.credit is not None


def _content(one: Media, *, is_default: bool = False) -> etree._Element:
    kind = (one.media_type or "").partition("/")[0]
    told = {
        "url": one.url,
        "type": one.media_type,
        "medium": kind if kind in _MEDIUMS else "image" if one.is_image else "document",
        "fileSize": _number(one.size_bytes),
        "duration": _number(one.duration_seconds),
        "isDefault": "true" if is_default else None,
    }
    made = media("content", None, {name: value for name, value in told.items() if value})
    for name, words in (("title", one.title), ("credit", one.credit)):
        if words:
            made.append(media(name, words))
    return made


def _number(number: int | None) -> str | None:
    return str(number) if number else None  # nothing has no size and no length
