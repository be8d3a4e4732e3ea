"""A post: what the header above a text says, and the text, make a raw item.

Room: sources, private; for readers of texts with headers. Imports model.
The names of entries are those of fields.toml; what each site maker writes into them is evened out here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from feedsvc.model import Chapter, Episode, Markup, Media, RawItem
from feedsvc.sources._fields import NAMES, fold, item_of, truth_of
from feedsvc.sources._frontmatter import Header, Value

NESTED = ("taxonomies", "extra", "params", "itunes", "podcast", "seo")
PICTURED = ("header", "images", "cover", "featured")
LISTED = ("tags", "categories", "keywords", "topics", "authors")
ADDRESS = re.compile(r"(?:https?://[^\s{}]+|/[^\s{}:]*|[^\s{}:]+[/.][^\s{}:]*)")
LINKS, IMAGES = frozenset(NAMES["link"]), frozenset(NAMES["image"])
NEVER_FLAGS = IMAGES.union(NAMES["summary"], NAMES["files"])
CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,4}):(\d{1,2})(?:[.,](\d{1,3}))?")
TIMED = re.compile(r"\(?([\d:.,]+)\)?[ \t]+(.+)")
LONGEST = 1_000  #: characters of an entry that templates of addresses may name


def post_of(
    header: Header, body: str, *, source: str, position: int = 0, line: int | None = 1,
    title: str | None = None, markup: Markup = Markup.MARKDOWN,
) -> RawItem:  # fmt: skip
    """An item of a header and the text below it; `title` is what it is called if the header is silent.

    Raises ValueError when nothing in it could be an entry.
    """
    record = _record(header)
    titled = {"title": title} if title and not header.title else {}
    item = item_of({**record, **titled, "content_markdown": body}, source, position, line)
    folded = {fold(name): value for name, value in record.items()}
    return replace(
        item,
        body=body or item.body,
        markup=markup if body else item.markup,
        media=_sized(item.media, folded),
        fields=tuple(_scalars(header.entries)),
        episode=_episode(item.episode, folded),
        is_draft=item.is_draft or truth_of(folded.get("publish")) is False,
    )


def seconds_of(words: str) -> int | None:
    """A moment of a recording: "1:02:03", "31:20.5", "1880"."""
    if words.isascii() and words.isdigit() and len(words) < 8:
        return int(words)
    found = CLOCK.fullmatch(words.strip())
    return int(found[1] or 0) * 3600 + int(found[2]) * 60 + int(found[3]) if found else None


# -- what site makers write


def _record(header: Header) -> dict[str, object]:
    record: dict[str, object] = dict(header.entries)
    for name in NESTED:
        inner = record.get(name)
        for key, value in inner.items() if isinstance(inner, dict) else ():
            record.setdefault(key, value)
    for name in PICTURED:
        record.setdefault("image", _picture(record.get(name)))
    evened = ((name, _evened(fold(name), value, header.syntax)) for name, value in record.items())
    return {name: value for name, value in evened if value not in (None, "", [])}


def _picture(value: object) -> object:
    """The picture of "header: {teaser: …}" or "images: […]"; None for any other words."""
    if isinstance(value, dict):
        return next(
            (value[name] for name in ("image", "overlay_image", "teaser") if value.get(name)), None
        )
    return value if isinstance(value, list) else None


def _evened(name: str, value: object, syntax: str) -> object:
    """An entry as every record writes it; None for one that says nothing to us."""
    if name in LISTED:
        return _listed(name, value, syntax)
    if isinstance(value, dict) and name in IMAGES:
        return {**value, "url": value.get("url") or value.get("image") or value.get("path")}
    if not isinstance(value, str):
        return value
    if name in LINKS:
        return value if ADDRESS.fullmatch(value) else None
    flag = None if value.isdigit() else truth_of(value)
    if flag is None:
        return value
    return None if name in NEVER_FLAGS else flag if name == "published" else value


def _listed(name: str, value: object, syntax: str) -> object:
    """Jekyll parts by blanks, Pelican by commas, authors also by semicolons."""
    if isinstance(value, str):
        by_blanks = syntax == "yaml" and name not in ("keywords", "authors")
        mark = next((mark for mark in (";", ",") if mark in value), None)
        value = value.split(mark) if mark else value.split() if by_blanks else [value]
    if not isinstance(value, list) or name == "authors":
        return value
    return [one.strip().lstrip("#") if isinstance(one, str) else one for one in value]


def _scalars(entries: Mapping[str, Value], above: str = "") -> Iterator[tuple[str, str]]:
    """The entries by their dotted names, lists as words with commas between."""
    for name, value in entries.items():
        if isinstance(value, dict):
            yield from _scalars(value, f"{above}{name}.")
        else:
            words = (
                [one for one in value if isinstance(one, str)]
                if isinstance(value, list)
                else [value]
            )
            if joined := ", ".join(words)[:LONGEST]:
                yield above + name, joined


# -- recordings


def _words(folded: Mapping[str, object], *names: str) -> str | None:
    values = (folded.get(name) for name in names)
    return next((v.strip() for v in values if isinstance(v, str) and v.strip()), None)


def _sized(media: tuple[Media, ...], folded: Mapping[str, object]) -> tuple[Media, ...]:
    """With the size that stands beside an enclosure."""
    size = _words(folded, "length", "size", "bytes", "filesize", "audiosize", "audiolength") or ""
    if not re.fullmatch("[0-9]{4,12}", size):
        return media
    is_file = [not (one.is_image or one.size_bytes) for one in media]
    at = is_file.index(True) if True in is_file else None
    return tuple(
        replace(one, size_bytes=int(size)) if n == at else one for n, one in enumerate(media)
    )


def _episode(known: Episode | None, folded: Mapping[str, object]) -> Episode | None:
    """With the chapters and the transcript that its header lists."""
    chapters = tuple(_chapters(folded.get("chapters")))
    transcript = _words(folded, "transcript", "transcripturl", "transcriptfile") or ""
    transcripts = (Media(url=transcript),) if ADDRESS.fullmatch(transcript) else ()
    if not (chapters or transcripts):
        return known
    return replace(known or Episode(), chapters=chapters, transcripts=transcripts)


def _chapters(listed: object) -> Iterator[Chapter]:
    for one in listed if isinstance(listed, list) else ():
        found = TIMED.fullmatch(one) if isinstance(one, str) else None
        said = {"start": found[1], "title": found[2]} if found else one
        if isinstance(said, dict):
            folded = {fold(name): value for name, value in said.items()}
            start = seconds_of(_words(folded, "start", "starttime", "time", "timestamp") or "")
            title = _words(folded, "title", "name")
            if start is not None and title:
                link = _words(folded, "link", "url")
                yield Chapter(start_ms=start * 1000, title=title, link=link)
