"""The text of a feed taken apart: what stands around the items, and each item as an element.

Room: sources, private; called by syndication. Each item is parsed by itself, so that what is
wrong with one cannot touch its neighbours. No document type survives: there are no entities
to expand and no files to fetch.
"""

from __future__ import annotations

import logging
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html.entities import html5
from itertools import islice
from typing import Any
from xml.sax.saxutils import quoteattr

from feedsvc.errors import BrokenSource
from feedsvc.model import Limits, Refused
from feedsvc.sources._text import refused, too_long

HEAD_CHARACTERS = 200_000  #: of what stands around the items
N_PREFIXES = 100
ROOT = re.compile(
    r"<(?:[\w.-]+:)?(rss|rdf|feed|channel|opml)(?=[\s/>])[^<>]{0,20000}>", re.IGNORECASE
)
DOCTYPE = re.compile(
    r"<!DOCTYPE(?:[^\[<>]{0,2000}\[[^\]]*(?:\](?!\s*>)[^\]]*)*\]\s*>|[^<>]{0,2000}>)", re.IGNORECASE
)
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
ITEM = re.compile(r"<!--|<!\[CDATA\[|<(/?)(?:[\w-]+:)?(?:item|entry)(?=[\s/>])", re.IGNORECASE)
CLOSING = {"<!--": "-->", "<![CDATA[": "]]>"}
CDATA = re.compile(r"(<!\[CDATA\[[^\]]*(?:\](?!\]>)[^\]]*)*(?:\]\]>|\Z))")
STRAY = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos);|#[0-9]{1,7};|#x[0-9a-fA-F]{1,6};)(\w{1,32};)?|<(?![A-Za-z_/!?])"
    r"|&#(?:x0*(?:[0-8bcefBCEF]|1[0-9a-fA-F]|[dD][89a-fA-F]..)|0*(?:[0-8]|1[124-9]|2\d|3[01]));"
)
XMLNS = re.compile(r"\s(xmlns(?::[\w.-]+)?|xml:base|xml:lang|version)\s*=\s*(\"[^\"<]*\"|'[^'<]*')")
PREFIX = re.compile(r"(?:</?|\s)([A-Za-z_][\w.-]{0,40}):(?=[A-Za-z_][\w.-]*[\s/>=])")
FIELD = re.compile(
    r"<(title|description|summary|content|(?:\w+:)?encoded|link|guid|author|(?:\w+:)?creator|category|subtitle)"
    r"((?:\s[^<>]*)?)(?<!/)>",
    re.IGNORECASE,
)
AROUND = re.compile(r"</?(?:rss|feed|(?:\w+:)?rdf|channel)\b[^<>]*>|<\?[^<>]*\?>", re.IGNORECASE)
EMPTY = re.compile(r"<[^<>=]*>\s*(?:</[^<>]*>)?")
CUT = "cut off: the feed ends inside this item"
REMEDY = "fetch the feed again, or complete it; the items above were read"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Piece:
    """One item."""

    line: int
    element: Any  #: lxml's, below a root that declares every prefix
    n_lines: int = 1


@dataclass(frozen=True, slots=True)
class Span:
    start: int
    end: int
    is_closed: bool


class FeedText:
    """The text of a feed, and where its items are."""

    def __init__(self, name: str, text: str, limits: Limits) -> None:
        self.name = name
        self.limits = limits
        self.text = ILLEGAL.sub("", _without_doctype(name, text))
        self._ends = [match.start() for match in re.finditer("\n", self.text)]
        self.root = ROOT.search(self.text)
        self.spans = list(islice(_spans(self.text), limits.items + 2))
        if self.root is None and not self.spans:
            raise BrokenSource(name, 1, "no feed", "it begins with <rss>, <feed> or <rdf:RDF>")

    def line(self, at: int) -> int:
        return bisect_right(self._ends, at - 1) + 1

    @property
    def kind(self) -> str:
        """The name of its root in small letters: rss, rdf, feed, channel (CDF) or opml."""
        return self.root[1].lower() if self.root else "rss"

    @cached_property
    def opening(self) -> str:
        """A start tag for whatever is parsed by itself: with its root's attributes, and every prefix."""
        head = self.text[: self.spans[0].start] if self.spans else self.text
        given: dict[str, str] = {}
        for tag in list(ROOT.finditer(head))[:2]:
            given |= {name: value[1:-1] for name, value in XMLNS.findall(tag[0])}
        used = {prefix for prefix in PREFIX.findall(self.text) if not prefix.startswith("xml")}
        for prefix in sorted(used)[:N_PREFIXES]:
            given.setdefault(f"xmlns:{prefix}", f"urn:undeclared:{prefix}")
        attributes = (
            f" {name}={quoteattr(_mended(value))}" for name, value in given.items() if value
        )
        return f"<{'feed' if self.kind == 'feed' else 'rss'}{''.join(attributes)}>"

    @property
    def closing(self) -> str:
        return "</feed>" if self.kind == "feed" else "</rss>"

    def head(self) -> Any:
        """What stands around the items, as the root element of a feed without any."""
        at, parts = self.root.end() if self.root else 0, []
        for span in self.spans:
            parts.append(self.text[at : span.start])
            at = max(at, span.end)
        parts.append(self.text[at:])
        words = AROUND.sub("", "".join(parts)[:HEAD_CHARACTERS])
        if self.kind != "feed":
            words = f"<channel>{words}</channel>"
        root = _parsed(self.opening + escaped(words) + self.closing, recover=True)
        return None if root is None or self._excess(root) else root

    def empty(self) -> Any:
        """The root of a feed without anything."""
        return _parsed(self.opening + self.closing, recover=True)

    def pieces(self) -> Iterator[Piece | Refused]:
        """The items in order; what is wrong with one is told with its line."""
        for span in self.spans:
            yield self._piece(span)
        ends = self.text.rstrip().endswith(">") and re.search(r"</[\w:]+>\s*$", self.text[-200:])
        if self.root and self.spans and self.spans[-1].is_closed and self._is_cut():
            line = self.line(len(self.text.rstrip()) - 1)
            reason = (
                "the feed is never closed; it may be cut off" if ends else "the feed is cut off"
            )
            yield refused(self.name, line, reason, REMEDY, self.text[self.spans[-1].end :])

    def _is_cut(self) -> bool:
        tail = self.text[self.spans[-1].end :].lower()
        return not re.search(rf"</(?:[\w.-]+:)?{self.kind}\s*>", tail)

    def _piece(self, span: Span) -> Piece | Refused:
        words, line = self.text[span.start : span.end], self.line(span.start)
        if not span.is_closed and span.end == len(self.text):
            return refused(self.name, line, CUT, REMEDY, words)
        if len(words) > self.limits.line_characters:
            return too_long(self.name, line, words[:200], self.limits)
        if EMPTY.fullmatch(words):
            return refused(
                self.name, line, "an item with nothing in it", "fill it or take it out", words
            )
        element = self._element(_closed(words) if not span.is_closed else words)
        if element is None:
            return refused(self.name, line, "no XML that could be read", REMEDY, words)
        if reason := self._excess(element):
            return refused(self.name, line, reason, "take it out; its neighbours were read", words)
        return Piece(line, element, words.count("\n") + 1)

    def _element(self, words: str) -> Any:
        """The item's element: as it is, with its strays escaped, with its fields opaque, or mended."""
        words = escaped(words)
        root = self._within(words)
        if root is None:
            words = _opaque(words)
            root = self._within(words)
        if root is None:
            root = self._within(words, recover=True)
        return root[0] if root is not None and len(root) else None

    def _within(self, words: str, *, recover: bool = False) -> Any:
        return _parsed(self.opening + words + self.closing, recover=recover)

    def _excess(self, element: Any) -> str | None:
        limits = self.limits
        if any(len(one.attrib) > limits.attributes for one in element.iter()):
            return f"an element with more than the limit of {limits.attributes:,} attributes"
        return (
            f"nested deeper than the limit of {limits.depth}"
            if _is_deep(element, limits.depth)
            else None
        )


def _is_deep(element: Any, limit: int) -> bool:
    level = [element]
    for _ in range(limit + 1):
        level = [child for one in level for child in one]
        if not level:
            return False
    return True


def _without_doctype(name: str, text: str) -> str:
    """A text without its document type; its lines stay where they are."""
    match = DOCTYPE.search(text[:HEAD_CHARACTERS])
    if not match:
        return text
    if "<!ENTITY" in match[0]:
        log.warning("%s: it declares entities of its own; they were not expanded", name)
    return text[: match.start()] + "\n" * match[0].count("\n") + text[match.end() :]


def _spans(text: str) -> Iterator[Span]:
    """Where items are: to their end tag, to the next item where that is missing, or to the end."""
    at, start, never = 0, None, set()
    while match := ITEM.search(text, at):
        at = match.end()
        if closing := CLOSING.get(match[0].upper()):
            end = -1 if closing in never else text.find(closing, at)
            if end < 0:
                never.add(closing)
            elif start is None or not _is_unclosed(text, match, end):
                at = end + len(closing)
            continue
        end = text.find(">", at) + 1 or len(text)
        is_start = not match[1]
        if start is not None:
            yield Span(start, match.start() if is_start else end, not is_start)
        start = match.start() if is_start else None
        if is_start and text[end - 2 : end] == "/>":
            yield Span(match.start(), end, True)
            start = None
        at = end
    if start is not None:
        yield Span(start, len(text), False)


def _is_unclosed(text: str, opened: re.Match[str], end: int) -> bool:
    """Whether a CDATA section took the end and the next beginning of an item for its own."""
    if opened[0] == "<!--" or (again := text.find("<![CDATA[", opened.end(), end)) < 0:
        return False
    return bool(
        re.search(r"</(?:item|entry)\s*>\s*<(?:item|entry)\b", text[opened.end() : again], re.I)
    )


def _closed(words: str) -> str:
    """An item without an end tag, with one."""
    name = re.split(r"[\s>]", words[1:200], maxsplit=1)[0]
    words = re.sub(r"</(?:channel|rss|feed|rdf:RDF)\s*>", "", words, flags=re.IGNORECASE)
    return f"{words}</{name}>"


def escaped(words: str) -> str:
    """With whatever is no markup escaped: lone "&" and "<", the entities of HTML as characters."""
    if not STRAY.search(words) and words.count("<![CDATA[") == words.count("]]>"):
        return words
    parts = CDATA.split(words)
    for n, part in enumerate(parts):
        if n % 2 == 0:
            parts[n] = STRAY.sub(_stray, part)
        elif not part.endswith("]]>"):
            parts[n] = STRAY.sub(_stray, part.removeprefix("<![CDATA["))
    return "".join(parts)


def _mended(value: str) -> str:
    """The value of an attribute as it was meant."""
    return re.sub(r"&(?:amp|#38);", "&", value)


def _stray(match: re.Match[str]) -> str:
    if match[0] == "<":
        return "&lt;"
    if match[0].startswith("&#"):
        return "" if match[0].endswith(";") else "&amp;#"
    name = match[1]
    if not name:
        return "&amp;"
    character = html5.get(name)
    return character.replace("&", "&amp;").replace("<", "&lt;") if character else f"&amp;{name}"


def _opaque(words: str) -> str:
    """An item whose fields hold unescaped HTML, with that made text."""
    parts: list[str] = []
    never: set[str] = set()
    at = 0
    while match := FIELD.search(words, at):
        name = match[1]
        end = -1 if name in never else words.find(f"</{name}", match.end())
        if end < 0:
            never.add(name)
            parts.append(words[at : match.end()])
            at = match.end()
            continue
        held = words[match.end() : end]
        if "<" in held and "<![CDATA[" not in held:
            attributes = match[2].replace("xhtml", "html")
            held = f"<{name}{attributes}><![CDATA[{held.replace(']]>', ']]&gt;')}]]>"
            parts.append(words[at : match.start()] + held)
        else:
            parts.append(words[at:end])
        at = end
    return "".join(parts) + words[at:]


def _parsed(xml: str, *, recover: bool) -> Any:
    from lxml import etree

    parser = etree.XMLParser(
        recover=recover,
        resolve_entities=False,
        no_network=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(xml.encode(), parser)
    except etree.XMLSyntaxError:
        return None
