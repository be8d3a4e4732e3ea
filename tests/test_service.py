"""Settings, store, seeds and publisher put together."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from feedsvc.errors import ConfigError
from feedsvc.service import Service, open_publisher
from tests.conftest import Web

OpenService = Callable[..., Service]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def test_what_is_ours_among_the_seeds_is_not_read(open_service: OpenService, here: Path) -> None:
    write(here / "seeds" / "feedsvc.toml", '[site]\nledger = "ledger.jsonl"\n')
    write(here / "seeds" / "a.jsonl", '{"title": "A"}\n')
    url = f"sqlite:///{here}/seeds/news.sqlite3"
    service = open_service(here / "seeds", FEEDSVC_DATABASE_URL=url)
    for end in ("", "-wal", "-shm", ".lock"):
        write(here / "seeds" / f"news.sqlite3{end}", "")

    service.ingest()

    assert (here / "seeds" / "ledger.jsonl").exists()
    assert [one.name for one in service.inputs()] == ["a.jsonl"]


def test_paths_in_the_settings_are_relative_to_their_file(here: Path) -> None:
    config = write(
        here / "etc" / "feedsvc.toml",
        '[site]\nseeds = "in"\nledger = "l.jsonl"\ndatabase_url = "sqlite:///kept/news.sqlite3"\n',
    )
    write(here / "etc" / "in" / "a.jsonl", '{"title": "A"}\n')

    service = Service.open(str(config), environ={})
    service.ingest()
    service.store.close()

    assert (here / "etc" / "kept" / "news.sqlite3").exists()
    assert (here / "etc" / "l.jsonl").exists()


def test_the_first_base_url_names_the_feeds_for_good(open_service: OpenService, here: Path) -> None:
    seeds = write(here / "seeds" / "a.jsonl", '{"title": "A"}\n').parent
    first = open_service(seeds, FEEDSVC_BASE_URL="https://one.example")
    first.ingest()

    moved = open_service(seeds, FEEDSVC_BASE_URL="https://two.example")

    assert (moved.site.id, moved.site.base_url) == ("https://one.example", "https://two.example")


def test_looking_makes_no_database(here: Path) -> None:
    write(here / "seeds" / "a.jsonl", '{"title": "A"}\n')

    service = Service.open(is_looking=True, environ={})
    is_empty = service.is_empty
    service.store.close()

    assert is_empty
    assert [file.name for file in here.iterdir()] == ["seeds"]


def test_without_seeds_the_remedy_is_told_and_nothing_made(here: Path) -> None:
    service = Service.open(environ={})

    with pytest.raises(ConfigError, match="make a first one with `feedsvc init`"):
        service.require_seeds()

    service.store.close()
    assert list(here.iterdir()) == []


def test_an_app_fills_an_empty_store_once(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(here / "seeds" / "a.jsonl", '{"title": "First"}\n')
    first = open_publisher()
    write(here / "seeds" / "a.jsonl", '{"title": "Second"}\n')

    second = open_publisher()

    for publisher in (first, second):
        assert b"First" in publisher.document("/rss.xml").body
        publisher._store.close()


def test_an_app_fills_a_store_that_was_opened_before_and_never_filled(here: Path) -> None:
    service = Service.open(environ={})
    service.publisher()
    service.store.close()
    write(here / "seeds" / "a.jsonl", '{"title": "First"}\n')

    publisher = open_publisher()

    assert b"First" in publisher.document("/rss.xml").body
    publisher._store.close()


def test_changed_settings_move_the_revision_and_the_same_do_not(
    open_service: OpenService, seeds: Path
) -> None:
    service = open_service(seeds)
    service.ingest()
    first = service.publisher().revision()

    same = open_service(seeds).publisher().revision()
    other = open_service(seeds, FEEDSVC_TITLE="Other").publisher().revision()

    assert (same, other) == (first, first + 1)


def test_an_app_that_starts_while_another_fills_the_store_waits_for_it(here: Path) -> None:
    write(here / "seeds" / "a.jsonl", '{"title": "First"}\n')
    other = Service.open(environ={})
    served: list[bytes] = []

    def serve() -> None:
        publisher = open_publisher()
        served.append(publisher.document("/rss.xml").body)
        publisher._store.close()

    second = threading.Thread(target=serve)

    def start_second(_: object) -> None:
        second.start()
        second.join(timeout=1)

    other.ingest(progress=start_second)
    second.join(timeout=30)
    other.store.close()

    assert b"First" in served[0]


# Sources on the web

FEED = b"""<rss version="2.0"><channel><title>Away</title><link>https://away.example/</link>
<item><title>Rain in the north</title><guid isPermaLink="false">tag:away.example,2025:1</guid>
<pubDate>Tue, 13 May 2025 10:00:00 GMT</pubDate></item></channel></rss>"""


def shown(service: Service) -> list[tuple[str, str]]:
    with service.store.snapshot() as snapshot:
        return [(entry.id, entry.source) for entry in snapshot.all_entries()]


def test_an_address_of_the_settings_is_a_source(
    open_service: OpenService, here: Path, web: Web
) -> None:
    web.headers, web.body = {"ETag": '"1"', "Content-Type": "application/rss+xml"}, FEED
    write(here / "seeds" / "feedsvc.toml", f'[[source]]\npath = "{web.address}"\n')
    service = open_service(here / "seeds")

    first, second = service.ingest(), service.ingest()

    assert shown(service) == [("tag:away.example,2025:1", web.address)]
    assert [first.total("n_new"), second.sources[0].is_skipped] == [1, True]


def test_the_feeds_that_an_opml_file_lists_are_sources(
    open_service: OpenService, here: Path, web: Web
) -> None:
    web.body = FEED
    outline = f'<outline text="Away" type="rss" xmlUrl="{web.address}"/>'
    write(here / "seeds" / "list.opml", f'<opml version="2.0"><body>{outline}</body></opml>')
    service = open_service(here / "seeds")

    service.ingest()

    assert shown(service) == [("tag:away.example,2025:1", web.address)]


def test_what_was_read_of_an_address_stays_when_it_fails(
    open_service: OpenService, here: Path, web: Web
) -> None:
    web.body = FEED
    write(here / "seeds" / "feedsvc.toml", f'[[source]]\npath = "{web.address}"\n')
    service = open_service(here / "seeds")
    service.ingest()
    before = shown(service)
    web.status, web.body = 500, b"oops"

    report = service.ingest()

    assert shown(service) == before
    assert "answered 500" in str(report.sources[0].problem)
