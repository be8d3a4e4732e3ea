"""The folder is the registry: bytes find their reader."""

from __future__ import annotations

import pytest

from feedsvc import sources
from feedsvc.errors import BrokenSource, UnknownFormat
from feedsvc.model import RawItem, Refused


def test_the_modules_of_the_folder_are_the_readers():
    assert set(sources.readers()) >= {"textdump", "records"}
    assert all(name == reader.NAME for name, reader in sources.readers().items())


@pytest.mark.parametrize("name, head, expected", [
    ("a.txt", b"One thing happened.\n", "textdump"),
    ("a", "Текст.".encode("cp1251"), "textdump"),
    ("a.txt", b"[Update] One thing happened.\n", "textdump"),
    ("a.json", b'  [{"title": "A"}]', "records"),
    ("a.jsonl", b'broken\n{"title": "A"}', "records"),
    ("a.txt", b'{"title": "A"}', "records"),
    ("-", b'\xef\xbb\xbf[\n {"title": "A"}]', "records"),
    ("a.json", '[{"title": "A"}]'.encode("utf-16"), "records"),
])  # fmt: skip
def test_bytes_find_their_reader(name, head, expected):
    assert expected == sources.recognise(name, head).NAME


def test_binary_bytes_find_none():
    with pytest.raises(UnknownFormat, match="binary"):
        sources.recognise("a.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")


@pytest.mark.parametrize("data", [b"", b" \n\t\r\n", b"\xef\xbb\xbf\n", "\n \n".encode("utf-16")])
@pytest.mark.parametrize("reader", [None, "textdump", "records"])
def test_blank_data_gives_nothing(data, reader):
    assert list(sources.read("a.json", data, reader)) == []


def test_a_reader_can_be_named():
    (item,) = sources.read("a.txt", b'{"title": "A"}', "textdump")

    assert item.title == '{"title": "A"}'


def test_an_unknown_reader_is_refused_with_the_known_ones():
    with pytest.raises(UnknownFormat, match=r"no reader named 'yaml'; choose one of: .*textdump"):
        sources.read("a.txt", b"text", "yaml")


def test_a_file_beyond_the_limit_is_broken():
    with pytest.raises(BrokenSource, match=r"20\.0 MB is more than the limit of 20 MB; split it"):
        sources.read("a.txt", b"x" * 20_000_001)


def test_items_beyond_the_limit_are_refused_with_the_line_they_begin_at():
    records = b'{"title": "Rain"}\n' * 100_050

    *items, refusal = sources.read("a.jsonl", records)

    assert len(items) == 100_000
    assert isinstance(items[-1], RawItem)
    assert isinstance(refusal, Refused)
    assert refusal.line == 100_001
    assert refusal.remedy.startswith("split it into smaller files, or raise `limits.items`")
