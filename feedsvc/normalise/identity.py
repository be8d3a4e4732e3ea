"""Who is it? Ids, slugs, and the linkage of what is read to what is known.

Room: normalise. Pure. Imports model and the room's keys; called by the room, ingest, settle,
service and corrections.

DATES.md §6 and DESIGN.md §7: keys that are equal link first, for all items; then what is left
is linked to what went missing from its group, where the words leave one answer.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise

from rapidfuzz import fuzz

from feedsvc.model import Judged, Keys
from feedsvc.normalise.keys import fingerprint_of, own_iri, units_of
from feedsvc.normalise.text import fold

__all__ = [
    "Known",
    "Match",
    "clusters",
    "fingerprint_of",
    "fold",
    "link",
    "mint",
    "own_iri",
    "section_slug",
    "slug",
    "tell_apart",
]

NAMESPACE = uuid.UUID("5f4c7b0e-3d2a-5c1b-9e86-fd1e0c9a7b42")  #: of minted ids; never changes
SHORT = 15  #: words: a text below it is compared by similarity
JACCARD = 0.5  #: of shingles: a longer text with as much in common is the same, reworded
SIMILARITY = 85  #: per cent: likewise for a short one
COMMON = 64  #: a term that stands in more texts than this finds no candidates
COMPARED = 5  #: candidates a text is compared with, those with most terms in common first


# --- ids and slugs ------------------------------------------------------------------------


def mint(keys: Keys, id_prefix: str = "", attempt: int = 0) -> str:
    """A `urn:uuid:` of the strongest key; `attempt` counts those already taken by other items."""
    name = "\n".join(
        (id_prefix, next(iter(keys.present()), ""), *([str(attempt)] if attempt else []))
    )
    return f"urn:uuid:{uuid.uuid5(NAMESPACE, name)}"


_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "þ": "th"}
)
_SILENT = re.compile("['’‘ʼ`´\"“”„«»]")
_NO_LOSS = re.compile(r"[\s\-_.,:;!?()&/|–—…·•'’‘ʼ`´\"“”„«»‹›]+")


def slug(title: str, id: str) -> str:
    """ASCII of the title up to 60 characters at a word, "-", 8 hex digits of the id's hash."""
    words = _dashed(_ascii(title))
    if len(words) > 60:
        words = words[:61].rpartition("-")[0] or words[:60]
    return "-".join(filter(None, (words, _hash8(id))))


def section_slug(name: str) -> str:
    """ASCII of a section's, tag's or author's name; with a hash where folding lost a character."""
    folded = _ascii(name)
    is_lossless = re.fullmatch("[a-z0-9]*", _NO_LOSS.sub("", folded)) and _dashed(folded)
    return (
        _dashed(folded) if is_lossless else "-".join(filter(None, (_dashed(folded), _hash8(name))))
    )


def _ascii(text: str) -> str:
    """Without marks and case; letters of other scripts stay, for the caller to count."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(char for char in decomposed if not "\u0300" <= char <= "\u036f")


def _dashed(folded: str) -> str:
    return re.sub("[^a-z0-9]+", "-", _SILENT.sub("", folded)).strip("-")


def _hash8(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


# --- linkage ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the store remembers of an entry's identity."""

    id: str
    keys: Keys
    shingles: frozenset[int] = frozenset()
    folded: str = ""  #: the beginning of its folded title and text
    group: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Who a judged item is."""

    judged: Judged
    known_id: str | None  #: of the entry it is; None for a new one
    how: str  #: "own id", "address", "same text", "headline", "reworded" or "new", with a remark
    twin_of: int | None = None  #: index of the first item in this file that is the same one


def link(
    judged: Sequence[Judged], by_key: Sequence[Known], in_source: Sequence[Known]
) -> tuple[Match, ...]:
    """Say of every item of one source who it is; one match each, in the same order.

    `by_key` are entries of any source that share a key with one of them, `in_source` those
    this source listed when last read. An entry is given to one item and its twins at most.
    """
    groups = _twins(judged)
    free = {entry.id: entry for entry in (*in_source, *by_key)}
    found = _exact(judged, groups, free)
    missing = [entry for entry in in_source if entry.id in free]
    rest = [group for group in range(len(groups)) if group not in found]
    found |= _reworded(judged, groups, rest, missing)
    matches: dict[int, Match] = {}
    for number, group in enumerate(groups):
        id, how = found.get(number, (None, "new"))
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


def tell_apart(judged: Sequence[Judged]) -> list[Judged]:
    """The same items, without the keys that name several of them at once.

    An own id on clearly different items stays with the first; an address that different items
    share (a home page) identifies none of them.
    """
    items = list(judged)
    for first, *others in _sharing(items, "own"):
        _forget(
            items, "own", (other for other in others if not _are_one(items[first], items[other]))
        )
    for first, *others in _sharing(items, "link"):
        n_sharing = 1 + len(others)
        if not all(_share_address(items[first], items[other], n_sharing) for other in others):
            _forget(items, "link", (first, *others))
    return items


def _sharing(items: Sequence[Judged], key: str) -> list[list[int]]:
    places: dict[str | None, list[int]] = defaultdict(list)
    for position, one in enumerate(items):
        places[getattr(one.keys, key)].append(position)
    places.pop(None, None)
    return [positions for positions in places.values() if len(positions) > 1]


def _forget(items: list[Judged], key: str, positions: Iterable[int]) -> None:
    for position in positions:
        keys_left = replace(items[position].keys, **{key: None})
        items[position] = replace(items[position], keys=keys_left)


def _are_one(one: Judged, other: Judged) -> bool:
    return _has_link_of(one, other) or _alike(one, other) or _names(one, other)


def _share_address(one: Judged, other: Judged, n_sharing: int) -> bool:
    has_its_id = one.keys.own is not None and one.keys.own == other.keys.own
    is_headline = n_sharing == 2 and _is_headline(one) != _is_headline(other)
    return has_its_id or is_headline or _alike(one, other) or _names(one, other)


def _remark(judged: Judged) -> str:
    has_lost_it = judged.item.guid and judged.keys.own is None
    return " (its own id is another item's too)" if has_lost_it else ""


# --- twins within one source --------------------------------------------------------------


def _twins(judged: Sequence[Judged]) -> list[list[int]]:
    """The positions of every item together with those of its other appearances, in order."""
    groups: list[list[int]] = []
    faces: list[list[Judged]] = []  # of each group, the few members that say all it is known by
    where: dict[str, list[int]] = defaultdict(list)
    for position, one in enumerate(judged):
        labels = (*one.keys.present(), _headline(one))
        near = (group for label in labels if label for group in where[label][:COMMON])
        group = next((g for g in near if _is_twin(one, faces[g])), len(groups))
        if group == len(groups):
            groups.append([])
            faces.append([])
        groups[group].append(position)
        if _adds_to(faces[group], one):
            faces[group].append(one)
            for label in filter(None, labels):
                where[label].append(group)
    return groups


def _adds_to(faces: Sequence[Judged], one: Judged) -> bool:
    known = {key for face in faces for key in (*face.keys.present(), _is_headline(face))}
    return len(faces) < 8 and not known.issuperset((*one.keys.present(), _is_headline(one)))


def _is_twin(one: Judged, faces: Iterable[Judged]) -> bool:
    pairs = [(one, face) for face in faces]
    return any(_same(*pair) for pair in pairs) and not any(_contradict(*pair) for pair in pairs)


def _same(one: Judged, other: Judged) -> bool:
    mine, theirs = one.keys, other.keys
    if (mine.own and mine.own == theirs.own) or _has_link_of(one, other):
        return True
    return (mine.text == theirs.text and _alike(one, other)) or _names(one, other)


def _contradict(one: Judged, other: Judged) -> bool:
    """Whether their own ids, or else their addresses, say that these are two."""
    mine, theirs = one.keys, other.keys
    if mine.own and theirs.own:
        return mine.own != theirs.own and not (_has_link_of(one, other) and _alike(one, other))
    return _differ(mine.link, theirs.link)


def _has_link_of(one: Judged | Known, other: Judged | Known) -> bool:
    return one.keys.link is not None and one.keys.link == other.keys.link


# --- against what is known ----------------------------------------------------------------

Found = dict[int, tuple[str | None, str]]  #: number of a group -> id of the known entry, and how


def _headline(one: Judged | Known) -> str:
    return one.folded.partition("\n")[0]


_PASSES: Mapping[str, Callable[[Judged | Known], str | None]] = {
    "own id": lambda one: one.keys.own,
    "address": lambda one: one.keys.link,
    "same text": lambda one: one.keys.text,
    "headline": _headline,
}


def _exact(judged: Sequence[Judged], groups: Sequence[list[int]], free: dict[str, Known]) -> Found:
    """Equal keys, the strongest kind first and for all items; what is found is no longer free."""
    found: Found = {}
    for how, key_of in _PASSES.items():
        index: dict[str | None, list[Known]] = defaultdict(list)
        for entry in free.values():
            index[key_of(entry) or None].append(entry)
        for number, group in enumerate(groups):
            fitting = [
                _nearness(judged[position], entry)
                for position in (group if number not in found else ())
                if (key := key_of(judged[position]))
                for entry in index.get(key, ())[:COMMON]
                if entry.id in free and _may_be(judged[position], entry, how)
            ]
            if fitting:
                found[number] = (free.pop(max(fitting)[-1]).id, how)
    return found


def _nearness(one: Judged, entry: Known) -> tuple[bool, bool, str]:
    return entry.source == one.item.source, entry.group == one.item.group, entry.id


def _may_be(one: Judged, entry: Known, how: str) -> bool:
    """Whether nothing speaks against an equal key."""
    if how == "own id":
        is_global = (one.keys.own or "").startswith("iri:")
        is_near = entry.source == one.item.source or _has_link_of(one, entry)
        return is_global or is_near or _alike(one, entry)
    if how == "address":
        return not _differ(one.keys.own, entry.keys.own) or _alike(one, entry)
    if how == "headline":
        return not _is_other(one, entry) and _names(one, entry)
    return _may_be_reworded(one, entry)


def _is_other(one: Judged, entry: Known) -> bool:
    """Whether ids or addresses say so, whatever the words are.

    A long text at a new address of its source has moved; a short one ("Open thread") is the
    next of its kind.
    """
    has_moved = entry.source == one.item.source and len(units_of(one.folded)) >= SHORT
    return _differ(one.keys.own, entry.keys.own) or (
        _differ(one.keys.link, entry.keys.link) and not has_moved
    )


def _differ(mine: str | None, theirs: str | None) -> bool:
    return bool(mine and theirs and mine != theirs)


def _reworded(
    judged: Sequence[Judged],
    groups: Sequence[list[int]],
    rest: Sequence[int],
    missing: Sequence[Known],
) -> Found:
    """New items that match exactly one missing entry of their group, claimed by no other."""
    if not missing:
        return {}
    index = _Index(missing)
    claims: dict[str, list[int]] = defaultdict(list)
    for number in rest:
        twins = (judged[position] for position in groups[number])
        matching = {entry.id for one in twins for entry in index.alike(one)}
        for id in matching:
            claims[id].append(number)
    n_matching = Counter(number for numbers in claims.values() for number in numbers)
    return {
        numbers[0]: (id, "reworded")
        for id, numbers in claims.items()
        if len(numbers) == 1 and n_matching[numbers[0]] == 1
    }


class _Index:
    """Finds the entries that share most rare terms with a text, so that few are compared."""

    def __init__(self, entries: Sequence[Known]) -> None:
        self._entries = entries
        self._by_term: dict[tuple[str, bytes | int], list[int]] = defaultdict(list)
        for number, entry in enumerate(entries):
            for term in _terms(entry):
                self._by_term[entry.group, term].append(number)

    def alike(self, one: Judged) -> list[Known]:
        lists = (self._by_term.get((one.item.group, term), ()) for term in _terms(one))
        shared = Counter(chain.from_iterable(found for found in lists if len(found) <= COMMON))
        near = (self._entries[number] for number, _ in shared.most_common(COMPARED))
        return [entry for entry in near if _may_be_reworded(one, entry)]


def _may_be_reworded(one: Judged, entry: Known) -> bool:
    return not _is_other(one, entry) and _alike(one, entry)


def _terms(one: Judged | Known) -> Iterable[bytes | int]:
    """The shingles of a long text, the words of a short one, both near the border."""
    units = units_of(one.folded)
    if len(units) >= SHORT + 5:
        return one.shingles
    if all(len(unit.decode()) == 1 for unit in units):
        units = [first + second for first, second in pairwise(units)]
    return {*units, *(one.shingles if len(units) >= SHORT else ())}


def _alike(one: Judged | Known, other: Judged | Known) -> bool:
    """Whether the words of one are those of the other, a little reworded at most."""
    if one.folded == other.folded:
        return one.shingles == other.shingles or _overlap(one, other) >= JACCARD
    if min(len(units_of(one.folded)), len(units_of(other.folded))) < SHORT:
        return fuzz.ratio(one.folded.strip(), other.folded.strip()) >= SIMILARITY
    return _overlap(one, other) >= JACCARD


def _overlap(one: Judged | Known, other: Judged | Known) -> float:
    n_common = len(one.shingles & other.shingles)
    n_all = len(one.shingles) + len(other.shingles) - n_common
    return n_common / n_all if n_all else 0.0


def _names(one: Judged | Known, other: Judged | Known) -> bool:
    """Whether one is a headline alone and the other the article it names."""
    return _headline(one) == _headline(other) != "" and _is_headline(one) != _is_headline(other)


def _is_headline(one: Judged | Known) -> bool:
    return one.folded.endswith("\n")
