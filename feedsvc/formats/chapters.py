"""The chapters of a recording as a document, as Podcasting 2.0 has them (JSON chapters 1.2).

Room: formats. Entered by publish through the registry, for entries with chapters.
"""

from __future__ import annotations

import json

from feedsvc.formats._item import legal, uri
from feedsvc.model import Chapter, Entry

NAME = "chapters"
FILENAME = "chapters.json"
MEDIA_TYPE = "application/json+chapters"
NAVIGABLE_AS = "application/json"
LABEL = "Chapters"
RENDERS = Entry
ORDER = 20


def render(entry: Entry) -> bytes:
    """The chapters of an entry, in their order."""
    chapters = entry.episode.chapters if entry.episode else ()
    document = {
        "version": "1.2.0",
        "title": legal(entry.title),
        "chapters": [_chapter(one) for one in sorted(chapters, key=lambda one: one.start_ms)],
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _chapter(chapter: Chapter) -> dict[str, object]:
    start, rest = divmod(chapter.start_ms, 1000)
    link = {"url": uri(chapter.link)} if chapter.link else {}
    return {
        "startTime": start + rest / 1000 if rest else start,
        "title": legal(chapter.title),
        **link,
    }
