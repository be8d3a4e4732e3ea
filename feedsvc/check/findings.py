"""What a check says: a rule, and the facts that broke it.

Room: check. Pure. Imports nothing of ours; entered by every module of the room, and by
those who tell findings to people.

A rule is told once, as data at the top of the module that watches it; findings point to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import IntEnum

SHOWN = 80  #: characters of a document's own words that a message quotes
FOLD = 20  #: findings of one rule that are told one by one


class Severity(IntEnum):
    """How much a reader suffers, mildest first."""

    ADVICE = 0  #: best practice; no reader trips
    WARNING = 1  #: some readers trip, or a SHOULD
    ERROR = 2  #: a MUST, or many readers trip

    @property
    def word(self) -> str:
        """The severity as people write it."""
        return self.name.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What can be wrong, told once: findings point to it."""

    name: str  #: kebab-case, unique: "atom-id-missing"
    severity: Severity
    harm: str  #: what a reader would do wrong
    remedy: str  #: what to do
    section: str  #: "RFC 4287 §4.1.1", "RSS 2.0, <item>", "RSS Profile, guid"

    def at(self, line: int | None, message: str) -> Finding:
        """This rule, broken on a line."""
        return Finding(rule=self, message=message, line=line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One place where a rule is broken."""

    rule: Rule
    message: str  #: the fact: what stands where, with the words found
    document: str = ""  #: its name, path or address
    line: int | None = None  #: 1-based; None for headers and the like


def shown(words: str) -> str:
    """A document's own words as a message quotes them: one line, at most `SHOWN` characters."""
    line = " ".join(words[: 10 * SHOWN].split())
    return f"“{line if len(line) <= SHOWN else line[: SHOWN - 1] + '…'}”"


def folded(findings: Iterable[Finding], document: str) -> tuple[Finding, ...]:
    """Findings of one document in order of line, each rule at most `FOLD` times.

    The last one told of a rule says how many more there are.
    """
    told = sorted(dict.fromkeys(findings), key=lambda finding: finding.line or 0)
    counts = Counter(finding.rule.name for finding in told)
    return tuple(replace(kept, document=document) for kept in _first_of_each(told, counts))


def _first_of_each(findings: list[Finding], counts: Counter[str]) -> Iterator[Finding]:
    seen: Counter[str] = Counter()
    for finding in findings:
        name = finding.rule.name
        seen[name] += 1
        if seen[name] == FOLD and counts[name] > FOLD:
            yield replace(finding, message=f"{finding.message} (and {counts[name] - FOLD} more)")
        elif seen[name] <= FOLD:
            yield finding
