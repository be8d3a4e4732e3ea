"""What `feedsvc check` says: findings by document for people, or as JSON for programs.

Room: tell_findings. Text out of values; prints nothing. Called by cli.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from feedsvc.check import Finding, Rule, Severity

NOTHING = "nothing to report"


def finding_text(findings: Sequence[Finding]) -> str:
    """Findings for people, rule by rule: what readers would do, what to do, what stands where."""
    return "\n".join(_lines(findings))


def summary(findings: Sequence[Finding]) -> str:
    """How much of what was found."""
    counts = Counter(finding.rule.severity for finding in findings)
    told = [_count(counts[severity], severity) for severity in reversed(Severity)]
    return ", ".join(filter(None, told)) or NOTHING


def finding_json(findings: Sequence[Finding]) -> str:
    """The same for programs: a list of flat objects."""
    return json.dumps([_row(finding) for finding in findings], ensure_ascii=False, indent=1)


def is_faulty(findings: Sequence[Finding], *, strict: bool) -> bool:
    """Whether something is wrong: an error or a warning, and advice too when `strict`."""
    least = Severity.ADVICE if strict else Severity.WARNING
    return any(finding.rule.severity >= least for finding in findings)


def _lines(findings: Sequence[Finding]) -> Iterator[str]:
    for document, listed in groupby(findings, key=attrgetter("document")):
        yield document or "-"
        by_rule: dict[Rule, list[Finding]] = {}
        for finding in listed:
            by_rule.setdefault(finding.rule, []).append(finding)
        for rule, broken in sorted(by_rule.items(), key=lambda told: -told[0].severity):
            yield f"  {rule.severity.word}: {rule.harm}; {rule.remedy} ({rule.section}) [{rule.name}]"
            for finding in broken:
                place = f"line {finding.line}: " if finding.line is not None else ""
                yield f"    {place}{finding.message}"
    yield summary(findings)


def _count(number: int, severity: Severity) -> str:
    if not number:
        return ""
    is_many = number > 1 and severity is not Severity.ADVICE
    return f"{number} {severity.word}{'s' if is_many else ''}"


def _row(finding: Finding) -> dict[str, object]:
    rule = finding.rule
    return {
        "document": finding.document,
        "line": finding.line,
        "severity": rule.severity.word,
        "rule": rule.name,
        "message": finding.message,
        "harm": rule.harm,
        "remedy": rule.remedy,
        "section": rule.section,
    }
