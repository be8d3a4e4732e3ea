"""`feedsvc check`: files, folders, addresses and standard input; for people and for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from feedsvc.cli import main
from tests.conftest import Web

CASES = Path(__file__).parent / "cases" / "check" / "modules"
GOOD = (CASES / "news.rss").read_text(encoding="utf-8")
FAULTY = GOOD.replace("<guid isPermaLink", "<guide isPermaLink").replace("</guid>", "</guide>")
ADVISED = GOOD.replace("</item>", '<x:y xmlns:x="https://example.net/unheard-of">A</x:y></item>', 1)


def run(*arguments: str, stdin: str = "") -> Result:
    return CliRunner().invoke(main, ["check", *arguments], input=stdin)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, words in (("good.rss", GOOD), ("faulty.rss", FAULTY), ("advised.rss", ADVISED)):
        (tmp_path / name).write_text(words, encoding="utf-8")
    return tmp_path


def test_a_valid_feed_is_nothing_to_report(here: Path) -> None:
    told = run("good.rss")

    assert (told.exit_code, told.output) == (0, "nothing to report\n")


def test_a_fault_is_told_with_its_line_its_harm_and_its_remedy(here: Path) -> None:
    told = run("faulty.rss")

    lines = told.output.splitlines()
    assert told.exit_code == 1
    assert lines[0] == "faulty.rss"
    assert lines[1].startswith("  error: ")
    assert lines[2].startswith("    line 27: <guide>")
    assert lines[-1] == "2 errors, 2 warnings"


def test_advice_alone_is_no_failure_unless_strict(here: Path) -> None:
    assert run("advised.rss").exit_code == 0
    assert run("advised.rss", "--strict").exit_code == 1
    assert run("good.rss", "--strict").exit_code == 0
    assert run("advised.rss").output.endswith("\n1 advice\n")


def test_programs_are_told_in_json(here: Path) -> None:
    told = run("advised.rss", "--format", "json")

    (row,) = json.loads(told.output)
    assert set(row) == {
        "document", "line", "severity", "rule", "message", "harm", "remedy", "section",
    }  # fmt: skip
    assert (row["document"], row["severity"]) == ("advised.rss", "advice")
    assert json.loads(run("good.rss", "--format", "json").output) == []


def test_standard_input(here: Path) -> None:
    assert run("-", stdin=GOOD).exit_code == 0
    assert run("-", stdin=FAULTY).output.startswith("-\n  error: ")


def test_a_folder_is_checked_as_a_site(here: Path) -> None:
    told = run(".")

    assert told.exit_code == 1
    assert [line for line in told.output.splitlines() if line.endswith(".rss")] == [
        "advised.rss", "faulty.rss",
    ]  # fmt: skip


def test_documents_of_a_folder_are_named_with_it(here: Path) -> None:
    assert run(str(here)).output.startswith(f"{here / 'advised.rss'}\n")


def test_several_places_are_told_one_after_the_other(here: Path) -> None:
    told = run("good.rss", "faulty.rss", "advised.rss")

    assert told.exit_code == 1
    assert [line for line in told.output.splitlines() if line.endswith(".rss")] == [
        "faulty.rss", "advised.rss",
    ]  # fmt: skip


def test_an_address_is_fetched_and_its_answers_judged(here: Path, web: Web) -> None:
    web.body = GOOD.encode()
    web.headers = {"Content-Type": "text/plain", "Set-Cookie": "a=b"}

    told = run(web.address)

    assert told.exit_code == 1
    assert told.output.startswith(web.address + "\n")
    assert "[http-cookie]" in told.output


@pytest.mark.parametrize("arguments", [["nowhere.rss"], ["good.rss", "nowhere.rss"], []])
def test_a_path_that_is_not_there_is_wrong_usage(here: Path, arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


def test_no_settings_and_no_database_are_needed(here: Path) -> None:
    (here / "feedsvc.toml").write_text("nonsense = [", encoding="utf-8")

    assert run("good.rss").exit_code == 0
    assert not (here / "instance").exists()


@pytest.mark.parametrize(
    "words",
    [
        "",
        "\0\1\2",
        "<",
        "{",
        "just words",
        "%PDF-1.7",
        "[1, 2",
        '<?xml version="1.0" encoding="a\0b"?><rss/>',
    ],
)
def test_whatever_is_no_feed_is_told(here: Path, words: str) -> None:
    (here / "odd").write_text(words, encoding="utf-8")

    assert run("odd").exit_code == 1
