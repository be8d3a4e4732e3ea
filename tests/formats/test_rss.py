"""RSS 2.0: what an item says, and what it never says."""

from __future__ import annotations

import re

import pytest

from feedsvc.formats import rss
from feedsvc.model import Author, Content, Feed, How, Kind, Listing, Media
from tests.builders import at, dated, entry, page, site


def item(*entries, **fields):
    """The first item of the document, without the line feed."""
    document = rss.render(page(*entries, **fields)).decode()
    return re.search(r"<item>.*?</item>", document, re.DOTALL)[0]


def test_an_item_in_full():
    made = entry(
        13,
        title="Talks & <hopes>",
        summary="Short.",
        content_html="<p>Long &amp; whole.</p>",
        content_text="Long & whole.",
        updated=at("2025-05-14T09:30:00"),
        tags=("war", "talks"),
        sections=(Listing(section="World", slug="world"), Listing(section="war", slug="war")),
    )

    assert item(made) == (
        "<item><title>Talks &#x26; &#x3C;hopes&#x3E;</title>"
        "<link>http://127.0.0.1:8000/entries/entry-13/</link>"
        "<description>Short.</description>"
        "<content:encoded>&lt;p&gt;Long &amp;amp; whole.&lt;/p&gt;</content:encoded>"
        '<guid isPermaLink="false">urn:uuid:00000000-0000-5000-8000-000000000013</guid>'
        "<category>war</category><category>talks</category><category>World</category>"
        "<pubDate>Tue, 13 May 2025 12:00:00 GMT</pubDate>"
        "<atom:updated>2025-05-14T09:30:00Z</atom:updated></item>"
    )


@pytest.mark.parametrize(
    "content, expected",
    [
        pytest.param(
            Content.BOTH,
            "<description>A &amp;lt; B</description>"
            "<content:encoded>&lt;p&gt;All.&lt;/p&gt;</content:encoded>",
            id="both: the summary is read as HTML too, so it is escaped twice",
        ),
        pytest.param(Content.FULL, "<description>&lt;p&gt;All.&lt;/p&gt;</description>", id="full"),
        pytest.param(
            Content.SUMMARY, "<description>A &amp;lt; B</description>", id="the summary alone"
        ),
    ],
)
def test_how_much_of_an_entry_a_feed_carries(content, expected):
    made = entry(summary="A < B", content_html="<p>All.</p>", content_text="All.")

    found = item(made, feed=Feed(path="", title="T", content=content))

    assert "".join(re.findall(r"<(?:desc|cont).*</(?:desc|cont)[^>]*>", found)) == expected


def test_a_text_that_is_its_own_summary_is_said_once():
    found = item(entry(1))

    assert "<description>&lt;p&gt;Text of entry 1.&lt;/p&gt;</description>" in found
    assert "content:encoded" not in found


def test_a_headline_has_no_empty_element():
    found = item(entry(1, summary="", content_html="", content_text=""))

    assert "<title>Entry 1</title>" in found
    assert "description" not in found


@pytest.mark.parametrize(
    "fields, has_title",
    [
        pytest.param({"title_is_derived": True}, False, id="a derived title is left out"),
        pytest.param({}, True, id="a given one is not"),
        pytest.param(
            {"title_is_derived": True, "summary": "", "content_html": "", "content_text": ""},
            True,
            id="nor one that is all there is",
        ),
    ],
)
def test_derived_titles_by_the_setting(fields, has_title):
    found = item(entry(1, **fields), site=site(publish_derived_titles=False))

    assert ("<title>Entry 1</title>" in found) is has_title


@pytest.mark.parametrize(
    "how, has_date", [(How.SEEN, False), (How.CAPTURED, False), (How.INHERITED, True)]
)
def test_weak_dates_by_the_setting(how, has_date):
    made = entry(1, published=dated("2025-05-13", how))

    assert "<pubDate>" in item(made)
    assert ("<pubDate>" in item(made, site=site(publish_weak_dates=False))) is has_date


@pytest.mark.parametrize(
    "link, id, expected",
    [
        pytest.param("https://a.test/x", "https://a.test/x", "true", id="the id is the link"),
        pytest.param("https://a.test/x", "https://a.test/X", "false", id="nearly is not"),
        pytest.param(None, "urn:uuid:1", "false", id="a minted id"),
    ],
)
def test_a_guid_is_a_permalink_only_when_it_is_the_link(link, id, expected):
    assert f'<guid isPermaLink="{expected}">{id}</guid>' in item(entry(1, id=id, link=link))


@pytest.mark.parametrize(
    "authors, expected",
    [
        pytest.param(
            (Author(name="Ann", email="ann@a.test"),),
            ["<author>ann@a.test (Ann)</author>"],
            id="a mail address",
        ),
        pytest.param((Author(name="Ann"),), ["<dc:creator>Ann</dc:creator>"], id="a name"),
        pytest.param(
            (Author(name="Ann", email="ann@a.test"), Author(name="Bo")),
            ["<dc:creator>Ann</dc:creator>", "<dc:creator>Bo</dc:creator>"],
            id="several are names, never both kinds",
        ),
    ],
)
def test_authors(authors, expected):
    found = item(entry(1, authors=authors))

    assert re.findall(r"<(?:author|dc:creator)>.*?</(?:author|dc:creator)>", found) == expected


def test_one_enclosure_and_the_rest_as_media():
    found = item(
        entry(
            1,
            media=(
                Media(url="https://a.test/p.jpg", is_image=True, title="A picture"),
                Media(url="https://a.test/a b.mp3"),
                Media(url="https://a.test/v.mp4", size_bytes=9),
            ),
        )
    )

    assert '<enclosure url="https://a.test/a%20b.mp3" length="0" type="audio/mpeg"/>' in found
    assert re.findall("<media:content.*>", found) == [
        '<media:content url="https://a.test/p.jpg" type="image/jpeg" medium="image">'
        "<media:title>A picture</media:title></media:content>"
        '<media:content url="https://a.test/v.mp4" type="video/mp4" medium="video" fileSize="9"/>'
        "</item>"
    ]


@pytest.mark.parametrize(
    "minutes, expected",
    [(15, ("hourly", "4")), (60, ("hourly", "1")), (720, ("daily", "2")), (10080, ("weekly", "1"))],
)
def test_ttl_and_update_period_are_one_setting(minutes, expected):
    document = rss.render(page(site=site(ttl_minutes=minutes))).decode()

    assert f"<ttl>{minutes}</ttl>" in document
    assert f"<sy:updatePeriod>{expected[0]}</sy:updatePeriod>" in document
    assert f"<sy:updateFrequency>{expected[1]}</sy:updateFrequency>" in document


def test_the_channel_links_to_the_page_for_people_and_to_itself():
    feed = Feed(path="sections/top", title="Top")

    document = rss.render(page(feed=feed, site=site(base_url="https://a.test/news"))).decode()

    assert "<channel>\n<title>Top – A site</title>\n" in document
    assert "<link>https://a.test/news/sections/top/</link>" in document
    assert 'href="https://a.test/news/sections/top/rss.xml" rel="self"' in document
    assert '<?xml-stylesheet type="text/css" href="../../assets/feed.css"?>' in document


def test_a_complete_list_says_so_and_keeps_its_order():
    complete = page(entry(2), entry(9), entry(1), kind=Kind.COMPLETE)

    document = rss.render(complete).decode()

    assert "<fh:complete/>" in document
    assert re.findall("<title>(Entry .)<", document) == ["Entry 2", "Entry 9", "Entry 1"]


def test_an_empty_feed_is_a_feed():
    document = rss.render(page()).decode()

    assert "<lastBuildDate>Sat, 01 Jan 2000 00:00:00 GMT</lastBuildDate>" in document
    assert "<item>" not in document
    assert "fh:" not in document


def test_a_managing_editor_has_a_mail_address():
    editor = Author(name="Ed", email="ed@a.test")

    with_mail = rss.render(page(site=site(author=editor)))
    without = rss.render(page(site=site(author=Author(name="Ed"))))

    assert b"<managingEditor>ed@a.test (Ed)</managingEditor>" in with_mail
    assert b"managingEditor" not in without


def test_plain_text_is_written_so_that_readers_that_decode_twice_show_it_right():
    made = entry(1, tags=("R&D",), feeds=(), content_html="<p>A &amp; B</p>")

    document = rss.render(page(made, site=site(copyright="Ann & Bob", description="A <b> C")))

    assert b">R&#x26;D</category>" in document
    assert b"<copyright>Ann &#x26; Bob</copyright>" in document
    assert b"<description>A &#x3C;b&#x3E; C</description>" in document
    assert b"&lt;p&gt;A &amp;amp; B&lt;/p&gt;" in document


@pytest.mark.parametrize(
    ("link", "written"),
    [
        ("https://e.test/?f[a]=1", "https://e.test/?f%5Ba%5D=1"),
        ("http://[2001:db8::1]:8080/a", "http://[2001:db8::1]:8080/a"),
    ],
)
def test_brackets_in_an_address_are_encoded_but_for_a_host_in_numbers(link, written):
    assert f"<link>{written}</link>".encode() in rss.render(page(entry(1, link=link)))


def test_no_break_spaces_of_a_title_stay():
    assert "<title>in\xa0D-Dur</title>".encode() in rss.render(page(entry(1, title="in\xa0D-Dur")))
