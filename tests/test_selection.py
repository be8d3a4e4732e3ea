"""Which feeds an entry stands in."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from feedsvc.config import Settings
from feedsvc.model import Family
from feedsvc.selection import Selector
from feedsvc.store import Measure, Traits


def selector(**tables: Any) -> Selector:
    return Selector(Settings.model_validate(tables))


def paths(chosen: Selector, **traits: Any) -> list[str]:
    return [one.path for one in chosen.memberships(Traits(**{"day": date(2025, 5, 13)} | traits))]


def named(**table: Any) -> Selector:
    return selector(feed=[{"path": "picked", **table}])


def is_picked(chosen: Selector, **traits: Any) -> bool:
    return "picked" in paths(chosen, **traits)


def test_an_entry_stands_in_a_feed_of_each_section_tag_author_and_language() -> None:
    found = paths(selector(), sections=("Top Stories",), tags=("C++", "Rust"), authors=("Ann Lee",))

    assert found == [
        "sections/top-stories",
        *(one for one in found if one.startswith("tags/c-")),
        "tags/rust",
        "authors/ann-lee",
        "languages/en",
    ]
    assert len(found) == 5


def test_a_feed_is_named_after_what_it_holds() -> None:
    (section, _) = selector().memberships(Traits(sections=("Top Stories",), day=date(2025, 1, 1)))

    assert (section.family, section.name) == (Family.SECTIONS, "Top Stories")


def test_a_family_may_stand_elsewhere() -> None:
    chosen = selector(family={"tags": {"path": "topics/{slug}"}})

    assert "topics/rust" in paths(chosen, tags=("Rust",))


@pytest.mark.parametrize(
    ("table", "traits", "expected"),
    [
        pytest.param({}, {}, True, id="nothing asked"),
        pytest.param({"include": {"tags": ["Rust", "Go"]}}, {"tags": ("rust",)}, True, id="one of"),
        pytest.param({"include": {"tags": "Rust"}}, {"tags": ("Go",)}, False, id="none of"),
        pytest.param(
            {"include": {"tags": "Rust", "authors": "Ann"}}, {"tags": ("Rust",)}, False, id="both"
        ),
        pytest.param(
            {"include": {"sections": "News"}}, {"sections": ("News",)}, True, id="section"
        ),
        pytest.param({"include": {"languages": "pt"}}, {"language": "pt-BR"}, True, id="language"),
        pytest.param({"include": {"languages": "pt-BR"}}, {"language": "pt"}, False, id="region"),
        pytest.param({"include": {"languages": "en"}}, {}, True, id="the site's own language"),
        pytest.param(
            {"include": {"words": ["fire brigade"]}}, {"text": "A Fire-Brigade"}, True, id="words"
        ),
        pytest.param({"include": {"words": "fire"}}, {"text": "firefly"}, False, id="a part"),
        pytest.param({"exclude": {"tags": "ad"}}, {"tags": ("Ad", "Rust")}, False, id="excluded"),
        pytest.param(
            {"exclude": {"tags": "ad", "authors": "Bob"}}, {"authors": ("Bob",)}, False, id="any"
        ),
        pytest.param({"since": date(2025, 5, 13)}, {}, True, id="on the day"),
        pytest.param({"since": date(2025, 5, 14)}, {}, False, id="before it"),
    ],
)
def test_a_named_feed_holds_what_its_table_selects(
    table: dict[str, Any], traits: dict[str, Any], expected: bool
) -> None:
    assert is_picked(named(**table), **traits) is expected


def test_a_table_for_a_feed_that_there_is_makes_none() -> None:
    chosen = selector(feed=[{"path": "tags/rust", "size": 10}, {"path": "", "size": 20}])

    assert paths(chosen, tags=("Go",)) == ["tags/go", "languages/en"]


def test_what_decides_memberships_moves_the_digest_and_nothing_else_does() -> None:
    plain = selector().digest

    assert selector(feed=[{"path": "picked"}]).digest != plain
    assert selector(family={"tags": {"path": "topics/{slug}"}}).digest != plain
    assert selector(feed=[{"path": "", "size": 20}], server={"port": 1}).digest == plain


@pytest.mark.parametrize(
    ("tables", "path", "measure"),
    [
        ({}, "", Measure()),
        ({"site": {"size": 10}}, "tags/rust", Measure(entries=10)),
        ({"feed": [{"path": "tags/rust", "size": 5}]}, "tags/rust", Measure(entries=5)),
        ({"feed": [{"path": "picked", "age": "30d"}]}, "picked", None),
        ({"site": {"archives": False}}, "", None),
        ({"site": {"archives": False}, "feed": [{"path": "", "archives": True}]}, "", Measure()),
    ],
)
def test_how_much_an_archive_page_holds(
    tables: dict[str, Any], path: str, measure: Measure | None
) -> None:
    assert selector(**tables).measure(path) == measure
