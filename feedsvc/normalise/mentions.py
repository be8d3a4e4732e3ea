"""Days spoken of in prose, and what the words beside them make of them.

Room: normalise. Pure. Imports calendar_names, cues and parse; called by dates.
A number is looked at first, the word beside it second: text without digits costs one search.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice
from typing import NamedTuple

from feedsvc import calendar_names
from feedsvc.normalise import calendars
from feedsvc.normalise.cues import Cue, cues_in
from feedsvc.normalise.parse import numeric_day, plain_digits

MAX_MENTIONS = 6  #: days of one text worth telling of
_TOLD = (Cue.PAST, Cue.REPORT)
_REACH = 90  #: characters a cue may stand away
_YEARS_WITH_WEEKDAY = 12  #: day, month and weekday come again after 5, 6 or 11 years

_WORD = r"[^\W\d_][^\s\d,.:;()\[\]/\-–—\"«»“”!?]{1,19}"
_WITHOUT_BLANKS = ("ja", "zh", "th", "ko")
_CAPITALS = ("en", "de")  #: weekdays begin with one
_WEEKDAY = re.compile(r"[^\W\d_]{3,}(?:-[^\W\d_]{3,})?")
_DIGIT = re.compile(r"\d")
# The digit comes first and looks back: a pattern that opens with a look-behind is ten times slower.
_NUMBER = re.compile(r"\d(?<![\w.,/:$€£#%+~\-–—]\d)\d?(?![\d/%])(?![.,:]\d)(?!\s?[-–—]\s?\d)")
_AFTER = re.compile(
    r"(?:st|nd|rd|th|er|º|ª|°|-?го)?\.?\s{0,2}(?:of\s|de\s|di\s|d['’])?"
    rf"({_WORD})(?:\s({_WORD}))?"
)
_BEFORE = re.compile(rf"({_WORD})\.?,?\s{{1,2}}$")
_YEAR_AFTER = re.compile(
    r"(?:st|nd|rd|th)?[.,]?\s{0,2}(?:del?\s|of\s)?['’]?(\d{4})(?!\d)(?:\s?(?:р|г|r|d)\.)?"
)
_YEAR_BEFORE = re.compile(r"\b(\d{4})[.,]?\s(?:m\.\s)?$")
_NUMERIC = re.compile(r"\d(?<![\w./-]\d)\d{0,3}([./-])\d{1,2}\1\d{2,4}(?![\w/-]|[.]\d)")
_GLUED = re.compile(r"(?<=[א-ת])[-־](?=\d)")  #: a preposition before a number
_QUOTED = re.compile(r"«[^«»\n]{1,40}»|“[^“”\n]{1,40}”|„[^„“”\n]{1,40}[“”]")
_KANA = re.compile("[ぁ-ヿ]")
_CJK = re.compile(r"(?<![\d年元])(?:(\d{4})\s?[年년]\s?)?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]")
_SENTENCE_END = re.compile(
    r"[.!?…。！？](?:(?<=[。！？])|(?<=[^\W\d_]{3}[.!?…])[.!?…]*[”\"’»)]*\s+(?=\W?[^\W\d_]))"
)
_BREAK = re.compile(r"[,;:(\[—–\n«»“”\"]|[.!?]\s(?=[^\W\d_])")
_END = re.compile(r"[;:(\[—–\n«“]|(?<=[^\W\d_]{3})[.!?…](?=\s|$)|。")
_FOUR_DIGITS = re.compile(r"\d{4}")
_OPENINGS = ("", *'.!?…,;:—–\n”"(')  #: what a clause begins behind
_SUBJECT = re.compile(r"[^\W\d_][\w’'.-]*\s+$")
_MONTH_ALONE = re.compile(r"in(?<!\win)\s([A-Z][a-z]{2,8})\b(?!\s\d)")
_EARLIER = re.compile(r"(?:early|earlier|late|later)\s$")


@dataclass(frozen=True, slots=True)
class Mention:
    """A day of the calendar in a text; `start` takes in a weekday before it."""

    start: int
    end: int
    month: int
    day: int
    year: int | None = None
    weekday: int | None = None
    languages: tuple[str, ...] = ()  #: that say it so, the likeliest first

    @property
    def is_possible(self) -> bool:
        """Whether its year is of our calendar, and the calendar has such a day."""
        year = 2000 if self.year is None else self.year
        return 1900 <= year < 2100 and _day(year, self.month, self.day) is not None

    def of_year(self, year: int | None) -> date | None:
        """The day itself, where the year is written or given."""
        written = self.year or year
        return _day(written, self.month, self.day) if written else None

    def nearest(self, reference: date | None) -> date | None:
        """The day itself, in the year that lies nearest to the reference: of events."""
        if self.year or reference is None:
            return self.on_or_before(None)
        days = (_day(reference.year + n, self.month, self.day) for n in (-1, 0, 1))
        return min((d for d in days if d), key=lambda d: abs(d - reference), default=None)

    def on_or_before(self, reference: date | None) -> date | None:
        """The day itself, in the latest year not after the day after the reference.

        A weekday beside it settles the year; Feb 29 takes a leap year; neither year
        nor reference: None.
        """
        if self.year:
            return _day(self.year, self.month, self.day)
        if reference is None:
            return None
        last = reference + timedelta(days=1)
        for year in range(last.year, last.year - _YEARS_WITH_WEEKDAY, -1):
            day = _day(year, self.month, self.day)
            if day and day <= last and self.weekday in (None, day.weekday()):
                return day
        return None


class Reading(NamedTuple):
    """What the clause makes of a day: the cue that decides, and the words from it to the day."""

    cue: Cue | None
    words: str


def lead(text: str, sentences: int = 2) -> int:
    """Where the first two sentences of a text end."""
    start = len(text) - len(text.lstrip())
    stop = text.find("\n", start)
    paragraph = text[: min(stop if stop > 0 else len(text), 1_000)]
    ends = [found.end() for found in islice(_SENTENCE_END.finditer(paragraph), sentences)]
    return ends[-1] if len(ends) == sentences else len(paragraph)


def days_in(text: str, language: str, day_first: bool | None = None) -> tuple[Mention, ...]:
    """The first days a text speaks of, in order; those with a year of another calendar left out."""
    if not _DIGIT.search(text):
        return ()
    searched = text.replace("\xa0", " ")
    if not searched.isascii():
        searched = _GLUED.sub(" ", plain_digits(searched))
    found: list[Mention] = []
    if others := calendars.days_in(searched, language):
        found += islice(_of_others(others, language), MAX_MENTIONS)
        searched = calendars.without(searched, others)
    found += islice(_worded(searched, language), MAX_MENTIONS)
    found += islice(_numeric(searched, language, day_first), MAX_MENTIONS)
    if "月" in searched or "월" in searched:
        found += islice(_counted(searched, language), MAX_MENTIONS)
    return tuple(sorted(found, key=lambda mention: mention.start)[:MAX_MENTIONS])


def weekdays_in(text: str, language: str) -> Iterator[tuple[int, int, int]]:
    """The weekdays a text names in full, as (start, end, Monday 0)."""
    names = calendar_names.whole_weekdays(language)
    if language[:2] in _WITHOUT_BLANKS:
        places = ((text.find(name), name, number) for name, number in names.items())
        yield from ((at, at + len(name), number) for at, name, number in places if at >= 0)
        return
    for found in _WEEKDAY.finditer(text):
        weekday = names.get(calendar_names.fold(found[0]))
        if weekday is not None and not (language[:2] in _CAPITALS and found[0].islower()):
            yield *found.span(), weekday


def months_in(text: str) -> Iterator[tuple[int, str]]:
    """English months that stand alone ("earlier in December"), with their words."""
    for found in _MONTH_ALONE.finditer(text):
        named = calendar_names.month_of(found[1], "en")
        if named:
            before = _EARLIER.search(text[max(0, found.start() - 8) : found.start()])
            yield named[0], (before[0] if before else "") + found[0]


def read(text: str, mention: Mention) -> Reading:
    """Judge a mention by its clause: the nearest cue before it, else the first one after it."""
    for language in mention.languages:
        reading = _before(text, mention, language) or _after(text, mention, language)
        if reading:
            return reading
    return Reading(None, text[mention.start : mention.end])


def _before(text: str, mention: Mention, language: str) -> Reading | None:
    begin = max(0, mention.start - _REACH)
    unquoted = _QUOTED.sub(lambda name: "x" * len(name[0]), text[begin : mention.start])
    begin += max((found.end() for found in _BREAK.finditer(unquoted)), default=0)
    window = text[begin : mention.start]
    # "Bis zum 20. Mai": a small word that opens the clause; in English a Will may open it.
    cues = [*cues_in(window if language == "en" else window[:1].lower() + window[1:], language)]
    if not cues:
        return None
    cue, start, _ = cues[-1]
    if cue in _TOLD and len(cues) > 1:
        governing, ahead, end = cues[-2]
        # "will be released on", "had agreed on": the auxiliary decides.
        if governing not in _TOLD and len(text[begin + end : begin + start].split()) <= 2:
            cue, start = governing, ahead
    subject = _SUBJECT.search(text, begin, begin + start) if cue in _TOLD else None
    first = subject.start() if subject and subject[0][0].isupper() else begin + start
    return Reading(cue, text[first : mention.end])


def _after(text: str, mention: Mention, language: str) -> Reading | None:
    # In English a day rules the clause only from its head: "On May 13, Reuters reported".
    if language == "en" and not _opens_clause(text, mention.start):
        return None
    stop = _END.search(text, mention.end, mention.end + _REACH)
    end = stop.start() if stop else mention.end + _REACH
    for cue, _, last in cues_in(text[mention.end : end], language):
        return Reading(cue, text[mention.start : mention.end + last])
    return None


def _opens_clause(text: str, start: int) -> bool:
    before = text[max(0, start - 16) : start].rstrip().removesuffix("On").removesuffix("on")
    return before.rstrip()[-1:] in _OPENINGS


def _worded(text: str, language: str) -> Iterator[Mention]:
    for number in _NUMBER.finditer(text):
        if 1 <= int(number[0]) <= 31:
            for find in (_day_month, _month_day):
                mention = find(text, number, language)
                if mention and mention.is_possible:
                    yield mention
                    break


def _day_month(text: str, number: re.Match[str], language: str) -> Mention | None:
    after = _AFTER.match(text, number.end())
    if not after:
        return None
    two_words = f"{after[1]} {after[2]}" if after[2] else after[1]
    for word, end in ((two_words, after.end(2)), (after[1], after.end(1))):
        named = _month(word, language)
        if named and end > 0:
            return _mention(text, number.start(), end, named, int(number[0]))
    return None


def _month_day(text: str, number: re.Match[str], language: str) -> Mention | None:
    before = _word_before(text, number.start())
    named = _month(before[1], language) if before else None
    if not before or not named:
        return None
    start = number.start() - len(before[0])
    year = _YEAR_BEFORE.search(text[max(0, start - 9) : start])
    mention = _mention(
        text, start - (len(year[0]) if year else 0), number.end(), named, int(number[0])
    )
    return replace(mention, year=int(year[1])) if year else mention


def _word_before(text: str, at: int) -> re.Match[str] | None:
    before = text[max(0, at - 24) : at]
    return _BEFORE.search(before, before.rstrip().rfind(" ") + 1) if before[-1:].isspace() else None


def _month(word: str, language: str) -> calendar_names.Named | None:
    named = calendar_names.month_of(word, language)
    # "may 15 people", "march 10 miles"
    return None if named and "en" in named[1][:1] and word[0].islower() else named


def _mention(text: str, start: int, end: int, named: calendar_names.Named, day: int) -> Mention:
    """With the weekday before it and the year behind it."""
    month, languages = named
    before = _word_before(text, start)
    weekday = calendar_names.weekday_of(before[1], languages[0]) if before else None
    if before and weekday is not None:
        start -= len(before[0])
    year = _YEAR_AFTER.match(text, end)
    end, number = (year.end(), int(year[1])) if year else (end, None)
    return Mention(start, end, month, day, number, weekday, languages)


def _numeric(text: str, language: str, day_first: bool | None) -> Iterator[Mention]:
    languages = tuple(dict.fromkeys((language.partition("-")[0], "en")))
    for found in _NUMERIC.finditer(text):
        parts = numeric_day(found[0], language, day_first)
        if parts and _FOUR_DIGITS.search(found[0]):
            year, month, day = parts
            mention = Mention(*found.span(), month, day, year, None, languages)
            if mention.is_possible:
                yield mention


def _of_others(others: Iterable[calendars.Foreign], language: str) -> Iterator[Mention]:
    for start, end, year, month, day, _ in others:
        mention = Mention(start, end, month, day, year, None, (language[:2],))
        if mention.is_possible:
            yield mention


def _counted(text: str, language: str) -> Iterator[Mention]:
    primary = language[:2]
    if primary not in _WITHOUT_BLANKS:
        primary = "ko" if "월" in text else "ja" if _KANA.search(text) else "zh"
    for found in _CJK.finditer(text):
        year = int(found[1]) if found[1] else None
        # A year before it that is not of four digits counts from an emperor.
        before = text[max(0, found.start() - 2) : found.start()].rstrip()
        mention = Mention(*found.span(), int(found[2]), int(found[3]), year, None, (primary,))
        if mention.is_possible and (year or not before.endswith(("年", "년"))):
            yield mention


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def last_day(year: int, month: int | None) -> date:
    """Of a month, or of a year."""
    return (
        date(year, 12, 31) if month in (None, 12) else date(year, month + 1, 1) - timedelta(days=1)
    )
