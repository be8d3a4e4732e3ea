"""A site with one of everything, read back by parsers of other people: each finds all it knows of."""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import atoma
import feedparser
import listparser
import podcastparser
import pytest

from feedsvc.compose import archive_page, living_page
from feedsvc.formats import atom, jsonfeed, opml, rss
from feedsvc.model import (
    Author,
    Chapter,
    Entry,
    Episode,
    Family,
    Feed,
    Link,
    Listing,
    Media,
    Membership,
    Outline,
    Podcast,
    Site,
    SourceFeed,
    Tombstone,
)
from tests.builders import at, entry

HERE = Path(__file__).parent
BASE = "https://a.test/news"
SITE = Site(
    id="rich",
    title="News & more",
    base_url=BASE,
    description="All of <it>",
    author=Author(name="Ed", email="ed@a.test"),
    copyright="© 2025 News & co.",
    license="https://creativecommons.org/licenses/by/4.0/",
    image="https://a.test/logo.png",
    icon="https://a.test/icon.png",
)
SHOW = Podcast(
    guid="917393e3-1b1e-5cef-ace4-edaa54e1f810",
    categories=(("News", "Daily News"), ("Arts",)),
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
FEED = Feed(path="show", title="Show", description="On air", n_archives=3, n_entries=9)
GONE = Tombstone(
    id="urn:uuid:00000000-0000-5000-8000-00000000dead",
    slug="s",
    removed=at("2025-05-20"),
    reason="a slip",
)


def rich() -> Entry:
    """An entry that says all an entry can say."""
    return entry(
        13,
        title="Talks & <hopes>",
        summary="Short & sweet.",
        content_html='<p>Long &amp; <a href="https://a.test/x">whole</a>.</p>',
        content_text="Long & whole.",
        updated=at("2025-05-14T09:30:00"),
        link="https://a.test/13",
        authors=(Author(name="Ann", url="https://ann.test/"), Author(name="Bo")),
        tags=("war",),
        sections=(Listing(section="World", slug="world"),),
        feeds=(
            Membership(path="tags/war", family=Family.TAGS, name="war"),
            Membership(path="sections/world", family=Family.SECTIONS, name="World"),
        ),
        media=(
            Media(url="https://a.test/1.jpg", is_image=True, title="A bridge", credit="Cy"),
            Media(url="https://a.test/1.mp3", size_bytes=9, duration_seconds=3725),
            Media(url="https://a.test/1.pdf", size_bytes=7, title="Notes"),
        ),
        language="uk",
        source_feed=SourceFeed(
            title="Their <news>", url="https://b.test/feed", id="tag:b.test,2020:1"
        ),
        episode=Episode(
            number=3,
            season=2,
            kind="bonus",
            is_explicit=False,
            chapters=(
                Chapter(start_ms=0, title="Hello"),
                Chapter(start_ms=3_723_500, title="A & B", link="https://a.test/b"),
            ),
            transcripts=(Media(url="https://a.test/1.vtt"),),
        ),
    )


@pytest.fixture(scope="module")
def documents() -> Mapping[str, bytes]:
    show = Feed(path="show", title="Show", description="On air", podcast=SHOW)
    page = living_page(SITE, FEED, [rich()], tombstones=[GONE])
    feeds = (Feed(path="", title="News & more"), FEED)
    return {
        "rss": rss.render(page),
        "atom": atom.render(page),
        "json": jsonfeed.render(page),
        "archive": atom.render(archive_page(SITE, FEED, 2, [rich()])),
        "show": rss.render(living_page(SITE, show, [rich()])),
        "opml": opml.render(Outline(site=SITE, feeds=feeds, updated=at("2025-05-14"))),
    }


@pytest.fixture(scope="module")
def read(need: Callable[..., None], documents: Mapping[str, bytes]) -> Mapping[str, Any]:
    """All that feedsmith finds, and podcast-partytime in the show."""
    need("node", "node:feedsmith", "node:podcast-partytime")
    given = {kind: body.decode() for kind, body in documents.items() if kind != "archive"}
    done = subprocess.run(
        ["node", str(HERE / "parse.mjs"), "whole"],
        input=json.dumps(given), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: Mapping[str, Any] = json.loads(done.stdout)
    return found


CATEGORIES = [("war", f"{BASE}/tags/war/"), ("World", f"{BASE}/sections/world/")]
PICTURE = {
    "url": "https://a.test/1.jpg", "type": "image/jpeg", "medium": "image",
    "title": {"value": "A bridge"}, "credits": [{"value": "Cy"}],
}  # fmt: skip


def test_feedsmith_on_rss(read: Mapping[str, Any]) -> None:
    channel = read["rss"]
    (item,) = channel["items"]

    assert (channel["title"], channel["link"]) == ("Show – News & more", f"{BASE}/show/")
    assert channel["description"] == "On air"
    assert channel["copyright"] == "© 2025 News & co."
    assert channel["managingEditor"] == {"email": "ed@a.test", "name": "Ed"}
    assert channel["image"]["url"] == "https://a.test/logo.png"
    assert [(link["rel"], link["href"]) for link in channel["atom"]["links"]] == [
        ("self", f"{BASE}/show/rss.xml"),
        ("prev-archive", f"{BASE}/show/archive/3/rss.xml"),
        ("license", SITE.license),
    ]
    assert item["title"] == "Talks & <hopes>"
    assert item["content"]["encoded"] == rich().content_html
    assert [(one["name"], one["domain"]) for one in item["categories"]] == CATEGORIES
    assert item["enclosures"] == [
        {"url": "https://a.test/1.mp3", "length": 9, "type": "audio/mpeg"}
    ]
    assert item["source"] == {"title": "Their <news>", "url": "https://b.test/feed"}
    assert item["dc"] == {"creators": ["Ann", "Bo"], "languages": ["uk"]}
    assert item["media"]["thumbnails"] == [{"url": "https://a.test/1.jpg"}]
    assert item["media"]["contents"][0] == PICTURE
    assert [one["url"][-3:] for one in item["media"]["contents"][1:]] == ["mp3", "pdf"]
    assert item["media"]["contents"][1]["duration"] == 3725


def test_feedsmith_on_atom(read: Mapping[str, Any]) -> None:
    feed = read["atom"]
    (found,) = feed["entries"]

    assert feed["subtitle"]["value"] == "On air"
    assert feed["rights"]["value"] == "© 2025 News & co."
    assert (feed["logo"], feed["icon"]) == (SITE.image, SITE.icon)
    assert [link["rel"] for link in feed["links"]] == [
        "self",
        "prev-archive",
        "license",
        "alternate",
    ]
    assert feed["updated"] == "2025-05-20T12:00:00Z"
    assert found["title"]["value"] == "Talks & <hopes>"
    assert found["summary"]["value"] == "Short & sweet."
    assert found["content"] == {"value": rich().content_html, "type": "html"}
    assert (found["published"], found["updated"]) == (
        "2025-05-13T12:00:00Z",
        "2025-05-14T09:30:00Z",
    )
    assert found["authors"] == [{"name": "Ann", "uri": "https://ann.test/"}, {"name": "Bo"}]
    assert [(c["term"], c["scheme"]) for c in found["categories"]] == CATEGORIES
    assert [(link["rel"], link["href"], link.get("length")) for link in found["links"]] == [
        ("alternate", "https://a.test/13", None),
        ("enclosure", "https://a.test/1.mp3", 9),
        ("enclosure", "https://a.test/1.pdf", 7),
    ]
    assert found["source"]["id"] == "tag:b.test,2020:1"
    assert found["source"]["title"]["value"] == "Their <news>"
    assert found["xml"]["lang"] == found["links"][0]["hreflang"] == "uk"
    assert found["media"]["contents"][0] == PICTURE


def test_feedsmith_on_json_feed(read: Mapping[str, Any]) -> None:
    feed = read["json"]
    (item,) = feed["items"]

    assert feed["next_url"] == f"{BASE}/show/archive/3/feed.json"
    assert (feed["icon"], feed["favicon"]) == (SITE.image, SITE.icon)
    assert (item["title"], item["summary"]) == ("Talks & <hopes>", "Short & sweet.")
    assert item["content_html"] == rich().content_html
    assert item["tags"] == ["war", "World"]
    assert item["image"] == "https://a.test/1.jpg"
    assert item["language"] == "uk"
    assert [(one["url"], one.get("duration_in_seconds")) for one in item["attachments"]] == [
        ("https://a.test/1.mp3", 3725),
        ("https://a.test/1.pdf", None),
    ]


def test_partytime_on_the_show(read: Mapping[str, Any]) -> None:
    show = read["show"]
    (episode,) = show["items"]

    assert show["guid"] == SHOW.guid
    assert (show["author"], show["owner"]) == ("Ann & Bo", {"name": "Ann", "email": "ann@a.test"})
    assert show["itunesCategory"] == ["News > Daily News", "Arts"]
    assert (show["itunesImage"], show["explicit"]) == ("https://a.test/show.jpg", True)
    assert (show["itunesType"], show["itunesComplete"]) == ("serial", True)
    assert show["itunesNewFeedUrl"] == "https://a.test/new.xml"
    assert (show["locked"], show["podcastOwner"], show["medium"]) == (True, "ann@a.test", "podcast")
    assert show["podcastFunding"] == [{"message": "Support us", "url": "https://a.test/pay"}]
    assert [person["name"] for person in show["podcastPeople"]] == ["Ann"]
    assert episode["enclosure"] == {
        "url": "https://a.test/1.mp3",
        "length": 9,
        "type": "audio/mpeg",
    }
    assert (episode["duration"], episode["explicit"]) == (3725, False)
    assert (episode["itunesSeason"], episode["itunesEpisode"]) == (2, 3)
    assert episode["itunesEpisodeType"] == "bonus"
    assert episode["itunesImage"] == "https://a.test/1.jpg"
    assert [person["name"] for person in episode["podcastPeople"]] == ["Ann", "Bo"]
    assert episode["podcastTranscripts"] == [
        {"url": "https://a.test/1.vtt", "type": "text/vtt", "language": "uk"}
    ]
    assert episode["podcastChapters"] == {
        "url": f"{BASE}/entries/entry-13/chapters.json",
        "type": "application/json+chapters",
    }


def test_podcastparser_on_the_show(documents: Mapping[str, bytes]) -> None:
    found = podcastparser.parse("https://a.test/show", io.BytesIO(documents["show"]))
    (episode,) = found["episodes"]

    assert (found["title"], found["cover_url"]) == ("Show – News & more", "https://a.test/show.jpg")
    assert found["itunes_owner"] == {"name": "Ann", "email": "ann@a.test"}
    assert (episode["title"], episode["total_time"]) == ("Talks & <hopes>", 3725)
    assert (episode["season"], episode["number"], episode["type"]) == (2, 3, "bonus")
    assert [one["url"] for one in episode["enclosures"]].count("https://a.test/1.mp3") == 1
    assert [chapter["title"] for chapter in episode["chapters"]] == ["Hello", "A & B"]


@pytest.mark.parametrize("kind", ["rss", "atom", "archive", "show"])
def test_feedparser_finds_no_fault(kind: str, documents: Mapping[str, bytes]) -> None:
    found = feedparser.parse(documents[kind])
    (item,) = found.entries

    assert not found.bozo
    assert (item.id, item.link) == (rich().id, "https://a.test/13")
    assert [(tag.term, tag.scheme) for tag in item.tags] == CATEGORIES
    assert item.media_thumbnail == [{"url": "https://a.test/1.jpg"}]
    assert {"Ann", "Bo"} <= {author.get("name") for author in item.authors}


def test_atoma_reads_rss_and_atom_alike(documents: Mapping[str, bytes]) -> None:
    (in_rss,) = atoma.parse_rss_bytes(documents["rss"]).items
    (in_atom,) = atoma.parse_atom_bytes(documents["atom"]).entries

    assert in_rss.title == in_atom.title.value == "Talks & <hopes>"
    assert in_rss.guid == in_atom.id_
    assert in_rss.pub_date == in_atom.published == at("2025-05-13")
    assert in_rss.content_encoded == in_atom.content.value
    assert in_rss.source.url == in_atom.source.links[0].href == "https://b.test/feed"


def test_listparser_on_the_outline(documents: Mapping[str, bytes]) -> None:
    found = listparser.parse(documents["opml"].decode())

    assert not found.bozo
    assert [(feed.title, feed.url) for feed in found.feeds] == [
        ("News & more", f"{BASE}/rss.xml"),
        ("Show – News & more", f"{BASE}/show/rss.xml"),
    ]


def test_ruby_reads_all_of_it_strictly(
    need: Callable[..., None], documents: Mapping[str, bytes], tmp_path: Path
) -> None:
    need("ruby")
    files = [tmp_path / f"{kind}.xml" for kind in ("rss", "atom", "archive", "show")]
    for file in files:
        file.write_bytes(documents[file.stem])

    command = ["ruby", HERE / "strict.rb", *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.stderr == ""
    assert done.stdout.split() == ["1", "1", "1", "1"]
