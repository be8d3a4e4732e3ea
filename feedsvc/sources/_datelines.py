"""Lines that say when and by whom, and nothing else; and days at the ends of lines that say more.

Room: sources, private. Finds the words; what day they mean is judged in normalise.
Imports model and calendar_names. The words are in datelines.toml.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from feedsvc import calendar_names
from feedsvc.model import Author, DateRole, Origin, RawDate
from feedsvc.sources._labels import BYLINE, SUFFIX_BYLINE, is_furniture

TABLES = tomllib.loads(files("feedsvc.sources").joinpath("datelines.toml").read_text("utf-8"))
PATTERNS = {name: "".join(table.splitlines()) for name, table in TABLES.items()}

LONGEST = 120
MAX_BLANKS = 18
LABEL = re.compile(
    r"(?<!\w)(?:(?P<published>{published})|(?P<updated>{updated}))(?![^\W\d_])\s*[:：]?\s*".format(
        **PATTERNS
    ),
    re.IGNORECASE,
)
RELEASE = re.compile(
    r"(?:{releases})(?!\w)(?:[^\n]{{0,30}}?\s(?:vom|of|du|del?|di|da|dated|от|від|z dnia|ze dne|van|της)|\s*[:,–—-])?\s+".format(
        **PATTERNS
    ),
    re.IGNORECASE,
)
AGO_AT_END = re.compile(r"(?:^|\s)({ago})$".format(**PATTERNS), re.IGNORECASE)
CLOCK = re.compile(PATTERNS["clock"], re.IGNORECASE)
RELATIVE = re.compile(
    r"(?:{ago}|(?:{day_words})(?:[,،]?\s*{clock})?|{clock}[,،]?\s+(?:{day_words}))".format(
        **PATTERNS
    ),
    re.IGNORECASE,
)
NUMERIC = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\s?\d{1,2}[-/.]\s?(\d{4}|\d{2})|\d{1,2}:\d{2}(:\d{2})?"
    r"|\d{1,2}\s*[月월]|(?<!\d)\d{1,2}\s?[ap]\.?m\b",
    re.IGNORECASE,
)
SEGMENTS = re.compile(
    r"\s+[|·•—–/-]\s+|\s*[|·•]\s*|\t+|\s{2,}|\s+(?=(?:来源|來源|作者|编辑|編輯|责编|記者|记者|文)\s?[：:／/])"
)
DIVIDERS = re.compile(r"[|·•—–/\t：／-]|  ")
BARS = re.compile(r"\s*[|·•]\s*")
ADDRESS = re.compile(r"https?://[^\s<>]{4,2000}")
YEAR = re.compile(r"(?:19|20)\d{2}")
DIGIT = re.compile(r"\d")
WORDS = re.compile(r"[^\W\d_]+")
CASED = re.compile(r"[^\W\d_]*[A-ZÀ-ÞΑ-ΫА-ЯЀ-ЏҐ]")
AUTHORS = re.compile(
    r"\s*(?:,|&|、|،|\band\b|\bund\b|\bet\b|\by\b|\be\b|\bi\b|\ben\b|\bи\b|\bта\b|\bі\b)\s+"
)
NAME_THEN_DATE = re.compile(r"([^\d,]{3,60}),\s+(?=\S*\d|\w)")

MAX_STRANGE = 4  #: words of "vor etwa drei Stunden" that no calendar knows

# -- days at the ends of lines
NUMBERS = re.compile(
    r"\d{4}([-/.])\d{1,2}\1\d{1,2}(?:T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:?\d{2})?)?(?![\w-])"
    r"|\d{1,2}([./-])\s?\d{1,2}\2\s?(?:\d{4}|\d{2})(?![\w/-])|\d{1,2}\.\s?\d{1,2}\.(?=\s)"
    r"|(?:\d{4}\s?[年년]\s?)?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일](?:\s?[(（][月火水木金土日월화수목금토일][)）])?"
)
PIECE = re.compile(r"\S+")
EDGES = ".,;:()[]–—"
BARE_NUMBER = re.compile(r"\d{1,2}(?:st|nd|rd|th|er|\.|º|ª|-го)?")
AFTER_TIME = frozenset(TABLES["after_time"].split())
SEPARATOR = re.compile(r"\s*(?:[–—―|：•·»›>]|:(?=\s)|-(?=\s)|/(?=\s))\s*|\t\s*|\s{2,}")
BRACKETED = re.compile(r"[\[(（【]([^\]\[()（）]{3,40})[\])）】]\s*[-–—:]?\s*")
AT_END = re.compile(
    r"(?:\s*[(（\[](?P<inner>[^()（）\[\]]{5,40})[)）\]]|(?:\s[|·•–—-]\s|\t+|\s{2,}|，|,\s)(?P<outer>[^|·•]{6,40}))$"
)

CODE = re.compile(r"(?<![\d.])\d{5,7}(?!\d)")
DATE_PIECE = re.compile(r"[^\s,،、]+[,،]?")
DATE_NUMBER = re.compile(
    r"[(\[]?(?:\d{4}|\d{1,2})(?:\.|[-/.]\d{1,2}[-/.]\d{1,4}|[:.]\d{2}(?::\d{2})?)?[)\],،;.]*"
)
NUMBER = re.compile(r"\d+")
NUMERIC_DAY = re.compile(r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}")
FULL_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)|[年년]")
CJK_DAY = re.compile(
    r"(?:(?:令和|平成|昭和|中?華?民[國国])\s?)?(?:\d{1,4}|元)\s?[年년]\s?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일]"
    r"(?:\s?\d{1,2}(?:[:：]\d{2}|\s?[時时시]\s?\d{1,2}\s?[分분]))?"
)
DAY_WORDS = 5  #: beside a day on its line


@dataclass(frozen=True, slots=True, kw_only=True)
class Credits:
    """What a line about an item, not of it, says."""

    dates: tuple[RawDate, ...] = ()
    authors: tuple[Author, ...] = ()
    link: str | None = None


NOTHING = Credits()


class Opened(NamedTuple):
    """A line with the day, or the time of day, that it opens or ends with."""

    when: str
    rest: str
    is_sure: bool  #: set off from the rest by more than a blank


def credits_of(text: str) -> Credits | None:
    """Read a line that is only dates and bylines ("By A. B. | May 14, 2025"), or an address.

    None for every other line.
    """
    if len(text) > LONGEST:
        return Credits(link=text) if ADDRESS.fullmatch(text) else None
    if text[:4] in ("http", "HTTP") and ADDRESS.fullmatch(text):
        return Credits(link=text)
    has_digit = DIGIT.search(text)
    if text.count(" ") > MAX_BLANKS or not (has_digit or _may_name(text) or _is_relative(text)):
        return None
    if found := _read([text]):
        return found
    parts = [part for part in SEGMENTS.split(text) if part] if DIVIDERS.search(text) else []
    return _read(parts) if len(parts) > 1 else _after_name(text)


def is_clock(words: str) -> bool:
    """Whether a date expression is a time of day and names no day."""
    return bool(CLOCK.fullmatch(_folded(words)))


def _may_name(text: str) -> bool:
    return bool(BYLINE.match(text) or (text[-1] in "자원" and SUFFIX_BYLINE.fullmatch(text)))


def _is_relative(text: str) -> bool:
    return len(text) <= 40 and bool(RELATIVE.fullmatch(_folded(text)))


def _read(parts: list[str]) -> Credits | None:
    dates: list[RawDate] = []
    authors: list[Author] = []
    for part in parts:
        found = _dates(part) or (_ending_ago(part) if len(parts) > 1 else ())
        people = () if found else _authors(part)
        is_button = len(parts) > 1 and (is_furniture(part) or (len(parts) > 2 and part.isalpha()))
        if not (found or people or is_button):
            return None
        dates += found
        authors += people
    return Credits(dates=_joined(dates), authors=tuple(authors)) if dates or authors else None


def _ending_ago(part: str) -> tuple[RawDate, ...]:
    """ "412 points by ann 2 hours ago", among buttons."""
    found = AGO_AT_END.search(part) if len(part) <= 60 else None
    return (RawDate(words=found[1], origin=Origin.LINE),) if found else ()


def _joined(dates: list[RawDate]) -> tuple[RawDate, ...]:
    """A day and the time of day beside it are one: "13.05.2025 | 21:10"."""
    if len(dates) == 2 and is_clock(dates[1].words) and not is_clock(dates[0].words):
        first = dates[0]
        words = f"{first.words} {dates[1].words}"
        return (RawDate(words=words, role=first.role, origin=first.origin, name=first.name),)
    return tuple(dates)


def _after_name(text: str) -> Credits | None:
    """ "Ann Lee, May 14, 2025": names of two words and more are people, others places."""
    named = NAME_THEN_DATE.match(text)
    if not named or LABEL.match(text) or not (dates := _dates(text[named.end() :])):
        return None
    people = _people(named[1]) if len(named[1].split()) > 1 else ()
    is_name = people or len(named[1].split()) == 1
    is_name = is_name and all(CASED.match(word) for word in named[1].split())
    return Credits(dates=dates, authors=people) if is_name else None


def _dates(text: str) -> tuple[RawDate, ...]:
    """The dates of a line that is nothing else, each with the label before it; else none."""
    if not DIGIT.search(text):
        return (RawDate(words=text, origin=Origin.LINE),) if _is_relative(text) else ()
    labels = list(LABEL.finditer(text)) if LABEL.match(text) else []
    if not labels:
        release = RELEASE.match(text)
        if release and _is_date(text[release.end() :]):
            name = text[: release.end()].strip()
            return (RawDate(words=text[release.end() :], origin=Origin.LABEL, name=name),)
        return (RawDate(words=BARS.sub(" ", text), origin=Origin.LINE),) if _is_date(text) else ()
    ends = [label.start() for label in labels[1:]] + [len(text)]
    found = [
        _labelled(label, text[label.end() : end]) for label, end in zip(labels, ends, strict=True)
    ]
    return tuple(found) if all(_is_date(date.words) for date in found) else ()


def _labelled(label: re.Match[str], words: str) -> RawDate:
    role = DateRole.UPDATED if label["updated"] else DateRole.PUBLISHED
    name = (label["updated"] or label["published"]).strip()
    return RawDate(words=words.strip(" ,;|()-–"), role=role, origin=Origin.LABEL, name=name)


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower().strip(" .,;()[]")
    return unicodedata.normalize("NFKC", text).casefold().strip(" .,;()[]")


def _is_date(text: str) -> bool:
    folded = _folded(text)
    if len(folded) > 60 or not folded or CODE.search(folded):
        return False
    if not DIGIT.search(folded):
        return bool(RELATIVE.fullmatch(folded))
    months, names = _vocabulary()
    words = {w[1:] if w[0] == "ב" and len(w) > 2 else w for w in WORDS.findall(folded)}
    if not words <= names:
        return len(words - names) < MAX_STRANGE and bool(
            RELATIVE.fullmatch(folded) or CLOCK.fullmatch(folded)
        )
    if YEAR.fullmatch(folded) or NUMERIC.search(folded) or words & months:
        return True
    return bool(RELATIVE.fullmatch(folded) or CLOCK.fullmatch(folded))


@cache
def _vocabulary() -> tuple[frozenset[str], frozenset[str]]:
    """The words that name a month, and all that may stand on a line that is only a date."""
    known = calendar_names.words()
    ours = frozenset(TABLES["months"].split())
    beside = frozenset(WORDS.findall(TABLES["beside"]))
    return (known.months | ours) - known.small, known.names | known.small | ours | beside


def _authors(text: str) -> tuple[Author, ...]:
    """The people of a byline; names are one to four words, the first one capitalised."""
    byline = BYLINE.fullmatch(text) or SUFFIX_BYLINE.fullmatch(text)
    return _people(byline[1]) if byline else ()


def _people(words: str) -> tuple[Author, ...]:
    people = [name.strip(" ,.") for name in AUTHORS.split(words)]
    is_names = all(
        name and len(name.split()) <= 4 and not (name[0].islower() or DIGIT.search(name))
        for name in people
    )
    return tuple(Author(name=name) for name in people) if is_names else ()


# -- days at the ends of lines that say more


def opened(text: str) -> Opened | None:
    """A line that opens with a day or a time: "13.05.2025 Title", "[May 13] Title"."""
    if not (text[0].isdigit() or text[0] in "[(（【" or _kind(text.split(None, 1)[0], text, 0)):
        return None
    if bracket := BRACKETED.match(text):
        is_when = _is_date(bracket[1]) and len(text) > bracket.end()
        return Opened(bracket[1], text[bracket.end() :], True) if is_when else None
    end = _date_end(text)
    rest = text[end:].lstrip(",. ") if end else ""
    if not rest:
        return None
    separator = SEPARATOR.match(text, end)
    rest = text[separator.end() :] if separator else rest
    is_sure = separator is not None and not rest[:1].isdigit()
    if not rest or (not is_sure and (rest[0].islower() or text[end] not in " ,.")):
        return None
    return Opened(text[:end].rstrip(",;:"), rest, is_sure)


def ended(text: str) -> Opened | None:
    """A headline that ends with a day: "Title (11.09.2022)", "Title | 13 May 2025"."""
    found = AT_END.search(text, max(0, len(text) - 48)) if DIGIT.search(text[-12:]) else None
    if not found or not found.start():
        return None
    words = found["inner"] or found["outer"]
    is_day = _is_date(words) and not is_clock(words) and not YEAR.fullmatch(words)
    return Opened(words, text[: found.start()].rstrip(), False) if is_day else None


def _date_end(text: str) -> int:
    """Where the day or time at the beginning of a text ends; 0 where there is none."""
    numbers = NUMBERS.match(text)
    seen, end = ("d", numbers.end()) if numbers else ("", 0)
    if not seen and (clock := CLOCK.match(text)) and clock[0][0].isdigit():
        seen, end = "t", clock.end()
        return end if text[end - 1].isdigit() or not text[end : end + 1].isalnum() else 0
    for piece in PIECE.finditer(text, end, end + 60):
        kind = _kind(piece[0], text, piece.start())
        if not kind or (kind != "s" and kind in seen) or (kind == "n" and "d" in seen):
            break
        if kind == "t":
            clock = CLOCK.match(text, piece.start())
            end = clock.end() if clock else piece.end()
            seen += kind
            break
        seen += kind
        end = piece.end() if kind != "s" else end
        if piece[0][-1] in ":–—":
            break
    is_day = "d" in seen or ("m" in seen and "n" in seen)
    return end - (text[end - 1] in ":–—") if is_day else 0


def _kind(piece: str, text: str, start: int) -> str:
    """What a word of a date is: number, year, month, weekday, time, small word; else nothing."""
    core = piece.strip(EDGES).casefold()
    if core[:1].isdigit():
        if BARE_NUMBER.fullmatch(core):
            clock = CLOCK.match(text, start)
            return "t" if clock and clock.end() - start > len(core) else "n"
        if YEAR.fullmatch(core) or (len(core) == 4 and core.isdigit()):
            return "y"
        return "t" if CLOCK.match(text, start) else ""
    if core in AFTER_TIME:
        return "a"
    known = calendar_names.words()
    if core in known.months:
        return "m"
    return "w" if core in known.names else "s" if core in known.small else ""


# -- days within lines of a few other words


def day_line(text: str, *, anywhere: bool = False) -> str | None:
    """The complete day that a short line ends with, or nearly: "Bergamo, 12 marzo 2025".

    Anywhere in it, for the head of a paper: "Anno XIX – n. 10 – Domenica 9 marzo 2025".
    """
    if len(text) > LONGEST or not DIGIT.search(text):
        return None
    for start, end in _runs(text):
        words = text[start:end].strip(" ,.;:()[]–—")
        before, after = _n_words(text[:start]), _n_words(text[end:])
        is_at_edge = before <= DAY_WORDS and after <= 1
        if (anywhere or is_at_edge) and FULL_YEAR.search(words) and _is_full(words):
            return words
    return None


def _runs(text: str) -> list[tuple[int, int]]:
    """Where words of dates and numbers stand together."""
    if found := [match.span() for match in CJK_DAY.finditer(text)]:
        return found
    names = _vocabulary()[1]
    runs: list[tuple[int, int]] = []
    is_open = False
    for piece in DATE_PIECE.finditer(text):
        is_open = is_open and not NUMERIC_DAY.match(piece[0])
        words = WORDS.findall(_folded(piece[0]))
        is_of_date = bool(DATE_NUMBER.fullmatch(piece[0])) if not words else names.issuperset(words)
        if is_of_date and is_open:
            runs[-1] = (runs[-1][0], piece.end())
        elif is_of_date:
            runs.append(piece.span())
        is_open = is_of_date and not piece[0].endswith((";", ")"))
    return runs


def _is_full(words: str) -> bool:
    months = _vocabulary()[0]
    numbers = NUMBER.findall(words)
    is_named = any(word in months for word in WORDS.findall(_folded(words)))
    n_wanted = 2 if is_named else 3
    return n_wanted <= len(numbers) and _is_date(words)


def _n_words(text: str) -> int:
    return len(WORDS.findall(text))
