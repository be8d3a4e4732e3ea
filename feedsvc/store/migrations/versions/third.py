"""What tells that entries of several sources are one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
SEQ = "entries.seq"


# fmt: off
def upgrade() -> None:
    op.add_column("entries", sa.Column("link", sa.Text))
    op.add_column(
        "entries", sa.Column("n_characters", NUMBER, nullable=False, server_default="0")
    )
    for name in ("is_feed", "has_media"):
        column = sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false())
        op.add_column("entries", column)
    op.create_table(
        "aliases", sa.Column("key", NAME, primary_key=True),
        sa.Column("seq", NUMBER, sa.ForeignKey(SEQ), primary_key=True, index=True),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "clues", sa.Column("clue", NUMBER, primary_key=True, autoincrement=False),
        sa.Column("seq", NUMBER, sa.ForeignKey(SEQ), primary_key=True),
        sqlite_with_rowid=False,
    )
# fmt: on
