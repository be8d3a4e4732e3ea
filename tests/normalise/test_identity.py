"""Who is it: keys that last, ids minted once, and linkage that never guesses."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.model import Judged, Keys, Media, RawItem
from feedsvc.normalise import Context, normalise
from feedsvc.normalise.identity import (
    Known,
    clusters,
    link,
    mint,
    own_iri,
    section_slug,
    slug,
)
from feedsvc.normalise.keys import absolute, canonical, shingles
from feedsvc.normalise.twins import twins
from tests.builders import at, raw_item

CONTEXT = Context(read_at=at("2025-05-14"), base_url="https://me.org/news")
TALKS = (
    "Kremlin spokesperson Dmitry Peskov confirmed that a Russian delegation will be in Istanbul "
    "on May 15 for direct peace talks with Ukraine."
)
MINERALS = (
    "The move follows the ratification of the minerals agreement, deepening economic ties and "
    "signaling expanded involvement in the long-term recovery of the country."
)


def judge(*items: RawItem | str) -> list[Judged]:
    raw = [raw_item(one) if isinstance(one, str) else one for one in items]
    placed = [replace(one, position=place) for place, one in enumerate(raw)]
    judged = [one for one in normalise(placed, CONTEXT) if isinstance(one, Judged)]
    assert len(judged) == len(raw)
    return judged


def headline(title: str, **fields: object) -> RawItem:
    return raw_item("", title=title, **fields)


def known(judged: Judged, id: str, source: str = "dump.txt") -> Known:
    return Known(
        id=id,
        keys=judged.keys,
        shingles=judged.shingles,
        folded=judged.folded,
        group=judged.item.group,
        source=source,
    )


def kept(*items: RawItem | str) -> list[Known]:
    return [known(one, f"id-{place}") for place, one in enumerate(judge(*items))]


def who(items: list[Judged], old: list[Known], by_key: list[Known] | None = None):
    return [(m.known_id, m.how) for m in link(items, by_key or [], old)]


# --- addresses ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://X.org:443/a/", "http://x.org/a"),
        ("https://x.org/a?utm_source=b&id=7&fbclid=c#top", "https://x.org/a?id=7"),
        ("https://x.org", "http://x.org/"),
        ("https://me.org/news/a", "http://me.org/news/a?gclid=1"),
    ],
)
def test_addresses_of_one_page_are_one(one, other):
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("address", "base_url", "expected"),
    [
        ("https://me.org/news/a", "https://me.org/news", "/a"),
        ("https://me.org/news", "https://me.org/news", "/"),
        ("https://me.org/newsletter", "https://me.org/news", "me.org/newsletter"),
        ("https://x.org/a?id=7", "", "x.org/a?id=7"),
        ("https://x.org/A", "", "x.org/A"),
    ],
)
def test_the_host_is_left_out_below_the_sites_own_address(address, base_url, expected):
    assert canonical(address, base_url) == expected


@pytest.mark.parametrize(
    ("address", "base", "expected"),
    [
        ("https://x.org/a", "", "https://x.org/a"),
        ("/a", "https://x.org/b", "https://x.org/a"),
        ("/a", "", None),
        ("//x.org/a", "https://y.org", "https://x.org/a"),
        (
            "https://пример.рф/путь?q=é",
            "",
            "https://xn--e1afmkfd.xn--p1ai/%D0%BF%D1%83%D1%82%D1%8C?q=%C3%A9",
        ),
        ("https://x.org/a b", "", "https://x.org/a%20b"),
        ("javascript:alert(1)", "https://x.org", None),
        ("http://[bad", "", None),
        ("", "https://x.org", None),
        (None, "https://x.org", None),
    ],
)
def test_a_link_is_absolute_or_none(address, base, expected):
    assert absolute(address, base) == expected


@pytest.mark.parametrize(
    ("guid", "expected"),
    [
        ("https://x.org/?p=1", "https://x.org/?p=1"),
        (" tag:x.org,2025:a/1\n", "tag:x.org,2025:a/1"),
        (
            "urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a",
            "urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a",
        ),
        ("HTTP://X.org/Ä", "HTTP://X.org/Ä"),
        ("42", None),
        ("x.org/a", None),
        ("https://x.org/a b", None),
        ("tag:nonsense", None),
        ("tag:x.org,25:a", None),
        ("tag:x org,2025:a", None),
        ("tag:ann@x.org,2025-05-13:a", "tag:ann@x.org,2025-05-13:a"),
        ("urn:uuid:1234", None),
        ("urn:isbn:0451450523", "urn:isbn:0451450523"),
        ("https://x.org/" + "a" * 1000, None),
        ("", None),
        (None, None),
    ],
)
def test_an_own_id_that_can_serve_as_ours_is_taken_verbatim(guid, expected):
    assert own_iri(guid) == expected


# --- ids and slugs ------------------------------------------------------------------------


def test_a_minted_id_depends_on_its_strongest_key_prefix_and_attempt_alone():
    keys = Keys(own="id:1", link="link:2", text="text:3")

    assert mint(keys) == "urn:uuid:10b90e9d-da30-5764-a89c-f2b7ed261fe0"
    assert mint(keys) == mint(Keys(own="id:1"))
    assert len({mint(keys), mint(keys, "p"), mint(keys, "", 1), mint(Keys(link="link:2"))}) == 4


def test_keys_and_shingles_are_the_same_in_every_process():
    item = judge(raw_item("One two three four.", guid="7", link="https://x.org/a"))[0]

    assert sorted(item.shingles) == [1044035734, 2015744983]
    assert item.keys == Keys(
        own="id:dc046690b74e678dd4f6957b34af8bd8",
        link="link:d24457301de02ef56837537111971e11",
        text="text:46f17739d1baef039aaab31fc3d3dd73",
    )
    assert item.fingerprint == "548d1fdb237733dd63d6eb1470653fc6"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Putin’s “Émigré” Straße, 2025", "putins-emigre-strasse-2025-8a526707"),
        ("Łódź & Ærø", "lodz-aero-8a526707"),
        ("日本語", "8a526707"),
        ("word " * 20, "word-" * 12 + "8a526707"),
        ("a" * 80, "a" * 60 + "-8a526707"),
    ],
)
def test_a_slug_is_ascii_of_the_title_and_a_hash_of_the_id(title, expected):
    assert slug(title, "urn:x:1") == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Most Popular", "most-popular"),
        ("Editors' Picks", "editors-picks"),
        ("Café & Söhne", "cafe-sohne"),
        ("C++", "c-f1deb75f"),
        ("C#", "c-04022884"),
        ("Новости", "715453f2"),
        ("!", "bb7208bc"),
    ],
)
def test_a_section_slug_has_a_hash_only_where_folding_lost_something(name, expected):
    assert section_slug(name) == expected


# --- fingerprint and shingles -------------------------------------------------------------


def test_the_fingerprint_covers_title_content_link_and_media_alone():
    html = {"markup": "html", "title": "T", "link": "https://x.org/a"}
    base = raw_item('<p>Words <a href="https://y.org/1">here</a></p>', **html)
    same = [replace(base, tags=("a",), section="s", position=3, line=9)]
    other = [
        replace(base, title="U"),
        replace(base, body='<p>Words <a href="https://y.org/2">here</a></p>'),
        replace(base, body='<p>Other <a href="https://y.org/1">here</a></p>'),
        replace(base, link="https://x.org/b"),
        replace(base, media=(Media(url="https://x.org/m.mp3"),)),
    ]
    prints = [judge(one)[0].fingerprint for one in (base, *same, *other)]

    assert prints[0] == prints[1]
    assert len(set(prints)) == 6


def test_a_site_that_moves_changes_no_fingerprint():
    item = raw_item(
        '<p><a href="/a">Words</a> <a href="https://x.org/b">here</a></p>',
        markup="html",
        link="/news/b",
        media=(Media(url="/news/m.mp3"),),
    )
    prints = [
        normalise([item], Context(read_at=at("2025-05-14"), base_url=base))[0].fingerprint
        for base in ("https://me.org", "https://moved.org")
    ]

    assert prints[0] == prints[1]


def test_shingles_are_word_triples_or_character_triples():
    assert len(shingles("\none two three four, five")) == 3
    assert shingles("\none two three") == shingles("\none, two three!")
    assert len(shingles("\n日本語の文章です")) == 6
    assert len(shingles("\n" + "word " * 5000)) == 1
    assert shingles("\n") == frozenset()


# --- linkage ------------------------------------------------------------------------------


def test_equal_keys_link_wherever_the_item_moved():
    old = kept(TALKS, MINERALS, headline("A headline", group="Most Popular"))
    new = judge("A new one on top.", headline("A headline", group="Elsewhere"), MINERALS, TALKS)

    assert who(new, old) == [
        (None, "new"),
        ("id-2", "same text"),
        ("id-1", "same text"),
        ("id-0", "same text"),
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(TALKS, TALKS.replace("direct peace", "the first direct"), id="a teaser"),
        pytest.param(
            headline("Kyiv recovers from a strike as ceasefire remains elusive"),
            headline("Kyiv recovers from strikes as ceasefire stays elusive"),
            id="a headline",
        ),
        pytest.param(
            "日本政府は首相が来週訪米すると発表した。",
            "日本政府は首相が今週訪米すると発表した。",
            id="no blanks",
        ),
        pytest.param(
            raw_item(MINERALS, title="Old", link="https://x.org/old-title"),
            raw_item(MINERALS, title="New", link="https://x.org/new-title"),
            id="renamed, with its address",
        ),
    ],
)
def test_a_reworded_item_keeps_its_id(before, after):
    assert who(judge(after), kept(before)) == [("id-0", "reworded")]


def test_rewording_needs_one_answer_on_both_sides():
    twice = [TALKS.replace("Peskov", "A"), TALKS.replace("Peskov", "B")]

    assert who(judge(TALKS), kept(*twice)) == [(None, "new")]
    assert who(judge(*twice), kept(TALKS)) == [(None, "new"), (None, "new")]
    assert who(judge(TALKS, twice[0]), kept(TALKS)) == [("id-0", "same text"), (None, "new")]


def test_rewording_stays_within_the_group_and_the_source():
    edited = TALKS.replace("direct peace", "the first direct")
    elsewhere = kept(raw_item(TALKS, group="another"))

    assert who(judge(edited), elsewhere) == [(None, "new")]
    assert who(judge(edited), [], kept(TALKS)) == [(None, "new")]


def test_an_own_id_outranks_address_and_text():
    old = kept(
        raw_item(TALKS, guid="tag:x.org,2025:1", link="https://x.org/1"),
        raw_item(MINERALS, guid="tag:x.org,2025:2", link="https://x.org/2"),
    )
    new = judge(
        raw_item(MINERALS, guid="tag:x.org,2025:1", link="https://x.org/9"),
        raw_item(TALKS, guid="tag:x.org,2025:9", link="https://x.org/1"),
    )

    assert who(new, old) == [("id-0", "own id"), (None, "new")]


def test_a_plain_id_of_another_source_proves_nothing():
    theirs = known(judge(raw_item(MINERALS, guid="1"))[0], "id-0", source="other.json")

    assert who(judge(raw_item(TALKS, guid="1")), [], [theirs]) == [(None, "new")]
    assert who(judge(raw_item(MINERALS, guid="1")), [], [theirs]) == [("id-0", "own id")]


def test_the_next_of_a_series_is_new_though_its_words_are_the_same():
    old = kept(headline("Open thread", link="https://x.org/1"))

    assert who(judge(headline("Open thread", link="https://x.org/2")), old) == [(None, "new")]


def test_two_items_with_one_own_id_are_told_apart():
    items = judge(raw_item(TALKS, guid="7"), raw_item(MINERALS, guid="7"))
    matches = link(items, [], [])

    assert [m.twin_of for m in matches] == [None, None]
    assert matches[1].how == "new (its own id is another item's too)"
    assert items[0].keys.own is not None
    assert items[1].keys.own is None
    assert mint(items[0].keys) != mint(items[1].keys)


def test_an_address_that_different_items_share_names_none_of_them():
    items = judge(*(raw_item(text, link="https://x.org/") for text in (TALKS, MINERALS, "Third.")))

    assert [one.keys.link for one in items] == [None, None, None]
    assert [one.link for one in items] == ["https://x.org/"] * 3
    assert len(clusters(link(items, [], []))) == 3


def test_the_same_item_twice_is_one():
    items = judge(TALKS, MINERALS, raw_item(TALKS, group="Again"), raw_item("“" + MINERALS + "”"))
    matches = link(items, [], kept(MINERALS))

    assert [m.twin_of for m in matches] == [None, None, 0, 1]
    assert [m.known_id for m in matches] == [None, "id-0", None, "id-0"]
    assert clusters(matches) == ((0, 2), (1, 3))


def test_a_headline_that_names_an_article_is_that_article():
    article = raw_item(MINERALS, title="A deal is ratified")
    name = headline("A deal is ratified", group="Most Popular")

    assert clusters(link(judge(article, name), [], [])) == ((0, 1),)
    assert clusters(link(judge(name, TALKS, article), [], [])) == ((0, 2), (1,))
    assert who(judge(name), kept(article)) == [("id-0", "headline")]
    assert who(judge(article), kept(name)) == [("id-0", "headline")]


def test_articles_of_one_title_are_not_one():
    articles = [raw_item(text, title="News in brief") for text in (TALKS, MINERALS)]

    assert len(clusters(link(judge(*articles), [], []))) == 2


def test_long_texts_that_only_begin_alike_are_two():
    opening = (
        "This statement was sent to the press by the ministry on behalf of all its offices. " * 3
    )
    items = judge(opening + TALKS * 2, opening + MINERALS * 5)

    assert items[0].keys.text == items[1].keys.text
    assert len(clusters(link(items, [], []))) == 2


WORDS = st.lists(
    st.sampled_from(["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta"]),
    min_size=1,
    max_size=25,
)
ITEMS = st.lists(WORDS.map(" ".join), min_size=1, max_size=12, unique=True)


@given(ITEMS, st.randoms(use_true_random=False))
def test_permuted_input_has_the_same_ids(texts: list[str], order: random.Random):
    old = kept(*texts)
    shuffled = order.sample(texts, len(texts))
    before = {one.content_text: mint(one.keys) for one in judge(*texts)}
    after = {one.content_text: mint(one.keys) for one in judge(*shuffled)}
    ids = {m.judged.content_text: m.known_id for m in link(judge(*shuffled), [], old)}

    assert before == after
    assert ids == {text: f"id-{place}" for place, text in enumerate(texts)}


def test_many_items_reworded_at_once_are_linked_in_near_linear_time():
    pick = random.Random(7)
    words = [f"word{n}" for n in range(4_000)]
    texts = [" ".join(pick.choices(words, k=30)) for _ in range(1_500)]
    titles = [headline("the big " + " ".join(pick.choices(words, k=8))) for _ in range(1_500)]
    edited = [text.replace(text.split()[9], "edited", 1) for text in texts]
    retitled = [replace(one, title=f"{one.title}s") for one in titles]

    matches = link(judge(*edited, *retitled), [], kept(*texts, *titles))

    assert [m.known_id for m in matches] == [f"id-{n}" for n in range(3_000)]


def test_many_items_written_anew_at_once_take_no_longer():
    pick = random.Random(7)
    words = [f"word{n}" for n in range(4_000)]
    before, after = (
        [
            raw_item(
                " ".join(pick.choices(words, k=30)), title=f"The story of {words[n]} and others"
            )
            for n in range(3_000)
        ]
        for _ in range(2)
    )

    matches = link(judge(*after), [], kept(*before))

    assert {m.how for m in matches} == {"edited"}


def test_two_ids_of_one_feed_are_two_items_however_alike():
    guids = ("tag:e.example,2007:a", "tag:e.example,2007:b")
    pair = judge(*(headline("404 Not Found", guid=g, link="https://e.example/") for g in guids))

    assert twins(pair) == [[0], [1]]
