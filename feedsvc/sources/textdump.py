"""Text dumps: pages saved as plain text, without markup, one piece of news a line or a block.

Room: sources. A reader (see the registry). Imports model and errors through its neighbours.
Lines get roles, a line's neighbours settle the doubtful ones, and settled lines are gathered
into items (DATES.md §5). Nothing is lost: each line with words in it ends up in one item,
unless it is a heading, a date, a byline or page furniture.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from heapq import merge
from itertools import groupby, pairwise, zip_longest

from feedsvc.model import Origin, RawDate, RawItem, Refused
from feedsvc.sources._datelines import NOTHING, Credits, credits_of
from feedsvc.sources._labels import is_furniture, is_known_label, label_group
from feedsvc.sources._text import LINE_CHARACTERS, refused, text_of, too_long, why_binary

NAME = "textdump"
SURENESS = 0.1  #: any text can be read as a dump; whoever knows better goes first

N_LINES = 500_000
HEADLINE_CHARACTERS = 140
LABEL_WORDS = 3
STOPS = tuple(".!?…。！？．｡؟۔।॥։᙮။៖៕‽")
CLOSERS = "\"'”’»«›‹)]}」』】》）〉“‘„*_"
HALTS = tuple(":;,：；，،؛")  #: a line that halts goes on in the next one
SOFT = re.compile(rf"(?:[!?…！？؟;‽]|\.\.\.|(?:^|[\s(])(?:\w\.){{2,}})[{re.escape(CLOSERS)}\s]*$")
AFTERWORD = re.compile(r"\s*[(（\[][^()（）\[\]]{1,40}[)）\]]$")
BLANKS = "\ufeff\u200b\u200e\u200f\u2060 \t\f\v\r\u00a0\u3000"
RULES = re.compile(r"[-=*_~#·•—–+|/\\<>.\s]+")
BULLET = re.compile(r"^(?:[•‣▪◦●■*]|[-–—](?=\s))\s*")
NUMBERED = re.compile(r"(\d{1,3})(?:[.)]\s+(\S.*)|[.)]?)$")
SPACELESS = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


class Role(Enum):
    """What a line is, first by itself and then among its neighbours."""

    SENTENCE = auto()
    ASKING = auto()  #: ends as a sentence or a headline may: "?", "!", "U.S."
    HEADLINE = auto()
    LABEL = auto()
    CREDIT = auto()  #: dates and bylines
    FURNITURE = auto()
    RULE = auto()  #: a drawn line


TITLE_LIKE = (Role.HEADLINE, Role.ASKING, Role.CREDIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line with something on it."""

    number: int  #: 1-based
    text: str
    role: Role = Role.SENTENCE
    gap: bool = True  #: a blank line, or the start of the document, stands above
    credits: Credits = NOTHING
    ordinal: int | None = None  #: its number in a numbered list of items


@dataclass(slots=True)
class Draft:
    """An item while its lines are being gathered."""

    line: int
    title: str | None = None
    body: list[str] = field(default_factory=list)
    credits: list[Credits] = field(default_factory=list)
    label: Line | None = None  #: the heading above it
    heading: Line | None = None  #: the date above it
    ordinal: int | None = None
    rank: int | None = None
    has_block: bool = False  #: two of its sentences stand on adjoining lines

    @property
    def link(self) -> str | None:
        return next((credits.link for credits in self.credits if credits.link), None)

    @property
    def is_bare(self) -> bool:
        return self.title is not None and not self.body

    @property
    def is_one_line(self) -> bool:
        return len(self.body) == (self.title is None)


def sniff(name: str, head: bytes) -> float:  # noqa: ARG001 - a dump may have any name
    """Any text at all is a dump when nothing better is known of it."""
    return 0.0 if why_binary(head) else SURENESS


def read(name: str, data: bytes) -> Iterator[RawItem | Refused]:
    """The items of a dump in source order; lines beyond the limit are refused, one by one.

    Raises UnknownFormat for binary data and BrokenSource beyond the size limit.
    """
    rows = text_of(name, data).split("\n")
    drafts = ranked(gather(settle(unwrapped(lines_of(rows[:N_LINES])))))
    n_below = Counter(draft.heading for draft in drafts)
    items = (
        _item(name, position, draft, n_below[draft.heading] > 1)
        for position, draft in enumerate(drafts)
    )
    yield from merge(_beyond_limits(name, rows), items, key=lambda piece: piece.line or 0)


def _beyond_limits(name: str, rows: Sequence[str]) -> Iterator[RawItem | Refused]:
    for number, row in enumerate(rows[:N_LINES], 1):
        if len(row) > LINE_CHARACTERS:
            yield too_long(name, number, row[:200])
    if len(rows) > N_LINES:
        reason = f"from here on more than the limit of {N_LINES:,} lines"
        yield refused(name, N_LINES + 1, reason, "split it into smaller files", rows[N_LINES][:200])


# -- lines and their roles


def lines_of(rows: Sequence[str]) -> list[Line]:
    """The lines that have something on them, each with its role by itself."""
    found: list[Line] = []
    gap = True
    for number, row in enumerate(rows, 1):
        text = row.strip(BLANKS) if len(row) <= LINE_CHARACTERS else ""
        if text:
            found.append(_alone(Line(number=number, text=text, gap=gap)))
        gap = not text
    return found


def _alone(line: Line) -> Line:
    if credits := credits_of(line.text):
        return replace(line, role=Role.CREDIT, credits=credits)
    return replace(line, role=role_of(line.text), credits=NOTHING)


def role_of(text: str) -> Role:
    """The role of a line by its own words."""
    if RULES.fullmatch(text):
        return Role.RULE if text.strip(".…") else Role.SENTENCE
    if len(text) <= HEADLINE_CHARACTERS:
        if is_known_label(text):
            return Role.LABEL
        if is_furniture(text):
            return Role.FURNITURE
        if SOFT.search(text):
            return Role.ASKING
    return Role.SENTENCE if has_stop(text) else Role.HEADLINE


def has_stop(text: str) -> bool:
    """Whether a line ends as sentences do; so does one too long for a headline."""
    if len(text) > HEADLINE_CHARACTERS:
        return True
    shorn = AFTERWORD.sub("", text)
    is_ended = any(words.rstrip(CLOSERS + " ").endswith(STOPS) for words in (text, shorn))
    return is_ended or (text.endswith(HALTS) and n_words(text) > LABEL_WORDS)


def n_words(text: str) -> int:
    """Words as a reader counts them; where none are spaced, two characters are about one."""
    n_spaceless = len(SPACELESS.findall(text))
    return len(SPACELESS.sub(" ", text).split()) + (n_spaceless + 1) // 2


def unwrapped(lines: list[Line]) -> list[Line]:
    """Blocks that were broken at a column, joined again into paragraphs.

    A block is broken when it begins with a capital and most of its lines run on: no stop
    above, a small letter next.
    """
    joined: list[Line] = []
    for block in _blocks(lines):
        n_running = sum(_runs_on(a, b) for a, b in pairwise(block))
        if n_running and 2 * n_running >= len(block) - 1 and not block[0].text[0].islower():
            joined.append(_alone(replace(block[0], text=" ".join(line.text for line in block))))
        else:
            joined += block
    return joined


def _blocks(lines: list[Line]) -> Iterator[list[Line]]:
    """Runs of lines of prose with nothing blank between."""
    block: list[Line] = []
    for line in lines:
        if block and (line.gap or not (_is_prose(line) and _is_prose(block[-1]))):
            yield block
            block = []
        block.append(line)
    yield block


def _runs_on(line: Line, following: Line) -> bool:
    return line.role is Role.HEADLINE and following.text[0].islower()


def _is_prose(line: Line) -> bool:
    return line.role in (Role.SENTENCE, Role.ASKING, Role.HEADLINE)


# -- roles among neighbours


def settle(lines: Sequence[Line]) -> list[Line]:
    """Every line with the role its neighbours give it; ASKING and FURNITURE are gone."""
    kept = numbered([line for line in lines if line.role is not Role.FURNITURE])
    for judge in (_credit, _fragment, _heading):
        kept = [judge(kept, at) for at in range(len(kept))]
    return _questions(kept)


def numbered(lines: list[Line]) -> list[Line]:
    """Lists "1. …", "2. …", with the numbers taken off their items.

    A list opens the document or follows a heading; one inside an article stays as it is.
    A number may also stand on a line of its own, above its item.
    """
    found: list[Line] = []
    wanted, is_carried = 1, False
    for at, line in enumerate(lines):
        match = NUMBERED.match(line.text)
        if match and int(match[1]) == wanted and (wanted > 1 or _opens_list(lines, at)):
            wanted, is_carried = wanted + 1, match[2] is None
            if match[2]:
                found.append(_numbered(line, match[2], wanted - 1))
        else:
            found.append(replace(line, ordinal=wanted - 1) if is_carried else line)
            is_carried = False
            wanted = 1 if line.role in (Role.LABEL, Role.RULE) else wanted
    return found


def _numbered(line: Line, text: str, ordinal: int) -> Line:
    """An item of a list, even where its words alone would be a heading or a date."""
    role = role_of(text)
    role = role if role in (Role.SENTENCE, Role.ASKING) else Role.HEADLINE
    return replace(line, text=text, role=role, credits=NOTHING, ordinal=ordinal)


def _opens_list(lines: list[Line], at: int) -> bool:
    is_first = at == 0 or lines[at - 1].role in (Role.LABEL, Role.RULE, Role.CREDIT)
    matches = (NUMBERED.match(line.text) for line in lines[at + 1 : at + 12])
    return is_first and any(match and match[1] == "2" for match in matches)


def _credit(lines: list[Line], at: int) -> Line:
    """A byline or an address has its headline above; else it is a line like others."""
    line = lines[at]
    if line.role is not Role.CREDIT or line.credits.dates:
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
    below = _headlines_below(lines, at)
    if len(below) < 2 or line.ordinal or min(n_words(h.text) for h in below) <= LABEL_WORDS:
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
    said = [replace(li, role=Role.SENTENCE) if li.role is Role.ASKING else li for li in lines]
    if _is_one_article(said):
        return said
    settled: list[Line] = []
    for is_titles, grouped in groupby(lines, lambda line: line.role in TITLE_LIKE):
        run = list(grouped)
        start, end = len(settled), len(settled) + len(run)
        is_list = is_titles and _is_list(run, _role(lines, start - 1), _role(lines, end))
        for at, line in enumerate(run, start):
            is_title = is_list or line.ordinal is not None or _heads_text(said, at)
            role = Role.HEADLINE if is_title else Role.SENTENCE
            settled.append(replace(line, role=role) if line.role is Role.ASKING else line)
    return settled


def _is_list(run: list[Line], above: Role | None, below: Role | None) -> bool:
    """Whether a run of lines like titles is a list of them, with few asking ones."""
    n_asking = sum(line.role is Role.ASKING for line in run)
    n_plain = sum(line.role is Role.HEADLINE for line in run)
    if above is Role.LABEL:
        return n_plain >= n_asking
    return n_plain > n_asking and below is not Role.SENTENCE


def _heads_text(lines: list[Line], at: int) -> bool:
    """Whether a line stands above its text: a block below a blank line, or one line right below."""
    line, below, after = lines[at], *[*lines[at + 1 : at + 3], None, None][:2]
    if not line.gap or line.text[-1] in CLOSERS or below is None or not _is_text(below):
        return False
    goes_on = after is not None and _is_text(after) and not after.gap
    return goes_on if below.gap else not goes_on and _role(lines, at - 2) is Role.HEADLINE


def _role(lines: Sequence[Line], at: int) -> Role | None:
    return lines[at].role if 0 <= at < len(lines) else None


# -- lines gathered into items


def gather(lines: Sequence[Line]) -> list[Draft]:
    """The items of settled lines, in order."""
    gathering = Gathering(is_one_article=_is_one_article(lines))
    for line, following in zip_longest(lines, lines[1:]):
        gathering.take(line, following)
    return gathering.drafts


def _is_one_article(lines: Sequence[Line]) -> bool:
    """Whether a dump is one headline and its text: then blank lines end nothing."""
    roles = [line.role for line in lines if line.role is not Role.CREDIT]
    roles = roles[1:] if roles[:1] == [Role.LABEL] else roles
    return roles[:1] == [Role.HEADLINE] and set(roles[1:]) == {Role.SENTENCE}


@dataclass(slots=True, kw_only=True)
class Gathering:
    """Where we are in a dump: what is open, and what stands above it."""

    is_one_article: bool
    drafts: list[Draft] = field(default_factory=list)
    open: Draft | None = None  #: the item that takes what comes next
    label: Line | None = None
    heading: Line | None = None  #: the date above, of all that follows
    spans_labels: bool = False  #: the date stands right above a label: of the page, not of a list
    pending: list[Credits] = field(default_factory=list)  #: of the item to come
    last: Line | None = None

    def take(self, line: Line, following: Line | None) -> None:
        """Put one more line in its place; `following` is the one after it."""
        match line.role:
            case Role.RULE:
                self._rule(line)
            case Role.LABEL:
                self._label(line)
            case Role.CREDIT:
                self._credit(line, following)
            case Role.HEADLINE:
                self._begin(line, title=line.text)
            case _:
                self._sentence(line)
        self.last = line

    def _rule(self, line: Line) -> None:
        if line.gap:  # else it underlines what stands above it
            self.open = self.label = None

    def _label(self, line: Line) -> None:
        self.spans_labels |= self._is_below_heading()
        self.heading = self.heading if self.spans_labels else None
        self.open, self.label = None, line

    def _credit(self, line: Line, following: Line | None) -> None:
        if line.credits.link and not (self.open and self.open.link is None):
            self._sentence(line)
        elif self._is_below_its_item(line, following):
            self.drafts[-1].credits.append(line.credits)
        elif not line.credits.dates:
            self.pending.append(line.credits)
        else:
            earlier = self.heading if self._is_below_heading() else None
            dates = (earlier.credits.dates if earlier else ()) + line.credits.dates
            self.heading, self.spans_labels = replace(line, credits=Credits(dates=dates)), False
            self.pending.append(replace(line.credits, dates=()))

    def _is_below_heading(self) -> bool:
        """Whether the line above is the date that stands above what comes."""
        return bool(self.last and self.heading and self.last.number == self.heading.number)

    def _is_below_its_item(self, line: Line, following: Line | None) -> bool:
        """Whether a date belongs to the item above it, else to what comes."""
        last = self.last
        if not (self.drafts and last) or last.role is Role.LABEL or self._is_below_heading():
            return False
        is_inside = self.open and self.open.is_bare and following and _is_text(following)
        if is_inside or not line.credits.dates or last.role is Role.CREDIT:
            return True
        touches_above, touches_below = not line.gap, following is not None and not following.gap
        if touches_above != touches_below:
            return touches_above
        return self.heading is None and not any(c.dates for c in self.drafts[-1].credits)

    def _begin(self, line: Line, title: str | None = None) -> Draft:
        draft = Draft(
            line=line.number,
            title=title,
            credits=self.pending,
            label=self.label,
            heading=self.heading,
            ordinal=line.ordinal,
        )
        self.drafts.append(draft)
        self.open, self.pending = draft, []
        return draft

    def _sentence(self, line: Line) -> None:
        if self.open is None or line.ordinal is not None or not self._goes_on(self.open, line):
            self._begin(line).body.append(line.text)
            # A teaser is complete; an item of a numbered list goes on to the next number.
            self.open = self.drafts[-1] if line.ordinal is not None else None
            return
        self.open.has_block |= bool(self.open.body) and not line.gap
        self.open.body.append(line.text)

    def _goes_on(self, draft: Draft, line: Line) -> bool:
        """A text ends at a blank line, if its sentences stand on adjoining lines."""
        return self.is_one_article or not (draft.body and line.gap and draft.has_block)


def _is_text(line: Line) -> bool:
    return line.role is Role.SENTENCE


def ranked(drafts: list[Draft]) -> list[Draft]:
    """Items with their ranks in their lists; an article after a list of single lines is not of it."""
    for label, grouped in groupby(drafts, lambda draft: draft.label):
        group = list(grouped) if label else []
        if group and group[0].is_one_line:
            articles = (at for at, draft in enumerate(group) if draft.title and len(draft.body) > 1)
            end = next(articles, len(group))
            for draft in group[end:]:
                draft.label = None
            group = group[:end]
        if 2 * sum(draft.is_one_line or draft.ordinal is not None for draft in group) > len(group):
            for rank, draft in enumerate(group, 1):
                draft.rank = draft.ordinal or rank
    return drafts


def _item(name: str, position: int, draft: Draft, shares_heading: bool) -> RawItem:
    kind = "teasers" if draft.title is None else "articles" if draft.body else "headlines"
    label = draft.label.text.strip(" :：#*•") if draft.label else None
    return RawItem(
        source=name,
        position=position,
        line=draft.line,
        group=label_group(label) if label else kind,
        title=BULLET.sub("", draft.title, count=1) or draft.title if draft.title else None,
        body="\n".join(draft.body),
        dates=_dates(draft, shares_heading),
        link=draft.link,
        section=label,
        rank=draft.rank,
        authors=tuple(author for credits in draft.credits for author in credits.authors),
    )


def _dates(draft: Draft, shares_heading: bool) -> tuple[RawDate, ...]:
    """Its own dates, then the one above it: its own too, unless others stand below it as well."""
    own = tuple(date for credits in draft.credits for date in credits.dates)
    above = draft.heading.credits.dates if draft.heading else ()
    if shares_heading:
        above = tuple(replace(date, origin=Origin.HEADING) for date in above)
    return own + above
