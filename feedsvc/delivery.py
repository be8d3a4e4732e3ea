"""Document and request in, Reply out: what RFC 9110 asks of a server, and no framework.

Room: delivery. Pure but for the encoded bodies it keeps in `Document.variants`.
Imports model, errors, addresses and questions; called by web and export. Werkzeug only reads
headers here: the policy is this module's.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Protocol
from urllib.parse import quote

import brotli
import zstandard
from werkzeug.http import http_date, parse_accept_header, parse_date, parse_etags
from werkzeug.urls import iri_to_uri

from feedsvc import addresses, questions
from feedsvc.errors import BadQuestion, GonePath, UnknownPath
from feedsvc.model import Attachment, Document, Query, Reply, Site

Fields = tuple[tuple[str, str], ...]

TEXT = "text/plain; charset=utf-8"
ALLOWED = "GET, HEAD, OPTIONS"
SIBLINGS = {"gzip": ".gz", "br": ".br", "zstd": ".zst"}  #: coding -> suffix of the file beside
PREFERRED = ("br", "zstd", "gzip", "identity")  #: of codings a client likes equally
CODED_BY = (
    f"zlib {zlib.ZLIB_RUNTIME_VERSION}, brotli {brotli.__version__}, zstd {zstandard.__version__}"
)
CORS = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "ETag, Link, Retry-After"),
)
NO_INDEX = ("X-Robots-Tag", "noindex")  #: without end, searches are no pages to be found
NOSNIFF = ("X-Content-Type-Options", "nosniff")
FEED_POLICY = (
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; img-src https: data:; sandbox",
    ),
    NOSNIFF,
)
PAGE_POLICY = (
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; "
        "img-src https: http: data: 'self'; "
        "media-src https: http: 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'self'",
    ),
    NOSNIFF,
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
)
DAY = 86_400  #: seconds
_SPELLINGS = {"x-gzip": "gzip"}  #: RFC 9110 §8.4.1.3
_LEAST = 0.001  #: the smallest quality a header can give
_CODING_SUFFIX = re.compile(r"[-:](?:gzip|br|zstd)$")
_TEXTUAL = re.compile(r"text/.*|.*[+/](?:xml|json|javascript)")
_SEARCH = f"/{addresses.SEARCH}/"
_ODD_PATH = re.compile(r"[\x00-\x1f\x7f\\]|//|/\.\.?(?:/|$)|^[^/]")


class Documents(Protocol):
    """Where documents come from: the Publisher, or whatever has its methods.

    `document` raises UnknownPath or GonePath and is never older than the last `revision`.
    """

    @property
    def site(self) -> Site: ...
    def document(self, path: str) -> Document: ...
    def paths(self) -> Iterator[str]: ...
    def search(self, query: Query, filename: str) -> Document: ...
    def media(self, path: str) -> Attachment: ...
    def media_paths(self) -> Iterator[str]: ...
    def revision(self) -> int: ...


def answer(
    documents: Documents,
    method: str,
    path: str,
    headers: Mapping[str, str],
    base: str,
    asked: str = "",
) -> Reply:
    """Answer any request below the mount: 200, 204, 301, 304, 400, 404, 405 or 410.

    `path` is decoded and without query; `asked` is the query as it was sent, which the search
    alone hears; `base` the site's own absolute address, for redirects: nothing of the request
    gets into one but a path that is published, and a question in its canonical form.
    """
    if method == "OPTIONS":
        return preflight()
    if method not in ("GET", "HEAD"):
        return refuse(405, "Feeds are read with GET or HEAD.", allow=ALLOWED)
    if is_search(path):
        reply = _search(documents, method, path, headers, base, asked)
    else:
        reply = _find(documents, method, path, headers, base)
    return replace(reply, body=b"") if method == "HEAD" else reply


def is_search(path: str) -> bool:
    """Whether the query of a request has a say at this path."""
    return f"{path}/".startswith(_SEARCH)


def respond(document: Document, method: str, headers: Mapping[str, str]) -> Reply:
    """Answer a request for a document that exists: 200 or 304.

    `method` is GET or HEAD; HEAD has the headers of GET and no body. `headers` go by their
    usual spelling ("If-None-Match"). A strong tag per content coding (RFC 9110 §8.8.3.3).
    If-None-Match is compared weakly and over all codings (§13.1.2) and silences
    If-Modified-Since (§13.1.3), which must equal Last-Modified exactly. An unparsable header
    counts as absent. A browser's navigation (Sec-Fetch-Dest: document) gets the same bytes
    under `navigable_as`. Ranges are not offered. Raises ValueError for a document whose own
    fields would break a header.
    """
    coding = _coding(document, headers.get("Accept-Encoding"))
    held = _held(document, coding, headers)
    if held is not None:
        return Reply(status=304, headers=_safe(_validators(document, held)))
    body = encoded(document, coding)
    is_navigation = headers.get("Sec-Fetch-Dest") == "document"
    media_type = (is_navigation and document.navigable_as) or document.media_type
    fields = (
        ("Content-Type", media_type),
        *((("Content-Encoding", coding),) if coding != "identity" else ()),
        ("Content-Length", str(len(body))),
        *_validators(document, _tag(document, coding)),
        *(PAGE_POLICY if document.is_active else FEED_POLICY),
    )
    return Reply(status=200, headers=_safe(fields), body=b"" if method == "HEAD" else body)


def codings(document: Document) -> tuple[str, ...]:
    """The content codings a document is offered in beside identity; none for pictures."""
    is_textual = _TEXTUAL.fullmatch(document.media_type.partition(";")[0].strip())
    return tuple(SIBLINGS) if is_textual else ()


def encoded(document: Document, coding: str) -> bytes:
    """The body in a content coding, made once and kept: the same bytes on wire and disk."""
    if coding == "identity":
        return document.body
    body = document.variants.get(coding)
    if body is None:
        body = document.variants[coding] = ENCODERS[coding](document.body)
    return body


def refuse(
    status: int, message: str, *, allow: str | None = None, retry_after: int | None = None
) -> Reply:
    """A small text reply that says why there is no document; kept briefly, 410 for a day."""
    lifetime = {404: "max-age=60", 410: f"max-age={DAY}"}.get(status, "no-store")
    allowed = (("Allow", allow),) if allow else ()
    later = (("Retry-After", str(retry_after)),) if retry_after is not None else ()
    return plain(status, message, lifetime, (*allowed, *later))


def redirect(location: str) -> Reply:
    """A permanent redirect (301) to an absolute address."""
    where = iri_to_uri(location)
    return plain(301, f"It is at {where}", f"max-age={DAY}", (("Location", where),))


def preflight() -> Reply:
    """The answer to OPTIONS: anybody may read, conditionally too."""
    return Reply(
        status=204,
        headers=(
            ("Allow", ALLOWED),
            ("Access-Control-Allow-Methods", ALLOWED),
            ("Access-Control-Allow-Headers", "If-None-Match, If-Modified-Since, A-IM"),
            ("Access-Control-Max-Age", str(DAY)),
            *CORS,
        ),
    )


def plain(status: int, message: str, cache_control: str, extra: Fields = ()) -> Reply:
    """A text reply of one line."""
    body = f"{message}\n".encode()
    fields = (
        ("Content-Type", TEXT),
        ("Content-Length", str(len(body))),
        ("Cache-Control", cache_control),
        *extra,
        *CORS,
        NOSNIFF,
    )
    return Reply(status=status, headers=_safe(fields), body=body)


def _find(
    documents: Documents, method: str, path: str, headers: Mapping[str, str], base: str
) -> Reply:
    try:
        if _ODD_PATH.search(path):
            raise UnknownPath(path)
        return _at(documents, method, path, headers, base)
    except GonePath:
        return refuse(410, "What was published here was taken back.")
    except UnknownPath:
        return refuse(404, f"Nothing is published here; the feeds are listed at {base}/")


def _search(
    documents: Documents,
    method: str,
    path: str,
    headers: Mapping[str, str],
    base: str,
    asked: str,
) -> Reply:
    """What answers a question, at its one address; without a question the page to ask from."""
    where = addresses.alias(path) or addresses.resolve(_SEARCH if path in _SEARCH else path)
    name = where.removeprefix(_SEARCH)
    try:
        query = questions.parse(asked)
        if questions.is_empty(query) and name != addresses.INDEX:
            documents.document(f"/{name}")
            return redirect(f"{base}/{name}")
        document = documents.search(query, name)
    except BadQuestion as fault:
        return refuse(400, str(fault))
    except UnknownPath:
        return refuse(404, f"Nothing is published here; ask at {base}{_SEARCH}?q=")
    if not questions.is_canonical(asked, query) or path not in (where, addresses.public(where)):
        question = addresses.query_string(query)
        return redirect(base + addresses.public(f"{where}?{question}".rstrip("?")))
    reply = respond(document, method, headers)
    return replace(reply, headers=(*reply.headers, NO_INDEX))


def _at(
    documents: Documents, method: str, path: str, headers: Mapping[str, str], base: str
) -> Reply:
    try:
        document = documents.document(addresses.resolve(path))
    except GonePath:
        raise
    except UnknownPath:
        return redirect(base + quote(_elsewhere(documents, path)))
    return respond(document, method, headers)


def _elsewhere(documents: Documents, path: str) -> str:
    """The published path that a friendly spelling, or a folder without its slash, means."""
    target = addresses.alias(path)
    if target is None and not path.endswith("/"):
        target = f"{path}/{addresses.INDEX}"
    if target is None:
        raise UnknownPath(path)
    documents.document(target)
    return addresses.public(target)


def _coding(document: Document, accepted: str | None) -> str:
    """The coding to send. br and zstd only when named, never by `*`: many who say `*` cannot."""
    if not accepted or not codings(document):
        return "identity"
    wanted = {
        _SPELLINGS.get(name.lower(), name.lower()): quality
        for name, quality in parse_accept_header(accepted)
    }
    others = wanted.get("*")
    qualities = {
        "br": wanted.get("br", 0),
        "zstd": wanted.get("zstd", 0),
        "gzip": wanted.get("gzip", others or 0),
        "identity": wanted.get("identity", _LEAST if others is None else others),
    }
    best = max(PREFERRED, key=qualities.__getitem__)
    if qualities[best]:
        return best
    # Everything was refused. Who refuses identity by name and no more gets what all can read;
    # a 406 would help nobody.
    return "gzip" if wanted.keys() == {"identity"} else "identity"


def _held(document: Document, coding: str, headers: Mapping[str, str]) -> str | None:
    """The tag a 304 repeats, or None when the client holds nothing current."""
    selected = _tag(document, coding)
    tags = parse_etags(headers.get("If-None-Match"))
    if tags.star_tag:
        return selected
    offered = tags.as_set(include_weak=True)
    if not offered:
        since = _date(headers.get("If-Modified-Since"))
        return selected if since == document.modified.replace(microsecond=0) else None
    for tag in (selected, *(_tag(document, each) for each in PREFERRED)):
        if tag in offered:
            return tag
    is_ours = any(_CODING_SUFFIX.sub("", tag) == document.etag for tag in offered)
    return selected if is_ours else None


def _date(words: str | None) -> datetime | None:
    try:
        return parse_date(words)
    except OverflowError:
        return None


def _tag(document: Document, coding: str) -> str:
    return document.etag if coding == "identity" else f"{document.etag}-{coding}"


def _validators(document: Document, tag: str) -> Fields:
    """What a 200 and its 304 have in common (RFC 9110 §15.4.5)."""
    age = document.max_age
    conditions = {
        "Accept-Encoding": bool(codings(document)),
        "Sec-Fetch-Dest": document.navigable_as is not None,
    }
    varying = ", ".join(name for name, holds in conditions.items() if holds)
    links = ", ".join(_link(*link) for link in document.links)
    return (
        ("ETag", f'"{tag}"'),
        ("Last-Modified", http_date(document.modified)),
        ("Cache-Control", f"max-age={age}, stale-while-revalidate={age}, stale-if-error={DAY}"),
        *((("Vary", varying),) if varying else ()),
        *((("Link", links),) if links else ()),
        *CORS,
    )


def _link(url: str, rel: str, media_type: str) -> str:
    kind = f'; type="{media_type}"' if media_type else ""
    return f'<{iri_to_uri(url)}>; rel="{rel}"{kind}'


def _safe(fields: Fields) -> Fields:
    """The fields, once no value can end its line and begin another."""
    for name, value in fields:
        if not (value.isascii() and value.isprintable()):
            raise ValueError(f"not fit for a header: {name}: {value!r}")
    return fields


def _gzip(body: bytes) -> bytes:
    # No time, and "unknown" for the operating system, which zlib would name.
    packed = zlib.compress(body, 6, wbits=31)
    return packed[:9] + b"\xff" + packed[10:]


def _brotli(body: bytes) -> bytes:
    return bytes(brotli.compress(body, quality=5))


def _zstd(body: bytes) -> bytes:
    return bytes(zstandard.ZstdCompressor(level=9).compress(body))


ENCODERS: Mapping[str, Callable[[bytes], bytes]] = {"gzip": _gzip, "br": _brotli, "zstd": _zstd}
