"""Files that seeds bring along: which one a reference names, and whether it is still the one.

Room: attachments. Effects: reads files of the seeds. Imports the kernel alone; called by
reading, which hands a Folder to normalise, and by web and export, which give the bytes out.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from stat import S_ISREG
from urllib.parse import unquote, urlsplit

from feedsvc.addresses import MEDIA
from feedsvc.files import state_of
from feedsvc.media_types import media_type_of
from feedsvc.model import Attachment

HASH_DIGITS = 16
NAME_CHARACTERS = 80
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
#: folders whose files a site generator publishes at the root of the site
_ROOTS = ("", "static", "public")


@dataclass(frozen=True, slots=True)
class Folder:
    """The files that a source in `folder` may refer to: those below `root`.

    Called with a reference as written ("pics/a%20b.png?w=2", "/img/a.png", the latter from the
    root, or the `static` folder there), it gives the regular file that it names. None for
    addresses, pages, dot files, kinds of files that we do not know, and what lies elsewhere.
    """

    root: Path
    folder: Path

    def __call__(self, reference: str) -> Attachment | None:
        path = path_of(reference)
        media_type = media_type_of(path) if path else None
        if path is None or media_type is None:
            return None
        for start in self._starts(path):
            file = _inside(self.root, start / path.lstrip("/"))
            if file is not None:
                return _attachment(file, media_type)
        return None

    def _starts(self, path: str) -> tuple[Path, ...]:
        if path.startswith("/"):
            return tuple(self.root / name for name in _ROOTS)
        return (self.folder,)


def path_of(reference: str) -> str | None:
    """The path that a relative reference spells, without query and fragment; None of any other."""
    try:
        parts = urlsplit(reference.strip().replace("\\", "/"))
    except ValueError:
        return None
    if parts.scheme or parts.netloc or not parts.path:
        return None
    path = unquote(parts.path)
    return None if "\0" in path else path


def is_intact(attachment: Attachment) -> bool:
    """Whether the file still has the bytes that its path promises; read only when it was touched."""
    file = Path(attachment.file)
    try:
        stamp = state_of(file)
        return stamp == attachment.stamp or _digest(str(file), stamp) == digest_in(attachment)
    except OSError:
        return False


def digest_in(attachment: Attachment) -> str:
    """The beginning of the SHA-256 of its bytes, which its path holds."""
    return PurePosixPath(attachment.path).parent.name


def _inside(root: Path, path: Path) -> Path | None:
    """The regular file at a path, its links followed, if it lies below the root in plain sight."""
    try:
        file = path.resolve(strict=True)
        below = file.relative_to(root.resolve()).parts
        is_file = S_ISREG(file.stat().st_mode)
    except (OSError, ValueError, RuntimeError):
        return None
    return None if not is_file or any(part.startswith(".") for part in below) else file


def _attachment(file: Path, media_type: str) -> Attachment | None:
    try:
        stamp = state_of(file)
        digest, size = _digest(str(file), stamp), file.stat().st_size
    except OSError:
        return None
    return Attachment(
        path=f"{MEDIA}{digest}/{safe_name(file.name)}",
        file=str(file),
        media_type=media_type,
        size_bytes=size,
        stamp=stamp,
    )


def safe_name(name: str) -> str:
    """A name that is the same in a URL and on any disk: ASCII letters, digits, ".", "_", "-"."""
    stem, _, suffix = name.rpartition(".")
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    safe = _UNSAFE.sub("-", plain).strip("-.")[:NAME_CHARACTERS]
    return f"{safe or 'file'}.{suffix.lower()}"


@lru_cache(maxsize=10_000)
def _digest(file: str, _stamp: str) -> str:
    with Path(file).open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()[:HASH_DIGITS]
