"""Every entry is written once and put into documents as it stands, to the byte what a whole one says."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from feedsvc import addresses
from feedsvc.formats import _feedgen, atom, jsonfeed, rss
from feedsvc.formats._fragments import KEPT, Fragments
from feedsvc.formats._item import Dialect, head_of, item_in, view_of
from feedsvc.formats._xml import serialised
from feedsvc.model import Content, Family, Feed, Tombstone
from tests.builders import at, entry, page, site
from tests.formats.test_documents import sample
from tests.formats.test_podcast import EPISODE, FEED

RSS = Dialect(format="rss")


def whole(format, made):
    """A document from one tree, as the generator makes it."""
    head = head_of(made, format.FILENAME, format.MEDIA_TYPE)
    feed = _feedgen.generator(head, format.NAME)
    path = addresses.page_path(made, format.FILENAME)
    view, dialect = view_of(made.site, made.feed), _feedgen.dialect_of(made, format.NAME)
    entries = [format.entry_of(item_in(view, one), dialect) for one in made.entries]
    if format is atom:
        root, _ = feed._create_atom()
        root.extend([one.atom_entry() for one in entries])
        return serialised(root, path)
    feed.description(head.description or head.title)
    feed.docs("https://www.rssboard.org/rss-specification")
    feed.ttl(head.ttl_minutes)
    feed.managingEditor("ed@a.test (Ed)")
    root, _ = feed._create_rss()
    root[0].extend([one.rss_entry() for one in entries])
    return serialised(root, path)


def escaped_alike(document):
    """RSS titles have hexadecimal references of their own."""
    for name, code in ((b"&amp;", b"&#x26;"), (b"&lt;", b"&#x3C;"), (b"&gt;", b"&#x3E;")):
        document = document.replace(code, name)
    return document


@pytest.mark.parametrize("format", [rss, atom], ids=["rss", "atom"])
@pytest.mark.parametrize("feed", [Feed(path="", title="A & B"), FEED], ids=["a feed", "a show"])
def test_a_spliced_document_is_the_whole_one(format, feed):
    rich = sample()
    tricky = entry(
        20,
        title="</item>\n</entry> & ]]>",
        content_html="<pre>&lt;/item&gt;\n&lt;/entry&gt;\n</item>\n</entry>\n</root>\n</channel></feed></pre>",
    )
    gone = Tombstone(id="urn:uuid:9", slug="s", removed=at("2025-05-14"))
    made = replace(rich, entries=(*rich.entries, tricky, EPISODE), feed=feed, tombstones=(gone,))

    document = format.render(made)

    assert escaped_alike(document) == escaped_alike(whole(format, made))
    assert format.render(made) == document


def test_a_spliced_json_document_is_the_whole_one():
    made = sample()

    document = jsonfeed.render(made)

    as_one = json.dumps(json.loads(document), ensure_ascii=False, separators=(",", ":"))
    assert document.decode() == as_one + "\n"
    assert json.loads(jsonfeed.render(page()))["items"] == []


def of_feeds(entries):
    """The site's feed and one for each of 20 tags; each entry stands in five of them."""
    yield page(*entries)
    for tag in range(20):
        feed = Feed(path=f"tags/t{tag}", title=f"t{tag}", family=Family.TAGS)
        some = [one for number, one in enumerate(entries) if (tag - number) % 20 < 4]
        yield page(*some, feed=feed)


@pytest.mark.parametrize("format", [rss, atom, jsonfeed], ids=["rss", "atom", "json"])
def test_an_entry_is_written_once_however_many_feeds_it_stands_in(format):
    entries = [entry(number % 28 + 1, id=f"urn:x:{format.NAME}:{number}") for number in range(100)]
    before = KEPT.n_written

    documents = [format.render(made) for made in of_feeds(entries)]

    assert sum(document.count(f"urn:x:{format.NAME}:7".encode()) for document in documents) > 5
    assert KEPT.n_written - before == 100


class Writer:
    """Writes entries as their titles, and remembers which it was asked for."""

    def __init__(self):
        self.asked = []

    def __call__(self, dialect, items):
        self.asked += [item.title for item in items]
        return [item.title.encode() for item in items]


def test_what_is_equal_is_not_written_again():
    kept, write = Fragments(), Writer()

    first = kept.of(page(entry(1), entry(2)), RSS, write)
    again = kept.of(page(entry(2), entry(3), entry(1)), RSS, write)

    assert first == [b"Entry 1", b"Entry 2"]
    assert again == [b"Entry 2", b"Entry 3", b"Entry 1"]
    assert write.asked == ["Entry 1", "Entry 2", "Entry 3"]


@pytest.mark.parametrize(
    "change",
    [{"title": "New"}, {"tags": ("x",)}, {"updated": at("2026-01-01")}, {"language": "uk"}],
    ids=lambda change: next(iter(change)),
)
def test_a_change_of_anything_is_written(change):
    kept, write = Fragments(), Writer()

    kept.of(page(entry(1)), RSS, write)
    kept.of(page(entry(1, **change)), RSS, write)

    assert len(write.asked) == 2


@pytest.mark.parametrize(
    "fields, dialect",
    [
        pytest.param(
            {"feed": Feed(path="", title="T", content=Content.SUMMARY)}, RSS, id="content"
        ),
        pytest.param({"feed": Feed(path="", title="T", language="uk")}, RSS, id="language"),
        pytest.param({"site": site(base_url="https://b.test")}, RSS, id="address"),
        pytest.param({"site": site(publish_weak_dates=False)}, RSS, id="weak dates"),
        pytest.param({"site": site(publish_derived_titles=False)}, RSS, id="derived titles"),
        pytest.param({}, Dialect(format="atom"), id="format"),
        pytest.param({}, Dialect(format="rss", prefixes=("itunes",)), id="namespaces"),
    ],
)
def test_what_is_seen_or_said_otherwise_is_another_fragment(fields, dialect):
    kept, write = Fragments(), Writer()

    kept.of(page(entry(1)), RSS, write)
    kept.of(page(entry(1), **fields), dialect, write)
    kept.of(page(entry(1)), RSS, write)

    assert len(write.asked) == 2


def test_what_is_kept_never_exceeds_its_bytes():
    kept, write = Fragments(max_bytes=20_000), Writer()
    page_size = 10
    most = 0

    for start in range(0, 400, page_size):
        texts = {"content_html": "x" * 100, "content_text": "x" * 100, "title": "y" * 100}
        entries = [entry(1, id=f"urn:x:{n}", **texts) for n in range(start, start + page_size)]
        assert len(kept.of(page(*entries), RSS, write)) == page_size
        most = max(most, kept.n_bytes)

    assert 10_000 < most <= 20_000 + 400


def test_what_is_asked_for_often_stays():
    kept, write = Fragments(max_bytes=20_000), Writer()

    for number in range(200):
        often = entry(1, content_html="x" * 300)
        kept.of(page(often, entry(1, id=f"urn:x:{number}")), RSS, write)

    assert len(write.asked) == 201


def test_threads_share_what_is_kept():
    kept, write = Fragments(max_bytes=30_000), Writer()
    entries = [entry(1, id=f"urn:x:{n}", title=f"Entry {n}") for n in range(60)]

    def some(start):
        chosen = [entries[(start + n) % 60] for n in range(20)]
        return [one.title.encode() for one in chosen] == kept.of(page(*chosen), RSS, write)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(some, range(600)))
    assert kept.n_bytes <= 30_000
