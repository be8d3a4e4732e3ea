"""Builders of nouns for tests: each takes only what the test is about."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from feedsvc.model import Dated, Entry, Feed, How, Page, RawItem, Site


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
