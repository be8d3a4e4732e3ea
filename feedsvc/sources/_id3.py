"""ID3v2 tags (2.2 to 2.4) and ID3v1: frames as name and words, chapters, the kind of picture.

Room: sources, private; for audio. Pure. Imports model. Each byte is looked at a few times at
most; a frame that is packed, encrypted or cut off is passed over, and its neighbours are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from feedsvc.model import Chapter

HEADER = 10  #: bytes
FRAMES_LIMIT = 5_000  #: of a tag
_ENCODINGS = ("latin-1", "utf-16", "utf-16-be", "utf-8")
_NAME = re.compile(rb"[A-Z][A-Z0-9]{2,3}").fullmatch
#: names of version 2.2 that are read, in their later spelling
_LATER = {
    "TT2": "TIT2", "TT3": "TIT3", "TP1": "TPE1", "TP2": "TPE2", "TAL": "TALB", "TRK": "TRCK",
    "TPA": "TPOS", "TYE": "TYER", "TDA": "TDAT", "TCO": "TCON", "TLA": "TLAN", "TCR": "TCOP",
    "COM": "COMM", "ULT": "USLT", "TXX": "TXXX", "WXX": "WXXX", "WAF": "WOAF", "WAS": "WOAS",
    "PIC": "APIC", "TDS": "TDES", "TCT": "TCAT", "TDR": "TDRL",
}  # fmt: skip
_V1 = ((3, 33, "TIT2"), (33, 63, "TPE1"), (63, 93, "TALB"), (93, 97, "TYER"), (97, 127, "COMM"))


class Frame(NamedTuple):
    """A frame whose payload is as it was before it was packed for transport."""

    name: str
    data: bytes


class Text(NamedTuple):
    """What a frame says: its name, or the one it was given (TXXX, WXXX); "" for languages."""

    name: str
    words: tuple[str, ...]


def tag_length(head: bytes) -> int:
    """How long the tag is that these bytes begin with, its header and footer included."""
    if len(head) < HEADER or head[:3] != b"ID3":
        return 0
    return HEADER * (2 if head[5] & 0x10 else 1) + _synchsafe(head[6:10])


def frames_of(tag: bytes) -> list[Frame]:
    """The frames of a tag with its header; none for what is no tag."""
    if len(tag) < HEADER or tag[3] not in (2, 3, 4):
        return []
    version, flags, body = tag[3], tag[5], tag[HEADER:]
    if flags & 0x80 and version < 4:
        body = body.replace(b"\xff\0", b"\xff")
    if flags & 0x40 and version > 2 and len(body) > 4:
        size = _synchsafe(body[:4]) if version == 4 else int.from_bytes(body[:4], "big") + 4
        body = body[size:]
    return list(islice(_frames(body, version), FRAMES_LIMIT))


def _frames(body: bytes, version: int) -> Iterator[Frame]:
    n_name, n_size, n_flags = (3, 3, 0) if version == 2 else (4, 4, 2)
    at = 0
    while at + n_name + n_size + n_flags <= len(body):
        name = body[at : at + n_name]
        if not _NAME(name):
            return
        size = _size(body, at + n_name, n_size, version)
        flags = body[at + n_name + n_size + 1] if n_flags else 0
        at += n_name + n_size + n_flags
        data = _unwrapped(body[at : at + size], flags, version)
        if data:
            yield Frame(_LATER.get(name.decode(), name.decode()), data)
        at += size


def _size(body: bytes, at: int, length: int, version: int) -> int:
    """Seven bits a byte in 2.4; some write eight there too, which shows by what comes next."""
    plain = int.from_bytes(body[at : at + length], "big")
    if version < 4 or plain < 128:
        return plain
    size = _synchsafe(body[at : at + length])
    is_plain = max(body[at : at + length]) > 127 or (
        not _leads_on(body, at + 6 + size) and _leads_on(body, at + 6 + plain)
    )
    return plain if is_plain else size


def _leads_on(body: bytes, at: int) -> bool:
    return at == len(body) or body[at : at + 1] == b"\0" or bool(_NAME(body[at : at + 4]))


def _unwrapped(data: bytes, flags: int, version: int) -> bytes:
    """Without what a flag puts in front; nothing of a packed or encrypted frame."""
    if version == 3:
        return b"" if flags & 0xC0 else data[1:] if flags & 0x20 else data
    if version == 4:
        if flags & 0x0C:
            return b""
        data = data[(1 if flags & 0x40 else 0) + (4 if flags & 0x01 else 0) :]
        return data.replace(b"\xff\0", b"\xff") if flags & 0x02 else data
    return data


def _synchsafe(data: bytes) -> int:
    size = 0
    for byte in data:
        size = size << 7 | byte & 0x7F
    return size


# -- what frames say


def text_of_frame(frame: Frame) -> Text | None:
    """The words of a frame of text, an address or a comment; None of any other."""
    name, data = frame
    if name in ("TXXX", "WXXX"):
        given, *words = _strings(data) if name == "TXXX" else _given_address(data)
        return Text(given.strip() or name, tuple(words))
    if name in ("COMM", "USLT"):
        about, *words = _strings(data[:1] + data[4:])
        return None if about.startswith("iTun") else Text(name, tuple(words))
    if name[0] == "W":
        return Text(name, (data.decode("latin-1").partition("\0")[0],))
    return Text(name, tuple(_strings(data))) if name[0] == "T" else None


def _strings(data: bytes) -> list[str]:
    """The texts behind a byte that names their encoding; one at least."""
    if not data or data[0] > 3:
        return [data.decode("latin-1").strip("\0")]
    words = data[1:].decode(_ENCODINGS[data[0]], "replace")
    return [one.lstrip("\ufeff\ufffe") for one in words.rstrip("\0").split("\0")]


def _given_address(data: bytes) -> tuple[str, str]:
    """A description in its own encoding, then an address in Latin-1."""
    is_wide = data[:1] in (b"\1", b"\2")
    end = re.compile(rb"(?:..)*?\0\0" if is_wide else rb"[^\0]*\0", re.DOTALL).match(data, 1)
    if end is None:
        return "", data[1:].decode("latin-1")
    address = data[end.end() :].decode("latin-1").partition("\0")[0]
    return _strings(data[: end.end()])[0], address


def kind_of_picture(frame: Frame) -> str:
    """The media type an APIC frame names."""
    kind = frame.data[1:64].decode("latin-1").partition("\0")[0]
    return kind if "/" in kind else "image"


def chapters_of(frames: list[Frame], version: int) -> list[Chapter]:
    """The chapters that the topmost table lists, else all there are, by their beginning."""
    found = dict(_chapter(frame, version) for frame in frames if frame.name == "CHAP")
    listed = [key for key in _listed(frames) if key in found]
    chapters = filter(None, (found[key] for key in listed or found))
    return sorted(chapters, key=lambda chapter: chapter.start_ms)


def _chapter(frame: Frame, version: int) -> tuple[bytes, Chapter | None]:
    key, _, rest = frame.data.partition(b"\0")
    inner = {one.name: text_of_frame(one) for one in islice(_frames(rest[16:], version), 8)}
    texts = {one.name: one.words for one in inner.values() if one}
    title = " ".join("".join(texts.get("TIT2", ())).split())
    named = inner.get("WXXX")
    link = named.words[0] if named and named.words and named.words[0] else None
    start = int.from_bytes(rest[:4], "big")
    return key, Chapter(start_ms=start, title=title, link=link) if title else None


def _listed(frames: list[Frame]) -> list[bytes]:
    """What a table of contents holds; the one that is above all others comes first."""
    tables = [frame.data.partition(b"\0")[2] for frame in frames if frame.name == "CTOC"]
    tables.sort(key=lambda rest: not (rest[:1] and rest[0] & 2))
    return tables[0][2:].split(b"\0") if tables else []


def old_frames(tail: bytes) -> list[Text]:
    """What an ID3v1 tag says: the last 128 bytes of a file."""
    if tail[:3] != b"TAG":
        return []
    words = ((name, tail[start:end].partition(b"\0")[0]) for start, end, name in _V1)
    return [Text(name, (word.decode("latin-1"),)) for name, word in words if word.strip()]
