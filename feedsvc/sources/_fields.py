"""One record's fields, by their usual names, make a raw item.

Room: sources, private; for every reader whose items come as named fields. Imports model.
The names are in fields.toml, in many languages; settings name others (`Columns`).
"""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parseaddr
from math import isfinite
from types import MappingProxyType
from typing import TypeAlias

from feedsvc.model import Author, DateRole, Episode, Markup, Media, RawDate, RawItem, Refused
from feedsvc.sources._names import INNER, LISTS, NAMES, TABLES, fold, plan
from feedsvc.sources._shapes import plain, prose, unwrapped
from feedsvc.sources._text import refused

__all__ = ["NAMES", "Columns", "author_of", "fold", "item_of", "piece_of", "plain", "text"]

Paths: TypeAlias = Mapping[str, tuple[str, ...]]  #: kind of thing -> columns or dotted paths

N_FIELDS, FIELD_CHARACTERS = 40, 200  #: of what else a record says
UNPUBLISHED = frozenset(TABLES["values"]["unpublished"].split())
YES, NO = (frozenset(TABLES["values"][kind].split()) for kind in ("yes", "no"))
NOTHING_SET: Paths = MappingProxyType({})
TAG = re.compile(
    r"</?(?:p|br|div|span|a|b|i|em|strong|ul|ol|li|h[1-6]|img|blockquote|table|tr|td|th|pre|code|figure|section"
    r"|article|hr|iframe|video|audio|small|sub|sup|u|s|q|cite|dl|dt|dd|script|style|abbr|acronym|address|aside"
    r"|bdi|bdo|big|blink|caption|center|col|colgroup|del|details|dfn|embed|figcaption|font|footer|form|header"
    r"|hgroup|html|ins|kbd|main|map|mark|marquee|meta|nav|nobr|noscript|object|picture|rp|rt|ruby|samp|source"
    r"|strike|summary|svg|tbody|tfoot|thead|tt|var|wbr|body)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
ENDING = re.compile(
    r"</[a-z]|<(?:br|hr|img|wbr)\b", re.IGNORECASE
)  #: tags that are used, not told of
PARTING = re.compile(
    r"</?(?:p|br|div|li|ul|ol|h[1-6]|t[dhr]|table|blockquote|pre|section|article|hr|d[dlt])\b[^<>]*>",
    re.IGNORECASE,
)
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,20}\d{0,2});")
MARKDOWN = re.compile(r"^(?:#{1,6} +\S|```|~~~)|\]\((?:https?://|/)[^\s()]+\)", re.MULTILINE)
CLOCK = re.compile(r"\d{1,2}[:.hH時시]\d{2}(?:[:.]\d{2})?\s*(?:[AaPp]\.?[Mm]\.?|Uhr|分|분)?")
FRACTION = re.compile(r"(\d{9,13})\.\d+")
MICROSECONDS = re.compile(r"(\d{13})(?:\d{3}){1,2}")
DOTNET = re.compile(r"\\?/Date\((\d{9,13})(?:[-+]\d{4})?\)\\?/")
LENGTH = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,4}):)?(\d{1,7})(?:\.\d+)?")
ISO_LENGTH = re.compile(r"PT(?:(\d{1,3})H)?(?:(\d{1,4})M)?(?:(\d{1,7})S)?")
SEPARATORS = re.compile("[,;|、，؛،]")

log = logging.getLogger(__name__)


class Columns:
    """Which fields of a source's records tell what: as its settings say, else by their names.

    One of these goes through a whole source, so that a path that matched nowhere can be told.
    """

    def __init__(self, given: Paths = NOTHING_SET, guessed: Paths = NOTHING_SET) -> None:
        self.given = {**guessed, **given}
        self.paths = {path for paths in self.given.values() for path in paths}
        self._unmatched = {path for paths in given.values() for path in paths}

    def found(self, record: Mapping[str, object], kind: str) -> list[tuple[str, object]]:
        """What a record holds at the paths set for a kind, each with its path."""
        values = ((path, plain(at_path(record, path))) for path in self.given[kind])
        found = [(path, value) for path, value in values if value is not None]
        if self._unmatched:
            self._unmatched.difference_update(path for path, _ in found)
        return found

    @property
    def unmatched(self) -> str:
        """The paths that matched nothing so far, as words; empty when all did."""
        return ", ".join(sorted(self._unmatched))

    def warn(self, source: str) -> None:
        """Tell in the log, once, the paths that matched in no record."""
        if self._unmatched:
            log.warning("%s: no record has what `fields` names: %s", source, self.unmatched)


BY_NAME = Columns()


class Said:
    """What one record says, by kind of thing."""

    __slots__ = ("_columns", "_plan", "_record", "_whole", "kinds")

    def __init__(self, whole: Mapping[str, object], columns: Columns) -> None:
        if not all(isinstance(name, str) for name in whole):
            whole = {str(name): value for name, value in whole.items()}
        self._whole = whole
        self._columns = columns
        self._record = unwrapped(whole)
        self._plan = plan(tuple(self._record))
        self.kinds = {*self._plan, *columns.given} if columns.given else self._plan.keys()

    def named(self, kind: str) -> Sequence[tuple[str, object]]:
        """Names as written and values without their wrapping, the surest first."""
        if kind not in self.kinds:
            return ()
        if kind in self._columns.given:
            found = self._columns.found(self._whole, kind)
            return found or self._columns.found(self._record, kind)
        values = [(name, plain(self._record[name])) for name in self._plan[kind]]
        return [pair for pair in values if pair[1] is not None]

    def values(self, kind: str) -> Sequence[object]:
        if kind not in self.kinds:
            return ()
        return [value for _, value in self.named(kind)]

    def first(self, kind: str) -> object:
        found = self.named(kind) if kind in self.kinds else ()
        return found[0][1] if found else None

    def text(self, kind: str) -> str | None:
        for _, value in self.named(kind) if kind in self.kinds else ():
            if words := text(value):
                return words
        return None

    def is_path(self, name: str) -> bool:
        return name in self._columns.paths

    def is_set(self, kind: str) -> bool:
        return kind in self._columns.given


def item_of(
    record: Mapping[str, object],
    source: str,
    position: int,
    line: int | None,
    columns: Columns = BY_NAME,
) -> RawItem:
    """What a record says, unjudged; short fields of unknown names are kept in `fields`.

    Raises ValueError when nothing in it could be an entry.
    """
    said = Said(record, columns)
    body, markup = _body(said)
    summary, description = said.text("summary"), said.text("description")
    if description and not body:
        body, markup, description = description, markup_of(description), None
    section = _inner(said.first("section"), "tag")
    duration = _seconds(said.text("duration"))
    return RawItem(
        source=source,
        position=position,
        line=line,
        title=untagged(said.text("title")),
        body=body,
        markup=markup,
        summary=untagged(summary or description),
        dates=tuple(_dates(said)),
        link=_link(said),
        guid=said.text("guid"),
        section=text(section),
        tags=tuple(dict.fromkeys(_tags(said, section))),
        authors=tuple(dict.fromkeys(_authors(said))),
        media=tuple(_media(said, duration)),
        language=said.text("language"),
        is_draft=_is_draft(said),
        slug=said.text("slug"),
        fields=tuple(_others(said)),
        episode=_episode(said),
    )


def piece_of(
    record: Mapping[str, object],
    source: str,
    position: int,
    line: int,
    columns: Columns = BY_NAME,
    words: str = "",
) -> RawItem | Refused:
    """The item of a record, or the refusal of one that has nothing to show."""
    try:
        return item_of(record, source, position, line, columns)
    except ValueError:
        names = ", ".join(map(str, record)) or "none"
        remedy = f"name a title, content, summary or link; its fields are: {names[:100]}"
        if columns.unmatched:
            remedy = f"`fields` names {columns.unmatched[:100]}; its fields are: {names[:100]}"
        return refused(source, line, "a record with nothing to show", remedy, words)


def at_path(value: object, path: str) -> object:
    """What stands at a path: a column's name, "headline.main", "authors.0.name", "items[].x".

    A path may also begin at the list that the record is of.
    """
    found = _at(value, path)
    head, _, rest = path.partition(".")
    if found is None and rest and (head.endswith("[]") or fold(head) in LISTS):
        return _at(value, rest)
    return found


def _at(value: object, path: str) -> object:
    if isinstance(value, Mapping):
        if path in value:
            return value[path]
        named = next((v for name, v in value.items() if fold(name) == fold(path)), None)
        if named is not None:
            return named
    head, _, rest = path.partition(".")
    inner = _step(value, head.removesuffix("[]"))
    if not rest or inner is None:
        return inner
    if isinstance(inner, list) and not rest.partition(".")[0].isdigit():
        return [found for one in inner if (found := _at(one, rest)) is not None] or None
    return _at(inner, rest)


def _step(value: object, name: str) -> object:
    if isinstance(value, Mapping):
        return next((v for key, v in value.items() if fold(key) == fold(name)), None)
    if isinstance(value, list | tuple) and name.isdigit():
        return value[int(name)] if int(name) < len(value) else None
    return None


def text(value: object) -> str | None:
    """A scalar as its words; None for what has none: lists, truths, NaN."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, bool | Mapping | list | tuple | set | bytes):
        return None
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value) if isfinite(value) else None
    return str(value).strip() or None


def _body(said: Said) -> tuple[str, Markup]:
    if said.is_set("body"):
        words = next(filter(None, map(_paragraphs, said.values("body"))), "")
        return words, markup_of(words)
    for written in ("html", "markdown", "either", "text"):
        for words in filter(None, map(_paragraphs, said.values(written))):
            return words, markup_of(words) if written == "either" else Markup(written)
    return "", Markup.TEXT


def markup_of(words: str) -> Markup:
    """HTML where an element of it stands, Markdown where its headings or links do, else text."""
    if TAG.search(words):
        return Markup.HTML
    return Markup.MARKDOWN if MARKDOWN.search(words) else Markup.TEXT


def _paragraphs(value: object) -> str:
    if isinstance(value, Mapping | list | tuple):
        return prose(value).strip()
    return text(value) or ""


def untagged(words: str | None) -> str | None:
    """Words without the tags and entities of HTML, where they have any."""
    if words is None:
        return None
    if TAG.search(words) and ENDING.search(words):
        words = " ".join(TAG.sub("", PARTING.sub(" ", words)).split())
    elif not ENTITY.search(words):
        return words
    return html.unescape(words).strip() or None


def _link(said: Said) -> str | None:
    found = [_inner(value, "file") for value in said.values("link")]
    return next(filter(None, map(text, found)), None)


def _dates(said: Said) -> Iterator[RawDate]:
    """Publication first; a moment of creation speaks only where there is none of publication."""
    published = list(_dates_in(said, "published", DateRole.PUBLISHED))
    if not said.is_set("published"):
        published = _exact(published, said.text("gmt"), said.text("clock"), DateRole.PUBLISHED)
        published = published or list(_in_parts(said))
        published = published or list(_dates_in(said, "created", DateRole.PUBLISHED))
    yield from published
    updated = list(_dates_in(said, "updated", DateRole.UPDATED))
    yield from _exact(updated, said.text("updated_gmt"), None, DateRole.UPDATED)
    yield from _dates_in(said, "captured", DateRole.CAPTURED)
    yield from _ends(said)


def _ends(said: Said) -> Iterator[RawDate]:
    """When it is to be withdrawn; "true" where a field says only that it is over."""
    for date_ in _dates_in(said, "expires", DateRole.EXPIRES):
        if truth_of(date_.words) is None:
            yield date_
    for name, value in said.named("expired"):
        if truth_of(value):
            yield RawDate(words="true", role=DateRole.EXPIRES, name=name)


def _dates_in(said: Said, kind: str, role: DateRole) -> Iterator[RawDate]:
    for name, value in said.named(kind):
        if (words := text(value)) and words not in ("0", "1") and not CLOCK.fullmatch(words):
            yield RawDate(words=_moment(words), role=role, name=name)


def _moment(words: str) -> str:
    """Epoch fractions and microseconds as the seconds or milliseconds that they are."""
    if match := DOTNET.fullmatch(words):
        return match[1]
    if not words[:9].isdigit():
        return words
    match = FRACTION.fullmatch(words) or MICROSECONDS.fullmatch(words)
    return match[1] if match else words


def _exact(
    dates: list[RawDate], gmt: str | None, clock: str | None, role: DateRole
) -> list[RawDate]:
    """The first date with its time of day or its offset, where another field tells that."""
    if gmt and not dates:
        return [RawDate(words=zoned("", gmt), role=role)]
    if not dates:
        return []
    words = dates[0].words
    if gmt:
        words = zoned(words, gmt)
    elif clock and CLOCK.fullmatch(clock) and ":" not in words:
        words = f"{words} {clock}"
    if words == dates[0].words:
        return dates
    return [RawDate(words=words, role=role, name=dates[0].name), *dates[1:]]


def zoned(local: str, gmt: str) -> str:
    """A local moment with its offset, known from the same moment in UTC (ISO or epoch)."""
    try:
        there = datetime.fromtimestamp(int(gmt), UTC) if gmt.isdigit() else _utc(gmt)
        if not local:
            return there.isoformat()
        here = datetime.fromisoformat(local)
        offset = here - there.replace(tzinfo=None)
        if here.tzinfo or abs(offset) > timedelta(hours=14) or offset.seconds % 900:
            return local
        return here.replace(tzinfo=timezone(offset)).isoformat()
    except (ValueError, OverflowError, OSError):
        return local or gmt


def _utc(words: str) -> datetime:
    moment = datetime.fromisoformat(words)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _in_parts(said: Said) -> Iterator[RawDate]:
    """A date whose year, month and day have a field each."""
    year, month, day = map(said.text, ("year", "month", "day"))
    if not (year and month and re.fullmatch("[0-9]{4}", year)):
        return
    if month.isdigit():
        words = "-".join(part.zfill(2) for part in (year, month, day) if part)
    else:
        words = " ".join(part for part in (day, month, year) if part)
    if clock := said.text("clock"):
        words = f"{words} {clock}" if CLOCK.fullmatch(clock) else words
    yield RawDate(words=words, name="year, month, day")


def _tags(said: Said, section: object) -> Iterator[str]:
    for value in said.values("tags"):
        if isinstance(value, str) and value is not section:
            yield from _split_tags(value)
        elif isinstance(value, list | tuple | set):
            found = (plain(_inner(tag, "tag")) for tag in value)
            yield from (tag.lstrip("#") for tag in found if isinstance(tag, str) and tag != "#")


def _split_tags(words: str) -> Iterator[str]:
    words = words.strip("[]{}() ")
    parts = re.split(r"\s*#", words) if words.startswith("#") else SEPARATORS.split(words)
    yield from (tag for part in parts if (tag := part.strip(" \t\n'\"#")))


def _inner(value: object, kind: str) -> object:
    """What an object says of itself by names of this kind; anything else is its own name."""
    if not isinstance(value, Mapping):
        return value
    inner = {fold(name): plain(v) for name, v in value.items()}
    return next((inner[name] for name in INNER[kind] if inner.get(name)), None)


def _authors(said: Said) -> Iterator[Author]:
    """Those of the surest field that names anybody."""
    for value in said.values("authors"):
        if isinstance(value, str):
            people: list[object] = [part for part in re.split(r"[;|、\n]", value) if part.strip()]
        else:
            people = list(value) if isinstance(value, list | tuple) else [value]
        if found := list(filter(None, map(author_of, people))):
            yield from found
            return


def author_of(person: object) -> Author | None:
    """A person from a name, "Name <address>" or an object; None for what names nobody."""
    words = _inner(person, "person")
    if not isinstance(words, str) or not words.strip():
        return None
    words = re.sub(r"^by\s+", "", untagged(words.strip()) or "", flags=re.IGNORECASE)
    if not words:
        return None
    name, email = parseaddr(words) if "@" in words.lstrip("@") else (words, "")
    url = None
    if isinstance(person, Mapping):
        email = email or str(_inner(person, "email") or "")
        url = text(_inner(person, "homepage"))
    return Author(name=name or words, email=email or None, url=url)


def _media(said: Said, duration: int | None) -> Iterator[Media]:
    picture = next(
        filter(None, (_medium(v, None, is_image=True) for v in said.values("image"))), None
    )
    if picture:
        yield picture
    for value in said.values("files"):
        for thing in value if isinstance(value, list | tuple) else [value]:
            if medium := _medium(thing, duration, is_image=False):
                yield medium


def _medium(thing: object, duration: int | None, *, is_image: bool) -> Media | None:
    if isinstance(thing, list | tuple):
        thing = next(iter(thing), None)
    url = _inner(thing, "file")
    if not isinstance(url, str) or not url.strip():
        return None
    said = thing if isinstance(thing, Mapping) else {}
    size = text(_inner(said, "size")) or ""
    media_type = text(_inner(said, "media_type")) or ""
    return Media(
        url=url.strip(),
        media_type=media_type if "/" in media_type else None,
        size_bytes=int(size) if re.fullmatch("[0-9]{1,15}", size) else None,
        title=text(_inner(said, "media_title")),
        is_image=is_image,
        duration_seconds=_seconds(text(_inner(said, "duration"))) or duration,
    )


def _seconds(words: str | None) -> int | None:
    return seconds_of(words) if words else None


def seconds_of(words: str) -> int | None:
    """A length as podcasts write it: "3723", "62:03", "1:02:03", "PT1H2M3S"."""
    match = LENGTH.fullmatch(words.strip()) or ISO_LENGTH.fullmatch(words.strip())
    if not match:
        return None
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds or None


def _episode(said: Said) -> Episode | None:
    number, season = whole_number(said.text("episode")), whole_number(said.text("season"))
    kind, explicit = said.text("episode_kind"), said.first("explicit")
    if number is None and season is None and kind is None:
        return None
    return Episode(number=number, season=season, kind=kind_of(kind), is_explicit=truth_of(explicit))


def kind_of(words: str | None) -> str | None:
    """ "full", "trailer" or "bonus"; None for any other kind of episode."""
    kind = (words or "").strip().casefold()
    return kind if kind in ("full", "trailer", "bonus") else None


def whole_number(words: str | None) -> int | None:
    """A number of at most six digits; None for other words."""
    return int(words) if words and re.fullmatch("[0-9]{1,6}", words.strip()) else None


def truth_of(value: object) -> bool | None:
    """Yes or no as fields say it; None for anything else."""
    words = str(value).strip().casefold()
    return (
        True if words in YES or words == "explicit" else False if words in (*NO, "clean") else None
    )


def _is_draft(said: Said) -> bool:
    status = (text(_inner(said.first("status"), "tag")) or "").casefold()
    if status in UNPUBLISHED or truth_of(said.first("draft")):
        return True
    published = said.first("published")
    return published is False or any(truth_of(value) is False for value in said.values("live"))


def _others(said: Said) -> Iterator[tuple[str, str]]:
    found = (
        (name, value if isinstance(value, str) else _flag(value)) for name, value in said.named("")
    )
    short = (
        (name, words)
        for name, words in found
        if words and len(words) <= FIELD_CHARACTERS and not said.is_path(name)
    )
    yield from (pair for _, pair in zip(range(N_FIELDS), short, strict=False))


def _flag(value: object) -> str | None:
    return str(value).lower() if isinstance(value, bool) else text(value)
