"""Entries as they are written, kept so that each is written once, however many feeds it is in.

Room: formats. What is kept depends on the entry and the view alone, and is given back only for
an entry that is equal in everything. Bounded by bytes, safe to share by threads.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import cast

from feedsvc.formats._item import View
from feedsvc.model import Entry

MAX_BYTES = 40 * 1024 * 1024
Write = Callable[[View, Sequence[Entry]], Sequence[bytes]]


@dataclass(slots=True)
class _Kept:
    """An entry with its fragments by the number of their view."""

    entry: Entry
    fragments: dict[int, bytes] = field(default_factory=dict)

    def size(self) -> int:
        texts = (self.entry.content_html, self.entry.content_text, self.entry.summary)
        return sum(map(len, texts)) + sum(map(len, self.fragments.values()))


class Fragments:
    """Fragments by entry and view, in two generations.

    What nobody asked for while the younger one filled up goes with the older one.
    """

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self.n_written = 0  #: ever
        self._half = max_bytes // 2
        self._young: dict[str, _Kept] = {}
        self._old: dict[str, _Kept] = {}
        self._young_bytes = 0
        self._views: dict[View, int] = {}  #: numbered, for a view takes long to look up
        self._lock = threading.Lock()

    def of(self, view: View, entries: Sequence[Entry], write: Write) -> list[bytes]:
        """The fragment of each entry, in their order; `write` makes those that are not kept."""
        with self._lock:
            number = self._views.setdefault(view, len(self._views))
            young = self._young
            found = [
                kept.fragments.get(number)
                if (kept := young.get(entry.id)) and kept.entry is entry
                else self._find(entry, number)
                for entry in entries
            ]
        if None not in found:
            return cast("list[bytes]", found)
        missing = [place for place, fragment in enumerate(found) if fragment is None]
        wanted = [entries[place] for place in missing]
        written = write(view, wanted)
        for place, fragment in zip(missing, written, strict=True):
            found[place] = fragment
        with self._lock:
            self.n_written += len(wanted)
            for entry, fragment in zip(wanted, written, strict=True):
                self._keep(entry, number, fragment)
        return cast("list[bytes]", found)

    @property
    def n_bytes(self) -> int:
        """What is held now."""
        with self._lock:
            return sum(kept.size() for kept in (*self._young.values(), *self._old.values()))

    def _find(self, entry: Entry, number: int) -> bytes | None:
        kept = self._young.get(entry.id) or self._return(entry.id)
        if kept is None or (kept.entry is not entry and kept.entry != entry):
            return None
        return kept.fragments.get(number)

    def _return(self, id: str) -> _Kept | None:
        """From the older generation into the younger one."""
        kept = self._old.pop(id, None)
        if kept:
            self._young[id] = kept
            self._young_bytes += kept.size()
        return kept

    def _keep(self, entry: Entry, number: int, fragment: bytes) -> None:
        kept = self._young.get(entry.id)
        if kept is None or kept.entry != entry:
            kept = self._young[entry.id] = _Kept(entry)
            self._young_bytes += kept.size()
        kept.fragments[number] = fragment
        self._young_bytes += len(fragment)
        if self._young_bytes > self._half:
            self._old, self._young, self._young_bytes = self._young, {}, 0


KEPT = Fragments()  #: of this process
