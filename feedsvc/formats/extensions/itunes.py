"""A feed as a show, in the words of Apple Podcasts, which every podcast app knows.

Room: formats. Entered through the registry of extensions.
https://podcasters.apple.com/support/823-podcast-requirements, PSP-1.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from feedsvc.formats._item import Dialect, Head, Item, legal, uri
from feedsvc.formats._xml import Namespace
from feedsvc.model import Author, Page, Podcast

PREFIX, URI = "itunes", "http://www.itunes.com/dtds/podcast-1.0.dtd"
FORMATS = ("rss",)
itunes = Namespace(PREFIX, URI)
_PICTURES = ("image/jpeg", "image/png")  # no others are shown


def is_for(page: Page) -> bool:
    return page.feed.podcast is not None


def head(head: Head) -> Iterator[etree._Element]:
    if podcast := head.page.feed.podcast:
        yield itunes("author", legal(podcast.author or head.author.name))
        yield from _categories(podcast)
        yield itunes("explicit", _truth(podcast.is_explicit))
        yield itunes("image", None, {"href": uri(podcast.image)})
        if podcast.owner:
            yield _owner(podcast.owner)
        yield itunes("type", podcast.kind)
        if podcast.new_feed_url:
            yield itunes("new-feed-url", uri(podcast.new_feed_url))
        if podcast.is_finished:
            yield itunes("complete", "Yes")


def item(item: Item, _: Dialect) -> Iterator[etree._Element]:
    if item.authors:
        yield itunes("author", ", ".join(author.name for author in item.authors))
    if item.enclosure and item.enclosure.duration_seconds is not None:
        yield itunes("duration", str(item.enclosure.duration_seconds))
    for picture in [one for one in item.images if one.media_type in _PICTURES][:1]:
        yield itunes("image", None, {"href": picture.url})
    if episode := item.entry.episode:
        if episode.is_explicit is not None:
            yield itunes("explicit", _truth(episode.is_explicit))
        for name, words in (
            ("season", str(episode.season or "")),
            ("episode", str(episode.number or "")),
            ("episodeType", episode.kind),
        ):
            if words:
                yield itunes(name, words)


def _categories(podcast: Podcast) -> Iterator[etree._Element]:
    """Each category once, with its parts inside."""
    made: dict[str, etree._Element] = {}
    for name, *parts in podcast.categories:
        if name not in made:
            made[name] = itunes("category", None, {"text": legal(name)})
        made[name].extend([itunes("category", None, {"text": legal(part)}) for part in parts])
    yield from made.values()


def _owner(owner: Author) -> etree._Element:
    made = itunes("owner")
    made.append(itunes("name", legal(owner.name)))
    if owner.email:
        made.append(itunes("email", legal(owner.email)))
    return made


def _truth(is_so: bool) -> str:
    return "true" if is_so else "false"
