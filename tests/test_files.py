"""Files written whole or not at all."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from feedsvc.files import write_atomically


def test_a_file_and_its_folders_are_made(tmp_path: Path) -> None:
    file = tmp_path / "a" / "b.txt"

    write_atomically(file, b"words")

    assert file.read_bytes() == b"words"
    assert (file.stat().st_mode & 0o777, [f.name for f in file.parent.iterdir()]) == (
        0o644,
        ["b.txt"],
    )


def test_a_file_replaced_keeps_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"old")
    file.chmod(0o640)

    write_atomically(file, b"new")

    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"new", 0o640)


def test_a_refusal_names_the_file_and_leaves_the_old_one(tmp_path: Path) -> None:
    """The limit on a file's size stands for a full disk; only a process of its own can have one."""
    file = tmp_path / "a.txt"
    file.write_bytes(b"old")
    script = (
        "import resource, signal, sys, pathlib, feedsvc.files as f\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "try: f.write_atomically(pathlib.Path(sys.argv[1]), b'x' * 2000)\n"
        "except OSError as error: print(error.filename)\n"
    )

    command = [sys.executable, "-c", script, str(file)]
    told = subprocess.run(command, check=True, capture_output=True, text=True)

    assert told.stdout.strip() == str(file), told.stderr
    assert file.read_bytes() == b"old"
    assert [f.name for f in tmp_path.iterdir()] == ["a.txt"]


def test_a_file_where_a_folder_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a file")

    with pytest.raises(OSError, match="a/b") as caught:
        write_atomically(tmp_path / "a" / "b", b"")

    assert caught.value.filename == str(tmp_path / "a" / "b")
