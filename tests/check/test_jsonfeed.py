"""JSON Feed: each rule has a feed that breaks it and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from feedsvc.check import Finding, Severity, check_document
from feedsvc.check.jsonfeed import HUGE, LARGE

NOW = datetime(2026, 11, 22, tzinfo=UTC)
Feed = dict[str, Any]


def feed() -> Feed:
    """A feed with nothing to report, every key in use."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Example News",
        "home_page_url": "https://news.example.org/",
        "feed_url": "https://news.example.org/feed.json",
        "description": "Headlines & briefs",
        "user_comment": "Put this address into a reader.",
        "next_url": "https://news.example.org/feed.json?page=2",
        "icon": "https://news.example.org/icon.png",
        "favicon": "https://news.example.org/favicon.png",
        "language": "en-GB",
        "authors": [{"name": "Example News", "url": "mailto:us@news.example.org"}],
        "author": {"avatar": "https://news.example.org/us.png"},
        "expired": False,
        "hubs": [{"type": "WebSub", "url": "https://hub.example.org/"}],
        "_example": {"about": "https://news.example.org/about"},
        "items": [
            {
                "id": "tag:news.example.org,2026:1",
                "url": "https://news.example.org/1",
                "external_url": "https://elsewhere.example.net/",
                "title": "AT&T <live>: 1 < 2",
                "content_html": "<p>A <b>bold</b> word.</p>",
                "content_text": "A bold word.",
                "summary": "A word.",
                "image": "https://news.example.org/1.jpg",
                "banner_image": "https://news.example.org/1-wide.jpg",
                "date_published": "2026-11-20T08:00:00Z",
                "date_modified": "2026-11-21T09:30:00.5+01:00",
                "authors": [{"name": "Jane Doe"}],
                "tags": ["Ukraine", "Europe"],
                "language": "uk",
                "attachments": [
                    {
                        "url": "https://news.example.org/1.mp3",
                        "mime_type": "audio/mpeg",
                        "title": "To hear",
                        "size_in_bytes": 123,
                        "duration_in_seconds": 61.5,
                    }
                ],
            },
            {
                "id": "2",
                "url": "https://news.example.org/2",
                "content_text": "Plain",
                "date_published": "2026-11-19T08:00:00Z",
            },
        ],
    }


def rules(document: object, **options: Any) -> list[str]:
    """The rules a document breaks."""
    text = document if isinstance(document, str | bytes) else json.dumps(document)
    data = text.encode() if isinstance(text, str) else text
    return [finding.rule.name for finding in found(data, **options)]


def found(data: bytes, **options: Any) -> tuple[Finding, ...]:
    return check_document(data, now=NOW, **options)


def test_a_feed_with_every_key_has_nothing_to_report() -> None:
    assert rules(feed(), address="https://news.example.org/feed.json") == []


def test_a_minimal_feed_has_no_error_and_no_warning() -> None:
    minimal = feed() | {"items": [{"id": "1", "content_text": "x"}]}

    told = found(json.dumps(minimal).encode())

    assert {finding.rule.severity for finding in told} == {Severity.ADVICE}


def test_a_feed_of_version_1_is_as_good() -> None:
    first = feed() | {"version": "https://jsonfeed.org/version/1"}
    del first["authors"], first["language"]
    for item in first["items"]:
        item.pop("authors", None)
        item.pop("language", None)

    assert rules(first) == []


def test_an_empty_feed_is_a_feed() -> None:
    assert rules(feed() | {"items": []}) == []


WRONG_KEYS = [
    ("version", None, ["jsonfeed-version-missing"]),
    ("version", "https://jsonfeed.org/version/1.2", ["jsonfeed-version-unknown"]),
    ("version", "http://jsonfeed.org/version/1.1", ["jsonfeed-version-unknown"]),
    ("version", "1.1", ["jsonfeed-version-unknown"]),
    ("version", 1.1, ["jsonfeed-type"]),
    ("title", None, ["jsonfeed-title-missing"]),
    ("title", "", ["jsonfeed-blank"]),
    ("title", 7, ["jsonfeed-type"]),
    ("title", "The <b>news</b>", ["text-holds-html"]),
    ("title", "Q&amp;A", ["text-double-escaped"]),
    ("items", None, ["jsonfeed-items-missing"]),
    ("items", {}, ["jsonfeed-type"]),
    ("items", ["words"], ["jsonfeed-type"]),
    ("home_page_url", None, ["jsonfeed-home-page-url-missing"]),
    ("home_page_url", "/", ["address-relative"]),
    ("home_page_url", "https://news example.org/", ["address-whitespace", "address-host"]),
    ("home_page_url", ["https://news.example.org/"], ["jsonfeed-type"]),
    ("feed_url", None, ["jsonfeed-feed-url-missing"]),
    ("feed_url", "feed.json", ["address-relative"]),
    ("feed_url", "ftp://news.example.org/feed.json", ["address-scheme"]),
    ("next_url", "https://news.example.org/feed.json", ["jsonfeed-next-is-self"]),
    ("next_url", "?page=2", ["address-relative"]),
    ("description", "<p>Headlines</p>", ["text-holds-html"]),
    ("description", {}, ["jsonfeed-type"]),
    ("user_comment", 1, ["jsonfeed-type"]),
    ("icon", "icon.png", ["address-relative"]),
    ("favicon", "//news.example.org/favicon.png", ["address-relative"]),
    ("language", "en_GB", ["language-malformed"]),
    ("language", "xx-YY", ["language-unknown", "language-unknown"]),
    ("language", 7, ["jsonfeed-type"]),
    ("expired", "true", ["jsonfeed-type"]),
    ("expired", None, []),
    ("authors", {"name": "Example News"}, ["jsonfeed-type"]),
    ("authors", ["Example News"], ["jsonfeed-type"]),
    ("authors", [{}], ["jsonfeed-author-empty"]),
    ("authors", [{"name": ""}], ["jsonfeed-blank"]),
    ("authors", [{"name": "A", "url": "example.org"}], ["address-relative"]),
    ("authors", [{"name": "A", "avatar": "a.png"}], ["address-relative"]),
    ("authors", [{"name": "A", "email": "a@example.org"}], ["jsonfeed-key-unknown"]),
    ("author", "Example News", ["jsonfeed-type"]),
    ("hubs", {"type": "WebSub", "url": "https://hub.example.org/"}, ["jsonfeed-type"]),
    ("hubs", [{"type": "WebSub"}], ["jsonfeed-hub-url-missing"]),
    ("hubs", [{"url": "https://hub.example.org/"}], ["jsonfeed-hub-type-missing"]),
    ("hubs", [{"type": "WebSub", "url": "hub"}], ["address-relative"]),
    ("hubs", ["https://hub.example.org/"], ["jsonfeed-type"]),
    ("_example", {"a.b": 1}, ["jsonfeed-extension-name"]),
    ("_example", {"_deeper": 1}, ["jsonfeed-extension-name"]),
    ("_1example", {}, ["jsonfeed-extension-name"]),
    ("_exa.mple", {}, ["jsonfeed-extension-name"]),
    ("_example", "words", ["jsonfeed-extension-no-object"]),
    ("copyright", "2026", ["jsonfeed-key-unknown"]),
]


@pytest.mark.parametrize(("key", "value", "expected"), WRONG_KEYS)
def test_a_key_of_the_feed(key: str, value: object, expected: list[str]) -> None:
    document = feed() | {key: value}
    if value is None:
        del document[key]

    assert rules(document) == expected


WRONG_ITEMS = [
    ("id", None, ["jsonfeed-id-missing"]),
    ("id", 1, ["jsonfeed-id-no-string"]),
    ("id", "", ["jsonfeed-id-blank"]),
    ("id", "  ", ["jsonfeed-id-blank"]),
    ("id", " 1 ", ["jsonfeed-id-blanks-around"]),
    ("id", ["1"], ["jsonfeed-id-no-string"]),
    ("id", True, ["jsonfeed-id-no-string"]),
    ("id", "2", ["jsonfeed-id-twice"]),
    ("id", 2, ["jsonfeed-id-no-string", "jsonfeed-id-twice"]),
    ("id", "tag:news.example.org:1", ["id-tag-invalid"]),
    ("id", "urn:uuid:1", ["id-urn-invalid"]),
    ("url", None, ["jsonfeed-url-missing"]),
    ("url", "/1", ["address-relative"]),
    ("url", "javascript:alert(1)", ["address-scheme"]),
    ("url", "https://news.example.org/ü", ["address-not-ascii"]),
    ("url", 5, ["jsonfeed-type"]),
    ("external_url", "elsewhere", ["address-relative"]),
    ("title", "A <em>b</em>", ["text-holds-html"]),
    ("title", "", ["jsonfeed-blank"]),
    ("title", None, []),
    ("title", ["A"], ["jsonfeed-type"]),
    ("content_html", 5, ["jsonfeed-type"]),
    ("content_html", "<script>alert(1)</script>", ["html-unsafe"]),
    ("content_html", '<img src="/1.jpg">', ["html-relative-address"]),
    ("content_html", "<p><b>A</p>", ["html-unbalanced"]),
    ("content_html", "&lt;p&gt;A&lt;/p&gt;", ["html-double-escaped"]),
    ("content_text", "<p>A <b>bold</b> word.</p>", ["text-holds-html"]),
    ("summary", "<p>A word.</p>", ["text-holds-html"]),
    ("image", "1.jpg", ["address-relative"]),
    ("banner_image", {"url": "https://news.example.org/1.jpg"}, ["jsonfeed-type"]),
    ("date_published", None, ["jsonfeed-date-missing"]),
    ("date_published", "2026-11-20", ["date-rfc3339-invalid"]),
    ("date_published", "2026-11-20T08:00:00", ["date-rfc3339-invalid"]),
    ("date_published", "Fri, 20 Nov 2026 08:00:00 GMT", ["date-rfc3339-invalid"]),
    ("date_published", "2026-02-30T08:00:00Z", ["date-impossible"]),
    ("date_published", 1795000000, ["jsonfeed-type"]),
    ("date_published", "2026-11-21T20:00:00Z", ["jsonfeed-modified-before-published"]),
    ("date_modified", "2026-12-24T08:00:00Z", ["date-future"]),
    ("date_modified", "yesterday", ["date-rfc3339-invalid"]),
    ("tags", "Ukraine", ["jsonfeed-type"]),
    ("tags", ["Ukraine", 7], ["jsonfeed-type"]),
    ("tags", [""], ["jsonfeed-blank"]),
    ("tags", ["A", "A"], ["jsonfeed-tag-twice"]),
    ("tags", ["R&amp;D"], ["text-double-escaped"]),
    ("language", "english", ["language-unknown"]),
    ("attachments", {}, ["jsonfeed-type"]),
    ("attachments", ["https://news.example.org/1.mp3"], ["jsonfeed-type"]),
    ("link", "https://news.example.org/1", ["jsonfeed-key-unknown"]),
]


@pytest.mark.parametrize(("key", "value", "expected"), WRONG_ITEMS)
def test_a_key_of_an_item(key: str, value: object, expected: list[str]) -> None:
    document = feed()
    document["items"][0][key] = value
    if value is None:
        del document["items"][0][key]

    assert rules(document) == expected


WRONG_ATTACHMENTS = [
    ("url", None, ["jsonfeed-attachment-url-missing"]),
    ("url", "1.mp3", ["address-relative"]),
    ("mime_type", None, ["jsonfeed-attachment-mime-type-missing"]),
    ("mime_type", "mp3", ["jsonfeed-mime-type"]),
    ("mime_type", "audio/mp3", ["media-type-doubtful"]),
    ("mime_type", "image/png", ["media-type-doubtful"]),
    ("title", 7, ["jsonfeed-type"]),
    ("size_in_bytes", "123", ["jsonfeed-type"]),
    ("size_in_bytes", -1, ["jsonfeed-amount"]),
    ("size_in_bytes", 1.5, ["jsonfeed-amount"]),
    ("duration_in_seconds", "1:01", ["jsonfeed-type"]),
    ("duration_in_seconds", -61, ["jsonfeed-amount"]),
    ("duration_in_seconds", True, ["jsonfeed-type"]),
    ("length", 123, ["jsonfeed-key-unknown"]),
]


@pytest.mark.parametrize(("key", "value", "expected"), WRONG_ATTACHMENTS)
def test_a_key_of_an_attachment(key: str, value: object, expected: list[str]) -> None:
    document = feed()
    attachment = document["items"][0]["attachments"][0]
    attachment[key] = value
    if value is None:
        del attachment[key]

    assert rules(document) == expected


def test_an_attachment_that_comes_twice() -> None:
    document = feed()
    document["items"][0]["attachments"] *= 2

    assert rules(document) == ["jsonfeed-attachment-twice"]


@pytest.mark.parametrize("key", ["title", "next_url", "expired", "language"])
def test_null_is_no_value(key: str) -> None:
    assert rules(feed() | {key: None}) == ["jsonfeed-null"]


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        pytest.param({}, ["jsonfeed-content-missing"], id="none"),
        pytest.param({"content_text": ""}, ["jsonfeed-content-empty"], id="empty text"),
        pytest.param(
            {"content_html": " ", "content_text": ""}, ["jsonfeed-content-empty"], id="both empty"
        ),
        pytest.param({"content_html": "", "content_text": "A"}, [], id="one is enough"),
        pytest.param({"content_html": None}, ["jsonfeed-null"], id="null"),
    ],
)
def test_an_item_has_content(item: Feed, expected: list[str]) -> None:
    document = feed()
    bare = {key: document["items"][1][key] for key in ("id", "url", "date_published")}
    document["items"][1] = bare | item

    assert rules(document) == expected


def test_an_author_alone_is_of_version_1() -> None:
    document = feed()
    del document["authors"]

    assert rules(document) == ["jsonfeed-author-deprecated"]


def test_authors_and_language_are_of_version_1_1() -> None:
    document = feed() | {"version": "https://jsonfeed.org/version/1"}

    assert rules(document) == ["jsonfeed-key-of-later-version"] * 4


def test_the_page_of_a_feed_is_not_the_feed() -> None:
    document = feed() | {"home_page_url": feed()["feed_url"]}

    assert rules(document) == ["jsonfeed-home-is-feed"]


def test_the_newest_item_stands_first() -> None:
    document = feed()
    document["items"].reverse()

    assert rules(document) == ["jsonfeed-items-unsorted"]


def test_version_stands_first() -> None:
    document = {"title": "Example News"} | feed()

    assert rules(document) == ["jsonfeed-version-not-first"]


def test_a_feed_served_elsewhere_than_it_says() -> None:
    assert rules(feed(), address="https://other.example.org/feed.json") == [
        "jsonfeed-self-elsewhere"
    ]


def test_a_next_page_that_is_this_one() -> None:
    page = feed() | {"next_url": "https://news.example.org/2.json"}
    del page["feed_url"]

    assert rules(page, address="https://news.example.org/2.json") == [
        "jsonfeed-feed-url-missing",
        "jsonfeed-next-is-self",
    ]


@pytest.mark.parametrize(
    ("size", "expected"),
    [(LARGE + 1, ["jsonfeed-large"]), (HUGE + 1, ["jsonfeed-huge"]), (LARGE - 5000, [])],
)
def test_a_large_feed(size: int, expected: list[str]) -> None:
    assert rules(feed() | {"user_comment": "x" * (size - 2000)} | {"description": "y " * 1000}) == (
        expected
    )


def minified() -> str:
    return json.dumps(feed())


ILL_FORMED: list[tuple[str, Callable[[str], str], str]] = [
    ("a trailing comma", lambda t: t[:-1] + ",}", "a comma stands before }"),
    ("a trailing comma of a list", lambda t: t.replace('"Europe"]', '"Europe",]'), "before ]"),
    ("a missing comma", lambda t: t.replace('News", "home', 'News" "home'), "a comma or }"),
    ("a missing colon", lambda t: t.replace('"title":', '"title"', 1), "a colon"),
    ("cut off in a string", lambda t: t[:200], "never ends"),
    ("cut off between", lambda t: t[: t.index('"hubs"')], "ends in the middle"),
    ("cut off at the end", lambda t: t[:-1], "ends in the middle"),
    ("NaN", lambda t: t.replace("61.5", "NaN"), "no NaN"),
    ("infinity", lambda t: t.replace("61.5", "-Infinity"), "no NaN"),
    ("a leading zero", lambda t: t.replace("123", "0123"), "no JSON number"),
    ("a plus", lambda t: t.replace("123", "+123"), "no JSON number"),
    ("hexadecimal", lambda t: t.replace("123", "0x7b"), "no JSON number"),
    ("no digits", lambda t: t.replace("61.5", "61."), "no JSON number"),
    ("single quotes", lambda t: t.replace('"Europe"', "'Europe'"), "double quotes"),
    ("a bare key", lambda t: t.replace('"expired"', "expired"), "double quotes"),
    ("Python's words", lambda t: t.replace("false", "False"), "true, false and null"),
    ("a comment", lambda t: "{ // words\n" + t[1:], "no comments"),
    ("a line break in a string", lambda t: t.replace("A word.", "A\nword."), "control character"),
    ("a tab in a string", lambda t: t.replace("A word.", "A\tword."), "control character"),
    ("an unknown escape", lambda t: t.replace("A word.", "A\\xword."), "escape"),
    ("two documents", lambda t: t + t, "after the end"),
    ("a script after it", lambda t: t + ";", "after the end"),
    ("a key that is no string", lambda t: "{1: 2, " + t[1:], "no JSON number"),
]


@pytest.mark.parametrize(
    ("change", "reason"), [case[1:] for case in ILL_FORMED], ids=[case[0] for case in ILL_FORMED]
)
def test_json_that_is_not_well_formed(change: Callable[[str], str], reason: str) -> None:
    (finding,) = found(change(minified()).encode())

    assert finding.rule.name == "json-not-well-formed"
    assert reason in finding.message


def test_json_nested_deeply_is_too_deep_not_ill_formed() -> None:
    deep = minified()[:-1] + ', "_x": ' + "[" * 900 + "]" * 900 + "}"

    assert rules(deep) == ["json-too-deep"]


def test_a_fault_has_its_line() -> None:
    text = json.dumps(feed(), indent=1).replace('"Europe"', '"Europe",')

    (finding,) = found(text.encode())

    assert finding.line == text[: text.index('"Europe",') + 9].count("\n") + 1


def test_a_finding_has_the_line_of_its_value() -> None:
    document = feed()
    document["items"][1]["url"] = "/2"
    text = json.dumps(document, indent=1)

    (finding,) = found(text.encode())

    assert finding.line == text[: text.index('"/2"')].count("\n") + 1
    assert finding.message.startswith("items[1].url is “/2”")


@pytest.mark.parametrize("document", ["[]", '["version"]', '[{"version": "1"}]'])
def test_a_document_that_is_no_object(document: str) -> None:
    assert rules(document) == ["jsonfeed-no-object"]


def test_bytes_that_are_no_utf8() -> None:
    assert rules(minified().replace("Example", "Ex\u00e4mple").encode("latin-1")) == [
        "json-not-utf8"
    ]


def test_a_byte_order_mark() -> None:
    assert rules(b"\xef\xbb\xbf" + minified().encode()) == ["json-byte-order-mark"]


def test_a_key_that_comes_twice() -> None:
    assert rules(minified().replace('"title"', '"title": "A", "title"', 1)) == ["json-key-twice"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("A \\ud83d word", ["json-half-a-letter"]),
        ("A \\ud83d\\ude00 word", []),
        ("A \\u0000 word", ["json-control-character"]),
        ("A \\ufffd word", ["text-character"]),
        ("A cafÃ© word", ["text-mojibake"]),
    ],
)
def test_letters_that_are_none(words: str, expected: list[str]) -> None:
    assert rules(minified().replace('"summary": "A word."', f'"summary": "{words}"')) == expected


def test_a_misspelled_key_is_named_rightly() -> None:
    document = feed()
    document["items"][1]["date_publshed"] = document["items"][1].pop("date_published")

    messages = [finding.message for finding in found(json.dumps(document).encode())]

    assert "items[1].date_publshed is no key of the format; date_published may be meant" in messages


def test_many_findings_of_one_rule_are_folded() -> None:
    document = feed()
    document["items"] = [document["items"][1] | {"id": str(n), "url": "/x"} for n in range(500)]

    told = found(json.dumps(document).encode())

    assert len(told) == 20
    assert told[-1].message.endswith("(and 480 more)")
