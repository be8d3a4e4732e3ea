"""What the store takes and gives: its records and its protocol.

Room: store. Everybody above knows the store by these names alone, whatever database is below.
Imports model, nothing else of ours.

What is shown is seen at a revision: a session writes for the next one, a snapshot reads the
last published one, `Session.publish` moves from one to the other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol

from feedsvc.model import (
    Attachment,
    Candidate,
    Dated,
    Entry,
    Family,
    Keys,
    Membership,
    Place,
    Query,
    Refused,
    Tombstone,
    require_utc,
)

NEVER = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)  #: when a draft is due
EXPIRED = "expired"  #: the reason on the tombstone of what was withdrawn in time


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRow:
    """A feed that has been shown, as the newest revision has it."""

    path: str  #: "" is the site's own
    title: str  #: of the section, tag, … as first met; "" for the site's own
    family: Family = Family.SITE
    is_ranked: bool
    n_entries: int
    n_arrived: int = 0  #: entries it ever had; never shrinks
    n_archives: int = 0  #: full archive pages
    changed: datetime  #: when what it holds last changed; whole seconds, always growing


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivePage:
    """What a full archive page holds now."""

    number: int  #: 1 is the oldest
    entries: tuple[Entry, ...]  #: in no order; without those taken back since
    changed: datetime  #: when its document last changed: an entry, or its next-archive


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What decides which feeds an entry stands in."""

    sections: tuple[str, ...] = ()  #: as written
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    language: str | None = None
    day: date  #: of publication
    text: str = ""  #: title, summary and content, a line each


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """How much an archive page of a feed holds."""

    entries: int = 50
    bytes: int = 500_000  #: of title, summary and content


class Selector(Protocol):
    """The settings' word on which feeds there are."""

    @property
    def digest(self) -> str:
        """Changes with what `memberships` would answer."""

    def memberships(self, traits: Traits) -> tuple[Membership, ...]:
        """Every feed that holds such an entry, one a path, without the site's own."""

    def measure(self, path: str) -> Measure | None:
        """How much an archive page of this feed holds; None for a feed without archives."""

    def section_path(self, name: str) -> str:
        """The folder of a section's feed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One entry as a source gives it, with what it is matched by and how it was judged."""

    entry: Entry  #: `section`, `sections` and `also_in` are the store's to fill
    keys: Keys
    shingles: frozenset[int] = frozenset()  #: each 0 … 2**64 - 1
    folded: str = ""
    group: str = ""
    places: tuple[Place, ...]  #: in this source; where it first appears comes first
    candidates: tuple[Candidate, ...] = ()
    title_rule: str = ""
    linked_how: str = ""
    hold_until: datetime | None = None  #: not shown before; NEVER for a draft
    is_expired: bool = False  #: not shown any more: `entry.expires` is past
    attachments: tuple[Attachment, ...] = ()  #: files of the seeds that the entry refers to
    clues: frozenset[int] = frozenset()  #: hashes that likely twins share, each below 2**63
    is_feed: bool = False  #: its source is a feed, that may carry a part of what there is
    is_copy: bool = False  #: lives in another source: adds its places and its keys
    gives_date: bool = False  #: though a copy, it knows better when this was published
    gives_page: bool = False  #: though a copy, it knows a page where the home has none

    def __post_init__(self) -> None:
        require_utc("hold_until", self.hold_until)
        if not self.places:
            raise ValueError(f"{self.entry.id} is kept without a place")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRead:
    """All that one reading of one source gave."""

    name: str
    digest: str
    reader: str = ""
    stamp: str = ""  #: of the file, to tell without reading that it is unchanged
    kept: tuple[Kept, ...] = ()
    refused: tuple[Refused, ...] = ()
    vanished: tuple[str, ...] = ()  #: ids that it lists no longer and that stay

    def __post_init__(self) -> None:
        if len({kept.entry.id for kept in self.kept}) < len(self.kept):
            raise ValueError(f"{self.name}: one id is kept twice")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What is kept of a source when it was last read."""

    name: str
    digest: str
    reader: str
    n_items: int  #: places and refusals together
    stamp: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRow:
    """Who an entry is: live, withheld, removed or only remembered."""

    id: str
    slug: str
    keys: Keys
    shingles: frozenset[int]
    folded: str
    group: str
    source: str  #: where it lives
    published: Dated
    updated: datetime
    fingerprint: str
    is_removed: bool
    appears_in: tuple[str, ...]  #: sources that list it now, sorted; none when only remembered
    source_id: str | None = None
    aliases: frozenset[str] = frozenset()  #: further keys, of its copies
    link: str | None = None  #: absolute, of its home
    n_characters: int = 0  #: of the text at its home
    is_feed: bool = False  #: its home is a feed
    has_media: bool = False  #: at its home
    expires: datetime | None = None  #: as its home says
    is_published: bool = False  #: some revision before this one showed it


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """A line of the ledger: an identity without its content."""

    id: str
    slug: str
    source_id: str | None = None
    keys: Keys
    shingles: frozenset[int] = frozenset()
    folded: str = ""
    group: str = ""
    source: str = ""
    published: Dated
    updated: datetime
    fingerprint: str = ""
    removed: datetime | None = None
    reason: str = ""
    link: str | None = None
    aliases: tuple[str, ...] = ()  #: sorted
    clues: frozenset[int] = frozenset()  #: to find it by; not told, they follow from the rest


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedChanges:
    """What subscribers of one feed would see."""

    path: str
    title: str
    new: int = 0
    changed: int = 0  #: the same id with other content
    gone: int = 0
    redated: int = 0  #: the same id with another `published`
    expired: int = 0  #: of those gone, the ones whose time is over


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """How an entry came to be what it is."""

    entry: Entry
    candidates: tuple[Candidate, ...]
    keys: Keys
    title_rule: str
    linked_how: str
    appearances: tuple[Place, ...]  #: where it is listed now, its home first
    hold_until: datetime | None = None  #: not shown before; NEVER for a draft


class Snapshot(Protocol):
    """One consistent read of the last published revision; no ingest moves it."""

    @property
    def revision(self) -> int: ...

    def feeds(self) -> tuple[FeedRow, ...]:
        """The site's own, then the others as they first appeared; emptied ones stay."""

    def entries(self, path: str, limit: int, after: Entry | None = None) -> tuple[Entry, ...]:
        """The next `limit` entries of a feed in its order, behind the entry `after`."""

    def living(self, path: str, size: int) -> tuple[Entry, ...]:
        """What a feed's living page holds.

        With archives: what is on no full page, and what was corrected since the newest of
        them was full, at most `size` of these. Without: the first `size`. A ranked list: all of it.
        """

    def archive(self, path: str, number: int) -> ArchivePage | None:
        """A full archive page of a feed; None where there is none."""

    def search(self, query: Query) -> tuple[Entry, ...]:
        """The entries that answer a question: the newest first, or the best."""

    def all_entries(self) -> Iterator[Entry]:
        """Every visible entry in the order of the site's feed; memory stays flat."""

    def entry(self, slug: str) -> Entry | None: ...

    def slugs(self) -> Iterator[str]:
        """Of every visible entry, in the order of the site's feed."""

    def changed_of(self, slug: str) -> datetime | None:
        """When what an entry's page shows last changed; None when nothing is visible."""

    def tombstone(self, slug: str) -> Tombstone | None: ...

    def tombstones(self, path: str, limit: int) -> tuple[Tombstone, ...]:
        """What was taken out of a feed, the newest first."""

    def attachment(self, path: str) -> Attachment | None:
        """The file published there, while a visible entry refers to it."""

    def attachments(self) -> Iterator[Attachment]:
        """Every file that a visible entry refers to, sorted by path."""

    def presented(self) -> datetime:
        """When the settings that show in documents last changed."""

    def find(self, words: str, *, is_held: bool = False) -> tuple[Entry, ...]:
        """The entry with this id or slug; else at most 100 that hold every word, newest first.

        `is_held` looks among those withheld instead.

        The only door to searching: a full-text index comes behind it.
        """

    def story(self, id: str) -> Story | None:
        """Of any entry with content, withheld ones too."""

    def refused(self) -> tuple[Refused, ...]: ...

    def appearances(self) -> Iterator[tuple[Entry, tuple[Place, ...]]]:
        """The visible entries listed more than once, with all their places."""


class Session(Protocol):
    """The right to write, held by one process at a time. Nothing shows before `publish`."""

    def together(self) -> AbstractContextManager[None]:
        """One transaction for all that is done within: many small ones cost more."""

    @property
    def is_fresh(self) -> bool:
        """No entry was ever kept or remembered."""

    def source(self, name: str) -> SourceState | None: ...

    def sources(self) -> tuple[SourceState, ...]: ...

    def known(
        self, keys: Iterable[str], clues: Iterable[int] = (), but: Collection[str] = ()
    ) -> tuple[KnownRow, ...]:
        """Every entry with one of these keys, or with one of these as its id; `but` for these ids.

        Those with one of the clues as well, where it is no clue of many.
        """

    def look_alikes(self) -> Iterator[tuple[tuple[KnownRow, ...], tuple[KnownRow, ...]]]:
        """Entries that share a clue: those first met in this session, and the others."""

    def known_in(self, source: str) -> tuple[KnownRow, ...]:
        """Entries that this source listed when last read, or is remembered to have listed."""

    def is_taken(self, id: str) -> bool:
        """Whether an entry has this id, in whatever state."""

    def taken(self, ids: Iterable[str]) -> frozenset[str]:
        """Those of these ids that entries have."""

    def keep(self, read: SourceRead) -> None:
        """Put one reading of a source in place of the one before: one transaction.

        Sections follow from all sources together: a ranked list holds what is listed now, any
        other what it ever held. What was removed stays so. Keeping the same again changes nothing.
        """

    def restamp(self, name: str, stamp: str) -> None:
        """Note that a source was looked at and had not changed."""

    def refuse(self, name: str, refused: Sequence[Refused]) -> None:
        """Quarantine a source as a whole; what was kept of it stays, and is read again."""

    def vacate(self, name: str) -> None:
        """Take off a source's list what lives in another now: its file was renamed or moved."""

    def forget(self, name: str) -> None:
        """Drop what is known of a source that is gone; its entries are not touched."""

    def bury(self, tombstones: Sequence[Tombstone]) -> None:
        """Take entries back for good; ids nobody knows are left alone."""

    def unbury(self, ids: Iterable[str]) -> None:
        """Lift removals; the entries show again once they are kept again."""

    def remember(self, rows: Iterable[Remembered]) -> None:
        """Take identities from the ledger; ids already known are left as they are."""

    def memory(self) -> Iterator[Remembered]:
        """Every identity for the ledger, sorted by id."""

    def release_due(self, now: datetime) -> int:
        """Let entries withheld until `now` join their feeds, and withdraw those that expired.

        How many there were.
        """

    def next_due(self) -> datetime | None:
        """When the next withheld entry is due, or the next one expires; drafts never are."""

    def reselect(self) -> bool:
        """Ask the selector about every entry again, where it answers otherwise than last time."""

    def changes(self) -> tuple[FeedChanges, ...]:
        """What `publish` would show, feed by feed, the site's own first."""

    def recall(self, key: str) -> str | None: ...

    def note(self, key: str, value: str) -> None:
        """Keep a small setting."""

    def publish(self, now: datetime) -> int:
        """Show all that was kept; the revision, which moves only if something differs."""


class Store(Protocol):
    """A database of entries. Safe to share by threads."""

    def snapshot(self) -> AbstractContextManager[Snapshot]: ...

    def revision(self) -> int:
        """Moves whenever anything that is published may read differently. Cheap."""

    def ingesting(
        self, *, dry_run: bool = False, wait_seconds: float = 60
    ) -> AbstractContextManager[Session]:
        """The one session there may be, over all processes; StoreBusy when it is not free.

        A dry run rolls everything back.
        """

    def present(self, digest: str, now: datetime) -> None:
        """Note the settings that show; the revision moves when they are not those kept."""

    def recall(self, key: str) -> str | None:
        """A small setting that a session noted."""

    def close(self) -> None: ...
