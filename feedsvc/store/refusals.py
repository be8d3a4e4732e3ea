"""The database's errors in plain words, with what to do about them.

Room: store. Called by engine alone.
"""

from __future__ import annotations

import re

from feedsvc.errors import StoreBusy, StoreError

# fmt: off
#: (SQLSTATEs, a pattern of the message) -> what to say
_REFUSALS: tuple[tuple[str, str, type[StoreError], str], ...] = (
    ("55P03 57014 40001 40P01", "(database|table) is locked", StoreBusy,
     "another process is writing to it; run it again when that one has finished"),
    ("53100", "disk is full", StoreError,
     "the disk is full; free some space and run it again: what was kept before is safe"),
    ("25006 42501", "readonly database", StoreError,
     "it may be read and not written; give this user the right to write it and its folder"),
    ("", "disk I/O error", StoreError,
     "the disk refused; see whether it is full, over a quota or failing, and run it again: "
     "what was kept before is safe"),
    ("", "unable to open database file", StoreError,
     "it cannot be opened; check that the path is a file in a folder this user may write"),
    ("", "not a database|image is malformed", StoreError,
     "it is damaged or no database; restore a backup, or move it away and start afresh "
     "(with a ledger every id and date comes back)"),
    ("3D000", 'database ".*" does not exist', StoreError,
     "the server has no such database; create it first: createdb NAME"),
    ("28000 28P01", "connection failed|connection refused", StoreError,
     "the server does not let us in; check that it runs, and the user, password and host "
     "in the database URL"),
)
# fmt: on


def refusal(error: BaseException, name: str) -> StoreError:
    """A driver's error as ours; `name` is the database's address without its password."""
    code = getattr(error, "sqlstate", None)
    for codes, pattern, kind, advice in _REFUSALS:
        if code in codes.split() or re.search(pattern, str(error), re.IGNORECASE):
            return kind(f"the database {name}: {advice}")
    return StoreError(f"the database {name} refused: {str(error).strip()}")


def busy(name: str) -> StoreBusy:
    """The right to ingest is taken."""
    return StoreBusy(
        f"the database {name}: another process is ingesting; run it again when that one is done"
    )
