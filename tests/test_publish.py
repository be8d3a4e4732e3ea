"""The publisher: one document a path and revision, and when each was last modified."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from feedsvc import formats, publish
from feedsvc.check import check_document
from feedsvc.config import Settings
from feedsvc.errors import DocumentRefused, GonePath, UnknownPath
from feedsvc.model import (
    Attachment,
    Author,
    Chapter,
    Entry,
    Episode,
    Keys,
    Page,
    Place,
    Site,
    Tombstone,
)
from feedsvc.presentation import Presentation
from feedsvc.publish import Publisher
from feedsvc.selection import Selector
from feedsvc.store import Kept, Store, open_store
from tests.builders import at, dated, entry, reading, site

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


def presentation(*, version: str = "", of_site: Site | None = None, **tables: Any) -> Presentation:
    settings = Settings.model_validate(tables)
    return Presentation(site=of_site or site(), settings=settings, version=version)


def publisher_of(store: Store, *, is_strict: bool = False, **settings: Any) -> Publisher:
    return Publisher(store, presentation(**settings), is_strict=is_strict)


def moments(publisher: Publisher) -> dict[str, datetime]:
    return {path: publisher.document(path).modified for path in publisher.paths()}


def test_every_feed_has_every_format_and_the_heads_come_last(store: Store) -> None:
    paths = list(publisher_of(store).paths())

    assert [path for path in paths if not path.startswith("/assets/")] == [
        "/entries/entry-3/index.html",
        "/entries/entry-2/index.html",
        "/entries/entry-1/index.html",
        "/feeds.opml",
        "/sitemap.xml",
        *(
            f"{folder}/{name}"
            for folder in ("/sections/popular", "/sections/world", "")
            for name in ("index.html", "feed.json", "atom.xml", "rss.xml")
        ),
    ]


def test_a_ranked_list_is_a_complete_feed_and_shows_all_of_it(store: Store) -> None:
    feeds = {
        feed.path: (feed.is_ranked, feed.size)
        for feed in publisher_of(store, site={"size": 1}).feeds()
    }

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
        "/sitemap.xml",
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
        pytest.param({"site": {"size": 10}}, False, id="size"),
        pytest.param({"site": {"content": "full"}}, False, id="content"),
        pytest.param({"version": "2"}, False, id="a program that may write other bytes"),
        pytest.param({"of_site": site(title="Other")}, False, id="title"),
    ],
)
def test_what_shows_makes_the_digest(change: dict[str, Any], is_same: bool) -> None:
    assert (presentation(**change).digest() == presentation().digest()) is is_same


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


def many(n: int, first: int = 1) -> tuple[Entry, ...]:
    """Entries an hour apart, each later than those before."""
    start = at("2025-01-01")
    return tuple(
        entry(
            1,
            id=f"urn:test:{k}",
            slug=f"n-{k}",
            title=f"Number {k}",
            published=dated(when.isoformat()),
        )
        for k in range(first, first + n)
        for when in [start + timedelta(hours=k)]
    )


@pytest.fixture
def long() -> Iterator[Store]:
    """Holds 25 entries, ten on an archive page."""
    opened = open_store("sqlite://", selector=Selector(Settings(site={"size": 10})))
    put(opened, FIRST, many(25))
    yield opened
    opened.close()


def archives(publisher: Publisher) -> dict[str, bytes]:
    paths = [path for path in publisher.paths() if "/archive/" in path]
    return {path: publisher.document(path).body for path in paths}


def test_full_pages_of_the_past_are_archives_in_every_format(long: Store) -> None:
    assert set(archives(publisher_of(long, site={"size": 10}))) == {
        f"/archive/1/{name}" for name in ("rss.xml", "atom.xml", "feed.json", "index.html")
    }


def test_walking_from_the_living_page_meets_every_entry_once(long: Store) -> None:
    publisher = publisher_of(long, site={"size": 10})
    met: list[str] = []
    address = "http://127.0.0.1:8000/feed.json"
    while address:
        page = json.loads(publisher.document(urlsplit(address).path).body)
        met += [item["id"] for item in page["items"]]
        address = page.get("next_url", "")

    assert sorted(met) == sorted(f"urn:test:{k}" for k in range(1, 26))


def test_archives_keep_their_bytes_but_for_the_newest_that_gains_its_next(long: Store) -> None:
    before = archives(publisher_of(long, site={"size": 10}))
    put(long, SECOND, many(60))

    after = archives(publisher_of(long, site={"size": 10}))

    assert len(after) == 5 * 4
    assert all(b"archive/2" in after[path] for path in before if path.endswith(".xml"))
    put(long, LATER, many(90))
    later = archives(publisher_of(long, site={"size": 10}))
    stable = [path for path in after if "/archive/5/" not in path]
    assert {path for path in stable if later[path] != after[path]} == set()


@pytest.mark.parametrize(
    "path",
    ["/archive/0/rss.xml", "/archive/2/rss.xml", "/archive/01/rss.xml", "/archive/1/", "/archive/x/rss.xml"],
)  # fmt: skip
def test_there_is_no_archive_that_is_not_full(long: Store, path: str) -> None:
    with pytest.raises(UnknownPath):
        publisher_of(long, site={"size": 10}).document(path)


def test_archives_may_be_kept_for_a_day(long: Store) -> None:
    publisher = publisher_of(long, site={"size": 10})

    assert publisher.document("/archive/1/rss.xml").max_age == 86_400


def test_further_addresses_answer_with_the_same_bytes(store: Store) -> None:
    also = ["/feed.xml", "/old/atom.xml", "/old/feed.json"]
    publisher = publisher_of(store, feed=[{"path": "", "also_at": also}])

    bodies = [publisher.document(path).body for path in also]

    own = [publisher.document(path).body for path in ("/rss.xml", "/atom.xml", "/feed.json")]
    assert bodies == own
    assert set(also) <= set(publisher.paths())


def test_a_feed_taken_out_of_the_settings_is_gone() -> None:
    picked = {"feed": [{"path": "picked"}]}
    store = open_store("sqlite://", selector=Selector(Settings.model_validate(picked)))
    put(store, FIRST, everything())
    assert publisher_of(store, **picked).document("/picked/rss.xml")

    with pytest.raises(GonePath):
        publisher_of(store).document("/picked/rss.xml")
    store.close()


def test_a_named_feed_that_holds_nothing_yet_is_a_feed(store: Store) -> None:
    publisher = publisher_of(store, feed=[{"path": "picked", "include": {"tags": "none"}}])

    assert b"<title>Picked" in publisher.document("/picked/rss.xml").body


def test_the_map_names_the_pages_for_people(store: Store) -> None:
    body = publisher_of(store).document("/sitemap.xml").body.decode()

    for page in ("/", "/sections/world/", "/entries/entry-1/"):
        assert f"<loc>http://127.0.0.1:8000{page}</loc>" in body


def test_a_long_map_has_parts(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish, "MAP_PAGES", 4)
    publisher = publisher_of(store)

    assert {"/sitemap-1.xml", "/sitemap-2.xml", "/sitemap.xml"} <= set(publisher.paths())
    assert b"/sitemap-2.xml</loc>" in publisher.document("/sitemap.xml").body
    assert publisher.document("/sitemap-2.xml").body.count(b"<url>") == 2
    with pytest.raises(UnknownPath):
        publisher.document("/sitemap-3.xml")


def test_a_faulty_document_is_not_published_and_the_last_good_one_stays(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher = publisher_of(store, is_strict=True)
    good = publisher.document("/rss.xml")
    put(store, SECOND, (entry(1, title="Edited"), entry(2), entry(3)))
    real = formats.formats_for(Page)[0].render
    monkeypatch.setattr(formats.formats_for(Page)[0], "render", lambda page: real(page)[:-20])

    assert publisher.document("/rss.xml") is good
    with pytest.raises(DocumentRefused, match=r"^/sections/world/rss\.xml is not published: "):
        publisher.document("/sections/world/rss.xml")
    assert b"Edited" in publisher.document("/atom.xml").body


def test_a_faulty_document_is_published_where_nobody_asked_for_a_check(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formats.formats_for(Page)[0], "render", lambda page: b"<rss>")

    assert publisher_of(store).document("/rss.xml").body == b"<rss>"


def test_every_document_of_ours_is_found_right(long: Store) -> None:
    public = site(base_url="https://a.example", author=Author(name="Ann"))
    publisher = publisher_of(long, of_site=public, site={"size": 10})

    for path in publisher.paths():
        document = publisher.document(path)
        if document.media_type.partition(";")[0] in publish.CHECKED:
            assert check_document(document.body, name=path) == ()


def test_the_chapters_of_a_recording_are_a_document(store: Store) -> None:
    chapters = (Chapter(start_ms=0, title="Hello"), Chapter(start_ms=90_500, title="News"))
    put(store, SECOND, (entry(1, episode=Episode(chapters=chapters)), entry(2), entry(3)))
    publisher = publisher_of(store)

    path = "/entries/entry-1/chapters.json"

    assert path in set(publisher.paths())
    assert b'"startTime":90.5,"title":"News"' in publisher.document(path).body
    with pytest.raises(UnknownPath):
        publisher.document("/entries/entry-2/chapters.json")
