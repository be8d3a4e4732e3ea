"""Records: JSON, JSON Lines, JSON Feed 1.0 and 1.1, and an application's own rows.

Room: sources. A reader (see the registry). Imports model and errors through its neighbours.
A broken record is refused with its line; the records around it are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from feedsvc.errors import BrokenSource
from feedsvc.model import RawItem, Refused
from feedsvc.sources._fields import LISTS, author_of, fold, item_of, text
from feedsvc.sources._json import DECODER, Found, Twice, Values
from feedsvc.sources._text import LINE_CHARACTERS, opening, refused, text_of, too_long

NAME = "records"
NAMES = (".json", ".jsonl", ".ndjson", ".jsonfeed")
LINES = (".jsonl", ".ndjson")
OPENS_JSON = re.compile(r'\{\s*["}]|\[\s*[\[{\]"]')
OPENS_LIST = re.compile(rf'(?<!\\)"(?:{"|".join(LISTS)})"\s*:\s*(?=\[)', re.IGNORECASE)
A_LINE = re.compile(r"\s*\{.*\}\s*")


def sniff(name: str, head: bytes) -> float:
    """JSON begins with a bracket and what may follow it, whatever the file is called."""
    is_json = OPENS_JSON.match(opening(head)) is not None
    if name.casefold().endswith(NAMES):
        return 0.95 if is_json else 0.5
    return 0.8 if is_json else 0.0


def read(name: str, data: bytes) -> Iterator[RawItem | Refused]:
    """The records of a file in order, each an item or a refusal.

    An array; an object that holds a list of items, else one that is an item; JSON Lines;
    objects one after the other. What a JSON Feed says of itself (language, authors) holds
    for its items. Raises BrokenSource for a file that is no JSON at all.
    """
    body = text_of(name, data)
    values = Values(name, body)
    start = len(body) - len(body.lstrip())
    if name.casefold().endswith(LINES) or _is_lines(body):
        yield from _items(name, _lines(name, body))
    elif body[start : start + 1] == "[":
        yield from _items(name, values.listed(start, is_whole=True))
    elif body[start : start + 1] == "{":
        yield from _from_object(name, values, start)
    elif body.strip():
        raise BrokenSource(name, values.line(start), "no JSON", "begin it with { or [")


def from_rows(
    name: str, rows: Iterable[Mapping[str, object] | RawItem]
) -> Iterator[RawItem | Refused]:
    """An application's own rows as a source: mappings with the usual field names, or RawItems.

    Values may be dates and datetimes. `line` counts the rows, from 1.
    """
    yield from _items(name, (Found(n, row) for n, row in enumerate(rows, 1)))


def _items(name: str, found: Iterable[Found | Refused]) -> Iterator[RawItem | Refused]:
    position = 0
    for piece in found:
        made = piece if isinstance(piece, Refused) else _item(name, position, piece)
        position += isinstance(made, RawItem)
        yield made


def _item(name: str, position: int, found: Found) -> RawItem | Refused:
    value = found.value
    if isinstance(value, RawItem):
        return replace(value, source=name, position=position)
    if isinstance(value, Twice):
        return refused(name, found.line, "a field is named twice", "name each once", found.words)
    if not isinstance(value, Mapping):
        remedy = 'write it as {"title": …, "content": …}'
        return refused(name, found.line, "not a record of named fields", remedy, found.words)
    try:
        return item_of(value, name, position, found.line)
    except ValueError:
        names = ", ".join(map(str, value)) or "none"
        remedy = f"name a title, content, summary or link; its fields are: {names[:100]}"
        return refused(name, found.line, "a record with nothing to show", remedy, found.words)


def _is_lines(body: str) -> bool:
    """Whether most of the first lines are objects of their own."""
    rows = [row for row in body[:65536].split("\n") if row.strip()][:20]
    return len(rows) > 1 and 2 * sum(bool(A_LINE.fullmatch(row)) for row in rows) > len(rows)


def _lines(name: str, body: str) -> Iterator[Found | Refused]:
    for number, row in enumerate(body.split("\n"), 1):
        if len(row) > LINE_CHARACTERS:
            yield too_long(name, number, row[:200])
        else:
            yield from Values(name, row.replace("\x1e", ""), number).each()


def _from_object(name: str, values: Values, start: int) -> Iterator[RawItem | Refused]:
    try:
        whole, _ = DECODER.raw_decode(values.text, start)
    except (ValueError, RecursionError):
        whole = None
    at = _list_start(values.text, whole)
    found = values.each(start) if at is None else values.listed(at, is_whole=False)
    for item in _items(name, found):
        yield item if at is None else _of_feed(item, whole)


def _list_start(body: str, whole: object) -> int | None:
    """Where the list of items in a container opens; None when the object is an item itself.

    In a damaged container it is the first list of a telling name.
    """
    wanted = None if whole is None else _list_in(whole)
    for match in OPENS_LIST.finditer(body):
        if whole is None:
            return match.end()
        if wanted is not None and DECODER.raw_decode(body, match.end())[0] == wanted:
            return match.end()
    return None


def _list_in(whole: object) -> list[object] | None:
    """The list of items in a container, or in a container within it."""
    if not isinstance(whole, Mapping):
        return None
    inner = {fold(name): value for name, value in whole.items()}
    for name in LISTS:
        value = inner.get(name)
        is_empty = value == [] and name in LISTS[:4]
        if is_empty or (isinstance(value, list) and value and isinstance(value[0], Mapping)):
            return value
        if (found := _list_in(value)) is not None:
            return found
    return None


def _of_feed(item: RawItem | Refused, feed: object) -> RawItem | Refused:
    """An item with what its feed says for all of them (JSON Feed 1.1 §top-level)."""
    if isinstance(item, Refused) or not isinstance(feed, Mapping):
        return item
    people = feed.get("authors") or feed.get("author") or ()
    authors = map(author_of, people if isinstance(people, list) else [people])
    return replace(
        item,
        language=item.language or text(feed.get("language")),
        authors=item.authors or tuple(author for author in authors if author),
    )
