"""corrections.toml: a person's word, kept beside the seeds."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from feedsvc.corrections import read_corrections, write_correction
from feedsvc.errors import ConfigError


def test_an_absent_file_corrects_nothing(tmp_path: Path) -> None:
    assert read_corrections(tmp_path / "corrections.toml").by_id == {}


def test_a_day_may_be_a_toml_date_or_text(tmp_path: Path) -> None:
    file = tmp_path / "corrections.toml"
    file.write_text(
        '[[entry]]\nid = "a"\npublished = 2023-12-20\n[[entry]]\nid = "b"\npublished = "2023-12-21"\n'
    )

    corrections = read_corrections(file)

    assert [c.published for c in corrections.by_id.values()] == ["2023-12-20", "2023-12-21"]


def test_every_fault_is_told_with_its_entry(tmp_path: Path) -> None:
    file = tmp_path / "corrections.toml"
    file.write_text(
        '[[entry]]\npublished = "May 13"\n[[entry]]\nid = "b"\nremoved = "yes"\ntitel = "x"\n'
    )

    with pytest.raises(ConfigError) as caught:
        read_corrections(file)

    told = str(caught.value)
    for words in (
        "entry 1 (no id)",
        "needs id",
        "published must be",
        "entry 2 (b)",
        "removed must be",
        "'titel'",
    ):
        assert words in told


def test_writing_keeps_a_persons_comments_and_other_entries(tmp_path: Path) -> None:
    file = tmp_path / "corrections.toml"
    file.write_text('# ours\n[[entry]]\nid = "a"\ntitle = "A"  # checked\n')

    write_correction(file, "b", "folded b", {"title": "B"})
    write_correction(file, "a", "folded a", {"summary": "S"})

    text = file.read_text()
    assert "# ours" in text and "# checked" in text
    corrections = read_corrections(file)
    assert (corrections.of("a").title, corrections.of("a").summary) == ("A", "S")  # type: ignore[union-attr]
    assert corrections.of("b").match == "folded b"  # type: ignore[union-attr]


def test_a_removal_undone_leaves_no_trace(tmp_path: Path) -> None:
    file = tmp_path / "corrections.toml"
    moment = datetime(2025, 6, 1, 12, tzinfo=UTC)

    write_correction(file, "a", "t", {"removed": moment, "reason": "wrong"})
    removed = read_corrections(file).of("a")
    write_correction(file, "a", "t", {"removed": None, "reason": None})

    assert removed is not None and removed.removed == moment
    assert read_corrections(file).by_id == {}


def test_a_title_that_two_corrections_name_matches_neither(tmp_path: Path) -> None:
    file = tmp_path / "corrections.toml"
    write_correction(file, "a", "same", {"title": "A"})
    alone = read_corrections(file).matching("same")
    write_correction(file, "b", "same", {"title": "B"})

    assert alone is not None and alone.id == "a"
    assert read_corrections(file).matching("same") is None
