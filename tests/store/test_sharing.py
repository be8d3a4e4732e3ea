"""Entries that several sources list: how they are found, where they live, who gives what."""

from __future__ import annotations

from feedsvc.model import How, Keys, Place
from feedsvc.store import Kept, KnownRow, SourceRead
from feedsvc.store.session import COMMON
from tests.builders import at, dated, entry, kept, reading
from tests.store.conftest import Desk
from tests.store.test_remembering import remembered


def in_feed(number: int = 1, **fields: object) -> Kept:
    return kept(number, Place(source="feed.xml", line=number), **{"is_feed": True} | fields)


def feed(*entries: Kept) -> SourceRead:
    return reading(*entries, name="feed.xml")


def known(desk: Desk, *keys: str, clues: tuple[int, ...] = ()) -> list[KnownRow]:
    with desk.store.ingesting() as session:
        return list(session.known(keys, clues))


def test_an_entry_is_found_by_the_keys_of_its_copies(desk: Desk) -> None:
    desk.list(kept(1, keys=Keys(text="t")))
    desk.ingest(feed(in_feed(keys=Keys(own="o", link="l", text="t"), is_copy=True)))

    (row,) = known(desk, "o")

    assert (row.keys, row.aliases) == (Keys(text="t"), frozenset({"o", "l"}))
    assert row.source == "dump.txt"
    assert row.appears_in == ("dump.txt", "feed.xml")
    assert row.is_published


def test_an_entry_that_moves_is_found_by_the_keys_it_had(desk: Desk) -> None:
    desk.ingest(feed(in_feed(keys=Keys(own="o", link="l"), link="https://x.org/1")))
    desk.list(kept(1, keys=Keys(text="t"), content_text="12345"))

    (row,) = known(desk, "o")

    assert (row.source, row.keys, row.aliases) == ("dump.txt", Keys(text="t"), {"o", "l"})
    assert (row.n_characters, row.is_feed, row.link) == (5, False, None)


def test_clues_find_what_few_entries_share(desk: Desk) -> None:
    day = dated()
    desk.list(
        *(kept(n, published=day, clues=frozenset({7, 100 + n})) for n in range(1, COMMON + 2))
    )

    assert [row.slug for row in known(desk, clues=(7, 103))] == ["entry-3"]
    assert known(desk, clues=(8,)) == []


def test_clues_of_what_is_remembered_find_it(desk: Desk) -> None:
    with desk.store.ingesting() as session:
        session.remember(
            [remembered(1, clues=frozenset({5}), aliases=("o",), link="https://x.org")]
        )

    (row,) = known(desk, clues=(5,))

    assert (row.aliases, row.link, row.is_published) == ({"o"}, "https://x.org", False)


def test_the_ledger_is_told_of_further_keys_but_not_twice(desk: Desk) -> None:
    desk.ingest(feed(in_feed(keys=Keys(own="o", text="t"))))
    desk.list(kept(1, keys=Keys(text="t")))

    with desk.store.ingesting() as session:
        (row,) = session.memory()

    assert (row.keys, row.aliases) == (Keys(text="t"), ("o",))


def test_look_alikes_share_a_clue_with_one_that_this_session_met_first(desk: Desk) -> None:
    desk.list(
        kept(1, clues=frozenset({7})), kept(2, clues=frozenset({8})), kept(3, clues=frozenset({8}))
    )

    with desk.store.ingesting() as session:
        news = (kept(4, clues=frozenset({7, 9})), kept(5, clues=frozenset({7, 10})))
        session.keep(reading(*news, name="b.txt"))
        found = [[[row.slug for row in side] for side in pair] for pair in session.look_alikes()]

    assert found == [[["entry-4", "entry-5"], ["entry-1"]]]


def test_which_ids_are_taken(desk: Desk) -> None:
    desk.list(kept(1), kept(2))

    with desk.store.ingesting() as session:
        assert session.taken([entry(2).id, "urn:other"]) == {entry(2).id}


def test_a_copy_may_give_a_better_date_and_the_page(desk: Desk) -> None:
    undated = dated("2025-06-01", How.SEEN)
    desk.list(kept(1, published=undated, updated=undated.instant, tags=("own",)))
    stated = dated("2024-02-03")
    copy = in_feed(
        published=stated,
        updated=stated.instant,
        title="Another",
        link="https://x.org/1",
        is_copy=True,
        gives_date=True,
        gives_page=True,
    )

    desk.ingest(feed(copy))

    with desk.store.snapshot() as snapshot:
        shown = snapshot.entry("entry-1")
    assert shown is not None
    assert (shown.published, shown.updated) == (stated, at("2024-02-03"))
    assert (shown.link, shown.title, shown.tags) == ("https://x.org/1", "Entry 1", ("own",))
    (row,) = known(desk, shown.id)
    assert (row.published, row.link, row.source) == (stated, "https://x.org/1", "dump.txt")


def test_a_source_is_vacated_of_what_lives_elsewhere_now(desk: Desk) -> None:
    old = (Place(source="old.md", section="Old"),)
    desk.ingest(reading(kept(1, *old), kept(2, *old), name="old.md"))
    desk.ingest(reading(kept(1, Place(source="new.md", section="New")), name="new.md"))

    with desk.store.ingesting() as session:
        session.vacate("old.md")
        session.publish(at("2025-06-02"))
        left = [row.slug for row in session.known_in("old.md")]

    assert left == ["entry-2"]
    with desk.store.snapshot() as snapshot:
        moved = snapshot.entry("entry-1")
    assert moved is not None
    assert (moved.source, moved.also_in, moved.section) == ("new.md", (), "New")
    assert [listing.section for listing in moved.sections] == ["New"]
