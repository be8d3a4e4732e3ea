"""What an item of a feed says in elements that feedparser flattens, judges or passes over.

Room: sources, private; called by syndication. Dates in their own words, Dublin Core's people,
Media RSS, podcasts, exports of WordPress and Blogger. Elements are lxml's (hence Any).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from feedsvc.model import Author, Chapter, DateRole, Episode, Media, Origin, RawDate
from feedsvc.sources._fields import (
    UNPUBLISHED,
    author_of,
    kind_of,
    seconds_of,
    truth_of,
    whole_number,
    zoned,
)

FAMILIES = (  # a part of the namespace -> the prefix we know it by; the first that fits
    ("w3.org/2005/atom", ""),
    ("purl.org/atom/", ""),
    ("purl.org/net/atom", ""),
    ("rss/1.0/modules/rss091", ""),
    ("rss/1.0/modules/content", "content"),
    ("rss/1.0/modules/threading", "thr"),
    ("syndication/thread", "thr"),
    ("purl.org/rss/", ""),
    ("netscape.com/rdf", ""),
    ("backend.userland.com/rss", ""),
    ("dc/elements", "dc"),
    ("dc/terms", "dcterms"),
    ("itunes.com/dtds", "itunes"),
    ("podcastindex", "podcast"),
    ("search.yahoo.com/mrss", "media"),
    ("wordpress.org/export/1.2/excerpt", "excerpt"),
    ("wordpress.org/export/1.1/excerpt", "excerpt"),
    ("wordpress.org/export", "wp"),
    ("2007/app", "app"),
    ("atom/app", "app"),
    ("simple-chapters", "psc"),
    ("1999/xhtml", "xhtml"),
    ("feedburner", "feedburner"),
)
CORE = frozenset(("", "content", "dc", "feedburner", "xhtml"))  # what feedparser reads
READ = (
    *(
        "title",
        "link",
        "description",
        "summary",
        "content",
        "encoded",
        "body",
        "abstract",
        "author",
    ),
    *(
        "category",
        "subject",
        "keywords",
        "enclosure",
        "source",
        "guid",
        "id",
        "origlink",
        "language",
    ),
    *("fullitem", "contributor"),
)
PUBLISHED = ("pubdate", "published", "issued", "date", "publicationdate")
UPDATED = ("updated", "modified", "edited")
DATING = frozenset(("", "dc", "dcterms", "app", "a10", "atom"))
BUILT = ("lastbuilddate", "updated", "modified", "pubdate", "date")
NO_POSTS = frozenset(
    ("attachment", "nav_menu_item", "revision", "custom_css", "customize_changeset", "oembed_cache")
)
BLOGGER = re.compile(r"blogger/2008/kind#(?:settings|template|comment)")
PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg)(?:\?|$)", re.IGNORECASE)
CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})(?:[.,](\d{1,3}))?")


def name_of(element: Any) -> tuple[str, str]:
    """The prefix we know an element's namespace by, and its local name in small letters."""
    tag = element.tag
    if not isinstance(tag, str):
        return "#", ""
    if tag[0] != "{":
        return "", tag.lower()
    uri, _, local = tag[1:].partition("}")
    return _family(uri, element.prefix), local.lower()


@lru_cache(maxsize=256)
def _family(uri: str, prefix: str | None) -> str:
    lower = uri.lower()
    return next((known for part, known in FAMILIES if part in lower), prefix or "")


def words_of(element: Any) -> str:
    return "".join(element.itertext()).strip()


class Said:
    """An item's own children by prefix and name, and what they say."""

    def __init__(self, element: Any) -> None:
        self.element = element
        self._children: dict[tuple[str, str], list[Any]] = {}
        for child in element:
            self._children.setdefault(name_of(child), []).append(child)

    def each(self, *names: tuple[str, str]) -> list[Any]:
        return [child for name in names for child in self._children.get(name, ())]

    def text(self, *names: tuple[str, str]) -> str | None:
        return next(filter(None, map(words_of, self.each(*names))), None)

    @property
    def about(self) -> str | None:
        """The address an item of RSS 1.0 is about."""
        about = (
            value for name, value in self.element.attrib.items() if str(name).endswith("about")
        )
        return next(about, None)

    @property
    def content_address(self) -> str | None:
        """Where an Atom entry's content is, when it is not in the entry."""
        return next((one.get("src") for one in self.each(("", "content")) if one.get("src")), None)

    def is_permanent(self, guid: str | None) -> bool:
        """Whether an RSS item's guid is its address."""
        said = next((one.get("isPermaLink") for one in self.each(("", "guid"))), "false")
        return bool(guid) and str(guid).startswith("http") and (said or "true").lower() != "false"

    def described(self) -> str | None:
        """What Media RSS says of the item's media, in a feed that says nothing else (YouTube)."""
        found = self._inner("description")
        return next(filter(None, map(words_of, found)), None)

    def leave_the_core(self) -> None:
        """Take away what feedparser would flatten or does not know."""
        for (family, name), children in self._children.items():
            for child in children:
                if family not in CORE or name not in READ or (name == "author" and not len(child)):
                    self.element.remove(child)

    def people(self) -> Iterator[Author]:
        """Those told in one piece, "mail (Name)" too: feedparser cuts long domains from these."""
        authors = [one for one in self.each(("", "author")) if not len(one)]
        told = [*authors, *self.each(("dc", "creator"))] or self.each(("itunes", "author"))
        yield from filter(None, (author_of(words_of(one)) for one in told))

    # -- dates

    def dates(self) -> Iterator[RawDate]:
        """Publication first; creation where there is none of it; what was updated."""
        published = list(self._dates(PUBLISHED, DateRole.PUBLISHED))
        exact = self.text(("wp", "post_date_gmt"))
        if exact and not exact.startswith("0000"):
            words = zoned(self.text(("wp", "post_date")) or "", exact)
            published = [RawDate(words=words, name="wp:post_date")]
        yield from published or self._dates(("created",), DateRole.PUBLISHED)
        yield from self._dates(UPDATED, DateRole.UPDATED)
        if words := self.element.get("LASTMOD") or self.element.get("lastmod"):  # CDF
            yield RawDate(words=words, role=DateRole.UPDATED, name="lastmod")

    def _dates(self, names: tuple[str, ...], role: DateRole) -> Iterator[RawDate]:
        seen = set()
        for (family, name), children in self._children.items():
            if name in names and family in DATING:
                for child in children:
                    if (words := words_of(child)) and words not in seen:
                        seen.add(words)
                        yield RawDate(words=words, role=role, name=_written(child))

    # -- media

    def media(self) -> Iterator[Media]:
        """Media RSS: contents, also of groups, then thumbnails, then the podcast's picture."""
        duration = seconds_of(self.text(("itunes", "duration")) or "")
        found = [self._content(one, duration) for one in self._inner("content")]
        images = [one.get("url") for one in self._inner("thumbnail")]
        images += [one.get("href") for one in self.each(("itunes", "image"))]
        yield from filter(None, found)
        if not any(one and one.is_image for one in found) and any(images):
            yield Media(url=next(filter(None, images)), is_image=True)

    def _inner(self, name: str) -> list[Any]:
        if not any(family == "media" for family, _ in self._children):
            return []
        around = [self.element, *self.each(("media", "group"))]
        around += [
            one for parent in around for one in parent if name_of(one) == ("media", "content")
        ]
        return [one for parent in around for one in parent if name_of(one) == ("media", name)]

    def _content(self, one: Any, duration: int | None) -> Media | None:
        url, media_type = (one.get("url") or "").strip(), one.get("type")
        if not url:
            return None
        is_image = one.get("medium") == "image" or is_picture(url, media_type)
        return Media(
            url=url,
            media_type=media_type,
            size_bytes=size_of(one.get("fileSize")),
            title=self._beside(one, "title")
            or (self._beside(one, "description") if is_image else None),
            is_image=is_image,
            duration_seconds=seconds_of(one.get("duration") or "")
            or (None if is_image else duration),
            credit=self._beside(one, "credit"),
        )

    def _beside(self, one: Any, name: str) -> str | None:
        """What is said of a medium: within it, within its group, within the item."""
        while True:
            for child in one:
                if name_of(child) == ("media", name) and (words := words_of(child)):
                    return words
            if one is self.element:
                return None
            one = one.getparent()

    # -- podcasts

    def episode(self) -> Episode | None:
        number = whole_number(self.text(("itunes", "episode"), ("podcast", "episode")))
        season = whole_number(self.text(("itunes", "season"), ("podcast", "season")))
        kind = kind_of(self.text(("itunes", "episodetype")))
        explicit = truth_of(self.text(("itunes", "explicit")))
        chapters, transcripts = tuple(self._chapters()), tuple(self._transcripts())
        if (number, season, kind, explicit) == (None,) * 4 and not (chapters or transcripts):
            return None
        return Episode(
            number=number,
            season=season,
            kind=kind,
            is_explicit=explicit,
            chapters=chapters,
            transcripts=transcripts,
        )

    def _chapters(self) -> Iterator[Chapter]:
        for chapter in (one for around in self.each(("psc", "chapters")) for one in around):
            if (match := CLOCK.fullmatch(chapter.get("start") or "")) and chapter.get("title"):
                hours, minutes, seconds = (int(part or 0) for part in match.groups()[:3])
                start = (hours * 3600 + minutes * 60 + seconds) * 1000
                start += int((match[4] or "").ljust(3, "0"))
                yield Chapter(start_ms=start, title=chapter.get("title"), link=chapter.get("href"))

    def _transcripts(self) -> Iterator[Media]:
        for one in self.each(("podcast", "transcript")):
            if url := one.get("url"):
                yield Media(url=url, media_type=one.get("type"))

    # -- exports of blogs, threads

    def is_draft(self) -> bool:
        is_told = any(
            words_of(d).casefold() == "yes" for c in self.each(("app", "control")) for d in c
        )
        return is_told or (self.text(("wp", "status")) or "") in UNPUBLISHED

    def is_no_post(self) -> bool:
        """A menu's entry, an attachment, a comment, a template: part of a blog, not of what it says."""
        kind = self.text(("wp", "post_type")) or ""
        terms = (one.get("term") or "" for one in self.each(("", "category")))
        return kind in NO_POSTS or kind.startswith("wp_") or any(map(BLOGGER.search, terms))

    def fields(self) -> Iterator[tuple[str, str]]:
        found = {
            "in-reply-to": next(
                (one.get("ref") for one in self.each(("thr", "in-reply-to"))), None
            ),
            "comments": self.text(("", "comments")),
            "post_id": self.text(("wp", "post_id")),
        }
        yield from ((name, words[:200]) for name, words in found.items() if words)


def built(root: Any) -> Iterator[RawDate]:
    """When a feed says that it was made: no item of it is newer."""
    said = {name: child for child in root.iter() if (name := name_of(child)[1]) in BUILT}
    words = next(
        (words for name in BUILT if name in said and (words := words_of(said[name]))), None
    )
    if words:
        yield RawDate(
            words=words, role=DateRole.CAPTURED, origin=Origin.HEADING, name="of the feed"
        )


def size_of(words: str | None) -> int | None:
    """A length in bytes; None for what is none, zero too: feeds say it for "unknown"."""
    digits = (words or "").strip()
    return int(digits) or None if re.fullmatch("[0-9]{1,15}", digits) else None


def is_picture(url: str, media_type: str | None) -> bool:
    return media_type.startswith("image/") if media_type else bool(PICTURE.search(url))


def _written(element: Any) -> str:
    local = str(element.tag).rpartition("}")[2]
    return f"{element.prefix}:{local}" if element.prefix else local
