"""Other people's feeds: RSS 0.90 to 2.0, Atom 0.3 and 1.0, CDF; broken ones too. OPML lists them.

Room: sources. A reader (see the registry). Imports model and errors through its neighbours,
and feedparser. feedparser knows the dialects: titles, bodies, links, people, categories. What
it flattens or judges is read from the elements (_extensions): dates in their own words,
several creators, Media RSS, what podcasts and exports of blogs say.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any
from urllib.parse import urljoin

from feedsvc.model import Author, Markup, Media, Noise, RawDate, RawItem, Refused, SourceFeed
from feedsvc.sources._extensions import Said, built, is_picture, size_of
from feedsvc.sources._feedxml import ROOT, FeedText, Piece, escaped
from feedsvc.sources._fields import TAG, author_of, seconds_of, untagged
from feedsvc.sources._hints import NO_HINTS, Hints
from feedsvc.sources._text import decode, opening, refused, text_of, why_binary

NAME = "syndication"
SUFFIXES = (".rss", ".atom", ".rdf", ".opml", ".cdf")
PAGES = (".md", ".markdown", ".html", ".htm", ".eml", ".mbox")
BATCH = 50  #: items feedparser is given at once
PROLOG = re.compile(
    r"[\s\ufeff\x00-\x1f]*(?:<\?[^>]*\?>\s*|<!--(?:[^-]|-(?!->))*-->\s*|<!DOCTYPE[^\[>]*>\s*)*"
)
DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})[\"']", re.IGNORECASE)
PAGE = re.compile(r"<(?:html|body|pre|code|p)[\s>]|```", re.IGNORECASE)
VOID = re.compile(r"></(?:br|hr|img|wbr|source|input|col|embed|track)>")
RELATIVE = re.compile(
    r"(\s(?:href|src|poster|cite)\s*=\s*)([\"'])(?![a-zA-Z][\w+.-]*:|#|\2)([^\"'<>]*)\2",
    re.IGNORECASE,
)
ELEMENT = re.compile(r"<([a-z][a-z0-9]*)(?:\s[^<>]*)?>[^<]{0,1000}</\1\s*>", re.IGNORECASE)
BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
WRITTEN_AS_HTML = ("text/html", "application/xhtml+xml")


def sniff(name: str, head: bytes) -> float:
    """XML whose root is that of a feed, at the top or below a little junk."""
    if (b"<" not in head) or why_binary(head):
        return 0.0
    words = opening(head) if b"\0" in head[:100] else head.decode("latin-1")
    root = ROOT.search(words)
    lower = name.casefold()
    if root is None:
        is_named = lower.endswith(SUFFIXES) and words.lstrip()[:1] == "<"
        is_bare = re.match(r"\s*(?:<\?xml[^>]*>\s*)?<(?:item|entry)[\s>]", words)
        return 0.5 if is_named or is_bare else 0.0
    if root.start() <= PROLOG.match(words).end():  # type: ignore[union-attr]  # it matches nothing too
        return 0.95
    above = words[: root.start()]
    if "<!DOCTYPE" in above[:2000] and "<html" not in above.lower():
        return 0.95
    is_junk = len(above) < 1000 and not PAGE.search(above) and not lower.endswith(PAGES)
    return 0.95 if is_junk and ("<?xml" in above or root[0].count("=")) else 0.0


def read(name: str, data: bytes, hints: Hints = NO_HINTS) -> Iterator[RawItem | Refused | Noise]:
    """The items of a feed in its order; OPML has none. Raises BrokenSource for what is no feed."""
    text = text_of(name, data, replace(hints, charset=_declared(data) or hints.charset))
    feed = FeedText(name, text, hints.limits)
    if feed.kind == "opml":
        return
    shared = _shared(feed, hints)
    pieces = feed.pieces()
    position = 0
    while batch := list(islice(pieces, BATCH)):
        for made in _made(feed, shared, batch):
            is_item = isinstance(made, RawItem)
            yield replace(made, position=position) if isinstance(made, RawItem) else made
            position += is_item


def addresses(data: bytes) -> list[tuple[str, str]]:
    """The feeds an OPML document lists, as (title, address), in its order."""
    from lxml import etree

    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    feed = FeedText("", decode(data, _declared(data)).text, NO_HINTS.limits)
    words = escaped(feed.text[feed.root.start() if feed.root else 0 :])
    root = etree.fromstring(words.encode(), parser)
    found: list[tuple[str, str]] = []
    for outline in () if root is None else root.iter("{*}outline"):
        said = {str(key).casefold(): str(value).strip() for key, value in outline.attrib.items()}
        if address := said.get("xmlurl") or (
            said.get("type") in ("rss", "atom") and said.get("url")
        ):
            found.append((said.get("title") or said.get("text") or address, address))
    return found


def _declared(data: bytes) -> str | None:
    match = DECLARED.search(data[:1000])
    return match[1].decode("ascii") if match else None


# -- what the feed says for all of its items


@dataclass(frozen=True, slots=True)
class Shared:
    language: str | None = None
    base: str = ""
    authors: tuple[Author, ...] = ()
    built: tuple[RawDate, ...] = ()
    is_atom: bool = False


def _shared(feed: FeedText, hints: Hints) -> Shared:
    root = feed.head()
    is_atom = feed.kind == "feed"
    if root is None:
        return Shared(language=hints.language, base=hints.address or "", is_atom=is_atom)
    said = _parsed(root)["feed"]
    return Shared(
        language=dict.get(said, "language") or hints.language,
        base=urljoin(hints.address or "", _alternate(said) or ""),
        authors=tuple(_people(said)) if is_atom else (),
        built=tuple(built(root)),
        is_atom=is_atom,
    )


def _parsed(root: Any) -> Any:
    """What feedparser makes of an element; nothing is resolved, cleaned or fetched.

    Nothing at all where the element upsets it.
    """
    import feedparser
    from lxml import etree

    try:
        return feedparser.parse(
            io.BytesIO(etree.tostring(root)),
            sanitize_html=False,
            resolve_relative_uris=False,
            response_headers={"content-type": "application/xml; charset=utf-8"},
        )
    except (ValueError, TypeError, LookupError, AttributeError, AssertionError):
        return {"feed": {}, "entries": []}


# -- items


def _made(
    feed: FeedText, shared: Shared, batch: Sequence[Piece | Refused]
) -> Iterator[RawItem | Refused | Noise]:
    """What becomes of some pieces, in their order."""
    pieces = [piece for piece in batch if isinstance(piece, Piece)]
    own = [_own(Said(piece.element)) for piece in pieces]
    entries = zip(_entries(feed, [piece.element for piece in pieces]), own, strict=True)
    for piece in batch:
        if isinstance(piece, Refused):
            yield piece
            continue
        entry, said = next(entries)
        if said.is_no_post:
            last = min(piece.n_lines, 100)
            lines = tuple(range(piece.line, piece.line + last))
            yield Noise(source=feed.name, n_lines=piece.n_lines, lines=lines)
        else:
            yield _piece(feed.name, piece.line, entry, said, shared)


def _entries(feed: FeedText, elements: Sequence[Any]) -> list[Any]:
    """feedparser's entries, one an element; an element that upsets it costs no other its own."""
    full = [element for element in elements if len(element) or element.attrib]
    if len(full) < len(elements):
        found = iter(_entries(feed, full))
        return [next(found) if len(one) or one.attrib else {} for one in elements]
    if not full:
        return []
    root = feed.empty()
    root.extend(elements)
    entries = list(_parsed(root)["entries"])
    if len(entries) == len(elements):
        return entries
    if len(elements) == 1:
        return [{}]
    return [entry for element in elements for entry in _entries(feed, [element])]


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """What was read from an item's elements rather than by feedparser."""

    given: Mapping[str, Any]  #: arguments of a RawItem
    media: tuple[Media, ...]
    people: tuple[Author, ...]
    duration: int | None
    summary: str | None
    words: str | None  #: a body of last resort
    address: str | None  #: a link of last resort
    is_no_post: bool


def _own(said: Said) -> Own:
    guid = said.text(("", "guid"), ("", "id"))
    is_address = said.is_permanent(guid)
    own = Own(
        given={
            "guid": guid or said.about or said.text(("dc", "identifier")),
            "dates": tuple(said.dates()),
            "slug": said.text(("wp", "post_name")),
            "is_draft": said.is_draft(),
            "fields": tuple(said.fields()),
            "episode": said.episode(),
        },
        media=tuple(said.media()),
        duration=seconds_of(said.text(("itunes", "duration")) or ""),
        people=tuple(said.people()),
        summary=said.text(("excerpt", "encoded"), ("itunes", "subtitle")),
        words=said.text(("itunes", "summary")) or said.described(),
        address=guid if is_address else said.about or said.content_address,
        is_no_post=said.is_no_post(),
    )
    said.leave_the_core()
    return own


def _piece(name: str, line: int, entry: Any, own: Own, shared: Shared) -> RawItem | Refused:
    body, markup, summary = _body(entry, own, shared)
    given = dict(own.given)
    if not given["dates"]:
        given["dates"] = shared.built
    try:
        return RawItem(
            source=name,
            position=0,
            line=line,
            title=_title(entry, shared),
            body=body,
            markup=markup,
            summary=summary,
            link=_link(entry, own, shared),
            tags=tuple(dict.fromkeys(_tags(entry))),
            authors=_authors(entry, own) or shared.authors,
            media=_media(entry, own, shared),
            language=_language(entry) or shared.language,
            source_feed=_source_feed(dict.get(entry, "source")),
            **given,
        )
    except ValueError:
        remedy = "give it a title, a link or a text"
        return refused(name, line, "an item with nothing to show", remedy, given["guid"] or "")


def _title(entry: Any, shared: Shared) -> str | None:
    detail = dict.get(entry, "title_detail") or {}
    words = (detail.get("value") or "").strip()
    is_text = shared.is_atom and detail.get("type") == "text/plain"
    return (words if is_text else untagged(words)) or None


def _body(entry: Any, own: Own, shared: Shared) -> tuple[str, Markup, str | None]:
    """The fullest text as the body, in its own markup, and a summary beside it."""
    contents = [one for one in dict.get(entry, "content") or () if _is_text(one)]
    told = dict.get(entry, "summary_detail")
    details = [one for one in (*contents, told) if one and (one.get("value") or "").strip()]
    if not details:
        return (*_told(own.words or ""), own.summary)
    body, markup = _written(details[0], shared)
    summary = own.summary
    if contents and told and told.get("value") != details[0]["value"]:
        summary = untagged((told.get("value") or "").strip()) or summary
    return body, markup, summary


def _told(words: str) -> tuple[str, Markup]:
    """Words of an extension, that are plain unless somebody wrote HTML there."""
    return (words, Markup.HTML) if TAG.search(words) else (words, Markup.TEXT)


def _is_text(detail: Mapping[str, Any]) -> bool:
    kind = str(detail.get("type") or "text/html")
    return kind.startswith("text/") or kind in WRITTEN_AS_HTML


def _written(detail: Mapping[str, Any], shared: Shared) -> tuple[str, Markup]:
    words = detail["value"].strip()
    is_html = detail.get("type") in WRITTEN_AS_HTML or not shared.is_atom
    if is_html and (TAG.search(words) or ELEMENT.search(words)):
        words = VOID.sub(">", words)
        base = detail.get("base")
        return _absolute(words, base) if base else words, Markup.HTML
    words = html.unescape(words) if is_html else words
    return "\n".join(" ".join(part.split()) for part in BLANK_LINE.split(words)), Markup.TEXT


def _absolute(words: str, base: str) -> str:
    """HTML whose relative addresses are resolved by the `xml:base` it stood in."""
    return RELATIVE.sub(lambda m: f"{m[1]}{m[2]}{_joined(base, html.unescape(m[3]))}{m[2]}", words)


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def _alternate(said: Any) -> str | None:
    links = [one for one in dict.get(said, "links") or () if one.get("href")]
    return next((one["href"].strip() for one in links if one.get("rel") == "alternate"), None)


def _link(entry: Any, own: Own, shared: Shared) -> str | None:
    original = dict.get(entry, "feedburner_origlink")  # a mapping where it has attributes
    link = (original if isinstance(original, str) else None) or _alternate(entry) or own.address
    return _joined(shared.base, link.strip()) if link else None


def _tags(entry: Any) -> Iterator[str]:
    for tag in dict.get(entry, "tags") or ():
        words = (tag.get("label") or tag.get("term") or "").strip()
        if words and "#kind" not in (tag.get("scheme") or ""):
            yield untagged(words) or words


def _people(said: Any) -> Iterator[Author]:
    for one in dict.get(said, "authors") or ():
        person = {"name": one.get("name"), "email": one.get("email"), "url": one.get("href")}
        if found := author_of({key: value for key, value in person.items() if value}):
            yield found


def _authors(entry: Any, own: Own) -> tuple[Author, ...]:
    """Each once, those with the most said of them first."""
    told = [*_people(entry), *own.people] or list(_people(dict.get(entry, "source") or {}))
    return tuple({one.name.casefold(): one for one in reversed(told)}.values())[::-1]


def _media(entry: Any, own: Own, shared: Shared) -> tuple[Media, ...]:
    """Enclosures, then what Media RSS adds; what stands in both is told once."""
    found: dict[str, Media] = {}
    for one in dict.get(entry, "links") or ():
        url = (one.get("href") or one.get("url") or "").strip()
        if one.get("rel") == "enclosure" and url:
            url = _joined(shared.base, url)
            kind = one.get("type") or None
            found[url] = Media(
                url=url,
                media_type=kind,
                size_bytes=size_of(one.get("length")),
                title=one.get("title"),
                is_image=is_picture(url, kind),
                duration_seconds=own.duration,
            )
    for medium in own.media:
        url = _joined(shared.base, medium.url)
        found[url] = _joint(found[url], medium) if url in found else replace(medium, url=url)
    return tuple(found.values())


def _joint(one: Media, other: Media) -> Media:
    return replace(
        one,
        media_type=one.media_type or other.media_type,
        size_bytes=one.size_bytes or other.size_bytes,
        title=one.title or other.title,
        is_image=one.is_image or other.is_image,
        duration_seconds=other.duration_seconds or one.duration_seconds,
        credit=other.credit,
    )


def _language(entry: Any) -> str | None:
    details = (*(dict.get(entry, "content") or ()), dict.get(entry, "title_detail") or {})
    said = (dict.get(entry, "language"), *(one.get("language") for one in details))
    return next(filter(None, said), None)


def _source_feed(said: Any) -> SourceFeed | None:
    if not said:
        return None
    links = dict.get(said, "links") or ()
    own = next((one.get("href") for one in links if one.get("rel") == "self"), None)
    url = own or dict.get(said, "href") or dict.get(said, "link")
    title, guid = dict.get(said, "title"), dict.get(said, "id")
    return SourceFeed(title=title, url=url, id=guid) if title or url or guid else None
