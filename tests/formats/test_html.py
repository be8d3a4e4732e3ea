"""The page for people beside each feed."""

from __future__ import annotations

import re

import pytest

from feedsvc.formats import html
from feedsvc.model import Author, Feed, How, Listing, Precision
from tests.builders import dated, entry, page, site

SITE = Feed(path="", title="A site")
TOP = Feed(path="sections/top", title="Top", is_ranked=True)


def markup(*entries, **fields):
    return html.render(page(*entries, **fields)).decode()


def text(markup):
    """What is read, on one line: the entries alone."""
    main = re.search(r"<main.*</main>", markup, re.DOTALL)[0]
    return " ".join(re.sub(r"<[^>]*>", " ", main).split())


@pytest.mark.parametrize(
    "how, precision, expected",
    [
        pytest.param(How.STATED, Precision.DAY, "20 December 2023", id="stated"),
        pytest.param(How.CORRECTED, Precision.DAY, "20 December 2023", id="corrected"),
        pytest.param(How.STATED, Precision.MONTH, "December 2023", id="a month"),
        pytest.param(How.CAPTURED, Precision.DAY, "before 21 December 2023", id="captured"),
        pytest.param(How.SEEN, Precision.SECOND, "seen 20 December 2023", id="seen"),
        pytest.param(
            How.DERIVED,
            Precision.DAY,
            "about 20 December 2023 Worked out from the words on Dec. 20",
            id="derived, with its reason",
        ),
        pytest.param(
            How.INHERITED,
            Precision.DAY,
            "about 20 December 2023 The entry itself names no date; this one is that of the "
            "entries around it: on Dec. 20",
            id="inherited, with its reason",
        ),
    ],
)
def test_a_date_says_what_it_is_worth(how, precision, expected):
    published = dated("2023-12-20", how, precision=precision, evidence="on Dec. 20")

    found = markup(entry(1, published=published, summary="", content_html="", content_text=""))

    assert text(found) == f"Entry 1 {expected}"


def test_a_reason_opens_by_keyboard_and_touch():
    found = markup(entry(1, published=dated("2025-05-13", How.DERIVED, evidence="on May 13")))

    assert (
        '<details class="when"><summary title="Worked out from the words “on May 13”">'
        '<span>about</span> <time datetime="2025-05-13T12:00:00+00:00" dir="ltr">13 May 2025'
    ) in found


def test_people_see_the_day_there():
    late = dated("2025-05-13T23:30:00", How.STATED, offset_minutes=180)

    found = markup(entry(1, published=late))

    assert '<time datetime="2025-05-14T02:30:00+03:00" dir="ltr">14 May 2025</time>' in found


@pytest.mark.parametrize(
    "language, expected",
    [
        ("en", "13 May 2025"),
        ("en-US", "May 13, 2025"),
        ("de", "13. Mai 2025"),
        ("uk", "13 травня 2025\u202fр."),
        ("ar", "13 مايو 2025"),
        ("xx-none", "13 May 2025"),
        ("not a language", "13 May 2025"),
    ],
)
def test_dates_are_in_the_sites_language(language, expected):
    assert f">{expected}</time>" in markup(entry(13), site=site(language=language))


def test_a_derived_title_is_not_shown_above_the_text_it_was_derived_from():
    found = markup(entry(1, title="Text of…", title_is_derived=True))

    assert text(found) == "Text of entry 1. 1 May 2025 Permalink : Text of…"
    assert '<article aria-label="Text of…">' in found
    assert '<a class="permalink" rel="bookmark" href="entries/entry-1/">' in found
    assert "<h2 dir" not in found


def test_a_title_links_to_the_entry():
    assert '<h2 dir="auto"><a href="entries/entry-1/" rel="bookmark">Entry 1</a></h2>' in markup(
        entry(1)
    )


def test_an_entry_that_lives_elsewhere_says_where():
    found = markup(entry(1, link="https://news.test/a?b=1&c=2"))

    assert '<a href="https://news.test/a?b=1&amp;c=2" rel="bookmark">Entry 1</a>' in found
    assert '<span class="host" dir="ltr">news.test</span>' in found


def test_a_long_entry_shows_its_summary():
    made = entry(1, summary="In short.", content_html="<p>Whole.</p>", content_text="Whole.")

    assert text(markup(made)) == "Entry 1 In short. 1 May 2025"


def test_a_long_entry_without_a_title_leads_on():
    long = "word " * 200

    found = markup(
        entry(1, title="word…", title_is_derived=True, summary="word.", content_text=long)
    )

    assert text(found) == "word. 1 May 2025 Continue reading : word…"


def test_the_sites_page_shows_the_section_of_an_entry():
    made = entry(1, section="Top", sections=(Listing(section="Top", slug="top", rank=1),))

    assert '<a class="label" href="sections/top/" dir="auto">Top</a>' in markup(made)
    assert 'class="label"' not in markup(made, feed=TOP)


def test_a_section_that_has_no_feed_any_more_is_no_link():
    assert '<span class="label" dir="auto">Top</span>' in markup(entry(1, section="Top"))


def test_a_ranked_list_is_numbered_and_says_once_what_is_known_of_its_dates():
    known = {"published": dated("2025-05-14", How.CAPTURED), "summary": "", "content_html": ""}

    found = markup(entry(1, **known), entry(2, **known), feed=TOP)

    assert '<ol class="entries ranked">' in found
    assert text(found) == "All of these appeared before 15 May 2025 . Entry 1 Entry 2"


def test_it_opens_with_how_to_subscribe():
    found = markup(entry(1))
    opening = " ".join(re.sub(r"<[^>]*>", " ", found[: found.index("<main")]).split())

    assert (
        "A feed brings every new entry of this page to you by itself: to subscribe, copy one of "
        "these addresses into a feed reader."
    ) in opening


def test_the_addresses_can_be_copied_and_pasted():
    found = markup(feed=TOP, site=site(base_url="https://a.test/news"))

    assert re.findall(r'readonly dir="ltr" value="([^"]*)"', found) == [
        "https://a.test/news/sections/top/rss.xml",
        "https://a.test/news/sections/top/atom.xml",
        "https://a.test/news/sections/top/feed.json",
    ]
    assert (
        '&lt;link rel="alternate" type="application/rss+xml" title="Top – A site (RSS)" '
        'href="https://a.test/news/sections/top/rss.xml"&gt;'
    ) in found


def test_autodiscovery_names_rss_first():
    found = markup(feed=TOP)

    assert re.findall(r'<link rel="alternate" type="(.*?)" title="(.*?)" href="(.*?)">', found) == [
        ("application/rss+xml", "Top – A site (RSS)", "rss.xml"),
        ("application/atom+xml", "Top – A site (Atom)", "atom.xml"),
        ("application/feed+json", "Top – A site (JSON Feed)", "feed.json"),
    ]


def test_every_page_leads_to_the_others_below_any_mount():
    found = markup(feed=TOP, feeds=(SITE, TOP))

    assert '<li><a href="../../" dir="auto">Everything</a></li>' in found
    assert '<li><a href="./" aria-current="page" dir="auto">Top</a></li>' in found
    assert '<link rel="stylesheet" href="../../assets/page.css">' in found
    assert '<link rel="icon" href="../../assets/icon.svg" type="image/svg+xml">' in found
    assert '<a href="../../feeds.opml">' in found
    assert '<link rel="canonical" href="http://127.0.0.1:8000/sections/top/">' in found


def test_text_from_right_to_left():
    found = markup(entry(13), site=site(language="ar"))

    assert '<html lang="ar" dir="rtl">' in found
    assert '<time datetime="2025-05-13T12:00:00+00:00" dir="rtl">13 مايو 2025</time>' in found
    assert '<span class="ui" lang="en" dir="ltr">A feed brings' in found


def test_an_entry_in_another_language_says_so():
    found = markup(entry(1, language="he"))

    assert '<article lang="he">' in found
    assert '<h2 dir="rtl">' in found


def test_words_from_outside_are_escaped():
    found = markup(
        entry(1, title="<b>&", summary="<i>", authors=(Author(name="<u>"),), section="<s>"),
        site=site(title="<em>", description='"<q>"'),
    )

    assert not re.findall(r"<(?:b|i|u|s|em)>", found)
    assert "&lt;b&gt;&amp;" in found


def test_nothing_runs_and_nothing_is_styled_in_line():
    found = markup(entry(1), feeds=(SITE, TOP))

    assert not re.findall(r"<script|<style|style=|\son\w+=|javascript:", found)


def test_an_empty_page_says_so():
    assert text(markup()) == "Nothing has been published here yet."
