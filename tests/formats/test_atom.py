"""Atom 1.0: what an entry says, and what it never says."""

from __future__ import annotations

import re

import pytest

from feedsvc.formats import atom
from feedsvc.model import Author, Content, Feed, How, Kind, Media, SourceFeed, Tombstone
from tests.builders import at, dated, entry, page, site


def element(*entries, **fields):
    """The first entry of the document."""
    document = atom.render(page(*entries, **fields)).decode()
    return re.search(r"<entry.*?</entry>", document, re.DOTALL)[0]


def test_an_entry_in_full():
    made = entry(
        13,
        title="Talks & <hopes>",
        summary="Short & sweet.",
        content_html="<p>Long.</p>",
        content_text="Long.",
        updated=at("2025-05-14T09:30:00"),
        authors=(Author(name="Ann", email="ann@a.test", url="https://ann.test/"),),
        tags=("war",),
        language="de",
    )

    assert element(made) == (
        '<entry xml:lang="de"><id>urn:uuid:00000000-0000-5000-8000-000000000013</id>'
        "<title>Talks &amp; &lt;hopes&gt;</title><updated>2025-05-14T09:30:00Z</updated>"
        "<author><name>Ann</name><email>ann@a.test</email><uri>https://ann.test/</uri></author>"
        '<content type="html">&lt;p&gt;Long.&lt;/p&gt;</content>'
        '<link href="http://127.0.0.1:8000/entries/entry-13/" rel="alternate" type="text/html" hreflang="de"/>'
        '<summary type="text">Short &amp; sweet.</summary><category term="war"/>'
        "<published>2025-05-13T12:00:00Z</published></entry>"
    )


def test_the_head():
    document = atom.render(
        page(entry(1), site=site(title="News", description="All of it"))
    ).decode()

    assert document.startswith(
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<?xml-stylesheet type="text/css" href="assets/feed.css"?>'
        '<feed xmlns:media="http://search.yahoo.com/mrss/" xmlns="http://www.w3.org/2005/Atom" '
        'xml:lang="en">\n'
        "<id>urn:uuid:7d0a4d63-e187-5b01-8470-c250c3cc0f2a</id>\n<title>A site</title>\n"
        "<updated>2025-05-01T12:00:00Z</updated>\n<author><name>News</name></author>\n"
        '<link href="http://127.0.0.1:8000/atom.xml" rel="self" type="application/atom+xml"/>\n'
        '<link href="http://127.0.0.1:8000/" rel="alternate" type="text/html"/>\n'
        "<generator>feedsvc</generator>\n<subtitle>All of it</subtitle>\n<entry>"
    )


def test_an_enclosure_keeps_what_it_is():
    found = element(
        entry(1, media=(Media(url="https://a.test/a.mp3", size_bytes=7, title="Talk"),))
    )

    assert (
        '<link href="https://a.test/a.mp3" rel="enclosure" type="audio/mpeg" title="Talk" '
        'length="7"/>'
    ) in found


def test_a_headline_says_itself_again_as_its_summary():
    found = element(entry(1, summary="", content_html="", content_text=""))

    assert "<content" not in found
    assert '<summary type="text">Entry 1</summary>' in found
    assert 'rel="alternate"' in found


def test_a_derived_title_is_always_there():
    found = element(entry(1, title_is_derived=True), site=site(publish_derived_titles=False))

    assert "<title>Entry 1</title>" in found


@pytest.mark.parametrize("how, is_told", [(How.SEEN, False), (How.DERIVED, True)])
def test_weak_dates_by_the_setting(how, is_told):
    made = entry(1, published=dated("2025-05-13", how))

    found = element(made, site=site(publish_weak_dates=False))

    assert ("<published>" in found) is is_told
    assert "<updated>2025-05-13T12:00:00Z</updated>" in found


@pytest.mark.parametrize(
    "content, expected",
    [
        (Content.BOTH, ["content", "summary"]),
        (Content.FULL, ["content"]),
        (Content.SUMMARY, ["summary"]),
    ],
)
def test_how_much_of_an_entry_a_feed_carries(content, expected):
    made = entry(1, summary="Short.")

    found = element(made, feed=Feed(path="", title="T", content=content))

    assert re.findall("<(content|summary)", found) == expected


def test_tombstones_are_declared_only_when_there_are_some():
    gone = Tombstone(id="urn:uuid:9", slug="s", removed=at("2025-05-14T08:00:00"), reason="a slip")

    document = atom.render(page(entry(1), tombstones=(gone,))).decode()

    assert (
        '<at:deleted-entry ref="urn:uuid:9" when="2025-05-14T08:00:00Z">'
        "<at:comment>a slip</at:comment></at:deleted-entry>\n<entry>"
    ) in document
    assert b"tombstones" not in atom.render(page(entry(1)))


def test_a_complete_list_says_so():
    complete = page(entry(1), kind=Kind.COMPLETE)

    assert b"<fh:complete/>" in atom.render(complete)


def test_the_sites_author_is_the_feeds():
    author = Author(name="Ann", email="ann@a.test")

    assert b"<author><name>Ann</name><email>ann@a.test</email></author>" in atom.render(
        page(site=site(author=author))
    )


@pytest.mark.parametrize("url", ["urn:isbn:1", "/feed.xml", "feed.xml"])
def test_a_source_that_is_no_web_address_is_named_and_not_linked(url):
    taken = SourceFeed(title="Elsewhere", id="tag:e.test,2025:f", url=url)

    document = atom.render(page(entry(1, source_feed=taken))).decode()

    assert "<source>" in document and url not in document.replace("tag:e.test,2025:f", "")
