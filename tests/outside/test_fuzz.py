"""Every reader on what it never expected: its own cases, damaged in a thousand ways.

So many rounds for each reader (FEEDSVC_FUZZ_ROUNDS), a minute at most; FEEDSVC_FUZZ_SEED makes other
damage. Whatever comes in, a source is read or told, within seconds, and nothing active comes out.
"""

from __future__ import annotations

import os
import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from feedsvc import sources
from feedsvc.config import SourceSettings
from feedsvc.reading import Reading, Task, read_source
from feedsvc.seeds import Bytes
from tests.builders import at
from tests.sources.cases import CASES, documents

ROUNDS = int(os.environ.get("FEEDSVC_FUZZ_ROUNDS", "300"))
SECONDS = 60
SEED = int(os.environ.get("FEEDSVC_FUZZ_SEED", "1"))
LONGEST_SECONDS = 10
ACTIVE = re.compile(
    r"<\s*(?:script|iframe|object|embed|style|form)\b|\son\w+\s*=\s*[\"']|javascript:", re.I
)
TOKENS = (
    b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\n\n", b"---\n", b"+++\n", b"<", b">", b"]]>", b"&", b"&#0;",
    b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"<script>alert(1)</script>", b'<a href="javascript:x">', b"{", b"[", b'"',
    b"\\", b",", b";", b"\t", b"9" * 400, b"0000-00-00", b"9999-12-31T23:59:60Z", b"-1", b"NaN", b"1e999",
    "\u202e\u0000\ufffe".encode(), b"<div>" * 300, b"[" * 300, b"(" * 300, b"> " * 300, b"#" * 300, b"x" * 70_000,
)  # fmt: skip
Damage = Callable[[random.Random, bytes, bytes], bytes]


def cut(rng: random.Random, data: bytes, _: bytes) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def flipped(rng: random.Random, data: bytes, _: bytes) -> bytes:
    damaged = bytearray(data)
    for _n in range(rng.randint(1, 20)):
        damaged[rng.randrange(len(damaged))] = rng.randrange(256)
    return bytes(damaged)


def inserted(rng: random.Random, data: bytes, _: bytes) -> bytes:
    at_byte = rng.randrange(len(data) + 1)
    return data[:at_byte] + rng.choice(TOKENS) + data[at_byte:]


def spliced(rng: random.Random, data: bytes, other: bytes) -> bytes:
    return data[: rng.randrange(len(data) + 1)] + other[rng.randrange(len(other) + 1) :]


def repeated(rng: random.Random, data: bytes, _: bytes) -> bytes:
    start = rng.randrange(len(data))
    piece = data[start : start + rng.randint(1, 200)]
    return data[:start] + piece * rng.randint(2, 200) + data[start:]


def shuffled(rng: random.Random, data: bytes, _: bytes) -> bytes:
    lines = data.split(b"\n")
    rng.shuffle(lines)
    return b"\n".join(lines)


DAMAGES: Sequence[Damage] = (cut, flipped, inserted, inserted, spliced, repeated, shuffled)


def damaged(rng: random.Random, files: Sequence[Path]) -> tuple[str, bytes]:
    """One of the cases, damaged once or a few times, under its own name."""
    one, other = rng.choice(files), rng.choice(files)
    data = one.read_bytes()
    for _n in range(rng.randint(1, 4)):
        if data:
            data = rng.choice(DAMAGES)(rng, data[:300_000], other.read_bytes()[:300_000])
    return one.name, data


def told(reading: Reading) -> Iterator[str]:
    """Everything wrong with what came of a source."""
    if reading.problem and "please report it" in reading.problem:
        yield reading.problem
    yield from (str(one) for one in reading.refused if "please report it" in str(one))
    for one in reading.judged:
        if found := ACTIVE.search(re.sub(r">[^<]*", ">", one.content_html)):
            yield f"active: {found[0]!r} in {one.content_html[:200]!r}"


@pytest.mark.outside
@pytest.mark.parametrize("reader", sorted(sources.readers()))
def test_a_damaged_source_is_read_or_told(reader: str, tmp_path: Path) -> None:
    files = [file for file in documents(reader) if file.stat().st_size]
    assert files, f"no cases in {CASES / reader}"
    rng, end, n = random.Random(SEED), time.monotonic() + max(SECONDS, ROUNDS / 10), 0

    while n < ROUNDS and time.monotonic() < end:
        name, data = damaged(rng, files)
        settings = SourceSettings(reader=reader if rng.random() < 0.5 else None)
        task = Task(
            input=Bytes(name, data),
            settings=settings,
            now=at("2025-06-01"),
            base_url="https://a.example",
        )
        began = time.process_time()
        reading = read_source(task)
        wrong = list(told(reading))
        if (seconds := time.process_time() - began) > LONGEST_SECONDS:
            wrong.append(f"took {seconds:.0f} seconds")
        if wrong:
            (tmp_path / name).write_bytes(data)
        assert not wrong, (tmp_path / name, wrong[:3])
        n += 1

    assert n > 10
