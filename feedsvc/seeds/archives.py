"""Archives: a .zip or a tar of any packing becomes a folder of seeds.

Room: seeds. Unpacked once for each state of the archive, never beyond the limits, never out of
its folder: a member that is a link, a device or named "../" is told and left where it is.
"""

from __future__ import annotations

import atexit
import hashlib
import shutil
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from lzma import LZMAError
from pathlib import Path, PurePosixPath
from typing import IO

from feedsvc.errors import SourceError
from feedsvc.files import state_of
from feedsvc.model import Limits
from feedsvc.seeds.folder import SeedFile, files_below
from feedsvc.seeds.inputs import Input, Loaded, Plain

SUFFIXES = (
    ".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz",
)  # fmt: skip
SPLIT = "unpack it yourself, or raise the limits under [[source]]"
_WHOLE = ".unpacked"  #: written last: what lacks it was cut off
_CHUNK = 1024 * 1024
_BROKEN = (
    OSError, EOFError, ValueError, NotImplementedError, RuntimeError,
    tarfile.TarError, zipfile.BadZipFile, zlib.error, LZMAError,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A file in an archive, before anything of it is read."""

    name: str
    size: int
    is_plain: bool  #: a regular file, not encrypted
    open: Callable[[], IO[bytes] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable(Plain):
    """What an archive holds and does not give, told when it is read."""

    name: str
    reason: str
    remedy: str

    def load(self, kept: str, limits: Limits) -> Loaded:  # noqa: ARG002 -- part of the protocol
        raise SourceError(self.name, None, self.reason, self.remedy)


def is_archive(path: Path) -> bool:
    return path.name.lower().endswith(SUFFIXES)


def unpacked(archive: SeedFile, below: Path | None, limits: Limits) -> Iterator[Input]:
    """What an archive holds, each file an input named below it; faults come as inputs that tell."""
    stamp = hashlib.sha256(f"{archive.path}\n{_state(archive.path)}".encode()).hexdigest()[:16]
    place = (below or _scratch()) / stamp
    faults: list[Unreadable] = []
    try:
        if not (place / _WHOLE).exists():
            shutil.rmtree(place, ignore_errors=True)
            faults = list(_unpack(archive, place, limits))
            if not faults:
                (place / _WHOLE).touch()
    except _BROKEN as error:
        reason = f"cannot be unpacked: {error or type(error).__name__}"
        remedy = "what came out before was read; mend it, or unpack it yourself"
        faults.append(Unreadable(name=archive.name, reason=reason, remedy=remedy))
    yield from faults
    for file in files_below(place, place, set()) if place.exists() else ():
        yield file.renamed(f"{archive.name}/{file.name}")


def _state(path: Path) -> str:
    try:
        return state_of(path)
    except OSError:
        return ""


@cache
def _scratch() -> Path:
    folder = tempfile.mkdtemp(prefix="feedsvc-")
    atexit.register(partial(shutil.rmtree, folder, ignore_errors=True))
    return Path(folder)


def _unpack(archive: SeedFile, place: Path, limits: Limits) -> Iterator[Unreadable]:
    """Write the members below `place`; what is not written is yielded with its reason."""
    place.mkdir(parents=True)
    packed = max(archive.path.stat().st_size, 1)
    budget = min(limits.unpacked_bytes, packed * limits.ratio)
    for n, member in enumerate(_members(archive.path), 1):
        tell = partial(Unreadable, name=f"{archive.name}/{member.name}")
        if n > limits.members:
            reason = f"from here on more than the limit of {limits.members:,} members"
            yield tell(reason=reason, remedy=SPLIT)
            return
        target = _target(place, member.name)
        if not member.is_plain or target is None:
            yield tell(reason=_why_not(member), remedy="unpack it yourself if you trust it")
            continue
        room = min(budget, limits.file_bytes)
        written = _write(member, target, room)
        budget -= written
        if written > room:
            target.unlink()
            yield tell(reason=_too_much(room, limits), remedy=SPLIT)
            if budget < 0:
                return


def _too_much(room: int, limits: Limits) -> str:
    if room == limits.file_bytes:
        return f"is more than the limit of {room / 1e6:g} MB a file"
    return f"the archive unpacks to more than {limits.unpacked_bytes / 1e6:g} MB, or {limits.ratio} times its size"


def _why_not(member: Member) -> str:
    return "leads out of its archive" if member.is_plain else "is a link, a device or encrypted"


def _target(place: Path, name: str) -> Path | None:
    """Where a member goes; None for a name that leads out of the archive."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if not parts or parts[0] == "/" or ".." in parts or ":" in parts[0] or "\0" in name:
        return None
    return place.joinpath(*(part.encode()[:200].decode(errors="ignore") for part in parts))


def _write(member: Member, target: Path, room: int) -> int:
    """Copy a member; how many bytes that were, at most one more than there is room for."""
    source = member.open()
    if source is None:
        return 0
    target.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with source, target.open("wb") as file:
        while written <= room and (chunk := source.read(min(_CHUNK, room + 1 - written))):
            file.write(chunk)
            written += len(chunk)
    return written


def _members(path: Path) -> Iterator[Member]:
    if path.name.lower().endswith(".zip"):
        with zipfile.ZipFile(path) as archive:
            yield from (_zipped(archive, one) for one in archive.infolist() if not one.is_dir())
        return
    with tarfile.open(path, "r:*") as archive:
        for entry in archive:
            if not entry.isdir():
                open_one = partial(archive.extractfile, entry)
                yield Member(
                    name=entry.name, size=entry.size, is_plain=entry.isfile(), open=open_one
                )


def _zipped(archive: zipfile.ZipFile, one: zipfile.ZipInfo) -> Member:
    is_link = (one.external_attr >> 16) & 0o170000 == 0o120000
    is_locked = bool(one.flag_bits & 1)
    return Member(
        name=one.filename,
        size=one.file_size,
        is_plain=not (is_link or is_locked),
        open=partial(archive.open, one),
    )
