"""A proxy between a reader and the server that remembers what was asked and answered."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import urlsplit

VALIDATORS = ("If-None-Match", "If-Modified-Since")
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding"}


class Exchange(NamedTuple):
    """One request and the status of its answer."""

    method: str
    path: str
    has_validators: bool
    status: int


class Recorder:
    """Hands every request on to `upstream` unchanged and keeps a list of the exchanges."""

    def __init__(self, upstream: str) -> None:
        self.upstream = urlsplit(upstream)
        self.exchanges: list[Exchange] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def take(self) -> list[Exchange]:
        """What was exchanged since the last call."""
        taken, self.exchanges = self.exchanges, []
        return taken

    @contextmanager
    def running(self) -> Iterator[Recorder]:
        thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        recorder = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                recorder.pass_on(self)

            def do_HEAD(self) -> None:
                recorder.pass_on(self)

            def log_message(self, *args: object) -> None:
                """The list of exchanges is the log."""

        return Handler

    def pass_on(self, request: BaseHTTPRequestHandler) -> None:
        connection = HTTPConnection(self.upstream.hostname or "", self.upstream.port, timeout=10)
        connection.request(request.command, request.path, headers=dict(request.headers))
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        asked = any(name in request.headers for name in VALIDATORS)
        self.exchanges.append(Exchange(request.command, request.path, asked, answer.status))
        request.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in HOP_BY_HOP:
                request.send_header(name, value)
        request.end_headers()
        request.wfile.write(body)
