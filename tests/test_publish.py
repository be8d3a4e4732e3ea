"""The publisher: one document a path and revision, and when each was last modified."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest

from feedsvc import publish
from feedsvc.errors import GonePath, UnknownPath
from feedsvc.model import Attachment, Content, Entry, Keys, Place, Tombstone
from feedsvc.publish import Presentation, Publisher
from feedsvc.store import Kept, Store, open_store
from tests.builders import at, entry, reading, site

FIRST, SECOND, LATER = at("2025-06-01"), at("2025-06-02"), at("2025-06-03")
PRESENTED = at("2025-05-31")


@pytest.fixture
def store() -> Iterator[Store]:
    """Holds three entries: in no section, in "World", first in the list "Popular"."""
    opened = open_store("sqlite://")
    put(opened, FIRST, everything())
    opened.present("settings", PRESENTED)
    yield opened
    opened.close()


def everything() -> tuple[Entry, ...]:
    return entry(1), entry(2), entry(3)


def put(store: Store, now: datetime, entries: tuple[Entry, ...], *stones: Tombstone) -> None:
    sections = {"2": ("World", None), "3": ("Popular", 1)}
    with store.ingesting() as session:
        rows = []
        for one in entries:
            section, rank = sections.get(one.id[-1], (None, None))
            place = Place(source=one.source, line=one.line, section=section, rank=rank)
            rows.append(Kept(entry=one, keys=Keys(text=one.id), places=(place,)))
        session.keep(reading(*rows))
        session.bury(stones)
        session.publish(now)


def publisher_of(store: Store, **settings: object) -> Publisher:
    return Publisher(store, Presentation(site=site(), **settings))  # type: ignore[arg-type]


def moments(publisher: Publisher) -> dict[str, datetime]:
    return {path: publisher.document(path).modified for path in publisher.paths()}


def test_every_feed_has_every_format_and_the_heads_come_last(store: Store) -> None:
    paths = list(publisher_of(store).paths())

    assert [path for path in paths if not path.startswith("/assets/")] == [
        "/entries/entry-3/index.html",
        "/entries/entry-2/index.html",
        "/entries/entry-1/index.html",
        "/feeds.opml",
        *(
            f"{folder}/{name}"
            for folder in ("/sections/popular", "/sections/world", "")
            for name in ("index.html", "feed.json", "atom.xml", "rss.xml")
        ),
    ]


def test_a_ranked_list_is_a_complete_feed_and_shows_all_of_it(store: Store) -> None:
    feeds = {feed.path: (feed.is_ranked, feed.size) for feed in publisher_of(store, size=1).feeds()}

    assert feeds == {
        "": (False, 1),
        "sections/world": (False, 1),
        "sections/popular": (True, 1),
    }


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "rss.xml",
        "//rss.xml",
        "///rss.xml",
        "/rss.xml/",
        "/nothing.xml",
        "/entries/entry-1/rss.xml",
        "/entries/entry-1/",
        "/entries//index.html",
        "/entries/nobody/index.html",
        "/entries/a/b/index.html",
        "/entries/\x00/index.html",
        "/entries/\ud800/index.html",
        "/sections//rss.xml",
        "/sections/rss.xml",
        "/sections/world//rss.xml",
        "//sections/world/rss.xml",
        "/sections/nothing/rss.xml",
        "/assets//page.css",
        "/assets/x/page.css",
        "/assets/nothing.css",
    ],
)
def test_nothing_is_published_at_an_odd_path(store: Store, path: str) -> None:
    with pytest.raises(UnknownPath) as caught:
        publisher_of(store).document(path)

    assert not isinstance(caught.value, GonePath)


def test_an_entry_with_a_page_of_its_own_has_none_here(store: Store) -> None:
    put(store, SECOND, (entry(1, link="https://example.com/1"), entry(2), entry(3)))
    publisher = publisher_of(store)

    with pytest.raises(UnknownPath):
        publisher.document("/entries/entry-1/index.html")
    assert "/entries/entry-1/index.html" not in set(publisher.paths())


def test_the_page_of_what_was_taken_back_is_gone(store: Store) -> None:
    first = entry(1)
    put(store, SECOND, everything(), Tombstone(id=first.id, slug=first.slug, removed=SECOND))

    with pytest.raises(GonePath):
        publisher_of(store).document("/entries/entry-1/index.html")


def test_a_document_is_rendered_once_a_revision(store: Store) -> None:
    publisher = publisher_of(store)
    first = {path: publisher.document(path) for path in publisher.paths()}
    put(store, SECOND, (entry(1, title="Edited"), entry(2), entry(3)))

    second = {path: publisher.document(path) for path in first}

    assert all(publisher.document(path) is second[path] for path in second)
    assert all(first[path] is not second[path] for path in second)
    assert b"Edited" in second["/rss.xml"].body


def test_an_ingest_that_changes_nothing_renders_nothing(store: Store) -> None:
    publisher = publisher_of(store)
    before = publisher.document("/rss.xml")
    put(store, SECOND, everything())

    assert publisher.document("/rss.xml") is before


def test_the_longest_unused_go_when_the_kept_bytes_are_too_many(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher = publisher_of(store)
    rss, atom = (publisher.document(path) for path in ("/rss.xml", "/atom.xml"))
    monkeypatch.setattr(publish, "KEPT_BYTES", len(rss.body) + len(atom.body) + 1)
    publisher.document("/rss.xml")

    publisher.document("/feed.json")

    assert publisher.document("/rss.xml") is rss
    assert publisher.document("/atom.xml") is not atom


def test_one_document_is_kept_however_large(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "KEPT_BYTES", 1)
    publisher = publisher_of(store)

    assert publisher.document("/rss.xml") is publisher.document("/rss.xml")


def changed_paths(store: Store, change: Callable[[], None]) -> set[str]:
    """Feeds and pages whose `modified` moved, without the assets."""
    publisher = publisher_of(store)
    before = moments(publisher)
    change()
    after = moments(publisher)
    return {path for path in after if after[path] != before.get(path)}


def test_a_change_in_one_section_moves_its_feeds_and_the_sites_alone(store: Store) -> None:
    edited = (entry(1), entry(2, title="Edited"), entry(3))

    moved = changed_paths(store, lambda: put(store, SECOND, edited))

    assert {path for path in moved if not path.endswith("index.html")} == {
        "/rss.xml",
        "/atom.xml",
        "/feed.json",
        "/sections/world/rss.xml",
        "/sections/world/atom.xml",
        "/sections/world/feed.json",
        "/feeds.opml",
    }
    # The pages for people list all feeds with their counts; an entry's own page moves alone.
    assert {path for path in moved if path.startswith("/entries/")} == {
        "/entries/entry-2/index.html"
    }
    assert publisher_of(store).document("/sections/world/rss.xml").modified == SECOND
    assert publisher_of(store).document("/sections/popular/rss.xml").modified == FIRST


def test_a_removal_moves_the_feeds_it_was_in(store: Store) -> None:
    second = entry(2)
    stone = Tombstone(id=second.id, slug=second.slug, removed=SECOND)

    moved = changed_paths(store, lambda: put(store, SECOND, everything(), stone))

    assert "/sections/world/rss.xml" in moved and "/rss.xml" in moved
    assert "/sections/popular/rss.xml" not in moved


def test_changed_settings_move_everything(store: Store) -> None:
    publisher = publisher_of(store)
    paths = set(publisher.paths())

    moved = changed_paths(store, lambda: store.present("other settings", LATER))

    assert moved == paths


def test_modified_only_grows(store: Store) -> None:
    put(store, FIRST - timedelta(days=9), (entry(1, title="Edited"), entry(2), entry(3)))

    assert publisher_of(store).document("/rss.xml").modified == FIRST + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("change", "is_same"),
    [
        pytest.param({}, True, id="the same"),
        pytest.param({"size": 10}, False, id="size"),
        pytest.param({"content": Content.FULL}, False, id="content"),
        pytest.param({"version": "2"}, False, id="a program that may write other bytes"),
        pytest.param({"site": site(title="Other")}, False, id="title"),
    ],
)
def test_what_shows_makes_the_digest(change: dict[str, object], is_same: bool) -> None:
    plain = Presentation(site=site())

    changed = Presentation(**{"site": site()} | change)  # type: ignore[arg-type]

    assert (changed.digest() == plain.digest()) is is_same


def test_an_empty_store_has_the_sites_feed(store: Store) -> None:
    empty = open_store("sqlite://")

    publisher = publisher_of(empty)

    assert b"<title>A site</title>" in publisher.document("/rss.xml").body
    assert [feed.path for feed in publisher.feeds()] == [""]
    empty.close()


def test_a_file_of_the_seeds_is_published_while_an_entry_refers_to_it(store: Store) -> None:
    file = Attachment(
        path="/media/0123456789abcdef/cat.png",
        file="/seeds/cat.png",
        media_type="image/png",
        size_bytes=70,
        stamp="70-1",
    )
    publisher = publisher_of(store)
    assert list(publisher.media_paths()) == []

    one = entry(1, attachments=(file.path,))
    place = Place(source=one.source, line=1)
    row = Kept(entry=one, keys=Keys(text=one.id), places=(place,), attachments=(file,))
    with store.ingesting() as session:
        session.keep(reading(row))
        session.publish(LATER)

    assert list(publisher.media_paths()) == [file.path]
    assert publisher.media(file.path) == file
    with pytest.raises(UnknownPath):
        publisher.media("/media/0123456789abcdef/dog.png")
