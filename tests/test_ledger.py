"""The ledger: what a fresh database starts from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from feedsvc.errors import ConfigError
from feedsvc.ledger import read_ledger, read_settings, write_ledger
from feedsvc.model import How, Keys, Precision
from feedsvc.store import Remembered
from tests.builders import at, dated


def remembered(n: int = 1, **fields: object) -> Remembered:
    published = dated(
        "2025-05-13", How.DERIVED, evidence="on May 13", rule="a rule", confidence=0.7
    )
    return Remembered(
        **{
            "id": f"urn:{n}",
            "slug": f"slug-{n}",
            "keys": Keys(text=f"t{n}"),
            "published": published,
            "updated": at("2025-05-14"),
            "fingerprint": "f",
        }
        | fields  # type: ignore[arg-type]
    )


FULL = remembered(
    2,
    source_id="tag:example.com,2025:1",
    keys=Keys(own="o", link="l", text="t"),
    shingles=frozenset({3, 2**64 - 1}),
    folded="words",
    link="https://example.com/1",
    aliases=("id:a", "link:b"),
    group="popular",
    source="a.txt",
    published=dated("2025-05-13", How.STATED, precision=Precision.DAY, offset_minutes=180),
    removed=at("2025-06-01"),
    reason="wrong",
)


@pytest.mark.parametrize(
    "row", [pytest.param(remembered(), id="sparse"), pytest.param(FULL, id="full")]
)
def test_what_is_written_is_read_again(tmp_path: Path, row: Remembered) -> None:
    file = tmp_path / "ledger.jsonl"
    write_ledger(file, [row], {"a.txt": "digest"})

    assert list(read_ledger(file)) == [row]
    assert read_settings(file) == {"a.txt": "digest"}


def test_it_is_lines_for_version_control(tmp_path: Path) -> None:
    file = tmp_path / "ledger.jsonl"

    wrote = [write_ledger(file, [remembered(1), FULL], {"b": "2", "a": "1"}) for _ in range(2)]

    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert wrote == [True, False]
    assert lines[:2] == [{"settings": "1", "source": "a"}, {"settings": "2", "source": "b"}]
    assert [line["id"] for line in lines[2:]] == ["urn:1", "urn:2"]
    assert all(list(line) == sorted(line) for line in lines)


def test_a_line_of_an_earlier_version_is_read(tmp_path: Path) -> None:
    file = tmp_path / "ledger.jsonl"
    write_ledger(file, [FULL])
    record = json.loads(file.read_text())
    del record["also"], record["address"]
    file.write_text(json.dumps(record))

    (row,) = read_ledger(file)

    assert (row.keys, row.aliases, row.link) == (FULL.keys, (), None)


def test_an_absent_ledger_holds_nothing(tmp_path: Path) -> None:
    assert list(read_ledger(tmp_path / "none")) == []
    assert read_settings(tmp_path / "none") == {}


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(b"<<<<<<< HEAD", id="a conflict of versions"),
        pytest.param(b'{"id": "urn:3"', id="cut off"),
        pytest.param(b'{"id": "urn:3"}', id="keys missing"),
        pytest.param(b"[]", id="no object"),
        pytest.param(b"7", id="a number"),
        pytest.param(b'{"id": "\xff"}', id="not UTF-8"),
        pytest.param(b'{"id": "a", "slug": "a", "published": {"instant": "May"}}', id="no date"),
    ],
)
def test_a_line_that_cannot_be_understood_is_named(tmp_path: Path, line: bytes) -> None:
    file = tmp_path / "ledger.jsonl"
    write_ledger(file, [remembered()])
    file.write_bytes(file.read_bytes() + b"\n" + line + b"\n")

    with pytest.raises(ConfigError) as caught:
        list(read_ledger(file))

    assert (caught.value.faults[0].file, caught.value.faults[0].line) == (str(file), 3)
    assert "restore the file" in str(caught.value)


def test_a_ledger_that_is_a_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="Is a directory"):
        list(read_ledger(tmp_path))
