"""Which feeds an entry stands in, in which order it came to them, and their full pages.

What was kept before stood in sections alone, and came to each of them by date.
"""

from __future__ import annotations

import json
from itertools import count
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
COUNTS = ("n_arrived", "n_archives", "archived_to", "n_open", "open_bytes")
RUN = 1000

#: of what readers see; "" is the site's own feed
ARRIVED = """
    INSERT INTO arrivals (path, number, seq, n_bytes)
    SELECT m.path, row_number() OVER (
        PARTITION BY m.path ORDER BY v.published, v.place, m.id DESC
    ), m.seq, v.n_bytes
    FROM state s, memberships m JOIN versions v ON v.seq = m.seq
    WHERE m.born <= s.revision AND (m.gone IS NULL OR m.gone > s.revision)
    AND v.born <= s.revision AND (v.gone IS NULL OR v.gone > s.revision)
"""
COUNTED = """
    UPDATE feeds SET (n_arrived, n_open, open_bytes) = (
        SELECT count(*), count(*), coalesce(sum(n_bytes), 0)
        FROM arrivals WHERE arrivals.path = feeds.path
    )
"""
SIZES = {
    "sqlite": "length(CAST(title || summary || content_html AS BLOB))",
    "postgresql": "octet_length(title || summary || content_html)",
}


# fmt: off
def upgrade() -> None:
    for name in ("entries", "versions"):
        op.add_column(name, sa.Column("expires", sa.BigInteger))
    op.add_column(
        "entries", sa.Column("is_expired", sa.Boolean, nullable=False, server_default=sa.false())
    )
    op.add_column(
        "versions", sa.Column("memberships", sa.Text, nullable=False, server_default="[]")
    )
    op.add_column("versions", _counter("n_bytes"))
    op.add_column("feeds", sa.Column("family", sa.Text, nullable=False, server_default="sections"))
    for name in COUNTS:
        op.add_column("feeds", _counter(name))
    op.create_index("ix_feeds_position", "feeds", ["position"])
    op.create_index("ix_tombstones_born", "tombstones", ["born"])
    _index_where_set("tombstones", "gone")
    _index_where_set("entries", "expires")
    op.create_table(
        "arrivals", _part("path", NAME), _part("number", NUMBER),
        sa.Column("seq", NUMBER, sa.ForeignKey("entries.seq"), nullable=False),
        sa.Column("n_bytes", NUMBER, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "arriving",
        *(sa.Column(name, NAME, nullable=False) for name in ("path", "id")),
        *(sa.Column(n, NUMBER, nullable=False) for n in ("published", "place", "seq", "n_bytes")),
    )
    op.create_table(
        "archives", _part("path", NAME), _part("number", NUMBER),
        sa.Column("last", NUMBER, nullable=False),
        sa.Column("changed", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "returned", _part("path", NAME), _part("number", NUMBER),
        sa.Column("revision", NUMBER, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_archives_last", "archives", ["path", "last"], unique=True)
    op.create_index("ix_returned_newest", "returned", ["path", "revision", "number"])
    _fill(op.get_bind())
    op.create_index("ix_arrivals_seq", "arrivals", ["seq", "path"], unique=True)
# fmt: on


def _index_where_set(table: str, column: str) -> None:
    is_set = sa.text(f"{column} IS NOT NULL")
    name = f"ix_{table}_{column}"
    op.create_index(name, table, [column], sqlite_where=is_set, postgresql_where=is_set)


def _counter(name: str) -> sa.Column[Any]:
    return sa.Column(name, NUMBER, nullable=False, server_default="0")


def _part(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, primary_key=True, autoincrement=False)


def _fill(db: sa.Connection) -> None:
    """What the new columns and tables say of what is kept."""
    db.execute(sa.text("UPDATE feeds SET family = 'site' WHERE path = ''"))
    db.execute(sa.text(f"UPDATE versions SET n_bytes = {SIZES[db.dialect.name]}"))
    for start in count(0, RUN):
        rows = _rows(db, start)
        if rows is None:
            break
        if rows:
            db.execute(
                sa.text(
                    "UPDATE versions SET memberships = :stood WHERE seq = :seq AND born = :born"
                ),
                rows,
            )
    db.execute(sa.text(ARRIVED))
    db.execute(sa.text(COUNTED))


def _rows(db: sa.Connection, start: int) -> list[dict[str, Any]] | None:
    """A run of versions that stand in sections, with how; None behind the last."""
    window = {"start": start, "end": start + RUN}
    last = db.scalar(sa.text("SELECT max(seq) FROM entries"))
    found = db.execute(
        sa.text("SELECT seq, born, sections FROM versions WHERE seq > :start AND seq <= :end"),
        window,
    )
    rows = [
        {"seq": row.seq, "born": row.born, "stood": _stood(json.loads(row.sections))}
        for row in found
        if row.sections != "[]"
    ]
    return None if last is None or start >= last else rows


def _stood(listings: list[dict[str, Any]]) -> str:
    """Sections as memberships: path, family, name, and the rank in a ranked list."""
    rows = [
        [f"sections/{one['slug']}", "sections", one["section"]]
        + ([one["rank"]] if "rank" in one else [])
        for one in listings
    ]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
