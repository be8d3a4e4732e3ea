"""What there is to read: paths become named inputs.

Room: seeds. A folder is walked in the order of its names; links out of it, dot files, our own
settings and our own output are no items. A source's name is its path below its seeds folder.
Imports errors; called by service and cli.
"""

from __future__ import annotations

import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from feedsvc.errors import SourceError

MANIFEST = ".feedsvc-manifest.json"  #: marks a folder as output of ours
_OURS = frozenset({"feedsvc.toml", "corrections.toml"})
FILE_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Input:
    """One source to read. `load` gives its bytes or raises SourceError."""

    name: str
    load: Callable[[], bytes]


def seeds_folder(paths: Iterable[Path]) -> Path | None:
    """The folder whose settings and corrections apply: of the first path given."""
    first = next(iter(paths), None)
    if first is None or str(first) == "-":
        return None
    return first if first.is_dir() else first.parent


def find_inputs(paths: Iterable[Path], ignore: Iterable[Path] = ()) -> Iterator[Input]:
    """Every input below the paths, in a stable order; `-` is standard input.

    Two files of one name below different paths are told apart by their folder's name.
    """
    ignored = {path.resolve() for path in ignore}
    taken: set[str] = set()
    for path in paths:
        if str(path) == "-":
            yield Input("standard input", _standard_input)
            continue
        root = path if path.is_dir() else path.parent
        for file in _files(path, ignored):
            name = file.relative_to(root).as_posix()
            if name in taken:
                name = f"{root.resolve().name}/{name}"
            taken.add(name)
            yield Input(name, _loader(name, file))


def _files(path: Path, ignored: set[Path]) -> Iterator[Path]:
    if not path.is_dir():
        if path.resolve() not in ignored:
            yield path
        return
    if (path / MANIFEST).exists():
        return
    root = path.resolve()
    for child in sorted(path.iterdir(), key=lambda child: child.name):
        inside = child.resolve().is_relative_to(root)
        if child.name.startswith(".") or child.name in _OURS or not inside:
            continue
        if child.resolve() not in ignored:
            yield from _files(child, ignored)


def _loader(name: str, file: Path) -> Callable[[], bytes]:
    return lambda: _load(name, file)


def _load(name: str, file: Path) -> bytes:
    try:
        status = file.stat()
        if not stat.S_ISREG(status.st_mode):
            raise SourceError(
                name, None, "is not a regular file", "take it out of the seeds folder"
            )
        if status.st_size > FILE_BYTES:
            reason = f"is {status.st_size / 1e6:.0f} MB; the limit is {FILE_BYTES / 1e6:.0f} MB"
            raise SourceError(name, None, reason, "split it into several files")
        return file.read_bytes()
    except OSError as error:
        reason = f"cannot be read: {error.strerror}"
        raise SourceError(name, None, reason, "check the file's permissions") from error


def _standard_input() -> bytes:
    data = sys.stdin.buffer.read(FILE_BYTES + 1)
    if len(data) > FILE_BYTES:
        raise SourceError("standard input", None, "is over the limit of 21 MB", "split it")
    return data
