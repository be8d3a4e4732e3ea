"""An entry as people see it, in a list or on its own page.

Entered by the pages for people.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from babel.units import format_unit
from markupsafe import Markup, escape

from feedsvc import addresses
from feedsvc.formats._item import Item, item_of, language_tag, uri
from feedsvc.formats._structured import recordings_of
from feedsvc.formats._when import When, changed, clock, when
from feedsvc.formats._words import direction_of, locale_of
from feedsvc.model import Chapter, Entry, Episode, Family, Feed, Media, Membership, Site

LONG = 700  #: characters of text that a list shows whole where an entry has no title
_CAPTIONS = "text/vtt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Something with a name, and with a page where it has one."""

    label: str
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """Something to open, hear or watch."""

    url: str
    media_type: str
    title: str
    kind: str  #: "audio", "video" or ""
    about: str  #: its length or size; may be empty


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """What an entry brings along beside its text."""

    picture: Media | None  #: of a list
    pictures: tuple[Media, ...]  #: that its body does not show
    recordings: tuple[File, ...]
    files: tuple[File, ...]
    transcripts: tuple[File, ...]
    captions: str | None  #: a transcript that goes along with a video


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An entry as people see it."""

    name: str  #: its title, given or derived
    has_title: bool
    address: str
    host: str  #: of its page elsewhere; empty when ours is its page
    text: Markup  #: what a list shows: all of it where it is short, else its summary
    is_cut: bool
    body: Markup  #: all of it
    when: When
    updated: When | None
    label: Named | None  #: the section it is shown under
    authors: tuple[Named, ...]
    tags: tuple[Named, ...]
    also_in: tuple[Named, ...]
    source: Named | None  #: the feed it was taken over from
    media: Attached
    episode: Episode | None
    chapters: tuple[tuple[str, Chapter], ...]  #: when each begins
    language: str | None  #: where it is not the page's
    direction: str


def shown(site: Site, feed: Feed, entry: Entry, path: str) -> Shown:
    """An entry, on the page of a feed (or its own) at `path`."""
    item, language = item_of(site, feed, entry), feed.language or site.language
    text, is_cut = _text(entry)
    body = Markup(entry.content_html) or _paragraph(entry.summary)
    own = addresses.relative(path, addresses.entry_path(entry.slug))
    spoken = language_tag(entry.language or site.language)
    label = _label(entry, feed)
    return Shown(
        name=item.title,
        has_title=not entry.title_is_derived,
        address=item.link if entry.link else own,
        host=urlsplit(item.link).hostname or "" if entry.link else "",
        text=text,
        is_cut=is_cut,
        body=body,
        when=when(entry.published, language),
        updated=changed(item.updated, entry.published, language) if item.is_changed else None,
        label=_linked(label, path) if label else None,
        authors=tuple(_authors(entry, item, path)),
        tags=tuple(_tags(entry, feed, path)),
        also_in=tuple(_linked(m, path) for m in _also_in(entry, feed) if m != label),
        source=_source(entry),
        media=_attached(item, text, body, language),
        episode=entry.episode,
        chapters=tuple(_chapters(entry)),
        language=spoken if spoken != language_tag(language) else None,
        direction=direction_of(spoken) if spoken and entry.language else "auto",
    )


def _attached(item: Item, text: Markup, body: Markup, language: str) -> Attached:
    recordings = recordings_of(item)
    transcripts = item.entry.episode.transcripts if item.entry.episode else ()
    return Attached(
        picture=next((one for one in item.images if str(escape(one.url)) not in text), None),
        pictures=tuple(one for one in item.images if str(escape(one.url)) not in body),
        recordings=_files(recordings, language),
        files=_files((one for one in item.attachments if one not in recordings), language),
        transcripts=_files(transcripts, language),
        captions=next((uri(t.url) for t in transcripts if t.media_type == _CAPTIONS), None),
    )


def _chapters(entry: Entry) -> Iterator[tuple[str, Chapter]]:
    for chapter in entry.episode.chapters if entry.episode else ():
        yield clock(chapter.start_ms // 1000), replace(chapter, link=_web(chapter.link))


def _text(entry: Entry) -> tuple[Markup, bool]:
    """What a list shows of an entry, and whether there is more."""
    is_short = entry.summary.split() == entry.content_text.split()
    if entry.title_is_derived and len(entry.content_text) <= LONG:
        is_short = True
    if entry.content_html and (is_short or not entry.summary):
        return Markup(entry.content_html), False
    return _paragraph(entry.summary), bool(entry.content_html)


def _paragraph(text: str) -> Markup:
    return Markup("<p>{}</p>").format(text) if text.strip() else Markup("")


def _label(entry: Entry, feed: Feed) -> Membership | str | None:
    """The section it first appeared in, unless this is that section's page: its feed, or its name."""
    if not entry.section:
        return None
    found = _of(entry, Family.SECTIONS, entry.section)
    is_here = (found and found.path == feed.path) or feed.family is Family.SECTIONS
    return None if is_here else found or entry.section


def _of(entry: Entry, family: Family, name: str) -> Membership | None:
    """The feed of a family that holds the entry under a name."""
    folded = name.casefold()
    return next(
        (m for m in entry.feeds if m.family is family and m.name.casefold() == folded), None
    )


def _linked(where: Membership | str, path: str) -> Named:
    if isinstance(where, str):
        return Named(label=where)
    page = f"/{where.path}/{addresses.INDEX}"
    return Named(label=where.name, address=addresses.relative(path, page))


def _authors(entry: Entry, item: Item, path: str) -> Iterator[Named]:
    for author in item.authors:
        feed = _of(entry, Family.AUTHORS, author.name)
        yield _linked(feed, path) if feed else Named(label=author.name, address=_web(author.url))


def _tags(entry: Entry, feed: Feed, path: str) -> Iterator[Named]:
    for tag in entry.tags:
        found = _of(entry, Family.TAGS, tag)
        if found is None or found.path != feed.path:
            yield _linked(found or tag, path)


def _also_in(entry: Entry, feed: Feed) -> Iterator[Membership]:
    """Its other feeds that a person chose: sections, and those of the settings."""
    for one in entry.feeds:
        if one.family in (Family.SECTIONS, Family.NAMED) and one.path != feed.path:
            yield one


def _source(entry: Entry) -> Named | None:
    source = entry.source_feed
    name = source.title or urlsplit(source.url or "").hostname if source else None
    if source is None or not name:
        return None
    return Named(label=name, address=_web(source.url))


def _web(address: str | None) -> str | None:
    """An address that a link may have: nothing that a browser would run."""
    return uri(address) if address and addresses.is_absolute(address) else None


def _files(media: Iterable[Media], language: str) -> tuple[File, ...]:
    return tuple(_file(one, language) for one in media if _web(one.url))


def _file(media: Media, language: str) -> File:
    media_type = media.media_type or ""
    kind = media_type.partition("/")[0]
    name = urlsplit(media.url).path.rpartition("/")[2]
    return File(
        url=uri(media.url),
        media_type=media_type,
        title=media.title or name or media.url,
        kind=kind if kind in ("audio", "video") else "",
        about=_extent(media, language),
    )


def _extent(media: Media, language: str) -> str:
    """How long it is, else how large."""
    if media.duration_seconds:
        return clock(media.duration_seconds)
    if not media.size_bytes:
        return ""
    unit, size = next(u for u in _UNITS if media.size_bytes >= u[1])
    amount = round(media.size_bytes / size, 1 if size > 1000 else 0)
    return format_unit(amount, unit, length="short", locale=locale_of(language))


_UNITS = (("digital-gigabyte", 10**9), ("digital-megabyte", 10**6), ("digital-kilobyte", 10**3), ("digital-byte", 1))  # fmt: skip
