"""The nouns: every value that travels between rooms.

Frozen, slotted, keyword-only, refusing nonsense at birth. Collections are tuples,
absence is None. Nothing here reads a clock, a file or a database.
Imports nothing of ours; imported by everyone.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from enum import IntEnum, StrEnum
from typing import Self

EMPTY_FEED_UPDATED = datetime(2000, 1, 1, tzinfo=UTC)  #: what a feed without entries says


def require_utc(name: str, moment: datetime | None) -> None:
    """Raise ValueError unless `moment` is None or aware and in UTC."""
    if moment is not None and moment.utcoffset() != timedelta(0):
        raise ValueError(f"{name} is not in UTC: {moment!r}")


class Markup(StrEnum):
    """How the body of a raw item is written."""

    TEXT = "text"  #: paragraphs are separated by line feeds
    HTML = "html"
    MARKDOWN = "markdown"


class How(IntEnum):
    """How a date became known, weakest first."""

    SEEN = 0
    CAPTURED = 1
    INHERITED = 2
    DERIVED = 3
    STATED = 4
    CORRECTED = 5

    @property
    def is_claim(self) -> bool:
        """Whether the date says when the item was published, not merely a bound on it."""
        return self >= How.INHERITED

    @property
    def word(self) -> str:
        return self.name.lower()

    @classmethod
    def of(cls, word: str) -> Self:
        return cls[word.upper()]


class Precision(StrEnum):
    """The smallest unit the evidence gives."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"


class Origin(StrEnum):
    """Where in its container a date expression stood (the rungs of the ladder a reader can see)."""

    FIELD = "field"  #: the item's own metadata
    META = "meta"  #: metadata of the page that is the item
    TIME = "time"  #: a <time> element
    LABEL = "label"  #: behind a label such as "Published"
    LINE = "line"  #: a line that is only a date
    FILE_NAME = "file name"
    HEADING = "heading"  #: of the page or section, shared with its neighbours


class DateRole(StrEnum):
    """What a reader believes a date expression stands for."""

    PUBLISHED = "published"
    UPDATED = "updated"
    CAPTURED = "captured"
    EXPIRES = "expires"  #: when it is to be withdrawn


class Order(StrEnum):
    """In which direction time runs down a source."""

    NEWEST_FIRST = "newest-first"
    OLDEST_FIRST = "oldest-first"


@dataclass(frozen=True, slots=True, kw_only=True)
class RawDate:
    """A date expression as found, unjudged."""

    words: str
    role: DateRole = DateRole.PUBLISHED
    origin: Origin = Origin.FIELD
    name: str = ""  #: of the field, label or meta it stood in, for `explain`


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is too much of a source; beyond it a person is told, and neighbours go on."""

    file_bytes: int = 20_000_000
    line_characters: int = 1_000_000
    items: int = 100_000  #: a file
    dump_items: int = 10_000  #: a text dump: its lines and items are judged together
    searched_characters: int = 100_000  #: of one text, for days
    depth: int = 100  #: of JSON, and of mappings in a header
    attributes: int = 1_000  #: of one element
    members: int = 1_000  #: of an archive
    unpacked_bytes: int = 100_000_000  #: of an archive
    ratio: int = 100  #: unpacked to packed
    seconds: int = 20  #: for one answer from the network


NO_LIMITS_SET = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A picture, audio, video or file that belongs to an item."""

    url: str
    media_type: str | None = None
    size_bytes: int | None = None
    title: str | None = None
    is_image: bool = False  #: shown as the item's picture rather than as an attachment
    duration_seconds: int | None = None
    credit: str | None = None  #: who made it

    def __post_init__(self) -> None:
        if self.size_bytes is not None and self.size_bytes < 0:
            raise ValueError(f"negative size: {self.size_bytes}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that a seed brings along, published as it is."""

    path: str  #: where it is published: "/media/<hash>/<name>"
    file: str  #: where its bytes are, on this machine
    media_type: str
    size_bytes: int
    stamp: str  #: of the file when its bytes were hashed


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """Where a part of a recording begins."""

    start_ms: int
    title: str
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """What an item says of itself as a part of a show."""

    number: int | None = None
    season: int | None = None
    kind: str | None = None  #: "full", "trailer" or "bonus"
    is_explicit: bool | None = None
    chapters: tuple[Chapter, ...] = ()
    transcripts: tuple[Media, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFeed:
    """The feed an item was taken over from (RFC 4287 §4.2.11, RSS 2.0 <source>)."""

    title: str | None = None
    url: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """A person or organisation."""

    name: str
    email: str | None = None
    url: str | None = None

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ValueError("an author without a name")


@dataclass(frozen=True, slots=True, kw_only=True)
class RawItem:
    """What a source says of one item, unjudged."""

    source: str  #: the source's name: its path below the seeds folder, with slashes
    position: int  #: 0-based place among the items of its source
    line: int | None = None  #: 1-based line where it starts
    group: str = ""  #: the run of items it belongs to, named by label or kind
    title: str | None = None
    body: str = ""
    summary: str | None = None  #: plain text, where the source gives one of its own
    markup: Markup = Markup.TEXT
    dates: tuple[RawDate, ...] = ()
    link: str | None = None
    guid: str | None = None
    section: str | None = None
    rank: int | None = None  #: 1-based place in a ranked list; None outside one
    tags: tuple[str, ...] = ()
    authors: tuple[Author, ...] = ()
    media: tuple[Media, ...] = ()
    language: str | None = None
    is_draft: bool = False
    slug: str | None = None  #: of its page on an existing site
    fields: tuple[tuple[str, str], ...] = ()  #: what else it says, for templates of addresses
    episode: Episode | None = None
    source_feed: SourceFeed | None = None

    def __post_init__(self) -> None:
        if not (self.title or self.body or self.summary or self.link or self.media):
            raise ValueError(f"{self.source}:{self.line}: an item with nothing in it")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """An item that cannot be an entry: quarantined with its reason, never dropped."""

    source: str
    reason: str
    line: int | None = None
    remedy: str = ""
    words: str = ""  #: the beginning of what was refused, at most 200 characters

    def __str__(self) -> str:
        where = self.source if self.line is None else f"{self.source}:{self.line}"
        return f"{where}: {self.reason}" + (f"; {self.remedy}" if self.remedy else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """Lines that are part of no item: menus, buttons, notices. Counted, never published."""

    source: str
    n_lines: int
    lines: tuple[int, ...] = ()  #: 1-based, the first hundred of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """An instant and how we came to know it."""

    instant: datetime  #: aware, UTC, whole seconds
    how: How
    precision: Precision = Precision.SECOND
    offset_minutes: int = 0  #: east of UTC, as written; people see the day there
    confidence: float = 1.0  #: 0..1
    evidence: str = ""  #: the very words; empty when there were none
    rule: str = ""  #: the rule that spoke

    def __post_init__(self) -> None:
        require_utc("instant", self.instant)
        if self.instant.microsecond:
            raise ValueError(f"a fraction of a second: {self.instant!r}")
        if not 0 <= self.confidence <= 1:
            raise ValueError(f"confidence out of range: {self.confidence}")

    @property
    def local(self) -> datetime:
        """The instant at the offset it was written in."""
        return self.instant.astimezone(timezone(timedelta(minutes=self.offset_minutes)))

    @property
    def day(self) -> date:
        return self.local.date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One thing that could have dated an item, kept for `explain` whether it won or not."""

    rule: str
    evidence: str
    day: str  #: ISO day, or the month or year it bounds; empty when unreadable
    how: How
    confidence: float
    verdict: str  #: "chosen", or why not: "an event to come: an upper bound only", …


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """What an item is matched by, strongest first; each a short opaque string or None."""

    own: str | None = None  #: its own id
    link: str | None = None  #: its canonical address
    text: str | None = None  #: its folded title and first 200 characters

    def present(self) -> tuple[str, ...]:
        return tuple(key for key in (self.own, self.link, self.text) if key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What we conclude about one raw item before we know who it is: an Entry without an id."""

    item: RawItem
    title: str
    title_is_derived: bool
    title_rule: str  #: "given", "first heading", "first sentence", …
    summary: str  #: plain text, may be empty
    content_html: str  #: sanitised, may be empty
    content_text: str  #: the same as plain text, may be empty
    published: Dated
    updated: datetime | None  #: only where the source states it
    expires: datetime | None = None  #: only where the source states it
    candidates: tuple[Candidate, ...]
    link: str | None  #: absolute, or None
    tags: tuple[str, ...] = ()
    authors: tuple[Author, ...] = ()
    media: tuple[Media, ...] = ()
    language: str | None = None
    episode: Episode | None = None
    attachments: tuple[Attachment, ...] = ()  #: files of the seeds that it refers to
    missing: tuple[str, ...] = ()  #: relative references to files that are not there
    lacking: tuple[str, ...] = ()  #: fields that a template of the settings names and it has not
    place: int = 0  #: counted from the oldest end of its source
    keys: Keys = Keys()
    shingles: frozenset[int] = frozenset()  #: hashes of its word triples
    clues: frozenset[int] = frozenset()  #: hashes that it likely shares with its twins
    folded: str = ""  #: the beginning of its folded text, for comparing short ones
    fingerprint: str = ""  #: of title, content, link and media


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """An entry's membership in a section."""

    section: str  #: as written
    slug: str
    rank: int | None = None  #: 1-based in a ranked list


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an entry stands in the sources."""

    source: str
    line: int | None = None
    section: str | None = None
    rank: int | None = None


class Family(StrEnum):
    """What holds the entries of a feed together."""

    SITE = "site"
    SECTIONS = "sections"
    TAGS = "tags"
    AUTHORS = "authors"
    LANGUAGES = "languages"
    NAMED = "named"  #: by a selection in the settings
    SEARCH = "search"  #: by a question; not kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A feed that an entry stands in."""

    path: str  #: the feed's
    family: Family
    name: str  #: of the section, tag, author, … as first met; of a named feed its title


@dataclass(frozen=True, slots=True, weakref_slot=True, kw_only=True)
class Entry:
    """What we conclude and publish: one dated item with a permanent id."""

    id: str
    slug: str
    title: str
    published: Dated
    updated: datetime
    title_is_derived: bool = False
    summary: str = ""
    content_html: str = ""
    content_text: str = ""
    link: str | None = None  #: its page elsewhere; None when ours is its page
    source_id: str | None = None  #: the source's own id, verbatim
    section: str | None = None  #: at its first appearance
    sections: tuple[Listing, ...] = ()
    tags: tuple[str, ...] = ()
    authors: tuple[Author, ...] = ()
    media: tuple[Media, ...] = ()
    language: str | None = None
    source: str = ""
    line: int | None = None
    also_in: tuple[Place, ...] = ()  #: its other appearances
    place: int = 0
    fingerprint: str = ""
    episode: Episode | None = None
    source_feed: SourceFeed | None = None
    attachments: tuple[str, ...] = ()  #: paths of the files of the seeds that it refers to
    feeds: tuple[Membership, ...] = ()  #: that it stands in, without the site's own
    expires: datetime | None = None  #: aware, UTC: withdrawn from then on

    def __post_init__(self) -> None:
        require_utc("updated", self.updated)
        require_utc("expires", self.expires)
        if not self.id or not self.title.strip():
            raise ValueError(f"an entry needs an id and a title: {self.id!r} {self.title!r}")

    @property
    def order(self) -> tuple[int, int, str]:
        """Sorts ascending to: newest first, then place from the top, then id."""
        return (-int(self.published.instant.timestamp()), -self.place, self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """An id that was published and taken back (RFC 6721)."""

    id: str
    slug: str
    removed: datetime  #: aware, UTC
    reason: str = ""

    def __post_init__(self) -> None:
        require_utc("removed", self.removed)


class Content(StrEnum):
    """How much of an entry its feed carries."""

    FULL = "full"
    SUMMARY = "summary"
    BOTH = "both"


class Kind(StrEnum):
    """What a feed document promises about history (RFC 5005)."""

    LIVING = "living"
    ARCHIVED = "archived"
    COMPLETE = "complete"  #: the whole list, in its own order


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What documents need to know of the settings, and nothing else."""

    id: str  #: names the site in feed ids; never shown
    title: str
    base_url: str  #: absolute http(s), no trailing slash; may have a path
    description: str = ""
    language: str = "en"  #: BCP 47
    author: Author | None = None
    publish_weak_dates: bool = True
    publish_derived_titles: bool = True
    ttl_minutes: int = 15  #: ttl, sy:updatePeriod and max-age come from it
    copyright: str = ""  #: plain text (RFC 4287 §4.2.10)
    license: str | None = None  #: absolute address (RFC 4946)
    image: str | None = None  #: absolute address of a picture that stands for the site
    icon: str | None = None  #: absolute address of a small square picture
    theme: str | None = None  #: folder of templates and assets laid over ours
    has_search: bool = False  #: a server answers there: pages have a search box


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """What is asked of an entry: any value of a key will do, and every key given must."""

    sections: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()  #: BCP 47; "pt" covers "pt-BR"
    words: tuple[str, ...] = ()  #: words or phrases of title, summary or text

    def __bool__(self) -> bool:
        return any((self.sections, self.tags, self.authors, self.languages, self.words))


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which entries a feed holds; all empty = everything."""

    include: Criteria = Criteria()
    exclude: Criteria = Criteria()
    since: date | None = None  #: published on this day or later


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question to the search, in its canonical form."""

    words: str = ""
    sections: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()  #: words or phrases that must not stand there
    since: date | None = None
    limit: int = 50
    content: Content | None = None  #: None as the site has it
    is_ranked: bool = False  #: the best first instead of the newest


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An address with its words."""

    url: str
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Podcast:
    """What marks a feed as a show (Apple's and PSP-1's elements, Podcasting 2.0)."""

    guid: str  #: podcast:guid, assigned once for life
    categories: tuple[tuple[str, ...], ...]  #: each a category, or a category and a part of it
    image: str  #: absolute address of square artwork, 1400 to 3000 pixels
    is_explicit: bool = False
    author: str | None = None
    owner: Author | None = None  #: with a mail address
    kind: str = "episodic"  #: or "serial"
    medium: str = "podcast"
    locked: bool | None = None
    funding: tuple[Link, ...] = ()
    persons: tuple[Author, ...] = ()
    new_feed_url: str | None = None  #: where the show has moved to
    is_finished: bool = False  #: no episode will follow


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A selection of entries with an address. `path` is its folder: "" for the site's own."""

    path: str  #: "" or "sections/most-popular": no slash at either end
    title: str  #: as subscribers see it where it stands alone, without the site's
    family: Family = Family.SITE
    name: str = ""  #: of the section, tag, author or language that it holds
    description: str = ""
    language: str | None = None  #: where it is not the site's
    author: Author | None = None  #: where it is not the site's
    image: str | None = None  #: where it is not the site's
    size: int = 50  #: entries on an archive page; the living page has up to twice as many
    max_bytes: int = 500_000  #: of content on one page
    content: Content = Content.BOTH
    is_ranked: bool = False  #: the whole list, in its own order
    age_days: int | None = None  #: counted back from its newest entry
    also_at: tuple[str, ...] = ()  #: further absolute paths with the same bytes
    podcast: Podcast | None = None
    n_entries: int = 0  #: how many the store holds for it
    n_archives: int = 0  #: full archive pages


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One feed document without a format."""

    site: Site
    feed: Feed
    entries: tuple[Entry, ...]
    updated: datetime
    kind: Kind = Kind.LIVING
    tombstones: tuple[Tombstone, ...] = ()
    number: int | None = None  #: of an archive page; None is the living page
    older: int | None = None  #: the archive page before this one in time (RFC 5005 prev-archive)
    newer: int | None = None  #: the archive page after this one in time (next-archive)
    query: Query | None = None  #: of a search
    feeds: tuple[Feed, ...] = ()  #: of the site, for getting from one to another


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One entry's own page, without a format."""

    site: Site
    entry: Entry
    feeds: tuple[Feed, ...] = ()  #: that it stands in, the site's own first


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """The list of the site's feeds, without a format."""

    site: Site
    feeds: tuple[Feed, ...]
    updated: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteMap:
    """The pages of the site for people, for search engines."""

    site: Site
    pages: tuple[tuple[str, datetime | None], ...]  #: (absolute path, when it last changed)
    number: int | None = None  #: of a part; None is the whole map, or the index of its parts
    n_parts: int = 0  #: of which this is the index


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Bytes at a path: what is sent and what is written.

    `etag` is the opaque part of the strong tag of the unencoded body (no quotes).
    `variants` keeps the encoded bodies once somebody asked for them; delivery fills it.
    """

    path: str  #: absolute, starts with a slash; URL path below the mount and file path alike
    body: bytes
    media_type: str
    modified: datetime  #: when the content last changed in the store
    navigable_as: str | None = None  #: the media type a browser navigation gets instead
    links: tuple[tuple[str, str, str], ...] = ()  #: (url, rel, type) for the Link header
    max_age: int = 900  #: seconds
    is_active: bool = False  #: an HTML page: gets the page's content security policy
    etag: str = ""
    variants: dict[str, bytes] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        require_utc("modified", self.modified)
        if not self.path.startswith("/"):
            raise ValueError(f"not an absolute path: {self.path!r}")
        if not self.etag:
            object.__setattr__(self, "etag", hashlib.sha256(self.body).hexdigest()[:24])


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What goes on the wire, framework-free."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
