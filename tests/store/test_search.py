"""What the search finds, on each database alike."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from feedsvc.model import Author, Family, Membership, Place, Query, Tombstone
from feedsvc.store import Measure, Store, Traits, open_store
from feedsvc.store.fulltext import Asked, TsVector
from tests.builders import at, dated, kept, reading
from tests.store.conftest import Desk, schema_url


class EveryFamily:
    """A Selector of a feed for each section, tag, author and language."""

    digest = "every family"

    def memberships(self, traits: Traits) -> tuple[Membership, ...]:
        named = {
            Family.SECTIONS: traits.sections,
            Family.TAGS: traits.tags,
            Family.AUTHORS: traits.authors,
            Family.LANGUAGES: (traits.language or "en",),
        }
        return tuple(
            Membership(path=path_of(family, name), family=family, name=name)
            for family, names in named.items()
            for name in names
        )

    def measure(self, _: str) -> Measure:
        return Measure()

    def section_path(self, name: str) -> str:
        return path_of(Family.SECTIONS, name)


def path_of(family: Family, name: str) -> str:
    return f"{family}/{name.lower().replace(' ', '-')}"


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = open_store(store_url, selector=EveryFamily())
    yield opened
    opened.close()


def found(desk: Desk, **asked: Any) -> list[str]:
    with desk.store.snapshot() as snapshot:
        return [entry.slug for entry in snapshot.search(Query(**asked))]


@pytest.fixture
def news(desk: Desk) -> Desk:
    desk.list(
        kept(
            1,
            Place(source="dump.txt", section="Local News"),
            title="Harbour reopens",
            summary="Ferries sail again.",
            content_text="The fire brigade left at noon.",
            tags=("Sea", "Fire"),
            authors=(Author(name="Ann Lee"),),
        ),
        kept(
            2,
            title="Brigade on fire",
            summary="The mayor says",
            content_text="The mayor says it was no harbour fire.",
            tags=("Fire",),
            language="pt-BR",
        ),
        kept(
            3,
            title="世界平和",
            summary="",
            content_text="Café und Straße.",
            tags=("fire drill",),
            language="ja",
        ),
    )
    return desk


@pytest.mark.parametrize(
    ("words", "slugs"),
    [
        pytest.param("fire", ["entry-2", "entry-1"], id="a word, the newest first"),
        pytest.param(
            "harbour FIRE", ["entry-2", "entry-1"], id="every word, in any place and case"
        ),
        pytest.param("harbour mayor", ["entry-2"], id="all of them"),
        pytest.param('"fire brigade"', ["entry-1"], id="a phrase"),
        pytest.param('"reopens ferries"', [], id="no phrase reaches from title to summary"),
        pytest.param("ferries", ["entry-1"], id="a word of the summary"),
        pytest.param("harb", [], id="whole words alone"),
        pytest.param("cafe strasse", ["entry-3"], id="accents folded"),
        pytest.param("平和", ["entry-3"], id="a word inside others"),
        pytest.param("世平", [], id="letters that do not follow one another"),
        pytest.param("!?", [], id="no word at all"),
        pytest.param("fire OR ferries", [], id="OR is a word"),
        pytest.param("fire* NOT (x", [], id="signs mean nothing"),
        pytest.param("it's", [], id="an apostrophe neither"),
    ],
)
def test_entries_are_found_by_words(news: Desk, words: str, slugs: list[str]) -> None:
    assert found(news, words=words) == slugs


@pytest.mark.parametrize(
    ("asked", "slugs"),
    [
        pytest.param({"tags": ("fire",)}, ["entry-2", "entry-1"], id="a tag in any case"),
        pytest.param({"tags": ("fire drill", "sea")}, ["entry-3", "entry-1"], id="any of them"),
        pytest.param({"tags": ("fire-drill",)}, ["entry-3"], id="a tag as its address has it"),
        pytest.param({"tags": ("drill",)}, [], id="a part of a tag is none"),
        pytest.param({"sections": ("local news",)}, ["entry-1"], id="a section"),
        pytest.param({"authors": ("ann lee",)}, ["entry-1"], id="an author"),
        pytest.param({"authors": ("fire",)}, [], id="a tag is no author"),
        pytest.param({"languages": ("pt",)}, ["entry-2"], id="a language covers its regions"),
        pytest.param({"languages": ("pt-pt",)}, [], id="but a region no other"),
        pytest.param({"tags": ("fire",), "words": "noon"}, ["entry-1"], id="every key given"),
        pytest.param({"exclude": ("harbour",)}, ["entry-3"], id="nothing that is excluded"),
        pytest.param({"exclude": ("fire brigade",)}, ["entry-3", "entry-2"], id="nor a phrase"),
        pytest.param({"words": "fire", "exclude": ("noon", "mayor")}, [], id="nor any of several"),
        pytest.param({"since": date(2025, 5, 2)}, ["entry-3", "entry-2"], id="from a day on"),
        pytest.param({"since": date(2025, 5, 3), "words": "fire"}, [], id="no older ones"),
        pytest.param({"words": "fire", "limit": 1}, ["entry-2"], id="so many at most"),
        pytest.param({}, ["entry-3", "entry-2", "entry-1"], id="everything"),
    ],
)
def test_entries_are_found_by_what_they_are(
    news: Desk, asked: dict[str, Any], slugs: list[str]
) -> None:
    assert found(news, **asked) == slugs


def test_the_best_come_first_where_they_are_asked_for(desk: Desk) -> None:
    desk.list(
        kept(1, title="Fire", content_text="Fire again."),
        kept(2, title="Fire at the mill", content_text="Fire. " + "Then came rain. " * 40),
        kept(3, title="Weather", content_text="No fire. " + "Then came rain. " * 40),
    )

    assert found(desk, words="fire", is_ranked=True) == ["entry-1", "entry-2", "entry-3"]
    assert found(desk, words="fire", is_ranked=True, limit=2) == ["entry-1", "entry-2"]


def test_entries_of_one_second_come_in_the_order_of_feeds(desk: Desk) -> None:
    same = dated("2025-05-01")
    desk.list(*(kept(n, published=same, place=n * 3 % 7, title="Fire") for n in range(1, 7)))

    assert found(desk, words="fire", limit=4) == desk.slugs()[:4]
    assert found(desk, words="fire") == desk.slugs()


def test_what_is_kept_is_found_once_it_is_published(desk: Desk) -> None:
    desk.list(kept(1, title="Harbour"))

    with desk.store.ingesting() as session:
        session.keep(reading(kept(1, title="Mill"), kept(2, title="Mill")))

    assert found(desk, words="mill") == []
    assert found(desk, words="harbour") == ["entry-1"]


def test_what_was_changed_is_found_by_its_new_words_alone(desk: Desk) -> None:
    desk.list(kept(1, title="Harbour"))

    desk.list(kept(1, title="Mill", published=dated("2025-06-30"), tags=("Sea",)))

    assert found(desk, words="harbour") == []
    assert found(desk, words="mill", tags=("sea",), since=date(2025, 6, 30)) == ["entry-1"]


def test_what_is_withheld_or_removed_is_not_found(desk: Desk) -> None:
    desk.list(kept(1, title="Harbour"), kept(2, title="Harbour", hold_until=at("2025-07-01")))
    assert found(desk, words="harbour") == ["entry-1"]

    with desk.store.ingesting() as session:
        session.release_due(at("2025-07-01"))
        session.publish(desk.now)
    assert found(desk, words="harbour") == ["entry-2", "entry-1"]

    gone = kept(1).entry
    desk.ingest(bury=(Tombstone(id=gone.id, slug=gone.slug, removed=at("2025-07-02")),))
    assert found(desk, words="harbour") == ["entry-2"]


def test_a_text_of_many_words_is_found_by_those_at_its_beginning(desk: Desk) -> None:
    many = " ".join(f"word{n}" for n in range(20_000))
    desk.list(kept(1, title="Long", content_text=many), kept(2, title="字" * 300_000))

    assert found(desk, words="long word9999") == ["entry-1"]
    assert found(desk, words="long word19999") == []
    assert found(desk, words="字字") == ["entry-2"]


def test_a_word_that_stands_there_very_often_is_found(desk: Desk) -> None:
    desk.list(kept(1, content_text="fire " * 5_000 + "brigade"))

    assert found(desk, words="fire brigade") == ["entry-1"]


@pytest.mark.parametrize("spread", [1, 60, 86_400, 10_000_000])
def test_the_newest_are_found_however_entries_lie_in_time(desk: Desk, spread: int) -> None:
    """Each third entry, and some few among the oldest, however much lies between."""
    start, step = at("1990-01-01"), timedelta(seconds=spread)
    desk.list(
        *(
            kept(
                n,
                id=f"urn:{n:04}",
                slug=f"s{n}",
                published=dated((start + n * step).isoformat()),
                title="Old harbour" if n < 40 else "Fire" if n % 3 else "Mill",
            )
            for n in range(1, 600)
        )
    )

    assert found(desk, words="mill", limit=5) == ["s597", "s594", "s591", "s588", "s585"]
    assert found(desk, words="harbour", limit=2) == ["s39", "s38"]
    assert len(found(desk, words="fire", limit=200)) == 200


class Impatient(TsVector):
    """Finds every window too wide that holds more than a few."""

    MOST = 10


@pytest.mark.postgres
@pytest.mark.parametrize("step", [timedelta(seconds=1), timedelta(minutes=20), timedelta(days=3)])
def test_windows_that_hold_too_many_are_narrowed(postgres_database: str, step: timedelta) -> None:
    """Where the oldest third alone has the word, so that all before it is looked through."""
    url = schema_url(postgres_database, f"narrow_{step.days}_{step.seconds}")
    store, start = open_store(url), at("1990-01-01")
    Desk(store).list(
        *(
            kept(
                n,
                id=f"urn:{n:04}",
                slug=f"s{n}",
                published=dated((start + n * step).isoformat()),
                title="Old mill" if n < 200 else "News",
            )
            for n in range(1, 600)
        )
    )
    store.close()
    engine = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))

    with engine.connect() as connection:
        hits = Impatient().newest(connection, Asked(every=((("mill",),),)), 30)
    engine.dispose()

    assert [hit.seq for hit in hits] == list(range(199, 169, -1))


def test_an_index_that_was_emptied_is_filled_when_the_tables_are_brought_up_to_date(
    shared_url: str,
) -> None:
    first = open_store(shared_url, selector=EveryFamily())
    Desk(first).list(kept(1, title="Harbour"))
    first.close()
    engine = create_engine(shared_url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE texts"))
        connection.execute(text("UPDATE feedsvc_version SET version_num = '0004'"))
    engine.dispose()

    second = open_store(shared_url, selector=EveryFamily())

    assert found(Desk(second), words="harbour") == ["entry-1"]
    second.close()
