"""What a page says to machines in schema.org's words, as JSON-LD.

Entered by the pages for people. A date stands in it only where it is a claim.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from markupsafe import Markup

from feedsvc import addresses
from feedsvc.formats._item import Item, description_of, feed_title, home_of, item_of, uri
from feedsvc.formats._when import when
from feedsvc.model import Author, Entry, Family, Feed, Media, Page, Site

_UNSAFE = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}
Thing = Mapping[str, object]


def script(thing: Thing) -> Markup:
    """The thing as JSON that no <script> element ends early; keys that say nothing are left out."""
    told = {"@context": "https://schema.org", **_told(thing)}
    # Every character that could end the element is escaped, so the text is markup as it is.
    return Markup(json.dumps(told, ensure_ascii=False).translate(_UNSAFE))


def of_page(page: Page, address: str) -> Thing:
    """A feed's page: the site's own is a blog, a show is one, the rest collect."""
    site, feed = page.site, page.feed
    image = feed.image or site.image
    common = {
        "name": feed_title(site, feed),
        "url": address,
        "description": description_of(site, feed),
        "inLanguage": feed.language or site.language,
        "image": uri(image) if image else None,
        "license": site.license,
    }
    if feed.podcast and page.number is None:
        rss = uri(addresses.url(site, addresses.feed_path(feed, "rss.xml")))
        return {"@type": "PodcastSeries", **common, "webFeed": rss}
    if feed.family is Family.SITE and page.number is None and not page.query:
        return {"@type": "Blog", **common, "publisher": publisher_of(site)}
    part_of = {"@type": "WebSite", "name": site.title, "url": home_of(site, _site_feed(site))}
    return {"@type": "CollectionPage", **common, "isPartOf": part_of}


def of_article(site: Site, feed: Feed, entry: Entry, show: Feed | None) -> Thing:
    """An entry: an article, or an episode of a show."""
    item = item_of(site, feed, entry)
    dated = entry.published
    common = {
        "headline": item.title,
        "url": item.link,
        "mainEntityOfPage": item.link,
        "description": entry.summary,
        "datePublished": when(dated, site.language).machine if dated.how.is_claim else None,
        "dateModified": item.updated.isoformat() if item.is_changed else None,
        "author": [_person(author) for author in item.authors] or _person(site.author),
        "publisher": publisher_of(site),
        "image": [image.url for image in item.images],
        "inLanguage": entry.language or site.language,
        "keywords": list(entry.tags),
        "articleSection": entry.section,
        "isBasedOn": entry.source_feed.url if entry.source_feed else None,
        "license": site.license,
    }
    recordings = [_recording(one) for one in recordings_of(item)]
    if recordings and (show or entry.episode):
        return {"@type": "PodcastEpisode", **_episode(entry, site, show), **common} | {
            "headline": None,
            "name": item.title,
            "associatedMedia": recordings,
        }
    return {"@type": "BlogPosting", **common, "associatedMedia": recordings}


def recordings_of(item: Item) -> tuple[Media, ...]:
    """The attachments that are heard or watched."""
    return tuple(
        one for one in item.attachments if (one.media_type or "").startswith(("audio/", "video/"))
    )


def publisher_of(site: Site) -> Thing:
    """Who answers for the site: its author, or the site itself."""
    logo = site.icon or site.image
    name = site.author.name if site.author else site.title
    return {"@type": "Organization", "name": name, "logo": uri(logo) if logo else None}


def _site_feed(site: Site) -> Feed:
    return Feed(path="", title=site.title)


def _person(author: Author | None) -> Thing | None:
    return {"@type": "Person", "name": author.name, "url": author.url} if author else None


def _recording(media: Media) -> Thing:
    kind = "VideoObject" if (media.media_type or "").startswith("video/") else "AudioObject"
    seconds = media.duration_seconds
    return {
        "@type": kind,
        "contentUrl": media.url,
        "encodingFormat": media.media_type,
        "duration": None if seconds is None else f"PT{seconds}S",
    }


def _episode(entry: Entry, site: Site, show: Feed | None) -> Thing:
    episode = entry.episode
    series = (
        {"@type": "PodcastSeries", "name": show.title, "url": home_of(site, show)} if show else None
    )
    season = (
        {"@type": "PodcastSeason", "seasonNumber": episode.season}
        if episode and episode.season
        else None
    )
    return {
        "episodeNumber": episode.number if episode else None,
        "partOfSeason": season,
        "partOfSeries": series,
    }


def _told(value: Thing) -> dict[str, object]:
    """What says something, at every depth."""
    kept = {key: _inside(one) for key, one in value.items()}
    return {key: one for key, one in kept.items() if one not in (None, "", [], {})}


def _inside(value: object) -> object:
    if isinstance(value, Mapping):
        return _told(value)
    if isinstance(value, list):
        return [_inside(one) for one in value]
    return value
