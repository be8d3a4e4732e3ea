"""What holds for every format: same bytes, any character, read back by others."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from html import escape, unescape
from pathlib import Path

import atoma
import feedparser
import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from feedsvc.formats import article, assets, atom, feeds_for, formats_for, html, jsonfeed, rss
from feedsvc.formats._item import legal, uri
from feedsvc.model import Article, Author, How, Listing, Media, Outline, Page, Tombstone
from tests.builders import at, dated, entry, page, site

GOLDEN = Path(__file__).parent.parent / "cases" / "formats"
ATOM = "{http://www.w3.org/2005/Atom}"
any_text = st.text(st.characters(exclude_categories=()), min_size=1).filter(
    lambda text: text.strip()
)


def sample():
    """A page with one of everything."""
    return page(
        entry(
            13,
            title="AT&T <live> at “ten”",
            summary="A & B meet.",
            content_html='<p>A &amp; B <a href="https://a.test/?x=1&amp;y=2">meet</a>.</p>',
            content_text="A & B meet. There is more.",
            updated=at("2025-05-14T09:30:00"),
            authors=(Author(name="Ann", email="ann@a.test"),),
            tags=("war",),
            sections=(Listing(section="World", slug="world"),),
            media=(Media(url="https://a.test/t.mp3", size_bytes=7),),
            language="de",
        ),
        entry(
            12,
            title="Text of…",
            title_is_derived=True,
            published=dated("2025-05-12", How.DERIVED, evidence="on May 12", confidence=0.9),
        ),
        entry(11, published=dated("2025-05-11", How.CAPTURED), summary="", content_html=""),
        tombstones=(Tombstone(id="urn:uuid:9", slug="s", removed=at("2025-05-14T08:00:00")),),
        site=site(description="All of it", author=Author(name="Ed", email="ed@a.test")),
        updated=at("2025-05-14T09:30:00"),
    )


def test_the_formats_in_the_order_autodiscovery_names_them():
    assert [format.FILENAME for format in formats_for(Page)] == [
        "rss.xml",
        "atom.xml",
        "feed.json",
        "index.html",
    ]
    assert [format.NAME for format in feeds_for(Page)] == ["rss", "atom", "jsonfeed"]
    assert [format.FILENAME for format in formats_for(Article)] == ["index.html"]
    assert [format.FILENAME for format in formats_for(Outline)] == ["feeds.opml"]


def test_a_package_brings_a_format_along(tmp_path):
    (tmp_path / "plain-1.dist-info").mkdir()
    (tmp_path / "plain-1.dist-info" / "METADATA").write_text("Name: plain\nVersion: 1\n")
    (tmp_path / "plain-1.dist-info" / "entry_points.txt").write_text(
        "[feedsvc.formats]\nplain = plain\n"
    )
    (tmp_path / "plain.py").write_text(
        "from feedsvc.model import Page\n"
        'NAME, FILENAME, LABEL, MEDIA_TYPE = "plain", "list.txt", "Plain text", "text/plain"\n'
        "RENDERS, ORDER, NAVIGABLE_AS = Page, 35, None\n"
        'def render(page): return "\\n".join(e.title for e in page.entries).encode()\n'
    )

    found = in_a_process(
        "from feedsvc.formats import html\n"
        "from tests.formats.test_documents import sample\n"
        "print(html.render(sample()).decode())",
        PYTHONPATH=str(tmp_path),
    )

    assert '<link rel="alternate" type="text/plain" title="A site (Plain text)"' in found


def test_the_styles_are_published_too():
    assert {name: media_type for name, (_, media_type) in assets().items()} == {
        "feed.css": "text/css; charset=utf-8",
        "icon.svg": "image/svg+xml",
        "page.css": "text/css; charset=utf-8",
        "page.js": "text/javascript; charset=utf-8",
    }


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml", "feed.json"])
def test_a_document_to_the_byte(name):
    format = {one.FILENAME: one for one in formats_for(Page)}[name]
    _, _, expected = (GOLDEN / f"sample.{name}").read_text().partition("\n")

    assert format.render(sample()).decode() == expected


def in_a_process(program, **environment):
    """What a program prints, run from the top of the project."""
    return subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **environment},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_the_same_bytes_on_any_machine():
    digest = (
        "import hashlib\n"
        "from tests.formats.test_documents import sample\n"
        "from feedsvc.formats import formats_for\n"
        "from feedsvc.model import Page\n"
        "whole = b''.join(f.render(sample()) for f in formats_for(Page))\n"
        "print(hashlib.sha256(whole).hexdigest())"
    )

    here = in_a_process(digest, PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C.UTF-8")
    there = in_a_process(digest, PYTHONHASHSEED="7", TZ="Asia/Kathmandu", LANG="tr_TR.UTF-8")

    assert here == there


@pytest.mark.parametrize("format", [rss, atom], ids=["rss", "atom"])
def test_feedparser_reads_back_what_was_said(format):
    found = feedparser.parse(format.render(sample()))

    assert not found.bozo
    assert found.feed.title == "A site"
    assert [e.id[-2:] for e in found.entries] == ["13", "12", "11"]
    assert found.entries[0].published_parsed[:6] == (2025, 5, 13, 12, 0, 0)
    assert found.entries[0].updated_parsed[:6] == (2025, 5, 14, 9, 30, 0)
    assert found.entries[0].link == "http://127.0.0.1:8000/entries/entry-13/"
    assert [tag.term for tag in found.entries[0].tags] == ["war", "World"]
    assert found.entries[0].enclosures[0].href == "https://a.test/t.mp3"
    assert unescape(found.entries[0].summary) == "A & B meet."  # HTML in RSS, text in Atom
    assert found.entries[0].content[0].value == (
        '<p>A &amp; B <a href="https://a.test/?x=1&amp;y=2">meet</a>.</p>'
    )


def test_atoma_reads_back_what_was_said():
    from_rss = atoma.parse_rss_bytes(rss.render(sample()))
    from_atom = atoma.parse_atom_bytes(atom.render(sample()))

    assert [item.title for item in from_rss.items] == [e.title.value for e in from_atom.entries]
    assert [item.guid for item in from_rss.items] == [e.id_ for e in from_atom.entries]
    assert from_rss.items[0].title == "AT&T <live> at “ten”"
    assert from_rss.items[0].pub_date == from_atom.entries[0].published == at("2025-05-13")
    assert from_rss.items[0].enclosures[0].length == 7


def test_the_root_stands_in_the_first_512_bytes():
    assert b"<rss" in rss.render(sample())[:512]
    assert b"<feed" in atom.render(sample())[:512]


@pytest.mark.parametrize(
    "iri, expected",
    [
        pytest.param("https://a.test/x?y=1#z", "https://a.test/x?y=1#z", id="a URI stays"),
        pytest.param("https://a.test/ä b", "https://a.test/%C3%A4%20b", id="the path"),
        pytest.param("https://a.test/%C3%A4é", "https://a.test/%C3%A4%C3%A9", id="never twice"),
        pytest.param("https://a.test/100%", "https://a.test/100%25", id="a stray percent sign"),
        pytest.param("https://Bücher.example/", "https://xn--bcher-kva.example/", id="the host"),
        pytest.param(
            "https://faß.de:80/ß", "https://xn--fa-hia.de:80/%C3%9F", id="as UTS 46 has it"
        ),
        pytest.param("https://u@пример.рф/", "https://u@xn--e1afmkfd.xn--p1ai/", id="a user"),
        pytest.param("https://[::1]/ä", "https://[::1]/%C3%A4", id="a numeric host"),
        pytest.param("https://[x/ä", "https://%5Bx/%C3%A4", id="a broken host"),
    ],
)
def test_addresses_are_uris(iri, expected):
    assert uri(iri) == expected


@settings(max_examples=60, deadline=None)
@given(words=any_text)
def test_no_character_breaks_a_document(words):
    made = entry(
        1,
        title=words,
        summary=words,
        content_html=f"<p>{escape(words)}</p>",
        content_text=words,
        link=f"https://a.test/{words}",
        id=words,
        section=words,
        tags=(words,),
        authors=(Author(name=words, email=words, url=words),),
        media=(Media(url=words, media_type=words, title=words),),
        language=words,
        published=dated("2025-05-13", How.DERIVED, evidence=words, rule=words),
    )
    of_site = site(title=words, description=words, author=Author(name=words))
    gone = Tombstone(id=words, slug="s", removed=at("2025-05-14"), reason=words)
    whole = page(made, site=of_site, tombstones=(gone,))
    expected = re.sub(r"[^\S\xa0\u202f]+", " ", legal(words)).strip() or "entry-1"

    in_rss = etree.fromstring(rss.render(whole))
    in_atom = etree.fromstring(atom.render(whole))
    in_json = json.loads(jsonfeed.render(whole))

    assert in_rss.findtext("channel/item/title") == expected
    assert in_atom.findtext(f"{ATOM}entry/{ATOM}title") == expected
    assert in_json["items"][0]["title"] == expected
    assert in_rss.findtext("channel/item/guid") == in_json["items"][0]["id"]
    html5lib.HTMLParser(strict=True).parse(html.render(whole).decode())
    html5lib.HTMLParser(strict=True).parse(
        article.render(Article(site=of_site, entry=made)).decode()
    )
