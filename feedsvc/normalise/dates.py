"""When was this? RawItems in, Verdicts out.

Room: normalise. Pure: the moment of reading is an argument, never the clock.
Imports model and the room's surroundings, rules, judge and neighbours; called by normalise alone.

Each rule offers findings with the words it read them from; the judge chooses: the lowest rung
of the ladder that answers wins, agreement raises its confidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from feedsvc.model import Candidate, Dated, DateRole, RawItem
from feedsvc.normalise.context import Context
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
    candidates: tuple[Candidate, ...]
    place: int  #: counted from the oldest end of the source


def resolve(
    items: Sequence[RawItem], texts: Sequence[str], context: Context
) -> tuple[Verdict, ...]:
    """Date the items of one source, in their order; `texts` are their plain bodies.

    Every item gets an instant; `How` tells claims from bounds. Raises nothing.
    """
    cases = cases_of(items, texts, context)
    found = [[finding for rule in RULES for finding in rule(case)] for case in cases]
    own = [choose(findings, case) for findings, case in zip(found, cases, strict=True)]
    inherited = from_neighbours(cases, [published for published, _ in own])
    return tuple(
        _verdict(case, *(choose([*findings, inherited[n]], case) if n in inherited else own[n]))
        for n, (case, findings) in enumerate(zip(cases, found, strict=True))
    )


def _verdict(case: Case, published: Dated, candidates: tuple[Candidate, ...]) -> Verdict:
    changes = [
        written(d.words, CHANGED, case) for d in case.item.dates if d.role is DateRole.UPDATED
    ]
    moments = [dated(one, case, 1).instant for one in changes if one.when and not one.bar]
    updated = max((*moments, published.instant)) if moments else None
    return Verdict(published=published, updated=updated, candidates=candidates, place=case.place)
