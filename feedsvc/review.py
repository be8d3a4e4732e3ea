"""A person walks through the weakest dates first and says what is true.

Room: review. What is asked and what an answer means; the terminal is the caller's. Answers go
to corrections.toml at once, so that stopping in between loses nothing.
Imports model and the store's records; called by cli.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from feedsvc.model import Candidate, Dated, Entry, How, Precision
from feedsvc.store import Snapshot

SURE = 0.8  #: dates at least as sure as this need no person


@dataclass(frozen=True, slots=True)
class Doubt:
    """An entry with a weak date, and the other days it could be."""

    entry: Entry
    choices: tuple[Candidate, ...]  #: complete days other than the one that stands, each once


def doubts(snapshot: Snapshot, most: int) -> Iterator[Doubt]:
    """The entries with the weakest dates, the weakest first, `most` of them."""
    weak = (entry for entry in snapshot.all_entries() if is_weak(entry.published))
    for entry in heapq.nsmallest(most, weak, key=_strength):
        story = snapshot.story(entry.id)
        yield Doubt(entry, _choices(entry, story.candidates if story else ()))


def is_weak(dated: Dated) -> bool:
    """Whether a person should look: no claim, or one that may well be wrong."""
    return dated.how < How.DERIVED or (dated.how is How.DERIVED and dated.confidence < SURE)


def _strength(entry: Entry) -> tuple[int, float, tuple[int, int, str]]:
    return entry.published.how, entry.published.confidence, entry.order


def _choices(entry: Entry, candidates: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    standing = entry.published.day.isoformat()
    days = {one.day: one for one in reversed(candidates) if len(one.day) == 10}
    days.pop(standing, None)
    return tuple(days[day] for day in sorted(days, key=lambda day: -days[day].confidence))[:9]


def accepted(dated: Dated) -> str:
    """A date that a person agrees with, as a correction says it."""
    if dated.precision in (Precision.DAY, Precision.MONTH) or dated.how is How.SEEN:
        return dated.day.isoformat()
    return dated.local.isoformat()


def day_in(words: str) -> str | None:
    """What a person typed as a correction says it: a day or a moment; None when it is neither."""
    try:
        datetime.fromisoformat(words.strip())
    except ValueError:
        return None
    return words.strip()
