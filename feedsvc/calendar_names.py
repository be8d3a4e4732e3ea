"""What months, weekdays and zones are called, and the small words between them.

Room: calendar_names. Imports nothing of ours; called by sources, to tell a line that is a date,
and by normalise, to read it. Names come from CLDR, in every language it knows, the rest from
calendar_names.toml. babel's own `dates` is not asked for names that stand alone: what it answers,
here and in every other room of the process, depends on which language asked first.
Names are read when first needed: one language 2 ms, the common ones 60 ms, all of them half a second.
"""

from __future__ import annotations

import pickle
import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from babel import Locale, UnknownLocaleError, localedata

_TABLES = tomllib.loads(files("feedsvc").joinpath("calendar_names.toml").read_text("utf-8"))
_COMMON = _TABLES["common"].split()
_DAY_FIRST = _TABLES["day_first"].split()
_MONTHS, _DAYS = "months", "days"
_ENDS = ".׳॰'’"
_WORD = re.compile(r"[^\W\d_]+")
# One apostrophe, one Arabic yeh and kaf; no tatweel, no joiners.
_ONE_FORM = str.maketrans("’ʼ`´يىك", "''''ییک", "ـ\u200c\u200d")
_GLUED = {"he": "ב", "ar": "و"}  #: prepositions written together with the name behind them

Named = tuple[int, tuple[str, ...]]  #: a number and the languages that say it so

#: Abbreviations of zones that mean the same everywhere, with their hours east of UTC.
ZONES = {name: int(hours) for hours, names in _TABLES["zones"].items() for name in names.split()}
#: Patterns of the halves of the day beside a time, where they are no "am" and "pm".
HALVES = {half: _TABLES[half] for half in ("am", "pm")}
#: Words that stand between the parts of a date, folded.
SMALL = frozenset(_TABLES["small"].split())


def fold(word: str) -> str:
    """A name as it is looked up: no case, no dot, no article glued to it."""
    folded = word.strip().casefold()
    if not folded.isascii():
        folded = folded.translate(_ONE_FORM)
    return folded.rstrip(_ENDS).removeprefix("de ").removeprefix("d'")


def _bare(name: str) -> str:
    """A folded name without its accents, as capitals and hurried people leave them out."""
    if name.isascii():
        return name
    return "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))


@lru_cache(4096)
def month_of(word: str, language: str, *, everywhere: bool = False) -> Named | None:
    """The month a word names: by its own language, by English, by the common ones that agree.

    In prose a short form counts in the first two alone ("set", "mar", "dag" are words elsewhere);
    `everywhere` admits them and every language of CLDR, for words known to be a date.
    """
    name = fold(word)
    known = _own(name, language, _MONTHS) or _common(_MONTHS, False).get(name)
    if known or not everywhere:
        return known
    return _common(_MONTHS, True).get(name) or _all()[_MONTHS].get(name)


@lru_cache(4096)
def weekday_of(word: str, language: str, *, everywhere: bool = False) -> int | None:
    """The weekday a word names, Monday 0, or None; `everywhere` as for months."""
    name = fold(word)
    known = _own(name, language, _DAYS) or _common(_DAYS, True).get(name)
    if everywhere and not known:
        known = _all()[_DAYS].get(name)
    return known[0] if known else None


def whole_weekdays(language: str) -> Mapping[str, int]:
    """The weekdays of one language that are no short form, folded."""
    return _names(_primary(language), _DAYS, False)


@lru_cache(512)
def day_first(language: str) -> bool | None:
    """Whether a language (BCP 47) writes 03/04 for 3 April; None when it does not tell.

    Bare "en" does not: half its readers write one, half the other.
    """
    if language.lower() == "en":
        return None
    if language.lower() in _DAY_FIRST:
        return True
    try:
        pattern = str(Locale.parse(language, sep="-").date_formats["short"].pattern)
    except (ValueError, UnknownLocaleError):
        return None
    return {"d": True, "M": False}.get(re.sub("[^dMy]", "", pattern)[:1])


class Words(NamedTuple):
    """Single words, folded and NFKC, that stand on a line which is only a date."""

    months: frozenset[str]
    names: frozenset[str]  #: of months and weekdays
    small: frozenset[str]  #: between them: particles, zones, parts of the day


@cache
def words() -> Words:
    """The words of dates in all our languages: "พ.ค." counts as two, "1月" as none."""
    zones = " ".join(ZONES).casefold()
    small = SMALL.union(_TABLES["beside"].split(), zones.split())
    spoken = ("en", *_COMMON)
    months, days = (
        frozenset(
            word for one in spoken for name in _names(one, kind, True) for word in _split(name)
        )
        for kind in (_MONTHS, _DAYS)
    )
    return Words(months - small, (months | days) - small, small)


def _split(name: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", name).casefold())


def _own(name: str, language: str, kind: str) -> Named | None:
    for spoken in dict.fromkeys((_primary(language), "en")):
        names = _names(spoken, kind, True)
        number = names.get(name, names.get(_bare(name)))
        if number is None and name[:1] == _GLUED.get(spoken):
            number = names.get(name[1:])
        if number is not None:
            return number, (spoken, *_others(name, spoken, kind))
    return None


def _primary(language: str) -> str:
    return language.replace("-", "_").partition("_")[0].lower()


def _others(name: str, spoken: str, kind: str) -> tuple[str, ...]:
    # "April" under a default of English may well stand in a German sentence.
    if spoken != "en" or kind != _MONTHS:
        return ()
    return _common(kind, False).get(name, (0, ()))[1]


@cache
def _common(kind: str, short: bool) -> Mapping[str, Named]:
    return _agreed(_COMMON, kind, short)


@cache
def _all() -> Mapping[str, Mapping[str, Named]]:
    languages = [name for name in localedata.locale_identifiers() if "_" not in name]
    return {kind: _agreed(languages, kind, True) for kind in (_MONTHS, _DAYS)}


def _agreed(languages: Iterable[str], kind: str, short: bool) -> Mapping[str, Named]:
    """The names on whose number all the languages that have them agree."""
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for language in languages:
        for name, number in _names(language, kind, short).items():
            found[name][language.partition("_")[0]] = number
    return {
        name: (next(iter(spoken.values())), tuple(spoken))
        for name, spoken in found.items()
        if len(set(spoken.values())) == 1
    }


@lru_cache(512)
def _names(language: str, kind: str, short: bool) -> Mapping[str, int]:
    names: dict[str, int] = {}
    for locale in (language, *_TABLES["also"].get(language, "").split()):
        for name, number in _written(_raw(locale).get(kind, {}), short):
            # "5월" and "tháng 5" are numbers with a counter: the grammar reads those itself.
            if len(name) > 1 and not any(c.isdigit() for c in name):
                names.setdefault(name, number)
    spelt: Mapping[str, int] = _TABLES["spelt"][kind].get(language, {})
    names |= spelt
    return {
        form: n for name, n in names.items() for form in (_bare(fold(name)), fold(name))
    } | names


def _written(kinds: Mapping[str, Any], short: bool) -> Iterator[tuple[str, int]]:
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated") if short else ("wide",):
            names = kinds.get(context, {}).get(width, {})
            yield from ((name.casefold().rstrip(_ENDS), number) for number, name in names.items())


@lru_cache(1024)
def _raw(locale: str) -> Mapping[str, Any]:
    """The months and weekdays of a locale; the rest of its file is let go."""
    # Not `localedata.load`: it keeps every locale in memory for good (2 MB each), and what it
    # says of stand-alone names depends on which locale was asked for first.
    if not locale.replace("_", "").isalnum() or not localedata.exists(locale):
        return {}
    with Path(localedata.resolve_locale_filename(locale)).open("rb") as file:
        data: Mapping[str, Any] = pickle.load(file)
    return {kind: data.get(kind, {}) for kind in (_MONTHS, _DAYS)}


# -- how long ago -------------------------------------------------------------------------------


class _Ago(NamedTuple):
    whole: re.Pattern[str]
    hours: re.Pattern[str]
    days: re.Pattern[str]
    two_days: re.Pattern[str]


@cache
def _ago() -> _Ago:
    words = {name: "".join(pattern.splitlines()) for name, pattern in _TABLES["ago"].items()}
    whole = (
        r"(?<![^\W\d])(?:(?P<today>{today})|(?P<earlier>{before_yesterday})|(?P<yesterday>{yesterday})"
        r"|(?:{before})\s?(?:(\d{{1,3}}|{one})\s?)?({hours}|{minutes}|{days}|{two_days})"
        r"|(\d{{1,3}}|{one})\s?({hours}|{minutes}|{days})\s?(?:{after}))(?![^\W\d])"
    ).format(**words)
    return _Ago(
        re.compile(whole, re.IGNORECASE),
        *(re.compile(words[unit], re.IGNORECASE) for unit in ("hours", "days", "two_days")),
    )


def days_ago(words: str) -> tuple[int, str] | None:
    """How many days before its own day a line says it was written, and the rest of the line.

    "3 hours ago" is 0, "вчера, 14:05" is 1 and ", 14:05"; weeks and months are too coarse: None.
    """
    found = _ago().whole.search(words)
    if not found:
        return None
    rest = f"{words[: found.start()]} {words[found.end() :]}".strip()
    if found.lastgroup:
        return ("today", "yesterday", "earlier").index(found.lastgroup), rest
    return _days(found[4] or found[6], found[5] or found[7]), rest


def _days(number: str | None, unit: str) -> int:
    n = int(number) if number and number.isdecimal() else 1
    if _ago().two_days.fullmatch(unit):
        return 2
    if _ago().days.fullmatch(unit):
        return n
    return n // 24 if _ago().hours.fullmatch(unit) else 0
