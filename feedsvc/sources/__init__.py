"""The readers: bytes in, raw items out.

Room: sources. The folder is the registry: each public module is a reader, and others come
in by the entry point group "feedsvc.sources". Imports model and errors; entered by ingest.
A new input format is one module here and its cases.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import entry_points
from types import MappingProxyType
from typing import Protocol, cast

from feedsvc.errors import UnknownFormat
from feedsvc.model import Noise, RawItem, Refused
from feedsvc.sources._hints import NO_HINTS, Hints
from feedsvc.sources._text import HEAD_BYTES, refused, require_size, why_binary

__all__ = ["ENTRY_POINTS", "HEAD_BYTES", "Hints", "Reader", "read", "readers", "recognise"]

ENTRY_POINTS = "feedsvc.sources"


class Reader(Protocol):
    """What a module of this folder gives."""

    NAME: str

    def sniff(self, name: str, head: bytes) -> float:
        """How surely these first bytes (64 KiB at most) are of its kind, 0 to 1."""

    def read(self, name: str, data: bytes, hints: Hints) -> Iterator[RawItem | Refused | Noise]:
        """What stands in it, in source order; BrokenSource when nothing at all can be had."""


@cache
def readers() -> Mapping[str, Reader]:
    """Every reader by its name."""
    modules = [
        importlib.import_module(f"{__name__}.{module.name}")
        for module in pkgutil.iter_modules(__path__)
        if not module.name.startswith("_")
    ]
    modules += [point.load() for point in entry_points(group=ENTRY_POINTS)]
    found = cast("list[Reader]", modules)
    return MappingProxyType({reader.NAME: reader for reader in found})


def recognise(name: str, head: bytes) -> Reader:
    """The reader that is surest of these first bytes; any text is at least a text dump.

    Raises UnknownFormat when none wants them: they are binary.
    """
    sureness, reader = max(
        ((reader.sniff(name, head), reader) for reader in readers().values()),
        key=lambda pair: pair[0],
    )
    if sureness <= 0:
        reason = why_binary(head) or "no reader knows this format"
        raise UnknownFormat(name, None, reason, f"it can be: {', '.join(sorted(readers()))}")
    return reader


def read(
    name: str, data: bytes, reader: str | None = None, hints: Hints = NO_HINTS
) -> Iterator[RawItem | Refused | Noise]:
    """Everything in a source: items, refusals with their lines, noise; blank gives nothing.

    `reader` names one, else the bytes are recognised. Raises UnknownFormat or BrokenSource,
    at the call or while iterated, when nothing at all can be had.
    """
    require_size(name, data, hints.limits)
    if not data.strip():
        return iter(())
    chosen = _named(name, reader) if reader else recognise(name, data[:HEAD_BYTES])
    return _limited(name, chosen.read(name, data, hints), hints.limits.items)


def _named(name: str, reader: str) -> Reader:
    if reader not in readers():
        reason = f"there is no reader named {reader!r}"
        raise UnknownFormat(name, None, reason, f"choose one of: {', '.join(sorted(readers()))}")
    return readers()[reader]


def _limited(
    name: str, found: Iterator[RawItem | Refused | Noise], limit: int
) -> Iterator[RawItem | Refused | Noise]:
    n = 0
    for piece in found:
        if not isinstance(piece, Noise):
            n += 1
            if n > limit:
                reason = f"from here on more than the limit of {limit:,} items a file"
                remedy = "split it into smaller files, or raise `limits.items` under [[source]]"
                yield refused(name, piece.line or n, reason, remedy)
                return
        yield piece
