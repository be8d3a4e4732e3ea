"""A message of a mail: headers decoded, and the text among its parts.

Room: sources, private; for the reader of mail. Imports the room's neighbours. Raises nothing
but what the standard library's parser cannot help: a RecursionError for absurd nesting.
"""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from itertools import chain

from feedsvc.sources._charset import codec_of, stateful
from feedsvc.sources._text import decode

BOUNDARIES = 60  #: a message that names more is nested beyond reason: its head alone is read
PARTS = 200
LONG_RULE = re.compile(r"^-{70}$", re.MULTILINE)
RULED = re.compile(r"^-{30,}\n+", re.MULTILINE)
DIGESTED = re.compile(
    r"(?:Message: \d{1,4}\n)?((?=(?:.*\n){0,9}?From:)(?:[!-9;-~]{1,60}:[ \t].*\n(?:[ \t]+\S.*\n)*){2,30})\n"
)
WORD = re.compile(r"=\?([^?\s*]{1,40})(?:\*[^?\s]{0,20})?\?([bBqQ])\?([^?]*)\?=")


def parse(data: bytes) -> Message:
    """A message; one without parts is not searched for any."""
    head = BytesParser(policy=compat32).parsebytes(data, headersonly=True)
    if not head.is_multipart() and head.get_content_maintype() not in ("multipart", "message"):
        return head
    if data.lower().count(b"boundary=") > BOUNDARIES:
        return head
    return BytesParser(policy=compat32).parsebytes(data)


class Heads:
    """The headers of a message in plain words, each on one line, by their lower-case names."""

    def __init__(self, message: Message) -> None:
        self._message = message
        self._raw: dict[str, list[str]] = {}
        for name, value in message.raw_items():
            self._raw.setdefault(name.lower(), []).append(str(value))

    def all(self, name: str) -> list[str]:
        """Every header of a name."""
        return [" ".join(_unencoded(self._readable(v)).split()) for v in self._raw.get(name, ())]

    def first(self, name: str) -> str:
        """The first header of a name; "" where there is none."""
        return next(iter(self.all(name)), "") if name in self._raw else ""

    def _readable(self, value: str) -> str:
        """Eight-bit words that stand in a header against all rules, read as the text is."""
        if value.isascii():
            return value
        data = value.encode("utf-8", "surrogateescape")
        content = self._message.get_payload(decode=True)
        around = content[:65536] if isinstance(content, bytes) else b""
        charset = decode(data + b"\n" + around).encoding
        return decode(data, codec_of(self._message.get_content_charset()) or charset).text


def _unencoded(value: str) -> str:
    """RFC 2047 words decoded; characters cut in two by a fold are whole again."""
    if "=?" not in value:
        return value
    parts: list[tuple[str, bytes]] = []
    end = 0
    for word in WORD.finditer(value):
        between = value[end : word.start()]
        if between.strip() or not parts:
            parts.append(("", between.encode("utf-8", "replace")))
        content = _content(word[2], word[3])
        if parts[-1][0] == word[1].casefold():
            content = parts.pop()[1] + content
        parts.append((word[1].casefold(), content))
        end = word.end()
    parts.append(("", value[end:].encode("utf-8", "replace")))
    return "".join(text_of(content, charset or "utf-8") for charset, content in parts)


def _content(kind: str, words: str) -> bytes:
    raw = words.encode("utf-8", "replace")
    if kind in "qQ":
        return quopri.decodestring(raw.replace(b"_", b"=20"))
    try:
        return base64.b64decode(raw + b"=" * (-len(raw) % 4))
    except (binascii.Error, ValueError):
        return raw


def text_of(data: bytes, charset: str | None) -> str:
    """Bytes as text, whatever their label claims."""
    codec = codec_of(charset)
    return stateful(data, codec) or decode(data, codec).text


def texts(message: Message) -> Iterator[tuple[str, Message, str]]:
    """Each part that a person reads: its kind ("html", "plain"), itself and its words."""
    for n, part in enumerate(_leaves(message)):
        if n >= PARTS:
            return
        kind = part.get_content_type()
        disposition = str(part.get("Content-Disposition") or "").lower()
        if kind in ("text/html", "text/plain") and not disposition.startswith("attachment"):
            yield kind.removeprefix("text/"), part, words_of(part)


def _leaves(message: Message, depth: int = 0) -> Iterator[Message]:
    parts = message.get_payload()
    if not isinstance(parts, list):
        yield message
    elif depth < BOUNDARIES:
        inner = [part for part in parts if isinstance(part, Message)]
        yield from chain.from_iterable(_leaves(part, depth + 1) for part in inner)


def words_of(part: Message) -> str:
    """The decoded text of one part."""
    data = part.get_payload(decode=True)
    charset = part.get_content_charset()
    return text_of(data, charset) if isinstance(data, bytes) else ""


def digested(message: Message) -> list[Message]:
    """The messages of a digest (RFC 2046 §5.1.5, RFC 1153), which are items of their own."""
    found = [part for part in message.walk() if part.get_content_type() == "multipart/digest"]
    inner = (one for digest in found for one in _payload(digest))
    return [one for part in inner for one in (_payload(part) or [part])] or _ruled(message)


def _ruled(message: Message) -> list[Message]:
    """The messages of a digest in plain text, with a ruled line between each and the next."""
    if message.get_content_type() != "text/plain":
        return []
    words = words_of(message).replace("\r\n", "\n")
    pieces = RULED.split(words)[1:] if LONG_RULE.search(words) else []
    heads = [found for piece in pieces if (found := DIGESTED.match(piece))]
    return [parse(f"{head[1]}\n{head.string[head.end() :]}".encode()) for head in heads]


def _payload(part: Message) -> list[Message]:
    parts = part.get_payload()
    return [one for one in parts if isinstance(one, Message)] if isinstance(parts, list) else []
