"""What an input is: something with a name that can be read, and told apart from its last reading.

Room: seeds. Imports model; called by everyone in the room and by whoever reads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from feedsvc.model import Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """The bytes of an input, with what is known of them."""

    data: bytes | None  #: None: nothing changed since the reading that was named
    stamp: str = ""  #: equal stamps mean equal bytes; empty when nothing can be said
    file: Path | None = None  #: of a recording: `data` is its beginning alone
    charset: str | None = None  #: as its sender declares it
    address: str | None = None  #: where it was fetched from, redirections followed


class Input(Protocol):
    """One source to read. Its values travel between processes."""

    @property
    def name(self) -> str: ...

    @property
    def is_aside(self) -> bool:
        """A picture or the like: published where an entry refers to it, no source itself."""

    @property
    def folder(self) -> tuple[Path, Path] | None:
        """The seeds folder, and the one in it that relative references start from."""

    def stamp(self) -> str:
        """What tells without reading that nothing changed; empty when it must be read."""

    def load(self, kept: str, limits: Limits) -> Loaded:
        """The bytes; `kept` is the stamp of the last reading. Raises SourceError."""

    def captured(self, by: str) -> date | None:
        """The day it was captured, by "mtime" or "git"; None where that is unknown."""

    def companions(self) -> Mapping[str, Callable[[], bytes]]:
        """The files that belong to it, by suffix."""


class Plain:
    """An input of which nothing is known but its bytes."""

    __slots__ = ()
    is_aside = False
    folder: tuple[Path, Path] | None = None

    def stamp(self) -> str:
        return ""

    def captured(self, by: str) -> date | None:  # noqa: ARG002 -- part of the protocol
        return None

    def companions(self) -> Mapping[str, Callable[[], bytes]]:
        return {}


@dataclass(frozen=True)
class Bytes(Plain):
    """Bytes at hand, such as a test's."""

    name: str
    data: bytes

    def load(self, kept: str, limits: Limits) -> Loaded:  # noqa: ARG002 -- part of the protocol
        return Loaded(data=self.data)
