"""What a source as a whole tells of its items' dates: capture day, years, the order of numbers.

Room: normalise. Pure. Imports the ladder, and the room's paths, parse and mentions; called by dates.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from feedsvc.model import DateRole, Order, Origin, Precision, RawItem
from feedsvc.normalise.context import Context
from feedsvc.normalise.ladder import Case, is_plausible, local_day
from feedsvc.normalise.mentions import days_in, last_day, lead
from feedsvc.normalise.parse import When, parse_full
from feedsvc.normalise.paths import day_in_path, month_in_path

MAX_PLACE = 43_199  #: seconds from noon to the end of the day
WRITTEN = (Origin.FIELD, Origin.LABEL, Origin.LINE, Origin.TIME, Origin.META)
TELLING = 4_000  #: characters of a text that may show the order of its numbers
TURN_DAYS = 60  #: a run of days that jumps further against its order has passed a new year

_YEAR = re.compile(r"(?:19|20)\d\d")
_AMBIGUOUS = re.compile(r"(\d(?<![\d/.-]\d)\d?)([/-])(\d{1,2})\2(?:19|20)?\d\d(?![\d/-])")


def cases_of(items: Sequence[RawItem], texts: Sequence[str], context: Context) -> Sequence[Case]:
    """The items of one source, each with everything a rule may look at."""
    day_first = context.day_first
    if day_first is None:
        day_first = _shown_order(items, texts)
    is_oldest_first = context.order is Order.OLDEST_FIRST
    cases = []
    for n, (item, text) in enumerate(zip(items, texts, strict=True)):
        language = item.language or context.language
        heading = _heading(item, context)
        reference = _reference(item, context)
        cases.append(
            Case(
                item=item,
                text=text,
                context=context,
                place=min(n if is_oldest_first else len(items) - 1 - n, MAX_PLACE),
                reference=reference,
                not_after=_not_after(heading, reference, item),
                year=_heading_year(item),
                heading=heading.moment.date() if heading and _is_day(heading) else None,
                is_alone=len(items) == 1,
                day_first=day_first,
                language=language,
                searched=_searched(item, text, language, context, day_first),
            )
        )
    return _across_years(_with_page_day(cases))


def _searched(
    item: RawItem, text: str, language: str, context: Context, day_first: bool | None
) -> str:
    """Only the lead, where its own field says it all: for what disputes it."""
    if any(
        raw.origin is Origin.FIELD
        and raw.role is DateRole.PUBLISHED
        and parse_full(raw.words, language, day_first)
        for raw in item.dates
    ):
        return text[: lead(text)]
    return text[: context.searched_characters]


# -- the capture day ----------------------------------------------------------------------------


def _reference(item: RawItem, context: Context) -> date | None:
    """The settings' day, else one the item or its heading carries, else that of its path."""
    if context.reference:
        return context.reference if is_plausible(context.reference, context) else None
    language = item.language or context.language
    for role, origin in ((DateRole.CAPTURED, None), (DateRole.PUBLISHED, Origin.HEADING)):
        for raw in item.dates:
            if raw.role is role and origin in (None, raw.origin):
                when = parse_full(raw.words, language, context.day_first)
                if when and _is_day(when) and is_plausible(when.moment, context):
                    return local_day(when.moment, context.time_zone)
    found = day_in_path(item.source)
    return found[0] if found and is_plausible(found[0], context) else None


def _not_after(heading: When | None, reference: date | None, item: RawItem) -> date | None:
    """What a day without a year is no later than: its heading, its month's folder, the capture."""
    if heading and _is_day(heading):
        end: date | None = heading.moment.date()
    elif heading:
        end = last_day(heading.moment.year, heading.moment.month)
    else:
        in_path = None if reference else month_in_path(item.source)
        end = last_day(*in_path) if in_path else None
    return min((day for day in (end, reference) if day), default=None)


def _heading(item: RawItem, context: Context) -> When | None:
    for raw in item.dates:
        if raw.origin is Origin.HEADING and raw.role is DateRole.PUBLISHED:
            when = parse_full(raw.words, item.language or context.language, context.day_first)
            if when and is_plausible(when.moment, context):
                return when
    return None


def _heading_year(item: RawItem) -> int | None:
    stands = (Origin.HEADING, Origin.LINE)
    years = [d.words for d in item.dates if d.origin in stands and _YEAR.fullmatch(d.words)]
    return int(years[0]) if years else None


def _is_day(when: When) -> bool:
    return when.precision is not Precision.MONTH


# -- years --------------------------------------------------------------------------------------


def _with_page_day(cases: Sequence[Case]) -> Sequence[Case]:
    """Where nothing dates the source: years by the newest complete day that one of its items has."""
    if not cases or any(case.not_after for case in cases):
        return cases
    days = [
        local_day(when.moment, case.context.time_zone)
        for case in cases
        for raw in case.item.dates
        if raw.origin in WRITTEN and (when := case.complete(raw.words)) and _is_day(when)
    ]
    newest = max((day for day in days if is_plausible(day, cases[0].context)), default=None)
    return [replace(case, not_after=newest) for case in cases] if newest else cases


def _across_years(cases: Sequence[Case]) -> Sequence[Case]:
    """A run of days without years that goes through a new year: the year steps back there."""
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for n, case in enumerate(cases):
        if case.not_after and case.year is None and _bare_day(case):
            groups[case.item.group].append(n)
    steps = dict(step for members in groups.values() for step in _steps(cases, members))
    return [
        replace(case, not_after=steps[n]) if n in steps else case for n, case in enumerate(cases)
    ]


def _steps(cases: Sequence[Case], members: list[int]) -> Iterator[tuple[int, date]]:
    days = [day for n in members if (day := _bare_day(cases[n]))]
    if len(days) < 3 or not (order := _running(days, cases[members[0]].context.order)):
        return
    if order is Order.OLDEST_FIRST:
        members = members[::-1]
    before: date | None = None
    for n in members:
        case = cases[n]
        assert case.not_after is not None
        bound = case.not_after if before is None else before + timedelta(days=TURN_DAYS)
        bound = min(bound, case.not_after)
        mention = days_in(_bare_words(case), case.language, case.day_first)[0]
        before = mention.on_or_before(bound)
        if bound < case.not_after:
            yield n, bound


def _running(days: Sequence[tuple[int, int]], order: Order | None) -> Order | None:
    """Which way a run of months and days goes, new years left out; None where it has no way."""
    steps = [((a[0] - b[0]) * 31 + a[1] - b[1]) % 372 for a, b in pairwise(days)]
    down, up = sum(0 < step < 186 for step in steps), sum(step > 186 for step in steps)
    shown = Order.NEWEST_FIRST if down > 3 * up else Order.OLDEST_FIRST if up > 3 * down else None
    return shown if order in (None, shown) else None


def _bare_words(case: Case) -> str:
    return next((raw.words for raw in case.item.dates if raw.origin in WRITTEN), "")


def _bare_day(case: Case) -> tuple[int, int] | None:
    """Month and day of an item's own date that has no year."""
    words = _bare_words(case)
    if not words or case.complete(words):
        return None
    mentions = days_in(words[:100], case.language, case.day_first)
    is_bare = len(mentions) == 1 and mentions[0].year is None and mentions[0].weekday is None
    return (mentions[0].month, mentions[0].day) if is_bare else None


# -- the order of numbers -----------------------------------------------------------------------


def _shown_order(items: Sequence[RawItem], texts: Sequence[str]) -> bool | None:
    """Whether a source writes the day first in 13/04/2025, shown by a value above 12.

    Its dates are asked first, its texts where they do not tell; None where it does both.
    """
    dates = (raw.words for item in items for raw in item.dates)
    shown = _orders(words for words in dates if not words[:4].isdecimal())
    shown = shown or _orders(text for text in texts if "/" in text)
    return shown.pop() if len(shown) == 1 else None


def _orders(written: Iterable[str]) -> set[bool]:
    return {
        int(found[1]) > 12
        for words in written
        for found in _AMBIGUOUS.finditer(words, 0, TELLING)
        if (int(found[1]) > 12) != (int(found[3]) > 12)
    }
