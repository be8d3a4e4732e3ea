"""Bodies: safe HTML with absolute addresses, and the words a person reads."""

from __future__ import annotations

import time

import html5lib
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from feedsvc.model import Markup
from feedsvc.normalise.markup import to_html, to_text
from feedsvc.normalise.text import clean_block

BASE = "https://example.org/a/b"
ACTIVE = {"script", "style", "iframe", "object", "embed", "form", "input", "link", "meta", "base"}


def html(body: str, base: str = "") -> str:
    return to_html(body, Markup.HTML, base)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("One.\n\n \nTwo & <3", "<p>One.</p>\n<p>Two &amp; &lt;3</p>", id="paragraphs"),
        pytest.param(
            "See https://x.org/?a=1&b=2.",
            '<p>See <a href="https://x.org/?a=1&amp;b=2">https://x.org/?a=1&amp;b=2</a>.</p>',
            id="the full stop stays outside",
        ),
        pytest.param(
            "(http://x.org/a_(b))",
            '<p>(<a href="http://x.org/a_(b)">http://x.org/a_(b)</a>)</p>',
            id="brackets in pairs stay inside",
        ),
        pytest.param(
            "見よhttps://x.jp/a。",
            '<p>見よ<a href="https://x.jp/a">https://x.jp/a</a>。</p>',
            id="cjk",
        ),
        pytest.param(
            "http:// and javascript:x()", "<p>http:// and javascript:x()</p>", id="no link"
        ),
        pytest.param(
            'https://x.org/"onclick="y',
            '<p><a href="https://x.org/">https://x.org/</a>"onclick="y</p>',
            id="no way out of the attribute",
        ),
        pytest.param(" \n\t\n", "", id="nothing"),
    ],
)
def test_text_becomes_paragraphs_with_links(body, expected):
    assert to_html(body, Markup.TEXT) == expected


def test_markdown_becomes_html_and_is_sanitised_like_it():
    body = "# T\n\n*a* <b onclick=x>b</b> [l](/x) [j](javascript:x) ~~s~~\n\n|h|\n|-|\n|1|\n"

    made = to_html(body, Markup.MARKDOWN, "https://h.org/")

    assert made.startswith('<h1>T</h1>\n<p><em>a</em> <b>b</b> <a href="https://h.org/x">l</a> ')
    assert "javascript" not in made.replace("[j](javascript:x)", "")
    assert "<s>s</s>" in made
    assert "<td>1</td>" in made


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p onclick=x>a<script>1</script></p>", "<p>a</p>"),
        ("<style>p{}</style><p style='color:red' class=c id=i>a</p>", "<p>a</p>"),
        ("<object>o</object><canvas>c</canvas><select><option>s</option></select>a", "a"),
        ('<a href="java\nscript:x">k</a>', "<a>k</a>"),
        ('<a href="data:text/html,x">k</a>', "<a>k</a>"),
        ('<a href="mailto:a@b.c">k</a>', '<a href="mailto:a@b.c">k</a>'),
        ('<img src="data:image/png;base64,x" alt="A &amp; B">', "A &amp; B"),
        ("<svg><script>x</script></svg><math><script>x</script></math>a", "a"),
        (
            '<video src="https://x/v.mp4" autoplay>',
            '<video src="https://x/v.mp4" controls=""></video>',
        ),
        ("a&nbsp;&#x80;&#0;&#xFFFE;&#1;<b>&#x338;c</b>", "a\xa0€<b>c</b>"),
        ("<p>&acirc;&euro;&trade;</p>", "<p>’</p>"),
        ("<p>unclosed <b>bold", "<p>unclosed <b>bold</b></p>"),
        ("A < B & C", "A &lt; B &amp; C"),
    ],
)
def test_only_what_a_feed_may_carry_survives(body, expected):
    assert html(body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<a href="/r?a=1&amp;b">x</a>', '<a href="https://example.org/r?a=1&amp;b">x</a>'),
        ('<a href="//h.org/x">x</a>', '<a href="https://h.org/x">x</a>'),
        ('<a href="#f">x</a>', '<a href="https://example.org/a/b#f">x</a>'),
        ('<img src="my p.png">', '<img src="https://example.org/a/my%20p.png">'),
        (
            '<img src="https://h/p" srcset="q.png 1x, https://h/r.png 2x, data:x 3x">',
            '<img src="https://h/p" srcset="https://example.org/a/q.png 1x, https://h/r.png 2x">',
        ),
        (
            '<blockquote cite="/c">x</blockquote>',
            '<blockquote cite="https://example.org/c">x</blockquote>',
        ),
        (
            '<video poster="p"></video>',
            '<video poster="https://example.org/a/p" controls=""></video>',
        ),
    ],
)
def test_addresses_become_absolute(body, expected):
    assert html(body, BASE) == expected


def test_without_a_base_a_relative_address_goes_and_its_words_stay():
    body = '<a href="/r">link</a> <img src="p.png" alt="a picture"> <a href="//h.org/x">other</a>'

    assert html(body) == '<a>link</a> a picture <a href="https://h.org/x">other</a>'


def test_markdown_has_notes_lists_to_tick_and_terms():
    body = "A[^n] b[^m].\n\n- [x] c\n- [ ] d\n\nTerm\n: E\n\n[^n]: Note *one*.\n[^m]: Two.\n"

    made = to_html(body, Markup.MARKDOWN)

    assert "<p>A<sup>[1]</sup> b<sup>[2]</sup>.</p>" in made
    assert "<li>☑ c</li>\n<li>☐ d</li>" in made
    assert "<dt>Term</dt>\n<dd>E</dd>" in made
    assert "<li><p>Note <em>one</em>.</p>\n</li>\n<li><p>Two.</p>" in made
    assert "href" not in made


def test_a_bare_address_in_markdown_is_a_link_once():
    body = "See https://x.org/a?b=1&c. [at https://y.org](https://z.org) `https://code.org`"

    assert to_html(body, Markup.MARKDOWN) == (
        '<p>See <a href="https://x.org/a?b=1&amp;c">https://x.org/a?b=1&amp;c</a>. '
        '<a href="https://z.org">at https://y.org</a> <code>https://code.org</code></p>'
    )


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>a</p><p>&nbsp;</p><p> <br></p><div><p></p></div><p>b</p>", "<p>a</p><p>b</p>"),
        ("<p>a<br>b<br> <br></p><br>", "<p>a<br>b</p>"),
        ("<p>a<br><br>b</p>", "<p>a<br><br>b</p>"),
        ("<p>a<b> </b>c<span></span></p>", "<p>a c</p>"),
        ("<pre>a<span>\n</span>b</pre>", "<pre>a\nb</pre>"),
        (
            "<table><tr><td></td><td>1</td></tr></table>",
            "<table><tbody><tr><td></td><td>1</td></tr></tbody></table>",
        ),
        (
            '<p>a<a href="#1">1</a></p><ol><li>b <a href="#r">↩︎</a></li></ol>',
            "<p>a<a>1</a></p><ol><li>b </li></ol>",
        ),
    ],
)
def test_what_holds_nothing_is_dropped(body, expected):
    assert html(body) == expected


FRAGMENTS = st.lists(
    st.sampled_from(
        [
            "<a",
            "href='",
            "javascript:",
            "data:text/html,",
            "//x",
            "'",
            '"',
            ">",
            "<b>",
            "</b>",
            "<p>",
            "<script>",
            "</script>",
            "<svg>",
            "<style>",
            "<img",
            "src=x",
            "onerror=y>",
            "<iframe",
            "srcdoc=",
            "<math>",
            "<mtext>",
            "<noscript>",
            "</p",
            "title='",
            "<!--",
            "-->",
            "&lt;",
            "&#106;",
            "<table>",
            "<td>",
            "<select>",
            "<template>",
            "<form>",
            "<base",
            "href=x>",
            "̸",
            "\x0b",
            "word",
        ]
    )
).map("".join)


@given(FRAGMENTS | st.text())
@example('<noscript><p title="</noscript><img src=x onerror=alert(1)>">')
@example("<math><mtext><table><mglyph><style><img src=x onerror=y>")
def test_nothing_active_survives_and_every_character_is_legal(body):
    made = html(body, BASE)

    assert clean_block(made) == made
    for element in html5lib.parseFragment(made, namespaceHTMLElements=False).iter():
        assert str(element.tag) not in ACTIVE
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            if name in ("href", "src", "poster", "cite"):
                assert value.startswith(("https://", "http://", "mailto:", "tel:"))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("<div>" * 100_000, id="nested"),
        pytest.param("<<div>div>" * 50_000, id="tags that a removed tag would make"),
        pytest.param('<div a="<">' * 50_000, id="with attributes"),
        pytest.param("<a " * 100_000, id="never closed"),
        pytest.param(
            "".join(f"<p><b id={i}></p>" for i in range(10_000)), id="formatting left open"
        ),
    ],
)
def test_hostile_nesting_costs_no_time(body):
    start = time.process_time()
    html(body + "end")

    assert time.process_time() - start < 1


def test_a_long_flat_body_is_left_whole():
    body = "<ul>" + "<li><p>one <b>two</b></p></li>" * 1_000 + "</ul>"

    assert html(body) == body


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>One &amp; <b>t</b>wo.</p><p>Three</p>", "One & two.\nThree"),
        ("a<br>b<hr>c", "a\nb\nc"),
        ("<ul><li>1</li><li>2</li></ul>", "1\n2"),
        ("<table><tr><td>1</td><td>2</td></tr></table>", "1 2"),
        ("<p>broken\nline</p>", "broken line"),
        ("<pre>two\nlines</pre>", "two\nlines"),
        ("<p>He <q>said</q> &lt;b&gt;</p>", 'He "said" <b>'),
        ("", ""),
    ],
)
def test_text_keeps_its_paragraphs(body, expected):
    assert to_text(html(body)) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('text<br><a href="https://e.example/x"><img src="https://e.example/i.gif" width="1" height="1"></a>', "text"),
        ("<br>" * 10, ""),
        ("one<br>two<br>", "one<br>two"),
    ],
)  # fmt: skip
def test_breaks_at_the_very_end_go(html, expected):
    assert to_html(html, Markup.HTML, "") == expected


def test_blanks_in_addresses_are_encoded():
    html = '<p><a href="https://e.example/a b.html">x</a></p>'

    assert 'href="https://e.example/a%20b.html"' in to_html(html, Markup.HTML, "")
