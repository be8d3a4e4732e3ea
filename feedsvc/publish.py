"""The one door to a Document: the web app asks for one path, the exporter for all of them.

Room: publish. A Document is a pure function of the site's settings and the stored rows; it
is rendered once a revision and kept, the oldest first to go when the kept bytes are too many.
Imports presentation, compose, formats, questions, check and the store's protocol.
"""

from __future__ import annotations

import logging
import re
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from feedsvc import addresses, formats, questions
from feedsvc.check import Severity, check_document
from feedsvc.compose import archive_page, living_page, search_page, updated_of
from feedsvc.errors import DocumentRefused, GonePath, UnknownPath
from feedsvc.formats import Format
from feedsvc.model import (
    Article,
    Attachment,
    Content,
    Document,
    Entry,
    Family,
    Feed,
    Outline,
    Page,
    Query,
    Site,
    SiteMap,
)
from feedsvc.presentation import Presentation
from feedsvc.store import Snapshot, Store

KEPT_BYTES = 32 * 1024 * 1024  #: of rendered bodies, beyond which the longest unused are dropped
DAY_SECONDS = 86_400
MAP_PAGES = 50_000  #: in one part of the site map, as search engines take it
CHECKED = ("application/rss+xml", "application/atom+xml", "application/feed+json", "text/x-opml")
IN_NAVIGATION = (Family.SITE, Family.SECTIONS, Family.LANGUAGES, Family.NAMED)
_ENTRY_PATH = re.compile(re.escape(addresses.entry_path("@")).replace("@", r"([!-.0-~]+)"))
_CHAPTERS_PATH = re.compile(re.escape(addresses.chapters_path("@")).replace("@", r"([!-.0-~]+)"))
_MAP_PART = re.compile(re.escape(addresses.sitemap_path(0)).replace("0", r"([1-9]\d{0,5})"))

log = logging.getLogger(__name__)


class _Place(NamedTuple):
    """What a feed's document is at: its feed, its file name, and the archive page if it is one."""

    feed: Feed
    name: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class _Edition:
    """What all documents of one revision share."""

    revision: int
    feeds: dict[str, Feed]  #: shown, by path
    retired: frozenset[str]
    changed: dict[str, datetime]  #: by feed path
    presented: datetime

    @classmethod
    def of(cls, snapshot: Snapshot, presentation: Presentation) -> _Edition:
        rows = snapshot.feeds()
        return cls(
            revision=snapshot.revision,
            feeds={feed.path: feed for feed in presentation.feeds(rows)},
            retired=frozenset(row.path for row in rows if presentation.is_retired(row)),
            changed={row.path: row.changed for row in rows},
            presented=snapshot.presented(),
        )

    def modified(self, *moments: datetime | None) -> datetime:
        return max([self.presented, *(moment for moment in moments if moment)])

    @property
    def newest_change(self) -> datetime:
        return self.modified(*self.changed.values())

    @property
    def navigation(self) -> tuple[Feed, ...]:
        """The feeds by which people get about; tags and authors are too many for it."""
        return tuple(feed for feed in self.feeds.values() if feed.family in IN_NAVIGATION)

    def linked(self, entry: Entry) -> Entry:
        """The entry with those of its feeds that have a page."""
        return replace(entry, feeds=tuple(one for one in entry.feeds if one.path in self.feeds))


class Publisher:
    """Documents by path, of the store's newest published revision. Safe to share by threads."""

    def __init__(
        self, store: Store, presentation: Presentation, *, is_strict: bool = False
    ) -> None:
        """`is_strict` refuses documents that `check` finds an error in: the last good one stays."""
        self._store = store
        self._presentation = presentation
        self._is_strict = is_strict
        self._edition: _Edition | None = None
        self._kept = _Shelf()
        self._found = _Shelf()  #: by searches, which are to push nothing else out
        self._good = _Shelf()  #: of the revision before, where documents are checked
        self._lock = threading.RLock()
        self._assets = {
            addresses.ASSETS + name: one
            for name, one in formats.assets(self.site.theme, self.site.language).items()
        }
        self._by_filename = {f.FILENAME: f for f in formats.formats_for(Page)}

    @property
    def site(self) -> Site:
        return self._presentation.site

    def revision(self) -> int:
        """The store's published revision: the key of every cache."""
        return self._store.revision()

    def document(self, path: str) -> Document:
        """The document at an absolute path such as `/rss.xml`.

        Raises UnknownPath where nothing is published, GonePath where something was and was
        taken back, DocumentRefused where a document is faulty and there was no good one before.
        """
        with self._lock:
            revision = self.revision()
            if self._edition and self._edition.revision != revision:
                self._forget()
            kept = self._kept.get(path)
            if kept is not None:
                return kept
            with self._store.snapshot() as snapshot:
                document = self._checked(self._render(path, snapshot))
            return self._kept.put(document)  # on the shelf of the edition it was rendered in

    def search(self, query: Query, filename: str) -> Document:
        """What answers a canonical question, in the format of a file; without one the page alone.

        Raises UnknownPath where no format is called so, and DocumentRefused.
        """
        feed = questions.feed_of(query, Content(self._presentation.settings.site.content))
        page = search_page(self.site, feed, query, ())
        path, format = addresses.page_path(page, filename), self._by_filename.get(filename)
        if format is None:
            raise UnknownPath(path)
        with self._lock:
            if self._edition and self._edition.revision != self.revision():
                self._forget()
            kept = self._found.get(path)
            if kept is not None:
                return kept
            with self._store.snapshot() as snapshot:
                document = self._checked(self._answer(page, query, format, snapshot))
            return self._found.put(document)

    def paths(self) -> Iterator[str]:
        """Every path: assets, entry pages and archives first, the feeds' heads last.

        Written in this order, nothing ever links to what is not there yet.
        """
        with self._lock, self._store.snapshot() as snapshot:
            edition = self._current(snapshot)
            own = list(_paths_of_entries(snapshot.all_entries()))
            n_pages = sum(path.endswith(addresses.INDEX) for path in own) + len(edition.feeds)
        feeds = list(reversed(edition.feeds.values()))
        names = list(reversed(self._by_filename))
        yield from self._assets
        yield from own
        for feed in feeds:
            for number in range(1, feed.n_archives + 1):
                yield from (addresses.feed_path(feed, name, number) for name in names)
        yield addresses.OUTLINE_PATH
        yield from self._map_paths(n_pages)
        for feed in feeds:
            yield from (addresses.feed_path(feed, name) for name in names)
            yield from feed.also_at

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
        self._found = _Shelf()
        if self._is_strict:
            self._good.take(self._kept)
        self._kept = _Shelf()

    def _current(self, snapshot: Snapshot) -> _Edition:
        if self._edition is None or self._edition.revision != snapshot.revision:
            self._forget()
            self._edition = _Edition.of(snapshot, self._presentation)
        return self._edition

    def _checked(self, document: Document) -> Document:
        """The document, or the last good one at its path where it is faulty."""
        is_checked = self._is_strict and document.media_type.partition(";")[0] in CHECKED
        faults = _errors_in(document) if is_checked else ()
        if not faults:
            return document
        good = self._good.get(document.path)
        log.error("%s is not published: %s", document.path, "; ".join(faults))
        if good is None:
            raise DocumentRefused(document.path, faults)
        return good

    def _render(self, path: str, snapshot: Snapshot) -> Document:
        edition = self._current(snapshot)
        if path in self._assets:
            body, media_type = self._assets[path]
            return self._document(path, body, media_type, edition.presented)
        if entry := _ENTRY_PATH.fullmatch(path):
            return self._article(path, entry[1], snapshot, edition)
        if entry := _CHAPTERS_PATH.fullmatch(path):
            return self._chapters(path, entry[1], snapshot, edition)
        found = self._of_all_feeds(path, snapshot, edition)
        return found or self._feed_document(path, snapshot, edition)

    def _of_all_feeds(self, path: str, snapshot: Snapshot, edition: _Edition) -> Document | None:
        """The list of the feeds, the map of their pages."""
        if path == addresses.OUTLINE_PATH:
            return self._outline(path, snapshot, edition)
        is_map = path == addresses.SITEMAP_PATH or _MAP_PART.fullmatch(path)
        return self._map(path, snapshot, edition) if is_map else None

    def _feed_document(self, path: str, snapshot: Snapshot, edition: _Edition) -> Document:
        for feed in edition.feeds.values():
            if path in feed.also_at:
                return replace(self.document(alias_of(feed, path)), path=path)
        place = self._place(path, edition)
        if place.number is None:
            return self._living(path, place, snapshot, edition)
        return self._archive(path, place, place.number, snapshot, edition)

    def _place(self, path: str, edition: _Edition) -> _Place:
        """The feed's document that a path names; UnknownPath, or GonePath for a feed that was."""
        folder, number, name = addresses.parts_of(path)
        feed = edition.feeds.get(folder)
        if feed is None and folder in edition.retired:
            raise GonePath(path)
        # Compared with its one right spelling, for "//rss.xml" or "rss.xml" would come here too.
        is_right = feed is not None and path == addresses.feed_path(feed, name, number)
        if feed is None or not is_right or name not in self._by_filename:
            raise UnknownPath(path)
        return _Place(feed, name, number)

    def _living(self, path: str, place: _Place, snapshot: Snapshot, edition: _Edition) -> Document:
        feed, format = place.feed, self._by_filename[place.name]
        is_page = format.FILENAME == addresses.INDEX
        entries = snapshot.living(feed.path, feed.size)
        page = living_page(
            self.site,
            feed,
            [edition.linked(one) for one in entries] if is_page else entries,
            tombstones=snapshot.tombstones(feed.path, feed.size),
            feeds=edition.navigation,
        )
        # The page for people lists every feed, so it changes with any of them.
        changed = edition.newest_change if is_page else edition.changed.get(feed.path)
        return self._page(path, page, format, edition.modified(changed))

    def _archive(
        self, path: str, place: _Place, number: int, snapshot: Snapshot, edition: _Edition
    ) -> Document:
        """Its bytes stay: so an archive for people names sections and tags, and links to none."""
        format = self._by_filename[place.name]
        kept = snapshot.archive(place.feed.path, number)
        if kept is None:
            raise UnknownPath(path)
        is_page = format.FILENAME == addresses.INDEX
        entries = [replace(one, feeds=()) for one in kept.entries] if is_page else kept.entries
        page = archive_page(self.site, place.feed, number, entries)
        document = self._page(path, page, format, edition.modified(kept.changed))
        return replace(document, max_age=DAY_SECONDS)

    def _answer(self, page: Page, query: Query, format: Format, snapshot: Snapshot) -> Document:
        edition, is_page = self._current(snapshot), format.FILENAME == addresses.INDEX
        found = () if questions.is_empty(query) else snapshot.search(query)
        shown = tuple(map(edition.linked, found)) if is_page else found
        page = replace(search_page(self.site, page.feed, query, shown), feeds=edition.navigation)
        changed = edition.newest_change if is_page else edition.changed[""]
        path = addresses.page_path(page, format.FILENAME)
        return self._page(path, page, format, edition.modified(changed))

    def _page(self, path: str, page: Page, format: Format, modified: datetime) -> Document:
        is_page = format.FILENAME == addresses.INDEX
        return self._document(
            path,
            format.render(page),
            format.MEDIA_TYPE,
            modified,
            navigable_as=format.NAVIGABLE_AS,
            links=self._alternates(page) if is_page else self._self_link(path, format.MEDIA_TYPE),
            is_active=is_page,
        )

    def _article(self, path: str, slug: str, snapshot: Snapshot, edition: _Edition) -> Document:
        entry = snapshot.entry(slug)
        if entry is None:
            raise GonePath(path) if snapshot.tombstone(slug) else UnknownPath(path)
        if entry.link is not None:
            raise UnknownPath(path)
        (format,) = formats.formats_for(Article)
        entry = edition.linked(entry)
        own = [edition.feeds[one.path] for one in entry.feeds]
        article = Article(site=self.site, entry=entry, feeds=(edition.feeds[""], *own))
        modified = edition.modified(snapshot.changed_of(slug))
        return self._document(
            path, format.render(article), format.MEDIA_TYPE, modified, is_active=True
        )

    def _chapters(self, path: str, slug: str, snapshot: Snapshot, edition: _Edition) -> Document:
        entry = snapshot.entry(slug)
        if entry is None and snapshot.tombstone(slug):
            raise GonePath(path)
        if entry is None or not (entry.episode and entry.episode.chapters):
            raise UnknownPath(path)
        (format,) = formats.formats_for(Entry)
        modified = edition.modified(snapshot.changed_of(slug))
        return self._document(path, format.render(entry), format.MEDIA_TYPE, modified)

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

    def _map(self, path: str, snapshot: Snapshot, edition: _Edition) -> Document:
        """The whole map, or the index of its parts, or a part."""
        (format,) = formats.formats_for(SiteMap)
        found = _MAP_PART.fullmatch(path)
        number = int(found[1]) if found else None
        pages = list(_pages(snapshot, edition))
        n_parts = _parts_of_map(len(pages))
        if number and number > n_parts:
            raise UnknownPath(path)
        start = (number - 1) * MAP_PAGES if number else 0
        shown = () if n_parts and not number else islice(pages, start, start + MAP_PAGES)
        site_map = SiteMap(
            site=self.site,
            pages=tuple(shown),
            number=number,
            n_parts=0 if number else n_parts,
        )
        return self._document(
            path, format.render(site_map), format.MEDIA_TYPE, edition.newest_change
        )

    def _map_paths(self, n_pages: int) -> Iterator[str]:
        numbers = range(1, _parts_of_map(n_pages) + 1)
        yield from (addresses.sitemap_path(number) for number in numbers)
        yield addresses.SITEMAP_PATH

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

    def _alternates(self, page: Page) -> tuple[tuple[str, str, str], ...]:
        living = replace(page, number=None)
        return tuple(
            (
                addresses.url(self.site, addresses.page_path(living, format.FILENAME)),
                "alternate",
                format.MEDIA_TYPE.partition(";")[0],
            )
            for format in self._by_filename.values()
            if format.FILENAME != addresses.INDEX
        )


class _Shelf:
    """Documents by path; the longest unused go when their bodies are too many bytes."""

    def __init__(self) -> None:
        self._documents: OrderedDict[str, Document] = OrderedDict()
        self._n_bytes = 0

    def get(self, path: str) -> Document | None:
        found = self._documents.get(path)
        if found is not None:
            self._documents.move_to_end(path)
        return found

    def put(self, document: Document) -> Document:
        before = self._documents.pop(document.path, None)
        self._n_bytes += len(document.body) - (len(before.body) if before else 0)
        self._documents[document.path] = document
        while self._n_bytes > KEPT_BYTES and len(self._documents) > 1:
            self._n_bytes -= len(self._documents.popitem(last=False)[1].body)
        return document

    def take(self, other: _Shelf) -> None:
        for document in other._documents.values():
            self.put(document)


def alias_of(feed: Feed, path: str) -> str:
    """The document that answers at a further address of a feed too: told by what it is called."""
    name = path.lower()
    filename = "atom.xml" if "atom" in name else "feed.json" if name.endswith("json") else "rss.xml"
    return addresses.feed_path(feed, filename)


def _parts_of_map(n_pages: int) -> int:
    """Into how many parts a map of so many pages falls; 0 where it is one document."""
    return -(-n_pages // MAP_PAGES) if n_pages > MAP_PAGES else 0


def _paths_of_entries(entries: Iterable[Entry]) -> Iterator[str]:
    """The documents that entries have of their own."""
    for entry in entries:
        if entry.link is None:
            yield addresses.entry_path(entry.slug)
        if entry.episode and entry.episode.chapters:
            yield addresses.chapters_path(entry.slug)


def _pages(snapshot: Snapshot, edition: _Edition) -> Iterator[tuple[str, datetime | None]]:
    """Every page for people: the feeds', then the entries' with the time each last changed.

    When a feed last changed is told by the store's clock, which stands in no document.
    """
    for feed in edition.feeds.values():
        yield addresses.feed_path(feed, addresses.INDEX), None
    for entry in snapshot.all_entries():
        if entry.link is None:
            yield addresses.entry_path(entry.slug), entry.updated


def _errors_in(document: Document) -> tuple[str, ...]:
    """What is wrong with a feed's document, in words."""
    findings = check_document(document.body, name=document.path, media_type=document.media_type)
    return tuple(one.message for one in findings if one.rule.severity is Severity.ERROR)
