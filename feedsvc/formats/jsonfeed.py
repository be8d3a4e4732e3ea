"""JSON Feed 1.1, with how each date became known under `_feedsvc`.

Room: formats. Entered by publish through the registry.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from feedsvc.formats._fragments import KEPT
from feedsvc.formats._item import Dialect, Item, archive_of, head_of, legal, uri, zulu
from feedsvc.model import Author, Dated, Media, Page, Tombstone

NAME = "jsonfeed"
FILENAME = "feed.json"
MEDIA_TYPE = "application/feed+json"
NAVIGABLE_AS = None
LABEL = "JSON Feed"
RENDERS = Page
ORDER = 30

_DIALECT = Dialect(format=NAME)
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def render(page: Page) -> bytes:
    """The page as a JSON Feed 1.1 document; what is absent has no key."""
    head = head_of(page, FILENAME, MEDIA_TYPE)
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": head.title,
        "home_page_url": head.home,
        "feed_url": head.address,
        "description": head.description,
        "icon": head.image,
        "favicon": head.icon,
        "next_url": None if page.older is None else archive_of(page, FILENAME, page.older),
        "language": head.language,
        "authors": [_person(head.author)],
        "_feedsvc": {
            "about": head.home + "#dates",
            "id": head.id,
            "updated": zulu(head.updated),
            "tombstones": [_gone(tombstone) for tombstone in page.tombstones],
        },
        "items": [],  # last: they are put between its brackets
    }
    start = _spelled(_present(document)).removesuffix(b"]}")
    return _spliced(start, KEPT.of(page, _DIALECT, _written), b"]}\n")


def _spliced(start: bytes, fragments: list[bytes], end: bytes) -> bytes:
    """All in one, copied once: a document is long."""
    if not fragments:
        return start + end
    first, *others = fragments
    *middle, last = (start + first, *others)
    return b",".join((*middle, last + end))


def _written(_: Dialect, items: Sequence[Item]) -> list[bytes]:
    return [
        _spelled(_present(_item(item)) | {"_feedsvc": _provenance(item.entry.published)})
        for item in items
    ]


def _spelled(thing: Mapping[str, object]) -> bytes:
    return _ENCODER.encode(thing).encode()


def _item(item: Item) -> Mapping[str, object]:
    image, more = item.images[:1], item.images[1:]
    return {
        "id": item.id,
        "url": item.link,
        "title": item.title if item.shows_title else None,
        "content_html": item.html,
        "content_text": "" if item.html else item.summary or item.title,
        "summary": item.summary if item.html else "",
        "image": image[0].url if image else None,
        "date_published": zulu(item.published) if item.published else None,
        "date_modified": zulu(item.updated) if item.is_changed else None,
        "authors": [_person(author) for author in item.authors],
        "tags": [category.name for category in item.categories],
        "language": item.language,
        "attachments": [_attachment(media) for media in (*item.attachments, *more)],
    }


def _person(author: Author) -> dict[str, str]:
    address = author.url or (uri(f"mailto:{author.email}") if author.email else None)
    return {"name": author.name} | ({"url": address} if address else {})


def _attachment(media: Media) -> Mapping[str, object]:
    size = {} if media.size_bytes is None else {"size_in_bytes": media.size_bytes}
    title = {"title": media.title} if media.title else {}
    lasting = media.duration_seconds
    duration = {} if lasting is None else {"duration_in_seconds": lasting}
    return {"url": media.url, "mime_type": media.media_type, **title, **size, **duration}


def _provenance(dated: Dated) -> Mapping[str, object]:
    return {
        "how": dated.how.word,
        "precision": dated.precision.value,
        "evidence": legal(dated.evidence),
        "rule": legal(dated.rule),
        "confidence": dated.confidence,
    }


def _gone(tombstone: Tombstone) -> Mapping[str, object]:
    told = {"id": tombstone.id, "removed": zulu(tombstone.removed), "reason": tombstone.reason}
    return {key: legal(value) for key, value in told.items() if value}


def _present(members: Mapping[str, object]) -> dict[str, object]:
    """What says something: no null, no empty string or list."""
    return {key: value for key, value in members.items() if value or key == "items"}
