"""What the lines of a dump are among their neighbours: noise taken out, doubtful roles decided.

Room: sources, private. Called by textdump alone; imports _lines and _labels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from feedsvc.model import Author
from feedsvc.sources._datelines import NOTHING, Credits, opened
from feedsvc.sources._labels import ends_release, is_contact, is_more, is_release
from feedsvc.sources._lines import (
    CLOSERS,
    LABEL_WORDS,
    Line,
    Role,
    columns,
    dated,
    n_words,
    role_of,
    said,
)

NUMBERED = re.compile(r"(\d{1,3})(?:[.)]\s+(\S.*)|[.)、．]\s*([^\s\d].*)|[.)]?)$")
NAME_AT_END = re.compile(r"[^\Wa-zа-яα-ω\d_][\w'’.-]*(?: [\w'’.-]+){0,3}$")
BYLINE_WORDS = 5
PROSE = (Role.SENTENCE, Role.ASKING, Role.HEADLINE)
TITLE_LIKE = (Role.HEADLINE, Role.ASKING, Role.CREDIT)


def cleared(lines: Sequence[Line]) -> tuple[list[Line], list[int]]:
    """The lines that are no furniture, and the numbers of those that are.

    A button "Read more" ends its item; below "Contact" the whole block is noise; a press
    release ends at its "###", and what stands behind is noise too.
    """
    kept: list[Line] = []
    noise: list[int] = []
    in_contact = below_button = False
    for line in _of_release(lines, noise):
        in_contact = not line.is_new and (is_contact(line.text) or (in_contact and not line.gap))
        if in_contact or line.role is Role.FURNITURE:
            noise.append(line.number)
            below_button |= line.role is Role.FURNITURE and is_more(line.text)
            continue
        kept.append(replace(line, is_new=True) if below_button else line)
        below_button = False
    return kept, sorted(noise)


def _of_release(lines: Sequence[Line], noise: list[int]) -> Sequence[Line]:
    """In a press release, short lines between its paragraphs are of its text."""
    if not any(is_release(line.text) for line in lines[:12]):
        return lines
    end = next((at for at, li in enumerate(lines) if ends_release(li.text)), len(lines))
    if any(is_release(line.text) for line in lines[end:]):
        return lines  # several of them
    noise += [line.number for line in lines[end:]]
    found = list(lines[:end])
    for at in range(1, len(found) - 1):
        is_inside = not found[at].gap and _role(found, at - 1) is Role.SENTENCE
        if is_inside and found[at].role in (Role.HEADLINE, Role.ASKING):
            found[at] = replace(found[at], role=Role.SENTENCE)
    return found


def settled(lines: Sequence[Line]) -> list[Line]:
    """Every line with the role its neighbours give it; ASKING is gone."""
    kept = flattened(numbered(list(lines)))
    for judge in (byline_of, _credit, _fragment, _heading):
        kept = [judge(kept, at) for at in range(len(kept))]
    return _questions(kept)


# -- lists with numbers


def numbered(lines: list[Line]) -> list[Line]:
    """Lists "1. …", "2. …", with the numbers taken off their items.

    A list opens the document or follows a heading; one inside an article stays as it is.
    A number may also stand on a line of its own, above its item.
    """
    found: list[Line] = []
    wanted, is_carried = 1, False
    for at, line in enumerate(lines):
        match = NUMBERED.match(line.text) if line.text[0].isdigit() else None
        if match and int(match[1]) == wanted and (wanted > 1 or _opens_list(lines, at)):
            words = match[2] or match[3]
            wanted, is_carried = wanted + 1, words is None
            if words:
                found += columns(_numbered(line, words, wanted - 1))
        else:
            found.append(replace(line, ordinal=wanted - 1) if is_carried else line)
            is_carried = False
            wanted = 1 if line.role in (Role.LABEL, Role.RULE) else wanted
    return found


def _numbered(line: Line, text: str, ordinal: int) -> Line:
    line = replace(line, text=text, role=said(text), credits=NOTHING, ordinal=ordinal)
    day = opened(text)
    return dated(line, day) if day and day.is_sure else line


def _opens_list(lines: list[Line], at: int) -> bool:
    above = lines[at - 1].role if at else None
    is_first = at < 2 or above in (Role.LABEL, Role.RULE, Role.CREDIT)
    matches = (NUMBERED.match(line.text) for line in lines[at + 1 : at + 12])
    return is_first and any(match and match[1] == "2" for match in matches)


# -- feeds that were flattened: title, day, text, again and again


def flattened(lines: list[Line]) -> list[Line]:
    """Blocks of title, day and text, told by their days, also where nobody sets a full stop."""
    blocks = [list(block) for block in blocks_of(lines)]
    if sum(map(_is_dated_block, blocks)) > 1:
        blocks = [_as_title_and_text(b) if _is_dated_block(b) else b for b in blocks]
    elif len(blocks) > 2 and all(map(_is_pair, blocks)):
        blocks = [_as_title_and_text(block) for block in blocks]
    else:
        return _every_third(lines)
    return [line for block in blocks for line in block]


def blocks_of(lines: Sequence[Line]) -> Iterator[list[Line]]:
    block: list[Line] = []
    for line in lines:
        if block and (line.gap or line.role in (Role.LABEL, Role.RULE)):
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _is_dated_block(block: list[Line]) -> bool:
    """Title, day, text; or day, title, text."""
    at = [n for n, line in enumerate(block) if line.credits.dates and line.role is Role.CREDIT]
    prose = [line for line in block if line.role in PROSE]
    is_whole = len(prose) + len(at) >= len(block) - 1 and not any(li.is_new for li in block[1:])
    return len(at) == 1 and at[0] < 2 and 2 <= len(prose) <= 4 and is_whole and _may_head(prose[0])


def _is_pair(block: list[Line]) -> bool:
    is_prose = len(block) == 2 and all(li.role in PROSE and not li.is_new for li in block)
    return is_prose and _may_head(block[0]) and len(block[1].text) > 1.3 * len(block[0].text)


def _may_head(line: Line) -> bool:
    return line.role in (Role.HEADLINE, Role.ASKING)


def _as_title_and_text(block: list[Line]) -> list[Line]:
    title = next(n for n, line in enumerate(block) if line.role in PROSE)
    return [
        replace(line, role=Role.HEADLINE if n == title else Role.SENTENCE)
        if line.role in PROSE
        else line
        for n, line in enumerate(block)
    ]


def _every_third(lines: list[Line]) -> list[Line]:
    """Without blank lines: the days stand on every third line, title and text between."""
    days = [n for n, line in enumerate(lines) if line.role is Role.CREDIT and line.credits.dates]
    steps = {b - a for a, b in pairwise(days)}
    if len(days) < 3 or steps != {3} or any(line.gap for line in lines[days[0] + 1 : days[-1]]):
        return lines
    first = max(0, days[0] - 1) if days[0] and lines[days[0] - 1].role in PROSE else days[0]
    found = list(lines)
    for at in range(first, min(len(lines), days[-1] + 3)):
        if found[at].role in (Role.HEADLINE, Role.ASKING):
            is_title = (at - first) % 3 == (first == days[0])
            found[at] = replace(found[at], role=Role.HEADLINE if is_title else Role.SENTENCE)
    return found


# -- one line among its neighbours


def byline_of(lines: list[Line], at: int) -> Line:
    """A few words between a headline and the date of its text, set off from both: a name."""
    line = lines[at]
    if line.role is not Role.HEADLINE or n_words(line.text) > BYLINE_WORDS or not line.gap:
        return line
    below = at + 1
    while _role(lines, below) is Role.CREDIT and not lines[below].gap:
        below += 1
    is_headed = _role(lines, at - 1) is Role.HEADLINE and lines[at - 1].gap
    is_set_off = below > at + 1 and _role(lines, below) is Role.SENTENCE and lines[below].gap
    if not (is_headed and is_set_off and any(li.credits.dates for li in lines[at + 1 : below])):
        return line
    name = NAME_AT_END.search(line.text)
    authors = (Author(name=name[0]),) if name else ()
    return replace(line, role=Role.CREDIT, credits=Credits(authors=authors))


def _credit(lines: list[Line], at: int) -> Line:
    """A byline or an address has its headline above; else it is a line like others."""
    line = lines[at]
    if line.role is not Role.CREDIT or line.credits.dates or line.credits == NOTHING:
        return line
    is_title_above = _role(lines, at - 1) in TITLE_LIKE
    if is_title_above and (line.credits.link or _role(lines, at + 1) is not Role.HEADLINE):
        return line
    return replace(line, role=role_of(line.text), credits=NOTHING)


def _fragment(lines: list[Line], at: int) -> Line:
    """A word or two between two sentences of one block belongs to their text."""
    line = lines[at]
    is_inside = (
        line.role is Role.HEADLINE
        and not line.is_new
        and n_words(line.text) < LABEL_WORDS
        and at + 1 < len(lines)
        and not (line.gap or lines[at + 1].gap)
        and _role(lines, at - 1) is _role(lines, at + 1) is Role.SENTENCE
    )
    return replace(line, role=Role.SENTENCE) if is_inside else line


def _heading(lines: list[Line], at: int) -> Line:
    """A line of three words at most, standing alone above headlines only, is their label."""
    line = lines[at]
    if line.role is not Role.HEADLINE or not line.gap or n_words(line.text) > LABEL_WORDS:
        return line
    if line.ordinal or line.is_new:
        return line
    below = _headlines_below(lines, at)
    if len(below) < 2 or min(n_words(h.text) for h in below) <= LABEL_WORDS:
        return line
    follows_list = _role(lines, at - 1) is Role.HEADLINE
    is_set_off = not any(h.gap for h in below[1:]) or _stands_out(line.text, below)
    return line if follows_list and not is_set_off else replace(line, role=Role.LABEL)


def _headlines_below(lines: list[Line], at: int) -> list[Line]:
    """The bare headlines after a line: the last of a run belongs to the text that ends it."""
    end = at + 1
    while end < len(lines) and lines[end].role is Role.HEADLINE and n_words(lines[end].text) > 3:
        end += 1
    is_text = _role(lines, end) is Role.SENTENCE
    return list(lines[at + 1 : end - 1 if is_text else end])


def _stands_out(text: str, others: list[Line]) -> bool:
    """Whether a line is set like a heading and the others are not."""
    return any(
        is_set(text) and not any(is_set(line.text) for line in others)
        for is_set in (str.isupper, str.istitle, lambda words: words.endswith((":", "：")))
    )


def _questions(lines: list[Line]) -> list[Line]:
    """An asking line is a headline among headlines, or above its text as other headlines are."""
    texts = [replace(li, role=Role.SENTENCE) if li.role is Role.ASKING else li for li in lines]
    if is_one_article(texts):
        return texts
    found: list[Line] = []
    for is_titles, grouped in groupby(lines, lambda line: line.role in TITLE_LIKE):
        run = list(grouped)
        start, end = len(found), len(found) + len(run)
        is_list = is_titles and _is_list(run, _role(lines, start - 1), _role(lines, end))
        for at, line in enumerate(run, start):
            if line.role is not Role.ASKING:
                found.append(line)
                continue
            is_title = is_list or line.ordinal is not None or _heads_text(texts, at)
            found.append(replace(line, role=Role.HEADLINE if is_title else Role.SENTENCE))
    return found


def _is_list(run: list[Line], above: Role | None, below: Role | None) -> bool:
    """Whether a run of lines like titles is a list of them, with few asking ones."""
    n_asking = sum(line.role is Role.ASKING for line in run)
    n_plain = sum(line.role is Role.HEADLINE for line in run)
    if above is Role.LABEL:
        return n_plain >= n_asking
    return n_plain > n_asking and below is not Role.SENTENCE


def _heads_text(lines: list[Line], at: int) -> bool:
    """Whether a line stands above its text: a block below a blank line, or one line right below.

    Dates and bylines may stand between.
    """
    line, after = lines[at], at + 1
    while _role(lines, after) is Role.CREDIT:
        after += 1
    below, second = [*lines[after : after + 2], None, None][:2]
    if not line.gap or line.text[-1] in CLOSERS or below is None or not is_text(below):
        return False
    if after > at + 1:
        return True
    goes_on = second is not None and is_text(second) and not second.gap
    return goes_on if below.gap else not goes_on and _role(lines, at - 2) is Role.HEADLINE


def is_one_article(lines: Sequence[Line]) -> bool:
    """Whether a dump is one headline and its text: then blank lines end nothing."""
    roles = [line.role for line in lines if line.role is not Role.CREDIT]
    roles = roles[1:] if roles[:1] == [Role.LABEL] else roles
    return (
        n_dated_blocks(lines) < 2
        and roles[:1] == [Role.HEADLINE]
        and set(roles[1:]) == {Role.SENTENCE}
        and not any(line.is_new or line.ordinal for line in lines)
    )


def n_dated_blocks(lines: Sequence[Line]) -> int:
    """How many texts open with a date of their own."""
    return sum(_dates_block(lines, at) for at in range(1, len(lines) - 1))


def _dates_block(lines: Sequence[Line], at: int) -> bool:
    """Whether a line is the date of the text right below it, set off from what stands above."""
    is_date = lines[at].role is Role.CREDIT and bool(lines[at].credits.dates)
    return is_date and lines[at].gap and is_text(lines[at + 1]) and not lines[at + 1].gap


def is_text(line: Line) -> bool:
    return line.role is Role.SENTENCE


def _role(lines: Sequence[Line], at: int) -> Role | None:
    return lines[at].role if 0 <= at < len(lines) else None
