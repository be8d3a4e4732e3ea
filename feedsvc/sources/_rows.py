"""The rows of a table, however it is written: each with the line it begins on.

Room: sources, private; called by table. csv reads the cells; what it is told of the dialect,
and where a quote that is never closed must not swallow its neighbours, is found out here.
"""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import TypeAlias

from feedsvc.sources._names import kinds_named

Cells: TypeAlias = list[str]

DELIMITERS = ",;\t|"
QUOTED = " \t\r\n\v\"'"
NONE = "\x1f"  #: separates nothing: a table of one column
SAMPLE = 100  #: lines looked at
LOOKED_AT = 20_000  #: characters of each
LONGEST = 1_000  #: lines of one record
BUDGET = 10_000_000  #: characters read twice on the word of quotes; beyond, a line is a record
LARGEST_CELL = 20_000_000
SEPARATOR = re.compile(r"sep=(.)\s*", re.IGNORECASE)
RULE = re.compile(r"[\s|+:=\-─━┼│├┤┌┐└┘┬┴]*[-=─━]{2}[\s|+:=\-─━┼│├┤┌┐└┘┬┴]*")
OUTLINE = ("|", "+", "│", "┌")
BAR = re.compile(r"(?<!\\)[|│]")
ESCAPED = re.compile(r'\\"(?![,;\t|\n])')
DOUBLED = re.compile(r'[^\s,;\t|"]""|""[^\s,;\t|"]')
_limit = Lock()


@dataclass(frozen=True, slots=True)
class Row:
    line: int  #: 1-based, where it begins
    cells: Cells
    n_characters: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How cells are told apart."""

    delimiter: str
    escape: str | None = None
    quote: str = '"'
    first: int = 0  #: 0-based line where the table begins: below "sep=;"
    n_columns: int = 1  #: of most of its first rows
    share: float = 0.0  #: of its first rows with so many


def is_drawn(lines: Sequence[str]) -> bool:
    """Whether the whole of a text is one table drawn with bars: Markdown, ASCII, a query's output."""
    said = [line.strip() for line in lines[:SAMPLE] if line.strip()]
    if len(said) < 3 or not any(RULE.fullmatch(line) for line in said[:3]):
        return False
    if all(line.startswith(OUTLINE) for line in said):
        return True
    return "+" in said[1] and "|" in said[0] and bool(RULE.fullmatch(said[1]))


def drawn(lines: Sequence[str]) -> Iterator[Row]:
    """The rows of a drawn table."""
    for number, line in enumerate(lines, 1):
        if line.strip() and not RULE.fullmatch(line):
            inner = line.strip().strip("|│") if line.strip().startswith(OUTLINE) else line
            cells = [cell.replace("\\|", "|").strip() for cell in BAR.split(inner)]
            yield Row(number, cells, len(line))


def dialect_of(lines: Sequence[str]) -> Dialect:
    """The dialect whose rows agree best on their number of cells, or have a known header."""
    sample = [line[:LOOKED_AT] for line in lines[: SAMPLE + 1]]
    if sample and (match := SEPARATOR.fullmatch(sample[0])):
        return replace(_judged(sample[1:], match[1])[0], first=1)
    best, score = max((_judged(sample, one) for one in DELIMITERS), key=lambda pair: pair[1])
    return best if score > 0 else _judged(sample, NONE)[0]


def _judged(sample: Sequence[str], delimiter: str) -> tuple[Dialect, float]:
    """A dialect with this delimiter, and how well the first rows agree with it."""
    text = "".join(sample)
    escape = "\\" if len(ESCAPED.findall(text)) > len(DOUBLED.findall(text)) else None
    is_single = '"' not in text and text.count(f"'{delimiter}'") >= max(len(sample), 2)
    dialect = Dialect(delimiter=delimiter, escape=escape, quote="'" if is_single else '"')
    found = list(rows(sample, dialect))
    counts = Counter(len(row.cells) for row in found)
    if not counts:
        return dialect, 0.0
    n_columns, n_rows = max(counts.items(), key=lambda pair: (pair[0] > 1, pair[1], pair[0]))
    dialect = replace(dialect, n_columns=n_columns, share=n_rows / len(found))
    if n_columns < 2:
        return dialect, 0.0
    known = min(max(n_known(row.cells) for row in found), 5)
    return dialect, dialect.share * (1 + math.log(n_columns) / 10) + known / 2


def n_known(cells: Sequence[str]) -> int:
    """How many cells are usual names of columns."""
    return sum(len(cell) <= 40 and bool(kinds_named(cell.strip(QUOTED))) for cell in cells)


def rows(lines: Sequence[str], dialect: Dialect, width: int | None = None) -> Iterator[Row]:
    """The rows of a table; `lines` end in LF. Those of another width than `width` are doubted."""
    reading = _Reading(lines, dialect, width)
    at = dialect.first
    while at < len(lines):
        cells, n = reading.record(at)
        if any(map(str.strip, cells)):
            yield Row(at + 1, cells, sum(map(len, lines[at : at + n])) if n > 1 else len(lines[at]))
        at += n


class _Reading:
    """Record by record, with csv trusted as long as its quotes make sense."""

    def __init__(self, lines: Sequence[str], dialect: Dialect, width: int | None) -> None:
        self.lines = lines
        self.dialect = dialect
        self.width = width
        self.budget = BUDGET

    def record(self, at: int) -> tuple[Cells, int]:
        """The cells of the record that begins at a line, and how many lines it has."""
        try:
            cells, n = self._parsed(at, LONGEST if self.budget > 0 else 1, strict=True)
        except csv.Error:
            return self._mended(at)
        if n == 1 or self.width in (None, len(cells)):
            return cells, n
        return self._mended(at)

    def _mended(self, at: int) -> tuple[Cells, int]:
        """A record whose quotes are wrong: as far as it goes without swallowing a neighbour."""
        if self.budget > 0:
            cells, n = self._parsed(at, LONGEST, strict=False)
            self.budget -= sum(map(len, self.lines[at : at + n])) + 200
            if n < LONGEST and self._is_wanted(cells) and not self._swallows(at, n):
                return cells, n
        cells, _ = self._parsed(at, 1, strict=False)
        if len(cells) == self.width:
            return cells, 1
        literal = self.lines[at].rstrip("\n").split(self.dialect.delimiter)
        return [_unquoted(cell, self.dialect.quote) for cell in literal], 1

    def _is_wanted(self, cells: Cells) -> bool:
        return self.width is None or len(cells) == self.width

    def _swallows(self, at: int, n: int) -> bool:
        """Whether a line below the first is a whole record by itself."""
        wanted = self.width or self.lines[at].count(self.dialect.delimiter) + 1
        return any(self._is_whole(line, wanted) for line in range(at + 1, at + n))

    def _is_whole(self, at: int, wanted: int) -> bool:
        try:
            return len(self._parsed(at, 1, strict=True)[0]) == wanted > 1
        except csv.Error:
            return False

    def _parsed(self, at: int, n_lines: int, *, strict: bool) -> tuple[Cells, int]:
        try:
            return self._next(at, n_lines, strict=strict)
        except csv.Error as error:
            if "field limit" not in str(error):
                raise
        with _limit:  # it is the whole process's: raised for this one record alone
            before = csv.field_size_limit(LARGEST_CELL)
            try:
                return self._next(at, n_lines, strict=strict)
            finally:
                csv.field_size_limit(before)

    def _next(self, at: int, n_lines: int, *, strict: bool) -> tuple[Cells, int]:
        run = range(at, min(at + n_lines, len(self.lines)))
        reader = csv.reader(
            map(self.lines.__getitem__, run),
            delimiter=self.dialect.delimiter,
            quotechar=self.dialect.quote,
            escapechar=self.dialect.escape,
            strict=strict,
        )
        return next(reader, []), max(reader.line_num, 1)


def _unquoted(cell: str, quote: str) -> str:
    """A cell read literally, without the quotes around it."""
    cell = cell.strip().removeprefix(quote)
    return cell.removesuffix(quote).replace(quote * 2, quote)
