"""What there is to read: paths become named inputs.

Room: seeds. A folder is walked in the order of its names; links out of it, dot files, our own
settings and our own output are no items. A source's name is its path below its seeds folder.
Imports errors; called by service and cli.
"""

from __future__ import annotations

import os
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
    skipped = {path.resolve() for path in ignore}
    taken: set[str] = set()
    for path in paths:
        if str(path) == "-":
            yield Input("standard input", _standard_input)
            continue
        root = path if path.is_dir() else path.parent
        for file, problem in _files(path, set(skipped)):
            name = _name(file, root)
            if name in taken:
                name = f"{_name(root.resolve(), root.resolve().parent)}/{name}"
            taken.add(name)
            yield Input(name, _loader(name, file, problem))


def _name(file: Path, root: Path) -> str:
    """A path below the root as text that can be kept and printed, whatever its bytes are."""
    spelled = os.fsencode(file.relative_to(root).as_posix()).decode(errors="backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in spelled)


def _files(path: Path, passed: set[Path]) -> Iterator[tuple[Path, OSError | None]]:
    """Files below a path; a folder that cannot be opened comes with the reason.

    `passed` holds what is not to be read, and every folder entered: a link leads round no circle.
    """
    folder = _resolved(path)
    if folder in passed:
        return
    if not os.path.isdir(path):  # noqa: PTH112 -- Path.is_dir raises where a folder is closed
        yield path, None
        return
    passed.add(folder)
    try:
        children = sorted(path.iterdir(), key=lambda child: child.name)
    except OSError as error:
        yield path, error
        return
    if not any(child.name == MANIFEST for child in children):
        for child in children:
            is_own = child.name.startswith(".") or child.name in _OURS
            if not is_own and _resolved(folder / child.name).is_relative_to(folder):
                yield from _files(child, passed)


def _resolved(path: Path) -> Path:
    """Where links lead; the path itself when they lead nowhere, to be told when it is read."""
    try:
        return path.resolve(strict=True)
    except (OSError, RuntimeError):
        return path.absolute()


def _loader(name: str, file: Path, problem: OSError | None) -> Callable[[], bytes]:
    return lambda: _load(name, file, problem)


def _load(name: str, file: Path, problem: OSError | None) -> bytes:
    try:
        if problem:
            raise problem
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
        raise SourceError(name, None, reason, "check its permissions, or take it out") from error


def _standard_input() -> bytes:
    data = sys.stdin.buffer.read(FILE_BYTES + 1)
    if len(data) > FILE_BYTES:
        raise SourceError("standard input", None, "is over the limit of 21 MB", "split it")
    return data
