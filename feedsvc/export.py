"""Every document to a folder of files: what changed is written, what is no more is removed.

Room: export. Effects: the output folder. Imports delivery, attachments, files and seeds' name
of the manifest; called by cli.

What is ours is known by its bytes. The manifest lists the SHA-256 of every file we left; while
an export runs, a journal beside it names each file before it is written. So after a kill at
any moment the next export tells its own files from those of others, and touches no other's.
"""

from __future__ import annotations

import errno
import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path, PurePosixPath
from typing import Any

from feedsvc.addresses import SITEMAP_PATH
from feedsvc.attachments import digest_in, is_intact
from feedsvc.delivery import CODED_BY, SIBLINGS, Documents, codings, encoded
from feedsvc.errors import CannotWrite, DocumentRefused, ForeignFiles, UnknownPath
from feedsvc.files import TEMPORARY, TEMPORARY_END, write_atomically
from feedsvc.model import Attachment, Document
from feedsvc.seeds import MANIFEST

PIECE_BYTES = 1 << 20
JOURNAL = ".feedsvc-manifest.journal"  #: JSON Lines [name, sha256]: about to be written
REMEDIES = {
    errno.ENOSPC: "free some space and build again",
    errno.EDQUOT: "free some of your quota and build again",
    errno.EACCES: "see who owns the folder and may write there, or choose another --out",
    errno.EPERM: "see who owns the folder and may write there, or choose another --out",
    errno.EROFS: "it is read-only: choose another --out",
    errno.ENOTDIR: "a file stands where a folder is needed: choose another --out",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What became of every file, by its name below the folder; siblings are files too."""

    written: tuple[str, ...]
    unchanged: tuple[str, ...]
    pruned: tuple[str, ...]
    refused: tuple[DocumentRefused, ...] = ()  #: not written; what stood there before still does


def export(
    documents: Documents,
    out: Path,
    *,
    precompress: bool = False,
    pages: bool = True,
    prefix: str = "",
) -> Exported:
    """Make the folder hold every document and file of the seeds, and of ours nothing else.

    `precompress` puts the wire's encoded bodies beside, `pages` off leaves out the HTML and
    the map of it, `prefix` ("feeds/") puts all below a folder of its own. Each file is replaced atomically
    and in the order of `documents.paths()`; one whose bytes are right is not touched.

    Raises ForeignFiles, with nothing written, when a file that is not ours stands where ours
    would go; CannotWrite when the disk refuses, with what is there whole.
    """
    targets = {
        _name(prefix, path): path for path in documents.paths() if pages or not _is_page(path)
    }
    media = {_name(prefix, path): documents.media(path) for path in documents.media_paths()}
    try:
        folder = _Folder.open(out)
        strangers = _foreign(folder, documents, targets, precompress)
        foreign = tuple(dict.fromkeys((*_foreign_media(folder, media), *strangers)))
        if foreign:
            raise ForeignFiles(str(out), foreign)
        for name, attachment in media.items():
            folder.copy(name, attachment)
        _write_all(folder, documents, targets, precompress)
        return folder.finish()
    except OSError as error:
        remedy = REMEDIES.get(error.errno or 0, "build again")
        raise CannotWrite(
            error.filename or str(out), error.strerror or str(error), remedy
        ) from error


def _is_page(path: str) -> bool:
    return path.endswith(".html") or path.startswith(SITEMAP_PATH.removesuffix(".xml"))


def _name(prefix: str, path: str) -> str:
    name = f"{prefix.strip('/')}{path}".lstrip("/")
    if not _is_plain(name):
        raise ValueError(f"no name for a file below the folder: {name!r}")
    return name


def _is_plain(name: str) -> bool:
    """Whether a name stays below the folder, spelled in the one way."""
    parts = PurePosixPath(name).parts
    return name != "" and "/".join(parts) == name and ".." not in parts and "\\" not in name


def _foreign(
    folder: _Folder, documents: Documents, targets: dict[str, str], precompress: bool
) -> Iterator[str]:
    """What stands where ours would go, and we neither wrote nor would write."""
    suffixes = {"identity": "", **(SIBLINGS if precompress else {})}
    for name, path in targets.items():
        for coding, suffix in suffixes.items():
            planned = partial(_planned, documents, path, coding)
            stranger = folder.stranger(name + suffix, planned)
            if stranger is not None:
                yield stranger


def _foreign_media(folder: _Folder, media: dict[str, Attachment]) -> Iterator[str]:
    for name, attachment in media.items():
        stranger = folder.stranger(name, partial(_digest_of_copy, folder, name, attachment))
        if stranger is not None:
            yield stranger


def _digest_of_copy(folder: _Folder, name: str, attachment: Attachment) -> str | None:
    """What stands there, if those are the bytes that would be copied; no source need be read."""
    found = folder.found[name] or ""
    return found if found.startswith(digest_in(attachment)) else ""


def _planned(documents: Documents, path: str, coding: str) -> str | None:
    """The SHA-256 of what would be written; None when nothing would."""
    try:
        document = documents.document(path)
    except (UnknownPath, DocumentRefused):
        return None
    is_offered = coding == "identity" or coding in codings(document)
    return _sha256(encoded(document, coding)) if is_offered else None


def _write_all(
    folder: _Folder, documents: Documents, targets: dict[str, str], precompress: bool
) -> None:
    with ThreadPoolExecutor(max_workers=len(SIBLINGS)) as pool:
        for name, path in targets.items():
            try:
                document = documents.document(path)
            except UnknownPath:
                continue  # taken back since it was listed
            except DocumentRefused as refused:
                folder.leave(name, refused)
                continue
            folder.put(name, document.etag, document.body)
            if precompress:
                _write_siblings(folder, name, document, pool)


def _write_siblings(
    folder: _Folder, name: str, document: Document, pool: ThreadPoolExecutor
) -> None:
    beside = {coding: name + SIBLINGS[coding] for coding in codings(document)}
    stale = [c for c, sibling in beside.items() if not folder.keeps(sibling, document.etag)]
    for coding, body in zip(stale, pool.map(partial(encoded, document), stale), strict=True):
        folder.put(beside[coding], document.etag, body)


@dataclass(slots=True)
class _Folder:
    """The output folder during one export: what is ours in it, and what became of it."""

    out: Path
    old: dict[str, Any]  #: the manifest's entries of the export before
    own: defaultdict[str, set[str]]  #: name -> SHA-256 of whatever we may have left there
    was_interrupted: bool
    new: dict[str, Any] = field(default_factory=dict)
    found: dict[str, str | None] = field(default_factory=dict)  #: name -> SHA-256 on disk
    written: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    refused: list[DocumentRefused] = field(default_factory=list)
    has_begun: bool = False
    blocker: Callable[[PurePosixPath], str | None] = field(init=False)

    def __post_init__(self) -> None:
        self.blocker = cache(self._blocker)

    @classmethod
    def open(cls, out: Path) -> _Folder:
        old = _read_manifest(out / MANIFEST)
        own: defaultdict[str, set[str]] = defaultdict(set)
        for name, kept in old.items():
            own[name].add(kept["sha256"])
        for name, digest in _read_journal(out / JOURNAL):
            own[name].add(digest)
        return cls(out, old, own, (out / JOURNAL).exists())

    def stranger(self, name: str, planned: Callable[[], str | None]) -> str | None:
        """What stands in the way of a file: nothing of ours, nor the very bytes we plan."""
        blocker = self.blocker(PurePosixPath(name).parent)
        if blocker is not None:
            return blocker
        path = self.out / name
        if path.is_symlink() or (path.exists() and not path.is_file()):
            return name
        self.found[name] = digest = _sha256_of(path) if path.exists() else None
        if digest is None or digest in self.own.get(name, ()):
            return None
        return None if planned() in (None, digest) else name

    def keeps(self, name: str, etag: str) -> bool:
        """Whether a sibling need not even be made: same body, same coders, bytes as we left them."""
        kept = self.old.get(name)
        if kept is None or kept.get("etag") != etag or kept.get("coded_by") != CODED_BY:
            return False
        if self.found[name] != kept["sha256"]:
            return False
        self.new[name] = kept
        self.unchanged.append(name)
        return True

    def put(self, name: str, etag: str, body: bytes) -> None:
        """Write a file unless its bytes are there already."""
        digest = _sha256(body)
        coded = {"coded_by": CODED_BY} if name.endswith(tuple(SIBLINGS.values())) else {}
        self.new[name] = {"etag": etag, "sha256": digest, "size": len(body), **coded}
        if self.found[name] == digest:
            self.unchanged.append(name)
            return
        self._write(name, digest, body)

    def leave(self, name: str, refused: DocumentRefused) -> None:
        """Let a document stand as it is, with its siblings: what would come is faulty."""
        self.refused.append(refused)
        for kept in (name, *(name + suffix for suffix in SIBLINGS.values())):
            if kept in self.old:
                self.new[kept] = self.old[kept]

    def copy(self, name: str, attachment: Attachment) -> None:
        """Copy a file of the seeds unless its bytes are there already; not one that was changed."""
        digest, wanted = self.found[name] or "", digest_in(attachment)
        is_there = digest.startswith(wanted)
        if not is_there:
            if not is_intact(attachment):
                return
            digest = _sha256_of(Path(attachment.file))
        self.new[name] = {"etag": wanted, "sha256": digest, "size": attachment.size_bytes}
        if is_there:
            self.unchanged.append(name)
        else:
            self._write(name, digest, _pieces(Path(attachment.file), digest))

    def _write(self, name: str, digest: str, data: bytes | Iterator[bytes]) -> None:
        self._begin()
        with (self.out / JOURNAL).open("a", encoding="utf-8") as journal:
            journal.write(json.dumps([name, digest]) + "\n")
        write_atomically(self.out / name, data)
        self.written.append(name)

    def finish(self) -> Exported:
        """Remove what is ours and no longer published; leave the manifest for the next time."""
        pruned = tuple(
            name for name in sorted(self.own) if name not in self.new and self._prune(name)
        )
        manifest = _manifest(self.new)
        path = self.out / MANIFEST
        if not path.exists() or path.read_bytes() != manifest:
            self._begin()
            write_atomically(path, manifest)
        (self.out / JOURNAL).unlink(missing_ok=True)
        return Exported(
            written=tuple(self.written),
            unchanged=tuple(self.unchanged),
            pruned=pruned,
            refused=tuple(self.refused),
        )

    def _begin(self) -> None:
        """Before the first change: a journal that says we are at it, and no leavings of a kill."""
        if self.has_begun:
            return
        self.has_begun = True
        self.out.mkdir(parents=True, exist_ok=True)
        with (self.out / JOURNAL).open("a", encoding="utf-8") as journal:
            journal.write("\n")  # ends a line that a kill cut off
        if not (self.out / MANIFEST).exists():
            write_atomically(self.out / MANIFEST, _manifest({}))
        if self.was_interrupted:
            self._sweep()

    def _sweep(self) -> None:
        names = (*self.own, *self.found, MANIFEST)
        for folder in {PurePosixPath(name).parent for name in names}:
            if self.blocker(folder) is None:
                for leaving in (self.out / folder).glob(f"{TEMPORARY}*{TEMPORARY_END}"):
                    leaving.unlink(missing_ok=True)

    def _prune(self, name: str) -> bool:
        path = self.out / name
        if self.blocker(PurePosixPath(name).parent) is not None or path.is_symlink():
            return False
        is_ours = path.is_file() and _sha256_of(path) in self.own[name]
        if is_ours:
            self._begin()
            path.unlink()
        for folder in list(PurePosixPath(name).parents)[:-1]:
            with suppress(OSError):  # holds something, or is gone
                (self.out / folder).rmdir()
        return is_ours

    def _blocker(self, folder: PurePosixPath) -> str | None:
        """The link or file that stands where the folder, or one above it, would be."""
        if folder == PurePosixPath():
            return None
        path = self.out / folder
        is_other = path.is_symlink() or (path.exists() and not path.is_dir())
        return self.blocker(folder.parent) or (str(folder) if is_other else None)


def _sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _sha256_of(path: Path) -> str:
    """Of a file of any length."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _pieces(path: Path, digest: str) -> Iterator[bytes]:
    """A file's bytes; OSError at their end unless they are those that were promised."""
    sha256 = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            sha256.update(piece)
            yield piece
    if sha256.hexdigest() != digest:
        raise OSError(errno.EAGAIN, "was changed while it was copied", str(path))


def _manifest(files: dict[str, Any]) -> bytes:
    text = json.dumps({"files": files, "version": 1}, indent=0, sort_keys=True, ensure_ascii=False)
    return text.encode() + b"\n"


def _read_manifest(path: Path) -> dict[str, Any]:
    """The entries that are sound; what somebody garbled there makes strangers of our files."""
    try:
        files = json.loads(path.read_bytes())["files"]
        return {name: kept for name, kept in files.items() if _is_sound(name, kept["sha256"])}
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _read_journal(path: Path) -> Iterator[tuple[str, str]]:
    """The lines that are whole: a kill may cut one off."""
    with suppress(FileNotFoundError):
        for line in path.read_text("utf-8", errors="replace").splitlines():
            with suppress(ValueError, TypeError):
                name, digest = json.loads(line)
                if _is_sound(name, digest):
                    yield name, digest


def _is_sound(name: str, digest: object) -> bool:
    return _is_plain(name) and isinstance(digest, str)
