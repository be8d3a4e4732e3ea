"""What an entry brings along, in every format: categories, files, where it came from."""

from __future__ import annotations

import json

import feedparser
import pytest
from lxml import etree

from feedsvc.formats import atom, jsonfeed, rss
from feedsvc.model import Author, Family, Feed, Listing, Media, Membership, SourceFeed
from tests.builders import dated, entry, page, site

ATOM = "{http://www.w3.org/2005/Atom}"
MRSS = "{http://search.yahoo.com/mrss/}"
BOTH = pytest.mark.parametrize("format", [rss, atom], ids=["rss", "atom"])


def element(format, made, **fields):
    """The entry's element."""
    root = etree.fromstring(format.render(page(made, **fields)))
    return root.find("channel/item" if format is rss else f"{ATOM}entry")


def parsed(format, made, **fields):
    return feedparser.parse(format.render(page(made, **fields))).entries[0]


def tagged():
    return entry(
        1,
        tags=("War", "peace"),
        sections=(Listing(section="World", slug="world"), Listing(section="War", slug="war")),
        feeds=(
            Membership(path="tags/war", family=Family.TAGS, name="war"),
            Membership(path="sections/world", family=Family.SECTIONS, name="World"),
            Membership(path="picks", family=Family.NAMED, name="peace"),
        ),
    )


def test_a_category_names_the_feed_that_holds_all_of_it():
    base = "http://127.0.0.1:8000"

    in_rss = [(c.text, c.get("domain")) for c in element(rss, tagged()).findall("category")]
    in_atom = [dict(c.attrib) for c in element(atom, tagged()).findall(f"{ATOM}category")]
    in_json = json.loads(jsonfeed.render(page(tagged())))["items"][0]["tags"]

    assert in_rss == [
        ("War", f"{base}/tags/war/"),
        ("peace", None),
        ("World", f"{base}/sections/world/"),
    ]
    assert in_atom == [
        {"term": "War", "scheme": f"{base}/tags/war/", "label": "War"},
        {"term": "peace"},
        {"term": "World", "scheme": f"{base}/sections/world/", "label": "World"},
    ]
    assert in_json == ["War", "peace", "World"]


@BOTH
def test_every_author_is_named(format):
    made = entry(
        1, authors=(Author(name="Ann", email="ann@a.test"), Author(name="Bo"), Author(name="Cy"))
    )

    assert [author.name for author in parsed(format, made).authors if "name" in author][-3:] == [
        "Ann",
        "Bo",
        "Cy",
    ]


@pytest.mark.parametrize(
    "mail, expected",
    [
        pytest.param("ann+x@a.test", "ann+x@a.test", id="an address"),
        pytest.param(
            "ann@bücher.example", "ann@xn--bcher-kva.example", id="its host as DNS has it"
        ),
        pytest.param("ann@home", None, id="no host that can be found"),
        pytest.param("ann at a.test", None, id="no address"),
        pytest.param("änn@a.test", None, id="beyond what mail allows"),
    ],
)
def test_a_mail_address_is_one_or_is_not_told(mail, expected):
    made = entry(1, authors=(Author(name="Ann", email=mail),))

    assert element(atom, made).findtext(f"{ATOM}author/{ATOM}email") == expected
    assert element(rss, made).findtext("author") == (expected and f"{expected} (Ann)")


def test_atom_has_every_enclosure_and_json_every_attachment():
    files = tuple(Media(url=f"https://a.test/{n}.pdf", size_bytes=n) for n in (1, 2, 3))
    made = entry(1, media=files)

    in_atom = parsed(atom, made).enclosures
    in_json = json.loads(jsonfeed.render(page(made)))["items"][0]["attachments"]

    assert [one.href for one in in_atom] == [one.url for one in files]
    assert [one.length for one in in_atom] == ["1", "2", "3"]
    assert [(one["url"], one["size_in_bytes"]) for one in in_json] == [
        (one.url, one.size_bytes) for one in files
    ]


@BOTH
def test_a_file_is_named_once(format):
    twice = (Media(url="https://a.test/1.pdf", title="One"), Media(url="https://a.test/1.pdf"))

    document = format.render(page(entry(1, media=twice))).decode()

    assert document.count('rel="enclosure"' if format is atom else "<enclosure ") == 1
    (attachment,) = json.loads(jsonfeed.render(page(entry(1, media=twice))))["items"][0][
        "attachments"
    ]
    assert attachment["title"] == "One"


def test_a_picture_says_all_that_is_known_of_it():
    picture = Media(
        url="https://a.test/p.jpg", is_image=True, size_bytes=9, title="A bridge", credit="Bo"
    )

    for format in (rss, atom):
        found = element(format, entry(1, media=(picture,)))
        content = found.find(f"{MRSS}content")
        assert found.find(f"{MRSS}thumbnail").get("url") == "https://a.test/p.jpg"
        assert dict(content.attrib) == {
            "url": "https://a.test/p.jpg", "type": "image/jpeg", "medium": "image", "fileSize": "9",
        }  # fmt: skip
        assert [(one.tag, one.text) for one in content] == [
            (f"{MRSS}title", "A bridge"),
            (f"{MRSS}credit", "Bo"),
        ]


@pytest.mark.parametrize(
    "file, in_rss, in_atom",
    [
        pytest.param(Media(url="https://a.test/a.mp3"), 0, 0, id="nothing more to say"),
        pytest.param(Media(url="https://a.test/a.mp3", title="Talk"), 1, 0, id="a title: Atom's link has one"),
        pytest.param(Media(url="https://a.test/a.mp3", duration_seconds=61), 1, 1, id="a duration"),
        pytest.param(Media(url="https://a.test/a.mp3", credit="Bo"), 1, 1, id="a credit"),
    ],
)  # fmt: skip
def test_what_an_enclosure_cannot_say_stands_beside_it(file, in_rss, in_atom):
    made = entry(1, media=(file,))

    assert len(element(rss, made).findall(f"{MRSS}content")) == in_rss
    assert len(element(atom, made).findall(f"{MRSS}content")) == in_atom
    assert element(rss, made).find("enclosure").get("length") == "0"


def test_a_duration_is_told_in_every_format():
    made = entry(1, media=(Media(url="https://a.test/a.mp3", duration_seconds=61),))

    assert element(rss, made).find(f"{MRSS}content").get("duration") == "61"
    assert element(atom, made).find(f"{MRSS}content").get("duration") == "61"
    (attachment,) = json.loads(jsonfeed.render(page(made)))["items"][0]["attachments"]
    assert attachment["duration_in_seconds"] == 61


def test_forms_of_the_same_thing_are_a_group_in_rss():
    made = entry(
        1,
        media=(
            Media(url="https://a.test/talk.mp4", title="Talk"),
            Media(url="https://a.test/notes.pdf", title="Notes"),
            Media(url="https://a.test/talk.webm", title="Talk"),
        ),
    )

    found = element(rss, made)

    (group,) = found.findall(f"{MRSS}group")
    assert [(one.get("url")[-4:], one.get("isDefault")) for one in group] == [
        (".mp4", "true"),
        ("webm", None),
    ]
    assert [one.get("medium") for one in found.findall(f"{MRSS}content")] == ["document"]
    assert found.find("enclosure").get("url") == "https://a.test/talk.mp4"
    assert element(atom, made).find(f"{MRSS}group") is None


SOURCE = SourceFeed(title="Their <news>", url="https://b.test/feed", id="tag:b.test,2020:1")


def test_an_entry_says_which_feed_it_was_taken_over_from():
    made = entry(13, source_feed=SOURCE)

    in_rss = element(rss, made).find("source")
    in_atom = element(atom, made).find(f"{ATOM}source")

    assert (in_rss.text, in_rss.get("url")) == ("Their <news>", "https://b.test/feed")
    assert [(one.tag.removeprefix(ATOM), one.text, dict(one.attrib)) for one in in_atom] == [
        ("id", "tag:b.test,2020:1", {}),
        ("title", "Their <news>", {}),
        ("updated", "2025-05-13T12:00:00Z", {}),
        ("link", None, {"href": "https://b.test/feed", "rel": "self"}),
    ]


@pytest.mark.parametrize(
    "source, in_rss, in_atom",
    [
        pytest.param(SourceFeed(title="T", id="urn:x:1"), None, ("urn:x:1", "T"), id="RSS needs an address"),
        pytest.param(
            SourceFeed(url="https://b.test/"),
            "https://b.test/",
            ("https://b.test/", "https://b.test/"),
            id="an address is its name",
        ),
        pytest.param(SourceFeed(title="T"), None, None, id="a title alone finds nothing"),
    ],
)  # fmt: skip
def test_a_source_by_what_is_known_of_it(source, in_rss, in_atom):
    made = entry(1, source_feed=source)

    assert element(rss, made).findtext("source") == in_rss
    found = element(atom, made).find(f"{ATOM}source")
    assert in_atom == (
        None if found is None else (found.findtext(f"{ATOM}id"), found.findtext(f"{ATOM}title"))
    )


@pytest.mark.parametrize(
    "of_site, of_feed, of_entry, expected",
    [
        pytest.param("en", None, "uk", "uk", id="another than the site's"),
        pytest.param("en", None, "en", None, id="the site's goes without saying"),
        pytest.param("en", "uk", "uk", None, id="the feed's own too"),
        pytest.param("en", "uk", "en", "en", id="the site's in a feed with its own"),
        pytest.param("en", None, None, None, id="not known"),
    ],
)
def test_the_language_of_an_entry_where_it_is_not_the_feeds(of_site, of_feed, of_entry, expected):
    fields = {"site": site(language=of_site), "feed": Feed(path="x", title="T", language=of_feed)}
    made = entry(1, language=of_entry)

    in_atom = element(atom, made, **fields)
    in_rss = element(rss, made, **fields)
    (in_json,) = json.loads(jsonfeed.render(page(made, **fields)))["items"]

    assert in_atom.get("{http://www.w3.org/XML/1998/namespace}lang") == expected
    assert in_atom.find(f"{ATOM}link").get("hreflang") == expected
    assert in_rss.findtext("{http://purl.org/dc/elements/1.1/}language") == expected
    assert in_json.get("language") == expected


@BOTH
def test_an_entry_as_it_is_says_nothing_more(format):
    found = element(format, entry(1, published=dated("2025-05-13")))

    assert {etree.QName(one).localname for one in found} <= {
        "id", "guid", "title", "link", "updated", "published", "pubDate", "content", "description",
    }  # fmt: skip
