"""How the settings show what the store holds: which feeds there are, and what each is like.

Room: presentation. Pure. Imports the kernel and the store's records; called by service, which
makes one, and by publish.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, fields, replace

from feedsvc import addresses
from feedsvc.config import FAMILIES, FeedSettings, Settings
from feedsvc.model import EMPTY_FEED_UPDATED, Author, Content, Family, Feed, Podcast, Site
from feedsvc.podcasts import guid_of
from feedsvc.store import FeedRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Presentation:
    """The settings that show in documents."""

    site: Site
    settings: Settings = field(default_factory=Settings)
    version: str = ""  #: of the program and the theme; a new one may write other bytes

    def digest(self) -> str:
        """Changes with whatever may change a document's bytes."""
        shown = {"site", "family", "feed"}
        values = [repr(getattr(self, f.name)) for f in fields(self) if f.name != "settings"]
        values.append(self.settings.model_dump_json(include=shown))
        return hashlib.sha256("\n".join(values).encode()).hexdigest()[:16]

    def feeds(self, rows: Iterable[FeedRow]) -> tuple[Feed, ...]:
        """The feeds that are shown, the site's own first."""
        known = list(rows)
        n_languages = sum(row.family is Family.LANGUAGES and row.n_arrived > 0 for row in known)
        shown = [
            row
            for row in known
            if self._is_shown(row) and (row.family is not Family.LANGUAGES or n_languages > 1)
        ]
        return tuple(map(self._feed, (*shown, *self._unmet({row.path for row in known}))))

    def _unmet(self, known: Collection[str]) -> Iterator[FeedRow]:
        """Feeds of the settings that no entry stands in yet."""
        for table in self.settings.feed:
            if self.settings.is_named(table) and table.path not in known:
                yield FeedRow(
                    path=table.path,
                    title=table.name,
                    family=Family.NAMED,
                    is_ranked=False,
                    n_entries=0,
                    changed=EMPTY_FEED_UPDATED,
                )

    def is_retired(self, row: FeedRow) -> bool:
        """Whether a feed that readers knew is published no more."""
        if row.family in FAMILIES:
            family = self.settings.family.of(row.family)
            return not family.on and row.n_arrived >= family.min
        return row.family is Family.NAMED and self._table(row.path) is None

    def _is_shown(self, row: FeedRow) -> bool:
        """Counted by all that ever arrived, so that what was shown once stays."""
        if row.family in FAMILIES:
            family = self.settings.family.of(row.family)
            return family.on and (row.n_arrived >= family.min or row.is_ranked)
        return row.family is Family.SITE or self._table(row.path) is not None

    def _table(self, path: str) -> FeedSettings | None:
        return next((table for table in self.settings.feed if table.path == path), None)

    def _feed(self, row: FeedRow) -> Feed:
        table = self._table(row.path) or FeedSettings(path=row.path)
        own = self.settings.site
        return Feed(
            path=row.path,
            title=table.title or self._title(row),
            family=row.family,
            name=row.title,
            description=table.description or "",
            language=table.language or (row.title if row.family is Family.LANGUAGES else None),
            author=_author(table),
            image=table.image,
            size=table.size or own.size,
            max_bytes=table.max_bytes or own.max_bytes,
            content=Content(table.content or own.content),
            is_ranked=row.is_ranked,
            age_days=table.age,
            also_at=table.also_at,
            podcast=self._podcast(table),
            n_entries=row.n_entries,
            n_archives=row.n_archives,
        )

    def _title(self, row: FeedRow) -> str:
        if row.family is Family.SITE:
            return self.site.title
        if row.family in FAMILIES:
            return self.settings.family.of(row.family).title.replace("{name}", row.title)
        return row.title

    def _podcast(self, table: FeedSettings) -> Podcast | None:
        """The show, with a guid that stays when the site moves."""
        if table.podcast is None:
            return None
        address = self.site.id + addresses.feed_path(Feed(path=table.path, title=""), "rss.xml")
        show = table.podcast.podcast(guid_of(address))
        has_mail = self.site.author is not None and self.site.author.email is not None
        return replace(show, owner=self.site.author) if has_mail and show.owner is None else show


def _author(table: FeedSettings) -> Author | None:
    return table.author.author() if table.author else None
