"""A feed as a show: iTunes, Podcasting 2.0, chapters. Read back by podcastparser and by hand."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import podcastparser
import pytest
from lxml import etree

from feedsvc.formats import atom, chapters, formats_for, rss
from feedsvc.model import Author, Chapter, Entry, Episode, Feed, Link, Media, Podcast
from tests.builders import entry, page, site

NS = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "psc": "http://podlove.org/simple-chapters",
}
SHOW = Podcast(
    guid="917393e3-1b1e-5cef-ace4-edaa54e1f810",
    categories=(("News", "Daily News"), ("Arts",), ("News", "Politics")),
    image="https://a.test/show.jpg",
    is_explicit=True,
    author="Ann & Bo",
    owner=Author(name="Ann", email="ann@a.test"),
    kind="serial",
    locked=True,
    funding=(Link(url="https://a.test/pay", title="Support us"),),
    persons=(Author(name="Ann", url="https://ann.test/"),),
    new_feed_url="https://a.test/new.xml",
    is_finished=True,
)
FEED = Feed(path="show", title="Show", description="On air", podcast=SHOW)
PARTS = (
    Chapter(start_ms=0, title="Hello"),
    Chapter(start_ms=3_723_500, title="A & B", link="https://a.test/ä"),
)
EPISODE = entry(
    1,
    authors=(Author(name="Ann", url="https://ann.test/"), Author(name="Bo")),
    language="en",
    media=(
        Media(url="https://a.test/1.jpg", is_image=True),
        Media(url="https://a.test/1.pdf"),
        Media(url="https://a.test/1.mp3", size_bytes=9, duration_seconds=3725),
    ),
    episode=Episode(
        number=3,
        season=2,
        kind="bonus",
        is_explicit=False,
        chapters=PARTS,
        transcripts=(Media(url="https://a.test/1.vtt"),),
    ),
)


def channel(*entries, feed=FEED, format=rss):
    root = etree.fromstring(format.render(page(*entries, feed=feed)))
    return root[0] if format is rss else root


def said(parent, prefix):
    """What one namespace says of a channel or item: name, words, attributes."""
    start = f"{{{NS[prefix]}}}"
    return [
        (one.tag.removeprefix(start), one.text or "", dict(one.attrib))
        for one in parent
        if one.tag.startswith(start)
    ]


def test_a_show_in_the_words_of_apple():
    found = channel()

    assert said(found, "itunes") == [
        ("author", "Ann & Bo", {}),
        ("category", "", {"text": "News"}),
        ("category", "", {"text": "Arts"}),
        ("explicit", "true", {}),
        ("image", "", {"href": "https://a.test/show.jpg"}),
        ("owner", "", {}),
        ("type", "serial", {}),
        ("new-feed-url", "https://a.test/new.xml", {}),
        ("complete", "Yes", {}),
    ]
    assert said(found.find("itunes:category", NS), "itunes") == [
        ("category", "", {"text": "Daily News"}),
        ("category", "", {"text": "Politics"}),
    ]
    assert said(found.find("itunes:owner", NS), "itunes") == [
        ("name", "Ann", {}),
        ("email", "ann@a.test", {}),
    ]


def test_a_show_in_podcasting_2():
    assert said(channel(), "podcast") == [
        ("guid", "917393e3-1b1e-5cef-ace4-edaa54e1f810", {}),
        ("locked", "yes", {"owner": "ann@a.test"}),
        ("funding", "Support us", {"url": "https://a.test/pay"}),
        ("medium", "podcast", {}),
        ("person", "Ann", {"href": "https://ann.test/"}),
    ]


def test_a_plain_show_says_only_what_it_must():
    plain = Podcast(guid="g", categories=(("News",),), image="https://a.test/s.jpg")

    found = channel(feed=replace(FEED, podcast=plain))

    assert [name for name, _, _ in said(found, "itunes")] == [
        "author", "category", "explicit", "image", "type",
    ]  # fmt: skip
    assert found.findtext("itunes:author", namespaces=NS) == "A site"
    assert [name for name, _, _ in said(found, "podcast")] == ["guid", "medium"]


def test_an_episode():
    item = channel(EPISODE).find("item")

    assert said(item, "itunes") == [
        ("author", "Ann, Bo", {}),
        ("duration", "3725", {}),
        ("image", "", {"href": "https://a.test/1.jpg"}),
        ("explicit", "false", {}),
        ("season", "2", {}),
        ("episode", "3", {}),
        ("episodeType", "bonus", {}),
    ]
    assert said(item, "podcast") == [
        ("person", "Ann", {"href": "https://ann.test/"}),
        ("person", "Bo", {}),
        ("season", "2", {}),
        ("episode", "3", {}),
        ("transcript", "", {"url": "https://a.test/1.vtt", "type": "text/vtt", "language": "en"}),
        (
            "chapters",
            "",
            {
                "url": "http://127.0.0.1:8000/entries/entry-1/chapters.json",
                "type": "application/json+chapters",
            },
        ),
    ]


def test_the_recording_is_the_enclosure_whatever_stands_before_it():
    item = channel(EPISODE).find("item")

    assert dict(item.find("enclosure").attrib) == {
        "url": "https://a.test/1.mp3", "length": "9", "type": "audio/mpeg",
    }  # fmt: skip


@pytest.mark.parametrize("format", [rss, atom], ids=["rss", "atom"])
def test_chapters_stand_in_the_feed_too(format):
    (found,) = channel(EPISODE, format=format).iterfind(".//psc:chapters", NS)

    assert found.get("version") == "1.2"
    assert [dict(one.attrib) for one in found] == [
        {"start": "00:00:00.000", "title": "Hello"},
        {"start": "01:02:03.500", "title": "A & B", "href": "https://a.test/%C3%A4"},
    ]


def test_chapters_as_a_document_of_their_own():
    assert formats_for(Entry) == (chapters,)
    assert json.loads(chapters.render(EPISODE)) == {
        "version": "1.2.0",
        "title": "Entry 1",
        "chapters": [
            {"startTime": 0, "title": "Hello"},
            {"startTime": 3723.5, "title": "A & B", "url": "https://a.test/%C3%A4"},
        ],
    }


def test_chapters_come_in_the_order_of_time():
    made = replace(EPISODE, episode=Episode(chapters=PARTS[::-1]))

    starts = [one["startTime"] for one in json.loads(chapters.render(made))["chapters"]]
    (inline,) = channel(made).iterfind(".//psc:chapters", NS)

    assert starts == [0, 3723.5]
    assert [one.get("title") for one in inline] == ["Hello", "A & B"]


@pytest.mark.parametrize("format", [rss, atom], ids=["rss", "atom"])
def test_a_feed_that_is_no_show_says_nothing_of_shows(format):
    document = format.render(page(EPISODE)).decode()

    for uri in NS.values():
        assert uri not in document


def test_podcastparser_reads_the_show_back():
    body = rss.render(page(EPISODE, feed=FEED, site=site(title="Site")))

    found = podcastparser.parse("https://a.test/show.xml", io.BytesIO(body))

    assert found["title"] == "Show – Site"
    assert found["description"] == "On air"
    assert found["cover_url"] == "https://a.test/show.jpg"
    assert found["explicit"] is True
    assert found["itunes_owner"] == {"name": "Ann", "email": "ann@a.test"}
    assert found["itunes_categories"] == [["News", "Daily News", "Politics"], ["Arts"]]
    assert (found["type"], found["new_url"]) == ("serial", "https://a.test/new.xml")
    (episode,) = found["episodes"]
    assert episode["total_time"] == 3725
    assert (episode["season"], episode["number"], episode["type"]) == (2, 3, "bonus")
    assert episode["explicit"] is False
    assert episode["episode_art_url"] == "https://a.test/1.jpg"
    assert [
        (one["url"], one["file_size"])
        for one in episode["enclosures"]
        if one["mime_type"] == "audio/mpeg"
    ] == [("https://a.test/1.mp3", 9)]
    assert [(one["start"], one["title"]) for one in episode["chapters"]] == [
        (0, "Hello"),
        (3723, "A & B"),  # it reads whole seconds
    ]
