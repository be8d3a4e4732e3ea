"""What note takers write into the text itself: properties below the title or at the end of a note.

Room: sources, private; for readers of texts with headers. Notion writes them below the title,
Logseq with two colons, Joplin at the end. The words are in properties.toml.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from importlib.resources import files

from feedsvc.sources._frontmatter import Header, Value
from feedsvc.sources._headings import heading_at, plain_of
from feedsvc.sources._names import NAMES, fold

MARKED = r"(?:[-*+][ \t]+)?(?:\*\*|__)?"
PROPERTY = re.compile(
    MARKED + r"([^\W\d_][^\n:：*]{0,38}?)(?:\*\*|__)?[ \t]?(?:::|[:：])(?:\*\*|__)?[ \t]*(.*)"
)
MACHINE = re.compile(r"([a-z][a-z0-9_]{1,30}): ?(.*)")
N_ROWS = 60  #: properties of one note
N_MACHINE = 3  #: fewer lines at the end may be anything
LONGEST = 200  #: characters of a title
DATED = re.compile(r"(?<!\d)\d{4}(?!\d)|\d{8}|\d[-/.]\d{1,2}[-/.]\d")

TABLES = tomllib.loads(files("feedsvc.sources").joinpath("properties.toml").read_text("utf-8"))
CALLED = {fold(word): kind for kind, words in TABLES.items() for word in words.split(";")}
WHEN = frozenset((*NAMES["published"], *NAMES["created"]))


def with_properties(header: Header) -> Header:
    """With the properties that stand in the text, whose rows become blank; else the same header."""
    return header if header.says_when else _below_title(_at_end(header))


def _below_title(header: Header) -> Header:
    rows = header.body.split("\n")
    first = filled(rows, 0)
    heading = heading_at(rows, first) if first < len(rows) else None
    if not heading:
        return header
    start = filled(rows, heading.end)
    end = start + len(_until_blank(rows[start : start + N_ROWS]))
    found = _entries(rows[start:end], PROPERTY)
    if not found:
        return header
    title = header.title or plain_of(heading.words)
    return _with(header, {**found, **header.entries, "title": title}, rows, start, end)


def _at_end(header: Header) -> Header:
    """What a program wrote below a note, the first line of which is its title."""
    rows = header.body.rstrip().split("\n")
    n = len(_until_blank(rows[: -N_ROWS - 1 : -1]))
    found = _entries(rows[len(rows) - n :], MACHINE) if N_MACHINE <= n < len(rows) else {}
    if not found:
        return header
    first = filled(rows, 0)
    title, below = rows[first].strip(), rows[first + 1].strip()
    if heading_at(rows, first) or below or len(title) > LONGEST or first >= len(rows) - n:
        return _with(header, {**found, **header.entries}, rows, len(rows) - n, len(rows))
    rows[first] = ""
    return _with(
        header, {"title": title, **found, **header.entries}, rows, len(rows) - n, len(rows)
    )


def _entries(rows: Sequence[str], pattern: re.Pattern[str]) -> Mapping[str, Value]:
    """The properties of rows that are nothing else and say when; else nothing."""
    read = [pattern.fullmatch(row.strip()) for row in rows]
    found = [(one[1].strip(), one[2].strip()) for one in read if one]
    named = {_name(label): value for label, value in found}
    is_dated = any(fold(name) in WHEN and DATED.search(value) for name, value in named.items())
    return named if is_dated and len(found) == len(rows) else {}


def _name(label: str) -> str:
    return CALLED.get(fold(label), label)


def _with(
    header: Header, entries: Mapping[str, Value], rows: Sequence[str], start: int, end: int
) -> Header:
    body = "\n".join((*rows[:start], *("" for _ in range(start, end)), *rows[end:]))
    return replace(header, entries=entries, body=body)


def filled(rows: Sequence[str], at: int) -> int:
    """The next row with anything on it."""
    return next((n for n in range(at, len(rows)) if rows[n].strip()), len(rows))


def _until_blank(rows: Iterable[str]) -> list[str]:
    found: list[str] = []
    for row in rows:
        if not row.strip():
            break
        found.append(row)
    return found
