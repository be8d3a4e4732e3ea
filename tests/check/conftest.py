"""Documents with nothing wrong, and what a check tells of them once they are changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feedsvc.check import Finding, check_document

CASES = Path(__file__).parent.parent / "cases" / "check"
NOW = datetime(2026, 11, 22, tzinfo=UTC)

Told = Callable[..., set[str]]


@pytest.fixture
def golden() -> Callable[[str], str]:
    """The words of a document with nothing wrong."""
    return lambda name: (CASES / "golden" / name).read_text(encoding="utf-8")


@pytest.fixture
def findings_of() -> Callable[..., tuple[Finding, ...]]:
    """Checks words or bytes on 22 November 2026."""

    def check(document: str | bytes, **known: str) -> tuple[Finding, ...]:
        data = document.encode() if isinstance(document, str) else document
        return check_document(data, now=NOW, **known)

    return check


@pytest.fixture
def told(golden: Callable[[str], str], findings_of: Callable[..., tuple[Finding, ...]]) -> Told:
    """The names of the rules that speak once a golden document has one thing changed.

    Several changes go in as pairs: what stands there, and what takes its place.
    """

    def change(document_name: str, /, *changes: str, **known: str) -> set[str]:
        document = golden(document_name)
        for old, new in zip(changes[::2], changes[1::2], strict=True):
            assert old in document, f"{document_name} has no {old}"
            document = document.replace(old, new, 1)
        return {finding.rule.name for finding in findings_of(document, **known)}

    return change
