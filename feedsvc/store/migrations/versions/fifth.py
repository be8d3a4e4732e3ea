"""The index of the search; `migrate` fills it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE texts USING fts5"
            "(seq UNINDEXED, words, tokenize = 'ascii', columnsize = 0)"
        )
        return
    op.execute("CREATE TABLE texts (seq bigint PRIMARY KEY, at bigint NOT NULL, words tsvector)")
    op.create_index("texts_newest", "texts", [sa.text("at DESC"), sa.text("seq DESC")])
    op.create_index("texts_words", "texts", ["words"], postgresql_using="gin")
