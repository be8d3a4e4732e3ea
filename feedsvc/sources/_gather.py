"""Settled lines gathered into the items of a dump.

Room: sources, private. Called by textdump alone; imports _lines and _settle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, takewhile, zip_longest

from feedsvc.model import RawDate
from feedsvc.sources._datelines import Credits, is_clock
from feedsvc.sources._lines import Line, Role, n_words
from feedsvc.sources._settle import is_one_article, is_text

MAX_DATES = 4  #: above one item
MASTHEAD_WORDS = 6
NAME_WORDS = 4  #: of a page, right above the heading of a list
MASTHEAD_CHARACTERS = 48
MASTHEAD_LINES = 4


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
    page: str | None = None
    rank: int | None = None
    is_block: bool = False  #: a blank line ends it: two of its sentences stand on adjoining lines

    @property
    def link(self) -> str | None:
        return next((credits.link for credits in self.credits if credits.link), None)

    @property
    def dates(self) -> tuple[RawDate, ...]:
        if not self.credits:
            return ()
        return tuple(date for credits in self.credits for date in credits.dates)

    @property
    def days(self) -> tuple[RawDate, ...]:
        """Its dates that name a day."""
        return tuple(date for date in self.dates if not is_clock(date.words))

    @property
    def is_bare(self) -> bool:
        return self.title is not None and not self.body

    @property
    def is_one_line(self) -> bool:
        return len(self.body) == (self.title is None)

    @property
    def is_in_time(self) -> bool:
        """Whether a day of its own, or one below its label, places it: a diary, no ranking."""
        is_below = self.heading and self.label and self.heading.number >= self.label.number
        return bool(is_below or self.dates)


def gather(lines: Sequence[Line]) -> tuple[list[Draft], list[int]]:
    """The items of settled lines, in order, and the numbers of lines that only name the page."""
    gathering = Gathering(is_one_article=is_one_article(lines))
    for line, following, beyond in zip_longest(lines, lines[1:], _beyond_credits(lines)):
        gathering.take(line, following, beyond)
    drafts, names = _below_masthead(gathering.drafts)
    return _ranked(drafts), names


def _beyond_credits(lines: Sequence[Line]) -> list[Line | None]:
    """For each line, the next one below it that is no date or byline."""
    found: list[Line | None] = []
    beyond: Line | None = None
    for line in reversed(lines):
        found.append(beyond)
        beyond = beyond if line.role is Role.CREDIT else line
    return found[::-1]


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
    is_time_above: bool | None = None  #: times of day stand above their items; None: not seen yet
    last: Line | None = None

    def take(self, line: Line, following: Line | None, beyond: Line | None) -> None:
        """Put one more line in its place; `following` is the next one, `beyond` that of words."""
        match line.role:
            case Role.RULE:
                self._rule(line)
            case Role.LABEL:
                self._label(line)
            case Role.CREDIT:
                self._credit(line, following, beyond)
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

    def _credit(self, line: Line, following: Line | None, beyond: Line | None) -> None:
        if line.credits.link and not (self.open and self.open.link is None):
            self._sentence(line)
        elif _is_time(line.credits):
            self._time(line, following)
        elif self._is_below_its_item(line, following, beyond):
            self.drafts[-1].credits.append(line.credits)
        elif not line.credits.dates:
            self.pending.append(line.credits)
        else:
            if self.drafts and self.drafts[-1].label and not self.drafts[-1].heading:
                self.label = None  # a list without days is over where they begin
            earlier = self.heading if self._is_below_heading() else None
            dates = (*(earlier.credits.dates if earlier else ()), *line.credits.dates)[:MAX_DATES]
            self.heading, self.spans_labels = replace(line, credits=Credits(dates=dates)), False
            if line.credits.authors:
                self.pending.append(replace(line.credits, dates=()))

    def _time(self, line: Line, following: Line | None) -> None:
        """A time of day stands on the same side of every item of a dump."""
        if self.is_time_above is None:
            last = self.last
            is_first = not self.drafts or last is None or self._is_below_heading()
            is_first = is_first or (last is not None and last.role is Role.LABEL)
            is_apart = line.gap and following is not None and not following.gap
            self.is_time_above = is_first or is_apart
        if self.is_time_above or not self.drafts:
            self.pending.append(line.credits)
            self.open = None
        else:
            self.drafts[-1].credits.append(line.credits)

    def _is_below_heading(self) -> bool:
        """Whether the line above is the date that stands above what comes."""
        return bool(self.last and self.heading and self.last.number == self.heading.number)

    def _is_below_its_item(self, line: Line, following: Line | None, beyond: Line | None) -> bool:
        """Whether a date belongs to the item above it, else to what comes."""
        last = self.last
        if not (self.drafts and last) or last.role is Role.LABEL or self._is_below_heading():
            return False
        if self.open and self.open.is_bare and beyond and is_text(beyond) and not beyond.is_new:
            return True
        if not line.credits.dates or last.role is Role.CREDIT:
            return True
        touches_above, touches_below = not line.gap, following is not None and not following.gap
        if touches_above != touches_below:
            return touches_above
        return self.heading is None and not self.drafts[-1].dates

    def _begin(self, line: Line, title: str | None = None) -> Draft:
        own = [line.credits] if line.credits.dates else []
        draft = Draft(
            line=line.number,
            title=title,
            credits=self.pending + own,
            label=self.label,
            heading=self.heading,
            ordinal=line.ordinal,
            page=line.page,
            is_block=line.is_new and title is None,
        )
        self.drafts.append(draft)
        self.open, self.pending = draft, []
        return draft

    def _sentence(self, line: Line) -> None:
        begins = self.open is None or line.ordinal is not None or line.is_new
        if begins or not self._goes_on(self.open, line):
            draft = self._begin(line)
            draft.body.append(line.text)
            # A teaser is complete; an item of a list goes on to the next number, day or gap.
            self.open = draft if line.ordinal is not None or line.is_new else None
        elif self.open is not None:
            self.open.is_block |= bool(self.open.body) and not line.gap
            self.open.body.append(line.text)

    def _goes_on(self, draft: Draft | None, line: Line) -> bool:
        """A text ends at a blank line, if its sentences stand on adjoining lines."""
        is_over = draft is None or (draft.body and line.gap and draft.is_block)
        return self.is_one_article or not is_over


def _is_time(credits: Credits) -> bool:
    return bool(credits.dates) and all(is_clock(date.words) for date in credits.dates)


# -- the drafts of a dump as a whole


def _below_masthead(drafts: list[Draft]) -> tuple[list[Draft], list[int]]:
    """Short lines at the top, above items of another build, name the page.

    The first becomes the label of the items below it, unless they have one; a date among them
    is that of all.
    """
    is_one_dated = sum(bool(draft.days) for draft in drafts) == 1
    n = next((at for at, one in enumerate(drafts) if not _may_name(one, is_one_dated)), len(drafts))
    n = next(
        (at for at in range(1, n) if drafts[at].heading not in (None, drafts[n - 1].heading)), n
    )
    above, below = drafts[:n], drafts[n:]
    if not 0 < n <= MASTHEAD_LINES or not below or not _is_headed(above, below):
        return drafts, []
    label = Line(number=above[0].line, text=above[0].title or "", is_masthead=True)
    dates = tuple(date for draft in above for date in draft.dates)
    heading = replace(label, credits=Credits(dates=dates)) if dates else None
    for draft in below:
        draft.heading = draft.heading or heading
        draft.label = draft.label or label
    return below, [draft.line for draft in above]


def _may_name(draft: Draft, is_one_dated: bool) -> bool:
    if not draft.is_bare or draft.ordinal or draft.page or draft.link or draft.label:
        return False
    title = draft.title or ""
    is_short = n_words(title) <= MASTHEAD_WORDS or len(title.split()) < 3
    return is_short and len(title) <= MASTHEAD_CHARACTERS and (is_one_dated or not draft.days)


def _is_headed(above: Sequence[Draft], below: Sequence[Draft]) -> bool:
    """Whether those below are full or dated, each of them, and those above are not."""
    first = list(takewhile(lambda draft: draft.label is below[0].label, below))
    if any(draft.heading not in (None, first[0].heading) for draft in above):
        return False
    is_dated = any(draft.days or draft.heading for draft in above)
    if len(above) == 1 and first[0].label and n_words(above[0].title or "") <= NAME_WORDS:
        return True
    if len(first) == 1:
        return bool(first[0].body) and (is_dated or first[0].heading is not None)
    return all(draft.body for draft in first) or all(
        draft.days or draft.page or draft.heading is not above[-1].heading for draft in first
    )


def _ranked(drafts: list[Draft]) -> list[Draft]:
    """Items with their ranks in their lists; an article after a list of single lines is not of it."""
    for label, grouped in groupby(drafts, lambda draft: draft.label):
        group = list(grouped) if label else []
        end = _list_end(group)
        for draft in group[end:]:
            draft.label = None
        group = group[:end]
        if label and _is_ranking(label, group):
            for rank, draft in enumerate(group, 1):
                draft.rank = draft.ordinal or rank
    return drafts


def _list_end(group: Sequence[Draft]) -> int:
    """Where a list of single lines is over: at an article; at any text, if it is of bare titles."""
    if not group or not group[0].is_one_line:
        return len(group)
    n_lines = 0 if all(draft.is_bare for draft in group[:2]) and len(group) > 2 else 1
    articles = (at for at, one in enumerate(group) if one.title and len(one.body) > n_lines)
    return next(articles, len(group))


def _is_ranking(label: Line, group: Sequence[Draft]) -> bool:
    n_ordinals = sum(draft.ordinal is not None for draft in group)
    if any(draft.page for draft in group) or 2 * sum(d.is_in_time for d in group) > len(group):
        return False
    n_lines = 0 if label.is_masthead else sum(d.is_one_line and not d.ordinal for d in group)
    return 2 * (n_lines + n_ordinals) > len(group)
