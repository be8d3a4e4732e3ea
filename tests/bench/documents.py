"""Making documents, and answering for one that is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from html import escape
from typing import Any

from feedgen.feed import FeedGenerator

from feedsvc.formats import atom, jsonfeed, rss
from feedsvc.formats._fragments import KEPT
from feedsvc.model import Author, Dated, Entry, Family, Feed, How, Membership, Page
from feedsvc.web.ready import ReadyReplies
from tests.bench.measure import Bench, cpu
from tests.builders import Shelf, at, document, entry, page

PARAGRAPH = "<p>A line of <b>news</b> about the town, its <a href='https://example.com/'>people</a> & weather. {}</p>"
N_CALLS = 20_000
N_KEPT = 3_000  #: entries of which fragments in one format are kept


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
    n_entries = min(n_entries, N_KEPT)
    thing = page(*(news(number) for number in range(1, n_entries + 1)))
    for format, mark in ((rss, b"<item>"), (atom, b"<entry>"), (jsonfeed, b'"date_published"')):
        holds_all = partial(counted, mark, n_entries)
        yield Bench(
            what=f"{format.NAME}, {n_entries:,} entries of 2 KiB, cold",
            anchor="f-string with html.escape",
            ours=cpu(partial(cold, format, thing), n_entries, holds_all),
            theirs=cpu(partial(by_hand, thing), n_entries, partial(counted, b"<item>", n_entries)),
            unit="µs/entry",
            reach="<= 4 (feedgen alone 2.9-3.5)",
        )
        warm = format.render(thing)
        yield Bench(
            what=f"{format.NAME}, {n_entries:,} entries of 2 KiB, warm",
            anchor="memcpy of the document",
            ours=cpu(partial(format.render, thing), n_entries, holds_all),
            theirs=cpu(partial(bytearray, warm), n_entries, holds_all),
            unit="µs/entry",
            reach="<= 3",
        )


def counted(mark: bytes, n: int, document: bytes) -> bool:
    return document.count(mark) == n


def cold(format: Any, thing: Page) -> bytes:
    KEPT.clear()
    body: bytes = format.render(thing)
    return body


def sites(n_entries: int) -> Iterator[Bench]:
    """A site with 200 tags, every entry in five: its documents beside naive feedgen's."""
    every = list(site_of(n_entries))
    heads = [one for one in every if one.number is None]
    yield site_bench(
        every, f"{n_entries:,} entries, 200 tags, archives, cold", "<= 0.40", is_cold=True
    )
    yield site_bench(heads, f"{n_entries:,} entries, 200 tags, heads, cold", is_cold=True)
    yield site_bench(
        heads, f"{n_entries:,} entries, 200 tags, heads, warm", "<= 0.20", is_cold=False
    )


def site_bench(pages: list[Page], what: str, reach: str = "", *, is_cold: bool) -> Bench:
    n_bytes, n_theirs = whole_site(pages, is_cold=True), by_feedgen(pages)
    n_shown = sum(len(one.entries) for one in pages)
    return Bench(
        what=what,
        anchor="feedgen, RSS and Atom alone",
        ours=cpu(partial(whole_site, pages, is_cold=is_cold), n_shown, lambda n: n == n_bytes),
        theirs=cpu(partial(by_feedgen, pages), n_shown, lambda n: n == n_theirs),
        unit="µs/entry shown",
        reach=reach,
    )


def site_of(n_entries: int) -> Iterator[Page]:
    """Every page of 50 of everything and of each tag, the newest first.

    Each has its entries as they come from the store: ever anew.
    """
    entries = [tagged(number) for number in range(n_entries, 0, -1)]
    held: dict[str, list[Entry]] = {"": entries}
    for one in entries:
        for tag in one.tags:
            held.setdefault(tag, []).append(one)
    pages = [
        page(
            *(replace(one) for one in some[start : start + 50]),
            feed=feed_of(tag),
            number=start // 50 or None,
        )
        for tag, some in held.items()
        for start in range(0, len(some), 50)
    ]
    return iter(sorted(pages, key=lambda one: one.entries[0].order))


def feed_of(tag: str) -> Feed:
    path = f"tags/{tag.lower().replace(' ', '-')}" if tag else ""
    return Feed(path=path, title=tag or "A site", family=Family.TAGS if tag else Family.SITE)


def tagged(number: int) -> Entry:
    """An entry with an author and five tags, each a feed."""
    tags = [(number + 40 * part + number // 40 % 7 * part) % 200 for part in range(5)]
    return replace(
        news(number),
        authors=(Author(name="Ann Example", email="ann@example.com"),),
        tags=tuple(f"Tag {tag}" for tag in dict.fromkeys(tags)),
        feeds=tuple(
            Membership(path=f"tags/tag-{tag}", family=Family.TAGS, name=f"Tag {tag}")
            for tag in dict.fromkeys(tags)
        ),
    )


def whole_site(pages: list[Page], *, is_cold: bool) -> int:
    """How many bytes all the documents have together."""
    if is_cold:
        KEPT.clear()
    return sum(len(format.render(one)) for one in pages for format in (rss, atom, jsonfeed))


def by_feedgen(pages: list[Page]) -> int:
    """The same feeds as feedgen's documentation makes them; how many bytes they have."""
    return sum(len(text) for one in pages for text in naive(one))


def naive(thing: Page) -> tuple[bytes, bytes]:
    feed = FeedGenerator()
    feed.id(thing.feed.path or "site")
    feed.title(thing.feed.title)
    feed.description(thing.feed.title)
    feed.link(href="https://example.com/")
    feed.updated(thing.updated)
    for e in thing.entries:
        entry = feed.add_entry(order="append")
        entry.id(e.id)
        entry.title(e.title)
        entry.link(href=e.link)
        entry.summary(e.summary)
        entry.content(e.content_html, type="html")
        entry.author([{"name": author.name, "email": author.email} for author in e.authors])
        entry.category([{"term": tag, "scheme": f"https://example.com/{tag}"} for tag in e.tags])
        entry.published(e.published.instant)
        entry.updated(e.updated)
    return feed.rss_str(), feed.atom_str()


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
