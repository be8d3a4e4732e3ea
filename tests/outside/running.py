"""The product as its users run it: the installed command, in a folder, over real sockets."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = Path(sys.executable).parent
DUMP = "seeds/000_64ba767ae4b7ab50.txt"
NEW_TEASER = "Lviv opened a new tram line to the railway station, Ukrinform reported on May 14."


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Answer(NamedTuple):
    """What came over the wire, undecoded."""

    status: int
    reason: str
    headers: HTTPMessage
    body: bytes


@dataclass
class Folder:
    """A folder with seeds in it where `feedsvc` is run; `variables` join the environment."""

    path: Path
    variables: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def fresh(cls, path: Path, **variables: str) -> Folder:
        """A new folder at `path` with a copy of the project's seeds."""
        shutil.copytree(ROOT / "seeds", path / "seeds")
        return cls(path, variables)

    def start(self, program: str, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        """Start a script of the environment under test; its process group is its own."""
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("FEEDSVC_")}
        return subprocess.Popen(
            [SCRIPTS / program, *arguments],
            cwd=self.path, env=inherited | {"PYTHONPATH": str(ROOT)} | dict(self.variables),
            stdin=subprocess.DEVNULL, text=True, start_new_session=True, **options,
        )  # fmt: skip

    def feedsvc(self, *arguments: str) -> str:
        """Run a command to its end and give its standard output; anything but exit 0 fails."""
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        process = self.start("feedsvc", *arguments, **pipes)
        output, told = process.communicate(timeout=120)
        assert process.returncode == 0, f"feedsvc {' '.join(arguments)}:\n{output}\n{told}"
        return output

    def entries(self) -> list[dict[str, Any]]:
        return [
            json.loads(line) for line in self.feedsvc("entries", "--format", "jsonl").splitlines()
        ]

    def add_teaser(self, text: str = NEW_TEASER) -> None:
        """Put a teaser on top of the dump."""
        dump = self.path / DUMP
        dump.write_text(f"{text}\n{dump.read_text(encoding='utf-8')}", encoding="utf-8")

    def publish_new_item(self) -> str:
        """Add a teaser and ingest it; gives its text."""
        self.add_teaser()
        self.feedsvc("ingest")
        return NEW_TEASER

    def files(self, folder: str) -> dict[str, bytes]:
        """Every file below `folder`, by its path there."""
        top = self.path / folder
        found = (file for file in sorted(top.rglob("*")) if file.is_file())
        return {f"/{file.relative_to(top)}": file.read_bytes() for file in found}

    def published(self, folder: str = "public") -> dict[str, bytes]:
        """The files of `folder` that a server sends: none of those that start with a dot."""
        return {p: b for p, b in self.files(folder).items() if "/." not in p}


class Server:
    """A running server at `url`; what it printed is in `log`."""

    def __init__(self, folder: Folder, url: str, log: Path, pid: int) -> None:
        self.folder, self.url, self.log, self.pid = folder, url, log, pid
        self.host = url.removeprefix("http://")

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """One request on a connection of its own; header names are written with underscores."""
        connection = HTTPConnection(self.host, timeout=30)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in named.items():
                connection.putheader(name, value)
            connection.endheaders()
            answer = connection.getresponse()
            return Answer(answer.status, answer.reason, answer.headers, answer.read())
        finally:
            connection.close()


@contextmanager
def serving(folder: Folder, program: str, *arguments: str, port: int) -> Iterator[Server]:
    """Run a server program until the block ends; it must answer within half a minute."""
    log = folder.path / f"{program}.log"
    with log.open("w") as sink:
        process = folder.start(program, *arguments, stdout=sink, stderr=subprocess.STDOUT)
    try:
        server = Server(folder, f"http://127.0.0.1:{port}", log, process.pid)
        wait_until_up(process, server)
        yield server
    finally:
        stop(process)


def wait_until_up(process: subprocess.Popen[str], server: Server) -> None:
    deadline = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < deadline:
        try:
            if server.ask("/rss.xml").status == 200:
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"no answer from {server.url}:\n{server.log.read_text()}")


def stop(process: subprocess.Popen[str]) -> None:
    """Ask it to end, as a service manager does; what does not end in ten seconds is at fault."""
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise AssertionError("the server did not end when asked to") from None


@contextmanager
def served(folder: Folder) -> Iterator[Server]:
    """`feedsvc serve` in the folder, its base address its own."""
    port = free_port()
    folder.variables = {**folder.variables, "FEEDSVC_BASE_URL": f"http://127.0.0.1:{port}"}
    with serving(folder, "feedsvc", "serve", "--port", str(port), port=port) as server:
        yield server
