"""A person's word, kept beside the seeds in corrections.toml, above all rules.

Room: corrections. Keyed by id, with the folded title as second key for a database that
never saw the id. Removals are corrections too. Comments a person wrote in the file stay.
Imports model and errors; called by ingest and cli.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import AoT

from feedsvc.errors import ConfigError, Fault
from feedsvc.files import write_atomically

FIELDS = ("published", "title", "summary", "link", "language", "tags", "authors")


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a person said of one entry; None means nothing was said."""

    id: str
    match: str = ""  #: the folded title, second key
    published: str | None = None  #: a day, or a moment with its offset
    title: str | None = None
    summary: str | None = None
    link: str | None = None
    language: str | None = None
    tags: tuple[str, ...] | None = None
    authors: tuple[str, ...] | None = None
    removed: datetime | None = None  #: when it was taken back, aware
    reason: str = ""
    note: str = ""  #: why, for people

    @property
    def digest(self) -> str:
        return json.dumps([str(getattr(self, f.name)) for f in fields(self) if f.name != "note"])


@dataclass(frozen=True, slots=True)
class Corrections:
    """All corrections of a seeds folder."""

    by_id: Mapping[str, Correction]

    def of(self, id: str) -> Correction | None:
        return self.by_id.get(id)

    def matching(self, title: str) -> Correction | None:
        """The one correction with this folded title; None when there are several."""
        found = [c for c in self.by_id.values() if c.match and c.match == title]
        return found[0] if len(found) == 1 else None

    def digests(self) -> dict[str, str]:
        return {id: correction.digest for id, correction in sorted(self.by_id.items())}


def read_corrections(file: Path) -> Corrections:
    """Read the file; an absent one corrects nothing.

    Raises ConfigError with every fault found, each with its entry's id.
    """
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8-sig")).get("entry", [])
    except FileNotFoundError:
        return Corrections({})
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError([Fault(message=f"cannot be read: {error}", file=str(file))]) from error
    faults: list[Fault] = []
    corrections = [
        _correction(table, number, str(file), faults) for number, table in _numbered(tables)
    ]
    if faults:
        raise ConfigError(faults)
    return Corrections({c.id: c for c in corrections if c})


def _numbered(tables: object) -> list[tuple[int, dict[str, Any]]]:
    rows = tables if isinstance(tables, list) else [tables]
    return [(n, row if isinstance(row, dict) else {}) for n, row in enumerate(rows, 1)]


def _correction(
    table: dict[str, Any], number: int, file: str, faults: list[Fault]
) -> Correction | None:
    known = {f.name for f in fields(Correction)}
    where = f"entry {number} ({table.get('id', 'no id')})"
    found = [
        f"unknown key {key!r}; known: {', '.join(sorted(known))}"
        for key in table
        if key not in known
    ]
    if not isinstance(table.get("id"), str):
        found.append('needs id = "…", as `feedsvc entries` prints it')
    for key in ("match", "title", "summary", "link", "language", "reason", "note"):
        if key in table and not isinstance(table[key], str):
            found.append(f"{key} must be text")
    if not _is_date(table.get("published")):
        found.append("published must be a day such as 2023-12-20, or a moment with its offset")
    removed = table.get("removed")
    if removed is not None and not isinstance(removed, date):
        found.append("removed must be a moment such as 2025-06-01T12:00:00Z")
    faults.extend(Fault(message=text, file=file, key=where) for text in found)
    if found:
        return None
    values = dict(table)
    values["removed"] = _moment(removed) if removed else None
    values["published"] = _words(table.get("published"))
    for key in ("tags", "authors"):
        values[key] = _several(table.get(key))
    return Correction(**values)


def _is_date(value: object) -> bool:
    try:
        return value is None or isinstance(value, date) or bool(datetime.fromisoformat(str(value)))
    except ValueError:
        return False


def _moment(value: date) -> datetime:
    if not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)  # noqa: DTZ001 -- made aware below
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)


def _words(value: object) -> str | None:
    if value is None:
        return None
    return value.isoformat() if isinstance(value, date) else str(value)


def _several(value: object) -> tuple[str, ...] | None:
    if value is None:
        return None
    return tuple(str(item) for item in value) if isinstance(value, list) else (str(value),)


def write_correction(file: Path, id: str, match: str, changes: Mapping[str, object]) -> None:
    """Set (or with None unset) keys of one entry's correction; everything else stays as it was.

    An entry of which nothing is left is dropped. The file is replaced atomically.
    """
    document = tomlkit.parse(file.read_text(encoding="utf-8-sig") if file.exists() else "")
    tables = document.setdefault("entry", tomlkit.aot())
    assert isinstance(tables, AoT)
    table = next((row for row in tables if row.get("id") == id), None)
    if table is None:
        table = tomlkit.table()
        table.update({"id": id, "match": match})
        tables.append(table)
        table = tables[-1]
    for key, value in changes.items():
        table.pop(key, None)
        if value is not None:
            table[key] = value
    for position in reversed(
        [n for n, row in enumerate(tables) if not set(row) - {"id", "match", "note"}]
    ):
        del tables[position]
    write_atomically(file, tomlkit.dumps(document).encode())
