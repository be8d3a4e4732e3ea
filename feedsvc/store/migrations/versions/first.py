"""The first tables."""

from __future__ import annotations

from functools import partial

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.BigInteger
TEXT = sa.Text
SEQ = "entries.seq"
FEED_BEFORE_ANY_ENTRY = 946_684_800_000_000  # 2000-01-01, in microseconds

given = partial(sa.Column, nullable=False)
part = partial(sa.Column, primary_key=True)
count = partial(part, type_=NUMBER, autoincrement=False)
maybe = sa.Column


# fmt: off
def upgrade() -> None:
    op.create_table(
        "state", given("revision", NUMBER), given("n_presentations", NUMBER),
        given("presentation", TEXT), given("presented", MOMENT),
    )
    op.create_table("revisions", count("revision"), given("moment", MOMENT))
    op.create_table(
        "entries", count("seq"), given("id", NAME, unique=True), given("slug", NAME, unique=True),
        maybe("own_key", NAME, index=True), maybe("link_key", NAME, index=True),
        maybe("text_key", NAME, index=True), given("shingles", sa.LargeBinary),
        given("folded", TEXT), given("group", TEXT), given("source", NAME),
        maybe("source_id", TEXT), given("dated", TEXT), given("updated", MOMENT),
        given("fingerprint", TEXT), given("explained", TEXT), given("digest", TEXT),
        maybe("hold_until", MOMENT), given("is_removed", sa.Boolean), maybe("remembered_in", NAME),
    )
    op.create_table(
        "versions", part("seq", NUMBER, sa.ForeignKey(SEQ)), part("born", NUMBER),
        maybe("gone", NUMBER), given("since", NUMBER), given("digest", TEXT),
        given("standing", TEXT), given("is_held", sa.Boolean), given("published", NUMBER),
        given("place", NUMBER), given("title", TEXT), given("summary", TEXT),
        given("content_html", TEXT), given("content_text", TEXT), given("updated", MOMENT),
        given("fingerprint", TEXT), given("dated", TEXT), given("more", TEXT),
        maybe("section", TEXT), given("sections", TEXT), given("source", TEXT),
        maybe("line", NUMBER), given("also_in", TEXT),
    )
    op.create_table(
        "memberships", part("path", NAME), count("sort"), count("place"), part("id", NAME),
        given("seq", NUMBER, sa.ForeignKey(SEQ)), given("born", NUMBER), maybe("gone", NUMBER),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "appearances", part("source", NAME), part("seq", NUMBER, sa.ForeignKey(SEQ), index=True),
        count("ordinal"), maybe("line", NUMBER), maybe("section", TEXT), maybe("rank", NUMBER),
        given("is_present", sa.Boolean),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "feeds", part("path", NAME), given("title", TEXT), given("is_ranked", sa.Boolean),
        given("n_entries", NUMBER), given("changed", MOMENT), given("position", NUMBER),
    )
    op.create_table(
        "tombstones", part("id", NAME), part("path", NAME), count("born"), maybe("gone", NUMBER),
        given("slug", NAME, index=True), given("removed", MOMENT), given("reason", TEXT),
    )
    op.create_index("ix_tombstones_newest", "tombstones", ["path", "removed"])
    op.create_table("pending", count("seq"))
    op.create_table(
        "sources", part("name", NAME), given("digest", TEXT), given("reader", TEXT),
        given("n_items", NUMBER),
    )
    op.create_table(
        "quarantine", part("source", NAME), count("ordinal"), maybe("line", NUMBER),
        given("reason", TEXT), given("remedy", TEXT), given("words", TEXT),
    )
    op.create_table("notes", part("key", NAME), given("value", TEXT))
    index_where_set("entries", "hold_until")
    index_where_set("entries", "remembered_in")
    index_where_set("versions", "gone")
    index_where_set("memberships", "gone")
    # Nothing published yet, and the site's own feed, which is empty.
    op.execute(f"INSERT INTO state VALUES (0, 0, '', {FEED_BEFORE_ANY_ENTRY})")
    op.execute(f"INSERT INTO feeds VALUES ('', '', false, 0, {FEED_BEFORE_ANY_ENTRY}, 0)")
# fmt: on


def index_where_set(table: str, column: str) -> None:
    """An index of the few rows that have a value in this column."""
    is_set = sa.text(f"{column} IS NOT NULL")
    op.create_index(
        f"ix_{table}_{column}", table, [column], sqlite_where=is_set, postgresql_where=is_set
    )
