"""One source read and judged: what is not opened again, what fails, and many at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from feedsvc import sources
from feedsvc.config import SourceSettings
from feedsvc.errors import SourceError
from feedsvc.model import Limits
from feedsvc.reading import MANY, Reading, Task, read_source, readings
from feedsvc.seeds import Bytes, Input, Loaded, find_inputs
from tests.builders import at


def task(one: Input, **fields: object) -> Task:
    given: dict[str, object] = {
        "settings": SourceSettings(),
        "now": at("2025-06-01"),
        "base_url": "https://news.example",
    }
    return Task(input=one, **given | fields)  # type: ignore[arg-type]


def again(reading: Reading, one: Input, **fields: object) -> Task:
    return task(one, kept_digest=reading.digest, kept_stamp=reading.stamp, **fields)


class Counted(Bytes):
    """Bytes with a stamp of their own, that count how often they are loaded."""

    loads = 0

    def stamp(self) -> str:
        return "stamp"

    def load(self, kept: str, limits: Limits) -> Loaded:
        type(self).loads += 1
        return replace(super().load(kept, limits), stamp="stamp")


@pytest.fixture(autouse=True)
def nothing_loaded() -> None:
    Counted.loads = 0


def test_a_picture_is_no_source_even_where_all_are_to_be_read_again(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG")
    (one,) = find_inputs([tmp_path])

    assert [one.is_aside for one in readings([task(one, is_asked_for=True)], 1)] == [True]


def test_a_source_of_the_same_stamp_is_not_opened() -> None:
    one = Counted("a.txt", b"Rain fell in the north.\n")
    first = read_source(task(one))

    (second,) = readings([again(first, one)])

    assert (len(first.judged), second.is_unchanged, Counted.loads) == (1, True, 1)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"settings": SourceSettings(language="de")}, id="other settings"),
        pytest.param({"is_asked_for": True}, id="asked for"),
    ],
)
def test_a_source_of_the_same_stamp_is_read_with(fields: dict[str, object]) -> None:
    one = Counted("a.txt", b"Rain fell in the north.\n")
    first = read_source(task(one))

    (second,) = readings([again(first, one, **fields)])

    assert (second.is_unchanged, len(second.judged)) == (False, 1)


def test_the_same_bytes_with_another_stamp_are_opened_and_not_judged() -> None:
    one = Bytes("a.txt", b"Rain fell in the north.\n")
    first = read_source(task(one))

    (second,) = readings([again(first, one)])

    assert (second.is_unchanged, second.judged) == (True, ())


def test_a_picture_that_comes_or_changes_has_the_page_read_that_shows_it(tmp_path: Path) -> None:
    (tmp_path / "post.md").write_text("# Rain\n\nIt fell. ![north](north.png)\n")
    (one,) = find_inputs([tmp_path])
    first = read_source(task(one))
    (tmp_path / "north.png").write_bytes(b"\x89PNG\r\n\x1a\n")

    second = read_source(again(first, one))
    (tmp_path / "north.png").write_bytes(b"\x89PNG\r\n\x1a\nmore")
    third = read_source(again(second, one))

    assert [reading.judged[0].missing for reading in (first, second)] == [("north.png",), ()]
    assert [len(reading.judged[0].attachments) for reading in (first, second, third)] == [0, 1, 1]
    assert second.judged[0].attachments != third.judged[0].attachments


def test_a_reader_that_fails_is_told_and_raises_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        NAME = "broken"

        def sniff(self, name: str, head: bytes) -> float:
            return 1.0

        def read(self, *_: object) -> Iterator[object]:
            raise RecursionError("too deep")

    monkeypatch.setattr(sources, "readers", lambda: {"broken": Broken()})

    reading = read_source(task(Bytes("a.txt", b"words")))

    assert reading.problem == (
        "a.txt: cannot be read (RecursionError: too deep); please report it, with the file"
    )


def test_what_cannot_be_loaded_is_told() -> None:
    class Locked(Bytes):
        def load(self, kept: str, limits: Limits) -> Loaded:
            raise SourceError(self.name, None, "is locked", "unlock it")

    assert read_source(task(Locked("a.txt", b""))).problem == "a.txt: is locked; unlock it"


def test_many_files_are_read_by_several_processes_in_order(tmp_path: Path) -> None:
    for n in range(MANY + 10):
        (tmp_path / f"{n:03}.txt").write_text(f"Rain number {n} fell in the north.\n")
    tasks = [task(one) for one in find_inputs([tmp_path])]

    alone = list(readings(tasks, workers=1))
    together = list(readings(tasks, workers=2))

    assert [reading.judged for reading in together] == [reading.judged for reading in alone]
    assert [reading.task.name for reading in together] == [f"{n:03}.txt" for n in range(MANY + 10)]
