"""When was this? RawItems in, Verdicts out.

Room: normalise. Pure: the moment of reading is an argument, never the clock.
Imports model and the room's own parse, mentions, datelines and context; called by normalise alone.

Each rule offers findings with the words it read them from; `choose` judges: the lowest rung
that answers wins, agreement raises its confidence. A new rule is one function, listed in RULES.
"""

from __future__ import annotations

import posixpath
import re
from bisect import bisect
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from itertools import islice
from typing import NamedTuple
from urllib.parse import urlsplit

from feedsvc.model import Candidate, Dated, DateRole, How, Order, Origin, Precision, RawItem
from feedsvc.normalise.context import Context
from feedsvc.normalise.cues import Cue
from feedsvc.normalise.datelines import dateline_at, words_of
from feedsvc.normalise.mentions import Mention, days_in, lead, months_in, read
from feedsvc.normalise.parse import When, parse_full

MAX_PLACE = 43_199  #: seconds from noon to the end of the day
FIRST_YEAR = 1990  #: nothing earlier is believed
MAX_DAYS_AHEAD = 3_653  #: a stated day may be scheduled this far ahead
FAR_BACK_DAYS = 180  #: an inferred year that leads further back is doubtful
FAR_BACK = f"the year is inferred, more than {FAR_BACK_DAYS} days before the reference date"
MAX_EVIDENCE = 200  #: characters


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
FILE_OF_MANY = Rung(9, "file name", 0.70, How.INHERITED)
CHANGED = Rung(9, "updated field", 0.60, How.DERIVED)
HEADING = Rung(10, "heading", 0.75, How.INHERITED)
NEIGHBOUR = Rung(11, "dated neighbour", 0.50, How.INHERITED)
MENTION = Rung(11, "day in the text", 0.30, How.DERIVED)
REFERENCE = Rung(12, "reference date", 0.30, How.CAPTURED)
SEEN = Rung(13, "first seen", 0.10, How.SEEN)

BY_ORIGIN = {
    Origin.FIELD: FIELD,
    Origin.META: META,
    Origin.TIME: TIME,
    Origin.LABEL: LABEL,
    Origin.LINE: LINE,
    Origin.HEADING: HEADING,
}


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


class Case(NamedTuple):
    """One item with everything a rule may look at."""

    item: RawItem
    text: str
    context: Context
    place: int
    reference: date | None  #: the day its container was captured
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """When an item was published, and everything that could have dated it."""

    published: Dated
    updated: datetime | None  #: where the source states it; never before `published`
    candidates: tuple[Candidate, ...]
    place: int  #: counted from the oldest end of the source


def resolve(
    items: Sequence[RawItem], texts: Sequence[str], context: Context
) -> tuple[Verdict, ...]:
    """Date the items of one source, in their order; `texts` are their plain bodies.

    Every item gets an instant; `How` tells claims from bounds. Raises nothing.
    """
    cases = [*_cases(items, texts, context)]
    found = [[finding for rule in RULES for finding in rule(case)] for case in cases]
    own = [choose(findings, case) for findings, case in zip(found, cases, strict=True)]
    inherited = _from_neighbours(cases, [published for published, _ in own])
    return tuple(
        _verdict(case, *(choose([*findings, inherited[n]], case) if n in inherited else own[n]))
        for n, (case, findings) in enumerate(zip(cases, found, strict=True))
    )


# -- rules, strongest first ---------------------------------------------------------------------


def own_dates(case: Case) -> Iterator[Finding]:
    """What the reader found in fields, metadata, labels, date lines and headings."""
    for raw in case.item.dates:
        rung = CHANGED if raw.role is DateRole.UPDATED else BY_ORIGIN.get(raw.origin)
        if rung and raw.role is not DateRole.CAPTURED and raw.origin in BY_ORIGIN:
            yield _written(raw.words, rung, case)


def day_in_link(case: Case) -> Iterator[Finding]:
    """/2025/05/13/, /2025/may/13/ and /2025-05-13 in the item's address."""
    link = case.item.link or ""
    found = _LINK_DAY.search(link) and _LINK_DAY.search(_path(link))
    if found:
        year, month, day = found.group("year", "month", "day")
        when = parse_full(f"{year}-{month:0>2}-{day:0>2}") or parse_full(f"{day} {month} {year}")
        yield _bounded(LINK, found[0].strip("/"), when, case)


def trailing_day(case: Case) -> Iterator[Finding]:
    """A day in brackets at the end of title or text: "(11.09.2022)"."""
    for text in (case.item.title or "", case.text[-40:]):
        found = _TRAILING.search(text)
        when = case.complete(found[1]) if found else None
        if found and when:
            yield _bounded(LINE, found[1], when, case)


def prose(case: Case) -> Iterator[Finding]:
    """Days in the text: a dateline, reports in the first two sentences; the rest is only shown."""
    mentions = days_in(case.searched, case.language, case.day_first)
    span = dateline_at(case.text, mentions[0]) if mentions else None
    if span:
        yield _on_day(DATELINE, words_of(case.text, span), mentions[0], case)
        mentions = mentions[1:]
    lead_end = lead(case.text) if mentions else 0
    for mention in mentions:
        yield _mentioned(mention, case, in_lead=mention.end <= lead_end)
    for month, words in islice(months_in(case.searched) if case.reference else (), 2):
        first = Mention(0, 0, month, 1).on_or_before(case.reference)
        if first:
            when = When(datetime.combine(first, time()), Precision.MONTH)
            yield _bounded(MENTION, words, when, case)._replace(bar="a month only")


def day_in_file_name(case: Case) -> Iterator[Finding]:
    """2025-05-13-title.md, 20250513.txt: a post's own day, or the one its whole file shares."""
    rung = FILE_NAME if case.is_alone else FILE_OF_MANY
    written = [raw.words for raw in case.item.dates if raw.origin is Origin.FILE_NAME]
    for words in (_day_in_name(case.item.source), *written):
        if when := parse_full(words, case.language):
            yield _bounded(rung, words, when, case)


def captured(case: Case) -> Iterator[Finding]:
    """The item was there when its container was captured: it is no newer."""
    if case.reference:
        yield Finding(REFERENCE, case.reference.isoformat(), When.on(case.reference))


def first_seen(case: Case) -> Iterator[Finding]:
    """Always answers."""
    yield Finding(SEEN, "", When(case.context.read_at.replace(microsecond=0), Precision.SECOND))


RULES = (own_dates, day_in_link, trailing_day, prose, day_in_file_name, captured, first_seen)


# -- the judge ----------------------------------------------------------------------------------


def choose(findings: Iterable[Finding], case: Case) -> tuple[Dated, tuple[Candidate, ...]]:
    """The lowest rung that answers, and what became of every finding.

    Two rungs on one day: 0.98; three: 0.995. A rung that is off by more than a day, with none
    to confirm the winner, lowers it to 0.67 at most.
    """
    ladder = sorted(findings, key=lambda finding: finding.rung.number)
    winner = next(finding for finding in ladder if _may_date(finding, case))
    distances = _distances(winner, ladder, case)
    n_agree = sum(not distance for distance in distances)
    is_disputed = any(distance > 1 for distance in distances)
    notes = (
        winner.note,
        f"{n_agree + 1} rungs agree" if n_agree else "",
        "disputed: another rung is off by more than a day" if is_disputed else "",
    )
    chosen = ": ".join(filter(None, ("chosen", "; ".join(filter(None, notes)))))
    candidates = tuple(
        _candidate(f, case, chosen if f is winner else _why_not(f, winner, case)) for f in ladder
    )
    return _dated(winner, case, _agreed(winner.confidence, n_agree, is_disputed)), candidates


def _distances(winner: Finding, ladder: Sequence[Finding], case: Case) -> Collection[int]:
    """Days between the winner and each other rung that may speak for or against it."""
    if not _is_witness(winner):
        return ()
    day = _day(winner, case)
    return {
        finding.rung.number: abs((_day(finding, case) - day).days)
        for finding in reversed(ladder)
        if finding.rung.number != winner.rung.number and _is_witness(finding)
    }.values()


def _agreed(confidence: float, n_agree: int, is_disputed: bool) -> float:
    if n_agree:
        return max(confidence, 0.98 if n_agree == 1 else 0.995)
    return min(confidence, 0.67) if is_disputed else confidence


def _may_date(finding: Finding, case: Case) -> bool:
    if finding.when is None or finding.bar:
        return False
    if finding.rung.how is How.INHERITED and case.item.rank is not None:
        return False
    return finding.confidence >= 0.5 or not finding.rung.how.is_claim


def _is_witness(finding: Finding) -> bool:
    # Neighbours repeat what another item said; a change is expected to be later.
    is_dated = finding.when is not None and not finding.bar and finding.confidence >= 0.5
    return is_dated and finding.rung.number <= HEADING.number and finding.rung is not CHANGED


def _why_not(finding: Finding, winner: Finding, case: Case) -> str:
    if finding.when is None:
        return finding.bar or "unreadable: no complete date"
    if finding.bar or finding.note:
        return finding.bar or finding.note
    if not _may_date(finding, case):
        return "a ranked list dates nothing" if case.item.rank is not None else "too weak"
    if not finding.rung.how.is_claim:
        return "no newer than this" if finding.rung is REFERENCE else "a bound only"
    distance = abs((_day(finding, case) - _day(winner, case)).days)
    return f"{winner.rung.name} is stronger" + (f"; {distance} days apart" if distance else "")


def _candidate(finding: Finding, case: Case, verdict: str) -> Candidate:
    is_month = finding.when and finding.when.precision is Precision.MONTH
    day = _day(finding, case).isoformat() if finding.when else ""
    return Candidate(
        rule=finding.rung.name,
        evidence=finding.words[:MAX_EVIDENCE],
        day=day[:7] if is_month else day,
        how=finding.rung.how,
        confidence=finding.confidence,
        verdict=verdict,
    )


def _verdict(case: Case, published: Dated, candidates: tuple[Candidate, ...]) -> Verdict:
    changes = [
        _written(d.words, CHANGED, case) for d in case.item.dates if d.role is DateRole.UPDATED
    ]
    moments = [_dated(one, case, 1).instant for one in changes if one.when and not one.bar]
    updated = max((*moments, published.instant)) if moments else None
    return Verdict(published=published, updated=updated, candidates=candidates, place=case.place)


# -- findings -----------------------------------------------------------------------------------


def _written(words: str, rung: Rung, case: Case) -> Finding:
    """A date expression by itself: complete, or a day whose year is inferred."""
    if when := case.complete(words):
        return _bounded(rung, words, when, case)
    mentions = days_in(words[:100], case.language, case.day_first)
    if len(mentions) != 1 or mentions[0].year is not None:
        return Finding(rung._replace(confidence=0), words, None)
    weaker = rung._replace(how=min(rung.how, How.DERIVED), confidence=min(rung.confidence, 0.9))
    finding, end = _on_day(weaker, words, mentions[0], case), mentions[0].end
    if finding.when:  # once more with its year: a time may stand beside it
        timed = case.complete(f"{words[:end]} {finding.when.moment.year}{words[end:]}")
        return finding._replace(when=timed or finding.when)
    return finding


def _on_day(rung: Rung, words: str, mention: Mention, case: Case) -> Finding:
    """A day of the calendar, its year inferred where none is written."""
    mention = replace(mention, year=mention.year or _heading_year(case.item))
    day = mention.on_or_before(case.reference)
    if day is None:
        return Finding(rung, words, None, "no year, and no reference date to infer it from")
    finding = _bounded(rung, words, When.on(day), case)
    is_guess = mention.year is None and mention.weekday is None
    if is_guess and case.reference and (case.reference - day).days > FAR_BACK_DAYS:
        doubtful = rung._replace(confidence=min(0.5, rung.confidence))
        return finding._replace(rung=doubtful, note=FAR_BACK)
    return finding


def _mentioned(mention: Mention, case: Case, *, in_lead: bool) -> Finding:
    """A day in a sentence: in the lead, what its clause makes of it; elsewhere only spoken of."""
    words, bar = case.text[mention.start : mention.end], "only spoken of"
    if in_lead:
        cue, words = read(case.text, mention)
        finding = _on_day(REPORT, words, mention, case) if cue is Cue.PAST else None
        is_to_come = finding and finding.when and finding.when.moment.date() >= case.latest
        if cue is Cue.FUTURE or is_to_come:
            day = mention.nearest(case.reference)
            bar = "an event to come: an upper bound only"
            return Finding(MENTION, words, When.on(day) if day else None, bar)
        if finding:
            return finding
        bar = "an event past" if cue else bar
    finding = _on_day(MENTION, words, mention, case)
    return finding._replace(bar=finding.bar or bar)


def _bounded(rung: Rung, words: str, when: When | None, case: Case) -> Finding:
    """A finding, barred where its day is not plausible."""
    finding = Finding(rung, words, when)
    if when is None:
        return finding
    if not FIRST_YEAR <= when.moment.year < 9998:
        return Finding(rung, words, None, f"the year {when.moment.year} is not plausible")
    ahead = (_day(finding, case) - case.latest).days
    is_stated = rung.how is How.STATED
    if ahead > (MAX_DAYS_AHEAD if is_stated else 0):
        bar = "more than ten years ahead" if is_stated else "a day to come: an upper bound only"
        return finding._replace(bar=bar)
    return finding


def _day(finding: Finding, case: Case) -> date:
    """The day in the source's zone: where days are compared."""
    assert finding.when is not None
    return _local_day(finding.when.moment, case.context.time_zone)


def _local_day(moment: datetime, zone: tzinfo) -> date:
    return (moment.astimezone(zone) if moment.tzinfo else moment).date()


def _dated(finding: Finding, case: Case, confidence: float) -> Dated:
    """The instant: as written, or noon in the source's zone plus the item's place in seconds."""
    assert finding.when is not None
    moment, precision = finding.when.moment, finding.when.precision
    seconds = 0
    if precision in (Precision.DAY, Precision.MONTH):
        moment, seconds = datetime.combine(moment.date(), time(12)), case.place
    moment = moment if moment.tzinfo else moment.replace(tzinfo=case.context.time_zone)
    instant = moment.astimezone(UTC).replace(microsecond=0) + timedelta(seconds=seconds)
    offset = instant.astimezone(moment.tzinfo).utcoffset() or timedelta(0)
    return Dated(
        instant=instant,
        how=finding.rung.how,
        precision=precision,
        offset_minutes=round(offset.total_seconds() / 60),
        confidence=confidence,
        evidence=finding.words[:MAX_EVIDENCE],
        rule=finding.rung.name,
    )


# -- neighbours ---------------------------------------------------------------------------------


def _from_neighbours(cases: Sequence[Case], published: Sequence[Dated]) -> dict[int, Finding]:
    """For undated items of ordered groups: the day of the nearest dated neighbour that fits."""
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for n, case in enumerate(cases):
        if case.item.rank is None:
            groups[case.item.group].append(n)
    return {
        members[at]: _inherited(cases[members[anchor]], published[members[anchor]])
        for members in groups.values()
        for at, anchor in _anchored([cases[n] for n in members], [published[n] for n in members])
    }


def _anchored(cases: Sequence[Case], published: Sequence[Dated]) -> Iterator[tuple[int, int]]:
    """Places of undated items of one group, each with that of the dated one it may inherit from."""
    days = [_local_day(dated.instant, cases[0].context.time_zone) for dated in published]
    anchors = [
        at
        for at, dated in enumerate(published)
        if dated.how >= How.DERIVED and dated.confidence > 0.5 and days[at] <= cases[at].latest
    ]
    order = cases[0].context.order or _shown([days[at] for at in anchors])
    for at, dated in enumerate(published) if order and anchors else ():
        if not dated.how.is_claim:
            following = bisect(anchors, at)
            nearest = _nearest(at, anchors[max(0, following - 1) : following + 1], days, order)
            if nearest is not None:
                yield at, nearest


def _shown(days: Sequence[date]) -> Order | None:
    """The order that days of at least two kinds agree on."""
    if len(set(days)) < 2:
        return None
    if list(days) == sorted(days, reverse=True):
        return Order.NEWEST_FIRST
    return Order.OLDEST_FIRST if list(days) == sorted(days) else None


def _nearest(
    at: int, around: Sequence[int], days: Sequence[date], order: Order | None
) -> int | None:
    """The nearer anchor; the older of two as near; none where they contradict the order."""
    if len(around) == 1:
        return around[0]
    newer, older = around if order is Order.NEWEST_FIRST else reversed(around)
    if days[newer] < days[older]:
        return None
    return newer if abs(newer - at) < abs(older - at) else older


def _inherited(neighbour: Case, published: Dated) -> Finding:
    item, zone = neighbour.item, neighbour.context.time_zone
    where = f"line {item.line}" if item.line else f"item {item.position + 1}"
    day = _local_day(published.instant, zone)
    return Finding(NEIGHBOUR, f"{where}: {published.evidence}", When.on(day))


# -- what a source as a whole tells -------------------------------------------------------------


def _cases(items: Sequence[RawItem], texts: Sequence[str], context: Context) -> Iterator[Case]:
    day_first = _shown_order(items, texts)
    is_oldest_first = context.order is Order.OLDEST_FIRST
    for n, (item, text) in enumerate(zip(items, texts, strict=True)):
        from_oldest = n if is_oldest_first else len(items) - 1 - n
        language = item.language or context.language
        yield Case(
            item=item,
            text=text,
            context=context,
            place=min(from_oldest, MAX_PLACE),
            reference=_reference(item, context),
            is_alone=len(items) == 1,
            day_first=day_first,
            language=language,
            searched=text[: lead(text)] if _is_stated(item, language, day_first) else text,
        )


def _is_stated(item: RawItem, language: str, day_first: bool | None) -> bool:
    """Whether its own field says it all: then only the lead is searched, for what disputes it."""
    return any(
        raw.origin is Origin.FIELD
        and raw.role is DateRole.PUBLISHED
        and parse_full(raw.words, language, day_first)
        for raw in item.dates
    )


def _heading_year(item: RawItem) -> int | None:
    years = [d.words for d in item.dates if d.origin is Origin.HEADING and _YEAR.fullmatch(d.words)]
    return int(years[0]) if years else None


def _reference(item: RawItem, context: Context) -> date | None:
    """The settings' day, else the capture date the item carries, else the file name's."""
    if context.reference:
        return context.reference if _is_plausible(context.reference) else None
    written = (raw.words for raw in item.dates if raw.role is DateRole.CAPTURED)
    for words in (*written, _day_in_name(item.source)):
        when = parse_full(words, item.language or context.language)
        if when and when.precision is not Precision.MONTH and _is_plausible(when.moment):
            return _local_day(when.moment, context.time_zone)
    return None


def _is_plausible(day: date) -> bool:
    return FIRST_YEAR <= day.year < 9998


def _shown_order(items: Sequence[RawItem], texts: Sequence[str]) -> bool | None:
    """Whether a source writes the day first in 13/04/2025, shown by a value above 12."""
    written = (raw.words for item in items for raw in item.dates)
    shown = {
        int(found[1]) > 12
        for words in (*written, *texts)
        if "/" in words
        for found in _SLASHED.finditer(words)
        if (int(found[1]) > 12) != (int(found[2]) > 12)
    }
    return shown.pop() if len(shown) == 1 else None


@lru_cache(64)
def _day_in_name(source: str) -> str:
    found = _NAME_DAY.search(posixpath.basename(source))
    return f"{found[1]}-{found[3]}-{found[4]}" if found else ""


def _path(link: str) -> str:
    try:
        return urlsplit(link).path
    except ValueError:
        return ""


_LINK_DAY = re.compile(
    r"/(?P<year>(?:19|20)\d\d)(?P<s>[/-])(?P<month>\d\d?|[a-z]{3})(?P=s)(?P<day>\d\d?)(?=[/._-]|$)"
)
_NAME_DAY = re.compile(r"(?<![0-9A-Za-z])((?:19|20)\d\d)([-_.]?)(\d\d)\2(\d\d)(?![0-9A-SU-Za-z])")
_SLASHED = re.compile(r"(\d(?<![\d/.-]\d)\d?)/(\d{1,2})/(?:19|20)?\d\d(?![\d/-])")
_TRAILING = re.compile(r"\(([^()]{6,30})\)\s*\.?\s*$")
_YEAR = re.compile(r"(?:19|20)\d\d")
