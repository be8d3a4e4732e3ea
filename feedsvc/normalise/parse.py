"""Words to a moment: what a complete date says, whoever wrote it.

Room: normalise. Pure; the result depends on no clock, time zone or locale of the machine.
Imports calendar_names and model; called by dates and mentions.

The cheapest shape is tried first, and a shape is always checked before a library may read it:
python-dateutil fills what is missing, and sees a date in "1.2.3".
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from email.utils import parsedate_tz
from functools import lru_cache

from dateutil import parser

from feedsvc import calendar_names
from feedsvc.model import Precision

MAX_WORDS = 100  #: characters; no date is longer
_EPOCHS = (631_152_000, 4_102_444_800)  # 1990 to 2100, seconds

_ZONE = r"(?:(?:GMT|UTC)?\s?[+\-−]\d{1,2}(?::?\d\d){0,2}|[A-Z]{1,5}\b)"
_DIGIT = re.compile(r"\d")
_FOREIGN_DIGIT = re.compile(r"\d(?<![0-9])")
_EPOCH = re.compile(r"(\d{9,10})(?:\.\d+)?|(\d{12,13})")
_MAIL = re.compile(
    r"(?:[A-Za-z]{3,9},?\s)?\d{1,2}\s[A-Za-z]{3,9}\s\d{2,4}\s\d{1,2}:\d\d(?::\d\d)?\s"
    r"(?:[+-]\d{4}|UTC?|GMT|Z|[ECMP][SD]T)(?:\s\([^)]*\))?"
)
_ISO = re.compile(
    r"(\d{4})(-?)(\d\d)\2(\d\d)"
    rf"(?:[T ]{{0,2}}(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d{{1,9}})?)?\s?({_ZONE})?)?"
)
_ISO_MONTH = re.compile(r"(\d{4})-(\d\d)")
_ISO_WEEK = re.compile(r"\d{4}-?W\d\d-?\d(?:T[\d:.,]+(?:Z|[+-]\d\d(?::?\d\d)?)?)?")
_CJK_DAY = re.compile(r"(?<![\d年])(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일号號]?")
_CJK_TIME = re.compile(r"(\d{1,2})\s?[時时点點시]\s?(\d{1,2})\s?[分분]?")
_NUMERIC = re.compile(r"(\d{1,4})([./-])\s?(\d{1,2})\2\s?(\d{1,4})\.?(?=$|[\s,T])")
_TIME = re.compile(
    r"(?<![\d.:/-])(\d{1,2})(?:[:h](\d\d)(?::(\d\d)(?:[.,]\d+)?)?(?!\d)\s?([AaPp]\.?[Mm]\b\.?)?"
    rf"|\s?([AaPp]\.?[Mm]\b\.?))(?:\s?\(?({_ZONE})\)?)?"
)
_TOKEN = re.compile(r"\d+|[^\s\d,.:;()\[\]/|·–—\-]+")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th|er|º|ª|°|-?го)\b", re.IGNORECASE)
_ENGLISH = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_DEFAULTS = (datetime(2000, 1, 1), datetime(2004, 2, 2))  # noqa: DTZ001  (naive on purpose)


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


@lru_cache(1024)
def _complete(text: str, language: str, day_first: bool | None) -> When | None:
    try:
        return _by_shape(text, language, day_first) if _DIGIT.search(text) else None
    except (ValueError, OverflowError):
        return None


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
    found = _NUMERIC.match(words)
    if not found:
        return None
    first, separator, second, third = found.groups()
    if len(first) == 4:
        return int(first), int(second), int(third)
    if len(third) not in (2, 4) or len(first) > 2:
        return None
    days_first = _days_first(int(first), int(second), separator, language, day_first)
    if days_first is None or (len(third) == 2 and len(first) != 2):
        return None
    day, month = (first, second) if days_first else (second, first)
    return _century(third), int(month), int(day)


def _by_shape(text: str, language: str, day_first: bool | None) -> When | None:
    if epoch := _EPOCH.fullmatch(text):
        seconds = int(epoch[1] or 0) or int(epoch[2] or 0) // 1000
        if _EPOCHS[0] <= seconds < _EPOCHS[1]:
            return When(datetime.fromtimestamp(seconds, UTC), Precision.SECOND)
    if _MAIL.fullmatch(text):
        return _mailed(text)
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
    """Dates in words, and numbers in the order of a country, brought into English for dateutil."""
    text = _ORDINAL.sub("", _from_cjk(text))
    clock, rest = _clock(text, language)
    numeric = numeric_day(rest, language, day_first)
    if numeric:
        rest = _NUMERIC.sub("", rest, count=1)
        return _read(*numeric, clock) if _is_filler(rest, language) else None
    return _in_words(rest, clock, language)


def _in_words(text: str, clock: tuple[str, str], language: str) -> When | None:
    numbers: list[str] = []
    words: list[str] = []
    for token in _TOKEN.findall(text):
        (numbers if token.isdecimal() else words).append(token)
    months, others = _months_among(words, language)
    if len(months) != 1 or not _is_filler(" ".join(others), language):
        return None
    if len(numbers) == 1 and len(numbers[0]) == 4:
        return _whole_month(int(numbers[0]), months[0])
    if len(numbers) != 2:
        return None
    year, day = numbers if len(numbers[0]) == 4 else reversed(numbers)
    if len(year) not in (2, 4) or len(day) > 2:
        return None
    return _read(_century(year), months[0], int(day), clock)


def _months_among(words: list[str], language: str) -> tuple[list[int], list[str]]:
    months: list[int] = []
    others: list[str] = []
    for word in words:
        named = calendar_names.month_of(word, language, everywhere=not _is_filler(word, language))
        if named and not months:
            months.append(named[0])
        else:
            others.append(word)
    return months, others


def _is_filler(text: str, language: str) -> bool:
    """Whether nothing stands there but weekdays and the small words of dates."""
    return all(
        token.casefold() in calendar_names.SMALL
        or calendar_names.weekday_of(token, language) is not None
        for token in _TOKEN.findall(text)
    )


def _read(year: int, month: int, day: int, clock: tuple[str, str]) -> When | None:
    hours, zone_name = clock
    zone = _zone(zone_name) if zone_name else None
    is_timed = bool(hours) and not (zone_name and zone is None)
    words = f"{day} {_ENGLISH[month - 1] if 1 <= month <= 12 else '?'} {year:04}"
    words += f" {hours}" if is_timed else ""
    one, other = (
        parser.parse(words, default=default, tzinfos=lambda *_: None) for default in _DEFAULTS
    )
    if one != other:
        return None
    if not is_timed:
        return When.on(one.date())
    precision = Precision.SECOND if hours.count(":") == 2 else Precision.MINUTE
    return When(one.replace(tzinfo=zone), precision)


def _clock(text: str, language: str) -> tuple[tuple[str, str], str]:
    """The time of day and its zone, and the text without them."""
    found = _TIME.search(text)
    if not found:
        return ("", ""), text
    hour, minute, second, half, half_alone, zone = found.groups("")
    end = found.end()
    if zone and (
        calendar_names.month_of(zone, language) or calendar_names.weekday_of(zone, language)
    ):
        zone, end = "", found.start(6)
    half = (half or half_alone).replace(".", "").upper()
    hours = f"{hour}:{minute or '00'}" + (f":{second}" if second else "") + (half and f" {half}")
    return (hours, zone), f"{text[: found.start()]} {text[end:]}"


def _zone(name: str) -> timezone | None:
    if name in calendar_names.ZONES:
        return timezone(timedelta(hours=calendar_names.ZONES[name]))
    sign, digits = re.sub(r"[A-Z\s:]", "", name.replace("−", "-"))[:1], re.sub(r"\D", "", name)
    if sign not in ("+", "-") or not digits:
        return None
    digits = digits.zfill(2) if len(digits) < 3 else digits.zfill(4)
    hours, minutes, seconds = (int(digits[n : n + 2] or 0) for n in (0, 2, 4))
    size = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return timezone(size if sign == "+" else -size)


def _from_cjk(text: str) -> str:
    if text.isascii():
        return text
    text = _CJK_TIME.sub(r" \1:\2", _CJK_DAY.sub(r"\1-\2-\3 ", text))
    half = "PM" if re.search("午後|下午|오후", text) else ""
    text = re.sub("午前|上午|오전|午後|下午|오후", " ", text)
    return re.sub(r"(\d:\d\d)", rf"\1 {half}", text, count=1) if half else text


def _days_first(
    first: int, second: int, separator: str, language: str, settled: bool | None
) -> bool | None:
    if first > 12 or second > 12 or first == second:
        return first > 12 or second <= 12
    if separator == ".":  # no country writes month.day
        return True
    own = calendar_names.day_first(language)
    return settled if own is None else own


def _century(year: str) -> int:
    return int(year) if len(year) > 2 else int(year) + (1900 if int(year) >= 70 else 2000)


def _whole_month(year: int, month: int) -> When:
    return When(datetime(year, month, 1), Precision.MONTH)  # noqa: DTZ001
