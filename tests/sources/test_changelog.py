"""Changelogs of many kinds: a release is an item."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedsvc.errors import BrokenSource, SourceError
from feedsvc.model import RawItem
from feedsvc.sources import changelog
from tests.sources.cases import documents, verify


def read(text: str, name: str = "CHANGELOG.md") -> list[RawItem]:
    return [p for p in changelog.read(name, text.encode()) if isinstance(p, RawItem)]


@pytest.mark.parametrize("path", documents("changelog"), ids=lambda path: path.name)
def test_a_changelog_of_its_kind(path):
    verify(path)


@pytest.mark.parametrize("heading, title, day", [
    pytest.param("1.2.3 (2024-05-01)", "1.2.3", "2024-05-01", id="in brackets"),
    pytest.param("[1.2.3] - 2024-05-01", "1.2.3", "2024-05-01", id="Keep a Changelog"),
    pytest.param("v1.2 — May 1, 2024", "v1.2", "May 1, 2024", id="behind a dash"),
    pytest.param("Версия 1.2 от 1 мая 2024", "Версия 1.2", "1 мая 2024", id="Russian"),
    pytest.param("Version 2.3 (13.05.2025)", "Version 2.3", "13.05.2025", id="German"),
    pytest.param("バージョン1.2（2024年5月1日）", "バージョン 1.2", "2024年5月1日", id="Japanese"),
    pytest.param("2024-05-01, Version 1.2.3", "Version 1.2.3", "2024-05-01", id="the day first"),
    pytest.param('1.5.0 "Teal" - 2024-05-01', '1.5.0 "Teal"', "2024-05-01", id="a code name"),
    pytest.param("1.2.3: The big one", "1.2.3: The big one", None, id="a title of its own"),
    pytest.param("2024.05.01", "2024.05.01", "2024-05-01", id="a version that is a day"),
    pytest.param("Version 12", "Version 12", None, id="a whole number"),
    pytest.param("pkg-1.2.3", "pkg-1.2.3", None, id="a tag"),
])  # fmt: skip
def test_a_heading(heading, title, day):
    first, _, _ = read(f"## {heading}\n\n- A.\n\n## 0.2.0\n\n- B.\n\n## 0.1.0\n\n- C.\n")

    assert (first.title, [date.words for date in first.dates]) == (title, [day] if day else [])


def test_a_text_without_releases_is_broken():
    with pytest.raises(BrokenSource, match="no release found"):
        read("# A walk\n\n## 1.1 The hill\n\nUp.\n\n## 1.2 The lake\n\nDown.\n")


@pytest.mark.parametrize("name, head, expected", [
    pytest.param("notes.md", "## 1.1.0\n\n- A.\n\n## 1.0.0\n\n- B.\n", 0.85, id="two versions"),
    pytest.param("CHANGELOG.md", "## 1.1.0\n\n- A.\n\n## 1.0.0\n\n- B.\n", 0.95, id="so named"),
    pytest.param("NEWS", "## 1.0.0 (2024-05-01)\n\n- A.\n", 0.8, id="one, so named"),
    pytest.param("notes.md", "## 1.0.0 (2024-05-01)\n\n- A.\n", 0.0, id="one"),
    pytest.param("paper.md", "## 1.1 Aim\n\nA.\n\n## 1.2 Means\n\nB.\n", 0.0, id="a paper"),
    pytest.param("dump.txt", "Prices rose 1.2 percent.\nIn May 1.4 million came.\n", 0.0, id="news"),
    pytest.param("days.md", "## 2025-05-13\n\nA.\n\n## 2025-05-12\n\nB.\n", 0.0, id="a journal"),
])  # fmt: skip
def test_how_surely_it_is_a_changelog(name, head, expected):
    assert changelog.sniff(name, head.encode()) == expected


def test_the_word_of_a_release_does_not_change_its_id():
    before, *_ = read("# Heron\n\n## 1.1\n\n- A.\n\n## 1.0\n\n- B.\n")
    after, *_ = read("# Heron\n\n## 1.1 (2024-05-01)\n\n- Another word.\n\n## 1.0\n\n- B.\n")

    assert before.guid == after.guid == "Heron 1.1"


def test_without_a_project_a_version_is_no_id():
    item, _ = read("# Changelog\n\n## 1.1\n\n- A.\n\n## 1.0\n\n- B.\n")

    assert item.guid is None


ROWS = st.sampled_from([
    "# Changelog", "## 1.2.3 (2024-05-01)", "## [1.2.2]", "### Added", "- A word.", "", "[1.2.2]: https://x.example/y",
    "1.0 2024-01-01", "====", "----", "* Noteworthy changes in release 3.4", "## Unreleased", "a (1.2-3) unstable; urgency=low",
    " -- A <a@x.example>  Wed, 01 May 2024 10:00:00 +0200", "2024-05-01  A B  <a@x.example>", "\t* x", "* Wed May 01 2024 A <a@x.example> - 1.2-3",
])  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(
    st.lists(ROWS, max_size=14).map("\n".join),
    st.sampled_from(["CHANGELOG.md", "NEWS", "HISTORY.rst"]),
)
def test_any_rows_are_read_and_read_the_same_again(text, name):
    try:
        pieces = list(changelog.read(name, text.encode()))
    except SourceError:
        return

    assert pieces == list(changelog.read(name, text.encode()))
    items = [piece for piece in pieces if isinstance(piece, RawItem)]
    assert [item.position for item in items] == list(range(len(items)))
    assert all(item.line and item.source == name for item in items)


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_raise_nothing_but_errors_of_sources(data):
    with suppress(SourceError):
        list(changelog.read("NEWS", data))
