"""Serving a feed of about 100 KiB, beside nginx giving the same files; both under wrk."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

from tests.bench.documents import news
from tests.bench.measure import Bench
from tests.outside.running import Folder, Server, free_port, served, stop, wait_until_up

NGINX = """
daemon off; user root; worker_processes 1; pid {top}/nginx.pid; error_log stderr;
events {{ worker_connections 512; }}
http {{
  access_log off; sendfile on; tcp_nopush on; gzip_static on; keepalive_requests 1000000000;
  client_body_temp_path {top}/t; proxy_temp_path {top}/t; fastcgi_temp_path {top}/t;
  uwsgi_temp_path {top}/t; scgi_temp_path {top}/t;
  types {{ application/rss+xml xml; }}
  server {{ listen 127.0.0.1:{port}; root {top}/public; }}
}}
"""
REACH = {"304": ("0.45", "2.5"), "gzip": ("0.75", "1.9"), "200": ("1.0", "1.2")}
TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def nginx(folder: Folder) -> Iterator[Server]:
    port, settings = free_port(), folder.path / "nginx.conf"
    settings.write_text(NGINX.format(top=folder.path, port=port))
    log = folder.path / "nginx.log"
    with log.open("w") as sink:
        process = subprocess.Popen(
            ["nginx", "-c", settings], stderr=sink, text=True, start_new_session=True
        )
    try:
        server = Server(folder, f"http://127.0.0.1:{port}", log, process.pid)
        wait_until_up(process, server)
        yield server
    finally:
        stop(process)


def tree(pid: int) -> list[int]:
    """A process and all that it started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(below for child in children for below in tree(int(child)))]


def cpu_seconds(pid: int) -> float:
    stats = (Path(f"/proc/{p}/stat").read_text().rpartition(")")[2].split() for p in tree(pid))
    return sum(int(stat[11]) + int(stat[12]) for stat in stats) / TICKS


class Load:
    """wrk on one address; every run gives requests a second and server CPU a request."""

    def __init__(self, server: Server, kind: str, seconds: int, *, close: bool) -> None:
        self.pid = server.pid
        self.spent: deque[float] = deque()
        headers = {} if kind == "200" else {"Accept-Encoding": "gzip"}
        if kind == "304":
            headers["If-None-Match"] = server.ask("/rss.xml", **headers).headers["ETag"]
        answer = server.ask("/rss.xml", **headers)
        assert answer.status == (304 if kind == "304" else 200), (kind, answer.status)
        assert (answer.headers["Content-Encoding"] == "gzip") == (kind == "gzip")
        headers |= {"Connection": "close"} if close else {}
        given = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
        self.command = ["wrk", "-t1", "-c16", f"-d{seconds}s", *given, f"{server.url}/rss.xml"]

    def requests(self) -> float:
        before = cpu_seconds(self.pid)
        told = subprocess.run(self.command, capture_output=True, text=True, check=True).stdout
        spent = cpu_seconds(self.pid) - before
        found = re.search(r"(\d+) requests in (?s:.*)Requests/sec:\s+([\d.]+)", told)
        assert found, told
        assert "Non-2xx" not in told, told
        self.spent.append(spent / int(found[1]) * 1e6)
        return float(found[2])

    def cpu(self) -> float:
        """Of the first run not yet told of: one load gives both figures."""
        return self.spent.popleft()


def serving(folder_path: Path, seconds: int, *, polls: bool) -> Iterator[Bench]:
    """`polls` adds a connection for every request, as feed readers make."""
    (folder_path / "seeds").mkdir(parents=True)
    fields = (
        {
            "id": e.slug,
            "title": e.title,
            "date": "2025-05-13T08:00:00Z",
            "content_html": e.content_html[:1150],
        }
        for e in map(news, range(1, 51))
    )
    (folder_path / "seeds/news.jsonl").write_text("\n".join(map(json.dumps, fields)))
    folder = Folder(folder_path)
    with served(folder) as ours:
        folder.feedsvc("build", "--precompress")
        with nginx(folder) as theirs:
            size = len(ours.ask("/rss.xml").body)
            assert ours.ask("/rss.xml").body == theirs.ask("/rss.xml").body
            for close, kind in product((False, True) if polls else (False,), REACH):
                pair = tuple(Load(server, kind, seconds, close=close) for server in (ours, theirs))
                yield from benches(kind, f"{size >> 10} KiB", *pair, close=close)


def benches(kind: str, size: str, ours: Load, theirs: Load, *, close: bool) -> Iterator[Bench]:
    how = f"{kind}, {'a connection each' if close else 'kept'} ({size})"
    rate, cpu = REACH[kind]
    anchor = "nginx static"
    yield Bench(
        what=f"requests, {how}", anchor=anchor, ours=ours.requests, theirs=theirs.requests,
        unit="/s", reach=">= 1.0" if close else f">= {rate}",
    )  # fmt: skip
    yield Bench(
        what=f"CPU, {how}", anchor=anchor, ours=ours.cpu, theirs=theirs.cpu,
        unit="µs", reach="" if close else f"<= {cpu}",
    )  # fmt: skip
