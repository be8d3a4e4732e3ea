"""Whatever the entries hold: every format parses, and two parsers who never met agree on it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import atoma
import feedparser
import html5lib
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from feedsvc.check import Severity, check_document
from feedsvc.compose import archive_page, living_page
from feedsvc.formats import atom, jsonfeed, opml, rss, sitemap
from feedsvc.formats._item import legal
from feedsvc.model import (
    Author,
    Chapter,
    Content,
    Dated,
    Entry,
    Episode,
    Family,
    Feed,
    How,
    Link,
    Media,
    Membership,
    Outline,
    Podcast,
    SiteMap,
    SourceFeed,
    Tombstone,
)
from feedsvc.model import Markup as Written
from feedsvc.normalise.markup import to_html, to_text
from tests.builders import at, site

ATOM = "{http://www.w3.org/2005/Atom}"
ANY = st.text(st.characters(exclude_categories=()), min_size=1).filter(str.strip)
NAMED = ANY.filter(lambda words: legal(words).strip())
HTML = st.recursive(
    st.one_of(
        ANY,
        st.sampled_from(
            ["<br>", "&nbsp;", "&", "]]>", "<!-- -->", "</item>", "<script>x</script>", "<b", "\x0b",
             '<img src="a.png" onerror=x>', "<a href='javascript:x'>x</a>", "<svg><style>"]
        ),
    ),
    lambda inner: st.builds(
        "<{0}>{1}</{0}>".format,
        st.sampled_from(["p", "div", "table", "a href=/x", "ul", "pre", "iframe"]),
        st.lists(inner, max_size=3).map("".join),
    ),
    max_leaves=6,
)  # fmt: skip


def moments(first, last):
    """Whole seconds in UTC."""
    return st.integers(int(at(first).timestamp()), int(at(last).timestamp())).map(
        lambda seconds: at("1970-01-01T00:00:00") + timedelta(seconds=seconds)
    )


MOMENTS = moments("0001-01-02", "9999-12-30")
PLAUSIBLE = moments("1995-01-01", "2025-01-01")
#: what no format can be blamed for: words, types and dates that the entries themselves have
OF_THE_ENTRIES = {
    "atom-updated-duplicate",
    "media-type-doubtful",
    "text-holds-html",
    "text-mojibake",
    "text-placeholder",
}
SIZES = st.none() | st.integers(0, 2**53)
HOSTS = st.sampled_from(["https://a.test/", "https://bücher.example/", "http://a.test:81/x?"])
ADDRESSES = st.builds("{}{}".format, HOSTS, st.text(max_size=20))


@st.composite
def media(draw, addresses=ADDRESSES):
    return Media(
        url=draw(addresses),
        media_type=draw(st.none() | ANY),
        size_bytes=draw(SIZES),
        title=draw(st.none() | ANY),
        is_image=draw(st.booleans()),
        duration_seconds=draw(st.none() | st.integers(0, 10**6)),
        credit=draw(st.none() | ANY),
    )


@st.composite
def episodes(draw):
    chapters = st.builds(
        Chapter, start_ms=st.integers(0, 10**8), title=ANY, link=st.none() | ADDRESSES
    )
    return Episode(
        number=draw(st.none() | st.integers(1, 10**6)),
        season=draw(st.none() | st.integers(1, 10**6)),
        kind=draw(st.sampled_from([None, "full", "trailer", "bonus"])),
        is_explicit=draw(st.none() | st.booleans()),
        chapters=tuple(draw(st.lists(chapters, max_size=3))),
        transcripts=tuple(draw(st.lists(st.builds(Media, url=ADDRESSES), max_size=2))),
    )


@st.composite
def entries(draw, number, dates=MOMENTS, ids=ANY):
    html = to_html(draw(HTML), Written.HTML)
    published = draw(dates)
    return Entry(
        id=f"{draw(ids)}{number:012}",
        slug=f"entry-{number}",
        title=draw(NAMED),
        title_is_derived=draw(st.booleans()),
        published=Dated(
            instant=published, how=draw(st.sampled_from(How)), evidence=draw(st.text())
        ),
        updated=max(published, draw(dates)),
        summary=draw(st.just("") | ANY),
        content_html=html,
        content_text=to_text(html),
        link=draw(st.none() | ADDRESSES),
        tags=tuple(draw(st.lists(ANY, max_size=3))),
        feeds=tuple(
            Membership(path=f"tags/t{n}", family=Family.TAGS, name=name)
            for n, name in enumerate(draw(st.lists(ANY, max_size=2)))
        ),
        authors=tuple(
            draw(st.lists(st.builds(Author, name=ANY, email=st.none() | ANY), max_size=2))
        ),
        media=tuple(draw(st.lists(media(), max_size=3))),
        language=draw(st.sampled_from([None, "en", "uk", "pt-BR", "no tag"])),
        episode=draw(st.none() | episodes()),
        source_feed=draw(
            st.none() | st.builds(SourceFeed, title=st.none() | ANY, url=st.none() | ADDRESSES)
        ),
    )


@st.composite
def pages(draw, dates=MOMENTS, ids=ANY, *, shows=True):
    """A page of a site with every setting; a living one, an archive, or a show's."""
    found = [draw(entries(n, dates, ids)) for n in range(draw(st.integers(0, 3)))]
    show = Podcast(
        guid="917393e3-1b1e-5cef-ace4-edaa54e1f810",
        categories=(("News", "Daily News"),),
        image="https://a.test/show.png",
        owner=Author(name=draw(NAMED), email="ann@a.test"),
        funding=(Link(url=draw(ADDRESSES), title=draw(ANY)),),
    )
    feed = Feed(
        path=draw(st.sampled_from(["", "tags/war"])),
        title=draw(ANY),
        family=draw(st.sampled_from([Family.SITE, Family.TAGS])),
        name=draw(st.text()),
        description=draw(st.text()),
        content=draw(st.sampled_from(Content)),
        podcast=draw(st.sampled_from([None, show])) if shows else None,
        n_archives=3,
    )
    of_site = site(
        base_url="https://a.test/news",
        title=draw(ANY),
        description=draw(st.text()),
        author=draw(st.none() | st.builds(Author, name=ANY, email=st.none() | ANY)),
        copyright=draw(st.text()),
        license=draw(st.none() | ADDRESSES),
        image=draw(st.none() | ADDRESSES),
        publish_weak_dates=draw(st.booleans()),
        publish_derived_titles=draw(st.booleans()),
    )
    if draw(st.booleans()):
        return archive_page(of_site, feed, 2, found)
    gone = Tombstone(
        id="urn:uuid:00000000-0000-5000-8000-00000000dead",
        slug="s",
        removed=draw(dates),
        reason=draw(st.text()),
    )
    return living_page(of_site, feed, found, tombstones=draw(st.sampled_from([(), (gone,)])))


def facts_of_json(made):
    return [
        (item["id"], item["url"], item.get("title"), item.get("date_published"))
        for item in json.loads(jsonfeed.render(made))["items"]
    ]


def zulu(moment):
    return moment and moment.isoformat().replace("+00:00", "Z")


@settings(max_examples=40, deadline=None)
@given(made=pages())
def test_every_format_says_the_same_of_an_entry(made):
    in_rss = etree.fromstring(rss.render(made)).findall("channel/item")
    in_atom = etree.fromstring(atom.render(made)).findall(f"{ATOM}entry")

    for (id, url, title, published), item, element in zip(
        facts_of_json(made), in_rss, in_atom, strict=True
    ):
        assert item.findtext("guid") == element.findtext(f"{ATOM}id") == id
        assert item.findtext("link") == element.find(f"{ATOM}link").get("href") == url
        assert element.findtext(f"{ATOM}published") == published
        assert (item.find("pubDate") is None) == (published is None)
        assert title is None or item.findtext("title") == element.findtext(f"{ATOM}title") == title


@settings(max_examples=40, deadline=None)
@given(made=pages(ids=st.just("urn:x:"), dates=PLAUSIBLE))
def test_two_parsers_agree(made):
    body = {"rss": rss.render(made), "atom": atom.render(made)}
    expected = facts_of_json(made)

    for parsed in (feedparser.parse(body["rss"]), feedparser.parse(body["atom"])):
        assert not parsed.bozo
        assert [(e.id, e.link) for e in parsed.entries] == [(id, url) for id, url, *_ in expected]
        assert [
            datetime(*e.published_parsed[:6], tzinfo=UTC) if "published" in e else None
            for e in parsed.entries
        ] == [datetime.fromisoformat(day) if day else None for *_, day in expected]
    in_rss = atoma.parse_rss_bytes(body["rss"]).items
    in_atom = atoma.parse_atom_bytes(body["atom"]).entries
    assert [(i.guid, i.link, zulu(i.pub_date)) for i in in_rss] == [
        (a, b, d) for a, b, _, d in expected
    ]
    assert [(e.id_, e.links[0].href, zulu(e.published)) for e in in_atom] == [
        (a, b, d) for a, b, _, d in expected
    ]
    for item, entry, (_, _, title, _) in zip(in_rss, in_atom, expected, strict=True):
        assert title is None or item.title == entry.title.value == title


@settings(max_examples=40, deadline=None, derandomize=True)
@given(made=pages(ids=st.just("urn:uuid:00000000-0000-5000-8000-"), dates=PLAUSIBLE, shows=False))
def test_our_own_check_finds_nothing(made):
    for format in (rss, atom, jsonfeed):
        found = check_document(
            format.render(made),
            name=format.FILENAME,
            media_type=format.MEDIA_TYPE,
            now=at("2026-01-01"),
        )

        grave = [one for one in found if one.rule.severity >= Severity.WARNING]
        assert [str(one) for one in grave if one.rule.name not in OF_THE_ENTRIES] == []


@settings(max_examples=40, deadline=None)
@given(made=pages())
def test_html_comes_back_as_it_went_in(made):
    for item, entry in zip(
        etree.fromstring(atom.render(made)).findall(f"{ATOM}entry"), made.entries, strict=True
    ):
        html = item.findtext(f"{ATOM}content")
        if html:
            assert html == legal(entry.content_html).strip()
            html5lib.parseFragment(html)


@settings(max_examples=30, deadline=None)
@given(titles=st.lists(ANY, min_size=1, max_size=4), words=ANY)
def test_lists_of_feeds_and_pages_parse(titles, words):
    feeds = tuple(
        Feed(path=f"tags/t{n}", title=title, family=Family.TAGS, description=words)
        for n, title in enumerate(titles)
    )
    of_site = site(title=words, base_url="https://a.test")

    in_opml = etree.fromstring(
        opml.render(Outline(site=of_site, feeds=feeds, updated=at("2025-05-13")))
    )
    in_map = etree.fromstring(
        sitemap.render(SiteMap(site=of_site, pages=tuple((f"/{title}", None) for title in titles)))
    )

    assert len(list(in_opml.iter("outline"))) == len(titles) + 1
    assert len(in_map) == len(titles)
