"""The tags of HTML fragments: cut as browsers do, and never in more than linear time."""

from __future__ import annotations

import time

import pytest

from feedsvc.check import check_document
from feedsvc.check._markup import cut

TAGS = [
    ("<p>a</p>", ["p", "/p"]),
    ("a<br/>b", ["br/"]),
    ('<A HREF="x>y">', ["a href=x>y"]),
    ("<p title=it's disabled>", ["p title=it's disabled="]),
    ("<a href=/b/>c</a>", ["a href=/b/", "/a"]),
    ('<img alt="b"/>', ["img/ alt=b"]),
    ('<a href="x"title="y">', ["a href=x title=y"]),
    ('<a href="?a=1&amp;b=2">', ["a href=?a=1&b=2"]),
    ("<a b = 'c' d= >", ["a b=c d="]),
    ("1 < 2 <3 > 0 & a<", []),
    ("<!-- <b> --><i>", ["i"]),
    ("<!--> <b>", ["b"]),
    ("<!-- <b>", []),
    ("<![CDATA[ <b> ]]>", []),
    ("<?pi?></><!x><em>", ["em"]),
    ("<script>if (a<b) '</p>'</script><em>", ["script", "/script", "em"]),
    ("<style>a<b>", ["style"]),
    ('<b><a href="x>y</a>', ["b"]),
]


@pytest.mark.parametrize(("words", "expected"), TAGS)
def test_the_tags_of_a_fragment(words: str, expected: list[str]) -> None:
    told = [
        " ".join(
            (
                f"{'/' * tag.is_end}{tag.name}{'/' * tag.is_empty}",
                *(f"{name}={value}" for name, value in tag.attributes()),
            )
        )
        for tag in cut(words, 1).tags
    ]

    assert told == expected


def test_a_tag_has_its_line() -> None:
    assert [tag.line for tag in cut("\n<p\n\nid='a'>\n<b>", 7).tags] == [8, 11]


@pytest.mark.parametrize(("words", "torn"), [("a <b", 2), ('a <b c="d>', 2), ("a < b", None)])
def test_a_tag_that_never_ends(words: str, torn: int | None) -> None:
    assert cut(words, 1).torn == torn


HOSTILE = ['<a href="', "<", "<b>", "<a b='", "<!--", "</", "<script>", "<a =", "a@", "a.", "&amp;"]


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("place", ["description", "author", "title", "link", "pubDate"])
def test_no_words_take_more_than_their_length(words: str, place: str) -> None:
    escaped = (words * 20_000).replace("&", "&amp;").replace("<", "&lt;")
    document = (
        f"<rss version='2.0'><channel><item><{place}>{escaped}</{place}></item></channel></rss>"
    )

    start = time.process_time()
    check_document(document.encode())

    assert time.process_time() - start < 5
