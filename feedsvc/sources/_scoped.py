"""What a part of a page says of itself: microdata, RDFa, h-entry, hAtom, times, bylines.

Room: sources, private; for the reader of web pages. Imports model through its neighbours.
The names are in webpage.toml.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from lxml.html import HtmlElement

from feedsvc.model import DateRole, Media, Origin, RawDate
from feedsvc.sources import _dom
from feedsvc.sources._datelines import LABEL, Credits, credits_of
from feedsvc.sources._fields import author_of, fold
from feedsvc.sources._said import TABLES, Said, is_person, is_reachable

PROPERTIES = {name: kind for kind, names in TABLES["properties"].items() for name in names.split()}
MICROFORMATS = {
    name: kind
    for kind, names in TABLES["microformats"].items()
    if kind not in ("entry", "scope")
    for name in names.split()
}
ENTRY, SCOPE = (frozenset(TABLES["microformats"][kind].split()) for kind in ("entry", "scope"))
ARTICLES = frozenset(TABLES["types"]["articles"].split())
LABELLED = ("published", "updated")
NEAR = 600  #: characters between a headline and what is told beside it
SHORT = 160  #: characters of a line that may tell when and by whom
LONGEST = 90  #: characters of a line in which a day may stand among other words
APART = re.compile(r"\s+[|•·–—-]\s+|[|•·]|,\s+(?=\d)|\s+(?=\()")
COLON = re.compile(r"[:：|]")
DIGIT = re.compile(r"\d")
EVENT = re.compile(r"event|countdown|schedule", re.IGNORECASE)


def is_scope(element: HtmlElement) -> bool:
    """Whether what stands in it is said of something else."""
    if "itemscope" in element.attrib or element.get("typeof"):
        return True
    return not (ENTRY | SCOPE).isdisjoint(_dom.classes(element))


def is_article(element: HtmlElement) -> bool:
    """Whether it is marked up as one item: microdata, RDFa, h-entry."""
    kinds = f"{element.get('itemtype') or ''} {element.get('typeof') or ''}".split()
    if any(kind.rpartition("/")[2].rpartition(":")[2].casefold() in ARTICLES for kind in kinds):
        return True
    return not ENTRY.isdisjoint(_dom.classes(element))


def is_item(element: HtmlElement) -> bool:
    """Whether it is one item, by its name or by its markup."""
    return element.tag == "article" or is_article(element)


def said_in(root: HtmlElement) -> Said:
    """What the properties of an element say; those of nested things are theirs."""
    found = _properties(root)
    values = {kind: [v for e in found[kind] if (v := _value(e))] for kind in found}
    people = [{"name": _name(e), "url": e.get("href")} for e in found["authors"] if _name(e)]
    authors = filter(None, map(author_of, people))
    tags = (tag.strip() for value in values.get("tags", ()) for tag in value.split(","))
    pictures = (url for e in found["image"] if (url := _address(e)))
    media = (Media(url=url, is_image=True) for url in islice(pictures, 1))
    return Said(
        title=next((_dom.words(e) or _value(e) for e in found["title"]), None) or None,
        summary=next(iter(values.get("summary", ())), None),
        dates=tuple(_dates(found)),
        authors=tuple(dict.fromkeys(filter(is_person, authors))),
        tags=tuple(dict.fromkeys(filter(None, tags))),
        section=next(iter(values.get("section", ())), None),
        link=next((url for e in found["link"] if (url := _address(e))), None),
        media=tuple(filter(is_reachable, media)),
    )


def bodies(root: HtmlElement) -> list[HtmlElement]:
    """The elements marked up as the text of the item."""
    return _properties(root)["body"]


def _properties(root: HtmlElement) -> Mapping[str, list[HtmlElement]]:
    found: dict[str, list[HtmlElement]] = defaultdict(list)
    stack = [root]
    while stack:
        element = stack.pop()
        if not isinstance(element.tag, str):
            continue
        if element is not root:
            for kind in dict.fromkeys(_kinds(element)):
                found[kind].append(element)
        if element is root or not (is_scope(element) or element.tag == "head"):
            stack.extend(reversed(element))
    return found


def _kinds(element: HtmlElement) -> Iterator[str]:
    said = f"{element.get('itemprop') or ''} {element.get('property') or ''}"
    for name in (
        said.split() if (said != " " and element.tag != "meta") or element.get("itemprop") else ()
    ):
        if kind := PROPERTIES.get(fold(name.rpartition(":")[2])):
            yield kind
    for name in _dom.classes(element):
        kind = MICROFORMATS.get(name, "")
        if kind and (kind not in LABELLED or name.startswith("dt-") or _tells_time(element)):
            yield kind
    if "author" in (element.get("rel") or "").split():
        yield "authors"
    if element.tag == "a" and "tag" in (element.get("rel") or "").split():
        yield "tags"
    if element.tag == "a" and "bookmark" in (element.get("rel") or "").split():
        yield "link"


def _tells_time(element: HtmlElement) -> bool:
    if element.tag in ("time", "abbr") or element.get("datetime"):
        return True
    text = element.text_content()
    return len(text) < 60 and bool(DIGIT.search(text))


def _value(element: HtmlElement) -> str:
    """The value of a property, by the element it stands on."""
    for name in ("content", "datetime"):
        if element.get(name):
            return _dom.fold(element.get(name) or "")
    title = element.get("title") if element.tag == "abbr" else None
    inner = next((e for e in element.iter("*") if "value-title" in _dom.classes(e)), None)
    if inner is not None:
        title = inner.get("title")
    return title or _dom.words(element)


def _name(element: HtmlElement) -> str:
    """A person's name: that of the nested card, else the words without "By"."""
    for inner in element.iter("*"):
        marked = {inner.get("itemprop"), inner.get("property"), *_dom.classes(inner)}
        if inner is not element and marked & {"name", "schema:name", "foaf:name", "p-name", "fn"}:
            return _value(inner)
    text = element.get("content") or _dom.words(element)
    credits = credits_of(text) if text else None
    return credits.authors[0].name if credits and credits.authors else text


def _address(element: HtmlElement) -> str | None:
    for name in ("href", "src", "content", "data-src", "resource", "itemid"):
        if value := element.get(name):
            return str(value).strip()
    inner = next((e for e in element.iter("img", "a", "link", "meta") if e is not element), None)
    return _address(inner) if inner is not None else None


def _dates(found: Mapping[str, Sequence[HtmlElement]]) -> Iterator[RawDate]:
    for kind, role in (("published", DateRole.PUBLISHED), ("updated", DateRole.UPDATED)):
        published = {id(e) for e in found["published"]} if kind == "updated" else set()
        for element in found[kind]:
            words = _value(element)
            if words and len(words) < 100 and id(element) not in published:
                name = element.get("itemprop") or element.get("property")
                origin = Origin.META if name else Origin.TIME
                yield RawDate(words=words, role=role, origin=origin, name=name or kind)


# -- times ------------------------------------------------------------------------------------


def times(root: HtmlElement, headline: HtmlElement | None = None) -> tuple[RawDate, ...]:
    """<time> of one value, or, of several, those that stand near the headline.

    One of two beside the headline behind a word such as "Updated" tells of a change.
    """
    found = [e for e in root.iter("time", "abbr", "relative-time") if _is_time(e)]
    days = {_value(e)[:10] for e in found}
    if len(days) > 1 and headline is not None:
        found = _nearest(root, found, headline)
    elif len(days) > 1:
        found = found[:1]
    return tuple(dict.fromkeys(map(_timed, found)))


def _is_time(element: HtmlElement) -> bool:
    if element.tag == "abbr" and not DIGIT.search(element.get("title") or ""):
        return False
    value = _value(element)
    if not DIGIT.search(value) or len(value) > 100:
        return False
    around = (_dom.classes(e) for e in (element, *islice(element.iterancestors(), 4)))
    return not any(EVENT.search(name) for names in around for name in names)


def _nearest(
    root: HtmlElement, found: Sequence[HtmlElement], headline: HtmlElement
) -> list[HtmlElement]:
    places: dict[HtmlElement, int] = {}
    wanted = {headline, *found}
    offset = 0
    for element in root.iter():
        if element in wanted:
            places[element] = offset
        offset += len((element.text or "").strip()) + len((element.tail or "").strip())
    start = places.get(headline, 0)
    near = [e for e in found if abs(places.get(e, 0) - start) <= NEAR]
    near.sort(key=lambda e: abs(places[e] - start))
    return (
        near[:2]
        if len({_value(e)[:10] for e in near[:2]}) == 1 or _has_role(near[:2])
        else near[:1]
    )


def _has_role(found: Sequence[HtmlElement]) -> bool:
    return any(_timed(e).role is DateRole.UPDATED for e in found)


def _timed(element: HtmlElement) -> RawDate:
    role = DateRole.UPDATED if _is_change(element) else DateRole.PUBLISHED
    return RawDate(words=_value(element), role=role, origin=Origin.TIME, name=str(element.tag))


def _is_change(element: HtmlElement) -> bool:
    """Whether the words before a time, or the names of it, say that it is of a change."""
    names = {*_dom.names(element), element.get("itemprop") or ""}
    if names & {
        "updated",
        "modified",
        "dt-updated",
        "datemodified",
        "dateModified",
        "date-modified",
    }:
        return not names & {
            "published",
            "dt-published",
            "datepublished",
            "datePublished",
            "entry-date",
        }
    parent = element.getparent()
    siblings = element.itersiblings(preceding=True)
    before = next((one for one in siblings if isinstance(one.tag, str)), None)
    words = (before.text_content() + (before.tail or "") if before is not None else None) or (
        parent.text if parent is not None else ""
    )
    labels = [*LABEL.finditer((words or "")[-60:])]
    inner = LABEL.match(element.text_content().strip())
    return bool((labels and labels[-1]["updated"]) or (inner and inner["updated"]))


# -- lines ------------------------------------------------------------------------------------


def credited(lines: Sequence[_dom.Line], *, is_dated: bool = False) -> Credits:
    """When and by whom, from the short lines of a head.

    Where it `is_dated` by its markup, lines that say the same once more are no evidence.
    """
    found = [(line, credits) for line in lines if (credits := credits_in(line))]
    dates = (
        date for line, one in found if not (is_dated and _is_marked(line)) for date in one.dates
    )
    kept = (date for date in dates if date.origin is Origin.LABEL or not is_dated)
    return Credits(
        dates=tuple(dict.fromkeys(kept)),
        authors=tuple(dict.fromkeys(author for _, one in found for author in one.authors)),
    )


def _is_marked(line: _dom.Line) -> bool:
    return next(line.holder.iter("time", "abbr"), None) is not None


def credits_in(line: _dom.Line) -> Credits | None:
    """What a line about the item says: whole, piece by piece, or with its label behind."""
    text = line.text
    if len(text) > SHORT:
        return None
    pieces = [piece for piece in (p.strip(" \t\r\n|·•,/–—-") for p in line.pieces) if piece]
    readings = (text, " | ".join(pieces), _label_first(text))
    found = (credits_of(reading) for reading in dict.fromkeys(readings) if reading)
    known = next((one for one in found if one and (one.dates or one.authors)), None)
    return known or _opened_by_label(text)


def _opened_by_label(text: str) -> Credits | None:
    """ "Posted on 6 May 2025 by the office", "Date: 2025-05-06 Views: 23": a label, a day, and more."""
    label = LABEL.match(text) if len(text) <= LONGEST else None
    words = text[label.end() :].split() if label else []
    for end in range(min(len(words) - 1, 7), 0, -1):
        day = credits_of(f"{text[: label.end()]}{' '.join(words[:end])}") if label else None
        if day and day.dates and not words[end - 1].isalpha():
            rest = " ".join(words[end:])
            more = credits_of(rest)
            is_apart = more or COLON.search(rest)
            return (
                Credits(dates=day.dates, authors=more.authors if more else ()) if is_apart else None
            )
    return None


def day_beside(line: _dom.Line) -> tuple[RawDate, ...]:
    """A day that stands set off in a short line of other words: "Harbour | 13 May 2025"."""
    text = line.text
    if len(text) > LONGEST or not DIGIT.search(text):
        return ()
    pieces = (part for piece in line.pieces for part in APART.split(piece))
    found = (credits_of(piece) for piece in map(_dom.fold, pieces) if DIGIT.search(piece))
    return next((one.dates[:1] for one in found if one and one.dates), ())


def _label_first(text: str) -> str:
    """ "13 May 2025 published" as "published 13 May 2025"; "" where no label stands behind."""
    last = next((label for label in LABEL.finditer(text) if label.end() == len(text)), None)
    return f"{last[0]} {text[: last.start()].strip()}" if last else ""
