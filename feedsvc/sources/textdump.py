"""Text dumps: pages saved as plain text, without markup, one piece of news a line or a block.

Room: sources. A reader (see the registry). Imports model and errors through its neighbours.
Lines get roles, a line's neighbours settle the doubtful ones, and settled lines are gathered
into items (DATES.md §5). Nothing is lost: each line with words in it ends up in one item,
unless it is a heading, a date, a byline, or noise, which is counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from heapq import merge
from itertools import count, groupby, islice
from operator import itemgetter
from typing import Any, TypeAlias

from feedsvc.model import Limits, Noise, Origin, RawDate, RawItem, Refused
from feedsvc.sources._datelines import is_clock
from feedsvc.sources._fields import item_of
from feedsvc.sources._gather import Draft, gather
from feedsvc.sources._hints import NO_HINTS, Hints
from feedsvc.sources._labels import label_group
from feedsvc.sources._lines import BULLET, lines_of, parted, unwrapped
from feedsvc.sources._pairs import Record, records_of
from feedsvc.sources._settle import cleared, settled
from feedsvc.sources._text import refused, text_of, too_long, why_binary
from feedsvc.sources._whole import menus, shaped

Found: TypeAlias = Refused | Record | Draft

NAME = "textdump"
SURENESS = 0.1  #: any text can be read as a dump; whoever knows better goes first

LINES_AN_ITEM = 4  #: of the lines that are read, at most
N_SAME = 3  #: equal lines in a row; more say no more than one
MORE = "split it into smaller files, or raise `limits.dump_items` under [[source]]"
N_TOLD = 100  #: lines of noise that are named
YEAR = re.compile(r"(?:19|20)\d{2}")


def sniff(name: str, head: bytes) -> float:  # noqa: ARG001 - a dump may have any name
    """Any text at all is a dump when nothing better is known of it."""
    return 0.0 if why_binary(head) else SURENESS


def read(name: str, data: bytes, hints: Hints = NO_HINTS) -> Iterator[RawItem | Refused | Noise]:
    """The items of a dump in source order, its noise last; lines beyond the limit are refused.

    Raises UnknownFormat for binary data and BrokenSource beyond the size limit.
    """
    limits = hints.limits
    rows, repeated = _without_repeats(text_of(name, data, hints).split("\n"))
    records, lines = records_of(lines_of(rows[: _end(rows, limits)], limits))
    kept, noise = cleared(menus(unwrapped(parted(lines))))
    kept, around = shaped(kept)
    drafts, names = gather(settled(kept))
    found: Iterator[Found] = merge(_beyond_limits(name, rows, limits), records, drafts, key=_line)
    yield from _within(name, _pieces(name, found, drafts), limits.dump_items)
    if told := sorted({*noise, *around, *names, *repeated}):
        yield Noise(source=name, n_lines=len(told), lines=tuple(told[:N_TOLD]))


def _without_repeats(rows: list[str]) -> tuple[list[str], list[int]]:
    """The rows with the same one said over and over said once, and the lines of the others."""
    taken: list[int] = []
    filled = ((number, row.strip()) for number, row in enumerate(rows, 1))
    for _, run in groupby((pair for pair in filled if pair[1]), key=itemgetter(1)):
        numbers = [number for number, _ in run]
        if len(numbers) > N_SAME:
            taken += numbers[1:]
    gone = set(taken)
    return ["" if n in gone else row for n, row in enumerate(rows, 1)] if gone else rows, taken


def _end(rows: Sequence[str], limits: Limits) -> int:
    """How many rows are read: as many lines with something on them as the limits allow."""
    filled = (n for n, row in enumerate(rows) if row.strip())
    return next(islice(filled, limits.dump_items * LINES_AN_ITEM, None), len(rows))


def _within(
    name: str, pieces: Iterator[RawItem | Refused], limit: int
) -> Iterator[RawItem | Refused]:
    """The pieces up to the limit of items; what stands beyond is refused in one piece."""
    for n, piece in enumerate(pieces, 1):
        if n > limit:
            reason = f"from here on more than the limit of {limit:,} items a dump"
            yield refused(name, piece.line or n, reason, MORE)
            return
        yield piece


def _line(found: Any) -> int:  # of a Found; `merge` asks for a key of anything
    return found.line or 0


def _pieces(
    name: str, found: Iterable[Found], drafts: Sequence[Draft]
) -> Iterator[RawItem | Refused]:
    n_below = Counter(draft.heading.number for draft in drafts if draft.heading)
    position = count()
    for one in found:
        if isinstance(one, Refused):
            yield one
        elif isinstance(one, Record):
            yield item_of(one.whole(), name, next(position), one.line)
        else:
            is_shared = one.heading is not None and n_below[one.heading.number] > 1
            yield _item(name, next(position), one, is_shared)


def _beyond_limits(name: str, rows: Sequence[str], limits: Limits) -> Iterator[Refused]:
    end = _end(rows, limits)
    for number, row in enumerate(rows[:end], 1):
        if len(row) > limits.line_characters:
            yield too_long(name, number, row[:200], limits)
    if end < len(rows):
        reason = f"from here on more than the limit of {limits.dump_items * LINES_AN_ITEM:,} lines"
        yield refused(name, end + 1, reason, MORE, rows[end][:200])


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
        fields=(("page", draft.page),) if draft.page else (),
    )


def _dates(draft: Draft, shares_heading: bool) -> tuple[RawDate, ...]:
    """Its own dates, then the one above it: its own too, unless others stand below it as well.

    A time of day of its own and the day above it are one date.
    """
    own = draft.dates
    above = draft.heading.credits.dates if draft.heading else ()
    if above and own and is_clock(own[0].words) and not YEAR.fullmatch(above[0].words):
        timed = replace(own[0], words=f"{above[0].words} {own[0].words}")
        return (timed, *own[1:])
    if above and own and YEAR.fullmatch(above[0].words) and not YEAR.search(own[0].words):
        sign = "年" if "月" in own[0].words else ""
        words = (
            f"{above[0].words}{sign}{own[0].words}" if sign else f"{own[0].words} {above[0].words}"
        )
        own = (replace(own[0], words=words), *own[1:])
    if shares_heading:
        above = tuple(replace(date, origin=Origin.HEADING) for date in above)
    return own + above
