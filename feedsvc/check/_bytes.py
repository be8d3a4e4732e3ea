"""Bytes in, words out: the encoding, and what stands before the first tag.

Room: check. Entered by `_xml`.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from feedsvc.check.findings import Finding, Rule, Severity, shown

MAX_BYTES = 50 * 2**20
SNIFFED = 512  #: bytes a sniffer looks at

EMPTY = Rule(
    name="document-empty",
    severity=Severity.ERROR,
    harm="readers report a broken feed",
    remedy="serve the feed, or 404 or 503 when there is none",
    section="XML 1.0 §2.1",
)
TOO_LARGE = Rule(
    name="document-too-large",
    severity=Severity.ERROR,
    harm="readers give up before the end",
    remedy="publish the newest entries and archive the rest (RFC 5005)",
    section="RFC 5005 §4",
)
MARK = Rule(
    name="xml-byte-order-mark",
    severity=Severity.ADVICE,
    harm="naive readers take the mark for words before the declaration",
    remedy="write UTF-8 without a byte order mark",
    section="XML 1.0 appendix F",
)
NOT_UTF8 = Rule(
    name="xml-not-utf8",
    severity=Severity.WARNING,
    harm="readers that take everything for UTF-8 garble the letters",
    remedy="write UTF-8 and declare it",
    section="XML 1.0 §4.3.3; RFC 3470 §5.1",
)
UNKNOWN_ENCODING = Rule(
    name="xml-encoding-unknown",
    severity=Severity.ERROR,
    harm="parsers refuse the whole document",
    remedy='declare encoding="utf-8" and write UTF-8',
    section="XML 1.0 §4.3.3",
)
ENCODING_NAME = Rule(
    name="xml-encoding-name",
    severity=Severity.WARNING,
    harm="strict parsers do not know the name",
    remedy="write utf-8, with its hyphen",
    section="XML 1.0 §4.3.3",
)
WRONG_ENCODING = Rule(
    name="xml-encoding-wrong",
    severity=Severity.ERROR,
    harm="parsers refuse the document, or garble every letter beyond ASCII",
    remedy="declare the encoding the bytes are in; best write UTF-8",
    section="XML 1.0 §4.3.3",
)
BLANK_FIRST = Rule(
    name="xml-blank-first",
    severity=Severity.ERROR,
    harm="parsers refuse the whole document",
    remedy="let nothing, no blank line either, stand before <?xml",
    section="XML 1.0 §2.8",
)
JUNK_FIRST = Rule(
    name="xml-words-before",
    severity=Severity.ERROR,
    harm="parsers refuse the whole document",
    remedy="let nothing stand before <?xml: warnings of the program belong into its log",
    section="XML 1.0 §2.1",
)
DECLARATION = Rule(
    name="xml-declaration",
    severity=Severity.ERROR,
    harm="parsers refuse the whole document",
    remedy='write <?xml version="1.0" encoding="utf-8"?>',
    section="XML 1.0 §2.8",
)
ROOT_LATE = Rule(
    name="xml-root-late",
    severity=Severity.WARNING,
    harm="programs that look at the first 512 bytes do not see a feed",
    remedy="move comments and instructions behind the root's opening tag",
    section="MIME Sniffing §7.3",
)

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UNMARKED = ((b"<\0?\0", "utf-16-le"), (b"\0<\0?", "utf-16-be"))
_DECLARATION = re.compile(
    r"<\?xml\s+version\s*=\s*([\"'])(?P<version>[^\"']*)\1"
    r"(?:\s+encoding\s*=\s*([\"'])(?P<encoding>[^\"']*)\3)?"
    r"(?:\s+standalone\s*=\s*([\"'])(?:yes|no)\5)?\s*\?>"
)
#: where a declaration is but words
_HIDING = re.compile(r"<!--.*?-->|<!\[CDATA\[.*?\]\]>", re.DOTALL)
_LEGACY = re.compile(r"iso-?8859|windows-125|cp125|latin|koi8|mac", re.IGNORECASE)
_OPENING = re.compile(r"<(?:[\w.-]+:)?(?P<name>[A-Za-z][\w.-]*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A document decoded; `words` is None when it cannot be."""

    words: str | None
    findings: tuple[Finding, ...] = ()


def decoded(data: bytes) -> Words:
    """The document as words, by its mark, its declaration, or as UTF-8."""
    if not data.strip(b"\0\t\r\n \xef\xbb\xbf"):
        return Words(words=None, findings=(EMPTY.at(1, "the document is empty"),))
    if len(data) > MAX_BYTES:
        told = f"the document has {len(data) / 2**20:.0f} MB"
        return Words(words=None, findings=(TOO_LARGE.at(None, told),))
    encoding, findings = _encoding(data)
    try:
        return Words(words=data.decode(encoding), findings=tuple(findings))
    except UnicodeError as error:
        return Words(words=None, findings=(*findings, _undecodable(data, error)))


def opening(words: str) -> Iterator[Finding]:
    """What is wrong before the root's opening tag."""
    at = _HIDING.sub(lambda found: " " * len(found[0]), _before_root(words)).find("<?xml ")
    before = words[: max(at, 0)]
    if before and not before.strip():
        yield BLANK_FIRST.at(1, "blanks stand before the XML declaration")
    elif before or not words.lstrip().startswith("<"):
        yield JUNK_FIRST.at(1, f"the document begins with {shown(before or words[:60])}")
    elif re.match(r"<\?xml\s", words, re.IGNORECASE):
        yield from _declaration(words)
    root = root_tag(words)
    if root and len(words[: root.start()].encode()) > SNIFFED:
        line = words.count("\n", 0, root.start()) + 1
        yield ROOT_LATE.at(line, f"<{root['name']}> begins at byte {root.start() + 1}")


def root_tag(words: str) -> re.Match[str] | None:
    """The first tag that is neither instruction, comment nor document type."""
    offset = 0
    skipped = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.S | re.I)
    while found := skipped.match(words, offset):
        offset = found.end()
    return _OPENING.match(words, offset) or _OPENING.search(words, offset)


def _before_root(words: str) -> str:
    """What stands before the root of a feed, other tags too."""
    found = re.search(r"<(?:rss|feed|rdf:rdf|opml|entry)\b", words, re.IGNORECASE)
    return words[: found.start()] if found else ""


def _encoding(data: bytes) -> tuple[str, list[Finding]]:
    """The codec to read bytes with, and what is wrong with how it is told."""
    for mark, codec in _MARKS:
        if data.startswith(mark):
            is_utf8 = codec == "utf-8-sig"
            rule = MARK if is_utf8 else NOT_UTF8
            told = "a byte order mark" if is_utf8 else codec.upper()
            findings = [rule.at(1, f"the document begins with {told}")]
            return codec, [*findings, *_contradicted(data, codec)]
    for start, codec in _UNMARKED:
        if data.startswith(start):
            return codec, [NOT_UTF8.at(1, f"the document is in {codec.upper()}, without a mark")]
    return _declared(data)


def _contradicted(data: bytes, codec: str) -> Iterator[Finding]:
    """Whether the declaration names another encoding than the mark."""
    found = re.match(r"\s*<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)", data.decode(codec, "replace"))
    family = codec.removesuffix("-sig")
    if found and not found[1].lower().startswith(family):
        told = f"the declared encoding is {shown(found[1])}; the mark says {family.upper()}"
        yield WRONG_ENCODING.at(1, told)


def _declared(data: bytes) -> tuple[str, list[Finding]]:
    found = re.match(rb"\s*<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)[\"']", data)
    name = found[1].decode("ascii", "replace") if found else "utf-8"
    told = f"the declared encoding is {shown(name)}"
    try:
        codec = codecs.lookup(name).name
        "".encode(codec)
    except (LookupError, ValueError):
        return "utf-8", [UNKNOWN_ENCODING.at(1, told)]
    if codec.startswith(("utf-16", "utf-32")):
        return "utf-8", [WRONG_ENCODING.at(1, f"{told}; the bytes are not")]
    return codec, list(_judged(name, codec, data, told))


def _judged(name: str, codec: str, data: bytes, told: str) -> Iterator[Finding]:
    if codec == "utf-8" and name.lower() != "utf-8":
        yield ENCODING_NAME.at(1, told)
    elif codec not in ("utf-8", "ascii"):
        is_misnamed = _LEGACY.match(name) and not data.isascii() and _is_utf8(data)
        rule = WRONG_ENCODING if is_misnamed else NOT_UTF8
        yield rule.at(1, told + ("; the bytes are UTF-8" if is_misnamed else ""))


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _undecodable(data: bytes, error: UnicodeError) -> Finding:
    if not isinstance(error, UnicodeDecodeError):
        return WRONG_ENCODING.at(1, f"the bytes are in no encoding: {error}")
    line = data.count(b"\n", 0, error.start) + 1
    around = data[max(0, error.start - 20) : error.start + 20].decode("ascii", "replace")
    told = f"byte 0x{data[error.start]:02X} is not {error.encoding.upper()}: {shown(around)}"
    return WRONG_ENCODING.at(line, told)


def _declaration(words: str) -> Iterator[Finding]:
    found = _DECLARATION.match(words)
    if not found:
        yield DECLARATION.at(1, f"it is {shown(words[: words.find('>') + 1])}")
    elif found["version"] != "1.0":
        yield DECLARATION.at(1, f"it declares XML {shown(found['version'])}")
