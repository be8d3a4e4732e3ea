"""The one door to a Document: the web app asks for one path, the exporter for all of them.

Room: publish. A Document is a pure function of the site's settings and the stored rows; it
is rendered once a revision and kept, the oldest first to go when the kept bytes are too many.
Imports compose, formats and the store's protocol.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime

from feedsvc import addresses, formats
from feedsvc.compose import living_page, updated_of
from feedsvc.errors import GonePath, UnknownPath
from feedsvc.model import Article, Attachment, Content, Document, Feed, Outline, Page, Site
from feedsvc.store import FeedRow, Snapshot, Store

KEPT_BYTES = 32 * 1024 * 1024  #: of rendered bodies, beyond which the longest unused are dropped
_ENTRY_PATH = re.compile(re.escape(addresses.entry_path("@")).replace("@", r"([!-.0-~]+)"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Presentation:
    """The settings that show in documents."""

    site: Site
    size: int = 50
    content: Content = Content.BOTH
    version: str = ""  #: of the program; a new one may write other bytes

    def digest(self) -> str:
        values = [repr(getattr(self, f.name)) for f in fields(self)]
        return hashlib.sha256("\n".join(values).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class _Edition:
    """What all documents of one revision share."""

    revision: int
    feeds: dict[str, Feed]
    changed: dict[str, datetime]  #: by feed path
    presented: datetime

    def modified(self, *moments: datetime | None) -> datetime:
        return max(self.presented, *(moment for moment in moments if moment))

    @property
    def newest_change(self) -> datetime:
        return self.modified(*self.changed.values())


class Publisher:
    """Documents by path, of the store's newest published revision. Safe to share by threads."""

    def __init__(self, store: Store, presentation: Presentation) -> None:
        self._store = store
        self._presentation = presentation
        self._edition: _Edition | None = None
        self._kept: OrderedDict[str, Document] = OrderedDict()
        self._kept_bytes = 0
        self._lock = threading.RLock()
        self._assets = {addresses.ASSETS + name: one for name, one in formats.assets().items()}
        self._by_filename = {f.FILENAME: f for f in formats.formats_for(Page)}

    @property
    def site(self) -> Site:
        return self._presentation.site

    def revision(self) -> int:
        """The store's published revision: the key of every cache."""
        return self._store.revision()

    def document(self, path: str) -> Document:
        """The document at an absolute path such as `/rss.xml`.

        Raises UnknownPath where nothing is published, GonePath where something was
        and was taken back.
        """
        with self._lock:
            revision = self.revision()
            if self._edition and self._edition.revision != revision:
                self._forget()
            kept = self._kept.get(path)
            if kept is not None:
                self._kept.move_to_end(path)
                return kept
            with self._store.snapshot() as snapshot:
                return self._keep(self._render(path, snapshot))

    def paths(self) -> Iterator[str]:
        """Every path: assets and entry pages first, the feeds' heads last.

        Written in this order, nothing ever links to what is not there yet.
        """
        with self._lock, self._store.snapshot() as snapshot:
            edition = self._current(snapshot)
            slugs = [e.slug for e in snapshot.all_entries() if e.link is None]
        yield from self._assets
        yield from (addresses.entry_path(slug) for slug in slugs)
        yield addresses.OUTLINE_PATH
        for feed in reversed(edition.feeds.values()):
            for format in reversed(self._by_filename.values()):
                yield addresses.feed_path(feed, format.FILENAME)

    def media(self, path: str) -> Attachment:
        """The file of the seeds published at a path; UnknownPath unless an entry refers to it."""
        with self._store.snapshot() as snapshot:
            found = snapshot.attachment(path)
        if found is None:
            raise UnknownPath(path)
        return found

    def media_paths(self) -> Iterator[str]:
        """Every path of such a file."""
        with self._store.snapshot() as snapshot:
            yield from [one.path for one in snapshot.attachments()]

    def feeds(self) -> tuple[Feed, ...]:
        """Every feed of the site, its own first."""
        with self._lock, self._store.snapshot() as snapshot:
            return tuple(self._current(snapshot).feeds.values())

    def _forget(self) -> None:
        self._edition = None
        self._kept.clear()
        self._kept_bytes = 0

    def _keep(self, document: Document) -> Document:
        self._kept[document.path] = document
        self._kept_bytes += len(document.body)
        while self._kept_bytes > KEPT_BYTES and len(self._kept) > 1:
            self._kept_bytes -= len(self._kept.popitem(last=False)[1].body)
        return document

    def _current(self, snapshot: Snapshot) -> _Edition:
        if self._edition is None or self._edition.revision != snapshot.revision:
            self._forget()
            rows = snapshot.feeds()
            self._edition = _Edition(
                revision=snapshot.revision,
                feeds={row.path: self._feed(row) for row in rows},
                changed={row.path: row.changed for row in rows},
                presented=snapshot.presented(),
            )
        return self._edition

    def _feed(self, row: FeedRow) -> Feed:
        return Feed(
            path=row.path,
            title=row.title if row.path else self.site.title,
            size=max(self._presentation.size, row.n_entries if row.is_ranked else 0),
            content=self._presentation.content,
            is_ranked=row.is_ranked,
            n_entries=row.n_entries,
        )

    def _render(self, path: str, snapshot: Snapshot) -> Document:
        edition = self._current(snapshot)
        if path in self._assets:
            body, media_type = self._assets[path]
            return self._document(path, body, media_type, edition.presented)
        if path == addresses.OUTLINE_PATH:
            return self._outline(path, snapshot, edition)
        if entry := _ENTRY_PATH.fullmatch(path):
            return self._article(path, entry[1], snapshot, edition)
        folder, _, name = path.rpartition("/")
        feed = edition.feeds.get(folder.removeprefix("/"))
        # Compared with its one right spelling, for "//rss.xml" or "rss.xml" would come here too.
        if feed is None or path != addresses.feed_path(feed, name) or name not in self._by_filename:
            raise UnknownPath(path)
        return self._page(path, feed, name, snapshot, edition)

    def _page(
        self, path: str, feed: Feed, name: str, snapshot: Snapshot, edition: _Edition
    ) -> Document:
        format = self._by_filename[name]
        page = living_page(
            self.site,
            feed,
            snapshot.entries(feed.path, feed.size),
            tombstones=snapshot.tombstones(feed.path, feed.size),
            feeds=tuple(edition.feeds.values()),
        )
        is_page = format.FILENAME == addresses.INDEX
        # The page for people lists every feed, so it changes with any of them.
        modified = (
            edition.newest_change if is_page else edition.modified(edition.changed[feed.path])
        )
        return self._document(
            path,
            format.render(page),
            format.MEDIA_TYPE,
            modified,
            navigable_as=format.NAVIGABLE_AS,
            links=self._alternates(feed) if is_page else self._self_link(path, format.MEDIA_TYPE),
            is_active=is_page,
        )

    def _article(self, path: str, slug: str, snapshot: Snapshot, edition: _Edition) -> Document:
        entry = snapshot.entry(slug)
        if entry is None:
            raise GonePath(path) if snapshot.tombstone(slug) else UnknownPath(path)
        if entry.link is not None:
            raise UnknownPath(path)
        (format,) = formats.formats_for(Article)
        article = Article(site=self.site, entry=entry, feeds=tuple(edition.feeds.values())[:1])
        modified = edition.modified(snapshot.changed_of(slug))
        return self._document(
            path, format.render(article), format.MEDIA_TYPE, modified, is_active=True
        )

    def _outline(self, path: str, snapshot: Snapshot, edition: _Edition) -> Document:
        (format,) = formats.formats_for(Outline)
        newest = snapshot.entries("", 1)
        outline = Outline(
            site=self.site, feeds=tuple(edition.feeds.values()), updated=updated_of(newest)
        )
        return self._document(
            path,
            format.render(outline),
            format.MEDIA_TYPE,
            edition.newest_change,
            navigable_as=format.NAVIGABLE_AS,
        )

    def _document(
        self,
        path: str,
        body: bytes,
        media_type: str,
        modified: datetime,
        *,
        navigable_as: str | None = None,
        links: tuple[tuple[str, str, str], ...] = (),
        is_active: bool = False,
    ) -> Document:
        return Document(
            path=path,
            body=body,
            media_type=media_type,
            modified=modified,
            navigable_as=navigable_as,
            links=links,
            max_age=self.site.ttl_minutes * 60,
            is_active=is_active,
        )

    def _self_link(self, path: str, media_type: str) -> tuple[tuple[str, str, str], ...]:
        return ((addresses.url(self.site, path), "self", media_type.partition(";")[0]),)

    def _alternates(self, feed: Feed) -> tuple[tuple[str, str, str], ...]:
        return tuple(
            (
                addresses.url(self.site, addresses.feed_path(feed, format.FILENAME)),
                "alternate",
                format.MEDIA_TYPE.partition(";")[0],
            )
            for format in self._by_filename.values()
            if format.FILENAME != addresses.INDEX
        )
