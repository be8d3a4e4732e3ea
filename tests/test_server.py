"""`feedsvc serve` as a real process: it answers, stops cleanly, and starts again."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from feedsvc.errors import FeedsvcError
from feedsvc.server import require_free

START_SECONDS = 20


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(folder: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """A server in a folder of its own, up and listening."""
    command = [sys.executable, "-m", "feedsvc", "serve", "--port", str(port)]
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        deadline = time.monotonic() + START_SECONDS
        while not is_up(port):
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline, "the server does not listen"
            time.sleep(0.05)
        yield process
    finally:
        process.kill()
        process.communicate()


def is_up(port: int) -> bool:
    try:
        get(port, "/healthz")
    except OSError:
        return False
    return True


def get(port: int, path: str) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as response:
        return bytes(response.read())


def test_it_answers_stops_on_a_signal_and_starts_again(seeds: Path, port: int) -> None:
    bodies = []

    for stop in (signal.SIGTERM, signal.SIGINT):
        with serving(seeds.parent, port) as process:
            bodies.append(get(port, "/rss.xml"))
            process.send_signal(stop)
            out, err = process.communicate(timeout=10)
        assert process.returncode == 0, (stop, out, err)
        assert "http://127.0.0.1:8000/rss.xml" in out
        assert f"serving on http://127.0.0.1:{port}/" in out
        assert "Traceback" not in err

    assert bodies[0] == bodies[1]
    assert bodies[0].count(b"<item>") == 19


@pytest.mark.parametrize(
    ("host", "told"),
    [
        pytest.param("127.0.0.1", "Address already in use", id="a port that is taken"),
        pytest.param("192.0.2.1", "Cannot assign", id="a host that is none of ours"),
        pytest.param("no.such.host.invalid", "cannot listen on", id="a host nobody knows"),
    ],
)
def test_where_it_cannot_listen_is_told(host: str, told: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        with pytest.raises(FeedsvcError, match=told) as caught:
            require_free(host, taken.getsockname()[1])

    assert "choose another with --port" in str(caught.value)
