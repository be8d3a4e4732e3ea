"""Days of other calendars, brought into ours: eras, Buddhist, Minguo, Jalali, Hijri, Hebrew years.

Room: normalise. Pure. Imports nothing of ours; called by parse and mentions. calendars.toml has
the names. A script is looked for first, its calendars second; the libraries that convert are
imported when the first such day is met. A calendar that is not certain gives no day.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_TABLES = tomllib.loads(files("feedsvc.normalise").joinpath("calendars.toml").read_text("utf-8"))
BUDDHIST, _MINGUO = 543, 1911  #: years between their first and ours
_ONE_FORM = str.maketrans("يىك\u200c", "ییک ")

_MONTH = r"(?P<m>\d{1,2})"
_ERA = re.compile(
    r"(?:(?P<era>令和|平成|昭和)|(?<!\w)(?P<letter>[RHS])(?=\d))\s?(?P<y>\d{1,2}|元)\s?[年./]"
    rf"\s?{_MONTH}\s?[月./]\s?(?P<d>\d{{1,2}})\s?日?(?!\d)"
)
_REPUBLIC = re.compile(
    rf"(?P<named>(?:中華)?民[國国])?\s?(?<!\d)(?P<y>\d{{2,3}})\s?年\s?{_MONTH}\s?月\s?(?P<d>\d{{1,2}})\s?日"
)
_NUMBERS = (
    re.compile(rf"(?<![\d./-])(?P<y>\d{{4}})([./-]){_MONTH}\2(?P<d>\d{{1,2}})(?![\d])"),
    re.compile(rf"(?<![\d./-])(?P<d>\d{{1,2}})([./-]){_MONTH}\2(?P<y>\d{{4}})(?!\d)"),
)
_OF_THE_HIJRA = re.compile(r"\s?\(?(?:هـ|ه\b|ه\.?\s?ق|ق\b|قمری|للهجرة|AH\b)")
_LETTERS = dict(
    zip("אבגדהוזחטיכלמנסעפצקרשת", (*range(1, 11), *range(20, 101, 10), 200, 300, 400), strict=True)
) | {"ך": 20, "ם": 40, "ן": 50}


class Foreign(NamedTuple):
    """A day of ours as another calendar writes it; `year` is None where none stood beside it."""

    start: int
    end: int
    year: int | None
    month: int
    day: int
    is_exact: bool = True  #: months of the Hijra begin a day earlier or later elsewhere


def days_in(text: str, language: str) -> list[Foreign]:
    """Every day of another calendar in a text whose digits are ASCII. Raises nothing."""
    primary = language.partition("-")[0].lower()
    if text.isascii() and primary not in _BY_LANGUAGE:
        return []
    scripts = [finder for script, finder in _BY_SCRIPT if script.search(text)]
    finders = dict.fromkeys((*scripts, *_BY_LANGUAGE.get(primary, ())))
    return [day for finder in finders for day in finder(text, primary)]


def without(text: str, days: Iterable[Foreign]) -> str:
    """The text with blanks in their place, as long as before."""
    for one in days:
        text = text[: one.start] + " " * (one.end - one.start) + text[one.end :]
    return text


def _eras(text: str, language: str) -> Iterator[Foreign]:
    for found in _ERA.finditer(text):
        if found["era"] or language == "ja":
            year = 1 if found["y"] == "元" else int(found["y"])
            first: int = _TABLES["eras"][found["era"] or found["letter"]]
            yield _ours(found, first + year)


def _republic(text: str, language: str) -> Iterator[Foreign]:
    for found in _REPUBLIC.finditer(text):
        if found["named"] or (language == "zh" and len(found["y"]) == 3):
            yield _ours(found, int(found["y"]) + _MINGUO)


def _thai(text: str, language: str) -> Iterator[Foreign]:  # noqa: ARG001 - the script is enough
    for found in _named("thai").finditer(text):
        year = int(found["y"] or 0) + (2500 if len(found["y"] or "") == 2 else 0)
        ours = year - BUDDHIST if year > 2400 else year
        yield Foreign(*found.span(), ours or None, _month_of(found), int(found["d"]))


def _numbers(text: str, language: str) -> Iterator[Foreign]:
    """2568-05-13, 1404/02/23, 15/11/1446 هـ: by the year, and by the language it stands in."""
    for found in (one for pattern in _NUMBERS for one in pattern.finditer(text)):
        year = int(found["y"])
        if language == "th" and 2400 < year < 2600:
            yield _ours(found, year - BUDDHIST)
        elif 1300 < year < 1500:
            if language == "ar" or _OF_THE_HIJRA.match(text, found.end()):
                yield from _converted(found, _hijri, int(found["m"]))
            elif language in ("fa", "ps"):
                yield from _converted(found, _jalali, int(found["m"]))


def _arabic(text: str, language: str) -> Iterator[Foreign]:  # noqa: ARG001 - the names are enough
    text = text.translate(_ONE_FORM)
    for calendar, convert in (("jalali", _jalali), ("hijri", _hijri)):
        for found in _named(calendar).finditer(text):
            yield from _converted(found, convert, _month_of(found))


def _hebrew(text: str, language: str) -> Iterator[Foreign]:  # noqa: ARG001
    for found in _named("hebrew").finditer(text):
        yield from _converted(found, _jewish, _month_of(found))


def _ours(found: re.Match[str], year: int) -> Foreign:
    return Foreign(*found.span(), year, int(found["m"]), int(found["d"]))


def _converted(
    found: re.Match[str], convert: Callable[[int, int, int], date], month: int
) -> Iterator[Foreign]:
    try:
        there = convert(_number(found["y"]), month, _number(found["d"]))
    except (ValueError, OverflowError):  # no such day in that calendar
        return
    is_exact = convert is not _hijri
    yield Foreign(*found.span(), there.year, there.month, there.day, is_exact)


def _jalali(year: int, month: int, day: int) -> date:
    from persiantools.jdatetime import JalaliDate

    return JalaliDate(year, month, day).to_gregorian()  # type: ignore[no-untyped-call] # its own


def _hijri(year: int, month: int, day: int) -> date:
    from hijridate import Hijri

    return Hijri(year, month, day).to_gregorian()


def _jewish(year: int, month: int, day: int) -> date:
    from pyluach.dates import HebrewDate

    return HebrewDate(year, month, day).to_pydate()


def _number(words: str) -> int:
    """A number in digits or in Hebrew letters; a year in letters leaves its thousands out."""
    if words.isdecimal():
        return int(words)
    n = sum(int(_LETTERS.get(letter, 0)) for letter in words)
    return n + 5000 if n > 400 else n


@cache
def _named(calendar: str) -> re.Pattern[str]:
    """Days with the name of a month of this calendar, which is in the group m1 … m13."""
    table = _TABLES[calendar]
    months = "|".join(f"(?P<m{n}>{words})" for n, words in enumerate(table["months"], 1))
    whole = f"{table['day']}{table['before']}(?:{months}){table['after']}"
    return re.compile(whole.replace(" ", r"\s"))


def _month_of(found: re.Match[str]) -> int:
    return int(next(n for n, words in found.groupdict().items() if words and n[1:].isdigit())[1:])


_BY_SCRIPT = (
    (re.compile("[年/]"), _eras),
    (re.compile("年"), _republic),
    (re.compile("[\u0e01-\u0e2e]"), _thai),
    (re.compile("[\u0621-\u06cc]"), _arabic),
    (re.compile("هـ|قمری"), _numbers),
    (re.compile("[א-ת]"), _hebrew),
)
_BY_LANGUAGE = {
    "ja": (_eras,),
    "th": (_numbers,),
    "fa": (_numbers,),
    "ps": (_numbers,),
    "ar": (_numbers,),
}
