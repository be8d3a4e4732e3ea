"""OPML 1.0 to 2.0: lists of feeds, and outlines of anything else.

Room: check. Entered by `check_document`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from feedsvc.check import _html
from feedsvc.check._grammar import Element, Term, Vocabulary, check_terms
from feedsvc.check._kinds import (
    ANY,
    MAIL,
    POSITIVE,
    TRUE_FALSE,
    WHOLE,
    Value,
    address,
    language,
    one_of,
    pattern,
    plain,
    rfc822,
    uri,
)
from feedsvc.check._xml import children, line_of, local_name, written_name
from feedsvc.check.context import Context
from feedsvc.check.findings import Finding, Rule, Severity, shown

SECTION = "OPML 2.0"
VERSIONS = ("1.0", "1.1", "2.0")

VERSION_MISSING = Rule(
    name="opml-version-missing",
    severity=Severity.ERROR,
    harm="readers refuse the list",
    remedy='write <opml version="2.0">',
    section=f"{SECTION}, opml",
)
VERSION_UNKNOWN = Rule(
    name="opml-version-unknown",
    severity=Severity.ERROR,
    harm="readers refuse the list, or guess",
    remedy='write <opml version="2.0">',
    section=f"{SECTION}, opml",
)
ROOT_NAME = Rule(
    name="opml-root-name",
    severity=Severity.ERROR,
    harm="readers do not recognise the list",
    remedy="write <opml>, in lower case and in no namespace",
    section=f"{SECTION}, opml",
)
PART_MISSING = Rule(
    name="opml-part-missing",
    severity=Severity.ERROR,
    harm="readers refuse the list",
    remedy="write one head, then one body",
    section=f"{SECTION}, opml",
)
BODY_FIRST = Rule(
    name="opml-body-before-head",
    severity=Severity.ERROR,
    harm="readers that go by order find no list",
    remedy="write the head before the body",
    section=f"{SECTION}, opml",
)
TEXT_MISSING = Rule(
    name="opml-outline-text-missing",
    severity=Severity.ERROR,
    harm="readers show a line without words",
    remedy="give every outline the attribute text",
    section=f"{SECTION}, outline text",
)
FEED_NOWHERE = Rule(
    name="opml-outline-xml-url-missing",
    severity=Severity.ERROR,
    harm="readers have no feed to subscribe to",
    remedy="give an outline of type rss its xmlUrl",
    section=f"{SECTION}, subscription lists",
)
TITLE_MISSING = Rule(
    name="opml-outline-title-missing",
    severity=Severity.WARNING,
    harm="readers that take the name from title show none",
    remedy="give an outline of type rss a title beside its text",
    section=f"{SECTION}, subscription lists",
)
LINK_NOWHERE = Rule(
    name="opml-outline-url-missing",
    severity=Severity.ERROR,
    harm="readers have nothing to open",
    remedy="give an outline of type link or include its url",
    section=f"{SECTION}, inclusion",
)
TYPE_MISSING = Rule(
    name="opml-outline-type-missing",
    severity=Severity.WARNING,
    harm="readers that go by the type do not take it for a feed",
    remedy='write type="rss", for Atom and JSON Feed too',
    section=f"{SECTION}, subscription lists",
)
TYPE_OTHER = Rule(
    name="opml-outline-type-other",
    severity=Severity.WARNING,
    harm="readers that go by the type pass over the feed",
    remedy='write type="rss", for Atom and JSON Feed too',
    section=f"{SECTION}, subscription lists",
)
TYPE_UNKNOWN = Rule(
    name="opml-outline-type-unknown",
    severity=Severity.WARNING,
    harm="readers of OPML 1 know rss and link alone",
    remedy='use another type, or say version="2.0"',
    section="OPML 1.0, outline",
)
FEED_TWICE = Rule(
    name="opml-feed-twice",
    severity=Severity.ADVICE,
    harm="readers subscribe twice, or drop it from one of its groups",
    remedy="list each feed once in a group",
    section=f"{SECTION}, subscription lists",
)
UNSAFE = Rule(
    name="opml-outline-unsafe",
    severity=Severity.WARNING,
    harm="readers that show markup run foreign code",
    remedy="leave out scripts, frames and javascript: addresses",
    section=f"{SECTION}, text",
)


HEAD: Mapping[str, Value] = {
    "title": plain,
    "dateCreated": rfc822,
    "dateModified": rfc822,
    "ownerName": plain,
    "ownerEmail": MAIL,
    "ownerId": address,
    "docs": address,
    "expansionState": pattern("numbers of lines with commas between", r"\d+(?:\s*,\s*\d+)*"),
    "vertScrollState": POSITIVE,
    **dict.fromkeys(("windowTop", "windowLeft", "windowBottom", "windowRight"), WHOLE),
}
MAY_BE_BLANK = frozenset(("ownerName", "ownerEmail", "ownerId", "expansionState"))

LANGUAGE = Vocabulary(
    prefix="opml",
    uri="",
    section=SECTION,
    harm="readers ignore it, or refuse the list",
    terms={
        "head": Term(within=("opml",), once=True),
        "body": Term(within=("opml",), once=True, needs=("outline",)),
        **{
            name: Term(text=kind, within=("head",), once=True, may_be_blank=name in MAY_BE_BLANK)
            for name, kind in HEAD.items()
        },
        "outline": Term(
            attributes={
                "text": ANY,
                "type": ANY,
                "title": plain,
                "xmlUrl": address,
                "htmlUrl": address,
                "url": uri,
                "description": ANY,
                "language": language,
                "version": one_of("RSS", "RSS1", "RSS2", "ATOM", "ATOM1", "JSON", "scriptingNews"),
                "created": rfc822,
                "category": ANY,
                "isComment": TRUE_FALSE,
                "isBreakpoint": TRUE_FALSE,
            },
            within=("body", "outline"),
            is_open=True,
        ),
    },
)


def check(root: Element, context: Context) -> Iterator[Finding]:
    """Everything wrong with an OPML document."""
    context = replace(context, kind="opml")
    yield from _version(root)
    yield from _parts(root)
    yield from check_terms(LANGUAGE, root, "opml", context)
    is_old = (root.get("version") or "").startswith("1")
    for outline in root.iter("outline"):
        yield from _outline(outline, is_old=is_old)
    yield from _twice(root)


def _version(root: Element) -> Iterator[Finding]:
    version, line = root.get("version"), line_of(root)
    if root.tag != "opml":
        yield ROOT_NAME.at(line, f"the root is <{written_name(root)}>")
    if version is None:
        yield VERSION_MISSING.at(line, "<opml> has no version")
    elif version not in VERSIONS:
        yield VERSION_UNKNOWN.at(line, f"the version is {shown(version)}")


def _parts(root: Element) -> Iterator[Finding]:
    names = [local_name(child) for child in children(root)]
    for part in ("head", "body"):
        if part not in names:
            yield PART_MISSING.at(line_of(root), f"<opml> has no <{part}>")
    if {"head", "body"} <= set(names) and names.index("body") < names.index("head"):
        yield BODY_FIRST.at(line_of(root), "<body> stands before <head>")


def _outline(outline: Element, *, is_old: bool) -> Iterator[Finding]:
    line, said = line_of(outline), {str(k): str(v).strip() for k, v in outline.attrib.items()}
    kind = said.get("type", "").lower()
    if not said.get("text"):
        yield TEXT_MISSING.at(line, f"an outline has no text{_named(said)}")
    for rule, is_broken in _faults(said, kind, is_old=is_old):
        if is_broken:
            yield rule.at(line, f"the outline {shown(said.get('text', ''))}: {_facts(said)}")
    yield from _unsafe(said, line)


def _faults(said: Mapping[str, str], kind: str, *, is_old: bool) -> Iterator[tuple[Rule, bool]]:
    has_feed, has_url = bool(said.get("xmlUrl")), bool(said.get("url"))
    is_feed = kind == "rss"
    yield FEED_NOWHERE, is_feed and not has_feed
    yield TITLE_MISSING, is_feed and not said.get("title")
    yield LINK_NOWHERE, kind in ("link", "include") and not has_url
    yield TYPE_MISSING, not kind and (has_feed or bool(said.get("htmlUrl")))
    yield TYPE_OTHER, bool(kind) and not is_feed and has_feed
    yield TYPE_UNKNOWN, is_old and kind not in ("", "rss", "link") and not has_feed


def _named(said: Mapping[str, str]) -> str:
    name = said.get("title") or said.get("xmlUrl") or said.get("url")
    return f": {shown(name)}" if name else ""


def _facts(said: Mapping[str, str]) -> str:
    facts = (
        f"{name} is {shown(said[name])}" for name in ("type", "xmlUrl", "url") if said.get(name)
    )
    return ", ".join(facts) or "it has no type"


def _unsafe(said: Mapping[str, str], line: int) -> Iterator[Finding]:
    """Words of an outline may hold markup, of the harmless kind."""
    for name in ("text", "description"):
        for finding in _html.html(said.get(name, ""), line, f"<outline> {name}"):
            if finding.rule is _html.UNSAFE:
                yield UNSAFE.at(line, finding.message)


def _twice(root: Element) -> Iterator[Finding]:
    """A feed stands once in a group; the same one in several groups is a choice."""
    for group in root.iter("outline", "body"):
        seen: set[str] = set()
        for outline in group.iterchildren("outline"):
            url = (outline.get("xmlUrl") or "").strip()
            if url in seen:
                yield FEED_TWICE.at(line_of(outline), f"{shown(url)} stands here before")
            seen |= {url} - {""}
