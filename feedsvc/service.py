"""Settings, store and publisher put together: what every door opens.

Room: service. The only place that knows which parts make a running whole.
Imports everything below the doors; called by cli and web.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from feedsvc import __version__, formats, podcasts
from feedsvc.config import Located
from feedsvc.corrections import read_corrections
from feedsvc.errors import ConfigError, Fault, SourceError
from feedsvc.intake import SITE_ID, Report, ingest, now_in_utc
from feedsvc.model import Family, Site
from feedsvc.presentation import Presentation
from feedsvc.publish import Publisher
from feedsvc.reading import all_cores
from feedsvc.seeds import Address, Input, find_inputs, seeds_folder
from feedsvc.selection import Selector
from feedsvc.sources import syndication
from feedsvc.store import Store, open_store

OPML = ".opml"
MAY_HIDE = (Family.TAGS, Family.AUTHORS, Family.LANGUAGES)


@dataclass(frozen=True, slots=True)
class Service:
    """One site: its settings, its store, its seeds."""

    located: Located
    store: Store
    paths: tuple[Path, ...]  #: what to read

    @classmethod
    def open(
        cls,
        config: str | None = None,
        paths: Sequence[Path] = (),
        *,
        database_url: str | None = None,
        base_url: str | None = None,
        every_source: Mapping[str, object] | None = None,
        is_looking: bool = False,
        environ: Mapping[str, str] = os.environ,
    ) -> Service:
        """Load the settings and open the store, which is made when there is none.

        `base_url` and `every_source` are what the command line says, above the settings.
        `is_looking`, or no seeds, makes no database where there is none, but one in memory.
        Raises ConfigError, StoreError.
        """
        given = {"FEEDSVC_BASE_URL": base_url} if base_url else {}
        located = Located.find(config, seeds_folder(paths), {**environ, **given})
        if every_source:
            settings = located.settings.refined(every_source)
            located = located.model_copy(update={"settings": settings})
        url = database_url or located.database_url
        file = _sqlite_file(url)
        has_seeds = bool(paths) or located.seeds.exists()
        if (is_looking or not has_seeds) and file and not file.exists():
            url = "sqlite://"
        store = open_store(url, selector=Selector(located.settings))
        return cls(located, store, tuple(paths) or (located.seeds,))

    @property
    def site(self) -> Site:
        """What documents show of the settings."""
        kept = self.store.recall(SITE_ID) or self.located.settings.site.base_url
        return self.located.settings.described(site_id=kept, title=self.located.title)

    @property
    def is_whole(self) -> bool:
        """Whether all the seeds are read, not some paths among them."""
        return self.paths == (self.located.seeds,)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever kept."""
        return self.store.recall(SITE_ID) is None

    def require_seeds(self) -> None:
        """Raise ConfigError where there is no seeds folder."""
        if self.is_whole and not self.located.seeds.exists():
            message = "is not there; make a first one with `feedsvc init`, or name a file or folder"
            raise ConfigError([Fault(message=message, file=f"seeds folder {self.located.seeds}")])

    def inputs(self) -> list[Input]:
        """Every source there is to read."""
        limits = self.located.settings.for_source("").limits_set
        found = find_inputs(
            self.paths, ignore=self._kept_files(), unpack_to=self._unpacked(), limits=limits
        )
        inputs = list(found)
        lists = [one for one in inputs if one.name.lower().endswith(OPML)]
        addresses = [*self._listed(lists), *(self.addresses() if self.is_whole else ())]
        return [*inputs, *{one.name: one for one in addresses}.values()]

    def addresses(self, *, is_timed: bool = False) -> list[Address]:
        """The sources on the web that the settings name; `is_timed`: those looked at by time."""
        tables = self.located.settings.source
        names = dict.fromkeys(one.path for one in tables if one.is_address)
        settings = self.located.settings
        found = [Address(name, settings.for_source(name).every, is_timed) for name in names]
        if is_timed and any(one.every and one.path.lower().endswith(OPML) for one in tables):
            files = find_inputs(self.paths, ignore=self._kept_files())
            found += self._listed([one for one in files if one.name.lower().endswith(OPML)], True)
        return [one for one in found if one.every or not is_timed]

    def _listed(self, lists: Iterable[Input], is_timed: bool = False) -> Iterator[Address]:
        """The feeds that lists among the seeds name; a list's `every` is that of its feeds."""
        for one in lists:
            settings = self.located.settings.for_source(one.name)
            with suppress(SourceError):  # told when the list itself is read
                data = one.load("", settings.limits_set).data or b""
                for _, url in syndication.addresses(data)[: settings.limits_set.members]:
                    yield Address(url, settings.every, is_timed)

    def _unpacked(self) -> Path | None:
        """Where archives are unpacked to: beside the database, if it is a file."""
        database = _sqlite_file(self.located.database_url)
        return database.parent / "unpacked" if database and database.parent.exists() else None

    def _kept_files(self) -> list[Path]:
        """Files of ours that may lie among the seeds and are no items."""
        ours = [file for file in (self.located.ledger, self.located.file) if file]
        database = _sqlite_file(self.located.database_url)
        ends = ("", "-wal", "-shm", ".lock") if database else ()
        return ours + [Path(f"{database}{end}") for end in ends]

    def ingest(
        self,
        inputs: Sequence[Input] | None = None,
        **options: Any,
    ) -> Report:
        """Read the seeds with this site's settings, corrections and ledger; options as of `ingest`."""
        options.setdefault("whole", inputs is None and self.is_whole)
        return ingest(
            self.store,
            self.inputs() if inputs is None else inputs,
            settings=self.located.settings,
            corrections=read_corrections(self.located.corrections),
            ledger=self.located.ledger,
            workers=all_cores(),
            **options,
        )

    def lacking(self, publisher: Publisher) -> Iterator[str]:
        """What directories would refuse the site's shows for, a line each with its remedy."""
        shows = [feed for feed in publisher.feeds() if feed.podcast]
        with self.store.snapshot() as snapshot:
            for feed in shows:
                yield from podcasts.lacking(self.site, feed, snapshot.living(feed.path, feed.size))

    def publisher(self, *, is_strict: bool = False) -> Publisher:
        """The documents of this site; changed settings move the revision first.

        `is_strict` publishes none that `check` finds an error in. Raises BrokenTheme.
        """
        presentation = self._presentation()
        self.store.present(presentation.digest(), now_in_utc())
        return Publisher(self.store, presentation, is_strict=is_strict)

    def hidden(self, paths: Iterable[str]) -> frozenset[str]:
        """Those feeds of tags, authors and languages that are not shown, or not yet."""
        with self.store.snapshot() as snapshot:
            shown = {feed.path for feed in self._presentation().feeds(snapshot.feeds())}
        family_of = self.located.settings.family_of
        return frozenset(path for path in paths if family_of(path) in MAY_HIDE) - shown

    def _presentation(self) -> Presentation:
        site = self.site
        theme = formats.theme_digest(site.theme) if site.theme else ""
        version = f"{__version__} {theme}".strip()
        return Presentation(site=site, settings=self.located.settings, version=version)


def _sqlite_file(url: str) -> Path | None:
    """The file of a SQLite database; None for any other, and for one in memory."""
    kind, _, name = url.partition(":///")
    return Path(name.partition("?")[0]) if kind == "sqlite" and name != ":memory:" else None


def open_publisher() -> Publisher:
    """What `create_app()` serves: settings from the environment, an empty store filled once."""
    service = Service.open()
    if service.located.settings.server.ingest_at_start and not _shows_entries(service.store):
        service.ingest()
    return service.publisher(is_strict=service.located.settings.server.strict)


def _shows_entries(store: Store) -> bool:
    # Not whether something was noted: another worker may be filling it at this moment, and
    # then this one waits for its lock instead of serving empty feeds meanwhile.
    with store.snapshot() as snapshot:
        return snapshot.feeds()[0].n_entries > 0
