"""An entry's own page."""

from __future__ import annotations

import re

from feedsvc.formats import article
from feedsvc.model import Article, Feed, Media
from tests.builders import entry, site

FEEDS = (Feed(path="", title="A site"),)


def markup(made, **fields):
    return article.render(Article(site=site(**fields), entry=made, feeds=FEEDS)).decode()


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
        '<h1 class="unseen"><span>An entry of</span> A site</h1>'
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


def test_pictures_and_files():
    found = markup(
        entry(
            1,
            media=(
                Media(url="https://a.test/p.jpg", is_image=True, title="A bridge"),
                Media(url="https://a.test/t.mp3", title="The talk"),
            ),
        )
    )

    assert '<img src="https://a.test/p.jpg" alt="A bridge" loading="lazy">' in found
    assert '<a href="https://a.test/t.mp3" type="audio/mpeg" dir="auto">The talk</a>' in found


def test_an_entry_without_text_is_its_title():
    found = markup(entry(1, summary="", content_html="", content_text=""))

    assert '<div class="text"' not in found
    assert '<meta name="description" content="Entry 1">' in found
