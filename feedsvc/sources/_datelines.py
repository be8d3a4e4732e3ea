"""Lines that say when and by whom, and nothing else.

Room: sources, private. Finds the words; what day they mean is judged in normalise.
Imports model and calendar_names.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from importlib.resources import files

from feedsvc import calendar_names
from feedsvc.model import Author, DateRole, Origin, RawDate
from feedsvc.sources._labels import BYLINE, is_furniture

TABLES = tomllib.loads(files("feedsvc.sources").joinpath("datelines.toml").read_text("utf-8"))
PATTERNS = {name: "".join(table.splitlines()) for name, table in TABLES.items()}

LONGEST = 100
LABEL = re.compile(
    r"(?<!\w)(?:(?P<published>{published})|(?P<updated>{updated}))(?!\w)\s*[:：]?\s*".format(
        **PATTERNS
    ),
    re.IGNORECASE,
)
AGO = re.compile(PATTERNS["ago"], re.IGNORECASE)
NUMERIC = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\s?(\d{4}|\d{2})|\d{1,2}:\d{2}(:\d{2})?"
    r"|\d{1,2}\s*[月월]|(?<!\d)\d{1,2}\s?[ap]\.?m\b",
    re.IGNORECASE,
)
SEGMENTS = re.compile(r"\s+[|·•—–-]\s+|\s*[|·•]\s*|\t+")
ADDRESS = re.compile(r"https?://[^\s<>]{4,2000}")
YEAR = re.compile(r"(?:19|20)\d{2}")
DIGIT = re.compile(r"\d")
WORDS = re.compile(r"[^\W\d_]+")
AUTHORS = re.compile(
    r"\s*(?:,|&|、|،|\band\b|\bund\b|\bet\b|\by\b|\be\b|\bi\b|\ben\b|\bи\b|\bта\b|\bі\b)\s+"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credits:
    """What a line about an item, not of it, says."""

    dates: tuple[RawDate, ...] = ()
    authors: tuple[Author, ...] = ()
    link: str | None = None


NOTHING = Credits()


def credits_of(text: str) -> Credits | None:
    """Read a line that is only dates and bylines ("By A. B. | May 14, 2025"), or an address.

    None for every other line.
    """
    if ADDRESS.fullmatch(text):
        return Credits(link=text)
    if len(text) > LONGEST:
        return None
    parts = [part for part in SEGMENTS.split(text) if part]
    return _read([text]) or (_read(parts) if len(parts) > 1 else None)


def _read(parts: list[str]) -> Credits | None:
    dates: list[RawDate] = []
    authors: list[Author] = []
    for part in parts:
        found, people = _dates(part), _authors(part)
        if not (found or people or is_furniture(part)):
            return None
        dates += found
        authors += people
    return Credits(dates=tuple(dates), authors=tuple(authors)) if dates or authors else None


def _dates(text: str) -> tuple[RawDate, ...]:
    """The dates of a line that is nothing else, each with the label before it; else none."""
    if not DIGIT.search(text):
        return ()
    labels = list(LABEL.finditer(text))
    if not labels:
        return (RawDate(words=text, origin=Origin.LINE),) if _is_date(text) else ()
    ends = [label.start() for label in labels[1:]] + [len(text)]
    found = [
        _labelled(label, text[label.end() : end]) for label, end in zip(labels, ends, strict=True)
    ]
    is_all = labels[0].start() == 0 and all(_is_date(date.words) for date in found)
    return tuple(found) if is_all else ()


def _labelled(label: re.Match[str], words: str) -> RawDate:
    role = DateRole.UPDATED if label["updated"] else DateRole.PUBLISHED
    name = (label["updated"] or label["published"]).strip()
    return RawDate(words=words.strip(" ,;|()"), role=role, origin=Origin.LABEL, name=name)


def _is_date(text: str) -> bool:
    folded = unicodedata.normalize("NFKC", text).casefold().strip(" .,;()[]")
    if AGO.fullmatch(folded) or YEAR.fullmatch(folded):
        return True
    if len(folded) > 60 or not DIGIT.search(folded):
        return False
    vocabulary = calendar_names.words()
    names = set(WORDS.findall(folded)) - vocabulary.small
    says_when = names & vocabulary.months or NUMERIC.search(folded)
    return names <= vocabulary.names and bool(says_when)


def _authors(text: str) -> tuple[Author, ...]:
    """The people of a byline; names are one to four words, the first one capitalised."""
    byline = BYLINE.fullmatch(text)
    if not byline:
        return ()
    people = [name.strip(" ,.") for name in AUTHORS.split(byline[1])]
    is_names = all(name and len(name.split()) <= 4 and not name[0].islower() for name in people)
    return tuple(Author(name=name) for name in people) if is_names else ()
