"""What happens by itself while a site is served."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from feedsvc.service import Service
from feedsvc.timer import tick, ticking


def titles(service: Service) -> list[str]:
    with service.store.snapshot() as snapshot:
        return [entry.title for entry in snapshot.all_entries()]


def test_what_falls_due_appears_by_itself(
    tmp_path: Path, open_service: Callable[..., Service]
) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    soon = datetime.now(UTC) + timedelta(seconds=6)
    (seeds / "a.json").write_text(f'[{{"title": "Soon", "date": "{soon.isoformat()}"}}]')
    service = open_service(seeds)
    service.ingest()
    before = titles(service)

    with ticking(service, seconds=0.2):
        deadline = time.monotonic() + 30
        while not titles(service) and time.monotonic() < deadline:
            time.sleep(0.1)

    assert (before, titles(service)) == ([], ["Soon"])


def test_an_address_is_looked_at_when_its_time_has_come(
    tmp_path: Path, open_service: Callable[..., Service]
) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "feedsvc.toml").write_text(
        '[[source]]\npath = "http://127.0.0.1:9/often.xml"\nevery = "15m"\n'
        '[[source]]\npath = "http://127.0.0.1:9/by-hand.xml"\n'
    )
    service = open_service(seeds)

    report = tick(service)

    assert report is not None
    assert [source.name for source in report.sources] == ["http://127.0.0.1:9/often.xml"]
    assert "cannot be fetched" in str(report.sources[0].problem)


def test_whoever_finds_another_process_at_it_leaves_it_alone(
    seeds: Path, open_service: Callable[..., Service]
) -> None:
    service = open_service(seeds)

    with service.store.ingesting():
        assert tick(service) is None
