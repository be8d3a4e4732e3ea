"""A person's word, kept beside the seeds in corrections.toml, above all rules.

Room: corrections. Keyed by id, with the folded title as second key for a database that
never saw the id. Removals are corrections too. Comments a person wrote in the file stay.
Imports errors, files, and what config and addresses know of languages and links; called by
intake, settle, service and cli.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import tomlkit

from feedsvc.addresses import is_absolute
from feedsvc.config import LANGUAGE
from feedsvc.errors import ConfigError, Fault
from feedsvc.files import write_atomically

_UNKNOWN_TABLE = "unknown here; every correction is a table of its own, headed [[entry]]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a person said of one entry; None means nothing was said."""

    id: str
    match: str = ""  #: the folded title, second key
    published: str | None = None  #: a day, or a moment with its offset
    updated: str | None = None  #: likewise
    title: str | None = None
    summary: str | None = None
    content: str | None = None  #: Markdown
    link: str | None = None
    image: str | None = None  #: the address of its picture; empty takes it away
    section: str | None = None
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
    return _parsed(_text(file), file)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        message = f"cannot be read: {error}; check its permissions, save it as UTF-8"
        raise ConfigError([Fault(message=message, file=str(file))]) from error


def _parsed(text: str, file: Path) -> Corrections:
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([Fault(message=f"not TOML: {error}", file=str(file))]) from error
    rows = tables.pop("entry", [])
    faults = [Fault(message=_UNKNOWN_TABLE, file=str(file), key=key) for key in tables]
    if not (isinstance(rows, list) and all(isinstance(row, dict) for row in rows)):
        faults.append(Fault(message=_UNKNOWN_TABLE, file=str(file), key="entry"))
        rows = []
    found: dict[str, Correction] = {}
    for number, row in enumerate(rows, 1):
        told = [
            *_faults_of(row),
            *(["stands twice; make it one"] if row.get("id") in found else []),
        ]
        where = f"entry {number} ({row.get('id', 'no id')})"
        faults += [Fault(message=message, file=str(file), key=where) for message in told]
        if not told:
            found[row["id"]] = _correction(row)
    if faults:
        raise ConfigError(faults)
    return Corrections(found)


def _faults_of(row: Mapping[str, Any]) -> Iterator[str]:
    known = [f.name for f in fields(Correction)]
    for key in row:
        if key not in known:
            yield f"unknown key {key!r}; known: {', '.join(sorted(known))}"
        elif not _RULES[key][0](row[key]):
            yield f"{key} must be {_RULES[key][1]}"
    if "id" not in row:
        yield f"needs id = …, {_RULES['id'][1]}"


def _correction(row: Mapping[str, Any]) -> Correction:
    values = dict(row)
    values["removed"] = _moment(row["removed"]) if "removed" in row else None
    for key in ("published", "updated"):
        values[key] = _words(row.get(key))
    for key in ("tags", "authors"):
        values[key] = _several(row.get(key))
    return Correction(**values)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and not value.isspace()


def _is_filled(value: object) -> bool:
    return _is_text(value) and value != ""


def _is_date(value: object) -> bool:
    try:
        moment = value if isinstance(value, date) else datetime.fromisoformat(str(value))
    except ValueError:
        return False
    return 1 < moment.year < 9999


def _is_link(value: object) -> bool:
    return (
        isinstance(value, str) and is_absolute(value) and not re.search(r"[\s<>\"\x00-\x20]", value)
    )


def _is_language(value: object) -> bool:
    return isinstance(value, str) and bool(LANGUAGE.fullmatch(value))


def _are_names(value: object) -> bool:
    return all(map(_is_filled, value)) if isinstance(value, list) else _is_filled(value)


#: key -> what holds of its value, and that in words
_RULES: dict[str, tuple[Callable[[object], bool], str]] = {
    "id": (_is_filled, "the id as `feedsvc entries` prints it"),
    "match": (_is_text, "text"),
    "published": (_is_date, "a day such as 2023-12-20, or a moment with its offset"),
    "updated": (_is_date, "a day such as 2023-12-20, or a moment with its offset"),
    "title": (_is_filled, "text"),
    "content": (_is_filled, "text, in Markdown"),
    "image": (
        lambda value: value == "" or _is_link(value),
        "a complete address such as https://example.com/a.jpg",
    ),
    "section": (_is_filled, "text"),
    "summary": (_is_text, "text"),
    "link": (_is_link, "a complete address such as https://example.com/a"),
    "language": (_is_language, 'a language tag such as "en"'),
    "tags": (_are_names, "a list of texts"),
    "authors": (_are_names, "a list of names"),
    "removed": (lambda value: isinstance(value, date), "a moment such as 2025-06-01T12:00:00Z"),
    "reason": (_is_text, "text"),
    "note": (_is_text, "text"),
}


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
    Raises ConfigError, with nothing written, when the file or a new value is wrong.
    """
    before = _text(file)
    _parsed(before, file)
    document = tomlkit.parse(before)
    tables = document.setdefault("entry", tomlkit.aot())
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
    text = tomlkit.dumps(document)
    _parsed(text, file)
    write_atomically(file, text.encode())
