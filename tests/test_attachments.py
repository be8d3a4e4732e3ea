"""Files that seeds bring along: what a reference names, and what it may never name."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest

from feedsvc.attachments import Folder, is_intact
from feedsvc.files import state_of
from feedsvc.model import Attachment

DOT = b"\x89PNG\r\n\x1a\n"
HASH = "4c4b6a3be1314ab8"  #: the SHA-256 of these bytes begins so


def put(root: Path, name: str, data: bytes = DOT) -> Path:
    file = root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    return file


def at(root: Path, folder: str = "posts") -> Folder:
    return Folder(root, root / folder)


def test_a_file_is_published_under_the_hash_of_its_bytes(tmp_path: Path) -> None:
    file = put(tmp_path, "posts/pics/a.png")

    found = at(tmp_path)("pics/a.png")

    assert found == Attachment(
        path=f"/media/{HASH}/a.png",
        file=str(file),
        media_type="image/png",
        size_bytes=8,
        stamp=state_of(file),
    )


@pytest.mark.parametrize(
    ("file", "reference"),
    [
        pytest.param("posts/a.png", "a.png", id="beside"),
        pytest.param("posts/a.png", "./a.png", id="with a dot"),
        pytest.param("img/a.png", "../img/a.png", id="one up"),
        pytest.param("img/a.png", "/img/a.png", id="from the root"),
        pytest.param("static/img/a.png", "/img/a.png", id="from a generator's root"),
        pytest.param("posts/my pic.png", "my%20pic.png", id="encoded"),
        pytest.param("posts/my pic.png", " my pic.png ", id="with blanks"),
        pytest.param("posts/né.png", "n%C3%A9.png", id="encoded UTF-8"),
        pytest.param("posts/a.png", "a.png?w=200&h=1", id="with a query"),
        pytest.param("posts/a.png", "a.png#top", id="with a fragment"),
        pytest.param("posts/pics/a.png", "pics\\a.png", id="with a backslash"),
        pytest.param("posts/A.PNG", "A.PNG", id="in capitals"),
    ],
)
def test_a_reference_names_a_file(tmp_path: Path, file: str, reference: str) -> None:
    path = put(tmp_path, file)
    (tmp_path / "posts").mkdir(exist_ok=True)

    found = at(tmp_path)(reference)

    assert found is not None
    assert found.file == str(path)


@pytest.mark.parametrize(
    ("file", "reference"),
    [
        pytest.param("posts/a.png", "https://h.test/a.png", id="an address"),
        pytest.param("posts/a.png", "//h.test/a.png", id="an address without scheme"),
        pytest.param("posts/a.png", "data:image/png;base64,a.png", id="data"),
        pytest.param("posts/a.png", "file:a.png", id="a file address"),
        pytest.param("posts/a.png", "#a.png", id="a fragment"),
        pytest.param("posts/a.png", "?a.png", id="a query"),
        pytest.param("posts/a.png", "", id="nothing"),
        pytest.param("posts/a.png", "b.png", id="another name"),
        pytest.param("posts/a.png", "a.png/", id="no folder"),
        pytest.param("posts/a.png", "a.png\0", id="a NUL"),
        pytest.param("posts/a.png", "http://[a.png", id="no address at all"),
        pytest.param("posts/a.png", "x/" * 5000 + "a.png", id="too long a name"),
        pytest.param("posts/d.png/a.txt", "d.png", id="a folder"),
        pytest.param("posts/other.md", "other.md", id="a page in Markdown"),
        pytest.param("posts/other.html", "other.html", id="a page in HTML"),
        pytest.param("feedsvc.toml", "/feedsvc.toml", id="settings"),
        pytest.param("news.sqlite3", "/news.sqlite3", id="a kind nobody knows"),
        pytest.param("posts/.a.png", ".a.png", id="a dot file"),
        pytest.param(".git/a.png", "/.git/a.png", id="below a dot folder"),
        pytest.param("../outside.png", "../../outside.png", id="out of the root"),
        pytest.param("../outside.png", "/../outside.png", id="out of the root from the root"),
        pytest.param("../outside.png", "%2e%2e/%2e%2e/outside.png", id="out, encoded"),
    ],
)
def test_a_reference_names_nothing(tmp_path: Path, file: str, reference: str) -> None:
    root = tmp_path / "seeds"
    put(root, "posts/here.txt")
    put(root, file)

    assert at(root)(reference) is None


def test_no_link_leads_out_of_the_root(tmp_path: Path) -> None:
    secret = put(tmp_path, "secret.png")
    put(tmp_path, "seeds/posts/a.png")
    (tmp_path / "seeds/posts/b.png").symlink_to(secret)
    (tmp_path / "seeds/posts/c.png").symlink_to("a.png")
    (tmp_path / "seeds/posts/d.png").symlink_to("d.png")

    folder = at(tmp_path / "seeds")

    assert folder("b.png") is None
    assert folder("c.png") == folder("a.png")
    assert folder("d.png") is None


def test_what_is_no_regular_file_is_left_alone(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.png")

    assert at(tmp_path, ".")("a.png") is None


@pytest.mark.parametrize(
    ("name", "published"),
    [
        ("Früh Stück.PNG", "Fruh-Stuck.png"),
        ("日本.jpg", "file.jpg"),
        ("a..b (1).tar.gz", "a..b-1-.tar.gz"),
        ("x" * 200 + ".gif", "x" * 80 + ".gif"),
        ("-.svg", "file.svg"),
    ],
)
def test_a_name_is_the_same_in_a_url_and_on_a_disk(
    tmp_path: Path, name: str, published: str
) -> None:
    put(tmp_path, name)

    found = at(tmp_path, ".")(name)

    assert found is not None
    assert found.path == f"/media/{HASH}/{published}"


def test_other_bytes_have_another_path(tmp_path: Path) -> None:
    file = put(tmp_path, "a.png")
    before = at(tmp_path, ".")("a.png")
    file.write_bytes(DOT + b"more")

    after = at(tmp_path, ".")("a.png")

    assert before is not None
    assert after is not None
    assert after.path != before.path
    assert is_intact(after)
    assert not is_intact(before)


def test_a_file_that_was_only_touched_is_intact(tmp_path: Path) -> None:
    file = put(tmp_path, "a.png")
    found = at(tmp_path, ".")("a.png")
    assert found is not None

    os.utime(file, (1, 1))
    assert is_intact(found)

    file.unlink()
    assert not is_intact(found)


def test_a_folder_goes_to_other_processes(tmp_path: Path) -> None:
    folder = at(tmp_path)

    assert pickle.loads(pickle.dumps(folder)) == folder
