"""Markdown: posts of Jekyll, Hugo, Pelican, Eleventy and Hexo, notes of Obsidian, journals, plain notes.

Room: sources. A reader (see the registry). Imports model and errors through its neighbours.
A file is an item, unless its headings, or the bullets of its list, are days: then each day is one.
The body stays Markdown, without the dialect of its tool.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import PurePosixPath
from textwrap import dedent

from feedsvc.model import Author, Noise, Origin, RawDate, RawItem, Refused
from feedsvc.sources._datelines import Credits, credits_of
from feedsvc.sources._dialects import plain_markdown
from feedsvc.sources._frontmatter import Header, header_of, opens_header
from feedsvc.sources._headings import (
    EDGES,
    FENCE,
    IMAGE,
    Heading,
    heading_at,
    headings,
    is_day,
    plain_of,
    split_day,
)
from feedsvc.sources._hints import NO_HINTS, Hints
from feedsvc.sources._posts import post_of
from feedsvc.sources._properties import filled, with_properties
from feedsvc.sources._rst import markdown_of
from feedsvc.sources._text import opening, refused, text_of, too_long, why_binary

NAME = "markdown"
NAMES = (".md", ".markdown", ".mdx", ".mkd", ".mkdn", ".mdown", ".rst")

MORE = re.compile(
    r"<!--+[ \t]*(?i:more|excerpt|read more)[ \t]*--+>|\{/\*[ \t]*(?:more|truncate)[ \t]*\*/\}"
)
HEADED = re.compile(r"^#{1,6} \S.*$|^\S.*\n(?:={3,}|-{3,})$", re.MULTILINE)
LINKED = re.compile(r"\]\((?:https?://|/|\./|#)[^\s()]*\)|^\[[^\]\n]+\]: \S", re.MULTILINE)
BULLET = re.compile(r"(?:[-*+]|\d{1,3}[.)])[ \t]+(?=\S)")
ONLY_LINK = re.compile(r"\[([^\[\]\n]+)\]\(<?([^\s()<>]+)>?(?:[ \t]+\"[^\"\n]*\")?\)")
TAGS = re.compile(r"(?:[^\W\d_]{2,12}:[ \t]*)?(?:#[^\W\d][\w/-]*[ \t,]*)+")
TAG = re.compile(r"#([^\W\d][\w/-]*)")
IMPORTS = re.compile(r"^(?:import|export)\s[^\n]*\n", re.MULTILINE)
BY = re.compile(r"\s+(?=(?:by|von|par|por|di|door|av|od)\s)")
LIST_MARK = re.compile(r"^[ \t]*(?:[-*+>]|\d{1,3}[.)])[ \t]+", re.MULTILINE)
DIGIT = re.compile(r"\d")
UNDATED = re.compile(
    r"[^\s–—―|:：]{1,15}(?: [^\s–—―|:：]{1,15})?(?:\s+[-–—―|]\s+|\s?[:：]\s?)(\S.*)"
)
N_HEADINGS = 100_000  #: a journal of more is none
ROWS = r":[^\n]*\n(?:[^\n]+\n)*?---[ \t]*(?:\n|$)"
REPEATED = re.compile(rf"\s*---[ \t]*\n(\w{{1,40}}){ROWS}")
AGAIN = rf"(?<=\n\n)---[ \t]*\n(?={{}}{ROWS})"  # the same first entry opens another header
MARKS = " \t*_"
STEM_DAY = re.compile(
    r"(?:19|20)\d\d([-_.]?)\d\d\1\d\d(?:[-_ T]+(?:\d{4,6}(?=[-_ ]|$))?|(?=[^\w]|$))"
)
PATH_DAY = re.compile(r"(?:^|/)((?:19|20)\d\d)/(\d\d)/(\d\d)(?=[/-])")
INDEX = ("index", "_index", "readme", "default")
SAYS_NOTHING = re.compile(
    r"(?:[0-9a-f]{8,}|[\W\d_]*|(?:untitled|notes?|posts?|draft|new|page|document|stdin|text|readme|index)[\W\d_]*)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A part of a journal: what stands below a day, or beside it."""

    row: int
    words: str  #: the day as written
    title: str
    body: str
    year: str | None = None  #: of the heading above it
    link: str | None = None


def sniff(name: str, head: bytes) -> float:
    """A header with a known entry is one whatever the file is called; then the suffix tells."""
    if why_binary(head):
        return 0.0
    text = opening(head)
    is_named = name.casefold().endswith(NAMES)
    if opens_header(text, is_named=is_named):
        return 0.9
    if is_named:
        return 0.6
    return 0.3 if HEADED.search(text) and LINKED.search(text) else 0.0


def read(name: str, data: bytes, hints: Hints = NO_HINTS) -> Iterator[RawItem | Refused | Noise]:
    """The item of a file, or the items of a journal, oldest or newest first as they stand.

    Raises UnknownFormat for binary data and BrokenSource beyond the size limit.
    """
    text = text_of(name, data, hints).replace("\0", "")
    if len(text) > hints.limits.line_characters:
        text, refusals = _without_long_lines(name, text, hints)
        yield from refusals
    position = 0
    for above, post in _posts(text):
        for piece in _read(name, post, hints):
            yield _placed(piece, position, above)
            position += isinstance(piece, RawItem)


def _posts(text: str) -> Iterator[tuple[int, str]]:
    """The posts of a text with the lines above each: more than one where headers come again."""
    first = REPEATED.match(text)
    again = re.compile(AGAIN.format(re.escape(first[1]))) if first else None
    above, start, seen, n_fences = 0, 0, 0, 0
    for found in islice(again.finditer(text, 1), N_HEADINGS) if again else ():
        n_fences += text.count("\n```", seen, found.start())
        seen = found.start()
        if n_fences % 2 == 0:
            yield above, text[start:seen]
            above += text.count("\n", start, seen)
            start = seen
    yield above, text[start:]


def _placed(
    piece: RawItem | Refused | Noise, position: int, above: int
) -> RawItem | Refused | Noise:
    """A piece of one post as one of the file."""
    if isinstance(piece, Noise):
        return replace(piece, lines=tuple(n + above for n in piece.lines))
    line = piece.line + above if piece.line else None
    if isinstance(piece, Refused):
        return replace(piece, line=line)
    return replace(piece, line=line, position=position)


def _read(name: str, text: str, hints: Hints) -> Iterator[RawItem | Refused | Noise]:
    header = header_of(name, text, hints.limits) or Header(entries={}, body=text)
    header = with_properties(header)
    rows = header.body.split("\n")
    is_post = header.says_when or not DIGIT.search(header.body)
    days = [] if is_post else _days(rows)
    if days:
        yield from _journal(name, header, rows, days)
    elif item := _item(name, header):
        yield item
    elif text.strip():
        reason, remedy = "nothing in it to publish", "give it a title or a text"
        yield refused(name, 1, reason, remedy, text[:200])


def _without_long_lines(name: str, text: str, hints: Hints) -> tuple[str, list[Refused]]:
    refusals, rows = [], text.split("\n")
    for n, row in enumerate(rows):
        if len(row) > hints.limits.line_characters:
            refusals.append(too_long(name, n + 1, row[:200], hints.limits))
            rows[n] = ""
    return "\n".join(rows), refusals


# -- one file, one item


def _item(name: str, header: Header) -> RawItem | None:
    if name.casefold().endswith(".rst"):
        header = _of_rst(name, header)
    if name.casefold().endswith(".mdx"):
        header = replace(header, body=IMPORTS.sub("", header.body))
    title, credits, body = _opened(header)
    before, mark, after = _parted(header, body)
    body, tags = _untagged(
        plain_markdown(f"{before.rstrip()}\n\n{after.lstrip()}" if mark else body).strip("\n")
    )
    try:
        item = post_of(header, body, source=name, title=title or stem_title(name))
    except ValueError:
        return None
    summary = _plain_text(before) if mark and before.strip() else None
    return replace(
        item,
        summary=item.summary or summary,
        tags=tuple(dict.fromkeys((*item.tags, *tags))),
        authors=item.authors or credits.authors,
        dates=(*item.dates, *credits.dates, *_path_days(name)),
        is_draft=item.is_draft or "_drafts/" in f"/{name}",
    )


def _of_rst(name: str, header: Header) -> Header:
    """With the field list that follows the title, and the body as Markdown."""
    rows = header.body.split("\n")
    first = next((n for n, row in enumerate(rows) if row.strip()), 0)
    heading = next(headings(rows[first : first + 4]), None)
    if heading and not header.entries:
        below = "\n".join(rows[first + heading.end :])
        fields = header_of(name, below) or Header(entries={}, body=below)
        entries = {"title": heading.words, **fields.entries}
        header = replace(fields, entries=entries)
    return replace(header, body=markdown_of(header.body))


def _opened(header: Header) -> tuple[str | None, Credits, str]:
    """The title, day and author that a body opens with, and the rest of it."""
    rows = header.body.split("\n")
    at = filled(rows, 0)
    heading = heading_at(rows, at) if at < len(rows) else None
    title = plain_of(heading.words) if heading else None
    given = header.title
    if heading and given in (None, title):
        at = filled(rows, heading.end)
    elif heading or given is None:
        title = None if heading else _first_title(rows)
    dates, authors, at = _credited(rows, at, is_plain=not header.says_when)
    if title and given is None and (day := split_day(title)) and title.startswith(day[0]):
        dates = [RawDate(words=day[0], origin=Origin.LINE), *dates]
        title = day[1] or None
    return title, Credits(dates=tuple(dates), authors=tuple(authors)), "\n".join(rows[at:])


def _first_title(rows: Sequence[str]) -> str | None:
    """The first heading of the first level, wherever it stands."""
    if not any(row.startswith(("# ", "===")) for row in rows):
        return None
    return next((plain_of(one.words) for one in headings(rows) if one.level == 1), None)


def _credited(
    rows: Sequence[str], at: int, *, is_plain: bool
) -> tuple[list[RawDate], list[Author], int]:
    """The days and the people of the lines below the title that are nothing else."""
    dates: list[RawDate] = []
    authors: list[Author] = []
    for _ in range(3 if is_plain else 0):
        words = rows[at].strip(MARKS) if at < len(rows) else ""
        found = _credits(words) if 4 <= len(words) <= 100 else None
        if not found:
            break
        dates += found.dates
        authors += found.authors
        at = filled(rows, at + 1)
    return dates, authors, at


def _credits(words: str) -> Credits | None:
    if BULLET.match(words) or words[0] in "#>|`":
        return None
    whole = credits_of(words)
    if whole:
        return None if whole.link else whole
    parts = BY.split(words, maxsplit=1)
    read = [credits_of(part.strip(MARKS + ",")) for part in parts]
    if len(parts) < 2 or not (read[0] and read[1] and read[0].dates and read[1].authors):
        return None
    return Credits(dates=read[0].dates, authors=read[1].authors)


def _parted(header: Header, body: str) -> tuple[str, str, str]:
    """What stands before and after the mark that ends an excerpt; no mark, no parts."""
    separator = header.word("excerpt_separator") or (
        "---" if header.word("excerpt") == "true" else ""
    )
    if separator and separator in body:
        return body.partition(separator)
    found = MORE.search(body) if "<!--" in body or "{/*" in body else None
    return (body[: found.start()], found[0], body[found.end() :]) if found else ("", "", body)


def _plain_text(markdown: str) -> str | None:
    rows = LIST_MARK.sub("", IMAGE.sub("", plain_markdown(markdown))).split("\n")
    return plain_of(" ".join(row.lstrip("# ") for row in rows if not FENCE.match(row))) or None


def _untagged(body: str) -> tuple[str, list[str]]:
    """A body without the line of "#tags" at its beginning or its end."""
    first, _, below = body.partition("\n")
    if first[:1] == "#" and below.strip() and len(first) < 1_000 and TAGS.fullmatch(first.strip()):
        return below.lstrip("\n"), TAG.findall(first)
    above, _, last = body.rstrip().rpartition("\n")
    if "#" in last[:20] and above and len(last) < 1_000 and TAGS.fullmatch(last.strip()):
        return above.rstrip(), TAG.findall(last)
    return body, []


# -- what the file is called


def stem_title(name: str) -> str | None:
    """A title made of a file's name without its day: "2024-05-01-my-trip.md" is "My trip"."""
    path = PurePosixPath(name)
    stem = path.parent.name if path.stem.lower() in INDEX else path.stem
    words = STEM_DAY.sub("", stem, count=1).strip("-_. ")
    if SAYS_NOTHING.fullmatch(words):
        return None
    spaced = words if " " in words else re.sub(r"[-_]+", " ", words)
    return spaced[:1].upper() + spaced[1:]


def _path_days(name: str) -> list[RawDate]:
    """The day of the folders a file lies in: "2025/05/13/title.md", "2025-05-13-title/index.md"."""
    folder, _, _ = name.rpartition("/")
    found = PATH_DAY.search(name)
    words = "-".join(found.groups()) if found else ""
    if not words and (bundle := STEM_DAY.match(PurePosixPath(folder).name)):
        words = bundle[0].strip("-_ T")
    return [RawDate(words=words, origin=Origin.FILE_NAME)] if words else []


# -- journals


def _journal(
    name: str, header: Header, rows: Sequence[str], days: Sequence[Day]
) -> Iterator[RawItem | Noise]:
    above = [n + header.line for n, row in enumerate(rows[: days[0].row]) if row.strip()]
    if above:
        yield Noise(source=name, n_lines=len(above), lines=tuple(above[:100]))
    shared = replace(header, entries={k: v for k, v in header.entries.items() if k != "title"})
    for position, day in enumerate(days):
        body, tags = _untagged(plain_markdown(day.body).strip("\n"))
        line = header.line + day.row
        title = day.title or (None if body else day.words)
        item = post_of(shared, body, source=name, position=position, line=line, title=title)
        dates = [RawDate(words=day.words, origin=Origin.LINE)] if day.words else []
        if day.year and dates:
            dates.append(RawDate(words=day.year, origin=Origin.HEADING))
        yield replace(
            item,
            group="days",
            dates=tuple(dates),
            link=day.link or item.link,
            tags=tuple(dict.fromkeys((*item.tags, *tags))),
        )


def _days(rows: Sequence[str]) -> list[Day]:
    """The days of a journal; none where it is no journal: fewer than two, or others between them."""
    found = [*islice(headings(rows), N_HEADINGS)]
    for level in (1, 2, 3):
        days = _dated(one for one in found if one.level == level)
        if len(days) > 1:
            return [*_sections(rows, found, days)]
    return _listed_days(rows)


def _dated(found: Iterable[Heading]) -> dict[int, tuple[str, str]]:
    """Days and titles by the rows of their headings; nothing unless nearly all have a day.

    One without a day is an item too. Half of them may be so where words stand in the day's place:
    "Undated — Found in the bin".
    """
    days: dict[int, tuple[str, str]] = {}
    weight = 0
    for one in found:
        words = plain_of(one.words)
        day = split_day(words) if DIGIT.search(words) else None
        place = None if day else UNDATED.match(words)
        days[one.row] = day or ("", place[1] if place else words)
        weight += 1 if day else -2 if place else -4
        if weight < -8:
            return {}
    return days if weight >= 0 else {}


def _sections(
    rows: Sequence[str], found: Sequence[Heading], days: Mapping[int, tuple[str, str]]
) -> Iterator[Day]:
    """The headings of days with what stands below each, up to the next of its level or above."""
    level = next(one.level for one in found if one.row in days)
    main = [one for one in found if one.level <= level]
    year = None
    for one, end in zip(main, [*(other.row for other in main[1:]), len(rows)], strict=True):
        if one.row in days:
            link = ONLY_LINK.search(one.words)
            yield Day(
                row=one.row,
                words=days[one.row][0],
                title=days[one.row][1],
                body="\n".join(rows[one.end : end]),
                year=year,
                link=link[2] if link else None,
            )
        else:
            year = one.words if re.fullmatch(r"(?:19|20)\d\d", one.words) else None


def _listed_days(rows: Sequence[str]) -> list[Day]:
    """The days of a list whose every bullet opens with one; also those of an outline."""
    starts = [n for n, row in enumerate(rows) if BULLET.match(row)]
    if not 2 <= len(starts) <= N_HEADINGS:
        return []
    days: list[Day] = []
    for n, following in zip(starts, [*starts[1:], len(rows)], strict=True):
        day = _listed_day(rows, n, following)
        if not day:
            return []
        days.append(day)
    return days


def _listed_day(rows: Sequence[str], n: int, following: int) -> Day | None:
    words = plain_of(BULLET.sub("", rows[n], count=1)).lstrip("#" + EDGES)
    day = split_day(words) if len(words) < 1_000 else None
    below = [row for row in rows[n + 1 : following] if row.strip()]
    if not day or not words.startswith(day[0]) or not is_day(day[0]):
        return None
    if not (day[1] or below) or any(row[0] not in " \t" for row in below):
        return None
    link = ONLY_LINK.search(rows[n])
    body = dedent("\n".join(below).expandtabs(4))
    return Day(row=n, words=day[0], title=day[1], body=body, link=link[2] if link else None)
