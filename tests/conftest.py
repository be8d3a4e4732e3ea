"""What every test may ask for."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from feedsvc.service import Service

SEEDS = Path(__file__).parent.parent / "seeds"


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """A copy of the project's seeds that a test may change."""
    return Path(shutil.copytree(SEEDS, tmp_path / "seeds"))


@pytest.fixture
def open_service(tmp_path: Path) -> Iterator[object]:
    """Opens a service over a folder of seeds, its database in the test's own folder."""
    opened: list[Service] = []

    def open_(folder: Path, database: str = "news", **environ: str) -> Service:
        url = f"sqlite:///{tmp_path / database}.sqlite3"
        opened.append(Service.open(paths=[folder], database_url=url, environ=environ))
        return opened[-1]

    yield open_
    for service in opened:
        service.store.close()
