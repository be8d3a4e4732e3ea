"""Articles and listings, as sites write them and as browsers and archives save them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from feedsvc import sources
from feedsvc.errors import SourceError
from feedsvc.model import RawItem, Refused
from feedsvc.sources import Hints, _pagebody, webpage
from tests.sources.cases import documents, verify


def read(page: str, **hints: str) -> list[RawItem | Refused]:
    return [
        piece
        for piece in webpage.read("p.html", page.encode("utf-8", "surrogatepass"), Hints(**hints))
        if isinstance(piece, RawItem | Refused)
    ]


def article(body: str = "<p>Some text of the page.</p>", head: str = "") -> str:
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"


@pytest.mark.parametrize("path", documents("webpage"), ids=lambda path: path.name)
def test_pages_of_their_kind(path):
    verify(path)


@pytest.mark.parametrize("name, head, expected", [
    ("x", b"<!DOCTYPE html><html>", 0.9),
    ("x", b"\xef\xbb\xbf <!-- note -->\n<HTML lang=en>", 0.9),
    ("x", b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "x">', 0.9),
    ("x", "<!doctype html><p>".encode("utf-16"), 0.9),
    ("x", b"<article><h2>T</h2><p>x</p></article>", 0.9),
    ("x", b'<div class="h-entry">x', 0.9),
    ("readme.md", b"<p>Logo</p>\n\n# Title", 0.3),
    ("x.htm", b"Only words", 0.6),
    ("x.html", b"---\ntitle: T\n---\n<p>x</p>", 0.0),
    ("x.html", b'<?xml version="1.0"?><rss version="2.0">', 0.0),
    ("x", b"<feed xmlns='http://www.w3.org/2005/Atom'>", 0.0),
    ("x", b"<?xml version='1.0'?><rdf:RDF>", 0.0),
    ("x", b"<opml version='2.0'>", 0.0),
    ("x", b"Only words", 0.0),
    ("x.html", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 0.0),
])  # fmt: skip
def test_pages_are_known_by_how_they_begin(name, head, expected):
    assert webpage.sniff(name, head) == expected


def test_the_registry_knows_it():
    assert sources.recognise("a", b"<!doctype html><html><p>a").NAME == "webpage"


@pytest.mark.parametrize("head, h1, expected", [
    pytest.param('<title>A bridge | The Post</title><meta property="og:site_name" content="The Post">',
                 "", "A bridge", id="the name of the site goes"),
    pytest.param('<title>The Post: A bridge</title><meta property="og:site_name" content="The Post">',
                 "", "The Post: A bridge", id="it may be a part of the title"),
    pytest.param("<title>A bridge - Local - x</title>", "A bridge", "A bridge", id="heading first"),
    pytest.param('<meta property="og:title" content="A bridge too far | Post">', "A bridge too far",
                 "A bridge too far", id="a suffix that the heading lacks"),
    pytest.param('<script type="application/ld+json">{"@type": "Article", "headline": '
                 '"A bridge that was too far for everyone who…"}</script>',
                 "A bridge that was too far for everyone who came", "A bridge that was too far for everyone who came",
                 id="a headline cut short"),
    pytest.param('<link rel=canonical href="https://www.post.example/a"><title>Tea - post.example</title>',
                 "", "Tea", id="the name of the host goes"),
])  # fmt: skip
def test_titles(head, h1, expected):
    (item,) = read(article(f"<h1>{h1}</h1><p>Some text.</p>" if h1 else "<p>Some text.</p>", head))

    assert item.title == expected


@pytest.mark.parametrize("head, expected", [
    ('<meta name="date" content="2025-05-13">', [("2025-05-13", "published")]),
    ('<meta property="article:published_time" content="A"><meta name="lastmod" content="B">',
     [("A", "published"), ("B", "updated")]),
    ('<meta itemprop="datePublished" content="2025-05-13">', [("2025-05-13", "published")]),
    ('<meta name="citation_publication_date" content="2025/05/13">', [("2025/05/13", "published")]),
    ('<meta name="expires" content="2030-01-01">', []),
    ('<script type="application/ld+json">{"@type": "Event", "startDate": "2030-01-01"}</script>', []),
    ('<script type="application/ld+json">{"@type": "WebPage", "datePublished": "2025-05-13"}</script>',
     [("2025-05-13", "published")]),
    ('<script type="application/ld+json">{"@type":"NewsArticle","headline":"x" "datePublished":"2025-05-13"</script>',
     [("2025-05-13", "published")]),
])  # fmt: skip
def test_dates_in_the_head(head, expected):
    (item,) = read(article(head=head))

    assert [(date.words, date.role.value) for date in item.dates] == expected


LONG = "<p>" + "The mason had a plan, and the plan had a wall in it. " * 8 + "</p>"


def test_without_the_extra_the_densest_element_is_the_text():
    tree = lxml_html.document_fromstring(f"<div><a href=/>Home</a></div><div id=x>{LONG * 3}</div>")

    (holder,), found = _pagebody.holder_of(tree, None)

    assert (holder.get("id"), found) == ("x", "densest")


def test_the_extra_finds_a_text_that_nothing_marks():
    tree = lxml_html.document_fromstring(f"<div><a href=/>Home</a></div><div id=x>{LONG * 3}</div>")

    (holder,), found = _pagebody.holder_of(tree, _pagebody.trafilatura())

    assert found == "extracted"
    assert "The mason had a plan" in holder.text_content()


def test_what_is_beside_the_text_goes():
    body = f"<h1>T</h1><div class=entry-content>{LONG}<div class=social-share>Share</div>" + (
        '<form><input></form><p>Share this article</p></div><div class="comments"><p>First!</p></div>'
    )

    (item,) = read(article(body))

    assert item.body == LONG.replace(". </p>", ". </p>")


def test_a_page_without_an_address_takes_that_of_its_fetch():
    (item,) = read(article('<p>A <a href="b">b</a>.</p>'), address="https://a.example/x/y")

    assert (item.link, item.body) == (
        "https://a.example/x/y",
        '<p>A <a href="https://a.example/x/b">b</a>.</p>',
    )


@pytest.mark.parametrize("page", [
    pytest.param("<div>" * 5000 + "WORDS" + "</div>" * 5000, id="elements within elements"),
    pytest.param("<b>" * 5000 + "<p>WORDS", id="nothing closed"),
    pytest.param("<p " + " ".join(f"a{n}=1" for n in range(1_000_000)) + ">WORDS</p>", id="attributes"),
    pytest.param('<p a="' + "x" * 12_000_000 + '">WORDS</p>', id="an attribute"),
    pytest.param("<p>" + "x " * 6_000_000 + "</p><p>WORDS</p>", id="a paragraph"),
    pytest.param("<p>W\0O\x01RDS</p>".replace("\0", ""), id="controls"),
    pytest.param("<table><tr><td>" * 3000 + "WORDS", id="tables"),
    pytest.param("<!-- " * 200_000 + "<p>WORDS", id="comments"),
    pytest.param("<p a=\"" * 200_000 + "<p>WORDS", id="quotes"),
    pytest.param("<title>" * 100_000 + "</title><p>WORDS", id="titles"),
    pytest.param('<a href="/x">a link that is long</a> 2025-01-01 ' * 20_000 + "<p>WORDS</p>", id="links"),
])  # fmt: skip
def test_hostile_pages_are_read_soon_and_keep_their_words(page):
    begun = time.process_time()

    found = read(f"<!doctype html><html><body>{page}</body></html>")

    assert "WORDS" in "".join(f"{p.title} {p.body}" for p in found if isinstance(p, RawItem))
    assert time.process_time() - begun < 10


def test_entities_are_not_expanded_and_no_file_is_read(tmp_path):
    (tmp_path / "secret").write_text("SECRET")
    doctype = f'<!DOCTYPE html [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;"><!ENTITY f SYSTEM "file://{tmp_path}/secret">]>'

    (item,) = read(f"{doctype}<html><body><p>Text &b; &f;</p></body></html>")

    assert "SECRET" not in item.body
    assert "aaaa" not in item.body


PIECES = st.sampled_from([
    "<p>", "</p>", "<h1>", "</h1>", "<h2><a href='/x'>", "</a></h2>", "<article>", "</article>", "words ",
    "<ul><li>", "</ul>", "<time datetime='2025-05-13'>", "</time>", "<div class='h-entry'>", "</div>",
    "<script type='application/ld+json'>", '{"@type": "Article", "headline": "H", "author": [1, null]}',
    '{"@graph": [{"@type": "ItemList", "itemListElement": [3, {"item": "/a"}]}]}', "</script>", "<!--", "-->",
    "<span itemprop='datePublished'>", "<a rel=author href=#>", "<table><tr><td>", "<style>", "<title>", "</title>",
    "<div itemscope itemtype='http://schema.org/Article'>", "<meta name=author content=''>", "<base href='http://['>",
    "<link rel=canonical href='http://[bad'>", "<a href='http://[bad'>", "&amp;", "\x00", "\ud800", "<", ">", "'", '"',
    "<nav>", "<footer>", "<dl><dt>2025-01-01<dd><a href=/long>a long enough title</a>", "<img src=x>", "<form>",
])  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(st.lists(PIECES, max_size=40))
def test_no_page_breaks_the_reader(pieces):
    page = "".join(pieces)
    try:
        found = read(page)
    except SourceError:
        return

    assert found == read(page)
    assert all(piece.source == "p.html" and piece.line for piece in found)
    items = [piece for piece in found if isinstance(piece, RawItem)]
    assert [item.position for item in items] == list(range(len(items)))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("abcdefgh", min_size=3, max_size=9), min_size=1, max_size=60))
def test_no_word_of_a_paragraph_is_lost(words):
    text = " ".join(words) + "."

    (item,) = read(article(f"<h1>The main heading</h1><p>{text}</p><p>The end of it.</p>"))

    assert f"<p>{text}</p>" in item.body


def test_hosts_in_letters_of_their_own_stay_as_they_are():
    (item,) = read(article('<p>See <a href="https://приклад.example/шлях?a=%20b">this</a>.</p>'))

    assert isinstance(item, RawItem)
    assert 'href="https://приклад.example/' in item.body
    assert "%20b" in item.body
