"""Builders of nouns for tests: each takes only what the test is about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from feedsvc.addresses import query_string
from feedsvc.errors import GonePath, UnknownPath
from feedsvc.model import (
    Attachment,
    Dated,
    Document,
    Entry,
    Feed,
    How,
    Keys,
    Page,
    Place,
    Query,
    RawItem,
    Site,
)
from feedsvc.store import Kept, SourceRead


def at(text: str) -> datetime:
    """A moment in UTC from its ISO form; a day alone is its noon."""
    moment = datetime.fromisoformat(text if "T" in text else f"{text}T12:00:00")
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def raw_item(body: str = "Something happened.", **fields: Any) -> RawItem:
    return RawItem(**{"source": "dump.txt", "position": 0, "line": 1, "body": body} | fields)


def dated(text: str = "2025-05-13", how: How = How.STATED, **fields: Any) -> Dated:
    return Dated(instant=at(text), how=how, **fields)


def site(**fields: Any) -> Site:
    return Site(
        **{"id": "tests", "title": "A site", "base_url": "http://127.0.0.1:8000", "language": "en"}
        | fields
    )


def entry(number: int = 1, **fields: Any) -> Entry:
    """The `number`-th entry: its own id, slug, title and a day of May 2025."""
    published = fields.pop("published", None) or dated(f"2025-05-{number:02}")
    return Entry(
        **{
            "id": f"urn:uuid:00000000-0000-5000-8000-{number:012}",
            "slug": f"entry-{number}",
            "title": f"Entry {number}",
            "published": published,
            "updated": published.instant,
            "content_html": f"<p>Text of entry {number}.</p>",
            "content_text": f"Text of entry {number}.",
            "summary": f"Text of entry {number}.",
            "source": "dump.txt",
            "line": number,
        }
        | fields
    )


def page(*entries: Entry, **fields: Any) -> Page:
    newest = max((e.updated for e in entries), default=at("2000-01-01T00:00:00"))
    return Page(
        **{
            "site": site(),
            "feed": Feed(path="", title="A site", n_entries=len(entries)),
            "entries": entries,
            "updated": newest,
        }
        | fields
    )


def document(path: str = "/rss.xml", body: bytes = b"<rss/>", **fields: Any) -> Document:
    """A document: an RSS feed unless the path or a field says otherwise."""
    return Document(
        **{
            "path": path,
            "body": body,
            "media_type": "application/rss+xml; charset=utf-8",
            "modified": at("2025-05-14"),
        }
        | fields
    )


class Shelf:
    """Documents held in memory, with the methods of a Publisher."""

    def __init__(self, *documents: Document, gone: tuple[str, ...] = (), **of_site: Any) -> None:
        self.site = site(**of_site)
        self.asked: list[str] = []  #: every path asked for, in order
        self.files: dict[str, Attachment] = {}  #: of the seeds, by path
        self._kept = {d.path: d for d in documents}
        self._gone = gone
        self._revision = 1

    def put(self, *documents: Document) -> None:
        self._kept |= {d.path: d for d in documents}
        self._revision += 1

    def drop(self, path: str) -> None:
        del self._kept[path]
        self._revision += 1

    def document(self, path: str) -> Document:
        self.asked.append(path)
        if path in self._gone:
            raise GonePath(path)
        if path not in self._kept:
            raise UnknownPath(path)
        return self._kept[path]

    def search(self, query: Query, filename: str) -> Document:
        question = query_string(query)
        return self.document(f"/search/{filename}?{question}".rstrip("?"))

    def paths(self) -> Iterator[str]:
        return iter(tuple(self._kept))

    def media(self, path: str) -> Attachment:
        if path not in self.files:
            raise UnknownPath(path)
        return self.files[path]

    def media_paths(self) -> Iterator[str]:
        return iter(sorted(self.files))

    def revision(self) -> int:
        return self._revision


def kept(number: int = 1, *places: Place, **fields: Any) -> Kept:
    """The `number`-th entry as a source gives it; what is no field of Kept is the entry's."""
    own = {name: fields.pop(name) for name in Kept.__slots__ if name in fields}
    source = places[0].source if places else "dump.txt"
    one = entry(number, **{"source": source} | fields)
    standard = {"keys": Keys(text=f"text {number}"), "places": (Place(source=source, line=number),)}
    return Kept(entry=one, **standard | own | ({"places": places} if places else {}))


def reading(*entries: Kept, name: str = "dump.txt", **fields: Any) -> SourceRead:
    """One reading of a source that listed these entries."""
    return SourceRead(**{"name": name, "digest": "1", "kept": entries} | fields)
