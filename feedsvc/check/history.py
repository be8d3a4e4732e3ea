"""Paging, archives and complete feeds, RFC 5005, in Atom and in RSS.

Room: check. Entered by atom and rss with a feed or an entry.
"""

from __future__ import annotations

from collections.abc import Iterator

from feedsvc.check import _links
from feedsvc.check._namespaces import HISTORY
from feedsvc.check._shapes import Element
from feedsvc.check._xml import children, line_of, local_name, namespace_of, text_of, written_name
from feedsvc.check.context import Context
from feedsvc.check.findings import Finding, Rule, Severity, shown

UNKNOWN = Rule(
    name="history-element-unknown",
    severity=Severity.WARNING,
    harm="readers ignore it",
    remedy="write <fh:complete/> or <fh:archive/>, and links for the rest",
    section="RFC 5005 §2, §4",
)
FILLED = Rule(
    name="history-element-filled",
    severity=Severity.WARNING,
    harm="readers ignore the words",
    remedy="leave <fh:complete/> and <fh:archive/> empty",
    section="RFC 5005 §2, §4",
)
TWICE = Rule(
    name="history-element-twice",
    severity=Severity.WARNING,
    harm="readers ignore the second",
    remedy="keep one of them",
    section="RFC 5005 §2, §4",
)
MISPLACED = Rule(
    name="history-element-misplaced",
    severity=Severity.WARNING,
    harm="readers do not look for it in an entry",
    remedy="put it into the feed's own elements",
    section="RFC 5005 §2, §4",
)
LINK_IN_ENTRY = Rule(
    name="history-link-in-entry",
    severity=Severity.WARNING,
    harm="readers do not page by it",
    remedy="put the link into the feed's own elements",
    section="RFC 5005 §3, §4",
)
CONTRADICTS = Rule(
    name="history-complete-and-archive",
    severity=Severity.ERROR,
    harm="readers either drop old entries or keep all",
    remedy="a complete feed has no archives",
    section="RFC 5005 §2",
)
COMPLETE_PAGED = Rule(
    name="history-link-in-complete",
    severity=Severity.WARNING,
    harm="readers take a part for the whole and drop the other entries",
    remedy="leave out the link, or <fh:complete/>",
    section="RFC 5005 §2",
)
CURRENT_NOT_SELF = Rule(
    name="history-current-not-self",
    severity=Severity.WARNING,
    harm="readers look for a newer document",
    remedy="link current to the complete feed itself, or leave it out",
    section="RFC 5005 §2",
)
CURRENT_MISSING = Rule(
    name="history-current-missing",
    severity=Severity.WARNING,
    harm="whoever finds the archive cannot subscribe",
    remedy='add <link rel="current"> with the address of the living feed',
    section="RFC 5005 §4",
)
CURRENT_IS_ARCHIVE = Rule(
    name="history-current-is-archive",
    severity=Severity.ERROR,
    harm="readers subscribe to a document that never changes",
    remedy="link current to the living feed",
    section="RFC 5005 §4",
)
NEXT_ARCHIVE = Rule(
    name="history-next-of-living",
    severity=Severity.WARNING,
    harm="readers take the newest document for an archive",
    remedy="only archives link to a next-archive; archives say <fh:archive/>",
    section="RFC 5005 §4",
)
LOOP = Rule(
    name="history-loop",
    severity=Severity.ERROR,
    harm="readers walk in a circle",
    remedy="link to the neighbour, or to nothing at the end",
    section="RFC 5005 §3, §4",
)
PAST_END = Rule(
    name="history-link-past-end",
    severity=Severity.WARNING,
    harm="readers ask for a page that is not there",
    remedy="the first page has no previous one, the last no next one",
    section="RFC 5005 §3",
)
LINK_TWICE = Rule(
    name="history-link-twice",
    severity=Severity.ERROR,
    harm="readers follow either of the two",
    remedy="keep one link of a relation",
    section="RFC 5005 §3, §4",
)

PAGING = ("first", "last", "previous", "next")
ARCHIVES = ("prev-archive", "next-archive")
_NEIGHBOURS = ("previous", "next", *ARCHIVES)


def check(feed: Element, context: Context) -> Iterator[Finding]:
    """Everything wrong with how a feed tells of its other documents."""
    marks = [child for child in children(feed) if namespace_of(child) == HISTORY]
    yield from _marks(marks)
    names = {local_name(mark) for mark in marks}
    if names >= {"archive", "complete"}:
        yield CONTRADICTS.at(line_of(marks[0]), "the feed is said to be complete and an archive")
    yield from _each_once(feed)
    yield from _ends(feed, context)
    if "complete" in names:
        yield from _complete(feed)
    if "archive" in names:
        yield from _archive(feed)
    elif later := _links.of(feed, "next-archive"):
        yield NEXT_ARCHIVE.at(line_of(later[0]), "a document without <fh:archive/> links to one")


def is_complete(feed: Element) -> bool:
    """Whether the document is all there is, a ranking perhaps."""
    return feed.find(f"{{{HISTORY}}}complete") is not None


def check_entry(entry: Element) -> Iterator[Finding]:
    """What belongs to a feed and stands in an entry."""
    for child in children(entry):
        if namespace_of(child) == HISTORY:
            yield MISPLACED.at(line_of(child), f"<{written_name(child)}> stands in an entry")
    for link in _links.links(entry):
        if _links.relation(link) in (*PAGING, *ARCHIVES, "current"):
            told = f'<link rel="{_links.relation(link)}"> stands in an entry'
            yield LINK_IN_ENTRY.at(line_of(link), told)


def _marks(marks: list[Element]) -> Iterator[Finding]:
    seen: set[str] = set()
    for mark in marks:
        name, line, told = local_name(mark), line_of(mark), f"<{written_name(mark)}>"
        if name not in ("archive", "complete"):
            yield UNKNOWN.at(line, f"{told} is no element of RFC 5005")
        elif text_of(mark).strip() or len(mark):
            yield FILLED.at(line, f"{told} holds {shown(text_of(mark))}")
        if name in seen:
            yield TWICE.at(line, f"there is a further {told}")
        seen.add(name)


def _each_once(feed: Element) -> Iterator[Finding]:
    for rel in (*PAGING, *ARCHIVES, "current"):
        for further in _links.of(feed, rel)[1:]:
            yield LINK_TWICE.at(line_of(further), f'there is a further <link rel="{rel}">')


def _ends(feed: Element, context: Context) -> Iterator[Finding]:
    """No link leads to the document itself, past the ends, or both ways to one place."""
    own = {_links.address(link) for link in _links.of(feed, "self")} | {context.address}
    for rel in _NEIGHBOURS:
        for link in _links.of(feed, rel):
            if _links.address(link) in own:
                yield LOOP.at(line_of(link), f'<link rel="{rel}"> leads to the document itself')
    for one, other in (ARCHIVES, ("previous", "next")):
        before = {_links.address(link) for link in _links.of(feed, one)}
        for link in _links.of(feed, other):
            if _links.address(link) in before:
                yield LOOP.at(line_of(link), f"{one} and {other} lead to the same document")
    for end, beyond in (("first", "previous"), ("last", "next")):
        is_end = any(_links.address(link) in own for link in _links.of(feed, end))
        for link in _links.of(feed, beyond) if is_end else []:
            yield PAST_END.at(line_of(link), f"the {end} page links to a {beyond} one")


def _complete(feed: Element) -> Iterator[Finding]:
    own = [_links.address(link) for link in _links.of(feed, "self")]
    for link in _links.links(feed):
        rel = _links.relation(link)
        if rel in (*PAGING, *ARCHIVES):
            yield COMPLETE_PAGED.at(line_of(link), f'a complete feed has a <link rel="{rel}">')
        elif rel == "current" and own and _links.address(link) not in own:
            yield CURRENT_NOT_SELF.at(line_of(link), "current of a complete feed is another one")


def _archive(feed: Element) -> Iterator[Finding]:
    current = _links.of(feed, "current")
    own = {_links.address(link) for link in _links.of(feed, "self")}
    if not current:
        yield CURRENT_MISSING.at(line_of(feed), 'the archive has no <link rel="current">')
    living = {_links.address(link) for link in current}
    for rel in ARCHIVES:
        for link in _links.of(feed, rel):
            if _links.address(link) in living:
                told = f'<link rel="{rel}"> leads to the living feed'
                yield LOOP.at(line_of(link), told)
    for link in current:
        if _links.address(link) in own:
            yield CURRENT_IS_ARCHIVE.at(line_of(link), "current leads to the archive itself")
