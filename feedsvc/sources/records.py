"""Records: JSON, JSON Lines, JSON Feed 1.0 and 1.1, exports of many makers, and an application's own rows.

Room: sources. A reader (see the registry). Imports model and errors through its neighbours.
A broken record is refused with its line; the records around it are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain, islice

from feedsvc.errors import BrokenSource
from feedsvc.model import Noise, RawItem, Refused
from feedsvc.sources._fields import BY_NAME, Columns, author_of, fold, piece_of, text
from feedsvc.sources._hints import NO_HINTS, Hints
from feedsvc.sources._json import DECODER, Found, Twice, Values, bare, may_be_script
from feedsvc.sources._names import KINDS, LISTS, SURE_LISTS, plan
from feedsvc.sources._shapes import WORDS, Path, is_keyed, lists_in, reached, unwrapped, worded
from feedsvc.sources._text import opening, refused, text_of, too_long

NAME = "records"
NAMES = (".json", ".jsonl", ".ndjson", ".jsonfeed")
LINES = (".jsonl", ".ndjson")
OPENS_JSON = re.compile(r'\{\s*["}]|\[\s*[\[{\]"]')
OPENS_LIST = re.compile(r'(?<!\\)"(\w{3,20})"\s*:\s*(?=\[)')
A_DAY = re.compile(r"\d{4}([-/.])\d{1,2}\1\d{1,2}(?:T[\d:.Z+-]*)?|\d{1,2}([-/.])\d{1,2}\2\d{4}")
N_JUDGED = 200  #: records that tell what a field of unknown name holds
A_LINE = re.compile(r"\s*\{.*\}\s*")


def sniff(name: str, head: bytes) -> float:
    """JSON begins with a bracket and what may follow it, whatever the file is called."""
    is_named = name.casefold().endswith(NAMES)
    words = opening(head)
    if OPENS_JSON.match(words):
        return 0.95 if is_named else 0.8
    if may_be_script(words) and OPENS_JSON.match(bare(words).lstrip()):
        return 0.9 if is_named else 0.7
    return 0.5 if is_named else 0.0


def read(name: str, data: bytes, hints: Hints = NO_HINTS) -> Iterator[RawItem | Refused | Noise]:
    """The records of a file in order, each an item or a refusal.

    An array; an object that holds lists of items, or items by their keys, else one that is
    an item; JSON Lines; objects one after the other. What a JSON Feed says of itself
    (language, authors) holds for its items. Raises BrokenSource for what is no JSON at all.
    """
    columns = Columns(hints.fields)
    body = text_of(name, data, hints)
    if name.casefold().endswith(LINES) or _is_lines(body):
        yield from _items(name, _lines(name, body, hints), columns)
    else:
        yield from _from_json(name, Values(name, bare(body), limits=hints.limits), columns)
    columns.warn(name)


def from_rows(
    name: str, rows: Iterable[Mapping[str, object] | RawItem]
) -> Iterator[RawItem | Refused | Noise]:
    """An application's own rows as a source: mappings with the usual field names, or RawItems.

    Values may be dates and datetimes. `line` counts the rows, from 1.
    """
    yield from _items(name, (Found(n, row) for n, row in enumerate(rows, 1)), BY_NAME)


def _from_json(name: str, values: Values, columns: Columns) -> Iterator[RawItem | Refused | Noise]:
    start = len(values.text) - len(values.text.lstrip())
    if values.text[start : start + 1] == "[":
        yield from _items(name, values.listed(start, is_whole=True), columns)
    elif values.text[start : start + 1] == "{":
        yield from _from_object(name, values, start, columns)
    elif values.text.strip():
        raise BrokenSource(name, values.line(start), "no JSON", "begin it with { or [")


def _from_object(
    name: str, values: Values, start: int, columns: Columns
) -> Iterator[RawItem | Refused | Noise]:
    try:
        whole, _ = DECODER.raw_decode(values.text, start)
    except (ValueError, RecursionError):
        whole = None
    found, feed = _found_in(values, start, whole)
    is_alone = found is None
    for item in _items(name, found if found is not None else values.each(start), columns):
        yield item if is_alone else _of_feed(item, feed)


def _found_in(
    values: Values, start: int, whole: object
) -> tuple[Iterable[Found | Refused] | None, object]:
    """The records in an object and what holds them; None when it is a record itself."""
    if not isinstance(whole, Mapping):
        at = _damaged_list(values.text)
        return (None if at is None else values.listed(at, is_whole=False)), None
    if paths := lists_in(whole):
        return _listed(values, start, paths), reached(whole, paths[0][:-1])
    if is_keyed(whole):
        return map(_with_key, values.members(start)), None
    return None, None


def _listed(values: Values, start: int, paths: list[Path]) -> Iterator[Found | Refused]:
    """The records of several lists; the name of one that is no usual name is their day or section."""
    for path in paths:
        key = str(path[-1])
        is_day = bool(A_DAY.fullmatch(key))
        is_section = len(paths) > 1 and fold(key) not in LISTS and not key.isdigit()
        for found in values.listed(values.locate(start, path), is_whole=False):
            kind = "published" if is_day else "section"
            yield _also(found, kind, key) if is_day or is_section else found


def _with_key(member: tuple[str, Found | Refused]) -> Found | Refused:
    key, found = member
    return _also(found, "published" if A_DAY.fullmatch(key) else "guid", key)


def _also(found: Found | Refused, kind: str, words: str) -> Found | Refused:
    """A record with something more to say, where it does not say that itself."""
    if isinstance(found, Refused) or not isinstance(found.value, Mapping):
        return found
    if kind in plan(tuple(found.value)):
        return found
    return replace(found, value={**found.value, kind: words})


def _damaged_list(body: str) -> int | None:
    """Where the first list of a telling name opens in a container that cannot be read whole."""
    opened: dict[str, int] = {}
    for match in OPENS_LIST.finditer(body):
        if (name := fold(match[1])) in SURE_LISTS:
            return match.end()
        opened.setdefault(name, match.end())
    return next((opened[name] for name in LISTS if name in opened), None)


def _items(
    name: str, found: Iterable[Found | Refused], columns: Columns
) -> Iterator[RawItem | Refused | Noise]:
    position = 0
    pieces = _tabled(found)
    first = list(islice(pieces, N_JUDGED))
    if not columns.given and (guessed := _guessed(first)):
        columns = Columns(guessed=guessed)
    for piece in chain(first, pieces):
        for made in _pieces(name, position, piece, columns):
            position += isinstance(made, RawItem)
            yield made


def _guessed(pieces: Iterable[Found | Refused]) -> Mapping[str, tuple[str, ...]]:
    """What holds the words of records none of whose names tells that."""
    found = (piece.value for piece in pieces if isinstance(piece, Found))
    records = [unwrapped(value) for value in found if isinstance(value, Mapping)]
    told = plan(tuple(dict.fromkeys(str(name) for record in records for name in record)))
    if not records or told.keys() & WORDS:
        return {}
    return {kind: (name,) for kind, name in worded(records, told.get("", ()), is_known=False)}


def _tabled(found: Iterable[Found | Refused]) -> Iterator[Found | Refused]:
    """Lists below a list of names, as records."""
    header: list[str] | None = None
    for piece in found:
        row = piece.value if isinstance(piece, Found) else None
        if not isinstance(row, list):
            yield piece
        elif header is not None and isinstance(piece, Found):
            yield replace(piece, value=dict(zip(header, row, strict=False)))
        elif (
            len(row) > 1
            and all(isinstance(n, str) for n in row)
            and any(fold(n) in KINDS for n in row)
        ):
            header = row
        else:
            yield piece


def _pieces(
    name: str, position: int, found: Found | Refused, columns: Columns
) -> Iterator[RawItem | Refused | Noise]:
    """What becomes of one value: an item or a refusal; the items of a container in a list."""
    if isinstance(found, Refused):
        yield found
        return
    value = found.value
    made = _item(name, position, found, columns)
    if isinstance(made, Refused) and isinstance(value, Mapping) and (inner := _list_in(value)):
        for one in inner:
            made = _item(name, position, replace(found, value=one), columns)
            position += isinstance(made, RawItem)
            yield made
    elif isinstance(made, Refused) and isinstance(value, Mapping) and _is_aside(value):
        yield Noise(source=name, n_lines=1, lines=(found.line,))
    else:
        yield made


def _is_aside(value: Mapping[str, object]) -> bool:
    """ "joined the channel"; {"index": {"_id": …}} above a record that is to be indexed."""
    inner = next(iter(value.values()), None) if len(value) == 1 else None
    names = list(inner) if isinstance(inner, Mapping) else []
    is_order = bool(names) and all(str(name).startswith("_") for name in names)
    return is_order or value.get("type") == "service"


def _list_in(value: Mapping[str, object]) -> list[object]:
    inner = reached(value, next(iter(lists_in(value)), ()))
    return inner if isinstance(inner, list) else []


def _item(name: str, position: int, found: Found, columns: Columns) -> RawItem | Refused:
    value = found.value
    if isinstance(value, RawItem):
        return replace(value, source=name, position=position)
    if isinstance(value, Twice):
        return refused(name, found.line, "a field is named twice", "name each once", found.words)
    if not isinstance(value, Mapping):
        remedy = 'write it as {"title": …, "content": …}'
        return refused(name, found.line, "not a record of named fields", remedy, found.words)
    return piece_of(value, name, position, found.line, columns, found.words)


def _is_lines(body: str) -> bool:
    """Whether most of the first lines are objects of their own."""
    rows = [row for row in body[:65536].split("\n") if row.strip()][:20]
    return len(rows) > 1 and 2 * sum(bool(A_LINE.fullmatch(row)) for row in rows) > len(rows)


def _lines(name: str, body: str, hints: Hints) -> Iterator[Found | Refused]:
    for number, row in enumerate(body.split("\n"), 1):
        if len(row) > hints.limits.line_characters:
            yield too_long(name, number, row[:200], hints.limits)
        else:
            yield from Values(name, row.replace("\x1e", ""), number, hints.limits).each()


def _of_feed(item: RawItem | Refused | Noise, feed: object) -> RawItem | Refused | Noise:
    """An item with what its feed says for all of them (JSON Feed 1.1 §top-level)."""
    if not isinstance(item, RawItem) or not isinstance(feed, Mapping):
        return item
    people = feed.get("authors") or feed.get("author") or ()
    authors = map(author_of, people if isinstance(people, list) else [people])
    return replace(
        item,
        language=item.language or text(feed.get("language")),
        authors=item.authors or tuple(author for author in authors if author),
    )
