"""An entry's own page."""

from __future__ import annotations

import json
import re

import pytest

from feedsvc.formats import article
from feedsvc.model import (
    Article,
    Author,
    Chapter,
    Episode,
    Family,
    Feed,
    How,
    Media,
    Membership,
    Precision,
    SourceFeed,
)
from tests.builders import at, dated, entry, site

FEEDS = (Feed(path="", title="A site"),)


def markup(made, **fields):
    return article.render(Article(site=site(**fields), entry=made, feeds=FEEDS)).decode()


def structured(found):
    (told,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', found)
    return json.loads(told)


def test_an_entry_is_read_whole_under_its_title():
    found = markup(entry(1, summary="In short.", content_html="<p>Whole &amp; more.</p>"))

    assert '<h1 dir="auto">Entry 1</h1>' in found
    assert '<div class="text" dir="auto"><p>Whole &amp; more.</p></div>' in found
    assert "<title>Entry 1 – A site</title>" in found
    assert '<link rel="canonical" href="http://127.0.0.1:8000/entries/entry-1/">' in found
    assert '<meta name="description" content="In short.">' in found


def test_a_derived_title_is_not_shown_above_its_text():
    found = markup(entry(1, title_is_derived=True))

    assert re.findall("<h1.*</h1>", found) == [
        '<h1 class="unseen">An entry of <bdi>A site</bdi></h1>'
    ]
    assert "Permalink" not in found


def test_it_leads_to_the_sites_feeds():
    found = markup(entry(1))

    assert re.findall(r'<link rel="alternate".*href="(.*)">', found) == [
        "../../rss.xml",
        "../../atom.xml",
        "../../feed.json",
    ]
    assert '<p class="site"><a href="../../" dir="auto">A site</a></p>' in found


def test_its_feeds_follow_the_sites_own():
    other = Feed(path="tags/linux", title="linux", family=Family.TAGS)

    found = article.render(Article(site=site(), entry=entry(1), feeds=(*FEEDS, other))).decode()

    assert re.findall(r'<link rel="alternate".*href="(.*)">', found)[3:] == [
        "../../tags/linux/rss.xml"
    ]


def test_pictures_and_files():
    found = markup(
        entry(
            1,
            media=(
                Media(url="https://a.test/p.jpg", is_image=True, title="A bridge"),
                Media(url="https://a.test/t.pdf", title="The talk", size_bytes=2_340_000),
            ),
        )
    )

    assert (
        '<img src="https://a.test/p.jpg" alt="A bridge" loading="lazy" decoding="async">' in found
    )
    assert (
        '<a href="https://a.test/t.pdf" type="application/pdf" dir="auto">The talk</a> '
        '<span class="extent" dir="auto">2.3 MB</span>'
    ) in found


def test_a_recording_is_played_with_its_chapters_and_transcript():
    episode = Episode(
        number=7,
        chapters=(
            Chapter(start_ms=0, title="Hello"),
            Chapter(start_ms=3_723_000, title="More", link="https://a.test/more"),
        ),
        transcripts=(Media(url="https://a.test/t.vtt", media_type="text/vtt"),),
    )
    recording = Media(url="https://a.test/t.mp3", duration_seconds=4000)

    found = markup(entry(1, media=(recording,), episode=episode))

    assert '<audio class="player" controls preload="none" src="https://a.test/t.mp3"' in found
    assert '<li><span class="start" dir="ltr">0:00</span> Hello</li>' in found
    assert (
        '<li><span class="start" dir="ltr">1:02:03</span> <a href="https://a.test/more">More</a></li>'
    ) in found
    assert '<a href="https://a.test/t.vtt" type="text/vtt" dir="auto">t.vtt</a>' in found
    assert '<span class="extent" dir="auto">1:06:40</span>' in found
    assert structured(found)["@type"] == "PodcastEpisode"
    assert structured(found)["associatedMedia"] == [
        {
            "@type": "AudioObject",
            "contentUrl": "https://a.test/t.mp3",
            "encodingFormat": "audio/mpeg",
            "duration": "PT4000S",
        }
    ]


def test_no_link_leads_to_what_a_browser_would_run():
    evil = "javascript:alert(1)"
    episode = Episode(
        chapters=(Chapter(start_ms=0, title="C", link=evil),), transcripts=(Media(url=evil),)
    )

    found = markup(
        entry(
            1,
            authors=(Author(name="Ada", url=evil),),
            media=(Media(url=evil), Media(url=f"{evil}.mp3")),
            episode=episode,
            source_feed=SourceFeed(title="Planet", url=evil),
        )
    )

    assert "javascript:" not in re.sub(r"<script.*?</script>", "", found)


def test_a_video_has_its_transcript_for_captions():
    video = Media(url="https://a.test/v.mp4")
    episode = Episode(transcripts=(Media(url="https://a.test/t.vtt", media_type="text/vtt"),))

    found = markup(entry(1, media=(video,), episode=episode))

    assert (
        '<track kind="captions" src="https://a.test/t.vtt" srclang="en" label="Transcript">'
        in found
    )


def test_it_says_where_else_it_stands_and_whence_it_came():
    found = markup(
        entry(
            1,
            section="Top",
            tags=("Linux",),
            feeds=(
                Membership(path="sections/top", family=Family.SECTIONS, name="Top"),
                Membership(path="sections/news", family=Family.SECTIONS, name="News"),
                Membership(path="tags/linux", family=Family.TAGS, name="Linux"),
            ),
            source_feed=SourceFeed(title="Planet", url="https://planet.test/rss"),
        )
    )

    assert '<a class="label" href="../../sections/top/" dir="auto">Top</a>' in found
    assert '<dt>Also in</dt><dd><a href="../../sections/news/" dir="auto">News</a></dd>' in found
    assert '<a class="tag" rel="tag" href="../../tags/linux/" dir="auto">Linux</a>' in found
    assert (
        '<dt>Taken over from</dt><dd><a href="https://planet.test/rss" dir="auto">Planet</a></dd>'
    ) in found


def test_a_later_change_is_told():
    found = markup(entry(1, updated=at("2025-05-09")))

    assert 'updated <time datetime="2025-05-09">9 May 2025</time>' in found
    assert "updated" not in markup(entry(1))


@pytest.mark.parametrize(
    "published, expected",
    [
        pytest.param(dated("2025-05-13"), "2025-05-13T12:00:00+00:00", id="stated"),
        pytest.param(dated("2025-05-13", precision=Precision.DAY), "2025-05-13", id="a day"),
        pytest.param(dated("2025-05-13", precision=Precision.MONTH), "2025-05", id="a month"),
        pytest.param(dated("2025-05-13", How.CAPTURED), None, id="captured"),
        pytest.param(dated("2025-05-13", How.SEEN), None, id="seen"),
    ],
)
def test_machines_are_told_a_date_only_where_it_is_a_claim(published, expected):
    told = structured(markup(entry(1, published=published)))

    assert told.get("datePublished") == expected


def test_machines_are_told_what_people_are():
    found = markup(
        entry(
            1,
            language="uk",
            authors=(Author(name="Ada"),),
            tags=("Linux",),
            updated=at("2025-05-09"),
            media=(Media(url="https://a.test/p.jpg", is_image=True),),
        ),
        author=Author(name="The House"),
        icon="https://a.test/i.png",
    )

    assert structured(found) == {
        "@context": "https://schema.org",
        "@type": "BlogPosting",
        "headline": "Entry 1",
        "url": "http://127.0.0.1:8000/entries/entry-1/",
        "mainEntityOfPage": "http://127.0.0.1:8000/entries/entry-1/",
        "description": "Text of entry 1.",
        "datePublished": "2025-05-01T12:00:00+00:00",
        "dateModified": "2025-05-09T12:00:00+00:00",
        "author": [{"@type": "Person", "name": "Ada"}],
        "publisher": {"@type": "Organization", "name": "The House", "logo": "https://a.test/i.png"},
        "image": ["https://a.test/p.jpg"],
        "inLanguage": "uk",
        "keywords": ["Linux"],
    }
    assert '<meta property="og:type" content="article">' in found
    assert '<meta property="og:image" content="https://a.test/p.jpg">' in found
    assert '<meta name="twitter:card" content="summary_large_image">' in found
    assert '<meta property="og:locale" content="en_US">' in found


def test_an_entry_without_text_is_its_title():
    found = markup(entry(1, summary="", content_html="", content_text=""))

    assert '<div class="text"' not in found
    assert '<meta name="description" content="Entry 1">' in found
