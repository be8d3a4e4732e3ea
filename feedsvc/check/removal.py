"""Tombstones, RFC 6721.

Room: check. Entered by atom with a feed or an entry, by rss with a channel.
"""

from __future__ import annotations

from collections.abc import Iterator

from feedsvc.check import _addresses, _dates, _html, _texts
from feedsvc.check import _values as values
from feedsvc.check._namespaces import ATOM, TOMBSTONES
from feedsvc.check._shapes import Element, Shape, check_shape, grammar
from feedsvc.check._xml import children, line_of, local_name, namespace_of, text_of, written_name
from feedsvc.check.context import Context
from feedsvc.check.findings import Finding, Rule, Severity, shown

REF_TWICE = Rule(
    name="tombstone-duplicate",
    severity=Severity.ERROR,
    harm="readers cannot tell which of the two holds",
    remedy="one deletion of an entry at one moment has one tombstone",
    section="RFC 6721 §3",
)
LIVES = Rule(
    name="tombstone-of-living",
    severity=Severity.ERROR,
    harm="readers delete the entry the feed still shows",
    remedy="leave out the entry, or give it an updated after the tombstone's when",
    section="RFC 6721 §3",
)
MISPLACED = Rule(
    name="tombstone-misplaced",
    severity=Severity.ERROR,
    harm="readers do not look for it there",
    remedy="put <at:deleted-entry> beside the entries",
    section="RFC 6721 §3",
)
IN_RSS = Rule(
    name="tombstone-in-rss",
    severity=Severity.WARNING,
    harm="readers of RSS do not know it",
    remedy="drop the item, and keep tombstones to Atom",
    section="RFC 6721 §3",
)
FEED_OLDER = Rule(
    name="tombstone-newer-than-feed",
    severity=Severity.WARNING,
    harm="readers that go by the feed's updated miss the deletion",
    remedy="a deletion advances the feed's updated",
    section="RFC 6721 §3; RFC 4287 §4.2.15",
)


BY = Rule(
    name="tombstone-by-nameless",
    severity=Severity.ERROR,
    harm="readers cannot say who deleted the entry",
    remedy="put one atom:name into <at:by>",
    section="RFC 6721 §3; RFC 4287 §3.2",
)
COMMENT_TYPE = Rule(
    name="tombstone-comment-type",
    severity=Severity.ERROR,
    harm="readers show tags as words, or the reverse",
    remedy='write type="text", "html" or "xhtml"',
    section="RFC 6721 §3; RFC 4287 §3.1.1",
)


def ref(words: str, line: int, what: str, _context: Context) -> Iterator[Finding]:
    """The id of the entry that is gone."""
    if not words.strip():
        yield _addresses.EMPTY.at(line, f"{what} names no entry")
    else:
        yield from _addresses.identifier(words, line, what)


def judge_by(person: Element, _context: Context) -> Iterator[Finding]:
    """Who deleted the entry: a person of Atom."""
    names = [text_of(name).strip() for name in person.iterchildren(f"{{{ATOM}}}name")]
    if len(names) != 1 or not names[0]:
        yield BY.at(line_of(person), f"<{written_name(person)}> has {len(names)} names")


def judge_comment(comment: Element, _context: Context) -> Iterator[Finding]:
    """Why, as a text of Atom."""
    kind, line = comment.get("type", "text"), line_of(comment)
    what = f"<{written_name(comment)}>"
    if kind not in ("text", "html", "xhtml"):
        yield COMMENT_TYPE.at(line, f"{what} has the type {shown(kind)}")
    elif kind == "text":
        yield from _texts.plain(text_of(comment), line, what)
    elif kind == "html":
        yield from _html.html(text_of(comment), line, what)


TOMBSTONE = Shape(
    is_container=True,
    is_once=False,
    required=("ref", "when"),
    attributes={"ref": ref, "when": values.rfc3339},
    holds={
        "by": Shape(judge=judge_by),
        "comment": Shape(judge=judge_comment, attributes={"type": values.anything}),
    },
)
RULES = grammar(
    "tombstone",
    "RFC 6721 §3",
    TOMBSTONES,
    frozenset(("deleted-entry", "by", "comment")),
    {"deleted": "RFC 6721 calls it <at:deleted-entry>"},
)


def check(feed: Element, context: Context) -> Iterator[Finding]:
    """Everything wrong with the tombstones of an Atom feed, each and together."""
    stones = _stones(feed)
    for child in _ours(feed):
        if child not in stones:
            yield RULES.unknown.at(line_of(child), f"<{written_name(child)}> stands in <feed>")
    for stone in stones:
        yield from check_shape(stone, TOMBSTONE, RULES, context)
        key = f"{stone.get('ref')} {stone.get('when')}"
        if (first := context.seen.first_line("tombstone", key, line_of(stone))) is not None:
            yield REF_TWICE.at(line_of(stone), f"it says what line {first} says")
    yield from _living(feed, stones)
    yield from _noticed(feed, stones)


def check_entry(entry: Element) -> Iterator[Finding]:
    """Tombstones that stand in an entry."""
    for child in _ours(entry):
        yield MISPLACED.at(line_of(child), f"<{written_name(child)}> stands in an entry")


def none(channel: Element) -> Iterator[Finding]:
    """Tombstones that stand in RSS."""
    for parent in (channel, *channel.iterchildren("item")):
        for child in _ours(parent):
            yield IN_RSS.at(line_of(child), f"<{written_name(child)}> stands in RSS")


def _ours(parent: Element) -> list[Element]:
    return [child for child in children(parent) if namespace_of(child) == TOMBSTONES]


def _stones(feed: Element) -> list[Element]:
    return [child for child in _ours(feed) if local_name(child) == "deleted-entry"]


def _living(feed: Element, stones: list[Element]) -> Iterator[Finding]:
    """The newest of updated and when wins: an entry that is there is the newer one."""
    living = {_words(e, "id"): e for e in feed.iterchildren(f"{{{ATOM}}}entry")}
    for stone in stones:
        entry = living.get(stone.get("ref", ""))
        if entry is None:
            continue
        when = _dates.moment_3339(stone.get("when", ""))
        updated = _dates.moment_3339(_words(entry, "updated"))
        if when and updated and updated <= when:
            told = f"{shown(stone.get('ref', ''))} is deleted, and an older version stands on line"
            yield LIVES.at(line_of(stone), f"{told} {line_of(entry)}")


def _noticed(feed: Element, stones: list[Element]) -> Iterator[Finding]:
    own = _dates.moment_3339(_words(feed, "updated"))
    for stone in stones:
        when = _dates.moment_3339(stone.get("when", ""))
        if own and when and when > own:
            told = f"the tombstone is of {shown(stone.get('when', ''))}, the feed older"
            yield FEED_OLDER.at(line_of(stone), told)


def _words(parent: Element, name: str) -> str:
    found = parent.find(f"{{{ATOM}}}{name}")
    return "" if found is None else text_of(found).strip()
