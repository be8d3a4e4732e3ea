"""Which of the findings dates an item, how sure that is, and what became of the others.

Room: normalise. Pure. Imports model, the ladder and the room's parse; called by dates.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, time, timedelta

from feedsvc.model import Candidate, Dated, How, Precision
from feedsvc.normalise.ladder import (
    CHANGED,
    FILE_OF_MANY,
    LINK,
    META,
    TIME,
    Case,
    Finding,
    day_of,
    local_day,
)

MAX_EVIDENCE = 200  #: characters
UTC_DAY = "its day is that of UTC, the link has the local one"


def choose(findings: Iterable[Finding], case: Case) -> tuple[Dated, tuple[Candidate, ...]]:
    """The lowest rung that answers, and what became of every finding.

    Two rungs on one day: 0.98; three: 0.995. A rung that is off by more than a day, with none
    to confirm the winner, lowers it to 0.67 at most.
    """
    ladder = _with_local_day(sorted(findings, key=lambda finding: finding.rung.number), case)
    best = next(finding for finding in ladder if may_date(finding, case))
    winner = _to_the_second(best, ladder, case)
    distances = _distances(winner, ladder, case)
    n_agree = sum(not distance for distance in distances)
    is_disputed = any(distance > 1 for distance in distances)
    notes = (
        winner.note,
        f"{n_agree + 1} rungs agree" if n_agree else "",
        "disputed: another rung is off by more than a day" if is_disputed else "",
    )
    chosen = ": ".join(filter(None, ("chosen", "; ".join(filter(None, notes)))))
    candidates = tuple(
        _candidate(f, case, chosen if f is best else _why_not(f, winner, case)) for f in ladder
    )
    return dated(winner, case, _agreed(winner.confidence, n_agree, is_disputed)), candidates


def _with_local_day(ladder: Sequence[Finding], case: Case) -> Sequence[Finding]:
    """Metadata in UTC that is a day off the link's own: half of all wrong ones are."""
    link = next((f for f in ladder if f.rung is LINK and may_date(f, case)), None)
    if link is None:
        return ladder
    return [
        f._replace(bar=UTC_DAY) if f.rung in (META, TIME) and _is_utc_beside(f, link, case) else f
        for f in ladder
    ]


def _to_the_second(winner: Finding, ladder: Sequence[Finding], case: Case) -> Finding:
    """A day alone takes its time from a change that was noted on that very day."""
    if winner.when is None or winner.when.precision is not Precision.DAY:
        return winner
    day = winner.when.moment.date()
    for finding in ladder:
        if finding.rung is CHANGED and finding.when and not finding.bar:
            is_finer = finding.when.precision in (Precision.SECOND, Precision.MINUTE)
            if is_finer and local_day(finding.when.moment, case.context.time_zone) == day:
                return winner._replace(when=finding.when, note="the time is that of a change")
    return winner


def _is_utc_beside(finding: Finding, link: Finding, case: Case) -> bool:
    if finding.when is None or finding.when.moment.utcoffset() != timedelta(0):
        return False
    return abs((day_of(finding, case) - day_of(link, case)).days) == 1


def _distances(winner: Finding, ladder: Sequence[Finding], case: Case) -> Collection[int]:
    """Days between the winner and each other rung that may speak for or against it."""
    if not _is_witness(winner):
        return ()
    day = day_of(winner, case)
    return {
        finding.rung.name: abs((day_of(finding, case) - day).days)
        for finding in reversed(ladder)
        if finding.rung.name != winner.rung.name and _is_witness(finding)
    }.values()


def _agreed(confidence: float, n_agree: int, is_disputed: bool) -> float:
    if n_agree:
        return max(confidence, 0.98 if n_agree == 1 else 0.995)
    return min(confidence, 0.67) if is_disputed else confidence


def may_date(finding: Finding, case: Case) -> bool:
    """Whether a finding can date its item at all."""
    if finding.when is None or finding.bar:
        return False
    if finding.rung.how is How.INHERITED and case.item.rank is not None:
        return False
    return finding.confidence >= 0.5 or not finding.rung.how.is_claim


def _is_witness(finding: Finding) -> bool:
    # Neighbours repeat what another item said.
    is_dated = finding.when is not None and not finding.bar and finding.confidence >= 0.5
    return is_dated and finding.rung.number <= FILE_OF_MANY.number


def _why_not(finding: Finding, winner: Finding, case: Case) -> str:
    if finding.when is None:
        return finding.bar or "unreadable: no complete date"
    if finding.bar or finding.note:
        return finding.bar or finding.note
    if not may_date(finding, case):
        return "a ranked list dates nothing" if case.item.rank is not None else "too weak"
    if not finding.rung.how.is_claim:
        return "no newer than this" if finding.rung.how is How.CAPTURED else "a bound only"
    distance = abs((day_of(finding, case) - day_of(winner, case)).days)
    return f"{winner.rung.name} is stronger" + (f"; {distance} days apart" if distance else "")


def _candidate(finding: Finding, case: Case, verdict: str) -> Candidate:
    is_month = finding.when and finding.when.precision is Precision.MONTH
    day = day_of(finding, case).isoformat() if finding.when else ""
    return Candidate(
        rule=finding.rung.name,
        evidence=finding.words[:MAX_EVIDENCE],
        day=day[:7] if is_month else day,
        how=finding.rung.how,
        confidence=finding.confidence,
        verdict=verdict,
    )


def dated(finding: Finding, case: Case, confidence: float) -> Dated:
    """The instant: as written, or noon in the source's zone plus the item's place in seconds."""
    assert finding.when is not None
    moment, precision = finding.when.moment, finding.when.precision
    seconds = 0
    if precision in (Precision.DAY, Precision.MONTH):
        moment, seconds = datetime.combine(moment.date(), time(12)), case.place
    moment = moment if moment.tzinfo else moment.replace(tzinfo=case.context.time_zone)
    instant = moment.astimezone(UTC).replace(microsecond=0) + timedelta(seconds=seconds)
    offset = instant.astimezone(moment.tzinfo).utcoffset() or timedelta(0)
    return Dated(
        instant=instant,
        how=finding.rung.how,
        precision=precision,
        offset_minutes=round(offset.total_seconds() / 60),
        confidence=confidence,
        evidence=finding.words[:MAX_EVIDENCE],
        rule=finding.rung.name,
    )
