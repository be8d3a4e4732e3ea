"""Addresses, ids and sections by a pattern: "https://example.com/{year}/{month}/{slug}/".

Room: normalise. Pure. Imports model and the room's keys and naming; called by the room.

Fields: slug, section, path, folder, stem, year, month, day, link, guid, title, and any key of
what else an item says. Where an item lacks one that is named, nothing is made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import PurePosixPath
from string import Formatter
from urllib.parse import quote

from feedsvc.model import Dated, Markup, Precision, RawItem
from feedsvc.normalise.context import Context
from feedsvc.normalise.keys import absolute, own_iri
from feedsvc.normalise.naming import plain_slug
from feedsvc.normalise.text import clean

_SEGMENT = "~!$&'()*+,;=:@"  # beside letters, digits and "_.-": RFC 3986 §3.3
_ADDRESS = _SEGMENT + "/?#[]%"
_LEADING_DATE = re.compile(r"\d{4}[-_.]?\d{2}[-_.]?\d{2}(?:T\d{4,6})?[-_ ]+")
_INDEX = ("index", "_index", "readme", "default")
_REPEATED_SLASH = re.compile("(?<!:)/{2,}")
_ORIGIN = re.compile(r"https?://[^/{}?#]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a template may speak of."""

    item: RawItem
    title: str
    published: Dated | None = None  #: as judged
    link: str | None = None  #: absolute
    is_alone: bool = True  #: whether its file holds it alone, and is named for it


@dataclass(frozen=True, slots=True)
class Made:
    """An item with what the settings' templates give it."""

    item: RawItem
    link: str | None
    lacking: tuple[str, ...] = ()  #: fields that a template names and the item has not


def made(subject: Subject, context: Context) -> Made:
    """A section, a page and an id for an item that has none of its own.

    An id that is no IRI gives way to the template, which may name it: "https://x.org/{guid}".
    """
    lacks: list[str] = []
    if context.section and subject.item.section is None:
        section = rendered(context.section, subject)
        subject = replace(subject, item=replace(subject.item, section=section))
    if context.link and subject.link is None:
        link = absolute(address(context.link, subject, context.base_url), context.base_url)
        lacks += lacking(context.link, subject)
        subject = replace(subject, link=link)
    if context.id and not own_iri(subject.item.guid):
        guid = own_id(context.id, subject) or subject.item.guid
        lacks += lacking(context.id, subject)
        subject = replace(subject, item=replace(subject.item, guid=guid))
    return Made(subject.item, subject.link, tuple(dict.fromkeys(lacks)))


def rendered(template: str, subject: Subject) -> str | None:
    """The template with its fields filled in as they are; None where the item lacks one."""
    return _filled(template, subject, lambda _, words: words)


def _filled(template: str, subject: Subject, encode: Callable[[str, str], str]) -> str | None:
    if lacking(template, subject):
        return None
    return "".join(
        text + (encode(name, value(subject, name)) if name else "")
        for text, name in _parts(template)
    )


def lacking(template: str, subject: Subject) -> tuple[str, ...]:
    """The fields that a template names and this item has not."""
    names = dict.fromkeys(name for _, name in _parts(template) if name)
    return tuple(name for name in names if not value(subject, name) and name != "path")


def address(template: str, subject: Subject, base_url: str) -> str | None:
    """The address that a template of links gives an item; one from the root is below `base_url`."""
    filled = _filled(template, subject, _encoded)
    made = _REPEATED_SLASH.sub("/", filled or "")
    return (base_url + made if made.startswith("/") else made) or None


def origin(template: str | None) -> str | None:
    """Scheme and host of the site that a template of links speaks of, if it says."""
    found = _ORIGIN.match(template or "")
    return found[0] if found else None


def own_id(template: str, subject: Subject) -> str | None:
    """The id that a template gives an item; what an IRI may not hold is encoded."""
    made = rendered(template, subject)
    return made and re.sub(r'[\s<>"{}|\\^`]', lambda found: quote(found[0]), made)


def slug_of(item: RawItem, title: str, *, is_alone: bool = True) -> str:
    """The item's own slug; else the name of the file that is its own; else its title in words."""
    if item.slug:
        return clean(item.slug).strip("/")
    is_named_for_it = is_alone and item.markup is not Markup.TEXT
    return (file_slug(item.source) if is_named_for_it else "") or plain_slug(title)


def file_slug(source: str) -> str:
    """The name of a file as a slug, without its suffix and the date before it."""
    stem = page_stem(source)
    return "-".join((_LEADING_DATE.sub("", stem, count=1) or stem).lower().split())


def page_stem(source: str) -> str:
    """The name of a file without its suffix; of its folder where the file is only its index."""
    path = PurePosixPath(clean(source))
    return path.parent.name if path.stem.lower() in _INDEX else path.stem


def value(subject: Subject, name: str) -> str:
    """What a field stands for; "" where the item lacks it."""
    if name in _FIELDS and (known := _FIELDS[name](subject)):
        return known
    said = {key.casefold(): words for key, words in reversed(subject.item.fields)}
    return clean(said.get(name.casefold(), ""))


def _day_part(form: str, *precisions: Precision) -> Callable[[Subject], str]:
    def part(subject: Subject) -> str:
        dated = subject.published
        is_known = dated is not None and dated.how.is_claim and dated.precision not in precisions
        return dated.local.strftime(form) if dated and is_known else ""

    return part


def _folder(subject: Subject) -> PurePosixPath:
    return PurePosixPath(subject.item.source).parent


_FIELDS: Mapping[str, Callable[[Subject], str]] = {
    "slug": lambda s: slug_of(s.item, s.title, is_alone=s.is_alone),
    "section": lambda s: plain_slug(s.item.section or ""),
    "path": lambda s: "" if str(_folder(s)) == "." else str(_folder(s)),
    "folder": lambda s: _folder(s).name,
    "stem": lambda s: PurePosixPath(s.item.source).stem,
    "year": _day_part("%Y"),
    "month": _day_part("%m"),
    "day": _day_part("%d", Precision.MONTH),
    "link": lambda s: s.link or "",
    "guid": lambda s: (s.item.guid or "").strip(),
    "title": lambda s: plain_slug(s.title),
}


def _encoded(name: str, words: str) -> str:
    """For the path of an address; what may be a path or an address itself keeps its marks."""
    if name == "path":
        return quote(words, safe=_SEGMENT + "/")
    return quote(words, safe=_SEGMENT if name in _FIELDS and name != "link" else _ADDRESS)


@lru_cache(maxsize=64)
def _parts(template: str) -> tuple[tuple[str, str], ...]:
    """Texts with the field behind each; the last may have none."""
    parts = Formatter().parse(template)
    return tuple((text, name or "") for text, name, _, _ in parts)
