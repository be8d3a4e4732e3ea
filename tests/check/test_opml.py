"""OPML: each rule has an edit that breaks it and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from feedsvc.check import check_document

NOW = datetime(2026, 11, 22, tzinfo=UTC)
LIST = """<?xml version="1.0" encoding="utf-8"?>
<opml version="2.0">
<head>
<title>Example feeds</title>
<dateCreated>Sat, 21 Nov 2026 08:00:00 GMT</dateCreated>
<dateModified>Sat, 21 Nov 2026 08:30:00 GMT</dateModified>
<ownerName>Example</ownerName>
<ownerEmail>us@news.example.org</ownerEmail>
<ownerId>https://news.example.org/us</ownerId>
<docs>http://opml.org/spec2.opml</docs>
<expansionState>1, 3, 17</expansionState>
<vertScrollState>1</vertScrollState>
<windowTop>106</windowTop>
</head>
<body>
<outline text="News" title="News">
<outline type="rss" text="Example News" title="Example News" xmlUrl="https://news.example.org/feed.rss" htmlUrl="https://news.example.org/" description="" language="en-GB" version="RSS2" created="Sat, 21 Nov 2026 08:00:00 GMT" category="/World" isComment="false" isBreakpoint="false"/>
<outline type="link" text="Elsewhere" url="https://elsewhere.example.org/"/>
</outline>
<outline text="An &lt;b&gt;idea&lt;/b&gt;" mood="good"/>
</body>
</opml>
"""


def rules(text: str) -> list[str]:
    findings = check_document(text.encode(), now=NOW)
    return list(dict.fromkeys(finding.rule.name for finding in findings))


def edited(old: str, new: str) -> str:
    assert LIST.count(old) == 1
    return LIST.replace(old, new)


def test_a_list_with_everything_has_nothing_to_report() -> None:
    assert rules(LIST) == []


@pytest.mark.parametrize("version", ["1.0", "1.1", "2.0"])
def test_every_version_is_good(version: str) -> None:
    assert rules(edited('opml version="2.0"', f'opml version="{version}"')) == []


def test_the_root_is_in_lower_case() -> None:
    capitals = LIST.replace("<opml ", "<OPML ").replace("</opml>", "</OPML>")

    assert rules(capitals) == ["opml-root-name"]


EDITS = [
    ("<opml version='2.0'>", "<opml>", "opml-version-missing"),
    ("<opml version='2.0'>", "<opml version='3.0'>", "opml-version-unknown"),
    ("<title>Example feeds</title>", "<title/>", "opml-title-blank"),
    ("<title>Example feeds</title>", "<title>A</title><title>B</title>", "opml-title-twice"),
    ("<title>Example feeds</title>", "<subtitle>A</subtitle>", "opml-element-unknown"),
    ("<dateCreated>Sat, 21 Nov 2026", "<dateCreated>Sun, 21 Nov 2026", "date-weekday-wrong"),
    (">Sat, 21 Nov 2026 08:30:00 GMT<", ">2026-11-21T08:30:00Z<", "date-rfc822-invalid"),
    ("us@news.example.org", "us", "opml-owner-email-invalid"),
    ("<ownerId>https://news.example.org/us", "<ownerId>us", "address-relative"),
    ("<docs>http://opml.org/spec2.opml", "<docs>spec2.opml", "address-relative"),
    ("1, 3, 17", "1; 3", "opml-expansion-state-invalid"),
    ("<vertScrollState>1", "<vertScrollState>0", "opml-vert-scroll-state-invalid"),
    ("<windowTop>106", "<windowTop>high", "opml-window-top-invalid"),
    ("</head>", '</head><outline text="A"/>', "opml-outline-misplaced"),
    ('<outline text="News" title="News">', '<outline title="News">', "opml-outline-text-missing"),
    ('text="Example News" ', "", "opml-outline-text-missing"),
    ('text="Example News"', 'text=""', "opml-outline-text-missing"),
    ('title="Example News" ', "", "opml-outline-title-missing"),
    ('xmlUrl="https://news.example.org/feed.rss"', "", "opml-outline-xml-url-missing"),
    ('xmlUrl="https://news.example.org/feed.rss"', 'xmlUrl="feed.rss"', "address-relative"),
    ('htmlUrl="https://news.example.org/"', 'htmlUrl="news.example.org"', "address-relative"),
    (' url="https://elsewhere.example.org/"', "", "opml-outline-url-missing"),
    ('type="rss" ', "", "opml-outline-type-missing"),
    ('type="rss"', 'type="atom"', "opml-outline-type-other"),
    ('language="en-GB"', 'language="en_GB"', "language-malformed"),
    ('version="RSS2"', 'version="RSS 2.0"', "opml-outline-version-invalid"),
    ('created="Sat, 21 Nov 2026 08:00:00 GMT"', 'created="today"', "date-rfc822-invalid"),
    ('isComment="false"', 'isComment="no"', "opml-outline-is-comment-invalid"),
    ('isBreakpoint="false"', 'isBreakpoint="0"', "opml-outline-is-breakpoint-invalid"),
    ('mood="good"', 'htmlurl="https://a.example.org/"', "opml-outline-attribute-spelling"),
    ("&lt;b&gt;idea&lt;/b&gt;", "&lt;script&gt;x()&lt;/script&gt;", "opml-outline-unsafe"),
    ('mood="good"/>', 'mood="good">words</outline>', "opml-outline-text-unexpected"),
]


@pytest.mark.parametrize(("old", "new", "rule"), EDITS)
def test_an_edit_of_a_list(old: str, new: str, rule: str) -> None:
    assert rules(edited(old.replace("'", '"'), new.replace("'", '"'))) == [rule]


def test_a_list_without_outlines() -> None:
    start, end = LIST.index("<body>"), LIST.index("</body>")

    assert rules(LIST[:start] + "<body>" + LIST[end:]) == ["opml-body-outline-missing"]


@pytest.mark.parametrize("part", ["head", "body"])
def test_a_list_without_a_part(part: str) -> None:
    start, end = LIST.index(f"<{part}>"), LIST.index(f"</{part}>") + len(f"</{part}>")

    assert rules(LIST[:start] + LIST[end:]) == ["opml-part-missing"]


def test_a_body_before_the_head() -> None:
    start, end = LIST.index("<head>"), LIST.index("</head>") + len("</head>")

    moved = (LIST[:start] + LIST[end:]).replace("</opml>", LIST[start:end] + "</opml>")

    assert rules(moved) == ["opml-body-before-head"]


def test_a_type_that_version_1_does_not_know() -> None:
    old = edited('opml version="2.0"', 'opml version="1.1"')

    assert rules(old.replace('mood="good"', 'type="song"')) == ["opml-outline-type-unknown"]
    assert rules(edited('mood="good"', 'type="song"')) == []


def test_a_feed_twice_in_a_group_and_once_in_two() -> None:
    start = LIST.index('<outline type="rss"')
    line = LIST[start : LIST.index("\n", start)]

    assert rules(LIST.replace(line, line + line)) == ["opml-feed-twice"]
    assert rules(LIST.replace("</body>", line + "</body>")) == []
