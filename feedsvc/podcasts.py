"""What a show needs before Apple Podcasts and PSP-1 take it, and the id it has for life.

Room: podcasts. Pure. Imports the check's list of categories; called by service, which says at
`build` and `ingest` what is lacking.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator

from feedsvc.check.modules.itunes import CATEGORIES
from feedsvc.media_types import media_type_of
from feedsvc.model import Entry, Feed, Media, Podcast, Site

_NAMESPACE = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")  #: of podcast:guid
_PICTURES = ("image/jpeg", "image/png")
_PLAYED = ("audio/mpeg", "audio/mp4", "audio/x-m4a", "video/mp4", "video/quicktime", "video/x-m4v")


def guid_of(feed_url: str) -> str:
    """The podcast:guid of a feed by its first address; kept when the show moves."""
    without_scheme = feed_url.partition("://")[2] or feed_url
    return str(uuid.uuid5(_NAMESPACE, without_scheme.rstrip("/")))


def lacking(site: Site, feed: Feed, entries: Iterable[Entry] = ()) -> Iterator[str]:
    """What directories would refuse the feed or its episodes for, a line each with its remedy.

    Nothing for a feed that is no show.
    """
    if feed.podcast is None:
        return
    name = feed.path or "the site's own feed"
    for fault in (*_of_show(feed.podcast), *_of_feed(site, feed)):
        yield f"podcast {name}: {fault}"
    for entry in entries:
        for fault in _of_episode(entry, feed.podcast):
            yield f"podcast {name}: {entry.title!r} ({entry.slug}): {fault}"


def _of_show(show: Podcast) -> Iterator[str]:
    for category, *parts in show.categories:
        if category not in CATEGORIES:
            yield f'"{category}" is no category of Apple\'s; known: {", ".join(CATEGORIES)}'
        elif unknown := [part for part in parts if part not in CATEGORIES[category]]:
            known = ", ".join(sorted(CATEGORIES[category])) or "none"
            yield f'"{unknown[0]}" is no part of the category {category}; known: {known}'
    if _type_of(show.image) not in _PICTURES:
        yield f"the image {show.image} is no JPEG or PNG; give one of 1400 to 3000 pixels square"
    if show.owner is None:
        yield "it has no owner; give owner = {name = …, email = …}, directories write there"
    try:
        uuid.UUID(show.guid)
    except ValueError:
        yield f'the guid "{show.guid}" is no UUID; leave it out, and one is made from the address'


def _of_feed(site: Site, feed: Feed) -> Iterator[str]:
    if not (feed.description or ("" if feed.path else site.description)):
        yield "it has no description; say in description what the show is about"


def _of_episode(entry: Entry, show: Podcast) -> Iterator[str]:
    files = [media for media in entry.media if not media.is_image]
    played = [media for media in files if _of_file(media) in _PLAYED]
    if not files:
        yield "the episode has no recording; attach one, or leave the entry out of the feed"
    elif not played:
        yield f"{files[0].url} is not played everywhere; publish MP3, M4A or MP4"
    elif played[0].size_bytes is None:
        yield f"the size of {played[0].url} is not known; give it in bytes"
    episode = entry.episode
    is_full = episode is None or episode.kind in (None, "full")
    if show.kind == "serial" and is_full and not (episode and episode.number):
        yield "a serial show numbers its episodes; give the episode's number"


def _of_file(media: Media) -> str | None:
    return media.media_type or _type_of(media.url)


def _type_of(address: str) -> str | None:
    return media_type_of(re.split(r"[?#]", address)[0])
