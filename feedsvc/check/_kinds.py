"""What a value may be.

Room: check, private. Most values are a `Kind`: the words that say what is right, and
the test. Dates, addresses and languages are read by the checks every format uses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from feedsvc.check import _addresses, _dates, _languages, _texts, _values
from feedsvc.check.context import Context
from feedsvc.check.findings import Finding, Severity

Reader = Callable[[str, int, str, Context], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value; `expected` ends the sentence "it must be …"."""

    expected: str
    accepts: Callable[[str], bool]
    severity: Severity = Severity.ERROR


Value = Kind | Reader | tuple[Kind | Reader, ...]


def pattern(expected: str, expression: str, flags: int = 0) -> Kind:
    """Values that an expression matches as a whole."""
    compiled = re.compile(expression, re.ASCII | flags)
    return Kind(expected, lambda value: compiled.fullmatch(value) is not None)


def one_of(*values: str) -> Kind:
    """One of a few words, spelled so."""
    return Kind(_listed(values), lambda value: value in values)


def any_case(*values: str) -> Kind:
    """One of a few words, in capitals or not."""
    return Kind(_listed(values), lambda value: value.lower() in values)


def at_most(size: int) -> Kind:
    """Words of a limited number of characters."""
    return Kind(f"at most {size} characters", lambda value: len(value) <= size)


def between(low: float, high: float) -> Kind:
    """A number between two bounds."""
    return Kind(
        f"a number from {low:g} to {high:g}",
        lambda value: DECIMAL.accepts(value) and low <= float(value) <= high,
    )


def language(words: str, line: int, what: str, _context: Context) -> Iterator[Finding]:
    """A language tag."""
    yield from _languages.language(words, line, what)


def address(words: str, line: int, what: str, _context: Context) -> Iterator[Finding]:
    """An absolute http(s) address."""
    yield from _addresses.web_address(words, line, what)


def uri(words: str, line: int, what: str, _context: Context) -> Iterator[Finding]:
    """An absolute address of any scheme."""
    yield from _addresses.address(words, line, what)


def plain(words: str, line: int, what: str, _context: Context) -> Iterator[Finding]:
    """Words without markup."""
    yield from _texts.without_markup(words, line, what)


def _listed(values: tuple[str, ...]) -> str:
    return " or ".join(filter(None, (", ".join(values[:-1]), values[-1])))


ANY = Kind("any words", lambda _: True)
COUNT = pattern("a whole number, 0 or more", r"\+?\d{1,18}")
POSITIVE = pattern("a whole number, 1 or more", r"\+?0*[1-9]\d{0,17}")
WHOLE = pattern("a whole number", r"[-+]?\d{1,18}")
DECIMAL = pattern("a number", r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
AMOUNT = pattern("a number, 0 or more", r"\+?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
TRUE_FALSE = any_case("true", "false")
YES_NO = any_case("yes", "no")
MEDIA_TYPE = Kind("a media type as in “audio/mpeg”", _values.is_media_type)
UUID = pattern(
    "a UUID as in “917393e3-1b1e-5cef-ace4-edaa54e1f810”",
    r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}",
)
MAIL = Kind("an address as in “pod@example.org”", _values.is_mail)
PLAY_TIME = pattern(
    "a time as in “12.05” seconds or “0:01:15.3”",
    r"now|\d+(?:\.\d+)?|\d+:[0-5]\d:[0-5]\d(?:\.\d+)?",
)
CLOCK = pattern("a time as in “61”, “1:01” or “00:01:01.500”", r"(?:\d+:)?(?:\d+:)?\d+(?:\.\d+)?")
ISO_8601 = pattern(
    "a moment as in “2026-11-21T08:00:00Z”",
    r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)",
)
COUNTRY = Kind(
    "a country of two letters as in “GB”",
    lambda value: value.upper() in _languages.REGIONS and value.isupper(),
)

rfc822: Reader = _dates.rfc822
w3cdtf: Reader = _dates.w3cdtf
