"""Files: a folder is walked in the order of its names, and each file can be loaded.

Room: seeds. Links out of the folder, dot files, our own settings and our own output are no
items. A recording takes the files of its stem along.
"""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

from feedsvc.errors import SourceError
from feedsvc.files import state_of
from feedsvc.media_types import suffixes_of
from feedsvc.model import Limits
from feedsvc.seeds.inputs import Loaded, Plain

MANIFEST = ".feedsvc-manifest.json"  #: marks a folder as output of ours
OURS = frozenset({"feedsvc.toml", "corrections.toml"})
RECORDINGS, PICTURES, FILMS = (suffixes_of(kind) for kind in ("audio", "image", "video"))
NOTES = frozenset({".md", ".markdown", ".txt", ".html", ".vtt", ".srt", ".json"})
ASIDES = PICTURES | FILMS | {".pdf", ".epub", ".css", ".js", ".woff", ".woff2"}
RECENT_SECONDS = 2  #: a file changed so lately may change again within one tick of its clock
HEAD_BYTES = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedFile:
    """A file below a seeds folder."""

    name: str
    path: Path
    root: Path
    problem: str | None = None  #: why it cannot even be looked at
    beside: tuple[Path, ...] = ()  #: files of its stem that belong to it
    is_aside: bool = False

    @property
    def folder(self) -> tuple[Path, Path]:
        return self.root, self.path.parent

    def renamed(self, name: str) -> SeedFile:
        return self if name == self.name else replace(self, name=name)

    def stamp(self) -> str:
        """Of change time and size: a file that was only touched is read again, no other missed."""
        files = (self.path, *self.beside)
        try:
            newest = max(file.stat().st_ctime for file in files)
            is_settled = time.time() - newest > RECENT_SECONDS
            return ";".join(map(state_of, files)) if is_settled else ""
        except OSError:
            return ""

    def load(self, kept: str, limits: Limits) -> Loaded:  # noqa: ARG002 -- part of the protocol
        stamp = self.stamp()
        try:
            if self.problem:
                raise SourceError(self.name, None, *_unreadable(self.problem))
            size = _size_of_regular(self.name, self.path)
            if self.path.suffix.lower() in RECORDINGS:
                with self.path.open("rb") as file:
                    return Loaded(data=file.read(HEAD_BYTES), stamp=stamp, file=self.path)
            _require_size(self.name, size, limits)
            return Loaded(data=self.path.read_bytes(), stamp=stamp)
        except OSError as error:
            reason = error.strerror or str(error)
            raise SourceError(self.name, None, *_unreadable(reason)) from error

    def captured(self, by: str) -> date | None:
        return _first_committed(self.path) if by == "git" else _modified(self.path)

    def companions(self) -> Mapping[str, Callable[[], bytes]]:
        return {path.suffix.lower(): path.read_bytes for path in self.beside}


class StandardInput(Plain):
    """What is piped into the command."""

    name = "standard input"

    def load(self, kept: str, limits: Limits) -> Loaded:  # noqa: ARG002 -- part of the protocol
        data = sys.stdin.buffer.read(limits.file_bytes + 1)
        _require_size(self.name, len(data), limits)
        return Loaded(data=data)


def name_of(file: Path, root: Path) -> str:
    """A path below the root as text that can be kept and printed, whatever its bytes are."""
    spelled = os.fsencode(file.relative_to(root).as_posix()).decode(errors="backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in spelled)


def files_below(path: Path, root: Path, passed: set[Path]) -> Iterator[SeedFile]:
    """The files at or below a path; what cannot be opened comes with the reason.

    `passed` holds what is not to be read, and every folder entered: a link leads round no circle.
    """
    folder = _resolved(path)
    if folder in passed:
        return
    if not os.path.isdir(path):  # noqa: PTH112 -- Path.is_dir raises where a folder is closed
        yield SeedFile(name=name_of(path, root), path=path, root=root)
        return
    passed.add(folder)
    try:
        children = sorted(path.iterdir(), key=lambda child: child.name)
    except OSError as error:
        problem = error.strerror or str(error)
        yield SeedFile(name=name_of(path, root), path=path, root=root, problem=problem)
        return
    if any(child.name == MANIFEST for child in children):
        return
    offered = [child for child in children if _is_offered(child, folder)]
    beside = _beside(offered)
    taken = {file for files in beside.values() for file in files}
    for child in offered:
        if os.path.isdir(child):  # noqa: PTH112
            yield from files_below(child, root, passed)
        elif child not in taken and _resolved(child) not in passed:
            is_aside = child.suffix.lower() in ASIDES
            found = SeedFile(name=name_of(child, root), path=child, root=root, is_aside=is_aside)
            yield replace(found, beside=beside.get(child, ()))


def _is_offered(child: Path, folder: Path) -> bool:
    is_own = child.name.startswith(".") or child.name in OURS
    return not is_own and _resolved(folder / child.name).is_relative_to(folder)


def _beside(children: Sequence[Path]) -> dict[Path, tuple[Path, ...]]:
    """What belongs to each recording: notes, transcript and picture of its stem."""
    recordings = [child for child in children if child.suffix.lower() in RECORDINGS]
    return {
        one: tuple(
            child
            for child in children
            if child.stem == one.stem and child.suffix.lower() in NOTES | PICTURES
        )
        for one in recordings
    }


def _resolved(path: Path) -> Path:
    """Where links lead; the path itself when they lead nowhere, to be told when it is read."""
    try:
        return path.resolve(strict=True)
    except (OSError, RuntimeError):
        return path.absolute()


def _size_of_regular(name: str, path: Path) -> int:
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise SourceError(name, None, "is not a regular file", "take it out of the seeds folder")
    return status.st_size


def _require_size(name: str, size: int, limits: Limits) -> None:
    if size > limits.file_bytes:
        reason = f"is {size / 1e6:.1f} MB; the limit is {limits.file_bytes / 1e6:g} MB"
        remedy = "split it into several files, or raise `limits.file_bytes` under [[source]]"
        raise SourceError(name, None, reason, remedy)


def _unreadable(reason: str) -> tuple[str, str]:
    return f"cannot be read: {reason}", "check its permissions, or take it out"


def _modified(path: Path) -> date | None:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
    except (OSError, ValueError, OverflowError):
        return None


def _first_committed(path: Path) -> date | None:
    """The day of the commit that first added a file; None outside a repository."""
    command = ["git", "log", "--follow", "--diff-filter=A", "--format=%as", "--", path.name]
    run = partial(subprocess.run, capture_output=True, text=True, timeout=20, check=False)
    try:
        days = run(command, cwd=path.parent).stdout.split()
        return date.fromisoformat(days[-1]) if days else None
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
