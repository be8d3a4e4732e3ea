"""When what was kept shows, and what readers are told about it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from feedsvc.model import Place
from feedsvc.store import FeedChanges, Kept, Store
from tests.builders import at, dated, entry, kept, reading
from tests.store.conftest import Desk

LATER = at("2025-06-02")


def popular(line: int, rank: int) -> Place:
    return Place(source="dump.txt", line=line, section="Most Popular", rank=rank)


def test_nothing_shows_before_it_is_published(store: Store) -> None:
    with store.ingesting() as session:
        session.keep(reading(kept(1, popular(1, 1))))
        with store.snapshot() as snapshot:
            assert list(snapshot.all_entries()) == []
            assert (snapshot.entry("entry-1"), snapshot.find("entry-1")) == (None, ())
            assert [feed.path for feed in snapshot.feeds()] == [""]
        assert session.publish(LATER) == 1

    with store.snapshot() as snapshot:
        assert [e.slug for e in snapshot.all_entries()] == ["entry-1"]
        assert snapshot.revision == store.revision() == 1


def test_an_ingest_that_dies_shows_nothing_and_loses_nothing(store: Store) -> None:
    desk = Desk(store)
    desk.list(kept(1), kept(2))
    with pytest.raises(KeyError), store.ingesting() as session:
        session.keep(reading(kept(1, title="Edited"), kept(3), vanished=()))
        raise KeyError

    assert desk.slugs() == ["entry-2", "entry-1"]
    with store.ingesting() as session:
        assert [row.slug for row in session.known_in("dump.txt")] == ["entry-1", "entry-3"]
        assert session.publish(LATER) == 2
    with store.snapshot() as snapshot:
        assert {e.title for e in snapshot.all_entries()} == {"Edited", "Entry 2", "Entry 3"}


def test_a_failure_in_the_middle_of_a_source_keeps_none_of_it(store: Store) -> None:
    with store.ingesting() as session:
        clash = kept(2, slug="entry-1")
        with pytest.raises(Exception, match="refused"):
            session.keep(reading(kept(1), clash))
        assert session.is_fresh
        session.keep(reading(kept(1)))
        session.publish(LATER)
    assert Desk(store).slugs() == ["entry-1"]


def test_what_is_done_together_is_kept_as_a_whole_or_not_at_all(store: Store) -> None:
    desk = Desk(store)
    desk.list(kept(1))
    with store.ingesting() as session:
        with session.together():
            session.keep(reading(kept(2), name="a"))
            session.keep(reading(kept(3), name="b"))
        with pytest.raises(KeyError), session.together():
            session.keep(reading(kept(4), name="c"))
            raise KeyError
        assert [state.name for state in session.sources()] == ["a", "b", "dump.txt"]
        session.keep(reading(kept(5), name="d"))
        session.publish(LATER)

    assert desk.slugs() == ["entry-5", "entry-3", "entry-2", "entry-1"]


def test_the_same_reading_again_changes_nothing(desk: Desk) -> None:
    entries = (kept(1, popular(1, 1)), kept(2, shingles=frozenset({3, 4})), kept(3))
    desk.list(*entries)
    before = desk.changed()

    with desk.store.ingesting() as session:
        session.keep(reading(*entries))
        assert session.changes() == ()
        assert session.publish(LATER) == 1
    assert desk.changed() == before


def test_an_edit_taken_back_before_it_showed_is_no_change(desk: Desk) -> None:
    desk.list(kept(1, popular(1, 1)), kept(2))

    with desk.store.ingesting() as session:
        session.keep(reading(kept(1, title="Edited", published=dated("2024-01-01")), kept(2)))
        session.keep(reading(kept(2), vanished=(entry(1).id,)))
        session.keep(reading(kept(1, popular(1, 1)), kept(2)))
        assert session.changes() == ()
        assert session.publish(LATER) == 1
    assert desk.slugs("sections/most-popular") == ["entry-1"]
    assert desk.counts() == {"": 2, "sections/most-popular": 1}


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        pytest.param(
            [kept(1, popular(1, 1)), kept(2), kept(3)],
            [FeedChanges(path="", title="", new=1)],
            id="a new one",
        ),
        pytest.param(
            [kept(1, popular(1, 1), title="Edited"), kept(2)],
            [
                FeedChanges(path="", title="", changed=1),
                FeedChanges(path="sections/most-popular", title="Most Popular", changed=1),
            ],
            id="an edit shows in every feed that has it",
        ),
        pytest.param(
            [kept(1, popular(1, 1)), kept(2, published=dated("2025-05-09"))],
            [FeedChanges(path="", title="", changed=1, redated=1)],
            id="another date",
        ),
        pytest.param(
            [kept(1), kept(2)],
            [
                FeedChanges(path="", title="", changed=1),
                FeedChanges(path="sections/most-popular", title="Most Popular", gone=1),
            ],
            id="one leaves a list",
        ),
        pytest.param(
            [kept(1, popular(1, 2)), kept(2)],
            [FeedChanges(path="sections/most-popular", title="Most Popular", changed=1)],
            id="another rank concerns its list alone",
        ),
        pytest.param(
            [kept(1, popular(30, 1)), kept(2, Place(source="dump.txt", line=31))],
            [],
            id="other lines are no news",
        ),
    ],
)
def test_what_subscribers_would_see(
    desk: Desk, second: list[Kept], expected: list[FeedChanges]
) -> None:
    desk.list(kept(1, popular(1, 1)), kept(2))

    with desk.store.ingesting() as session:
        session.keep(reading(*second))
        assert list(session.changes()) == expected
        session.publish(LATER)
        assert session.changes() == ()
    touched = [path for path in desk.counts() if desk.changed(path) == LATER]
    assert touched == [change.path for change in expected]


def test_other_lines_show_although_they_are_no_news(desk: Desk) -> None:
    desk.list(kept(1))

    revision = desk.ingest(reading(kept(1, Place(source="dump.txt", line=30))), now=LATER)

    with desk.store.snapshot() as snapshot:
        (found,) = snapshot.all_entries()
        assert snapshot.changed_of("entry-1") == at("2025-06-01")
    assert (found.line, revision, desk.changed()) == (30, 2, at("2025-06-01"))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param("2025-06-01T12:00:00.700", "2025-06-01T12:00:01", id="the same second"),
        pytest.param("2025-06-02T10:00:00.999", "2025-06-02T10:00:00", id="a day later"),
        pytest.param("2024-01-01T00:00:00", "2025-06-01T12:00:01", id="a clock set back"),
    ],
)
def test_the_moment_of_a_change_grows_by_whole_seconds(desk: Desk, now: str, expected: str) -> None:
    desk.list(kept(1), kept(2))

    desk.ingest(reading(kept(1, title="Edited"), kept(2)), now=at(now))

    assert desk.changed() == at(expected)
    with desk.store.snapshot() as snapshot:
        assert snapshot.changed_of("entry-1") == at(expected)
        assert snapshot.changed_of("entry-2") == at("2025-06-01")
        assert snapshot.changed_of("entry-3") is None


def test_a_dry_run_tells_and_leaves_no_trace(store: Store) -> None:
    Desk(store).list(kept(1))
    with store.ingesting(dry_run=True) as session:
        session.remember([])
        session.keep(reading(kept(1, title="Edited"), kept(2)))
        session.note("key", "value")
        assert session.recall("key") == "value"
        assert session.changes() == (FeedChanges(path="", title="", new=1, changed=1),)
        assert session.publish(LATER) == 2

    assert (store.revision(), store.recall("key")) == (1, None)
    with store.snapshot() as snapshot:
        assert [e.title for e in snapshot.all_entries()] == ["Entry 1"]
    with store.ingesting() as session:
        assert session.changes() == ()
        assert [row.slug for row in session.known_in("dump.txt")] == ["entry-1"]


def test_a_dry_run_that_fails_leaves_no_trace(store: Store) -> None:
    with pytest.raises(KeyError), store.ingesting(dry_run=True) as session:
        session.keep(reading(kept(1)))
        raise KeyError

    with store.ingesting() as session:
        assert session.is_fresh


def test_other_settings_move_the_revision_once(store: Store) -> None:
    store.present("one", at("2025-06-01"))
    store.present("one", at("2025-06-03"))
    with store.snapshot() as snapshot:
        assert (snapshot.revision, snapshot.presented()) == (1, at("2025-06-01"))

    store.present("two", at("2025-06-01"))

    assert store.revision() == 2
    with store.snapshot() as snapshot:
        assert snapshot.presented() == at("2025-06-01") + timedelta(seconds=1)


def test_other_settings_show_nothing_of_an_ingest_under_way(store: Store) -> None:
    with store.ingesting() as session:
        session.keep(reading(kept(1)))
        store.present("one", LATER)
        assert Desk(store).slugs() == []
        assert session.publish(LATER) == 2
    assert Desk(store).slugs() == ["entry-1"]


def test_readers_keep_what_they_opened(shared_url: str, open_stores: object) -> None:
    store = open_stores(shared_url)  # type: ignore[operator]
    desk = Desk(store)
    desk.list(kept(1), kept(2))
    with store.snapshot() as snapshot:
        desk.list(kept(1, title="Edited"), vanished=(), digest="2")
        desk.list(kept(1, title="Edited again"), digest="3")

        assert [e.title for e in snapshot.all_entries()] == ["Entry 2", "Entry 1"]
        assert snapshot.revision == 1
    assert store.revision() == 3
