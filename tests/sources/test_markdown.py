"""Posts, notes and journals in Markdown, as their tools write them."""

from __future__ import annotations

from contextlib import suppress
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.errors import SourceError
from feedsvc.model import Limits, Noise, RawItem, Refused
from feedsvc.sources import Hints, markdown
from tests.sources.cases import documents, verify


@pytest.mark.parametrize("path", documents("markdown"), ids=lambda path: path.name)
def test_a_file_of_its_kind(path):
    verify(path)


@pytest.mark.parametrize("name, head, expected", [
    pytest.param("a.txt", b"---\ntitle: A\n---\nText.\n", 0.9, id="YAML whatever the suffix"),
    pytest.param("a", b"+++\ntitle = 'A'\n+++\nText.\n", 0.9, id="TOML"),
    pytest.param("a.md", b'{"title": "A"}\n\nText.\n', 0.9, id="JSON above a text"),
    pytest.param("a.json", b'{"title": "A"}\n{"title": "B"}\n', 0.0, id="JSON Lines"),
    pytest.param("a.json", b'{"title": "A"}\n', 0.0, id="JSON alone"),
    pytest.param("a.txt", b"Title: A\nDate: 2025-05-13\n\nText.\n", 0.9, id="lines with a title"),
    pytest.param("a.txt", b"Date: 13 May 2025\n\nText.\n", 0.0, id="a date alone is no header"),
    pytest.param("a.eml", b"From: a@example.org\nSubject: A\nDate: x\n\nText.\n", 0.0, id="a mail"),
    pytest.param("a.md", b"Some text.\n", 0.6, id="the suffix"),
    pytest.param("a.txt", b"# A\n\nSee [b](https://example.org/b).\n", 0.3, id="headings and links"),
    pytest.param("a.txt", b"One thing happened.\n", 0.0, id="a text"),
    pytest.param("a.md", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 0.0, id="no text"),
])  # fmt: skip
def test_how_surely_it_is_markdown(name, head, expected):
    assert markdown.sniff(name, head) == expected


def read(text: str | bytes, name: str = "note.md") -> list[RawItem | Refused]:
    data = text if isinstance(text, bytes) else text.encode()
    return [piece for piece in markdown.read(name, data) if not isinstance(piece, Noise)]


@pytest.mark.parametrize("header, expected", [
    pytest.param("tags: jekyll update", ("jekyll", "update"), id="blanks part"),
    pytest.param("tags: new york, rain", ("new york", "rain"), id="commas part"),
    pytest.param("tags: ['#a/b', c d]", ("a/b", "c d"), id="a list stands"),
    pytest.param("keywords: new york", ("new york",), id="keywords have blanks"),
    pytest.param("taxonomies: {tags: [x]}", ("x",), id="Zola"),
])  # fmt: skip
def test_tags_as_each_tool_writes_them(header, expected):
    (item,) = read(f"---\n{header}\n---\nText.\n")

    assert item.tags == expected


@pytest.mark.parametrize("header, expected", [
    pytest.param("permalink: /2024/05/x/", "/2024/05/x/", id="below the site"),
    pytest.param("url: https://example.org/x", "https://example.org/x", id="absolute"),
    pytest.param("permalink: pretty", None, id="a style of addresses"),
    pytest.param("permalink: /:year/:title/", None, id="a pattern"),
    pytest.param("permalink: false", None, id="none"),
])  # fmt: skip
def test_the_link_of_a_header(header, expected):
    (item,) = read(f"---\n{header}\n---\nText.\n")

    assert item.link == expected


@pytest.mark.parametrize(
    "header, expected",
    [
        ("image: a.png", "a.png"),
        ("cover: {image: a.png}", "a.png"),
        ("images: [a.png, b.png]", "a.png"),
        ("header: {teaser: a.png}", "a.png"),
        ("featured_image: a.png", "a.png"),
        ("image: true", None),
    ],
)
def test_the_picture_of_a_header(header, expected):
    (item,) = read(f"---\n{header}\n---\nText.\n")

    assert [media.url for media in item.media] == ([expected] if expected else [])


@pytest.mark.parametrize("written, expected", [
    pytest.param("{{< vimeo 12 >}}", "<https://vimeo.com/12>", id="an embed"),
    pytest.param('{{< audio src="/a.mp3" >}}', "[a.mp3](</a.mp3>)", id="a file"),
    pytest.param('{% include image.html url="/a.jpg" caption="A" %}', "![A](</a.jpg>)", id="include"),
    pytest.param("{{ page.title }}!", "!", id="a value"),
    pytest.param("[x]({% post_url 2024-05-01-x %})", "x", id="a link to nowhere"),
    pytest.param("{% codeblock lang:js %}\n{{ x }}\n{% endcodeblock %}", "~~~~js\n{{ x }}\n~~~~", id="code"),
    pytest.param("a == b and c == d", "a == b and c == d", id="no mark"),
    pytest.param("[[a]](b) 100%%", "[[a]](b) 100%%", id="no dialect"),
    pytest.param("Words {: .lead}", "Words ", id="attributes"),
])  # fmt: skip
def test_dialects_become_markdown(written, expected):
    (item,) = read(f"---\ntitle: T\n---\n{written}\n")

    assert item.body == expected


@pytest.mark.parametrize(
    "header",
    [
        pytest.param("---\nexpires: 2025-07-01\n---", id="YAML"),
        pytest.param("---\nexpiryDate: 2025-07-01\n---", id="as Hugo writes it"),
        pytest.param("+++\nunpublish_date = 2025-07-01\n+++", id="TOML"),
    ],
)
def test_a_header_may_say_when_it_ends(header):
    (item,) = read(f"{header}\n# A\n\nText.\n")

    assert [(d.words, d.role.value) for d in item.dates] == [("2025-07-01", "expires")]


def test_a_draft_by_its_folder():
    (item,) = read("# A\n\nText.\n", "_drafts/a.md")

    assert item.is_draft


def test_a_header_that_says_nothing_is_refused_with_its_line():
    (refusal,) = read("---\nlayout: post\n---\n")

    assert isinstance(refusal, Refused)
    assert (refusal.line, refusal.reason) == (1, "nothing in it to publish")


def test_a_line_beyond_the_limit_is_refused_and_its_neighbours_are_read():
    limits = Limits(line_characters=1000)

    refusal, item = markdown.read(
        "a.md", b"# A\n\n" + b"x" * 1001 + b"\n\nB.\n", Hints(limits=limits)
    )

    assert (refusal.line, item.title, item.body) == (3, "A", "B.")


def test_a_header_nested_too_deeply_loses_that_entry_alone():
    deep = "[" * 200 + "]" * 200

    (item,) = read(f"---\ntitle: A\ndeep: {deep}\ndate: 2025-05-13\n---\nText.\n")

    assert (item.title, item.dates[0].words) == ("A", "2025-05-13")


@pytest.mark.parametrize("text", [
    pytest.param("+++\n" + "a." * 30_000 + "b = 1\n+++\nx\n", id="dotted names"),
    pytest.param("+++\na = " + "[" * 60_000 + "\n+++\nx\n", id="nested TOML"),
    pytest.param("---\n" + "- " * 30_000 + "\n---\nx\n", id="nested YAML"),
    pytest.param('{"a": ' * 50_000 + "\n", id="nested JSON"),
    pytest.param("{% raw %}" * 20_000, id="tags that never close"),
    pytest.param("{{< a " * 20_000, id="shortcodes that never close"),
    pytest.param("`a" * 50_000, id="code that never closes"),
    pytest.param("%%a" * 50_000, id="comments"),
    pytest.param("*a **b " * 20_000, id="emphasis"),
    pytest.param("[" * 100_000, id="brackets"),
])  # fmt: skip
def test_hostile_texts_are_one_item_in_a_moment(text):
    start = process_time()

    pieces = read(text)

    assert len(pieces) == 1
    assert process_time() - start < 5


WORDS = st.text("abcdefgh äß漢ع", min_size=1, max_size=12).map(str.strip).filter(bool)
MARKUP = st.sampled_from(
    [
        "---",
        "+++",
        ";;;",
        "title:",
        "date:",
        "2025-05-13",
        "#",
        "##",
        "-",
        "*",
        ">",
        "{{",
        "}}",
        "{%",
        "%}",
        "[[",
        "]]",
        "```",
        "==",
        "%%",
        "<!--more-->",
        ":",
        ",",
        "{",
        "}",
        "[",
        "]",
        '"',
        "'",
    ]
)
ROWS = st.lists(st.one_of(MARKUP, WORDS), max_size=5).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(ROWS, max_size=12).map("\n".join),
    st.sampled_from(["a.md", "a.rst", "a.mdx", "b/index.md"]),
)
def test_any_text_is_read_and_read_the_same_again(text, name):
    pieces = list(markdown.read(name, text.encode()))

    assert pieces == list(markdown.read(name, text.encode()))
    items = [piece for piece in pieces if isinstance(piece, RawItem)]
    assert [item.position for item in items] == list(range(len(items)))
    assert all(piece.source == name for piece in pieces)
    assert all(piece.line for piece in pieces if not isinstance(piece, Noise))
    assert pieces or not text.strip()


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_raise_nothing_but_errors_of_sources(data):
    with suppress(SourceError):
        list(markdown.read("a.md", data))


@settings(max_examples=80, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=8), WORDS)
def test_no_word_is_lost(paragraphs, title):
    (item,) = read(
        f"---\ntitle: '{title}'\n---\n" + "\n\n".join(paragraphs) + "\n", "2025-05-13.md"
    )

    assert item.title == title
    assert item.body.split() == " ".join(paragraphs).split()
