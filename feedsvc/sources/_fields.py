"""One record's fields, by their usual names, make a raw item.

Room: sources, private; for every reader whose items come as named fields. Imports model.
The names are in fields.toml; they are compared without case, "-", "_" and other marks.
"""

from __future__ import annotations

import html
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from email.utils import parseaddr
from importlib.resources import files
from math import isfinite
from typing import TypeAlias

from feedsvc.model import Author, DateRole, Markup, Media, RawDate, RawItem

Fields: TypeAlias = Mapping[str, tuple[str, object]]  #: folded name -> name as written, value

TABLES = tomllib.loads(files("feedsvc.sources").joinpath("fields.toml").read_text("utf-8"))
NAMES, INNER, BODY = (
    {kind: names.split() for kind, names in TABLES[table].items()}
    for table in ("names", "inner", "body")
)
LISTS = TABLES["lists"].split()  #: what a container calls its list of items, the surest first
UNPUBLISHED = ("draft", "pending", "private", "hidden", "unpublished")
TAG = re.compile(
    r"</?(?:p|br|div|span|a|b|i|em|strong|ul|ol|li|h[1-6]|img|blockquote|table|tr|td|th|pre|code|figure|section"
    r"|article|hr|iframe|video|audio|small|sub|sup|u|s|q|cite|dl|dt|dd|script|style)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)


def item_of(record: Mapping[str, object], source: str, position: int, line: int | None) -> RawItem:
    """What a record says, unjudged; fields of unknown names say nothing.

    Raises ValueError when nothing in it could be an entry.
    """
    fields = _fields(record)
    body, markup = _body(fields)
    summary, description = _text(fields, "summary"), _text(fields, "description")
    if description and not body:
        body, markup, description = description, _markup(description), None
    section = _first(fields, "section")
    return RawItem(
        source=source,
        position=position,
        line=line,
        title=_text(fields, "title"),
        body=body,
        markup=markup,
        summary=_untagged(summary or description),
        dates=tuple(_dates(fields)),
        link=_text(fields, "link"),
        guid=_text(fields, "guid"),
        section=section if isinstance(section, str) else None,
        tags=tuple(dict.fromkeys(_tags(fields, section))),
        authors=tuple(dict.fromkeys(_authors(fields))),
        media=tuple(_media(fields)),
        language=_text(fields, "language"),
        is_draft=_is_draft(fields),
    )


def _fields(record: Mapping[str, object]) -> Fields:
    fields: dict[str, tuple[str, object]] = {}
    for name, value in record.items():
        if (unwrapped := plain(value)) is not None:
            fields.setdefault(fold(name), (str(name), unwrapped))
    return fields


def fold(name: object) -> str:
    """A field's name as names are compared: "pub_date", "pub-date", "pubDate" are one."""
    return re.sub(r"[\W_]+", "", str(name)).casefold()


def plain(value: object) -> object:
    """A value without its wrapping: {"rendered": …} of WordPress, {"$date": …} of MongoDB."""
    if isinstance(value, str):
        return value.strip() or None
    if not isinstance(value, Mapping):
        return value
    inner = {str(name).casefold(): v for name, v in value.items()}
    wrapped = next((inner[name] for name in INNER["value"] if name in inner), None)
    return wrapped if isinstance(wrapped, str | int) else value


def text(value: object) -> str | None:
    """A scalar as its words; None for what has none: lists, truths, NaN."""
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, bool | Mapping | list | tuple | set | bytes):
        return None
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value) if isfinite(value) else None
    return str(value).strip() or None


def _values(fields: Fields, kind: str) -> Iterator[object]:
    return (fields[name][1] for name in NAMES[kind] if name in fields)


def _each(fields: Fields, kind: str) -> Iterator[object]:
    """The values of a kind, those of lists one by one."""
    for value in _values(fields, kind):
        yield from value if isinstance(value, list | tuple) else [value]


def _first(fields: Fields, kind: str) -> object:
    return next(_values(fields, kind), None)


def _text(fields: Fields, kind: str) -> str | None:
    return next(filter(None, map(text, _values(fields, kind))), None)


def _body(fields: Fields) -> tuple[str, Markup]:
    for written, names in BODY.items():
        values = (fields[name][1] for name in names if name in fields)
        for words in filter(None, map(_paragraphs, values)):
            return words, _markup(words) if written == "either" else Markup(written)
    return "", Markup.TEXT


def _markup(words: str) -> Markup:
    return Markup.HTML if TAG.search(words) else Markup.TEXT


def _paragraphs(value: object) -> str:
    """A body's words; a list is one of paragraphs."""
    parts = value if isinstance(value, list | tuple) else [value]
    return "\n".join(words for part in parts if (words := text(plain(part))))


def _untagged(words: str | None) -> str | None:
    if words is None or not TAG.search(words):
        return words
    return html.unescape(" ".join(TAG.sub(" ", words).split())) or None


def _dates(fields: Fields) -> Iterator[RawDate]:
    """Publication first; a moment of creation speaks only where there is none of publication."""
    published = list(_dates_in(fields, "published", DateRole.PUBLISHED))
    yield from published or _dates_in(fields, "created", DateRole.PUBLISHED)
    yield from _dates_in(fields, "updated", DateRole.UPDATED)
    yield from _dates_in(fields, "captured", DateRole.CAPTURED)


def _dates_in(fields: Fields, kind: str, role: DateRole) -> Iterator[RawDate]:
    for name in NAMES[kind]:
        if name in fields and (words := text(fields[name][1])):
            yield RawDate(words=words, role=role, name=fields[name][0])


def _tags(fields: Fields, section: object) -> Iterator[str]:
    for value in _values(fields, "tags"):
        if isinstance(value, str) and value is not section:
            yield from (part.strip() for part in re.split("[,;、，]", value) if part.strip())
        elif isinstance(value, list | tuple | set):
            found = (plain(_inner(tag, "tag")) for tag in value)
            yield from (tag for tag in found if isinstance(tag, str))


def _inner(value: object, kind: str) -> object:
    """What an object says of itself by names of this kind; anything else is its own name."""
    if not isinstance(value, Mapping):
        return value
    inner = {fold(name): plain(v) for name, v in value.items()}
    return next((inner[name] for name in INNER[kind] if inner.get(name)), None)


def _authors(fields: Fields) -> Iterator[Author]:
    return filter(None, map(author_of, _each(fields, "authors")))


def author_of(person: object) -> Author | None:
    """A person from a name, "Name <address>" or an object; None for what names nobody."""
    words = _inner(person, "person")
    if not isinstance(words, str) or not words.strip():
        return None
    words = re.sub(r"^by\s+", "", words.strip(), flags=re.IGNORECASE)
    name, email = parseaddr(words) if "@" in words else (words, "")
    url = None
    if isinstance(person, Mapping):
        email = email or str(_inner(person, "email") or "")
        url = text(_inner(person, "homepage"))
    return Author(name=name or words, email=email or None, url=url)


def _media(fields: Fields) -> Iterator[Media]:
    picture = _medium(_first(fields, "image"), is_image=True)
    others = (_medium(thing, is_image=False) for thing in _each(fields, "files"))
    return filter(None, (picture, *others))


def _medium(thing: object, *, is_image: bool) -> Media | None:
    if isinstance(thing, list | tuple):
        thing = next(iter(thing), None)
    url = _inner(thing, "file")
    if not isinstance(url, str) or not url.strip():
        return None
    said = thing if isinstance(thing, Mapping) else {}
    size = text(_inner(said, "size")) or ""
    return Media(
        url=url.strip(),
        media_type=text(_inner(said, "media_type")),
        size_bytes=int(size) if re.fullmatch("[0-9]{1,15}", size) else None,
        title=text(_inner(said, "media_title")),
        is_image=is_image,
    )


def _is_draft(fields: Fields) -> bool:
    status = (_text(fields, "status") or "").casefold()
    flag = str(_first(fields, "draft")).casefold()
    is_flagged = flag in ("true", "yes", "1") or status in UNPUBLISHED
    published = fields.get("published", ("", None))[1]
    return is_flagged or published is False
