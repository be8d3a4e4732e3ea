"""What an address asks the search: one question, one spelling."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from feedsvc.addresses import query_string
from feedsvc.errors import BadQuestion
from feedsvc.model import Content, Query
from feedsvc.questions import is_canonical, is_empty, parse


@pytest.mark.parametrize(
    ("asked", "fields"),
    [
        pytest.param("", {}, id="nothing"),
        pytest.param("q=peace+talks", {"words": "peace talks"}, id="words"),
        pytest.param("q=%20Peace%20%20Talks%0A", {"words": "peace talks"}, id="case and blanks"),
        pytest.param("q=Cafe%CC%81", {"words": "café"}, id="an accent of its own"),
        pytest.param("q=a+%22fire+brigade%22", {"words": 'a "fire brigade"'}, id="a phrase"),
        pytest.param("q=%22fire%22", {"words": "fire"}, id="a phrase of one word"),
        pytest.param("q=a+%22b+c", {"words": "a b c"}, id="a mark never closed"),
        pytest.param("q=a+b+A+%3F", {"words": "a b"}, id="a word said twice, and none"),
        pytest.param("q=a&q=b", {"words": "a b"}, id="two keys of words"),
        pytest.param("q=a%00b%E2%80%8Bc", {"words": "abc"}, id="what cannot be seen"),
        pytest.param("tag=b&tag=A&tag=b", {"tags": ("a", "b")}, id="sorted, each once"),
        pytest.param("section=Local+News", {"sections": ("local news",)}, id="a section"),
        pytest.param("author=Ann+Lee", {"authors": ("ann lee",)}, id="an author"),
        pytest.param("lang=pt-BR", {"languages": ("pt-br",)}, id="a language"),
        pytest.param("exclude=x&exclude=%3F", {"exclude": ("x",)}, id="excluded words"),
        pytest.param("since=2025-05-31", {"since": date(2025, 5, 31)}, id="a day"),
        pytest.param("since=20250531", {"since": date(2025, 5, 31)}, id="a day without dashes"),
        pytest.param(
            "since=2025-05-31&since=2025-06-01", {"since": date(2025, 6, 1)}, id="the later day"
        ),
        pytest.param("limit=20", {"limit": 20}, id="a limit"),
        pytest.param("limit=0", {"limit": 1}, id="too small a limit"),
        pytest.param("limit=100000", {"limit": 200}, id="too great a limit"),
        pytest.param("limit=50", {}, id="the limit that goes without saying"),
        pytest.param("content=Full", {"content": Content.FULL}, id="how much of an entry"),
        pytest.param("order=rank", {"is_ranked": True}, id="the best first"),
        pytest.param("order=date", {}, id="the order that goes without saying"),
        pytest.param("utm_source=x&fbclid=y&tag=", {}, id="unknown and empty keys"),
    ],
)
def test_a_question_is_read(asked: str, fields: dict[str, Any]) -> None:
    assert parse(asked) == Query(**fields)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        pytest.param("since=soon", "since: ", id="no day"),
        pytest.param("since=2025-13-01", "write a day as 2025-05-31", id="a day there is not"),
        pytest.param("limit=many", "limit: not a whole number: 'many'; give 1 to 200", id="limit"),
        pytest.param("limit=-5", "limit: not a whole number", id="below nothing"),
        pytest.param(f"limit={'9' * 201}", "limit: longer than 200", id="a limit without end"),
        pytest.param("content=all", "give full or summary or both", id="content"),
        pytest.param("order=best", "order: not 'best'; give date or rank", id="order"),
        pytest.param("q=%21%3F", "q: no word in '!?'; give letters or digits", id="no word"),
        pytest.param("q=%FF", "q: no word in", id="no UTF-8"),
        pytest.param(f"q={'x' * 201}", "q: longer than 200 characters; shorten it", id="too long"),
        pytest.param(f"q={'a' * 150}&q={'b' * 150}", "q: longer than 200", id="long together"),
        pytest.param("&".join(f"tag=t{n}" for n in range(21)), "at most 20", id="too many names"),
        pytest.param("q=" + "+".join(map(str, range(21))), "at most 20", id="too many words"),
        pytest.param("&".join(f"x{n}=1" for n in range(101)), "100 fields", id="too many fields"),
    ],
)
def test_what_cannot_be_meant_is_told_with_its_key_and_a_remedy(asked: str, told: str) -> None:
    with pytest.raises(BadQuestion, match=re.escape(told)):
        parse(asked)


@pytest.mark.parametrize(
    "asked",
    [
        "q=peace&tag=a&tag=b&lang=en&exclude=x&since=2025-05-31&limit=20&content=full",
        "q=%22fire%20brigade%22%20came&order=rank",
        "tag=world%20news",
        "",
    ],
)
def test_the_canonical_spelling_is_known(asked: str) -> None:
    assert is_canonical(asked, parse(asked))


@pytest.mark.parametrize(
    "asked", ["q=Peace", "q=a+b", "tag=b&tag=a", "limit=50&q=a", "tag=a&q=b", "q=a&utm_source=x"]
)
def test_other_spellings_lead_to_the_canonical_one(asked: str) -> None:
    query = parse(asked)

    assert not is_canonical(asked, query)
    assert is_canonical(query_string(query), parse(query_string(query)))
    assert parse(query_string(query)) == query


@pytest.mark.parametrize(
    ("asked", "empty"),
    [
        ("", True),
        ("limit=5&content=full&order=rank", True),
        ("q=a", False),
        ("since=2025-01-01", False),
    ],
)
def test_a_question_that_searches_for_nothing_is_empty(asked: str, empty: bool) -> None:
    assert is_empty(parse(asked)) is empty
