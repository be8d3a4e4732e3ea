"""The command line: what each command prints, and how it refuses."""

from __future__ import annotations

import json
import os
import resource
import shlex
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from filelock import FileLock

from feedsvc.cli import main
from feedsvc.model import Feed
from feedsvc.tell import address_lines
from tests.builders import site

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


def test_a_settings_value_of_the_environment_is_named(run: Run) -> None:
    result = run("serve", env={"FEEDSVC_PORT": "abc", "FEEDSVC_TIME_ZONE": "Mars/Base"})

    assert result.exit_code == 2
    assert "environment: FEEDSVC_PORT: " in result.output
    assert "environment: FEEDSVC_TIME_ZONE: not a time zone" in result.output


@pytest.mark.parametrize(
    "words", [["serve"], ["build"], ["ingest"], ["ingest", "--dry-run"]], ids=" ".join
)
def test_without_seeds_the_remedy_is_told_and_nothing_made(
    run: Run, seeds: Path, words: list[str], tmp_path: Path
) -> None:
    seeds.rename(tmp_path / "away")

    result = run(*words)

    assert (result.exit_code, "`feedsvc init`" in result.stderr) == (2, True), result.output
    assert [file.name for file in tmp_path.iterdir()] == ["away"]


def test_seeds_that_went_away_are_told_and_the_last_good_documents_stay(
    run: Run, seeds: Path, tmp_path: Path
) -> None:
    run("ingest")
    seeds.rename(tmp_path / "away")

    result = run("ingest")

    assert result.exit_code == 1
    assert "refused: seeds: cannot be read" in result.output
    assert len(listed(run)) == 19


def test_an_empty_folder_and_an_empty_file_are_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "a.txt").touch()

    folder, file = run("ingest", "empty"), run("ingest", "one")

    assert (folder.exit_code, "nothing to read" in folder.output) == (0, True)
    assert (file.exit_code, "a.txt: holds no items" in file.output) == (0, True)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["entries"], 0),
        (["entries", "--format", "jsonl"], 0),
        (["entries", "--duplicates"], 0),
        (["entries", "--quarantined"], 0),
        (["explain", "anything"], 1),
        (["correct", "urn:x", "--title", "y"], 1),
        (["remove", "urn:x"], 1),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_site_that_was_never_ingested_says_so_and_is_left_alone(
    run: Run, tmp_path: Path, words: list[str], code: int
) -> None:
    before = (tmp_path / "seeds" / "corrections.toml").read_bytes()

    result = run(*words)

    assert result.exit_code == code
    assert "run: feedsvc ingest" in result.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["seeds"]
    assert (tmp_path / "seeds" / "corrections.toml").read_bytes() == before


@pytest.mark.parametrize("format", ["table", "jsonl", "json"])
def test_duplicates_and_the_quarantined_are_listed_in_every_format(
    run: Run, seeds: Path, format: str
) -> None:
    rows = ['{"title": "Twice", "id": 1}', '{"title": "Twice", "id": 1}', '{"title": ']
    (seeds / "a.jsonl").write_text("\n".join(rows))
    run("ingest")

    twice = run("entries", "--duplicates", "--format", format).stdout
    refused = run("entries", "--quarantined", "--format", format).stdout

    if format == "table":
        assert "a.jsonl:1" in twice and "a.jsonl:2" in twice
        assert "a.jsonl:3" in refused
    else:
        (entry,), (one,) = (
            json.loads(f"[{text}]" if format == "jsonl" else text) for text in (twice, refused)
        )
        assert [place["line"] for place in entry["also_in"]] == [2]
        assert (one["source"], one["line"], one["words"]) == ("a.jsonl", 3, '{"title":')


def test_read_lists_files_in_the_order_given_and_tells_what_it_refused(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "b.jsonl").write_text('{"title": "B1"}\n{"title": \n{"title": "B2"}\n')
    (tmp_path / "a.jsonl").write_text('{"title": "A", "status": "draft"}\n{"title": "A2"}\n')

    told = run("read", "b.jsonl", "a.jsonl")

    assert [json.loads(line)["title"] for line in told.stdout.splitlines()] == ["B1", "B2", "A2"]
    assert told.exit_code == 1
    assert "b.jsonl:2" in told.stderr
    assert "1 withheld" in told.stderr


def test_a_dry_run_tells_what_vanished_and_what_would_be_held(run: Run, seeds: Path) -> None:
    lines = [f'{{"id": {n}, "title": "Record {n}", "date": "2025-06-05"}}' for n in range(30)]
    (seeds / "a.jsonl").write_text("\n".join(lines))
    run("ingest")
    moved = [line.replace("2025", "2024") for line in lines[1:]]
    (seeds / "a.jsonl").write_text("\n".join(moved))
    with (seeds / "feedsvc.toml").open("a") as file:
        file.write('[[source]]\npath = "a.jsonl"\nmissing = "remove"\n')

    told = run("ingest", "--dry-run")

    assert told.exit_code == 1
    assert "a.jsonl: 1 no longer listed; would be removed" in told.output
    assert "would be held back" in told.output
    assert "subscribers of / would see: 29 changed, 29 dated anew, 1 gone" in told.output


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("[[entry]\n", "corrections.toml: not TOML", id="not TOML"),
        pytest.param('[[entry]]\nid = "a"\ntitle = ""\n', "entry 1 (a): title must be", id="empty"),
        pytest.param('[[entries]]\nid = "a"\n', "entries: unknown here", id="a wrong name"),
        pytest.param('[entry]\nid = "a"\n', "headed [[entry]]", id="one bracket too few"),
        pytest.param('[[entry]]\nid = "a"\n' * 2, "entry 2 (a): stands twice", id="twice"),
    ],
)
def test_broken_corrections_are_told_and_nothing_is_read(
    run: Run, seeds: Path, text: str, told: str
) -> None:
    (seeds / "corrections.toml").write_text(text)

    result = run("ingest")

    assert (result.exit_code, told in result.stderr) == (2, True), result.output
    assert listed(run) == []


@pytest.mark.parametrize(
    "said",
    [
        ["--published", "soon"],
        ["--published", "0001-01-01"],
        ["--link", "javascript:alert(1)"],
        ["--language", "english!"],
        ["--tag", " "],
    ],
    ids=" ".join,
)
def test_a_wrong_correction_is_told_and_not_written(run: Run, seeds: Path, said: list[str]) -> None:
    run("ingest")
    before = (seeds / "corrections.toml").read_bytes()

    result = run("correct", str(listed(run)[0]["id"]), *said)

    assert result.exit_code == 2, result.output
    assert (seeds / "corrections.toml").read_bytes() == before


def test_strange_files_among_the_seeds_are_told_and_passed(run: Run, seeds: Path) -> None:
    os.mkfifo(seeds / "fifo")
    for name, target in (("round", "."), ("self", "self"), ("nowhere", "none")):
        (seeds / name).symlink_to(target)
    Path(os.fsdecode(bytes(seeds) + b"/caf\xe9.jsonl")).write_text('{"title": "Odd bytes"}')
    (seeds / "new\nline.jsonl").write_text('{"title": "A line feed"}')

    result = run("ingest")

    told = [line.split(":")[1].strip() for line in result.output.splitlines() if "refused" in line]
    assert (result.exit_code, told) == (1, ["fifo", "nowhere", "self"]), result.output
    sources = {entry["source"] for entry in listed(run)}
    assert sources == {DUMP, "caf\\xe9.jsonl", "new\\nline.jsonl"}


# Refusing well, where it takes a process of its own

COMMAND = [sys.executable, "-m", "feedsvc"]


#: root may read and write everything, so it gives that right up
PLAIN = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"] if os.geteuid() == 0 else []


@pytest.fixture
def folder(seeds: Path) -> Iterator[Path]:
    """A folder with seeds in it; whatever a test shuts is opened again."""
    yield seeds.parent
    for shut in (seeds.parent, seeds, seeds / "shut"):
        if shut.exists():
            shut.chmod(0o755)


def command(folder: Path, *words: str, **options: Any) -> subprocess.CompletedProcess[str]:
    environ = {key: value for key, value in os.environ.items() if not key.startswith("FEEDSVC_")}
    return subprocess.run(
        [*PLAIN, *COMMAND, *words],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        **options,
    )


def test_what_may_not_be_read_is_told_and_its_neighbours_are_published(folder: Path) -> None:
    (folder / "seeds" / "shut").mkdir(mode=0)
    (folder / "seeds" / "shut.txt").touch(mode=0)

    told = command(folder, "ingest")

    assert told.returncode == 1
    assert "refused: shut: cannot be read: Permission denied" in told.stdout
    assert "refused: shut.txt: cannot be read: Permission denied" in told.stdout
    assert "19 items: 19 new" in told.stdout
    assert told.stderr == ""


def test_a_folder_that_may_not_be_written_is_told(run: Run, folder: Path) -> None:
    run("ingest")
    folder.chmod(0o555)

    told = command(folder, "build")

    assert told.returncode == 1
    assert "public" in told.stderr and "Traceback" not in told.stderr


def test_corrections_that_may_not_be_written_are_told(run: Run, folder: Path) -> None:
    run("ingest")
    (folder / "seeds").chmod(0o555)
    first = listed(run)[0]

    told = command(folder, "correct", str(first["id"]), "--title", "x")

    assert told.returncode == 1
    assert "seeds/corrections.toml: Permission denied; check the space" in told.stderr


def test_a_full_disk_is_told_and_what_was_kept_is_safe(run: Run, folder: Path) -> None:
    """A limit on the size of files stands for the disk."""
    run("ingest")
    (folder / "seeds" / "more.txt").write_text("\n".join(f"Headline {n}" for n in range(2000)))

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    full = command(folder, "ingest", preexec_fn=limit)

    assert full.returncode == 1
    assert "the database" in full.stderr and "Traceback" not in full.stderr
    assert len(listed(run)) == 19


def test_an_interrupted_ingest_says_so_without_a_traceback(folder: Path) -> None:
    process = subprocess.Popen(
        [*COMMAND, "ingest", "-"],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 10
    while not (folder / "instance" / "feedsvc.sqlite3").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.5)  # it reads standard input, which never ends

    process.send_signal(signal.SIGINT)
    process.wait(10)

    _, err = process.communicate()
    assert (process.returncode, "Traceback" in err) == (1, False), err


def test_a_reader_of_our_output_may_leave(run: Run, folder: Path) -> None:
    rows = (json.dumps({"title": f"Record {n}", "body": "words " * 500}) for n in range(100))
    (folder / "seeds" / "a.jsonl").write_text("\n".join(rows))
    run("ingest")

    told = subprocess.run(
        f"{shlex.join(COMMAND)} entries --format jsonl | head -1",
        shell=True, cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (len(told.stdout.splitlines()), told.stderr) == (1, "")


def test_a_wait_for_another_process_is_told_at_once(run: Run, folder: Path) -> None:
    run("ingest")
    with FileLock(folder / "instance" / "feedsvc.sqlite3.lock"):
        waiting = subprocess.Popen(
            [*COMMAND, "ingest"],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert waiting.stderr is not None
        told = waiting.stderr.readline()
    waiting.communicate(timeout=30)

    assert "another process is writing to the database; waiting" in told
    assert waiting.returncode == 0


# A person's word


def test_every_field_of_an_entry_can_be_corrected(run: Run) -> None:
    run("ingest")
    id = str(listed(run)[0]["id"])

    told = run(
        "correct", id, "--title", "T", "--summary", "S", "--content", "Some *words*.",
        "--published", "2025-05-01", "--updated", "2025-05-02T10:00:00Z",
        "--link", "https://a.example/x", "--image", "https://a.example/x.jpg",
        "--section", "News", "--language", "de", "--tag", "one", "--author", "Ann",
    )  # fmt: skip

    (after,) = [entry for entry in listed(run) if entry["id"] == id]
    assert told.exit_code == 0, told.output
    assert after["content_html"] == "<p>Some <em>words</em>.</p>"
    assert [one["url"] for one in after["media"]] == ["https://a.example/x.jpg"]  # type: ignore[attr-defined]
    assert [
        after[key] for key in ("title", "summary", "url", "section", "language", "tags", "updated")
    ] == ["T", "S", "https://a.example/x", "News", "de", ["one"], "2025-05-02T10:00:00Z"]


def test_a_review_begins_with_the_weakest_date_and_takes_one_key_each(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "seeds" / "corrections.toml").unlink()
    run("ingest")
    before = {str(entry["id"]): entry for entry in listed(run)}

    told = run("review", "--most", "4", input="as2025-05-01\n q")

    changed = [e for e in listed(run) if e["published"] != before[str(e["id"])]["published"]]
    accepted = [e for e in listed(run) if e["published_how"] == "corrected"]
    assert "2 decided, 2 left as they were" in told.output
    assert "no claim: it was there when its source was captured" in told.output
    assert [str(e["published"])[:10] for e in changed if e in accepted] != []
    assert {str(e["published"])[:10] for e in accepted} == {"2025-05-14", "2025-05-01"}


def test_a_choice_among_other_days_is_one_key(run: Run, tmp_path: Path) -> None:
    post = "Rain fell in the north. It was dry. The dry days began on 2 May 2025."
    (tmp_path / "seeds" / "corrections.toml").unlink()
    (tmp_path / "seeds" / "a.txt").write_text(post)
    run("ingest", "seeds/a.txt")

    told = run("review", input="1")

    assert "1  2025-05-02" in told.output
    (after,) = (entry for entry in listed(run) if entry["source"] == "a.txt")
    assert str(after["published"])[:10] == "2025-05-02"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param("Draft", "a draft", id="a draft"),
        pytest.param("Scheduled", "2030-01-01", id="a scheduled item"),
        pytest.param("broken.json", "quarantined: broken.json", id="a quarantined one"),
    ],
)
def test_explain_tells_of_what_is_not_shown(
    run: Run, tmp_path: Path, words: str, told: str
) -> None:
    (tmp_path / "seeds" / "a.json").write_text(
        '[{"title": "Draft", "draft": true}, {"title": "Scheduled", "date": "2030-01-01"}]'
    )
    (tmp_path / "seeds" / "broken.json").write_text('{"items": [')
    run("ingest")

    assert told in run("explain", words).output


def test_a_file_that_goes_takes_its_entry_along_unless_only_another_is_read(
    run: Run, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        (tmp_path / "seeds" / f"{name}.md").write_text(f"# Number {name}\n\nRain fell.\n")
    run("ingest")
    (tmp_path / "seeds" / "two.md").unlink()

    alone = run("ingest", "seeds/one.md")
    kept = [entry["title"] for entry in listed(run)]
    whole = run("ingest")

    assert "Number two" in kept, alone.output
    assert "two.md: 1 no longer listed; removed" in whole.output
    assert "Number two" not in [entry["title"] for entry in listed(run)]


def test_of_very_many_feeds_the_first_are_told() -> None:
    feeds = [Feed(path=f"tags/t{n}", title=f"Tag {n}") for n in range(20)]

    lines = list(address_lines(site(), feeds))

    assert sum(line.startswith("Tag ") for line in lines) == 12
    assert lines[-2] == "… and 8 more feeds, of tags, authors and the like"


def test_a_build_tells_what_a_show_lacks(run: Run, seeds: Path) -> None:
    settings = (
        "[[feed]]\npath = ''\n[feed.podcast]\ncategories = ['Art']\n"
        "image = 'https://a.test/a.gif'\n"
    )
    (seeds / "feedsvc.toml").write_text(settings)

    told = run("build").stderr

    assert "podcast the site's own feed: \"Art\" is no category of Apple's" in told
    assert "the episode has no recording" in told


def test_changes_of_feeds_that_nobody_can_see_are_not_told(run: Run, seeds: Path) -> None:
    (seeds / "more.jsonl").write_text('{"title": "More", "date": "2025-05-20", "tags": ["one"]}')

    told = run("ingest").stdout

    assert "subscribers of /sections/most-popular see: 5 new" in told
    assert "/tags/one" not in told
    assert "/languages/en" not in told
