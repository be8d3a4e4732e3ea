"""Other people's feeds: what is whole is read, whatever stands around it."""

from __future__ import annotations

from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc import sources
from feedsvc.errors import BrokenSource, SourceError
from feedsvc.model import Limits, Markup, Noise, RawItem, Refused
from feedsvc.sources import Hints, syndication
from tests.sources.cases import documents, verify


def read(text: str, hints: Hints | None = None) -> list[RawItem | Refused | Noise]:
    return list(syndication.read("feed.xml", text.encode(), hints or Hints()))


def rss(*items: str) -> str:
    return f'<rss version="2.0"><channel><title>F</title>\n{"".join(items)}</channel></rss>'


def titles(found: list[RawItem | Refused | Noise]) -> list[str | None]:
    return [getattr(piece, "title", None) for piece in found]


@pytest.mark.parametrize("path", documents("syndication"), ids=lambda path: path.name)
def test_feeds_of_their_kind(path):
    verify(path)


@pytest.mark.parametrize("name, text, expected", [
    pytest.param("a", '<?xml version="1.0"?><rss version="2.0">', "syndication", id="RSS"),
    pytest.param("a.txt", '<feed xmlns="http://www.w3.org/2005/Atom">', "syndication", id="Atom"),
    pytest.param("a.xml", "<!-- x --><rdf:RDF xmlns:rdf='r'>", "syndication", id="RDF"),
    pytest.param("a.xml", "<opml version='2.0'>", "syndication", id="OPML"),
    pytest.param("a", "PHP said so\n<?xml version='1.0'?><rss version='2.0'>", "syndication", id="below junk"),
    pytest.param("a.xml", "<!DOCTYPE x [<!ENTITY a 'b'>]><rss version='2.0'>", "syndication", id="below a type"),
    pytest.param("a.txt", "Write a feed.\n```\n<rss version='2.0'>\n```\n", "textdump", id="about feeds"),
])  # fmt: skip
def test_what_is_a_feed(name, text, expected):
    assert expected == sources.recognise(name, text.encode()).NAME


@pytest.mark.parametrize("text", ["no feed at all", "<html><p>Not found</p></html>", "<rss"])
def test_what_is_no_feed_is_broken(text):
    with pytest.raises(BrokenSource, match="no feed"):
        read(text)


def test_a_list_of_feeds_gives_their_addresses():
    text = """<opml><body><outline text="News"><outline type="rss" text="A" xmlUrl="https://a.example/rss"/>
        <outline text="B" title="The B" xmlurl="https://b.example/?x=1&y=2"/></outline><outline text="note"/></body></opml>"""

    assert syndication.addresses(text.encode()) == [
        ("A", "https://a.example/rss"),
        ("The B", "https://b.example/?x=1&y=2"),
    ]


def test_entities_of_its_own_are_told(caplog):
    read("<!DOCTYPE rss [<!ENTITY a 'b'>]>" + rss("<item><title>A</title></item>"))

    assert caplog.messages == ["feed.xml: it declares entities of its own; they were not expanded"]


def test_menus_and_comments_of_an_export_are_counted():
    wp = 'xmlns:wp="http://wordpress.org/export/1.2/"'
    found = read(
        rss(f"<item {wp}><title>Home</title>\n<wp:post_type>nav_menu_item</wp:post_type></item>")
    )

    assert found == [Noise(source="feed.xml", n_lines=2, lines=(2, 3))]


def test_an_address_that_cannot_be_joined_stays_as_it_is():
    found = read(
        rss("<item><title>A</title><link>http://[x</link></item><item><title>B</title></item>")
    )

    assert titles(found) == ["A", "B"]
    assert found[0].link == "http://[x"


@pytest.mark.parametrize("bad, reason", [
    pytest.param("<item>" + "<a>" * 150 + "</a>" * 150 + "</item>", "nested deeper", id="depth"),
    pytest.param("<item " + " ".join(f'a{n}="x"' for n in range(30)) + "><title>X</title></item>",
                 "more than the limit of 20 attributes", id="attributes"),
    pytest.param(f"<item><title>{'x' * 5_000}</title></item>", "longer than the limit", id="length"),
])  # fmt: skip
def test_an_item_beyond_a_limit_is_refused_and_its_neighbours_are_kept(bad, reason):
    limits = Limits(attributes=20, line_characters=4_000, depth=100)
    text = rss("<item><title>A</title></item>\n", bad, "\n<item><title>C</title></item>")

    found = read(text, Hints(limits=limits))

    assert titles(found) == ["A", None, "C"]
    assert reason in found[1].reason
    assert found[1].line == 3


@pytest.mark.parametrize("text", [
    pytest.param("<rss>" + "<item>" * 20_000, id="items in items"),
    pytest.param("<rss><item>" + "<![CDATA[" * 100_000, id="sections in sections"),
    pytest.param("<rss><item>" + "<!--" * 100_000, id="comments in comments"),
    pytest.param("<rss><item>" + "<title>" * 100_000 + "</item></rss>", id="titles in titles"),
    pytest.param("<rss>" + "<" * 100_000, id="angles"),
    pytest.param("<rss><item><title>" + "&#" * 40_000 + "</title></item></rss>", id="references"),
    pytest.param("<rss><channel " + "a='b' " * 100_000 + "><item><title>x</title></item>", id="attributes"),
])  # fmt: skip
def test_hostile_feeds_end(text):
    assert all(isinstance(piece, RawItem | Refused | Noise) for piece in read(text))


WORDS = st.text(st.sampled_from("abc äß日 &<>\"'"), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=5), st.text("<>&/![]CDATAitem;\n", max_size=8))
def test_junk_in_one_item_costs_no_other_its_own(names, junk):
    before, after = (f"<item><title>{name}</title></item>\n" for name in ("first", "last"))
    middle = "".join(f"<item><title>{name}</title>{junk}</item>\n" for name in names)

    found = read(rss(before, middle, after))

    assert titles(found)[0] == "first"
    assert "last" in titles(found) or "<item" in junk or "CDATA" in junk or "<!" in junk


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 400), st.text("<>&/![]CDATAitem;\n\0", max_size=6))
def test_damaged_feeds_never_crash_and_are_read_the_same_twice(at, junk):
    items = "".join(
        f"<item><title>T{n}</title><link>http://x.example/{n}</link></item>\n" for n in range(5)
    )
    whole = rss(items)
    text = whole[:at] + junk + whole[at:]
    try:
        found = read(text)
    except SourceError:
        return

    assert found == read(text)
    pieces = [piece for piece in found if isinstance(piece, RawItem)]
    assert [piece.position for piece in pieces] == list(range(len(pieces)))
    assert all(piece.line for piece in found if not isinstance(piece, Noise))


def test_a_feed_that_upsets_its_parser_keeps_its_items():
    chapters = (
        '<psc:chapters xmlns:psc="http://podlove.org/simple-chapters"><psc:chapter/></psc:chapters>'
    )
    feed = f"<rss><channel>{chapters}<item><title>Rain</title></item></channel></rss>"

    (item,) = syndication.read("feed.xml", feed.encode())

    assert item.title == "Rain"


@pytest.mark.parametrize(
    "words", ["<font color='red'>Hi</font>", "press <kbd>x</kbd>", "<center>Hi</center>", "<o:p>Hi</o:p> <z>a</z>"]
)  # fmt: skip
def test_a_description_with_any_element_is_html(words):
    (item,) = read(rss(f"<item><title>A</title><description>{escape(words)}</description></item>"))

    assert isinstance(item, RawItem) and (item.body, item.markup) == (words, Markup.HTML)


def test_a_summary_of_a_show_may_be_html():
    words = 'See <a href="https://x.example/">x</a>'
    text = rss(f"<item><title>A</title><itunes:summary>{escape(words)}</itunes:summary></item>")
    declared = "<rss xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'"

    (item,) = read(text.replace("<rss", declared, 1))

    assert isinstance(item, RawItem) and (item.body, item.markup) == (words, Markup.HTML)


def test_the_name_of_a_person_has_no_tags():
    creator = "<dc:creator>&lt;b&gt;Jo&lt;/b&gt; &amp;amp; Al</dc:creator>"
    text = rss(f"<item><title>A</title>{creator}</item>")
    declared = "<rss xmlns:dc='http://purl.org/dc/elements/1.1/'"

    (item,) = read(text.replace("<rss", declared, 1))

    assert isinstance(item, RawItem) and [one.name for one in item.authors] == ["Jo & Al"]


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("How <i>The Pitt</i>’s Drama", "How The Pitt’s Drama"),
        ("H<sub>2</sub>O", "H2O"),
        ("One<br/>Two", "One Two"),
        ("<p>One</p><p>Two</p>", "One Two"),
    ],
)
def test_tags_within_a_line_leave_no_blank_in_a_title(words, title):
    (item,) = read(rss(f"<item><title>{escape(words)}</title></item>"))

    assert isinstance(item, RawItem) and item.title == title


def test_what_rss_1_is_about_is_its_id():
    text = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        '<item rdf:about="http://e.example/1"><title>A</title>'
        "<dc:identifier>doi:10.1101/1</dc:identifier></item></rdf:RDF>"
    )

    (item,) = read(text)

    assert isinstance(item, RawItem) and item.guid == "http://e.example/1"


def test_tags_that_a_title_speaks_of_are_words():
    (item,) = read(rss("<item><title>The return of &amp;lt;i&amp;gt;</title></item>"))
    (told,) = read(rss(f"<item><title>{escape('Back: <i> and <b>')}</title></item>"))

    assert isinstance(item, RawItem) and isinstance(told, RawItem)
    assert told.title == "Back: <i> and <b>"
