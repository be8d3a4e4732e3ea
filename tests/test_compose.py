"""A page: which entries, in which order, and when it last changed."""

from __future__ import annotations

from typing import Any

import pytest

from feedsvc.compose import archive_page, living_page, search_page, updated_of
from feedsvc.model import Entry, Family, Feed, Kind, Page, Query, Tombstone
from tests.builders import at, entry, site


def stone(removed: str) -> Tombstone:
    return Tombstone(id="urn:gone", slug="gone", removed=at(removed))


@pytest.mark.parametrize(
    ("entries", "stones", "updated"),
    [
        pytest.param([], [], "2000-01-01T00:00", id="an empty feed"),
        pytest.param([entry(3), entry(5)], [], "2025-05-05", id="the newest change"),
        pytest.param(
            [entry(1, updated=at("2025-06-01")), entry(5)],
            [],
            "2025-06-01",
            id="an edit of the old",
        ),
        pytest.param([entry(5)], [stone("2025-06-02")], "2025-06-02", id="a removal"),
        pytest.param([], [stone("2025-06-02")], "2025-06-02", id="a removal of the last entry"),
    ],
)
def test_when_a_page_last_changed(
    entries: list[Entry], stones: list[Tombstone], updated: str
) -> None:
    assert updated_of(entries, stones) == at(updated)


def slugs(page: Page) -> list[str]:
    return [one.slug for one in page.entries]


def test_a_living_page_has_the_newest_first() -> None:
    feed = Feed(path="", title="A site", n_entries=9)

    page = living_page(site(), feed, [entry(1), entry(2)], tombstones=[stone("2025-05-01")])

    assert slugs(page) == ["entry-2", "entry-1"]
    assert (page.feed, page.number, page.updated) == (feed, None, at("2025-05-02"))
    assert [one.slug for one in page.tombstones] == ["gone"]


def test_a_ranked_list_keeps_its_order() -> None:
    feed = Feed(path="sections/top", title="Top", is_ranked=True)

    assert slugs(living_page(site(), feed, [entry(1), entry(2)])) == ["entry-1", "entry-2"]


@pytest.mark.parametrize(
    ("feed", "kind"),
    [
        pytest.param({"n_entries": 2}, Kind.COMPLETE, id="all of it fits"),
        pytest.param({"n_entries": 3}, Kind.LIVING, id="one is left out"),
        pytest.param({"n_entries": 2, "n_archives": 1}, Kind.LIVING, id="there are archives"),
        pytest.param({"n_entries": 9, "is_ranked": True}, Kind.COMPLETE, id="a ranked list"),
    ],
)
def test_a_page_promises_to_be_complete_only_where_it_is(feed: dict[str, Any], kind: Kind) -> None:
    page = living_page(site(), Feed(path="", title="A site", **feed), [entry(1), entry(2)])

    assert page.kind is kind


def test_the_living_page_leads_to_the_newest_archive() -> None:
    feed = Feed(path="", title="A site", n_archives=3)

    assert living_page(site(), feed, [entry(1)]).older == 3


@pytest.mark.parametrize(("number", "older", "newer"), [(1, None, 2), (2, 1, 3), (3, 2, None)])
def test_archives_lead_to_their_neighbours_and_never_past_the_ends(
    number: int, older: int | None, newer: int | None
) -> None:
    feed = Feed(path="", title="A site", n_archives=3)

    page = archive_page(site(), feed, number, [entry(1), entry(2)])

    assert (page.kind, page.number, page.older, page.newer) == (
        Kind.ARCHIVED,
        number,
        older,
        newer,
    )
    assert slugs(page) == ["entry-2", "entry-1"]


def test_age_counts_back_from_the_newest_entry() -> None:
    feed = Feed(path="", title="A site", age_days=2, n_entries=9)

    page = living_page(site(), feed, [entry(n) for n in (9, 8, 7, 6, 1)])

    assert slugs(page) == ["entry-9", "entry-8", "entry-7"]


def test_what_answers_a_question_stands_in_the_order_found() -> None:
    feed = Feed(path="search", title="Search", family=Family.SEARCH)

    page = search_page(site(), feed, Query(words="peace"), [entry(1), entry(2)])

    assert slugs(page) == ["entry-1", "entry-2"]
    assert page.kind is Kind.LIVING
