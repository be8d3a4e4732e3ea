"""Is this document valid, and what would a reader trip over: bytes in, findings out.

Room: check. Pure: no network, no clock, no settings, no store; `now` is an argument.
Entered through `check_document` by those who publish and by the command line.
"""

from __future__ import annotations

import importlib
import re
from datetime import datetime
from typing import Any

from feedsvc.check._namespaces import ATOM, ATOM_03, RDF
from feedsvc.check._xml import line_of, local_name, namespace_of, tree_of
from feedsvc.check.context import Context
from feedsvc.check.findings import Finding, Rule, Severity, folded

__all__ = ["Context", "Finding", "Rule", "Severity", "check_document"]

NOT_A_FEED = Rule(
    name="not-a-feed",
    severity=Severity.ERROR,
    harm="a reader refuses to subscribe",
    remedy="give the address of an RSS, Atom or JSON feed, or of an OPML outline",
    section="RSS 2.0; RFC 4287; JSON Feed 1.1; OPML 2.0",
)


def check_document(
    data: bytes,
    *,
    name: str = "",
    address: str | None = None,
    media_type: str | None = None,
    now: datetime | None = None,
) -> tuple[Finding, ...]:
    """Everything wrong with one document, in order of line.

    Its kind is read from the content, never from name or type. Raises nothing
    for any bytes.
    """
    context = Context(name=name, address=address, media_type=media_type, now=now)
    return folded(_findings(data, context), name)


def _findings(data: bytes, context: Context) -> list[Finding]:
    if re.match(rb"(?:\xef\xbb\xbf)?\s*[{\[]", data):
        return list(_module("jsonfeed").check(data, context))
    root, findings = tree_of(data)
    if root is None:
        return list(findings)
    kind = {"feed": "atom", "opml": "opml", "rss": "rss", "RDF": "rss"}.get(local_name(root))
    if kind is None or namespace_of(root) not in ("", ATOM, ATOM_03, RDF):
        return [NOT_A_FEED.at(line_of(root), f"the document is a <{local_name(root)}>")]
    return [*findings, *_module(kind).check(root, context)]


def _module(name: str) -> Any:
    return importlib.import_module(f"feedsvc.check.{name}")
