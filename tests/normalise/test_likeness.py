"""When two sources mean one item, and when they only seem to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.model import Dated, How, Judged, RawDate, RawItem
from feedsvc.normalise import Context, normalise
from feedsvc.normalise.identity import Known, link, suggestions
from feedsvc.normalise.likeness import (
    alike,
    announces,
    are_apart,
    are_near,
    clues,
    differ,
    is_telling,
    overlap,
    share_page_name,
)
from tests.builders import at, dated, raw_item

CONTEXT = Context(read_at=at("2025-05-14"))
STORM = (
    "The storm that crossed the coast on Tuesday night tore the roofs from forty houses in the "
    "harbour district, and left the upper town without water until the following evening. Crews "
    "from three counties worked through the night to clear the road along the cliff, which had "
    "been closed since a part of it slid into the sea in the first hour of the storm."
)
BRIDGE = (
    "Engineers have closed the old iron bridge to lorries after they found cracks in two of the "
    "bearings that carry its middle span, and they expect the repairs to last until the autumn. "
    "Buses will go round by the mill, which adds a quarter of an hour to the way into town, and "
    "the ferry that used to cross below the weir may be brought back for the summer months."
)
OPENING = STORM[:170]
TITLE = "Storm tears roofs from houses"


def judge(body: str = STORM, day: str | None = "2024-05-07", **fields: Any) -> Judged:
    dates = (RawDate(words=day),) if day else ()
    item = raw_item(body, **{"title": TITLE, "source": "a.txt", "dates": dates} | fields)
    (judged,) = normalise([item], CONTEXT)
    assert isinstance(judged, Judged)
    return judged


def known(judged: Judged, **fields: Any) -> Known:
    """The same item as it is known of another source."""
    return Known(
        **{
            "id": "known",
            "keys": judged.keys,
            "shingles": judged.shingles,
            "folded": judged.folded,
            "source": "other.txt",
            "appears_in": frozenset({"other.txt"}),
            "link": judged.link,
            "published": judged.published,
        }
        | fields
    )


def how(one: Judged, *entries: Known, absent: tuple[str, ...] = ()) -> str:
    (match,) = link([one], entries, [], absent)
    return match.how


# --- two sources ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param(judge(), judge(), "same text", id="the same words"),
        pytest.param(judge(), judge(day="2024-05-20"), "same text", id="told again later"),
        pytest.param(judge(""), judge(), "headline", id="a headline and its article"),
        pytest.param(judge(), judge(""), "headline", id="an article and its headline"),
        pytest.param(judge(), judge(OPENING), "same title", id="an article and its teaser"),
        pytest.param(judge(OPENING), judge(), "same title", id="a teaser and its article"),
        pytest.param(judge(OPENING, title=None), judge(), "same beginning", id="no title"),
        pytest.param(
            judge(), judge("What the night did to the town.", day="2024-05-08"), "same title",
            id="a description of its own, a day later",
        ),
        pytest.param(
            judge(day=None), judge(STORM.replace("forty", "four")), "same title", id="undated"
        ),
        pytest.param(
            judge(title="Hello", source="2024-05-07-hello.html", markup="html"),
            judge("Hi.", title="Hello", link="https://x.org/hello"),
            "same title",
            id="a short title, the name of its page",
        ),
        pytest.param(
            judge(link="https://x.org/1"), judge("Other words.", title="T", link="https://x.org/1"),
            "address",
            id="one address",
        ),
        pytest.param(
            judge(link="https://x.org/1", guid="1"), judge(link="https://x.org/2", guid="2"),
            "same text",
            id="a site with new addresses and ids",
        ),
        pytest.param(
            judge(link="https://x.org/1", guid="urn:x-a:1"),
            judge(link="https://y.org/2", guid="urn:x-b:2"),
            "same text",
            id="two sites",
        ),
        pytest.param(
            judge(title="Roofs are gone", source="storm.html", markup="html"),
            judge(link="https://x.org/2024/storm.php", body=STORM.replace("The storm", "A storm")),
            "same page",
            id="the name of its page and nearly its words",
        ),
    ],
)  # fmt: skip
def test_what_two_sources_have_in_common_is_one(one: Judged, other: Judged, expected: str) -> None:
    assert how(one, known(other)) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(judge(), judge(BRIDGE), id="one title, two articles"),
        pytest.param(judge(OPENING), judge(BRIDGE[:170]), id="one title, two teasers"),
        pytest.param(judge(), judge("Words.", day="2024-05-10"), id="one title, another day"),
        pytest.param(judge(""), judge(day="2024-05-10"), id="a headline of another day"),
        pytest.param(judge("", title="Opinion"), judge(title="Opinion"), id="a rubric"),
        pytest.param(
            judge("Fixes.", title="1.2.3.4"), judge("New.", title="1.2.3.4"), id="versions"
        ),
        pytest.param(judge("Hi.", title="Hello"), judge("Ho.", title="Hello"), id="short titles"),
        pytest.param(
            judge("", day="2024-05-07"), judge("", day="2024-05-09"), id="another day's headline"
        ),
        pytest.param(
            judge("", link="https://x.org/1"), judge("", link="https://x.org/2"), id="two pages"
        ),
        pytest.param(
            judge("One view.", link="https://x.org/1"), judge("Two views.", link="https://y.org/1"),
            id="two papers on one thing",
        ),
        pytest.param(
            judge(BRIDGE, title="My view", link="https://x.org/1", guid="urn:x-a:1"),
            judge(title="Their view", link="https://x.org/1", guid="urn:x-b:1"),
            id="two blogs on one page",
        ),
        pytest.param(
            judge(STORM.replace("forty", "four"), title="A"), judge(title="B"), id="nearly the words"
        ),
        pytest.param(
            judge(day=None), judge(BRIDGE, day=None), id="an undated series"
        ),
    ],
)  # fmt: skip
def test_what_is_clearly_different_stays_two(one: Judged, other: Judged) -> None:
    assert how(one, known(other)) == "new"


SAID = "What the night did to the town, told by those who were there and saw it."


@pytest.mark.parametrize(
    ("document", "item", "expected"),
    [
        pytest.param(judge(STORM[:130]), judge(SAID), "same title", id="a description of its own"),
        pytest.param(judge(title="First hay"), judge("", title="First hay"), "headline", id="a title"),
        pytest.param(
            judge("Six bales, all dry.", title="Hay"), judge("Six bales, all …", title="Hay"),
            "same title",
            id="a few words, cut off",
        ),
        pytest.param(judge(), judge(BRIDGE), "new", id="two articles under one title"),
        pytest.param(judge(title="Hay"), judge("", title="Hay"), "new", id="one word"),
        pytest.param(
            judge(title="First hay"), judge("", title="First hay", day="2024-05-20"), "new",
            id="another day",
        ),
    ],
)  # fmt: skip
def test_a_feed_and_its_document_are_likelier_one(
    document: Judged, item: Judged, expected: str
) -> None:
    entry = known(item, is_feed=True)
    (of_document,) = link([document], [entry], [])
    (of_item,) = link([item], [replace(known(document), is_feed=False)], [], is_feed=True)

    assert (of_document.how, of_item.how) == (expected, expected)


def test_two_of_a_kind_are_not() -> None:
    assert how(judge(STORM[:130]), known(judge(SAID))) == "new"
    assert how(judge(title="First hay"), known(judge("", title="First hay"))) == "new"


def test_the_entry_of_the_nearest_day_is_taken() -> None:
    old = [known(judge("", day=day), id=day) for day in ("2024-05-07", "2024-05-08", "2024-05-06")]

    (match,) = link([judge("", day="2024-05-08")], old, [])

    assert match.known_id in ("2024-05-07", "2024-05-08")


# --- keys of copies, and sources that are gone ------------------------------------------------


def test_keys_of_copies_count_like_those_of_the_home() -> None:
    copy = judge(guid="42", link="https://y.org/1")
    entry = known(judge(BRIDGE, title="Rewritten"), aliases=frozenset(copy.keys.present()))

    listed = replace(entry, appears_in=frozenset({"other.txt", "a.txt"}))
    (match,) = link([copy], [], [listed])

    assert match.how == "own id"
    assert how(judge(link="https://y.org/1"), replace(entry, folded=copy.folded)) == "address"


@pytest.mark.parametrize(
    ("absent", "expected"), [(("other.txt",), "moved"), ((), "new"), (("third.txt",), "new")]
)
def test_a_file_may_be_renamed_and_edited_at_once(absent: tuple[str, ...], expected: str) -> None:
    edited = judge(STORM.replace("forty", "four"), title=None)

    assert how(edited, known(judge(title=None)), absent=absent) == expected


def test_of_two_that_a_moved_file_may_have_been_it_is_neither() -> None:
    gone = [known(judge(STORM.replace("forty", n), title=None), id=n) for n in ("four", "five")]

    assert how(judge(title=None), *gone, absent=("other.txt",)) == "new"


def test_a_short_note_may_move_to_a_new_address() -> None:
    note, before = (
        judge("", title="Office hours", link=f"https://x.org/{folder}/") for folder in ("b", "a")
    )

    assert how(note, known(before), absent=("other.txt",)) == "same text"
    assert how(note, known(before)) == "new"


# --- one source -------------------------------------------------------------------------------


def in_one(*items: Judged) -> int:
    return len({m.twin_of for m in link(items, [], []) if m.twin_of is not None})


def test_a_teaser_and_its_article_in_one_source_are_one() -> None:
    assert in_one(judge(OPENING, title=None), judge()) == 1
    assert in_one(judge(OPENING), judge()) == 1
    assert in_one(judge(BRIDGE[:170], title=None), judge()) == 0


def test_the_same_few_words_of_another_day_are_another_item() -> None:
    thread, again, tomorrow = (
        judge("Say what you like.", title="Open thread", day=f"2024-05-{day:02}")
        for day in (7, 7, 9)
    )

    assert in_one(thread, again) == 1
    assert in_one(thread, tomorrow) == 0


@pytest.mark.parametrize(
    ("body", "title", "day", "expected"),
    [
        pytest.param(BRIDGE, TITLE, "2024-05-07", "edited", id="its text"),
        pytest.param(BRIDGE, "Anew", "2024-05-07", "edited", id="its title and its text"),
        pytest.param(BRIDGE, "Anew", "2024-06-07", "new", id="everything"),
        pytest.param(BRIDGE, TITLE, "2024-06-07", "new", id="its text and its day"),
        pytest.param(STORM, TITLE, "2024-06-07", "same text", id="its day"),
    ],
)
def test_what_may_change_of_the_one_item_of_a_file(
    body: str, title: str, day: str, expected: str
) -> None:
    here = known(judge(), source="a.txt", appears_in=frozenset({"a.txt"}))

    (match,) = link([judge(body, title=title, day=day)], [], [here])

    assert match.how == expected


# --- suggestions --------------------------------------------------------------------------------


def test_suggestions_are_near_long_and_not_days_apart() -> None:
    one = known(judge(STORM.replace("forty", "four")), id="new")
    others = [
        known(judge(), id="near"),
        known(judge(BRIDGE), id="other"),
        known(judge(day="2024-06-07"), id="apart"),
    ]
    short = known(judge("A few words only."), id="short")

    found = list(suggestions([one, short], [*others, replace(short, id="short too")]))

    assert [(each.one_id, each.other_id) for each in found] == [("new", "near")]
    assert found[0].likeness == 0.92
    assert found[0].words.startswith("storm tears roofs from houses the storm that crossed")


# --- the measures -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "is_said"),
    [
        ("storm tears roofs from houses", True),
        ("four words are enough", True),
        ("internationalization considerations", True),
        ("news in brief", False),
        ("version 10.4.2 (2024-05-07)", False),
        ("東京で大規模な停電が発生", True),
        ("お知らせ", False),
        ("", False),
    ],
)
def test_a_telling_title(title: str, is_said: bool) -> None:
    assert is_telling(title) is is_said


def test_days_that_are_no_claim_are_neither_near_nor_apart() -> None:
    def of(published: Dated) -> Known:
        return known(judge(), published=published)

    stated, captured = of(dated("2024-05-07")), of(dated("2024-06-07", How.CAPTURED))
    next_day, inherited = of(dated("2024-05-08")), of(dated("2024-05-20", How.INHERITED))

    assert are_near(stated, next_day)
    assert not are_apart(stated, next_day)
    assert not are_near(stated, captured)
    assert not are_apart(stated, captured)
    assert not are_apart(stated, inherited)
    assert are_apart(stated, of(dated("2024-05-09")))


@pytest.mark.parametrize(
    ("link_", "source", "is_one"),
    [
        ("https://x.org/2024/05/the-storm/", "posts/2024-05-07-the-storm.md", True),
        ("https://x.org/The_Storm.html", "the storm.html", True),
        ("https://x.org/the-storm/?p=1", "the-storm/index.html", True),
        ("https://x.org/%D0%B1%D1%83%D1%80%D1%8F", "буря.md", True),
        ("https://x.org/storm", "the-storm.md", False),
        ("https://x.org/", "index.md", False),
        ("https://x.org/feed", "feed.xml", False),
    ],
)
def test_the_name_of_a_page(link_: str, source: str, is_one: bool) -> None:
    one = judge(source=source, markup="html")

    assert share_page_name(one, known(judge(link=link_))) is is_one


TEXTS = st.lists(
    st.sampled_from(STORM.split()[:20] + BRIDGE.split()[:20]), min_size=1, max_size=60
).map(" ".join)


@given(TEXTS, TEXTS)
def test_measures_have_no_sides_and_never_contradict(one: str, other: str) -> None:
    a, b = judge(one, title=None), judge(other, title=None)

    assert overlap(a, b) == overlap(b, a)
    assert alike(a, b) == alike(b, a)
    assert differ(a, b) == differ(b, a)
    assert announces(a, b) == announces(b, a)
    assert not (announces(a, b) and differ(a, b))
    assert alike(a, a)
    assert all(0 <= clue < 2**63 for clue in a.clues)
    assert a.clues == clues(a.folded, a.shingles)


@given(st.lists(TEXTS, min_size=1, max_size=8, unique=True), st.randoms(use_true_random=False))
def test_two_sources_with_the_same_items_have_the_same_entries(
    texts: list[str], order: Any
) -> None:
    items = [raw_item(text, source="b.txt", position=n) for n, text in enumerate(texts)]
    first = [one for one in normalise(items, CONTEXT) if isinstance(one, Judged)]
    entries = [known(one, id=str(n)) for n, one in enumerate(first)]
    shuffled: list[RawItem] = order.sample(items, len(items))
    second = [one for one in normalise(shuffled, CONTEXT) if isinstance(one, Judged)]

    matches = link(
        [replace(one, item=replace(one.item, source="c.txt")) for one in second], entries, []
    )

    assert all(match.known_id is not None for match in matches if match.twin_of is None)
