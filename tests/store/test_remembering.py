"""Identities that outlive the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from feedsvc.model import How, Keys, Tombstone
from feedsvc.store import Remembered, Store
from tests.builders import at, dated, entry, kept, reading
from tests.store.conftest import Desk


def remembered(number: int, **fields: object) -> Remembered:
    one = entry(number)
    return Remembered(
        **{
            "id": one.id,
            "slug": one.slug,
            "keys": Keys(text=f"text {number}"),
            "source": "dump.txt",
            "published": one.published,
            "updated": one.updated,
        }
        | fields  # type: ignore[arg-type]
    )


def test_every_identity_is_told_sorted_by_id(desk: Desk) -> None:
    desk.list(
        kept(3, source_id="guid", group="teasers", folded="entry 3", shingles=frozenset({9, 1})),
        kept(1, hold_until=at("2099-01-01")),
        kept(2),
    )
    removed = at("2025-06-01")
    two = entry(2)
    desk.ingest(bury=(Tombstone(id=two.id, slug=two.slug, removed=removed, reason="an error"),))

    with desk.store.ingesting() as session:
        memory = list(session.memory())
    assert memory == [
        remembered(1),
        remembered(2, removed=removed, reason="an error"),
        remembered(
            3, source_id="guid", group="teasers", folded="entry 3", shingles=frozenset({1, 9})
        ),
    ]


def test_a_fresh_store_remembers_and_shows_nothing(desk: Desk) -> None:
    full = remembered(
        1,
        source_id="guid",
        keys=Keys(own="o", link="l", text="t"),
        shingles=frozenset({1}),
        folded="f",
        group="g",
        published=dated("2025-05-13", How.DERIVED, evidence="on May 13"),
        updated=at("2025-05-14"),
        fingerprint="p",
    )
    with desk.store.ingesting() as session:
        assert session.is_fresh
        session.remember([full])
        assert not session.is_fresh
        assert session.publish(desk.now) == 0
        (row,) = session.known(["l"])
        assert session.known_in("dump.txt") == (row,)
        assert session.known_in("b.txt") == ()
        assert list(session.memory()) == [full]
    assert (row.id, row.slug, row.published, row.fingerprint) == (
        full.id, full.slug, full.published, "p",
    )  # fmt: skip
    assert (row.is_removed, row.appears_in) == (False, ())
    assert desk.slugs() == []


def test_a_remembered_entry_shows_once_it_is_kept(desk: Desk) -> None:
    with desk.store.ingesting() as session:
        session.remember([remembered(1), remembered(2)])
        session.keep(reading(kept(1)))
        assert [row.slug for row in session.known_in("dump.txt")] == ["entry-1", "entry-2"]
        session.publish(desk.now)

    assert desk.slugs() == ["entry-1"]


def test_a_remembered_removal_holds_from_the_first_revision(desk: Desk) -> None:
    with desk.store.ingesting() as session:
        session.remember([remembered(1, removed=at("2025-03-01"), reason="an error")])
        session.keep(reading(kept(1), kept(2)))
        session.publish(desk.now)

    assert desk.slugs() == ["entry-2"]
    with desk.store.snapshot() as snapshot:
        assert [one.reason for one in snapshot.tombstones("", 5)] == ["an error"]


def test_what_is_known_already_is_left_as_it_is(desk: Desk) -> None:
    desk.list(kept(1))
    with desk.store.ingesting() as session:
        before = session.known([entry(1).id])
        session.remember([replace(remembered(1), slug="other", fingerprint="other")])
        assert session.known([entry(1).id]) == before


def test_a_database_made_from_memory_tells_the_same(
    store: Store, open_stores: Callable[[str], Store]
) -> None:
    Desk(store).list(*(kept(n % 28 + 1, id=f"urn:{n}", slug=f"s{n}") for n in range(600)))
    with store.ingesting() as session:
        memory = list(session.memory())
    with open_stores("sqlite://").ingesting() as session:
        session.remember(memory)
        assert list(session.memory()) == memory
    assert [row.id for row in memory] == sorted(f"urn:{n}" for n in range(600))
