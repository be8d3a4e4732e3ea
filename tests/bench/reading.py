"""From bytes to judged items, and the time until the command line answers."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
import unicodedata
from collections.abc import Iterator
from html import escape

import feedparser
import nh3
from markdown_it import MarkdownIt

from feedsvc.normalise import Context, normalise
from feedsvc.sources import read
from tests.bench.documents import news
from tests.bench.measure import Bench, Run, cpu
from tests.builders import at
from tests.outside.running import ROOT, SCRIPTS

DATE = re.compile(r"\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w*\.? \d{1,2}\b")
CONTEXT = Context(read_at=at("2025-05-14"))


def judged(name: str, data: bytes) -> int:
    return len(normalise(list(read(name, data)), CONTEXT))


def searched(text: str) -> int:
    lines = unicodedata.normalize("NFC", text).splitlines()
    return len([DATE.search(line) for line in lines if line])


def cleaned(data: bytes) -> int:
    return len([nh3.clean(json.loads(line)["content_html"]) for line in data.splitlines()])


def dumps(n_copies: int) -> Iterator[Bench]:
    """The teasers of the seed document, each made different, one a line."""
    seed = (ROOT / "seeds/000_64ba767ae4b7ab50.txt").read_text(encoding="utf-8")
    teasers = seed.splitlines()[:10]
    text = "\n".join(f"Edition {copy}: {teaser}" for copy in range(n_copies) for teaser in teasers)
    data, n_items = text.encode(), n_copies * len(teasers)
    yield Bench(
        what=f"text dump of {len(data) // 1000:,} kB to judged items",
        anchor="NFC and one regex a line",
        ours=cpu(lambda: judged("dump.txt", data), len(data), lambda n: n == n_items),
        theirs=cpu(lambda: searched(text), len(data), lambda n: n == n_items),
        unit="µs/byte",
        reach="<= 1 µs/byte (1 MB/s)",
    )


def records(n_items: int) -> Iterator[Bench]:
    items = (
        {
            "id": e.slug,
            "title": e.title,
            "date": "2025-05-13T08:00:00Z",
            "content_html": e.content_html,
        }
        for e in map(news, range(1, n_items + 1))
    )
    data = "\n".join(map(json.dumps, items)).encode()
    yield Bench(
        what=f"{n_items:,} JSON Lines of 2 KiB to judged items",
        anchor="json.loads and nh3.clean",
        ours=cpu(lambda: judged("news.jsonl", data), n_items, lambda n: n == n_items),
        theirs=cpu(lambda: cleaned(data), n_items, lambda n: n == n_items),
        unit="µs/item",
        reach="<= 250 µs/item",
    )


def posts(n_items: int) -> Iterator[Bench]:
    """Markdown posts with a header, each a file of its own."""
    files = [
        f"---\ntitle: Post {n}\ndate: 2025-05-13\ntags: [rain, snow]\n---\n{words(n)}\n".encode()
        for n in range(n_items)
    ]
    rendered = MarkdownIt("commonmark").render
    yield Bench(
        what=f"{n_items:,} Markdown posts of 2 kB to judged items",
        anchor="markdown-it",
        ours=cpu(
            lambda: sum(judged(f"{n}.md", file) for n, file in enumerate(files)),
            n_items,
            lambda n: n == n_items,
        ),
        theirs=cpu(
            lambda: len([rendered(file.decode()) for file in files]),
            n_items,
            lambda n: n == n_items,
        ),
        unit="µs/item",
        reach="<= 250 µs/item",
    )


def words(n: int) -> str:
    sentence = (
        f"In the *{n}th* week rain fell on the [northern hills](https://a.example/{n}) again."
    )
    return "\n\n".join(" ".join([sentence] * 5) for _ in range(5))


def feeds(n_items: int) -> Iterator[Bench]:
    items = "".join(
        f"<item><title>Item {n}</title><link>https://a.example/{n}</link><guid>https://a.example/{n}</guid>"
        f"<pubDate>Tue, 13 May 2025 08:00:00 GMT</pubDate><description>{escape(words(n))}</description></item>"
        for n in range(n_items)
    )
    data = f'<rss version="2.0"><channel><title>News</title>{items}</channel></rss>'.encode()
    yield Bench(
        what=f"RSS of {n_items:,} items to raw items",
        anchor="feedparser",
        ours=cpu(lambda: len(list(read("feed.xml", data))), n_items, lambda n: n == n_items),
        theirs=cpu(lambda: len(feedparser.parse(data).entries), n_items, lambda n: n == n_items),
        unit="µs/item",
        reach="<= 1.25",
    )


def starting() -> Iterator[Bench]:
    yield Bench(
        what="feedsvc --help",
        anchor="python -c 'import click'",
        ours=wall(str(SCRIPTS / "feedsvc"), "--help", says=b"ingest"),
        theirs=wall(sys.executable, "-c", "import click; print(click.__name__)", says=b"click"),
        unit="ms",
        reach="<= 150 ms",
    )


def wall(*command: str, says: bytes) -> Run:
    def run() -> float:
        started = time.perf_counter()
        output = subprocess.run(command, capture_output=True, check=True).stdout
        assert says in output
        return (time.perf_counter() - started) * 1e3

    return run
