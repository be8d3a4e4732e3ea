"""What the names of files, folders and pages say of time.

Room: normalise. Pure. Imports the room's mentions and parse; called by rules and surroundings.
"""

from __future__ import annotations

import posixpath
import re
from datetime import date
from functools import lru_cache
from urllib.parse import urlsplit

from feedsvc import calendar_names
from feedsvc.normalise.mentions import days_in
from feedsvc.normalise.parse import When, parse_full

_YEAR_FIRST = re.compile(
    r"(?<![0-9A-Za-z])((?:19|20)\d\d)([-_./]?)(\d\d)\2(\d\d)(?![0-9A-SU-Za-z]|[-_.]\d\d?$)"
)
_YEAR_LAST = re.compile(r"(?<![0-9A-Za-z])(\d\d?)([-_.])(\d\d?)\2((?:19|20)\d\d)(?![0-9A-Za-z])")
_MONTH = re.compile(r"(?<![0-9A-Za-z])((?:19|20)\d\d)[-_./]?(?:(\d\d)(?![0-9A-Za-z])|(?=/))")
_MARKS = re.compile(r"[-_.+,]+|%20")
_IN_LINK = re.compile(
    r"/(?P<year>(?:19|20)\d\d)(?P<s>[/-])(?P<month>\d\d?|[a-z]{3})(?P=s)(?P<day>\d\d?)(?=[/._-]|$)"
)


@lru_cache(1024)
def day_in_path(source: str) -> tuple[date, str] | None:
    """The day in "2025-05-14.txt", "14.05.2025.txt", "May 14 2025.txt", "2025/05/14/x.txt".

    The file's own name comes first, then its folders; with the words it was read from.
    """
    folder, name = posixpath.split(source)
    stem = posixpath.splitext(name)[0]
    return _numbered(name) or _spelt(stem) or (_numbered(folder) if folder else None)


@lru_cache(1024)
def month_in_path(source: str) -> tuple[int, int | None] | None:
    """The year, and the month where there is one, of "2025/05/x.txt", "news-2025-05.md"."""
    found = None
    for found in _MONTH.finditer(source):  # noqa: B007 - the last one is the nearest
        pass
    if not found:
        return None
    month = int(found[2] or 0)
    return (int(found[1]), month or None) if month <= 12 else None


def day_in_link(link: str) -> tuple[str, When | None] | None:
    """The words and the day of /2025/05/13/, /2025/may/13/ and /2025-05-13 in an address."""
    found = _IN_LINK.search(link) and _IN_LINK.search(_path(link))
    if not found:
        return None
    year, month, day = found.group("year", "month", "day")
    when = parse_full(f"{year}-{month:0>2}-{day:0>2}") or parse_full(f"{day} {month} {year}")
    return found[0].strip("/"), when


def _numbered(text: str) -> tuple[date, str] | None:
    if found := _YEAR_FIRST.search(text):
        return _day(found[0], int(found[1]), int(found[3]), int(found[4]))
    if found := _YEAR_LAST.search(text):
        first, second, year = int(found[1]), int(found[3]), int(found[4])
        if found[2] == "." or first > 12 >= second or first == second:
            return _day(found[0], year, second, first)
        if second > 12 >= first:
            return _day(found[0], year, first, second)
    return None


def _spelt(stem: str) -> tuple[date, str] | None:
    words = _MARKS.sub(" ", stem)
    if not any(calendar_names.month_of(word, "en") for word in words.split()):
        return None
    for mention in days_in(words.title(), "en"):
        if mention.year:
            return _day(
                words[mention.start : mention.end], mention.year, mention.month, mention.day
            )
    return None


def _day(words: str, year: int, month: int, day: int) -> tuple[date, str] | None:
    try:
        return date(year, month, day), words
    except ValueError:
        return None


def _path(link: str) -> str:
    try:
        return urlsplit(link).path
    except ValueError:
        return ""
