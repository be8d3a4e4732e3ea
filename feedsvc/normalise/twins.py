"""Which items of one source are one item?

Room: normalise. Pure. Imports model and the room's likeness; called by identity and the room.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from feedsvc.model import Judged
from feedsvc.normalise.keys import own_iri
from feedsvc.normalise.likeness import (
    alike,
    announces,
    are_apart,
    headline,
    is_headline,
    is_short,
    lead,
    names,
)

COMMON = 64  #: what stands in more items than this finds none of them


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
    return _has_link_of(one, other) or alike(one, other) or names(one, other)


def _share_address(one: Judged, other: Judged, n_sharing: int) -> bool:
    has_its_id = one.keys.own is not None and one.keys.own == other.keys.own
    is_alone = n_sharing == 2 and is_headline(one) != is_headline(other)
    return has_its_id or is_alone or alike(one, other) or names(one, other)


def twins(judged: Sequence[Judged]) -> list[list[int]]:
    """The positions of every item together with those of its other appearances, in order."""
    groups: list[list[int]] = []
    faces: list[list[Judged]] = []  # of each group, the few members that say all it is known by
    where: dict[str, list[int]] = defaultdict(list)
    for position, one in enumerate(judged):
        labels = [label for label in (*one.keys.present(), headline(one), lead(one)) if label]
        near = (group for label in labels for group in where[label][:COMMON])
        group = next((g for g in near if _is_twin(one, faces[g])), len(groups))
        if group == len(groups):
            groups.append([])
            faces.append([])
        groups[group].append(position)
        if _adds_to(faces[group], one):
            faces[group].append(one)
            for label in labels:
                where[label].append(group)
    return groups


def _adds_to(faces: Sequence[Judged], one: Judged) -> bool:
    known = {key for face in faces for key in (*face.keys.present(), is_headline(face))}
    return len(faces) < 8 and not known.issuperset((*one.keys.present(), is_headline(one)))


def _is_twin(one: Judged, faces: Iterable[Judged]) -> bool:
    pairs = [(one, face) for face in faces]
    return any(_same(*pair) for pair in pairs) and not any(_contradict(*pair) for pair in pairs)


def _same(one: Judged, other: Judged) -> bool:
    mine, theirs = one.keys, other.keys
    if (mine.own and mine.own == theirs.own) or _has_link_of(one, other):
        return True
    is_next = is_short(one) and are_apart(one, other)  # tomorrow's "Open thread"
    if mine.text == theirs.text and alike(one, other):
        return not is_next
    return names(one, other) or (announces(one, other) and not are_apart(one, other))


def _contradict(one: Judged, other: Judged) -> bool:
    """Whether their own ids, or else their addresses, say that these are two."""
    mine, theirs = one.keys, other.keys
    if mine.own and theirs.own:
        if own_iri(one.item.guid) and own_iri(other.item.guid):
            return mine.own != theirs.own
        return mine.own != theirs.own and not (_has_link_of(one, other) and alike(one, other))
    return bool(mine.link and theirs.link and mine.link != theirs.link)


def _has_link_of(one: Judged, other: Judged) -> bool:
    return one.keys.link is not None and one.keys.link == other.keys.link
