"""The answers of a server: status, headers, and whether a reader can save itself the body.

Room: check. Pure: exchanges in, findings out; whoever asks the server is `probe`. A rule is a
function in `CHECKS` and looks at a whole visit.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import Message
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from feedsvc.check.findings import Finding, Rule, Severity, shown

ENOUGH_TO_SQUEEZE = 1400  #: bytes: one packet; less is not worth a coding
LONG = 86_400  #: seconds that an answer may be fresh before news are late
MOST_BYTES = 100 * 2**20  #: what a body may become
SLACK = timedelta(minutes=2)  #: clocks differ


def _rule(name: str, severity: Severity, harm: str, remedy: str, section: str) -> Rule:
    return Rule(name=f"http-{name}", severity=severity, harm=harm, remedy=remedy, section=section)


E, W, A = Severity.ERROR, Severity.WARNING, Severity.ADVICE
STATUS = _rule(
    "status", E, "readers get no feed", "answer 200 at the feed's address", "RFC 9110 §15"
)
LOCATION = _rule(
    "location-missing", E, "readers cannot follow", "name the new address", "RFC 9110 §10.2.2"
)
TEMPORARY = _rule(
    "redirect-temporary",
    W,
    "readers that follow no redirects get nothing; others ask twice, for ever",
    "answer 200 at the address you publish, or redirect for good (301, 308)",
    "RFC 9110 §15.4",
)
PERMANENT = _rule(
    "redirect-permanent",
    A,
    "readers that follow no redirects get nothing",
    "publish the new address, and keep serving the feed at the old one",
    "RFC 9110 §15.4.2",
)
CHAIN = _rule(
    "redirect-chain",
    W,
    "readers give up after a few hops, and every poll costs several requests",
    "redirect to the last address at once",
    "RFC 9110 §15.4",
)
DOWNGRADE = _rule(
    "redirect-to-http",
    E,
    "anyone on the way can change the feed, and browsers refuse",
    "redirect to https: alone",
    "RFC 9110 §17.1",
)
PLAIN_HTTP = _rule(
    "not-https",
    A,
    "anyone on the way can read and change the feed",
    "serve the feed by https:",
    "RFC 9110 §17.1",
)
TYPE_MISSING = _rule(
    "content-type-missing",
    W,
    "readers guess, and some send no validators then",
    "send the feed's own media type",
    "RFC 9110 §8.3",
)
TYPE_HTML = _rule(
    "content-type-html",
    E,
    "readers look for a feed in a page, browsers show tag soup",
    "send the feed's own media type",
    "RFC 9110 §8.3",
)
TYPE_WRONG = _rule(
    "content-type-wrong",
    W,
    "readers that go by the type take it for another format",
    "send the feed's own media type",
    "RFC 9110 §8.3",
)
TYPE_GENERIC = _rule(
    "content-type-generic",
    A,
    "programs that go by the type do not see a feed",
    "send the feed's own media type",
    "RFC 7303 §4",
)
CHARSET_WRONG = _rule(
    "charset-mismatch",
    E,
    "readers that trust the header garble every letter beyond ASCII",
    "let charset= and the document say the same, best utf-8",
    "RFC 7303 §3",
)
CHARSET_ASCII = _rule(
    "charset-missing",
    W,
    "older readers take text/* for ASCII and garble the letters",
    "add charset=utf-8, or send an application/ type",
    "RFC 7303 §3",
)
CHARSET_JSON = _rule(
    "charset-on-json",
    A,
    "JSON is UTF-8 always, and the parameter means nothing",
    "leave it out",
    "RFC 8259 §11",
)
NO_VALIDATOR = _rule(
    "validators-missing",
    W,
    "every poll of every reader costs the whole document",
    "send ETag and Last-Modified, and answer 304",
    "RFC 9110 §8.8",
)
NO_ETAG = _rule(
    "etag-missing",
    A,
    "readers see changes within a second, and corrections, late or never",
    "send an ETag beside Last-Modified",
    "RFC 9110 §8.8.3",
)
NO_LAST_MODIFIED = _rule(
    "last-modified-missing",
    A,
    "readers that know dates alone fetch everything each time",
    "send Last-Modified beside the ETag",
    "RFC 9110 §8.8.2",
)
ETAG_FORM = _rule(
    "etag-malformed",
    W,
    "caches and readers drop it, or never match it",
    'write it in quotes: "abc" or W/"abc"',
    "RFC 9110 §8.8.3",
)
ETAG_SHARED = _rule(
    "etag-shared-by-codings",
    W,
    "a cache joins halves of different codings",
    "give every content coding its own strong ETag, or make it weak",
    "RFC 9110 §8.8.3.3",
)
ETAG_UNSTEADY = _rule(
    "etag-unsteady",
    W,
    "no reader ever gets a 304",
    "derive the ETag from the content alone",
    "RFC 9110 §8.8.1",
)
DATE_FORM = _rule(
    "last-modified-malformed",
    W,
    "readers drop it and fetch everything each time",
    "write it as in “Sat, 21 Nov 2026 08:00:00 GMT”",
    "RFC 9110 §5.6.7",
)
DATE_FUTURE = _rule(
    "last-modified-future",
    W,
    "readers take the next change for older than what they have",
    "send the moment the content last changed",
    "RFC 9110 §8.8.2.1",
)
DATE_NOW = _rule(
    "last-modified-now",
    W,
    "every poll costs the whole document",
    "send the moment the content last changed, not the present one",
    "RFC 9110 §8.8.2",
)
NOT_304 = _rule(
    "etag-ignored",
    W,
    "every poll costs the whole document",
    "compare If-None-Match with the ETag, and answer 304",
    "RFC 9110 §13.1.2",
)
NOT_304_DATE = _rule(
    "last-modified-ignored",
    W,
    "readers that know dates alone fetch everything each time",
    "compare If-Modified-Since with Last-Modified, and answer 304",
    "RFC 9110 §13.1.3",
)
WRONG_304 = _rule(
    "etag-overruled",
    E,
    "readers are told that nothing changed, and lose entries",
    "when If-None-Match is there, ignore If-Modified-Since",
    "RFC 9110 §13.1.3",
)
BODY_304 = _rule(
    "304-with-body",
    E,
    "readers take the body for the answer to their next request",
    "send no body with 304",
    "RFC 9110 §15.4.5",
)
BARE_304 = _rule(
    "304-headers-missing",
    W,
    "caches forget how long the document is fresh and what it varies by",
    "send with 304 what 200 sends: ETag, Cache-Control, Vary, Expires, Date",
    "RFC 9110 §15.4.5",
)
HEAD_DIFFERS = _rule(
    "head-differs",
    W,
    "readers that ask HEAD first fetch in vain, or never",
    "answer HEAD as GET, without the body",
    "RFC 9110 §9.3.2",
)
HEAD_BODY = _rule(
    "head-with-body",
    E,
    "readers take the body for the answer to their next request",
    "send no body to HEAD",
    "RFC 9110 §9.3.2",
)
UNCODED = _rule(
    "not-compressed",
    W,
    "every fetch costs several times the bytes",
    "answer Accept-Encoding: gzip with gzip",
    "RFC 9110 §12.5.3",
)
CODING_UNASKED = _rule(
    "coding-unasked",
    E,
    "readers that cannot decode it show nothing, and keep the validators",
    "send a content coding only to those who name it",
    "RFC 9110 §12.5.3",
)
CODING_REFUSED = _rule(
    "coding-refused",
    E,
    "readers that refuse gzip get it anyway and show nothing",
    "honour q=0",
    "RFC 9110 §12.4.2",
)
CODING_BROKEN = _rule(
    "coding-broken",
    E,
    "readers show nothing",
    "send what Content-Encoding says",
    "RFC 9110 §8.4",
)
VARY = _rule(
    "vary-missing",
    W,
    "a shared cache gives compressed bytes to readers that cannot decode them",
    "send Vary: Accept-Encoding",
    "RFC 9110 §12.5.5",
)
VARY_ALL = _rule(
    "vary-too-wide",
    A,
    "no shared cache can keep the document",
    "vary by Accept-Encoding alone",
    "RFC 9110 §12.5.5",
)
NO_CACHE_CONTROL = _rule(
    "cache-control-missing",
    A,
    "caches and readers guess how long the document is fresh",
    "send Cache-Control: max-age=…",
    "RFC 9111 §4.2.2",
)
NO_STORE = _rule(
    "cache-control-no-store",
    W,
    "readers may keep no copy and fetch everything each time",
    "send max-age=… or no-cache instead",
    "RFC 9111 §5.2.2.5",
)
MAX_AGE = _rule(
    "max-age-long",
    W,
    "readers that obey it see news late",
    "let a living feed be fresh for minutes or hours",
    "RFC 9111 §5.2.2.1",
)
COOKIE = _rule(
    "cookie",
    W,
    "caches keep no copy, readers that keep cookies can be followed",
    "set no cookie on feeds",
    "RFC 9111 §7.3",
)
LENGTH = _rule(
    "content-length-wrong",
    E,
    "readers wait for more, or cut the document",
    "send the number of bytes of the body",
    "RFC 9110 §8.6",
)
SNIFF = _rule(
    "nosniff-missing",
    A,
    "a browser may take the feed for a page and run what is in it",
    "send X-Content-Type-Options: nosniff",
    "Fetch Standard, nosniff",
)
CORS = _rule(
    "cors-missing",
    A,
    "readers that run in a browser cannot fetch the feed",
    "send Access-Control-Allow-Origin: *",
    "Fetch Standard, CORS",
)
DOWNLOAD = _rule(
    "attachment",
    A,
    "a browser saves a file instead of showing the feed",
    "leave out Content-Disposition: attachment",
    "RFC 6266 §4.2",
)
LINK_HUB = _rule(
    "link-hub-missing",
    A,
    "subscribers that look at headers alone find no hub",
    "send Link: <…>; rel=hub and rel=self too",
    "WebSub §4",
)
LINK_SELF = _rule(
    "link-self-differs", W, "subscribers subscribe to a topic that is never published",
    "let the header and the document name the same self", "WebSub §4",
)  # fmt: skip

KINDS: Mapping[str, tuple[str, ...]] = {
    "rss": ("application/rss+xml", "application/rdf+xml"),
    "atom": ("application/atom+xml",),
    "json": ("application/feed+json",),
    "opml": ("text/x-opml", "text/x-opml+xml", "application/opml+xml"),
}
GENERIC = {
    "rss": ("application/xml", "text/xml"),
    "atom": ("application/xml", "text/xml"),
    "json": ("application/json",),
    "opml": ("application/xml", "text/xml"),
}
REDIRECTIONS = (301, 302, 303, 307, 308)
ENTITY_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')
SAME_IN_HEAD = ("content-type", "etag", "last-modified", "cache-control", "vary")
SAME_IN_304 = ("etag", "cache-control", "vary", "expires", "content-location")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its answer; `body` is what came over the wire, still coded."""

    address: str
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    reason: str = ""

    def get(self, name: str) -> str | None:
        """A header's value, several joined by commas."""
        values = [value for key, value in self.headers if key.lower() == name]
        return ", ".join(values) if values else None

    @property
    def coding(self) -> str:
        """The content coding, lower case; empty for none."""
        coding = (self.get("content-encoding") or "").strip().lower()
        return "" if coding == "identity" else coding

    def decoded(self) -> bytes:
        """The body without gzip or deflate. Raises ValueError for bytes that are neither,
        and for more than `MOST_BYTES` of them.
        """
        if self.coding not in ("gzip", "x-gzip", "deflate"):
            return self.body
        unpacking = zlib.decompressobj(47)
        try:
            words = unpacking.decompress(self.body, MOST_BYTES)
        except zlib.error as error:
            raise ValueError(f"not {self.coding}: {error}") from error
        if unpacking.unconsumed_tail:
            raise ValueError(f"{self.coding} of more than {MOST_BYTES / 2**20:.0f} MB")
        if not unpacking.eof:
            raise ValueError(f"{self.coding} that breaks off")
        return words


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """All that was asked of one address; what was not asked is None."""

    hops: tuple[Exchange, ...] = ()  #: the redirections before the answer
    plain: Exchange  #: GET, identity alone
    now: datetime  #: aware, when the visit began
    again: Exchange | None = None  #: the same once more, a moment later
    packed: Exchange | None = None  #: GET, gzip welcome
    refused: Exchange | None = None  #: GET, gzip;q=0
    head: Exchange | None = None
    by_tag: Exchange | None = None  #: GET with If-None-Match
    by_date: Exchange | None = None  #: GET with If-Modified-Since
    other_tag: Exchange | None = None  #: GET with a foreign tag, and the right date
    kind: str | None = None  #: of the document: rss, atom, json, opml
    encoding: str = "utf-8"  #: of the document, by itself
    selves: tuple[str, ...] = ()  #: what the document calls itself
    hubs: tuple[str, ...] = ()


def check(visit: Visit) -> Iterator[Finding]:
    """Everything wrong with the answers; the document itself is not looked at."""
    yield from redirections(visit.hops)
    if visit.plain.status != 200:
        yield STATUS.at(None, _refusal(visit.plain))
        return
    for look in CHECKS:
        yield from look(visit)


def redirections(hops: Sequence[Exchange]) -> Iterator[Finding]:
    """What stands between the address and the feed."""
    for hop in hops:
        location = hop.get("location")
        if not location:
            yield LOCATION.at(None, f"{hop.address} answers {hop.status} without Location")
            continue
        target = urljoin(hop.address, location)
        rule = PERMANENT if hop.status in (301, 308) else TEMPORARY
        yield rule.at(None, f"{hop.address} answers {hop.status} and names {shown(target)}")
        if hop.address.startswith("https:") and target.startswith("http:"):
            yield DOWNGRADE.at(None, f"{hop.address} redirects to {shown(target)}")
    if len(hops) > 1:
        yield CHAIN.at(None, f"there are {len(hops)} redirections one after the other")


def is_local(address: str) -> bool:
    """Whether an address leads to this machine."""
    return (urlsplit(address).hostname or "") in ("localhost", "127.0.0.1", "::1")


def _refusal(answer: Exchange) -> str:
    told = f"the answer is {answer.status} {answer.reason}".strip()
    after = answer.get("retry-after")
    return f"{told}; it asks to wait ({after})" if after else told


def _transport(visit: Visit) -> Iterator[Finding]:
    address = visit.plain.address
    if address.startswith("http:") and not is_local(address):
        yield PLAIN_HTTP.at(None, f"the feed is at {visit.plain.address}")


def _content_type(visit: Visit) -> Iterator[Finding]:
    said = visit.plain.get("content-type")
    if not said:
        yield TYPE_MISSING.at(None, "there is no Content-Type")
        return
    kind, charset = _parsed(said)
    told = f"Content-Type is {shown(said)}"
    if visit.kind and kind in ("text/html", "application/xhtml+xml"):
        yield TYPE_HTML.at(None, told)
    elif visit.kind and kind in GENERIC[visit.kind]:
        yield TYPE_GENERIC.at(None, f"{told}; best is {KINDS[visit.kind][0]}")
    elif visit.kind and kind not in KINDS[visit.kind]:
        yield TYPE_WRONG.at(None, f"{told}; best is {KINDS[visit.kind][0]}")
    yield from _charset(visit, kind, charset, told)


def _charset(visit: Visit, kind: str, charset: str | None, told: str) -> Iterator[Finding]:
    if charset and charset.replace("-", "") != visit.encoding.lower().replace("-", ""):
        yield CHARSET_WRONG.at(None, f"{told}; the document is in {visit.encoding}")
    elif charset and visit.kind == "json":
        yield CHARSET_JSON.at(None, told)
    elif not charset and kind.startswith("text/") and not visit.plain.body.isascii():
        yield CHARSET_ASCII.at(None, told)


def _parsed(content_type: str) -> tuple[str, str | None]:
    message = Message()
    message["Content-Type"] = content_type
    return message.get_content_type(), message.get_content_charset()


def _validators(visit: Visit) -> Iterator[Finding]:
    tag, date = visit.plain.get("etag"), visit.plain.get("last-modified")
    if not tag and not date:
        yield NO_VALIDATOR.at(None, "there is neither ETag nor Last-Modified")
    elif not tag:
        yield NO_ETAG.at(None, "there is no ETag")
    elif not date:
        yield NO_LAST_MODIFIED.at(None, "there is no Last-Modified")
    if tag and not ENTITY_TAG.fullmatch(tag):
        yield ETAG_FORM.at(None, f"ETag is {shown(tag)}")
    if date:
        yield from _last_modified(visit, date)
    yield from _steady(visit)


def _last_modified(visit: Visit, date: str) -> Iterator[Finding]:
    moment = _moment(date)
    if moment is None:
        yield DATE_FORM.at(None, f"Last-Modified is {shown(date)}")
    elif moment > visit.now + SLACK:
        yield DATE_FUTURE.at(None, f"Last-Modified is {shown(date)}, which is to come")


def _steady(visit: Visit) -> Iterator[Finding]:
    """The same bytes have the same validators."""
    if visit.again is None or visit.again.body != visit.plain.body:
        return
    for name, rule in (("etag", ETAG_UNSTEADY), ("last-modified", DATE_NOW)):
        first, then = visit.plain.get(name), visit.again.get(name)
        if first and first != then:
            yield rule.at(None, f"the same bytes have {shown(first)}, then {shown(then or '')}")


def _moment(words: str) -> datetime | None:
    """A date as HTTP writes it; None for any other form."""
    if not re.fullmatch(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT", words):
        return None
    try:
        return parsedate_to_datetime(words)
    except ValueError:
        return None


def _conditional(visit: Visit) -> Iterator[Finding]:
    for answer, rule, header in (
        (visit.by_tag, NOT_304, "If-None-Match"),
        (visit.by_date, NOT_304_DATE, "If-Modified-Since"),
    ):
        if answer is None:
            continue
        if answer.status == 304:
            yield from _not_modified(visit.plain, answer, header)
        elif not _has_changed(visit, answer):
            yield rule.at(None, f"{header} with what was sent is answered {answer.status}")
    if visit.other_tag is not None and visit.other_tag.status == 304:
        yield WRONG_304.at(None, "a foreign If-None-Match with the right date is answered 304")


def _has_changed(visit: Visit, answer: Exchange) -> bool:
    """Whether the document changed while it was asked for."""
    return answer.status == 200 and not answer.coding and answer.body != visit.plain.body


def _not_modified(full: Exchange, answer: Exchange, header: str) -> Iterator[Finding]:
    if answer.body:
        yield BODY_304.at(None, f"the 304 to {header} has {len(answer.body)} bytes")
    missing = [name for name in SAME_IN_304 if full.get(name) and not answer.get(name)]
    if missing:
        yield BARE_304.at(None, f"the 304 to {header} has no {', '.join(missing)}")


def _head(visit: Visit) -> Iterator[Finding]:
    head, full = visit.head, visit.plain
    if head is None:
        return
    if head.status != full.status:
        yield HEAD_DIFFERS.at(None, f"HEAD is answered {head.status}, GET {full.status}")
        return
    if head.body:
        yield HEAD_BODY.at(None, f"the answer to HEAD has {len(head.body)} bytes")
    names = [name for name in SAME_IN_HEAD if head.get(name) != full.get(name)]
    sizes = head.get("content-length"), full.get("content-length")
    if all(sizes) and sizes[0] != sizes[1]:
        names.append("content-length")
    if names:
        yield HEAD_DIFFERS.at(None, f"HEAD and GET differ in {', '.join(names)}")


def _codings(visit: Visit) -> Iterator[Finding]:
    if visit.plain.coding:
        yield CODING_UNASKED.at(None, f"identity is asked for, {visit.plain.coding} is sent")
    if visit.refused is not None and visit.refused.coding in ("gzip", "x-gzip"):
        yield CODING_REFUSED.at(None, "gzip;q=0 is answered with gzip")
    if visit.packed is None or visit.packed.status != 200:
        return
    packed = visit.packed
    if packed.coding not in ("", "gzip", "x-gzip"):
        yield CODING_UNASKED.at(None, f"gzip is asked for, {packed.coding} is sent")
    elif not packed.coding and len(packed.body) > ENOUGH_TO_SQUEEZE:
        yield UNCODED.at(None, f"gzip is asked for, {len(packed.body)} bare bytes are sent")
    yield from _packed(visit, packed)


def _packed(visit: Visit, packed: Exchange) -> Iterator[Finding]:
    try:
        packed.decoded()
    except ValueError as error:
        yield CODING_BROKEN.at(None, str(error))
    if not packed.coding:
        return
    varies = (packed.get("vary") or "").lower()
    if "accept-encoding" not in varies and "*" not in varies:
        yield VARY.at(None, f"Vary is {shown(varies)}, and the coding varies")
    tag = packed.get("etag")
    if (
        tag
        and not tag.startswith("W/")
        and not visit.plain.coding
        and tag == visit.plain.get("etag")
    ):
        yield ETAG_SHARED.at(None, f"gzip and identity both have {shown(tag)}")


def _caching(visit: Visit) -> Iterator[Finding]:
    said = visit.plain.get("cache-control")
    directives = {part.strip().lower() for part in (said or "").split(",")}
    ages = [int(d[8:]) for d in directives if re.fullmatch(r"max-age=\d{1,10}", d)]
    if said is None and not visit.plain.get("expires"):
        yield NO_CACHE_CONTROL.at(None, "there is no Cache-Control")
    if "no-store" in directives:
        yield NO_STORE.at(None, f"Cache-Control is {shown(said or '')}")
    if ages and ages[0] > LONG:
        yield MAX_AGE.at(None, f"max-age is {ages[0]} seconds, {ages[0] / LONG:.0f} days")
    varies = {part.strip().lower() for part in (visit.plain.get("vary") or "").split(",")}
    if wide := varies & {"*", "cookie", "user-agent"}:
        yield VARY_ALL.at(None, f"Vary names {', '.join(sorted(wide))}")


def _around(visit: Visit) -> Iterator[Finding]:
    answer = visit.plain
    if cookie := answer.get("set-cookie"):
        yield COOKIE.at(None, f"Set-Cookie is {shown(cookie)}")
    length = answer.get("content-length")
    if length is not None and length.strip() != str(len(answer.body)):
        yield LENGTH.at(None, f"Content-Length is {length}, the body has {len(answer.body)} bytes")
    if (answer.get("x-content-type-options") or "").lower() != "nosniff":
        yield SNIFF.at(None, "there is no X-Content-Type-Options: nosniff")
    if not answer.get("access-control-allow-origin"):
        yield CORS.at(None, "there is no Access-Control-Allow-Origin")
    if (answer.get("content-disposition") or "").lower().startswith("attachment"):
        yield DOWNLOAD.at(None, "Content-Disposition is attachment")


def _links(visit: Visit) -> Iterator[Finding]:
    said = links(visit.plain.get("link") or "")
    selves = {urljoin(visit.plain.address, target) for target in said.get("self", ())}
    if visit.hubs and "hub" not in said:
        yield LINK_HUB.at(None, "the document names a hub, the header does not")
    if visit.selves and selves - set(visit.selves):
        told = f"the header names {', '.join(sorted(selves))}, the document {visit.selves[0]}"
        yield LINK_SELF.at(None, told)


def links(header: str) -> dict[str, list[str]]:
    """The targets of a Link header (RFC 8288) by relation."""
    found: dict[str, list[str]] = {}
    for target, parameters in re.findall(
        r"<([^>]*)>((?:\s*;\s*[^,;=]+=(?:\"[^\"]*\"|[^,;]*))*)", header
    ):
        relations = re.findall(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s;,]+))", parameters)
        for relation in (word for pair in relations for word in "".join(pair).lower().split()):
            found.setdefault(relation, []).append(target)
    return found


CHECKS = (
    _transport,
    _content_type,
    _validators,
    _conditional,
    _head,
    _codings,
    _caching,
    _around,
    _links,
)
