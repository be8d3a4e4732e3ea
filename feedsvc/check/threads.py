"""Replies, RFC 4685.

Room: check. Entered by atom and rss with a feed or an entry.
"""

from __future__ import annotations

from collections.abc import Iterator

from feedsvc.check import _addresses, _links
from feedsvc.check import _values as values
from feedsvc.check._namespaces import ATOM, THREADS
from feedsvc.check._shapes import Element, Shape, check_shape, grammar
from feedsvc.check._xml import children, line_of, local_name, namespace_of, text_of, written_name
from feedsvc.check.context import Context
from feedsvc.check.findings import Finding, Rule, Severity, shown

ON_OTHERS = Rule(
    name="thread-attribute-misplaced",
    severity=Severity.ERROR,
    harm="readers ignore it",
    remedy='count and updated belong on <link rel="replies"> alone',
    section="RFC 4685 §4",
)
ATTRIBUTE_UNKNOWN = Rule(
    name="thread-link-attribute-unknown",
    severity=Severity.ERROR,
    harm="readers ignore it",
    remedy="write thr:count and thr:updated",
    section="RFC 4685 §4",
)
OWN_PARENT = Rule(
    name="thread-reply-to-itself",
    severity=Severity.ERROR,
    harm="readers that build the thread walk in a circle",
    remedy="name the id of the entry that is answered",
    section="RFC 4685 §3",
)
PARENT_TWICE = Rule(
    name="thread-parent-twice",
    severity=Severity.WARNING,
    harm="readers show the reply twice",
    remedy="name each parent once",
    section="RFC 4685 §3",
)
IN_FEED = Rule(
    name="thread-in-feed",
    severity=Severity.ERROR,
    harm="readers do not look for it there",
    remedy="put it into the entry it is about",
    section="RFC 4685 §3, §5",
)


def ref(words: str, line: int, what: str, _context: Context) -> Iterator[Finding]:
    """The id of the entry that is answered."""
    if not words.strip():
        yield _addresses.EMPTY.at(line, f"{what} names no entry")
    else:
        yield from _addresses.identifier(words, line, what)


TERMS = {
    "in-reply-to": Shape(
        is_once=False,
        required=("ref",),
        attributes={
            "ref": ref,
            "href": values.iri,
            "type": values.media_type,
            "source": values.iri,
        },
    ),
    "total": Shape(words=values.number),
}
RULES = grammar("thread", "RFC 4685 §3, §5", THREADS, frozenset(TERMS), {})


def check(parent: Element, context: Context) -> Iterator[Finding]:
    """Everything wrong with what a feed or an entry says of replies."""
    yield from _terms(parent, context)
    for link in _links.links(parent):
        yield from _link(link, context)


def _terms(parent: Element, context: Context) -> Iterator[Finding]:
    seen: set[str] = set()
    for child in children(parent):
        if namespace_of(child) != THREADS:
            continue
        name, line, told = local_name(child), line_of(child), f"<{written_name(child)}>"
        shape = TERMS.get(name)
        if shape is None:
            yield RULES.unknown.at(line, f"{told} is no element of RFC 4685")
            continue
        if context.level == "feed":
            yield IN_FEED.at(line, f"{told} stands in the feed")
        if shape.is_once and name in seen:
            yield RULES.twice.at(line, f"there is a further {told}")
        seen.add(name)
        yield from check_shape(child, shape, RULES, context)
    yield from _parents(parent)


def _parents(entry: Element) -> Iterator[Finding]:
    own = entry.find(f"{{{ATOM}}}id")
    seen: set[str] = set()
    for reply in entry.iterchildren(f"{{{THREADS}}}in-reply-to"):
        parent = reply.get("ref", "")
        told = f"<{written_name(reply)} ref> is {shown(parent)}"
        if parent and own is not None and text_of(own).strip() == parent:
            yield OWN_PARENT.at(line_of(reply), f"{told}, the entry's own id")
        if parent in seen:
            yield PARENT_TWICE.at(line_of(reply), f"{told}, as before")
        seen.add(parent)


def _link(link: Element, context: Context) -> Iterator[Finding]:
    line, is_replies = line_of(link), _links.relation(link) == "replies"
    for key, words in link.attrib.items():
        uri, _, name = str(key).rpartition("}")
        if uri != f"{{{THREADS}":
            continue
        what = f"<link thr:{name}>"
        if name not in ("count", "updated"):
            yield ATTRIBUTE_UNKNOWN.at(line, f"{what} is no attribute of RFC 4685")
        elif not is_replies:
            yield ON_OTHERS.at(line, f'{what} stands on <link rel="{_links.relation(link)}">')
        elif name == "count":
            yield from values.number(str(words), line, what, context)
        else:
            yield from values.rfc3339(str(words), line, what, context)
