"""Ready replies: known documents answered from a dictionary, ahead of Flask.

Room: web. A WSGI callable around another one. What it keeps came from `delivery.respond`, so
an answer is the same whoever gives it; what is no known document, and every search, which goes by
more than its path, goes on to the app behind.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from feedsvc import delivery
from feedsvc.delivery import Documents
from feedsvc.errors import FeedsvcError
from feedsvc.model import Reply

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.25  #: how long a change of the store may go unseen
LIMIT_BYTES = 16 * 1024 * 1024
ENTRY_BYTES = 2048  #: what a kept reply costs beside its key and body
STATUS_LINES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}

Key = tuple[str, str, str | None, str | None, str | None, str | None]
FIELDS = ("Accept-Encoding", "If-None-Match", "If-Modified-Since", "Sec-Fetch-Dest")


class Ready(NamedTuple):
    """A reply as WSGI wants it."""

    status: str
    headers: list[tuple[str, str]]
    body: list[bytes]  #: one; a list, which granian sends in one go


class Kept:
    """Replies of one revision and roughly what they weigh."""

    def __init__(self) -> None:
        self.replies: dict[Key, Ready] = {}
        self.size_bytes = 0
        self._bodies: set[int] = set()  #: by id: many replies share one

    def add(self, key: Key, ready: Ready) -> None:
        (body,) = ready.body
        self.replies[key] = ready
        self.size_bytes += ENTRY_BYTES + sum(len(part) for part in key if part)
        if id(body) not in self._bodies:
            self._bodies.add(id(body))
            self.size_bytes += len(body)


class ReadyReplies:
    """A WSGI callable that answers GET and HEAD of known documents, and keeps the answers.

    Kept by path, method and every header that has a say, until the publisher's revision moves
    or `limit_bytes` are reached, when all go. `clock` counts seconds; the revision is asked for
    once in LOOK_SECONDS. While it cannot be had, what is kept stays up.
    """

    def __init__(
        self,
        app: WSGIApplication,
        documents: Documents,
        *,
        clock: Callable[[], float] = time.monotonic,
        limit_bytes: int = LIMIT_BYTES,
    ) -> None:
        self._app = app
        self._documents = documents
        self._clock = clock
        self._limit = limit_bytes
        self._look_at = clock()
        self._revision: int | None = None
        self._kept = Kept()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        get = environ.get
        key = (
            get("PATH_INFO", ""),
            environ["REQUEST_METHOD"],
            get("HTTP_ACCEPT_ENCODING"),
            get("HTTP_IF_NONE_MATCH"),
            get("HTTP_IF_MODIFIED_SINCE"),
            get("HTTP_SEC_FETCH_DEST"),
        )
        if self._clock() >= self._look_at:
            self._look()
        ready = self._kept.replies.get(key) or self._make(key)
        if ready is None:
            return self._app(environ, start_response)
        # A copy, since a server may change the list (PEP 3333).
        start_response(ready.status, ready.headers[:])
        return ready.body

    def _look(self) -> None:
        self._look_at = self._clock() + LOOK_SECONDS
        try:
            revision = self._documents.revision()
        except FeedsvcError as error:
            log.warning("what is kept stays up, for the revision is unknown: %s", error)
            return
        if revision != self._revision:
            self._revision, self._kept = revision, Kept()

    def _make(self, key: Key) -> Ready | None:
        # Into the shelf of before the asking: should the revision move meanwhile, another
        # thread has put up a new one, and this answer goes with the old.
        kept = self._kept
        reply = self._answer(*key)
        if reply is None or reply.status not in (200, 304):
            return None
        ready = Ready(STATUS_LINES[reply.status], list(reply.headers), [reply.body])
        kept.add(key, ready)
        if kept.size_bytes > self._limit:
            self._kept = Kept()
        return ready

    def _answer(self, path: str, method: str, *values: str | None) -> Reply | None:
        if method not in ("GET", "HEAD") or not path.isascii() or delivery.is_search(path):
            return None
        headers = {name: value for name, value in zip(FIELDS, values, strict=True) if value}
        try:
            base = self._documents.site.base_url
            return delivery.answer(self._documents, method, path, headers, base)
        except FeedsvcError:
            return None  # asked again, told and logged by the app behind
