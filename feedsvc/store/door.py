"""The store's door: who may come in, to read or to write.

Room: store. Made by `open_store`, used through the protocol.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime, timedelta

from sqlalchemy import select, update

from feedsvc.addresses import section_path
from feedsvc.model import Family, Membership
from feedsvc.store import session as sessions
from feedsvc.store.engine import database_at
from feedsvc.store.migrations import migrate
from feedsvc.store.protocol import Measure, Selector, Traits
from feedsvc.store.session import SqlSession
from feedsvc.store.snapshot import SqlSnapshot
from feedsvc.store.tables import state


class SqlStore:
    """The protocol's Store over one database."""

    def __init__(self, url: str, selector: Selector) -> None:
        self._database = database_at(url)
        self._selector = selector
        try:
            migrate(self._database)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def snapshot(self) -> Iterator[SqlSnapshot]:
        with self._database.reading() as connection:
            yield SqlSnapshot(connection, self._selector)

    def revision(self) -> int:
        with self._database.reading() as connection:
            return sessions.revision(connection)

    def recall(self, key: str) -> str | None:
        with self._database.reading() as connection:
            return sessions.recall(connection, key)

    @contextmanager
    def ingesting(self, *, dry_run: bool = False, wait_seconds: float = 60) -> Iterator[SqlSession]:
        database = self._database
        with database.writing() as connection, database.ingesting(connection, wait_seconds):
            if dry_run:
                with database.transaction(connection):
                    yield SqlSession(connection, nullcontext, self._selector)
                    connection.rollback()
            else:
                yield SqlSession(
                    connection, lambda: database.transaction(connection), self._selector
                )

    def present(self, digest: str, now: datetime) -> None:
        with self._database.reading() as connection:  # the right to write is not asked for in vain
            if connection.scalar(select(state.c.presentation)) == digest:
                return
        # Counted apart from the revision: what an ingest under way has written stays unseen.
        with self._database.writing() as connection, self._database.transaction(connection):
            kept = connection.execute(select(state).with_for_update()).one()
            if kept.presentation != digest:
                moment = max(now.replace(microsecond=0), kept.presented + timedelta(seconds=1))
                connection.execute(
                    update(state).values(
                        presentation=digest,
                        presented=moment,
                        n_presentations=kept.n_presentations + 1,
                    )
                )

    def close(self) -> None:
        self._database.close()


class SectionsAlone:
    """The Selector of a store that was opened without settings: a feed for each section."""

    digest = "sections"

    def memberships(self, traits: Traits) -> tuple[Membership, ...]:
        return tuple(
            Membership(path=self.section_path(name), family=Family.SECTIONS, name=name)
            for name in traits.sections
        )

    def measure(self, _: str) -> Measure:
        return Measure()

    def section_path(self, name: str) -> str:
        return section_path(ascii_slug(name))


def ascii_slug(name: str) -> str:
    """A name in a-z, 0-9 and hyphens; with eight hex digits where that lost something."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if slug and name.isascii():
        return slug
    return f"{slug}-{hashlib.sha256(name.encode()).hexdigest()[:8]}".lstrip("-")
