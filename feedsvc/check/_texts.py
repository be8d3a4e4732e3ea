"""Words: plain ones that hold markup, and escapes that were made twice.

Room: check. Entered by every format and module of the room.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from feedsvc.check._html import ELEMENTS, VOID
from feedsvc.check.findings import Finding, Rule, Severity, shown

BLANK = Rule(
    name="text-blank",
    severity=Severity.WARNING,
    harm="readers show an empty line, or make up a title",
    remedy="fill the element or leave it out",
    section="RSS Profile, title; RFC 4287 §4.2.14",
)
HOLDS_HTML = Rule(
    name="text-holds-html",
    severity=Severity.WARNING,
    harm="one reader shows the tags, another obeys them",
    remedy="write plain words here; HTML belongs into description, content:encoded or content",
    section="RSS Profile, character data; RFC 4287 §3.1.1.1",
)
DOUBLE_ESCAPED = Rule(
    name="text-double-escaped",
    severity=Severity.WARNING,
    harm="readers show “&amp;” instead of “&”",
    remedy="escape once, and let one library do it",
    section="RSS Profile, character data",
)
MOJIBAKE = Rule(
    name="text-mojibake",
    severity=Severity.WARNING,
    harm="readers show garbled letters",
    remedy="decode the source with its own encoding before writing UTF-8",
    section="XML 1.0 §2.2",
)
BAD_CHARACTER = Rule(
    name="text-character",
    severity=Severity.WARNING,
    harm="readers show boxes or question marks",
    remedy="write the letter that was meant; numbers 128 to 159 are no letters",
    section="XML 1.0 §2.2",
)

PLACEHOLDER = Rule(
    name="text-placeholder",
    severity=Severity.WARNING,
    harm="readers show what the program should have filled in",
    remedy="fill the element or leave it out",
    section="RSS Profile, title; RFC 4287 §4.2.14",
)
DIRECTION = Rule(
    name="text-direction",
    severity=Severity.WARNING,
    harm="the words that follow on the reader's page run backwards",
    remedy="close every mark of direction, or leave it out",
    section="Unicode Bidirectional Algorithm §3.3",
)

_UNSET = frozenset(("undefined", "null", "None", "NaN", "[object Object]"))
_UNFILLED = re.compile(r"\{\{[^{}]+\}\}|\{%[^{}]+%\}|<%=[^<>]+%>|\$\{[\w.]+\}|%%\w+%%")
_ENTITY = re.compile(
    r"&(?:amp|lt|gt|quot|apos|nbsp|#\d+|#[xX][0-9A-Fa-f]+|[lr][sd]quo|[mn]dash|hellip|copy|reg|"
    r"trade|euro|pound|laquo|raquo|middot|bull|sect|deg|times|shy|szlig|"
    r"[A-Za-z](?:grave|acute|circ|tilde|uml|ring|cedil|slash|lig|caron));"
)
_TAG = re.compile(r"<(?P<close>/?)(?P<name>[A-Za-z][A-Za-z0-9]*)(?P<rest>\s[^<>]*|/)?>")
#: elements nobody speaks of in a title: where their tag stands, it is meant as one
_PLAIN = frozenset(
    ("b", "big", "blockquote", "div", "em", "font", "h1", "h2", "h3", "h4", "i", "li", "ol", "p",
     "small", "span", "strong", "sub", "sup", "u", "ul")
)  # fmt: skip
_COMMENT = re.compile(r"<!--|<!\[CDATA\[|\]\]>|<!DOCTYPE|<\?(?:php|xml|=)", re.IGNORECASE)
#: UTF-8 read as Windows-1252 or Latin-1: a lead byte and the continuations after it
#: A closing quote may well follow a Portuguese Ã: it counts before a letter alone.
_MOJIBAKE = re.compile(
    "â(?:€|\x80)|ð(?:Ÿ|\x9f)|ï»¿|Â[\u00a0-\u00aa\u00ac-\u00ba\u00bc-\u00bf]|"
    "Ã(?:[\u0080-\u00aa\u00ac-\u00ba\u00bc-\u00bf€‚ƒ„…†‡ˆ‰ŠŒŽ•˜™šœžŸ]|[«»‘’“”‹›–—](?=[A-Za-zÃ]))|"
    "[ÐÑ][\u0080-\u00bf][ÐÑ][\u0080-\u00bf]"
)
#: controls, marks of a lost letter, and the last two code points of each plane
_BAD = re.compile(
    "[\x7f-\x84\x86-\x9f\ufeff\ufffd\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(1, 17))
    + "]"
)
#: letters without which nothing below can be wrong
_TELLING = re.compile(
    "[âðïÂÃÐÑ\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufeff\ufffd-\uffff"
    "\U0001fffe-\U0010ffff]"
)
#: openers and closers of writing direction
_DIRECTIONS = (("[\u202a\u202b\u202d\u202e]", "\u202c"), ("[\u2066-\u2068]", "\u2069"))


def plain(words: str, line: int, what: str) -> Iterator[Finding]:
    """What is wrong with words in a place that has no markup: titles, names, categories."""
    if not words.strip():
        yield BLANK.at(line, f"{what} is blank")
        return
    yield from without_markup(words, line, what)


def filled(words: str, line: int, what: str) -> Iterator[Finding]:
    """Whether words are what a program should have filled in; those about templates are not."""
    is_unfilled = _UNFILLED.search(words) and not re.search(r"\w", _UNFILLED.sub("", words))
    if words.strip() in _UNSET or is_unfilled:
        yield PLACEHOLDER.at(line, f"{what} is {shown(words)}")


def without_markup(words: str, line: int, what: str) -> Iterator[Finding]:
    """Whether plain words are unfilled, hold tags, or escapes of escapes; blank ones do not."""
    yield from filled(words, line, what)
    if holds_html(words):
        yield HOLDS_HTML.at(line, f"{what} is {shown(words)}")
    elif _ENTITY.search(words):
        yield DOUBLE_ESCAPED.at(line, f"{what} is {shown(words)}")


def is_telling(words: str) -> bool:
    """Whether words hold a letter that `letters` may have something to say of."""
    return ("\x7f" in words or not words.isascii()) and bool(_TELLING.search(words))


def letters(words: str, line: int, what: str) -> Iterator[Finding]:
    """Whether words hold what is no letter, or letters of a wrong decoding."""
    if not is_telling(words):
        return
    if found := _BAD.search(words):
        code = ord(found[0])
        yield BAD_CHARACTER.at(line, f"{what} has U+{code:04X} in {shown(_around(words, found))}")
    for openers, closer in _DIRECTIONS:
        if len(re.findall(openers, words)) > words.count(closer):
            yield DIRECTION.at(line, f"{what} changes the direction and never back")
    if found := _MOJIBAKE.search(words):
        yield MOJIBAKE.at(line, f"{what} has {shown(_around(words, found))}")


def holds_html(words: str) -> bool:
    """Whether words are markup; a lone `<canvas>` that the words speak of is none."""
    if _COMMENT.search(words):
        return True
    return any(_is_markup(found) for found in _TAG.finditer(words))


def _is_markup(found: re.Match[str]) -> bool:
    name = found["name"].lower()
    if name not in ELEMENTS:
        return False
    return bool(found["close"] or "=" in (found["rest"] or "") or name in VOID or name in _PLAIN)


def _around(words: str, found: re.Match[str]) -> str:
    return words[max(0, found.start() - 20) : found.end() + 20]
