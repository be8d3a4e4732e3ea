"""An address in, findings out: the feed is asked for as readers ask, well and badly.

Room: probe. Effects: the network. What the answers are worth is judged by check; a server that
cannot be reached is a finding like any other. Called by cli.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from feedsvc.check import Finding, Rule, Severity, check_document, reply
from feedsvc.check.described import Described, describe
from feedsvc.check.reply import Exchange, Visit

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse, PoolManager

HOPS = 10  #: redirections that are followed
SECONDS = 20.0  #: to wait for an answer
PATIENCE = 1.0  #: seconds to wait for a body that should not come
MOST_BYTES = 50 * 2**20
PAUSE = 1.1  #: seconds between the first and the last look: dates of HTTP count seconds
AGENT = "feedsvc"
TAG = '"no-such-tag"'
_CHUNK = 65_536

UNREACHED = Rule(
    name="http-unreachable",
    severity=Severity.ERROR,
    harm="readers get no feed",
    remedy="check the address, the server and its certificate",
    section="RFC 9110 §4",
)
ENDLESS = Rule(
    name="http-redirect-loop",
    severity=Severity.ERROR,
    harm="readers give up and get no feed",
    remedy="let the address answer 200 by itself",
    section="RFC 9110 §15.4",
)


class _Failed(Exception):
    """The server did not answer, or not to an end; its text says why."""


def probe(url: str, *, now: datetime, pause: float = PAUSE) -> tuple[Finding, ...]:
    """Everything wrong with what stands at an http(s) address, and with how it is served.

    Asks about ten times, the last time `pause` seconds after the first. Raises nothing for
    any server.
    """
    return tuple(replace(finding, document=url) for finding in _look(url, now, pause))


def _look(url: str, now: datetime, pause: float) -> Iterator[Finding]:
    began = time.monotonic()
    try:
        hops, plain = _arrive(url)
    except _Failed as failure:
        yield UNREACHED.at(None, str(failure))
        return
    if plain.status in reply.REDIRECTIONS:
        yield from reply.redirections(hops)
        yield ENDLESS.at(None, f"after {len(hops)} redirections there is still another")
        return
    visit = _described(Visit(hops=hops, plain=plain, now=now))
    if plain.status == 200:
        visit = _ask_around(visit)
        time.sleep(max(0.0, pause - (time.monotonic() - began)))
        visit = replace(visit, again=_maybe(plain.address))
    yield from reply.check(visit)
    if plain.status == 200:
        yield from _document(plain, visit)


def _arrive(url: str) -> tuple[tuple[Exchange, ...], Exchange]:
    """The redirections, and the answer at their end."""
    hops: list[Exchange] = []
    answer = _ask(url)
    while answer.status in reply.REDIRECTIONS and len(hops) < HOPS:
        hops.append(answer)
        location = answer.get("location")
        if not location:
            break
        answer = _ask(urljoin(answer.address, location))
    return tuple(hops), answer


def _ask_around(visit: Visit) -> Visit:
    """The same once more in every way that readers ask."""
    plain, address = visit.plain, visit.plain.address
    tag, date = plain.get("etag"), plain.get("last-modified")
    return replace(
        visit,
        packed=_maybe(address, {"Accept-Encoding": "gzip"}),
        refused=_maybe(address, {"Accept-Encoding": "gzip;q=0, identity"}),
        head=_maybe(address, method="HEAD"),
        by_tag=_maybe(address, {"If-None-Match": tag}) if tag else None,
        by_date=_maybe(address, {"If-Modified-Since": date}) if date else None,
        other_tag=_maybe(address, {"If-None-Match": TAG, "If-Modified-Since": date})
        if tag and date
        else None,
    )


def _described(visit: Visit) -> Visit:
    """The visit with what the document says of itself."""
    body = _body(visit.plain)
    known = describe(body, "")
    if known is None:
        return visit
    return replace(
        visit,
        kind=known.kind,
        encoding=_encoding(body),
        selves=_links(known, "self"),
        hubs=_links(known, "hub"),
    )


def _links(known: Described, rel: str) -> tuple[str, ...]:
    return tuple(link.href for link in known.links if link.rel == rel)


def _encoding(body: bytes) -> str:
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    found = re.match(rb"\s*<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']+)", body)
    return found[1].decode("ascii", "replace") if found else "utf-8"


def _document(plain: Exchange, visit: Visit) -> Iterator[Finding]:
    body = _body(plain)
    is_here = reply.is_local(plain.address)
    for finding in check_document(
        body, address=plain.address, media_type=plain.get("content-type"), now=visit.now
    ):
        if not (is_here and finding.rule.name == "address-local"):  # it was reached, after all
            yield finding


def _body(answer: Exchange) -> bytes:
    try:
        return answer.decoded()
    except ValueError:
        return answer.body


def _pool() -> PoolManager:
    from urllib3 import PoolManager, Timeout

    return PoolManager(timeout=Timeout(connect=10, read=SECONDS), retries=False)


def _maybe(
    url: str, headers: Mapping[str, str | None] | None = None, *, method: str = "GET"
) -> Exchange | None:
    """The answer, or None when there is none."""
    try:
        return _ask(url, headers, method=method)
    except _Failed:
        return None


def _ask(
    url: str, headers: Mapping[str, str | None] | None = None, *, method: str = "GET"
) -> Exchange:
    """The answer to one request, its body as it came. Raises _Failed.

    Every request has a connection of its own: what one answer left behind spoils no other.
    """
    from urllib3.exceptions import HTTPError

    sent = {"User-Agent": AGENT, "Accept": "*/*", "Accept-Encoding": "identity"}
    sent |= {name: value for name, value in (headers or {}).items() if value}
    try:
        with _pool() as pool:
            answer = pool.request(
                method,
                url,
                headers={**sent, "Connection": "close"},
                redirect=False,
                preload_content=False,
                decode_content=False,
                enforce_content_length=False,
            )
            with answer:
                return _exchange(url, method, answer)
    except (HTTPError, OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or error
        raise _Failed(f"it cannot be fetched: {reason}") from error


def _exchange(url: str, method: str, answer: BaseHTTPResponse) -> Exchange:
    is_bare = method == "HEAD" or answer.status in (204, 304)
    return Exchange(
        address=url,
        status=answer.status,
        reason=answer.reason or "",
        headers=tuple(answer.headers.items()),
        body=_stowaway(answer) if is_bare else _whole(answer),
    )


def _whole(answer: BaseHTTPResponse) -> bytes:
    deadline, chunks, size = time.monotonic() + 3 * SECONDS, [], 0
    while chunk := answer.read1(_CHUNK, decode_content=False):
        chunks.append(chunk)
        size += len(chunk)
        if size > MOST_BYTES:
            raise _Failed(f"the answer has more than {MOST_BYTES / 2**20:.0f} MB")
        if time.monotonic() > deadline:
            raise _Failed(f"the answer took longer than {3 * SECONDS:.0f} seconds")
    return b"".join(chunks)


def _stowaway(answer: BaseHTTPResponse) -> bytes:
    """What a server sends after headers that no body may follow; clients do not read it."""
    stream = getattr(getattr(answer, "_fp", None), "fp", None)
    socket = getattr(getattr(stream, "raw", None), "_sock", None)
    if stream is None or socket is None:
        return b""
    with suppress(OSError, ValueError):
        socket.settimeout(PATIENCE)  # a server that keeps the connection open says no more
        return bytes(stream.read(_CHUNK) or b"")
    return b""
