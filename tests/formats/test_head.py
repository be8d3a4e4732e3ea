"""What a feed says of itself: by its own settings, else by the site's."""

from __future__ import annotations

import json

import atoma
import feedparser
import pytest

from feedsvc.formats import atom, jsonfeed, rss
from feedsvc.model import Author, Family, Feed, Podcast
from tests.builders import entry, page, site

SITE = site(
    title="News",
    description="All of it",
    author=Author(name="Ed", email="ed@a.test"),
    copyright="© 2025 News & co.",
    license="https://creativecommons.org/licenses/by/4.0/",
    image="https://a.test/logo.png",
    icon="https://a.test/icon.png",
)
OWN = Feed(
    path="tags/war",
    title="Tagged war",
    family=Family.TAGS,
    name="war",
    description="Only the war",
    language="uk",
    author=Author(name="Ann", email="ann@a.test"),
    image="https://a.test/ä.png",
)
SHOW = Podcast(guid="g", categories=(("News",),), image="https://a.test/show.jpg")


def test_rss_in_full():
    channel = feedparser.parse(rss.render(page(entry(1), site=SITE, feed=OWN))).feed

    assert channel.title == channel.image.title == "Tagged war – News"
    assert channel.link == channel.image.link == "http://127.0.0.1:8000/tags/war/"
    assert channel.image.href == "https://a.test/%C3%A4.png"
    assert "width" not in channel.image
    assert channel.subtitle == "Only the war"
    assert channel.language == "uk"
    assert channel.author == "ann@a.test (Ann)"
    assert channel.rights == "© 2025 News & co."
    assert [tag.term for tag in channel.tags] == ["war"]
    assert ("license", SITE.license) in [(link.rel, link.href) for link in channel.links]


def test_atom_in_full():
    feed = atoma.parse_atom_bytes(atom.render(page(entry(1), site=SITE, feed=OWN)))

    assert feed.title.value == "Tagged war – News"
    assert feed.subtitle.value == "Only the war"
    assert (feed.authors[0].name, feed.authors[0].email) == ("Ann", "ann@a.test")
    assert feed.rights.value == "© 2025 News & co."
    assert (feed.logo, feed.icon) == ("https://a.test/%C3%A4.png", "https://a.test/icon.png")
    assert [category.term for category in feed.categories] == ["war"]
    assert ("license", SITE.license) in [(link.rel, link.href) for link in feed.links]
    assert b'xml:lang="uk"' in atom.render(page(site=SITE, feed=OWN))


def test_json_in_full():
    found = json.loads(jsonfeed.render(page(site=SITE, feed=OWN)))

    assert found["title"] == "Tagged war – News"
    assert found["description"] == "Only the war"
    assert found["language"] == "uk"
    assert found["authors"] == [{"name": "Ann", "url": "mailto:ann@a.test"}]
    assert found["icon"] == "https://a.test/%C3%A4.png"
    assert found["favicon"] == "https://a.test/icon.png"


@pytest.mark.parametrize(
    "feed, expected",
    [
        pytest.param(OWN, "https://a.test/%C3%A4.png", id="its own"),
        pytest.param(
            Feed(path="show", title="Show", podcast=SHOW),
            "https://a.test/show.jpg",
            id="the show's",
        ),
        pytest.param(Feed(path="", title="News"), "https://a.test/logo.png", id="the site's"),
    ],
)
def test_the_picture_of_a_feed(feed, expected):
    assert feedparser.parse(rss.render(page(site=SITE, feed=feed))).feed.image.href == expected


@pytest.mark.parametrize(
    "feed, expected",
    [
        pytest.param(Feed(path="", title="T"), "All of it", id="the site's own feed"),
        pytest.param(
            Feed(path="", title="T", description="Own"), "Own", id="unless it has its own"
        ),
        pytest.param(Feed(path="x", title="T"), "T – News", id="any other: RSS needs one"),
    ],
)
def test_the_description_of_a_feed(feed, expected):
    assert feedparser.parse(rss.render(page(site=SITE, feed=feed))).feed.subtitle == expected


@pytest.mark.parametrize("format", [rss, atom, jsonfeed])
def test_what_is_not_known_is_not_said(format):
    document = format.render(page(entry(1))).decode()

    for word in ("rights", "copyright", "image", "logo", "icon", "license", "category"):
        assert f"<{word}" not in document
        assert f'"{word}"' not in document


def test_a_picture_never_comes_without_its_title_and_link_escaped_like_the_channels():
    document = rss.render(
        page(site=site(image="https://a.test/i.png"), feed=Feed(path="", title="A & B"))
    ).decode()

    assert document.count("<title>A &#x26; B</title>") == 2


@pytest.mark.parametrize(
    "feed, expected",
    [
        pytest.param(Feed(path="", title="News"), "News", id="the site's own"),
        pytest.param(OWN, "Tagged war – News", id="as the settings have it"),
        pytest.param(
            Feed(path="languages/uk", title="uk", name="uk", family=Family.LANGUAGES),
            "Українська – News",
            id="a language by what it calls itself",
        ),
        pytest.param(
            Feed(path="languages/uk", title="In uk", name="uk", family=Family.LANGUAGES),
            "In uk – News",
            id="unless it has a title",
        ),
        pytest.param(
            Feed(path="languages/zzz", title="zzz", name="zzz", family=Family.LANGUAGES),
            "zzz – News",
            id="or nobody knows",
        ),
    ],
)
def test_the_title_of_a_feed(feed, expected):
    assert feedparser.parse(atom.render(page(site=SITE, feed=feed))).feed.title == expected
