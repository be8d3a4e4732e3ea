"""One record's fields, by their usual names, make a raw item.

Room: sources, private; for every reader whose items come as named fields. Imports model.
Names are compared without case, "-", "_" and other marks; in each table the surest name
stands first.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from datetime import date
from email.utils import parseaddr
from math import isfinite
from typing import TypeAlias

from feedsvc.model import Author, DateRole, Markup, Media, RawDate, RawItem

Fields: TypeAlias = Mapping[str, tuple[str, object]]  #: folded name -> name as written, value

TITLE = "title headline heading name subject"
BODY = (
    ("contenthtml html bodyhtml", Markup.HTML),
    ("contentmarkdown bodymarkdown markdown", Markup.MARKDOWN),
    ("content body articlebody fulltext story", None),
    ("contenttext text plaintext bodytext", Markup.TEXT),
)
SUMMARY = "summary excerpt abstract teaser standfirst lead dek"
LINK = "url link permalink href canonicalurl weburl pageurl externalurl"
GUID = "guid id uid uuid identifier"
PUBLISHED = """
published publishedat publishedon publisheddate datepublished publicationdate dateofpublication firstpublished
pubdate date dcdate issued posted postedat postedon postdate dateposted released releasedate
"""
CREATED = "created createdat createdon createddate datecreated creationdate timestamp datetime time"
UPDATED = """
updated updatedat updatedon dateupdated lastupdated modified modifiedat modifieddate datemodified lastmodified
lastmod edited editedat
"""
CAPTURED = """
scrapedat scraped scrapedate crawledat crawled crawldate fetchedat fetched retrievedat retrieved capturedat captured
insertedat inserted indexedat importedat downloadedat accessedat dateaccessed
"""
SECTION = "section category channel rubric department"
TAGS = "tags keywords categories topics labels hashtags category"
AUTHORS = "authors author byline creator dccreator writer"
IMAGE = "image picture thumbnail featuredimage leadimage imageurl urltoimage photo bannerimage"
FILES = "attachments enclosures enclosure attachment media"
LANGUAGE = "language lang inlanguage locale"
UNPUBLISHED = ("draft", "pending", "private", "hidden", "unpublished")
WRAPPINGS = "rendered value text $t @value $date $oid $numberlong __html"
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
    summary, description = _text(fields, SUMMARY), _text(fields, "description")
    if description and not body:
        body, markup, description = description, _markup(description), None
    section = _first(fields, SECTION)
    return RawItem(
        source=source,
        position=position,
        line=line,
        title=_text(fields, TITLE),
        body=body,
        markup=markup,
        summary=_untagged(summary or description),
        dates=tuple(_dates(fields)),
        link=_text(fields, LINK),
        guid=_text(fields, GUID),
        section=section if isinstance(section, str) else None,
        tags=tuple(dict.fromkeys(_tags(fields, section))),
        authors=tuple(dict.fromkeys(_authors(fields))),
        media=tuple(_media(fields)),
        language=_text(fields, LANGUAGE),
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
    wrapped = next((inner[name] for name in WRAPPINGS.split() if name in inner), None)
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


def _values(fields: Fields, names: str) -> Iterator[object]:
    return (fields[name][1] for name in names.split() if name in fields)


def _first(fields: Fields, names: str) -> object:
    return next(_values(fields, names), None)


def _text(fields: Fields, names: str) -> str | None:
    return next(filter(None, map(text, _values(fields, names))), None)


def _body(fields: Fields) -> tuple[str, Markup]:
    for names, markup in BODY:
        for words in filter(None, map(_paragraphs, _values(fields, names))):
            return words, markup or _markup(words)
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
    published = list(_dates_in(fields, PUBLISHED, DateRole.PUBLISHED))
    yield from published or _dates_in(fields, CREATED, DateRole.PUBLISHED)
    yield from _dates_in(fields, UPDATED, DateRole.UPDATED)
    yield from _dates_in(fields, CAPTURED, DateRole.CAPTURED)


def _dates_in(fields: Fields, names: str, role: DateRole) -> Iterator[RawDate]:
    for name in names.split():
        if name in fields and (words := text(fields[name][1])):
            yield RawDate(words=words, role=role, name=fields[name][0])


def _tags(fields: Fields, section: object) -> Iterator[str]:
    for value in _values(fields, TAGS):
        if isinstance(value, str) and value is not section:
            yield from (part.strip() for part in re.split("[,;、，]", value) if part.strip())
        elif isinstance(value, list | tuple | set):
            found = (plain(_named(tag, "name label term title")) for tag in value)
            yield from (tag for tag in found if isinstance(tag, str))


def _named(value: object, names: str) -> object:
    """What an object is called; anything else is its own name."""
    if not isinstance(value, Mapping):
        return value
    inner = {fold(name): plain(v) for name, v in value.items()}
    return next((inner[name] for name in names.split() if inner.get(name)), None)


def _authors(fields: Fields) -> Iterator[Author]:
    for value in _values(fields, AUTHORS):
        for person in value if isinstance(value, list | tuple) else [value]:
            if author := author_of(person):
                yield author


def author_of(person: object) -> Author | None:
    """A person from a name, "Name <address>" or an object; None for what names nobody."""
    words = _named(person, "name displayname fullname email url")
    if not isinstance(words, str) or not words.strip():
        return None
    words = re.sub(r"^by\s+", "", words.strip(), flags=re.IGNORECASE)
    name, email = parseaddr(words) if "@" in words else (words, "")
    if isinstance(person, Mapping):
        email = email or str(_named(person, "email") or "")
        link = _named(person, "url link homepage")
        return Author(name=name or words, email=email or None, url=text(link))
    return Author(name=name or words, email=email or None)


def _media(fields: Fields) -> Iterator[Media]:
    if picture := _medium(_first(fields, IMAGE), is_image=True):
        yield picture
    for value in _values(fields, FILES):
        for thing in value if isinstance(value, list | tuple) else [value]:
            if medium := _medium(thing, is_image=False):
                yield medium


def _medium(thing: object, *, is_image: bool) -> Media | None:
    if isinstance(thing, list | tuple):
        thing = next(iter(thing), None)
    url = _named(thing, "url href src link contenturl")
    if not isinstance(url, str) or not url.strip():
        return None
    if not isinstance(thing, Mapping):
        return Media(url=url.strip(), is_image=is_image)
    size = text(_named(thing, "sizeinbytes length size filesize")) or ""
    return Media(
        url=url.strip(),
        media_type=text(_named(thing, "mimetype type mediatype contenttype")),
        size_bytes=int(size) if re.fullmatch("[0-9]{1,15}", size) else None,
        title=text(_named(thing, "title name alt caption")),
        is_image=is_image,
    )


def _is_draft(fields: Fields) -> bool:
    status = (_text(fields, "status poststatus state") or "").casefold()
    flag = str(_first(fields, "draft isdraft")).casefold()
    is_flagged = flag in ("true", "yes", "1") or status in UNPUBLISHED
    return is_flagged or _first(fields, "published") is False
