"""Titles and summaries: given ones made plain, missing ones made and flagged."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.model import Media
from feedsvc.normalise.titles import first_heading, headline, plain, summary_of, title_of
from tests.builders import raw_item


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("A < B & C > D", "A < B & C > D"),
        ("Tom &amp; Jerry &#8211; live", "Tom & Jerry – live"),
        ("<b>Bold</b> <i class='x'>move</i>", "Bold move"),
        ("How to use &lt;b&gt;", "How to use <b>"),
        ("one<br/>two", "one two"),
        ("safe<script>alert(1)</script>", "safe"),
        ("R&D &copy 2020", "R&D &copy 2020"),
        ("  two \n lines ", "two lines"),
    ],
)
def test_a_given_title_becomes_plain_text(words, expected):
    assert plain(words) == expected


def test_a_given_title_comes_first_then_a_heading_then_the_first_sentence():
    html = "<p>Words before.</p><h2> </h2><h3>The <em>heading</em></h3>"

    assert title_of(raw_item(title="Given"), html, "…") == ("Given", False, "given")
    assert title_of(raw_item(), html, "…") == ("The heading", False, "first heading")
    assert title_of(
        raw_item(), "<p>A teaser stands alone. Or not.</p>", "A teaser stands alone. Or not."
    ) == (
        "A teaser stands alone.",
        True,
        "first sentence",
    )
    assert first_heading("<p>none</p>") == ""


def test_an_item_without_words_is_named_by_its_picture_or_file():
    picture = '<img src="https://x/p.png" alt="A fox &amp; a dog">'
    media = (Media(url="https://x.org/a/Episode%201.mp3"),)

    assert title_of(raw_item(), picture, "") == ("A fox & a dog", True, "picture")
    assert title_of(raw_item(media=media), "", "") == ("Episode 1.mp3", True, "media")
    assert title_of(raw_item(), "", "").text == ""


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        pytest.param(
            "KYIV, May 14. /TASS/. Talks went on for hours. Nobody left.", "en",
            "Talks went on for hours.", id="an agency behind slashes",
        ),
        pytest.param(
            "LONDON, Jan 14 (Reuters) - Oil prices fell again.", "en",
            "Oil prices fell again.", id="an agency in brackets",
        ),
        pytest.param(
            "МОСКВА, 14 мая. /ТАСС/. Переговоры идут третий час.", "ru",
            "Переговоры идут третий час.", id="Russian",
        ),
        pytest.param(
            "新华社北京5月14日电 会谈持续了三个小时。", "zh", "会谈持续了三个小时。", id="Chinese"
        ),
        pytest.param(
            "KYIV, May 14. /TASS/.\nTalks went on for hours.", "en",
            "Talks went on for hours.", id="on a line of its own",
        ),
        pytest.param("KYIV, May 14. /TASS/.", "en", "KYIV, May 14. /TASS/.", id="nothing else"),
        pytest.param(
            "Notes from Kyiv, May 14 - what we know.", "en",
            "Notes from Kyiv, May 14 - what we know.", id="a sentence that goes on",
        ),
        pytest.param(
            "Reuters reported on May 13 that talks failed.", "en",
            "Reuters reported on May 13 that talks failed.", id="a day in a sentence",
        ),
    ],
)  # fmt: skip
def test_a_derived_title_begins_behind_the_dateline(text, language, expected):
    title = title_of(raw_item(text), "", text, language)

    assert title == (expected, True, "first sentence")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "In the U.S. on Dec. 20 Mr. J. Smith paid 3.5 million. Then he left.",
            "In the U.S. on Dec. 20 Mr. J. Smith paid 3.5 million.",
            id="abbreviations, initials, decimals",
        ),
        pytest.param(
            "Am 13. Mai war z.B. Herr Dr. Meier da. Dann nicht.",
            "Am 13. Mai war z.B. Herr Dr. Meier da.",
            id="german ordinals",
        ),
        pytest.param(
            '"Who is it?" he asked. "Me."', '"Who is it?" he asked.', id="a question inside"
        ),
        pytest.param(
            "He said no. Then he left.",
            "He said no. Then he left.",
            id="a short one takes the next",
        ),
        pytest.param(
            "これは日本語の文章です。次の文です。", "これは日本語の文章です。", id="japanese"
        ),
        pytest.param("मैं घर जा रहा हूँ। वह भी।", "मैं घर जा रहा हूँ।", id="hindi"),
        pytest.param("وصل الوفد إلى الدوحة؟ ثم غادر.", "وصل الوفد إلى الدوحة؟", id="arabic"),
        pytest.param("“A first thing. A second,” he said.", "“A first thing.”", id="quote closed"),
        pytest.param(
            'Our men are ready," he said. More.', '"Our men are ready," he said.', id="quote opened"
        ),
        pytest.param('A 27" screen arrives.', 'A 27" screen arrives.', id="inches are no quote"),
        pytest.param(
            "First paragraph, no stop\nSecond.", "First paragraph, no stop", id="a line ends it"
        ),
    ],
)
def test_a_headline_is_the_first_sentence(text, expected):
    assert headline(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("word " * 40, "word " * 19 + "word…", id="at a word"),
        pytest.param("日" * 150, "日" * 99 + "…", id="by characters where words are not set apart"),
        pytest.param(
            'He said "' + "so " * 40 + '."', 'He said "' + "so " * 29 + 'so…"', id="quotes balanced"
        ),
        pytest.param("„" + "Wort " * 30 + "“", "„" + "Wort " * 18 + "Wort…“", id="german quotes"),
        pytest.param(
            "'I just " + "hate it " * 20 + "' he said",
            "'I just " + "hate it " * 10 + "hate it…'",
            id="single",
        ),
        pytest.param("a" * 95 + ", " + "b" * 20, "a" * 95 + "…", id="no comma before the dots"),
    ],
)
def test_a_long_sentence_is_cut(text, expected):
    assert headline(text) == expected


@given(
    st.text(
        st.sampled_from("ab.  \"'“”„«»‘’日\u0301\u200d(…,") | st.characters(),
        min_size=1,
        max_size=300,
    )
)
def test_a_headline_is_never_too_long(text):
    assert len(headline(text)) <= 100


def test_the_summary_is_the_sources_own_else_the_first_paragraph():
    sentence = "Twelve words make up this sentence, and it is not too long. "

    assert summary_of(raw_item(summary="<p>Its <b>own</b></p>"), "Text") == "Its own"
    assert summary_of(raw_item(), "One paragraph.\nAnother.") == "One paragraph."
    assert summary_of(raw_item(), sentence * 9) == (sentence * 5).strip()
    assert summary_of(raw_item(), "word " * 100) == "word " * 59 + "word…"
    assert summary_of(raw_item(), "") == ""
