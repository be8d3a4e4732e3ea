"""When was this? RawItems in, Verdicts out.

Room: normalise. Pure: the moment of reading is an argument, never the clock.
Imports model and the room's surroundings, rules, judge and neighbours; called by normalise alone.

Each rule offers findings with the words it read them from; the judge chooses: the lowest rung
of the ladder that answers wins, agreement raises its confidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from feedsvc.model import Candidate, Dated, DateRole, RawItem
from feedsvc.normalise.context import Context
from feedsvc.normalise.expiry import expiries, expiry
from feedsvc.normalise.judge import choose, dated
from feedsvc.normalise.ladder import CHANGED, Case
from feedsvc.normalise.neighbours import from_neighbours
from feedsvc.normalise.rules import RULES, written
from feedsvc.normalise.surroundings import cases_of

__all__ = ["Verdict", "resolve"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """When an item was published, and everything that could have dated it."""

    published: Dated
    updated: datetime | None  #: where the source states it; never before `published`
    expires: datetime | None = None  #: where the source states when it is withdrawn
    candidates: tuple[Candidate, ...]
    place: int  #: counted from the oldest end of the source


def resolve(
    items: Sequence[RawItem], texts: Sequence[str], context: Context
) -> tuple[Verdict, ...]:
    """Date the items of one source, in their order; `texts` are their plain bodies.

    Every item gets an instant; `How` tells claims from bounds. Raises nothing.
    """
    cases = cases_of([_without_end(item) for item in items], texts, context)
    found = [[finding for rule in RULES for finding in rule(case)] for case in cases]
    own = [choose(findings, case) for findings, case in zip(found, cases, strict=True)]
    inherited = from_neighbours(cases, [published for published, _ in own])
    return tuple(
        _verdict(
            case,
            items[n],
            *(choose([*findings, inherited[n]], case) if n in inherited else own[n]),
        )
        for n, (case, findings) in enumerate(zip(cases, found, strict=True))
    )


def _without_end(item: RawItem) -> RawItem:
    """The item without what tells when it is over, which tells nothing of when it began."""
    ends = expiries(item)
    return replace(item, dates=tuple(d for d in item.dates if d not in ends)) if ends else item


def _verdict(
    case: Case, item: RawItem, published: Dated, candidates: tuple[Candidate, ...]
) -> Verdict:
    changes = [
        written(d.words, CHANGED, case) for d in case.item.dates if d.role is DateRole.UPDATED
    ]
    moments = [dated(one, case, 1).instant for one in changes if one.when and not one.bar]
    updated = max((*moments, published.instant)) if moments else None
    expires, told = expiry(item, case, published.instant)
    return Verdict(
        published=published,
        updated=updated,
        expires=expires,
        candidates=(*candidates, *told),
        place=case.place,
    )
