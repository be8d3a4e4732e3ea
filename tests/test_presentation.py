"""Which feeds are shown, and what each is like."""

from __future__ import annotations

from typing import Any

import pytest

from feedsvc.config import Settings
from feedsvc.model import Author, Content, Family, Feed
from feedsvc.presentation import Presentation
from feedsvc.store import FeedRow
from tests.builders import at, site


def presentation(**tables: Any) -> Presentation:
    return Presentation(site=site(), settings=Settings.model_validate(tables))


def row(path: str, family: Family, n: int = 9, **fields: Any) -> FeedRow:
    values = {"title": path.rpartition("/")[2], "is_ranked": False, "changed": at("2025-05-13")}
    return FeedRow(path=path, family=family, n_entries=n, n_arrived=n, **(values | fields))


SITE = row("", Family.SITE, title="")
TAG = row("tags/rust", Family.TAGS, title="Rust")
SECTION = row("sections/news", Family.SECTIONS, 1)
ENGLISH, GREEK = row("languages/en", Family.LANGUAGES), row("languages/el", Family.LANGUAGES, 1)
PICKED = row("picked", Family.NAMED, 0)


def shown(*rows: FeedRow, **tables: Any) -> list[str]:
    return [feed.path for feed in presentation(**tables).feeds(rows)]


@pytest.mark.parametrize(
    ("rows", "tables", "paths"),
    [
        pytest.param([SITE], {}, [""], id="the site's own"),
        pytest.param([SITE, SECTION], {}, ["", "sections/news"], id="a section of one entry"),
        pytest.param([row("tags/go", Family.TAGS, 2)], {}, [], id="a tag of two entries"),
        pytest.param([TAG], {}, ["tags/rust"], id="a tag of many"),
        pytest.param(
            [TAG],
            {"family": {"tags": {"min": 10}}},
            [],
            id="a tag of too few",
        ),
        pytest.param([TAG], {"family": {"tags": {"on": False}}}, [], id="a family switched off"),
        pytest.param([ENGLISH], {}, [], id="one language is no family"),
        pytest.param([ENGLISH, GREEK], {}, ["languages/en", "languages/el"], id="two languages"),
        pytest.param([PICKED], {}, [], id="a named feed that is no more"),
        pytest.param([PICKED], {"feed": [{"path": "picked"}]}, ["picked"], id="a named feed"),
        pytest.param([], {"feed": [{"path": "picked"}]}, ["picked"], id="that holds nothing yet"),
        pytest.param([], {"feed": [{"path": "tags/go"}]}, [], id="a table makes no tag"),
    ],
)
def test_which_feeds_are_shown(
    rows: list[FeedRow], tables: dict[str, Any], paths: list[str]
) -> None:
    assert shown(*rows, **tables) == paths


def test_a_feed_that_was_shown_stays_when_entries_leave_it() -> None:
    emptied = FeedRow(
        path="tags/rust",
        title="Rust",
        family=Family.TAGS,
        is_ranked=False,
        n_entries=0,
        n_arrived=3,
        changed=at("2025-05-13"),
    )

    assert shown(emptied) == ["tags/rust"]


@pytest.mark.parametrize(
    ("known", "tables", "is_retired"),
    [
        pytest.param(PICKED, {}, True, id="a named feed taken out of the settings"),
        pytest.param(PICKED, {"feed": [{"path": "picked"}]}, False, id="one that is there"),
        pytest.param(TAG, {"family": {"tags": {"on": False}}}, True, id="a family switched off"),
        pytest.param(TAG, {}, False, id="a tag"),
        pytest.param(
            row("tags/go", Family.TAGS, 1),
            {"family": {"tags": {"on": False}}},
            False,
            id="a tag that never was shown",
        ),
        pytest.param(SITE, {}, False, id="the site's own"),
    ],
)
def test_what_readers_knew_and_is_gone_is_retired(
    known: FeedRow, tables: dict[str, Any], is_retired: bool
) -> None:
    assert presentation(**tables).is_retired(known) is is_retired


def test_a_feed_is_as_its_table_says_and_else_as_the_site() -> None:
    table = {
        "path": "tags/rust",
        "title": "All about Rust",
        "description": "Iron oxide",
        "author": "Ann",
        "size": 10,
        "content": "summary",
        "also_at": ["/rust.xml"],
    }

    made = presentation(site={"size": 20}, feed=[table])
    own, rust = made.feeds([SITE, TAG])

    assert (own.title, own.size, own.content) == ("A site", 20, Content.BOTH)
    assert rust == Feed(
        path="tags/rust",
        title="All about Rust",
        family=Family.TAGS,
        name="Rust",
        description="Iron oxide",
        author=Author(name="Ann"),
        size=10,
        content=Content.SUMMARY,
        also_at=("/rust.xml",),
        n_entries=9,
    )


def test_a_family_has_a_pattern_for_its_titles() -> None:
    (feed,) = presentation(family={"tags": {"title": "Posts about {name}"}}).feeds([TAG])

    assert (feed.title, feed.name) == ("Posts about Rust", "Rust")


def test_a_show_keeps_its_guid_when_the_site_moves() -> None:
    show = {"path": "", "podcast": {"categories": ["Arts"], "image": "https://a.test/a.png"}}
    settings = Settings.model_validate({"feed": [show]})

    guids = {
        feed.podcast.guid
        for base in ("https://a.test", "https://b.test/new")
        for feed in Presentation(site=site(base_url=base), settings=settings).feeds([SITE])
        if feed.podcast
    }

    assert len(guids) == 1


def test_settings_that_show_move_the_digest_and_others_do_not() -> None:
    plain = presentation().digest()

    assert presentation(feed=[{"path": "picked"}]).digest() != plain
    assert presentation(family={"tags": {"min": 9}}).digest() != plain
    assert presentation(server={"port": 9}).digest() == plain


def test_a_show_without_an_owner_is_owned_by_the_sites_author() -> None:
    show = {"path": "", "podcast": {"categories": ["Arts"], "image": "https://a.test/a.png"}}
    author = Author(name="Ann", email="ann@a.test")
    settings = Settings.model_validate({"feed": [show]})

    (feed,) = Presentation(site=site(author=author), settings=settings).feeds([SITE])

    assert feed.podcast and feed.podcast.owner == author


def test_the_feed_of_a_language_is_in_it() -> None:
    found = {feed.path: feed.language for feed in presentation().feeds([SITE, ENGLISH, GREEK])}

    assert found == {"": None, "languages/en": "en", "languages/el": "el"}
