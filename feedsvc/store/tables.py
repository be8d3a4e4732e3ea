"""The tables, for SQLite and PostgreSQL alike.

Room: store. The migrations make them; a test holds both descriptions together.

What is shown carries `born` and `gone`, the revisions between which it is visible: at revision
R a row shows iff born <= R and (gone is null or gone > R).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    false,
    or_,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

Number = BigInteger().with_variant(Integer, "sqlite")
#: compared by code point on both engines, as Python does
Name = Text().with_variant(Text(collation="C"), "postgresql")


def microseconds(moment: datetime) -> int:
    """Whole microseconds since 1970."""
    return (moment - _EPOCH) // _MICROSECOND


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime, kept as `microseconds`."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _: Dialect) -> int | None:
        return None if value is None else microseconds(value)

    def process_result_value(self, value: int | None, _: Dialect) -> datetime | None:
        return None if value is None else _EPOCH + value * _MICROSECOND


metadata = MetaData()
given = partial(Column, nullable=False)
part = partial(Column, primary_key=True)  #: of a primary key
count = partial(part, type_=Number, autoincrement=False)

# fmt: off

#: one row: the revision that readers see, and how often the settings that show changed
state = Table(
    "state", metadata, given("revision", Number), given("n_presentations", Number),
    given("presentation", Text), given("presented", Moment),
)

#: when each revision was published; whole seconds, always growing
revisions = Table("revisions", metadata, count("revision"), given("moment", Moment))

#: who an entry is; never deleted, not revisioned
entries = Table(
    "entries", metadata, count("seq"), given("id", Name, unique=True),
    given("slug", Name, unique=True), Column("own_key", Name, index=True),
    Column("link_key", Name, index=True), Column("text_key", Name, index=True),
    given("shingles", LargeBinary), given("folded", Text), given("group", Text),
    given("source", Name),  # where it lives
    Column("source_id", Text), given("dated", Text), given("updated", Moment),
    given("fingerprint", Text), given("explained", Text),
    given("digest", Text),  # of all of the above
    Column("hold_until", Moment), given("is_removed", Boolean),
    Column("remembered_in", Name),  # the ledger's source, until it is kept
    # Of the home, to tell whether another source says more:
    Column("link", Text), Column("n_characters", Number, nullable=False, server_default="0"),
    Column("is_feed", Boolean, nullable=False, server_default=false()),
    Column("has_media", Boolean, nullable=False, server_default=false()),
    Column("expires", Moment),
    Column("is_expired", Boolean, nullable=False, server_default=false()),  # when last read
)

#: further keys of entries: of their copies in other sources, and of former homes
aliases = Table(
    "aliases", metadata, part("key", Name),
    part("seq", Number, ForeignKey("entries.seq"), index=True),
    sqlite_with_rowid=False,
)

#: hashes that likely twins have in common, whatever their keys; never taken back
clues = Table(
    "clues", metadata, count("clue"), part("seq", Number, ForeignKey("entries.seq")),
    sqlite_with_rowid=False,
)

#: what an entry shows
versions = Table(
    "versions", metadata, part("seq", Number, ForeignKey("entries.seq")), part("born", Number),
    Column("gone", Number),
    given("since", Number),  # the revision that brought what subscribers see
    given("digest", Text),  # of what subscribers see
    given("standing", Text),  # digest of lines and ranks, which are no news
    given("is_held", Boolean),
    given("published", Number),  # seconds since 1970
    given("place", Number), given("title", Text), given("summary", Text),
    given("content_html", Text), given("content_text", Text), given("updated", Moment),
    given("fingerprint", Text), given("dated", Text),
    given("more", Text),  # JSON of whatever else an entry has
    Column("section", Text), given("sections", Text), given("source", Text), Column("line", Number),
    given("also_in", Text),
    Column("expires", Moment),
    Column("memberships", Text, nullable=False, server_default="[]"),  # JSON, as codec has it
    # UTF-8 of title, summary and content:
    Column("n_bytes", Number, nullable=False, server_default="0"),
)

#: which entries a feed holds, in its order, clustered: the first fifty cost what fifty cost.
#: (sort, place, id) is Entry.order; in ranked lists sort is the rank, below every date.
memberships = Table(
    "memberships", metadata, part("path", Name), count("sort"), count("place"), part("id", Name),
    given("seq", Number, ForeignKey("entries.seq")), given("born", Number), Column("gone", Number),
    sqlite_with_rowid=False,
)

#: where the sources list an entry, or (not is_present) listed it
appearances = Table(
    "appearances", metadata, part("source", Name),
    part("seq", Number, ForeignKey("entries.seq"), index=True), count("ordinal"),
    Column("line", Number), Column("section", Text), Column("rank", Number),
    given("is_present", Boolean),
    sqlite_with_rowid=False,
)

feeds = Table(
    "feeds", metadata, part("path", Name), given("title", Text), given("is_ranked", Boolean),
    given("n_entries", Number), given("changed", Moment),
    given("position", Number, index=True),  # counts first appearances
    Column("family", Text, nullable=False, server_default="sections"),
    Column("n_arrived", Number, nullable=False, server_default="0"),
    Column("n_archives", Number, nullable=False, server_default="0"),
    Column("archived_to", Number, nullable=False, server_default="0"),  # arrival number
    # Of those that arrived later, which are on no full page:
    Column("n_open", Number, nullable=False, server_default="0"),
    Column("open_bytes", Number, nullable=False, server_default="0"),
)

#: which entries came to a feed, in the order they came. As readers see it now: like all of
#: history below it is written when a revision is published, and not before
arrivals = Table(
    "arrivals", metadata, part("path", Name), count("number"),
    given("seq", Number, ForeignKey("entries.seq")), given("n_bytes", Number),
    Index("ix_arrivals_seq", "seq", "path", unique=True),
    sqlite_with_rowid=False,
)

#: members of the revision being published on their way to `arrivals`; empty at other times
arriving = Table(
    "arriving", metadata, given("path", Name), given("published", Number), given("place", Number),
    given("id", Name), given("seq", Number), given("n_bytes", Number),
)

#: full pages: the arrivals behind those of the page before, up to `last`; for good
archives = Table(
    "archives", metadata, part("path", Name), count("number"), given("last", Number),
    given("changed", Moment),
    Index("ix_archives_last", "path", "last", unique=True),
    sqlite_with_rowid=False,
)

#: arrivals corrected at a revision, for which the living page shows them again
returned = Table(
    "returned", metadata, part("path", Name), count("number"), given("revision", Number),
    Index("ix_returned_newest", "path", "revision", "number"),
    sqlite_with_rowid=False,
)

#: one row for each feed that held the entry
tombstones = Table(
    "tombstones", metadata, part("id", Name), part("path", Name), count("born"),
    Column("gone", Number), given("slug", Name, index=True), given("removed", Moment),
    given("reason", Text),
    Index("ix_tombstones_newest", "path", "removed"),
    Index("ix_tombstones_born", "born"),
)

#: entries with versions of the next revision
pending = Table("pending", metadata, count("seq"))

sources = Table(
    "sources", metadata, part("name", Name), given("digest", Text), given("reader", Text),
    given("n_items", Number),
    Column("stamp", Text, nullable=False, server_default=""),  # of the file, as the reader told it
)

quarantine = Table(
    "quarantine", metadata, part("source", Name), count("ordinal"), Column("line", Number),
    given("reason", Text), given("remedy", Text), given("words", Text),
)

#: files of the seeds that entries refer to
attachments = Table(
    "attachments", metadata, part("path", Name), given("file", Text), given("media_type", Text),
    given("size_bytes", Number), given("stamp", Text),
)

#: which version of an entry refers to which of them; goes with the version
uses = Table(
    "uses", metadata, count("seq"), count("born"), part("path", Name, index=True),
    ForeignKeyConstraint(["seq", "born"], ["versions.seq", "versions.born"], ondelete="CASCADE"),
    sqlite_with_rowid=False,
)

notes = Table("notes", metadata, part("key", Name), given("value", Text))
# fmt: on


def _index_where_set(column: Column[object]) -> Index:
    """An index of the few rows that have a value in this column."""
    is_set = column.is_not(None)
    name = f"ix_{column.table.name}_{column.name}"
    return Index(name, column, sqlite_where=is_set, postgresql_where=is_set)


for _column in (
    entries.c.hold_until,
    entries.c.expires,
    entries.c.remembered_in,
    versions.c.gone,
    memberships.c.gone,
    tombstones.c.gone,
):
    _index_where_set(_column)


def visible(table: Table, revision: int | ColumnElement[int]) -> ColumnElement[bool]:
    """Whether a row of a revisioned table shows at a revision."""
    born, gone = table.c.born, table.c.gone
    return (born <= revision) & or_(gone.is_(None), gone > revision)
