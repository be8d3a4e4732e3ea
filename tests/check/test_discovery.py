"""The feeds a page names: what readers find, and what only looks like it."""

from __future__ import annotations

import pytest

from feedsvc.check.discovery import check, feed_links

RSS = 'type="application/rss+xml"'


def page(head: str, body: str = "<p>Words</p>") -> str:
    return f"<!doctype html><html><head><title>A</title>{head}</head><body>{body}</body></html>"


def rules(text: str) -> list[str]:
    return [finding.rule.name for finding in check(text)]


def test_the_first_feed_is_the_default() -> None:
    links = feed_links(
        page(
            f'<link rel="alternate" {RSS} title="A" href="rss.xml">'
            '<link rel="ALTERNATE" type="Application/Atom+XML; charset=utf-8" title="B" href="a">'
            "<link rel=alternate type=application/feed+json title=C href=feed.json>"
        )
    )

    assert [(link.href, link.kind, link.is_found) for link in links] == [
        ("rss.xml", "rss", True), ("a", "atom", True), ("feed.json", "json", True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "link",
    [
        '<link rel="stylesheet" href="feed.css">',
        '<link rel="alternate" hreflang="de" href="/de/feed/">',
        '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2">',
        '<link rel="alternate" type="application/json+oembed" href="/oembed?url=feed">',
        '<link rel="alternate" type="text/xml+oembed" href="/oembed?format=xml">',
        '<link rel="EditURI" type="application/rsd+xml" href="/xmlrpc.php?rsd">',
        '<link rel="canonical" href="https://news.example.org/feed">',
        f'<!-- <link rel="wrong" {RSS} href="rss.xml"> -->',
    ],
)
def test_what_is_no_link_to_a_feed(link: str) -> None:
    assert feed_links(page(link)) == ()
    assert rules(page(link)) == []


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        (f'<link rel="alternate" {RSS} href="/rss.xml">', []),
        (f'<link rel="alternate home" {RSS} href="/rss.xml">', []),
        (f'<link rel="feed" {RSS} href="/rss.xml">', ["discovery-rel"]),
        (f'<link {RSS} href="/rss.xml">', ["discovery-rel"]),
        (f'<link rel="alternates" {RSS} href="/rss.xml">', ["discovery-rel"]),
        ('<link rel="alternate" href="/rss.xml">', ["discovery-type"]),
        ('<link rel="alternate" type="application/xml" href="/atom.xml">', ["discovery-type"]),
        ('<link rel="alternate" type="application/rss" href="/feed">', ["discovery-type"]),
        ('<link rel="alternate" type="application/json" href="/feed.json">', []),
        (f'<link rel="alternate" {RSS}>', ["discovery-href-missing"]),
    ],
)
def test_a_link_to_a_feed(link: str, expected: list[str]) -> None:
    assert rules(page(link)) == expected


def test_a_link_in_the_body_is_seen_and_told() -> None:
    link = f'<link rel="alternate" {RSS} href="/rss.xml">'

    assert rules(page("", link)) == ["discovery-in-body"]


def test_a_finding_has_its_line() -> None:
    (finding,) = check(page(f'\n\n<link rel="feed" {RSS} href="/rss.xml">'))

    assert finding.line == 3


@pytest.mark.parametrize("words", ["", "<", "<link", "<link rel=alternate type=", "\0", "<!--"])
def test_whatever_is_no_page_names_nothing(words: str) -> None:
    assert feed_links(words) == ()
