"""The ladder of evidence, and what stands on it: rungs, findings, the case of one item.

Room: normalise. Pure. Imports model and the room's context, mentions and parse; called by
surroundings, rules, judge, neighbours and dates.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import NamedTuple

from feedsvc.model import How, RawItem
from feedsvc.normalise.context import Context
from feedsvc.normalise.mentions import Mention
from feedsvc.normalise.parse import When, parse_full

MAX_DAYS_AHEAD = 3_653  #: a stated day may be scheduled this far ahead
FAR_BACK_DAYS = 180  #: an inferred year that leads further back is doubtful
FAR_BACK = f"the year is inferred, more than {FAR_BACK_DAYS} days before the reference date"
#: Days that programs write where they know none.
PLACEHOLDERS = {date(1, 1, 1), date(1899, 12, 30), date(1900, 1, 1), date(1970, 1, 1)}


class Rung(NamedTuple):
    """A step of the ladder: strongest first, with the share of right days measured for it."""

    number: int
    name: str
    confidence: float
    how: How


FIELD = Rung(1, "own field", 0.98, How.STATED)
META = Rung(2, "page metadata", 0.94, How.STATED)
LINK = Rung(3, "day in the link", 0.974, How.DERIVED)
TIME = Rung(4, "time element", 0.94, How.STATED)
LABEL = Rung(5, "label", 0.90, How.DERIVED)
LINE = Rung(6, "date line", 0.88, How.DERIVED)
DATELINE = Rung(7, "dateline", 0.85, How.DERIVED)
REPORT = Rung(8, "report in the lead", 0.80, How.DERIVED)
FILE_NAME = Rung(9, "file name", 0.90, How.DERIVED)
HEADING = Rung(10, "heading", 0.75, How.INHERITED)
UNDER_HEADING = REPORT._replace(number=11)  #: what a day's heading stands above was told that day
FILE_OF_MANY = Rung(11, "file name", 0.70, How.INHERITED)
WEEKDAY = Rung(12, "weekday in the lead", 0.55, How.DERIVED)
NEIGHBOUR = Rung(12, "dated neighbour", 0.50, How.INHERITED)
MENTION = Rung(12, "day in the text", 0.30, How.DERIVED)
#: A change says only that the item was there by then.
CHANGED = Rung(13, "updated field", 0.40, How.CAPTURED)
REFERENCE = Rung(14, "reference date", 0.30, How.CAPTURED)
SEEN = Rung(15, "first seen", 0.10, How.SEEN)

SEVERAL_TIMES = 0.88  #: of a page with more than one time element


class Finding(NamedTuple):
    """What one rule read: a moment, or the reason why it is none."""

    rung: Rung  #: with the confidence of this very finding
    words: str
    when: When | None
    bar: str = ""  #: why this is no date of the item; empty when it may be
    note: str = ""  #: what makes it doubtful

    @property
    def confidence(self) -> float:
        return self.rung.confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One item with everything a rule may look at."""

    item: RawItem
    text: str
    context: Context
    place: int
    reference: date | None  #: the day its container was captured
    not_after: date | None  #: what a day without a year is no later than, but for one day
    year: int | None  #: of the heading, where it names no more
    heading: date | None  #: the day of its own heading
    is_alone: bool  #: the only item of its source
    day_first: bool | None  #: how its source writes 03/04
    language: str
    searched: str  #: as much of the text as is searched for days

    @property
    def latest(self) -> date:
        """The last day that is not to come, wherever on earth it was written."""
        return (self.reference or self.context.read_at.date()) + timedelta(days=1)

    def complete(self, words: str) -> When | None:
        """A complete date, read as this item's source writes them."""
        return parse_full(words, self.language, self.day_first)


def day_of(finding: Finding, case: Case) -> date:
    """The day in the source's zone: where days are compared."""
    assert finding.when is not None
    return local_day(finding.when.moment, case.context.time_zone)


def local_day(moment: datetime, zone: tzinfo) -> date:
    return (moment.astimezone(zone) if moment.tzinfo else moment).date()


def bounded(rung: Rung, words: str, when: When | None, case: Case) -> Finding:
    """A finding, barred where its day is not plausible."""
    finding = Finding(rung, words, when)
    if when is None:
        return finding
    if not is_plausible(when.moment, case.context):
        return Finding(rung, words, None, f"the year {when.moment.year} is not plausible")
    if when.moment.date() in PLACEHOLDERS:
        return Finding(rung, words, None, "a placeholder, no date")
    ahead = (day_of(finding, case) - case.latest).days
    is_stated = rung.how is How.STATED
    if ahead > (MAX_DAYS_AHEAD if is_stated else 0):
        bar = "more than ten years ahead" if is_stated else "a day to come: an upper bound only"
        return finding._replace(bar=bar)
    return finding


def is_plausible(day: date, context: Context) -> bool:
    return max(context.first_year, 100) <= day.year < 9998  # days can be counted from it


def on_day(rung: Rung, words: str, mention: Mention, case: Case) -> Finding:
    """A day of the calendar, its year inferred where none is written."""
    day = mention.of_year(case.year) or mention.on_or_before(case.not_after)
    if day is None:
        return Finding(rung, words, None, "no year, and no reference date to infer it from")
    finding = bounded(rung, words, When.on(day), case)
    is_guess = mention.year is None and mention.weekday is None and case.year is None
    if is_guess and case.not_after and (case.not_after - day).days > FAR_BACK_DAYS:
        doubtful = rung._replace(confidence=min(0.5, rung.confidence))
        return finding._replace(rung=doubtful, note=FAR_BACK)
    return finding
