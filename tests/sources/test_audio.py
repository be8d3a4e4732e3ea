"""Recordings: what their tags say, and what lies beside them."""

from __future__ import annotations

import struct
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedsvc.model import Chapter, Markup, Media, RawItem, Refused
from feedsvc.sources import Hints, audio, recognise
from feedsvc.sources._captions import words_of_captions
from tests.sources.cases import CASES, documents, verify

FULL = (CASES / "audio" / "full.mp3").read_bytes()
TAGLESS = (CASES / "audio" / "2024-05-01-rain-in-the-city.mp3").read_bytes()
CAPTIONS = b"WEBVTT\n\n00:00.000 --> 00:02.000\nThe ferry lay still.\n"


@pytest.mark.parametrize("path", documents("audio"), ids=lambda path: path.name)
def test_case(path: Path) -> None:
    verify(path)


def beside(**files: bytes) -> dict[str, Callable[[], bytes]]:
    return {f".{suffix}": lambda data=data: data for suffix, data in files.items()}  # type: ignore[misc]


def read(data: bytes = FULL, name: str = "talks/full.mp3", **hints: object) -> RawItem:
    (item,) = audio.read(name, data, Hints(**hints))  # type: ignore[arg-type]
    assert isinstance(item, RawItem)
    return item


# --- what it is


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"\xff\xfeA\0b\0c\0", id="UTF-16 text"),
        pytest.param(b"\xff\xff\xff\xff", id="no frame of any layer"),
        pytest.param(b"\0\0\0\x18ftypavif", id="a picture in a box"),
        pytest.param(b"RIFF\0\0\0\0WEBP", id="a picture in RIFF"),
        pytest.param(b"ID3 tags are read by this program.", id="text about tags"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"\xff", id="one byte"),
    ],
)
def test_what_is_no_recording_is_left_alone(head: bytes) -> None:
    assert audio.sniff("a.mp3", head) == 0


def test_it_is_known_by_its_bytes_whatever_it_is_called() -> None:
    assert recognise("a.txt", FULL).NAME == "audio"
    assert recognise("a", TAGLESS).NAME == "audio"


def test_a_type_that_no_name_tells_is_told_by_the_bytes() -> None:
    flac = (CASES / "audio" / "picture.flac").read_bytes()

    assert read(flac, "download").media[0].media_type == "audio/flac"
    assert read(FULL, "download").media[0].media_type == "audio/mpeg"


def test_of_a_long_recording_the_file_is_asked(tmp_path: Path) -> None:
    file = tmp_path / "long talk.mp3"
    file.write_bytes(FULL + bytes(500_000))

    item = read(FULL[:3000], "talks/long talk.mp3", file=file)

    assert item.media == (
        Media(
            url="long%20talk.mp3",
            media_type="audio/mpeg",
            size_bytes=503_607,
            duration_seconds=item.media[0].duration_seconds,
        ),
    )
    assert item.episode is not None
    assert len(item.episode.chapters) == 2


def test_a_file_that_is_gone_is_read_from_its_beginning(tmp_path: Path) -> None:
    item = read(FULL, file=tmp_path / "gone.mp3")

    assert item.media[0].url == "gone.mp3"
    assert item.media[0].size_bytes == len(FULL)


# --- what lies beside


def test_notes_win_over_tags_and_tags_fill_the_gaps() -> None:
    notes = (
        b"---\ntitle: The ferry, told again\ndate: 2024-04-01\nseason: 3\n"
        b"audio: full.mp3\ntags: [sea]\n---\n\nWhat *nobody* knew.\n"
    )

    item = read(companions=beside(md=notes))

    assert item.source == "talks/full.mp3"
    assert item.title == "The ferry, told again"
    assert (item.body, item.markup) == ("What *nobody* knew.", Markup.MARKDOWN)
    assert item.dates[0].words == "2024-04-01"
    assert item.tags == ("sea",)
    assert item.guid == "harbour-0003"
    assert [author.name for author in item.authors] == ["Ann Weber", "Ivo Kral"]
    assert [medium.url for medium in item.media] == ["full.mp3"]
    assert item.media[0].size_bytes == len(FULL)
    assert item.episode is not None
    assert (item.episode.season, item.episode.number) == (3, 3)
    assert [chapter.title for chapter in item.episode.chapters] == ["The pier", "The letter"]
    assert dict(item.fields)["album"] == "Harbour Stories"


def test_notes_without_a_title_leave_that_of_the_tags() -> None:
    item = read(companions=beside(txt=b"Recorded at the pier.\n\nIn the rain.\n"))

    assert item.title == "The ferry that never left"
    assert item.body == "Recorded at the pier.\n\nIn the rain."


def test_notes_that_look_like_a_journal_are_notes_all_the_same() -> None:
    notes = b"## 2024-03-01\n\nAt sea.\n\n## 2024-03-02\n\nAshore.\n"

    item = read(companions=beside(md=notes))

    assert "At sea." in item.body
    assert "Ashore." in item.body
    assert item.dates[0].words == "2024-03-15T06:30:00"


def test_notes_that_cannot_be_read_are_told_and_the_recording_stays() -> None:
    refusal, item = audio.read("a.mp3", FULL, Hints(companions=beside(md=b"\0\1\2\3" * 100)))

    assert isinstance(refusal, Refused)
    assert refusal.reason.startswith("the notes beside it cannot be read: a binary file")
    assert isinstance(item, RawItem)
    assert item.title == "The ferry that never left"


def test_a_transcript_is_offered_and_is_the_content_where_there_is_no_other() -> None:
    silent = read(TAGLESS, "rain.mp3", companions=beside(vtt=CAPTIONS, srt=b""))
    told = read(FULL, companions=beside(vtt=CAPTIONS))

    assert silent.body == "The ferry lay still."
    assert silent.episode is not None
    assert silent.episode.transcripts == (
        Media(url="rain.vtt", media_type="text/vtt"),
        Media(url="rain.srt", media_type="application/x-subrip"),
    )
    assert told.body.startswith("For forty years")
    assert told.episode is not None
    assert told.episode.transcripts == (Media(url="full.vtt", media_type="text/vtt"),)


def test_a_picture_of_the_same_stem_or_the_cover_of_the_folder_is_its_picture(
    tmp_path: Path,
) -> None:
    (tmp_path / "cover.png").write_bytes(b"\x89PNG")
    file = tmp_path / "full.mp3"
    file.write_bytes(FULL)

    own = read(file=file, companions=beside(jpg=b"\xff\xd8"))
    shared = read(file=file)

    assert own.media[1] == Media(url="full.jpg", media_type="image/jpeg", is_image=True)
    assert shared.media[1] == Media(url="cover.png", media_type="image/png", is_image=True)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            b'{"version": "1.2.0", "chapters": [{"startTime": 0, "title": "A"},'
            b'{"startTime": 2.5, "title": "B", "url": "https://h.test/b"},'
            b'{"startTime": 3, "title": "C", "toc": false}, {"title": "D"}, 5]}',
            (
                Chapter(start_ms=0, title="A"),
                Chapter(start_ms=2500, title="B", link="https://h.test/b"),
            ),
        ),
        (b"[1, 2]", ()),
        (b"{", ()),
        (b"[" * 100_000, ()),
    ],
)
def test_chapters_may_lie_beside(said: bytes, expected: tuple[Chapter, ...]) -> None:
    item = read(TAGLESS, "rain.mp3", companions=beside(json=said))

    assert (item.episode.chapters if item.episode else ()) == expected


@pytest.mark.parametrize(
    ("captions", "expected"),
    [
        pytest.param(
            "WEBVTT - title\n\nNOTE said\nby nobody\n\nSTYLE\n::cue {}\n\n1\n00:01.000 --> 00:02.000 align:start\n"
            "One <i>two</i>\nthree &amp; four.\n",
            "One two three & four.",
            id="WebVTT",
        ),
        pytest.param(
            "1\r\n00:00:01,000 --> 00:00:02,000\r\n{\\an8}Un.\r\n\r\n2\r\n00:00:02,100 --> 00:00:03,000\r\nDeux.\r\n",
            "Un. Deux.",
            id="SubRip",
        ),
        pytest.param(
            "00:01.000 --> 00:02.000\n<v.loud Ann>Hello.\n\n00:02.000 --> 00:03.000\n<v Ann>Again.\n\n"
            "00:03.000 --> 00:04.000\n<v Ivo Kral>Yes.</v>\n",
            "Ann: Hello. Again.\nIvo Kral: Yes.",
            id="speakers",
        ),
        pytest.param(
            "00:01.000 --> 00:02.000\nOne.\n\n00:09.000 --> 00:10.000\nTwo.\n",
            "One.\nTwo.",
            id="a pause",
        ),
        pytest.param(
            "00:01.000 --> 00:02.000\nrolling\n\n00:02.000 --> 00:03.000\nrolling\nup\n\n"
            "00:03.000 --> 00:04.000\nup\nagain\n\n00:06.000 --> 00:07.000\nagain\n",
            "rolling up again again",
            id="lines that roll upwards",
        ),
        pytest.param("no captions at all", "", id="none"),
    ],
)
def test_captions_without_their_clocks(captions: str, expected: str) -> None:
    assert words_of_captions(captions.replace("\r\n", "\n")) == expected


# --- whatever comes


@given(
    st.sampled_from([path.name for path in documents("audio")]),
    st.lists(st.tuples(st.integers(0, 1500), st.integers(0, 255)), min_size=1, max_size=8),
    st.integers(1, 5000),
)
def test_damage_never_hides_a_recording(
    name: str, changes: list[tuple[int, int]], length: int
) -> None:
    whole = bytearray((CASES / "audio" / name).read_bytes())
    for place, byte in changes:
        whole[place % len(whole)] = byte
    damaged = bytes(whole[:length])

    first, second = (list(audio.read(name, damaged)) for _ in range(2))

    assert first == second
    assert [(item.source, item.line, item.position) for item in first] == [(name, 1, 0)]
    assert first[0].title
    assert first[0].media[0].size_bytes == len(damaged)


def tag(body: bytes, version: int = 3, flags: int = 0) -> bytes:
    size = bytes(len(body) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3" + bytes([version, 0, flags]) + size + body


def frame(name: bytes, data: bytes) -> bytes:
    return name + struct.pack(">L", len(data)) + b"\0\0" + data


CHAPTER = frame(b"CHAP", b"a\0" + bytes(16) + frame(b"TIT2", b"\0x") * 50)
BOX = struct.pack(">L", 20) + b"ftypM4A \0\0\0\0M4A "


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(tag(frame(b"TIT2", b"\0a") * 300_000), id="many frames"),
        pytest.param(tag(frame(b"COMM", b"\0eng\0a") * 200_000), id="many comments"),
        pytest.param(tag(CHAPTER * 5_000), id="many chapters"),
        pytest.param(tag(frame(b"TIT2", b"\1" + b"\0" * 4_000_000)), id="nothing but ends"),
        pytest.param(tag(frame(b"WXXX", b"\1" + b"a" * 4_000_000)), id="a name that never ends"),
        pytest.param(BOX + (struct.pack(">L", 8) + b"free") * 500_000, id="many boxes"),
        pytest.param(BOX + (struct.pack(">L", 4_000_000) + b"moov") * 100_000, id="boxes in boxes"),
        pytest.param(b"fLaC" + b"\4\xff\xff\xff" + bytes(12_000_000), id="empty comments"),
        pytest.param(b"\xff\xfb\x10\xc4" * 1_000_000, id="many frames of sound"),
        pytest.param((b"OggS" + bytes(23)) * 100_000, id="many pages"),
    ],
)
def test_hostile_recordings_cost_little(data: bytes) -> None:
    start = time.process_time()

    item = read(data, "hostile.bin")

    assert time.process_time() - start < 5
    assert item.title


def test_values_are_of_a_number_that_can_be_held() -> None:
    item = read(tag(frame(b"TCON", b"\0" + b"\0".join(b"g%d" % n for n in range(5_000)))))

    assert len(item.tags) == 50
