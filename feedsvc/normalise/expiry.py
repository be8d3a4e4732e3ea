"""Until when does this show? What an item says of its end, read as its dates are.

Room: normalise. Pure. Imports model, the ladder and the room's parse; called by dates.
An end that cannot be read withdraws nothing: the item shows, and a candidate tells why.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from feedsvc.model import Candidate, DateRole, How, Precision, RawDate, RawItem
from feedsvc.normalise.ladder import PLACEHOLDERS, Case
from feedsvc.normalise.parse import When

RULE = "expiry"
AT_ONCE = "true"  #: what a field says that only tells whether it is over
LAST_YEAR = 9_000  #: later is never
N_CHARACTERS = 200  #: of the words that `explain` shows


def expiries(item: RawItem) -> tuple[RawDate, ...]:
    """What an item says of its end, which dates nothing else."""
    return tuple(raw for raw in item.dates if raw.role is DateRole.EXPIRES)


def expiry(
    item: RawItem, case: Case, published: datetime
) -> tuple[datetime | None, tuple[Candidate, ...]]:
    """When an item is withdrawn, the earliest of what it says, and what became of each.

    A day alone ends with that day, in the source's zone. What says only that it is over has
    been so since `published`.
    """
    found = [(raw, *_read(raw, case, published)) for raw in expiries(item)]
    moments = [moment for _, moment, _ in found if moment]
    told = tuple(_candidate(raw, moment, verdict) for raw, moment, verdict in found)
    return min(moments, default=None), told


def _read(raw: RawDate, case: Case, published: datetime) -> tuple[datetime | None, str]:
    """The moment of the end, and what is told of it."""
    if raw.words == AT_ONCE:
        return published, "over: it is not shown"
    when = case.complete(raw.words)
    if when is None:
        return None, "unreadable: it does not expire"
    year = when.moment.year
    if when.moment.date() in PLACEHOLDERS or year < case.context.first_year:
        return None, "a placeholder: it does not expire"
    if year >= LAST_YEAR:
        return None, "never: it does not expire"
    return _end(when, case), "withdrawn from then on"


def _end(when: When, case: Case) -> datetime:
    moment = when.moment
    if when.precision is Precision.MONTH:
        moment = (moment.replace(day=1) + timedelta(days=32)).replace(day=1)
    elif when.precision is Precision.DAY:
        moment += timedelta(days=1)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=case.context.time_zone)
    return moment.astimezone(UTC).replace(microsecond=0)


def _candidate(raw: RawDate, moment: datetime | None, verdict: str) -> Candidate:
    return Candidate(
        rule=RULE,
        evidence=raw.words[:N_CHARACTERS],
        day=moment.date().isoformat() if moment else "",
        how=How.STATED,
        confidence=1.0 if moment else 0.0,
        verdict=verdict,
    )
