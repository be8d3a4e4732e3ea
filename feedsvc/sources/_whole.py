"""What a dump is as a whole: one text with its letterhead and signature, or many pieces.

Room: sources, private. Called by textdump alone; imports _lines, _datelines and _labels.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from feedsvc.model import Origin, RawDate
from feedsvc.sources._datelines import LABEL, Credits, day_line, ended, is_clock
from feedsvc.sources._labels import BYLINE
from feedsvc.sources._lines import BULLET, LABEL_WORDS, PROSE, THAI, Line, Role, n_words
from feedsvc.sources._settle import blocks_of, byline_of, n_dated_blocks

PAIR = re.compile(r"[^\W\d_][^:：]{1,45}[:：]\s*\S.*")
BRACKETED = re.compile(r"[(（\[［【〔《<＜][^\d()（）]{1,30}[)）\]］】〕》>＞]")
DOTTED = re.compile(r"(?:[01]?\d|2[0-3])\.[0-5]\d")
STOPPED = re.compile(r"[.。．!！?？]\s?(?=\w{2})")  #: two sentences
REMARK = re.compile(r"[\[［][^\]］]{3,}[\]］]")
NUMBERS = re.compile(r"\d+")
ADDRESSED = (":", "：", ",", "，", "、")
NAMES = (Role.HEADLINE, Role.FURNITURE, Role.LABEL)
N_PAIRS = 3
N_BULLETS = 3
LONG_WORDS = 5  #: a headline of its own has more
MASTHEAD_LINES = 3
LONG_THAI = 40  #: characters, where words are not parted
PROSE_WORDS = 12  #: of a text that letterheads stand around
ASIDE = re.compile(r"\s[·/]\s|[｜|＝]")  #: menus, captions and credits


def shaped(lines: Sequence[Line]) -> tuple[list[Line], list[int]]:
    """The lines with the roles their document gives them, and the numbers of those around its text."""
    found = _bulleted(_paired(_timed(list(lines))))
    found = [byline_of(found, at) for at in range(len(found))]
    found = [_inner(found, at) for at in range(len(found))]
    span = _one_text(found)
    if span:
        return _letter(found, *span)
    return _issue(found)


def _timed(lines: list[Line]) -> list[Line]:
    """Times of day written "17.45", each alone on its line, twice at least."""
    at = [n for n, line in enumerate(lines) if line.gap and DOTTED.fullmatch(line.text)]
    for n in at if len(at) > 1 else ():
        words = lines[n].text.replace(".", ":")
        lines[n] = replace(lines[n], role=Role.CREDIT, credits=_on(words), is_new=False)
    return lines


# -- lines that are of a text though they end without a stop


def _paired(lines: list[Line]) -> list[Line]:
    """Three adjoining lines "Name: value" and more are the text of a notice."""
    found: list[Line] = []
    is_pair = [line.role in PROSE and bool(PAIR.fullmatch(line.text)) for line in lines]
    for at, line in enumerate(lines):
        above, below = at, at
        while above and is_pair[above] and is_pair[above - 1] and not lines[above].gap:
            above -= 1
            if at - above >= N_PAIRS:
                break
        while below + 1 < len(lines) and is_pair[below + 1] and not lines[below + 1].gap:
            below += 1
            if below - above >= N_PAIRS:
                break
        is_of_run = is_pair[at] and below - above + 1 >= N_PAIRS
        found.append(replace(line, role=Role.SENTENCE) if is_of_run else line)
    return found


def _bulleted(lines: list[Line]) -> list[Line]:
    """Where every sentence has its bullet, each is an item."""
    is_text = [line.role in (Role.SENTENCE, Role.ASKING) for line in lines]
    texts = [line for line, is_one in zip(lines, is_text, strict=True) if is_one]
    if len(texts) < N_BULLETS or not all(BULLET.match(line.text) for line in texts):
        return lines
    pairs = zip(lines, is_text, strict=True)
    return [replace(line, is_new=True) if is_one else line for line, is_one in pairs]


def _inner(lines: list[Line], at: int) -> Line:
    """A heading in brackets, or a line that goes on in small letters, is of the text around it."""
    line, below = lines[at], lines[at + 1] if at + 1 < len(lines) else None
    if line.role is not Role.HEADLINE or line.is_new or below is None or not at:
        return line
    if _goes_on_in_thai(lines, at):
        return replace(line, role=Role.SENTENCE)
    goes_on = (
        below.role in PROSE and below.text[0].islower() and lines[at - 1].role is not Role.HEADLINE
    )
    is_heading = bool(BRACKETED.fullmatch(line.text)) and below.role is Role.SENTENCE
    return replace(line, role=Role.SENTENCE) if goes_on or is_heading else line


def _goes_on_in_thai(lines: list[Line], at: int) -> bool:
    """Whether a long line without a stop, below a text and above none, is a paragraph of it."""
    line, roles = lines[at], (lines[at - 1].role, lines[at + 1].role)
    is_between = roles[0] is Role.SENTENCE and roles[1] not in (Role.SENTENCE, Role.CREDIT)
    return is_between and bool(THAI.match(line.text)) and len(line.text) > LONG_THAI


# -- one text, and what stands around it


def _one_text(lines: Sequence[Line]) -> tuple[int, int] | None:
    """Where the only run of prose stands, if what is around it are no headlines of their own."""
    prose = [at for at, line in enumerate(lines) if line.role in (Role.SENTENCE, Role.ASKING)]
    if (
        not prose
        or n_dated_blocks(lines) > 1
        or any(line.is_new or line.ordinal or line.page for line in lines)
    ):
        return None
    start, end = prose[0], prose[-1] + 1
    within = [line for line in lines[start:end] if line.role is not Role.CREDIT]
    is_whole = all(line.role in (Role.SENTENCE, Role.ASKING) for line in within)
    if not is_whole or sum(n_words(line.text) for line in within) < PROSE_WORDS:
        return None
    last = _end_of(lines, end)
    around = (*lines[:start], *lines[end:last])
    if not any(line.role is Role.HEADLINE for line in lines[:start]):
        return None
    is_small = sum(map(_is_long, lines[:start])) < 2 and not any(map(_is_long, lines[end:last]))
    return (start, end) if is_small and len(around) > 1 else None


def _end_of(lines: Sequence[Line], end: int) -> int:
    """Where what belongs to a text ends: at the heading of a list."""
    labels = (at for at in range(end, len(lines)) if lines[at].role is Role.LABEL)
    return next(labels, len(lines))


def _is_long(line: Line) -> bool:
    """Whether a line could be a headline in a list of headlines."""
    is_plain = line.role in PROSE and not line.text.isupper() and not day_line(line.text)
    if not is_plain or ASIDE.search(line.text) or STOPPED.search(line.text):
        return False
    return len(line.text) > LONG_THAI if THAI.search(line.text) else n_words(line.text) > LONG_WORDS


def _letter(lines: list[Line], start: int, end: int) -> tuple[list[Line], list[int]]:
    """Title, text and the days of a text; the other lines around it are told as noise."""
    title, last = _title_of(lines, start), _end_of(lines, end)
    kept: list[Line] = []
    noise: list[int] = []
    days: list[Line] = []
    for at, line in enumerate(lines[:last]):
        day = _day_of(line) if at != title else None
        if day:
            days.append(replace(line, role=Role.CREDIT, credits=_on(day)))
        elif line.role is Role.CREDIT:
            days.append(line)
        elif start <= at < end or at == title or line.role is Role.LABEL:
            kept.append(line)
        else:
            noise.append(line.number)
    below = next(n for n, line in enumerate(kept) if line.number == lines[title].number) + 1
    stated = [li for li in days if not any(is_clock(d.words) for d in li.credits.dates)]
    return [*kept[:below], *_told(stated), *kept[below:], *lines[last:]], noise


def _told(days: Sequence[Line]) -> list[Line]:
    """The credits of a text: those that name a date by its label, else the first day alone."""
    seen = False
    found: list[Line] = []
    for line in days:
        is_bare = any(date.origin is Origin.LINE for date in line.credits.dates)
        if not (is_bare and seen):
            found.append(replace(line, gap=False))
        seen |= is_bare
    return found


def _day_of(line: Line) -> str | None:
    """The day of a line that is no sentence, or one that says it is published."""
    is_said = line.role is Role.SENTENCE and not LABEL.match(line.text)
    return day_line(line.text) if line.role in PROSE and not is_said else None


def _on(day: str) -> Credits:
    return Credits(dates=(RawDate(words=day, origin=Origin.LINE),))


def _title_of(lines: Sequence[Line], start: int) -> int:
    """The title among the lines above a text: the one that touches it, else the last full one."""
    heads = [at for at in range(start) if lines[at].role is Role.HEADLINE]
    return max(heads, key=lambda at: (_title_strength(lines, at, start), at))


def _title_strength(lines: Sequence[Line], at: int, start: int) -> int:
    line = lines[at]
    if day_line(line.text):
        return -1
    is_byline = bool(BYLINE.match(line.text))
    if is_byline or ASIDE.search(line.text) or line.text.endswith(ADDRESSED):
        return 0
    touches = at == start - 1 and not lines[start].gap
    return 1 + (n_words(line.text) > LABEL_WORDS) + 2 * touches


# -- many pieces below the head of a paper


def _issue(lines: list[Line]) -> tuple[list[Line], list[int]]:
    """Short lines at the top with a day or numbers of volume and issue are the head of a paper.

    The day is that of all that stands below; the rest is noise.
    """
    start = int(len(lines) > 1 and bool(REMARK.fullmatch(lines[0].text)) and lines[1].gap)
    head = next((at for at in range(start + 1, len(lines)) if lines[at].gap), start)
    above, below = lines[start:head], lines[head:]
    if not 0 < len(above) <= MASTHEAD_LINES or sum(line.gap for line in below) < 2:
        return lines, []
    if any(line.is_new or line.role not in PROSE for line in above):
        return lines, []
    days = [_issued(line.text) for line in above]
    if not any(days) and not any(map(_is_numbered, above[1:])):
        return lines, []
    told = [
        replace(line, role=Role.CREDIT, credits=_on(day))
        for line, day in zip(above, days, strict=True)
        if day
    ]
    return [*told, *below], [line.number for line in lines[:head] if line not in told]


def _issued(text: str) -> str | None:
    found = None if (day := day_line(text, anywhere=True)) else ended(text)
    return found.when if found else day


def _is_numbered(line: Line) -> bool:
    return line.role is Role.HEADLINE and len(NUMBERS.findall(line.text)) > 1


# -- menus


def menus(lines: Sequence[Line]) -> list[Line]:
    """Runs of words each on its line, half of them known as buttons or headings, are a menu."""
    found: list[Line] = []
    for block in blocks_of(lines):
        n_known = sum(line.role in (Role.FURNITURE, Role.LABEL) for line in block)
        is_short = all(
            n_words(BULLET.sub("", line.text)) < LABEL_WORDS and line.role in NAMES
            for line in block
        )
        is_pressed = any(line.role is Role.FURNITURE for line in block)
        if len(block) > LABEL_WORDS and is_short and is_pressed and 2 * n_known >= len(block):
            found += [replace(line, role=Role.FURNITURE) for line in block]
        else:
            found += block
    return found
