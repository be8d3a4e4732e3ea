"""The page for people beside each feed."""

from __future__ import annotations

import json
import re

import pytest

from feedsvc.formats import html
from feedsvc.model import (
    Author,
    Episode,
    Family,
    Feed,
    How,
    Kind,
    Media,
    Membership,
    Podcast,
    Precision,
    Query,
)
from tests.builders import dated, entry, page, site

SITE = Feed(path="", title="A site")
TOP = Feed(path="sections/top", title="Top", family=Family.SECTIONS, is_ranked=True)
IN_TOP = Membership(path="sections/top", family=Family.SECTIONS, name="Top")
SHOW = Feed(
    path="show",
    title="A show",
    family=Family.NAMED,
    podcast=Podcast(guid="g", categories=(("News",),), image="https://a.test/art.png"),
)


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
        '<details class="when"><summary>about <time datetime="2025-05-13T12:00:00+00:00">'
        '13 May 2025</time></summary>\n<p class="why">Worked out from the words '
        '<q dir="auto">on May 13</q></p></details>'
    ) in found


def test_people_see_the_day_there():
    late = dated("2025-05-13T23:30:00", How.STATED, offset_minutes=180)

    found = markup(entry(1, published=late))

    assert '<time datetime="2025-05-14T02:30:00+03:00">14 May 2025</time>' in found


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
    assert '<article class="entry" aria-label="Text of…">' in found
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
    made = entry(1, section="Top", feeds=(IN_TOP,))

    assert '<a class="label" href="sections/top/" dir="auto">Top</a>' in markup(made)
    assert 'class="label"' not in markup(made, feed=TOP)


def test_authors_and_tags_lead_to_their_feeds_where_they_have_one():
    made = entry(
        1,
        tags=("Linux", "rare"),
        authors=(Author(name="Ada"), Author(name="Bo", url="https://bo.test/"), Author(name="Cy")),
        feeds=(
            Membership(path="tags/linux", family=Family.TAGS, name="linux"),
            Membership(path="authors/ada", family=Family.AUTHORS, name="Ada"),
        ),
    )

    found = markup(made)

    assert '<a class="tag" rel="tag" href="tags/linux/" dir="auto">linux</a>' in found
    assert '<a class="author" rel="author" href="authors/ada/" dir="auto">Ada</a>' in found
    assert '<a class="author" rel="author" href="https://bo.test/" dir="auto">Bo</a>' in found
    assert '<span class="author" dir="auto">Cy</span>' in found
    assert "rare" not in found


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
        "A feed brings every new entry of this page to you by itself. Copy an address into a feed "
        "reader, or open it in one."
    ) in opening


def test_a_click_opens_the_feed_in_a_reader():
    found = markup(site=site(base_url="https://a.test"))

    assert (
        '<a href="https://feedly.com/i/subscription/feed%2Fhttps%3A%2F%2Fa.test%2Frss.xml" '
        'rel="nofollow">Feedly</a>'
    ) in found
    assert '<a href="feed:https://a.test/rss.xml">An app on this device</a>' in found
    assert "Overcast" not in found


def test_a_show_opens_in_podcast_apps():
    found = markup(feed=SHOW, site=site(base_url="https://a.test"))

    assert '<a href="podcast://a.test/show/rss.xml" rel="nofollow">Apple Podcasts</a>' in found
    assert (
        '<a href="https://antennapod.org/deeplink/subscribe?url=https%3A%2F%2Fa.test%2Fshow%2F'
        'rss.xml" rel="nofollow">AntennaPod</a>'
    ) in found
    assert "Feedly" not in found
    assert '<img class="art" src="https://a.test/art.png" alt="" width="160" height="160">' in found


def test_a_copy_button_shows_only_where_script_runs():
    found = markup()

    assert re.findall(
        r'<button type="button" class="copy" data-copies="(.*?)".* (.*?)>Copy', found
    ) == [
        ("feed-1", "hidden"),
        ("feed-2", "hidden"),
        ("feed-3", "hidden"),
    ]
    assert '<script src="assets/page.js" defer></script>' in found


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


def test_autodiscovery_names_this_feed_first_and_of_its_formats_rss():
    found = markup(feed=TOP)

    assert re.findall(r'<link rel="alternate" type="(.*?)" title="(.*?)" href="(.*?)">', found) == [
        ("application/rss+xml", "Top – A site (RSS)", "rss.xml"),
        ("application/atom+xml", "Top – A site (Atom)", "atom.xml"),
        ("application/feed+json", "Top – A site (JSON Feed)", "feed.json"),
        ("application/rss+xml", "A site (RSS)", "../../rss.xml"),
        ("application/atom+xml", "A site (Atom)", "../../atom.xml"),
        ("application/feed+json", "A site (JSON Feed)", "../../feed.json"),
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
    assert '<time datetime="2025-05-13T12:00:00+00:00">13 مايو 2025</time>' in found
    assert 'lang="en"' not in found


def test_what_is_said_in_english_for_want_of_words_is_marked_as_english():
    found = markup(entry(13, published=dated("2025-05-13", How.CAPTURED)), site=site(language="sw"))

    assert '<html lang="sw" dir="ltr">' in found
    assert (
        '<span class="ui" lang="en" dir="ltr">before <span lang="sw" dir="ltr">'
        '<time datetime="2025-05-14">14 Mei 2025</time></span></span>'
    ) in found


def test_a_feed_in_another_language_has_a_page_in_that_language():
    found = markup(entry(13), feed=Feed(path="he", title="חדשות", language="he"))

    assert '<html lang="he" dir="rtl">' in found
    assert "13 במאי 2025" in found


def test_an_entry_in_another_language_says_so():
    found = markup(entry(1, language="he"))

    assert '<h2 lang="he" dir="rtl">' in found
    assert '<div class="text" lang="he" dir="rtl">' in found


def test_words_from_outside_are_escaped():
    found = markup(
        entry(1, title="<b>&", summary="<i>", authors=(Author(name="<u>"),), section="<s>"),
        site=site(title="<em>", description='"<q>"'),
    )

    assert not re.findall(r"<(?:b|i|u|s|em)>", found)
    assert "&lt;b&gt;&amp;" in found


def test_nothing_runs_or_is_styled_in_line():
    found = markup(entry(1), feeds=(SITE, TOP))

    assert not re.findall(r"<style|style=|\son\w+=|javascript:", found)
    assert re.findall(r"<script[^>]*>", found) == [
        '<script type="application/ld+json">',
        '<script src="assets/page.js" defer>',
    ]


def test_structured_data_never_ends_its_element():
    words = "</script><b>&\u2028"
    found = markup(feed=Feed(path="x", title="X", description=words, family=Family.NAMED))
    (told,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', found)

    assert json.loads(told)["description"] == words[:-1]
    assert json.loads(told)["@type"] == "CollectionPage"
    assert not set("<>&\u2028") & set(told)


def test_a_picture_stands_beside_a_titled_entry_and_names_who_made_it():
    picture = Media(url="https://a.test/p.jpg", is_image=True, title="A bridge", credit="Ada <A>")

    found = markup(entry(1, media=(picture,)))

    assert (
        '<figure class="thumb"><img src="https://a.test/p.jpg" alt="A bridge" loading="lazy" '
        'decoding="async"><figcaption>Picture: <bdi>Ada &lt;A&gt;</bdi></figcaption></figure>'
    ) in found


def test_a_picture_that_the_text_shows_is_not_shown_twice():
    body = '<p>See <img src="https://a.test/p.jpg?a=1&amp;b=2"></p>'
    picture = Media(url="https://a.test/p.jpg?a=1&b=2", is_image=True)

    found = markup(entry(1, content_html=body, content_text="See", summary="", media=(picture,)))

    assert found.count("p.jpg") == 1


def test_an_episode_is_played_on_the_page():
    recording = Media(url="https://a.test/e.mp3", media_type="audio/mpeg")

    found = markup(entry(1, media=(recording,), episode=Episode(season=2, number=5)), feed=SHOW)

    assert (
        '<audio class="player" controls preload="none" src="https://a.test/e.mp3" '
        'aria-label="Recording: Entry 1"></audio>'
    ) in found
    assert "<span>Season 2, episode 5</span>" in found


def test_a_living_page_leads_to_its_newest_archive():
    found = markup(entry(1), feed=TOP, older=3)

    assert '<link rel="prev" href="archive/3/">' in found
    assert '<a class="older" rel="prev" href="archive/3/">Older entries</a>' in found
    assert "Newer entries" not in found


def test_an_archive_page_says_which_part_it_is():
    found = markup(entry(1), entry(9), feed=TOP, kind=Kind.ARCHIVED, number=2, older=1, newer=3)

    assert (
        '<p class="archive">This is part 2 of the archive: 1–9 May 2025'
        '. <a href="../../">The newest entries</a></p>'
    ) in found
    assert '<a class="newer" rel="next" href="../3/">Newer entries</a>' in found
    assert '<a class="older" rel="prev" href="../1/">Older entries</a>' in found
    assert '<link rel="canonical" href="http://127.0.0.1:8000/sections/top/archive/2/">' in found
    assert "<title>Archive, part 2 – Top – A site</title>" in found
    assert 'class="subscribe"' not in found


def test_the_newest_archive_page_leads_to_the_living_page():
    found = markup(entry(1), feed=TOP, kind=Kind.ARCHIVED, number=2, older=1)

    assert '<a class="newer" rel="next" href="../../">Newer entries</a>' in found


def test_of_very_many_feeds_the_first_are_named_and_the_rest_are_a_list_away():
    tags = [Feed(path=f"tags/t{n}", title=f"t{n}", family=Family.TAGS) for n in range(300)]

    found = markup(feeds=(SITE, TOP, *tags))

    assert found.count("<li><a href=") - 3 - 7 - 1 <= 40
    assert 'href="tags/t37/"' in found
    assert 'href="tags/t38/"' not in found
    assert '<a href="feeds.opml">All feeds as one list (OPML)</a>' in found


def test_a_language_is_called_what_it_calls_itself():
    uk = Feed(path="languages/uk", title="uk", name="uk", family=Family.LANGUAGES)

    found = markup(feeds=(SITE, uk))

    assert '<li><a href="languages/uk/" lang="uk" dir="auto">Українська</a></li>' in found


ANSWERS = Feed(path="search", title="Search", family=Family.SEARCH)


def test_a_search_asks_again_what_was_asked():
    asked = Query(
        words="tram & bus", sections=("Top",), exclude=("rail",), limit=10, is_ranked=True
    )

    found = markup(entry(1), feed=ANSWERS, query=asked)

    assert re.findall(r'<input .*?name="(.*?)" value="(.*?)"', found) == [
        ("q", "tram &amp; bus"),
        ("section", "Top"),
        ("tag", ""),
        ("author", ""),
        ("lang", ""),
        ("exclude", "rail"),
        ("since", ""),
        ("order", "rank"),
        ("limit", "10"),
    ]
    assert "1 entry found" in text(found)
    assert '<meta name="robots" content="noindex">' in found


def test_a_search_is_a_feed_to_subscribe_to():
    found = markup(entry(1), feed=ANSWERS, query=Query(words="tram & bus"))

    assert re.findall(r'readonly dir="ltr" value="([^"]*)"', found) == [
        "http://127.0.0.1:8000/search/rss.xml?q=tram%20%26%20bus",
        "http://127.0.0.1:8000/search/atom.xml?q=tram%20%26%20bus",
        "http://127.0.0.1:8000/search/feed.json?q=tram%20%26%20bus",
    ]
    assert '<link rel="canonical" href="http://127.0.0.1:8000/search/?q=tram%20%26%20bus">' in found
    assert 'href="rss.xml?q=tram%20%26%20bus">' in found


def test_a_search_that_finds_nothing_says_so():
    found = markup(feed=ANSWERS, query=Query(words="zeppelin"))

    assert text(found).startswith("Nothing was found. Try fewer or other words.")


def test_a_search_without_a_question_is_its_box_alone():
    found = markup(feed=ANSWERS, query=Query())

    assert '<form class="search" action="./" method="get" role="search">' in found
    assert "<title>Search – A site</title>" in found
    assert '<h1 dir="auto">Search</h1>' in found
    assert text(found) == ""
    assert 'class="subscribe"' not in found


def test_an_empty_page_says_so():
    assert text(markup()) == "Nothing has been published here yet."


def test_a_search_box_stands_on_pages_where_a_server_answers():
    searched = markup(feed=TOP, site=site(has_search=True))

    assert '<form class="search" action="../../search/" method="get" role="search">' in searched
    assert "<form" not in markup(feed=TOP)
