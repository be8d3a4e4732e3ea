"""Where the archives of a feed are (RFC 5005, JSON Feed next_url), and what a search says of itself."""

from __future__ import annotations

import json
from dataclasses import replace

import feedparser
import pytest
from lxml import etree

from feedsvc.compose import archive_page, living_page, search_page
from feedsvc.formats import atom, jsonfeed, rss
from feedsvc.model import Family, Feed, Kind, Query
from tests.builders import entry, page, site

ATOM = "{http://www.w3.org/2005/Atom}link"
FH = "http://purl.org/syndication/history/1.0"
FEED = Feed(path="tags/war", title="war", n_entries=9, n_archives=3, size=2)
TOP = "http://127.0.0.1:8000/tags/war"


def archive(number):
    return archive_page(site(), FEED, number, (entry(1), entry(2)))


def links(body, *rels):
    """The links of a feed's head by what they are; each must be there once at most."""
    root = etree.fromstring(body)
    found = [
        (one.get("rel"), one.get("href"))
        for one in (root[0] if root.tag == "rss" else root).iterfind(ATOM)
    ]
    assert len(dict(found)) == len(found)
    return {rel: href for rel, href in found if rel in rels}


HISTORY = ("prev-archive", "next-archive", "current", "self")


@pytest.mark.parametrize("format", [rss, atom])
@pytest.mark.parametrize(
    "made, expected",
    [
        pytest.param(
            living_page(site(), FEED, (entry(3),)),
            {"prev-archive": "archive/3/@"},
            id="the living page knows the newest archive",
        ),
        pytest.param(
            archive(3),
            {"prev-archive": "archive/2/@", "current": "@"},
            id="the newest archive knows the one before and the living page",
        ),
        pytest.param(
            archive(2),
            {"prev-archive": "archive/1/@", "next-archive": "archive/3/@", "current": "@"},
            id="one in the middle knows both neighbours",
        ),
        pytest.param(
            archive(1),
            {"next-archive": "archive/2/@", "current": "@"},
            id="nothing is before the oldest",
        ),
        pytest.param(
            page(entry(1), feed=replace(FEED, n_archives=0), kind=Kind.COMPLETE),
            {},
            id="a complete feed has none",
        ),
    ],
)
def test_links_to_the_archives_in_the_same_format(format, made, expected):
    number = f"archive/{made.number}/" if made.number else ""
    own = {"self": f"{TOP}/{number}{format.FILENAME}"}

    found = links(format.render(made), *HISTORY)

    assert found == own | {
        rel: f"{TOP}/{path.replace('@', format.FILENAME)}" for rel, path in expected.items()
    }


@pytest.mark.parametrize("format", [rss, atom])
def test_an_archive_says_that_it_is_one(format):
    is_archive = etree.fromstring(format.render(archive(1))).iter(f"{{{FH}}}archive")

    assert len(list(is_archive)) == 1
    assert b"<fh:archive/>" in format.render(archive(1))
    assert FH.encode() not in format.render(page(entry(1)))


def test_the_channels_link_is_the_page_for_people_whatever_links_there_are():
    assert etree.fromstring(rss.render(archive(2))).findtext("channel/link") == f"{TOP}/"


@pytest.mark.parametrize(
    "made, expected",
    [
        pytest.param(living_page(site(), FEED, ()), f"{TOP}/archive/3/feed.json", id="living"),
        pytest.param(archive(2), f"{TOP}/archive/1/feed.json", id="an archive"),
        pytest.param(archive(1), None, id="the oldest"),
    ],
)
def test_json_feed_goes_on_with_the_older_archive(made, expected):
    found = json.loads(jsonfeed.render(made))

    assert found.get("next_url") == expected
    assert found["feed_url"] != expected


def test_following_the_links_meets_every_page_once():
    pages = {f"{TOP}/atom.xml": living_page(site(), FEED, (entry(9),))} | {
        f"{TOP}/archive/{number}/atom.xml": archive(number) for number in (1, 2, 3)
    }
    address, met = f"{TOP}/atom.xml", []
    while address:
        met.append(address)
        address = links(atom.render(pages[address]), *HISTORY).get("prev-archive")

    assert met == [f"{TOP}/atom.xml", *(f"{TOP}/archive/{n}/atom.xml" for n in (3, 2, 1))]


def test_every_page_of_a_feed_has_the_feeds_id():
    ids = {feedparser.parse(atom.render(made)).feed.id for made in (archive(1), archive(2))}

    assert len(ids) == 1


@pytest.mark.parametrize("format", [rss, atom])
def test_a_search_is_found_again_by_its_question(format):
    query = Query(words="war & peace", tags=("kyiv",), limit=10)
    feed = Feed(path="search", title="war & peace", family=Family.SEARCH)

    body = format.render(search_page(site(), feed, query, (entry(1),)))

    question = "q=war%20%26%20peace&tag=kyiv&limit=10"
    assert links(body, *HISTORY) == {
        "self": f"http://127.0.0.1:8000/search/{format.FILENAME}?{question}"
    }
    assert FH.encode() not in body
