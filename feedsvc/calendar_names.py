"""What months and weekdays are called, in every language that CLDR knows.

Room: calendar_names. Imports nothing of ours; called by sources, to tell a line that is a date,
and by normalise, to read it. babel's own `dates` is not asked for names that stand alone: what it
answers, here and in every other room of the process, depends on which language asked first.
Names are read when first needed: one language 2 ms, the common ones 60 ms, all of them half a second.
"""

from __future__ import annotations

import pickle
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError, localedata

#: Searched when the source's own language does not know a word.
COMMON = (
    "de fr es it pt nl pl uk ru be cs sk sl hr sr sr_Latn bg ro hu sv no da fi et lv lt el tr az ka hy "
    "ar fa he hi id ca vi"
)
_ALSO = {"ar": ("ar_LB", "ar_MA"), "de": ("de_AT",), "nb": ("no",), "sr": ("sr_Latn",)}
#: Spellings CLDR lacks: in AP style, and the case that "on" takes.
_SPELT: Mapping[tuple[str, str], Mapping[str, int]] = {
    ("months", "en"): {"sept": 9},
    ("days", "en"): {"tues": 1, "thurs": 3},
    ("days", "ru"): {"среду": 2, "пятницу": 4, "субботу": 5},
    ("days", "uk"): {
        "середу": 2,
        "п’ятницю": 4,
        "п'ятницю": 4,
        "п'ятниця": 4,
        "суботу": 5,
        "неділю": 6,
    },
    ("days", "pl"): {"środę": 2, "sobotę": 5, "niedzielę": 6},
}
_ENDS = ".׳॰'’"

Named = tuple[int, tuple[str, ...]]  #: a number and the languages that say it so


def fold(word: str) -> str:
    """A name as it is looked up: no case, no dot, no article glued to it."""
    folded = word.strip().casefold().rstrip(_ENDS)
    for article in ("de ", "d’", "d'"):
        folded = folded.removeprefix(article)
    return folded


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
    return _common(_MONTHS, True).get(name) or _all(_MONTHS).get(name)


@lru_cache(4096)
def weekday_of(word: str, language: str) -> int | None:
    """The weekday a word names, Monday 0, or None."""
    name = fold(word)
    known = _own(name, language, _DAYS) or _common(_DAYS, True).get(name)
    return known[0] if known else None


@lru_cache(512)
def day_first(language: str) -> bool | None:
    """Whether a language (BCP 47) writes 03/04 for 3 April; None when it does not tell.

    Bare "en" does not: half its readers write one, half the other.
    """
    if language.lower() == "en":
        return None
    try:
        pattern = str(Locale.parse(language, sep="-").date_formats["short"].pattern)
    except (ValueError, UnknownLocaleError):
        return None
    return {"d": True, "M": False}.get(re.sub("[^dMy]", "", pattern)[:1])


def words_of(languages: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Every name of a month, and every name of a weekday, in these languages, folded."""
    spoken = list(languages)
    months = frozenset(name for one in spoken for name in _names(one, _MONTHS, True))
    return months, frozenset(name for one in spoken for name in _names(one, _DAYS, True))


_MONTHS, _DAYS = "months", "days"


def _own(name: str, language: str, kind: str) -> Named | None:
    primary = language.replace("-", "_").partition("_")[0].lower()
    for spoken in dict.fromkeys((primary, "en")):
        number = _names(spoken, kind, True).get(name)
        if number is not None:
            return number, (spoken, *_others(name, spoken, kind))
    return None


def _others(name: str, spoken: str, kind: str) -> tuple[str, ...]:
    # "April" under a default of English may well stand in a German sentence.
    if spoken != "en" or kind != _MONTHS:
        return ()
    return _common(kind, False).get(name, (0, ()))[1]


@cache
def _common(kind: str, short: bool) -> Mapping[str, Named]:
    return _agreed(COMMON.split(), kind, short)


@cache
def _all(kind: str) -> Mapping[str, Named]:
    return _agreed((n for n in localedata.locale_identifiers() if "_" not in n), kind, True)


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
    for locale in (language, *_ALSO.get(language, ())):
        for name, number in _written(_raw(locale).get(kind), short):
            # "5월" and "tháng 5" are numbers with a counter: the grammar reads those itself.
            if len(name) > 1 and not any(c.isdigit() for c in name):
                names.setdefault(name, number)
    return names | dict(_SPELT.get((kind, language), {}))


def _written(data: Any, short: bool) -> Iterator[tuple[str, int]]:
    widths = ("wide", "abbreviated") if short else ("wide",)
    for context in ("format", "stand-alone"):
        for width in widths:
            names = data.get(context, {}) if isinstance(data, dict) else {}
            names = names.get(width) if isinstance(names, dict) else None
            if isinstance(names, dict):
                yield from ((fold(name), number) for number, name in names.items())


def _raw(locale: str) -> Mapping[str, Any]:
    # Not `localedata.load`: it keeps every locale in memory for good (2 MB each), and what it
    # says of stand-alone names depends on which locale was asked for first.
    if not locale.replace("_", "").isalnum() or not localedata.exists(locale):
        return {}
    with Path(localedata.resolve_locale_filename(locale)).open("rb") as file:
        data: Mapping[str, Any] = pickle.load(file)
    return data
