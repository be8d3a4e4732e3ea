"""The list of feeds, as feed readers import it."""

from __future__ import annotations

import listparser
from lxml import etree

from feedsvc.formats import opml
from feedsvc.model import Author, Family, Feed, Outline
from tests.builders import at, site

FEEDS = (Feed(path="", title="News & more"), Feed(path="sections/top", title="Top"))


def outline(**fields):
    return Outline(
        site=site(title="News & more", **fields), feeds=FEEDS, updated=at("2025-05-14T09:30:00")
    )


def test_every_feed_is_a_subscription():
    found = listparser.parse(opml.render(outline()).decode())

    assert not found.bozo
    assert [(feed.title, feed.url) for feed in found.feeds] == [
        ("News & more", "http://127.0.0.1:8000/rss.xml"),
        ("Top – News & more", "http://127.0.0.1:8000/sections/top/rss.xml"),
    ]


def test_the_document():
    made = outline(description="All of it", author=Author(name="Ann"))

    assert opml.render(made).decode() == (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<?xml-stylesheet type="text/css" href="assets/feed.css"?><opml version="2.0">\n'
        "<head>\n<title>News &amp; more</title>\n"
        "<dateModified>Wed, 14 May 2025 09:30:00 GMT</dateModified>\n"
        "<ownerName>Ann</ownerName>\n</head>\n<body>\n"
        '<outline type="rss" text="News &amp; more" title="News &amp; more" '
        'xmlUrl="http://127.0.0.1:8000/rss.xml" htmlUrl="http://127.0.0.1:8000/" '
        'version="RSS2" language="en" description="All of it"/>\n'
        '<outline type="rss" text="Top – News &amp; more" title="Top – News &amp; more" '
        'xmlUrl="http://127.0.0.1:8000/sections/top/rss.xml" '
        'htmlUrl="http://127.0.0.1:8000/sections/top/" version="RSS2" language="en"/>\n'
        "</body>\n</opml>"
    )


def test_families_are_groups_behind_the_sites_own_feed():
    feeds = (
        Feed(path="sections/top", title="Top", family=Family.SECTIONS),
        Feed(path="tags/war", title="war", family=Family.TAGS, language="uk"),
        Feed(path="", title="News"),
        Feed(path="sections/art", title="Art", family=Family.SECTIONS),
        Feed(path="picks", title="Picks", family=Family.NAMED, description="The best"),
    )
    made = Outline(site=site(title="News"), feeds=feeds, updated=at("2025-05-14"))

    root = etree.fromstring(opml.render(made))

    assert [
        (one.get("text"), [inner.get("text") for inner in one]) for one in root.find("body")
    ] == [
        ("News", []),
        ("Sections", ["Top – News", "Art – News"]),
        ("Tags", ["war – News"]),
        ("Selections", ["Picks – News"]),
    ]
    assert all(set(one.attrib) == {"text"} for one in root.iterfind("body/outline[outline]"))
    subscriptions = {
        one.get("xmlUrl")[22:]: one for one in root.iter("outline") if one.get("xmlUrl")
    }
    assert subscriptions["tags/war/rss.xml"].get("language") == "uk"
    assert subscriptions["picks/rss.xml"].get("description") == "The best"
    found = listparser.parse(opml.render(made).decode())
    assert not found.bozo
    assert len(found.feeds) == 5


def test_groups_are_named_in_english_where_the_sites_language_has_no_words():
    feeds = (Feed(path="tags/a", title="a", family=Family.TAGS),)
    made = Outline(site=site(language="xx"), feeds=feeds, updated=at("2025-05-14"))

    assert b'<outline text="Tags">' in opml.render(made)
