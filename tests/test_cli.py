"""The command line: what each command prints, and how it refuses."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from feedsvc.cli import main

Run = Callable[..., Result]
DUMP = "000_64ba767ae4b7ab50.txt"


@pytest.fixture
def run(tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in a folder of its own that holds the seeds."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("FEEDSVC_")]:
        monkeypatch.delenv(name)
    return lambda *words, **options: CliRunner().invoke(main, list(words), **options)


def listed(run: Run, *options: str) -> list[dict[str, object]]:
    lines = run("entries", "--format", "jsonl", *options).stdout.splitlines()
    return [json.loads(line) for line in lines]


def test_entries_of_the_seeds_are_told_in_full(run: Run) -> None:
    told = run("ingest")
    entries = listed(run)

    assert told.exit_code == 0, told.output
    assert "1 sources, 19 items: 19 new" in told.output
    assert len(entries) == 19
    sections = [entry["section"] for entry in entries]
    assert {name: sections.count(name) for name in set(sections)} == {
        None: 11,
        "Most Popular": 5,
        "Editors' Picks": 3,
    }
    (reuters,) = (e for e in entries if "Reuters reported" in str(e["content_text"]))
    assert str(reuters["published"]).startswith("2025-05-13T")
    assert reuters["published_how"] == "derived"
    assert "reported on May 13" in str(reuters["published_evidence"])
    assert not any("May 15" in str(entry["published_evidence"]) for entry in entries)
    (article,) = (e for e in entries if "Tallinn" in str(e["content_text"]))
    assert (str(article["published"])[:10], article["published_how"]) == ("2023-12-20", "corrected")


def test_every_object_has_every_key(run: Run) -> None:
    run("ingest")

    keys = {tuple(entry) for entry in listed(run)}

    assert keys == {
        (
            "id", "slug", "title", "title_derived", "summary", "content_html", "content_text",
            "published", "published_how", "published_precision", "published_evidence",
            "published_rule", "published_confidence", "updated", "section", "sections", "tags",
            "authors", "language", "url", "source", "line", "source_id", "media", "also_in",
        )
    }  # fmt: skip


def test_an_unchanged_source_is_not_read_again(run: Run) -> None:
    run("ingest")

    assert "1 sources, 0 items; 1 unchanged, not read again" in run("ingest").output
    assert "19 items: 19 unchanged" in run("ingest", "--again").output


def test_a_dry_run_tells_what_subscribers_would_see_and_keeps_nothing(run: Run) -> None:
    told = run("ingest", "--dry-run")

    assert "subscribers of / would see: 19 new" in told.output
    assert "subscribers of /sections/most-popular would see: 5 new" in told.output
    assert listed(run) == []


def test_read_keeps_nothing_and_prints_in_source_order(run: Run, tmp_path: Path) -> None:
    told = run("read", "seeds", "--reference-date", "2025-05-14")

    lines = [json.loads(line)["line"] for line in told.stdout.splitlines()]
    assert lines == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 24, 26, 28, 30, 32, 35, 37, 39]
    assert not (tmp_path / "instance").exists()


def test_read_takes_standard_input(run: Run) -> None:
    told = run("read", "-", input='{"title": "Piped", "date": "2025-05-01"}\n')

    assert [json.loads(line)["title"] for line in told.stdout.splitlines()] == ["Piped"]


def test_explain_shows_every_candidate_and_the_winner(run: Run) -> None:
    run("ingest")

    told = run("explain", "Witkoff", "Kellogg").output

    assert "2025-05-13, derived: read from the text" in told
    assert "reported on May 13" in told
    assert "minted once, from its title and first words" in told
    assert told.count("✓") == 1


def test_explain_says_why_a_day_to_come_dates_nothing(run: Run) -> None:
    run("ingest")

    told = run("explain", "Peskov").output

    assert "May 15" in told
    assert "upper bound" in told


def test_a_correction_is_written_and_stands(run: Run, seeds: Path) -> None:
    run("ingest")
    first = listed(run)[0]

    told = run("correct", str(first["id"]), "--published", "2025-05-12", "--title", "Told right")

    after = next(entry for entry in listed(run) if entry["id"] == first["id"])
    assert told.exit_code == 0, told.output
    assert (after["title"], after["title_derived"]) == ("Told right", False)
    assert (str(after["published"])[:10], after["published_how"]) == ("2025-05-12", "corrected")
    assert str(first["id"]) in (seeds / "corrections.toml").read_text()


def test_a_removal_can_be_undone(run: Run) -> None:
    run("ingest")
    first = listed(run)[0]

    run("remove", str(first["id"]), "--reason", "wrong")
    without = listed(run)
    run("remove", str(first["id"]), "--undo")

    assert (len(without), len(listed(run))) == (18, 19)
    assert listed(run)[0] == first


def test_a_correction_that_matches_nothing_is_told(run: Run, seeds: Path) -> None:
    with (seeds / "corrections.toml").open("a") as file:
        file.write('\n[[entry]]\nid = "urn:uuid:nobody"\ntitle = "x"\n')

    assert "urn:uuid:nobody matches no entry" in run("ingest").output


def test_build_prints_addresses_lines_to_paste_and_that_base_url_is_unset(run: Run) -> None:
    told = run("build").stdout.splitlines()

    assert "  RSS       http://127.0.0.1:8000/rss.xml" in told
    assert any(
        line.strip().startswith('<link rel="alternate" type="application/rss+xml"') for line in told
    )
    assert "base_url is unset" in told[-1]


def test_build_with_a_base_url_says_nothing_of_it(run: Run, tmp_path: Path) -> None:
    told = run("build", "--base-url", "https://example.org/news/", "--out", "site")

    assert "base_url is unset" not in told.output
    assert b"https://example.org/news/rss.xml" in (tmp_path / "site" / "rss.xml").read_bytes()


def test_a_build_without_kept_ids_says_so(run: Run) -> None:
    first, second = run("build"), run("build")

    assert "ids were minted anew" in first.stdout
    assert "ids were minted anew" not in second.stdout


def test_build_works_with_no_settings_at_all(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "some" / "folder"
    folder.mkdir(parents=True)
    (folder / "a.txt").write_text("One thing happened in the town today.\n")

    told = run("build", "some/folder")

    assert told.exit_code == 0, told.output
    assert "One thing happened" in (tmp_path / "public" / "rss.xml").read_text()


def test_init_writes_what_works_and_overwrites_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = run("init", "new"), run("init", "new")
    monkeypatch.chdir(tmp_path / "new")

    built = run("build")

    assert "wrote" in first.output
    assert "left as it is" in second.output
    assert built.exit_code == 0, built.output
    assert (tmp_path / "new" / "ledger.jsonl").exists()


# Refusing well


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        pytest.param(["ingest", "nowhere"], 2, "does not exist", id="a path that is not there"),
        pytest.param(["nonsense"], 2, "No such command", id="an unknown command"),
        pytest.param(
            ["ingest", "--config", "none.toml"], 2, "cannot be read", id="no settings file"
        ),
        pytest.param(["explain", "nobody"], 1, "feedsvc entries", id="an unknown entry"),
        pytest.param(
            ["correct", "urn:x", "--title", "y"], 1, "no entry has the id", id="an unknown id"
        ),
        pytest.param(["correct", "urn:x"], 2, "say what is true", id="nothing to correct"),
        pytest.param(["build", "--base-url", "nope"], 2, "complete address", id="a bad base URL"),
        pytest.param(
            ["read", "seeds", "--language", "english!"], 2, "language tag", id="a bad language"
        ),
    ],
)
def test_a_wrong_call_is_told(run: Run, words: list[str], code: int, told: str) -> None:
    result = run(*words)

    assert (result.exit_code, told in result.output) == (code, True), result.output


@pytest.mark.parametrize(
    ("name", "data", "code", "told"),
    [
        pytest.param("a.txt", b"", 0, "", id="an empty file"),
        pytest.param("a.txt", b"\x00\x01\x02" * 500, 1, "a.txt", id="a binary file"),
        pytest.param("a.json", b'{"items": [', 1, "a.json", id="broken JSON"),
        pytest.param(
            "a.jsonl", b'{"title": "x"}\n{"title": \n', 1, "a.jsonl:2", id="a broken line"
        ),
        pytest.param("a.txt", b"word " * 2_100_000, 1, "a.txt:1", id="a line of 10 MB"),
    ],
)
def test_a_bad_file_is_told_and_its_neighbour_is_published(
    run: Run, seeds: Path, name: str, data: bytes, code: int, told: str
) -> None:
    (seeds / name).write_bytes(data)

    result = run("ingest")

    assert (result.exit_code, told in result.output) == (code, True), result.output
    assert len(listed(run)) >= 19


def test_an_unknown_setting_is_told_with_the_nearest(run: Run, seeds: Path) -> None:
    with (seeds / "feedsvc.toml").open("a") as file:
        file.write('ordr = "x"\n')

    result = run("ingest")

    assert result.exit_code == 2
    assert 'did you mean "order"?' in result.output


def test_a_database_from_a_newer_version_is_told(run: Run, tmp_path: Path) -> None:
    run("ingest")
    with sqlite3.connect(tmp_path / "instance" / "feedsvc.sqlite3") as database:
        database.execute("update feedsvc_version set version_num = 'from-the-future'")
    database.close()

    result = run("entries")

    assert result.exit_code == 1
    assert "newer version" in result.output


def test_a_file_that_is_no_database_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance" / "feedsvc.sqlite3").write_text("not a database at all, but long enough")

    result = run("entries")

    assert result.exit_code == 1
    assert "feedsvc.sqlite3" in result.output


def test_a_taken_port_is_told(run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        result = run("serve", "--port", str(taken.getsockname()[1]))

    assert result.exit_code == 1
    assert "choose another with --port" in result.output


def test_files_of_another_tool_are_named_and_left(run: Run, tmp_path: Path) -> None:
    (tmp_path / "public").mkdir()
    (tmp_path / "public" / "index.html").write_text("another tool's")

    result = run("build")

    assert result.exit_code == 1
    assert "index.html" in result.output and "pages = false" in result.output
    assert [file.name for file in (tmp_path / "public").iterdir()] == ["index.html"]
