"""The rules that read dates: each offers findings with the words it read them from.

Room: normalise. Pure. Imports model, the ladder, calendar_names, and the room's datelines,
mentions, parse and paths; called by dates. A new rule is one function, listed in RULES.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice

from feedsvc import calendar_names
from feedsvc.model import DateRole, How, Origin, Precision, RawDate
from feedsvc.normalise import ladder as on
from feedsvc.normalise.cues import Cue
from feedsvc.normalise.datelines import dateline_at, words_of
from feedsvc.normalise.ladder import Case, Finding, Rung, bounded, on_day
from feedsvc.normalise.mentions import Mention, days_in, lead, months_in, read, weekdays_in
from feedsvc.normalise.parse import When, is_clock, short_day, tidy
from feedsvc.normalise.paths import day_in_link, day_in_path

LONG_PAST_DAYS = 60  #: a year is not written of what has just happened

BY_ORIGIN = {
    Origin.FIELD: on.FIELD,
    Origin.META: on.META,
    Origin.TIME: on.TIME,
    Origin.LABEL: on.LABEL,
    Origin.LINE: on.LINE,
    Origin.HEADING: on.HEADING,
}
_TRAILING = re.compile(r"\(([^()]{6,30})\)\s*\.?\s*$")
#: "Die Zeit, 15.5.2025: …": a press review names the paper and its day.
_OPENING = re.compile(r"[^\W\d_][^\d,:;\"«»“”„]{1,40},\s([^,:;\"«»“”„]{6,30}):\s")
#: "Lublin, 15 maja 2025 r.", "Fait à Lyon, le 3 mars 2025": how a letter or a notice ends.
_SIGNED = re.compile(
    r"[^\W\d_a-zа-я][^\W\d_]{1,20}(?:[ '’-][^\W\d_]{1,20})?[,،]\s(\D{0,8}\d[^\n:;]{5,30})"
)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")


def own_dates(case: Case) -> Iterator[Finding]:
    """What the reader found in fields, metadata, labels, date lines and headings."""
    own = [raw for raw in case.item.dates if raw.role is DateRole.PUBLISHED]
    several = len({raw.words[:10] for raw in own if raw.origin is Origin.TIME}) > 1
    bare = _days_of_an_event(own, case)
    for raw in sorted(case.item.dates, key=_is_of_making):
        rung = on.CHANGED if raw.role is DateRole.UPDATED else BY_ORIGIN.get(raw.origin)
        if rung and raw.role is not DateRole.CAPTURED and raw.origin in BY_ORIGIN:
            if rung is on.TIME and several:
                rung = rung._replace(confidence=on.SEVERAL_TIMES)
            finding = written(raw.words, rung, case)
            if raw.words in bare:
                finding = finding._replace(bar=finding.bar or "one of several days: an event's")
            yield _timed(finding, own, case) if rung is on.HEADING else finding


def _days_of_an_event(own: list[RawDate], case: Case) -> set[str]:
    """Different days without a year or a label on one item: "01 Jun", "02 Jun" of a fair."""
    lines = {raw.words for raw in own if raw.origin is Origin.LINE}
    if len(lines) < 2:
        return set()
    mentions = {words: days_in(words[:100], case.language, case.day_first) for words in lines}
    bare = {
        words: (found[0].month, found[0].day)
        for words, found in mentions.items()
        if len(found) == 1 and found[0].year is None
    }
    return set(bare) if len(set(bare.values())) > 1 else set()


def _is_of_making(raw: RawDate) -> bool:
    """Whether it says when the item was made, which may be long before it was published."""
    return "creat" in raw.name.casefold()


def _timed(heading: Finding, own: list[RawDate], case: Case) -> Finding:
    """A heading's day with the time that stands alone above the item."""
    if heading.when is None or heading.when.precision is not Precision.DAY:
        return heading
    for raw in own:
        if raw.origin in (Origin.LINE, Origin.LABEL) and is_clock(raw.words, case.language):
            timed = case.complete(f"{heading.when.moment:%Y-%m-%d} {tidy(raw.words)}")
            return heading._replace(when=timed or heading.when)
    return heading


def link_day(case: Case) -> Iterator[Finding]:
    """/2025/05/13/, /2025/may/13/ and /2025-05-13 in the item's address."""
    if case.item.link and (found := day_in_link(case.item.link)):
        yield bounded(on.LINK, *found, case)


def set_apart(case: Case) -> Iterator[Finding]:
    """A day in brackets at the end of title or text, one that a title opens or a letter ends with."""
    title, last_lines = case.item.title or "", case.text[-120:].split("\n")[1:]
    for found in (
        _TRAILING.search(title),
        _TRAILING.search(case.text[-40:]),
        _OPENING.match(title),
        *(_SIGNED.fullmatch(line.rstrip()) for line in last_lines),
    ):
        when = case.complete(found[1]) if found else None
        if found and when:
            yield bounded(on.LINE, found[1], when, case)


def section_day(case: Case) -> Iterator[Finding]:
    """The one complete day that the name of the item's section holds."""
    name = case.item.section or case.item.group
    if not any(raw.origin is Origin.HEADING for raw in case.item.dates):
        mentions = days_in(name[:100], case.language, case.day_first)
        if len(mentions) == 1 and mentions[0].year:
            yield on_day(on.HEADING, name[mentions[0].start : mentions[0].end], mentions[0], case)


def prose(case: Case) -> Iterator[Finding]:
    """Days in the text: a dateline, reports in the first two sentences; the rest is only shown."""
    mentions = days_in(case.searched, case.language, case.day_first)
    span = dateline_at(case.text, mentions[0]) if mentions else None
    if span:
        yield on_day(on.DATELINE, words_of(case.text, span), mentions[0], case)
        mentions = mentions[1:]
    lead_end = lead(case.text) if mentions else 0
    for mention in mentions:
        yield _mentioned(mention, case, in_lead=mention.end <= lead_end)
    for month, words in islice(months_in(case.searched) if case.reference else (), 2):
        first = Mention(0, 0, month, 1).on_or_before(case.reference)
        if first:
            when = When(datetime.combine(first, time()), Precision.MONTH)
            yield bounded(on.MENTION, words, when, case)._replace(bar="a month only")


def weekday(case: Case) -> Iterator[Finding]:
    """As in "Police said on Tuesday": of an item that nothing else dates, read soon after."""
    if case.reference is None or case.item.dates or case.item.rank is not None:
        return
    end = lead(case.text, sentences=1)
    for start, stop, number in weekdays_in(case.text[:end], case.language):
        day = _last(number, case.reference)
        mention = Mention(start, stop, day.month, day.day, day.year, languages=(case.language,))
        cue, words = read(case.text, mention)
        finding = bounded(on.WEEKDAY, words, When.on(day), case)
        yield finding if cue is Cue.REPORT else finding._replace(bar="only spoken of")


def file_name(case: Case) -> Iterator[Finding]:
    """2025-05-13-title.md, 20250513.txt: a post's own day, or the one its whole file shares."""
    rung = on.FILE_NAME if case.is_alone else on.FILE_OF_MANY
    if found := day_in_path(case.item.source):
        yield bounded(rung, found[1], When.on(found[0]), case)
    for raw in case.item.dates:
        if raw.origin is Origin.FILE_NAME and (when := case.complete(raw.words)):
            yield bounded(rung, raw.words, when, case)


def captured(case: Case) -> Iterator[Finding]:
    """The item was there when its container was captured: it is no newer."""
    if case.reference:
        yield Finding(on.REFERENCE, case.reference.isoformat(), When.on(case.reference))


def first_seen(case: Case) -> Iterator[Finding]:
    """Always answers."""
    yield Finding(on.SEEN, "", When(case.context.read_at.replace(microsecond=0), Precision.SECOND))


RULES = (
    *(own_dates, link_day, set_apart, prose, weekday, section_day, file_name),
    *(captured, first_seen),
)


# -- date expressions by themselves -------------------------------------------------------------


def written(words: str, rung: Rung, case: Case) -> Finding:
    """A date expression by itself: complete, without its year, or counted from the reference."""
    if when := case.complete(words):
        return bounded(rung, words, when, case)
    weaker = rung._replace(how=min(rung.how, How.DERIVED), confidence=min(rung.confidence, 0.9))
    mentions = days_in(words[:100], case.language, case.day_first)
    if len(mentions) == 1 and mentions[0].year is None:
        return _without_year(words, mentions[0], weaker, case)
    if not mentions and (short := short_day(words, case.language, case.day_first)):
        month, day, rest = short
        finding = on_day(weaker, words, Mention(0, 0, month, day), case)
        return _with_time(finding, rest, case)
    counted = None if mentions else _relative(words, weaker, case)
    return counted or Finding(rung._replace(confidence=0), words, None)


def _without_year(words: str, mention: Mention, rung: Rung, case: Case) -> Finding:
    finding, end = on_day(rung, words, mention, case), mention.end
    if finding.when:  # once more with its year: a time may stand beside it
        timed = case.complete(f"{words[:end]} {finding.when.moment.year}{words[end:]}")
        return finding._replace(when=timed or finding.when)
    return finding


def _relative(words: str, rung: Rung, case: Case) -> Finding | None:
    """As in "3 hours ago", "yesterday, 14:05", "Tuesday, 14:05": counted back from the reference."""
    if case.reference is None or rung.number == on.HEADING.number:
        return None
    text = tidy(words)
    if ago := calendar_names.days_ago(text):
        n_days, rest = ago
        day, rung = case.reference - timedelta(days=n_days), rung._replace(confidence=0.8)
    else:
        named = [(w, n) for w in _WORD.findall(text) if (n := _weekday(w, case)) is not None]
        if len(named) != 1:
            return None
        rest, rung = text.replace(named[0][0], " ", 1), rung._replace(confidence=0.7)
        day = _last(named[0][1], case.reference)
    finding = bounded(rung, words, When.on(day), case)
    if not rest.strip(" ,.;-–—|·"):
        return finding
    timed = case.complete(f"{day.isoformat()} {rest}")
    return finding._replace(when=timed) if timed else None


def _with_time(finding: Finding, rest: str, case: Case) -> Finding:
    timed = finding.when and case.complete(f"{finding.when.moment:%Y-%m-%d} {rest}")
    return finding._replace(when=timed) if timed else finding


def _weekday(word: str, case: Case) -> int | None:
    return calendar_names.weekday_of(word, case.language)


def _last(weekday: int, reference: date) -> date:
    """The latest such weekday that is not after the reference."""
    return reference - timedelta(days=(reference.weekday() - weekday) % 7)


# -- days in sentences --------------------------------------------------------------------------


def _mentioned(mention: Mention, case: Case, *, in_lead: bool) -> Finding:
    """A day in a sentence: in the lead, what its clause makes of it; elsewhere only spoken of."""
    words, bar = case.text[mention.start : mention.end], "only spoken of"
    if in_lead:
        cue, words = read(case.text, mention)
        if cue is Cue.FUTURE or (cue and _is_to_come(mention, case)):
            day = mention.nearest(case.not_after)
            bar = "an event to come: an upper bound only"
            return Finding(on.MENTION, words, When.on(day) if day else None, bar)
        if cue in (Cue.PAST, Cue.REPORT) and not _is_long_past(mention, cue, case):
            rung = on.UNDER_HEADING if case.heading else on.REPORT
            finding = on_day(rung, words, mention, case)
            # "will hear it on May 20, said the speaker": the verb is of another clause.
            is_behind = finding.note == on.FAR_BACK and case.text.startswith(words, mention.start)
            return finding._replace(bar="an event, past or to come") if is_behind else finding
        bar = "an event past" if cue else bar
    finding = on_day(on.MENTION, words, mention, case)
    return finding._replace(bar=finding.bar or bar)


def _is_to_come(mention: Mention, case: Case) -> bool:
    day = mention.of_year(case.year) or mention.on_or_before(case.not_after)
    return day is not None and day >= case.latest


def _is_long_past(mention: Mention, cue: Cue, case: Case) -> bool:
    """Whether its year is written, and the clause tells of something that was long ago."""
    if mention.year is None or cue is Cue.REPORT:
        return False
    day = mention.on_or_before(None)
    if day is None or case.reference is None:
        return True
    return (case.reference - day).days > LONG_PAST_DAYS
