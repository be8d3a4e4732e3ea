"""A kill at any moment: nothing is half done, and the next run ends where an undisturbed one ends."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.outside.running import Folder

ROUNDS = int(os.environ.get("FEEDSVC_KILL_ROUNDS", "24")) // 4  #: of each of the four kinds
SEED = int(os.environ.get("FEEDSVC_KILL_SEED", "1"))
COMMANDS = {"ingest": ("ingest",), "build": ("build", "--precompress")}
PASSING = (
    "-wal",
    "-shm",
    "-journal",
    ".lock",
)  #: what the database keeps beside itself while in use


class State(NamedTuple):
    """Everything a run leaves: the entries, the built files, the names beside the database."""

    entries: str
    files: dict[str, bytes]
    kept: list[str]


def outcome(folder: Folder) -> State:
    folder.feedsvc(*COMMANDS["build"])
    kept = [name for name in folder.files("instance") if not name.endswith(PASSING)]
    return State(folder.feedsvc("entries", "--format", "jsonl"), folder.files("public"), kept)


class Undisturbed(NamedTuple):
    """The seeds as they are and with a new teaser on top, never killed; how long a start takes."""

    before: State
    after: State
    start_seconds: float
    run_seconds: dict[str, float]


def timed(folder: Folder, *command: str) -> float:
    started = time.monotonic()
    folder.feedsvc(*command)
    return time.monotonic() - started


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    top = tmp_path_factory.mktemp("undisturbed")
    folder = Folder.fresh(top / "grown")
    start = timed(folder, "--version")
    seconds = {
        name: timed(Folder.fresh(top / name), *command) for name, command in COMMANDS.items()
    }
    before = outcome(folder)
    folder.add_teaser()
    return Undisturbed(before, outcome(folder), start, seconds)


def killed(folder: Folder, command: tuple[str, ...], after_seconds: float) -> None:
    """Start the command and kill it and all it started, unless it is done by then."""
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = folder.start("feedsvc", *command, **silent)
    try:
        process.wait(timeout=after_seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def moment(undisturbed: Undisturbed, command: str, number: int) -> float:
    """A random moment: every other one late, when the database and the files are written."""
    chance = random.Random(f"{SEED} {command} {number}")
    whole = undisturbed.run_seconds[command]
    earliest = 0.6 * whole if number % 2 else 0.7 * undisturbed.start_seconds
    return chance.uniform(earliest, 1.1 * whole)


@pytest.mark.parametrize("number", range(ROUNDS))
@pytest.mark.parametrize("command", COMMANDS)
def test_a_killed_first_run_leaves_no_trace(
    command: str, number: int, undisturbed: Undisturbed, tmp_path: Path
) -> None:
    folder = Folder.fresh(tmp_path / "site")
    killed(folder, COMMANDS[command], moment(undisturbed, command, number))
    half = folder.published()

    assert {
        path: body for path, body in half.items() if undisturbed.before.files.get(path) != body
    } == {}
    assert outcome(folder) == undisturbed.before


@pytest.mark.parametrize("number", range(ROUNDS))
@pytest.mark.parametrize("command", COMMANDS)
def test_a_killed_update_shows_the_old_or_the_new(
    command: str, number: int, undisturbed: Undisturbed, tmp_path: Path
) -> None:
    folder = Folder.fresh(tmp_path / "site")
    folder.feedsvc(*COMMANDS["build"])
    folder.add_teaser()
    killed(folder, COMMANDS[command], moment(undisturbed, command, number))
    entries = folder.feedsvc("entries", "--format", "jsonl")
    before, after = undisturbed.before, undisturbed.after

    assert entries in (before.entries, after.entries)
    for path, body in folder.published().items():
        assert body in (before.files.get(path), after.files.get(path)), path
    assert outcome(folder) == after
