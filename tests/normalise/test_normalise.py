"""The room as a whole: every item is judged or refused, and none hurts its neighbours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.model import Author, Judged, Markup, Media, RawItem, Refused
from feedsvc.normalise import Context, normalise
from tests.builders import at, raw_item


def context(**fields) -> Context:
    return Context(**{"read_at": at("2025-05-14"), "base_url": "https://me.org"} | fields)


def judge(item: RawItem, **fields) -> Judged:
    (judged,) = normalise([item], context(**fields))
    assert isinstance(judged, Judged)
    return judged


def test_a_text_is_judged_whole():
    judged = judge(raw_item("It rained & poured. See https://x.org/a.\nThen it stopped."))

    assert judged.title == "It rained & poured."
    assert (judged.title_is_derived, judged.title_rule) == (True, "first sentence")
    assert judged.content_html == (
        '<p>It rained &amp; poured. See <a href="https://x.org/a">https://x.org/a</a>.</p>\n'
        "<p>Then it stopped.</p>"
    )
    assert judged.content_text == "It rained & poured. See https://x.org/a.\nThen it stopped."
    assert judged.summary == "It rained & poured. See https://x.org/a."
    assert judged.language == "en"
    assert judged.folded == "\nit rained & poured. see https://x.org/a. then it stopped."


@pytest.mark.parametrize("title", [None, "The heading"])
def test_a_heading_that_is_the_title_is_not_said_twice(title):
    judged = judge(raw_item("# The heading\n\nWords.", markup=Markup.MARKDOWN, title=title))

    assert (judged.title, judged.title_is_derived) == ("The heading", False)
    assert judged.content_html == "<p>Words.</p>"


def test_a_relative_link_is_below_the_site_and_content_is_resolved_by_it():
    item = raw_item('<p><img src="p.png"></p>', markup=Markup.HTML, title="T", link="/a/b")
    judged = judge(item)

    assert judged.link == "https://me.org/a/b"
    assert judged.content_html == '<p><img src="https://me.org/a/p.png"></p>'
    assert judge(item, base_url="").link is None
    assert judge(item).keys == judge(item, base_url="https://moved.org").keys


def test_the_rest_is_tidied():
    judged = judge(
        raw_item(
            tags=(" News ", "news", "", "b\x00"),
            authors=(Author(name=" A\tB ", email=" "), Author(name="\x00")),
            media=(
                Media(url="/m.mp3", title=" "),
                Media(url="javascript:x"),
                Media(url="https://x.org/p.png", is_image=True),
            ),
        )
    )

    assert judged.tags == ("News", "b")
    assert judged.authors == (Author(name="A B"),)
    assert judged.media == (
        Media(url="https://me.org/m.mp3"),
        Media(url="https://x.org/p.png", is_image=True),
    )


def test_the_context_speaks_where_the_item_is_silent():
    author = Author(name="Editor")
    silent = judge(raw_item(), section="News", author=author, language="fr")
    saying = judge(
        raw_item(section="Own", authors=(Author(name="Me"),), language="pt_BR"),
        section="News",
        author=author,
    )

    assert (silent.item.section, silent.authors, silent.language) == ("News", (author,), "fr")
    assert (saying.item.section, saying.authors[0].name, saying.language) == ("Own", "Me", "pt-BR")


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("zh-Hant-TW", "zh-Hant-TW"),
        ("de-CH-1996", "de-CH-1996"),
        ("es-419", "es-419"),
        ("sl-rozaj-biske-x-a", "sl-rozaj-biske-x-a"),
        ("english", "en"),
        ("x", "en"),
        ("en-", "en"),
        ("", "en"),
    ],
)
def test_only_a_well_formed_language_tag_counts(tag, expected):
    assert judge(raw_item(language=tag)).language == expected


def test_what_has_neither_title_nor_content_is_refused_with_its_place():
    empty = raw_item("<script>x</script>", markup=Markup.HTML, line=7)
    only_link = raw_item("", link="https://x.org/")

    assert normalise([empty], context()) == (
        Refused(
            source="dump.txt",
            line=7,
            reason="has neither title nor content",
            remedy="give it one of them",
            words="<script>x</script>",
        ),
    )
    assert isinstance(normalise([only_link], context())[0], Refused)


def test_an_item_that_fails_is_refused_and_its_neighbours_go_on():
    broken = raw_item("Words.", tags=(5,), line=2)

    first, second, third = normalise([raw_item("One."), broken, raw_item("Three.")], context())

    assert isinstance(first, Judged)
    assert isinstance(second, Refused)
    assert isinstance(third, Judged)
    assert (second.line, second.words) == (2, "Words.")
    assert second.reason.startswith("cannot be made an entry (TypeError")


@given(
    st.lists(
        st.builds(
            raw_item,
            st.text(min_size=1),
            title=st.none() | st.text(),
            summary=st.none() | st.text(),
            link=st.none() | st.text(),
            guid=st.none() | st.text(),
            markup=st.sampled_from(Markup),
            language=st.none() | st.text(),
        ),
        max_size=4,
    )
)
def test_every_item_is_accounted_for(items):
    results = normalise(items, context())

    assert len(results) == len(items)
    for item, result in zip(items, results, strict=True):
        if isinstance(result, Judged):
            assert result.item == item
            assert result.title.strip()
        else:
            assert result.reason == "has neither title nor content"
