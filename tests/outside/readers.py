"""Real feed readers, each polled through its own command and read through its own store."""

from __future__ import annotations

import mailbox
import shlex
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import NamedTuple


class Shown(NamedTuple):
    """One item as the reader shows it; `moment` in UTC."""

    title: str
    moment: datetime


class Reader:
    """A program with a home folder of its own, subscribed to one feed.

    `validates_from` is the first poll (counted from 1) that sends validators, None for never.
    """

    programs: tuple[str, ...]
    validates_from: int | None

    def __init__(self, home: Path, url: str) -> None:
        self.home, self.url = home, url
        self.subscribe()

    def subscribe(self) -> None:
        raise NotImplementedError

    def poll(self) -> list[Shown]:
        """Fetch the feed once and give every item the reader then holds."""
        raise NotImplementedError

    def run(self, *command: str, stdin: bytes = b"") -> bytes:
        done = subprocess.run(
            command, cwd=self.home, env=environment(self.home), input=stdin,
            capture_output=True, timeout=60, check=False,
        )  # fmt: skip
        if done.returncode:
            raise AssertionError(f"{shlex.join(command)}: {done.stderr.decode(errors='replace')}")
        return done.stdout


def environment(home: Path) -> Mapping[str, str]:
    """A user's own: the machine's programs, no proxy, nothing of the virtual environment."""
    path = "/usr/local/bin:/usr/bin:/bin"
    return {"HOME": str(home), "PATH": path, "LANG": "C.UTF-8", "TERM": "dumb", "NO_PROXY": "*"}


class Newsboat(Reader):
    programs = ("newsboat",)
    validates_from = 3

    def subscribe(self) -> None:
        (self.home / "urls").write_text(f"{self.url}\n")
        (self.home / "config").write_text("")

    def poll(self) -> list[Shown]:
        files = ("--url-file=urls", "--cache-file=cache.db", "--config-file=config")
        self.run("newsboat", *files, "--execute=reload")
        with closing(sqlite3.connect(self.home / "cache.db")) as cache:
            rows = cache.execute("SELECT title, pubDate FROM rss_item WHERE deleted = 0")
            return [Shown(title, datetime.fromtimestamp(moment, UTC)) for title, moment in rows]


class Sfeed(Reader):
    programs = ("sfeed_update", "sfeed", "curl")
    validates_from = None

    def subscribe(self) -> None:
        feeds = f'sfeedpath="{self.home}/feeds"\nfeeds() {{\n  feed "ours" "{self.url}"\n}}\n'
        (self.home / "sfeedrc").write_text(feeds)

    def poll(self) -> list[Shown]:
        self.run("sfeed_update", str(self.home / "sfeedrc"))
        return rows_of((self.home / "feeds" / "ours").read_text(encoding="utf-8"))


def rows_of(text: str) -> list[Shown]:
    """The items in sfeed's own tab-separated format."""
    rows = [line.split("\t") for line in text.splitlines()]
    return [Shown(row[1], datetime.fromtimestamp(int(row[0]), UTC)) for row in rows]


class Rss2email(Reader):
    programs = ("r2e",)
    validates_from = 2

    def subscribe(self) -> None:
        (self.home / "r2e.cfg").write_text(
            "[DEFAULT]\nfrom = feeds@example.org\nto = reader@example.org\ndate-header = True\n"
            f"email-protocol = maildir\nmaildir-path = {self.home}/mail\nmaildir-mailbox = new\n"
        )
        (self.home / "mail").mkdir()
        mailbox.Maildir(self.home / "mail" / "new")
        self.r2e("add", "ours", self.url)

    def poll(self) -> list[Shown]:
        self.r2e("run")
        return [mailed(message) for message in mailbox.Maildir(self.home / "mail" / "new")]

    def r2e(self, *arguments: str) -> None:
        self.run("r2e", "-c", "r2e.cfg", "-d", str(self.home / "r2e.json"), *arguments)


def mailed(message: Message) -> Shown:
    title = str(make_header(decode_header(str(message["Subject"]))))
    return Shown(title, parsedate_to_datetime(message["Date"]).astimezone(UTC))


READERS = (Newsboat, Sfeed, Rss2email)
