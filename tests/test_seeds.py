"""What there is to read, and what is no item."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedsvc import seeds
from feedsvc.errors import SourceError
from feedsvc.seeds import find_inputs


def names(*paths: Path, ignore: tuple[Path, ...] = ()) -> list[str]:
    return [one.name for one in find_inputs(paths, ignore)]


def write(file: Path, text: str = "words") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def test_a_folder_is_walked_in_the_order_of_its_names(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a/c.txt", "c.json"):
        write(tmp_path / name)

    assert names(tmp_path) == ["a/c.txt", "a/z.txt", "b.txt", "c.json"]


def test_settings_dot_files_and_ignored_files_are_no_items(tmp_path: Path) -> None:
    for name in ("feedsvc.toml", "corrections.toml", ".git/config", ".hidden", "a.txt", "l.jsonl"):
        write(tmp_path / name)

    assert names(tmp_path, ignore=(tmp_path / "l.jsonl",)) == ["a.txt"]


def test_our_own_output_is_no_item(tmp_path: Path) -> None:
    write(tmp_path / "public" / seeds.MANIFEST)
    write(tmp_path / "public" / "index.html")

    assert names(tmp_path) == []


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    secret = write(tmp_path / "secret.txt")
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "link.txt").symlink_to(secret)

    assert names(tmp_path / "seeds") == []


def test_two_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    one, two = write(tmp_path / "one" / "a.txt"), write(tmp_path / "two" / "a.txt")

    assert names(one, two) == ["a.txt", "two/a.txt"]


def test_an_unreadable_file_is_told_with_its_remedy(tmp_path: Path) -> None:
    (one,) = find_inputs([write(tmp_path / "a.txt")])
    (tmp_path / "a.txt").unlink()

    with pytest.raises(SourceError, match=r"a\.txt: cannot be read: No such file"):
        one.load()


def test_a_file_over_the_limit_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (tmp_path / "big.txt").open("wb") as file:
        file.truncate(seeds.FILE_BYTES + 1)
    (one,) = find_inputs([tmp_path / "big.txt"])

    with pytest.raises(SourceError, match="the limit is 21 MB; split it"):
        one.load()
