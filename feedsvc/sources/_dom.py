"""Questions to the tree of a page: its lines, its words, and where it says what it is.

Room: sources, private; for the reader of web pages. Imports nothing of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from lxml import etree
from lxml.html import HtmlElement

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
MARKS = re.compile(r"[\s_]+|(?<=[a-z])(?=[A-Z])")


class Line(NamedTuple):
    """What stands on one line of a page, in the pieces it is made of."""

    pieces: tuple[str, ...]
    holder: HtmlElement  #: the element in which it begins

    @property
    def text(self) -> str:
        return fold("".join(self.pieces))


def fold(words: str) -> str:
    """Words with single blanks between them."""
    return " ".join(words.split())


def lines(root: HtmlElement) -> Iterator[Line]:
    """The lines of an element's text, in order."""
    pieces: list[str] = []
    holder = root
    for event, element in etree.iterwalk(root, events=("start", "end")):
        is_element = isinstance(element.tag, str)
        if is_element and element.tag in BLOCKS and any(piece.strip() for piece in pieces):
            yield Line(tuple(pieces), holder)
            pieces = []
        if event == "start" and is_element:
            words = element.text
        else:
            words = element.tail if event == "end" and element is not root else None
        if words:
            if not any(piece.strip() for piece in pieces):
                pieces, holder = [], element if event == "start" else element.getparent()
            pieces.append(words)
    if any(piece.strip() for piece in pieces):
        yield Line(tuple(pieces), holder)


def words(element: HtmlElement) -> str:
    """The text of an element on one line."""
    return " ".join(line.text for line in lines(element))


def size(element: HtmlElement) -> int:
    """Characters of its text."""
    return len(element.text_content())


def sizes(root: HtmlElement) -> dict[HtmlElement, int]:
    """Characters of the text of every element, in one pass."""
    found: dict[HtmlElement, int] = {}
    for _, element in etree.iterwalk(root, events=("end",)):
        inner = sum(found.get(child, 0) + len(child.tail or "") for child in element)
        found[element] = inner + (len(element.text or "") if isinstance(element.tag, str) else 0)
    return found


def depth(root: HtmlElement) -> int:
    """How deep elements lie within one another."""
    deepest = now = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        now += 1 if event == "start" else -1
        deepest = max(deepest, now)
    return deepest


def classes(element: HtmlElement) -> list[str]:
    return (element.get("class") or "").split()


@lru_cache(maxsize=8192)
def words_of_names(names: str) -> tuple[str, ...]:
    """Class names and ids as dashed lower-case words: "relatedPosts" is "related-posts"."""
    return tuple(MARKS.sub("-", name).casefold().strip("-") for name in names.split()[:30])


def names(element: HtmlElement) -> tuple[str, ...]:
    """What an element is called by class, id and role."""
    called = " ".join(element.get(kind) or "" for kind in ("class", "id", "role"))
    return words_of_names(called) if called.strip() else ()


def outermost(elements: Iterable[HtmlElement]) -> list[HtmlElement]:
    """Those that lie within none of the others; in document order when they came so."""
    found = list(elements)
    chosen = set(found)
    return [e for e in found if not any(above in chosen for above in e.iterancestors())]


def drop(element: HtmlElement) -> None:
    """Take an element out; what follows it stays."""
    if element.getparent() is not None:
        element.drop_tree()
