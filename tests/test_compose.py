"""A page: which entries, in which order, and when it last changed."""

from __future__ import annotations

import pytest

from feedsvc.compose import living_page, updated_of
from feedsvc.model import Entry, Feed, Tombstone
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


def test_a_page_holds_what_it_is_given_in_its_order() -> None:
    feed = Feed(path="", title="A site")

    page = living_page(site(), feed, [entry(2), entry(1)], tombstones=[stone("2025-05-01")])

    assert [one.slug for one in page.entries] == ["entry-2", "entry-1"]
    assert (page.feed, page.number, page.updated) == (feed, None, at("2025-05-02"))
    assert [one.slug for one in page.tombstones] == ["gone"]
