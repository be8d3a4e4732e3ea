"""An address is asked as readers ask: a real server, right or deliberately wrong."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from feedsvc.probe import probe

NOW = datetime(2026, 11, 22, tzinfo=UTC)
MODIFIED = "Sat, 21 Nov 2026 08:00:00 GMT"
FEED = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>
<title>News</title><link>{base}</link><description>News</description><language>en</language>
<lastBuildDate>Sat, 21 Nov 2026 08:00:00 GMT</lastBuildDate>
<atom:link rel="self" type="application/rss+xml" href="{base}rss.xml"/>
<item><title>Entry</title><link>{base}entry</link><description>{words}</description>
<guid isPermaLink="false">tag:news.example.org,2026:1</guid>
<pubDate>Sat, 21 Nov 2026 08:00:00 GMT</pubDate></item>
</channel></rss>
"""
PAGE = b"""<!doctype html><html><head><title>News</title>
<link rel="alternate" type="application/rss+xml" href="/rss.xml"></head><body></body></html>"""

Headers = dict[str, str]
Respond = Callable[["Server", str, Mapping[str, str]], tuple[int, Headers, bytes]]


@dataclass
class Server:
    """A server on this machine; `respond` is what a test does wrong."""

    base: str = ""
    respond: Respond | None = None
    asked: list[tuple[str, Headers]] = field(default_factory=list)

    @property
    def feed(self) -> bytes:
        return FEED.format(base=self.base, words="Words " * 400).encode()

    def right(self, method: str, asked: Mapping[str, str]) -> tuple[int, Headers, bytes]:
        """The answer of a server that does everything right."""
        is_packed = (
            "gzip" in asked.get("accept-encoding", "") and "q=0" not in asked["accept-encoding"]
        )
        body = gzip.compress(self.feed, mtime=0) if is_packed else self.feed
        tags = {'"plain"', '"packed"'}
        told = {
            "ETag": '"packed"' if is_packed else '"plain"',
            "Last-Modified": MODIFIED,
            "Cache-Control": "max-age=3600",
            "Vary": "Accept-Encoding",
            "X-Content-Type-Options": "nosniff",
            "Access-Control-Allow-Origin": "*",
        }
        known = asked.get("if-none-match")
        if known in tags or (known is None and asked.get("if-modified-since") == MODIFIED):
            return 304, told, b""
        told |= {"Content-Type": "application/rss+xml; charset=utf-8"}
        told |= {"Content-Length": str(len(body))} | (
            {"Content-Encoding": "gzip"} if is_packed else {}
        )
        return 200, told, b"" if method == "HEAD" else body


def method(line: str) -> str:
    return line.partition(" ")[0]


@pytest.fixture
def server() -> Iterator[Server]:
    served = Server()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            asked = {name.lower(): value for name, value in self.headers.items()}
            served.asked.append((f"{self.command} {self.path}", asked))
            respond = served.respond or (lambda s, m, a: s.right(method(m), a))
            status, headers, body = respond(served, f"{self.command} {self.path}", asked)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            self.answer()

        def do_HEAD(self) -> None:
            self.answer()

        def log_message(self, *_: object) -> None:
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served.base = f"http://127.0.0.1:{listening.server_port}/"
    threading.Thread(target=listening.serve_forever, args=(0.01,), daemon=True).start()
    yield served
    listening.shutdown()
    listening.server_close()


def rules(server: Server, respond: Respond | None = None, path: str = "rss.xml") -> list[str]:
    server.respond = respond
    found = probe(server.base + path, now=NOW, pause=0)
    assert all(finding.document == server.base + path for finding in found)
    return list(dict.fromkeys(finding.rule.name for finding in found))


def changed(**changes: str | None) -> Respond:
    """A server that sends some headers wrongly, whatever it is asked."""

    def respond(server: Server, line: str, asked: Mapping[str, str]) -> tuple[int, Headers, bytes]:
        status, headers, body = server.right(method(line), asked)
        spelled = {name.replace("_", "-").title(): value for name, value in changes.items()}
        kept = {name: value for name, value in headers.items() if name.title() not in spelled}
        return status, kept | {n: v for n, v in spelled.items() if v is not None}, body

    return respond


def test_a_server_that_does_everything_right_has_nothing_to_report(server: Server) -> None:
    assert rules(server) == []


def test_it_is_asked_in_every_way_that_readers_ask(server: Server) -> None:
    rules(server)

    lines = [line for line, _ in server.asked]
    asked = [headers for _, headers in server.asked]
    assert lines.count("HEAD /rss.xml") == 1
    assert {headers.get("accept-encoding") for headers in asked} == {
        "identity", "gzip", "gzip;q=0, identity",
    }  # fmt: skip
    assert [h["if-none-match"] for h in asked if "if-none-match" in h] == [
        '"plain"', '"no-such-tag"',
    ]  # fmt: skip
    assert sum("if-modified-since" in headers for headers in asked) == 2


def ignoring(header: str) -> Respond:
    def respond(server: Server, line: str, asked: Mapping[str, str]) -> tuple[int, Headers, bytes]:
        kept = {name: value for name, value in asked.items() if name != header}
        return server.right(method(line), kept)

    return respond


def date_first(server: Server, line: str, asked: Mapping[str, str]) -> tuple[int, Headers, bytes]:
    heard = dict(asked)
    if "if-modified-since" in heard:
        heard.pop("if-none-match", None)
    return server.right(method(line), heard)


def always_gzip(server: Server, line: str, asked: Mapping[str, str]) -> tuple[int, Headers, bytes]:
    return server.right(method(line), {**asked, "accept-encoding": "gzip"})


def deaf_to_refusal(
    server: Server, line: str, asked: Mapping[str, str]
) -> tuple[int, Headers, bytes]:
    wanted = "gzip" if "gzip" in asked.get("accept-encoding", "") else "identity"
    return server.right(method(line), {**asked, "accept-encoding": wanted})


def talkative_304(
    server: Server, line: str, asked: Mapping[str, str]
) -> tuple[int, Headers, bytes]:
    status, headers, body = server.right(method(line), asked)
    return status, headers, b"not modified" if status == 304 else body


def talkative_head(
    server: Server, line: str, asked: Mapping[str, str]
) -> tuple[int, Headers, bytes]:
    return server.right("GET", asked)


def no_head(server: Server, line: str, asked: Mapping[str, str]) -> tuple[int, Headers, bytes]:
    return (501, {}, b"") if line.startswith("HEAD") else server.right("GET", asked)


def clock(server: Server, line: str, asked: Mapping[str, str]) -> tuple[int, Headers, bytes]:
    status, headers, body = server.right(method(line), asked)
    return status, headers | {"ETag": f'"{len(server.asked)}"'}, body


def cut_short(server: Server, line: str, asked: Mapping[str, str]) -> tuple[int, Headers, bytes]:
    status, headers, body = server.right(method(line), asked)
    return status, headers, body if "Content-Encoding" in headers else body[:-20]


@pytest.mark.parametrize(
    ("respond", "expected"),
    [
        pytest.param(ignoring("if-none-match"), ["http-etag-ignored", "http-etag-overruled"], id="tags ignored"),
        pytest.param(ignoring("if-modified-since"), ["http-last-modified-ignored"], id="dates ignored"),
        pytest.param(ignoring("accept-encoding"), ["http-not-compressed"], id="never compressed"),
        pytest.param(date_first, ["http-etag-overruled"], id="dates above tags"),
        pytest.param(always_gzip, ["http-coding-unasked", "http-coding-refused"], id="always compressed"),
        pytest.param(deaf_to_refusal, ["http-coding-refused"], id="q=0 not heard"),
        pytest.param(talkative_304, ["http-304-with-body"], id="304 with a body"),
        pytest.param(talkative_head, ["http-head-with-body"], id="HEAD with a body"),
        pytest.param(no_head, ["http-head-differs"], id="HEAD unknown"),
        pytest.param(clock, ["http-etag-unsteady", "http-etag-ignored", "http-head-differs"], id="a new tag each time"),
        pytest.param(changed(set_cookie="a=b"), ["http-cookie"], id="a cookie"),
        pytest.param(changed(vary=None), ["http-vary-missing"], id="no Vary"),
        pytest.param(changed(etag='"same"'), ["http-etag-ignored", "http-etag-shared-by-codings"], id="one tag"),
        pytest.param(changed(content_type="text/plain"), ["http-content-type-wrong"], id="plain text"),
        pytest.param(changed(last_modified="Tue, 24 Nov 2026 08:00:00 GMT"), ["http-last-modified-future", "http-last-modified-ignored"], id="a date to come"),
    ],
)  # fmt: skip
def test_a_server_that_does_one_thing_wrong(
    server: Server, respond: Respond, expected: list[str]
) -> None:
    assert rules(server, respond) == expected


def test_an_answer_cut_short(server: Server) -> None:
    told = rules(server, cut_short)

    assert "http-content-length-wrong" in told
    assert "xml-truncated" in told


def moved(status: int, target: str) -> Respond:
    def respond(server: Server, line: str, asked: Mapping[str, str]) -> tuple[int, Headers, bytes]:
        if line.endswith("/rss.xml"):
            return server.right(method(line), asked)
        return status, {"Location": target, "Content-Length": "0"}, b""

    return respond


@pytest.mark.parametrize(
    ("respond", "expected"),
    [
        pytest.param(moved(301, "/rss.xml"), ["http-redirect-permanent"], id="for good"),
        pytest.param(moved(302, "/rss.xml"), ["http-redirect-temporary"], id="for now"),
        pytest.param(
            moved(302, "/feed"),
            ["http-redirect-temporary", "http-redirect-chain", "http-redirect-loop"],
            id="in a circle",
        ),
    ],
)
def test_redirections(server: Server, respond: Respond, expected: list[str]) -> None:
    assert rules(server, respond, path="feed") == expected


@pytest.mark.parametrize("status", [404, 410, 500, 503])
def test_an_answer_without_a_feed(server: Server, status: int) -> None:
    assert rules(server, lambda *_: (status, {"Content-Length": "5"}, b"sorry")) == ["http-status"]


def test_a_page_instead_of_a_feed_names_the_feeds_it_links_to(server: Server) -> None:
    server.respond = lambda s, line, _: (
        200,
        {"Content-Type": "text/html", "Content-Length": str(len(PAGE))},
        b"" if line.startswith("HEAD") else PAGE,
    )

    found = probe(server.base, now=NOW, pause=0)

    (told,) = [finding for finding in found if finding.rule.name == "not-a-feed"]
    assert told.message.endswith("it links to /rss.xml")


def test_a_document_is_judged_by_the_address_it_came_from(server: Server) -> None:
    (told,) = rules(server, path="other.xml")

    assert "self" in told


def test_the_document_itself_is_judged(server: Server) -> None:
    def respond(s: Server, line: str, asked: Mapping[str, str]) -> tuple[int, Headers, bytes]:
        body = s.feed.replace(b"<title>Entry</title>", b"<title>A &lt;b&gt;b&lt;/b&gt;</title>")
        told = {"Content-Length": str(len(body)), "Content-Type": "application/rss+xml"}
        return 200, told, b"" if line.startswith("HEAD") else body

    assert "text-holds-html" in rules(server, respond)


def test_a_server_that_is_not_there() -> None:
    (finding,) = probe("http://127.0.0.1:9/rss.xml", now=NOW, pause=0)

    assert finding.rule.name == "http-unreachable"


@pytest.mark.parametrize("url", ["http://", "http://[::1/rss.xml", "https://no such host/"])
def test_an_address_that_is_none(url: str) -> None:
    (finding,) = probe(url, now=NOW, pause=0)

    assert finding.rule.name == "http-unreachable"


def test_words_that_are_no_http(server: Server) -> None:
    listening = socket.create_server(("127.0.0.1", 0))

    def talk() -> None:
        client, _ = listening.accept()
        client.recv(100)
        client.sendall(b"hello\r\n\r\n")
        client.close()

    threading.Thread(target=talk, daemon=True).start()
    (finding,) = probe(f"http://127.0.0.1:{listening.getsockname()[1]}/", now=NOW, pause=0)
    listening.close()

    assert finding.rule.name == "http-unreachable"


def test_a_server_that_never_closes_does_not_hold_us_up(server: Server) -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    clients: list[socket.socket] = []

    def talk() -> None:
        with suppress(OSError):
            while True:
                client, _ = listening.accept()
                clients.append(client)
                client.recv(1000)
                client.sendall(b'HTTP/1.1 200 OK\r\nETag: "a"\r\nContent-Length: 5\r\n\r\nhello')

    threading.Thread(target=talk, daemon=True).start()
    began = time.monotonic()
    found = probe(f"http://127.0.0.1:{listening.getsockname()[1]}/", now=NOW, pause=0)
    for one in (listening, *clients):
        one.close()

    assert time.monotonic() - began < 5
    assert "not-a-feed" in {finding.rule.name for finding in found}
