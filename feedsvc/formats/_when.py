"""A date as people see it, with what it is worth: `about 13 May 2025`, `before 15 May 2025`.

Entered by the pages for people.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton

from feedsvc.formats._words import locale_of
from feedsvc.model import Dated, How, Precision

_WHY = {How.INHERITED: "inherited", How.DERIVED: "derived"}


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A date for people: `words` in the language of the page, inside its sentence `key`."""

    key: str  #: the sentence that holds it; empty when it stands alone
    words: str
    machine: str  #: for <time datetime>
    why: str = ""  #: the sentence that says how it was worked out
    evidence: str = ""
    is_quiet: bool = False  #: it is no claim


def when(dated: Dated, language: str) -> When:
    """A date with what it is worth."""
    if dated.how is How.CAPTURED:
        return _bound("before", dated.day + timedelta(days=1), language)
    if dated.how is How.SEEN:
        return _bound("seen", dated.day, language)
    words, machine = _told(dated, locale_of(language))
    why = _WHY.get(dated.how, "")
    if not why:
        return When(key="", words=words, machine=machine)
    why = why if dated.evidence else f"{why}_bare"
    return When(key="about", words=words, machine=machine, why=why, evidence=dated.evidence)


def changed(moment: datetime, published: Dated, language: str) -> When | None:
    """When an entry was last changed; None where that was no later day."""
    zone = published.local.tzinfo
    day = moment.astimezone(zone).date()
    if day <= published.day:
        return None
    return When(key="updated", words=_day(day, locale_of(language)), machine=str(day))


def span(dates: list[Dated], language: str) -> str:
    """From the first to the last day that is claimed, as the language writes it; may be empty."""
    days = sorted(one.day for one in dates if one.how.is_claim)
    if not days:
        return ""
    return str(format_interval(days[0], days[-1], "yMMMMd", locale=locale_of(language)))


def clock(seconds: int) -> str:
    """A length, or a place in a recording: 1:02:03, or 2:03."""
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def _bound(key: str, day: date, language: str) -> When:
    words = _day(day, locale_of(language))
    return When(key=key, words=words, machine=str(day), is_quiet=True)


def _told(dated: Dated, locale: Locale) -> tuple[str, str]:
    """The date for people and for machines, no more precise than it is known."""
    if dated.precision is Precision.MONTH:
        return format_skeleton("yMMMM", dated.day, locale=locale), f"{dated.day:%Y-%m}"
    if dated.precision is Precision.DAY:
        return _day(dated.day, locale), str(dated.day)
    return _day(dated.day, locale), dated.local.isoformat(timespec="seconds")


def _day(day: date, locale: Locale) -> str:
    return format_date(day, format="long", locale=locale)
