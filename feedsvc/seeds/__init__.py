"""What there is to read: paths and addresses become named inputs.

Room: seeds. A source's name is its path below its seeds folder, or its address. Effects: the
disk and the network are read; archives are unpacked.
Imports model, errors and config; entered by service, reading and intake.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from feedsvc.model import Limits
from feedsvc.seeds.addresses import Address
from feedsvc.seeds.archives import is_archive, unpacked
from feedsvc.seeds.folder import MANIFEST, OURS, SeedFile, StandardInput, files_below, name_of
from feedsvc.seeds.inputs import Bytes, Input, Loaded

__all__ = [
    "MANIFEST", "OURS", "Address", "Bytes", "Input", "Loaded", "SeedFile", "find_inputs",
    "seeds_folder",
]  # fmt: skip


def seeds_folder(paths: Iterable[Path]) -> Path | None:
    """The folder whose settings and corrections apply: of the first path given."""
    first = next(iter(paths), None)
    if first is None or str(first) == "-":
        return None
    return first if first.is_dir() else first.parent


def find_inputs(
    paths: Iterable[Path],
    ignore: Iterable[Path] = (),
    *,
    unpack_to: Path | None = None,
    limits: Limits | None = None,
) -> Iterator[Input]:
    """Every input below the paths, in a stable order; `-` is standard input.

    Two files of one name below different paths are told apart by their folder's name. What an
    archive holds is unpacked below `unpack_to` (a folder for the life of the process without
    one) and comes as "archive.zip/inner/name.md".
    """
    skipped = {path.resolve() for path in ignore}
    taken: set[str] = set()
    for path in paths:
        if str(path) == "-":
            yield StandardInput()
            continue
        root = path if path.is_dir() else path.parent
        for file in files_below(path, root, set(skipped)):
            name = file.name
            if name in taken:
                name = f"{name_of(root.resolve(), root.resolve().parent)}/{name}"
            taken.add(name)
            if is_archive(file.path) and not file.problem:
                yield from unpacked(file.renamed(name), unpack_to, limits or Limits())
            else:
                yield file.renamed(name)
