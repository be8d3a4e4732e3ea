"""Real servers, raw sockets: what leaves the machine, byte for byte."""

from __future__ import annotations

import gzip
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zstandard

from tests.http_lint import complaints

ROOT = Path(__file__).parents[2]
APP = """
from feedsvc.web import create_app
from tests.builders import Shelf, document

app = create_app(Shelf(
    document(
        body=b"<rss>" + b"All the news. " * 40 + b"</rss>",
        etag="t",
        navigable_as="application/xml; charset=utf-8",
        links=(("http://127.0.0.1:8000/rss.xml", "self", "application/rss+xml"),),
    ),
    gone=("/entries/lost/index.html",),
))
"""
BODY = b"<rss>" + b"All the news. " * 40 + b"</rss>"
DATE = "Wed, 14 May 2025 12:00:00 GMT"
SERVERS = {
    "gunicorn": ("gunicorn", "--bind", "127.0.0.1:{port}", "--threads", "2", "served:app"),
    "granian": ("granian", "--interface", "wsgi", "--port", "{port}", "served:app"),
}
Ask = Callable[[bytes], tuple[int, list[tuple[str, str]], bytes]]


@pytest.fixture(scope="module", params=SERVERS)
def ask(request, tmp_path_factory) -> Iterator[Ask]:
    """Send the bytes of a request to a running server, read all it sends until it hangs up."""
    folder = tmp_path_factory.mktemp(request.param)
    (folder / "served.py").write_text(APP)
    port = free_port()
    module, *options = (part.format(port=port) for part in SERVERS[request.param])
    server = subprocess.Popen(
        [sys.executable, "-m", module, *options],
        env={"PYTHONPATH": f"{ROOT}:{folder}", "PATH": ""},
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port, server)
        yield lambda sent: exchange(port, sent)
    finally:
        server.terminate()
        server.wait(20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(400):
        assert server.poll() is None, "the server ended"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("the server never listened")


def exchange(port: int, sent: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(sent)
        got = b"".join(iter(lambda: connection.recv(65536), b""))
    head, _, body = got.partition(b"\r\n\r\n")
    status, *lines = head.decode("ascii").split("\r\n")
    fields = [(name, value) for name, value in (line.split(": ", 1) for line in lines)]
    return int(status.split()[1]), fields, body


def get(path: str = "/rss.xml", method: str = "GET", **headers: str) -> bytes:
    named = {"Host": "127.0.0.1", "Connection": "close"}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{method} {path} HTTP/1.1", *(f"{n}: {v}" for n, v in named.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def ours(fields: list[tuple[str, str]]) -> list[str]:
    """The names of the headers, without what belongs to the server."""
    of_servers = {"server", "date", "connection"}
    return sorted(name.lower() for name, _ in fields if name.lower() not in of_servers)


VALIDATORS = [
    "access-control-allow-origin",
    "access-control-expose-headers",
    "cache-control",
    "etag",
    "last-modified",
    "link",
    "vary",
]
ENTITY = ["content-length", "content-security-policy", "content-type", "x-content-type-options"]


@pytest.mark.parametrize(
    ("sent", "status", "etag", "decode"),
    [
        pytest.param(get(), 200, '"t"', bytes, id="plain"),
        pytest.param(get(Accept_Encoding="gzip"), 200, '"t-gzip"', gzip.decompress, id="gzip"),
        pytest.param(
            get(Accept_Encoding="zstd"),
            200,
            '"t-zstd"',
            zstandard.ZstdDecompressor().decompress,
            id="zstd",
        ),
        pytest.param(get(Range="bytes=0-9"), 200, '"t"', bytes, id="a range"),
        pytest.param(get("/rss.xml?x=%0d%0a"), 200, '"t"', bytes, id="a query"),
    ],
)
def test_a_feed_leaves_whole(ask, sent, status, etag, decode):
    got, fields, body = ask(sent)
    headers = {name.lower(): value for name, value in fields}
    coding = ["content-encoding"] if decode is not bytes else []

    assert (got, decode(body)) == (status, BODY)
    assert ours(fields) == sorted(VALIDATORS + ENTITY + coding)
    assert (headers["etag"], headers["content-length"]) == (etag, str(len(body)))


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(get(If_None_Match='"t"'), id="its tag"),
        pytest.param(get(If_None_Match='W/"t-gzip"', Accept_Encoding="gzip"), id="of gzip"),
        pytest.param(get(If_Modified_Since=DATE), id="its date"),
        pytest.param(get(method="HEAD", If_None_Match='"t"'), id="by HEAD"),
    ],
)
def test_not_modified_is_a_head_alone(ask, sent):
    status, fields, body = ask(sent)

    assert (status, body) == (304, b"")
    assert ours(fields) == VALIDATORS
    assert dict(fields).get("Last-Modified", dict(fields).get("last-modified")) == DATE


@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_head_has_the_headers_of_get_and_no_body(ask, coding):
    _, expected, body = ask(get(Accept_Encoding=coding))
    status, fields, nothing = ask(get(method="HEAD", Accept_Encoding=coding))

    assert (status, nothing) == (200, b"")
    assert without_date(fields) == without_date(expected)
    assert ("content-length", str(len(body))) in without_date(fields)


def without_date(fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name.lower(), value) for name, value in fields if name.lower() != "date"]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        pytest.param(get("/feed"), 301, id="an alias"),
        pytest.param(get("/nowhere"), 404, id="unknown"),
        pytest.param(get("/entries/lost/"), 410, id="gone"),
        pytest.param(get(method="POST", Content_Length="0"), 405, id="a post"),
        pytest.param(get(method="BREW"), 405, id="coffee"),
        pytest.param(get(method="OPTIONS"), 204, id="a preflight"),
        pytest.param(get("/healthz"), 200, id="health"),
        pytest.param(get("//rss.xml"), 200, id="two slashes, which servers fold at the start"),
        pytest.param(get("/sections//rss.xml"), 404, id="two slashes inside"),
        pytest.param(get("/../rss.xml"), 404, id="a step up"),
        pytest.param(get("/..%2f..%2fetc%2fpasswd"), 404, id="encoded slashes"),
        pytest.param(get("/rss.xml%00"), 404, id="NUL"),
        pytest.param(get("/feed%0d%0aSet-Cookie:%20a=b"), 404, id="a header in the path"),
        pytest.param(get("/%ff%fe"), 404, id="no UTF-8"),
        pytest.param(get(If_None_Match='"' + "x" * 4000), 200, id="an endless tag"),
        pytest.param(get(Accept_Encoding="gzip;q=high,,;"), 200, id="an unreadable coding"),
        pytest.param(get(If_Modified_Since="lately"), 200, id="an unreadable date"),
        pytest.param(get(Host="evil.example"), 200, id="another host"),
    ],
)
def test_odd_requests_are_answered_in_our_own_words(ask, sent, status):
    got, fields, body = ask(sent)

    assert got == status
    assert not re.search(rb"<html|Traceback", body, re.IGNORECASE)
    assert "set-cookie" not in ours(fields)


@pytest.mark.parametrize(
    ("method", "path", "asked"),
    [
        pytest.param("GET", "/rss.xml", {}, id="plain"),
        pytest.param("GET", "/rss.xml", {"Accept-Encoding": "gzip"}, id="gzip"),
        pytest.param("GET", "/rss.xml", {"Accept-Encoding": "zstd"}, id="zstd"),
        pytest.param("HEAD", "/rss.xml", {}, id="head"),
        pytest.param("GET", "/rss.xml", {"If-None-Match": '"t"'}, id="not modified"),
        pytest.param("GET", "/feed", {}, id="an alias"),
        pytest.param("GET", "/nowhere", {}, id="unknown"),
        pytest.param("GET", "/entries/lost/", {}, id="gone"),
        pytest.param("GET", "/healthz", {}, id="health"),
        pytest.param("DELETE", "/rss.xml", {}, id="not allowed"),
    ],
)
def test_httplint_finds_nothing_wrong_on_the_wire(ask, method, path, asked):
    named = {name.replace("-", "_"): value for name, value in asked.items()}
    status, fields, body = ask(get(path, method, **named))

    assert complaints(status, fields, body, method=method, asked=asked) == []
