"""When was this? RawItems in, Verdicts out.

Room: normalise. Pure: the moment of reading is an argument, never the clock.
Imports model and the room's own parse, mentions and context; called by normalise alone.

Each rule offers findings with the words it read them from; `choose` judges, the lowest rung
that answers wins, agreement raises its confidence. A new rule is one function, listed in RULES.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice
from typing import NamedTuple
from urllib.parse import urlsplit

from feedsvc.model import (
    Candidate,
    Dated,
    DateRole,
    How,
    Order,
    Origin,
    Precision,
    RawItem,
)
from feedsvc.normalise.context import Context
from feedsvc.normalise.cues import Cue
from feedsvc.normalise.mentions import Mention, days_in, lead, months_in, read
from feedsvc.normalise.parse import When, parse_full

MAX_PLACE = 43_199  #: seconds from noon to the end of the day
FIRST_YEAR = 1990  #: nothing earlier is believed
MAX_DAYS_AHEAD = 3_653  #: a stated day may be scheduled this far ahead
FAR_BACK_DAYS = 180  #: an inferred year that leads further back is doubtful
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one rule read: a moment, or the reason why it is none."""

    rung: Rung
    words: str
    when: When | None
    confidence: float
    bar: str = ""  #: why this is no date of the item; empty when it may be
    note: str = ""  #: what makes it doubtful


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One item with everything a rule may look at."""

    item: RawItem
    text: str
    context: Context
    place: int
    reference: date | None  #: the day its container was captured
    is_alone: bool  #: the only item of its source
    day_first: bool | None  #: how its source writes 03/04
    year: int | None  #: its heading's, for days without one
    mentions: tuple[Mention, ...]

    @property
    def language(self) -> str:
        return self.item.language or self.context.language

    @property
    def latest(self) -> date:
        """The last day that is not to come, wherever on earth it was written."""
        return (self.reference or self.context.read_at.date()) + timedelta(days=1)


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
        rung = BY_ORIGIN.get(raw.origin)
        if rung and raw.role is DateRole.PUBLISHED:
            yield _written(raw.words, rung, case)
        elif rung and raw.role is DateRole.UPDATED:
            yield _written(raw.words, CHANGED, case)


def day_in_link(case: Case) -> Iterator[Finding]:
    """/2025/05/13/, /2025/may/13/ and /2025-05-13 in the item's address."""
    found = _LINK_DAY.search(_path(case.item.link or ""))
    if found:
        words = f"{found['day']} {found['month']} {found['year']}"
        numbers = f"{found['year']}-{found['month']:0>2}-{found['day']:0>2}"
        when = parse_full(numbers) or parse_full(words)
        yield _bounded(LINK, found[0].strip("/"), when, case)


def trailing_day(case: Case) -> Iterator[Finding]:
    """A day in brackets at the end of title or text: "(11.09.2022)"."""
    for text in (case.item.title or "", case.text[-40:]):
        found = _TRAILING.search(text)
        when = found and parse_full(found[1], case.language, case.day_first)
        if found and when:
            yield _bounded(LINE, found[1], when, case)


def dateline(case: Case) -> Iterator[Finding]:
    """The place, the day, the agency: "DOHA, May 14. /TASS/", "新华社北京5月14日电"."""
    for mention in case.mentions[:1]:
        words = _dateline_words(mention, case)
        if words:
            yield _on_day(DATELINE, words, mention, case)


def report_in_lead(case: Case) -> Iterator[Finding]:
    """A verb of the past and its day in the first two sentences: "Reuters reported on May 13"."""
    lead_end = lead(case.text) if case.mentions else 0
    is_taken = bool(case.mentions and _dateline_words(case.mentions[0], case))
    for mention in case.mentions[is_taken:]:
        if mention.end > lead_end:
            words = case.text[mention.start : mention.end]
            yield _spoken_of(mention, words, "only spoken of", case)
        else:
            yield _in_lead(mention, case)
    for month, words in islice(months_in(case.text) if case.reference else (), 2):
        first = Mention(0, 0, month, 1, None, None, ()).on_or_before(case.reference)
        if first:
            when = When(_midnight(first), Precision.MONTH)
            yield replace(_bounded(MENTION, words, when, case), bar="a month only")


def day_in_file_name(case: Case) -> Iterator[Finding]:
    """2025-05-13-title.md, 20250513.txt: a post's own day, or the one its whole file shares."""
    rung = FILE_NAME if case.is_alone else FILE_OF_MANY
    written = [d.words for d in case.item.dates if d.origin is Origin.FILE_NAME]
    for words in (_day_in_name(case.item.source), *written):
        when = parse_full(words, case.language) if words else None
        if when:
            yield _bounded(rung, words, when, case)


def captured(case: Case) -> Iterator[Finding]:
    """The item was there when its container was captured: it is no newer."""
    if case.reference:
        when = When.on(case.reference)
        words = case.reference.isoformat()
        yield Finding(rung=REFERENCE, words=words, when=when, confidence=REFERENCE.confidence)


def first_seen(case: Case) -> Iterator[Finding]:
    """Always answers."""
    when = When(case.context.read_at.replace(microsecond=0), Precision.SECOND)
    yield Finding(rung=SEEN, words="", when=when, confidence=SEEN.confidence)


RULES = (
    own_dates,
    day_in_link,
    trailing_day,
    dateline,
    report_in_lead,
    day_in_file_name,
    captured,
    first_seen,
)


# -- the judge ----------------------------------------------------------------------------------


def choose(findings: Iterable[Finding], case: Case) -> tuple[Dated, tuple[Candidate, ...]]:
    """The lowest rung that answers, and what became of every finding.

    Two rungs on one day: 0.98; three: 0.995. A rung that is off by more than a day, with none
    to confirm the winner, lowers it to 0.67 at most.
    """
    ladder = sorted(findings, key=lambda finding: finding.rung.number)
    winner = next(finding for finding in ladder if _may_date(finding, case))
    day = _day(winner, case)
    others = {
        finding.rung.number: abs((_day(finding, case) - day).days)
        for finding in reversed(ladder)
        if _is_witness(finding) and finding.rung.number != winner.rung.number
    }
    n_agree = sum(not distance for distance in others.values()) if _is_witness(winner) else 0
    is_disputed = _is_witness(winner) and any(distance > 1 for distance in others.values())
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
    return bool(
        finding.when
        and not finding.bar
        and finding.confidence >= 0.5
        and finding.rung.number <= HEADING.number
        and finding.rung is not CHANGED
    )


def _why_not(finding: Finding, winner: Finding, case: Case) -> str:
    if finding.when is None:
        return finding.bar or "unreadable: no complete date"
    if finding.bar or finding.note:
        return finding.bar or finding.note
    if not _may_date(finding, case):
        return "a ranked list dates nothing" if case.item.rank is not None else "too weak"
    distance = abs((_day(finding, case) - _day(winner, case)).days)
    if not finding.rung.how.is_claim:
        return "no newer than this" if finding.rung is REFERENCE else "a bound only"
    return f"{winner.rung.name} is stronger" + (f"; {distance} days apart" if distance else "")


def _candidate(finding: Finding, case: Case, verdict: str) -> Candidate:
    day = _day(finding, case).isoformat() if finding.when else ""
    is_month = finding.when and finding.when.precision is Precision.MONTH
    return Candidate(
        rule=finding.rung.name,
        evidence=finding.words[:MAX_EVIDENCE],
        day=day[:7] if is_month else day,
        how=finding.rung.how,
        confidence=finding.confidence,
        verdict=verdict,
    )


def _verdict(case: Case, published: Dated, candidates: tuple[Candidate, ...]) -> Verdict:
    updated = max((m for m in _updates(case)), default=None)
    if updated:
        updated = max(updated, published.instant)
    return Verdict(published=published, updated=updated, candidates=candidates, place=case.place)


def _updates(case: Case) -> Iterator[datetime]:
    for raw in case.item.dates:
        finding = _written(raw.words, CHANGED, case) if raw.role is DateRole.UPDATED else None
        if finding and finding.when and not finding.bar:
            yield _dated(finding, case, 1).instant


# -- findings -----------------------------------------------------------------------------------


def _written(words: str, rung: Rung, case: Case) -> Finding:
    """A date expression by itself: complete, or a day whose year is inferred."""
    when = parse_full(words, case.language, case.day_first)
    if when:
        return _bounded(rung, words, when, case)
    mentions = days_in(words[:100], case.language, case.day_first)
    if len(mentions) != 1 or mentions[0].year is not None:
        return Finding(rung=rung, words=words, when=None, confidence=0)
    weaker = rung._replace(how=min(rung.how, How.DERIVED), confidence=min(rung.confidence, 0.9))
    finding, end = _on_day(weaker, words, mentions[0], case), mentions[0].end
    if finding.when:  # once more with its year: a time may stand beside it
        with_year = f"{words[:end]} {finding.when.moment.year}{words[end:]}"
        timed = parse_full(with_year, case.language, case.day_first)
        return replace(finding, when=timed or finding.when)
    return finding


def _dateline_words(mention: Mention, case: Case) -> str:
    """The whole of a dateline, or nothing where the mention stands in none."""
    start = case.text.rfind("\n", 0, mention.start) + 1
    before = case.text[start : mention.start]
    agency = _AGENCY.match(case.text, mention.end, mention.end + 60)
    is_place = _PLACE.fullmatch(before) or (agency and agency["cjk" if before else "brackets"])
    if not agency or not is_place or len(before) > 80:
        return ""
    return case.text[start : agency.end()].strip(" -–—―")


def _on_day(rung: Rung, words: str, mention: Mention, case: Case) -> Finding:
    """A day of the calendar, its year inferred where none is written."""
    mention = replace(mention, year=mention.year or case.year)
    day = mention.on_or_before(case.reference)
    if day is None:
        bar = "no year, and no reference date to infer it from"
        return Finding(rung=rung, words=words, when=None, confidence=rung.confidence, bar=bar)
    finding = _bounded(rung, words, When.on(day), case)
    is_guess = mention.year is None and mention.weekday is None
    if is_guess and case.reference and (case.reference - day).days > FAR_BACK_DAYS:
        note = f"the year is inferred, more than {FAR_BACK_DAYS} days before the reference date"
        return replace(finding, confidence=min(0.5, rung.confidence), note=note)
    return finding


def _in_lead(mention: Mention, case: Case) -> Finding:
    reading = read(case.text, mention)
    if reading.cue is Cue.FUTURE:
        return _to_come(mention, reading.words, case)
    if reading.cue is not Cue.PAST:
        bar = "an event past" if reading.cue else "only spoken of"
        return _spoken_of(mention, reading.words, bar, case)
    finding = _on_day(REPORT, reading.words, mention, case)
    if finding.when and finding.when.moment.date() >= case.latest:
        return _to_come(mention, reading.words, case)
    return finding


def _spoken_of(mention: Mention, words: str, bar: str, case: Case) -> Finding:
    finding = _on_day(MENTION, words, mention, case)
    return replace(finding, bar=finding.bar or bar)


def _to_come(mention: Mention, words: str, case: Case) -> Finding:
    day = mention.nearest(case.reference)
    when = When.on(day) if day else None
    bar = "an event to come: an upper bound only"
    return Finding(rung=MENTION, words=words, when=when, confidence=MENTION.confidence, bar=bar)


def _bounded(rung: Rung, words: str, when: When | None, case: Case) -> Finding:
    """A finding, barred where its day is not plausible."""
    finding = Finding(rung=rung, words=words, when=when, confidence=rung.confidence)
    if when is None:
        return finding
    if not FIRST_YEAR <= when.moment.year < 9998:
        far = f"the year {when.moment.year} is not plausible"
        return replace(finding, when=None, bar=far)
    ahead = (_day(finding, case) - case.latest).days
    if ahead > (MAX_DAYS_AHEAD if rung.how is How.STATED else 0):
        is_claimed = rung.how is How.STATED
        bar = "more than ten years ahead" if is_claimed else "a day to come: an upper bound only"
        return replace(finding, bar=bar)
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
    if precision in (Precision.DAY, Precision.MONTH):
        moment = datetime.combine(moment.date(), time(12), case.context.time_zone)
    elif moment.tzinfo is None:
        moment = moment.replace(tzinfo=case.context.time_zone)
    instant = moment.astimezone(UTC).replace(microsecond=0)
    if precision in (Precision.DAY, Precision.MONTH):
        instant += timedelta(seconds=case.place)
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
    groups: dict[str, list[int]] = {}
    zone = cases[0].context.time_zone if cases else UTC
    days = [dated.instant.astimezone(zone).date() for dated in published]
    for n, case in enumerate(cases):
        if case.item.rank is None:
            groups.setdefault(case.item.group, []).append(n)
    return {
        n: finding
        for members in groups.values()
        for n, finding in _within(members, cases, published, days)
    }


def _within(
    members: Sequence[int],
    cases: Sequence[Case],
    published: Sequence[Dated],
    days: Sequence[date],
) -> Iterator[tuple[int, Finding]]:
    anchors = [
        (at, n)
        for at, n in enumerate(members)
        if published[n].how >= How.DERIVED
        and published[n].confidence > 0.5
        and days[n] <= cases[n].latest
    ]
    order = cases[members[0]].context.order or _shown([days[n] for _, n in anchors])
    if order is None or not anchors:
        return
    following = 0
    for at, n in enumerate(members):
        while following < len(anchors) and anchors[following][0] < at:
            following += 1
        if published[n].how.is_claim:
            continue
        above = anchors[following - 1] if following else None
        below = anchors[following] if following < len(anchors) else None
        anchor = _nearest(at, above, below, days, order)
        if anchor is not None:
            yield n, _inherited(cases[anchor], published[anchor].evidence, days[anchor])


def _shown(days: Sequence[date]) -> Order | None:
    """The order that days of at least two kinds agree on."""
    if len(set(days)) < 2:
        return None
    if list(days) == sorted(days, reverse=True):
        return Order.NEWEST_FIRST
    return Order.OLDEST_FIRST if list(days) == sorted(days) else None


def _nearest(
    at: int,
    above: tuple[int, int] | None,
    below: tuple[int, int] | None,
    days: Sequence[date],
    order: Order,
) -> int | None:
    """The nearer anchor; the older of two as near; none where they contradict the order."""
    if above is None or below is None:
        known = above or below
        return known[1] if known else None
    newer, older = (above, below) if order is Order.NEWEST_FIRST else (below, above)
    if days[newer[1]] < days[older[1]]:
        return None
    return (newer if abs(newer[0] - at) < abs(older[0] - at) else older)[1]


def _inherited(neighbour: Case, evidence: str, day: date) -> Finding:
    item = neighbour.item
    where = f"line {item.line}" if item.line else f"item {item.position + 1}"
    when = When.on(day)
    words = f"{where}: {evidence}"
    return Finding(rung=NEIGHBOUR, words=words, when=when, confidence=NEIGHBOUR.confidence)


# -- what a source as a whole tells -------------------------------------------------------------


def _cases(items: Sequence[RawItem], texts: Sequence[str], context: Context) -> Iterator[Case]:
    day_first = _shown_order(items, texts)
    for n, (item, text) in enumerate(zip(items, texts, strict=True)):
        yield Case(
            item=item,
            text=text,
            context=context,
            place=min(_from_oldest(n, len(items), context), MAX_PLACE),
            reference=_reference(item, context),
            is_alone=len(items) == 1,
            day_first=day_first,
            year=_heading_year(item),
            mentions=days_in(text, item.language or context.language, day_first),
        )


def _from_oldest(n: int, n_items: int, context: Context) -> int:
    return n if context.order is Order.OLDEST_FIRST else n_items - 1 - n


def _heading_year(item: RawItem) -> int | None:
    years = [d.words for d in item.dates if d.origin is Origin.HEADING and _YEAR.fullmatch(d.words)]
    return int(years[0]) if years else None


def _reference(item: RawItem, context: Context) -> date | None:
    """The settings' day, else the capture date the item carries, else the file name's."""
    language, zone, day = item.language or context.language, context.time_zone, context.reference
    written = [raw.words for raw in item.dates if raw.role is DateRole.CAPTURED]
    for words in (*written, _day_in_name(item.source)) if day is None else ():
        when = parse_full(words, language)
        if day is None and when and when.precision is not Precision.MONTH:
            day = _local_day(when.moment, zone) if FIRST_YEAR <= when.moment.year < 9998 else None
    return day if day and FIRST_YEAR <= day.year < 9998 else None


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


def _day_in_name(source: str) -> str:
    name = posixpath.basename(source)
    found = _NAME_DAY.search(name)
    return f"{found[1]}-{found[3]}-{found[4]}" if found else ""


def _path(link: str) -> str:
    try:
        return urlsplit(link).path
    except ValueError:
        return ""


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


_LINK_DAY = re.compile(
    r"/(?P<year>(?:19|20)\d\d)(?P<s>[/-])(?P<month>\d\d?|[a-z]{3})(?P=s)(?P<day>\d\d?)(?=[/._-]|$)"
)
_NAME_DAY = re.compile(r"(?<![0-9A-Za-z])((?:19|20)\d\d)([-_.]?)(\d\d)\2(\d\d)(?![0-9A-SU-Za-z])")
_SLASHED = re.compile(r"(\d(?<![\d/.-]\d)\d?)/(\d{1,2})/(?:19|20)?\d\d(?![\d/-])")
_TRAILING = re.compile(r"\(([^()]{6,30})\)\s*\.?\s*$")
_YEAR = re.compile(r"(?:19|20)\d\d")
_PLACE = re.compile(
    r"(?:\([^()\n]{2,30}\)\s[–—-]\s)?"
    r"[^\W\d_a-zа-я][^\n,;:!?\d]{1,38}(?:,\s[^\W\d_][^\n,;:!?\d]{1,25})?(?:[,.،]|\s[–—-]{1,2})\s|【"
)
_AGENCY = re.compile(
    r"[.,]?\s{0,2}(?:/[^/\n]{2,30}/|(?P<brackets>\([^)\n]{2,40}\)\s?[–—-]{1,2})|\([^)\n]{2,40}\)"
    r"|[–—―-]{1,2}\s|[^\W\d_a-zа-я]\S{1,20}\s[–—-])|(?P<cjk>\s?[电電讯])|\s[^】\n]{2,10}】"
)
