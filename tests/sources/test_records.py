"""JSON, JSON Lines, JSON Feed and rows, read record by record."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.errors import BrokenSource
from feedsvc.model import Markup, RawItem, Refused
from feedsvc.sources import records
from tests.builders import raw_item
from tests.sources.cases import documents, verify


def read(text: str, name: str = "news.json") -> list[RawItem | Refused]:
    return list(records.read(name, text.encode()))


@pytest.mark.parametrize("path", documents("records"), ids=lambda path: path.name)
def test_records_of_its_kind(path):
    verify(path)


@pytest.mark.parametrize("fields, expected", [
    pytest.param({"content_html": "a", "content_text": "b"}, ("a", Markup.HTML), id="HTML first"),
    pytest.param({"content_text": "<b>a"}, ("<b>a", Markup.TEXT), id="text is text"),
    pytest.param({"content": "<p>a</p>"}, ("<p>a</p>", Markup.HTML), id="content with tags"),
    pytest.param({"body": "a <3 b > c <John>"}, ("a <3 b > c <John>", Markup.TEXT), id="no tags"),
    pytest.param({"description": "a<br/>b"}, ("a<br/>b", Markup.HTML), id="description alone"),
    pytest.param({"content": "a", "description": "b"}, ("a", Markup.TEXT), id="content first"),
    pytest.param({"content": "", "text": "b"}, ("b", Markup.TEXT), id="empty is absent"),
])  # fmt: skip
def test_the_body_and_its_markup(fields, expected):
    (item,) = records.from_rows("rows", [fields])

    assert (item.body, item.markup) == expected


@pytest.mark.parametrize("fields, expected", [
    pytest.param({"date": 1747130400}, [("1747130400", "published", "date")], id="epoch seconds"),
    pytest.param({"timestamp": 1747130400000}, [("1747130400000", "published", "timestamp")], id="ms"),
    pytest.param({"date": 1747130400.0}, [("1747130400", "published", "date")], id="whole float"),
    pytest.param({"date": date(2025, 5, 13)}, [("2025-05-13", "published", "date")], id="a date"),
    pytest.param({"created": datetime(2025, 5, 13, 8, tzinfo=UTC)},
                 [("2025-05-13T08:00:00+00:00", "published", "created")], id="a datetime"),
    pytest.param({"created_at": "x", "published_at": "y"}, [("y", "published", "published_at")],
                 id="creation is silent beside publication"),
    pytest.param({"lastmod": "x"}, [("x", "updated", "lastmod")], id="updated"),
    pytest.param({"inserted_at": "x", "scrapedAt": "y"},
                 [("y", "captured", "scrapedAt"), ("x", "captured", "inserted_at")], id="captured"),
    pytest.param({"due": "x", "valid_from": "y"}, [], id="days to come say nothing"),
    pytest.param({"expires": "x", "unpublish-date": "y"},
                 [("x", "expires", "expires"), ("y", "expires", "unpublish-date")], id="an end"),
    pytest.param({"expired": True}, [("true", "expires", "expired")], id="over"),
    pytest.param({"expired": False, "expires": "no"}, [], id="not over"),
    pytest.param({"date": True, "published": None}, [], id="no words"),
])  # fmt: skip
def test_dates_are_handed_over_in_their_own_words(fields, expected):
    (item,) = records.from_rows("rows", [{"title": "T"} | fields])

    assert [(d.words, d.role.value, d.name) for d in item.dates] == expected


@pytest.mark.parametrize("author, expected", [
    pytest.param("Ann Lee", [("Ann Lee", None)], id="a name"),
    pytest.param("Ann Lee <ann@example.org>", [("Ann Lee", "ann@example.org")], id="with address"),
    pytest.param(["Ann Lee", {"name": "Tom", "email": "t@example.org"}],
                 [("Ann Lee", None), ("Tom", "t@example.org")], id="a list"),
    pytest.param(2, [], id="a number names nobody"),
    pytest.param({"name": " "}, [], id="an empty name"),
])  # fmt: skip
def test_authors(author, expected):
    (item,) = records.from_rows("rows", [{"title": "T", "author": author}])

    assert [(a.name, a.email) for a in item.authors] == expected


def test_rows_may_be_items_already():
    rows = [{"title": "A"}, raw_item("B", position=9), "C", {"nothing": 1}, {"title": "D"}]

    pieces = list(records.from_rows("app", rows))

    assert [(p.source, p.line, getattr(p, "position", None)) for p in pieces] == [
        ("app", 1, 0), ("app", 1, 1), ("app", 3, None), ("app", 4, None), ("app", 5, 2),
    ]  # fmt: skip


def test_a_number_too_long_to_write_refuses_its_row_alone():
    pieces = list(records.from_rows("app", [{"id": 10**5000, "title": "A"}, {"title": "B"}]))

    assert [type(piece) for piece in pieces] == [Refused, RawItem]


@pytest.mark.parametrize("brackets", [150, 100_000])
def test_a_record_nested_too_deep_is_refused_and_its_neighbours_are_kept(brackets):
    deep = "[" * brackets + "]" * brackets

    found = read('[{"title": "A"},\n{"title": "B", "x": ' + deep + '},\n{"title": "C"}]')

    assert [getattr(piece, "title", None) for piece in found] == ["A", None, "C"]
    assert (found[1].line, found[1].reason) == (2, "nested deeper than the limit of 100")


@pytest.mark.parametrize("name, around", [
    pytest.param("a.jsonl", ("", "\n", ""), id="a line"),
    pytest.param("a.json", ("[", ",\n", "]"), id="an element"),
])  # fmt: skip
def test_a_record_beyond_the_limit_is_refused_and_its_neighbours_are_kept(name, around):
    start, between, end = around
    rows = ['{"title": "A"}', '{"title": "' + "x" * 10_000_000 + '"}', '{"title": "C"}']

    found = read(start + between.join(rows) + end, name)

    assert [getattr(piece, "title", None) for piece in found] == ["A", None, "C"]
    assert (found[1].line, len(found[1].words)) == (2, 200)


def test_thousands_of_broken_records_end_soon():
    found = read("[" + '{"title": "A" "b": 1},\n' * 20_000 + "]")

    assert len(found) == 1_001
    assert found[-1].reason == "too much is broken; nothing was read from here on"


def test_what_follows_the_list_is_told():
    found = read('[{"title": "A"}]\nand more')

    assert [getattr(piece, "reason", None) for piece in found] == [
        None, "something stands after the end of the list",
    ]  # fmt: skip


def test_no_json_at_all_is_broken():
    with pytest.raises(BrokenSource, match=r"news.json:1: no JSON; begin it with"):
        read("title: A")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["title", "name", "date", "items", "authors", "url", "image", "tags", "x"]), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(VALUES, max_size=6))
def test_every_element_is_an_item_or_a_refusal(values):
    assert len(read(json.dumps(values))) >= len(values)


@settings(max_examples=150, deadline=None)
@given(VALUES, st.integers(0, 60), st.text('{}[]",:x\n', max_size=4))
def test_damaged_json_never_crashes(value, at, junk):
    whole = json.dumps([{"title": "A"}, value, {"title": "B"}])

    lines = read(whole[:at] + junk + whole[at:], "news.jsonl")
    array = read("[" + whole[:at] + junk + whole[at:])

    assert all(isinstance(piece, RawItem | Refused) for piece in lines + array)


def test_the_people_of_a_json_feed_are_no_items():
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "T",
        "authors": [{"name": "Joe", "url": "https://joe.example/"}],
        "items": [{"id": "1", "url": "https://e.example/1", "title": "A", "content_html": "<p>x"}],
    }

    (item,) = read(json.dumps(feed), "feed.json")

    assert isinstance(item, RawItem) and (item.title, item.section) == ("A", None)
