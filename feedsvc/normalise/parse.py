"""Words to a moment: what a complete date says, whoever wrote it.

Room: normalise. Pure; the result depends on no clock, time zone or locale of the machine.
Imports calendar_names, model and the room's calendars; called by rules and mentions.

The cheapest shape is tried first, and a shape is always checked before a library may read it:
a library fills what is missing, and sees a date in "1.2.3".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from email.utils import parsedate_tz
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from dateutil import parser

from feedsvc import calendar_names
from feedsvc.model import Precision
from feedsvc.normalise import calendars
from feedsvc.normalise.calendars import BUDDHIST

MAX_WORDS = 100  #: characters; no date is longer
_EPOCHS = (631_152_000, 4_102_444_800)  # 1990 to 2100, seconds

_ZONE = r"(?:(?:GMT|UTC)?\s?[+\-−]\d{1,2}(?::?\d\d){0,2}|[A-ZМСК]{1,5}\b|мск\b)"
_HALF = r"[AaPp]\.?\s?[Mm]\b\.?"
_DIGIT = re.compile(r"\d")
_IN_LETTERS = re.compile('年|[א-ת]["״][א-ת]')  #: numbers may be
_FOREIGN_DIGIT = re.compile(r"\d(?<![0-9])")
_EPOCH = re.compile(
    r"(\d{9,10})(?:\.\d+)?|(\d{12,13})|(\d{16})|\\?/Date\((\d{12,13})[^)]{0,5}\)\\?/"
)
_MAIL = re.compile(
    r"(?:[A-Za-z]{3,9},?\s)?\d{1,2}\s[A-Za-z]{3,9}\s\d{2,4}\s\d{1,2}:\d\d(?::\d\d)?\s"
    r"(?:[+-]\d{4}|UTC?|GMT|Z|[ECMP][SD]T)(?:\s\([^)]*\))?"
)
_ISO = re.compile(
    r"(\d{4})(-?)(\d\d)\2(\d\d)"
    rf"(?:[T ,]{{0,2}}(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d{{1,9}})?)?\s?({_ZONE})?)?"
)
_CLOCK_LIKE = re.compile(r"(?<![\d:.])(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?(?![\d:])")
_ISO_MONTH = re.compile(r"(\d{4})-(\d\d)")
_ISO_WEEK = re.compile(r"\d{4}-?W\d\d-?\d(?:T[\d:.,]+(?:Z|[+-]\d\d(?::?\d\d)?)?)?")
#: a zone's own name behind a time: [Europe/Kyiv], (Eastern European Summer Time)
_TAIL = re.compile(
    r"\s?(?:\[([^\[\]]{1,40})\]|\((\w+(?:/\w+)+|\w+(?:\s\w+)+)\)|\s([A-Z]\w+/[A-Z]\w+(?:/\w+)?))$"
)
_NUMERIC = re.compile(
    r"(?<![\w./:-])(\d{1,4})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{1,4})\.?(?=$|[\s,،、T()|])"
)
_SHORT = re.compile(r"(?<![\w./:-])(\d{1,2})([./-])(\d{1,2})(\.?)(?=$|[\s,،、(|])")
_TIME = re.compile(
    r"(?<![\d.:/-])(?P<hour>\d{1,2})(?::(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?(?!\d)"
    rf"\s?(?P<half>{_HALF})?|\s?(?P<alone>{_HALF}))(?:\s?\(?(?P<zone>{_ZONE})\)?)?"
)
_TOKEN = re.compile(r"\d+|[^\s\d,.:;()\[\]/|·–—\-،、・؛]+")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th|er|º|ª|°|ης?|ην|-?го)\b", re.IGNORECASE)

# Hours as countries write them, brought to 14:05: "14h05", "14 Uhr", "kl. 14.05", "14.05 น.".
_HOURS = (
    re.compile(
        r"(?<![\d.,:/-])(\d{1,2})\s?[hHч]\.?\s?(?:(\d\d)(?:\s?(?:min|m|мин)\b\.?)?)?(?![\w:])"
    ),
    re.compile(
        r"(?<![\d.:/-])(\d{1,2})(?:[.:](\d\d))?\s?(?:Uhr|uhr|uur|hod(?:in)?|น(?:าฬิกา)?)(?!\w)\.?"
    ),
    re.compile(
        r"(?<!\w)(?:kl|klo|ore|um|alle|at|om|às|as|las|godz|o|v|в|о|об|u|στις|เวลา)\.?\s(\d{1,2})\.(\d\d)(?![.\d])"
    ),
    re.compile(r"(?<=\d{4}[\s,])\s?(\d{1,2})\.(\d\d)$"),
)
_OF_WIRES = re.compile(
    r"(?<!\w)(\d\d)([0-2]\d)([0-5]\d)(Z?)[A-Y]?\s?([A-Z]{3})\s?(\d\d(?:\d\d)?)(?!\w)"
)
_LOGGED = re.compile(r"(\d{4}):(?=\d\d:\d\d)")
_CJK_DAY = re.compile(r"(?<![\d年])(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일号號]?")
_CJK_TIME = re.compile(
    r"(\d{1,2})\s?[時时点點시]\s?(?:(\d{1,2})\s?[分분]?)?(?:\s?(\d{1,2})\s?[秒초])?"
)
_TWICE = re.compile(
    r"(?:令和|平成|昭和)(?:\d{1,2}|元)年\s?\((\d{4}年)\)|(\d{4}年)\s?\((?:令和|平成|昭和)[^)]{1,4}\)"
)
_HAN_DAY = re.compile(
    "([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]"
)
_HAN = {digit: n for n, digits in enumerate(("〇零○", *"一二三四五六七八九")) for digit in digits}
_HALVES = "(?P<am>AM|{am})|(?P<pm>PM|{pm})".format(**calendar_names.HALVES)
_HALF_BEFORE = re.compile(
    rf"(?<![\u0370-\u06ff])(?:{_HALVES})\s{{0,3}}(?P<time>\d{{1,2}}(?::\d\d){{0,2}})"
)
_HALF_AFTER = re.compile(rf"(?P<time>(?<![\d:])\d{{1,2}}(?::\d\d){{0,2}})\s?(?:{_HALVES})(?!\w)")


@dataclass(frozen=True, slots=True)
class When:
    """A moment as written: naive where no zone stood beside it, midnight where no time did."""

    moment: datetime
    precision: Precision

    @classmethod
    def on(cls, day: date) -> When:
        """A whole day."""
        return cls(datetime.combine(day, time()), Precision.DAY)


def parse_full(words: str, language: str = "en", day_first: bool | None = None) -> When | None:
    """Read a complete date, with or without a time; None where anything is missing or doubtful.

    `day_first` settles 03/04/2025 where `language` does not. Raises nothing.
    """
    text = tidy(words)
    return _complete(text, language, day_first) if 4 <= len(text) <= MAX_WORDS else None


@lru_cache(8192)  # asked for by several rules, of all the items of a source in turn
def _complete(text: str, language: str, day_first: bool | None) -> When | None:
    if not (_DIGIT.search(text) or _IN_LETTERS.search(text)):
        return None
    return _read(text, language, day_first) or _with_a_wrong_time(text, language, day_first)


def _with_a_wrong_time(text: str, language: str, day_first: bool | None) -> When | None:
    """A date whose time is 9:5:3, or 24:00, or no time at all: then the day still stands."""
    found = _CLOCK_LIKE.search(text)
    if found is None:
        return None
    before, rest = text[: found.start()], text[found.end() :]
    hour, minute, second = (int(part or 0) for part in found.groups())
    is_midnight = (hour, minute, second) == (24, 0, 0)
    if (hour < 24 or is_midnight) and minute < 60 and second < 61:
        clock = f"{hour % 24:02}:{minute:02}:{second:02}"
        if when := _read(f"{before}{clock}{rest}", language, day_first):
            return replace(when, moment=when.moment + timedelta(days=is_midnight))
    day = _read(before.rstrip(" T,"), language, day_first)
    return day and When.on(day.moment.date())


def _read(text: str, language: str, day_first: bool | None) -> When | None:
    try:
        if text[4:5] == "-" and (iso := _ISO.fullmatch(text)) and text[:2] < "24":
            return _iso(iso)
        tail = _TAIL.search(text)
        when = _by_shape(text[: tail.start()] if tail else text, language, day_first)
        if when and when.moment.year > 2400 and language.startswith("th"):
            when = replace(when, moment=when.moment.replace(year=when.moment.year - BUDDHIST))
        return _in_zone(when, tail[1] or tail[2] or tail[3]) if tail and when else when
    except (ValueError, OverflowError):
        return None


def _in_zone(when: When, name: str) -> When:
    """A moment in the zone named behind it, where no offset stood there."""
    if when.moment.tzinfo or when.precision is Precision.DAY:
        return when
    try:
        return replace(when, moment=when.moment.replace(tzinfo=ZoneInfo(name)))
    except (KeyError, ValueError, OSError):
        return When.on(when.moment.date())


def tidy(words: str) -> str:
    """Digits of any script as ASCII, blanks as one blank, nothing invisible."""
    if words.isascii():
        return " ".join(words[: 4 * MAX_WORDS].split())
    folded = unicodedata.normalize("NFKC", words[: 4 * MAX_WORDS])
    visible = (c for c in folded if unicodedata.category(c) != "Cf")
    return " ".join(plain_digits("".join(visible)).split())


def plain_digits(text: str) -> str:
    """The same text, as long as before, with the decimal digits of every script as ASCII."""
    return _FOREIGN_DIGIT.sub(lambda found: str(unicodedata.decimal(found[0])), text)


def numeric_day(words: str, language: str, day_first: bool | None) -> tuple[int, int, int] | None:
    """Year, month, day of 13.05.2025, 5/13/2025, 2025/5/13; None when its order is unknown."""
    found = _NUMERIC.search(words)
    if not found:
        return None
    first, separator, second, third = found.groups()
    if len(first) == 4:
        return int(first), int(second), int(third)
    if separator == "." and language == "ko" and len(first) == 2 and len(third) < 3:
        return _century(first), int(second), int(third)
    if len(third) not in (2, 4) or len(first) > 2:
        return None
    days_first = _days_first(int(first), int(second), separator, language, day_first)
    if days_first is None or (len(third) == 2 and len(first) != 2 and separator != "/"):
        return None
    day, month = (first, second) if days_first else (second, first)
    return _century(third), int(month), int(day)


def short_day(words: str, language: str, day_first: bool | None) -> tuple[int, int, str] | None:
    """Month, day and what stands around them, of "13.05., 14:05": a day in numbers, no year.

    A full stop behind it, a time or a weekday must show that it is a day. Raises nothing.
    """
    text = tidy(words)
    found = _SHORT.search(text)
    if not found:
        return None
    rest = f"{text[: found.start()]} {text[found.end() :]}".strip()
    if (not found[4] and not rest) or _time_alone(rest, language) is None:
        return None
    first, second = int(found[1]), int(found[3])
    is_last = found[2] == "-" and calendar_names.day_first(language) is None
    days_first = not is_last and _days_first(first, second, found[2], language, day_first)
    if days_first is None:
        return None
    return (second, first, rest) if days_first else (first, second, rest)


def is_clock(words: str, language: str) -> bool:
    """Whether words are a time of day and nothing else. Raises nothing."""
    clock = _time_alone(tidy(words), language)
    return clock is not None and clock.at is not None


def _time_alone(text: str, language: str) -> _Clock | None:
    """The time of day in words that say no more, be there one or not; else None."""
    if len(text) > MAX_WORDS:
        return None
    try:
        clock, rest = _clock(_regular(text), language)
    except (ValueError, OverflowError):
        return None
    return clock if _is_filler(rest, language) else None


def _by_shape(text: str, language: str, day_first: bool | None) -> When | None:
    if epoch := _EPOCH.fullmatch(text):
        seconds = int(epoch[1] or 0) or int(epoch[2] or epoch[4] or 0) // 1000
        seconds = seconds or int(epoch[3] or 0) // 1_000_000
        if _EPOCHS[0] <= seconds < _EPOCHS[1]:
            return When(datetime.fromtimestamp(seconds, UTC), Precision.SECOND)
    if _MAIL.fullmatch(text) and (mailed := _mailed(text)):
        return mailed
    if iso := _ISO.fullmatch(text):
        return _iso(iso)
    if month := _ISO_MONTH.fullmatch(text):
        return _whole_month(int(month[1]), int(month[2]))
    if _ISO_WEEK.fullmatch(text):
        return When(parser.isoparse(text), Precision.SECOND if "T" in text else Precision.DAY)
    return _spelt(text, language, day_first)


def _mailed(text: str) -> When | None:
    parts = parsedate_tz(text)
    if parts is None:
        return None
    # "-0000" is UTC of an unknown place (RFC 5322 §3.3).
    zone = timezone(timedelta(seconds=parts[9] or 0))
    return When(datetime(*parts[:6], tzinfo=zone), Precision.SECOND)


def _iso(found: re.Match[str]) -> When:
    year, month, day = int(found[1]), int(found[3]), int(found[4])
    if found[5] is None:
        return When.on(date(year, month, day))
    second = min(int(found[7] or 0), 59)  # a leap second
    moment = datetime(year, month, day, int(found[5]), int(found[6]), second)  # noqa: DTZ001
    zone = _zone(found[8]) if found[8] else None
    if found[8] and zone is None:
        return When.on(moment.date())
    return When(moment.replace(tzinfo=zone), Precision.SECOND if found[7] else Precision.MINUTE)


def _spelt(text: str, language: str, day_first: bool | None) -> When | None:
    """Dates in words, in the order of a country, or of another calendar; ours is believed first."""
    text = _ORDINAL.sub("", _regular(text))
    others = calendars.days_in(text, language)
    rest = calendars.without(text, others)
    clock, rest = _clock(rest, language)
    when = _of_ours(rest, clock, language, day_first)
    return when or (_of_others(others, rest, clock, language) if others else None)


def _of_ours(text: str, clock: _Clock, language: str, day_first: bool | None) -> When | None:
    if found := _NUMERIC.search(text):
        rest = f"{text[: found.start()]} {text[found.end() :]}"
        if not _is_filler(rest, language):
            return None
        day = numeric_day(found[0], language, day_first) or _by_weekday(found[0], rest, language)
        return _moment(date(*day), clock) if day else None
    return _in_words(text, clock, language)


def _by_weekday(words: str, rest: str, language: str) -> tuple[int, int, int] | None:
    """An ambiguous day whose weekday fits one order alone."""
    weekday = next(iter(_weekdays(rest, language)), None)
    days = {numeric_day(words, "", order) for order in (True, False)} - {None}
    fitting = [day for day in days if day and date(*day).weekday() == weekday]
    return fitting[0] if len(fitting) == 1 else None


def _of_others(
    others: Sequence[calendars.Foreign], rest: str, clock: _Clock, language: str
) -> When | None:
    exact = [other for other in others if other.is_exact] or others
    days = {date(o.year, o.month, o.day) for o in exact if o.year}
    if len(days) != 1 or not all(o.year for o in exact) or not _is_filler(rest, language):
        return None
    (day,) = days
    weekdays = [] if exact[0].is_exact else _weekdays(rest, language)
    for weekday in weekdays[:1]:  # it says which day the month began there
        off = (weekday - day.weekday() + 1) % 7 - 1
        if abs(off) > 1:
            return None
        day += timedelta(days=off)
    return _moment(day, clock)


def _in_words(text: str, clock: _Clock, language: str) -> When | None:
    tokens = _TOKEN.findall(text)
    numbers = [token for token in tokens if token.isdecimal()]
    if len(numbers) not in (1, 2) or len(tokens) > 12:
        return None
    words = [token for token in tokens if not token.isdecimal()]
    months, others = _months_among(words, language)
    if not _is_filler(
        " ".join(others), language
    ):  # "mar. 13 mai": a month elsewhere, a weekday here
        words = [word for word in words if calendar_names.weekday_of(word, language) is None]
        months, others = _months_among(words, language)
    if len(months) != 1 or not _is_filler(" ".join(others), language):
        return None
    (month,) = months
    if len(numbers) == 1:
        return _whole_month(int(numbers[0]), month) if len(numbers[0]) == 4 else None
    year, day = numbers if len(numbers[0]) == 4 else reversed(numbers)
    if len(year) not in (2, 4) or len(day) > 2:
        return None
    return _moment(date(_century(year), month, int(day)), clock)


def _months_among(words: Sequence[str], language: str) -> tuple[set[int], list[str]]:
    """The months named, be it by two words or twice, and the other words."""
    months: set[int] = set()
    others: list[str] = []
    left = [*words]
    while left:
        word = left.pop(0)
        two = f"{word} {left[0]}" if left and not word.isascii() else ""
        if two and (named := calendar_names.month_of(two, language)):
            left.pop(0)
        else:
            everywhere = not months and not _is_filler(word, language)
            named = calendar_names.month_of(word, language, everywhere=everywhere)
        if named and (not months or named[0] in months):
            months.add(named[0])
        else:
            others.append(word)
    return months, others


def _is_filler(text: str, language: str) -> bool:
    """Whether nothing stands there but weekdays and the small words of dates."""
    return all(
        token.casefold() in calendar_names.SMALL
        or calendar_names.weekday_of(token, language, everywhere=True) is not None
        for token in _TOKEN.findall(text)
    )


def _weekdays(text: str, language: str) -> list[int]:
    found = (calendar_names.weekday_of(token, language) for token in _TOKEN.findall(text))
    return [weekday for weekday in found if weekday is not None]


class _Clock(NamedTuple):
    """A time of day; nothing of it where none stood there, or none in a zone we know."""

    at: time | None = None
    precision: Precision = Precision.DAY


def _moment(day: date, clock: _Clock) -> When:
    return When(datetime.combine(day, clock.at), clock.precision) if clock.at else When.on(day)


def _clock(text: str, language: str) -> tuple[_Clock, str]:
    """The time of day with its zone, and the text without them."""
    found = _TIME.search(text)
    if not found:
        return _Clock(), text
    zone, end = found["zone"] or "", found.end()
    if zone.upper() not in calendar_names.ZONES and _is_of_a_day(zone, language):
        zone, end = "", found.start("zone")
    rest = f"{text[: found.start()]} {text[end:]}"
    offset = _zone(zone) if zone else None
    if zone and offset is None:
        return _Clock(), rest
    half = (found["half"] or found["alone"] or "")[:1].upper()
    hour = int(found["hour"])
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "P" else 0)
    at = time(hour, int(found["minute"] or 0), min(int(found["second"] or 0), 59), tzinfo=offset)
    return _Clock(at, Precision.SECOND if found["second"] else Precision.MINUTE), rest


def _is_of_a_day(word: str, language: str) -> bool:
    """Whether a word behind a time names a month or a weekday rather than a zone."""
    named = calendar_names.month_of(word, language) or calendar_names.weekday_of(word, language)
    return bool(word and named)


@lru_cache(512)
def _zone(name: str) -> timezone | None:
    if (hours := calendar_names.ZONES.get(name.upper())) is not None:
        return timezone(timedelta(hours=hours))
    sign, digits = re.sub(r"[A-Z\s:]", "", name.replace("−", "-"))[:1], re.sub(r"\D", "", name)
    if sign not in ("+", "-") or not digits:
        return None
    digits = digits.zfill(2) if len(digits) < 3 else digits.zfill(4)
    parts = (int(digits[n : n + 2] or 0) for n in (0, 2, 4))
    size = timedelta(**dict(zip(("hours", "minutes", "seconds"), parts, strict=True)))
    return timezone(size if sign == "+" else -size)


def _regular(text: str) -> str:
    """Days and hours as one country writes them, in a form that all of them know."""
    if not text.isascii():
        text = _HAN_DAY.sub(_in_digits, _TWICE.sub(r"\1\2", text))
        text = _CJK_TIME.sub(_of_counters, _CJK_DAY.sub(r" \1-\2-\3 ", text))
    text = _HALF_AFTER.sub(_with_half, _HALF_BEFORE.sub(_with_half, text))
    text = _LOGGED.sub(r"\1 ", _OF_WIRES.sub(r"\1 \5 \6 \2:\3 \4", text))  # "030615Z MAR 25"
    for written in _HOURS:
        text = written.sub(lambda found: f" {found[1]}:{found[2] or '00'} ", text)
    return " ".join(text.split())


def _in_digits(found: re.Match[str]) -> str:
    year = "".join(str(_HAN[digit]) for digit in found[1])
    month, day = (_counted(number) for number in (found[2], found[3]))
    return f"{year}年{month}月{day}日"


def _counted(number: str) -> int:
    tens, has_tens, ones = number.rpartition("十")
    return (_HAN.get(tens, 1) * 10 if has_tens else 0) + _HAN.get(ones, 0)


def _of_counters(found: re.Match[str]) -> str:
    seconds = f":{int(found[3]):02}" if found[3] else ""
    return f" {found[1]}:{int(found[2] or 0):02}{seconds} "


def _with_half(found: re.Match[str]) -> str:
    return f" {found['time']} {'AM' if found['am'] else 'PM'} "


def _days_first(
    first: int, second: int, separator: str, language: str, settled: bool | None
) -> bool | None:
    if first > 12 or second > 12 or first == second:
        return first > 12 or second <= 12
    if separator == ".":  # no country writes month.day
        return True
    return calendar_names.day_first(language) if settled is None else settled


def _century(year: str) -> int:
    return int(year) if len(year) > 2 else int(year) + (1900 if int(year) >= 70 else 2000)


def _whole_month(year: int, month: int) -> When:
    return When(datetime(year, month, 1), Precision.MONTH)  # noqa: DTZ001
