"""The tables, for SQLite and PostgreSQL alike.

Room: store. The migrations make them; a test holds both descriptions together.

What is shown carries `born` and `gone`, the revisions between which it is visible: at revision
R a row shows iff born <= R and (gone is null or gone > R).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
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

#: one row: the revision that readers see, and how often the settings that show changed
state = Table(
    "state",
    metadata,
    Column("revision", Number, nullable=False),
    Column("n_presentations", Number, nullable=False),
    Column("presentation", Text, nullable=False),
    Column("presented", Moment, nullable=False),
)

#: when each revision was published; whole seconds, always growing
revisions = Table(
    "revisions",
    metadata,
    Column("revision", Number, primary_key=True, autoincrement=False),
    Column("moment", Moment, nullable=False),
)

#: who an entry is; never deleted, not revisioned
entries = Table(
    "entries",
    metadata,
    Column("seq", Number, primary_key=True, autoincrement=False),
    Column("id", Name, nullable=False, unique=True),
    Column("slug", Name, nullable=False, unique=True),
    Column("own_key", Name, index=True),
    Column("link_key", Name, index=True),
    Column("text_key", Name, index=True),
    Column("shingles", LargeBinary, nullable=False),
    Column("folded", Text, nullable=False),
    Column("group", Text, nullable=False),
    Column("source", Name, nullable=False),  # where it lives
    Column("source_id", Text),
    Column("dated", Text, nullable=False),
    Column("updated", Moment, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("explained", Text, nullable=False),
    Column("digest", Text, nullable=False),  # of all of the above
    Column("hold_until", Moment),
    Column("is_removed", Boolean, nullable=False),
    Column("remembered_in", Name),  # the ledger's source, until it is kept
)

#: what an entry shows
versions = Table(
    "versions",
    metadata,
    Column("seq", Number, ForeignKey("entries.seq"), primary_key=True),
    Column("born", Number, primary_key=True),
    Column("gone", Number),
    Column("since", Number, nullable=False),  # the revision that brought what subscribers see
    Column("digest", Text, nullable=False),  # of what subscribers see
    Column("standing", Text, nullable=False),  # digest of lines and ranks, which are no news
    Column("is_held", Boolean, nullable=False),
    Column("published", Number, nullable=False),  # seconds since 1970
    Column("place", Number, nullable=False),
    Column("title", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("content_html", Text, nullable=False),
    Column("content_text", Text, nullable=False),
    Column("updated", Moment, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("dated", Text, nullable=False),
    Column("more", Text, nullable=False),  # JSON of whatever else an entry has
    Column("section", Text),
    Column("sections", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("line", Number),
    Column("also_in", Text, nullable=False),
)

#: which entries a feed holds, in its order, clustered: the first fifty cost what fifty cost.
#: (sort, place, id) is Entry.order; in ranked lists sort is the rank, below every date.
memberships = Table(
    "memberships",
    metadata,
    Column("path", Name, primary_key=True),
    Column("sort", Number, primary_key=True, autoincrement=False),
    Column("place", Number, primary_key=True, autoincrement=False),
    Column("id", Name, primary_key=True),
    Column("seq", Number, ForeignKey("entries.seq"), nullable=False),
    Column("born", Number, nullable=False),
    Column("gone", Number),
    sqlite_with_rowid=False,
)

#: where the sources list an entry, or (not is_present) listed it
appearances = Table(
    "appearances",
    metadata,
    Column("source", Name, primary_key=True),
    Column("seq", Number, ForeignKey("entries.seq"), primary_key=True, index=True),
    Column("ordinal", Number, primary_key=True, autoincrement=False),
    Column("line", Number),
    Column("section", Text),
    Column("rank", Number),
    Column("is_present", Boolean, nullable=False),
    sqlite_with_rowid=False,
)

feeds = Table(
    "feeds",
    metadata,
    Column("path", Name, primary_key=True),
    Column("title", Text, nullable=False),
    Column("is_ranked", Boolean, nullable=False),
    Column("n_entries", Number, nullable=False),
    Column("changed", Moment, nullable=False),
    Column("position", Number, nullable=False),  # counts first appearances
)

#: one row for each feed that held the entry
tombstones = Table(
    "tombstones",
    metadata,
    Column("id", Name, primary_key=True),
    Column("path", Name, primary_key=True),
    Column("born", Number, primary_key=True, autoincrement=False),
    Column("gone", Number),
    Column("slug", Name, nullable=False, index=True),
    Column("removed", Moment, nullable=False),
    Column("reason", Text, nullable=False),
    Index("ix_tombstones_newest", "path", "removed"),
)

#: entries with versions of the next revision
pending = Table("pending", metadata, Column("seq", Number, primary_key=True, autoincrement=False))

sources = Table(
    "sources",
    metadata,
    Column("name", Name, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("reader", Text, nullable=False),
    Column("n_items", Number, nullable=False),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("source", Name, primary_key=True),
    Column("ordinal", Number, primary_key=True, autoincrement=False),
    Column("line", Number),
    Column("reason", Text, nullable=False),
    Column("remedy", Text, nullable=False),
    Column("words", Text, nullable=False),
)

notes = Table(
    "notes",
    metadata,
    Column("key", Name, primary_key=True),
    Column("value", Text, nullable=False),
)


def _index_where_set(column: Column[object]) -> Index:
    """An index of the few rows that have a value in this column."""
    is_set = column.is_not(None)
    name = f"ix_{column.table.name}_{column.name}"
    return Index(name, column, sqlite_where=is_set, postgresql_where=is_set)


for _column in (
    entries.c.hold_until,
    entries.c.remembered_in,
    versions.c.gone,
    memberships.c.gone,
):
    _index_where_set(_column)


def visible(table: Table, revision: int) -> ColumnElement[bool]:
    """Whether a row of a revisioned table shows at a revision."""
    born, gone = table.c.born, table.c.gone
    return (born <= revision) & or_(gone.is_(None), gone > revision)
