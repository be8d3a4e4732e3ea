"""httplint reads every kind of answer for every path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pytest

from tests.http_lint import complaints
from tests.outside.running import Answer, Server

CODINGS = ("gzip", "br", "zstd")


class Ask(NamedTuple):
    """One request and the status it must get."""

    method: str
    path: str
    headers: Mapping[str, str]
    status: int

    def __str__(self) -> str:
        return f"{self.method} {self.path} {dict(self.headers)}"


def variations(path: str, plain: Answer) -> Iterator[Ask]:
    """The requests that readers, browsers and caches make for a document."""
    yield Ask("GET", path, {}, 200)
    yield Ask("HEAD", path, {}, 200)
    yield Ask("GET", path, {"If-None-Match": plain.headers["ETag"]}, 304)
    yield Ask("GET", path, {"If-Modified-Since": plain.headers["Last-Modified"]}, 304)
    yield Ask("GET", path, {"Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate"}, 200)
    yield Ask("GET", path, {"Origin": "https://reader.example"}, 200)
    for coding in CODINGS:
        yield Ask("GET", path, {"Accept-Encoding": coding}, 200)


OTHERS = [
    Ask("GET", "/feed", {}, 301),
    Ask("GET", "/feed/", {}, 301),
    Ask("GET", "/atom", {}, 301),
    Ask("GET", "/nothing-here.xml", {}, 404),
    Ask("POST", "/rss.xml", {}, 405),
    Ask("GET", "/healthz", {}, 200),
    Ask(
        "OPTIONS",
        "/rss.xml",
        {
            "Origin": "https://reader.example",
            "Access-Control-Request-Method": "GET",
            "Access-Control-Request-Headers": "if-none-match",
        },
        204,
    ),
]


def findings(server: Server, ask: Ask) -> list[str]:
    """What httplint holds against the answer: warnings and worse."""
    answer = server.ask(ask.path, ask.method, **dict(ask.headers))
    assert answer.status == ask.status, str(ask)
    headers = list(answer.headers.items())
    found = complaints(answer.status, headers, answer.body, method=ask.method, asked=ask.headers)
    return [f"{ask}: {complaint}" for complaint in found]


def test_no_answer_for_a_document_has_a_finding(standing: Server) -> None:
    paths = [p for p in standing.folder.published() if not p.endswith((".gz", ".br", ".zst"))]

    found = [
        finding
        for path in paths
        for ask in variations(path, standing.ask(path))
        for finding in findings(standing, ask)
    ]

    assert len(paths) > 19
    assert found == []


@pytest.mark.parametrize("ask", OTHERS, ids=str)
def test_no_other_answer_has_a_finding(ask: Ask, standing: Server) -> None:
    assert findings(standing, ask) == []
