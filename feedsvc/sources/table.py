"""Tables: CSV and its kin, and tables drawn with bars; a row is an item.

Room: sources. A reader (see the registry). Imports model and errors through its neighbours.
What separates the cells, where the header stands and what the columns hold is found out;
a row that fits no header is refused with its line.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import AnyStr

from feedsvc.model import Noise, RawItem, Refused
from feedsvc.sources._fields import Columns, piece_of
from feedsvc.sources._hints import NO_HINTS, Hints
from feedsvc.sources._names import TABLES, fold, is_of_event, plan
from feedsvc.sources._rows import DELIMITERS, Row, dialect_of, drawn, is_drawn, n_known, rows
from feedsvc.sources._shapes import worded
from feedsvc.sources._text import decode, refused, text_of, too_long, why_binary

NAME = "table"
SUFFIXES = (".csv", ".tsv", ".tab", ".psv")
SNIFFED = 8_192  #: bytes
MARKS = tuple(mark.encode() for mark in (*DELIMITERS, "+", "│"))
LONGEST_NAME = 120  #: bytes of a column's name
N_LINES = 500_000
N_HEADER_ROWS = 30  #: a header stands no lower
N_JUDGED = 200  #: rows that tell what a column holds
NOTHING = frozenset(TABLES["values"]["nothing"].split())
FOOTERS = frozenset(map(fold, TABLES["values"]["footers"].split()))
ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg)(?:\?|$)", re.IGNORECASE)
NUMBER = re.compile(r"[-+]?[\d.,' ]*\d\s*[%€$£]?")
DAY = re.compile(
    r"(?=.{6,40}$)(?:\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\b.*|\d{1,2}[-/.]\s?\d{1,2}[-/.]\s?\d{2,4}\b.*"
    r"|\d{1,2}\.?(?:st|nd|rd|th|º)?\s+(?:de\s+)?\w{3,12}\.?,?\s+(?:de\s+)?\d{4}\b.*|(?:\w{2,10},?\s+)?\w{3,12}\.?\s+\d{1,2},?\s+\d{4}\b.*"
    r"|\w{3},\s+\d{1,2}\s+\w{3}\s+\d{4}.*|\d{4}年\d{1,2}月\d{1,2}日.*|\d{4}-\d{2}-\d{2}[T ].*)"
)
LINK = re.compile(r"\[([^\[\]]+)\]\(([^\s()]+)\)")


@dataclass(frozen=True, slots=True)
class Shape:
    """What was found out of a table."""

    names: tuple[str, ...]  #: of its columns; their numbers where there is no header
    kinds: tuple[str, ...]  #: what each holds: "date", "url", "number" or "text"
    header: int | None  #: index of its row
    guessed: Mapping[str, tuple[str, ...]]  #: what columns without a usual name tell


def sniff(name: str, head: bytes) -> float:
    """Rows of one width below a header of known names; a suffix says less."""
    least = 0.6 if name.casefold().endswith(SUFFIXES) else 0.0
    cut = head.rfind(b"\n", 0, SNIFFED) + 1 if len(head) > SNIFFED else 0
    head = head[: cut or SNIFFED]
    if not (least or _may_hold_rows(head)) or why_binary(head):
        return 0.0
    lines = [line for line in _lines(decode(head).text) if line.strip()]
    return max(least, _likeness(lines) if _has_rows(lines[:N_HEADER_ROWS]) else 0.0)


def _may_hold_rows(head: bytes) -> bool:
    """Whether some line near the top falls into short cells, before any is read in earnest."""
    if b"\0" in head:
        return True
    for line in head.split(b"\n", 2 * N_HEADER_ROWS)[: 2 * N_HEADER_ROWS]:
        for mark, cells in ((mark, line.split(mark)) for mark in MARKS if mark in line):
            if max(map(len, cells)) <= LONGEST_NAME or (mark != b"," and _is_row(cells, b" ")):
                return True
    return False


def _has_rows(lines: Sequence[str]) -> bool:
    """Whether a line is a header, or several fall into cells by a mark that prose seldom has."""
    if is_drawn(lines):
        return True
    for mark in DELIMITERS:
        cells = [line.split(mark) for line in lines if mark in line]
        if any(n_known(row) > 1 for row in cells):
            return True
        if mark != "," and sum(_is_row(row, " ") for row in cells) > 1:
            return True
    return False


def _is_row(cells: Sequence[AnyStr], blank: AnyStr) -> bool:
    """Whether these are cells rather than clauses: behind a clause's mark stands a blank."""
    return len(cells) > 2 and not all(cell.startswith(blank) or not cell for cell in cells[1:])


def _likeness(lines: Sequence[str]) -> float:
    if len(lines) < 2 or lines[0].lstrip()[:1] in ("<", "{", "["):
        return 0.0
    if is_drawn(lines):
        return 0.85 if n_known(next(drawn(lines)).cells) > 1 else 0.4
    dialect = dialect_of(lines)
    found = list(rows(lines, dialect))[:40]
    known = max((n_known(r.cells) for r in found[:N_HEADER_ROWS]), default=0)
    if dialect.n_columns < 2 or len(found) < 2 or dialect.share < 0.6:
        return 0.0
    if known >= 2 and 3 * known >= dialect.n_columns:
        return 0.85
    has_days = sum(any(map(DAY.fullmatch, map(str.strip, r.cells))) for r in found) > 0.7 * len(
        found
    )
    is_sure = len(found) > 2 and dialect.n_columns > 2 and dialect.share > 0.9 and has_days
    return 0.5 if is_sure and dialect.delimiter != "," else 0.0


def read(name: str, data: bytes, hints: Hints = NO_HINTS) -> Iterator[RawItem | Refused | Noise]:
    """The rows of a table in order, each an item or a refusal.

    `hints.fields` may name columns by their header or, where there is none, by number ("1").
    Lines above the header, totals below the rows and repeated headers are noise.
    """
    lines = _lines(text_of(name, data, hints))
    found, delimiter = _rows_of(lines[:N_LINES], hints.limits.items)
    shape = _shape(found)
    columns = Columns(hints.fields, shape.guessed)
    body = found if shape.header is None else found[shape.header + 1 :]
    n_kept = _without_footers(body, len(shape.names))
    noise = [*found[: shape.header or 0], *body[n_kept:]]
    position = 0
    for row in body[:n_kept]:
        if shape.header is not None and row.cells == found[shape.header].cells:
            noise.append(row)
            continue
        if row.n_characters > hints.limits.line_characters:
            made: RawItem | Refused = too_long(
                name, row.line, delimiter.join(row.cells), hints.limits
            )
        else:
            made = _item(name, position, row, shape, columns, delimiter)
        position += isinstance(made, RawItem)
        yield made
    if len(lines) > N_LINES:
        reason = f"from here on more than the limit of {N_LINES:,} lines"
        yield refused(
            name, N_LINES + 1, reason, "split it into smaller files", lines[N_LINES][:200]
        )
    if noise:
        numbers = tuple(sorted(row.line for row in noise)[:100])
        yield Noise(source=name, n_lines=len(noise), lines=numbers)
    columns.warn(name)


def _lines(text: str) -> list[str]:
    text = text.replace("\0", "").replace("\r", "\v").rstrip("\n")
    return [f"{line}\n" for line in text.split("\n")]


def _rows_of(lines: Sequence[str], limit: int) -> tuple[list[Row], str]:
    """The rows, no more than a little beyond the limit of items, and what separates their cells."""
    if is_drawn(lines):
        return list(islice(drawn(lines), limit + N_HEADER_ROWS)), "|"
    dialect = dialect_of(lines)
    found = rows(lines, dialect, dialect.n_columns)
    return list(islice(found, limit + N_HEADER_ROWS)), dialect.delimiter


def _item(
    name: str, position: int, row: Row, shape: Shape, columns: Columns, delimiter: str
) -> RawItem | Refused:
    words = delimiter.join(row.cells)[:200]
    cells = _fitted(row.cells, shape.kinds, delimiter)
    if cells is None:
        reason = f"{len(row.cells)} cells where the table has {len(shape.names)} columns"
        remedy = "quote the cells that hold the delimiter, or add the missing ones"
        return refused(name, row.line, reason, remedy, words)
    pairs = zip(shape.names, map(str.strip, cells), strict=True)
    record = {column: cell for column, cell in pairs if cell and cell not in NOTHING}
    if delimiter == "|":
        record = _linked(record)
    return piece_of(record, name, position, row.line, columns, words)


def _linked(record: dict[str, str]) -> dict[str, str]:
    """A drawn table's "[title](address)" as both."""
    for column, cell in record.items():
        if match := LINK.fullmatch(cell):
            return {"link": match[2], **record, column: match[1]}
    return record


def _fitted(cells: list[str], kinds: Sequence[str], delimiter: str) -> list[str] | None:
    """Cells, one a column: missing ones empty, those of an unquoted text joined; None in doubt."""
    width = len(kinds)
    while len(cells) > width and not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) < width:
        padded = [*cells, *[""] * (width - len(cells))]
        is_enough = sum(map(bool, cells)) > 1 and 2 * len(cells) >= width
        return padded if is_enough and _suits(padded, kinds) else None
    if len(cells) == width:
        return cells
    n = len(cells) - width + 1
    joined = [
        ([*cells[:at], delimiter.join(cells[at : at + n]), *cells[at + n :]], at)
        for at in range(width)
        if kinds[at] == "text"
    ]
    fitting = [(made, at) for made, at in joined if _suits(made, kinds)]
    if len(fitting) > 1:  # in prose a blank follows the delimiter
        fitting = [(made, at) for made, at in fitting if _is_prose(cells, at, n)]
    return fitting[0][0] if len(fitting) == 1 else None


def _suits(cells: Sequence[str], kinds: Sequence[str]) -> bool:
    """Whether dates, addresses and numbers stand where they should, and at least one does."""
    pairs = [(_kind(cell), kind) for cell, kind in zip(cells, kinds, strict=True) if cell.strip()]
    typed = [found == kind for found, kind in pairs if kind != "text"]
    strays = any(kind == "text" and found in ("date", "url") for found, kind in pairs)
    return all(typed) and not strays


def _is_prose(cells: Sequence[str], at: int, n: int) -> bool:
    """Whether a blank opens each piece of a cell that was cut, and no other cell."""
    opened = {place for place, cell in enumerate(cells) if place and cell.startswith(" ")}
    return opened == set(range(at + 1, at + n))


# -- what a table is like


def _shape(found: Sequence[Row]) -> Shape:
    if not found:
        return Shape((), (), None, {})
    width = _width(found)
    header = _header(found, width)
    if header is not None:
        width = len(found[header].cells)
    names = _unique(found[header].cells if header is not None else [""] * width)
    start = 0 if header is None else header + 1
    sample = [r.cells for r in found[start : start + N_JUDGED] if len(r.cells) == width]
    kinds = tuple(_kind_of([cells[at] for cells in sample]) for at in range(width))
    is_known = header is not None and n_known(found[header].cells) > 0
    return Shape(names, kinds, header, _guessed(names, kinds, sample, is_known=is_known))


def _width(found: Sequence[Row]) -> int:
    counts = Counter(len(row.cells) for row in found[:N_JUDGED])
    return max(counts.items(), key=lambda pair: (pair[1], pair[0]))[0]


def _header(found: Sequence[Row], width: int) -> int | None:
    """The row with most known names; else the first whole one, if it is set apart from the others."""
    head = [(n_known(row.cells), -at) for at, row in enumerate(found[:N_HEADER_ROWS])]
    known, at = max(head)
    if known > 1 or (known and width < 3):
        return -at
    first = next(
        (n for n, row in enumerate(found[:N_HEADER_ROWS]) if len(row.cells) == width), None
    )
    if first is None or len(found) < 2:
        return None
    cells = [cell.strip() for cell in found[first].cells]
    below = [row.cells for row in found[first + 1 : N_JUDGED] if len(row.cells) == width]
    kinds = [_kind_of([row[at] for row in below]) for at in range(width)]
    is_plain = all(c and len(c) <= 40 and _kind(c) == "text" for c in cells)
    is_apart = any(kind != "text" for kind in kinds) or known > 0
    return first if is_plain and is_apart and len(set(cells)) == width else None


def _unique(names: Sequence[str]) -> tuple[str, ...]:
    """Names of columns, those without one by their number, each once."""
    made: list[str] = []
    for number, name in enumerate(names, 1):
        wanted = name.strip() or str(number)
        made.append(wanted if wanted not in made else f"{wanted} ({number})")
    return tuple(made)


def _kind(cell: str) -> str:
    cell = cell.strip()
    if ADDRESS.fullmatch(cell):
        return "url"
    if DAY.fullmatch(cell):
        return "date"
    return "number" if NUMBER.fullmatch(cell) else "text"


def _kind_of(cells: Sequence[str]) -> str:
    counts = Counter(_kind(cell) for cell in cells if cell.strip())
    kind, n = counts.most_common(1)[0] if counts else ("text", 0)
    return kind if n >= 0.8 * counts.total() else "text"


def _guessed(
    names: Sequence[str], kinds: Sequence[str], sample: Sequence[list[str]], *, is_known: bool
) -> dict[str, tuple[str, ...]]:
    """What columns of unknown names tell, by what stands in them.

    Days are guessed only where no name is known: else they are those of an event or a deadline.
    """
    told = plan(tuple(names))
    free = [at for at, name in enumerate(names) if name in told.get("", ())]
    made: dict[str, tuple[str, ...]] = {}
    if not is_known:
        days = [at for at in free if not is_of_event(names[at])]
        made |= _first_of(names, days, kinds, "date", "published")
        addresses = [at for at in free if kinds[at] == "url"]
        pictures = [at for at in addresses if sample and PICTURE.search(sample[0][at])]
        made |= _first_of(
            names, [at for at in addresses if at not in pictures], kinds, "url", "link"
        )
        made |= _first_of(names, pictures, kinds, "url", "image")
    written = [names[at] for at in free if kinds[at] == "text"]
    records = [dict(zip(names, map(str.strip, cells), strict=True)) for cells in sample]
    return made | {kind: (name,) for kind, name in worded(records, written, is_known=is_known)}


def _first_of(
    names: Sequence[str], places: Sequence[int], kinds: Sequence[str], kind: str, thing: str
) -> dict[str, tuple[str, ...]]:
    at = next((at for at in places if kinds[at] == kind), None)
    return {} if at is None else {thing: (names[at],)}


def _without_footers(body: Sequence[Row], width: int) -> int:
    """How many rows there are above the totals and notes at the end."""
    n = len(body)
    while n and _is_footer(body[n - 1].cells, width):
        n -= 1
    return n


def _is_footer(cells: Sequence[str], width: int) -> bool:
    said = [cell.strip() for cell in cells if cell.strip()]
    if (width < 3 and len(cells) == width) or len(said) > 2 or sum(map(len, said)) > 100:
        return False
    words = re.findall(r"[^\W\d_]+", said[0])[:2]
    return any(fold(word) in FOOTERS for word in words)
