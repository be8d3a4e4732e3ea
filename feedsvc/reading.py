"""One source read and judged: an input and its settings in, a Reading out.

Room: reading. Everything of an ingest that needs no store, so that many files are read by all
cores at once. Effects: inputs are loaded. A failure of any kind becomes a Reading that tells.
Imports sources, normalise, seeds, attachments and config; called by intake.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path
from zoneinfo import ZoneInfo

from feedsvc import sources
from feedsvc.attachments import Folder
from feedsvc.config import SourceSettings
from feedsvc.errors import FeedsvcError
from feedsvc.files import state_of
from feedsvc.model import Attachment, Judged, Noise, RawItem, Refused
from feedsvc.normalise import Context, normalise
from feedsvc.seeds import Input, Loaded
from feedsvc.sources import Hints, records

MANY = 150  #: sources to read: below it, starting more processes takes longer than it saves
CHUNK = 16  #: sources handed to a process at once
AHEAD = 4  #: chunks a process, read before they are wanted


@dataclass(frozen=True, slots=True)
class Rows:
    """An app's own rows as a source: mappings or RawItems."""

    name: str
    rows: Iterable[Mapping[str, object] | RawItem]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A source to be read, and what its last reading left."""

    input: Input | Rows
    settings: SourceSettings
    now: datetime  #: aware, UTC: the moment of the ingest
    base_url: str
    kept_digest: str = ""
    kept_stamp: str = ""
    is_asked_for: bool = False  #: to be read whether it changed or not

    @property
    def name(self) -> str:
        return self.input.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one source holds, or that it did not change, or why it could not be read."""

    task: Task
    digest: str = ""  #: of the bytes and of the settings: "bytes:settings"
    stamp: str = ""  #: what tells next time, without reading, that nothing changed
    is_unchanged: bool = False
    is_aside: bool = False
    reader: str = ""
    judged: tuple[Judged, ...] = ()
    refused: tuple[Refused, ...] = ()
    n_noise: int = 0  #: lines that are part of no item
    problem: str | None = None  #: the source as a whole could not be read


# -- whether there is anything to do -------------------------------------------------------------


def unchanged(task: Task) -> Reading | None:
    """The Reading of a source that need not even be opened; None when it must be."""
    one = task.input
    if isinstance(one, Rows):
        return None
    if one.is_aside:
        return Reading(task=task, is_aside=True)
    if task.is_asked_for:
        return None
    own, _, with_it = task.kept_stamp.partition("\n")
    is_same = own and own == one.stamp() and of_settings(task.kept_digest) == _settings(task)
    if is_same and _are_as_kept(with_it):
        return Reading(task=task, is_unchanged=True, stamp=task.kept_stamp)
    return None


def _are_as_kept(with_it: str) -> bool:
    return all(_state_of(path) == state for path, state in json.loads(with_it or "{}").items())


def _state_of(path: str) -> str:
    try:
        return state_of(Path(path))
    except (OSError, ValueError):
        return ""


def has_moved(reading: Reading) -> bool:
    """Whether the settings of a source are not those of its last reading."""
    kept = reading.task.kept_digest
    return bool(kept) and of_settings(kept) != _settings(reading.task)


def of_settings(digest: str) -> str:
    """The part of a digest that speaks of the settings."""
    return digest.rpartition(":")[2]


def _settings(task: Task) -> str:
    return task.settings.digest()


# -- one source ----------------------------------------------------------------------------------


def read_source(task: Task) -> Reading:
    """Load, recognise, read and normalise one source. Raises nothing."""
    try:
        return _read_rows(task) if isinstance(task.input, Rows) else _read_input(task, task.input)
    except FeedsvcError as error:
        return Reading(task=task, problem=str(error))
    except Exception as error:  # a door: whatever is wrong with one source, the others go on
        reason = f"{task.name}: cannot be read ({type(error).__name__}: {str(error)[:200]})"
        return Reading(task=task, problem=f"{reason}; please report it, with the file")


def _read_rows(task: Task) -> Reading:
    assert isinstance(task.input, Rows)
    rows = list(records.from_rows(task.name, task.input.rows))
    digest = _digest(task, [repr(rows).encode()])
    if digest == task.kept_digest and not task.is_asked_for:
        return Reading(task=task, is_unchanged=True)
    judged, refused = _judge(rows, context_of(task))
    return Reading(task=task, digest=digest, reader=records.NAME, judged=judged, refused=refused)


def _read_input(task: Task, one: Input) -> Reading:
    limits = task.settings.limits_set
    own, _, with_it = task.kept_stamp.partition("\n")
    loaded = one.load("" if task.is_asked_for else own, limits)
    if loaded.data is None:
        return Reading(task=task, is_unchanged=True, stamp=f"{loaded.stamp}\n{with_it}")
    digest = _digest(task, _parts(one, loaded))
    if digest == task.kept_digest and not task.is_asked_for and _are_as_kept(with_it):
        return Reading(task=task, is_unchanged=True, stamp=f"{loaded.stamp}\n{with_it}")
    attach = _Attaching(Folder(*one.folder)) if one.folder else None
    context = replace(context_of(task), attach=attach)
    hints = _hints(task, one, loaded, context.reference)
    reader = task.settings.reader or _recognised(task.name, loaded.data)
    pieces = list(sources.read(task.name, loaded.data, reader, hints))
    judged, refused = _judge(pieces, context)
    return Reading(
        task=task,
        digest=digest,
        stamp=f"{loaded.stamp}\n{json.dumps(attach.met if attach else {})}",
        reader=reader,
        judged=judged,
        refused=refused,
        n_noise=sum(piece.n_lines for piece in pieces if isinstance(piece, Noise)),
    )


def _recognised(name: str, data: bytes) -> str:
    return sources.recognise(name, data[: sources.HEAD_BYTES]).NAME


def _judge(
    pieces: Sequence[RawItem | Refused | Noise], context: Context
) -> tuple[tuple[Judged, ...], tuple[Refused, ...]]:
    results = normalise([one for one in pieces if isinstance(one, RawItem)], context)
    refused = [one for one in chain(pieces, results) if isinstance(one, Refused)]
    return tuple(one for one in results if isinstance(one, Judged)), tuple(refused)


def _digest(task: Task, parts: Iterable[bytes]) -> str:
    """Of what a source says, relative addresses included, and of its settings."""
    content = hashlib.sha256()
    for part in (*parts, task.base_url.encode()):
        content.update(part)
        content.update(b"\0")
    return f"{content.hexdigest()}:{_settings(task)}"


def _parts(one: Input, loaded: Loaded) -> Iterator[bytes]:
    """The bytes of a source and of the files that belong to it; a recording's by its digest."""
    if loaded.file:
        with loaded.file.open("rb") as file:
            yield hashlib.file_digest(file, "sha256").digest()
    else:
        yield loaded.data or b""
    yield from (load() for load in one.companions().values())


def _hints(task: Task, one: Input, loaded: Loaded, reference: date | None) -> Hints:
    return Hints(
        language=task.settings.language,
        fields={str(name): paths for name, paths in (task.settings.fields or {}).items()},
        limits=task.settings.limits_set,
        reference=reference,
        address=loaded.address,
        charset=loaded.charset,
        file=loaded.file,
        companions=one.companions(),
    )


def context_of(task: Task) -> Context:
    """What the settings say of a source's items."""
    settings = task.settings
    return Context(
        language=settings.language or "en",
        time_zone=ZoneInfo(settings.time_zone or "UTC"),
        reference=_reference(task),
        order=settings.order,
        read_at=task.now,
        base_url=task.base_url,
        id_prefix=settings.id_prefix or "",
        section=settings.section,
        author=settings.author.author() if settings.author else None,
        link=settings.link,
        id=settings.id,
        day_first=settings.date_order and settings.date_order == "day-first",
        first_year=settings.first_year or 1990,
        searched_characters=settings.limits_set.searched_characters,
    )


def _reference(task: Task) -> date | None:
    day = task.settings.reference_date
    if not isinstance(day, str):
        return day
    return None if isinstance(task.input, Rows) else task.input.captured(day)


@dataclass(slots=True)
class _Attaching:
    """Finds the files a source refers to, and remembers what it met."""

    folder: Folder
    met: dict[str, str] = field(default_factory=dict)  #: path -> its state; "" where nothing is

    def __call__(self, reference: str) -> Attachment | None:
        found = self.folder(reference)
        path = found.file if found else f"{self.folder.folder}/{reference}"
        self.met[path] = _state_of(path)
        return found


# -- many sources --------------------------------------------------------------------------------


def readings(tasks: Iterable[Task], workers: int = 1) -> Iterator[Reading]:
    """A Reading of each task, in order; `workers` processes share the reading of many.

    What is unchanged is found out here, with a look at each file; memory holds a few chunks.
    """
    looked = ((task, unchanged(task)) for task in tasks)
    first = list(_until(looked, MANY))
    n_to_read = sum(known is None for _, known in first)
    if workers < 2 or n_to_read < MANY:
        for task, known in chain(first, looked):
            yield known or read_source(task)
        return
    yield from _shared(chain(first, looked), workers)


Looked = tuple[Task, Reading | None]


def _until(looked: Iterable[Looked], n_to_read: int) -> Iterator[Looked]:
    """The beginning that holds so many sources to read."""
    n = 0
    for task, known in looked:
        yield task, known
        n += known is None
        if n >= n_to_read:
            return


def _shared(looked: Iterator[Looked], workers: int) -> Iterator[Reading]:
    """Chunk by chunk through a pool, never more than a few ahead of what is taken."""
    context = get_context("spawn")  # a fork would take locks of other threads along
    with ProcessPoolExecutor(max_workers=workers, mp_context=context) as pool:
        waiting: deque[Future[list[Reading]]] = deque()
        while chunk := list(islice(looked, CHUNK)):
            waiting.append(pool.submit(_read_chunk, chunk))
            if len(waiting) > workers * AHEAD:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def _read_chunk(chunk: list[Looked]) -> list[Reading]:
    return [known or read_source(task) for task, known in chunk]


def all_cores() -> int:
    """How many processes may read at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
