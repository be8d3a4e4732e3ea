"""What a show lacks, and the id it has for life."""

from __future__ import annotations

from dataclasses import replace

import pytest

from feedsvc.model import Author, Episode, Feed, Media, Podcast
from feedsvc.podcasts import guid_of, lacking
from tests.builders import entry, site

SHOW = Podcast(
    guid="917393e3-1b1e-5cef-ace4-edaa54e1f810",
    categories=(("News", "Daily News"), ("Technology",)),
    image="https://a.test/show.png?v=2",
    owner=Author(name="Ann", email="ann@a.test"),
)
EPISODE = entry(1, media=(Media(url="https://a.test/1.mp3", size_bytes=9),))


def told(show=SHOW, *entries, **fields):
    feed = Feed(
        **{"path": "show", "title": "Show", "description": "On air", "podcast": show} | fields
    )
    return list(lacking(site(), feed, entries))


@pytest.mark.parametrize(
    "address, expected",
    [
        ("https://mp3s.nashownotes.com/pc20rss.xml", "917393e3-1b1e-5cef-ace4-edaa54e1f810"),
        ("https://podnews.net/rss", "9b024349-ccf0-5f69-a609-6b82873eab3c"),
        ("http://podnews.net/rss//", "9b024349-ccf0-5f69-a609-6b82873eab3c"),
    ],
)
def test_the_guid_of_an_address_without_its_scheme_and_last_slashes(address, expected):
    assert guid_of(address) == expected


def test_a_show_that_has_it_all_lacks_nothing():
    assert told(SHOW, EPISODE) == []


def test_a_feed_that_is_no_show_lacks_nothing():
    assert told(None, entry(1)) == []


@pytest.mark.parametrize(
    "fields, words",
    [
        pytest.param({"categories": (("Nws",),)}, '"Nws" is no category', id="a category"),
        pytest.param(
            {"categories": (("News", "Golf"),)}, '"Golf" is no part of the category News', id="a part"
        ),
        pytest.param({"image": "https://a.test/s.webp"}, "no JPEG or PNG", id="the artwork"),
        pytest.param({"owner": None}, "it has no owner", id="the owner"),
        pytest.param({"guid": "mine"}, '"mine" is no UUID', id="the guid"),
    ],
)  # fmt: skip
def test_what_a_show_lacks(fields, words):
    (line,) = told(replace(SHOW, **fields), EPISODE)

    assert line.startswith("podcast show: ")
    assert words in line


@pytest.mark.parametrize(
    "path, description, of_site, is_lacking",
    [
        pytest.param("show", "", "All", True, id="the site's speaks of the site"),
        pytest.param("", "", "All", False, id="or of the site's own feed"),
        pytest.param("", "", "", True, id="none at all"),
    ],
)
def test_a_description(path, description, of_site, is_lacking):
    feed = Feed(path=path, title="T", description=description, podcast=SHOW)

    assert len(list(lacking(site(description=of_site), feed))) == is_lacking


@pytest.mark.parametrize(
    "media, words",
    [
        pytest.param((), "has no recording", id="none"),
        pytest.param((Media(url="https://a.test/p.jpg", is_image=True),), "no recording", id="a picture"),
        pytest.param((Media(url="https://[a"),), "not played everywhere", id="no address"),
        pytest.param((Media(url="https://a.test/1.flac"),), "not played everywhere", id="FLAC"),
        pytest.param((Media(url="https://a.test/1.mp3"),), "size of https://a.test/1.mp3", id="no size"),
    ],
)  # fmt: skip
def test_what_a_recording_lacks(media, words):
    (line,) = told(SHOW, entry(1, media=media))

    assert line.startswith("podcast show: 'Entry 1' (entry-1): ")
    assert words in line


@pytest.mark.parametrize(
    "episode, is_lacking",
    [
        pytest.param(None, True, id="no number"),
        pytest.param(Episode(number=1), False, id="a number"),
        pytest.param(Episode(kind="trailer"), False, id="a trailer needs none"),
    ],
)
def test_a_serial_show_numbers_its_episodes(episode, is_lacking):
    made = replace(EPISODE, episode=episode)

    assert bool(told(replace(SHOW, kind="serial"), made)) is is_lacking
    assert told(SHOW, made) == []
