"""A feed as a show, in the namespace of Podcasting 2.0.

Room: formats. Entered through the registry of extensions.
https://podcasting2.org/docs/podcast-namespace
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from feedsvc import addresses
from feedsvc.formats._item import Dialect, Head, Item, author_of, language_tag, legal, media_of, uri
from feedsvc.formats._xml import Namespace
from feedsvc.formats.chapters import MEDIA_TYPE as CHAPTERS_TYPE
from feedsvc.model import Author, Episode, Page, Podcast

PREFIX, URI = "podcast", "https://podcastindex.org/namespace/1.0"
FORMATS = ("rss",)
podcast = Namespace(PREFIX, URI)


def is_for(page: Page) -> bool:
    return page.feed.podcast is not None


def head(head: Head) -> Iterator[etree._Element]:
    if show := head.page.feed.podcast:
        yield podcast("guid", legal(show.guid))
        if show.locked is not None:
            yield podcast("locked", "yes" if show.locked else "no", _owner(show))
        for link in show.funding:
            yield podcast("funding", legal(link.title), {"url": uri(link.url)})
        yield podcast("medium", legal(show.medium))
        for person in show.persons:
            yield _person(author_of(person))


def item(item: Item, _: Dialect) -> Iterator[etree._Element]:
    yield from (_person(author) for author in item.authors)
    if episode := item.entry.episode:
        for name, number in (("season", episode.season), ("episode", episode.number)):
            if number:
                yield podcast(name, str(number))
        yield from _transcripts(episode, language_tag(item.entry.language))
        if episode.chapters:
            path = addresses.chapters_path(item.entry.slug)
            yield podcast(
                "chapters", None, {"url": uri(item.view.base_url + path), "type": CHAPTERS_TYPE}
            )


def _transcripts(episode: Episode, language: str | None) -> Iterator[etree._Element]:
    for one in map(media_of, episode.transcripts):
        attributes = {"url": one.url, "type": one.media_type or ""}
        yield podcast("transcript", None, attributes | ({"language": language} if language else {}))


def _person(person: Author) -> etree._Element:
    return podcast("person", person.name, {"href": person.url} if person.url else {})


def _owner(show: Podcast) -> dict[str, str]:
    mail = show.owner.email if show.owner else None
    return {"owner": legal(mail)} if mail else {}
