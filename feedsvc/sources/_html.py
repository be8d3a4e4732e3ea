"""HTML that no parser stumbles over: bounded depth, attributes and tags, nothing active to wade through.

Room: sources, private; for the reader of web pages. Imports model.

libxml2 stops at 256 elements within one another, at 10 MB of one text or attribute, and takes
hours for a million attributes: what is too much goes before it sees the page, and all words stay.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lxml import etree, html
from lxml.html import HtmlElement

from feedsvc.model import NO_LIMITS_SET, Limits

DEPTH = 200  #: elements within elements
TAGS = 80_000  #: a page; the words of what follows stay
TAG_CHARACTERS = 8_000  #: a longer tag is looked at attribute by attribute
VALUE_CHARACTERS = 100_000  #: of one attribute; longer ones are pictures written into the page
RUN_CHARACTERS = 1_000_000  #: of text without a tag

TAG = re.compile(
    r"<(?:(?P<comment>!--)|(?P<end>/?)(?P<name>[a-zA-Z][^\s/<>]*)"
    r"(?P<rest>(?:[^\"'>=]++|=\s*+\"[^\"]*+\"|=\s*+'[^']*+'|[\"'=])*+)>?)"
)
ATTRIBUTE = re.compile(r"[^\s=/>\"']+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'>]*+))?")
VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
RAW = frozenset(["script", "style", "textarea", "title"])  #: what is in them is no markup
WORDS = frozenset(("textarea", "title"))
DATA_SCRIPT = re.compile(r"type\s*=\s*[\"']?[^\"'>]*ld\+json", re.IGNORECASE)
CELLS, ROWS = frozenset(["td", "th", "p"]), frozenset(["td", "th", "tr", "p"])
CLOSES = {
    "p": frozenset(("p",)),
    "li": frozenset(("li", "p")),
    "dt": frozenset(["dt", "dd", "p"]),
    "dd": frozenset(["dt", "dd", "p"]),
    "td": CELLS,
    "th": CELLS,
    "tr": ROWS,
    "thead": ROWS | {"thead", "tbody"},
    "tbody": ROWS | {"thead", "tbody"},
    "tfoot": ROWS | {"thead", "tbody"},
    "option": frozenset(("option",)),
}  #: elements that an opening one ends when they were left open
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tidied:
    """A page that can be parsed, and what was too much of it."""

    text: str
    cut_at: int | None = None  #: where tags stop to count, in the page as given


def parse(text: str) -> HtmlElement | None:
    """The tree of a tidied page; None when nothing is in it. No network, no entities, no bombs."""
    parser = html.HTMLParser(no_network=True, huge_tree=False, encoding="utf-8")
    data = NOT_XML.sub("", text).encode("utf-8")
    if not data.strip():
        return None
    for start in range(0, len(data), RUN_CHARACTERS):  # at once, it would stop at 10 MB
        parser.feed(data[start : start + RUN_CHARACTERS])
    try:
        return parser.close()
    except etree.LxmlError:
        return None


def tidied(text: str, limits: Limits = NO_LIMITS_SET) -> Tidied:
    """A page without style, programs and excess. Linear in its length; raises nothing."""
    scan = _Scan(text, limits)
    return Tidied(text="".join(scan.pieces()), cut_at=scan.cut_at)


class _Scan:
    """One pass over a page, tag by tag."""

    def __init__(self, text: str, limits: Limits) -> None:
        self.text = text
        self.limits = limits
        self.open: list[str] = []  #: elements the place read now lies in
        self.dropped: Counter[str] = Counter()  #: elements too deep, whose ends go too
        self.missing: set[str] = set()  #: what was looked for in vain, and is not again
        self.cut_at: int | None = None

    def pieces(self) -> Iterator[str]:
        end = 0
        for _ in range(TAGS):
            tag = TAG.search(self.text, end)
            if not tag:
                break
            yield from _runs(self.text[end : tag.start()])
            kept, end = self._kept(tag)
            yield kept
        else:
            self.cut_at = end
        yield from _runs(TAG.sub(" ", self.text[end:]) if self.cut_at else self.text[end:])

    def _kept(self, tag: re.Match[str]) -> tuple[str, int]:
        """What stays of a tag, or of an element whose content is no markup, and where it ends."""
        if tag["comment"]:
            end = self._find("-->", tag.end())
            return (" ", tag.end()) if end < 0 else (self.text[tag.start() : end + 3], end + 3)
        name = tag["name"].lower()
        if name in RAW and not tag["end"]:
            return self._raw(tag, name)
        return (_written(tag, self.limits) if self._stays(name, tag["end"]) else " "), tag.end()

    def _raw(self, tag: re.Match[str], name: str) -> tuple[str, int]:
        end = self._find(f"</{name}", tag.end())
        if end < 0:
            return " ", tag.end() if name in WORDS else len(self.text)
        stop = self.text.find(">", end) + 1 or len(self.text)
        is_wanted = name in WORDS or DATA_SCRIPT.search(tag["rest"])
        whole = self.text[tag.start() : stop]
        return (whole if is_wanted else " " + "\n" * whole.count("\n")), stop  # lines are counted

    def _find(self, words: str, start: int) -> int:
        pattern = re.compile(words, re.IGNORECASE)
        found = None if words in self.missing else pattern.search(self.text, start)
        if not found:
            self.missing.add(words)
        return found.start() if found else -1

    def _stays(self, name: str, is_end: str) -> bool:
        """Keep count of what is open, much as the parser does; False for what is too deep."""
        if name in VOID:
            return True
        if not is_end:
            while self.open and self.open[-1] in CLOSES.get(name, ()):
                self.open.pop()
            too_deep = len(self.open) >= DEPTH
            (self.dropped.update((name,)) if too_deep else self.open.append(name))
            return not too_deep
        if self.dropped[name]:
            self.dropped[name] -= 1
            return False
        if name in self.open:
            del self.open[len(self.open) - 1 - self.open[::-1].index(name) :]
        return True


def _written(tag: re.Match[str], limits: Limits) -> str:
    """A tag with all quotes closed, so many attributes as are allowed, none a whole picture."""
    if len(tag[0]) <= TAG_CHARACTERS and not tag["rest"].count('"') % 2:
        return tag[0]
    found = islice(ATTRIBUTE.finditer(tag["rest"]), limits.attributes)
    kept = (one[0] for one in found if len(one[0]) <= VALUE_CHARACTERS)
    return " ".join((f"<{tag['end']}{tag['name']}", *kept)) + ">" + "\n" * tag[0].count("\n")


def _runs(words: str) -> Iterator[str]:
    """Text in lengths that the parser takes."""
    yield words[:RUN_CHARACTERS]
    for start in range(RUN_CHARACTERS, len(words), RUN_CHARACTERS):
        yield "<wbr>" + words[start : start + RUN_CHARACTERS]
