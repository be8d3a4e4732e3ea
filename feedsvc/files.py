"""Files written whole or not at all, and whether one is as it was.

Imports nothing of ours; called by whoever keeps a file: corrections, ledger, export.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

TEMPORARY = ".feedsvc-"  #: how the names of unfinished files begin
TEMPORARY_END = ".tmp"


def state_of(path: Path) -> str:
    """What changes with a file's bytes, had without reading it. Raises OSError when it is gone."""
    found = path.stat()
    return f"{found.st_ctime_ns}:{found.st_size}"


def write_atomically(path: Path, data: bytes | Iterable[bytes]) -> None:
    """Replace the file at `path`: a reader sees the old bytes or the new ones, never a part.

    `data` may come in pieces, for what is too long to be held; what they raise leaves no trace.
    Raises OSError (disk full, no permission) that names `path`, and leaves the old file as it was.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=TEMPORARY, suffix=TEMPORARY_END)
        try:
            _fill(handle, data)
            Path(name).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        error.filename, error.filename2 = str(path), None  # not the unfinished file's
        raise


def _fill(handle: int, data: bytes | Iterable[bytes]) -> None:
    with os.fdopen(handle, "wb") as file:
        file.writelines([data] if isinstance(data, bytes) else data)
        file.flush()
        os.fsync(file.fileno())
