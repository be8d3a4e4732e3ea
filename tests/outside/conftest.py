"""Tests with programs that nobody here wrote: readers, validators, a browser, servers.

They run when FEEDSVC_OUTSIDE=1 is set, as CI does; a missing program then skips its tests,
and fails them under FEEDSVC_REQUIRE_ALL=1.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.outside.running import Folder, Server, served

HERE = Path(__file__).parent

collect_ignore = ["node_modules"]
if os.environ.get("FEEDSVC_OUTSIDE") != "1":
    collect_ignore_glob = ["test_*.py"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("outside")


@pytest.fixture(scope="session")
def need() -> Callable[..., None]:
    """Call it with the programs (or npm packages, as `node:name`) that a test runs."""

    def check(*programs: str) -> None:
        missing = [program for program in programs if not is_there(program)]
        if missing and os.environ.get("FEEDSVC_REQUIRE_ALL") == "1":
            pytest.fail(f"not installed: {', '.join(missing)}")
        elif missing:
            pytest.skip(f"not installed: {', '.join(missing)}")

    return check


def is_there(program: str) -> bool:
    if program.startswith("node:"):
        return (HERE / "node_modules" / program.removeprefix("node:")).is_dir()
    return shutil.which(program) is not None


@pytest.fixture
def site_folder(tmp_path: Path) -> Folder:
    return Folder.fresh(tmp_path / "site")


@pytest.fixture
def live(site_folder: Folder) -> Iterator[Server]:
    """A server of the test's own, which it may change."""
    with served(site_folder) as server:
        yield server


@pytest.fixture(scope="session")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for every test that only looks; its documents are built in `public` as well."""
    folder = Folder.fresh(tmp_path_factory.mktemp("standing") / "site")
    with served(folder) as server:
        folder.feedsvc("build", "--out", "public", "--precompress")
        yield server
