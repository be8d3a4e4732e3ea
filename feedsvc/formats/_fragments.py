"""Entries as they are written, kept so that each is written once, however many feeds it is in.

Room: formats. A fragment depends on all of the entry, the view and the dialect, and on nothing
else. Bounded by bytes, the longest unused go first; safe to share by threads.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import cast
from weakref import ref

from feedsvc.formats._item import Dialect, Item, View, item_in, view_of
from feedsvc.model import Entry, Page

MAX_BYTES = 32 * 1024 * 1024  #: of fragments
_MAX_ITEMS = 200  #: of the entries last written, for the next format of their page
Write = Callable[[Dialect, Sequence[Item]], Sequence[bytes]]


@dataclass(slots=True)
class _Kept:
    """The fragments of an entry by the number of their view and dialect.

    The entry itself is let go: it is known again by sight, else by its digest.
    """

    entry: ref[Entry]
    digest: int
    fragments: dict[int, bytes] = field(default_factory=dict)

    def n_bytes(self) -> int:
        return sum(map(len, self.fragments.values()))


class Fragments:
    """Fragments of the entries that were asked for last."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self.n_written = 0  #: ever
        self.n_bytes = 0  #: kept
        self._max_bytes = max_bytes
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._items: OrderedDict[tuple[str, int, View], Item] = OrderedDict()
        self._numbers: dict[tuple[View, Dialect], int] = {}  #: these take long to look up
        self._lock = threading.Lock()

    def of(self, page: Page, dialect: Dialect, write: Write) -> list[bytes]:
        """The fragment of each entry of a page, in its order; `write` makes those not kept."""
        view = view_of(page.site, page.feed)
        with self._lock:
            number = self._numbers.setdefault((view, dialect), len(self._numbers))
            found = [kept.fragments.get(number) for kept in self._held(page.entries)]
            if None in found:
                missing = [e for e, one in zip(page.entries, found, strict=True) if one is None]
                written = iter(write(dialect, self._items_of(missing, view)))
                found = [next(written) if one is None else one for one in found]
                self._keep(page.entries, found, number)
        return cast("list[bytes]", found)

    def clear(self) -> None:
        """Keep nothing of what is kept."""
        with self._lock:
            self._kept.clear()
            self._items.clear()
            self.n_bytes = 0

    def _held(self, entries: Iterable[Entry]) -> Iterator[_Kept]:
        """What is kept of each entry, the last to go from now on."""
        known, touch = self._kept.get, self._kept.move_to_end
        for entry in entries:
            kept = known(entry.id)
            if kept is None or kept.entry() is not entry:
                kept = self._recognised(entry, kept)
            touch(entry.id)
            yield kept

    def _recognised(self, entry: Entry, kept: _Kept | None) -> _Kept:
        """The same with an entry that is equal, nothing with one that has changed."""
        digest = hash(entry)
        if kept and kept.digest == digest:
            kept.entry = ref(entry)
            return kept
        self.n_bytes -= kept.n_bytes() if kept else 0
        self._kept[entry.id] = made = _Kept(ref(entry), digest)
        return made

    def _items_of(self, entries: Sequence[Entry], view: View) -> list[Item]:
        return [
            self._item(entry, kept.digest, view)
            for entry, kept in zip(entries, self._held(entries), strict=True)
        ]

    def _item(self, entry: Entry, digest: int, view: View) -> Item:
        """What the format before may have concluded already."""
        key = (entry.id, digest, view)
        if key not in self._items:
            self._items[key] = item_in(view, entry)
            if len(self._items) > _MAX_ITEMS:
                self._items.popitem(last=False)
        return self._items[key]

    def _keep(self, entries: Sequence[Entry], found: Sequence[bytes | None], number: int) -> None:
        for kept, fragment in zip(self._held(entries), found, strict=True):
            if number not in kept.fragments and fragment is not None:
                kept.fragments[number] = fragment
                self.n_bytes += len(fragment)
                self.n_written += 1
        while self.n_bytes > self._max_bytes:
            self.n_bytes -= self._kept.popitem(last=False)[1].n_bytes()


KEPT = Fragments()  #: of this process
