"""Who is it? The linkage of what is read to what is known.

Room: normalise. Pure. Imports model and the room's keys, naming, likeness and twins; called by the
room, settle, intake, service and corrections.

DATES.md §6 and DESIGN.md §7: keys that are equal link first, for all items; then what is left
is linked to what went missing, where the words leave one answer. What two sources have in
common is one item only where nothing speaks against it: two made one is one lost.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise
from typing import NamedTuple

from feedsvc.model import How, Judged
from feedsvc.normalise.keys import own_iri, units_of
from feedsvc.normalise.likeness import (
    JACCARD,
    SHORT,
    Known,
    One,
    alike,
    announces,
    are_apart,
    are_near,
    are_of_one_site,
    are_of_two_sites,
    begin_alike,
    clues,
    differ,
    headline,
    is_brief,
    is_headline,
    is_short,
    is_telling,
    lead,
    names,
    overlap,
    share_page_name,
)
from feedsvc.normalise.naming import mint, section_slug, slug
from feedsvc.normalise.text import fold
from feedsvc.normalise.twins import COMMON, tell_apart, twins

__all__ = [
    "Known",
    "Match",
    "Suggestion",
    "clues",
    "clusters",
    "fold",
    "link",
    "mint",
    "own_iri",
    "section_slug",
    "slug",
    "suggestions",
    "tell_apart",
]

COMPARED = 5  #: candidates a text is compared with, those with most terms in common first
TELLING = 12  #: shingles: of fewer nothing is suggested


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Who a judged item is."""

    judged: Judged
    known_id: str | None  #: of the entry it is; None for a new one
    how: str  #: "own id", "address", "same text", "headline", "reworded" … or "new", with a remark
    twin_of: int | None = None  #: index of the first item in this file that is the same one


@dataclass(frozen=True, slots=True, order=True)
class Suggestion:
    """Two entries that may be one, for a person to decide."""

    likeness: float  #: words in common, of all that either has: 0.5 to 1
    one_id: str  #: of the one met now
    other_id: str
    words: str = ""  #: how the one met now begins, folded


def link(
    judged: Sequence[Judged],
    by_key: Sequence[Known],
    in_source: Sequence[Known],
    absent: Iterable[str] = (),
    *,
    is_feed: bool = False,
) -> tuple[Match, ...]:
    """Say of every item of one source who it is; one match each, in the same order.

    `by_key` are entries of any source that share a key or a clue with one of them, `in_source`
    those this source listed when last read, `absent` the sources that are not there any more.
    A feed (`is_feed`) and a document are likelier to be one than two of a kind.
    An entry is given to one item and its twins at most.
    """
    groups = twins(judged)
    linkage = _Linkage(
        judged=judged,
        groups=groups,
        free={entry.id: entry for entry in (*in_source, *by_key)},
        here=frozenset(entry.id for entry in in_source),
        absent=frozenset(absent),
        is_feed=is_feed,
    )
    linkage.by_equal_keys()
    linkage.by_words([entry for entry in in_source if entry.id in linkage.free])
    matches: dict[int, Match] = {}
    for number, group in enumerate(groups):
        id, how = linkage.found.get(number, (None, "new"))
        for position in group:
            matches[position] = Match(
                judged=judged[position],
                known_id=id,
                how=how + _remark(judged[position]),
                twin_of=group[0] if position != group[0] else None,
            )
    return tuple(matches[position] for position in range(len(judged)))


def clusters(matches: Sequence[Match]) -> tuple[tuple[int, ...], ...]:
    """The positions of each item and its twins, in the order of the source."""
    together: dict[int, list[int]] = defaultdict(list)
    for position, match in enumerate(matches):
        together[position if match.twin_of is None else match.twin_of].append(position)
    return tuple(tuple(positions) for positions in together.values())


def suggestions(new: Sequence[Known], others: Sequence[Known]) -> Iterator[Suggestion]:
    """What is much alike of entries that share a clue, those met now among them."""
    for number, one in enumerate(new):
        for other in (*new[number + 1 :], *others):
            likeness = overlap(one, other)
            is_long = min(len(one.shingles), len(other.shingles)) >= TELLING
            if is_long and likeness >= JACCARD and not are_apart(one, other):
                words = " ".join(one.folded.split()[:SHORT])
                yield Suggestion(round(likeness, 2), one.id, other.id, words)


def _remark(judged: Judged) -> str:
    remarks = []
    if judged.item.guid and judged.keys.own is None:
        remarks.append("its own id is another item's too")
    if judged.lacking:
        remarks.append(f"its address or id is not made: it has no {', '.join(judged.lacking)}")
    return f" ({'; '.join(remarks)})" if remarks else ""


# --- against what is known ----------------------------------------------------------------


class _Pair(NamedTuple):
    """An item and an entry that it may be."""

    one: Judged
    entry: Known
    is_here: bool  #: the entry was listed by the item's own source
    has_gone: bool  #: its sources are not there any more: it may have moved here
    are_of_two_kinds: bool  #: one of a feed, one of a document it may have been made from

    @property
    def shares_link(self) -> bool:
        return self.one.keys.link in (self.entry.keys.link, *self.entry.aliases) and bool(
            self.one.keys.link
        )

    @property
    def has_other_id(self) -> bool:
        mine, theirs = self.one.keys.own, self.entry.keys.own
        return bool(mine and theirs and mine != theirs and mine not in self.entry.aliases)

    @property
    def has_other_link(self) -> bool:
        mine, theirs = self.one.keys.link, self.entry.keys.link
        return bool(mine and theirs and mine != theirs and mine not in self.entry.aliases)


def _is_other(pair: _Pair) -> bool:
    """Whether ids or addresses say so, whatever the words are.

    A long text at a new address of its source has moved; a short one ("Open thread") is the
    next of its kind. What other sites call it says nothing.
    """
    has_moved = pair.has_gone or not is_short(pair.one)
    if pair.is_here:
        return pair.has_other_id or (pair.has_other_link and not has_moved)
    if not are_of_one_site(pair.one, pair.entry):
        return False
    return (pair.has_other_id or pair.has_other_link) and not has_moved


def _fits_own_id(pair: _Pair) -> bool:
    is_global = (pair.one.keys.own or "").startswith("iri:")
    return is_global or pair.is_here or pair.shares_link or alike(pair.one, pair.entry)


def _fits_address(pair: _Pair) -> bool:
    one, entry = pair.one, pair.entry
    if pair.is_here:
        return not pair.has_other_id or alike(one, entry)
    has_other_title = headline(one) != headline(entry) != ""
    if has_other_title and _differ(pair):
        return False
    return not (pair.has_other_id and has_other_title and are_apart(one, entry))


def _fits_text(pair: _Pair) -> bool:
    if pair.one.keys.text in pair.entry.aliases:
        return pair.is_here and not _is_other(pair)
    if _is_other(pair) or not alike(pair.one, pair.entry):
        return False
    return not (is_short(pair.one) and are_apart(pair.one, pair.entry))


def _fits_text_dated_anew(pair: _Pair) -> bool:
    """The same words of the same source; where both state their days it may be the next one."""
    is_next = is_short(pair.one) and are_apart(pair.one, pair.entry, How.STATED)
    return pair.is_here and not is_next and _may_be_reworded(pair)


def _fits_headline(pair: _Pair) -> bool:
    if _is_other(pair) or not names(pair.one, pair.entry):
        return False
    return pair.is_here or (_has_telling_title(pair) and not are_apart(pair.one, pair.entry))


def _fits_title(pair: _Pair) -> bool:
    """Whether two sources that give one title mean one item."""
    one, entry = pair.one, pair.entry
    says_same = announces(one, entry) or alike(one, entry)
    if pair.is_here or (_is_other(pair) and (is_short(one) or not says_same)):
        return False
    if are_apart(one, entry):
        is_page = share_page_name(one, entry) and is_telling(headline(one))
        is_again = not is_short(one) and overlap(one, entry) >= 0.9
        return is_again or (is_page and not differ(one, entry))
    if begin_alike(one, entry) or (says_same and not is_short(one)):
        return True
    if _differ(pair) or are_of_two_sites(one, entry):
        return False
    is_sure = _has_telling_title(pair) or share_page_name(one, entry)
    has_day = says_same or are_near(one, entry) or is_telling(headline(one), 6, 30)
    return is_sure and has_day


def _has_telling_title(pair: _Pair) -> bool:
    """Whether two sources hardly give it by chance; of a feed and its document, on one day."""
    is_likely = pair.are_of_two_kinds and are_near(pair.one, pair.entry)
    return is_telling(headline(pair.one), *((2, 8) if is_likely else (4, 20)))


def _differ(pair: _Pair) -> bool:
    """Whether the texts say that these are two; a feed may describe in other words."""
    may_describe = is_brief(pair.one) or is_brief(pair.entry)
    return differ(pair.one, pair.entry) and not (pair.are_of_two_kinds and may_describe)


def _fits_lead(pair: _Pair) -> bool:
    is_untitled = "" in (headline(pair.one), headline(pair.entry))
    is_teaser = announces(pair.one, pair.entry) and not are_apart(pair.one, pair.entry)
    return is_untitled and is_teaser and not _is_other(pair)


def _own(one: One) -> str | None:
    return one.keys.own


def _address(one: One) -> str | None:
    return one.keys.link


def _text(one: One) -> str | None:
    return one.keys.text


#: how a link is told, what must be equal, and whether nothing speaks against it; strongest first
_PASSES: tuple[tuple[str, Callable[[One], str | None], Callable[[_Pair], bool]], ...] = (
    ("own id", _own, _fits_own_id),
    ("address", _address, _fits_address),
    ("same text", _text, _fits_text),
    ("same text", _text, _fits_text_dated_anew),
    ("headline", headline, _fits_headline),
    ("same title", headline, _fits_title),
    ("same beginning", lead, _fits_lead),
)


@dataclass(slots=True, kw_only=True)
class _Linkage:
    """The items of one source, and what is left of the entries they may be."""

    judged: Sequence[Judged]
    groups: Sequence[list[int]]
    free: dict[str, Known]
    here: frozenset[str]  #: ids that this source listed
    absent: frozenset[str]
    is_feed: bool
    found: dict[int, tuple[str, str]] = field(default_factory=dict)  #: group -> entry's id, and how

    def by_equal_keys(self) -> None:
        """The strongest kind first and for all items; what is found is no longer free."""
        for how, key_of, fits in _PASSES:
            index = self._index(key_of)
            for number, group in self._rest():
                fitting = [
                    _nearness(pair)
                    for position in group
                    if (key := key_of(self.judged[position]))
                    for entry in index.get(key, ())[:COMMON]
                    if entry.id in self.free
                    and fits(pair := self._pair(self.judged[position], entry))
                ]
                if fitting:
                    self._take(number, max(fitting)[-1], how)

    def by_words(self, missing: Sequence[Known]) -> None:
        """What one item alone may be of what went missing, and it alone."""
        index = _Index(missing)
        self._claim("reworded", lambda one: filter(self._may_be_reworded(one), index.alike(one)))
        titled: dict[str, list[Known]] = defaultdict(list)
        for entry in missing:
            if entry.id in self.free:
                titled["" if self._is_alone else headline(entry)].append(entry)
        self._claim("edited", lambda one: self._edited(one, titled))
        gone = _Index([e for e in self.free.values() if self._has_gone(e)], by_group=False)
        self._claim("moved", lambda one: filter(self._may_be_reworded(one), gone.alike(one)))
        others = _Index([e for e in self.free.values() if e.id not in self.here], by_group=False)
        self._claim("same page", lambda one: [e for e in others.alike(one) if _is_page(one, e)])

    def _index(self, key_of: Callable[[One], str | None]) -> dict[str, list[Known]]:
        index: dict[str, list[Known]] = defaultdict(list)
        for entry in self.free.values():
            for key in {key_of(entry), *entry.aliases}:
                if key:
                    index[key].append(entry)
        return index

    def _rest(self) -> list[tuple[int, list[int]]]:
        return [(n, group) for n, group in enumerate(self.groups) if n not in self.found]

    def _pair(self, one: Judged, entry: Known) -> _Pair:
        is_here = entry.id in self.here or entry.source == one.item.source
        are_of_two_kinds = self.is_feed != entry.is_feed
        return _Pair(one, entry, is_here, self._has_gone(entry), are_of_two_kinds)

    def _has_gone(self, entry: Known) -> bool:
        return bool(entry.appears_in) and entry.appears_in <= self.absent

    def _take(self, number: int, id: str, how: str) -> None:
        del self.free[id]
        self.found[number] = (id, how)

    def _claim(self, how: str, matching: Callable[[Judged], Iterable[Known]]) -> None:
        if not self.free:
            return
        claims: dict[str, list[int]] = defaultdict(list)
        for number, group in self._rest():
            for id in {entry.id for position in group for entry in matching(self.judged[position])}:
                claims[id].append(number)
        n_matching = Counter(number for numbers in claims.values() for number in numbers)
        for id, numbers in claims.items():
            if len(numbers) == 1 and n_matching[numbers[0]] == 1 and id in self.free:
                self._take(numbers[0], id, how)

    def _may_be_reworded(self, one: Judged) -> Callable[[Known], bool]:
        return lambda entry: entry.id in self.free and _may_be_reworded(self._pair(one, entry))

    def _edited(self, one: Judged, titled: Mapping[str, list[Known]]) -> list[Known]:
        """The entry that had its title, where no other did; that of its file where it is alone."""
        found = titled.get("" if self._is_alone else headline(one), [])
        return [e for e in found if self._is_edited(one, e)] if len(found) == 1 else []

    def _is_edited(self, one: Judged, entry: Known) -> bool:
        """Whether its title stayed while its text was written anew, or a file's only item did."""
        if _is_other(self._pair(one, entry)) or are_apart(one, entry, How.STATED):
            return False
        if headline(one) and headline(one) == headline(entry):
            return self._is_alone or is_telling(headline(one))
        is_same_day = min(one.published.how, _how(entry)) >= How.STATED and are_near(one, entry)
        return self._is_alone and is_same_day and not is_headline(one)

    @property
    def _is_alone(self) -> bool:
        return len(self.groups) == 1 and len(self.here) == 1


def _how(entry: Known) -> How:
    return entry.published.how if entry.published else How.SEEN


def _nearness(pair: _Pair) -> tuple[bool, bool, bool, bool, str]:
    one, entry = pair.one, pair.entry
    is_at_home = entry.source == one.item.source
    return (
        pair.is_here,
        not are_apart(one, entry),
        is_at_home,
        entry.group == one.item.group,
        entry.id,
    )


def _may_be_reworded(pair: _Pair) -> bool:
    return not _is_other(pair) and alike(pair.one, pair.entry)


def _is_page(one: Judged, entry: Known) -> bool:
    is_there = share_page_name(one, entry) and not are_of_two_sites(one, entry)
    return is_there and are_near(one, entry) and alike(one, entry)


class _Index:
    """Finds the entries that share most rare terms with a text, so that few are compared."""

    def __init__(self, entries: Sequence[Known], *, by_group: bool = True) -> None:
        self._entries = entries
        self._by_group = by_group
        self._by_term: dict[tuple[str, bytes | int], list[int]] = defaultdict(list)
        for number, entry in enumerate(entries):
            for term in _terms(entry):
                self._by_term[self._group(entry.group), term].append(number)

    def alike(self, one: Judged) -> list[Known]:
        if not self._entries:
            return []
        group = self._group(one.item.group)
        lists = (self._by_term.get((group, term), ()) for term in _terms(one))
        shared = Counter(chain.from_iterable(found for found in lists if len(found) <= COMMON))
        return [self._entries[number] for number, _ in shared.most_common(COMPARED)]

    def _group(self, group: str) -> str:
        return group if self._by_group else ""


def _terms(one: One) -> Iterable[bytes | int]:
    """The shingles of a long text, the words of a short one, both near the border."""
    units = units_of(one.folded)
    if len(units) >= SHORT + 5:
        return one.shingles
    if all(len(unit.decode()) == 1 for unit in units):
        units = [first + second for first, second in pairwise(units)]
    return {*units, *(one.shingles if len(units) >= SHORT else ())}
