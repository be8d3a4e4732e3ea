"""The ledger: what is known of every entry's identity, one sorted JSON line each.

Room: ledger. Where no store is kept (a CI job, a lost disk) a fresh database starts from it,
so that ids, dates and removals outlive the database. Written by itself after an ingest, only
when a line differs, atomically.
Imports model, errors, files and the store's records; called by ingest alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import takewhile
from pathlib import Path
from typing import Any

from feedsvc.errors import ConfigError, Fault
from feedsvc.files import write_atomically
from feedsvc.model import Dated, How, Keys, Precision
from feedsvc.store import Remembered


def write_ledger(
    file: Path, rows: Iterable[Remembered], settings: Mapping[str, str] | None = None
) -> bool:
    """Bring the file up to the rows (sorted by id); True when it had to be written.

    `settings` (source name -> digest) come first: a fresh database knows by them that the
    settings of a source changed, and judges its dates again. Raises CannotWrite.
    """
    heads = (
        _json({"source": name, "settings": of}) for name, of in sorted((settings or {}).items())
    )
    data = "".join(f"{line}\n" for line in (*heads, *map(_line, rows))).encode()
    if file.is_file() and file.read_bytes() == data:
        return False
    write_atomically(file, data)
    return True


def read_ledger(file: Path) -> Iterator[Remembered]:
    """The rows of a ledger; an absent file holds none.

    Raises ConfigError naming the line that cannot be understood: a ledger with a hole
    would hand out new ids silently.
    """
    for number, record in _records(file):
        if "settings" not in record:
            with _understood(file, number):
                yield _row(record)


def read_settings(file: Path) -> dict[str, str]:
    """The digests of settings by source that `write_ledger` was given. Raises ConfigError."""
    heads = takewhile(lambda one: "settings" in one[1], _records(file))
    return {str(record["source"]): str(record["settings"]) for _, record in heads}


def _records(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    if not file.exists():
        return
    with _understood(file):
        lines = file.read_bytes().splitlines()
    for number, line in enumerate(lines, 1):
        if line.strip():
            with _understood(file, number):
                record = dict(json.loads(line))
            yield number, record


@contextmanager
def _understood(file: Path, number: int | None = None) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"not a ledger line ({error}); restore the file from version control or a backup"
        raise ConfigError([Fault(message=message, file=str(file), line=number)]) from error


def _line(row: Remembered) -> str:
    record = {
        "id": row.id,
        "slug": row.slug,
        "source_id": row.source_id,
        "own": row.keys.own,
        "link": row.keys.link,
        "text": row.keys.text,
        "also": row.aliases,
        "address": row.link,
        "folded": row.folded,
        "shingles": sorted(row.shingles),
        "source": row.source,
        "group": row.group,
        "published": _dated_record(row.published),
        "updated": _written(row.updated),
        "fingerprint": row.fingerprint,
        "removed": _written(row.removed) if row.removed else None,
        "reason": row.reason or None,
    }
    return _json({key: value for key, value in record.items() if value not in (None, "", [], ())})


def _json(record: Mapping[str, object]) -> str:
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _row(record: Mapping[str, Any]) -> Remembered:
    return Remembered(
        id=record["id"],
        slug=record["slug"],
        source_id=record.get("source_id"),
        keys=Keys(own=record.get("own"), link=record.get("link"), text=record.get("text")),
        aliases=tuple(record.get("also", ())),
        link=record.get("address"),
        folded=record.get("folded", ""),
        shingles=frozenset(record.get("shingles", ())),
        source=record.get("source", ""),
        group=record.get("group", ""),
        published=_dated(record["published"]),
        updated=_read(record["updated"]),
        fingerprint=record.get("fingerprint", ""),
        removed=_read(record["removed"]) if "removed" in record else None,
        reason=record.get("reason", ""),
    )


def _dated_record(dated: Dated) -> dict[str, Any]:
    return {
        "instant": _written(dated.instant),
        "how": dated.how.word,
        "precision": dated.precision.value,
        "offset_minutes": dated.offset_minutes,
        "confidence": dated.confidence,
        "evidence": dated.evidence,
        "rule": dated.rule,
    }


def _dated(record: dict[str, Any]) -> Dated:
    return Dated(
        instant=_read(record["instant"]),
        how=How.of(record["how"]),
        precision=Precision(record["precision"]),
        offset_minutes=record["offset_minutes"],
        confidence=record["confidence"],
        evidence=record["evidence"],
        rule=record["rule"],
    )


def _written(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _read(text: str) -> datetime:
    return datetime.fromisoformat(text)
