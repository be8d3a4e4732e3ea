"""The lines of a dump, each with the role its own words give it.

Room: sources, private. Called by textdump, _settle and _gather; imports model through _datelines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import lru_cache
from itertools import pairwise

from feedsvc.model import NO_LIMITS_SET, Limits, Origin, RawDate
from feedsvc.sources._datelines import NOTHING, Credits, Opened, credits_of, ended, opened
from feedsvc.sources._labels import is_contents, is_furniture, is_known_label

HEADLINE_CHARACTERS = 140
THAI_CHARACTERS = 65  #: of a headline where no stops are set
THAI = re.compile("[\u0e00-\u0eff]")
LABEL_WORDS = 3
STOPS = tuple(".!?…。！？．｡؟۔।॥։᙮။៖៕‽")
CLOSERS = "\"'”’»«›‹)]}」』】》）〉“‘„*_"
ENDS = CLOSERS + " "
BARS = re.compile(r"\s+[|·]\s+")
HALTS = ":;,：；，،؛"  #: a line that halts goes on in the next one
SOFT = re.compile(rf"(?:[!?…！？؟;‽]|\.\.\.|(?:^|[\s(])(?:\w\.){{2,}})[{re.escape(CLOSERS)}\s]*$")
AFTERWORD = re.compile(r"\s*[(（\[][^()（）\[\]]{1,40}[)）\]]$")
BLANKS = "\ufeff\u200b\u200e\u200f\u2060 \t\f\v\r\u00a0\u3000"
RULES = re.compile(r"[-=*_~#·•—–+|/\\<>.\s\u2500-\u257f]+")
SPACELESS = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
LEADERS = re.compile(
    r"(?P<title>\S.*?)(?:\s?\.(?:\s?\.){2,}|\s?…+|\t+|\s{4,}|\s?_{3,})\s*(?P<page>\d{1,4})$"
)
PAGE_FIRST = re.compile(r"(?P<page>\d{1,3})(?:\s{2,}|\t+|\s*[|–—]\s+)(?P<title>[^\W\d].*)")
PAGE_BARE = re.compile(r"(?P<page>\d{1,3})\s+(?P<title>[^\W\d].*)")


class Role(Enum):
    """What a line is, first by itself and then among its neighbours."""

    SENTENCE = auto()
    ASKING = auto()  #: ends as a sentence or a headline may: "?", "!", "U.S."
    HEADLINE = auto()
    LABEL = auto()
    CREDIT = auto()  #: dates and bylines
    FURNITURE = auto()
    RULE = auto()  #: a drawn line


PROSE = (Role.SENTENCE, Role.ASKING, Role.HEADLINE)
BULLET = re.compile(
    r"^(?:(?:[•‣▪◦●■*»›▸►]|[-–—](?=\s)|\[(?:img|image|logo|photo|video|icon|pic)\])\s*)+", re.I
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line with something on it."""

    number: int  #: 1-based
    text: str
    role: Role = Role.SENTENCE
    gap: bool = True  #: a blank line, or the start of the document, stands above
    credits: Credits = NOTHING  #: beside an item's words: the day that stood on their line
    ordinal: int | None = None  #: its number in a numbered list of items
    page: str | None = None  #: its page in a table of contents
    is_new: bool = False  #: an item begins here, whatever its words are
    is_masthead: bool = False  #: a label that names the page, and no list


def lines_of(rows: Sequence[str], limits: Limits = NO_LIMITS_SET) -> list[Line]:
    """The lines that have something on them, each with its role by itself."""
    found: list[Line] = []
    gap = True
    for number, row in enumerate(rows, 1):
        text = row.strip(BLANKS) if len(row) <= limits.line_characters else ""
        if text:
            found.append(_alone(number, text, gap))
        gap = not text
    return found


def _alone(number: int, text: str, gap: bool) -> Line:
    role, credits = _short(text) if len(text) <= HEADLINE_CHARACTERS else _told(text)
    return Line(number=number, text=text, role=role, gap=gap, credits=credits)


def _told(text: str) -> tuple[Role, Credits]:
    credits = credits_of(text)
    return (Role.CREDIT, credits) if credits else (role_of(text), NOTHING)


_short = lru_cache(2048)(_told)  # days and buttons come again and again


def role_of(text: str) -> Role:
    """The role of a line by its own words."""
    if not text[0].isalnum() and RULES.fullmatch(text):
        return Role.RULE if text.strip(".…") else Role.SENTENCE
    if len(text) <= HEADLINE_CHARACTERS:
        if is_known_label(text):
            return Role.LABEL
        if is_furniture(text):
            return Role.FURNITURE
        return said(text)
    return Role.FURNITURE if is_furniture(text) else Role.SENTENCE


def has_stop(text: str) -> bool:
    """Whether a line ends as sentences do; so does one too long for a headline."""
    if len(text) > HEADLINE_CHARACTERS or (len(text) > THAI_CHARACTERS and THAI.match(text)):
        return True
    if text.rstrip(ENDS).endswith(STOPS):
        return True
    if text[-1] in ")）]" and AFTERWORD.sub("", text).rstrip(ENDS).endswith(STOPS):
        return True
    return text[-1] in HALTS and n_words(text) > LABEL_WORDS


def n_words(text: str) -> int:
    """Words as a reader counts them; where none are spaced, two characters are about one."""
    if text.isascii():
        return len(text.split())
    n_spaceless = len(SPACELESS.findall(text))
    return len(SPACELESS.sub(" ", text).split()) + (n_spaceless + 1) // 2


def said(text: str) -> Role:
    """The role of words that are an item's, even where they alone would be a heading or a date."""
    if len(text) <= HEADLINE_CHARACTERS and SOFT.search(text, max(0, len(text) - 12)):
        return Role.ASKING
    if text.isupper() and len(text.split()) > 1 and len(text) <= HEADLINE_CHARACTERS:
        return Role.HEADLINE
    return Role.SENTENCE if has_stop(text) else Role.HEADLINE


# -- what stands beside an item's words on its line


def parted(lines: list[Line]) -> list[Line]:
    """Days, times and page numbers taken off the lines that open or end with them.

    One that is set off by no more than a blank must have company: "14:05 Title" twice, or
    below a day. Otherwise the number may well belong to the sentence.
    """
    return [
        part for line in _dated_at_end(_dated_at_start(_paged(lines))) for part in columns(line)
    ]


def columns(line: Line) -> list[Line]:
    """ "2025-05-12 | Title | Text." is a title and a text."""
    title, bar, text = line.text.partition(" | ") if line.is_new else (line.text, "", "")
    if not bar or role_of(text) is Role.HEADLINE:
        return [line]
    above = replace(line, text=title, role=Role.HEADLINE)
    return [above, Line(number=line.number, text=text, gap=False)]


def _dated_at_start(lines: list[Line]) -> list[Line]:
    found = {at: day for at, line in enumerate(lines) if (day := _opening(line))}
    for at, day in found.items():
        is_below_day = at > 0 and lines[at - 1].role is Role.CREDIT and lines[at - 1].gap
        if tail := _tail(lines, at, day):
            lines[at] = tail
        elif len(found) > 1 or day.is_sure or is_below_day:
            lines[at] = dated(lines[at], day)
    return lines


def _opening(line: Line) -> Opened | None:
    return opened(line.text) if line.role in PROSE else None


def _dated_at_end(lines: list[Line]) -> list[Line]:
    found = {
        at: day
        for at, line in enumerate(lines)
        if line.role is Role.HEADLINE and not line.is_new and (day := ended(line.text))
    }
    for at, day in found.items() if len(found) > 1 else ():
        lines[at] = _tail(lines, at, day) or dated(lines[at], day)
    return lines


def _tail(lines: list[Line], at: int, day: Opened) -> Line | None:
    """Below its text, and with nothing below it, a day and a word or two are of what stands above.

    So is a day in the head of a page: "20 Mar 2025 | light rain | 9 degrees".
    """
    line, is_last = lines[at], at + 1 == len(lines) or lines[at + 1].gap
    is_below = at > 0 and not line.gap and is_last and lines[at - 1].role is Role.SENTENCE
    parts = BARS.split(day.rest)
    is_head = len(parts) > 1 and all(n_words(part) < 5 and not has_stop(part) for part in parts)
    if not (is_head or (is_below and n_words(day.rest) < 6)):
        return None
    credits = Credits(dates=(RawDate(words=day.when, origin=Origin.LINE),))
    return replace(line, role=Role.CREDIT, credits=credits)


def dated(line: Line, day: Opened) -> Line:
    """An item whose day was taken off its line."""
    credits = Credits(dates=(RawDate(words=day.when, origin=Origin.LINE),))
    return replace(line, text=day.rest, role=said(day.rest), credits=credits, is_new=True)


def _paged(lines: list[Line]) -> list[Line]:
    """Tables of contents: "Title ..... 12" or "12  Title", three or more, pages going up."""
    has_heading = any(line.role is Role.LABEL and is_contents(line.text) for line in lines)
    for shape in (LEADERS, PAGE_FIRST, *([PAGE_BARE] if has_heading else [])):
        edge = -1 if shape is LEADERS else 0
        found = {
            at: match
            for at, line in enumerate(lines)
            if line.text[edge].isdigit() and (match := shape.fullmatch(line.text))
        }
        if len(found) > 2 and _goes_up([int(match["page"]) for match in found.values()]):
            for at, match in found.items():
                lines[at] = _on_page(lines[at], match)
            return _with_details(lines, min(found), max(found))
    return lines


def _on_page(line: Line, match: re.Match[str]) -> Line:
    title, page = match["title"].rstrip(" ."), match["page"]
    return replace(line, text=title, role=Role.HEADLINE, credits=NOTHING, page=page, is_new=True)


def _goes_up(pages: list[int]) -> bool:
    n_up = sum(a <= b for a, b in pairwise(pages))
    return n_up >= 0.8 * (len(pages) - 1) and pages != list(range(1, len(pages) + 1))


def _with_details(lines: list[Line], first: int, last: int) -> list[Line]:
    """Lines below an entry of a table of contents say more of it."""
    for at in range(first + 1, min(last + 2, len(lines))):
        line = lines[at]
        if line.page is None and not line.gap and line.role in (Role.HEADLINE, Role.ASKING):
            lines[at] = replace(line, role=Role.SENTENCE)
    return lines


# -- lines broken at a column


def unwrapped(lines: list[Line]) -> list[Line]:
    """Blocks that were broken at a column, joined again into paragraphs.

    A block is broken when it begins with a capital and most of its lines run on: no stop
    above, a small letter next.
    """
    joined: list[Line] = []
    for block in _blocks(lines):
        n_running = sum(_runs_on(a, b) for a, b in pairwise(block)) if len(block) > 1 else 0
        if n_running and 2 * n_running >= len(block) - 1 and not block[0].text[0].islower():
            text = " ".join(line.text for line in block)
            joined.append(replace(block[0], text=text, role=said(text)))
        else:
            joined += block
    return joined


def _blocks(lines: list[Line]) -> Iterator[list[Line]]:
    """Runs of lines of prose with nothing blank between."""
    block: list[Line] = []
    for line in lines:
        if block and (line.gap or line.is_new or not (_is_prose(line) and _is_prose(block[-1]))):
            yield block
            block = []
        block.append(line)
    yield block


def _runs_on(line: Line, following: Line) -> bool:
    return line.role is Role.HEADLINE and following.text[0].islower()


def _is_prose(line: Line) -> bool:
    return line.role in PROSE
