"""The words of a transcript: captions (WebVTT, SubRip) without their clocks.

Room: sources, private; for audio. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

_CLOCK = r"(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}"
_TIMES = re.compile(rf"\s*({_CLOCK})\s*-->\s*({_CLOCK}).*")
_SPEAKER = re.compile(r"<v(?:\.[^\s<>]*)?\s+([^<>]{1,100})>")
_TAG = re.compile(r"</?[a-z0-9:.][^<>]{0,200}>|\{\\[^{}]{0,50}\}", re.IGNORECASE)
_END = re.compile(r"[.!?…。！？؟]['\"»”’)]*$")
PAUSE_SECONDS = 3
ROLLING_SECONDS = 0.1
PARAGRAPH_CHARACTERS = 500


class _Cue(NamedTuple):
    start: float
    end: float
    speaker: str
    words: str


def words_of_captions(text: str) -> str:
    """A paragraph a line: a new one for another speaker, after a pause, or a long one's end."""
    paragraphs: list[list[str]] = []
    last = _Cue(0, 0, "", "")
    length = 0
    for cue in _unrepeated(_cues(text)):
        is_long = length > PARAGRAPH_CHARACTERS and bool(_END.search(last.words))
        is_other = cue.speaker != last.speaker
        if not paragraphs or is_other or is_long or cue.start - last.end >= PAUSE_SECONDS:
            paragraphs.append([f"{cue.speaker}:"] if is_other and cue.speaker else [])
            length = 0
        paragraphs[-1].append(cue.words)
        length += len(cue.words)
        last = cue
    return "\n".join(" ".join(parts) for parts in paragraphs)


def _cues(text: str) -> Iterator[_Cue]:
    """Each block that has its times; what stands above them is a number or a name."""
    for block in re.split(r"\n[ \t]*\n", text):
        lines = block.split("\n")
        found = [(n, times) for n, line in enumerate(lines) if (times := _TIMES.match(line))]
        for index, (n, times) in enumerate(found):
            end = found[index + 1][0] if index + 1 < len(found) else len(lines)
            yield from _cues_of(times, lines[n + 1 : end])


def _cues_of(times: re.Match[str], lines: list[str]) -> Iterator[_Cue]:
    start, end = _seconds(times[1]), _seconds(times[2])
    for line in lines:
        speaker = _SPEAKER.search(line)
        words = " ".join(unescape(_TAG.sub("", line)).split())
        if words:
            yield _Cue(start, end, " ".join(speaker[1].split()) if speaker else "", words)


def _unrepeated(cues: Iterator[_Cue]) -> Iterator[_Cue]:
    """Without the lines that captions which roll upwards show again at once."""
    last = None
    for cue in cues:
        if last is None or cue.words != last.words or cue.start > last.end + ROLLING_SECONDS:
            yield cue
            last = cue
        else:
            last = cue._replace(start=last.start)


def _seconds(clock: str) -> float:
    *hours, minutes, seconds = clock.replace(",", ".").split(":")
    return (int(hours[0]) if hours else 0) * 3600 + int(minutes) * 60 + float(seconds)
