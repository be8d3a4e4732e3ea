"""Small values that both RSS and Atom have: numbers, media types, mail addresses.

Room: check. Entered by the formats; each has the form a shape asks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from feedsvc import media_types
from feedsvc.check import _addresses, _dates, _languages, _texts
from feedsvc.check.context import Context
from feedsvc.check.findings import Finding, Rule, Severity, shown

NOT_A_NUMBER = Rule(
    name="number-invalid",
    severity=Severity.ERROR,
    harm="readers ignore the number, or stop reading the item",
    remedy="write digits alone: no sign, no fraction, no unit",
    section="RSS 2.0; RFC 4287 §4.2.7.6",
)
MEDIA_TYPE = Rule(
    name="media-type-invalid",
    severity=Severity.ERROR,
    harm="readers do not know what to do with the file",
    remedy="write it as in “audio/mpeg”",
    section="RFC 6838 §4.2",
)
MEDIA_TYPE_DOUBTFUL = Rule(
    name="media-type-doubtful",
    severity=Severity.WARNING,
    harm="readers choose a wrong player, or none",
    remedy="name the type that the file is of",
    section="RSS Profile, enclosure",
)
MAIL = Rule(
    name="mail-address-invalid",
    severity=Severity.ERROR,
    harm="readers cannot write to the person",
    remedy="write the bare address as in jane@example.org, or leave it out",
    section="RFC 4287 §3.2.3; RFC 5322 §3.4.1",
)
ATTRIBUTE_BLANK = Rule(
    name="attribute-blank",
    severity=Severity.WARNING,
    harm="readers show nothing, or ignore the element",
    remedy="fill the attribute or leave it out",
    section="RSS Profile; RFC 4287 §4.2",
)

_MAIL = re.compile(r"[^\s@<>()\[\],;:\\\"]+@(?:[\w-]+\.)+[\w-]{2,}")
_MEDIA_TYPE = re.compile(
    r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+"
    r"(?:\s*;\s*[A-Za-z0-9!#$&^_.+-]+=(?:\"[^\"]*\"|[^\s()<>,;:\\\"/\[\]?=]+))*"
)
#: types people write that nobody registered
MISNOMERS = {
    "audio/mp3": "audio/mpeg", "audio/mpeg3": "audio/mpeg", "audio/x-mp3": "audio/mpeg",
    "audio/x-mpeg": "audio/mpeg", "audio/mpg": "audio/mpeg", "application/mp3": "audio/mpeg",
    "audio/mp4a": "audio/mp4", "video/mpeg4": "video/mp4", "video/x-mp4": "video/mp4",
    "image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg", "image/svg": "image/svg+xml",
    "text/htm": "text/html", "text/xhtml": "application/xhtml+xml",
    "application/rss": "application/rss+xml", "text/rss": "application/rss+xml",
    "application/atom": "application/atom+xml", "text/atom": "application/atom+xml",
}  # fmt: skip
_SOUND_ALONE = ("audio/mpeg", "audio/flac", "audio/wav", "audio/x-wav")
_TOP_LEVEL = frozenset(
    ("application", "audio", "chemical", "example", "font", "haptics", "image", "message",
     "model", "multipart", "text", "video")
)  # fmt: skip


def is_mail(words: str) -> bool:
    """Whether words are a bare mail address."""
    return bool(_MAIL.fullmatch(words))


def is_media_type(words: str) -> bool:
    """Whether words are a media type, perhaps with parameters."""
    return bool(_MEDIA_TYPE.fullmatch(words)) and words.partition("/")[0].lower() in _TOP_LEVEL


def media_type(words: str, line: int, what: str, _context: Context) -> Iterator[Finding]:
    """A media type."""
    if not is_media_type(words):
        yield MEDIA_TYPE.at(line, f"{what} is {shown(words)}")


def matching_type(url: str, words: str, line: int, what: str) -> Iterator[Finding]:
    """Whether a file's media type goes with the ending of its address."""
    bare = words.partition(";")[0].strip().lower()
    if right := MISNOMERS.get(bare):
        yield MEDIA_TYPE_DOUBTFUL.at(line, f"{what} is {shown(words)}; it is called {right}")
    expected = media_types.media_type_of(url.partition("?")[0].partition("#")[0])
    families = ("audio", "video", "image", "text")
    found = words.partition("/")[0].lower()
    if expected and found in families and not _is_alike(found, expected):
        yield MEDIA_TYPE_DOUBTFUL.at(line, f"{what} is {shown(words)}, the file {expected}")


def _is_alike(found: str, expected: str) -> bool:
    """Sound and pictures share containers: an .mp4 or .ogg may be either, an .mp3 not."""
    family = expected.partition("/")[0]
    is_shared = {found, family} == {"audio", "video"} and expected not in _SOUND_ALONE
    return found == family or is_shared or family == "application"


def number(words: str, line: int, what: str, _context: Context) -> Iterator[Finding]:
    """A whole number, 0 or more."""
    if not re.fullmatch(r"\d{1,18}", words.strip(), re.ASCII):
        yield NOT_A_NUMBER.at(line, f"{what} is {shown(words)}")


def mail(words: str, line: int, what: str, _context: Context) -> Iterator[Finding]:
    """A bare mail address."""
    if not is_mail(words):
        yield MAIL.at(line, f"{what} is {shown(words)}")


def filled(words: str, line: int, what: str, _context: Context) -> Iterator[Finding]:
    """Any words, but some; without markup."""
    if not words.strip():
        yield ATTRIBUTE_BLANK.at(line, f"{what} is empty")
    yield from _texts.without_markup(words, line, what)


def anything(_words: str, _line: int, _what: str, _context: Context) -> Iterator[Finding]:
    """Whatever it is, it is judged elsewhere, or needs no judgement."""
    return iter(())


def plain(words: str, line: int, what: str, _context: Context) -> Iterator[Finding]:
    """Plain words, and some."""
    return _texts.plain(words, line, what)


def address(words: str, line: int, what: str, _context: Context) -> Iterator[Finding]:
    """An absolute URI."""
    return _addresses.address(words, line, what)


def iri(words: str, line: int, what: str, _context: Context) -> Iterator[Finding]:
    """An absolute IRI."""
    return _addresses.address(words, line, what, is_iri=True)


def web_address(words: str, line: int, what: str, _context: Context) -> Iterator[Finding]:
    """An absolute http(s) address."""
    return _addresses.web_address(words, line, what)


def language(words: str, line: int, what: str, _context: Context) -> Iterator[Finding]:
    """A language tag."""
    return _languages.language(words, line, what)


rfc822 = _dates.rfc822
rfc3339 = _dates.rfc3339
