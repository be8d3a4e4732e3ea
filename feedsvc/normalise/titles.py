"""What is it called, and what is it about in a few lines?

Room: normalise. Pure. Imports model and the room's text, markup and datelines; called by the room.

DATES.md §6: the given title; else the first heading; else the first sentence, cut and flagged.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from html import unescape
from importlib.resources import files
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from feedsvc.model import RawItem
from feedsvc.normalise.datelines import without_dateline
from feedsvc.normalise.markup import to_text
from feedsvc.normalise.text import clean

TITLE_LIMIT = 100  #: characters of a derived title
SUMMARY_LIMIT = 300  #: characters of a derived summary
_SHORT = 16  #: bytes: a first sentence below it ("Yes.") takes the next one along


class Title(NamedTuple):
    """A title and where it came from; empty when there was nothing to make it of."""

    text: str
    is_derived: bool
    rule: str


def title_of(item: RawItem, html: str, text: str, language: str = "en") -> Title:
    """The title of an item whose content is `html`, in plain words `text`.

    One made of the first sentence begins behind a dateline ("KYIV, May 14. /TASS/").
    """
    if item.title and (given := plain(item.title)):
        return Title(given, False, "given")
    if heading := first_heading(html):
        return Title(heading, False, "first heading")
    if words := text or plain(item.summary or ""):
        return Title(headline(without_dateline(words, language)), True, "first sentence")
    if pictured := _ALT.search(html):
        return Title(_within(clean(unescape(pictured[1])), TITLE_LIMIT), True, "picture")
    return _title_of_media(item)


def summary_of(item: RawItem, text: str) -> str:
    """The source's own summary; else the first paragraph, cut at a sentence or a word."""
    if item.summary and (own := plain(item.summary)):
        return own
    first = text.partition("\n")[0]
    if len(first) <= SUMMARY_LIMIT:
        return first
    return _whole_sentences(first, SUMMARY_LIMIT) or _within(first, SUMMARY_LIMIT)


def first_heading(html: str) -> str:
    """The words of the first heading that has any."""
    return next(filter(None, map(_words_of, _HEADING.finditer(html))), "")


def without_heading(html: str, title: str) -> str:
    """The content without a heading at its very beginning that only says the title again."""
    found = _HEADING.match(html)
    return html[found.end() :].lstrip() if found and _words_of(found) == title else html


def _words_of(heading: re.Match[str]) -> str:
    return clean(to_text(heading[0]))


def headline(text: str) -> str:
    """A title made of the first sentence of a text; at most TITLE_LIMIT characters."""
    paragraph = text.partition("\n")[0]
    sentences = (paragraph[:end] for end in _ends(paragraph))
    sentence = next((s for s in sentences if _is_long_enough(s)), paragraph)
    return _within(sentence.strip(), TITLE_LIMIT)


def _is_long_enough(sentence: str) -> bool:
    # In bytes: a character of a script without blanks says about three letters' worth.
    return len(sentence[:_SHORT].encode("utf-8", "surrogatepass")) >= _SHORT


def plain(words: str) -> str:
    """Words a source means as plain text: tags dropped, entities undone once, one line.

    Only what is HTML goes: "A < B & C > D" stays as it is.
    """
    if "<" in words:
        words = _TAGS.sub(_blank_for_a_break, _HIDDEN.sub("", words))
    return clean(_ENTITY.sub(lambda found: unescape(found[0]), words) if "&" in words else words)


_HEADING = re.compile(r"\s*<h([1-6])(?: [^>]*)?>.*?</h\1>", re.DOTALL)
_ALT = re.compile(r'<img [^>]*?alt="([^"]*\w[^"]*)"')
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_HIDDEN = re.compile(r"<(script|style)\b[^>]*>.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_TAGS = re.compile(
    r"</?(a|abbr|b|bdi|big|blockquote|br|center|cite|code|del|dfn|div|em|font|h[1-6]|hr|i|img|ins|kbd"
    r"|li|mark|ol|p|pre|q|s|samp|script|small|span|strike|strong|style|sub|sup|time|tt|u|ul|var|wbr)"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)


def _blank_for_a_break(tag: re.Match[str]) -> str:
    return " " if tag[1].lower() in ("br", "div", "hr", "li", "p") else ""


def _title_of_media(item: RawItem) -> Title:
    for media in item.media:
        name = media.title or unquote(urlsplit(media.url).path).rpartition("/")[2]
        if cleaned := clean(name):
            return Title(_within(cleaned, TITLE_LIMIT), True, "media")
    return Title("", True, "")


# --- sentences ----------------------------------------------------------------------------

_CLOSING = re.escape("\"'”’“»›)]}」』）】")
_END = re.compile(rf"[.!?…؟۔।॥։።]+[{_CLOSING}]*(?=\s)|[。！？｡]+[{_CLOSING}]*")
_LAST_WORD = re.compile(r"[^\s(\[{\"'“‘«„]*$")
_ACRONYM = re.compile(r"(?:[^\W\d]{1,2}\.)+[^\W\d]{1,2}").fullmatch
_TABLES = tomllib.loads(
    files("feedsvc.normalise").joinpath("abbreviations.toml").read_text("utf-8")
)
_BEFORE_NUMBERS, _ABBREVIATION = (
    re.compile("|".join(_TABLES[kind].split()), re.IGNORECASE).fullmatch
    for kind in ("before_numbers", "anywhere")
)


def _ends(text: str) -> Iterator[int]:
    """Where the sentences of one paragraph end, the last of them included."""
    yield from (stop.end() for stop in _END.finditer(text) if _is_end(text, stop))
    yield len(text)


def _is_end(text: str, stop: re.Match[str]) -> bool:
    """Whether a stop ends a sentence: it stands behind no abbreviation, initial or ordinal."""
    following = text[stop.end() : stop.end() + 8].lstrip(" \xa0\"'“‘«„([")[:1]
    if following.islower():
        return False
    found = _LAST_WORD.search(text, max(0, stop.start() - 40), stop.start())
    word = found[0] if found and stop[0] == "." else ""
    is_initial = len(word) == 1 and word.isalpha()
    is_ordinal = word.isdigit() and len(word) <= 2
    if is_initial or is_ordinal or _ACRONYM(word) or _ABBREVIATION(word):
        return False
    return not (following.isdigit() and _BEFORE_NUMBERS(word))


# --- cutting ------------------------------------------------------------------------------

_QUOTES = dict(zip("“„«‹「『‘\"'", "”“»›」』’\"'", strict=True))
_OPENING = {'"': '"', "”": "“"}  #: what is put before a text that begins inside a quotation
_MARK = re.compile("[\"'“”„«»‹›「」『』‘’]")
_JOINING = "\u200d\ufe0e\ufe0f"


def _within(text: str, limit: int) -> str:
    """`text`, or its beginning up to a word and "…", at most `limit` characters; quotes balanced."""
    if len(text) <= limit and len(whole := _balanced(text)) <= limit:
        return whole
    cuts = (_balanced(_at_word(text, room) + "…") for room in range(limit - 1, 0, -1))
    return next(cut for cut in cuts if len(cut) <= limit)


def _at_word(text: str, room: int) -> str:
    """At most `room` characters; where words are not set apart, whole characters."""
    cut = text[:room]
    blank = text.rfind(" ", 0, room + 1)
    if blank * 2 >= room:
        cut = text[:blank]
    while cut and len(cut) < len(text) and _is_joined(cut[-1], text[len(cut)]):
        cut = cut[:-1]
    return cut.rstrip(" \xa0,;:–—-([{“„«‘\"'…、，")


def _is_joined(last: str, following: str) -> bool:
    return bool(unicodedata.combining(following)) or following in _JOINING or last == "\u200d"


def _balanced(text: str) -> str:
    """With the quotation marks that a cut, or a beginning inside a quotation, left alone."""
    missing: list[str] = []
    before = ""
    for mark in _MARK.finditer(text):
        char, place = mark[0], mark.start()
        previous, following = text[place - 1 : place], text[place + 1 : place + 2]
        if missing and char == missing[-1] and not (char in "'’" and following.isalnum()):
            missing.pop()
        elif char in _QUOTES and _opens(char, previous, following):
            missing.append(_QUOTES[char])
        elif char in _OPENING and not missing and not previous.isdigit():
            before = before or _OPENING[char]
    return before + text + "".join(reversed(missing))


def _opens(char: str, previous: str, following: str) -> bool:
    """Whether a quotation begins here; straight marks open only in front of a word."""
    if char not in "\"'":
        return True
    at_start = not previous or previous.isspace() or previous in "([{—–-“‘«„"
    return at_start and (char == '"' or following.isalpha())


def _whole_sentences(text: str, limit: int) -> str:
    """As many whole sentences as fit, if they fill a third of it; else ""."""
    beginning = text[: limit + 1]
    last = max((end for end in _ends(beginning) if end <= limit), default=0)
    return text[:last] if last * 3 >= limit else ""
