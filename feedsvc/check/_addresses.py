"""Addresses and ids: absolute web addresses, IRIs, `tag:` and `urn:uuid:`.

Room: check. Each check yields what is wrong with the words. Entered by every format and
module of the room.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from datetime import date
from urllib.parse import SplitResult, urlsplit

from feedsvc.check.findings import Finding, Rule, Severity, shown

EMPTY = Rule(
    name="address-empty",
    severity=Severity.ERROR,
    harm="readers link to nothing, or to the feed itself",
    remedy="give the address, or leave the element out",
    section="RFC 3986 §3",
)
WHITESPACE = Rule(
    name="address-whitespace",
    severity=Severity.ERROR,
    harm="readers cut the address at the blank, and an id is a new one in another layout",
    remedy="write the address without blanks: one that belongs to it is %20",
    section="RFC 3986 §2",
)
BLANKS_AROUND = Rule(
    name="address-blanks-around",
    severity=Severity.ADVICE,
    harm="the few readers that do not trim follow a wrong address",
    remedy="write the address without blanks around it",
    section="RFC 3986 §2",
)
CHARACTER = Rule(
    name="address-character",
    severity=Severity.ERROR,
    harm="readers cut the address or refuse it",
    remedy="percent-encode the character",
    section="RFC 3986 §2",
)
PERCENT = Rule(
    name="address-percent",
    severity=Severity.ERROR,
    harm="servers answer 400, readers encode a second time",
    remedy="write % as %25, or two hexadecimal digits after it",
    section="RFC 3986 §2.1",
)
NOT_ASCII = Rule(
    name="address-not-ascii",
    severity=Severity.ERROR,
    harm="readers that do not know IRIs ask for a wrong address",
    remedy="map it to a URI: host in Punycode, path in percent-encoded UTF-8",
    section="RFC 3987 §3.1",
)
RELATIVE = Rule(
    name="address-relative",
    severity=Severity.ERROR,
    harm="readers take it relative to themselves, or drop it",
    remedy="write the whole address, beginning with https://",
    section="RSS Profile, relative URLs",
)
SCHEME = Rule(
    name="address-scheme",
    severity=Severity.ERROR,
    harm="readers do not follow the link, or block it",
    remedy="use https: or http:",
    section="RSS Profile, link",
)
SCHEME_UNKNOWN = Rule(
    name="address-scheme-unknown",
    severity=Severity.WARNING,
    harm="readers do not know how to follow the link",
    remedy="use a registered scheme",
    section="RFC 7595 §3",
)
HOST = Rule(
    name="address-host",
    severity=Severity.ERROR,
    harm="the address leads nowhere",
    remedy="name a host as in https://example.org/",
    section="RFC 3986 §3.2.2",
)
LOCAL = Rule(
    name="address-local",
    severity=Severity.WARNING,
    harm="readers elsewhere cannot reach it",
    remedy="give the public address; set the base address before publishing",
    section="RFC 6761 §6.3",
)
CREDENTIALS = Rule(
    name="address-credentials",
    severity=Severity.WARNING,
    harm="every reader learns the password, and browsers refuse the address",
    remedy="leave user and password out of published addresses",
    section="RFC 3986 §3.2.1",
)
DOUBLE_ESCAPED = Rule(
    name="address-double-escaped",
    severity=Severity.WARNING,
    harm="readers ask for an address with “&amp;” in it",
    remedy="escape the address once: & is written &amp;",
    section="XML 1.0 §2.4",
)
ID_NOT_IRI = Rule(
    name="id-not-iri",
    severity=Severity.ERROR,
    harm="readers refuse the entry, or mistake it for another",
    remedy="use urn:uuid:, tag: or the permanent address as id",
    section="RFC 4287 §4.2.6",
)
TAG_INVALID = Rule(
    name="id-tag-invalid",
    severity=Severity.ERROR,
    harm="another publisher may mint the same id",
    remedy="write it as in tag:example.org,2026:name",
    section="RFC 4151 §2.1",
)
URN_INVALID = Rule(
    name="id-urn-invalid",
    severity=Severity.ERROR,
    harm="readers that check ids refuse the entry",
    remedy="write it as in urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
    section="RFC 9562 §4; RFC 8141 §2",
)
NOT_CANONICAL = Rule(
    name="id-not-canonical",
    severity=Severity.WARNING,
    harm="whoever rewrites the address makes a new entry of it",
    remedy="lower-case scheme and host, no default port, no dot segments, a path",
    section="RFC 4287 §4.2.6.1",
)

WEB = ("http", "https")
NEVER = ("javascript", "vbscript", "data", "file", "about", "feed")  #: no link for a reader
#: schemes people do publish, from the registry of IANA
_REGISTERED = (
    "about acct aim bitcoin cid data dav dns doi ed2k facetime feed file ftp ftps gemini geo git "
    "gopher http https im info ipfs ipns irc ircs lbry magnet mailto matrix mid mms news nntp "
    "nostr oid opds pop rsync rtmp rtsp sftp sip sips sms spotify ssh steam svn tag tel telnet "
    "tftp urn view-source webcal ws wss xmpp xri at did web+ap"
)
SCHEMES = frozenset(_REGISTERED.split())
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_FORBIDDEN = re.compile(r'[<>"{}|\\^`\x00-\x20\x7f]')
#: so plain that no rule has a word to say; the rest is looked at closely
_SOUND = re.compile(
    r"https?://(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+"
    r"(?!(?:local|localhost|invalid|lan|internal|arpa)(?![a-z]))[a-z]{2,20}"
    r"(?:[/?#](?:[\w.~!$'()*+,;=:@/?#-]|&(?![A-Za-z]+;|#)|%[0-9A-Fa-f]{2})*+)?",
    re.ASCII,
)
_BROKEN_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
_TAG = re.compile(
    r"tag:(?:[\w.~+-]+@)?(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)*"
    r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?,"
    r"(?P<date>\d{4}(?:-\d\d(?:-\d\d)?)?):"
    r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*"
    r"(?:#(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?"
)
_UUID = re.compile(r"urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_URN = re.compile(r"urn:[a-z0-9][a-z0-9-]{0,30}[a-z0-9]:[^\s#?]+(?:[?#].*)?", re.IGNORECASE)
_NEEDLESS = re.compile(r"%(?:[46][1-9A-Fa-f]|[57][0-9Aa]|3[0-9]|2[DEde]|5[Ff]|7[Ee])")
_LOCAL_NAMES = ("localhost", "local", "invalid", "lan", "internal", "home.arpa")


def web_address(words: str, line: int, what: str, *, is_iri: bool = False) -> Iterator[Finding]:
    """What keeps words from being an absolute http(s) address; `is_iri` allows all letters."""
    yield from _whole(words, line, what, is_iri=is_iri, schemes=WEB)


def address(words: str, line: int, what: str, *, is_iri: bool = False) -> Iterator[Finding]:
    """What keeps words from being an absolute address of any scheme a reader can follow."""
    yield from _whole(words, line, what, is_iri=is_iri, schemes=())


def reference(words: str, line: int, what: str) -> Iterator[Finding]:
    """What is wrong with an IRI reference: as `address`, and relative ones may be."""
    stripped = words.strip()
    if words != stripped:
        yield WHITESPACE.at(line, f"{what} is {shown(stripped)}, with blanks around")
    if _SCHEME.match(stripped):
        yield from address(stripped, line, what, is_iri=True)
    else:
        yield from _characters(stripped, line, what, is_iri=True)


def identifier(words: str, line: int, what: str) -> Iterator[Finding]:
    """What keeps words from being an id of Atom: an absolute IRI in canonical form."""
    if words != words.strip() or re.search(r"\s", words):
        yield WHITESPACE.at(line, f"{what} is {shown(words)}, with blanks")
    stripped = words.strip()
    if not _SCHEME.match(stripped):
        yield ID_NOT_IRI.at(line, f"{what} is {shown(stripped)}")
        return
    yield from _special_id(stripped, line, what)
    yield from canonical(stripped, line, what)


def canonical(words: str, line: int, what: str) -> Iterator[Finding]:
    """Whether an address is spelled the one way everybody would spell it."""
    why = next(iter(_not_canonical(words)), None)
    if why:
        yield NOT_CANONICAL.at(line, f"{what} is {shown(words)}: {why}")


def is_absolute(words: str) -> bool:
    """Whether words begin with a scheme."""
    return bool(_SCHEME.match(words.strip()))


def is_sound(words: str) -> bool:
    """Whether words are plainly an http(s) address, without a look at the rare and odd."""
    return bool(_SOUND.fullmatch(words))


def is_web_address(words: str) -> bool:
    """Whether words are an http(s) address without a fault."""
    return not list(web_address(words, 0, "", is_iri=True))


def _special_id(words: str, line: int, what: str) -> Iterator[Finding]:
    scheme = words.partition(":")[0].lower()
    if scheme == "tag":
        yield from _tag(words, line, what)
    elif scheme == "urn":
        yield from _urn(words, line, what)
    elif scheme in WEB:
        yield from address(words, line, what, is_iri=True)
    else:
        yield from _characters(words, line, what, is_iri=True)
        yield from _scheme(scheme, words, line, what, ())


def _tag(words: str, line: int, what: str) -> Iterator[Finding]:
    found = _TAG.fullmatch(words)
    if not found or not _is_date(found["date"]):
        yield TAG_INVALID.at(line, f"{what} is {shown(words)}")
    elif (authority := words[4:].partition(",")[0]) != authority.lower():
        yield NOT_CANONICAL.at(line, f"{what} is {shown(words)}: the authority has capitals")


def _is_date(words: str) -> bool:
    try:
        date.fromisoformat((words + "-01-01")[:10])
    except ValueError:
        return False
    return True


def _urn(words: str, line: int, what: str) -> Iterator[Finding]:
    is_uuid = words.lower().startswith("urn:uuid:")
    if not (_UUID if is_uuid else _URN).fullmatch(words):
        yield URN_INVALID.at(line, f"{what} is {shown(words)}")


def _whole(
    words: str, line: int, what: str, *, is_iri: bool, schemes: tuple[str, ...]
) -> Iterator[Finding]:
    if _SOUND.fullmatch(words):
        return
    stripped = words.strip()
    if not stripped:
        yield EMPTY.at(line, f"{what} holds no address")
        return
    yield from _characters(words, line, what, is_iri=is_iri)
    if not _SCHEME.match(stripped):
        yield RELATIVE.at(line, f"{what} is {shown(stripped)}")
        return
    scheme = stripped.partition(":")[0].lower()
    yield from _scheme(scheme, stripped, line, what, schemes)
    if scheme in (*WEB, "ftp", "ftps"):
        yield from _host(stripped, line, what)


def _characters(words: str, line: int, what: str, *, is_iri: bool) -> Iterator[Finding]:
    stripped = words.strip()
    told = f"{what} is {shown(stripped)}"
    if re.search(r"\s", stripped):
        yield WHITESPACE.at(line, f"{told}, with blanks")
    elif words != stripped:
        yield BLANKS_AROUND.at(line, f"{told}, with blanks around")
    if found := _FORBIDDEN.search(re.sub(r"\s", "", stripped)):
        yield CHARACTER.at(line, f"{told}: “{found[0]}” is not allowed")
    if _BROKEN_PERCENT.search(stripped):
        yield PERCENT.at(line, told)
    if not is_iri and not stripped.isascii():
        yield NOT_ASCII.at(line, told)
    if re.search(r"&(?:amp|lt|gt|quot|apos|#\d+|#x[0-9A-Fa-f]+);", stripped):
        yield DOUBLE_ESCAPED.at(line, told)


def _scheme(
    scheme: str, words: str, line: int, what: str, schemes: tuple[str, ...]
) -> Iterator[Finding]:
    told = f"{what} is {shown(words)}"
    if scheme in NEVER or (schemes and scheme not in schemes):
        yield SCHEME.at(line, told)
    elif scheme not in SCHEMES:
        yield SCHEME_UNKNOWN.at(line, told)


def _host(words: str, line: int, what: str) -> Iterator[Finding]:
    told = f"{what} is {shown(words)}"
    parts = _split(words)
    if parts is None or not words.partition(":")[2].startswith("//"):
        yield HOST.at(line, told)
        return
    host = (parts.hostname or "").rstrip(".")
    if not _is_host(host):
        yield HOST.at(line, told)
    elif _is_local(host):
        yield LOCAL.at(line, told)
    if "@" in parts.netloc:
        yield CREDENTIALS.at(line, told)


def _split(words: str) -> SplitResult | None:
    """The parts of an address; None when host or port are beyond reading."""
    try:
        parts = urlsplit(words)
        _ = parts.port, parts.hostname
    except ValueError:
        return None
    return parts


def _is_host(host: str) -> bool:
    if not host or host in WEB:  # a scheme written twice
        return False
    if ":" in host:
        return True  # an address in brackets, and urlsplit has judged it
    try:
        spelled = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return False
    labels = spelled.split(".")
    if labels[-1].isdigit():
        return _is_ip(host)
    return len(spelled) <= 253 and all(_LABEL.fullmatch(label) for label in labels)


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_local(host: str) -> bool:
    if _is_ip(host):
        return not ipaddress.ip_address(host).is_global
    return "." not in host or any(
        host == name or host.endswith("." + name) for name in _LOCAL_NAMES
    )


def _not_canonical(words: str) -> Iterator[str]:
    scheme = words.partition(":")[0]
    if scheme != scheme.lower():
        yield "the scheme has capitals"
    if scheme.lower() in WEB and (parts := _split(words)):
        yield from _web_not_canonical(parts)
    if re.search(r"%(?:[a-f][0-9A-Fa-f]|[0-9A-F][a-f])", words):
        yield "a percent-encoding is in lower case"
    if _NEEDLESS.search(words):
        yield "a character is percent-encoded without need"


def _web_not_canonical(parts: SplitResult) -> Iterator[str]:
    host = parts.netloc.rpartition("@")[2]
    if host != host.lower():
        yield "the host has capitals"
    if parts.netloc.endswith(":") or parts.port == {"http": 80, "https": 443}[parts.scheme]:
        yield "it names the default port"
    if not parts.path:
        yield "the path is missing: write /"
    if any(segment in (".", "..") for segment in parts.path.split("/")):
        yield "it has dot segments"
