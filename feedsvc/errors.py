"""What can go wrong.

FeedsvcError             catch this at a door: cli, web, export
├── ConfigError          the settings contradict themselves; holds every fault at once
├── SourceError          bytes we could not read: source, line, reason, remedy
│   ├── UnknownFormat    no reader recognised them
│   └── BrokenSource     recognised, and damaged
├── BrokenTheme          a template or an asset of the theme: file, line, reason
├── UnknownPath          nothing is published there
│   └── GonePath         something was, and was taken back
├── BadQuestion          the search is asked what it cannot answer: key, reason
├── DocumentRefused      a document is faulty, and there was no good one before
├── ForeignFiles         the output folder holds files that are not ours
├── CannotWrite          the disk refused a file; what stands there is whole
├── MissingExtra         an optional part is not installed; names the command
└── StoreError           the database refused; always chained
    ├── StoreBusy        another process holds it
    └── StoreTooNew      a newer version of the program wrote it

One refused item is no exception: it travels as `model.Refused` beside its neighbours.
Imports nothing of ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class FeedsvcError(Exception):
    """The root; its text is for the reader of a log: what, where, what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong in a settings file."""

    message: str
    file: str | None = None
    line: int | None = None  #: 1-based
    key: str = ""

    def __str__(self) -> str:
        where = ":".join(str(part) for part in (self.file, self.line) if part is not None)
        return ": ".join(part for part in (where, self.key, self.message) if part)


class ConfigError(FeedsvcError):
    """The settings are wrong; `faults` lists everything found, not the first alone."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class SourceError(FeedsvcError):
    """A source as a whole could not be read; its neighbours go on."""

    def __init__(
        self, source: str, line: int | None, reason: str, remedy: str | None = None
    ) -> None:
        self.source = source
        self.line = line
        self.reason = reason
        self.remedy = remedy
        where = source if line is None else f"{source}:{line}"
        super().__init__(f"{where}: {reason}" + (f"; {remedy}" if remedy else ""))


class UnknownFormat(SourceError):
    """No reader recognised the bytes."""


class BrokenSource(SourceError):
    """A reader recognised the bytes and found them damaged."""


class BrokenTheme(FeedsvcError):
    """A file of the theme cannot be used."""

    def __init__(self, file: str, line: int | None, reason: str) -> None:
        self.file = file
        self.line = line
        self.reason = reason
        where = file if line is None else f"{file}:{line}"
        super().__init__(f"theme: {where}: {reason}")


class UnknownPath(FeedsvcError):
    """Nothing is published at `path`."""

    def __init__(self, path: str) -> None:
        self.path = path
        super().__init__(f"nothing is published at {path}")


class GonePath(UnknownPath):
    """What was published at `path` was taken back."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.args = (f"what was published at {path} was taken back",)


class BadQuestion(FeedsvcError):
    """The search cannot be asked this."""

    def __init__(self, key: str, reason: str) -> None:
        self.key = key
        self.reason = reason
        super().__init__(f"{key}: {reason}")


class DocumentRefused(FeedsvcError):
    """A document was rendered with faults and is not published; `faults` are sentences."""

    def __init__(self, path: str, faults: Sequence[str]) -> None:
        self.path = path
        self.faults = tuple(faults)
        told = "; ".join(self.faults)
        super().__init__(f"{path} is not published: {told}; correct the entry it names")


class ForeignFiles(FeedsvcError):
    """Files another tool wrote stand where ours would go; nothing was written."""

    def __init__(self, folder: str, names: Sequence[str]) -> None:
        self.folder = folder
        self.names = tuple(names)
        shown = ", ".join(self.names[:5]) + (" …" if len(self.names) > 5 else "")
        super().__init__(
            f"{folder} already holds files this program did not write: {shown}; nothing was "
            "written. Build the feeds alone with `pages = false` under [build], put everything "
            'below a folder of its own with `prefix = "feeds/"`, or choose another --out'
        )


class CannotWrite(FeedsvcError):
    """The disk refused `path`; every file there is whole, old or new."""

    def __init__(self, path: str, reason: str, remedy: str) -> None:
        self.path = path
        self.reason = reason
        self.remedy = remedy
        super().__init__(f"{path}: {reason}; {remedy}")


class MissingExtra(FeedsvcError):
    """An optional part is needed and not installed."""

    def __init__(self, what: str, extra: str) -> None:
        self.extra = extra
        super().__init__(f"{what} needs an optional part; run: pip install 'feedsvc[{extra}]'")


class StoreError(FeedsvcError):
    """The database refused; the driver's own error is chained."""


class StoreBusy(StoreError):
    """Another process holds the database, or the right to ingest."""


class StoreTooNew(StoreError):
    """The database has a schema this version does not know."""
