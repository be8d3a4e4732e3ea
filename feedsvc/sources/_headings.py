"""Headings of Markdown and reStructuredText, the days that stand in them, and their plain words.

Room: sources, private; for readers of texts whose items are told apart by headings.
What day the words mean is judged in normalise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from feedsvc.sources._datelines import credits_of

LONGEST = 300  #: characters of a heading
FENCE = re.compile(r"[ \t>]*(`{3,}(?=[^`]*$)|~{3,})[ \t]*(.*)")
UNDERLINING = frozenset("=~^\"'+*#:._`-")
UNDERLINE = re.compile(r"([=~^\"'+*#:._`-])\1{2,}[ \t]*")
EDGES = " \t\u3000,;:.–—-―|/•·()[]（）［］【】<>«»"
BRACKETS = str.maketrans({"（": " (", "）": ") ", "【": " (", "】": ") ", "：": ": "})
SEPARATOR = re.compile(r"[ \t]+[-–—―|·•/][ \t]+|:[ \t]+|[ \t]*[–—―|()\[\]][ \t]*")
LEVELS = {"=": 1, "-": 2}
IMAGE = re.compile(r"!\[([^\[\]\n]{0,300})\]\([^()\n]{0,1000}\)")
LINK = re.compile(r"\[([^\[\]\n]{1,300})\](?:\([^()\n]{0,1000}\)|\[[^\[\]\n]{0,100}\])")
EMPHASIS = re.compile(r"(?<![\w*])(\*{1,3}|_{1,3}|~~|`+)(?=\S)([^*_~`\n]{1,300})(?<=\S)\1(?!\w)")
ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
ISO = re.compile(r"\d{4}-\d\d-\d\d")
NUMBER = re.compile(r"\d+")
YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
LETTERS = re.compile(r"[^\W\d_]{2}")
NO_DAY = re.compile(r"v\d|[\d: ]+(?:[AaPp]\.?[Mm]\.?)?$|[\d.]{0,6}$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading and the rows it takes, counted from 0."""

    row: int
    end: int
    level: int
    words: str
    mark: str  #: "##", or what it is underlined with


def headings(rows: Sequence[str]) -> Iterator[Heading]:
    """Every heading outside fenced code, in order."""
    fence = ""
    for n, (row, below) in enumerate(zip_longest(rows, rows[1:], fillvalue="")):
        first = row.lstrip()[:1]
        if not first or (first not in "#`~>" and below[:1] not in UNDERLINING):
            continue
        found = FENCE.match(row) if "`" in row or "~" in row else None
        if fence:
            fence = "" if found and found[1].startswith(fence) and not found[2] else fence
        elif found and fence_is_open(found):
            fence = found[1]
        elif heading := heading_at(rows, n):
            yield heading


def fence_is_open(found: re.Match[str]) -> bool:
    """Whether a row of backticks or tildes opens code; a bare row of tildes may underline."""
    return found[1][0] == "`" or len(found[1]) == 3 or bool(found[2])


def heading_at(rows: Sequence[str], n: int) -> Heading | None:
    """The heading that stands in a row, or in it and the next."""
    row = rows[n]
    stripped = row.strip()
    if not stripped or len(stripped) > LONGEST:
        return None
    mark = stripped[: len(stripped) - len(stripped.lstrip("#"))]
    if mark and len(mark) <= 6 and stripped[len(mark) : len(mark) + 1] in (" ", "\t"):
        words = stripped[len(mark) :].strip().rstrip("#").rstrip()
        return Heading(row=n, end=n + 1, level=len(mark), words=words, mark=mark) if words else None
    return _underlined(rows, n, row, stripped) if n + 1 < len(rows) else None


def _underlined(rows: Sequence[str], n: int, row: str, stripped: str) -> Heading | None:
    found = UNDERLINE.fullmatch(rows[n + 1])
    above = rows[n - 1].strip() if n else ""
    is_over = found is not None and UNDERLINE.fullmatch(above) is not None and above[0] == found[1]
    if not found or UNDERLINE.fullmatch(stripped) or (above and not is_over):
        return None
    if row[0] in " \t>|" and not is_over:
        return None
    return Heading(
        row=n - is_over, end=n + 2, level=LEVELS.get(found[1], 3), words=stripped, mark=found[1]
    )


def plain_of(words: str) -> str:
    """The words of a line of Markdown without its marks; its HTML stays."""
    words = LINK.sub(r"\1", IMAGE.sub(r"\1", words))
    for _ in range(2):  # strong within emphasis
        words = EMPHASIS.sub(r"\2", words)
    return " ".join(ESCAPE.sub(r"\1", words).split())


def is_day(words: str) -> bool:
    """Whether words are a date and nothing else: no time alone, no year alone."""
    if ISO.fullmatch(words):
        return True
    if not 4 <= len(words) <= 60 or not NUMBER.search(words) or NO_DAY.match(words):
        return False
    read = credits_of(words)
    is_alone = read is not None and bool(read.dates) and not read.authors and not read.link
    return is_alone and bool(YEAR.search(words) or LETTERS.search(words))


def split_day(words: str) -> tuple[str, str] | None:
    """The date that a heading opens or closes with, and its other words; None without one."""
    words = words.translate(BRACKETS)
    whole = words.strip(EDGES)
    if is_day(whole):
        return whole, ""
    return _at_separator(words) or _at_edge(words, [*re.finditer(r"\S+", words)])


def _at_separator(words: str) -> tuple[str, str] | None:
    for cut in SEPARATOR.finditer(words):
        before, after = words[: cut.start()].strip(EDGES), words[cut.end() :].strip(EDGES)
        if is_day(before):
            return before, after
        if is_day(after):
            return after, before
    return None


def _at_edge(words: str, pieces: Sequence[re.Match[str]]) -> tuple[str, str] | None:
    for size in range(1, min(len(pieces), 9)):
        end, start = pieces[size - 1].end(), pieces[-size].start()
        if _is_full_day(day := words[:end].strip(EDGES)):
            return day, words[end:].strip(EDGES)
        if _is_full_day(day := words[start:].strip(EDGES)):
            return day, words[:start].strip(EDGES)
    return None


def _is_full_day(words: str) -> bool:
    return len(NUMBER.findall(words)) > 1 and bool(YEAR.search(words)) and is_day(words)
