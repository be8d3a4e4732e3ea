"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.BigInteger
TEXT = sa.Text
FEED_BEFORE_ANY_ENTRY = 946_684_800_000_000  # 2000-01-01, in microseconds


def upgrade() -> None:
    who_entries_are()
    what_shows()
    what_was_read()
    first_rows()


def who_entries_are() -> None:
    op.create_table(
        "entries",
        given("seq", NUMBER, primary_key=True, autoincrement=False),
        given("id", NAME, unique=True),
        given("slug", NAME, unique=True),
        sa.Column("own_key", NAME, index=True),
        sa.Column("link_key", NAME, index=True),
        sa.Column("text_key", NAME, index=True),
        given("shingles", sa.LargeBinary),
        given("folded", TEXT),
        given("group", TEXT),
        given("source", NAME),
        sa.Column("source_id", TEXT),
        given("dated", TEXT),
        given("updated", MOMENT),
        given("fingerprint", TEXT),
        given("explained", TEXT),
        given("digest", TEXT),
        sa.Column("hold_until", MOMENT),
        given("is_removed", sa.Boolean),
        sa.Column("remembered_in", NAME),
    )
    index_where_set("entries", "hold_until")
    index_where_set("entries", "remembered_in")


def what_shows() -> None:
    op.create_table(
        "state",
        given("revision", NUMBER),
        given("n_presentations", NUMBER),
        given("presentation", TEXT),
        given("presented", MOMENT),
    )
    op.create_table(
        "revisions",
        given("revision", NUMBER, primary_key=True, autoincrement=False),
        given("moment", MOMENT),
    )
    op.create_table(
        "versions",
        given("seq", NUMBER, sa.ForeignKey("entries.seq"), primary_key=True),
        given("born", NUMBER, primary_key=True),
        sa.Column("gone", NUMBER),
        given("since", NUMBER),
        given("digest", TEXT),
        given("standing", TEXT),
        given("is_held", sa.Boolean),
        given("published", NUMBER),
        given("place", NUMBER),
        given("title", TEXT),
        given("summary", TEXT),
        given("content_html", TEXT),
        given("content_text", TEXT),
        given("updated", MOMENT),
        given("fingerprint", TEXT),
        given("dated", TEXT),
        given("more", TEXT),
        sa.Column("section", TEXT),
        given("sections", TEXT),
        given("source", TEXT),
        sa.Column("line", NUMBER),
        given("also_in", TEXT),
    )
    op.create_table(
        "memberships",
        given("path", NAME, primary_key=True),
        given("sort", NUMBER, primary_key=True, autoincrement=False),
        given("place", NUMBER, primary_key=True, autoincrement=False),
        given("id", NAME, primary_key=True),
        given("seq", NUMBER, sa.ForeignKey("entries.seq")),
        given("born", NUMBER),
        sa.Column("gone", NUMBER),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "feeds",
        given("path", NAME, primary_key=True),
        given("title", TEXT),
        given("is_ranked", sa.Boolean),
        given("n_entries", NUMBER),
        given("changed", MOMENT),
        given("position", NUMBER),
    )
    op.create_table(
        "tombstones",
        given("id", NAME, primary_key=True),
        given("path", NAME, primary_key=True),
        given("born", NUMBER, primary_key=True, autoincrement=False),
        sa.Column("gone", NUMBER),
        given("slug", NAME, index=True),
        given("removed", MOMENT),
        given("reason", TEXT),
    )
    op.create_index("ix_tombstones_newest", "tombstones", ["path", "removed"])
    op.create_table("pending", given("seq", NUMBER, primary_key=True, autoincrement=False))
    index_where_set("versions", "gone")
    index_where_set("memberships", "gone")


def what_was_read() -> None:
    op.create_table(
        "appearances",
        given("source", NAME, primary_key=True),
        given("seq", NUMBER, sa.ForeignKey("entries.seq"), primary_key=True, index=True),
        given("ordinal", NUMBER, primary_key=True, autoincrement=False),
        sa.Column("line", NUMBER),
        sa.Column("section", TEXT),
        sa.Column("rank", NUMBER),
        given("is_present", sa.Boolean),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sources",
        given("name", NAME, primary_key=True),
        given("digest", TEXT),
        given("reader", TEXT),
        given("n_items", NUMBER),
    )
    op.create_table(
        "quarantine",
        given("source", NAME, primary_key=True),
        given("ordinal", NUMBER, primary_key=True, autoincrement=False),
        sa.Column("line", NUMBER),
        given("reason", TEXT),
        given("remedy", TEXT),
        given("words", TEXT),
    )
    op.create_table("notes", given("key", NAME, primary_key=True), given("value", TEXT))


def first_rows() -> None:
    """Nothing published yet, and the site's own feed, which is empty."""
    op.execute(f"INSERT INTO state VALUES (0, 0, '', {FEED_BEFORE_ANY_ENTRY})")
    op.execute(f"INSERT INTO feeds VALUES ('', '', false, 0, {FEED_BEFORE_ANY_ENTRY}, 0)")


def given(name: str, *definition: object, **options: object) -> sa.Column[object]:
    """A column that is never null."""
    return sa.Column(name, *definition, nullable=False, **options)  # type: ignore[arg-type]


def index_where_set(table: str, column: str) -> None:
    """An index of the few rows that have a value in this column."""
    is_set = sa.text(f"{column} IS NOT NULL")
    op.create_index(
        f"ix_{table}_{column}", table, [column], sqlite_where=is_set, postgresql_where=is_set
    )
