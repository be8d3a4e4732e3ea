"""Entries taken back, and entries withheld."""

from __future__ import annotations

import pytest

from feedsvc.model import Place, Tombstone
from feedsvc.store import NEVER, FeedChanges
from tests.builders import at, dated, entry, kept, reading
from tests.store.conftest import Desk

WORLD = Place(source="dump.txt", line=1, section="World")


def stone(number: int, removed: str = "2025-06-01", reason: str = "an error") -> Tombstone:
    one = entry(number)
    return Tombstone(id=one.id, slug=one.slug, removed=at(removed), reason=reason)


def stones(desk: Desk, path: str = "") -> list[Tombstone]:
    with desk.store.snapshot() as snapshot:
        return list(snapshot.tombstones(path, 10))


def test_a_removed_entry_leaves_a_tombstone_in_each_of_its_feeds(desk: Desk) -> None:
    desk.list(kept(1, WORLD), kept(2))

    with desk.store.ingesting() as session:
        session.bury([stone(1)])
        assert session.changes() == (
            FeedChanges(path="", title="", gone=1),
            FeedChanges(path="sections/world", title="World", gone=1),
        )
        assert stones(desk) == []
        session.publish(desk.now)

    with desk.store.snapshot() as snapshot:
        assert (snapshot.entry("entry-1"), snapshot.tombstone("entry-1")) == (None, stone(1))
        assert snapshot.tombstone("entry-2") is None
    assert (desk.slugs(), desk.counts()) == (["entry-2"], {"": 1, "sections/world": 0})
    assert stones(desk) == stones(desk, "sections/world") == [stone(1)]


def test_tombstones_come_newest_first(desk: Desk) -> None:
    desk.list(kept(1), kept(2), kept(3))

    desk.ingest(bury=(stone(1, "2025-05-02"), stone(2, "2025-05-04"), stone(3, "2025-05-03")))

    assert [one.slug for one in stones(desk)] == ["entry-2", "entry-3", "entry-1"]
    with desk.store.snapshot() as snapshot:
        assert [one.slug for one in snapshot.tombstones("", 2)] == ["entry-2", "entry-3"]


def test_what_was_removed_stays_so_when_it_is_read_again(desk: Desk) -> None:
    desk.list(kept(1), kept(2))
    desk.ingest(bury=(stone(1),))

    revision = desk.list(kept(1, title="Edited"), kept(2), digest="2")

    assert (desk.slugs(), revision) == (["entry-2"], 2)
    with desk.store.ingesting() as session:
        (row,) = session.known([entry(1).id])
    assert (row.is_removed, row.appears_in) == (True, ("dump.txt",))


def test_burying_again_changes_nothing(desk: Desk) -> None:
    desk.list(kept(1, WORLD))
    desk.ingest(bury=(stone(1),))

    revision = desk.ingest(reading(kept(1, WORLD)), bury=(stone(1), stone(9)))

    assert revision == 2
    assert stones(desk, "sections/world") == [stone(1)]


def test_another_reason_replaces_the_tombstone(desk: Desk) -> None:
    desk.list(kept(1, WORLD))
    desk.ingest(bury=(stone(1),))

    desk.ingest(bury=(stone(1, reason="a law"),), now=at("2025-06-05"))

    assert stones(desk) == stones(desk, "sections/world") == [stone(1, reason="a law")]
    assert desk.changed("sections/world") == at("2025-06-05")


def test_kept_and_buried_at_once_leaves_a_tombstone_alone(desk: Desk) -> None:
    desk.ingest(reading(kept(1, WORLD)), bury=(stone(1),))

    assert (desk.slugs(), stones(desk), desk.counts()) == ([], [stone(1)], {"": 0})


def test_a_lifted_removal_shows_once_the_entry_is_kept_again(desk: Desk) -> None:
    desk.list(kept(1, WORLD), kept(2))
    desk.ingest(bury=(stone(1),))

    with desk.store.ingesting() as session:
        session.unbury([entry(1).id])
        session.keep(reading(kept(1, WORLD), kept(2)))
        session.publish(desk.now)

    assert (desk.slugs(), stones(desk)) == (["entry-2", "entry-1"], [])
    assert desk.counts() == {"": 2, "sections/world": 1}


def test_a_lifted_removal_alone_takes_the_tombstone_away(desk: Desk) -> None:
    desk.list(kept(1))
    desk.ingest(bury=(stone(1),))

    with desk.store.ingesting() as session:
        session.unbury([entry(1).id])
        assert session.publish(at("2025-06-07")) == 3

    assert (desk.slugs(), stones(desk), desk.changed()) == ([], [], at("2025-06-07"))


def test_a_removal_lifted_before_it_showed_leaves_no_trace(desk: Desk) -> None:
    desk.list(kept(1, WORLD))

    with desk.store.ingesting() as session:
        session.bury([stone(1)])
        session.unbury([entry(1).id])
        session.keep(reading(kept(1, WORLD)))
        assert session.changes() == ()
        assert session.publish(desk.now) == 1
    assert (desk.slugs("sections/world"), stones(desk)) == (["entry-1"], [])


def test_a_removal_repeated_after_being_lifted_is_the_published_one(desk: Desk) -> None:
    desk.list(kept(1, WORLD))
    desk.ingest(bury=(stone(1),))

    with desk.store.ingesting() as session:
        session.unbury([entry(1).id])
        session.bury([stone(1)])
        assert session.publish(desk.now) == 2
    assert stones(desk, "sections/world") == [stone(1)]


def test_a_withheld_entry_is_known_and_not_shown(desk: Desk) -> None:
    due = at("2025-07-01")
    desk.list(kept(1, WORLD, hold_until=due), kept(2, hold_until=NEVER), kept(3))

    assert (desk.slugs(), desk.counts()) == (["entry-3"], {"": 1})
    with desk.store.snapshot() as snapshot:
        assert (snapshot.entry("entry-1"), snapshot.find("Entry 1")) == (None, ())
        assert list(snapshot.slugs()) == ["entry-3"]
        assert snapshot.story(entry(1).id)
    with desk.store.ingesting() as session:
        assert session.next_due() == due
        assert [row.slug for row in session.known_in("dump.txt")] == [
            "entry-1",
            "entry-2",
            "entry-3",
        ]


@pytest.mark.parametrize(
    ("now", "n_released", "shown", "next_due"),
    [
        pytest.param("2025-06-30", 0, ["entry-3"], "2025-07-01", id="the day before"),
        pytest.param("2025-07-01", 1, ["entry-3", "entry-1"], None, id="the moment itself"),
    ],
)
def test_what_falls_due_joins_its_feeds(
    desk: Desk, now: str, n_released: int, shown: list[str], next_due: str | None
) -> None:
    desk.list(kept(1, WORLD, hold_until=at("2025-07-01")), kept(2, hold_until=NEVER), kept(3))

    with desk.store.ingesting() as session:
        assert session.release_due(at(now)) == n_released
        session.publish(at(now))
        assert session.next_due() == (at(next_due) if next_due else None)
    assert desk.slugs() == shown
    assert desk.slugs("sections/world") == shown[1:]
    if n_released:
        assert desk.changed() == at(now)


def test_a_shown_entry_made_a_draft_is_shown_no_more(desk: Desk) -> None:
    desk.list(kept(1, WORLD), kept(2))

    desk.list(kept(1, WORLD, hold_until=NEVER), kept(2), digest="2")

    assert (desk.slugs(), desk.counts()) == (["entry-2"], {"": 1, "sections/world": 0})
    desk.list(kept(1, WORLD), kept(2), digest="3")
    assert desk.slugs() == ["entry-2", "entry-1"]


def test_another_date_moves_an_entry_in_its_feeds(desk: Desk) -> None:
    desk.list(kept(1, WORLD), kept(2, WORLD))

    desk.list(kept(1, WORLD, published=dated("2025-05-30")), kept(2, WORLD), digest="2")

    assert desk.slugs() == desk.slugs("sections/world") == ["entry-1", "entry-2"]
    assert desk.counts() == {"": 2, "sections/world": 2}


def test_what_expires_leaves_a_tombstone_in_its_feeds_when_it_is_time(desk: Desk) -> None:
    desk.list(kept(1, WORLD, expires=at("2025-07-01")), kept(2))

    with desk.store.ingesting() as session:
        assert session.next_due() == at("2025-07-01")
        assert session.release_due(at("2025-06-30")) == 0
        assert session.release_due(at("2025-07-02")) == 1
        assert session.next_due() is None
        session.publish(at("2025-07-02"))

    expected = [stone(1, "2025-07-01", "expired")]
    assert desk.slugs() == ["entry-2"]
    assert stones(desk) == stones(desk, "sections/world") == expected


def test_what_never_showed_expires_without_a_tombstone(desk: Desk) -> None:
    desk.list(
        kept(1, expires=at("2025-07-01"), hold_until=NEVER),
        kept(2, expires=at("2025-07-01"), hold_until=at("2025-06-20")),
        kept(3, expires=at("2025-05-01"), is_expired=True),
    )

    with desk.store.ingesting() as session:
        assert session.next_due() == at("2025-06-20")
        session.release_due(at("2025-07-02"))
        session.publish(at("2025-07-02"))

    assert (desk.slugs(), stones(desk)) == ([], [])
