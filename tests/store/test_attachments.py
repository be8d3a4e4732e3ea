"""Files that seeds bring along: kept with the entries that refer to them, shown with them."""

from __future__ import annotations

from dataclasses import replace

from feedsvc.model import Attachment, Tombstone
from feedsvc.store import NEVER, Kept
from tests.builders import at, kept, reading
from tests.store.conftest import Desk

CAT = Attachment(
    path="/media/0123456789abcdef/cat.png",
    file="/seeds/cat.png",
    media_type="image/png",
    size_bytes=70,
    stamp="70-1",
)
DOG = replace(CAT, path="/media/fedcba9876543210/dog.png", file="/seeds/dog.png")


def with_files(number: int, *files: Attachment, **fields: object) -> Kept:
    one = kept(number, attachments=files, **fields)
    paths = tuple(file.path for file in files)
    return replace(one, entry=replace(one.entry, attachments=paths))


def shown(desk: Desk) -> list[Attachment]:
    with desk.store.snapshot() as snapshot:
        return list(snapshot.attachments())


def found(desk: Desk, path: str) -> Attachment | None:
    with desk.store.snapshot() as snapshot:
        return snapshot.attachment(path)


def test_a_file_shows_while_an_entry_refers_to_it(desk: Desk) -> None:
    desk.list(with_files(1, CAT), with_files(2, DOG, CAT))

    assert shown(desk) == [CAT, DOG]
    assert found(desk, CAT.path) == CAT
    assert found(desk, "/media/0123456789abcdef/other.png") is None


def test_an_entry_tells_its_files(desk: Desk) -> None:
    desk.list(with_files(1, CAT, DOG))

    with desk.store.snapshot() as snapshot:
        (one,) = snapshot.entries("", 10)
    assert one.attachments == (CAT.path, DOG.path)


def test_a_file_nobody_refers_to_any_longer_is_gone(desk: Desk) -> None:
    desk.list(with_files(1, CAT), with_files(2, CAT, DOG))

    desk.list(with_files(1, CAT), with_files(2))

    assert shown(desk) == [CAT]
    assert found(desk, DOG.path) is None


def test_nothing_shows_before_it_is_published(desk: Desk) -> None:
    desk.list(with_files(1, CAT))

    with desk.store.ingesting() as session:
        session.keep(reading(with_files(1, DOG)))

    assert shown(desk) == [CAT]
    desk.list(with_files(1, DOG))
    assert shown(desk) == [DOG]


def test_a_draft_shows_no_file(desk: Desk) -> None:
    desk.list(with_files(1, CAT, hold_until=NEVER))

    assert shown(desk) == []


def test_a_removed_entry_takes_its_files_with_it(desk: Desk) -> None:
    desk.list(with_files(1, CAT), with_files(2, DOG))
    stone = Tombstone(id=kept(1).entry.id, slug="entry-1", removed=at("2025-06-01"))

    desk.ingest(bury=(stone,))

    assert shown(desk) == [DOG]


def test_a_file_that_moved_is_found_at_its_new_place(desk: Desk) -> None:
    desk.list(with_files(1, CAT))

    desk.list(with_files(1, replace(CAT, file="/elsewhere/cat.png", stamp="70-2")))

    assert found(desk, CAT.path) == replace(CAT, file="/elsewhere/cat.png", stamp="70-2")


def test_an_entry_renewed_for_its_place_alone_keeps_its_files(desk: Desk) -> None:
    desk.list(with_files(1, CAT))

    desk.ingest(reading(replace(with_files(1, CAT), is_copy=True), name="again.txt"))

    assert shown(desk) == [CAT]


def test_many_files_are_kept_at_once(desk: Desk) -> None:
    files = [replace(CAT, path=f"/media/{n:016x}/cat.png") for n in range(1200)]

    desk.list(with_files(1, *files))

    assert shown(desk) == files


def test_the_stamp_of_a_source_is_kept(desk: Desk) -> None:
    desk.list(kept(1), stamp="120-17")

    with desk.store.ingesting() as session:
        state = session.source("dump.txt")
    assert state is not None
    assert state.stamp == "120-17"
