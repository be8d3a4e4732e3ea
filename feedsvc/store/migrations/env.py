"""Where Alembic meets our tables: it is handed a connection inside a transaction.

Room: store. Run by Alembic, which `migrate` calls.
"""

from __future__ import annotations

from alembic import context

from feedsvc.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=context.config.attributes["version_table"],
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()
