"""What a reading of a source makes of the feeds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from feedsvc.model import (
    Author,
    Candidate,
    Family,
    How,
    Keys,
    Listing,
    Media,
    Membership,
    Place,
    Precision,
    Refused,
)
from feedsvc.store import Kept, SourceRead, Store, open_store
from tests.builders import at, dated, entry, kept, reading
from tests.store.conftest import Choice, Desk


def popular(line: int, rank: int | None, source: str = "dump.txt") -> Place:
    return Place(source=source, line=line, section="Most Popular", rank=rank)


def world(line: int, source: str = "dump.txt") -> Place:
    return Place(source=source, line=line, section="World")


def test_an_entry_comes_back_as_it_was_kept(desk: Desk) -> None:
    full = entry(
        1,
        title="Grüße aus 東京 🙂 %_/\\",
        title_is_derived=True,
        published=dated(
            "2025-05-13T12:00:03",
            How.DERIVED,
            precision=Precision.DAY,
            offset_minutes=-330,
            confidence=0.7,
            evidence="on May 13",
            rule="day without a year",
        ),
        updated=at("2025-05-20T08:00:00.000123"),
        link="https://example.org/a?b=c&d",
        source_id="guid 1",
        section="World",
        sections=(Listing(section="World", slug="world"),),
        tags=("a", "b"),
        authors=(Author(name="Ada", email="ada@example.org"), Author(name="Bob")),
        media=(Media(url="https://example.org/a.jpg", size_bytes=0, is_image=True),),
        language="de",
        place=7,
        line=4,
        fingerprint="f",
        feeds=(Membership(path="sections/world", family=Family.SECTIONS, name="World"),),
        expires=at("2030-01-01"),
    )
    bare = replace(full, section=None, sections=(), feeds=())

    desk.list(Kept(entry=bare, keys=Keys(own="o"), places=(world(4),)))

    with desk.store.snapshot() as snapshot:
        assert snapshot.entry("entry-1") == full


def test_entries_stand_newest_first_then_from_the_top_then_by_id(desk: Desk) -> None:
    same = dated("2025-05-01")

    desk.list(
        kept(1),
        kept(2, published=same, place=0),
        kept(3, published=same, place=5),
        kept(4, id="urn:b", published=same),
        kept(5, id="urn:B", published=same),
        kept(6, id="urn:é", published=same),
    )

    assert desk.slugs() == ["entry-3", "entry-5", "entry-4", "entry-1", "entry-2", "entry-6"]


def test_dates_before_1970_sort_with_the_others(desk: Desk) -> None:
    desk.list(
        kept(1, published=dated("1901-02-03")), kept(2), kept(3, published=dated("1969-12-31"))
    )

    assert desk.slugs() == ["entry-2", "entry-3", "entry-1"]


def test_a_ranked_list_is_in_order_of_rank(desk: Desk) -> None:
    desk.list(kept(1, popular(1, 3)), kept(2, popular(2, 1)), kept(3, popular(3, 2)), kept(4))

    assert desk.slugs("sections/most-popular") == ["entry-2", "entry-3", "entry-1"]
    assert desk.slugs() == ["entry-4", "entry-3", "entry-2", "entry-1"]


def test_what_leaves_a_ranked_list_leaves_its_section_alone(desk: Desk) -> None:
    desk.list(kept(1, popular(1, 1)), kept(2, popular(2, 2)))

    desk.list(kept(2, popular(1, 1)), vanished=(entry(1).id,))

    assert desk.slugs("sections/most-popular") == ["entry-2"]
    assert desk.slugs() == ["entry-2", "entry-1"]


def test_what_vanishes_from_another_section_stays_in_it(desk: Desk) -> None:
    desk.list(kept(1, world(1)), kept(2, world(2)))

    desk.list(kept(2, world(1)), vanished=(entry(1).id,))
    desk.list(kept(2, world(2)))

    assert desk.slugs("sections/world") == ["entry-2", "entry-1"]
    with desk.store.snapshot() as snapshot:
        assert snapshot.entry("entry-1").section == "World"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("places", "section", "sections"),
    [
        pytest.param([Place(source="dump.txt", line=1)], None, [], id="in no section"),
        pytest.param([world(1)], "World", ["World"], id="in one"),
        pytest.param(
            [Place(source="dump.txt", line=1), popular(9, 2)],
            None,
            ["Most Popular"],
            id="first outside, then in a list",
        ),
        pytest.param(
            [popular(9, 2), world(12)], "Most Popular", ["Most Popular", "World"], id="in two"
        ),
    ],
)
def test_the_section_is_that_of_the_first_appearance(
    desk: Desk, places: list[Place], section: str | None, sections: list[str]
) -> None:
    desk.list(kept(1, *places))

    with desk.store.snapshot() as snapshot:
        (found,) = snapshot.all_entries()
    assert (found.section, [one.section for one in found.sections]) == (section, sections)
    assert found.line == places[0].line
    assert found.also_in == tuple(places[1:])


def test_an_entry_listed_twice_in_a_section_has_the_better_rank(desk: Desk) -> None:
    desk.list(kept(1, popular(1, 4), popular(2, 2)), kept(2, popular(3, 3)))

    assert desk.slugs("sections/most-popular") == ["entry-1", "entry-2"]
    assert desk.counts() == {"": 2, "sections/most-popular": 2}


def test_a_copy_in_another_source_adds_a_place_and_changes_nothing_else(desk: Desk) -> None:
    desk.list(kept(1, world(1)))
    copy = kept(1, popular(5, 1, "b.txt"), title="Another title", is_copy=True)

    desk.ingest(reading(copy, name="b.txt"))

    with desk.store.snapshot() as snapshot:
        (found,) = snapshot.all_entries()
    assert (found.title, found.source, found.line, found.section) == (
        "Entry 1",
        "dump.txt",
        1,
        "World",
    )
    assert found.also_in == (popular(5, 1, "b.txt"),)
    assert desk.counts() == {"": 1, "sections/world": 1, "sections/most-popular": 1}


def test_an_entry_moves_when_its_source_drops_it_and_another_lists_it(desk: Desk) -> None:
    desk.list(kept(1))
    desk.ingest(reading(kept(1, Place(source="b.txt", line=8), is_copy=True), name="b.txt"))
    desk.ingest(reading())

    desk.ingest(reading(kept(1, Place(source="b.txt", line=9), title="New"), name="b.txt"))

    with desk.store.snapshot() as snapshot:
        (found,) = snapshot.all_entries()
    assert (found.title, found.source, found.line, found.also_in) == ("New", "b.txt", 9, ())


def test_appearances_names_what_is_listed_more_than_once(desk: Desk) -> None:
    desk.list(kept(1, world(1), popular(7, 2)), kept(2))

    with desk.store.snapshot() as snapshot:
        found = [(one.slug, places) for one, places in snapshot.appearances()]
    assert found == [("entry-1", (world(1), popular(7, 2)))]


def test_the_feeds_are_the_sites_own_then_as_they_first_appeared(desk: Desk) -> None:
    desk.list(kept(1, world(1)), kept(2, popular(2, 1)))
    desk.list(kept(1, Place(source="dump.txt", section="Arts")), kept(2, popular(2, 1)), digest="2")

    with desk.store.snapshot() as snapshot:
        feeds = [(f.path, f.title, f.is_ranked, f.n_entries) for f in snapshot.feeds()]
    assert feeds == [
        ("", "", False, 2),
        ("sections/world", "World", False, 0),
        ("sections/most-popular", "Most Popular", True, 1),
        ("sections/arts", "Arts", False, 1),
    ]


def test_an_empty_store_has_the_sites_feed(desk: Desk) -> None:
    assert desk.counts() == {"": 0}
    assert desk.changed() == at("2000-01-01T00:00:00")
    assert desk.store.revision() == 0


def test_whoever_opens_the_store_says_which_feeds_there_are(store_url: str) -> None:
    store = open_store(store_url, selector=Choice(sections="topics/{name}"))
    desk = Desk(store)

    desk.list(kept(1, world(1)))

    assert desk.slugs("topics/world") == ["entry-1"]
    store.close()


@pytest.mark.parametrize(
    ("name", "path"),
    [
        pytest.param("Editors' Picks", "sections/editors-picks", id="ASCII"),
        pytest.param("Économie", "sections/economie-1afa920e", id="folding lost an accent"),
        pytest.param("経済", "sections/aa926224", id="nothing left"),
    ],
)
def test_a_section_has_an_ascii_address(desk: Desk, name: str, path: str) -> None:
    desk.list(kept(1, Place(source="dump.txt", section=name)))

    assert list(desk.counts()) == ["", path]


def test_a_source_is_known_by_its_last_reading(desk: Desk) -> None:
    refused = Refused(
        source="dump.txt", line=3, reason="no text", remedy="write some", words="\0\ud800"
    )

    desk.list(
        kept(1), kept(2, world(1), world(2)), digest="abc", reader="textdump", refused=(refused,)
    )

    with desk.store.ingesting() as session:
        state = session.source("dump.txt")
        assert state and (state.digest, state.reader, state.n_items) == ("abc", "textdump", 4)
        assert session.sources() == (state,)
        assert session.source("other.txt") is None
    with desk.store.snapshot() as snapshot:
        assert snapshot.refused() == (replace(refused, words="\ufffd?"),)
    desk.list(kept(1), digest="abd")
    with desk.store.snapshot() as snapshot:
        assert snapshot.refused() == ()


def test_entries_are_known_by_any_key_and_by_id(desk: Desk) -> None:
    keys = Keys(own="o1", link="l1", text="t1")
    shingles = frozenset({0, 5, 2**32 - 1})
    desk.list(
        kept(1, keys=keys, shingles=shingles, folded="entry 1", group="teasers", fingerprint="f"),
        kept(2, keys=Keys(link="l2"), shingles=frozenset({2**64 - 1})),
        kept(3),
    )

    with desk.store.ingesting() as session:
        found = [session.known([key]) for key in ("o1", "l1", "t1", entry(1).id)]
        (second,) = session.known(["l2"])
        many = session.known([f"x{n}" for n in range(1200)] + ["l2", "o1"])
        assert session.is_taken(entry(3).id)
        assert not session.is_taken("urn:none")
    assert {len(rows) for rows in found} == {1}
    assert len({rows[0] for rows in found}) == 1
    row = found[0][0]
    assert (row.id, row.slug, row.keys, row.shingles) == (entry(1).id, "entry-1", keys, shingles)
    assert (row.folded, row.group, row.source, row.fingerprint) == (
        "entry 1",
        "teasers",
        "dump.txt",
        "f",
    )
    assert (row.published, row.updated) == (entry(1).published, entry(1).updated)
    assert (row.is_removed, row.appears_in) == (False, ("dump.txt",))
    assert second.shingles == frozenset({2**64 - 1})
    assert [one.slug for one in many] == ["entry-1", "entry-2"]


def test_a_source_knows_what_it_listed_last(desk: Desk) -> None:
    desk.list(kept(1), kept(2))
    desk.ingest(reading(kept(3, Place(source="b.txt")), name="b.txt"))
    desk.list(kept(2), vanished=(entry(1).id,))

    with desk.store.ingesting() as session:
        here = [row.slug for row in session.known_in("dump.txt")]
        (vanished,) = session.known([entry(1).id])
    assert here == ["entry-2"]
    assert vanished.appears_in == ()


def test_why_an_entry_is_so_is_kept_beside_it(desk: Desk) -> None:
    candidates = (
        Candidate(rule="r", evidence="May 13", day="2025-05-13", how=How.DERIVED, confidence=0.9, verdict="chosen"),
        Candidate(rule="s", evidence="", day="", how=How.SEEN, confidence=0, verdict="weaker"),
    )  # fmt: skip
    desk.list(kept(1, world(1), candidates=candidates, title_rule="given", linked_how="new"))

    with desk.store.snapshot() as snapshot:
        story = snapshot.story(entry(1).id)
        assert snapshot.story("urn:none") is None
        assert story and story.entry == snapshot.entry("entry-1")
    assert (story.candidates, story.title_rule, story.linked_how) == (candidates, "given", "new")
    assert (story.keys, story.appearances) == (Keys(text="text 1"), (world(1),))


def test_notes_are_kept(desk: Desk) -> None:
    with desk.store.ingesting() as session:
        assert session.recall("site id") is None
        session.note("site id", "a")
        session.note("site id", "b")
        assert session.recall("site id") == "b"
    assert desk.store.recall("site id") == "b"


def test_one_id_twice_in_a_reading_is_refused_at_birth() -> None:
    with pytest.raises(ValueError, match="kept twice"):
        SourceRead(name="dump.txt", digest="1", kept=(kept(1), kept(1)))


def test_thousands_at_once_are_all_there(store: Store) -> None:
    desk = Desk(store)
    start = at("2025-01-01").timestamp()
    many = [
        kept(n, published=dated(at("2025-01-01").fromtimestamp(start + n, at("2025-01-01").tzinfo).isoformat()))
        for n in range(1, 1301)
    ]  # fmt: skip

    desk.list(*many)

    with store.snapshot() as snapshot:
        assert [e.slug for e in snapshot.all_entries()] == [
            f"entry-{n}" for n in range(1300, 0, -1)
        ]
        assert list(snapshot.slugs()) == [f"entry-{n}" for n in range(1300, 0, -1)]
    assert desk.counts() == {"": 1300}
