"""Recordings: MP3, MP4, Ogg, Opus, FLAC, WAV, AAC, with the notes and transcripts beside them.

Room: sources. A reader (see the registry). Imports model, errors and media_types.
A file is one item, an episode: its tags say what it is, and notes of the same stem (".md",
".txt", ".html") say it better. One without any tags is called by its name.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from html import escape
from importlib.resources import files
from pathlib import PurePosixPath
from urllib.parse import quote

from feedsvc.errors import SourceError
from feedsvc.media_types import media_type_of
from feedsvc.model import (
    Author,
    Chapter,
    Episode,
    Markup,
    Media,
    Noise,
    RawDate,
    RawItem,
    Refused,
)
from feedsvc.sources._captions import words_of_captions
from feedsvc.sources._fields import TAG, author_of, kind_of, truth_of, whole_number
from feedsvc.sources._hints import NO_HINTS, Hints
from feedsvc.sources._recording import CHAPTERS_LIMIT, Recording, recording_of
from feedsvc.sources._text import decode, refused

NAME = "audio"
_TABLES = tomllib.loads(files("feedsvc.sources").joinpath("audio.toml").read_text("utf-8"))
NAMES, FIELDS = (
    {kind: names.split() for kind, names in _TABLES[table].items()} for table in ("names", "fields")
)
LANGUAGES: Mapping[str, str] = _TABLES["languages"]
PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif")
COVERS = ("cover", "folder", "artwork")
NOTES = (".md", ".markdown", ".html", ".txt")
TRANSCRIPTS = (".vtt", ".srt")
STILLS = (b"heic", b"heix", b"mif1", b"msf1", b"avif", b"avis")  #: pictures in an MP4's box
FIELD_CHARACTERS = 1_000


def sniff(_: str, head: bytes) -> float:
    """By the first bytes alone: none of them begins a text."""
    if head[4:8] == b"ftyp":
        return 0.0 if head[8:12] in STILLS else 0.98
    is_tagged = head.startswith((b"ID3\2", b"ID3\3", b"ID3\4", b"OggS", b"fLaC"))
    is_wave = head.startswith(b"RIFF") and head[8:12] == b"WAVE"
    return 0.98 if is_tagged or is_wave or _is_frame(head) else 0.0


def _is_frame(head: bytes) -> bool:
    """Whether an MPEG layer III or ADTS frame begins here (ISO 11172-3 §2.4.1.3)."""
    if len(head) < 4 or head[0] != 0xFF:
        return False
    if head[1] & 0xF6 == 0xF0:
        return head[2] >> 2 & 15 < 13
    is_third_layer = head[1] & 0xE6 == 0xE2 and head[1] & 0x18 != 0x08
    return is_third_layer and 0 < head[2] >> 4 < 15 and head[2] & 0x0C != 0x0C


def read(name: str, data: bytes, hints: Hints = NO_HINTS) -> Iterator[RawItem | Refused | Noise]:
    """The episode of a recording; `data` may be its beginning, with the whole in `hints.file`."""
    file_name = hints.file.name if hints.file else PurePosixPath(name).name
    recording = recording_of(data, hints.file)
    item = _item(name, recording, _sound(file_name, data, hints, recording))
    item = replace(item, media=(*item.media, *_artwork(file_name, hints)))
    try:
        notes = _notes(name, hints)
    except SourceError as error:
        notes = None
        reason = f"the notes beside it cannot be read: {error.reason}"
        yield refused(name, 1, reason, error.remedy or "mend or remove them")
    yield _transcribed(_noted(item, notes) if notes else item, file_name, hints)


def _sound(file_name: str, data: bytes, hints: Hints, recording: Recording) -> Media:
    try:
        size = hints.file.stat().st_size if hints.file else len(data)
    except OSError:
        size = len(data)
    return Media(
        url=quote(file_name),
        media_type=media_type_of(file_name) or _kind_of(data),
        size_bytes=size,
        duration_seconds=recording.duration_seconds,
    )


def _kind_of(data: bytes) -> str:
    """Of a file whose name does not tell."""
    kinds = {b"OggS": "audio/ogg", b"fLaC": "audio/flac", b"RIFF": "audio/wav"}
    default = "audio/mp4" if data[4:8] == b"ftyp" else "audio/mpeg"
    return kinds.get(data[:4], default)


# -- tags


def _item(name: str, recording: Recording, sound: Media) -> RawItem:
    tags = recording.tags
    body, markup, summary = _words(tags)
    guid, link = _first(tags, "guid"), _first(tags, "link")
    return RawItem(
        source=name,
        position=0,
        line=1,
        title=_first(tags, "title") or _stem_title(name),
        body=body,
        markup=markup,
        summary=summary,
        dates=_dates(tags),
        link=link if link and link.startswith(("http://", "https://")) else None,
        guid=guid,
        tags=tuple(dict.fromkeys(_all(tags, "tags"))),
        authors=_authors(tags),
        media=(sound,),
        language=_language(tags),
        fields=tuple(_fields(recording)),
        episode=_episode(recording),
    )


def _all(tags: Mapping[str, list[str]], kind: str) -> Iterator[str]:
    for name in NAMES[kind]:
        yield from tags.get(name, ())


def _first(tags: Mapping[str, list[str]], kind: str) -> str | None:
    return next(_all(tags, kind), None)


def _stem_title(name: str) -> str:
    from feedsvc.sources.markdown import stem_title  # with its neighbours, wanted only here

    return stem_title(name) or PurePosixPath(name).stem


def _words(tags: Mapping[str, list[str]]) -> tuple[str, Markup, str | None]:
    """Body, its markup, and a summary where another text is the body; lyrics come behind both."""
    said = list(dict.fromkeys(filter(None, (_first(tags, k) for k in ("description", "comment")))))
    lyrics = _first(tags, "lyrics")
    body = max(said, key=len, default="")
    summary = next((words for words in said if words is not body), _first(tags, "subtitle"))
    markup = Markup.HTML if TAG.search(body) else Markup.TEXT
    if lyrics and lyrics not in said:
        lines = lyrics if markup is Markup.TEXT else f"<pre>{escape(lyrics)}</pre>"
        body = f"{body}\n\n{lines}".strip()
    return body, markup, summary


def _dates(tags: Mapping[str, list[str]]) -> tuple[RawDate, ...]:
    names = [name for name in NAMES["released"] if tags.get(name)]
    return tuple(RawDate(words=tags[name][0], name=name.upper()) for name in names[:1])


def _authors(tags: Mapping[str, list[str]]) -> tuple[Author, ...]:
    """Who is heard; whose album it is only where nobody is named."""
    name = next((name for name in NAMES["authors"] if tags.get(name)), "")
    return tuple(dict.fromkeys(filter(None, map(author_of, tags.get(name, ())))))


def _language(tags: Mapping[str, list[str]]) -> str | None:
    code = (_first(tags, "language") or "").lower()
    found = LANGUAGES.get(code, code)
    return found if len(found.partition("-")[0]) == 2 else None


def _fields(recording: Recording) -> Iterator[tuple[str, str]]:
    for kind, names in FIELDS.items():
        words = next((recording.tags[name][0] for name in names if recording.tags.get(name)), "")
        if words:
            yield kind, words[:FIELD_CHARACTERS]
    if recording.artwork:
        yield "artwork", f"{recording.artwork}, within the file"


def _episode(recording: Recording) -> Episode:
    tags = recording.tags
    return Episode(
        number=_number(tags, "episode"),
        season=_number(tags, "season"),
        kind=kind_of(_first(tags, "kind")),
        is_explicit=_is_explicit(_first(tags, "explicit")),
        chapters=recording.chapters,
    )


def _number(tags: Mapping[str, list[str]], kind: str) -> int | None:
    """ "3", "3/12"; zero is what tools write that know none."""
    numbers = (whole_number(words.partition("/")[0]) for words in _all(tags, kind))
    return next(filter(None, numbers), None)


def _is_explicit(words: str | None) -> bool | None:
    """1 and 4 are explicit, 2 is cleaned, 0 says nothing (iTunes' advisory)."""
    return {"1": True, "4": True, "2": False, "0": None}.get(words or "0", truth_of(words))


# -- what lies beside


def _artwork(file_name: str, hints: Hints) -> Iterator[Media]:
    """The picture of the same stem, else the cover of the folder."""
    stem = PurePosixPath(file_name).stem
    names = [stem + suffix for suffix in PICTURES if suffix in hints.companions]
    if not names and hints.file:
        covers = (f"{cover}{suffix}" for cover in COVERS for suffix in PICTURES)
        names = [name for name in covers if hints.file.with_name(name).is_file()]
    for name in names[:1]:
        yield Media(url=quote(name), media_type=media_type_of(name), is_image=True)


def _notes(name: str, hints: Hints) -> RawItem | None:
    """The item that the notes beside a recording are, read as any other file of their kind."""
    from feedsvc.sources import read as read_any  # the registry, which knows us too

    for suffix in NOTES:
        if suffix in hints.companions:
            notes = str(PurePosixPath(name).with_suffix(suffix))
            reader = "webpage" if suffix == ".html" else "markdown"
            around = replace(hints, file=None, companions={})
            found = read_any(notes, hints.companions[suffix](), reader, around)
            items = [one for one in found if isinstance(one, RawItem)]
            if len(items) == 1:
                return items[0]
            if items:
                return _together(items)
    return None


def _together(items: list[RawItem]) -> RawItem:
    """Notes that look like many items are one all the same: those of this recording."""
    parts = (f"{one.title or ''}\n\n{one.body}".strip() for one in items)
    return replace(items[0], title=None, body="\n\n".join(parts), dates=(), slug=None)


def _noted(item: RawItem, notes: RawItem) -> RawItem:
    """The item with what its notes say, which a person wrote; the tags say the rest."""
    is_named = notes.title not in (None, _stem_title(item.source))
    media = {PurePosixPath(one.url).name: one for one in (*notes.media, *item.media)}
    known = dict(notes.fields)
    return replace(
        notes,
        source=item.source,
        position=0,
        line=1,
        title=notes.title if is_named else item.title,
        body=notes.body or item.body,
        markup=notes.markup if notes.body else item.markup,
        summary=notes.summary or item.summary,
        dates=notes.dates or item.dates,
        link=notes.link or item.link,
        guid=notes.guid or item.guid,
        tags=notes.tags or item.tags,
        authors=notes.authors or item.authors,
        media=tuple(sorted(media.values(), key=lambda one: one not in item.media)),
        language=notes.language or item.language,
        fields=(*notes.fields, *(pair for pair in item.fields if pair[0] not in known)),
        episode=_both(notes.episode or Episode(), item.episode or Episode()),
    )


def _both(notes: Episode, tags: Episode) -> Episode:
    return Episode(
        number=tags.number if notes.number is None else notes.number,
        season=tags.season if notes.season is None else notes.season,
        kind=notes.kind or tags.kind,
        is_explicit=tags.is_explicit if notes.is_explicit is None else notes.is_explicit,
        chapters=notes.chapters or tags.chapters,
        transcripts=notes.transcripts,
    )


def _transcribed(item: RawItem, file_name: str, hints: Hints) -> RawItem:
    """With its transcripts, whose words are the content where there is no other; and chapters."""
    stem, episode = PurePosixPath(file_name).stem, item.episode or Episode()
    suffixes = [suffix for suffix in TRANSCRIPTS if suffix in hints.companions]
    found = tuple(
        Media(url=quote(stem + suffix), media_type=media_type_of(suffix)) for suffix in suffixes
    )
    chapters = episode.chapters or tuple(_chapters(hints))
    episode = replace(episode, transcripts=(*episode.transcripts, *found), chapters=chapters)
    item = replace(item, episode=None if episode == Episode() else episode)
    if item.body or not suffixes:
        return item
    words = words_of_captions(decode(hints.companions[suffixes[0]]()).text)
    return replace(item, body=words, markup=Markup.TEXT)


def _chapters(hints: Hints) -> Iterator[Chapter]:
    """Of a ".json" beside it (Podcasting 2.0: chapters, startTime, title, url)."""
    load = hints.companions.get(".json")
    try:
        said = json.loads(decode(load()).text) if load else {}
    except (ValueError, RecursionError):
        return
    listed = said.get("chapters") if isinstance(said, dict) else None
    for one in listed[:CHAPTERS_LIMIT] if isinstance(listed, list) else ():
        if chapter := _chapter(one):
            yield chapter


def _chapter(said: object) -> Chapter | None:
    if not isinstance(said, dict) or said.get("toc") is False:
        return None
    start, title, link = (said.get(name) for name in ("startTime", "title", "url"))
    if not isinstance(start, int | float) or not 0 <= start < 1e6 or not isinstance(title, str):
        return None
    return Chapter(
        start_ms=round(start * 1000), title=title, link=link if isinstance(link, str) else None
    )
