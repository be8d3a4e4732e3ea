"""Bytes in, text out; and what is too much or no text at all.

Room: sources, private. Called by its readers; imports model and errors, and chardet.
The order of guesses and the limits are DATES.md §4 and §7.
"""

from __future__ import annotations

import codecs
import logging
from dataclasses import dataclass

import chardet

from feedsvc.errors import BrokenSource, UnknownFormat
from feedsvc.model import NO_LIMITS_SET, Limits, Refused
from feedsvc.sources._hints import NO_HINTS, Hints

HEAD_BYTES = 65_536

# UTF-32 first: its little-endian mark begins with that of UTF-16.
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
CONTROLS = bytes(set(range(1, 32)) - set(b"\t\n\v\f\r\x1b\x1e")) + b"\x7f"
ASCII = bytes(range(128))
MIXED_BYTES = 6  #: in lines that are UTF-8: fewer may be so by accident
STRAY_NULS = (4, 1 / 100)  #: more than these, and a larger share of a text, are no accident

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """Text with LF line ends and without a byte order mark."""

    text: str
    encoding: str
    note: str | None = None  #: what a person should know: bytes that had to be guessed


def text_of(name: str, data: bytes, hints: Hints = NO_HINTS) -> str:
    """The text of a source; a guess that may be wrong is logged as a warning.

    Raises BrokenSource beyond the size limit and UnknownFormat for what is no text.
    """
    require_size(name, data, hints.limits)
    if reason := why_binary(data[:HEAD_BYTES]):
        raise UnknownFormat(name, None, reason, "give the text itself, or choose another file")
    decoded = decode(data, hints.charset)
    if decoded.note:
        log.warning("%s: %s", name, decoded.note)
    return decoded.text


def require_size(name: str, data: bytes, limits: Limits = NO_LIMITS_SET) -> None:
    """Raise BrokenSource for a file beyond the limit."""
    if len(data) > limits.file_bytes:
        limit = limits.file_bytes / 1e6
        reason = f"{len(data) / 1e6:.1f} MB is more than the limit of {limit:g} MB"
        remedy = "split it into smaller files, or raise `limits.file_bytes` under [[source]]"
        raise BrokenSource(name, None, reason, remedy)


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """Decode bytes of unknown encoding; never raises, loses no readable byte.

    Byte order mark, strict UTF-8, UTF-8 with a few damaged bytes, `declared` when it
    decodes, lines of UTF-8 among others, chardet, Windows-1252. Declared comes after UTF-8: real documents lie.
    """
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _exactly(data[len(mark) :], encoding) or _replacing(data, encoding)
    return (
        _exactly(data, _sixteen_bits(data))
        or _exactly(data, "utf-8")
        or _mostly_utf_8(data)
        or _exactly(data, declared)
        or _mixed(data)
        or _exactly(data, _guessed(data))
        or _replacing(data, "cp1252")
    )


def why_binary(head: bytes) -> str | None:
    """Why these first bytes are no text, in words; None when they may be text."""
    if not head or any(head.startswith(mark) for mark, _ in MARKS) or _sixteen_bits(head):
        return None
    n_nuls = head.count(b"\0")
    n_controls = len(head) - len(head.translate(None, CONTROLS))
    mostly = 0.3 if _exactly(head, "utf-8") or _mostly_utf_8(head) else 0.05
    n_stray = max(STRAY_NULS[0], len(head) * STRAY_NULS[1])
    if n_nuls <= n_stray and n_controls <= len(head) * mostly:
        return None
    kind = chardet.detect(head).get("mime_type") or "application/octet-stream"
    what = "NUL bytes" if n_nuls else "control characters"
    return f"a binary file ({kind}: {what}), no text"


def opening(head: bytes) -> str:
    """The first thousand characters or so, for a reader to sniff at."""
    for mark, encoding in MARKS:
        if head.startswith(mark):
            return head[len(mark) :][:4096].decode(encoding, "ignore").strip()
    return head[:1024].decode(_sixteen_bits(head) or "utf-8", "ignore").strip()


def refused(source: str, line: int, reason: str, remedy: str, words: str = "") -> Refused:
    """A refusal whose words are short and can be printed anywhere."""
    shown = words[:200].strip().encode("utf-8", "replace").decode("utf-8")
    return Refused(source=source, line=line, reason=reason, remedy=remedy, words=shown)


def too_long(source: str, line: int, words: str, limits: Limits = NO_LIMITS_SET) -> Refused:
    """The refusal of one line, or one record, beyond the limit."""
    reason = f"longer than the limit of {limits.line_characters:,} characters"
    remedy = "break it into lines, or raise `limits.line_characters` under [[source]]"
    return refused(source, line, reason, remedy, words)


def _exactly(data: bytes, encoding: str | None) -> Decoded | None:
    try:
        return Decoded(text=_lines(data.decode(encoding)), encoding=encoding) if encoding else None
    except (LookupError, ValueError):
        return None


def _mostly_utf_8(data: bytes) -> Decoded | None:
    """UTF-8 into which a few bytes of something else, Windows-1252 as a rule, were pasted."""
    n_good = _n_high(data.decode("utf-8", "ignore").encode())
    n_bad = _n_high(data) - n_good
    if n_good < 10 * n_bad:
        return None
    text = _lines(data.decode("utf-8", "feedsvc.windows"))
    note = f"damaged UTF-8: {n_bad} bytes were read as Windows-1252"
    return Decoded(text=text, encoding="utf-8", note=note)


def _mixed(data: bytes) -> Decoded | None:
    """Lines of UTF-8 among lines of something else, as when files were put one behind the other."""
    lines = data.split(b"\n")
    others = [line for line in lines if not line.isascii() and not _exactly(line, "utf-8")]
    n_utf_8 = sum(_n_high(line) for line in lines) - sum(map(_n_high, others))
    encoding = _guessed(b"\n".join(others)) if n_utf_8 >= MIXED_BYTES else None
    if not encoding or not all(_exactly(line, encoding) for line in others):
        return None
    odd = set(others)
    text = "\n".join(line.decode(encoding if line in odd else "utf-8") for line in lines)
    note = f"mixed encodings: {len(others)} lines were read as {encoding}, the others as UTF-8"
    return Decoded(text=_lines(text), encoding="utf-8", note=note)


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("feedsvc.windows", _as_windows)


def _replacing(data: bytes, encoding: str) -> Decoded:
    text = _lines(data.decode(encoding, "replace"))
    note = f"not quite {encoding}: {text.count(chr(0xFFFD))} characters could not be read"
    return Decoded(text=text.removeprefix("\ufeff"), encoding=encoding, note=note)


def _n_high(data: bytes) -> int:
    return len(data.translate(None, ASCII))


def _lines(text: str) -> str:
    """With LF line ends: a lone CR ends lines only where nothing else does."""
    text = text.replace("\r\n", "\n")
    return text if "\n" in text else text.replace("\r", "\n")


def _sixteen_bits(data: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark, which strict UTF-8 would take for NUL-ridden text."""
    if b"\0" not in data[:HEAD_BYTES]:
        return None
    guess = _guessed(data) or ""
    if not guess.startswith(("utf-16", "utf-32")):
        return None
    sample = data[:4096].decode(guess, "ignore")
    n_readable = sum(c.isprintable() or c.isspace() for c in sample)
    return guess if n_readable > 0.9 * len(sample) else None


def _guessed(data: bytes) -> str | None:
    """chardet's opinion, asked on the lines that are not ASCII: only they tell."""
    telling = data[:HEAD_BYTES]
    if b"\0" not in telling:
        telling = b"\n".join(line for line in data.split(b"\n") if not line.isascii())
    return chardet.detect(telling[:HEAD_BYTES])["encoding"]
