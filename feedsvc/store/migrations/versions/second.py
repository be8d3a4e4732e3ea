"""Files that seeds bring along, and the stamp of a source's own file."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


# fmt: off
def upgrade() -> None:
    op.add_column("sources", sa.Column("stamp", sa.Text, nullable=False, server_default=""))
    op.create_table(
        "attachments", sa.Column("path", NAME, primary_key=True),
        sa.Column("file", sa.Text, nullable=False), sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("size_bytes", NUMBER, nullable=False), sa.Column("stamp", sa.Text, nullable=False),
    )
    op.create_table(
        "uses", sa.Column("seq", NUMBER, primary_key=True, autoincrement=False),
        sa.Column("born", NUMBER, primary_key=True, autoincrement=False),
        sa.Column("path", NAME, primary_key=True, index=True),
        sa.ForeignKeyConstraint(
            ["seq", "born"], ["versions.seq", "versions.born"], ondelete="CASCADE"
        ),
        sqlite_with_rowid=False,
    )
# fmt: on
