"""Archives (RFC 5005), tombstones (RFC 6721) and replies (RFC 4685): one fault, one rule."""

from __future__ import annotations

from collections.abc import Callable

import pytest

Told = Callable[..., set[str]]

MARK = "<fh:archive/>"
CURRENT = '<link rel="current" href="https://news.example.org/feed.atom"/>'
BEFORE = '<link rel="prev-archive" href="https://news.example.org/feed/2026-09.atom"/>'
AFTER = '<link rel="next-archive" href="https://news.example.org/feed/2026-11.atom"/>'
OWN = "https://news.example.org/feed/2026-10.atom"
STONE = '<at:deleted-entry ref="tag:news.example.org,2026-10-02:gone" when="2026-10-03T00:00:00Z">'
WHOLE_STONE = f"{STONE}<at:comment>Retracted</at:comment></at:deleted-entry>"
TOTAL = "<thr:total>2</thr:total>"
REPLIES = 'thr:count="2" thr:updated="2026-10-01T10:00:00Z"'
REPLY = '<thr:in-reply-to ref="tag:news.example.org,2026-09-30:z"/>'


def link(rel: str, address: str) -> str:
    return f'<link rel="{rel}" href="{address}"/>'


#: what is wrong, the rules that tell it, what stands in the golden archive, what stands there now
FAULTS = [
    ("an archive of no living feed", "history-current-missing", CURRENT, ""),
    ("an archive that is its living feed", "history-current-is-archive", CURRENT, link("current", OWN)),
    ("an archive before itself", "history-loop", BEFORE, link("prev-archive", OWN)),
    ("neighbours that are one", "history-loop", AFTER, link("next-archive", "https://news.example.org/feed/2026-09.atom")),
    ("an archive before the living feed", "history-loop", AFTER, link("next-archive", "https://news.example.org/feed.atom")),
    ("two archives before", "history-link-twice", BEFORE, BEFORE + link("prev-archive", "https://news.example.org/feed/2026-08.atom")),
    ("a relative neighbour", "link-relative", BEFORE, link("prev-archive", "2026-09.atom")),
    ("a living feed before a later one", "history-next-of-living", MARK, ""),
    ("an archive that is complete", "history-complete-and-archive history-link-in-complete history-current-not-self", MARK, f"{MARK}<fh:complete/>"),
    ("a complete feed with archives", "history-link-in-complete", MARK, "<fh:complete/>", CURRENT, "", AFTER, ""),
    ("a complete feed of another", "history-current-not-self", MARK, "<fh:complete/>", BEFORE, "", AFTER, ""),
    ("a mark with words", "history-element-filled", MARK, "<fh:archive>yes</fh:archive>"),
    ("a mark twice", "history-element-twice", MARK, MARK * 2),
    ("a mark of no standard", "history-element-unknown", MARK, f"{MARK}<fh:incremental>true</fh:incremental>"),
    ("a mark in an entry", "history-element-misplaced", TOTAL, f"{TOTAL}<fh:archive/>"),
    ("a page in an entry", "history-link-in-entry", TOTAL, TOTAL + link("next", "https://news.example.org/2")),
    ("a page before the first", "history-link-past-end", BEFORE, BEFORE + link("first", OWN) + link("previous", "https://news.example.org/0")),
    ("a page after the last", "history-link-past-end", BEFORE, BEFORE + link("last", OWN) + link("next", "https://news.example.org/2")),
    ("a page after itself", "history-loop", BEFORE, BEFORE + link("next", OWN)),
    ("pages that are one", "history-loop", BEFORE, BEFORE + link("next", "https://news.example.org/2") + link("previous", "https://news.example.org/2")),
    ("a page as HTML has it", "link-rel-unregistered", BEFORE, BEFORE + link("prev", "https://news.example.org/2")),
    # tombstones
    ("a tombstone of nothing", "tombstone-attribute-missing", 'ref="tag:news.example.org,2026-10-02:gone" ', ""),
    ("a tombstone of a blank", "address-empty", 'ref="tag:news.example.org,2026-10-02:gone"', 'ref=""'),
    ("a tombstone of no id", "id-not-iri", 'ref="tag:news.example.org,2026-10-02:gone"', 'ref="gone"'),
    ("a tombstone of no time", "tombstone-attribute-missing", ' when="2026-10-03T00:00:00Z"', ""),
    ("a tombstone of half a time", "date-rfc3339-invalid", 'when="2026-10-03T00:00:00Z"', 'when="2026-10-03"'),
    ("a tombstone to come", "date-future tombstone-newer-than-feed", 'when="2026-10-03T00:00:00Z"', 'when="2027-10-03T00:00:00Z"'),
    ("a tombstone after its feed", "tombstone-newer-than-feed", 'when="2026-10-03T00:00:00Z"', 'when="2026-11-03T00:00:00Z"'),
    ("a tombstone twice", "tombstone-duplicate", WHOLE_STONE, WHOLE_STONE * 2),
    ("a tombstone of the living", "tombstone-of-living", 'ref="tag:news.example.org,2026-10-02:gone"', 'ref="tag:news.example.org,2026-10-01:a"'),
    ("a tombstone with an attribute more", "tombstone-attribute-unknown", STONE, STONE.replace(" when", ' by="x" when')),
    ("a tombstone with a stranger inside", "tombstone-element-unknown", "<at:comment>", "<at:reason>x</at:reason><at:comment>"),
    ("a comment in wrong case", "tombstone-element-case", "at:comment>Retracted</at:comment>", "at:Comment>Retracted</at:Comment>"),
    ("a tombstone in a tombstone", "tombstone-element-misplaced", "<at:comment>", '<at:deleted-entry ref="tag:a.example,2026:b" when="2026-10-03T00:00:00Z"/><at:comment>'),
    ("two comments", "tombstone-element-twice", "<at:comment>", "<at:comment>x</at:comment><at:comment>"),
    ("loose words in a tombstone", "tombstone-words-loose", "<at:comment>", "Gone. <at:comment>"),
    ("a tombstone of nobody", "tombstone-by-nameless", "<at:comment>", "<at:by/><at:comment>"),
    ("a tombstone of another name", "tombstone-element-unknown", WHOLE_STONE, '<at:deleted ref="tag:a.example,2026:b"/>'),
    ("a tombstone in an entry", "tombstone-misplaced", TOTAL, TOTAL + WHOLE_STONE),
    ("a comment of no type", "tombstone-comment-type", "<at:comment>", '<at:comment type="plain">'),
    # replies
    ("a reply to nothing", "thread-attribute-missing", TOTAL, f"{TOTAL}<thr:in-reply-to href='https://a.example/'/>"),
    ("a reply to no id", "id-not-iri", TOTAL, f"{TOTAL}<thr:in-reply-to ref='z'/>"),
    ("a reply to itself", "thread-reply-to-itself", TOTAL, TOTAL + REPLY.replace("2026-09-30:z", "2026-10-01:a")),
    ("a reply twice", "thread-parent-twice", TOTAL, TOTAL + REPLY * 2),
    ("a reply at a relative address", "address-relative", TOTAL, TOTAL + REPLY.replace("/>", ' href="/z"/>')),
    ("a reply of half a type", "media-type-invalid", TOTAL, TOTAL + REPLY.replace("/>", ' type="html"/>')),
    ("a reply in a wrong attribute", "thread-attribute-unknown thread-attribute-missing", TOTAL, f"{TOTAL}<thr:in-reply-to id='tag:a.example,2026:b'/>"),
    ("a reply of a feed", "thread-in-feed", MARK, MARK + REPLY),
    ("a total in words", "number-invalid", TOTAL, "<thr:total>two</thr:total>"),
    ("two totals", "thread-element-twice", TOTAL, TOTAL * 2),
    ("an element of no standard", "thread-element-unknown", TOTAL, f"{TOTAL}<thr:count>2</thr:count>"),
    ("a count in words", "number-invalid", 'thr:count="2"', 'thr:count="many"'),
    ("a time of half a date", "date-rfc3339-invalid", 'thr:updated="2026-10-01T10:00:00Z"', 'thr:updated="2026-10-01"'),
    ("a time of another name", "thread-link-attribute-unknown", "thr:updated", "thr:when"),
    ("a count of no namespace", "atom-attribute-unknown", 'thr:count="2"', 'count="2"'),
    ("a count of another link", "thread-attribute-misplaced", REPLIES, "", 'href="https://news.example.org/a"', 'href="https://news.example.org/a" thr:count="2"'),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rules", "changes"),
    [(fault[1], fault[2:]) for fault in FAULTS],
    ids=[fault[0] for fault in FAULTS],
)
def test_a_fault_is_told_and_nothing_else(told: Told, rules: str, changes: tuple[str, ...]) -> None:
    assert told("archive.atom", *changes) == set(rules.split())


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param((AFTER, ""), id="the newest archive"),
        pytest.param((BEFORE, ""), id="the oldest archive"),
        pytest.param((MARK, "<fh:complete/>", BEFORE, "", AFTER, "", CURRENT, ""), id="a complete feed"),
        pytest.param((MARK, "", AFTER, "", BEFORE, link("next", "https://news.example.org/2") + link("first", OWN)), id="the first page"),
        pytest.param(("2026-10-02:gone", "2026-10-01:a", "2026-10-03T00", "2026-09-03T00"), id="an entry come back"),
        pytest.param(("<at:comment>", "<at:by><name>Jane</name></at:by><at:comment>"), id="who deleted it"),
        pytest.param((TOTAL, TOTAL + REPLY), id="a reply"),
    ],
)  # fmt: skip
def test_what_is_allowed_is_not_told(told: Told, changes: tuple[str, ...]) -> None:
    assert told("archive.atom", *changes) == set()


SELF = '<atom:link rel="self" type="application/rss+xml" href="https://news.example.org/feed.rss"/>'


@pytest.mark.parametrize(
    ("rules", "extra"),
    [
        ("", '<atom:link rel="prev-archive" href="https://news.example.org/2026-10.rss"/>'),
        ("history-loop", '<atom:link rel="next" href="https://news.example.org/feed.rss"/>'),
        ("history-current-missing", "<fh:archive/>"),
        ("tombstone-in-rss", '<at:deleted-entry ref="tag:a.example,2026:b"/>'),
    ],
)
def test_rss_tells_its_history_likewise(told: Told, rules: str, extra: str) -> None:
    namespaces = (
        ' xmlns:fh="http://purl.org/syndication/history/1.0"'
        ' xmlns:at="http://purl.org/atompub/tombstones/1.0"'
    )

    found = told("feed.rss", "<rss", f"<rss{namespaces}", SELF, SELF + extra)

    assert found == set(rules.split())
