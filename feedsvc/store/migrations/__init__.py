"""The tables brought up to date, by whichever process comes first.

Room: store. Called by door when a store is opened. A new revision is a module in `versions/`,
and HEAD its name.
"""

from __future__ import annotations

from sqlalchemy import Connection, inspect

from feedsvc.errors import StoreError, StoreTooNew
from feedsvc.store import search
from feedsvc.store.engine import Database, version_in
from feedsvc.store.tables import entries

HEAD = "0005"  #: the newest revision
VERSION_TABLE = "feedsvc_version"
_WAIT_SECONDS = 60


def migrate(database: Database) -> None:
    """Bring the tables up to date, one process at a time; one look when they are already.

    Raises StoreTooNew when a newer version of the program made them.
    """
    if database.version(VERSION_TABLE) == HEAD:
        return
    with database.writing() as connection, database.ingesting(connection, _WAIT_SECONDS):
        database.make_ready()
        with database.transaction(connection):
            _upgrade(connection, database.name)


def _upgrade(connection: Connection, name: str) -> None:
    # Imported here: a database that is up to date needs none of it.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", "feedsvc.store:migrations")
    config.attributes.update(connection=connection, version_table=VERSION_TABLE)
    version = version_in(connection, VERSION_TABLE)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if version is not None and version not in known:
        raise StoreTooNew(
            f"the database {name} was written by a newer version of feedsvc (schema {version}); "
            "upgrade this one (pip install -U feedsvc), or restore a backup made before"
        )
    if version is None and inspect(connection).has_table(entries.name):
        raise StoreError(
            f"the database {name} holds tables of another program; "
            "give feedsvc a database, or on PostgreSQL a schema, of its own"
        )
    command.upgrade(config, "head")
    search.fill_empty(connection)
