"""Parsers of other people read from every feed what we keep of its entries."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, NamedTuple

import atoma
import feedparser
import html5lib
import listparser
import pytest

from tests.outside.running import Server

HERE = Path(__file__).parent
COUNTS = {"": 19, "Most Popular": 5, "Editors' Picks": 3}
FILENAMES = {"rss": "rss.xml", "atom": "atom.xml", "json": "feed.json"}


class Item(NamedTuple):
    """What every format says of an entry; `moment` in UTC.

    RSS has the text in its description when there is no summary beside it.
    """

    id: str
    title: str
    link: str
    moment: datetime
    html: str


class Subject(NamedTuple):
    """One feed of the site: its folder's path, its documents by format, its entries in order."""

    path: str
    documents: dict[str, bytes]
    items: list[Item]


@pytest.fixture(scope="module")
def feeds(standing: Server) -> list[Subject]:
    """Every feed that the outline names."""
    entries = standing.folder.entries()
    outline = listparser.parse(standing.ask("/feeds.opml").body.decode())
    found = []
    for feed in outline.feeds:
        path = feed.url.removeprefix(standing.url).removesuffix("rss.xml")
        section = next((name for name in COUNTS if name and name in feed.title), "")
        documents = {kind: standing.ask(path + name).body for kind, name in FILENAMES.items()}
        found.append(Subject(path, documents, items_of(entries, section)))
    return found


def items_of(entries: Iterable[dict[str, Any]], section: str) -> list[Item]:
    """The entries of a section by rank, or all of them."""
    ranked = [
        (next((s["rank"] for s in e["sections"] if s["section"] == section), None), e)
        for e in entries
    ]
    chosen = sorted((rank, n) for n, (rank, _) in enumerate(ranked) if rank) if section else None
    picked = [ranked[n][1] for _, n in chosen] if chosen is not None else [e for _, e in ranked]
    return [
        Item(
            e["id"], e["title"], e["url"], datetime.fromisoformat(e["published"]), e["content_html"]
        )
        for e in picked
    ]


def test_the_outline_names_the_sites_feed_and_each_sections(
    standing: Server, feeds: list[Subject]
) -> None:
    outline = listparser.parse(standing.ask("/feeds.opml").body.decode())

    assert outline.bozo is False
    assert [len(feed.items) for feed in feeds] == list(COUNTS.values())


def by_feedparser(body: bytes) -> list[Item]:
    parsed = feedparser.parse(body, sanitize_html=False)
    assert not parsed.bozo, parsed.bozo_exception
    other = "summary" if parsed.version.startswith("rss") else "nothing"

    def html(entry: Any) -> str:
        return str(entry.content[0].value) if "content" in entry else entry.get(other, "")

    return [
        Item(e.id, e.title, e.link, datetime(*e.published_parsed[:6], tzinfo=UTC), html(e))
        for e in parsed.entries
    ]


def by_atoma_rss(body: bytes) -> list[Item]:
    def html(item: Any) -> str:
        return item.content_encoded or item.description or ""

    items = atoma.parse_rss_bytes(body).items
    return [Item(i.guid, i.title, i.link, i.pub_date, html(i)) for i in items]


def by_atoma_atom(body: bytes) -> list[Item]:
    def item(entry: Any) -> Item:
        link = next(link.href for link in entry.links if link.rel == "alternate")
        html = entry.content.value if entry.content else ""
        return Item(entry.id_, entry.title.value, link, entry.published, html)

    return [item(entry) for entry in atoma.parse_atom_bytes(body).entries]


def by_atoma_json(body: bytes) -> list[Item]:
    items = atoma.parse_json_feed_bytes(body).items
    assert all(i.content_html or i.content_text for i in items)
    return [Item(i.id_, i.title, i.url, i.date_published, i.content_html or "") for i in items]


PYTHON_PARSERS = [
    pytest.param("rss", by_feedparser, id="feedparser on RSS"),
    pytest.param("atom", by_feedparser, id="feedparser on Atom"),
    pytest.param("rss", by_atoma_rss, id="atoma on RSS"),
    pytest.param("atom", by_atoma_atom, id="atoma on Atom"),
    pytest.param("json", by_atoma_json, id="atoma on JSON Feed"),
]


@pytest.mark.parametrize(("kind", "parse"), PYTHON_PARSERS)
def test_a_python_parser_reads_every_entry(
    kind: str, parse: Callable[[bytes], list[Item]], feeds: list[Subject]
) -> None:
    for feed in feeds:
        assert parse(feed.documents[kind]) == feed.items, feed.path


def moment(words: str) -> datetime:
    return datetime.fromisoformat(words) if words[0].isdigit() else parsedate_to_datetime(words)


def test_feedsmith_reads_every_entry_and_outline(
    need: Callable[..., None], standing: Server, feeds: list[Subject]
) -> None:
    need("node", "node:feedsmith")
    outline = standing.ask("/feeds.opml").body.decode()

    for feed in feeds:
        given = {kind: body.decode() for kind, body in feed.documents.items()} | {"opml": outline}
        command = ["node", str(HERE / "parse.mjs")]
        done = subprocess.run(
            command, input=json.dumps(given), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        read = json.loads(done.stdout)
        for kind in FILENAMES:
            items = [Item(row[0], row[1], row[2], moment(row[3]), row[4]) for row in read[kind]]
            assert items == feed.items, (feed.path, kind)
        assert [row[0] for row in read["opml"]] == [f"{standing.url}{f.path}rss.xml" for f in feeds]


def test_ruby_reads_every_feed_strictly(
    need: Callable[..., None], feeds: list[Subject], tmp_path: Path
) -> None:
    need("ruby")
    files = []
    for number, feed in enumerate(feeds):
        for kind in ("rss", "atom"):
            files.append(tmp_path / f"{number}.{kind}")
            files[-1].write_bytes(feed.documents[kind])

    command = ["ruby", HERE / "strict.rb", *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.stderr == ""
    assert [int(count) for count in done.stdout.split()] == [19, 19, 5, 5, 3, 3]


def test_every_page_is_html_without_a_parse_error(standing: Server) -> None:
    pages = {
        path: body for path, body in standing.folder.published().items() if path.endswith(".html")
    }

    assert len(pages) >= 3 + 19
    for path, body in pages.items():
        parser = html5lib.HTMLParser()
        parser.parse(body, transport_encoding="utf-8")
        assert [(at, code, told) for at, code, told in parser.errors] == [], path
