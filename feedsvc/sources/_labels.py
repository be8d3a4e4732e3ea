"""Headings of lists, bylines and page furniture, in many languages.

Room: sources, private. The folding both sides of a comparison go through; the words are in labels.toml.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

TABLES = tomllib.loads(files("feedsvc.sources").joinpath("labels.toml").read_text("utf-8"))
BYLINE = re.compile(
    r"(?:(?:by|written by|von|par|por|di|door|av|od|โดย|بقلم|מאת)(?:\s*:\s*|\s+)"
    r"|(?:autore?|auteur|author|автори?|авторы|text|texte|texto|συντάκτης|كاتب|نویسنده|文|作者|记者|記者|기자)"
    r"\s*[:：/／]\s*)(.{2,80})",
    re.IGNORECASE,
)
SUFFIX_BYLINE = re.compile(
    r"(?:\S{1,12}\s?=\s?)?([가-힣]{2,4}(?:[·,]\s?[가-힣]{2,4}){0,3})\s(?:기자|특파원|선임기자)"
)
COUNTS = re.compile(
    r"\d+ (?:min\w*(?: \w+)?|comments?|shares?|views?|reads?|likes?|answers?|replies|w)"
    r"|\d+ (?:комментари\w+|просмотр\w*|коментар\w+|kommentare?|commentaires?|comentarios?|commenti|reacties?|komentarzy?)"
)
OPENINGS = re.compile("".join(TABLES["openings"].splitlines()), re.IGNORECASE)
CONTACT = re.compile(TABLES["contact"].strip(), re.IGNORECASE)
RELEASE = re.compile(TABLES["release"].strip(), re.IGNORECASE)
RELEASE_END = re.compile(
    r"\W{0,3}#(?:\s?#){2,}|[-–—]\s?30\s?[-–—]|\W{0,3}(?:ends?|ende|fin|fine|konec|koniec|конец)\W{0,3}",
    re.I,
)
MAIL = re.compile(
    r"[^\s@]+@[^\s@]+\.\w+|(?:tel|phone|fax|telefon|тел|tél)[.:]?\s*\+?[\d\s()/.-]{6,}", re.I
)
PARTS = re.compile(r"\s*[|·•›»>]\s*|\s+[/–—]\s+|\t+|[ \u00a0]{2,}")
DIVIDERS = re.compile(r"[|·•›»>/–—\t]|[ \u00a0]{2}")
PATH = re.compile(r"[›»>/]")
BUTTONS = re.compile(r"(?:[\[［][^\]\[］［]{0,30}[\]］]\s?){2}")  #: "[Search  ] [Go]"
COUNTED = re.compile(
    r"(?:[^\W\d_]{1,12}\s[\d.,]+[万萬千kKmM]?(?:\s+|$)){3,}"  # "Reads 32 Likes 418 Shares 7"
    r"|(?:[\u2600-\u27bf\U0001f300-\U0001faff]\ufe0f?\s?\d+\s*)+"
)
TRAIL = re.compile(  # "News > World", "A | B | C"
    r"(?:[^\s>›»→|]+\s){1,4}(?:->|[>›»→])(?:\s[^\s>›»→|]+){1,5}(?:\s(?:->|[>›»→])(?:\s[^\s>›»→|]+){1,5})*"
    r"|(?:[^\s|\d]+\s){1,3}\|(?:(?:\s[^\s|\d]+){1,3}\s\|)+(?:\s[^\s|\d]+){1,3}"
    r"|(?:[^\W\d_]+\s?[:：]?\s)?\[?1\]?\s\[?2\]?(?:\s(?:\[?\d{1,4}\]?|\.{2,3}|…|[>»]|[^\W\d_]{3,12}))*"
    r"|[^\s\u3000]{1,6}(?:\u3000[^\s\u3000]{1,6}){3,}"
)
LONGEST = 80
LABEL_WORDS = 8
LONGEST_NOTICE = 200
RESERVED = ("ll rights reserved", "ll rights reserved.", "ll Rights Reserved.")
MARKS = re.compile(r"[^\w\s]|_")
NUMBERS = re.compile(r"\d+")
APOSTROPHES = re.compile("['’‘`´ʼ]")


@lru_cache(maxsize=4096)
def label_key(text: str) -> str:
    """Letters, digits and blanks alone, in one case, without accents: how labels are compared."""
    folded = text.casefold()
    if not folded.isascii():
        folded = unicodedata.normalize("NFKD", folded).replace("\u200c", " ")
    return " ".join(MARKS.sub("", folded).split())


def label_group(text: str) -> str:
    """A label as the name of a group: folded, and the same however it is quoted or spaced."""
    return " ".join(APOSTROPHES.sub("'", text).casefold().strip(" :：›»>").split())


def is_known_label(text: str) -> bool:
    """Whether a short line is a heading of a list in one of the languages we know."""
    if len(text) > LONGEST or text.count(" ") > LABEL_WORDS or not _begins_known(text):
        return False
    key = label_key(text)
    if key in _known():
        return True
    words = key.split()
    return any(
        words[n - 1] in _linking() or words[n] in _linking()
        for n in range(2, min(len(words), 5))
        if " ".join(words[:n]) in _known()
    )


def _begins_known(text: str) -> bool:
    """Whether the first word is that of a label or a button, or tells nothing."""
    first = label_key(text.split(None, 1)[0]).partition(" ")[0]
    return not first or first[0].isdigit() or first in _beginnings()


def is_furniture(text: str) -> bool:
    """Whether a line is part of the page and not of what it says: "Read more", "Home | World"."""
    if len(text) > LONGEST_NOTICE:
        return False
    if OPENINGS.match(text):
        return True
    if BUTTONS.search(text) or COUNTED.fullmatch(text) or TRAIL.fullmatch(text):
        return True
    return len(text) <= LONGEST and (_is_button(text) or _is_menu(text))


def is_more(text: str) -> bool:
    """Whether a line is a button that leads from a teaser to its article."""
    return len(text) <= LONGEST and label_key(text) in _words_of("more")


def is_contents(text: str) -> bool:
    """Whether a line is the heading of a table of contents."""
    return len(text) <= LONGEST and label_key(text) in _words_of("contents")


def is_contact(text: str) -> bool:
    """Whether a line opens the block that says whom to ask."""
    return text[:1].isalpha() and bool(CONTACT.match(text))


def is_release(text: str) -> bool:
    """Whether a line says that a press release begins."""
    return text[:1].isalpha() and bool(RELEASE.match(text))


def ends_release(text: str) -> bool:
    """Whether a line says that a press release is over: "###", "-30-", "ENDS"."""
    return len(text) <= 12 and bool(RELEASE_END.fullmatch(text))


def _is_button(text: str) -> bool:
    if MAIL.fullmatch(text) or text.endswith(RESERVED):
        return True
    if not _begins_known(text):
        return False
    key = label_key(text)
    bare = " ".join(NUMBERS.sub(" ", key).split())
    return key in _buttons() or bare in _buttons() or bool(COUNTS.fullmatch(key))


def _is_menu(text: str) -> bool:
    """Several names of places on one line, one of them at least known as such."""
    parts = [part for part in PARTS.split(text) if part] if DIVIDERS.search(text) else []
    if len(parts) < 2 or any(len(part.split()) > 3 or len(part) > 30 for part in parts):
        return False
    n_known = sum(_is_button(part) or label_key(part) in _known() for part in parts)
    is_trail = PATH.search(text) and _is_button(parts[0])  # "Home > World"
    return bool(is_trail) or n_known == len(parts) or (2 * n_known >= len(parts) > 2)


@cache
def _known() -> frozenset[str]:
    return frozenset().union(*map(_keys, TABLES["labels"].values())) | _words_of("contents")


@cache
def _beginnings() -> frozenset[str]:
    return frozenset(words.partition(" ")[0] for words in _known() | _buttons())


@cache
def _linking() -> frozenset[str]:
    return frozenset(label_key(TABLES["linking"]).split())


@cache
def _words_of(table: str) -> frozenset[str]:
    return _keys(TABLES[table])


@cache
def _buttons() -> frozenset[str]:
    return (_words_of("furniture") | _words_of("more")) - {""}


def _keys(table: str) -> frozenset[str]:
    return frozenset(map(label_key, table.split(";")))
