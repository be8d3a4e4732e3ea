"""Addresses: a source somewhere on the web, asked whether it changed before it is fetched.

Room: seeds. Effects: the network. Conditional requests (RFC 9110 §13), an answer's size and
time limited, redirections followed to http(s) alone. The stamp keeps the validators and when
we last looked. A failure is told and changes nothing.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from functools import cache
from typing import TYPE_CHECKING, Any

from feedsvc.errors import SourceError
from feedsvc.model import Limits
from feedsvc.seeds.inputs import Loaded, Plain

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse, PoolManager

REDIRECTIONS = 5
AGENT = "feedsvc"
ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/json;q=0.9, "
    "text/html;q=0.8, */*;q=0.5"
)
_CHUNK = 65_536


@dataclass(frozen=True)
class Address(Plain):
    """A source at an http(s) address."""

    name: str
    every: int | None = None  #: seconds between looks of a timer
    is_timed: bool = False  #: asked by a timer: looks only when `every` has passed

    def load(self, kept: str, limits: Limits) -> Loaded:
        """What stands there; no data when it is what `kept` says. Raises SourceError."""
        if self.is_timed and not self.is_due(kept, time.time()):
            return Loaded(data=None, stamp=kept)
        known = read_stamp(kept)
        with _failing(self.name), _answer(self.name, known, limits) as answer:
            if answer.status == 304:
                return Loaded(data=None, stamp=_stamp(known))
            if answer.status != 200:
                raise SourceError(self.name, None, *_refusal(answer))
            data = b"".join(_chunks(self.name, answer, limits))
            return Loaded(
                data=data,
                stamp=_stamp(_validators(answer)),
                charset=_charset(answer),
                address=answer.url or self.name,
            )

    def is_due(self, kept: str, now: float) -> bool:
        """Whether a timer should look again: `every` has passed since it last did."""
        return self.every is not None and now - read_stamp(kept).get("looked", 0) >= self.every


def read_stamp(stamp: str) -> dict[str, Any]:
    """The validators and times a stamp holds; none when it is no stamp of ours."""
    try:
        known = json.loads(stamp)
    except ValueError:
        return {}
    return known if isinstance(known, dict) else {}


def _stamp(known: dict[str, Any]) -> str:
    return json.dumps({**known, "looked": int(time.time())}, sort_keys=True)


@cache
def _pool() -> PoolManager:
    from urllib3 import PoolManager, Retry

    retries = Retry(
        total=REDIRECTIONS, connect=1, read=0, status=0, respect_retry_after_header=False
    )
    return PoolManager(retries=retries)


@contextmanager
def _answer(url: str, known: dict[str, Any], limits: Limits) -> Iterator[BaseHTTPResponse]:
    from urllib3 import Timeout

    headers = {"User-Agent": AGENT, "Accept": ACCEPT, "Accept-Encoding": "gzip, deflate"}
    for header, name in (("If-None-Match", "etag"), ("If-Modified-Since", "modified")):
        if isinstance(value := known.get(name), str):
            headers[header] = value
    timeout = Timeout(connect=min(10, limits.seconds), read=limits.seconds)
    answer = _pool().request("GET", url, headers=headers, timeout=timeout, preload_content=False)
    try:
        yield answer
    finally:
        answer.close()


@contextmanager
def _failing(url: str) -> Iterator[None]:
    from urllib3.exceptions import HTTPError

    try:
        yield
    except (HTTPError, OSError, ValueError) as error:
        reason = f"cannot be fetched: {getattr(error, 'reason', None) or error}"
        remedy = "what was read before stays; it is asked again next time"
        raise SourceError(url, None, reason, remedy) from error


def _chunks(url: str, answer: BaseHTTPResponse, limits: Limits) -> Iterator[bytes]:
    """The decoded body, within the limits of size and time."""
    deadline = time.monotonic() + limits.seconds
    size = 0
    while chunk := answer.read1(_CHUNK, decode_content=True):  # what is there, without waiting
        size += len(chunk)
        if size > limits.file_bytes:
            reason = f"the answer is over the limit of {limits.file_bytes / 1e6:g} MB"
            raise SourceError(url, None, reason, "raise `limits.file_bytes` under [[source]]")
        if time.monotonic() > deadline:
            reason = f"the answer took longer than {limits.seconds} seconds"
            raise SourceError(url, None, reason, "raise `limits.seconds` under [[source]]")
        yield chunk


def _validators(answer: BaseHTTPResponse) -> dict[str, Any]:
    found = {
        "etag": answer.headers.get("ETag"),
        "modified": answer.headers.get("Last-Modified"),
    }
    return {name: value for name, value in found.items() if value}


def _charset(answer: BaseHTTPResponse) -> str | None:
    message = Message()
    message["Content-Type"] = answer.headers.get("Content-Type", "")
    return message.get_content_charset()


def _refusal(answer: BaseHTTPResponse) -> tuple[str, str]:
    """What an answer without content means, and what to do."""
    reason = f"answered {answer.status} {answer.reason or ''}".strip()
    if answer.status == 410:
        return reason, "it is gone for good: take it out of the settings; what was read stays"
    if answer.status in (429, 503) and (after := answer.headers.get("Retry-After")):
        return reason, f"it asks to wait ({after}); what was read before stays"
    if answer.status in (401, 403):
        return reason, "it wants a login or refuses us; what was read before stays"
    return reason, "check the address; what was read before stays"
