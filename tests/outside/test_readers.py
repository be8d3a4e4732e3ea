"""Real readers subscribe, poll again, and see a new item once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.outside.readers import READERS, Reader, Sfeed, Shown, rows_of
from tests.outside.recorder import Recorder
from tests.outside.running import Folder, Server

FEEDS = ("/rss.xml", "/atom.xml")


@pytest.fixture
def recorder(live: Server) -> Iterator[Recorder]:
    with Recorder(live.url).running() as recorder:
        yield recorder


@pytest.fixture(
    params=[(kind, feed) for kind in READERS for feed in FEEDS],
    ids=lambda p: f"{p[0].__name__} {p[1]}",
)
def reader(
    request: pytest.FixtureRequest, need: Callable[..., None], tmp_path: Path, recorder: Recorder
) -> Reader:
    kind, feed = request.param
    need(*kind.programs)
    home = tmp_path / "home"
    home.mkdir()
    subscribed: Reader = kind(home, recorder.url + feed)
    return subscribed


def expected(folder: Folder) -> list[Shown]:
    """What every reader must show: the kept entries, a title's blanks being one space."""
    return sorted(
        Shown(e["title"], datetime.fromisoformat(e["published"])) for e in folder.entries()
    )


def test_every_item_is_shown_with_its_title_and_moment(reader: Reader, live: Server) -> None:
    shown = sorted(reader.poll())

    assert len(shown) == 19
    assert shown == expected(live.folder)
    days = {item.title: item.moment.date().isoformat() for item in shown}
    assert days["Ukraine, 10 partner countries launch new cybersecurity mechanism"] == "2023-12-20"
    assert "2025-05-13" in days.values()


def test_a_poll_with_validators_is_answered_304(reader: Reader, recorder: Recorder) -> None:
    polls = 3
    for _ in range(polls):
        reader.poll()

    asked = [exchange for exchange in recorder.take() if exchange.method == "GET"]
    validating = [] if reader.validates_from is None else range(reader.validates_from, polls + 1)
    assert [number for number, e in enumerate(asked, 1) if e.has_validators] == list(validating)
    assert [e.status for e in asked] == [304 if e.has_validators else 200 for e in asked]


def test_a_new_item_shows_up_once(reader: Reader, live: Server) -> None:
    before = reader.poll()

    live.folder.publish_new_item()
    reader.poll()
    after = reader.poll()

    assert len(after) == 20
    new = list(after)
    for item in before:
        new.remove(item)
    assert [item.title.startswith("Lviv opened a new tram line") for item in new] == [True]
    assert sorted(after) == expected(live.folder)


@pytest.mark.parametrize("feed", FEEDS)
def test_sfeed_reads_a_saved_document(
    feed: str, need: Callable[..., None], standing: Server, tmp_path: Path
) -> None:
    need("sfeed")
    reader = Sfeed(tmp_path, standing.url + feed)

    rows = rows_of(reader.run("sfeed", stdin=standing.ask(feed).body).decode())

    assert sorted(rows) == expected(standing.folder)
