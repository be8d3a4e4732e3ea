"""What there is to read, what is no item, and what is told instead of read."""

from __future__ import annotations

import io
import json
import os
import tarfile
import time
import zipfile
from pathlib import Path

import pytest

from feedsvc import seeds
from feedsvc.errors import SourceError
from feedsvc.model import Limits
from feedsvc.seeds import Address, Input, find_inputs
from tests.conftest import Web

LIMITS = Limits()


def found(*paths: Path, ignore: tuple[Path, ...] = (), **options: object) -> dict[str, Input]:
    return {one.name: one for one in find_inputs(paths, ignore, **options)}  # type: ignore[arg-type]


def names(*paths: Path, ignore: tuple[Path, ...] = ()) -> list[str]:
    return list(found(*paths, ignore=ignore))


def write(file: Path, text: str = "words") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


# Folders


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
        one.load("", LIMITS)


def test_a_file_over_the_limit_is_told(tmp_path: Path) -> None:
    (one,) = find_inputs([write(tmp_path / "big.txt", "x" * 2000)])

    with pytest.raises(SourceError, match=r"the limit is 0\.001 MB; split it"):
        one.load("", Limits(file_bytes=1000))


def test_a_pipe_is_told_and_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (one,) = find_inputs([tmp_path])

    with pytest.raises(SourceError, match="is not a regular file"):
        one.load("", LIMITS)


def test_a_picture_in_a_folder_lies_aside_and_named_on_the_command_line_does_not(
    tmp_path: Path,
) -> None:
    picture = write(tmp_path / "a.png")

    assert [one.is_aside for one in find_inputs([tmp_path])] == [True]
    assert [one.is_aside for one in find_inputs([picture])] == [False]


def test_notes_and_transcript_belong_to_the_recording_of_their_stem(tmp_path: Path) -> None:
    for name in ("one.mp3", "one.md", "one.vtt", "one.jpg", "two.md"):
        write(tmp_path / name, name)

    inputs = found(tmp_path)

    assert list(inputs) == ["one.mp3", "two.md"]
    beside = inputs["one.mp3"].companions()
    assert {suffix: load() for suffix, load in beside.items()} == {
        ".jpg": b"one.jpg",
        ".md": b"one.md",
        ".vtt": b"one.vtt",
    }


def test_a_long_recording_is_not_read_whole(tmp_path: Path) -> None:
    (tmp_path / "talk.mp3").write_bytes(b"ID3" + bytes(200_000))
    (one,) = find_inputs([tmp_path])

    loaded = one.load("", Limits(file_bytes=1000))

    assert (len(loaded.data or b""), loaded.file) == (65_536, tmp_path / "talk.mp3")


# Stamps


def aged(file: Path) -> Path:
    """A file that was not changed within the last seconds: only such a one has a stamp."""
    time.sleep(max(0.0, file.stat().st_ctime + 2.05 - time.time()))
    return file


def test_a_stamp_stands_for_the_bytes_of_a_file_and_its_companions(tmp_path: Path) -> None:
    write(tmp_path / "one.md")
    aged(write(tmp_path / "one.mp3"))
    (one,) = find_inputs([tmp_path])

    before = one.stamp()
    write(tmp_path / "one.md", "other words")

    assert before
    assert one.stamp() != before


def test_a_file_changed_this_moment_has_no_stamp(tmp_path: Path) -> None:
    (one,) = find_inputs([write(tmp_path / "a.txt")])

    assert one.stamp() == ""


# Archives


def zipped(path: Path, **files: str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), text)
    return path


def tarred(path: Path, *members: tarfile.TarInfo, text: str = "words") -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for member in members:
            member.size = len(text) if member.isfile() else 0
            archive.addfile(member, io.BytesIO(text.encode()))
    return path


def problem(one: Input) -> str:
    with pytest.raises(SourceError) as raised:
        one.load("", LIMITS)
    return str(raised.value)


def test_a_zip_holds_inputs_named_below_it(tmp_path: Path) -> None:
    zipped(tmp_path / "posts.zip", b_md="two", a__c_md="one", a___hidden="no")

    inputs = found(tmp_path)

    assert list(inputs) == ["posts.zip/a/c.md", "posts.zip/b.md"]
    assert inputs["posts.zip/b.md"].load("", LIMITS).data == b"two"


def test_a_tar_gz_holds_inputs_named_below_it(tmp_path: Path) -> None:
    tarred(tmp_path / "posts.tar.gz", tarfile.TarInfo("x/a.txt"), tarfile.TarInfo("b.txt"))

    assert names(tmp_path) == ["posts.tar.gz/b.txt", "posts.tar.gz/x/a.txt"]


def test_an_archive_is_unpacked_once_for_each_of_its_states(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "posts.zip", a_txt="one")
    place = tmp_path / "unpacked"

    (first,) = find_inputs([archive], unpack_to=place)
    stamp = first.load("", LIMITS).stamp
    (second,) = find_inputs([archive], unpack_to=place)

    assert second.load("", LIMITS).stamp == stamp
    assert len(list(place.iterdir())) == 1


def test_a_member_that_leads_out_of_its_archive_is_told_and_its_neighbours_are_read(
    tmp_path: Path,
) -> None:
    outside = tmp_path / "seeds"
    outside.mkdir()
    link = tarfile.TarInfo("link.txt")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    tarred(outside / "a.tgz", tarfile.TarInfo("../evil.txt"), link, tarfile.TarInfo("good.txt"))

    inputs = found(outside)

    assert problem(inputs["a.tgz/../evil.txt"]).startswith(
        "a.tgz/../evil.txt: leads out of its archive; unpack it yourself"
    )
    assert "is a link, a device or encrypted" in problem(inputs["a.tgz/link.txt"])
    assert inputs["a.tgz/good.txt"].load("", LIMITS).data == b"words"
    assert not (tmp_path / "evil.txt").exists()


def test_a_bomb_is_told_and_its_neighbours_before_it_are_read(tmp_path: Path) -> None:
    zipped(tmp_path / "bomb.zip", a_txt="good", b_txt="0" * 3_000_000)

    inputs = found(tmp_path)

    assert "unpacks to more than" in problem(inputs["bomb.zip/b.txt"])
    assert inputs["bomb.zip/a.txt"].load("", LIMITS).data == b"good"


def test_an_archive_with_too_many_members_is_told(tmp_path: Path) -> None:
    zipped(tmp_path / "many.zip", a_txt="1", b_txt="2", c_txt="3")

    inputs = found(tmp_path, limits=Limits(members=2))

    assert "more than the limit of 2 members" in problem(inputs["many.zip/c.txt"])


@pytest.mark.parametrize("data", [b"", b"PK\3\4 cut off", b"\x1f\x8b\x08 no gzip at all"])
@pytest.mark.parametrize("name", ["broken.zip", "broken.tar.gz"])
def test_a_broken_archive_is_told(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)

    (one,) = find_inputs([tmp_path])

    assert problem(one).startswith(f"{name}: cannot be unpacked: ")


# Addresses


def test_an_address_is_asked_only_for_what_changed(web: Web) -> None:
    web.headers = {"ETag": '"1"', "Content-Type": "text/html; charset=windows-1251"}

    first = Address(web.address).load("", LIMITS)
    again = Address(web.address).load(first.stamp, LIMITS)
    web.headers = {"ETag": '"2"'}
    changed = Address(web.address).load(again.stamp, LIMITS)

    assert (first.data, first.charset, again.data, changed.data) == (
        b"words",
        "windows-1251",
        None,
        b"words",
    )
    assert [asked.get("if-none-match") for asked in web.asked] == [None, '"1"', '"1"']


@pytest.mark.parametrize(
    "status, headers, told",
    [
        pytest.param(404, {}, "answered 404 Not Found; check the address", id="not found"),
        pytest.param(410, {}, "it is gone for good", id="gone"),
        pytest.param(503, {"Retry-After": "120"}, "it asks to wait (120)", id="asks to wait"),
        pytest.param(302, {"Location": "ftp://a/b"}, "cannot be fetched", id="to another scheme"),
        pytest.param(
            302, {"Location": "/feed"}, "cannot be fetched: too many", id="round and round"
        ),
    ],
)
def test_a_failing_address_is_told(
    web: Web, status: int, headers: dict[str, str], told: str
) -> None:
    web.status, web.headers, web.body = status, headers, b""

    with pytest.raises(SourceError) as raised:
        Address(web.address).load("", LIMITS)

    assert told in str(raised.value)


def test_an_answer_beyond_the_limits_of_size_and_time_is_told(web: Web) -> None:
    web.body = b"x" * 3000
    with pytest.raises(SourceError, match=r"over the limit of 0\.001 MB"):
        Address(web.address).load("", Limits(file_bytes=1000))

    web.delay_seconds = 0.2
    with pytest.raises(SourceError, match="took longer than 1 seconds"):
        Address(web.address).load("", Limits(seconds=1))


def test_a_host_that_is_not_there_is_told() -> None:
    with pytest.raises(SourceError, match=r"http://127\.0\.0\.1:9/: cannot be fetched"):
        Address("http://127.0.0.1:9/").load("", LIMITS)


def test_a_timer_looks_again_when_the_time_has_passed() -> None:
    stamp = json.dumps({"looked": 1000})

    assert not Address("http://a.example/", 60).is_due(stamp, 1059)
    assert Address("http://a.example/", 60).is_due(stamp, 1060)
    assert Address("http://a.example/", 60).is_due("", 1060)
    assert not Address("http://a.example/").is_due("", 1060)
