"""What every test may ask for."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from feedsvc.service import Service

SEEDS = Path(__file__).parent.parent / "seeds"


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    """A copy of the project's seeds that a test may change."""
    return Path(shutil.copytree(SEEDS, tmp_path / "seeds"))


@pytest.fixture
def open_service(tmp_path: Path) -> Iterator[object]:
    """Opens a service over a folder of seeds, its database in the test's own folder."""
    opened: list[Service] = []

    def open_(folder: Path, database: str = "news", **environ: str) -> Service:
        url = f"sqlite:///{tmp_path / database}.sqlite3"
        opened.append(Service.open(paths=[folder], database_url=url, environ=environ))
        return opened[-1]

    yield open_
    for service in opened:
        service.store.close()


@dataclass
class Web:
    """A server on this machine: what it answers, and what it was asked."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"words"
    delay_seconds: float = 0
    asked: list[dict[str, str]] = field(default_factory=list)
    address: str = ""


@pytest.fixture
def web() -> Iterator[Web]:
    served = Web()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append({name.lower(): value for name, value in self.headers.items()})
            is_known = self.headers.get("If-None-Match") == served.headers.get("ETag", "")
            self.send_response(304 if is_known else served.status)
            for name, value in served.headers.items():
                self.send_header(name, value)
            self.end_headers()
            for byte in served.body if not is_known else b"":
                time.sleep(served.delay_seconds)
                self.wfile.write(bytes([byte]))

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served.address = f"http://127.0.0.1:{server.server_port}/feed"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield served
    server.shutdown()
    server.server_close()
