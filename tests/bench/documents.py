"""Making documents, and answering for one that is known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from html import escape
from typing import Any

from feedsvc.formats import atom, rss
from feedsvc.model import Dated, Entry, How, Page
from feedsvc.web.ready import ReadyReplies
from tests.bench.measure import Bench, cpu
from tests.builders import Shelf, at, document, entry, page

PARAGRAPH = "<p>A line of <b>news</b> about the town, its <a href='https://example.com/'>people</a> & weather. {}</p>"
N_CALLS = 20_000


def news(number: int) -> Entry:
    """An entry with 2 KiB of HTML."""
    moment = at("2020-01-01") + timedelta(minutes=number)
    html = "".join(PARAGRAPH.format(f"{number}.{part}") for part in range(18))
    return entry(
        number,
        published=Dated(instant=moment, how=How.STATED),
        content_html=html,
        content_text=f"News {number} " + "of the town " * 120,
        place=number,
        link=f"https://example.com/{number}",
    )


def by_hand(thing: Page) -> bytes:
    """The same facts in an f-string: the least that escaping and joining cost."""
    return "".join(
        f"<item><title>{escape(e.title)}</title><link>{escape(e.link or '')}</link>"
        f"<guid>{escape(e.id)}</guid><pubDate>{e.published.instant:%a, %d %b %Y %H:%M:%S GMT}</pubDate>"
        f"<description>{escape(e.summary)}</description>"
        f"<content>{escape(e.content_html)}</content></item>"
        for e in thing.entries
    ).encode()


def documents(n_entries: int) -> Iterator[Bench]:
    thing = page(*(news(number) for number in range(1, n_entries + 1)))
    for format, mark in ((rss, b"<item>"), (atom, b"<entry>")):
        yield Bench(
            what=f"{format.NAME}, {n_entries:,} entries of 2 KiB",
            anchor="f-string with html.escape",
            ours=cpu(partial(format.render, thing), n_entries, lambda b, m=mark: b.count(m) == n_entries),
            theirs=cpu(partial(by_hand, thing), n_entries, lambda b: b.count(b"<item>") == n_entries),
            unit="µs/entry",
            reach="<= 4 (feedgen alone 2.9-3.5)",
        )  # fmt: skip


def answers() -> Iterator[Bench]:
    known = document(body=b"x" * 100_000)
    plain = {"REQUEST_METHOD": "GET", "PATH_INFO": known.path, "HTTP_ACCEPT_ENCODING": "gzip"}
    app = ReadyReplies(lambda *_: [b"behind"], Shelf(known))
    yield answer(app, "200", plain)
    yield answer(app, "304", {**plain, "HTTP_IF_NONE_MATCH": f'"{known.etag}-gzip"'})


def answer(app: Any, status: str, environ: dict[str, str]) -> Bench:
    """A known path in process, beside a dictionary lookup that starts a ready answer."""
    seen: list[Any] = []
    body = app(environ, lambda *given: seen.append(given))
    assert seen[0][0].startswith(status)
    ready = {environ["PATH_INFO"]: (*seen[0], body)}
    return Bench(
        what=f"in process, {status} of a known path ({N_CALLS:,} calls)",
        anchor="dict lookup, ready headers",
        ours=cpu(partial(called, app, environ), N_CALLS, lambda b: b == body),
        theirs=cpu(partial(looked_up, ready, environ), N_CALLS, lambda b: b == body),
        unit="µs",
        reach="<= 1 µs",
    )


def start_response(status: str, headers: list[tuple[str, str]]) -> None:
    """A server's part, empty."""


def called(app: Any, environ: dict[str, str]) -> Any:
    for _ in range(N_CALLS):
        body = app(environ, start_response)
    return body


def looked_up(ready: dict[str, Any], environ: dict[str, str]) -> Any:
    for _ in range(N_CALLS):
        status, headers, body = ready[environ["PATH_INFO"]]
        start_response(status, headers)
    return body
