"""What a recording says of itself: tags by their names in lower case, length, chapters.

Room: sources, private; for audio. The one place that knows mutagen, which is imported when a
first recording is read. Tags that somebody damaged say nothing, or what can be made out.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from feedsvc.model import Chapter
from feedsvc.sources import _id3

CHAPTERS_LIMIT = 1_000
VALUES_LIMIT = 50  #: of one tag
TAGS_LIMIT = 32 * 1024 * 1024  #: bytes of an ID3 tag; pictures are some millions
READS_LIMIT, BYTES_LIMIT = 50_000, 16 * 1024 * 1024  #: of one file by the library
_CHAPTER = re.compile(r"chapter(\d{1,4})(name|url)?")
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,3}))?\d*")
_GENRE = re.compile(r"\(?(\d{1,3})\)?")
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Recording:
    """The tags of a recording, and what of them is no words."""

    tags: dict[str, list[str]] = field(default_factory=dict)
    duration_seconds: int | None = None
    chapters: tuple[Chapter, ...] = ()
    artwork: str | None = None  #: the media type of a picture within

    def add(self, name: str, values: Iterable[object]) -> None:
        known = self.tags.setdefault(name.lower(), [])
        words = (str(value).replace("\0", "").strip() for value in values)
        known += [word for word in words if word and word not in known][:VALUES_LIMIT]

    def lasts(self, seconds: float) -> None:
        if 0.5 <= seconds < 1e7:
            self.duration_seconds = round(seconds)


class _Bounded:
    """A file that may be read so often and so much: the library believes any number it meets."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._n_reads = self._n_bytes = 0
        self.seek, self.tell = file.seek, file.tell

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(min(size, BYTES_LIMIT) if size >= 0 else BYTES_LIMIT)
        self._n_reads += 1
        self._n_bytes += len(data)
        if self._n_reads > READS_LIMIT or self._n_bytes > BYTES_LIMIT:
            raise OSError("more than a recording's tags are")
        return data


def recording_of(data: bytes, file: Path | None) -> Recording:
    """The recording in these bytes, or in the file that they begin. Raises nothing."""
    found = Recording()
    # A door: the library stumbles over damage in many ways, and the sound is there all the same.
    try:
        with file.open("rb") if file else BytesIO(data) as opened:
            _read(opened, data, found)
    except Exception as error:
        log.debug("tags that cannot be read: %s: %s", type(error).__name__, error)
    found.chapters = found.chapters or tuple(_of_comments(found.tags))
    return found


def _read(opened: BinaryIO, data: bytes, found: Recording) -> None:
    kind = next((kind for begins, kind in _KINDS if data.startswith(begins, 4 * kind.is_box)), None)
    if kind is None:
        _read_mpeg(opened, found)
        return
    for name in kind.modules:
        sound = _opened_as(name, opened)
        if sound is not None:
            found.lasts(getattr(sound.info, "length", 0) or 0)
            _add_items(sound.tags or {}, found)
            found.artwork = found.artwork or _picture_of(getattr(sound, "pictures", ()))
            found.chapters = tuple(_of_mp4(getattr(sound, "chapters", None)))
            return


@dataclass(frozen=True, slots=True)
class _Kind:
    modules: tuple[str, ...]  #: of the library: "module.Class"
    is_box: bool = False  #: its mark stands behind four bytes


_KINDS = (
    (b"ftyp", _Kind(("mp4.MP4",), is_box=True)),
    (b"OggS", _Kind(("oggvorbis.OggVorbis", "oggopus.OggOpus", "oggflac.OggFLAC"))),
    (b"fLaC", _Kind(("flac.FLAC",))),
    (b"RIFF", _Kind(())),
)


def _opened_as(name: str, opened: BinaryIO) -> Any:
    """The file as a class of the library has it; None where it is of another kind."""
    from importlib import import_module

    from mutagen import MutagenError  # heavy, wanted only here

    module, _, kind = name.partition(".")
    opened.seek(0)
    try:
        return getattr(import_module(f"mutagen.{module}"), kind)(_Bounded(opened))
    except MutagenError:
        return None


# -- MP3 and AAC


def _read_mpeg(opened: BinaryIO, found: Recording) -> None:
    head = opened.read(_id3.HEADER)
    length = _id3.tag_length(head)
    if 0 < length <= TAGS_LIMIT:
        _add_frames(head + opened.read(length - len(head)), found)
    size = opened.seek(0, 2)
    opened.seek(max(0, size - 128))
    for text in _id3.old_frames(opened.read()):
        if text.name.lower() not in found.tags:
            found.add(text.name, text.words)
    _join_date(found.tags)
    opened.seek(length)
    is_adts = opened.read(2)[1:2] in (b"\xf0", b"\xf1", b"\xf8", b"\xf9")
    found.lasts(_length_of_mpeg(opened, length, is_adts))


def _length_of_mpeg(opened: BinaryIO, start: int, is_adts: bool) -> float:
    from mutagen import MutagenError
    from mutagen.aac import AACInfo
    from mutagen.mp3 import MPEGInfo

    opened.seek(start)
    try:
        bounded = _Bounded(opened)
        info = AACInfo(bounded) if is_adts else MPEGInfo(bounded, start)
        return float(info.length)
    except MutagenError:
        return 0.0


def _add_frames(tag: bytes, found: Recording) -> None:
    frames = _id3.frames_of(tag)
    for frame in frames:
        if frame.name == "APIC":
            found.artwork = found.artwork or _id3.kind_of_picture(frame)
        elif text := _id3.text_of_frame(frame):
            words = map(_genre, text.words) if text.name == "TCON" else text.words
            found.add(text.name, words)
    found.chapters = tuple(_id3.chapters_of(frames, tag[3]))[:CHAPTERS_LIMIT]


def _genre(words: str) -> str:
    """A genre by its number, as the first tags had it."""
    from mutagen._constants import GENRES

    number = _GENRE.fullmatch(words)
    return GENRES[int(number[1])] if number and int(number[1]) < len(GENRES) else words


def _join_date(tags: dict[str, list[str]]) -> None:
    """Year, "ddmm" and "hhmm" of the older versions, as the newest writes them together."""
    year, day, clock = (next(iter(tags.get(name, ())), "") for name in ("tyer", "tdat", "time"))
    if "tdrc" in tags or not re.fullmatch(r"\d{4}", year):
        return
    date = f"{year}-{day[2:]}-{day[:2]}" if re.fullmatch(r"\d{4}", day) else year
    is_timed = date != year and re.fullmatch(r"\d{4}", clock)
    tags["tdrc"] = [f"{date}T{clock[:2]}:{clock[2:]}" if is_timed else date]


# -- MP4, Vorbis


def _add_items(tags: Any, found: Recording) -> None:
    for name, value in tags.items():
        values = value if isinstance(value, list) else [value]
        if name == "covr" or name.lower() == "metadata_block_picture":
            found.artwork = found.artwork or _kind_of_cover(values)
        else:
            found.add(name.rpartition(":")[2], map(_plain, values))


def _plain(value: object) -> object:
    """One value of an MP4 atom or a comment: (number, total) is its number."""
    if isinstance(value, tuple):
        return value[0] or "" if value else ""
    return value.decode("utf-8", "ignore") if isinstance(value, bytes) else value


def _kind_of_cover(values: list[Any]) -> str | None:
    kinds = {13: "image/jpeg", 14: "image/png"}
    return kinds.get(getattr(values[0], "imageformat", 0), "image") if values else None


def _picture_of(pictures: Any) -> str | None:
    return next((one.mime or "image" for one in pictures), None)


def _of_mp4(chapters: Any) -> Iterator[Chapter]:
    for one in list(chapters or ())[:CHAPTERS_LIMIT]:
        if one.title.strip():
            yield Chapter(start_ms=round(one.start * 1000), title=one.title.strip())


def _of_comments(tags: dict[str, list[str]]) -> Iterator[Chapter]:
    """CHAPTER001=00:00:10.000, CHAPTER001NAME=…, CHAPTER001URL=…; they leave the tags."""
    parts: dict[str, dict[str, str]] = {}
    for name in list(tags):
        if found := _CHAPTER.fullmatch(name):
            number, kind = found.groups()
            parts.setdefault(number, {})[kind or "start"] = next(iter(tags.pop(name)), "")
    for _, one in sorted(parts.items())[:CHAPTERS_LIMIT]:
        start = _milliseconds(one.get("start", ""))
        if start is not None and one.get("name"):
            yield Chapter(start_ms=start, title=one["name"], link=one.get("url"))


def _milliseconds(clock: str) -> int | None:
    found = _CLOCK.fullmatch(clock.strip())
    if not found:
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups()[:3])
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + int((found[4] or "").ljust(3, "0"))
