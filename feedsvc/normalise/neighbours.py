"""Undated items between dated ones: the day of the nearest neighbour that fits the order.

Room: normalise. Pure. Imports model and the ladder; called by dates.
"""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from feedsvc.model import Dated, How, Order
from feedsvc.normalise.ladder import (
    CHANGED,
    FIELD,
    LINK,
    META,
    NEIGHBOUR,
    TIME,
    WEEKDAY,
    Case,
    Finding,
    local_day,
)
from feedsvc.normalise.parse import When

#: A record without a date beside dated ones has none; a line of a list has that of its neighbours.
OF_RECORDS = (FIELD.name, META.name, TIME.name, LINK.name)


def from_neighbours(cases: Sequence[Case], published: Sequence[Dated]) -> dict[int, Finding]:
    """For undated items of ordered groups: the day of the nearest dated neighbour that fits."""
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for n, case in enumerate(cases):
        if case.item.rank is None:
            groups[case.item.group].append(n)
    return {
        members[at]: _inherited(cases[members[anchor]], published[members[anchor]])
        for members in groups.values()
        for at, anchor in _anchored([cases[n] for n in members], [published[n] for n in members])
    }


def _anchored(cases: Sequence[Case], published: Sequence[Dated]) -> Iterator[tuple[int, int]]:
    """Places of undated items of one group, each with that of the dated one it may inherit from."""
    days = [local_day(dated.instant, cases[0].context.time_zone) for dated in published]
    anchors = [
        at
        for at, dated in enumerate(published)
        if _is_anchor(dated) and days[at] <= cases[at].latest
    ]
    told = [days[at] for at in anchors if published[at].rule not in OF_RECORDS]
    order = cases[0].context.order or _shown(told)
    for at, dated in enumerate(published) if order and anchors else ():
        if not dated.how.is_claim:
            following = bisect(anchors, at)
            around = anchors[max(0, following - 1) : following + 1]
            # An order that is only shown says nothing of what stands outside.
            is_known = cases[0].context.order or len(around) == 2
            # But one that was changed on the very day of its neighbour has no other left.
            is_known = is_known or (dated.rule == CHANGED.name and days[at] == days[around[0]])
            nearest = _nearest(at, around, days, order) if is_known else None
            if nearest is not None:
                yield at, nearest


def _is_anchor(dated: Dated) -> bool:
    is_sure = dated.how >= How.DERIVED and dated.confidence > 0.5
    return is_sure and dated.rule != WEEKDAY.name


def _shown(days: Sequence[date]) -> Order | None:
    """The order that days of at least two kinds agree on."""
    if len(set(days)) < 2:
        return None
    if list(days) == sorted(days, reverse=True):
        return Order.NEWEST_FIRST
    return Order.OLDEST_FIRST if list(days) == sorted(days) else None


def _nearest(
    at: int, around: Sequence[int], days: Sequence[date], order: Order | None
) -> int | None:
    """The nearer anchor; the older of two as near; none where they contradict the order."""
    if len(around) == 1:
        return around[0]
    newer, older = around if order is Order.NEWEST_FIRST else reversed(around)
    if days[newer] < days[older]:
        return None
    return newer if abs(newer - at) < abs(older - at) else older


def _inherited(neighbour: Case, published: Dated) -> Finding:
    item, zone = neighbour.item, neighbour.context.time_zone
    where = f"line {item.line}" if item.line else f"item {item.position + 1}"
    day = local_day(published.instant, zone)
    return Finding(NEIGHBOUR, f"{where}: {published.evidence}", When.on(day))
